"""Two operators fill one case at the same time: the one who commits later is told where there is room, and moved there.

Each test has a case of six slots, of which two queues name the same ones.
"""

from copy import copy
from datetime import timedelta

import msgspec
import pytest

from assettrack.domain import desk_errors
from assettrack.domain.queued_scans import RowMeant
from assettrack.domain.tags import Place
from assettrack.services import accounts, assets, next_free_slots, queues
from assettrack.services.next_free_slots import Asked, Move, Offer, TooFew
from assettrack.services.queue_lines import Line
from tests.services.test_queues import Taker, ben, places

__all__ = ["ben"]

CASE = "CASE-02"
SLOT = f"{CASE} slot"


def colleague(of: Taker, name: str) -> Taker:
    """Return somebody else at the same station."""
    of.station.account(name, "operator")
    found = accounts.named(of.at, name)
    assert found is not None
    other = copy(of)
    other.at, other.account = of.station.workplace(name), found
    return other


def fills(taker: Taker, *tags: str) -> list[Line]:
    """Scan new assets into the next free slots of the case."""
    taker.sets("SCAN", case_name=CASE, fills=True, equipment_type="laptop")
    return taker.scan(*tags)


@pytest.fixture
def pia(ben: Taker) -> Taker:
    """Return somebody whose queue names the slots 1, 2 and 5, of which ben has committed the first two."""
    ben.station.case(CASE, 6)
    pia = colleague(ben, "pia")
    fills(ben, "BE-1", "BE-2")
    fills(pia, "PI-1", "PI-2", f"{CASE} SLOT-05", "PI-5")
    ben.commit()
    return pia


def lines(taker: Taker) -> list[Line]:
    """The lines of the queue as it is now."""
    return list(queues.review(taker.at, taker.desk, taker.queue).lines)


def offered(taker: Taker) -> Offer:
    """What somebody is offered now."""
    return next_free_slots.offer(taker.at, taker.desk, queues.review(taker.at, taker.desk, taker.queue))


def asked(taker: Taker, moves: list[Move]) -> Asked:
    """What the form says that was drawn for these."""
    return Asked(
        taker.queue.row.queue_id,
        [move.number for move in moves],
        [move.mark for move in moves],
        [move.after.slot_position for move in moves],
    )


def put(taker: Taker, form: Asked | None = None) -> None:
    """Press the button, on the page as it is now or as it was."""
    found = form or asked(taker, list(offered(taker).moves))
    next_free_slots.put(taker.at, taker.desk, taker.account, found)


def told(moves: list[Move]) -> list[str]:
    """What goes where."""
    return [f"{move.asset_tag}: {move.before} to {move.after}" for move in moves]


def refusals(taker: Taker) -> list[str]:
    """What is said of the rows that can't be."""
    return [found.message for line in lines(taker) for found in line.refusals]


def test_a_row_whose_slot_is_taken_is_told_the_free_ones(pia: Taker) -> None:
    """All that nothing is in and no row of the queue names."""
    free = "Free slots of CASE-02: 3, 4, 6. Name one with --slot."
    assert refusals(pia) == [f"{SLOT} {slot} is taken by asset BE-{slot}. {free}" for slot in (1, 2)]


def test_a_row_of_a_full_case_is_told_so(ben: Taker, pia: Taker) -> None:
    """Where the free ones would stand."""
    fills(ben, "BE-3", "BE-4", "BE-5", "BE-6")
    ben.commit()
    said = "CASE-02 has no free slot. Name one of another case with --slot."
    assert refusals(pia) == [f"{SLOT} {slot} is taken by asset BE-{slot}. {said}" for slot in (1, 2, 5)]


def test_all_rows_in_taken_slots_go_into_the_next_free_ones_in_one_step(pia: Taker) -> None:
    """What was offered is what is done; the others stay, and all of it can be committed."""
    before = pia.queue.row.revision
    moves = offered(pia).moves
    assert told(list(moves)) == [f"PI-1: {SLOT} 1 to {SLOT} 3", f"PI-2: {SLOT} 2 to {SLOT} 4"]
    put(pia)
    assert pia.queue.row.revision == before + 1
    assert places(lines(pia)) == [f"{SLOT} 3", f"{SLOT} 4", f"{SLOT} 5"]
    assert offered(pia).moves == []
    pia.commit()
    assert [assets.asset(pia.at, f"PI-{number}").where for number in (1, 2, 5)] == [
        f"in {SLOT} {slot}" for slot in (3, 4, 5)
    ]


