"""What reports read of the present state, as it comes from the database: rows of assets, counts, marks of entries.

Owns the meaning of each value. Must never be made from anything but one snapshot.
"""

from collections.abc import Sequence
from typing import NamedTuple

from assettrack.domain.inventory import Status


class HeldAsset(NamedTuple):
    """An asset in custody, as far as it takes to choose it; ``due_on`` is a date."""

    asset_tag: str
    equipment_type: str
    holder_id: int
    due_on: str | None


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

    At most ``last``; of one kind; by one person, as the entry names them; recorded from a moment (UTC text) on; from
    entry ``first_seq`` until before entry ``below``.
    """

    last: int | None = None
    kind: str | None = None
    by: str | None = None
    recorded_from: str | None = None
    first_seq: int = 1
    below: int | None = None


class Doubted(NamedTuple):
    """What may leave assets unresolved, as far as the present state tells it.

    ``today`` is the date before which what was due is overdue; ``open_matters`` tells whether acceptances are asked
    for, ``inactive`` are the holders who are not active.
    """

    today: str
    open_matters: bool
    inactive: tuple[int, ...]


Doubtful = tuple[str, int]
"""An asset that is in doubt: its tag, and 1 if a holder has it, else 0.

It is in storage in no slot; or overdue, not accepted, or with a holder who is not active. There may be as many as there
are assets, so it is no more than a tuple.
"""


class Narrowed(NamedTuple):
    """Which assets are asked for: those of some types, with some holders; None is all there are."""

    types: tuple[str, ...] | None = None
    holder_ids: tuple[int, ...] | None = None


class Living(NamedTuple):
    """How many assets are in storage and how many in custody, and those of each whose latest entry is too old."""

    stored: int
    held: int
    old_stored: Sequence[str] = ()
    old_held: Sequence[str] = ()
