"""An asset that was scanned several times is a row of the queue once, whatever is removed and brought back."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import msgspec
import pytest

from assettrack.domain import desk_errors
from assettrack.domain.cards import CardKind
from assettrack.domain.queued_scans import Held, QueuedScan, Repeated, RowMeant, UsedSlot, written_meant
from assettrack.domain.tags import Place
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import next_free_slots, queues, repeated_scans
from assettrack.store.desk import StationDesk
from assettrack.store.desk_file import DeskFile
from tests.faults.failing_statements import Fault, failing_statement, for_every_k
from tests.services.test_next_free_slots import asked, colleague, fills, offered
from tests.services.test_queues import Taker, card
from tests.web.visitors import open_station

UNDO = card(CardKind.UNDO)
TWICE = ("LT-1", "LT-2", "LT-1", "LT-2")


@pytest.fixture
def ben(tmp_path: Path) -> Iterator[Taker]:
    """Sit at a new station, and scan laptops."""
    with open_station(tmp_path) as station:
        taker = Taker(station)
        taker.sets("SCAN", equipment_type="laptop")
        yield taker


def rows(ben: Taker) -> list[tuple[int, str]]:
    """Return the queue's rows: the number of the scan, and the asset."""
    return [(line.scan.number, line.tag) for line in queues.review(ben.at, ben.desk, ben.queue).lines if line.change]


def remove(ben: Taker, *numbers: int) -> str:
    """Take scans out; return when it was."""
    return queues.remove(ben.at, ben.desk, ben.queue, numbers)


def test_a_disk_that_fails_in_the_middle_leaves_the_queue_as_it_was(ben: Taker) -> None:
    """Whichever statement fails: both are there as scanned first, and never gone with nothing in their place."""
    ben.scan(*TWICE)
    before = [(scan.removed, scan.meant) for scan in ben.queue.scans]
    (file,) = ben.station.folder.rglob("*.desk")

    def run(at: int) -> Fault:
        with failing_statement(at, apsw.FullError("disk full")) as fault, closing(StationDesk(DeskFile(file))) as desk:
            queues.remove(ben.at, desk, queues.current(ben.at, desk, ben.account), [1, 2])
        return fault

    def compare(fault: Fault) -> None:
        assert [(scan.removed, scan.meant) for scan in ben.queue.scans] == before, fault.place

    assert for_every_k(run, compare) > 5
    assert rows(ben) == [(3, "LT-1"), (4, "LT-2")]


def test_of_three_the_last_is_there_after_two_were_removed(ben: Taker) -> None:
    """One after the other: what repeated the first repeats the one that stands for it."""
    ben.scan("LT-1", "LT-1", "LT-1")
    remove(ben, 1)
    assert rows(ben) == [(2, "LT-1")]
    remove(ben, 2)
    assert rows(ben) == [(3, "LT-1")]


def test_what_is_brought_back_is_no_second_row(ben: Taker) -> None:
    """All is as it was: the first is the row, and taken out, the second is the row again."""
    ben.scan("LT-1", "LT-1")
    before = [scan.meant for scan in ben.queue.scans]
    removed_at = remove(ben, 1)
    assert rows(ben) == [(2, "LT-1")]
    assert queues.bring_back(ben.desk, ben.queue, removed_at) == 1
    assert [scan.meant for scan in ben.queue.scans] == before
    assert [scan.removed for scan in ben.queue.scans] == [False, False]
    remove(ben, 2)
    assert rows(ben) == [(1, "LT-1")]


def test_what_is_brought_back_is_not_left_repeating_what_is_gone(ben: Taker) -> None:
    """The repeated scan was removed first, then the one that it repeated: it is the row."""
    ben.scan("LT-1", "LT-1")
    removed_at = remove(ben, 2)
    remove(ben, 1)
    assert rows(ben) == []
    queues.bring_back(ben.desk, ben.queue, removed_at)
    assert rows(ben) == [(2, "LT-1")]


def test_scanned_anew_after_it_was_removed_it_is_repeated_once_it_is_back(ben: Taker) -> None:
    """Two scans with the same to say are one row, however they came."""
    ben.scan("LT-1")
    removed_at = remove(ben, 1)
    ben.scan("LT-1")
    queues.bring_back(ben.desk, ben.queue, removed_at)
    assert rows(ben) == [(1, "LT-1")]