def test_what_was_moved_last_can_be_put_back(ben: Taker, pia: Taker) -> None:
    """Where it was before, and nothing else; another move is taken back by itself."""
    put(pia)
    fills(ben, "BE-3")
    assert places(lines(ben)) == [f"{SLOT} 3"]
    ben.commit()
    ben.station.now += timedelta(seconds=1)
    assert told(list(offered(pia).moves)) == [f"PI-1: {SLOT} 3 to {SLOT} 6"]
    put(pia)
    for said, left in ((f"PI-1: {SLOT} 6 to {SLOT} 3", [3, 4, 5]), (f"PI-2: {SLOT} 4 to {SLOT} 2", [3, 2, 5])):
        back = list(offered(pia).back)
        assert told(back) == [said]
        next_free_slots.put_back(pia.at, pia.desk, pia.account, asked(pia, back))
        assert places(lines(pia)) == [f"{SLOT} {slot}" for slot in left]
    assert offered(pia).back == []


def test_a_row_that_is_changed_by_hand_is_not_put_back(pia: Taker) -> None:
    """The change by hand is the later word."""
    put(pia)
    assert [move.asset_tag for move in offered(pia).back] == ["PI-1", "PI-2"]
    form = asked(pia, list(offered(pia).back))
    first = pia.queue.scans[0].meant
    assert isinstance(first, RowMeant)
    queues.change(pia.desk, pia.queue, 1, msgspec.structs.replace(first.row, place=Place(CASE, 6)))
    assert [move.asset_tag for move in offered(pia).back] == ["PI-2"]
    with pytest.raises(desk_errors.ScanChanged):
        next_free_slots.put_back(pia.at, pia.desk, pia.account, form)
    assert places(lines(pia)) == [f"{SLOT} 6", f"{SLOT} 4", f"{SLOT} 5"]


def test_a_case_with_too_few_free_slots_offers_none(ben: Taker, pia: Taker) -> None:
    """It is said how many are missing; the form that was drawn before is refused, and nothing is changed."""
    form = asked(pia, list(offered(pia).moves))
    fills(ben, "BE-3", "BE-4")
    ben.commit()
    assert (offered(pia).moves, offered(pia).too_few) == ([], [TooFew(CASE, 2, 1)])
    assert offered(pia).too_few[0].missing == 1
    with pytest.raises(
        desk_errors.SlotsTooFew, match="CASE-02 has 1 free slot for 2 scans of your queue: 1 is missing"
    ):
        put(pia, form)
    assert places(lines(pia)) == [f"{SLOT} 1", f"{SLOT} 2", f"{SLOT} 5"]


def test_a_slot_that_was_taken_since_it_was_shown_is_refused(ben: Taker, pia: Taker) -> None:
    """No other one is taken in its place behind anybody's back."""
    form = asked(pia, list(offered(pia).moves))
    fills(ben, "BE-3")
    ben.commit()
    with pytest.raises(desk_errors.SlotTakenMeanwhile, match="CASE-02 slot 3 was free"):
        put(pia, form)
    assert places(lines(pia)) == [f"{SLOT} 1", f"{SLOT} 2", f"{SLOT} 5"]


def test_a_slot_that_another_row_of_the_queue_named_since_is_refused(pia: Taker) -> None:
    """Two rows of one queue never go into one slot."""
    form = asked(pia, list(offered(pia).moves))
    fills(pia, "PI-3")
    with pytest.raises(desk_errors.SlotTakenMeanwhile, match="CASE-02 slot 3 was free"):
        put(pia, form)
    twice = msgspec.structs.replace(form, positions=[6, 6])
    with pytest.raises(desk_errors.SlotTakenMeanwhile, match="CASE-02 slot 6"):
        put(pia, twice)


def test_nothing_is_done_with_a_scan_that_is_not_as_it_was_shown(pia: Taker) -> None:
    """With all of them or none; nor with a queue that came after, or a form that is cut."""
    form = asked(pia, list(offered(pia).moves))
    row = pia.queue.scans[1].meant
    assert isinstance(row, RowMeant)
    queues.change(pia.desk, pia.queue, 2, msgspec.structs.replace(row.row, place=Place(CASE, 6)))
    with pytest.raises(desk_errors.ScanChanged):
        put(pia, form)
    with pytest.raises(desk_errors.QueueChanged):
        put(pia, Asked(form.queue_id, [1], form.marks[:1]))
    queues.remove(pia.at, pia.desk, pia.queue, [1])
    with pytest.raises(desk_errors.ScanGone):
        put(pia, form)
    with pytest.raises(desk_errors.QueueOther):
        put(pia, msgspec.structs.replace(form, queue_id=form.queue_id + 1))
    assert places(lines(pia)) == [f"{SLOT} 1", f"{SLOT} 6", f"{SLOT} 5"]


