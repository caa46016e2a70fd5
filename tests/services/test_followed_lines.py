"""Where a line of a queue leaves what nobody said of it to the asset's line before it, and goes with that.

So what somebody puts right in one line is right in all that hang on it, and removed and brought back it is as it was.
"""

from collections.abc import Callable

import pytest

from assettrack.domain.cards import CardKind
from assettrack.domain.queued_scans import Repeated, RowMeant, written_meant
from assettrack.domain.scans import EventType
from assettrack.domain.tags import OUT, Place
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import queues
from tests.services.test_intake_rounds import UPDATE, slot
from tests.services.test_next_free_slots import asked, colleague, fills, offered, put
from tests.services.test_queue_commits import commit_while
from tests.services.test_queues import Taker, ben, card
from tests.services.test_said_again import numbers, stocked, where

__all__ = ["ben", "stocked"]

CASE = "CASE-02"


def row(ben: Taker, number: int) -> TypedRow:
    """The row that a scan is."""
    (meant,) = (scan.meant for scan in ben.queue.scans if scan.number == number)
    assert isinstance(meant, RowMeant)
    return meant.row


@pytest.mark.parametrize("event", ["UPDATE", "SCAN"])
@pytest.mark.parametrize("first", ["label", "case"])
def test_a_note_said_of_what_was_put_somewhere_goes_along_when_the_slot_is_put_right(
    stocked: Taker, event: EventType, first: str
) -> None:
    """The second line says a note, and no slot: it says no other one when the first is changed by hand."""
    tag = "LT-1" if event == "UPDATE" else "LT-9"
    context = {"case_name": CASE, "fills": True, "equipment_type": "laptop"}
    stocked.sets(event, **context)
    stocked.scan(*([slot(1, CASE)] if first == "label" else []), tag)
    stocked.sets(event, notes="hinge loose", **context)
    stocked.scan(tag)
    one, two = numbers(stocked)
    queues.change(stocked.desk, stocked.queue, one, TypedRow(event, tag, place=Place(CASE, 3), equipment_type="laptop"))
    assert row(stocked, two).place == Place(CASE, 3)
    assert where(stocked, tag) == "in CASE-02 slot 3"


def test_a_case_that_was_said_is_another_than_that_of_the_line_before(stocked: Taker) -> None:
    """Whose line is changed to another case, by hand: the later one says its own."""
    stocked.station.case("CASE-03", 2)
    stocked.sets("UPDATE", case_name=CASE, fills=True)
    stocked.scan("LT-1")
    stocked.sets("UPDATE", case_name=CASE, fills=True, notes="hinge loose")
    stocked.scan("LT-1")
    queues.change(stocked.desk, stocked.queue, 1, TypedRow("UPDATE", "LT-1", place=Place("CASE-03", 1)))
    assert where(stocked, "LT-1") == "in CASE-02 slot 1"


@pytest.mark.parametrize("change", [{"place": Place(CASE, 2)}, {"place": Place(CASE, 1), "notes": "lid cracked"}])
def test_what_follows_a_line_does_so_again_once_it_is_back(stocked: Taker, change: dict[str, object]) -> None:
    """Removed, the other is as it was scanned; brought back, all is as before."""
    stocked.scan(UPDATE, slot(1, CASE), "LT-1", slot(1, CASE), "LT-1")
    queues.change(stocked.desk, stocked.queue, 3, TypedRow("UPDATE", "LT-1", **change))  # type: ignore[arg-type]  # its own fields
    before = [scan.meant for scan in stocked.queue.scans]
    moment = queues.remove(stocked.at, stocked.desk, stocked.queue, [3])
    assert numbers(stocked) == [5]
    assert (row(stocked, 5).place, row(stocked, 5).notes) == (Place(CASE, 1), "")
    queues.bring_back(stocked.desk, stocked.queue, moment)
    assert [scan.meant for scan in stocked.queue.scans] == before


