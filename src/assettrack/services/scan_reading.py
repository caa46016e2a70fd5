"""Understanding one scan in the context of a queue: a card, a label, a name or a tag.

Owns what a scan may mean. What is not clear is held, with the reason, and never guessed. Reads the present state, and
changes nothing.
"""

from collections import Counter
from collections.abc import Sequence

import msgspec

from assettrack.domain import cards
from assettrack.domain.asset_codes import Gs1Reader
from assettrack.domain.card_catalogue import is_number
from assettrack.domain.card_marks import doubt_of
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.holders import Holder
from assettrack.domain.queued_scans import Context, ContextSet, Held, Meant, QueuedScan, Repeated, RowMeant, Undone
from assettrack.domain.scans import GIVING, EventType
from assettrack.domain.tags import OUT, OUT_WORD, NotATag, Place, parse_asset_tag, parse_case_name
from assettrack.domain.typed_rows import TYPED_EVENT_TYPES, TypedRow
from assettrack.domain.wedge import LENGTH_MAX, read_typed
from assettrack.domain.wording import quoted
from assettrack.services.card_marks import marks_of_holders
from assettrack.services.case_forms import is_of_cases_alone
from assettrack.services.code_reading import asset_in_code
from assettrack.services.ports import Snapshot
from assettrack.services.queued_whereabouts import QueuedWhereabouts

_EVENTS: dict[str, EventType] = {event: event for event in TYPED_EVENT_TYPES}


