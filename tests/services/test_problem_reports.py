"""Problems: everything that is odd in the present state is pointed out, once, and nothing else."""

from datetime import timedelta

import pytest

from assettrack.domain.plans import Options
from assettrack.services import acceptances, corrections, count_endings, holders, organisations, rooms, settings
from assettrack.services.acceptances import SaidAcceptance
from assettrack.services.problem_reports import problems
from tests.services.counting import scan, start, typed
from tests.services.desk import HEADER, Desk, row


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """A1 and A2 are in slots, and nothing is odd."""
    desk.commit(row("A1", place=("CASE-01", "1")) + row("A2", place=("CASE-01", "2")))
    return desk


def odd(desk: Desk) -> list[tuple[object, ...]]:
    """What is pointed out: the problem and where; the figures must agree."""
    report = problems(desk.workplace)
    kinds = [row[0] for row in report.table.rows]
    counted = {key: value for key, value in report.figures.items() if value and key in kinds}
    assert counted == {kind: kinds.count(kind) for kind in kinds}
    assert report.figures["problems"] == len(kinds)
    return [tuple(row) for row in report.table.rows]


def test_a_tidy_station_has_none(stocked: Desk) -> None:
    """Where nothing is odd, nothing is said to be."""
    assert odd(stocked) == []


def test_what_nobody_has_accepted(stocked: Desk) -> None:
    """One row for each batch and holder, since the batch was recorded; none where the station asks for none."""
    stocked.commit(row("A1", "ISSUE"))
    ((problem, where, since, what),) = odd(stocked)
    assert (problem, where) == ("acceptance_open", "batch 2, Jane Smith")
    assert str(since).startswith("2026-07-01T12:00")
    assert what == "Jane Smith has not accepted what was issued"
    settings.set_rule(stocked.workplace, "acceptance", "off")
    assert odd(stocked) == []
    settings.set_rule(stocked.workplace, "acceptance", "recorded")
    acceptances.record(stocked.workplace, 2, "Jane Smith", SaidAcceptance("paper"))
    assert odd(stocked) == []


def test_what_is_overdue_and_with_whom(stocked: Desk) -> None:
    """With the date, the holder, and that the holder is not active any more."""
    settings.set_rule(stocked.workplace, "acceptance", "off")
    stocked.commit(row("A1", "ISSUE"), Options(due_on="2026-06-30"))
    wanted = holders.HolderUpdate(active=False, reason="has left", with_assets=True)
    holders.change(stocked.workplace, "Jane Smith", wanted)
    assert odd(stocked) == [
        ("overdue", "asset A1", None, "was due 2026-06-30, and Jane Smith has it"),
        ("holder_inactive", "holder Jane Smith", None, "is not active, and has 1 asset"),
    ]


def test_counts_that_are_open_or_found_something(stocked: Desk) -> None:
    """An open count is pointed out until it is signed off; what it found then, until somebody has seen the asset."""
    start(stocked)
    ((problem, where, _, what),) = odd(stocked)
    assert (problem, where, what) == ("count_open", "count 1", "CASE-01: begun and not signed off")
    scan(stocked, typed("A1"))
    count_endings.close(stocked.workplace, 1)
    discrepancy = ("count_discrepancy", "asset A2", None, "missing in count 1, and recorded in CASE-01 slot 2")
    assert odd(stocked) == [discrepancy]
    stocked.commit(row("A2", "RETIRE", at="10:01"))
    assert odd(stocked) == []


def test_serial_numbers_on_two_assets(stocked: Desk) -> None:
    """Each number once with all who carry it, retired ones aside."""
    head = HEADER.strip() + ",serial_number\n"
    lines = [row(tag, serial_number=serial).strip() + f",{serial}\n" for tag, serial in
             (("B1", "S1"), ("B2", "S1"), ("B3", "S2"), ("B4", "S2"), ("B5", "S3"))]  # fmt: skip
    stocked.commit(head + "".join(lines))
    stocked.commit(row("B4", "RETIRE", at="10:01"))
    found = [each for each in odd(stocked) if each[0] == "serial_shared"]
    assert found == [("serial_shared", "serial number S1", None, "on 2 assets: B1, B2")]


def test_rooms_nobody_manages(stocked: Desk) -> None:
    """One row for each room; where the station manages none, every text is a room."""
    head = HEADER.strip() + ",building_room\n"
    lines = [
        row(tag, "UPDATE", at="10:01").strip() + f",{room}\n" for tag, room in (("A1", "North 1"), ("A2", "Attic"))
    ]
    stocked.commit(head + "".join(lines))
    assert odd(stocked) == []
    rooms.register_building(stocked.workplace, "North")
    rooms.register_room(stocked.workplace, "North 1", "North")
    words = "1 asset recorded in it, such as A2, and nobody manages it"
    assert odd(stocked) == [("room_unmanaged", "room Attic", None, words)]


def test_buildings_that_an_organisation_may_not_use(stocked: Desk) -> None:
    """Pointed out while somebody of another organisation has the asset there."""
    settings.set_rule(stocked.workplace, "acceptance", "off")
    organisations.register(stocked.workplace, "Fire Department")
    rooms.register_building(stocked.workplace, "North")
    head = HEADER.strip() + ",building_room\n"
    stocked.commit(
        head + row("A1", "ISSUE", at="10:01").strip() + ",\n" + row("A1", "UPDATE", at="10:02").strip() + ",North\n"
    )
    assert odd(stocked) == []
    organisations.set_use(stocked.workplace, "Fire Department", "North", allowed=True)
    words = "Jane Smith has it in North, which Ad Hoc may not use"
    assert odd(stocked) == [("building_not_allowed", "asset A1", None, words)]
    holders.change(stocked.workplace, "Jane Smith", holders.HolderUpdate(organisation="Fire Department"))
    assert odd(stocked) == []


def test_what_is_in_no_slot_is_one_row(stocked: Desk) -> None:
    """However many there are; the first are named, and since when that is so of any of them."""
    stocked.commit("".join(row(f"B{number}", at=f"10:{30 - number}") for number in range(1, 8)))
    what = "7 assets in no slot: B1, B2, B3, B4, B5 and 2 more"
    assert odd(stocked) == [("unslotted", "storage", "2026-07-01T10:23:00.000000Z", what)]


def test_corrections_are_pointed_out_for_a_month(stocked: Desk) -> None:
    """Who corrected what and why; on the thirtieth day it is still said, on the next it is old news."""
    corrections.correct(stocked.workplace, 6, {"notes": "dented"}, "forgotten", confirm=None)
    ((problem, where, _, what),) = odd(stocked)
    assert (problem, where) == ("corrected", "entry 6, asset A1")
    assert what == "corrected by gcurl with entry 8: forgotten"
    stocked.clock += timedelta(days=30)
    assert len(odd(stocked)) == 1
    stocked.clock += timedelta(days=1)
    assert odd(stocked) == []
