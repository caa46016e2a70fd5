"""What is said of an asset after something else was said of it is said anew; what was said last is only repeated.

Rows apply in the order of the scans. A case's label, and a return, go by what the rows before them do.
"""

import pytest

from assettrack.domain.cards import CardKind
from assettrack.domain.queued_scans import Repeated, RowMeant
from assettrack.domain.scans import EventType
from assettrack.domain.tags import Place
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import assets, queues
from assettrack.services.queued_whereabouts import Whereabouts
from tests.services.printed import badge
from tests.services.test_intake_rounds import ISSUE, RETURN, SCAN, UNDO, UPDATE, said, slot
from tests.services.test_queues import Taker, ben, card, places

__all__ = ["ben"]

RETIRE, NO_SLOT = card(CardKind.EVENT, "RETIRE"), card(CardKind.CASE, "OUT")


@pytest.fixture
def stocked(ben: Taker) -> Taker:
    """Return somebody at a station with LT-1 and LT-2 in one case of two, and nothing said by hand."""
    ben.station.case("CASE-02", 3)
    ben.stock("LT-1", "LT-2")
    ben.sets("SCAN")
    return ben


def where(ben: Taker, tag: str) -> str:
    """Commit, and return where an asset is."""
    ben.commit()
    return assets.asset(ben.at, tag).where


def numbers(ben: Taker) -> list[int]:
    """The scans that are rows."""
    return [scan.number for scan in ben.queue.scans if not scan.removed and isinstance(scan.meant, RowMeant)]


def again(ben: Taker, number: int) -> None:
    """Save a line as it is, by its form."""
    (meant,) = (scan.meant for scan in ben.queue.scans if scan.number == number)
    assert isinstance(meant, RowMeant)
    queues.change(ben.desk, ben.queue, number, meant.row)


def to_jane_back_and_to_jane(ben: Taker) -> list[int]:
    """Issue LT-1, take it back, and issue it once more; return the rows."""
    ben.scan(ISSUE, badge(ben.at), "LT-1", RETURN, "LT-1", ISSUE, "LT-1")
    assert len(numbers(ben)) == 3
    return numbers(ben)


def test_issued_again_after_it_came_back_it_is_with_the_holder(stocked: Taker) -> None:
    """Out, back and out in one queue; the label read once more repeats the last."""
    to_jane_back_and_to_jane(stocked)
    assert said(stocked.scan("LT-1")) == ["Repeated"]
    assert where(stocked, "LT-1") == "in custody of Jane Smith"


def test_back_again_it_goes_where_it_was_issued_from_in_between(stocked: Taker) -> None:
    """Each time home: to the slot that it had when it was given away, by the rows before."""
    stocked.scan(UPDATE, slot(3, "CASE-02"), "LT-1", ISSUE, badge(stocked.at), "LT-1")
    stocked.sets("RETURN")
    assert places(stocked.scan("LT-1")) == ["CASE-02 slot 3"]
    assert where(stocked, "LT-1") == "in CASE-02 slot 3"


def test_it_comes_home_from_whoever_it_was_passed_on_to(stocked: Taker) -> None:
    """The slot from which it was issued stays its home, also with the next holder; an asset in no slot has none."""
    stocked.scan(UPDATE, NO_SLOT, "LT-2", ISSUE, badge(stocked.at), "LT-1", "LT-2")
    stocked.sets("TRANSFER", holder="Tom Blank")
    stocked.scan("LT-1")
    stocked.sets("RETURN")
    assert places(stocked.scan("LT-1", "LT-2")) == ["CASE-01 slot 1", "OUT"]


def test_moved_to_and_fro_it_is_where_it_was_put_last(stocked: Taker) -> None:
    """A slot, another, and the first again; into none and back: each is said."""
    lines = stocked.scan(
        UPDATE, slot(1, "CASE-02"), "LT-1", slot(2, "CASE-02"), "LT-1", slot(1, "CASE-02"), "LT-1", NO_SLOT, "LT-1",
        slot(1, "CASE-02"), "LT-1",
    )  # fmt: skip
    assert len(places(lines)) == 5
    assert where(stocked, "LT-1") == "in CASE-02 slot 1"


