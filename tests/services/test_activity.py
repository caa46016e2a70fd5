"""Activity: the latest entries, of a kind or by a person, in the order of the log."""

from datetime import timedelta

import pytest

from assettrack.domain.audit_log import AnyEntry, event_type
from assettrack.services import corrections, holders
from assettrack.services.activity import LAST, EntrySelection, Stretch, activity, look_back
from assettrack.services.reports import Report
from tests.services.desk import Desk, row


def say(entry: AnyEntry) -> str:
    """What an entry is about, for these tests: its kind in small letters."""
    return event_type(entry).lower()


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """Entries 1 to 4 are the station, the case and two holders; a day later batch 1 is 5 to 8, and a holder is 9."""
    desk.clock += timedelta(days=1)
    late = row("A2", operator_id='o"Neil', at="10:02")
    desk.commit(row("A1", place=("CASE-01", "1")) + row("A1", "ISSUE", at="10:01") + late)
    holders.register(desk.manned_by("Ann Ox"), "Ann Ox")
    return desk


def shown(desk: Desk, asked: EntrySelection) -> Report:
    """The report."""
    return activity(desk.workplace, asked, say)


def entries(desk: Desk, asked: EntrySelection) -> list[object]:
    """The entries that are shown, by number."""
    return [row[0] for row in shown(desk, asked).table.rows]


def looked_back(desk: Desk, asked: EntrySelection, reach: int, limit: int) -> list[object]:
    """The same entries, found stretch by stretch from the end of the log on."""
    found: list[object] = []
    stretch = Stretch(None, reach, limit)
    for _ in range(desk.log_size + 2):
        looked = look_back(desk.workplace, asked, say, stretch)
        lines = [row[0] for row in looked.report.table.rows]
        assert all(looked.first_seq <= seq <= looked.last_seq for seq in lines if isinstance(seq, int))
        assert looked.last_seq - looked.first_seq < reach
        found = [*lines, *found]
        if looked.is_all:
            return found
        stretch = Stretch(looked.first_seq, reach, limit, stretch.shown_before + len(lines))
    raise AssertionError("it never ends")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (EntrySelection(), [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (EntrySelection(last=2), [8, 9]),
        (EntrySelection(kind="SCAN"), [6, 8]),
        (EntrySelection(last=1, kind="SCAN"), [8]),
        (EntrySelection(by="gcurl"), [2, 3, 4, 5, 6, 7]),
        (EntrySelection(by="Ann Ox"), [9]),
        (EntrySelection(by='o"Neil'), [8]),
        (EntrySelection(by="Neil"), []),
        (EntrySelection(kind="HOLDER", by="gcurl"), [3, 4]),
        (EntrySelection(since="2026-07-02"), [5, 6, 7, 8, 9]),
        (EntrySelection(since="2026-07-02", kind="SCAN"), [6, 8]),
        (EntrySelection(since="2026-07-02", last=1), [9]),
        (EntrySelection(since="2026-07-03"), []),
    ],
)
def test_entries_are_found_by_their_marks(stocked: Desk, asked: EntrySelection, expected: list[int]) -> None:
    """Rows were recorded with their batch, however long ago they were scanned; a name is meant as it stands there."""
    assert entries(stocked, asked) == expected
    for reach, limit in ((1, 1), (2, 3), (3, 2), (100, 2), (100, 100)):
        assert looked_back(stocked, asked, reach, limit) == expected


def test_entries_that_were_added_meanwhile_are_not_shown_twice(stocked: Desk) -> None:
    """A stretch begins before the entry that it is said to, however much longer the log is; it never goes beyond it."""
    holders.register(stocked.workplace, "Eve Ray")
    looked = look_back(stocked.workplace, EntrySelection(), say, Stretch(8, 3, 100, 2))
    assert [row[0] for row in looked.report.table.rows] == [5, 6, 7]
    assert (looked.first_seq, looked.last_seq, looked.is_all) == (5, 7, False)
    beyond = look_back(stocked.workplace, EntrySelection(), say, Stretch(99, 2, 100))
    assert [row[0] for row in beyond.report.table.rows] == [9, 10]


def test_a_row_of_the_report(stocked: Desk) -> None:
    """When, what kind, by whom, about which asset and batch, in words, and by what it was corrected."""
    corrections.correct(stocked.workplace, 7, {"notes": "dented"}, "forgotten", confirm=None)
    _, issued, _, _, correction = shown(stocked, EntrySelection(last=5)).table.rows
    assert issued == (7, "2026-07-01T10:01:00.000000Z", "ISSUE", "gcurl", "A1", 1, "issue", 10)
    assert (correction[0], correction[2:7]) == (10, ("CORRECTION", "gcurl", "A1", None, "correction"))


def test_without_a_word_the_last_few_are_shown(stocked: Desk) -> None:
    """Not more than fifty, and it is said how many there are; since a date all."""
    for number in range(LAST):
        holders.register(stocked.workplace, f"Holder {number}")
    assert entries(stocked, EntrySelection()) == list(range(10, 10 + LAST))
    answer, words, _ = shown(stocked, EntrySelection()).table.subtitle
    assert (answer, words) == (f"50 of {9 + LAST} entries.", "Only: the last 50.")
    assert len(entries(stocked, EntrySelection(since="2026-07-02"))) == 5 + LAST
    asked = EntrySelection(since="2026-07-02", kind="SCAN", by="gcurl")
    assert shown(stocked, asked).table.subtitle[1] == "Only: kind Scanned, by gcurl, recorded since 2026-07-02."