def test_what_was_read_again_goes_along_into_the_next_free_slot(ben: Taker) -> None:
    """Read three times, and the slot taken by somebody else: that the third is removed puts nothing back."""
    ben.station.case(CASE, 6)
    pia = colleague(ben, "pia")
    fills(ben, "BE-1")
    fills(pia, "PI-1")
    pia.scan("PI-1", "PI-1")
    last = pia.queue.scans[-1].number
    ben.commit()
    put(pia)
    moment = queues.remove(pia.at, pia.desk, pia.queue, [last])
    assert len(numbers(pia)) == 1
    assert row(pia, numbers(pia)[0]).place == Place(CASE, 2)
    queues.bring_back(pia.desk, pia.queue, moment)
    assert len(numbers(pia)) == 1


def test_two_lines_of_one_asset_in_a_taken_slot_are_offered_one_free_slot(ben: Taker) -> None:
    """The second says a note, and no slot: it goes with the first."""
    ben.stock("PI-1")
    ben.station.case(CASE, 6)
    pia = colleague(ben, "pia")
    fills(ben, "BE-1")
    for notes in ("", "hinge loose"):
        pia.sets("UPDATE", case_name=CASE, fills=True, notes=notes)
        pia.scan("PI-1")
    ben.commit()
    (move,) = offered(pia).moves
    put(pia, asked(pia, [move]))
    assert [row(pia, number).place for number in numbers(pia)] == [Place(CASE, 2)] * 2
    assert where(pia, "PI-1") == "in CASE-02 slot 2"


def test_what_follows_a_line_does_so_in_the_next_queue_too(ben: Taker) -> None:
    """Where the scans have other numbers: it came while what was before it was committed."""
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("LT-7")
    moments: list[str] = []

    def scans() -> None:
        ben.scan(slot(1, "CASE-01"), "LT-1", slot(1, "CASE-01"), "LT-1")
        line = TypedRow("SCAN", "LT-1", place=Place("CASE-01", 2), equipment_type="laptop")
        queues.change(ben.desk, ben.queue, 3, line)
        moments.append(queues.remove(ben.at, ben.desk, ben.queue, [3]))

    commit_while(ben, scans)
    assert numbers(ben) == [4]
    queues.bring_back(ben.desk, ben.queue, moments[0])
    assert numbers(ben) == [2]


def test_a_scan_that_comes_to_be_a_row_takes_no_slot_that_a_line_names(ben: Taker) -> None:
    """Of the wrong case first: what its second scan would have gone into was given to the next."""
    ben.station.case(CASE, 3)
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("CASE-01", "NB-1", CASE, "NB-1", "NB-2")
    queues.remove(ben.at, ben.desk, ben.queue, [2])
    assert (row(ben, 4).place, row(ben, 4).seen_in) == (None, CASE)
    assert row(ben, 5).place == Place(CASE, 1)
    notices = {line.scan.number: line.notices for line in queues.review(ben.at, ben.desk, ben.queue).lines}
    (said,) = notices[4]
    assert said.code == "new_in_no_slot"
    assert f"NB-1 is new and was seen in {CASE}" in said.message
    assert notices[5] == []


def test_a_sighting_that_comes_to_make_its_asset_says_that_it_is_in_no_slot(ben: Taker) -> None:
    """What put it somewhere is gone, one line after the other; who looks at the queue is told, and says the slot."""
    ben.station.case(CASE, 3)
    ben.sets("SCAN", equipment_type="laptop", case_name="CASE-01", fills=True)
    ben.scan("NB-1")
    ben.sets("UPDATE", case_name="CASE-01", fills=True, notes="lid")
    ben.scan("NB-1")
    ben.sets("SCAN", equipment_type="laptop", case_name=CASE, fills=True)
    ben.scan("NB-1")
    queues.remove(ben.at, ben.desk, ben.queue, [1])
    queues.remove(ben.at, ben.desk, ben.queue, [2])
    ((line),) = queues.review(ben.at, ben.desk, ben.queue).lines[-1:]
    assert [found.code for found in line.notices] == ["new_in_no_slot"]