def test_whatever_case_is_set_by_then_it_stays_where_it_was_put(ben: Taker) -> None:
    """A new asset under the label of another case: it is there once, and takes no second slot."""
    ben.station.case("CASE-02", 3)
    ben.sets("SCAN", equipment_type="laptop")
    assert said(ben.scan("CASE-01", "LT-9", "CASE-02", "LT-9")) == ["ContextSet", "RowMeant", "ContextSet", "Repeated"]
    assert where(ben, "LT-9") == "in CASE-01 slot 1"


def test_an_asset_is_new_once(ben: Taker) -> None:
    """After it was given away it is only seen: in the case that is set, of which it takes no slot."""
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("CASE-01", "LT-9", ISSUE, badge(ben.at), "LT-9", SCAN)
    ben.sets("SCAN", equipment_type="tablet")
    (line,) = ben.scan("CASE-01", "LT-9")[1:]
    assert line.scan.meant == RowMeant(TypedRow("SCAN", "LT-9", equipment_type="laptop", seen_in="CASE-01"))
    assert places(ben.scan("LT-10")) == ["CASE-01 slot 2"]
    assert where(ben, "LT-9") == "in custody of Jane Smith"


@pytest.mark.parametrize("field", ["building_room", "notes"])
def test_another_room_or_another_note_is_said_and_the_place_stays(stocked: Taker, field: str) -> None:
    """Not the next free slot, whatever is set; nor is it a question that the label of the slot is used."""
    stocked.sets("UPDATE", case_name="CASE-02", fills=True, **{field: "first"})
    first, *_ = stocked.scan("LT-1", "LT-2")
    stocked.sets("UPDATE", case_name="CASE-02", fills=True, **{field: "second"})
    (line,) = stocked.scan("LT-1")
    assert places([first, line]) == ["CASE-02 slot 1"] * 2
    assert said(stocked.scan("LT-1")) == ["Repeated"]
    stocked.sets("UPDATE", **{field: "third"})
    assert places(stocked.scan(slot(3, "CASE-02"), "LT-1")) == ["CASE-02 slot 3"]
    stocked.sets("UPDATE", case_name="CASE-02", used=stocked.queue.context.used, **{field: "fourth"})
    assert places(stocked.scan("LT-1")) == ["CASE-02 slot 3"]
    assert stocked.held("LT-3") == "slot_used"


def test_a_room_or_note_that_is_not_said_any_more_says_nothing_else(stocked: Taker) -> None:
    """A blank cell never erases; a case by hand is said of what was put nowhere, and holds it where that is full."""
    stocked.sets("UPDATE", building_room="Room 1", notes="first")
    stocked.scan("LT-1")
    stocked.sets("UPDATE")
    assert said(stocked.scan("LT-1")) == ["Repeated"]
    stocked.station.case("CASE-03", 1)
    stocked.sets("UPDATE", case_name="CASE-03", fills=True, notes="second")
    stocked.scan("LT-2")
    assert stocked.held("LT-1") == "case_full"
    stocked.sets("UPDATE", case_name="CASE-03", fills=True)
    assert stocked.held("LT-1") == "case_full"


@pytest.mark.parametrize("first", ["room", "label", "no slot"])
def test_a_case_chosen_by_hand_is_said_of_what_is_moved(stocked: Taker, first: str) -> None:
    """Whatever line it has; said again it is there already, also once what was said between is back."""
    if first == "room":
        stocked.sets("UPDATE", building_room="Room 4")
    else:
        stocked.scan(UPDATE, slot(3, "CASE-02") if first == "label" else NO_SLOT)
    stocked.scan("LT-2")
    stocked.station.case("CASE-03", 2)
    stocked.sets("UPDATE", case_name="CASE-03", fills=True)
    assert places(stocked.scan("LT-2")) == ["CASE-03 slot 1"]
    assert said(stocked.scan("LT-2")) == ["Repeated"]
    assert where(stocked, "LT-2") == "in CASE-03 slot 1"


