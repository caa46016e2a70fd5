"""Labels and cards: what stands in their codes, and what a person reads beside them.

Owns which text the code of each kind holds, in which codes it may be printed, and the words on it. Nothing is made that
could be read as something else: a name that no code can hold is refused, with what to do. Pure; how it looks on paper
is not known here.
"""

import enum
import re
from collections.abc import Sequence

import msgspec

from assettrack.domain import cards, errors
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.holders import Holder
from assettrack.domain.scans import EventType
from assettrack.domain.tags import OUT_WORD, NotATag, Place, parse_asset_tag
from assettrack.domain.typed_rows import TYPED_EVENT_TYPES
from assettrack.domain.wording import counted

LABELS_MAX = 10_000
"""The most labels printed at once; a print of more is a slip."""

END_COUNT_MAX = 9_999
"""The most assets that an end card counts."""

_NAMED = 20
_ENDS_IN_NUMBER = re.compile(r"(.*?)([0-9]+)")
_WORD = re.compile(r"[A-Z0-9]+(?: [A-Z0-9]+)*")
_2D_ONLY = "QR and Data Matrix hold it, which a laser scanner can't read; or give the case a shorter name"


class Symbology(enum.StrEnum):
    """The kinds of codes that labels are printed in."""

    CODE_128 = "code128"
    QR = "qr"
    DATA_MATRIX = "datamatrix"

    @property
    def is_linear(self) -> bool:
        """Whether it is made of bars, and a laser scanner can read it."""
        return self is Symbology.CODE_128

    @property
    def said(self) -> str:
        """Its name as people write it."""
        return {"code128": "Code 128", "qr": "QR", "datamatrix": "Data Matrix"}[self]


class Label(msgspec.Struct, frozen=True):
    """One label or card.

    ``text`` is what its code holds, ``title`` what a person reads: never the text of a card alone. ``what`` says in a
    word or two what kind of label it is, ``meaning`` in a sentence what scanning it does; both may be blank.
    ``plain`` is what a QR code or Data Matrix holds instead, blank where only Code 128 is allowed. A title that is
    ``cuttable`` is a person's name: it may lose its end where there is no room, because the number is printed as well.
    ``numbered`` is a title without that name, for where no printer's letters can write it.
    """

    text: str
    title: str
    symbology: Symbology = Symbology.CODE_128
    what: str = ""
    meaning: str = ""
    plain: str = ""
    cuttable: bool = False
    numbered: str = ""

    def in_code(self, symbology: Symbology) -> "Label":
        """Return the label with its plain text in a QR code or Data Matrix.

        Raises:
            errors.ValueUnusable: it may be printed in Code 128 only.
        """
        if symbology.is_linear:
            return self
        if not self.plain:
            reason = f"{self.title} is printed in Code 128 only, because a card read from another code does not count"
            raise errors.ValueUnusable("The code", symbology.value, reason)
        return msgspec.structs.replace(self, symbology=symbology, text=self.plain)


def asset_label(asset_tag: str) -> Label:
    """Return the label of an asset: its tag, as it is."""
    return Label(asset_tag, asset_tag, plain=asset_tag)


def slot_label(place: Place, symbology: Symbology = Symbology.CODE_128) -> Label:
    """Return the label of a slot: its card, or where that is too long the plain ``CASE-01 SLOT-07``.

    Raises:
        errors.ValueUnusable: this kind of code can't hold it.
    """
    plain = f"{place.case_name} SLOT-{place.slot_position:02d}"
    if cards.is_card(plain) or cards.read_slot_label(plain) != place:
        plain = ""
    card = Card(CardKind.SLOT, place.case_name, place.slot_position)
    return _of_place(card, plain, ("Slot", str(place)), symbology)


def case_label(case_name: str, symbology: Symbology = Symbology.CODE_128, *, is_asset_too: bool = False) -> Label:
    """Return the label of a case: its card, or where that is too long its plain name.

    ``is_asset_too`` says that an asset has the same name: only the card tells the two apart then.

    Raises:
        errors.ValueUnusable: this kind of code can't hold it.
    """
    unclear = is_asset_too or cards.is_card(case_name) or cards.read_slot_label(case_name) is not None
    card = Card(CardKind.CASE, case_name)
    return _of_place(card, "" if unclear else case_name, ("Case", case_name), symbology)


def holder_label(holder: Holder, mark: str) -> Label:
    """Return the badge of a holder: a card with the holder's number and its mark, and the name to be read."""
    card = cards.written(Card(CardKind.HOLDER, str(holder.holder_id), mark=mark))
    meaning, who = "The next assets are for this holder.", f"holder {holder.holder_id}"
    return Label(
        card, holder.name, what=who.capitalize(), meaning=meaning, cuttable=True, numbered=f"Name in the list: {who}"
    )


def begin_label(account_id: int, name: str, mark: str) -> Label:
    """Return the card with which somebody who has an account begins: its number and mark, and the name to be read."""
    card = cards.written(Card(CardKind.BEGIN, str(account_id), mark=mark))
    numbered = f"Begin: account {account_id}"
    return Label(
        card, f"Begin: {name}", what=f"Account {account_id}", meaning=_BEGINS, cuttable=True, numbered=numbered
    )


