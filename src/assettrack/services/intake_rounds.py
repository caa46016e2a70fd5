"""Rounds of scans in an intake queue: what begins and ends them, and what a slot's label and an undo card mean in them.

Owns that a card means here what it means among the scans of a pocket scanner (`domain.scan_grammar`), or is held for
the same reason. Where the person at the screen knows more than the cards, such as who scans, that is said here too.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from assettrack.domain import cards
from assettrack.domain.asset_codes import Gs1Reader
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.desk_rows import QueueRow
from assettrack.domain.queued_scans import (
    Context,
    ContextSet,
    Held,
    Meant,
    QueuedScan,
    Repeated,
    RowMeant,
    Undone,
    UsedSlot,
)
from assettrack.domain.raw_scans import UNTOLD, RawScan
from assettrack.domain.said_contexts import after_held
from assettrack.domain.scan_pauses import is_near
from assettrack.domain.scans import GIVING
from assettrack.domain.tags import OUT, Place
from assettrack.domain.wedge import LENGTH_MAX, read_typed
from assettrack.domain.wording import quoted
from assettrack.services.ports import Snapshot
from assettrack.services.scan_catalogues import catalogue_of
from assettrack.services.scan_reading import ScanReader

PLACED = frozenset({"SCAN", "RETURN", "UPDATE"})
"""The events whose assets go where a label says."""

_UNDO_HELD = frozenset({"undo_of_what", "undo_again"})
"""Why an undo card is held."""


class RoundReader(ScanReader):
    """Understands the scans of a queue with the cards that begin a round, end it, and take back a scan."""

    def __init__(
        self,
        snapshot: Snapshot,
        scans: Sequence[QueuedScan],
        context: Context,
        *,
        read_gs1: Gs1Reader,
        row: QueueRow,
        at: str,
    ) -> None:
        """Begin after the ``scans`` of the queue ``row``; what comes is scanned ``at`` that time (UTC text)."""
        super().__init__(snapshot, scans, context, read_gs1=read_gs1, fixed_below=row.committing_below or 0)
        self._row = row
        self._at_time = at
        self._typed = ""
        self._scans = list(scans)

    def understand(self, raw: str) -> tuple[list[Meant], Context]:
        """Return what a scan means, a case label perhaps many rows, and the context after it."""
        self._typed = raw[:LENGTH_MAX]
        before = self._context
        meants, after = super().understand(raw)
        for meant in meants:
            if isinstance(meant, Held):
                after = self._context = after_held(meant, read_typed(raw).text, after)
        return [self._as_far_as_said(meant, before) for meant in meants], after

    def _as_far_as_said(self, meant: Meant, before: Context) -> Meant:
        """Return what a scan means; a held one with the row that it would be by what was said before it.

        A card says nothing of an asset, and after the end of a round nobody said what is done with one. Nor does
        anybody know where an asset is whose place is not clear: it is blank.
        """
        if not isinstance(meant, Held) or before.ended or cards.is_card(read_typed(self._typed).text):
            return meant
        tag = meant.facts["case"] if meant.reason == "case_or_asset" else meant.facts.get("tag", "")
        is_nowhere = before.event_type in GIVING or (before.unslotted and before.event_type in PLACED)
        return msgspec.structs.replace(meant, row=self._row_of(before, tag, OUT if is_nowhere else None))

    def _keep_next(self, meant: Meant) -> None:
        """Remember what came now, and forget what it takes back."""
        self._scans.append(QueuedScan(self._next_number, self._at_time, self._typed, meant))
        super()._keep_next(meant)
        if isinstance(meant, Undone) and meant.number is not None:
            at, gone = next((at, scan) for at, scan in enumerate(self._scans) if scan.number == meant.number)
            self._scans[at] = msgspec.structs.replace(gone, removed_at=self._at_time)

    def _last(self) -> QueuedScan | None:
        """Return the scan just before, unless it was removed."""
        return next((scan for scan in reversed(self._scans) if not scan.removed), None)

    def _is_at_once(self, scan: QueuedScan | None, card: Card) -> bool:
        """Tell whether a scan is of the same card, and so near in time that both may be one reading."""
        return scan is not None and _card(scan) == card and is_near(_between(scan.scanned_at, self._at_time))

    # Rounds

    def _begin(self, card: Card, text: str) -> tuple[list[Meant], Context]:
        """Begin anew: nothing is known of the next scans but the type, nor their event. Anybody else's card is held."""
        other = self._not_whose(card, text)
        context = self._context.anew()
        return [*self._left_empty(None), *other] or [ContextSet(context)], context

    def _not_whose(self, card: Card, text: str) -> list[Meant]:
        """Hold the card of anybody but whoever is signed in: each row is said to be scanned by them."""
        known = catalogue_of(self._snapshot, [RawScan(1, text, UNTOLD)], self._read_gs1)
        name, _ = known.operator_of(card.word)
        if not name:
            return [Held("begin_of_nobody", {"card": text, "account": card.word})]
        if doubt := known.doubt_of(card):
            return [Held("begin_not_ours", {"card": text, "account": card.word, "doubt": doubt})]
        if self._row.account_id not in known.operators:
            return [Held("begin_of_other", {"card": text, "name": name, "operator": self._row.name})]
        return []

    def _end(self, card: Card, text: str) -> tuple[list[Meant], Context]:  # noqa: ARG002 - as it is asked for
        """End the round: what is scanned next has to be said anew. A number that is not that of its assets is held."""
        context = self._context.anew()
        if self._is_at_once(self._last(), card):
            return [ContextSet(context)], context
        held, found = self._left_empty(None), len(self._assets_of_round())
        if card.word and int(card.word) != found:
            held.append(Held("end_count_differs", {"said": card.word, "found": str(found)}))
        return held or [ContextSet(context)], context

    def _assets_of_round(self) -> set[str]:
        """Return the assets that were scanned since the last card that began or ended a round, held ones too."""
        tags = set()
        for scan in reversed(self._scans):
            if scan.removed:
                continue
            if _is_border(scan):
                break
            tags.add(_tag_of(scan.meant))
        return tags - {""}

    # Slots

    def _slot(self, case: str, position: int, text: str) -> tuple[list[Meant], Context]:
        """Understand the label of a slot; one after another into which nothing was put is held, and holds."""
        meants, context = super()._slot(case, position, text)
        if not isinstance(meants[0], ContextSet):
            return meants, context
        return self._left_empty(Place(context.case_name, position)) or meants, context

    def _unslotted(self) -> tuple[list[Meant], Context]:
        """Understand the card of no slot, which ends the label before it."""
        meants, context = super()._unslotted()
        return self._left_empty(None) or meants, context

    def _case(self, case: str) -> tuple[list[Meant], Context]:
        """Understand a case's label, which ends the label of a slot or case before it, and the card of no slot.

        What it brings goes to none of these, only to a place that was chosen by hand for it.
        """
        is_scan = self._context.event_type == "SCAN"
        brought = [] if is_scan else self._brought_by(case)
        if not self._snapshot.slots_of(case) or not (is_scan or brought):
            return super()._case(case)  # it is held; whichever label comes next asks about the one before it
        if self._is_chosen_for(brought):
            return super()._case(case)
        left = self._left_empty(None)
        for held in left:
            self._keep_next(held)
        self._context = self._at("")
        meants, after = super()._case(case)
        self._kept_early += len(left)
        if left and isinstance(meants[0], ContextSet):
            return left, after
        return [*left, *meants], after

    def _is_chosen_for(self, brought: Sequence[str]) -> bool:
        """Tell whether a place was chosen by hand, and is for these too: a slot is for one asset alone."""
        context = self._context
        holds = context.by_hand and context.used is None and not context.place_removed
        return holds and (context.slot_position is None or len(brought) == 1)

    def _left_empty(self, place: Place | None) -> list[Meant]:
        """Hold what comes after the label of a slot into which nothing was put; the same label once more is fine."""
        before = self._context.place_left_empty
        if before is None or (before == place and self._context.used is None):
            return []
        return [Held("label_without_asset", {"place": str(before)})]

    def _asset(self, tag: str) -> tuple[list[Meant], Context]:
        """Understand an asset; a slot is for one alone, and after the end of a round nobody knows what is done."""
        context = self._context
        if context.ended:
            return [Held("round_ended", {"tag": tag})], context
        (meant,), after = super()._asset(tag)
        placed = context.event_type in PLACED
        if context.place_removed and placed and isinstance(meant, RowMeant):
            return [Held("place_removed", {"tag": tag})], context
        if context.used is not None and placed and isinstance(meant, RowMeant) and self._kept(tag) is None:
            place, other = str(context.used_place), context.used.used_by
            if tag != other or self._rows.get(tag):
                return [Held("slot_used", {"tag": tag, "place": place, "other": other})], context
            self._context = context = msgspec.structs.replace(context, slot_position=context.used.slot_position)
            (meant,), after = super()._asset(tag)  # the asset for which the label was, after its scan was removed
        if context.slot_position is not None and not isinstance(meant, Held):
            used = UsedSlot(context.slot_position, tag, missed=not placed)
            after = msgspec.structs.replace(after, used=used, taken_back=False)
        return [meant], after

    # Undo

    def _undo(self) -> tuple[list[Meant], Context]:
        """Take back the asset just scanned; whatever else was scanned last, or an undo read twice, is held."""
        context = self._context
        if self._is_at_once(self._last(), Card(CardKind.UNDO)):
            return [Held("undo_again")], context
        taken = {scan.meant.number for scan in self._scans if isinstance(scan.meant, Undone)}
        trail = (scan for scan in reversed(self._scans) if not _is_undo(scan.meant))
        left = (scan for scan in trail if not (scan.removed and scan.number in taken))
        target, before = next(left, None), next(left, None)
        if target is None or target.number < self._fixed_below:
            return [Undone(None)], context
        if what := _unclear(target, before):
            return [Held("undo_of_what", {"what": what})], context
        used = context.used
        if used is not None and isinstance(target.meant, RowMeant) and target.meant.row.asset_tag == used.used_by:
            context = msgspec.structs.replace(context, slot_position=used.slot_position, used=None, taken_back=True)
        return [Undone(target.number)], context