def test_another_type_by_hand_is_not_lost_once_the_line_before_is_back(ben: Taker) -> None:
    """It says something else: both are lines, and that the types differ is told."""
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("NB-1")
    moment = queues.remove(ben.at, ben.desk, ben.queue, [1])
    ben.scan("NB-1")
    queues.change(ben.desk, ben.queue, 2, TypedRow("SCAN", "NB-1", equipment_type="tablet"))
    queues.bring_back(ben.desk, ben.queue, moment)
    assert [row(ben, number).equipment_type for number in numbers(ben)] == ["laptop", "tablet"]
    last = queues.review(ben.at, ben.desk, ben.queue).lines[-1]
    assert [found.code for found in last.notices] == ["details_differ"]


def test_a_scan_that_comes_to_be_a_row_goes_into_no_slot_of_a_case_that_was_full(ben: Taker) -> None:
    """Nor back into the one that only the line said which is gone."""
    ben.station.case(CASE, 1)
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("CASE-01", "NB-1", CASE, "NB-2", "NB-1")
    queues.remove(ben.at, ben.desk, ben.queue, [2])
    assert (row(ben, 5).place, row(ben, 5).seen_in) == (None, CASE)


@pytest.mark.parametrize("event", ["ISSUE", "RETURN", "UPDATE"])
def test_what_was_scanned_under_the_wrong_event_first_is_taken_into_the_case(ben: Taker, event: EventType) -> None:
    """Its first line stops, as nobody knows the asset; scanned anew it goes into a slot, and the next one too."""
    ben.station.case(CASE, 3)
    who = {"holder": "Jane Example"} if event == "ISSUE" else {}
    ben.sets(event, **who)
    ben.scan("NB-1")
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan(CASE, "NB-1", "NB-2")
    queues.remove(ben.at, ben.desk, ben.queue, [1])
    assert [row(ben, number).place for number in numbers(ben)] == [Place(CASE, 1), Place(CASE, 2)]


def test_several_scans_that_come_to_be_rows_take_no_slot_twice(ben: Taker) -> None:
    """Both would have gone into the same one."""
    ben.station.case(CASE, 3)
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("CASE-01", "NB-1", "NB-2", CASE, "NB-1", "NB-2")
    queues.remove(ben.at, ben.desk, ben.queue, [2, 3])
    assert [row(ben, number).place for number in numbers(ben)] == [Place(CASE, 1), None]


@pytest.mark.parametrize("do", ["remove", "change"])
def test_a_repeat_that_an_earlier_version_kept_without_its_row_is_there_with_what_it_repeated(
    ben: Taker, do: str
) -> None:
    """Nothing that was scanned is lost."""
    ben.sets("SCAN", case_name="CASE-01", fills=True, equipment_type="laptop")
    ben.scan("LT-1", "LT-1")
    bare = [(2, written_meant(Repeated(1)))]
    assert ben.desk.change_scans(ben.queue.row.queue_id, bare, ben.queue.row.revision)
    deeds: dict[str, Callable[[], object]] = {
        "remove": lambda: queues.remove(ben.at, ben.desk, ben.queue, [1]),
        "change": lambda: queues.change(
            ben.desk, ben.queue, 1, TypedRow("SCAN", "LT-9", equipment_type="laptop", place=Place("CASE-01", 3))
        ),
    }
    deeds[do]()
    assert row(ben, 2).asset_tag == "LT-1"
    assert row(ben, 2).place == Place("CASE-01", 1)


def test_the_type_of_a_repeat_that_is_gone_is_not_given_to_a_row_made_by_hand(ben: Taker) -> None:
    """Whoever made it one without a type is asked for it."""
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("LT-1", "LT-1")
    queues.change(ben.desk, ben.queue, 1, TypedRow("SCAN", "LT-1", place=Place("CASE-01", 1)))
    queues.remove(ben.at, ben.desk, ben.queue, [2])
    assert not row(ben, 1).equipment_type


def test_the_card_of_no_slot_is_said_by_as_many_as_there_are(ben: Taker) -> None:
    """It is no slot that could be taken."""
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan(card(CardKind.CASE, "OUT"), "NB-1", "NB-1", "NB-2", "NB-2")
    queues.remove(ben.at, ben.desk, ben.queue, [2, 4])
    assert [row(ben, number).place for number in numbers(ben)] == [OUT, OUT]