def begin_label_by_name(name: str) -> Label:
    """Return the card with which somebody begins who has no account, by a name in letters.

    Raises:
        errors.ValueUnusable: no card can hold the name, or it could be taken for the number of an account.
    """
    word = name.upper() if name.isascii() else name
    if _WORD.fullmatch(word) is None or word.isdecimal():
        reason = "a card holds a name in the letters A-Z, digits and spaces, and not in digits alone"
        raise errors.ValueUnusable("The name to begin with", name[:40], reason)
    try:
        card = cards.written(Card(CardKind.BEGIN, word))
    except cards.NotACard as error:
        raise errors.ValueUnusable("The name to begin with", name[:40], error.reason) from error
    return Label(card, f"Begin: {word}", what="Card", meaning=_BEGINS, cuttable=True)


def event_label(event_type: EventType) -> Label:
    """Return the card of an event."""
    title, meaning = _EVENTS[event_type]
    return Label(cards.written(Card(CardKind.EVENT, event_type)), title, what="Event", meaning=meaning)


def undo_label() -> Label:
    """Return the card that takes the scan before it back."""
    meaning = "Takes back the asset scanned just before it."
    return Label(cards.written(Card(CardKind.UNDO)), "Undo", what="Card", meaning=meaning)


def end_label(count: int | None = None) -> Label:
    """Return the card with which a round ends; ``count`` is how many assets must have been scanned in it.

    Raises:
        errors.ValueUnusable: nobody scans so many.
    """
    if count is None:
        meaning = "Ends the round: what the cards said is forgotten."
        return Label(cards.written(Card(CardKind.END)), "End", what="Card", meaning=meaning)
    if not 1 <= count <= END_COUNT_MAX:
        raise errors.ValueUnusable("The count", str(count), f"it is from 1 to {END_COUNT_MAX}")
    meaning = f"Ends the round, and asks where other than {count} assets were scanned."
    return Label(cards.written(Card(CardKind.END, str(count))), f"End of {count}", what="Card", meaning=meaning)


def no_slot_label() -> Label:
    """Return the card that says that the next assets are in no slot."""
    card = cards.written(Card(CardKind.CASE, OUT_WORD))
    return Label(card, "No slot", what="Case", meaning="The next assets are in no slot.")


def station_cards(begins: Sequence[Label], end_counts: Sequence[int] = ()) -> list[Label]:
    """Return all cards for one round: begin, every event, no slot, undo, and end.

    Raises:
        errors.ValueUnusable: nobody scans as many as a count says.
    """
    events = [event_label(event_type) for event_type in TYPED_EVENT_TYPES]
    return [*begins, *events, no_slot_label(), undo_label(), end_label(), *map(end_label, end_counts)]


def tags_from(first: str, count: int) -> list[str]:
    """Return so many tags in sequence: ``LT-0099`` is followed by ``LT-0100``.

    Raises:
        errors.ValueUnusable: the tag ends in no number, or the last one would be no tag any more.
    """
    found = _ENDS_IN_NUMBER.fullmatch(first)
    if found is None:
        raise errors.ValueUnusable("The asset tag", first, "others can follow only one that ends in a number")
    if not 1 <= count <= LABELS_MAX:
        raise errors.ValueUnusable("The count", str(count), f"it is from 1 to {LABELS_MAX:,}")
    stem, digits = found[1], found[2]
    last = f"{stem}{int(digits) + count - 1:0{len(digits)}d}"
    if len(last) > len(first):
        raise errors.ValueUnusable("The count", str(count), f"{first} is followed by too few numbers of as many digits")
    try:
        return [parse_asset_tag(f"{stem}{int(digits) + step:0{len(digits)}d}") for step in range(count)]
    except NotATag as error:
        raise errors.ValueUnusable("The asset tag", first, error.reason) from error


def _of_place(card: Card, plain: str, said: tuple[str, str], symbology: Symbology) -> Label:
    """Return the label of a slot or case; ``said`` is what it is, and its name as people write it.

    Raises:
        errors.ValueUnusable: this kind of code can't hold it.
    """
    what, title = said
    meaning = "The next asset is in this slot." if card.kind is CardKind.SLOT else "The next assets are in this case."
    try:
        text = cards.written(card)
    except cards.NotACard as error:
        text = plain
        if symbology.is_linear and not 0 < len(plain) <= cards.LENGTH_MAX:
            way = f"; {_2D_ONLY}" if plain else "; give the case a shorter name"
            raise errors.ValueUnusable("The label", title, f"as a card {error.reason}{way}") from error
    return Label(text, title, what=what, meaning=meaning, plain=plain).in_code(symbology)


_BEGINS = "This person scans from here on; earlier cards are forgotten."
_EVENTS: dict[EventType, tuple[str, str]] = {
    "SCAN": ("Scan", "The next assets are seen, or taken up as new."),
    "ISSUE": ("Issue", "The next assets go to the holder whose badge follows."),
    "RETURN": ("Return", "The next assets come back, each into the slot scanned first."),
    "UPDATE": ("Update", "The next assets move, each into the slot scanned first."),
    "RETIRE": ("Retire", "The next assets are retired; the desk asks for the reason."),
    "TRANSFER": ("Transfer", "The next assets go on to the holder whose badge follows."),
}


def existing_said(existing: Sequence[str], count: int) -> str:
    """Return which of so many tags exist already, as a sentence."""
    more = f" and {len(existing) - _NAMED:,} more" if len(existing) > _NAMED else ""
    exist = "exists" if count == 1 else "exist"
    return f"{len(existing):,} of {counted(count, 'tag')} {exist} already: {', '.join(existing[:_NAMED])}{more}."
