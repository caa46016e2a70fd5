"""A scan that may be the label of a case which nobody has prepared is held, and made an asset only by hand."""

import pytest

from assettrack.domain.cards import CardKind
from assettrack.domain.queued_scans import Held, RowMeant
from assettrack.domain.scans import EventType
from assettrack.domain.timestamps import utc_text
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import queues
from assettrack.services.unprepared_cases import held_labels_settled
from tests.services.test_queues import Taker, ben, card, places

__all__ = ["ben"]


def is_held(ben: Taker, typed: str) -> bool:
    """Scan something, and tell whether it is held as what may be a case."""
    (line,) = ben.scan(typed)
    return isinstance(line.scan.meant, Held) and line.scan.meant.reason == "case_or_asset"


@pytest.mark.parametrize("typed", ["CASE-09", "case-9", "CASE-1234"])
def test_what_looks_like_a_case_is_held(ben: Taker, typed: str) -> None:
    """With a type said or not: it would be an asset without a word."""
    for equipment_type in ("", "laptop"):
        ben.sets("SCAN", case_name="CASE-01", fills=True, equipment_type=equipment_type)
        assert is_held(ben, typed)
    (first, _) = queues.review(ben.at, ben.desk, ben.queue).lines
    assert first.colour == "bad"
    assert first.problems[0].message.startswith(f"No case is called {typed.upper()}, and no")


def test_what_has_the_form_of_this_stations_cases_is_held(ben: Taker) -> None:
    """The same but for its numbers, which are not all of it; not where it is said already what new assets are."""
    ben.sets("SCAN")
    assert not is_held(ben, "FOAM-7-A")
    ben.station.case("FOAM-12-B", 2)
    ben.station.case("4711", 2)
    assert is_held(ben, "FOAM-7-B")
    assert not is_held(ben, "FOAM-7-C")
    assert not is_held(ben, "4712")
    ben.sets("SCAN", equipment_type="laptop")
    assert not is_held(ben, "FOAM-8-B")


def test_a_case_that_is_not_prepared_may_have_a_name_that_no_asset_can_have(ben: Taker) -> None:
    """With a space in it, as others of this station: what comes after its label goes into no case before it."""
    ben.station.case("FOAM 12", 2)
    ben.sets("SCAN", equipment_type="laptop")
    assert ben.held("CRATE 13") == "scan_unreadable"
    ben.scan("FOAM 12")
    assert is_held(ben, "foam 13")
    assert ben.held("LT-1") == "place_removed"
    ben.station.case("FOAM 13", 2)
    ben.scan("foam 13")
    assert [scan.typed for scan in ben.queue.scans if scan.removed] == ["foam 13"]
    assert places(ben.scan("LT-2")) == ["FOAM 13 slot 1"]


def test_what_has_the_form_of_assets_too_is_an_asset(ben: Taker) -> None:
    """Those that the station knows, and those that were said by hand to be assets."""
    ben.stock("KIT-1")
    ben.station.case("KIT-50", 2)
    ben.station.case("BOX-50", 2)
    ben.sets("SCAN")
    assert not is_held(ben, "KIT-2")
    assert is_held(ben, "BOX-1")
    queues.change(ben.desk, ben.queue, ben.queue.scans[-1].number, TypedRow("SCAN", "BOX-1", equipment_type="box"))
    assert not is_held(ben, "BOX-2")


def test_what_is_known_is_not_asked_about(ben: Taker) -> None:
    """A case that is prepared says where the next scans go; what was made an asset by hand is one."""
    ben.sets("SCAN", equipment_type="laptop")
    assert not is_held(ben, "CASE-01")
    assert is_held(ben, "CASE-02")
    queues.change(ben.desk, ben.queue, 2, TypedRow("SCAN", "CASE-02", equipment_type="box"))
    assert not is_held(ben, "CASE-02")
    ben.commit()
    ben.sets("SCAN", equipment_type="laptop")
    (line,) = ben.scan("CASE-02")
    assert isinstance(line.scan.meant, RowMeant)
    ben.station.case("CASE-03", 2)
    assert not is_held(ben, "CASE-03")


@pytest.mark.parametrize("event", ["UPDATE", "RETURN"])
@pytest.mark.parametrize("label", ["CASE-09", "FOAM-13"])
def test_by_each_event_that_puts_assets_somewhere_what_comes_next_is_not_put_into_the_case_before(
    ben: Taker, event: EventType, label: str
) -> None:
    """Also where it is said what new assets are: none is made by these events. Removed, it says nothing any more."""
    ben.station.case("FOAM-12", 2)
    ben.stock("LT-1")
    ben.sets(event, case_name="FOAM-12", fills=True, slot_position=2, equipment_type="laptop")
    assert is_held(ben, label)
    assert ben.held("LT-1") == "place_removed"
    queues.remove(ben.at, ben.desk, ben.queue, [1, 2])
    assert ben.held("LT-1") == "place_removed"


@pytest.mark.parametrize("event", ["RETIRE", "ISSUE"])
def test_it_is_held_by_an_event_that_puts_assets_nowhere_too(ben: Taker, event: EventType) -> None:
    """What is scanned in after it goes into no case that was said before it."""
    ben.scan("CASE-01", card(CardKind.EVENT, event))
    assert ben.held("CASE-09") == "case_or_asset"
    assert ben.queue.context.place_removed


def test_the_label_takes_the_place_of_what_was_held_once_the_case_is_prepared(ben: Taker) -> None:
    """However often it was scanned before, as a name or as a card; what is held for another case stays.

    So does an asset that came after it: nobody knew then where that went.
    """
    ben.sets("SCAN", equipment_type="laptop")
    as_card = card(CardKind.CASE, "CASE-02")
    ben.scan("CASE-02", "LT-1", as_card, "CASE-03", "CASE-02")
    ben.station.case("CASE-02", 2)
    (line,) = ben.scan("CASE-02")
    assert line.colour == "plain"
    present = [scan for scan in ben.queue.scans if not scan.removed]
    assert [scan.typed for scan in present] == ["LT-1", "CASE-03", "CASE-02"]
    assert held_labels_settled(ben.queue.scans) == {1, 3, 5}
    assert [held.scan.typed for held in queues.review(ben.at, ben.desk, ben.queue).lines if held.colour == "bad"] == [
        "LT-1", "CASE-03",
    ]  # fmt: skip
    queues.remove(ben.at, ben.desk, ben.queue, [6])
    assert held_labels_settled(ben.queue.scans) == set()


@pytest.mark.parametrize("event", ["UPDATE", "RETURN"])
def test_the_label_does_so_too_where_nothing_of_the_case_is_meant(ben: Taker, event: EventType) -> None:
    """It is new, and empty: that alone is left to be seen."""
    ben.sets(event)
    ben.scan("CASE-02", "CASE-03")
    ben.station.case("CASE-02", 2)
    assert ben.held("CASE-02") == "case_has_nothing"
    assert [scan.typed for scan in ben.queue.scans if scan.removed] == ["CASE-02"]
    assert held_labels_settled(ben.queue.scans) == {1}


def test_what_is_being_committed_is_not_taken_back(ben: Taker) -> None:
    """The label is taken in all the same; what is held stops that commit, and is removed by hand."""
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("CASE-02")
    ben.station.case("CASE-02", 2)
    queue_id = ben.queue.row.queue_id
    ben.desk.begin_commit(queue_id, utc_text(ben.at.now()))
    assert queues.take(ben.at, ben.desk, queues.numbered(ben.desk, queue_id, ben.account), "CASE-02") == [2]
    assert [scan.removed_at for scan in ben.desk.scans(queue_id)] == [None, None]
