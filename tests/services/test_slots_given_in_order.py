"""Slots of a queue that nobody said, given in the order of the case that was: no line holds on to one as if said."""

import pytest

from assettrack.domain.queued_scans import Repeated
from assettrack.domain.scans import EventType
from assettrack.domain.tags import Place
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import missing_types, next_free_slots, queues
from tests.services.test_followed_lines import CASE, row
from tests.services.test_intake_rounds import UPDATE, slot
from tests.services.test_missing_types import form
from tests.services.test_next_free_slots import asked, colleague, fills, offered, put
from tests.services.test_queues import Taker, ben
from tests.services.test_said_again import numbers, stocked, where

__all__ = ["ben", "stocked"]


@pytest.mark.parametrize("event", ["SCAN", "UPDATE"])
def test_what_is_in_the_case_already_stays_where_the_line_before_puts_it(stocked: Taker, event: EventType) -> None:
    """Taken in or moved there, then moved into the same case with a note; the first line's slot is put right."""
    tag = "LT-9" if event == "SCAN" else "LT-1"
    stocked.sets(event, case_name=CASE, fills=True, equipment_type="laptop")
    stocked.scan(tag)
    stocked.sets("UPDATE", case_name=CASE, fills=True, notes="hinge loose")
    stocked.scan(tag)
    queues.change(stocked.desk, stocked.queue, 1, TypedRow(event, tag, place=Place(CASE, 3), equipment_type="laptop"))
    assert row(stocked, 2).place == Place(CASE, 3)
    assert where(stocked, tag) == "in CASE-02 slot 3"


def test_what_is_moved_into_the_case_goes_along_into_the_next_free_slot(ben: Taker) -> None:
    """The slot of the line before is taken by somebody else; one press puts both right."""
    ben.station.case(CASE, 6)
    pia = colleague(ben, "pia")
    fills(ben, "BE-1")
    fills(pia, "PI-1")
    pia.sets("UPDATE", case_name=CASE, fills=True, notes="hinge loose")
    pia.scan("PI-1")
    ben.commit()
    put(pia, asked(pia, list(offered(pia).moves)))
    assert not offered(pia).moves
    assert where(pia, "PI-1") == "in CASE-02 slot 2"


def test_a_line_put_right_to_an_asset_that_comes_again_is_its_line(ben: Taker) -> None:
    """Misread, and the right one read after it: that is no sighting in the slot that was next."""
    ben.station.case(CASE, 4)
    fills(ben, "NB-3", "NB-1")
    queues.change(ben.desk, ben.queue, 1, TypedRow("SCAN", "NB-1", place=Place(CASE, 1), equipment_type="laptop"))
    assert [type(scan.meant) for scan in ben.queue.scans][1:] == [Repeated]
    assert numbers(ben) == [1]


def test_the_log_does_not_say_a_slot_where_only_the_case_was_said(ben: Taker) -> None:
    """Removed, scanned in another case, and back: the second is seen in that case, and in no slot of it."""
    ben.station.case(CASE, 4)
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("CASE-01", "NB-1")
    moment = queues.remove(ben.at, ben.desk, ben.queue, [2])
    ben.scan(CASE, "NB-1")
    assert row(ben, 4).place == Place(CASE, 1)
    queues.bring_back(ben.desk, ben.queue, moment)
    assert (row(ben, 4).place, row(ben, 4).seen_in) == (None, CASE)
    queues.remove(ben.at, ben.desk, ben.queue, [2])
    assert row(ben, 4).place == Place(CASE, 1)


@pytest.mark.parametrize("remark", ["hinge very loose", ""])
def test_a_note_that_is_put_right_by_hand_says_no_slot(stocked: Taker, remark: str) -> None:
    """The form shows the slot that the line has; only the note is changed, and then the slot of the first line."""
    stocked.scan(UPDATE, slot(1, CASE), "LT-1")
    stocked.sets("UPDATE", notes="hinge loose")
    stocked.scan("LT-1")
    line = TypedRow("UPDATE", "LT-1", place=row(stocked, 4).place, notes=remark, building_room="Room 9")
    queues.change(stocked.desk, stocked.queue, 4, line)
    queues.change(stocked.desk, stocked.queue, 3, TypedRow("UPDATE", "LT-1", place=Place(CASE, 3)))
    assert row(stocked, 4).place == Place(CASE, 3)


