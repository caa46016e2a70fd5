"""A queue of scans at the desk: what each one means, what the next ones will mean, and the batch they make.

Owns the words of a queue's memory. A queue is not state of any asset: it becomes a batch that is validated, decided
and committed as any other, each row with the time at which it was scanned.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256

import msgspec

from assettrack.domain.desk_rows import Carried, ScanRow
from assettrack.domain.findings import Finding, NotAllowed
from assettrack.domain.plans import Acceptance, Options
from assettrack.domain.scans import EventType
from assettrack.domain.signatures import Drawing
from assettrack.domain.tags import Place
from assettrack.domain.typed_rows import TYPED_EVENT_TYPES, TypedRow, Unsaid
from assettrack.domain.validation import Cells

_OF_NO_ASSET = frozenset(
    {
        "badge_not_ours", "begin_not_ours", "begin_of_nobody", "begin_of_other", "card_not_here", "card_unreadable",
        "case_has_nothing", "case_not_known", "case_with_others", "end_count_differs", "label_without_asset",
        "slot_not_known", "undo_again", "undo_of_what",
    }
)  # fmt: skip
"""Why a card or a label is held."""


class UsedSlot(msgspec.Struct, frozen=True, omit_defaults=True):
    """The slot that was said for one asset, and that asset; ``missed`` if it was given away or retired instead."""

    slot_position: int
    used_by: str
    missed: bool = False


class Context(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the next scans mean until it is changed; blank texts are not said.

    ``slot_position`` is the slot of the next scan alone; ``fills`` says that the scans after it take the free slots of
    the case in order, ``unslotted`` that they go into no slot. ``holder_id`` is the number of the holder who was chosen
    by the name, None where nobody knows. ``equipment_type`` is that of assets that the next scans
    create, kept under a name of its own; ``type_of_all`` is kept under the name by which queues of before said it of
    all their rows, and fills their blank cells. ``due_on`` and ``accepted`` are of the whole batch.
    ``by_hand`` says that a person chose the place, and no label or card said it; ``used`` is the slot of ``case_name``
    that the last asset was for, while nothing says where the next one goes, and ``taken_back`` says that the slot is
    for the next one because an undo card took back the last. ``ended`` says that a card ended the round or began one,
    or that the card of the event was held or removed, and nobody has said since what is done with the next assets;
    ``place_removed`` that the label or card was held or removed that said where they go, and nobody has said that
    since. Queues of before may have a ``labelled``, which is not read: whose place nobody said by hand is a label's.
    """

    event_type: EventType = "SCAN"
    case_name: str = ""
    slot_position: int | None = None
    fills: bool = False
    unslotted: bool = False
    holder: str = ""
    holder_id: int | None = None
    equipment_type: str = msgspec.field(default="", name="type_of_next")
    building_room: str = ""
    notes: str = ""
    due_on: str | None = None
    accepted: Acceptance | None = None
    late_reason: str | None = None
    new_holders: bool = False
    type_of_all: str = msgspec.field(default="", name="equipment_type")
    by_hand: bool = False
    used: UsedSlot | None = None
    taken_back: bool = False
    ended: bool = False
    place_removed: bool = False

    @property
    def used_place(self) -> Place | None:
        """The slot that was for the last asset, while the next one needs a label of its own."""
        return None if self.used is None else Place(self.case_name, self.used.slot_position)

    @property
    def place_left_empty(self) -> Place | None:
        """The slot that a label named last, where nothing was put into it; not where that was taken back."""
        if self.by_hand or self.taken_back or (self.used is not None and not self.used.missed):
            return None
        if self.slot_position is not None:
            return Place(self.case_name, self.slot_position)
        return self.used_place

    def anew(self) -> "Context":
        """Return what a card leaves that forgets what was said: the type of new assets, and what is of the batch."""
        return Context(
            equipment_type=self.equipment_type, type_of_all=self.type_of_all, due_on=self.due_on,
            accepted=self.accepted, late_reason=self.late_reason, new_holders=self.new_holders, ended=True,
        )  # fmt: skip

    @property
    def options(self) -> Options:
        """How the queue's batch is to be taken."""
        defaults = {"equipment_type": self.type_of_all} if self.type_of_all else {}
        return Options(
            defaults, new_holders=self.new_holders, late_reason=self.late_reason, due_on=self.due_on,
            accepted=self.accepted,
        )  # fmt: skip


class Moved(msgspec.Struct, frozen=True):
    """A row was put into another slot, because its own was taken: where it was before, and when that was done.

    ``unsaid`` is what of that place nobody had said, see `TypedRow.from_state`.
    """

    before: Place
    at: str
    unsaid: tuple[Unsaid, ...] = ()


class RowMeant(msgspec.Struct, frozen=True, tag="row", omit_defaults=True):
    """The scan is a row of the batch; one that was ``moved`` can be put back.

    It repeats the scan that it ``follows`` once that is its asset's last row again, see `Repeated`. ``own`` is what it
    says by itself, where that is not its row: nobody said the place, and what is said before it, or where others go,
    makes it another. Queues of before may have a ``beside``, which is not read.
    """

    row: TypedRow
    moved: Moved | None = None
    follows: int = 0
    own: TypedRow | None = None

    @property
    def places(self) -> set[Place | None]:
        """The places that its row names, or would name if what was said before it was gone."""
        return {self.row.place, (self.own or self.row).place}