class ScanReader:
    """Understands scans one after another in the context of a queue, each on what those before it mean."""

    def __init__(
        self,
        snapshot: Snapshot,
        scans: Sequence[QueuedScan],
        context: Context,
        *,
        read_gs1: Gs1Reader,
        fixed_below: int = 0,
    ) -> None:
        """Begin after ``scans``; those numbered below ``fixed_below`` can't be taken back any more."""
        self._snapshot = snapshot
        self._read_gs1 = read_gs1
        self._context = context
        self._fixed_below = fixed_below
        self._next_number = scans[-1].number + 1 if scans else 1
        self._kept_early = 0
        self._present: dict[int, RowMeant] = {}
        self._rows: dict[str, dict[int, TypedRow]] = {}  # the present ones of each asset, in their order
        self._by_then = QueuedWhereabouts(snapshot, self._rows)
        self._places: Counter[Place | None] = Counter()
        self._slots: dict[str, Sequence[tuple[int, str | None]]] = {}
        for scan in scans:
            if not scan.removed:
                self._keep(scan.number, scan.meant)

    def understand(self, raw: str) -> tuple[list[Meant], Context]:
        """Return what a scan means, a case label perhaps many rows, and the context after it."""
        self._kept_early = 0
        meants, self._context = self._meaning(raw)
        for meant in meants[self._kept_early :]:
            self._keep_next(meant)
        return meants, self._context

    def _keep_next(self, meant: Meant) -> None:
        """Remember what came now, and forget what it takes back."""
        self._keep(self._next_number, meant)
        self._next_number += 1
        if isinstance(meant, Undone) and meant.number in self._present:
            gone = self._present.pop(meant.number)
            del self._rows[gone.row.tag][meant.number]
            self._places.subtract(gone.places)

    def _keep(self, number: int, meant: Meant) -> None:
        """Remember a scan for those after it, by its asset and its place."""
        if isinstance(meant, RowMeant):
            self._present[number] = meant
            self._rows.setdefault(meant.row.tag, {})[number] = meant.row
            self._places.update(meant.places)

    def _meaning(self, raw: str) -> tuple[list[Meant], Context]:
        typed = read_typed(raw)
        text = typed.text
        named = asset_in_code(self._snapshot, typed, self._read_gs1) if len(text) <= LENGTH_MAX else None
        if named is not None:
            return ([named], self._context) if isinstance(named, Held) else self._asset(named)
        if len(text) > LENGTH_MAX or not text.isprintable():
            return [Held("scan_unreadable", {"scan": quoted(text, 40)})], self._context
        if cards.is_card(text):
            return self._card(text)
        label = cards.read_slot_label(text)
        if label is not None:
            return self._slot(*label, text)
        return self._name(text)

    def _card(self, text: str) -> tuple[list[Meant], Context]:
        try:
            card = cards.read(text)
        except cards.NotACard as error:
            return [Held("card_unreadable", {"card": text, "reason": error.reason})], self._context
        if card.kind is CardKind.UNDO:
            return self._undo()
        if card.kind is CardKind.SLOT:
            return self._slot(card.word, card.position, text)
        if card.kind is CardKind.CASE and card.word == OUT_WORD:
            return self._unslotted()
        if card.kind is CardKind.CASE:
            return self._case(card.word)
        return self._context_card(card, text)

    def _context_card(self, card: Card, text: str) -> tuple[list[Meant], Context]:
        """Understand a card that says who, what or how many."""
        if card.kind is CardKind.EVENT and card.word in _EVENTS:
            return self._set(msgspec.structs.replace(self._context, event_type=_EVENTS[card.word], ended=False))
        if card.kind is CardKind.HOLDER and is_number(card.word):
            holder = self._snapshot.holder(int(card.word))
            if holder is not None:
                return self._badge(card, holder, text)
        if card.kind is CardKind.BEGIN:
            return self._begin(card, text)
        if card.kind is CardKind.END:
            return self._end(card, text)
        return [Held("card_unreadable", {"card": text, "reason": "what it names is not known here"})], self._context

    def _begin(self, card: Card, text: str) -> tuple[list[Meant], Context]:  # noqa: ARG002 - for readers of a queue
        """Hold a card with which a round begins: where no rounds are scanned it means nothing."""
        return [Held("card_not_here", {"card": text})], self._context

    def _end(self, card: Card, text: str) -> tuple[list[Meant], Context]:
        """Hold a card with which a round ends: where no rounds are scanned it means nothing."""
        return self._begin(card, text)

    def _undo(self) -> tuple[list[Meant], Context]:
        """Leave it to whoever reads what an undo card takes back, where no queue is read."""
        return [Undone(None)], self._context

    def _unslotted(self) -> tuple[list[Meant], Context]:
        """Understand the card of no slot."""
        return self._set(self._at("", unslotted=True))

    def _badge(self, card: Card, holder: Holder, text: str) -> tuple[list[Meant], Context]:
        """Understand the badge of a holder's number; one that may be another's is held."""
        doubt = doubt_of(card.mark, marks_of_holders(self._snapshot, [holder.holder_id])[holder.holder_id])
        if doubt:
            return [Held("badge_not_ours", {"card": text, "holder": card.word, "doubt": doubt})], self._context
        return self._for(holder)

    def _for(self, holder: Holder) -> tuple[list[Meant], Context]:
        """Return the context with another holder for the next scans, by name and number."""
        return self._set(msgspec.structs.replace(self._context, holder=holder.name, holder_id=holder.holder_id))

    def _set(self, context: Context) -> tuple[list[Meant], Context]:
        return [ContextSet(context)], context

    def _at(
        self, case: str, *, slot_position: int | None = None, fills: bool = False, unslotted: bool = False
    ) -> Context:
        """Return the context with another place for the next scans."""
        return msgspec.structs.replace(
            self._context, case_name=case, slot_position=slot_position, fills=fills, unslotted=unslotted,
            by_hand=False, used=None, taken_back=False, place_removed=False,
        )  # fmt: skip

    def _slot(self, case: str, position: int, text: str) -> tuple[list[Meant], Context]:
        try:
            name = parse_case_name(case)
        except NotATag as error:
            return [Held("card_unreadable", {"card": text, "reason": error.reason})], self._context
        positions = [each for each, _ in self._snapshot.slots_of(name)]
        if position not in positions:
            return [Held("slot_not_known", {"place": f"{name} slot {position}"})], self._context
        return self._set(self._at(name, slot_position=position))

    def _name(self, text: str) -> tuple[list[Meant], Context]:
        """Understand a name: that of a case, an asset or a holder. What is two of them at once is held."""
        tag = _tag(text)
        is_asset = tag is not None and self._snapshot.asset(tag) is not None
        case = _case(text)
        is_case = case is not None and bool(self._snapshot.slots_of(case))
        if is_asset and is_case:
            return [Held("scan_ambiguous", {"scan": text})], self._context
        if is_case and case is not None:
            return self._case(case)
        if not is_asset:
            holder = self._snapshot.holder_called(text)  # in any case: Caps Lock inverts what a wedge types
            if holder is not None:
                return self._for(holder)
        if tag is None and case is not None and is_of_cases_alone(self._snapshot, case):
            return [Held("case_or_asset", {"case": case})], self._context  # a case's, though no asset can have it
        if tag is None:
            return [Held("scan_unreadable", {"scan": quoted(text, 40)})], self._context
        held = None if is_asset else self.new_asset_doubt(tag)
        return self._asset(tag) if held is None else ([held], self._context)

    def new_asset_doubt(self, tag: str) -> Held | None:  # noqa: ARG002 - for readers who know where the scan goes
        """Return why a scan that names no known asset is held rather than a new one; None where it is not."""
        return None

    def _tags_of_rows(self) -> list[str]:
        """Return the assets that are rows of the queue."""
        return [tag for tag, rows in self._rows.items() if rows]

    def _case(self, case: str) -> tuple[list[Meant], Context]:
        """Understand a case label: whatever is in it, or belongs into it; for a SCAN it says where the next are."""
        slots = self._snapshot.slots_of(case)
        if not slots:
            return [Held("case_not_known", {"case": case})], self._context
        event = self._context.event_type
        if event == "SCAN":
            return self._set(self._at(case, fills=True))
        tags = self._brought_by(case)
        if not tags:
            return [Held("case_has_nothing", {"case": case, "event": event})], self._context
        return self._assets(tags)

    def _brought_by(self, case: str) -> list[str]:
        """Return the assets that the label of a case brings, but by a SCAN."""
        return self._by_then.brought(case, self._context.event_type, self._is_repeated)

    def _is_repeated(self, tag: str) -> bool:
        """Tell whether the next scan of an asset would only repeat the row before it."""
        return self._same(self._next_row(tag)) is not None

    def _assets(self, tags: Sequence[str]) -> tuple[list[Meant], Context]:
        """Understand the scan of a case's label as one of each of these assets."""
        meants: list[Meant] = []
        for tag in tags:
            (meant,), self._context = self._asset(tag)
            self._keep_next(meant)
            meants.append(meant)
        self._kept_early = len(meants)
        return meants, self._context

    def _asset(self, tag: str) -> tuple[list[Meant], Context]:
        context = self._context
        if context.event_type in GIVING and not context.holder:
            return [Held("holder_not_said", {"tag": tag})], context
        row = self._next_row(tag)
        if row.place is None and self._needs_free_slot(tag) and self._kept(tag) is None:
            return [Held("case_full", {"tag": tag, "case": context.case_name})], context
        earlier = self._same(row)
        after = msgspec.structs.replace(context, slot_position=None)  # the slot was for this asset, wherever it went
        if earlier is not None:
            return [Repeated(earlier, self._said_alone(row, is_repeat=True))], after
        own = self._said_alone(row, is_repeat=False)
        last = self._last_row(tag)[1]
        placed = own if last is None else own.after(last)
        return [RowMeant(placed, own=None if placed == own else own)], after

    def _next_row(self, tag: str) -> TypedRow:
        """Return the row that the next scan of an asset would be; one that says no place may keep that of the last."""
        kept = self._kept(tag)
        if kept is None:
            place = self._place(tag)
            row = self._row_of(self._context, tag, place)
            is_given = place not in {None, OUT} and self._context.slot_position is None and row.event_type != "RETURN"
            return msgspec.structs.replace(row, from_state=("slot",)) if is_given else row
        row = self._row_of(self._context, tag, kept.place)
        is_said = self._context.fills and (row.event_type == "UPDATE" or row.place is None)
        return msgspec.structs.replace(row, seen_in=kept.seen_in, from_state=("slot",) if is_said else ("place",))

    def _said_alone(self, row: TypedRow, *, is_repeat: bool) -> TypedRow:
        """Return what a scan says without the line before it: the case that is set, and its free slot.

        One that is a line beside that one says no slot: its asset is elsewhere, and keeps none from others.
        """
        case = self._context.case_name
        is_sighting = row.event_type == "SCAN" and self._context.fills
        if not is_sighting or row.place is None or row.place.case_name == case:
            return row
        free = self._next_free() if is_repeat else None
        return msgspec.structs.replace(row, place=free, seen_in="" if free else case)

    def _row_of(self, context: Context, tag: str, place: Place | None) -> TypedRow:
        """Return what a context says of an asset that goes to a place; of a blank tag it is not said what it is."""
        is_scan = context.event_type == "SCAN"
        is_unrecorded = is_scan and tag != "" and self._snapshot.asset(tag) is None
        is_new = is_unrecorded and self._by_then.of(tag).status is None
        is_seen = is_scan and not is_new and place is None and not context.place_removed
        return TypedRow(
            context.event_type,
            tag,
            context.holder if context.event_type in GIVING else "",
            place,
            context.notes,
            self._type_of_new(tag) if is_unrecorded else "",
            building_room=context.building_room if context.event_type in {"SCAN", "UPDATE"} else "",
            holder_id=context.holder_id if context.event_type in GIVING else None,
            seen_in=context.case_name if is_seen and context.fills else "",
        )

    def _type_of_new(self, tag: str) -> str:
        """Return the type that a row said before of an asset which is not recorded, else that of the next ones.

        A later row says it too: it makes the asset where the row that did is removed.
        """
        said = (row.equipment_type for row in self._rows.get(tag, {}).values() if row.event_type == "SCAN")
        return next(filter(None, said), self._context.equipment_type)

    def _last_row(self, tag: str) -> tuple[int, TypedRow | None]:
        """Return the last row of an asset and its scan; 0 and None where it has none."""
        return next(reversed(self._rows.get(tag, {}).items()), (0, None))

    def _same(self, row: TypedRow) -> int | None:
        """Return the scan before of the same asset, where another one after it would say nothing else."""
        number, last = self._last_row(row.asset_tag)
        return number if last is not None and row.repeats(last) else None

    def _kept(self, tag: str) -> TypedRow | None:
        """Return the last row of an asset, where the next one says the same event, and no other place of it.

        A case whose free slots are taken in order says a place where the asset is moved, or was put nowhere when the
        queue made it. What was put somewhere then stays there; and what is only seen is seen elsewhere in another case.
        """
        context, (_, last) = self._context, self._last_row(tag)
        is_said = context.slot_position is not None or context.unslotted
        if last is None or is_said or last.event_type != context.event_type:
            return None
        if last.event_type not in {"SCAN", "UPDATE"} or not context.fills or context.place_removed:
            return last
        case = last.seen_in if last.place is None else last.place.case_name
        is_put = last.event_type == "SCAN" and last.place is not None and self._is_made_by_last(tag)
        return last if is_put or case == context.case_name else None

    def _is_made_by_last(self, tag: str) -> bool:
        """Tell whether there is no such asset before its last row, or none at all."""
        return self._by_then.of(tag, but_last=True).status is None

    def _place(self, tag: str) -> Place | None:
        """Return the place that the context gives an asset: the slot said, the next free one, or its home."""
        context = self._context
        if context.event_type in GIVING:
            return OUT
        if context.event_type == "RETIRE":
            return None
        if context.slot_position is not None:
            return Place(context.case_name, context.slot_position)
        if context.unslotted:
            return OUT
        if context.event_type == "RETURN":
            return self._by_then.of(tag).home or OUT
        return self._own_slot(tag) or self._next_free() if self._needs_free_slot(tag) else None

    def _own_slot(self, tag: str) -> Place | None:
        """Return the slot of the context's case that the asset would be in, or goes back into: no other names it."""
        recorded = self._by_then.recorded(tag).place
        named = sum(recorded in self._present[number].places for number in self._rows.get(tag, ()))
        home = recorded if self._places[recorded] == named else None
        found = (place for place in (self._by_then.of(tag).place, home) if place is not None)
        return next((place for place in found if place.case_name == self._context.case_name), None)

    def _needs_free_slot(self, tag: str) -> bool:
        """Tell whether the asset is to take the next free slot of the case; one that is only seen again takes none."""
        context = self._context
        if not context.fills or context.event_type not in {"SCAN", "UPDATE"}:
            return False
        if context.event_type == "UPDATE":
            return True
        last = self._last_row(tag)[1]
        is_put = last is not None and last.event_type == "SCAN" and last.place is not None
        return self._is_made_by_last(tag) and not is_put

    def _next_free(self) -> Place | None:
        """Return the first slot of the context's case that nothing is in, or is put into by any row of this queue.

        One that a row frees stays taken: if that row is removed, nothing else is in its asset's way.
        """
        case = self._context.case_name
        if case not in self._slots:
            self._slots[case] = list(self._snapshot.slots_of(case))
        for position, occupant in self._slots[case]:
            place = Place(case, position)
            if occupant is None and not self._places[place]:
                return place
        return None


def _tag(text: str) -> str | None:
    try:
        return parse_asset_tag(text)
    except NotATag:
        return None


def _case(text: str) -> str | None:
    try:
        return parse_case_name(text)
    except NotATag:
        return None