def test_a_slot_that_is_changed_by_hand_is_said(stocked: Taker) -> None:
    """Another one than the line had: it stays, whatever becomes of the line before."""
    stocked.scan(UPDATE, slot(1, CASE), "LT-1")
    stocked.sets("UPDATE", notes="hinge loose")
    stocked.scan("LT-1")
    queues.change(stocked.desk, stocked.queue, 4, TypedRow("UPDATE", "LT-1", place=Place(CASE, 2), notes="x"))
    queues.change(stocked.desk, stocked.queue, 3, TypedRow("UPDATE", "LT-1", place=Place(CASE, 3)))
    assert row(stocked, 4).place == Place(CASE, 2)


def test_changed_to_another_asset_and_back_leaves_the_second_scan_as_it_was(ben: Taker) -> None:
    """And so it is there in its slot once the first is gone."""
    ben.station.case(CASE, 3)
    fills(ben, "NB-1", "NB-1")
    for tag in ("NB-2", "NB-1"):
        queues.change(ben.desk, ben.queue, 1, TypedRow("SCAN", tag, place=Place(CASE, 1), equipment_type="laptop"))
    queues.remove(ben.at, ben.desk, ben.queue, [1])
    assert row(ben, 2).place == Place(CASE, 1)
    assert where(ben, "NB-1") == "in CASE-02 slot 1"


def test_what_is_put_back_is_again_a_slot_that_nobody_said(ben: Taker) -> None:
    """Put into the next free slot, and back: a line that comes back before it says where it is."""
    ben.station.case(CASE, 6)
    pia = colleague(ben, "pia")
    fills(ben, "BE-1")
    fills(pia, "PI-1")
    before = row(pia, 1)
    ben.commit()
    put(pia, asked(pia, list(offered(pia).moves)))
    assert not row(pia, 1).from_state
    next_free_slots.put_back(pia.at, pia.desk, pia.account, asked(pia, list(offered(pia).back)))
    assert row(pia, 1) == before


def test_a_slot_that_was_left_to_a_scan_and_is_named_by_a_label_since_is_not_taken_from_that(ben: Taker) -> None:
    """The line that comes to be told so is in no slot then."""
    ben.station.case(CASE, 4)
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("CASE-01", "NB-1")
    moment = queues.remove(ben.at, ben.desk, ben.queue, [2])
    ben.scan(CASE, "NB-1")
    queues.bring_back(ben.desk, ben.queue, moment)
    ben.scan(slot(1, CASE), "NB-2")
    queues.remove(ben.at, ben.desk, ben.queue, [2])
    assert (row(ben, 4).place, row(ben, 4).seen_in) == (None, CASE)


def test_a_type_that_is_set_stays_when_the_line_before_comes_and_goes(ben: Taker) -> None:
    """Of a scan that found its slot named by another, and is put into none as long as that is so."""
    ben.station.case(CASE, 4)
    ben.sets("SCAN")
    ben.scan("CASE-01", "NB-1", CASE, "NB-1", "NB-2")
    moment = queues.remove(ben.at, ben.desk, ben.queue, [2])
    missing_types.say_type(ben.at, ben.desk, ben.account, form(ben), "laptop")
    queues.bring_back(ben.desk, ben.queue, moment)
    queues.remove(ben.at, ben.desk, ben.queue, [2])
    assert row(ben, 4).equipment_type == "laptop"


@pytest.mark.parametrize("note", ["", "hinge loose"])
def test_where_an_asset_was_seen_says_nothing_of_where_it_is_moved(stocked: Taker, note: str) -> None:
    """Seen in another slot of its own case, and that case said then: it stays in its slot there, as it is recorded."""
    stocked.scan(slot(2, "CASE-01"), "LT-1")
    stocked.sets("UPDATE", case_name="CASE-01", fills=True, notes=note)
    stocked.scan("LT-1")
    assert row(stocked, numbers(stocked)[-1]).place == Place("CASE-01", 1)


@pytest.mark.parametrize("note", ["", "lid cracked"])
def test_a_slot_that_is_left_to_a_line_stays_so_when_that_is_changed_by_hand(ben: Taker, note: str) -> None:
    """Its note, or nothing: the next asset goes elsewhere, and once the first line is gone this one is in it."""
    ben.station.case(CASE, 4)
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("NB-1", CASE, "NB-1")
    line = TypedRow("SCAN", "NB-1", equipment_type="laptop", notes=note, seen_in=CASE)
    queues.change(ben.desk, ben.queue, 3, line)
    ben.scan("NB-2")
    queues.remove(ben.at, ben.desk, ben.queue, [1])
    assert [row(ben, number).place for number in numbers(ben)] == [Place(CASE, 1), Place(CASE, 2)]


