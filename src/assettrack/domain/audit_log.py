"""The audit log's entries: what each kind holds, and their one canonical form (DESIGN §6).

Owns the body of an entry. It is JSON with sorted keys and no white space, in UTF-8 (the form
of RFC 8785 for texts and whole numbers); it is stored, hashed and handed on as it is, never
made again from its parts. Fields that are blank or do not apply are left out. People are
named by holder number and name, never by contact data.
"""

from typing import Literal

import msgspec

from assettrack.domain.inventory import Asset
from assettrack.domain.plans import Options
from assettrack.domain.scans import EventType, Scan, identity_text, place_cells, row_identity
from assettrack.domain.tags import OUT, OUT_WORD, Place


class Entry(
    msgspec.Struct, frozen=True, gc=False, omit_defaults=True, forbid_unknown_fields=True, tag_field="event_type"
):
    """What every entry holds: its number in the log, from 1 without gaps."""

    seq: int


class DeedEntry(Entry, frozen=True, gc=False, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """What every entry but a row's holds: who did it when, by the station's clock, with which program."""

    operator: str
    recorded_at: str
    version: str


class StationEntry(DeedEntry, frozen=True, gc=False, tag="STATION", kw_only=True, omit_defaults=True):
    """A station was set up: its name, its IANA zone and its public key (hex, 32 bytes)."""

    station: str
    timezone: str
    public_key: str


class CaseEntry(DeedEntry, frozen=True, gc=False, tag="CASE", kw_only=True, omit_defaults=True):
    """A case was prepared with slots 1 to ``slots``."""

    case_name: str
    slots: int


class HolderEntry(DeedEntry, frozen=True, gc=False, tag="HOLDER", kw_only=True, omit_defaults=True):
    """A holder was registered, by a batch when ``batch_id`` is there."""

    holder_id: int
    name: str
    batch_id: int | None = None


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


class SlotEntry(DeedEntry, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A typed deed about the slot of one asset; ``occurred_at`` is when it was recorded."""

    asset_tag: str
    occurred_at: str
    before: Asset
    after: Asset
    reason: str | None = None


class AssignEntry(SlotEntry, frozen=True, gc=False, tag="SLOT_ASSIGN", kw_only=True, omit_defaults=True):
    """An unslotted asset was put into a slot."""


class MoveEntry(SlotEntry, frozen=True, gc=False, tag="SLOT_MOVE", kw_only=True, omit_defaults=True):
    """An asset was moved from its slot to another."""


class VacateEntry(SlotEntry, frozen=True, gc=False, tag="SLOT_VACATE", kw_only=True, omit_defaults=True):
    """An asset was taken out of its slot."""


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


class ScanEntry(RowEntry, frozen=True, gc=False, tag="SCAN", omit_defaults=True):
    """A SCAN row."""


class IssueEntry(RowEntry, frozen=True, gc=False, tag="ISSUE", omit_defaults=True):
    """An ISSUE row."""


class ReturnEntry(RowEntry, frozen=True, gc=False, tag="RETURN", omit_defaults=True):
    """A RETURN row."""


class UpdateEntry(RowEntry, frozen=True, gc=False, tag="UPDATE", omit_defaults=True):
    """An UPDATE row."""


class RetireEntry(RowEntry, frozen=True, gc=False, tag="RETIRE", omit_defaults=True):
    """A RETIRE row."""


ROW_ENTRIES: dict[EventType, type[RowEntry]] = {
    "SCAN": ScanEntry,
    "ISSUE": IssueEntry,
    "RETURN": ReturnEntry,
    "UPDATE": UpdateEntry,
    "RETIRE": RetireEntry,
}

_EVENT_TYPES = {entry: event for event, entry in ROW_ENTRIES.items()}

AnyEntry = (
    StationEntry
    | CaseEntry
    | HolderEntry
    | BatchEntry
    | AssignEntry
    | MoveEntry
    | VacateEntry
    | ScanEntry
    | IssueEntry
    | ReturnEntry
    | UpdateEntry
    | RetireEntry
)

encode_body = msgspec.json.Encoder(order="sorted").encode
"""Return the canonical body of an entry, as bytes."""

_DECODER: msgspec.json.Decoder[AnyEntry] = msgspec.json.Decoder(AnyEntry)


class NotAnEntry(ValueError):
    """A stored body is no entry; the text says why."""


def decode_body(body: bytes) -> AnyEntry:
    """Return the entry that a stored body states.

    Raises:
        NotAnEntry: the body is not JSON or not an entry of a known kind. Whether it is in the canonical
            form is told by making the entry again, as the replay does.
    """
    try:
        return _DECODER.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise NotAnEntry(str(error)) from error


def event_type(entry: Entry) -> str:
    """Return the entry's kind, as it stands in its body."""
    return str(entry.__struct_config__.tag)


def scan_of(entry: RowEntry) -> Scan:
    """Return the scan that a row's entry was made from, its identity computed anew.

    Raises:
        NotAnEntry: its case and slot don't go together.
    """
    place = _place_of(entry)
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