def test_what_says_something_else_stays_a_row_of_its_own(ben: Taker) -> None:
    """Into two slots by their labels: both are said, as they were before."""
    ben.scan("CASE-01 SLOT-01", "LT-1", "CASE-01 SLOT-02", "LT-1")
    before = rows(ben)
    assert len(before) == 2
    removed_at = remove(ben, before[0][0])
    assert rows(ben) == before[1:]
    queues.bring_back(ben.desk, ben.queue, removed_at)
    assert rows(ben) == before


def test_what_nobody_repeats_changes_nothing_else(ben: Taker) -> None:
    """The repetition of a scan that stays is left as it is; what can't be a row comes back as what it was."""
    ben.scan("LT-1", "LT-2", "LT-1", "AT BROKEN")
    before = {scan.number: scan.meant for scan in ben.queue.scans}
    when = remove(ben, 2, 4)
    assert rows(ben) == [(1, "LT-1")]
    assert queues.bring_back(ben.desk, ben.queue, when) == 2
    assert {scan.number: scan.meant for scan in ben.queue.scans} == before


@pytest.mark.parametrize("changed", [1, queues.TRIES])
def test_a_queue_that_goes_on_changing_is_tried_again(
    ben: Taker, monkeypatch: pytest.MonkeyPatch, changed: int
) -> None:
    """Another tab changed it in between: it is read anew and done; if that goes on, it is said and nothing is done."""
    ben.scan("LT-1", "LT-2")
    when = remove(ben, 1)
    refused: list[str] = []

    def changing(step: str) -> None:
        really = getattr(ben.desk, step)

        def moved(*given: object) -> object:
            if refused.count(step) < changed:
                refused.append(step)
                return None
            return really(*given)

        monkeypatch.setattr(ben.desk, step, moved)

    changing("remove_scans")
    changing("restore_scans")
    if changed < queues.TRIES:
        remove(ben, 2)
        assert queues.bring_back(ben.desk, ben.queue, when) == 1
        assert rows(ben) == [(1, "LT-1")]
        return
    with pytest.raises(desk_errors.QueueChanged):
        remove(ben, 2)
    with pytest.raises(desk_errors.QueueChanged):
        queues.bring_back(ben.desk, ben.queue, when)
    assert rows(ben) == [(2, "LT-2")]


def changed(ben: Taker, number: int, **said: str) -> None:
    """Let a scan be another row, by hand."""
    row = {"event_type": "SCAN", "asset_tag": "LT-9", "equipment_type": "tablet"} | said
    queues.change(ben.desk, ben.queue, number, TypedRow(**row))  # type: ignore[arg-type]  # all of them are texts


def test_what_was_scanned_stands_for_one_that_was_changed_and_removed(ben: Taker) -> None:
    """By hand the first became another asset: nobody scanned that, and the repeat is a row of its own label."""
    ben.scan("LT-1", "LT-1", "LT-1")
    changed(ben, 1)
    assert rows(ben) == [(1, "LT-9"), (2, "LT-1")]
    remove(ben, 1)
    assert rows(ben) == [(2, "LT-1")]
    remove(ben, 2)
    assert rows(ben) == [(3, "LT-1")]


def test_what_was_scanned_anew_meanwhile_is_no_second_row(ben: Taker) -> None:
    """After the first became another asset, its label was scanned once more: the repeat is the row, and stays it."""
    ben.scan("LT-1", "LT-1")
    changed(ben, 1)
    ben.scan("LT-1")
    assert rows(ben) == [(1, "LT-9"), (2, "LT-1")]
    removed_at = remove(ben, 1)
    assert rows(ben) == [(2, "LT-1")]
    queues.bring_back(ben.desk, ben.queue, removed_at)
    assert rows(ben) == [(1, "LT-9"), (2, "LT-1")]


def test_what_was_changed_in_a_queue_of_before_and_scanned_anew_is_no_second_row(ben: Taker) -> None:
    """There the repeat of what was made another asset was left a repeat: the scan that is the row by now stays it."""
    ben.scan("LT-1", "LT-1")
    before = written_meant(ben.queue.scans[1].meant)
    changed(ben, 1)
    assert ben.desk.change_scans(ben.queue.row.queue_id, [(2, before)], ben.queue.row.revision)
    ben.scan("LT-1")
    assert rows(ben) == [(1, "LT-9"), (3, "LT-1")]
    removed_at = remove(ben, 1)
    assert rows(ben) == [(3, "LT-1")]
    queues.bring_back(ben.desk, ben.queue, removed_at)
    assert rows(ben) == [(1, "LT-9"), (3, "LT-1")]


