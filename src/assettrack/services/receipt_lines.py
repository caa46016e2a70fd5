"""What stands on a receipt: the lines of one holder, from the log and the present state.

Owns which entries concern a holder, and how a place or a person is named on paper. Writes nothing.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

from assettrack.domain import errors
from assettrack.domain.corrections import Step
from assettrack.domain.custody_moves import CustodyMove, moves_of
from assettrack.domain.deeds import BatchRow
from assettrack.domain.entries.base import Entry, NotAnEntry
from assettrack.domain.entries.rows import IssueEntry, RetireEntry, ReturnEntry, RowEntry, TransferEntry
from assettrack.domain.facts import Correction
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import Asset
from assettrack.domain.receipts import LineEvent, ReceiptLine
from assettrack.domain.tags import Place
from assettrack.services.effective_history import corrected_history
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


class HolderLines:
    """What stands on a holder's receipt of a batch.

    ``was_given`` tells whether the holder was given anything, ``stands`` whether anything of it still counts after
    all corrections.
    """

    def __init__(self) -> None:
        self.lines: list[ReceiptLine] = []
        self.was_given = False
        self.stands = False


def handed_over(snapshot: Snapshot, batch: BatchRow, only: int | None = None) -> dict[int, HolderLines]:
    """Return, for each holder, what a batch gave to the holder and took from the holder; or (``only``) for one.

    What was corrected is shown as it should have been. Whoever was named by mistake has the row as it was, marked
    with the correction.
    """
    custody = _Custody(snapshot)
    found: dict[int, HolderLines] = defaultdict(HolderLines)
    for record in records_between(snapshot, batch.first_seq + 1, batch.last_seq):
        tag = record.asset_tag or ""
        if only is not None and tag not in custody.corrected_tags and f'holder_id":{only}'.encode() not in record.body:
            continue  # of a large batch only the rows that can be meant are decoded
        entry = decoded(record)
        if isinstance(entry, RowEntry) and type(entry) in _EVENTS:
            _add(found, entry, custody)
    return found


def _add(found: dict[int, HolderLines], entry: RowEntry, custody: "_Custody") -> None:
    """Add the lines of a row to those of the holders whom it concerns."""
    recorded = _recorded(entry)
    counts = custody.move(entry)
    concerned = [] if counts is None else [counts.from_holder, counts.to_holder]
    mistaken = [] if recorded is None else [recorded.from_holder, recorded.to_holder]
    for holder_id in dict.fromkeys([*concerned, *mistaken]):
        if holder_id is None:
            continue
        own = found[holder_id]
        stands = holder_id in concerned
        move = counts if stands else recorded
        assert move is not None, "whoever is concerned is concerned by a move"
        own.stands |= stands
        own.was_given |= move.to_holder == holder_id
        own.lines.append(custody.line(entry, len(own.lines) + 1, move, _EVENTS[type(entry)], entry.after))


class _Custody:
    """How custody changed hands, with all corrections; only assets that were ever corrected are told anew."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.corrected_tags = {fact.asset_tag for fact in snapshot.facts(Correction)}
        self._told: dict[str, tuple[dict[int, CustodyMove], dict[int, Step]]] = {}

    def move(self, entry: RowEntry) -> CustodyMove | None:
        """Return the change of custody that a row made, as it should have been; None where it made none."""
        if entry.asset_tag not in self.corrected_tags:
            return _recorded(entry)
        return self._history(entry.asset_tag)[0].get(entry.seq)

    def line(self, entry: RowEntry, item: int, move: CustodyMove, event: LineEvent, described: Asset) -> ReceiptLine:
        """Return the line of a row; the asset is described as it was after it, or for what is held as it is now."""
        notes = entry.notes
        if entry.asset_tag in self.corrected_tags:
            scan = self._history(entry.asset_tag)[1][entry.seq].scan
            notes = notes if scan is None else scan.notes
        return ReceiptLine(
            item=item,
            event=event,
            asset_tag=entry.asset_tag,
            equipment_type=described.equipment_type,
            moved_from=self._named(move.from_holder, move.from_place),
            moved_to=RETIRED if event == "RETIRE" else self._named(move.to_holder, move.to_place),
            entry_seq=entry.seq,
            corrected_by=superseded_by(self._snapshot, entry.seq),
            serial_number=described.serial_number or "",
            manufacturer=described.manufacturer or "",
            model=described.model or "",
            condition=notes.replace("\n", " ").replace("\t", " "),
        )

    def _history(self, asset_tag: str) -> tuple[dict[int, CustodyMove], dict[int, Step]]:
        if asset_tag not in self._told:
            try:
                _, steps = corrected_history(self._snapshot, asset_tag)
            except NotAnEntry as error:
                raise errors.DatabaseDamaged(f"the history of asset {asset_tag} can't be read ({error})") from error
            self._told[asset_tag] = moves_of(steps[seq] for seq in sorted(steps)), steps
        return self._told[asset_tag]

    def _named(self, holder_id: int | None, place: Place | None) -> str:
        """Return how a receipt names the holder, the slot, or that there is neither."""
        if holder_id is None:
            return UNSLOTTED if place is None else str(place)
        holder = self._snapshot.holder(holder_id)
        if holder is None:
            raise errors.DatabaseDamaged(f"holder {holder_id} is gone, though the log names them")
        return holder.name


def _recorded(entry: RowEntry) -> CustodyMove | None:
    """Return the change of custody that a row made, as it was recorded; None where it made none."""
    before, after = entry.before, entry.after
    if before is None or before.holder == after.holder:
        return None
    to_holder = entry.holder_id if after.holder is not None else None
    from_holder = entry.from_holder_id if after.holder is not None else entry.holder_id
    return CustodyMove(from_holder, to_holder, before.place, after.place)


def held(snapshot: Snapshot, holder: Holder) -> list[ReceiptLine]:
    """Return all that a holder has now, by tag, each with the entry by which the holder has it."""
    tags = snapshot.assets_of(holder.holder_id)
    inventory = snapshot.inventory_of(tags, [])
    custody = _Custody(snapshot)
    lines = []
    for item, tag in enumerate(tags, 1):
        entry = entry_at(snapshot, inventory.custody[tag].seq, RowEntry)
        move = custody.move(entry)
        if move is None:
            raise errors.DatabaseDamaged(f"entry {entry.seq} does not say how {holder.name} came to have asset {tag}")
        lines.append(custody.line(entry, item, move, "held", inventory.assets[tag]))
    return lines


def due_notes(lines: Sequence[ReceiptLine], due: Sequence[str | None]) -> list[str]:
    """Return a note for each date on which some of the assets are due: ``due 2027-01-31: items 1, 3``."""
    pairs = sorted((date, line.item) for line, date in zip(lines, due, strict=True) if date is not None)
    return [
        f"due {date}: item{'s' if len(items) > 1 else ''} {', '.join(map(str, items))}"
        for date, items in ((date, [item for _, item in group]) for date, group in groupby(pairs, lambda pair: pair[0]))
    ]


def superseded_by(snapshot: Snapshot, seq: int) -> int | None:
    """Return the entry that corrects an entry, the latest where that was corrected again, or None."""
    found = None
    while (correction := snapshot.fact(Correction, seq)) is not None:
        found = seq = correction.seq
    return found
