"""What stands on a receipt: the lines of one holder, from the log and the present state.

Owns which entries concern a holder, what of them was corrected, and how a place or a person is named on paper. Writes
nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from assettrack.domain import station_errors
from assettrack.domain.custody_moves import CustodyMove, receivers
from assettrack.domain.deeds import BatchRow
from assettrack.domain.entries.base import Entry, NotAnEntry
from assettrack.domain.entries.rows import IssueEntry, RetireEntry, ReturnEntry, RowEntry, TransferEntry
from assettrack.domain.facts import Correction
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import Asset
from assettrack.domain.receipt_tellings import Retelling, Telling, Tellings, Told, telling_of
from assettrack.domain.receipts import LineEvent, ReceiptLine
from assettrack.domain.tags import Place
from assettrack.services.effective_history import tellings_of
from assettrack.services.ports import Snapshot
from assettrack.services.stored_entries import decoded, entry_at, records_between

UNSLOTTED = "unslotted"
RETIRED = "retired"

_EVENTS: dict[type[Entry], LineEvent] = {
    IssueEntry: "ISSUE",
    ReturnEntry: "RETURN",
    TransferEntry: "TRANSFER",
    RetireEntry: "RETIRE",
}
_SAID = {
    "equipment_type": "equipment type",
    "serial_number": "serial number",
    "manufacturer": "manufacturer",
    "model": "model",
    "condition": "condition",
    "due_on": "due date",
}
"""What a receipt calls that which is told of an asset beside its ways."""


class HolderLines:
    """What stands on a holder's receipt of a batch, or of all the holder has.

    ``recorded`` are the changes of custody between the batch and the holder as they were recorded, ``moves`` as they
    should have been. ``due`` is for each line the date on which what was given is due, as it should have been, and
    ``told`` all that was stated of its row.
    """

    def __init__(self, holder_id: int) -> None:
        self.lines: list[ReceiptLine] = []
        self.recorded: list[CustodyMove] = []
        self.moves: list[CustodyMove] = []
        self.due: list[str | None] = []
        self.given_due: set[str | None] = set()
        self.told: list[Told] = []
        self._holder_id = holder_id
        self._corrected: dict[tuple[int, int], list[int]] = {}

    def add(self, line: ReceiptLine, told: Told) -> None:
        """Add a line of which all this was told."""
        self.lines.append(line)
        self.told.append(told)
        for retelling in told.retellings:
            self._corrected.setdefault((retelling.corrects, retelling.seq), []).append(line.item)
        self.recorded += self._own(told.first)
        stands = self._own(told.last)
        self.moves += stands
        is_given = any(move.to_holder == self._holder_id for move in stands)
        self.due.append(told.last.due_on if is_given else None)
        if is_given:
            self.given_due.add(told.last.due_on)

    def due_date(self, of_batch: str | None) -> tuple[str | None, list[str]]:
        """Return the one date on which all is due that was given, or None with a note for each of several dates.

        Where nothing was given that counts, it is that ``of_batch``.
        """
        if len(self.given_due) > 1:
            return None, due_notes(self.lines, self.due)
        return next(iter(self.given_due), of_batch), []

    def corrections(self) -> list[str]:
        """Return a note for each correction that changed what stands on a line, or corrected its entry."""
        return [
            f"entry {corrects} was corrected by entry {seq}: {_named_items(items)}"
            for (corrects, seq), items in sorted(self._corrected.items())
        ]

    def _own(self, telling: Telling) -> list[CustodyMove]:
        move = telling.move
        return [move] if move is not None and self._holder_id in {move.from_holder, move.to_holder} else []


def handed_over(snapshot: Snapshot, batch: BatchRow, only: int | None = None) -> dict[int, HolderLines]:
    """Return, for each holder, what a batch gave to the holder and took from the holder; or (``only``) for one.

    What was corrected is shown as it should have been. Whoever was named by mistake has the row as it was, void, with
    who should have been named instead.
    """
    custody = CustodyTold(snapshot)
    found: dict[int, HolderLines] = {}
    for record in records_between(snapshot, batch.first_seq + 1, batch.last_seq):
        tag = record.asset_tag or ""
        if only is not None and tag not in custody.corrected_tags and f'holder_id":{only}'.encode() not in record.body:
            continue  # of a large batch only the rows that can be meant are decoded
        entry = decoded(record)
        if isinstance(entry, RowEntry) and type(entry) in _EVENTS:
            told = custody.told(entry)
            for holder_id in told.holders():
                own = found.setdefault(holder_id, HolderLines(holder_id))
                own.add(custody.line(entry, len(own.lines) + 1, told, holder_id), told)
    return found


def lines_of(snapshot: Snapshot, seqs: Iterable[int], holder_id: int) -> HolderLines:
    """Return what some rows of the log gave to a holder and took from the holder, as they should have been.

    Raises:
        station_errors.DatabaseDamaged: one of them is of others; a list without it must not be signed.
    """
    custody, own = CustodyTold(snapshot), HolderLines(holder_id)
    for seq in dict.fromkeys(seqs):
        entry = entry_at(snapshot, seq, RowEntry)
        told = custody.told(entry)
        if holder_id not in told.holders():
            raise station_errors.DatabaseDamaged(f"the log and its tables disagree about whom entry {seq} names")
        own.add(custody.line(entry, len(own.lines) + 1, told, holder_id), told)
    return own


def held(snapshot: Snapshot, holder: Holder) -> HolderLines:
    """Return all that a holder has now, by tag, each with the entry by which the holder has it."""
    tags = snapshot.assets_of(holder.holder_id)
    inventory = snapshot.inventory_of(tags, [])
    custody = CustodyTold(snapshot)
    own = HolderLines(holder.holder_id)
    for item, tag in enumerate(tags, 1):
        entry = entry_at(snapshot, inventory.custody[tag].seq, RowEntry)
        told = custody.told(entry, inventory.assets[tag])
        if told.last.move is None:
            raise station_errors.DatabaseDamaged(
                f"entry {entry.seq} does not say how {holder.name} came to have asset {tag}"
            )
        own.add(custody.line(entry, item, told, None), told)
    return own


def usual_acceptors(snapshot: Snapshot, moves: Iterable[CustodyMove], holder_id: int) -> list[str]:
    """Return who accepts what changed hands so between a batch and a holder, unless it is said: none is the operator.

    Raises:
        station_errors.DatabaseDamaged: one of them is not registered.
    """
    return [_holder_name(snapshot, receiver) for receiver in receivers(moves, holder_id)]


class CustodyTold:
    """How custody changed hands, with all corrections; only assets that were ever corrected are told anew."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.corrected_tags = {fact.asset_tag for fact in snapshot.facts(Correction)}
        self._tellings: dict[str, Tellings] = {}

    def told(self, entry: RowEntry, held_as: Asset | None = None) -> Told:
        """Return all that was ever stated of a row; of what is held (``held_as``) the asset is described as it is."""
        if entry.asset_tag in self.corrected_tags:
            return self.retold(entry, None if held_as is None else self._snapshot.log_size)
        telling = telling_of(_recorded(entry), held_as or entry.after, entry.notes, entry.after.due_on)
        return Told(telling, telling)

    def retold(self, entry: RowEntry, described_at: int | None) -> Told:
        """Return all that was ever stated of a row, the asset described as it was after the row or that entry.

        Raises:
            station_errors.DatabaseDamaged: its history can't be read.
        """
        tag = entry.asset_tag
        try:
            if tag not in self._tellings:
                self._tellings[tag] = tellings_of(self._snapshot, tag)
            return self._tellings[tag].told(entry.seq, described_at)
        except NotAnEntry as error:
            raise station_errors.DatabaseDamaged(f"the history of asset {tag} can't be read ({error})") from error

    def line(self, entry: RowEntry, item: int, told: Told, holder_id: int | None) -> ReceiptLine:
        """Return the line of a row for a holder whom it names or named; without one the line is of what is held."""
        telling = told.last if holder_id is None else told.holders()[holder_id]
        event: LineEvent = "held" if holder_id is None else _EVENTS[type(entry)]
        move = telling.move
        assert move is not None, "whoever is concerned is concerned by a move"
        return ReceiptLine(
            item=item,
            event=event,
            asset_tag=entry.asset_tag,
            equipment_type=telling.equipment_type,
            moved_from=self._from(move),
            moved_to=self._to(move, retired=event == "RETIRE"),
            entry_seq=entry.seq,
            corrected_by=told.corrected_by,
            void="" if holder_id is None else self._void(told, holder_id),
            serial_number=telling.serial_number,
            manufacturer=telling.manufacturer,
            model=telling.model,
            condition=telling.condition,
        )

    def otherwise(self, entry: RowEntry, retelling: Retelling) -> Iterator[str]:
        """Yield what a correction changed of a row, each as a receipt should say it now: ``to Bob Brown``."""
        before, after = retelling.before, retelling.after
        if before.move != after.move:
            retired = isinstance(entry, RetireEntry)
            was, now = before.move or CustodyMove(None, None), after.move or CustodyMove(None, None)
            if self._from(was) != self._from(now):
                yield f"from {self._from(now)}"
            if self._to(was, retired=retired) != self._to(now, retired=retired):
                yield f"to {self._to(now, retired=retired)}"
        for field, said in _SAID.items():
            if getattr(before, field) != getattr(after, field):
                yield f"{said} {getattr(after, field) or '(blank)'}"

    def _void(self, told: Told, holder_id: int) -> str:
        void = told.void_for(holder_id)
        if void is None:
            return ""
        instead = "" if void.instead is None else f" {_holder_name(self._snapshot, void.instead)}"
        return f"should {'have been' if instead else 'not have been'}{instead}, by correction entry {void.seq}"

    def _from(self, move: CustodyMove) -> str:
        return self._named(move.from_holder, move.from_place)

    def _to(self, move: CustodyMove, *, retired: bool) -> str:
        return RETIRED if retired else self._named(move.to_holder, move.to_place)

    def _named(self, holder_id: int | None, place: Place | None) -> str:
        """Return how a receipt names the holder, the slot, or that there is neither."""
        if holder_id is None:
            return UNSLOTTED if place is None else str(place)
        return _holder_name(self._snapshot, holder_id)


