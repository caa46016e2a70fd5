"""What was said of the next scans is of them alone; and what a full case means to those that are in it already."""

import msgspec

from assettrack.domain.plans import Options
from assettrack.domain.queued_scans import Context, RowMeant, read_context
from assettrack.services import assets, queues
from assettrack.services.queue_lines import Line
from tests.services.test_queues import Taker, ben, places

__all__ = ["ben"]


def types(lines: list[Line]) -> list[str]:
    """What type each row says."""
    return [line.scan.meant.row.equipment_type for line in lines if isinstance(line.scan.meant, RowMeant)]


def test_the_type_is_of_the_next_scans_alone(ben: Taker) -> None:
    """Those scanned before keep the one that was said then; a known asset has its own, and none is said of it."""
    ben.stock("LT-1")
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("LT-2")
    ben.sets("SCAN", equipment_type="tablet")
    ben.scan("TB-1", "LT-1")
    lines = queues.review(ben.at, ben.desk, ben.queue).lines
    assert types(list(lines)) == ["laptop", "tablet", ""]
    ben.commit()
    assert [assets.asset(ben.at, tag).equipment_type for tag in ("LT-1", "LT-2", "TB-1")] == [
        "laptop", "laptop", "tablet",
    ]  # fmt: skip


def test_a_scan_without_a_type_is_mended_by_saying_it_and_scanning_again(ben: Taker) -> None:
    """Saying it does nothing to the scan that is there: that one is changed, or removed and scanned again."""
    ben.sets("SCAN")
    (line,) = ben.scan("LT-1")
    assert [found.code for found in (*line.problems, *line.refusals)] == ["equipment_type_missing"]
    ben.sets("SCAN", equipment_type="laptop")
    (line,) = queues.review(ben.at, ben.desk, ben.queue).lines
    assert line.colour == "bad"
    queues.remove(ben.at, ben.desk, ben.queue, [line.scan.number])
    (line,) = ben.scan("LT-1")
    assert line.colour == "ok"
    ben.commit()
    assert assets.asset(ben.at, "LT-1").equipment_type == "laptop"


def test_a_queue_of_before_keeps_the_type_of_all_its_rows() -> None:
    """Its rows say none themselves: what was said of the whole batch goes on to fill them."""
    before = read_context('{"event_type":"SCAN","equipment_type":"laptop"}')
    assert before.options == Options({"equipment_type": "laptop"})
    assert Context(equipment_type="laptop").options == Options()
    assert read_context(msgspec.json.encode(Context(equipment_type="laptop")).decode()).equipment_type == "laptop"


def test_saying_more_by_hand_keeps_the_type_of_a_queue_of_before(ben: Taker) -> None:
    """Else its rows would lose what they were scanned with."""
    ben.desk.add_scans(ben.queue.row.queue_id, [], '{"equipment_type":"laptop"}')
    ben.scan("LT-1")
    ben.sets("SCAN", equipment_type="tablet")
    ben.scan("TB-1")
    ben.commit()
    assert [assets.asset(ben.at, tag).equipment_type for tag in ("LT-1", "TB-1")] == ["laptop", "tablet"]


def test_an_asset_of_a_full_case_that_is_scanned_again_is_only_seen_twice(ben: Taker) -> None:
    """It has its slot: that the case has no other is nothing to stop at."""
    ben.sets("SCAN", case_name="CASE-01", fills=True, equipment_type="laptop")
    ben.scan("LT-1", "LT-2", "LT-3")
    (line,) = ben.scan("LT-2")
    assert line.colour == "note"
    assert not isinstance(line.scan.meant, RowMeant)
    assert ben.held("LT-4") == "case_full"


def test_an_update_into_the_case_that_an_asset_is_in_leaves_it_in_its_slot(ben: Taker) -> None:
    """Free slots of the case are for what comes from elsewhere, and it is said that nothing changes."""
    ben.station.case("CASE-02", 1)
    ben.stock("LT-1")
    ben.sets("SCAN", case_name="CASE-02", fills=True, equipment_type="laptop")
    ben.scan("LT-2")
    ben.commit()
    ben.sets("UPDATE", case_name="CASE-01", fills=True)
    lines = ben.scan("LT-1", "LT-2")
    assert places(lines) == ["CASE-01 slot 1", "CASE-01 slot 2"]
    assert [[found.code for found in line.notices] for line in lines] == [["update_without_change"], []]


def test_an_update_into_the_full_case_that_an_asset_is_in_leaves_it_there(ben: Taker) -> None:
    """By the records it is in there already."""
    ben.stock("LT-1", "LT-2", "LT-3")
    ben.sets("UPDATE", case_name="CASE-01", fills=True)
    (line,) = ben.scan("LT-2")
    assert isinstance(line.scan.meant, RowMeant)
    assert str(line.scan.meant.row.place) == "CASE-01 slot 2"
