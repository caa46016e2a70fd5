"""What stands on a receipt: the lines of one holder, from the log and the present state.

Owns which entries concern a holder, and how a place or a person is named on paper. Writes nothing.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

from assettrack.domain import errors
from assettrack.domain.audit_log import decode_body
from assettrack.domain.entries.base import Entry, NotAnEntry
from assettrack.domain.entries.rows import IssueEntry, RetireEntry, ReturnEntry, RowEntry, TransferEntry
from assettrack.domain.facts import Correction
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import Asset
from assettrack.domain.receipts import LineEvent, ReceiptLine
from assettrack.services.ports import Snapshot

UNSLOTTED = "unslotted"
RETIRED = "retired"

_EVENTS: dict[type[Entry], LineEvent] = {
    IssueEntry: "ISSUE",
    ReturnEntry: "RETURN",
    TransferEntry: "TRANSFER",
    RetireEntry: "RETIRE",
}

Lines = dict[int, list[ReceiptLine]]
"""The lines of each holder, by the holder's number."""


def handed_over(snapshot: Snapshot, first_seq: int, last_seq: int) -> Lines:
    """Return, for each holder, what the rows of these entries gave to the holder and took from the holder."""
    lines: Lines = defaultdict(list)
    for entry in map(_entry, (record.body for record, _ in snapshot.records(first_seq, last_seq))):
        if isinstance(entry, RowEntry) and entry.before is not None and entry.before.holder != entry.after.holder:
            for holder_id in (entry.from_holder_id, entry.holder_id):
                if holder_id is not None:
                    own = lines[holder_id]
                    own.append(_line(snapshot, entry, len(own) + 1, _EVENTS[type(entry)], entry.after))
    return lines


def held(snapshot: Snapshot, holder: Holder) -> list[ReceiptLine]:
    """Return all that a holder has now, by tag, each with the entry by which the holder has it."""
    tags = snapshot.assets_of(holder.holder_id)
    inventory = snapshot.inventory_of(tags, [])
    lines = []
    for item, tag in enumerate(tags, 1):
        (body,) = (
            record.body for record, _ in snapshot.records(inventory.custody[tag].seq, inventory.custody[tag].seq)
        )
        entry = _entry(body)
        assert isinstance(entry, RowEntry), "custody begins with a row"
        lines.append(_line(snapshot, entry, item, "held", inventory.assets[tag]))
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


def _line(snapshot: Snapshot, entry: RowEntry, item: int, event: LineEvent, described: Asset) -> ReceiptLine:
    assert entry.before is not None, "only an asset that exists changes hands"
    return ReceiptLine(
        item=item,
        event=event,
        asset_tag=entry.asset_tag,
        equipment_type=described.equipment_type,
        moved_from=_where(entry.before),
        moved_to=described.holder or "" if event == "held" else _where(entry.after),
        entry_seq=entry.seq,
        corrected_by=superseded_by(snapshot, entry.seq),
        serial_number=described.serial_number or "",
        manufacturer=described.manufacturer or "",
        model=described.model or "",
        condition=entry.notes.replace("\n", " ").replace("\t", " "),
    )


def _where(asset: Asset) -> str:
    """Return where an asset is, as a receipt names it: the holder, the slot, or neither."""
    if asset.holder is not None:
        return asset.holder
    if asset.status == "RETIRED":
        return RETIRED
    return UNSLOTTED if asset.place is None else str(asset.place)


def _entry(body: bytes) -> Entry:
    try:
        return decode_body(body)
    except NotAnEntry as error:
        raise errors.DatabaseDamaged(f"an entry of the log can't be read ({error})") from error