def test_a_new_asset_that_was_put_nowhere_is_scanned_anew_into_the_case(ben: Taker) -> None:
    """The label of the case was forgotten: with it, it is said where it is, and it is there once the first is gone."""
    ben.sets("SCAN", equipment_type="laptop")
    first, _, anew, again = ben.scan("LT-9", "CASE-01", "LT-9", "LT-9")
    assert places([first, anew]) == ["None", "None"]
    assert said([again]) == ["Repeated"]
    assert places(ben.scan("LT-8")) == ["CASE-01 slot 2"]  # the first is left to it
    (line,) = [each for each in queues.review(ben.at, ben.desk, ben.queue).lines if each.scan.number == 3]
    assert [found.code for found in line.notices] == ["sighted_elsewhere"]
    queues.remove(ben.at, ben.desk, ben.queue, [1])
    assert where(ben, "LT-9") == "in CASE-01 slot 1"


def test_what_is_left_of_a_wrong_first_scan_is_where_it_was_scanned(ben: Taker) -> None:
    """Into another case, by its label: not into the one that only the scan said that is gone."""
    ben.station.case("CASE-02", 3)
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("CASE-02", "LT-9", "CASE-01", "LT-9")
    queues.remove(ben.at, ben.desk, ben.queue, [2])
    assert where(ben, "LT-9") == "in CASE-01 slot 1"


@pytest.mark.parametrize("field", ["building_room", "notes"])
@pytest.mark.parametrize("how", ["saved", "back"])
def test_a_room_or_note_said_again_after_another_holds(stocked: Taker, field: str, how: str) -> None:
    """However the lines before it come to be there: saved as they are, or brought back in between."""
    moment = ""
    for number, room in enumerate(["one", "two", "one"], 1):
        stocked.sets("UPDATE", **{field: room})
        stocked.scan("LT-1")
        if how == "back" and number == 2:
            moment = queues.remove(stocked.at, stocked.desk, stocked.queue, [2])
    if how == "saved":
        again(stocked, 1)
    else:
        assert numbers(stocked) == [1]
        queues.bring_back(stocked.desk, stocked.queue, moment)
    assert numbers(stocked) == [1, 2, 3]


def test_what_is_changed_by_hand_and_removed_leaves_nothing_of_it(stocked: Taker) -> None:
    """The slot, by hand, goes with its line: the other scan is as it was scanned, and follows while the line stands."""
    stocked.scan(UPDATE, slot(1, "CASE-02"), "LT-1", "LT-1")
    queues.change(stocked.desk, stocked.queue, 3, TypedRow("UPDATE", "LT-1", place=Place("CASE-02", 2)))
    assert numbers(stocked) == [3]
    queues.remove(stocked.at, stocked.desk, stocked.queue, [3])
    assert where(stocked, "LT-1") == "in CASE-02 slot 1"


@pytest.mark.parametrize("place", [Place("CASE-02", 2), None], ids=["slot", "no slot"])
@pytest.mark.parametrize("event", ["UPDATE", "ISSUE"])
def test_what_was_read_twice_follows_its_line_by_hand_for_as_long_as_that_is_there(
    stocked: Taker, place: Place | None, event: EventType
) -> None:
    """Changed twice, the repeat out and back in between; another asset in its line leaves what was scanned."""
    stocked.scan(UPDATE, slot(1, "CASE-02"), "LT-1", "LT-1")
    who = "Jane Example" if event == "ISSUE" else ""
    queues.change(stocked.desk, stocked.queue, 3, TypedRow(event, "LT-1", who, place=place))
    moment = queues.remove(stocked.at, stocked.desk, stocked.queue, [4])
    queues.bring_back(stocked.desk, stocked.queue, moment)
    assert numbers(stocked) == [3]
    queues.change(stocked.desk, stocked.queue, 3, TypedRow("RETIRE", "LT-1", notes="broken"))
    assert numbers(stocked) == [3]
    queues.change(stocked.desk, stocked.queue, 3, TypedRow("RETIRE", "LT-2", notes="broken"))
    assert numbers(stocked) == [3, 4]
    unsaid = TypedRow("UPDATE", "LT-1", place=Place("CASE-02", 1), from_state=("place",))
    assert stocked.queue.scans[3].meant == RowMeant(unsaid, follows=3)


