"""What the forms of a hand-over say: how it is accepted, what was drawn, and when it is due back."""

import datetime as dt
from contextlib import suppress
from types import MappingProxyType

import msgspec

from assettrack.domain import errors
from assettrack.domain.custody_drafts import CustodyDraft, LostBecause, LostSignature, terms_mark
from assettrack.domain.desk_errors import AcceptanceIncomplete, ListNotAsShown
from assettrack.domain.holders import is_name, normal_name, why_no_name
from assettrack.domain.plans import ACCEPTED_HOW, AcceptedHow
from assettrack.domain.signatures import (
    FIELD_HEIGHT,
    FIELD_WIDTH,
    STROKES_LENGTH_MAX,
    NotASignature,
    read_strokes,
    strokes_sha256,
)
from assettrack.web.forms import Fields

PAD = MappingProxyType({"width": FIELD_WIDTH, "height": FIELD_HEIGHT, "letters": STROKES_LENGTH_MAX})
"""What the page's script needs to know of a signature."""


def read_signature(text: str) -> str:
    """Return the strokes that a form holds, blank where nobody drew.

    Raises:
        desk_errors.AcceptanceIncomplete: they can't be a signature.
    """
    if not text:
        return ""
    try:
        return read_strokes(text)
    except NotASignature as error:
        raise AcceptanceIncomplete(f"The signature can't be kept: {error.reason}") from error


def read_day(text: str) -> str | None:
    """Return the date that a form says, or None where it says none.

    Raises:
        errors.ValueUnusable: it is no date.
    """
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise errors.ValueUnusable("The due date", text, "write it as YYYY-MM-DD, such as 2027-01-31") from error


def read_how(text: str) -> AcceptedHow | None:
    """Return the way of accepting that a form names, or None."""
    return next((how for how in ACCEPTED_HOW if how == text), None)


def with_signers(draft: CustodyDraft, said: Fields, operator: str) -> CustodyDraft:
    """Return the draft with what the form says of who accepts and how, and of notes.

    A signature that was drawn and does not count is remembered as lost: because another way of accepting was chosen, or
    because the list is not the one that was signed, or it was signed with another due date or other notes. So is a name
    that was typed for others. In any other way nothing but the list that was shown is accepted.

    Raises:
        errors.AssetTrackError: a signature can't be one.
        desk_errors.ListNotAsShown: another list is to be accepted than the form showed, and nobody draws.
    """
    _require_shown(draft, said, operator)
    how, signers = read_how(said["how"]), draft.signers(operator)
    names: dict[str, str] = {}
    drawn: dict[str, str] = {}
    lost: dict[LostBecause, list[str]] = {"way": [], "list": [], "terms": [], "typed_terms": []}
    for number, name in enumerate(said.each("signer")):
        strokes = read_signature(said[f"strokes.{number}"])
        signed = said[f"list.{number}"]
        if name in signers and signed == draft.signed_list(name):
            typed = _typed_name(said[f"name.{number}"])
            if how == "typed" and typed and _is_typed_for_others(draft, said, number, typed):
                lost["typed_terms"].append(name)
            elif typed:
                names[name] = typed
            if strokes and how != "screen":
                lost["way"].append(name)
            elif strokes and _is_signed_for_others(draft, said, number, strokes):
                lost["terms"].append(name)
            elif strokes:
                drawn[name] = strokes
        elif strokes:
            lost["list"].append(name)
    gone = tuple(LostSignature(name, because) for because, people in lost.items() for name in people)
    return msgspec.structs.replace(draft, notes=said["notes"], how=how, names=names, strokes=drawn, lost=gone, at=None)


def _is_signed_for_others(draft: CustodyDraft, said: Fields, number: int, strokes: str) -> bool:
    """Tell whether a signature was drawn before, and with another due date or other notes than the form says.

    Before is on the page on which the form was drawn, or as the draft has it by now.
    """
    name, now = said[f"signer.{number}"], _terms(draft, said)
    of_page = said[f"kept.{number}"] == strokes_sha256(strokes) and said["terms"] != now
    return of_page or (draft.strokes.get(name) == strokes and draft.terms != now)


def _is_typed_for_others(draft: CustodyDraft, said: Fields, number: int, typed: str) -> bool:
    """Tell whether a name was typed before, and with another due date or other notes than the form says.

    The page says which name stood there when it was drawn, and nothing once the name was taken out there.
    """
    name, now = said[f"signer.{number}"], _terms(draft, said)
    if said.each("kept_name"):
        return said[f"kept_name.{number}"] == typed and said["terms"] != now
    return draft.how == "typed" and draft.names.get(name) == typed and draft.terms != now


def _terms(draft: CustodyDraft, said: Fields) -> str:
    """Return what stands for the due date and the notes that a form says."""
    due_on = said["due_on"] if draft.gives else ""
    with suppress(errors.ValueUnusable):  # what is no date is refused where it is kept
        due_on = read_day(due_on) or ""
    return terms_mark(due_on, said["notes"])


def _require_shown(draft: CustodyDraft, said: Fields, operator: str) -> None:
    """Make sure that whoever accepts on paper or by name accepts what the form showed, each of them their part.

    Raises:
        desk_errors.ListNotAsShown: the list is another one by now.
    """
    shown = {name: said[f"list.{number}"] for number, name in enumerate(said.each("signer"))}
    if read_how(said["how"]) in {None, "screen"}:
        return
    if shown != {name: draft.signed_list(name) for name in draft.signers(operator)}:
        raise ListNotAsShown


def _typed_name(said: str) -> str:
    """Return a name as somebody typed it who accepts, blank where nobody did.

    Raises:
        errors.ValueUnusable: nobody can be named so.
    """
    typed = normal_name(said)
    if typed and not is_name(typed):
        raise errors.ValueUnusable("The typed name", typed, why_no_name(typed))
    return typed


def with_due_date(draft: CustodyDraft, said: Fields) -> CustodyDraft:
    """Return the draft with the due date that the form says.

    Raises:
        errors.ValueUnusable: it is no date.
    """
    return msgspec.structs.replace(draft, due_on=read_day(said["due_on"]), at=None)
