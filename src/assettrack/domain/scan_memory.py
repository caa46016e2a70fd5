"""What is kept in mind while scans are read: what cards have said, the assets read, and what an undo card may mean.

Owns how it changes behind a card that counts, is left out, or is held. What a scan means is `scan_grammar`.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

import msgspec

from assettrack.domain.card_catalogue import CardCatalogue
from assettrack.domain.cards import CardKind
from assettrack.domain.findings import Finding
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scan_context import (
    AssetRead,
    CardContext,
    RowSaid,
    Said,
    maybe_labels,
    parsed,
    said_by,
    says_card,
    without_what_it_said,
)
from assettrack.domain.scan_meanings import Meaning, shown
from assettrack.domain.scan_pauses import Moment, Pauses
from assettrack.domain.scan_sayings import Sayings
from assettrack.domain.scan_waits import NO_ASSET, Waits, hanging, without
from assettrack.domain.scans import EventType
from assettrack.domain.settled_scans import Settled
from assettrack.domain.tags import parse_case_name
from assettrack.domain.wording import counted


class Memory(Sayings):
    """What scans up to one have said, and what is said about them."""

    def __init__(
        self, catalogue: CardCatalogue, answers: Answers, rows_said: Mapping[int, RowSaid], settled: Settled
    ) -> None:
        super().__init__(answers, rows_said, settled)
        self._catalogue = catalogue
        self._context = CardContext()
        self._waits = Waits()
        self._assets: list[AssetRead] = []
        self._trail: list[int] = []  # the scans that an undo card may mean: all but undo cards and what they took back
        self._pauses = Pauses()
        self._doubted = 0  # a settled card about which there is a question by now
        self._scans: Sequence[RawScan] = ()

    def _leave_out(self, scan: RawScan) -> None:
        """Let a card that is left out end what the cards of its kind said before."""
        is_case = self._may_be_case(scan)
        context = without_what_it_said(self._context, scan, is_case=is_case)
        if context is None:
            self._forget()
            label = scan.number if scan.number in self._maybe_labels else 0
            self._context = CardContext(place_left_out=label)
        else:
            if context.place_left_out == scan.number:
                self._end_of_slot()
            self._context = context
            self._waits.end(said_by(scan.text, is_case=is_case))
            self._doubt_left_out(scan)
        self._once.leave_out(scan)
        self._trail.append(scan.number)

    @cached_property
    def _maybe_labels(self) -> frozenset[int]:
        """The cards that can't be read, where there are labels; nearly no download has a card that is left out."""
        return maybe_labels(self._scans, self._catalogue.maybe_cases)

    def _doubt_left_out(self, scan: RawScan) -> None:
        """Let no new scan go by the place before a settled one that may look otherwise now than it did then.

        It was left out as an asset or as the label of a case, by the cases and assets that there were.
        """
        catalogue = self._catalogue
        was_case_or_asset = parsed(parse_case_name, scan.text) in catalogue.cases.keys() | catalogue.case_forms
        if was_case_or_asset and scan.number in self._settled.batches:
            self._waits.doubt(scan.number, ["place"])

    def _remember(self, scan: RawScan) -> None:
        """Keep in mind what an undo card would be about, and whether a settled card is doubtful by now."""
        number = scan.number
        if self._meanings[number].said != "undo" and number not in self._trail[-1:]:
            self._trail.append(number)  # it came to nothing, and may be what is taken back
        is_asset = bool(self._assets) and self._assets[-1].number == number
        questions = self._questions.get(number, ())
        if number not in self._settled.batches:
            self._wait_behind(scan, questions)
        elif questions and not is_asset:
            self._doubted = number
            hangs = hanging(scan, questions, self._context, is_case=self._may_be_case(scan))
            self._waits.doubt(number, hangs)

    def _wait_behind(self, scan: RawScan, questions: Sequence[Finding]) -> None:
        """Let what hangs on a held card wait; whether answers about the scans behind it are to any question, too.

        A text that is nothing takes no label's asset away: it is asked about that label if none comes.
        """
        hangs = hanging(scan, questions, self._context, is_case=self._may_be_case(scan))
        if hangs and NO_ASSET not in {each.code for each in questions}:
            self._asked |= {self._context.slot_scan} if "place" in hangs else set()
            self._context = without(self._context, hangs)
        if hangs:
            self._waits.hold(scan.number, hangs)
        elif self._waits.are_any_held:
            self._asked.add(scan.number)

    def _go_on_from_settled(self, scan: RawScan) -> None:
        """Before a new scan, let what was said before a settled card that is doubtful by now hold no more.

        Settled scans are read as they were; where a place was said, the next asset is asked about.
        """
        doubted = {} if scan.number in self._settled.batches else self._waits.end_doubted()
        if not doubted:
            return
        is_said = self._context.case_name or self._context.place is not None
        self._context = without(self._context, doubted)
        label = doubted.get("place")
        if label and (is_said or label not in self._questions):  # else it is asked about as the card that it is
            self._context = msgspec.structs.replace(self._context, place_left_out=label, nowhere_behind=0)

    def _may_be_case(self, scan: RawScan) -> bool:
        return parsed(parse_case_name, scan.text) in self._catalogue.maybe_cases

    def _is_waiting(self, now: AssetRead, event: EventType | None) -> bool:
        """Let an asset wait for a held scan on which it hangs what becomes of it; tell whether it does.

        A label before it was for it all the same, and who comes after it there waits too.
        """
        number = now.number
        earlier = 0 if number in self._settled.batches else self._waits.of_asset(event)
        if not earlier:
            return False
        if self._use_label(now.asset_tag):
            self._waits.hold(earlier, ["place"])
        self._meanings[number] = Meaning(self._meanings[number].scan, "waits", waits_for=earlier)
        return True

    def _use_label(self, tag: str, *, slot_missed: bool = False) -> bool:
        """Let the label before an asset that is no row yet be for it all the same; tell whether there is one.

        An answer about that label may be to a question that is asked only once more is known of the asset.
        """
        context = self._context
        if not context.slot_scan or context.place_used_by:
            return False
        self._context = msgspec.structs.replace(context, place_used_by=tag, slot_missed=slot_missed)
        self._asked.add(context.slot_scan)
        return True

    def _remark_waiting(self) -> None:
        """Remark at each held scan which others wait for what is answered about it."""
        waiting: dict[int, list[Meaning]] = {}
        for each in self._meanings.values():
            if each.waits_for:
                waiting.setdefault(each.waits_for, []).append(each)
        for number, behind in waiting.items():
            first = f"scan {behind[0].scan.number}, {shown(behind[0].scan)}"
            more = f", and {counted(len(behind) - 1, 'scan')} after it" if len(behind) > 1 else ""
            self._remark(number, "scans_wait", named=f"{first}{more}")

    def _forget(self) -> None:
        """Forget everything that cards said."""
        self._end_of_slot()
        self._context = CardContext()
        self._assets = []
        self._doubted = 0
        self._waits.forget()

    def _set(self, scan: RawScan, what: Said, **said: object) -> None:
        """Let a card say something of the next scans; one that replaces another before any asset came is noted."""
        self._waits.end([what])
        if what != "place":
            self._once.say(what)
        before = self._context.set_by.get(what, 0)
        if before > (self._assets[-1].number if self._assets else 0):
            self._remark(scan.number, "card_replaced", earlier=before)
        set_by = {**self._context.set_by, what: scan.number}
        self._context = msgspec.structs.replace(self._context, set_by=set_by, **said)
        self._trail.append(scan.number)

    def _end_of_slot(self) -> None:
        """Hold the label of a slot after which no asset came; one whose asset was taken back is forgiven."""
        context = self._context
        is_without = context.slot_missed or not context.place_used_by
        if context.slot_scan and is_without and not context.slot_forgiven:
            self._is_meant(context.slot_scan, "slot_without_asset", place=context.place)
        self._context = msgspec.structs.replace(
            context, slot_scan=0, slot_missed=False, slot_forgiven=False, asset_left_out=0
        )

    def _hold_maybe_undo(self, number: int) -> None:
        """Name the asset right before a card that can't be read: if that was an undo card, it took the asset back."""
        target = self._assets[-1] if self._assets else None
        if target is not None and target.number == self._trail[-1]:
            self._hold(number, "card_maybe_undo", earlier=target.number, tag=target.asset_tag)

    def _check_pause(self, scan: RawScan, moment: Moment) -> None:
        """Ask, after a long pause or a jump of the clock, whether the cards from before still hold."""
        nothing = {"place_left_out": 0, "nowhere_behind": 0}
        said = msgspec.structs.replace(self._context, **nothing)  # what is left out says nothing that could hold
        if said == CardContext() or says_card(scan, CardKind.BEGIN, CardKind.END):
            return
        if self._pauses.is_jump(moment):
            self._is_meant(scan.number, "context_jump")
        elif gap := self._pauses.too_long(moment):
            self._is_meant(scan.number, "context_old", gap=gap)