def test_a_return_that_comes_back_before_what_went_out_again_is_said(stocked: Taker) -> None:
    """Out, back (which was gone), out again, back: all four."""
    stocked.scan(ISSUE, badge(stocked.at), "LT-1", RETURN, "LT-1")
    moment = queues.remove(stocked.at, stocked.desk, stocked.queue, [5])
    stocked.scan(ISSUE, "LT-1", RETURN, "LT-1")
    assert numbers(stocked) == [3, 9]
    queues.bring_back(stocked.desk, stocked.queue, moment)
    assert numbers(stocked) == [3, 5, 7, 9]


def test_the_label_of_a_case_brings_what_the_queue_put_in_and_not_what_it_took_out(stocked: Taker) -> None:
    """Taken in, come back, moved there; and moved away, retired. In the order of the slots."""
    stocked.sets("SCAN", equipment_type="laptop")
    stocked.scan("CASE-02", "NB-1", UPDATE, slot(3, "CASE-02"), "LT-1")
    lines = stocked.scan(ISSUE, badge(stocked.at), "CASE-02", "CASE-01")[2:]
    assert [line.tag for line in lines] == ["NB-1", "LT-1", "LT-2"]
    lines = stocked.scan(RETURN, "CASE-02")[1:]
    assert [(line.tag, *places([line])) for line in lines] == [("LT-1", "CASE-02 slot 3"), ("NB-1", "CASE-02 slot 1")]
    stocked.sets("RETIRE", notes="broken")
    stocked.scan("LT-2")
    stocked.sets("RETURN")
    assert stocked.held("CASE-01") == "case_has_nothing"


def test_the_label_of_a_case_read_twice_brings_the_same_again(stocked: Taker) -> None:
    """They are said to be scanned before, and not that there is nothing of the case."""
    stocked.scan(ISSUE, badge(stocked.at))
    assert said(stocked.scan("CASE-01", "CASE-01")) == ["RowMeant", "RowMeant", "Repeated", "Repeated"]
    assert said(stocked.scan(RETURN, "CASE-01", "CASE-01")[1:]) == ["RowMeant", "RowMeant", "Repeated", "Repeated"]


def test_an_update_into_a_case_goes_by_where_the_queue_put_the_asset(stocked: Taker) -> None:
    """What it put there stays in its slot; what it took out goes back into the one that it left."""
    stocked.scan(
        ISSUE, badge(stocked.at), "LT-1", RETURN, slot(2, "CASE-02"), "LT-1", NO_SLOT, ISSUE, "LT-2", RETURN, "LT-2"
    )
    stocked.sets("UPDATE", case_name="CASE-02", fills=True)
    assert places(stocked.scan("LT-1")) == ["CASE-02 slot 2"]
    stocked.sets("UPDATE", case_name="CASE-01", fills=True)
    assert places(stocked.scan("LT-2")) == ["CASE-01 slot 2"]


def test_a_row_by_hand_is_of_its_asset_however_it_is_typed(stocked: Taker) -> None:
    """What is scanned after it knows of it."""
    stocked.scan(ISSUE, badge(stocked.at), "LT-2")
    queues.change(stocked.desk, stocked.queue, 3, TypedRow("ISSUE", " lt-1 ", "Jane Smith", Place("OUT", 0)))
    assert said(stocked.scan("LT-1")) == ["Repeated"]
    queues.remove(stocked.at, stocked.desk, stocked.queue, [4])
    stocked.later(60)
    assert said(stocked.scan(f"LT-2\n{UNDO}\nLT-2")) == ["RowMeant", "Undone LT-2", "RowMeant"]


@pytest.mark.parametrize(
    ("row", "before"),
    [
        (TypedRow("RETURN", "A1", place=Place("C", 1)), Whereabouts("STORAGE", Place("C", 2))),
        (TypedRow("UPDATE", "A1", place=Place("C", 1)), Whereabouts("IN_CUSTODY", home=Place("C", 2))),
        (TypedRow("UPDATE", "A1", notes="dusty"), Whereabouts("STORAGE", Place("C", 2))),
        (TypedRow("SCAN", "A1", place=Place("C", 1)), Whereabouts("STORAGE", Place("C", 2))),
        (TypedRow("ISSUE", "A1", "Jane"), Whereabouts()),
        (TypedRow("RETIRE", "A1"), Whereabouts("RETIRED")),
        (TypedRow("TRANSFER", "A1", "Jane"), Whereabouts("IN_CUSTODY", home=Place("C", 2))),
    ],
)
def test_a_row_that_is_refused_or_only_sees_an_asset_moves_nothing(row: TypedRow, before: Whereabouts) -> None:
    """It is where it was, and comes home to where it was issued from."""
    assert before.after(row) == before


