"""Entries of a batch: its facts, and one entry for each of its rows."""

from typing import Literal

from assettrack.domain.entries.base import DeedEntry, Entry, NotAnEntry
from assettrack.domain.inventory import Asset
from assettrack.domain.plans import Options
from assettrack.domain.scans import EventType, Scan, identity_text, place_cells, row_identity
from assettrack.domain.tags import OUT, OUT_WORD, Place
from assettrack.domain.timestamps import UTC_WIDTH


class BatchEntry(DeedEntry, frozen=True, gc=False, tag="BATCH", kw_only=True, omit_defaults=True):
    """A batch was committed: its facts, stated once. New holders and then its rows follow.

    ``rows`` and ``new_holders`` count the entries that follow; ``source_sha256`` is of the
    file's bytes, in hex.
    """

    batch_id: int
    rows: int
    source_name: str
    source_sha256: str
    new_holders: int = 0
    options: Options = Options()


class RowEntry(Entry, frozen=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """One row of a batch: the scan as it was read, and the change it made.

    Column names are the contract's. ``ordinal`` counts identical rows of one file, ``late_reason``
    is why a row out of time was accepted, ``holder_id`` is the holder concerned: who has the
    asset after the row, or else who had it before.
    """

    batch_id: int
    row_number: int
    asset_tag: str
    timestamp: str
    occurred_at: str
    operator_id: str
    before: Asset | None
    after: Asset
    issued_to_name: str = ""
    case_number: str = ""
    slot_number: int | Literal["", "OUT"] = ""
    building_room: str = ""
    equipment_type: str = ""
    serial_number: str = ""
    manufacturer: str = ""
    model: str = ""
    model_code: str = ""
    notes: str = ""
    ordinal: int = 1
    holder_id: int | None = None
    late_reason: str | None = None
    from_holder_id: int | None = None


class ScanEntry(RowEntry, frozen=True, gc=False, tag="SCAN", omit_defaults=True):
    """A SCAN row."""


class IssueEntry(RowEntry, frozen=True, gc=False, tag="ISSUE", omit_defaults=True):
    """An ISSUE row."""


class ReturnEntry(RowEntry, frozen=True, gc=False, tag="RETURN", omit_defaults=True):
    """A RETURN row."""


class TransferEntry(RowEntry, frozen=True, gc=False, tag="TRANSFER", omit_defaults=True):
    """A TRANSFER row: custody went from one holder to another. Files have none; it is typed."""


class UpdateEntry(RowEntry, frozen=True, gc=False, tag="UPDATE", omit_defaults=True):
    """An UPDATE row."""


class RetireEntry(RowEntry, frozen=True, gc=False, tag="RETIRE", omit_defaults=True):
    """A RETIRE row."""


ROW_ENTRIES: dict[EventType, type[RowEntry]] = {
    "SCAN": ScanEntry,
    "ISSUE": IssueEntry,
    "RETURN": ReturnEntry,
    "TRANSFER": TransferEntry,
    "UPDATE": UpdateEntry,
    "RETIRE": RetireEntry,
}

_EVENT_TYPES = {entry: event for event, entry in ROW_ENTRIES.items()}


def scan_of(entry: RowEntry) -> Scan:
    """Return the scan that a row's entry was made from, its identity computed anew.

    Raises:
        NotAnEntry: its case and slot don't go together, or its time is not in the form in which times are compared.
    """
    place = _place_of(entry)
    if len(entry.occurred_at) != UTC_WIDTH:
        raise NotAnEntry("its time is not in the form in which times are kept")
    case, slot = place_cells(place)
    kind = _EVENT_TYPES[type(entry)]
    text = identity_text(
        (
            entry.asset_tag, entry.occurred_at, kind, entry.operator_id, entry.issued_to_name, case, slot,
            entry.building_room, entry.equipment_type, entry.serial_number, entry.manufacturer, entry.model,
            entry.model_code, entry.notes,
        ),
    )  # fmt: skip
    return Scan(
        entry.row_number, entry.asset_tag, entry.timestamp, entry.occurred_at, kind, entry.operator_id,
        entry.issued_to_name, place, entry.building_room, entry.equipment_type, entry.serial_number,
        entry.manufacturer, entry.model, entry.model_code, entry.notes, entry.ordinal,
        row_identity(text, entry.ordinal),
    )  # fmt: skip


def _place_of(entry: RowEntry) -> Place | None:
    case, slot = entry.case_number, entry.slot_number
    if case == slot == "":
        return None
    if case == slot == OUT_WORD:
        return OUT
    if isinstance(slot, str) or case in {"", OUT_WORD}:
        raise NotAnEntry("its case and slot don't go together")
    return Place(case, slot)
