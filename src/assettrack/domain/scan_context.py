"""What cards have said up to a scan, while scans are read.

Owns the memory of a reading, and what two scans have to do with each other; the rules are `scan_grammar`.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from assettrack.domain import cards
from assettrack.domain.cards import CardKind
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.scan_pauses import Moment, may_be_one
from assettrack.domain.scans import EventType
from assettrack.domain.tags import NotATag, Place


class CardContext(msgspec.Struct, frozen=True):
    """What the next scans mean.

    ``set_by`` are the scans of the cards that said it, by what they said. ``slot_scan`` is the label of the slot
    ``place`` while it is waiting for its asset or has just got it (``place_used_by``), 0 otherwise. ``slot_missed``
    says that this asset was given away or retired, and not put into it; ``slot_forgiven`` that it was taken back, so
    that none need come. ``place_left_out`` is a label that was left out, while no other says where the next asset is, 0
    otherwise. ``asset_left_out`` is the scan after the label ``slot_scan`` that was left out, and may lie in its slot
    all the same, 0 otherwise.
    """

    operator: str = ""
    event_type: EventType | None = None
    holder: str = ""
    case_name: str = ""
    place: Place | None = None
    place_used_by: str = ""
    slot_scan: int = 0
    slot_missed: bool = False
    slot_forgiven: bool = False
    place_left_out: int = 0
    asset_left_out: int = 0
    set_by: Mapping[str, int] = {}


def without_what_it_said(context: CardContext, scan: RawScan, *, is_case: bool) -> CardContext | None:
    """Return what holds after a scan that is left out: whatever it was, cards of its kind before it hold no more.

    What is no card may have been the asset for the label before it, which that has used up then.
    None is nothing at all: it may have been any card, or have begun or ended a round. ``is_case`` says that its text is
    the name of a case.
    """
    kind = CardKind.CASE if is_case else CardKind.SLOT if cards.read_slot_label(scan.text) is not None else None
    if cards.is_card(scan.text):
        try:
            kind = cards.read(scan.text).kind
        except cards.NotACard:
            return None
    if kind in {CardKind.BEGIN, CardKind.END}:
        return None
    changed: dict[str, object] = {}
    if kind is CardKind.EVENT:
        changed = {"event_type": None}
    elif kind is CardKind.HOLDER:
        changed = {"holder": ""}
    elif kind in {CardKind.SLOT, CardKind.CASE}:
        changed = {"case_name": "", "place": None, "place_used_by": "", "slot_scan": 0, "place_left_out": scan.number}
    elif kind is None and context.slot_scan and not context.place_used_by:
        changed = {"asset_left_out": scan.number}
    return msgspec.structs.replace(context, **changed)


class RowSaid(msgspec.Struct, frozen=True):
    """What a file says of one scan beside its code; cards count before it, answers after it.

    ``is_asked`` says that something is asked about the scan because of how it stands in the file.
    """

    event_type: EventType | None = None
    holder: str = ""
    place: Place | None = None
    is_asked: bool = False


NOTHING_SAID = RowSaid()


class AssetRead(msgspec.Struct, frozen=True):
    """A scan of an asset, with the context as it was before it.

    ``left_out_before`` is a scan right before it that is left out and may be the same reading of its label, 0
    otherwise.
    """

    number: int
    asset_tag: str
    moment: Moment
    context: CardContext
    is_repeat: bool = False
    left_out_before: int = 0


def read_twice(assets: Sequence[AssetRead], last: RawScan | None, tag: str, moment: Moment) -> int | None:
    """Return the scan before, if it is of the same asset and so near in time that it must be the same reading."""
    before = assets[-1] if assets else None
    if before is None or last is None or before.asset_tag != tag or before.number != last.number:
        return None
    return before.number if may_be_one(before.moment, moment) else None


def read_before(left_out: AssetRead | None, tag: str, moment: Moment) -> int:
    """Return the scan just before that is left out, if it may be the same reading of an asset's label, else 0."""
    if left_out is None or left_out.asset_tag != tag or not may_be_one(left_out.moment, moment):
        return 0
    return left_out.number


def says_card(scan: RawScan, *kinds: CardKind) -> bool:
    """Tell whether a scan is a whole card of one of some kinds."""
    try:
        return cards.is_card(scan.text) and cards.read(scan.text).kind in kinds
    except cards.NotACard:
        return False


def parsed(parse: Callable[[str], str], text: str) -> str:
    """Return a text's normal form, blank where it is none."""
    try:
        return parse(text)
    except NotATag:
        return ""