def test_all_that_repeated_what_is_another_asset_now_repeat_the_next(ben: Taker) -> None:
    """In place of the one that was changed by hand; the new asset is there beside it."""
    ben.scan("LT-1", "LT-2", "LT-1", "LT-1")
    changed(ben, 1)
    assert rows(ben) == [(1, "LT-9"), (2, "LT-2"), (3, "LT-1")]
    last = ben.queue.scans[3].meant
    assert isinstance(last, Repeated)
    assert last.number == 3


@pytest.mark.parametrize("said", [{"serial_number": "S-9"}, {"event_type": "RETIRE", "notes": "broken"}])
def test_what_is_said_otherwise_of_the_same_asset_is_said_once(ben: Taker, said: dict[str, str]) -> None:
    """It is there, as somebody said by hand: what was scanned is no second row of it."""
    ben.scan("LT-1", "LT-1")
    changed(ben, 1, asset_tag=" lt-1 ", **said)
    assert [scan.number for scan in ben.queue.scans if isinstance(scan.meant, RowMeant)] == [1]


def test_what_is_changed_and_changed_back_is_as_it_was(ben: Taker) -> None:
    """The repeat that was a row meanwhile repeats it again; what says something else or more stays a row."""
    ben.scan("LT-1", "LT-1", "LT-2")
    before = [scan.meant for scan in ben.queue.scans]
    changed(ben, 1)
    changed(ben, 1, asset_tag="LT-1", equipment_type="laptop")
    assert [scan.meant for scan in ben.queue.scans] == before
    changed(ben, 3, asset_tag="LT-1", equipment_type="laptop", serial_number="S-9")
    changed(ben, 1, asset_tag="LT-1", equipment_type="laptop", notes="dusty")
    assert rows(ben) == [(1, "LT-1"), (3, "LT-1")]


def test_what_an_undo_card_takes_back_is_there_as_it_was_scanned_before(ben: Taker) -> None:
    """The card takes back the last scan: the one before it came back, and is the row."""
    ben.scan("LT-1", "LT-1")
    queues.bring_back(ben.desk, ben.queue, remove(ben, 1))
    assert rows(ben) == [(1, "LT-1")]
    ben.later(20)
    ben.scan(UNDO)
    assert rows(ben) == [(1, "LT-1")]


def test_a_scan_that_is_gone_is_not_changed(ben: Taker) -> None:
    """Nor one that never was."""
    ben.scan("LT-1")
    remove(ben, 1)
    for number in (1, 9):
        with pytest.raises(desk_errors.ScanGone):
            changed(ben, number)


@pytest.mark.parametrize(
    ("said", "used"),
    [
        ({"asset_tag": "LT-9"}, UsedSlot(2, "LT-9")),
        ({"asset_tag": "LT-9", "event_type": "RETIRE", "notes": "broken"}, UsedSlot(2, "LT-9", missed=True)),
    ],
)
def test_a_used_slot_is_used_by_what_the_scan_is_now(ben: Taker, said: dict[str, str], used: UsedSlot) -> None:
    """The next asset is held all the same, and it is said for whom the label was; nobody, if it went elsewhere."""
    ben.scan("CASE-01 SLOT-02", "LT-1")
    changed(ben, 2, **said)
    assert ben.queue.context.used == used
    changed(ben, 2, asset_tag="LT-8")
    assert ben.queue.context.used == UsedSlot(2, "LT-8")
    assert ben.held("LT-3") == "slot_used"
    assert "for asset LT-8 alone" in ben.scan("LT-4")[0].problems[0].message


def test_a_used_slot_is_not_that_of_another_row_of_the_asset(ben: Taker) -> None:
    """The label of another slot was before it, or none."""
    ben.scan("CASE-01 SLOT-01", "LT-1", "CASE-01 SLOT-02", "LT-1")
    changed(ben, 2)
    assert ben.queue.context.used == UsedSlot(2, "LT-1")


def test_of_a_removed_row_nothing_is_left_that_was_said_of_it_by_hand(ben: Taker) -> None:
    """Not the type either: the scan that repeated it is there as it was scanned, and asks for it."""
    ben.sets("SCAN")
    ben.scan("LT-1", "LT-1")
    changed(ben, 1, asset_tag="LT-1", serial_number="S-9", building_room="Room 9")
    remove(ben, 1)
    assert [scan.meant.row for scan in ben.queue.scans if not scan.removed and isinstance(scan.meant, RowMeant)] == [
        TypedRow("SCAN", "LT-1", from_state=("place",))
    ]
    (line,) = [line for line in queues.review(ben.at, ben.desk, ben.queue).lines if not line.scan.removed]
    assert line.lacks_type


