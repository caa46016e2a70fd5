"""What cards have said up to a scan, while scans are read.

Owns the memory of a reading, and what two scans have to do with each other; the rules are `scan_grammar`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from typing import Literal

import msgspec

from assettrack.domain import cards
from assettrack.domain.cards import CardKind
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.scan_pauses import Moment, may_be_one
from assettrack.domain.scans import EventType
from assettrack.domain.tags import NotATag, Place, parse_case_name
from assettrack.domain.wording import visible

Said = Literal["event", "holder", "place"]
"""What a card or a label says of the scans after it: what is done, for whom, and where."""

SAYS_ALL = frozenset[Said](("event", "holder", "place"))
"""What a card says that begins or ends a round; and one that can't be read may have been any."""


_SAYS: dict[CardKind, frozenset[Said]] = {
    CardKind.BEGIN: SAYS_ALL,
    CardKind.END: SAYS_ALL,
    CardKind.EVENT: frozenset({"event"}),
    CardKind.HOLDER: frozenset({"holder"}),
    CardKind.SLOT: frozenset({"place"}),
    CardKind.CASE: frozenset({"place"}),
}


class CardContext(msgspec.Struct, frozen=True):
    """What the next scans mean.

    ``set_by`` are the scans of the cards that said it, by what they said. ``slot_scan`` is the label of the slot
    ``place`` while it is waiting for its asset or has just got it (``place_used_by``), 0 otherwise. ``slot_missed``
    says that this asset was given away or retired, and not put into it; ``slot_forgiven`` that it was taken back, so
    that none need come. ``place_left_out`` is a label that was left out, or a card that may have been one (see
    `maybe_labels`), while no other says where the next asset is, 0 otherwise; ``nowhere_behind`` is that one once it
    was said of an asset behind it that it is in no slot: others are not asked, but for each that is returned.
    ``asset_left_out`` is the scan after the label ``slot_scan`` that was left out, and may lie in its slot all the
    same, 0 otherwise.
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
    nowhere_behind: int = 0
    asset_left_out: int = 0
    set_by: Mapping[str, int] = {}


def said_by(text: str, *, is_case: bool) -> frozenset[Said]:
    """Return what the text of a scan says of those after it, if it is a card or a label.

    That is what holds no more where such a scan is left out, or removed. ``is_case`` says that it is a case's name.
    """
    kind = CardKind.CASE if is_case else CardKind.SLOT if cards.read_slot_label(text) is not None else None
    if cards.is_card(text):
        try:
            kind = cards.read(text).kind
        except cards.NotACard:
            return SAYS_ALL
    return frozenset() if kind is None else _SAYS.get(kind, frozenset())


def without_what_it_said(context: CardContext, scan: RawScan, *, is_case: bool) -> CardContext | None:
    """Return what holds after a scan that is left out: whatever it was, cards of its kind before it hold no more.

    What is no card may have been the asset for the label before it, which that has used up then.
    None is nothing at all: it may have been any card, or have begun or ended a round. ``is_case`` says that its text is
    the name of a case.
    """
    said = said_by(scan.text, is_case=is_case)
    if said == SAYS_ALL:
        return None
    changed: dict[str, object] = {}
    if "event" in said:
        changed = {"event_type": None}
    elif "holder" in said:
        changed = {"holder": ""}
    elif "place" in said:
        changed = {"case_name": "", "place": None, "place_used_by": "", "slot_scan": 0, "place_left_out": scan.number}
    elif context.slot_scan and not context.place_used_by and not cards.is_card(scan.text):
        changed = {"asset_left_out": scan.number}
    return msgspec.structs.replace(context, **changed)


def maybe_labels(scans: Sequence[RawScan], maybe_cases: Collection[str]) -> frozenset[int]:
    """Return which of some scans are cards that can't be read, in rounds in which a label was scanned.

    Any of them may have been a label too. Where a round has none, before it or after, nobody looks for places: it goes
    from one card that begins or ends a round up to the next, be these left out or not. ``maybe_cases`` are the names
    that may be those of cases.
    """
    rounds = list(accumulate(says_card(scan, CardKind.BEGIN, CardKind.END) for scan in scans))
    said = [said_by(scan.text, is_case=parsed(parse_case_name, scan.text) in maybe_cases) for scan in scans]
    labelled = {each for each, what in zip(rounds, said, strict=True) if what == {"place"}}
    return frozenset(
        scan.number
        for scan, each, what in zip(scans, rounds, said, strict=True)
        if what == SAYS_ALL and each in labelled and not says_card(scan, CardKind.BEGIN, CardKind.END)
    )


class RowSaid(msgspec.Struct, frozen=True):
    """What a file says of one scan beside its code; cards count before it, answers after it.

    ``location`` is where it was in the file's own letters, if that is no ``place`` and so written nowhere.
    ``is_asked`` says that something is asked about the scan because of how it stands in the file.
    """

    event_type: EventType | None = None
    holder: str = ""
    place: Place | None = None
    location: str = ""
    is_asked: bool = False

    def is_of(self, other: "RowSaid") -> bool:
        """Whether two scans are said to be of one context: the same deed, person and place."""
        return msgspec.structs.replace(self, is_asked=other.is_asked) == other

    @property
    def words(self) -> str:
        """What it says, as it stands in a sentence."""
        to = f"to {visible(self.holder)}" if self.holder else ""
        place = str(self.place) if self.place is not None else self.location and ascii(self.location)
        return " ".join(filter(None, [self.event_type, to, place and f"at {place}"])) or "nothing"


NOTHING_SAID = RowSaid()


class AssetRead(msgspec.Struct, frozen=True):
    """A scan of an asset, with the context as it was before it, and what the file says beside it (``said``).

    ``left_out_before`` is a scan right before it that is left out and may be the same reading of its label, 0
    otherwise.
    """

    number: int
    asset_tag: str
    moment: Moment
    context: CardContext
    said: RowSaid = NOTHING_SAID
    is_repeat: bool = False
    left_out_before: int = 0


def read_twice(assets: Sequence[AssetRead], last: RawScan | None, now: AssetRead) -> int | None:
    """Return the scan before, if it is of the same asset and so near in time that it must be the same reading.

    A row of a file that says another deed, person or place than the row before it is another scan, however near.
    """
    before = assets[-1] if assets else None
    if before is None or last is None or before.number != last.number:
        return None
    return before.number if _may_be_one(before, now) else None


def read_before(left_out: AssetRead | None, now: AssetRead) -> int:
    """Return the scan just before that is left out, if it may be the same reading of an asset's label, else 0."""
    return 0 if left_out is None or not _may_be_one(left_out, now) else left_out.number


def _may_be_one(before: AssetRead, now: AssetRead) -> bool:
    is_alike = before.asset_tag == now.asset_tag and now.said.is_of(before.said)
    return is_alike and may_be_one(before.moment, now.moment)


class RowsAtOnce:
    """The rows of a file that say something of their own scans, by asset and by what the scanner's clock showed."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, datetime | None], list[AssetRead]] = {}  # one for each thing that is said

    def contradicted(self, now: AssetRead) -> AssetRead | None:
        """Go on to a scan, and return an earlier one of the same time that says otherwise: no order tells the later."""
        before = self._read.setdefault((now.asset_tag, now.moment.stamp), [])
        otherwise = [each for each in before if not now.said.is_of(each.said)]
        if len(otherwise) == len(before):
            before.append(now)
        return otherwise[-1] if otherwise else None


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
