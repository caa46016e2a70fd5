"""What the forms of a hand-over say: how it is accepted, what was drawn, and when it is due back."""

from contextlib import suppress
from typing import NamedTuple

import msgspec

from assettrack.domain import errors
from assettrack.domain.custody_drafts import CustodyDraft
from assettrack.domain.custody_signings import LostSignature, SaidSigner, SaidSigning
from assettrack.domain.desk_errors import FormNotAsShown
from assettrack.domain.holders import normal_name
from assettrack.domain.signatures import strokes_sha256
from assettrack.domain.wording import quoted
from assettrack.web import said_values
from assettrack.web.forms import Fields
from assettrack.web.signing import read_how, read_signature

NOT_YET = "none"
"""What the page sends where somebody chose that it is not accepted yet."""


class Terms(NamedTuple):
    """What the page of an acceptance shows of the whole list: when it is due, the notes, and how it is accepted."""

    due_on: str
    notes: str
    how: str


_WAYS = {
    "": "no way of accepting", NOT_YET: "not accepted yet", "paper": "accepted on paper", "typed": "accepted by name",
    "screen": "accepted on the screen",
}  # fmt: skip


def terms_of(draft: CustodyDraft) -> Terms:
    """Return what the page shows of a draft."""
    return Terms(draft.due_on or "", draft.notes, NOT_YET if draft.not_yet else draft.how or "")


def require_terms_shown(draft: CustodyDraft, said: Fields, signing: SaidSigning) -> None:
    """Make sure that a form is about what its page showed, or that all of it is said already.

    So are the signatures: one that came since is not blanked, and one that was cleared since does not come back. Where
    another list is signed for, that is told by person.

    Raises:
        desk_errors.FormNotAsShown: something else is said of the draft by now.
    """
    shown, now = _terms_shown(said), terms_of(draft)
    is_said = Terms(said["due_on"], signing.notes, said["how"]) == now
    moved = [] if is_said else [name for name in Terms._fields if getattr(shown, name) != getattr(now, name)]
    before, since = ([_in_words(terms)[name] for name in moved] for terms in (shown, now))
    for each, held in zip(signing.signers, said.each("held"), strict=False):
        by_now = mark_of(draft.strokes.get(each.name, ""))
        is_same_list = each.shown == draft.signed_list(each.name)
        if is_same_list and by_now not in {held, mark_of(each.strokes)}:
            before.append(_signature(held, each.name))
            since.append(_signature(by_now, each.name, "another " if held else "a "))
    if before:
        raise FormNotAsShown(", ".join(before), ", ".join(since))


def with_chosen(draft: CustodyDraft, said: Fields) -> CustodyDraft:
    """Return the draft with what a form chose that was refused, as its page shows it: nothing of that is kept.

    What was signed or typed on the page was so for what it showed, and is lost with that; what is kept beside other
    terms does not stand beside these.
    """
    shown, now, kept, signing = _terms_shown(said), terms_of(draft), draft.terms, read_signing(said)
    if said["due_on"] != shown.due_on:
        draft = msgspec.structs.replace(draft, due_on=said["due_on"])
    if signing.notes != shown.notes:
        draft = msgspec.structs.replace(draft, notes=signing.notes)
    if said["how"] != shown.how:
        draft = msgspec.structs.replace(draft, how=signing.how, not_yet=signing.not_yet)
    if (shown.due_on, shown.notes) == (now.due_on, now.notes) and draft.terms == kept:
        drawn = {each.name: each.strokes for each in signing.signers if mark_of(each.strokes) != each.kept_strokes}
        typed = {each.name: each.typed for each in signing.signers if each.typed}
        return msgspec.structs.replace(draft, strokes=draft.strokes | drawn, names=draft.names | typed)
    lost = [LostSignature(each.name, "terms") for each in signing.signers if each.strokes]
    if signing.how == "typed":
        lost += [LostSignature(each.name, "typed_terms") for each in signing.signers if each.typed]
    if draft.terms != kept:
        draft = msgspec.structs.replace(draft, strokes={}, names={})
    return msgspec.structs.replace(draft, lost=tuple(dict.fromkeys((*draft.lost, *lost))))


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


def _terms_shown(said: Fields) -> Terms:
    return Terms(*(said[f"{name}_shown"] for name in Terms._fields))


def _in_words(terms: Terms) -> dict[str, str]:
    return {
        "due_on": f"due date {terms.due_on}" if terms.due_on else "no due date",
        "notes": f"notes {quoted(terms.notes)}" if terms.notes else "no notes",
        "how": _WAYS.get(terms.how, _WAYS[""]),
    }


def _signature(mark: str, name: str, which: str = "a ") -> str:
    return f"{which if mark else 'no '}signature of {name}"


def mark_of(strokes: str) -> str:
    """Return what the page carries of a signature that stood there when it was drawn; blank where none did."""
    return strokes_sha256(strokes) if strokes else ""