def test_slots_that_another_open_queue_names_are_taken_last(ben: Taker, pia: Taker) -> None:
    """As long as there are others; nobody relies on it."""
    fills(ben, "BE-3")
    assert [move.after.slot_position for move in offered(pia).moves] == [4, 6]
    fills(ben, "BE-4")
    assert [move.after.slot_position for move in offered(pia).moves] == [3, 6]


def test_two_rows_of_one_queue_in_one_slot_are_parted(ben: Taker, pia: Taker) -> None:
    """The second one is told that the first is there, and is moved like any other."""
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan(f"{CASE} SLOT-06", "BE-6", f"{CASE} SLOT-06", "BE-7")
    assert told(list(offered(ben).moves)) == [f"BE-7: {SLOT} 6 to {SLOT} 3"]
    assert pia.queue.row.closed_at is None


def test_a_queue_that_changed_meanwhile_is_looked_at_anew(pia: Taker, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another tab scanned in between is kept; where it keeps changing, that is said."""
    change_scans = pia.desk.change_scans

    def after_another(*what: object) -> bool:
        monkeypatch.setattr(pia.desk, "change_scans", change_scans)
        pia.sets("SCAN", equipment_type="laptop")
        pia.scan("PI-9")
        return change_scans(*what)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(pia.desk, "change_scans", after_another)
    put(pia)
    assert places(lines(pia)) == [f"{SLOT} 3", f"{SLOT} 4", f"{SLOT} 5", "None"]
    back = asked(pia, list(offered(pia).back))
    monkeypatch.setattr(pia.desk, "change_scans", lambda *_: False)
    with pytest.raises(desk_errors.QueueChanged):
        next_free_slots.put_back(pia.at, pia.desk, pia.account, back)


def test_a_repeated_scan_knows_where_the_earlier_one_puts_it(pia: Taker) -> None:
    """Also after that was moved; one that names no place has none to tell."""
    pia.sets("SCAN", case_name="CASE-01", fills=True)
    (line,) = pia.scan("PI-1")
    assert (line.earlier and line.earlier.number, line.place_before) == (1, Place(CASE, 1))
    put(pia)
    assert lines(pia)[line.scan.number - 1].place_before == Place(CASE, 3)
    pia.sets("SCAN", equipment_type="laptop")
    _, again = pia.scan("PI-8", "PI-8")
    assert again.place_before is None


def test_a_form_that_is_sent_twice_is_done_once(pia: Taker) -> None:
    """Whichever of the two: the second finds it done, and changes nothing; one that is done in part is refused."""
    form = asked(pia, list(offered(pia).moves))
    put(pia, form)
    back = asked(pia, list(offered(pia).back))
    after = pia.queue
    put(pia, form)
    assert pia.queue == after
    next_free_slots.put_back(pia.at, pia.desk, pia.account, back)
    after = pia.queue
    next_free_slots.put_back(pia.at, pia.desk, pia.account, back)
    assert pia.queue == after
    put(pia, form)
    assert places(lines(pia)) == [f"{SLOT} 3", f"{SLOT} 4", f"{SLOT} 5"]
    row = pia.queue.scans[1].meant
    assert isinstance(row, RowMeant)
    queues.change(pia.desk, pia.queue, 2, row.row)
    after = pia.queue
    with pytest.raises(desk_errors.ScanChanged):
        put(pia, form)
    assert pia.queue == after


def test_a_form_about_a_scan_that_is_in_no_slot_changes_nothing(pia: Taker) -> None:
    """No page draws such a form: it can only be asked about rows that name a slot."""
    pia.sets("SCAN", equipment_type="laptop")
    (line,) = pia.scan("PI-9")
    form = Asked(pia.queue.row.queue_id, [line.scan.number], [line.mark], [3])
    for send in (next_free_slots.put, next_free_slots.put_back):
        with pytest.raises(desk_errors.ScanGone):
            send(pia.at, pia.desk, pia.account, form)
    assert places(lines(pia))[-1] == "None"


def test_what_is_refused_beside_a_taken_slot_is_told_no_free_slots(pia: Taker) -> None:
    """They would mend nothing there."""
    pia.sets("UPDATE", case_name="CASE-01", fills=True)
    pia.scan("XX-9")
    found = [line.refusals for line in lines(pia) if line.refusals]
    assert [[each.code for each in refused] for refused in found] == [["slot_taken"], ["slot_taken"], ["unknown_asset"]]
    assert ["Free slots of" in each.message for refused in found for each in refused] == [True, True, False]
