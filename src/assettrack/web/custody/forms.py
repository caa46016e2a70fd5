"""What the forms of a hand-over say: how it is accepted, what was drawn, and when it is due back."""

from contextlib import suppress

import msgspec

from assettrack.domain import errors
from assettrack.domain.custody_drafts import CustodyDraft
from assettrack.domain.custody_signings import SaidSigner, SaidSigning
from assettrack.domain.holders import normal_name
from assettrack.web import said_values
from assettrack.web.forms import Fields
from assettrack.web.signing import read_how, read_signature

NOT_YET = "none"
"""What the page sends where somebody chose that it is not accepted yet."""


def read_signing(said: Fields) -> SaidSigning:
    """Return what a form says of who accepts, how, and for what.

    Notes that can't be kept are offered anew without the letters that can't be printed.

    Raises:
        desk_errors.AcceptanceIncomplete: a signature can't be one.
    """
    due_on, notes = said["due_on"], "".join(letter for letter in said["notes"] if letter.isprintable())
    with suppress(errors.ValueUnusable):  # what can't be is refused where it is kept
        notes = _notes(said)
    tells_names = bool(said.each("kept_name"))
    signers = [
        SaidSigner(
            name,
            said[f"list.{number}"],
            normal_name(said[f"name.{number}"]),
            read_signature(said[f"strokes.{number}"]),
            said[f"kept_name.{number}"] if tells_names else None,
            said[f"kept.{number}"],
        )
        for number, name in enumerate(said.each("signer"))
    ]
    return SaidSigning(read_how(said["how"]), due_on, notes, said["terms"], signers, said["how"] == NOT_YET)


def with_terms(draft: CustodyDraft, said: Fields) -> CustodyDraft:
    """Return the draft with the due date and the notes that the form says.

    Raises:
        errors.ValueUnusable: one is no date, or can't be kept as notes.
    """
    due_on = said_values.date("The due date", said["due_on"] or None)
    return msgspec.structs.replace(draft, due_on=due_on, notes=_notes(said), at=None)


def _notes(said: Fields) -> str:
    return said_values.optional("The notes", said["notes"])
