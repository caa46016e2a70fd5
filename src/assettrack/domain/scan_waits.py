"""Scans behind a card or label that is held: what hangs on it is not guessed, and waits for what is answered about it.

Owns for what a scan waits, and that what cards of the held one's kind said before it holds no more. Which scans are
held, and what those mean that wait for nothing, is `scan_grammar`.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Literal

import msgspec

from assettrack.domain import cards
from assettrack.domain.findings import Finding
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.scan_context import SAYS_ALL, CardContext, said_by
from assettrack.domain.scans import GIVING, EventType

PLACED = frozenset({"SCAN", "RETURN", "UPDATE"})
"""The events of an asset that is somewhere afterwards: in a slot or in none."""

Hangs = Literal["operator", "event", "holder", "place", "count"]
"""What of the scans after a held one may hang on it; ``count`` is how many assets a round has."""

_ALL: frozenset[Hangs] = frozenset(("operator", "event", "holder", "place", "count"))

_UNCLEAR = frozenset(
    {
        "card_broken", "card_not_ours", "card_of_other_code", "case_and_asset", "case_or_asset_here",
        "case_unknown_here", "code_unclear", "not_understood", "operator_unknown_here", "person_unknown_here",
        "product_code", "slot_unknown_here",
    }
)  # fmt: skip
"""Why a scan is held of which it is not known here what it says, or whether it is an asset."""

NO_ASSET = "not_understood"
"""Why a scan is held that is no asset's whatever is answered, and is counted as none."""

_UNSAID: Mapping[Hangs, Mapping[str, object]] = {
    "event": {"event_type": None},
    "holder": {"holder": ""},
    "place": {
        "case_name": "", "place": None, "place_used_by": "", "slot_scan": 0, "slot_missed": False,
        "slot_forgiven": False, "place_left_out": 0, "asset_left_out": 0,
    },
}  # fmt: skip


def hanging(scan: RawScan, questions: Iterable[Finding], context: CardContext, *, is_case: bool) -> Collection[Hangs]:
    """Return what of the scans after one hangs on what is answered about it, by its questions; empty if it is known.

    ``context`` is what cards said up to it. What is no card may be the asset for the label before it, or one that is
    counted. ``is_case`` says that its text is the name of a case, or looks like one.
    """
    unclear = {each.code for each in questions} & _UNCLEAR
    if not unclear:
        return frozenset()
    said = said_by(scan.text, is_case=is_case)
    if said == SAYS_ALL:
        return _ALL
    found: set[Hangs] = set(said)
    if not cards.is_card(scan.text) and cards.read_slot_label(scan.text) is None:
        found |= {"place"} if context.slot_scan and not context.place_used_by else set()
        found |= {"count"} if NO_ASSET not in unclear else set()
    return found


def without(context: CardContext, hangs: Collection[Hangs]) -> CardContext:
    """Return what holds behind a held scan: nothing that cards of its kind said before it."""
    if "operator" in hangs:
        return CardContext()
    changed: dict[str, object] = {}
    for each in hangs:
        changed |= _UNSAID.get(each, {})
    set_by = {what: number for what, number in context.set_by.items() if what not in hangs}
    return msgspec.structs.replace(context, set_by=set_by, **changed)


class Waits:
    """For which held scans the next ones wait, by what of them hangs on those."""

    def __init__(self) -> None:
        self._for: dict[Hangs, int] = {}
        self._doubted: dict[Hangs, int] = {}
        self.are_any_held = False

    def hold(self, number: int, hangs: Iterable[Hangs]) -> None:
        """Go on behind a held scan."""
        self.are_any_held = True
        self._for |= dict.fromkeys(hangs, number)

    def doubt(self, number: int, hangs: Collection[Hangs]) -> None:
        """Go on behind a settled scan that is doubtful by now: no settled one waits for it, and no new one is of it."""
        self._doubted |= dict.fromkeys(hangs, number)

    def end_doubted(self) -> Mapping[Hangs, int]:
        """Return what doubtful settled scans said, each with the last that did, once: a new scan comes after them."""
        doubted, self._doubted = self._doubted, {}
        return doubted

    def end(self, hangs: Iterable[Hangs]) -> None:
        """Go on behind a scan that says some of it anew, or of which is said that nobody knows what it said."""
        for each in hangs:
            self._for.pop(each, None)
            self._doubted.pop(each, None)

    def forget(self) -> None:
        """Go on behind a scan that begins or ends a round."""
        self._for = {}
        self._doubted = {}

    @property
    def of_count(self) -> bool:
        """Whether it is not known yet how many assets a round has."""
        return "count" in self._for

    def of_asset(self, event: EventType | None) -> int:
        """Return the first held scan for which an asset waits that comes now, by what is done with it; 0 for none."""
        needed: set[Hangs] = {"operator", "event"}
        needed |= {"holder"} if event in GIVING else set()
        needed |= {"place"} if event in PLACED else set()
        return min((number for hangs, number in self._for.items() if hangs in needed), default=0)
