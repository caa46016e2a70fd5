"""Typed rows: what an operator asks for by command, as rows of the batch contract.

Owns how a command becomes rows, so that a row of a file and a command can't disagree: both are read,
validated and decided by the same rules. A typed row takes place when it is committed.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Literal

import msgspec

from assettrack.domain.findings import Finding, NotAllowed
from assettrack.domain.inventory import Inventory
from assettrack.domain.scans import EVENT_TYPES, EventType
from assettrack.domain.signatures import Drawing
from assettrack.domain.tags import OUT, OUT_WORD, Place
from assettrack.domain.validation import Cells

TYPED_EVENT_TYPES: tuple[EventType, ...] = (*EVENT_TYPES, "TRANSFER")

Unsaid = Literal["place", "slot", "equipment_type"]
"""What of a row nobody said; of a ``slot``, the case was said."""

_UNSAID: Mapping[Unsaid, Mapping[str, object]] = {
    "place": {"place": None},
    "slot": {"place": None},
    "equipment_type": {"equipment_type": ""},
}

_SAID = ("notes", "building_room", "serial_number", "manufacturer", "model", "model_code")
"""What a later row of an asset says anew, where it is not blank. Its type is said once, unless it is another."""


class TypedRow(msgspec.Struct, frozen=True):
    """One row as it was asked for, before anything of it is checked; blank texts are blank cells.

    ``from_state`` names the fields that nobody said, and that were taken from what is recorded of the asset, or from
    what was scanned of it before; a ``slot`` may be the next free one too.
    ``holder_id`` is the number of the holder who was chosen by the name, 0 where the batch is to register them, None
    where nobody knows: the name may be another's by the time it is decided. ``seen_in`` is the case that was said of a
    sighting, where nobody said the slot: no cells hold a case alone.
    """

    event_type: EventType
    asset_tag: str
    issued_to_name: str = ""
    place: Place | None = None
    notes: str = ""
    equipment_type: str = ""
    serial_number: str = ""
    manufacturer: str = ""
    model: str = ""
    model_code: str = ""
    building_room: str = ""
    from_state: tuple[Unsaid, ...] = ()
    holder_id: int | None = None
    seen_in: str = ""

    def as_said(self) -> "TypedRow":
        """Return the row with nothing in it but what was said."""
        unsaid = {name: blank for field in self.from_state for name, blank in _UNSAID[field].items()}
        return msgspec.structs.replace(self, **unsaid)

    def is_for_same(self, other: "TypedRow") -> bool:
        """Tell whether another row is for the same holder, as far as it is known who was chosen by the name."""
        numbers = {self.holder_id, other.holder_id}
        return self.issued_to_name == other.issued_to_name and (len(numbers) == 1 or None in numbers)

    @property
    def tag(self) -> str:
        """The asset as it would be read, also where somebody typed it."""
        return self.asset_tag.strip().upper()

    def after(self, last: "TypedRow") -> "TypedRow":
        """Return the row with the place that nobody said as the ``last`` row of the asset before it says it.

        Of a slot that nobody said the case goes on to be said: what the last row puts there stays in its slot, and what
        that one sees or puts elsewhere is seen in the case. A scan puts what it makes, and says then what it is; what
        is recorded is only seen by it.
        """
        if "place" in self.from_state and self.event_type == last.event_type:
            return msgspec.structs.replace(self, place=last.place, seen_in=last.seen_in)
        if "slot" not in self.from_state or self.place is None:
            return self
        is_put = last.event_type == self.event_type or last.event_type != "SCAN" or last.equipment_type
        if is_put and last.place is not None and last.place.case_name == self.place.case_name:
            return msgspec.structs.replace(self, place=last.place)
        if (self.event_type, last.event_type) == ("SCAN", "SCAN"):
            return msgspec.structs.replace(self, place=None, seen_in=self.place.case_name)
        return self

    def repeats(self, last: "TypedRow") -> bool:
        """Tell whether it says nothing that the ``last`` row before it did not say.

        What is not said says nothing else: a blank cell never erases, and a place that nobody said is where that is.
        """
        row = self.after(last)
        is_same = (row.event_type, row.tag) == (last.event_type, last.tag) and last.is_for_same(row)
        is_there = (row.place, row.seen_in) == (last.place, last.seen_in)
        is_kind = "" in {row.equipment_type, last.equipment_type} or row.equipment_type == last.equipment_type
        said = all(getattr(row, field) in {"", getattr(last, field)} for field in _SAID)
        return is_same and is_there and is_kind and said

    def cells(self, timestamp: str, operator: str) -> list[str]:
        """Return the row's cells, in the order of `scans.COLUMNS`."""
        case, slot = "", ""
        if self.place is not None:
            case, slot = (OUT_WORD, OUT_WORD) if self.place == OUT else (self.place[0], str(self.place[1]))
        return [
            self.asset_tag, timestamp, self.event_type, operator, self.issued_to_name, case, slot, self.building_room,
            self.equipment_type, self.serial_number, self.manufacturer, self.model, self.model_code, self.notes,
        ]  # fmt: skip


