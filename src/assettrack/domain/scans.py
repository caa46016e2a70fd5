"""A row of a batch: the contract's columns and limits, the scan it becomes, and its identity.

Owns the batch contract "OPN-2004 v1" (DESIGN §4) as far as it is about names, limits and
what makes two rows the same row. Reading files is `formats`, judging cells is `validation`.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import repeat
from typing import Literal

import msgspec

from assettrack.domain.tags import OUT, OUT_WORD, Place

COLUMNS = (
    "asset_tag",
    "timestamp",
    "event_type",
    "operator_id",
    "issued_to_name",
    "case_number",
    "slot_number",
    "building_room",
    "equipment_type",
    "serial_number",
    "manufacturer",
    "model",
    "model_code",
    "notes",
)
"""The contract's columns, in the order in which cells are handed on and a row's identity is made."""

REQUIRED_COLUMNS = COLUMNS[:4]
"""Columns that every row needs."""

DETAIL_COLUMNS = COLUMNS[7:13]
"""Descriptive fields of an asset."""

BLOCK_ROWS = 1000
"""Rows that are read, looked up, decided, encoded and written at a time."""

FILE_BYTES_MAX = 256 * 1024 * 1024
ROWS_MAX = 1_000_000
CELL_BYTES_MAX = 4096
OPERATOR_LENGTH_MAX = 64
AHEAD_MINUTES_MAX = 5
"""How far ahead of the station's clock a row may be, because clocks differ."""

EventType = Literal["SCAN", "ISSUE", "RETURN", "UPDATE", "RETIRE", "TRANSFER"]
GIVING = frozenset({"ISSUE", "TRANSFER"})
"""Events that give an asset to the holder they name."""

EVENT_TYPES: tuple[EventType, ...] = ("SCAN", "ISSUE", "RETURN", "UPDATE", "RETIRE")
"""The events of a batch file. A TRANSFER is typed: the contract "OPN-2004 v1" has no such row."""

USUAL_WIDTH = len("2026-02-02T13:00:00Z")
"""A time of this width with T and Z is in the form that nearly every row has: UTC in whole seconds."""

_SEPARATOR = "\x1f"


class Scan(msgspec.Struct, frozen=True, gc=False):
    """One valid row. Blank cells are empty texts; ``place`` is None where case and slot are blank.

    ``occurred_at`` is the time in UTC as text of fixed width (`timestamps.UTC_WIDTH`), so that texts
    compare as times do. ``timestamp`` is the time as received, blank where it was received in the
    form that nearly every row has, which `received` makes again: a million rows are kept in memory
    at once. ``identity`` is 32 bytes.
    """

    row_number: int
    asset_tag: str
    timestamp: str
    occurred_at: str
    event_type: EventType
    operator_id: str
    issued_to_name: str
    place: Place | None
    building_room: str
    equipment_type: str
    serial_number: str
    manufacturer: str
    model: str
    model_code: str
    notes: str
    ordinal: int
    identity: bytes

    @property
    def received(self) -> str:
        """The time as it was received."""
        return self.timestamp or f"{self.occurred_at[:19]}Z"


class BadRow(msgspec.Struct, frozen=True, gc=False):
    """A row with problems: as much of it as could be read, so that rows which hang on it are recognised."""

    row_number: int
    asset_tag: str | None
    place: Place | None
    event_type: EventType | None = None


def identity_text(scan_cells: Sequence[str]) -> str:
    """Return what a row's identity is made from: all its normalised cells, in the order of `COLUMNS`.

    No cell can contain the separator, because control characters are problems.
    """
    return _SEPARATOR.join(scan_cells)


def row_identity(text: str, ordinal: int) -> bytes:
    """Return the SHA-256 (32 bytes) that names a row: its cells and its ordinal among identical rows of the file."""
    return sha256(f"{text}{_SEPARATOR}{ordinal}".encode()).digest()


def timeless_identity(scan: Scan) -> bytes:
    """Return what names a typed row until it is committed: its cells and ordinal without the time, 32 bytes.

    A typed row takes place when it is committed, so that its time can't be part of what is confirmed.
    """
    case, slot = place_cells(scan.place)
    text = identity_text(
        (
            scan.asset_tag, "", scan.event_type, scan.operator_id, scan.issued_to_name, case, slot, scan.building_room,
            scan.equipment_type, scan.serial_number, scan.manufacturer, scan.model, scan.model_code, scan.notes,
        ),
    )  # fmt: skip
    return row_identity(text, scan.ordinal)


def first_identities(*columns: Iterable[str]) -> list[bytes]:
    """Return what `row_identity` gives for each of many rows that are the first of their kind, told by columns."""
    texts = map(_SEPARATOR.join, zip(*columns, repeat("1")))  # the last is the ordinal
    return [hashed.digest() for hashed in map(sha256, map(str.encode, texts))]


def place_cells(place: Place | None) -> tuple[str, str]:
    """Return the normal form of the case and the slot cell that name a place."""
    if place is None:
        return ("", "")
    if place == OUT:
        return (OUT_WORD, OUT_WORD)
    return (place.case_name, str(place.slot_position))
