"""What a card or a label names where it is only looked up, and nothing is done by it: a holder, a case or a slot.

Owns how it is said of the cards that name none of these. Writes nothing, and sets nothing for the scans that follow.
"""

from typing import Literal, NamedTuple

from assettrack.domain import cards
from assettrack.domain.card_marks import doubt_of
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.findings import Finding
from assettrack.domain.queued_scans import Held
from assettrack.domain.tags import OUT_WORD, NotATag, Place, parse_case_name
from assettrack.domain.wedge import read_typed
from assettrack.domain.wording import quoted
from assettrack.services.card_marks import marks_of_holders
from assettrack.services.ports import Snapshot, Workplace

CommandCard = Literal["event", "begin", "end", "undo", "unslotted"]
"""The cards that say what is done with the next scans, and name nothing."""

_COMMANDS: dict[CardKind, CommandCard] = {
    CardKind.EVENT: "event",
    CardKind.BEGIN: "begin",
    CardKind.END: "end",
    CardKind.UNDO: "undo",
}


class Named(NamedTuple):
    """What a card or label names: a holder, a case, or (``position``) a slot of it, by name."""

    kind: Literal["holder", "case"]
    name: str
    position: int | None = None


class Command(NamedTuple):
    """A card that is whole and names nothing: what it is, and its word."""

    kind: CommandCard
    word: str


AnyCard = Named | Command | Finding
"""What a card or label names, or says, or why it can't be told."""


def read_card(workplace: Workplace, raw: str) -> AnyCard | None:
    """Return what a scanned or typed text is as a card or as the label of a slot; None where it is neither.

    What only looks like a slot's label in plain letters, of a case that nobody knows, is none.
    """
    text = read_typed(raw).text
    if not cards.is_card(text):
        label = _slot_in_letters(text)
        if label is None:
            return None
        with workplace.store.read() as snapshot:
            found = _slot(snapshot, label)
        return found if isinstance(found, Named) else None
    try:
        card = cards.read(text)
    except cards.NotACard as error:
        return _unreadable(text, error.reason)
    with workplace.store.read() as snapshot:
        return _named(snapshot, card, text)


def _named(snapshot: Snapshot, card: Card, text: str) -> AnyCard:
    if card.kind in _COMMANDS:
        return Command(_COMMANDS[card.kind], card.word)
    if card.kind is CardKind.HOLDER:
        return _holder(snapshot, card, text)
    return _place(snapshot, card, text)


def _place(snapshot: Snapshot, card: Card, text: str) -> AnyCard:
    if card.kind is CardKind.CASE and card.word == OUT_WORD:
        return Command("unslotted", card.word)
    try:
        case = parse_case_name(card.word)
    except NotATag as error:
        return _unreadable(text, error.reason)
    if card.kind is CardKind.SLOT:
        return _slot(snapshot, Place(case, card.position))
    if not snapshot.slots_of(case):
        return Held("case_not_known", {"case": case}).finding
    return Named("case", case)


def _holder(snapshot: Snapshot, card: Card, text: str) -> AnyCard:
    holder = snapshot.holder(int(card.word))
    if holder is None:
        return _unreadable(text, "what it names is not known here")
    doubt = doubt_of(card.mark, marks_of_holders(snapshot, [holder.holder_id])[holder.holder_id])
    if doubt:
        return Held("badge_not_ours", {"card": text, "holder": card.word, "doubt": doubt}).finding
    return Named("holder", holder.name)


def _slot(snapshot: Snapshot, place: Place) -> Named | Finding:
    case, position = place
    if position not in [each for each, _ in snapshot.slots_of(case)]:
        return Held("slot_not_known", {"place": f"{case} slot {position}"}).finding
    return Named("case", case, position)


def _slot_in_letters(text: str) -> Place | None:
    label = cards.read_slot_label(text)
    try:
        return None if label is None else Place(parse_case_name(label[0]), label[1])
    except NotATag:
        return None


def _unreadable(text: str, reason: str) -> Finding:
    return Held("card_unreadable", {"card": quoted(text, 40), "reason": reason}).finding