class Repeated(msgspec.Struct, frozen=True, tag="repeated", omit_defaults=True):
    """The scan repeats the last row of its asset before it in the same queue; it is kept and changes nothing.

    ``row`` is what it says by itself, as it was scanned (None where an earlier version of the program kept it). It
    ``follows`` the scan that it repeated when a person made that one say something else, 0 for none: it repeats that
    one whatever it says.
    """

    number: int
    row: TypedRow | None = None
    follows: int = 0


class ContextSet(msgspec.Struct, frozen=True, tag="context"):
    """The scan said what the next ones mean."""

    context: Context


class Held(msgspec.Struct, frozen=True, tag="held", omit_defaults=True):
    """The scan can't be understood without a person: ``reason`` is a code of the catalogue, with its facts.

    ``row`` is what it would be as far as the scans before it said that, with a blank tag where nobody knows the asset;
    None where they did not say its event, or where an earlier version kept it.
    """

    reason: str
    facts: dict[str, str] = {}
    row: TypedRow | None = None

    @property
    def is_of_no_asset(self) -> bool:
        """Whether it is known that it is a card or a label, so that what was scanned is no asset's tag."""
        return self.reason in _OF_NO_ASSET

    @property
    def finding(self) -> Finding:
        """What is said about it."""
        return NotAllowed(self.reason, None, **self.facts).at_row(None)


class Undone(msgspec.Struct, frozen=True, tag="undone"):
    """The scan was a card that took back another, or (None) found nothing to take back."""

    number: int | None


Meant = RowMeant | Repeated | ContextSet | Held | Undone

_MEANT: msgspec.json.Decoder[Meant] = msgspec.json.Decoder(Meant)


class QueuedScan(msgspec.Struct, frozen=True, gc=False):
    """A scan of a queue, and what it means."""

    number: int
    scanned_at: str
    typed: str
    meant: Meant
    removed_at: str | None = None

    @property
    def removed(self) -> bool:
        """Whether it was taken out of the queue."""
        return self.removed_at is not None


def written_meant(meant: Meant) -> str:
    """Return what a scan means as it is kept."""
    return msgspec.json.encode(meant).decode()


def read_scan(row: ScanRow) -> QueuedScan:
    """Return a kept scan."""
    return QueuedScan(row.number, row.scanned_at, row.typed, _read_meant(row.meant), row.removed_at)


@lru_cache(maxsize=16_384)
def _read_meant(text: str) -> Meant:
    """Return what a kept scan means; a queue is read anew for each of its scans, and most of them are as before."""
    return _MEANT.decode(text)


def carried(scans: Sequence[ScanRow], below: int) -> list[Carried]:
    """Return the scans that go on to the next queue where those numbered below a number became a batch.

    What repeats a row of the batch stays with it: it changes nothing there, and would mean something else after it.
    """
    late = [read_scan(row) for row in scans if row.number >= below]
    going = [scan for scan in late if not isinstance(scan.meant, Repeated) or scan.meant.number >= below]
    numbers = {scan.number: number for number, scan in enumerate(going, 1)}
    return [Carried(scan.number, numbers[scan.number], written_meant(_there(scan.meant, numbers))) for scan in going]


def _there(meant: Meant, numbers: Mapping[int, int]) -> Meant:
    """Return what a scan means where the scans have other numbers."""
    if isinstance(meant, Repeated | RowMeant):
        meant = msgspec.structs.replace(meant, follows=numbers.get(meant.follows, 0))
    if isinstance(meant, Repeated):
        return msgspec.structs.replace(meant, number=numbers[meant.number])
    if isinstance(meant, Undone) and meant.number is not None:
        return Undone(numbers.get(meant.number))
    return meant


def written_context(context: Context) -> str:
    """Return a context as it is kept."""
    return msgspec.json.encode(context).decode()


def read_context(text: str) -> Context:
    """Return a kept context."""
    return msgspec.json.decode(text, type=Context)


class QueuedBatch:
    """The rows of a queue as a batch: fits the ``BatchSource`` of the services.

    Row ``n`` of the batch is scan ``numbers[n - 1]`` of the queue. A held scan is a problem: nothing is committed
    around it.
    """

    notices: Sequence[Finding] = ()
    event_types = TYPED_EVENT_TYPES
    drawings: Sequence[Drawing] = ()
    is_timeless = False
    is_typed = True

    def __init__(self, queue_id: int, scans: Sequence[QueuedScan], operator: str) -> None:
        self._operator = operator
        present = [scan for scan in scans if not scan.removed]
        self.queue_id = queue_id
        self.queued = [scan for scan in present if isinstance(scan.meant, RowMeant)]
        self.held = [scan for scan in present if isinstance(scan.meant, Held)]
        self.numbers = [scan.number for scan in self.queued]
        self.holders_chosen = [scan.meant.row.holder_id for scan in self.queued if isinstance(scan.meant, RowMeant)]
        self.problems: Sequence[Finding] = [scan.meant.finding for scan in self.held if isinstance(scan.meant, Held)]
        self.sha256 = sha256(msgspec.json.encode([queue_id, *self._cells()])).hexdigest()

    def rows(self) -> Iterator[Cells]:
        """Yield the cells of each row."""
        yield from self._cells()

    def release(self) -> None:
        """Keep everything: a queue is small."""

    def _cells(self) -> Iterator[list[str]]:
        for scan in self.queued:
            assert isinstance(scan.meant, RowMeant), "only rows are queued"
            yield scan.meant.row.cells(scan.scanned_at, self._operator)
