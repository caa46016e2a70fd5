"""The grammar of scans: what the ordered scans of a pocket scanner mean, by the cards among them.

Owns the rules. A card says what the scans after it mean, and holds until another of its kind replaces it; a begin card
forgets all of them, an end card ends. The slot of a label is for the one asset after it. Whatever could be meant in two
ways is held, with its question, and never guessed: a held scan stops the whole batch. Pure: the same scans, catalogue
and answers are read the same, whenever and wherever.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

import msgspec

from assettrack.domain import cards
from assettrack.domain.card_catalogue import CardCatalogue
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.findings import Finding, finding
from assettrack.domain.raw_scans import CODE_128, UNTOLD, RawScan
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scan_context import (
    NOTHING_SAID,
    TWICE_WITHIN,
    AssetRead,
    CardContext,
    RowSaid,
    duration_said,
    is_near,
    parsed,
    read_twice,
    says_card,
    without_what_it_said,
)
from assettrack.domain.scan_meanings import Meaning, concluded, shown
from assettrack.domain.scanner_clock import Timing
from assettrack.domain.scans import EventType
from assettrack.domain.settled_scans import NOTHING_SETTLED, Settled
from assettrack.domain.tags import OUT, OUT_WORD, Place, parse_asset_tag, parse_case_name
from assettrack.domain.typed_rows import TYPED_EVENT_TYPES, TypedRow

CONTEXT_HOLDS = timedelta(hours=4)
"""After a longer pause it is not certain any more that the cards still hold."""

NO_ROWS: Mapping[int, RowSaid] = {}

_EVENTS: dict[str, EventType] = {event: event for event in TYPED_EVENT_TYPES}
_GIVES = frozenset({"ISSUE", "TRANSFER"})
_PLACED = frozenset({"SCAN", "RETURN", "UPDATE"})


class Reading:
    """Reads scans one after the other; afterwards there is a meaning for each of them, in their order."""

    def __init__(
        self,
        catalogue: CardCatalogue,
        answers: Answers,
        rows_said: Mapping[int, RowSaid] = NO_ROWS,
        settled: Settled = NOTHING_SETTLED,
    ) -> None:
        self._catalogue = catalogue
        self._given = answers
        self._answers = answers
        self._rows_said = rows_said
        self._settled = settled
        self._context = CardContext()
        self._assets: list[AssetRead] = []
        self._trail: list[int] = []  # the scans since the begin card that still count, undone ones taken out
        self._last: RawScan | None = None
        self._last_time: datetime | None = None
        self._meanings: dict[int, Meaning] = {}
        self._questions: dict[int, list[Finding]] = {}
        self._notes: dict[int, list[Finding]] = {}
        self._doubted = 0  # a settled card about which there is a question by now
        self._asked = {number for number, said in rows_said.items() if said.is_asked}

    def read(self, scans: Sequence[RawScan], times: Sequence[Timing]) -> list[Meaning]:
        """Return what each scan means; ``times`` are theirs."""
        for scan, timing in zip(scans, times, strict=True):
            time = None if timing.utc is None else datetime.fromisoformat(timing.utc)
            self._answers = self._said_of(scan.number)
            reason = next((each.reason for each in self._answers.left_out if each.number == scan.number), None)
            if reason is not None:
                self._remark(scan.number, "left_out", text=shown(scan), reason=reason)
                self._say(scan, "left out")
                self._leave_out(scan)
                continue
            self._check_pause(scan, time)
            self._say(scan, "card")
            self._one(scan, time)
            self._remember(scan)
            self._last = scan
            self._last_time = time or self._last_time
        self._end_of_slot()
        for number in self._given.taken:
            if number in self._meanings and number not in self._asked and number not in self._settled.batches:
                self._hold(number, "take_unasked")
        said = (self._settled, self._questions, self._notes)
        return [concluded(meaning, *said) for meaning in self._meanings.values()]

    def _said_of(self, number: int) -> Answers:
        """Return the answers with which a scan is read: what is settled is read as it was then."""
        return self._settled.answers.get(number, self._given)

    def _leave_out(self, scan: RawScan) -> None:
        """Let a card that is left out end what the cards of its kind said before."""
        is_case = parsed(parse_case_name, scan.text) in self._catalogue.cases
        context = without_what_it_said(self._context, scan, is_case=is_case)
        if context is None:
            self._forget()
        else:
            if context.place_left_out == scan.number:
                self._end_of_slot()
            self._context = context
        self._trail.append(scan.number)

    def _remember(self, scan: RawScan) -> None:
        """Keep in mind what an undo card would be about, and whether a settled card is doubtful by now."""
        number = scan.number
        if self._meanings[number].said != "undo" and number not in self._trail[-1:]:
            self._trail.append(number)  # it came to nothing, and may be what is taken back
        is_asset = bool(self._assets) and self._assets[-1].number == number
        if number in self._settled.batches and self._questions.get(number) and not is_asset:
            self._doubted = number

    # One scan

    def _one(self, scan: RawScan, time: datetime | None) -> None:
        label = cards.read_slot_label(scan.text)
        if cards.is_card(scan.text):
            self._card(scan, time)
        elif label is not None:
            self._slot(scan, *label)
        elif not scan.is_product_code or self._is_meant(scan.number, "product_code", text=shown(scan)):
            self._text(scan, time)

    def _text(self, scan: RawScan, time: datetime | None) -> None:
        """Read a text without any mark of what it is: a code that stands for an asset, a case's name, or a tag."""
        code = self._catalogue.codes.get(scan.text)
        name = parsed(parse_case_name, scan.text)
        tag = parsed(parse_asset_tag, scan.text) if code is None else code.asset_tag
        if code is not None and not tag:
            self._hold(scan.number, "code_unclear", text=shown(scan), what=code.unclear)
        elif code is None and name in self._catalogue.cases_and_assets:
            self._hold(scan.number, "case_and_asset", text=shown(scan))
        elif code is None and name in self._catalogue.cases:
            self._case(scan, name)
        elif tag:
            self._asset(scan, tag, time)
        else:
            self._hold(scan.number, "not_understood", text=shown(scan))

    # Cards

    def _card(self, scan: RawScan, time: datetime | None) -> None:
        if scan.symbology not in {CODE_128, UNTOLD}:  # its check character has to do where nothing tells the kind
            self._hold(scan.number, "card_of_other_code", text=shown(scan))
            return
        try:
            card = cards.read(scan.text)
        except cards.NotACard as error:
            self._hold(scan.number, "card_broken", text=shown(scan), reason=error.reason)
            return
        if card.kind is CardKind.UNDO:
            self._undo(scan, time)
        elif card.kind is CardKind.SLOT:
            self._slot(scan, card.word, card.position)
        elif card.kind is CardKind.CASE:
            self._case(scan, card.word)
        else:
            self._CONTEXT_CARDS[card.kind](self, scan, card)

    def _begin(self, scan: RawScan, card: Card) -> None:
        if self._context.operator:
            self._remark(scan.number, "end_missing")
        self._forget()
        operator, is_active = self._catalogue.operator_of(card.word)
        if not operator:
            self._hold(scan.number, "operator_unknown_here", account=card.word)
        elif doubt := self._catalogue.doubt_of(card):
            self._hold(scan.number, "card_not_ours", whom=f"account {card.word}", doubt=doubt)
            operator = ""
        elif not is_active:
            self._is_meant(scan.number, "operator_deactivated", name=operator)
        self._context = CardContext(operator=operator)
        self._trail.append(scan.number)

    def _event(self, scan: RawScan, card: Card) -> None:
        event = _EVENTS.get(card.word)
        if event is None:
            self._hold(scan.number, "card_broken", text=shown(scan), reason="this version knows no such event")
        else:
            self._set(scan, "event", event_type=event)

    def _holder(self, scan: RawScan, card: Card) -> None:
        name = self._catalogue.holders.get(int(card.word)) if card.word.isdecimal() else None
        if name is None:
            self._hold(scan.number, "person_unknown_here", holder=card.word)
        elif doubt := self._catalogue.doubt_of(card):
            self._hold(scan.number, "card_not_ours", whom=f"holder {card.word}", doubt=doubt)
        else:
            self._set(scan, "holder", holder=name)

    def _end(self, scan: RawScan, card: Card) -> None:
        found = sum(not asset.is_repeat for asset in self._assets)
        self._forget()
        if card.word and int(card.word) != found:
            self._is_meant(scan.number, "end_count_wrong", said=card.word, found=str(found))

    _CONTEXT_CARDS: ClassVar[dict[CardKind, Callable[["Reading", RawScan, Card], None]]] = {
        CardKind.BEGIN: _begin,
        CardKind.EVENT: _event,
        CardKind.HOLDER: _holder,
        CardKind.END: _end,
    }

    def _forget(self) -> None:
        """Forget everything that cards said."""
        self._end_of_slot()
        self._context = CardContext()
        self._assets = []
        self._trail = []
        self._doubted = 0

    def _set(self, scan: RawScan, what: str, **said: object) -> None:
        """Let a card say something of the next scans; one that replaces another before any asset came is noted."""
        before = self._context.set_by.get(what, 0)
        if before > (self._assets[-1].number if self._assets else 0):
            self._remark(scan.number, "card_replaced", earlier=before)
        set_by = {**self._context.set_by, what: scan.number}
        self._context = msgspec.structs.replace(self._context, set_by=set_by, **said)
        self._trail.append(scan.number)

    def _case(self, scan: RawScan, name: str) -> None:
        self._end_of_slot()
        if name != OUT_WORD and name not in self._catalogue.cases:
            self._hold(scan.number, "case_unknown_here", case=name)
            return
        place = OUT if name == OUT_WORD else None
        self._set(scan, "case", case_name=name, place=place, place_used_by="", place_left_out=0)

    def _slot(self, scan: RawScan, case: str, position: int) -> None:
        name = parsed(parse_case_name, case)
        place = Place(name, position)
        context = self._context
        if context.slot_scan and context.place == place and not context.place_used_by:
            self._remark(scan.number, "card_replaced", earlier=context.slot_scan)
            self._trail.append(scan.number)
            return
        self._end_of_slot()
        if not 1 <= position <= self._catalogue.cases.get(name, 0):
            self._hold(scan.number, "slot_unknown_here", place=f"{name or case} slot {position}")
            return
        self._context = msgspec.structs.replace(
            self._context, case_name=name, place=place, place_used_by="", slot_scan=scan.number, place_left_out=0,
        )  # fmt: skip
        self._trail.append(scan.number)

    def _end_of_slot(self) -> None:
        """Hold the label of a slot after which no asset came; one whose asset was taken back is forgiven."""
        context = self._context
        is_without = context.slot_missed or not context.place_used_by
        if context.slot_scan and is_without and not context.slot_forgiven:
            self._is_meant(context.slot_scan, "slot_without_asset", place=context.place)
        self._context = msgspec.structs.replace(context, slot_scan=0, slot_missed=False, slot_forgiven=False)

    # Assets

    def _asset(self, scan: RawScan, tag: str, time: datetime | None) -> None:
        self._trail.append(scan.number)
        earlier = read_twice(self._assets, self._last, tag, time)
        if earlier is not None and not self._is_again(scan.number, tag, earlier, time):
            return
        context, answers = self._context, self._answers
        said = self._rows_said.get(scan.number, NOTHING_SAID)
        self._assets.append(AssetRead(scan.number, tag, time, context))
        operator = context.operator or answers.operator
        event = context.event_type or said.event_type or answers.event_type
        holder = context.holder or said.holder or answers.holder
        if event is None:
            self._hold(scan.number, "event_not_said" if operator else "operator_not_said", tag=tag)
            return
        if self._is_incomplete(scan.number, tag, (operator, holder), event):
            return
        if self._is_doubtful(scan.number, tag, event):
            return
        context = self._context
        place = self._place(scan.number) if event in _PLACED else OUT if event in _GIVES else None
        if context.place not in {None, OUT}:
            if event in _PLACED and context.place_used_by:
                self._hold(scan.number, "slot_for_two", tag=tag, place=place, other=context.place_used_by)
                return
            if not context.place_used_by:
                self._context = msgspec.structs.replace(context, place_used_by=tag, slot_missed=event not in _PLACED)
        given, notes = holder if event in _GIVES else "", answers.reason if event == "RETIRE" else ""
        self._meanings[scan.number] = Meaning(scan, "row", TypedRow(event, tag, given, place, notes), operator)

    def _is_incomplete(self, number: int, tag: str, said: tuple[str, str], event: EventType) -> bool:
        """Hold an asset of which something was not said that its event needs; ``said`` are operator and person."""
        operator, holder = said
        context = self._context
        if not operator:
            self._hold(number, "operator_not_said", tag=tag)
        elif event in _GIVES and not holder:
            self._hold(number, "person_not_said", tag=tag, event=event)
        elif event == "RETIRE" and not self._answers.reason:
            self._hold(number, "reason_not_said", tag=tag)
        elif event in _PLACED and self._place(number) is None and (context.case_name or event == "RETURN"):
            self._hold(number, "place_not_said", tag=tag)
        else:
            return False
        return True

    def _is_doubtful(self, number: int, tag: str, event: EventType) -> bool:
        """Hold an asset after a label that was left out, or after a settled card that is doubtful by now."""
        label = self._context.place_left_out
        if label and event in _PLACED and self._place(number) is None:
            if not self._is_meant(number, "place_left_out", tag=tag, earlier=label):
                return True
            self._context = msgspec.structs.replace(self._context, place_left_out=0)
        if self._doubted and number not in self._settled.batches:
            question = self._questions[self._doubted][0].message
            if not self._is_meant(number, "card_doubtful_now", tag=tag, earlier=self._doubted, question=question):
                return True
            self._doubted = 0
        return False

    def _place(self, number: int) -> Place | None:
        """Return where an asset was put, as a label said before it or the file says beside it."""
        return self._context.place or self._rows_said.get(number, NOTHING_SAID).place

    def _is_again(self, number: int, tag: str, earlier: int, time: datetime | None) -> bool:
        """Tell whether an asset right after itself was scanned again; if not, it counts once or is held."""
        is_timed = time is not None and self._assets[-1].time is not None
        is_first_since = earlier in self._settled.batches and number not in self._settled.batches
        if not is_timed and is_first_since:  # without times it may have been scanned again days later
            return self._is_meant(number, "repeat_untimed", tag=tag, earlier=earlier)
        self._assets.append(AssetRead(number, tag, time, self._context, is_repeat=True))
        if is_timed:
            self._remark(number, "read_twice", earlier=earlier, seconds=int(TWICE_WITHIN.total_seconds()))
        else:
            self._remark(number, "read_twice_untimed", earlier=earlier)
        self._say(self._meanings[number].scan, "repeated")
        return False

    # Undo, and doubts

    def _undo(self, scan: RawScan, time: datetime | None) -> None:
        self._say(scan, "undo")
        before = self._last
        is_twice = before is not None and says_card(before, CardKind.UNDO) and is_near(time, self._last_time)
        if is_twice and not self._is_meant(scan.number, "undo_twice"):
            return
        if not self._assets:
            self._remark(scan.number, "undo_of_nothing")
            return
        target, last = self._assets[-1], self._trail[-1]
        if target.is_repeat or target.number != last:
            self._hold(scan.number, "undo_unclear", what=f"scan {last}, {shown(self._meanings[last].scan)}")
            return
        if target.number in self._settled.rows and scan.number not in self._settled.batches:
            batch = self._settled.batches[target.number]
            self._hold(scan.number, "undo_of_recorded", earlier=target.number, batch=batch)
            return
        self._assets.pop()
        self._trail.pop()
        self._questions.pop(target.number, None)
        self._say(self._meanings[target.number].scan, "undone")
        self._context = msgspec.structs.replace(target.context, slot_forgiven=True)
        self._remark(scan.number, "undone", earlier=target.number)

    def _check_pause(self, scan: RawScan, time: datetime | None) -> None:
        """Ask, after a long pause or a jump of the clock, whether the cards from before still hold."""
        if time is None or self._last_time is None or not self._trail or self._context == CardContext():
            return
        if says_card(scan, CardKind.BEGIN, CardKind.END):
            return
        if time - self._last_time > CONTEXT_HOLDS:
            self._is_meant(scan.number, "context_old", gap=duration_said(time - self._last_time))

    def _is_meant(self, number: int, code: str, **facts: object) -> bool:
        """Ask about a scan, unless it was looked at, at the desk, and is meant as it is; tell whether it is."""
        question = finding(code, None, None, number=number, **facts)
        self._asked.add(number)
        if number in self._said_of(number).taken:
            self._remark(number, "taken_so", question=question.message)
            return True
        self._questions.setdefault(number, []).append(question)
        return False

    def _hold(self, number: int, code: str, **facts: object) -> None:
        """Hold a scan that can't be taken as it is, whatever is answered."""
        self._questions.setdefault(number, []).append(finding(code, None, None, number=number, **facts))

    def _remark(self, number: int, code: str, **facts: object) -> None:
        self._notes.setdefault(number, []).append(finding(code, None, None, number=number, **facts))

    def _say(self, scan: RawScan, said: str) -> None:
        self._meanings[scan.number] = Meaning(scan, said)
