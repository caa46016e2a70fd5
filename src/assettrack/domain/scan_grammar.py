"""The grammar of scans: what the ordered scans of a pocket scanner mean, by the cards among them.

Owns the rules. A card says what the scans after it mean, and holds until another of its kind replaces it; a begin card
forgets all of them, an end card ends. The slot of a label is for the one asset after it. Whatever could be meant in two
ways is held, with its question, and never guessed: a held scan stops the whole batch. Pure: the same scans, catalogue
and answers are read the same, whenever and wherever.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

import msgspec

from assettrack.domain import cards
from assettrack.domain.card_catalogue import CardCatalogue
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.raw_scans import CODE_128, UNTOLD, RawScan
from assettrack.domain.said_once import answered_for
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scan_context import (
    AssetRead,
    CardContext,
    RowSaid,
    parsed,
    read_before,
    read_twice,
    says_card,
)
from assettrack.domain.scan_meanings import Meaning, shown
from assettrack.domain.scan_memory import Memory
from assettrack.domain.scan_pauses import Moment, is_timed, moments_of
from assettrack.domain.scan_waits import PLACED
from assettrack.domain.scanner_clock import Timing
from assettrack.domain.scans import GIVING, EventType
from assettrack.domain.settled_scans import NOTHING_SETTLED, Settled
from assettrack.domain.tags import OUT, OUT_WORD, Place, parse_case_name
from assettrack.domain.typed_rows import TYPED_EVENT_TYPES, TypedRow
from assettrack.domain.wording import counted

NO_ROWS: Mapping[int, RowSaid] = {}

_EVENTS: dict[str, EventType] = {event: event for event in TYPED_EVENT_TYPES}


class Reading(Memory):
    """Reads scans one after the other; afterwards there is a meaning for each of them, in their order."""

    def __init__(
        self,
        catalogue: CardCatalogue,
        answers: Answers,
        rows_said: Mapping[int, RowSaid] = NO_ROWS,
        settled: Settled = NOTHING_SETTLED,
    ) -> None:
        super().__init__(catalogue, answers, rows_said, settled)
        self._answers = answers
        self._last: RawScan | None = None
        self._left_out: AssetRead | None = None  # the scan just before, if it is left out

    def read(self, scans: Sequence[RawScan], times: Sequence[Timing]) -> list[Meaning]:
        """Return what each scan means; ``times`` are theirs."""
        self._scans = scans
        for scan, moment in zip(scans, moments_of(scans, times), strict=True):
            self._answers = self._said_of(scan.number)
            self._go_on_from_settled(scan)
            reason = self._answers.reasons.get(scan.number)
            if reason is not None:
                self._remark(scan.number, "left_out", text=shown(scan), reason=reason)
                self._say(scan, "left out")
                self._leave_out(scan)
                tag, said = self._catalogue.tag_of(scan.text), self._said_by_row(scan.number)
                self._left_out = AssetRead(scan.number, tag, moment, self._context, said)
                self._answer_left_out(self._left_out, scan)
                self._pauses.skip(moment)
                continue
            self._check_pause(scan, moment)
            self._say(scan, "card")
            self._one(scan, moment)
            self._remember(scan)
            self._last, self._left_out = scan, None
            self._pauses.add(moment)
        self._end_of_slot()
        self._remark_waiting()
        return self._concluded()

    # One scan

    def _one(self, scan: RawScan, moment: Moment) -> None:
        label = cards.read_slot_label(scan.text)
        if cards.is_card(scan.text):
            self._card(scan, moment)
        elif label is not None:
            self._slot(scan, *label)
        else:
            self._text(scan, moment)

    def _text(self, scan: RawScan, moment: Moment) -> None:
        """Read a text without any mark of what it is: a code that stands for an asset, a case's name, or a tag."""
        code = self._catalogue.codes.get(scan.text)
        name = parsed(parse_case_name, scan.text)
        tag = self._catalogue.tag_of(scan.text)
        now = AssetRead(scan.number, tag, moment, self._context, self._said_by_row(scan.number))
        if scan.is_product_code and not self._is_meant(scan.number, "product_code", text=shown(scan)):
            if tag and name not in self._catalogue.cases:
                self._ask_at_once(now)
        elif code is not None and not tag:
            self._hold(scan.number, "code_unclear", text=shown(scan), what=code.unclear)
        elif code is None and name in self._catalogue.cases_and_assets:
            self._hold(scan.number, "case_and_asset", text=shown(scan))
        elif code is None and name in self._catalogue.cases:
            self._case(scan, name)
        elif not tag:
            self._hold(scan.number, "not_understood", text=shown(scan))
        elif code is not None or self._is_asset(scan.number, name, self._catalogue, is_awaited=self._awaits(tag)):
            self._asset(scan, now)
        else:
            self._ask_at_once(now)

    def _awaits(self, tag: str) -> bool:
        """Tell whether an asset has to come: one for the label of a slot, or the one just scanned, read twice.

        Where the asset of a label was left out or taken back, anything may come.
        """
        context, before = self._context, self._assets[-1] if self._assets else None
        if context.slot_scan and not (context.place_used_by or context.asset_left_out or context.slot_forgiven):
            return True
        is_last = before is not None and self._last is not None and before.number == self._last.number
        return before is not None and is_last and before.asset_tag == tag

    # Cards

    def _card(self, scan: RawScan, moment: Moment) -> None:
        if scan.symbology not in {CODE_128, UNTOLD}:  # its check character has to do where nothing tells the kind
            self._hold(scan.number, "card_of_other_code", text=shown(scan))
            if says_card(scan, CardKind.UNDO):
                self._hold_maybe_undo(scan.number)
            return
        try:
            card = cards.read(scan.text)
        except cards.NotACard as error:
            self._hold(scan.number, "card_broken", text=shown(scan), reason=error.reason)
            if error.is_misread:
                self._hold_maybe_undo(scan.number)
            return
        if card.kind is CardKind.UNDO:
            self._undo(scan, moment)
        elif card.kind is CardKind.SLOT:
            self._slot(scan, card.word, card.position)
        elif card.kind is CardKind.CASE:
            self._case(scan, card.word)
        elif card.kind is CardKind.END:
            self._end(scan, card, moment)
        else:
            self._CONTEXT_CARDS[card.kind](self, scan, card)

    def _begin(self, scan: RawScan, card: Card) -> None:
        if self._context.operator:
            self._remark(scan.number, "end_missing")
        self._forget()
        self._once.forget()
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

    def _end(self, scan: RawScan, card: Card, moment: Moment) -> None:
        if self._last is not None and self._last.text == scan.text and self._pauses.is_at_once(moment):
            self._remark_twice(scan.number, self._last.number, timed=self._pauses.is_timed(moment))
            return
        scans = sum(not asset.is_repeat for asset in self._assets)
        assets = len({asset.asset_tag for asset in self._assets})
        is_unsure = self._waits.of_count
        self._forget()
        self._once.forget()
        if card.word and int(card.word) != assets and not is_unsure:
            found = counted(assets, "asset") + (f" in {counted(scans, 'scan')}" if scans != assets else "")
            self._is_meant(scan.number, "end_count_wrong", said=card.word, found=found)

    _CONTEXT_CARDS: ClassVar[dict[CardKind, Callable[["Reading", RawScan, Card], None]]] = {
        CardKind.BEGIN: _begin,
        CardKind.EVENT: _event,
        CardKind.HOLDER: _holder,
    }

    def _case(self, scan: RawScan, name: str) -> None:
        self._end_of_slot()
        if name != OUT_WORD and name not in self._catalogue.cases:
            self._hold(scan.number, "case_unknown_here", case=name)
            return
        place = OUT if name == OUT_WORD else None
        self._set(scan, "place", case_name=name, place=place, place_used_by="", place_left_out=0)

    def _slot(self, scan: RawScan, case: str, position: int) -> None:
        name = parsed(parse_case_name, case)
        place = Place(name, position)
        context = self._context
        if context.slot_scan and context.place == place and not context.place_used_by:
            self._remark(scan.number, "card_replaced", earlier=context.slot_scan)
            self._context = msgspec.structs.replace(context, asset_left_out=0, slot_forgiven=False)
            self._waits.end(["place"])
            self._trail.append(scan.number)
            return
        self._end_of_slot()
        if not 1 <= position <= self._catalogue.cases.get(name, 0):
            self._hold(scan.number, "slot_unknown_here", place=f"{name or case} slot {position}")
            return
        self._context = msgspec.structs.replace(
            self._context, case_name=name, place=place, place_used_by="", slot_scan=scan.number, place_left_out=0,
            asset_left_out=0,
        )  # fmt: skip
        self._waits.end(["place"])
        self._trail.append(scan.number)

    # Assets

    def _asset(self, scan: RawScan, now: AssetRead) -> None:
        self._trail.append(scan.number)
        tag = now.asset_tag
        earlier = read_twice(self._assets, self._last, now)
        if earlier is not None and not self._is_again(now, earlier):
            return
        context, answers, said = self._context, self._answers, now.said
        self._assets.append(msgspec.structs.replace(now, left_out_before=read_before(self._left_out, now)))
        operator = context.operator or answers.operator
        event = self._event_of(now)
        holder = context.holder or said.holder or answers.holder
        self._ask_if_contradicted(now)
        if self._is_waiting(now, event):
            return
        if event is None:
            self._hold(scan.number, "event_not_said" if operator else "operator_not_said", tag=tag)
            self._use_label(tag)
            return
        is_incomplete = self._is_incomplete(scan.number, tag, (operator, holder), event)
        if self._is_doubtful(scan.number, tag, event) or is_incomplete:
            if not self._context.slot_forgiven:  # else others are asked too whether they are in that slot
                self._use_label(tag, slot_missed=event not in PLACED)
            return
        context = self._context
        place = self._place(scan.number) if event in PLACED else OUT if event in GIVING else None
        if event == "RETURN" and place is None:
            place = OUT  # it was said to be in no slot, behind a label that is left out
        if context.place not in {None, OUT}:
            if event in PLACED and context.place_used_by:
                self._hold(scan.number, "slot_for_two", tag=tag, place=place, other=context.place_used_by)
                return
            if not context.place_used_by:
                self._context = msgspec.structs.replace(context, place_used_by=tag, slot_missed=event not in PLACED)
        given, notes = holder if event in GIVING else "", answers.reason if event == "RETIRE" else ""
        chosen = answers.holder_id if given and not (context.holder or said.holder) else None
        row = TypedRow(event, tag, given, place, notes, holder_id=chosen)
        self._meanings[scan.number] = Meaning(scan, "row", row, operator)

    def _event_of(self, now: AssetRead) -> EventType | None:
        """Return what is done with an asset, as a card, its row of a file or an answer says; None where none does."""
        return self._context.event_type or now.said.event_type or self._answers.event_type

    def _answer_left_out(self, now: AssetRead, scan: RawScan) -> None:
        """Keep in mind which answers for all may have been asked of a scan, as an asset, before it was left out."""
        if now.asset_tag and not self._may_be_case(scan):
            used = answered_for(self._event_of(now), self._context, now.said, self._answers)
            self._once.leave_out_asset(now.number, used)

    def _ask_at_once(self, now: AssetRead) -> None:
        """Ask of what may be no asset, or none anew, all that is asked about it once it is one.

        One answer takes it as it is, and answers no question that was not there to be seen.
        """
        event = self._event_of(now)
        self._ask_if_contradicted(now)
        if event is not None and not self._waits.of_asset(event):
            self._is_doubtful(now.number, now.asset_tag, event)

    def _is_incomplete(self, number: int, tag: str, said: tuple[str, str], event: EventType) -> bool:
        """Hold an asset of which something was not said that its event needs; ``said`` are operator and person."""
        operator, holder = said
        if not operator:
            self._hold(number, "operator_not_said", tag=tag)
        elif event in GIVING and not holder:
            self._hold(number, "person_not_said", tag=tag, event=event)
        elif event == "RETIRE" and not self._answers.reason:
            self._hold(number, "reason_not_said", tag=tag)
        elif self._lacks_place(number, event):
            self._hold(number, "place_not_said", tag=tag)
        else:
            return False
        return True

    def _is_doubtful(self, number: int, tag: str, event: EventType) -> bool:
        """Hold an asset after a card, label or asset that was left out, or a settled card that is doubtful by now.

        All of it is asked at once: whoever says that the asset is meant as it is has seen each of these questions. What
        is settled stays what it is, and leaves open what was not said with it.
        """
        said = self._said_by_row(number)
        is_held = self._is_said_for_other(number, tag, answered_for(event, self._context, said, self._answers))
        is_nowhere = event in PLACED and self._place(number) is None and not self._lacks_place(number, event)
        behind = self._context.place_left_out if is_nowhere else 0
        is_answered = behind == self._context.nowhere_behind and event != "RETURN"  # which puts each somewhere
        label = 0 if is_answered else behind
        if label:
            is_held |= not self._is_meant(number, "place_left_out", tag=tag, earlier=label)
        left_out, place = self._context.asset_left_out, self._context.place
        if left_out and event in PLACED and not self._context.place_used_by:
            other = shown(self._meanings[left_out].scan)
            if not self._is_meant(number, "slot_of_left_out", tag=tag, place=place, earlier=left_out, other=other):
                self._context = msgspec.structs.replace(self._context, slot_forgiven=True)  # it is asked about here
                is_held = True
        is_new = number not in self._settled.batches
        if is_new and self._doubted not in {0, label}:
            facts = {"earlier": self._doubted, "question": self._questions[self._doubted][0].message}
            is_held |= not self._is_meant(number, "card_doubtful_now", tag=tag, **facts)
        if label and not is_held:
            self._context = msgspec.structs.replace(self._context, nowhere_behind=label)
        if behind and behind == self._context.nowhere_behind:
            self._asked.add(number)  # whoever says it of the others too is not told that it is none
        if is_new and not is_held:
            self._doubted = 0
        return is_held and is_new

    def _lacks_place(self, number: int, event: EventType) -> bool:
        """Tell whether an asset is put somewhere, and nothing says in which slot, nor leaves it to be asked."""
        is_asked = bool(self._context.case_name) or (event == "RETURN" and not self._context.place_left_out)
        return is_asked and event in PLACED and self._place(number) is None

    def _place(self, number: int) -> Place | None:
        """Return where an asset was put, as a label said before it or the file says beside it."""
        return self._context.place or self._said_by_row(number).place

    def _is_again(self, now: AssetRead, earlier: int) -> bool:
        """Tell whether an asset right after itself was scanned again; if not, it counts once or is held."""
        timed = is_timed(self._assets[-1].moment, now.moment)
        is_first_since = earlier in self._settled.batches and now.number not in self._settled.batches
        if not timed and is_first_since:  # without times it may have been scanned again days later
            is_again = self._is_meant(now.number, "repeat_untimed", tag=now.asset_tag, earlier=earlier)
            if not is_again:
                self._ask_at_once(now)
            return is_again
        self._assets.append(msgspec.structs.replace(now, is_repeat=True))
        self._remark_twice(now.number, earlier, timed=timed)
        self._say(self._meanings[now.number].scan, "repeated")
        return False

    # Undo, and doubts

    def _undo(self, scan: RawScan, moment: Moment) -> None:
        self._say(scan, "undo")
        is_after_undo = self._last is not None and says_card(self._last, CardKind.UNDO)
        if is_after_undo and self._pauses.is_at_once(moment) and not self._is_meant(scan.number, "undo_twice"):
            return
        if not self._trail:
            self._remark(scan.number, "undo_of_nothing")
            return
        target, last = self._assets[-1] if self._assets else None, self._trail[-1]
        if target is None or target.is_repeat or target.number != last:
            self._hold(scan.number, "undo_unclear", what=f"scan {last}, {shown(self._meanings[last].scan)}")
            return
        if target.number in self._settled.rows and scan.number not in self._settled.batches:
            batch = self._settled.batches[target.number]
            self._hold(scan.number, "undo_of_recorded", earlier=target.number, batch=batch)
            return
        if target.left_out_before and scan.number not in self._settled.batches:
            twice = (
                f"scan {target.number}, {target.asset_tag}, read twice, and scan {target.left_out_before} is left out"
            )
            self._hold(scan.number, "undo_unclear", what=twice)
            return
        self._assets.pop()
        self._trail.pop()
        self._questions.pop(target.number, None)
        self._once.take_back(target.number)
        self._say(self._meanings[target.number].scan, "undone")
        self._context = msgspec.structs.replace(target.context, slot_forgiven=True)
        self._remark(scan.number, "undone", earlier=target.number)