def test_a_row_made_by_hand_without_a_type_gets_none_from_one_that_comes_and_goes(ben: Taker) -> None:
    """It was a line of its own before, and is as it was made once the other is back."""
    ben.sets("SCAN")
    ben.scan("LT-1")
    changed(ben, 1, asset_tag="LT-9", equipment_type="", notes="dusty")
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("CASE-01 SLOT-02", "LT-9")
    before = [scan.meant for scan in ben.queue.scans]
    removed_at = remove(ben, 3)
    assert [scan.meant for scan in ben.queue.scans if not scan.removed] == before[:2]
    queues.bring_back(ben.desk, ben.queue, removed_at)
    assert [scan.meant for scan in ben.queue.scans] == before


def test_a_repeat_that_is_brought_back_alone_is_what_was_scanned(ben: Taker) -> None:
    """What it repeated was made another asset by hand, and is gone."""
    ben.scan("LT-1", "LT-1")
    removed_at = remove(ben, 2)
    changed(ben, 1)
    remove(ben, 1)
    queues.bring_back(ben.desk, ben.queue, removed_at)
    assert rows(ben) == [(2, "LT-1")]


def test_what_was_put_back_meanwhile_is_no_second_row(ben: Taker) -> None:
    """Moved, removed, its repeat put back to where it was: what comes back is the row, where it was moved to."""
    ben.station.case("CASE-02", 6)
    pia = colleague(ben, "pia")
    fills(pia, "PI-1", "PI-2")
    fills(ben, "LT-1", "LT-2", "LT-2")
    pia.commit()
    next_free_slots.put(ben.at, ben.desk, ben.account, asked(ben, list(offered(ben).moves)))
    removed_at = remove(ben, 2)
    next_free_slots.put_back(ben.at, ben.desk, ben.account, asked(ben, list(offered(ben).back)))
    queues.bring_back(ben.desk, ben.queue, removed_at)
    assert [scan.number for scan in ben.queue.scans if isinstance(scan.meant, RowMeant)] == [1, 2]
    line = queues.review(ben.at, ben.desk, ben.queue).lines[2]
    assert (line.earlier and line.earlier.number, line.place_before) == (2, Place("CASE-02", 4))


@pytest.mark.parametrize("by_hand", [False, True])
def test_what_was_put_elsewhere_meanwhile_is_said_too(ben: Taker, *, by_hand: bool) -> None:
    """Scanned anew into another case, or said by hand of a scan that was there: both are said, in their order."""
    ben.station.case("CASE-02", 6)
    fills(ben, "LT-1", "LT-2")
    removed_at = remove(ben, 1)
    ben.sets("SCAN", case_name="CASE-01", fills=True, equipment_type="laptop")
    if by_hand:
        changed(ben, 2, asset_tag="LT-1")
    else:
        ben.scan("LT-1")
    queues.bring_back(ben.desk, ben.queue, removed_at)
    assert rows(ben) == ([(1, "LT-1"), (2, "LT-1")] if by_hand else [(1, "LT-1"), (2, "LT-2"), (3, "LT-1")])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_rows_of_one_asset_that_were_removed_one_by_one_are_both_there_again(
    ben: Taker, order: tuple[int, int]
) -> None:
    """Whichever comes back first: the one knew of the other."""
    ben.scan("CASE-01 SLOT-01", "LT-1", "CASE-01 SLOT-02", "LT-1")
    before = rows(ben)
    moments = [remove(ben, number) for number, _ in before]
    for each in order:
        queues.bring_back(ben.desk, ben.queue, moments[each])
    assert rows(ben) == before


def test_rows_of_one_asset_that_were_removed_together_are_both_there_again(ben: Taker) -> None:
    """In one step, there and back."""
    ben.scan("CASE-01 SLOT-01", "LT-1", "CASE-01 SLOT-02", "LT-1")
    before = rows(ben)
    queues.bring_back(ben.desk, ben.queue, remove(ben, *[number for number, _ in before]))
    assert rows(ben) == before


def test_what_repeats_no_row_is_left_as_it_is() -> None:
    """A scan that repeats one that is held, or is not of this queue, stands for no row, and comes back as none."""
    at = "2026-07-01T12:00:00Z"
    held = QueuedScan(1, at, "LT-1", Held("scan_ambiguous", {"scan": "LT-1"}))
    scans = [held, QueuedScan(2, at, "LT-1", Repeated(1)), QueuedScan(3, at, "LT-1", Repeated(9))]
    assert repeated_scans.after_removal(scans, {1}) == {}
    gone = [held, *(msgspec.structs.replace(scan, removed_at=at) for scan in scans[1:])]
    assert repeated_scans.after_return(gone, {2, 3}) == {}
