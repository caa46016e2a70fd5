"""Rows of a queue whose slots are taken by now: put into the next free slots of their cases, all of them in one step.

Owns which rows these are, which slots they are offered, and that exactly what was shown is done, or nothing. Must never
rely on what other queues mean to use: a slot is free until something is in it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

import msgspec

from assettrack.domain import desk_errors
from assettrack.domain.facts import Account
from assettrack.domain.queued_scans import Moved, QueuedScan, RowMeant, read_scan, written_meant
from assettrack.domain.tags import Place
from assettrack.domain.timestamps import after_all, utc_text
from assettrack.domain.typed_rows import Unsaid
from assettrack.services import queues
from assettrack.services.desk_ports import Desk
from assettrack.services.free_slots import TAKEN, free_positions, named_by, slot_of
from assettrack.services.ports import Workplace
from assettrack.services.queue_lines import Line, mark_of, require_as_shown
from assettrack.services.queues import Queue, Review
from assettrack.services.repeated_scans import after_change


class Move(msgspec.Struct, frozen=True, gc=False):
    """A row that goes from one slot to another, and the mark of its scan as it was shown."""

    number: int
    mark: str
    asset_tag: str
    before: Place
    after: Place


class TooFew(msgspec.Struct, frozen=True, gc=False):
    """A case that has fewer free slots than rows of the queue whose slots there are taken."""

    case_name: str
    rows: int
    free: int

    @property
    def missing(self) -> int:
        """How many slots are missing."""
        return self.rows - self.free


class Offer(msgspec.Struct, frozen=True):
    """What can be done: rows that can be put into free slots, cases that are too full, rows that can be put back."""

    moves: Sequence[Move]
    too_few: Sequence[TooFew]
    back: Sequence[Move]


class Asked(msgspec.Struct, frozen=True):
    """What a form was drawn for: scans of a queue and their marks, and to which slot of its case each is to go."""

    queue_id: int
    numbers: Sequence[int]
    marks: Sequence[str]
    positions: Sequence[int] = ()


def offer(workplace: Workplace, desk: Desk, review: Review) -> Offer:
    """Return what can be done about the rows of a queue whose slots are taken.

    Each gets a slot that nothing is in and no row of the queue names, the first ones of its case; those that another
    open queue names are taken last. Of a case with too few nothing is offered.
    """
    queue = review.queue
    taken: dict[str, list[Line]] = {}
    for line in review.lines:
        place = slot_of(line.scan)
        if place is not None and any(found.code == TAKEN for found in line.refusals):
            taken.setdefault(place.case_name, []).append(line)
    moves: list[Move] = []
    too_few: list[TooFew] = []
    if taken:
        own, others = named_by(queue.scans), _wanted_elsewhere(desk, queue)
        with workplace.store.read() as snapshot:
            for case, lines in taken.items():
                free = free_positions(snapshot, case, own)
                if len(free) < len(lines):
                    too_few.append(TooFew(case, len(lines), len(free)))
                    continue
                free = [each for each in free if Place(case, each) not in others] + [
                    each for each in free if Place(case, each) in others
                ]
                chosen = sorted(free[: len(lines)])
                moves += [_move(line.scan, Place(case, to)) for line, to in zip(lines, chosen, strict=True)]
    return Offer(moves, too_few, _to_put_back(queue.scans))


def put(workplace: Workplace, desk: Desk, account: Account, asked: Asked) -> None:
    """Put rows of an account's queue into the slots that were shown for them, all in one step.

    Asked once more it does nothing: it is done.

    Raises:
        desk_errors.SlotsTooFew, desk_errors.SlotTakenMeanwhile: a slot that was shown is not free any more.
        desk_errors.RefusedError: as `put_back`.
    """
    now = utc_text(workplace.now())

    def moved(queue: Queue, rows: Sequence[RowMeant]) -> list[RowMeant]:
        if len(asked.positions) != len(rows):
            raise desk_errors.QueueChanged
        places = [_in_same_case(meant, to) for meant, to in zip(rows, asked.positions, strict=True)]
        _require_free(workplace, queue, places)
        at = after_all(now, (how.at for _, how in _moved(queue.scans)))
        return [
            _at(meant, to, Moved(_place(meant), at, meant.row.from_state), ())
            for meant, to in zip(rows, places, strict=True)
        ]

    def put_now(queue: Queue) -> bool | None:
        return _is_done(queue, asked, moved=True) or _change(desk, queue, asked, partial(moved, queue))

    queues.changing(lambda: queues.current(workplace, desk, account), put_now)


def put_back(workplace: Workplace, desk: Desk, account: Account, asked: Asked) -> None:
    """Put rows of an account's queue that were moved back to where they were before, all in one step.

    Asked once more, with the slots that were shown, it does nothing: it is done.

    Raises:
        desk_errors.QueueOther: the present queue is not the one that was shown.
        desk_errors.ScanGone, desk_errors.ScanChanged: a scan is not there as it was shown.
        desk_errors.QueueCommitting, desk_errors.QueueClosed: the scans can't be changed any more.
        desk_errors.QueueChanged: another one kept changing it.
    """

    def back(rows: Sequence[RowMeant]) -> list[RowMeant]:
        return [
            meant if meant.moved is None else _at(meant, meant.moved.before, None, meant.moved.unsaid) for meant in rows
        ]

    def put_back_now(queue: Queue) -> bool | None:
        return _is_done(queue, asked, moved=False) or _change(desk, queue, asked, back)

    queues.changing(lambda: queues.current(workplace, desk, account), put_back_now)


def _change(
    desk: Desk, queue: Queue, asked: Asked, meaning: Callable[[Sequence[RowMeant]], list[RowMeant]]
) -> bool | None:
    """Let the scans that were asked for mean something else, where each is as it was shown; None as in `changing`."""
    if queue.row.queue_id != asked.queue_id:
        raise desk_errors.QueueOther
    require_as_shown(queue.scans, asked.numbers, asked.marks)
    scans = {scan.number: scan for scan in queue.scans}
    rows = [scans[number].meant for number in asked.numbers if slot_of(scans[number]) is not None]
    if len(rows) != len(asked.numbers):
        raise desk_errors.ScanGone(asked.numbers)
    moved = meaning([meant for meant in rows if isinstance(meant, RowMeant)])
    meants = after_change(queue.scans, dict(zip(asked.numbers, moved, strict=True)))
    written = [(number, written_meant(meant)) for number, meant in meants.items()]
    return desk.change_scans(queue.row.queue_id, written, queue.row.revision) or None


def _is_done(queue: Queue, asked: Asked, *, moved: bool) -> bool:
    """Tell whether each scan that was asked for is in the slot that was shown for it already, ``moved`` there or not.

    No form is drawn for such scans: this one was sent before.
    """
    if queue.row.queue_id != asked.queue_id or len(asked.positions) != len(asked.numbers):
        return False
    there = {
        scan.number: (place.slot_position, scan.meant.moved is not None)
        for scan in queue.scans
        if isinstance(scan.meant, RowMeant) and (place := slot_of(scan)) is not None
    }
    wanted = zip(asked.numbers, asked.positions, strict=True)
    return all(there.get(number) == (position, moved) for number, position in wanted)


def _require_free(workplace: Workplace, queue: Queue, places: Sequence[Place]) -> None:
    """Make sure that there is a free slot for each row, and that it is the one that was shown.

    Raises:
        desk_errors.SlotsTooFew, desk_errors.SlotTakenMeanwhile: it is not so.
    """
    wanted = named_by(queue.scans)
    with workplace.store.read() as snapshot:
        rows = Counter(place.case_name for place in places)
        free = {case: free_positions(snapshot, case, wanted) for case in rows}
    for case, count in rows.items():
        if len(free[case]) < count:
            raise desk_errors.SlotsTooFew(case, count, len(free[case]))
    for place, times in Counter(places).items():
        if times > 1 or place.slot_position not in free[place.case_name]:
            raise desk_errors.SlotTakenMeanwhile(place)


def _wanted_elsewhere(desk: Desk, queue: Queue) -> set[Place]:
    """Return where the rows of other open queues put their assets, as far as they do."""
    others = [row.queue_id for row in desk.open_queues() if row.queue_id != queue.row.queue_id]
    return {place for other in others for place in named_by([read_scan(row) for row in desk.scans(other)])}


def _to_put_back(scans: Sequence[QueuedScan]) -> list[Move]:
    """Return the rows that were moved last, to be put back."""
    moved = [(scan, how) for scan, how in _moved(scans) if not scan.removed]
    last = max((how.at for _, how in moved), default="")
    return [_move(scan, how.before) for scan, how in moved if how.at == last]


def _moved(scans: Sequence[QueuedScan]) -> list[tuple[QueuedScan, Moved]]:
    """Return the rows that are not in the slot they were scanned for, removed ones too, and how they were moved."""
    return [
        (scan, scan.meant.moved) for scan in scans if isinstance(scan.meant, RowMeant) and scan.meant.moved is not None
    ]


def _move(scan: QueuedScan, after: Place) -> Move:
    assert isinstance(scan.meant, RowMeant), "only rows are put anywhere"
    return Move(scan.number, mark_of(scan), scan.meant.row.asset_tag, _place(scan.meant), after)


def _place(meant: RowMeant) -> Place:
    assert meant.row.place is not None, "only rows with a slot are moved"
    return meant.row.place


def _in_same_case(meant: RowMeant, position: int) -> Place:
    return Place(_place(meant).case_name, position)


def _at(meant: RowMeant, place: Place, moved: Moved | None, unsaid: tuple[Unsaid, ...]) -> RowMeant:
    """Return a row at another place; a person says that one by moving it, but for what is ``unsaid``."""
    return RowMeant(msgspec.structs.replace(meant.row, place=place, from_state=unsaid), moved)