class TypedBatch:
    """Typed rows as a batch: fits the ``BatchSource`` of the services.

    ``at`` is the time that was said, as a batch would have it, or None: then the rows take place at
    ``now`` (UTC text), and neither their hash nor their confirm code depends on it. Nor does the hash depend on
    what the rows have from the state: it tells what was said, so that the same command is known by it when the
    state moved and its rows are others. ``typed`` are the rows.
    """

    problems: Sequence[Finding] = ()
    notices: Sequence[Finding] = ()
    event_types = TYPED_EVENT_TYPES
    is_typed = True

    def __init__(
        self,
        rows: Sequence[TypedRow],
        operator: str,
        *,
        now: str,
        at: str | None = None,
        drawings: Sequence[Drawing] = (),
    ) -> None:
        self.drawings = drawings
        self.typed = rows
        self._operator = operator
        self._timestamp = now if at is None else at
        self.is_timeless = at is None
        self.holders_chosen = [row.holder_id for row in rows]
        said = [row.as_said().cells(at or "", operator) for row in rows]
        self.sha256 = sha256(msgspec.json.encode(said)).hexdigest()

    def rows(self) -> Iterator[Cells]:
        """Yield the cells of each row."""
        for row in self.typed:
            yield row.cells(self._timestamp, self._operator)

    def release(self) -> None:
        """Keep everything: typed rows are few."""


def issues(asset_tags: Sequence[str], holder: str, notes: str = "") -> list[TypedRow]:
    """Return the rows that give assets to a holder."""
    return [TypedRow("ISSUE", tag, holder, OUT, notes) for tag in asset_tags]


def transfers(asset_tags: Sequence[str], holder: str, notes: str = "") -> list[TypedRow]:
    """Return the rows that move custody of assets to a holder, from whoever has them."""
    return [TypedRow("TRANSFER", tag, holder, OUT, notes) for tag in asset_tags]


def retirements(asset_tags: Sequence[str], reason: str) -> list[TypedRow]:
    """Return the rows that end assets."""
    return [TypedRow("RETIRE", tag, notes=reason) for tag in asset_tags]


def returns(asset_tags: Sequence[str], inventory: Inventory, place: Place | None, notes: str = "") -> list[TypedRow]:
    """Return the rows that take assets back: into ``place``, or (None) each into the slot it was issued from.

    Raises:
        NotAllowed: an asset was issued from no slot, and none is named.
    """
    if place is not None:
        return [TypedRow("RETURN", tag, place=place, notes=notes) for tag in asset_tags]
    return [
        TypedRow("RETURN", tag, place=_home(tag, inventory), notes=notes, from_state=("place",)) for tag in asset_tags
    ]


def _home(asset_tag: str, inventory: Inventory) -> Place:
    custody = inventory.custody.get(asset_tag)
    if custody is None:
        return OUT  # the rules say that it is not in custody
    if custody.home is None:
        raise NotAllowed("home_unknown", "asset_tag", asset_tag=asset_tag)
    return Place(*custody.home)


def replacement(failed: str, successor: TypedRow, inventory: Inventory, reason: str) -> list[TypedRow]:
    """Return the rows that retire a failed asset and scan its successor into the same slot.

    The successor is of the same equipment type where no other is said.

    Raises:
        NotAllowed: the failed asset is unknown, or with a holder, or the successor is known already: a SCAN would not
            put it into the slot.
    """
    if successor.asset_tag == failed or successor.asset_tag in inventory.assets:
        raise NotAllowed("successor_known", "asset_tag", asset_tag=successor.asset_tag, failed=failed)
    asset = inventory.assets.get(failed)
    if asset is None:
        raise NotAllowed("unknown_asset", "asset_tag", asset_tag=failed)
    if asset.holder is not None:
        raise NotAllowed("replaced_in_custody", "asset_tag", asset_tag=failed, holder=asset.holder)
    scan = msgspec.structs.replace(successor, event_type="SCAN", place=asset.place, from_state=("place",))
    if not successor.equipment_type:
        kind = asset.equipment_type
        scan = msgspec.structs.replace(scan, equipment_type=kind, from_state=("place", "equipment_type"))
    return [TypedRow("RETIRE", failed, notes=reason), scan]