# Removed, brought back and changed


def test_saved_as_it_is_a_line_takes_no_later_one_away(stocked: Taker) -> None:
    """What is said again after the contrary does not repeat it, however its line is saved."""
    rows = to_jane_back_and_to_jane(stocked)
    for number in (rows[0], rows[2]):
        again(stocked, number)
    assert numbers(stocked) == rows
    assert where(stocked, "LT-1") == "in custody of Jane Smith"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_removed_one_by_one_and_brought_back_all_are_rows_as_they_were(stocked: Taker, order: tuple[int, ...]) -> None:
    """In whatever order they went, and came."""
    rows = to_jane_back_and_to_jane(stocked)
    moments = {at: queues.remove(stocked.at, stocked.desk, stocked.queue, [rows[at]]) for at in order}
    for at in sorted(order):
        queues.bring_back(stocked.desk, stocked.queue, moments[at])
    assert numbers(stocked) == rows
    assert where(stocked, "LT-1") == "in custody of Jane Smith"


def test_what_comes_back_is_no_repeat_of_what_was_scanned_after_the_contrary(stocked: Taker) -> None:
    """Issued, which was gone; back; issued again: all three are said."""
    stocked.scan(ISSUE, badge(stocked.at), "LT-1")
    moment = queues.remove(stocked.at, stocked.desk, stocked.queue, [3])
    stocked.scan(RETURN, "LT-1", ISSUE, "LT-1")
    queues.bring_back(stocked.desk, stocked.queue, moment)
    assert numbers(stocked) == [3, 5, 7]
    assert where(stocked, "LT-1") == "in custody of Jane Smith"


def test_of_a_last_row_changed_by_hand_and_removed_what_was_scanned_is_there(stocked: Taker) -> None:
    """It is no repeat of the first, which says the same: it came back in between."""
    rows = to_jane_back_and_to_jane(stocked)
    stocked.scan("LT-1")
    queues.change(stocked.desk, stocked.queue, rows[2], TypedRow("ISSUE", "LT-1", "Tom Blank", Place("OUT", 0)))
    queues.remove(stocked.at, stocked.desk, stocked.queue, [rows[2]])
    assert numbers(stocked) == [*rows[:2], rows[2] + 1]
    assert where(stocked, "LT-1") == "in custody of Jane Smith"


@pytest.mark.parametrize("by_hand", [False, True])
def test_what_was_scanned_after_what_comes_back_is_said_after_it(stocked: Taker, *, by_hand: bool) -> None:
    """Slot 1, slot 2, which was gone or another asset's, slot 1: it is in slot 1, also where it was read twice."""
    first, second = slot(1, "CASE-02"), slot(2, "CASE-02")
    stocked.scan(UPDATE, first, "LT-1", second, "LT-2" if by_hand else "LT-1")
    moment = "" if by_hand else queues.remove(stocked.at, stocked.desk, stocked.queue, [5])
    lines = stocked.scan(first, "LT-1", first, "LT-1")
    assert said(lines)[-3::2] == ["Repeated", "Repeated"]
    if by_hand:
        queues.change(stocked.desk, stocked.queue, 5, TypedRow("UPDATE", "LT-1", place=Place("CASE-02", 2)))
    else:
        queues.bring_back(stocked.desk, stocked.queue, moment)
    meants = {scan.number: scan.meant for scan in stocked.queue.scans}
    rows = numbers(stocked)
    assert rows[:2] == [3, 5]
    (said_anew,) = rows[2:]
    assert [meant.number for meant in meants.values() if isinstance(meant, Repeated)] == [said_anew]
    assert where(stocked, "LT-1") == "in CASE-02 slot 1"
