"""What is said at the desk once for all scans of which no card says it, and for which of them that was meant.

Owns the doubt that arises where cards of different people were left out: one name can't silently stand for what was
scanned behind each of them, be it recorded by now or new. Nothing else is decided here; that the doubt is asked about
is `scan_grammar`.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from assettrack.domain import cards
from assettrack.domain.cards import CardKind
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scan_context import CardContext, RowSaid
from assettrack.domain.scans import GIVING, EventType

What = Literal["operator", "event", "holder"]

SAID: Mapping[What, str] = {
    "operator": "who scanned it", "event": "which event it was", "holder": "who gets it",
}  # fmt: skip
"""What an answer for all says of a scan, as it stands in a sentence."""

_Answer = tuple[What, str]  # scans that are recorded may have been answered for otherwise than it is said now

_SAID_BY: Mapping[CardKind, tuple[What, ...]] = {
    CardKind.BEGIN: ("operator", "event", "holder"),
    CardKind.END: ("operator", "event", "holder"),
    CardKind.EVENT: ("event",),
    CardKind.HOLDER: ("holder",),
}


def answered_for(event: EventType | None, context: CardContext, said: RowSaid, answers: Answers) -> dict[What, str]:
    """Return what an asset needs that neither a card nor its row of a file says, and that is answered for all."""
    found: dict[What, str | None] = {}
    if not context.operator:
        found["operator"] = answers.operator
    if not context.event_type and not said.event_type:
        found["event"] = event
    if event in GIVING and not context.holder and not said.holder:
        found["holder"] = answers.holder
    return {what: said for what, said in found.items() if said}


class Doubt(NamedTuple):
    """An answer that stands for an earlier scan, and may not fit another: because of a card that is left out.

    ``is_answered`` says that it was said already that it fits behind that card too.
    """

    what: What
    said: str
    earlier: int
    card: RawScan
    is_answered: bool


class SaidOnce:
    """Behind which cards that were left out the answers for all stand, while scans are read."""

    def __init__(self) -> None:
        self._behind: dict[What, RawScan] = {}
        self._first: dict[_Answer, tuple[int, RawScan | None]] = {}
        self._meant: dict[_Answer, dict[str, int]] = {}  # of which scan that was said, by whose card it is behind
        self._left_out: dict[_Answer, tuple[int, RawScan]] = {}  # assets it may have been said for until a card counts

    def forget(self) -> None:
        """Go on behind a card that begins or ends a round and counts."""
        self._behind = {}
        for what in SAID:
            self.say(what)

    def say(self, what: What) -> None:
        """Go on behind a card that says it and counts: what may have been said before it was said there first."""
        for answer in [each for each in self._left_out if each[0] == what]:
            self._first.setdefault(answer, self._left_out.pop(answer))

    def leave_out_asset(self, number: int, used: Mapping[What, str]) -> None:
        """Go on behind an asset that is left out, of which the answers ``used`` may have been asked before it was.

        Behind no card that is left out it is as likely a stray scan, and asks nothing of a card that can't be read.
        """
        for what, said in used.items():
            if what in self._behind:
                self._left_out.setdefault((what, said), (number, self._behind[what]))

    def leave_out(self, scan: RawScan) -> None:
        """Go on behind a scan that is left out; one that can't be read may have been any card."""
        if not cards.is_card(scan.text):
            return
        try:
            whats = _SAID_BY.get(cards.read(scan.text).kind, ())
        except cards.NotACard:
            whats = _SAID_BY[CardKind.BEGIN]
        self._behind |= dict.fromkeys(whats, scan)

    def doubts(self, number: int, used: Mapping[What, str]) -> list[Doubt]:
        """Return what is doubtful about the answers ``used`` for a scan; for the first one they are certain."""
        found = []
        for what, said in used.items():
            behind = self._behind.get(what)
            earlier, other = self._first.setdefault((what, said), (number, behind))
            card = behind or other
            if card is not None and _person(behind) != _person(other):
                is_answered = _person(behind) in self._meant.get((what, said), ())
                found.append(Doubt(what, said, earlier, card, is_answered))
        return found

    def mean(self, number: int, doubt: Doubt) -> None:
        """Take it that an answer fits behind the latest card that was left out, too, as was said of scan ``number``."""
        self._meant.setdefault((doubt.what, doubt.said), {})[_person(self._behind.get(doubt.what))] = number

    def take_back(self, number: int) -> None:
        """Forget a scan that does not count, and what was said of it: an answer is for the next one first."""
        self._first = {answer: first for answer, first in self._first.items() if first[0] != number}
        self._meant = {
            answer: {person: scan for person, scan in meant.items() if scan != number}
            for answer, meant in self._meant.items()
        }


def _person(behind: RawScan | None) -> str:
    """Return what tells whom a card was of that was left out: itself if it can be read, else only its place."""
    if behind is None:
        return ""
    try:
        is_told = cards.read(behind.text).kind is not CardKind.END
    except cards.NotACard:
        is_told = False
    return behind.text if is_told else str(behind.number)