def test_a_slot_that_is_left_to_a_line_is_offered_to_no_other(ben: Taker) -> None:
    """Somebody else took the slot of another line, which is put into the next free one."""
    ben.station.case(CASE, 6)
    pia = colleague(ben, "pia")
    fills(ben, "BE-1")
    fills(pia, "PI-1")
    pia.sets("SCAN", equipment_type="laptop")
    pia.scan("PI-2")
    fills(pia, "PI-2")
    ben.commit()
    (move,) = offered(pia).moves
    assert move.after == Place(CASE, 3)
    put(pia, asked(pia, [move]))
    queues.remove(pia.at, pia.desk, pia.queue, [2])
    assert row(pia, 3).place == Place(CASE, 2)


def test_a_line_made_another_asset_by_hand_goes_where_its_form_says(ben: Taker) -> None:
    """Into no slot, as nobody said one of that asset; the one that was left to the line was for the other."""
    ben.station.case(CASE, 4)
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("NB-1", CASE, "NB-1")
    queues.change(ben.desk, ben.queue, 3, TypedRow("SCAN", "NB-5", equipment_type="laptop"))
    assert row(ben, 3).place is None


@pytest.mark.parametrize("do", ["remove", "change"])
def test_a_note_said_under_another_case_leaves_its_asset_in_no_slot_of_the_wrong_one(ben: Taker, do: str) -> None:
    """The first line was wrong: what stands was scanned in the other case alone, takes nobody's slot, and is told."""
    ben.station.case(CASE, 4)
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("CASE-01", "NB-1")
    ben.sets("SCAN", case_name=CASE, fills=True, equipment_type="laptop", notes="hinge loose")
    ben.scan("NB-1", "NB-2")
    before = [scan.meant for scan in ben.queue.scans]
    assert [row(ben, number).place for number in (3, 4)] == [Place("CASE-01", 1), Place(CASE, 1)]
    moment = queues.remove(ben.at, ben.desk, ben.queue, [2]) if do == "remove" else ""
    if do == "change":
        other = TypedRow("SCAN", "NB-7", place=Place("CASE-01", 1), equipment_type="laptop")
        queues.change(ben.desk, ben.queue, 2, other)
    assert (row(ben, 3).place, row(ben, 3).seen_in) == (None, CASE)
    (line,) = [line for line in queues.review(ben.at, ben.desk, ben.queue).lines if line.scan.number == 3]
    assert [found.code for found in line.notices] == ["new_in_no_slot"]
    if do == "remove":
        queues.bring_back(ben.desk, ben.queue, moment)
        assert [scan.meant for scan in ben.queue.scans] == before


@pytest.mark.parametrize("is_gone", [False, True])
def test_what_is_moved_back_into_its_case_is_in_its_slot_there(stocked: Taker, *, is_gone: bool) -> None:
    """Moved into the wrong case, and back, by the cases alone; with the wrong line gone or not, it is where it was."""
    stocked.sets("UPDATE", case_name=CASE, fills=True)
    stocked.scan("LT-1")
    stocked.sets("UPDATE", case_name="CASE-01", fills=True)
    stocked.scan("LT-1")
    if is_gone:
        queues.remove(stocked.at, stocked.desk, stocked.queue, [1])
    assert row(stocked, 2).place == Place("CASE-01", 1)
    assert where(stocked, "LT-1") == "in CASE-01 slot 1"


def test_the_slot_of_what_is_moved_back_is_its_own_though_a_line_of_it_named_it_before(stocked: Taker) -> None:
    """Its own lines do not stand in its way."""
    for case in ("CASE-01", CASE, "CASE-01"):
        stocked.sets("UPDATE", case_name=case, fills=True)
        stocked.scan("LT-1")
    queues.remove(stocked.at, stocked.desk, stocked.queue, [1, 2])
    assert row(stocked, 3).place == Place("CASE-01", 1)


def test_what_is_moved_back_takes_no_slot_that_was_said_of_another_asset_meanwhile(stocked: Taker) -> None:
    """It goes into the next free one of the case."""
    stocked.sets("UPDATE", case_name=CASE, fills=True)
    stocked.scan("LT-1", UPDATE, slot(1, "CASE-01"), "LT-2")
    stocked.sets("UPDATE", case_name="CASE-01", fills=True)
    stocked.scan("LT-1")
    assert row(stocked, numbers(stocked)[-1]).place == Place("CASE-01", 3)


def test_where_the_only_slot_is_left_to_a_line_it_is_said_that_it_may_be(ben: Taker) -> None:
    """Nothing is in it and no line shows it, so whoever looks is told why it is not free."""
    ben.station.case(CASE, 1)
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("NB-1", CASE, "NB-1")
    (line,) = ben.scan("NB-2")
    (problem,) = line.problems
    assert problem.code == "case_full"
    assert "or another scan names it or has it left to it" in problem.message
