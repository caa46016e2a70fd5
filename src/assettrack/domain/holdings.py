"""What reports read of the present state, as it comes from the database: rows of assets, counts, marks of entries.

Owns the meaning of each value. Must never be made from anything but one snapshot.
"""

from typing import NamedTuple

from assettrack.domain.inventory import Status


class Holding(NamedTuple):
    """An asset in custody, and the row's entry (of batch ``batch_id``) by which its holder has it.

    ``acceptance`` tells whether what that batch exchanged with the holder is accepted, open or not asked for;
    ``due_on`` is a date.
    """

    asset_tag: str
    equipment_type: str
    serial_number: str | None
    holder_id: int
    due_on: str | None
    seq: int
    batch_id: int | None
    acceptance: str
    body: bytes | None


class HeldCount(NamedTuple):
    """How many assets of a type a holder has, and how many of them were due before today."""

    holder_id: int
    equipment_type: str
    assets: int
    overdue: int


class StockCount(NamedTuple):
    """How many assets of a type are in a status; ``is_slotted`` tells those in slots from those in none."""

    equipment_type: str
    status: Status
    is_slotted: bool
    assets: int


class CaseFill(NamedTuple):
    """How many slots a case has, and how many of them are taken."""

    case_name: str
    slots: int
    taken: int


class Unslotted(NamedTuple):
    """An asset that is in storage in no slot."""

    asset_tag: str
    equipment_type: str
    serial_number: str | None
    building_room: str | None


class Marks(NamedTuple):
    """Which entries are asked for, each mark where it is given.

    At most ``last``; of one kind; by one person, as the entry names them; recorded from a moment (UTC text) on.
    """

    last: int | None = None
    kind: str | None = None
    by: str | None = None
    recorded_from: str | None = None