def _holder_name(snapshot: Snapshot, holder_id: int) -> str:
    """Return how a holder is called now."""
    holder = snapshot.holder(holder_id)
    if holder is None:
        raise station_errors.DatabaseDamaged(f"holder {holder_id} is gone, though the log names them")
    return holder.name


def _recorded(entry: RowEntry) -> CustodyMove | None:
    """Return the change of custody that a row made, as it was recorded; None where it made none."""
    before, after = entry.before, entry.after
    if before is None or before.holder == after.holder:
        return None
    to_holder = entry.holder_id if after.holder is not None else None
    from_holder = entry.from_holder_id if after.holder is not None else entry.holder_id
    return CustodyMove(from_holder, to_holder, before.place, after.place)


def due_notes(lines: Sequence[ReceiptLine], due: Sequence[str | None]) -> list[str]:
    """Return a note for each date on which some of the assets are due: ``due 2027-01-31: items 1, 3``."""
    pairs = sorted((date, line.item) for line, date in zip(lines, due, strict=True) if date is not None)
    return [
        f"due {date}: {_named_items(item for _, item in group)}" for date, group in groupby(pairs, lambda pair: pair[0])
    ]


def _named_items(items: Iterable[int]) -> str:
    """Return items of a receipt in words: ``item 2``, ``items 1, 3``."""
    numbers = [str(item) for item in items]
    return f"item{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"