def _is_undo(meant: Meant) -> bool:
    return isinstance(meant, Undone) or (isinstance(meant, Held) and meant.reason in _UNDO_HELD)


def _unclear(target: QueuedScan, before: QueuedScan | None) -> str:
    """Return what an undo card comes after, where that is not one asset that was scanned once; else blank."""
    what, tag = quoted(target.typed, 40), _tag_of(target.meant)
    if target.removed:
        return f"{what}, which is removed"
    if not tag:
        return what
    if before is None or not is_near(_between(before.scanned_at, target.scanned_at)):
        return ""
    if isinstance(target.meant, Repeated) and _tag_of(before.meant) == tag:
        return f"{what}, read twice"
    if before.typed == target.typed and _tag_of(before.meant) not in {"", tag}:
        return f"{what}, which brought several assets"
    return ""


def _tag_of(meant: Meant) -> str:
    """Return the asset that a scan is of, held or not; blank where it is of none."""
    if isinstance(meant, RowMeant):
        return meant.row.asset_tag
    if isinstance(meant, Repeated) and meant.row is not None:
        return meant.row.asset_tag
    return meant.facts.get("tag", "") if isinstance(meant, Held) else ""


def _is_border(scan: QueuedScan) -> bool:
    """Tell whether a scan is a card that began or ended a round; before cards ended one, they did not."""
    card = _card(scan)
    if card is None or isinstance(scan.meant, RowMeant):
        return False
    if card.kind is CardKind.END:
        return not isinstance(scan.meant, ContextSet) or scan.meant.context.ended
    return card.kind is CardKind.BEGIN


def _card(scan: QueuedScan) -> Card | None:
    text = read_typed(scan.typed).text
    try:
        return cards.read(text) if cards.is_card(text) else None
    except cards.NotACard:
        return None


def _between(earlier: str, later: str) -> timedelta:
    """Return how long lies between two scans; a browser that waited may have the later one first."""
    return abs(datetime.fromisoformat(later) - datetime.fromisoformat(earlier))
