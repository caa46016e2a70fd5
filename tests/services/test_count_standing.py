"""How counts stand while people look at them: after every deed just what the whole sheet says, however it is found."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from assettrack.domain import errors, station_errors
from assettrack.domain.counts import EXCEPTIONS, FOUND, RESULTS
from assettrack.domain.tags import Place
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import count_endings, count_scans, count_standing, counts, slots
from assettrack.services.count_reading import Scans, Spotted
from assettrack.services.count_standing import CountStandings, Standing, Wanted
from assettrack.services.counts import AskedScope
from tests.conftest import Tally
from tests.sampling import Sample
from tests.services import counting
from tests.services.counting import EVERYTHING, scan, start, typed
from tests.services.desk import Desk
from tests.services.insider import Insider, quick_folder
from tests.services.random_custody import TAGS, RandomCustody

DEEDS = 250
ENDING = 0.1
"""How likely it is that a count may be ended at all, each time."""

EVERY_LINE = Wanted(limit=1_000, tags=(*TAGS, "NEVER"), exceptions=True)
ROOMS = ("North 12", "north  12", "South 1")
SCOPES = (
    EVERYTHING,
    AskedScope(room="North 12"),
    AskedScope(cases=("C1",)),
    AskedScope(cases=("C1", "C2")),
    AskedScope(room="North 12"),
    AskedScope(holder="Bob Lee"),
)


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """CASE-01 has A1, A2, A3 in its first slots of four; CASE-02 has B1; FREE is in no slot, Jane has HELD, GONE is."""
    return counting.stock(desk)


class Counting(RandomCustody):
    """A life in which much is counted: whatever happens, several counts go on, of scopes of every kind."""

    def __init__(self, folder: Path, seed: int) -> None:
        super().__init__(folder, seed)
        self._luck = Random(seed)

    def count_something(self) -> None:
        """Begin a count, scan into one in some place, move an asset between rooms, or end a count."""
        luck, at = self._luck, self.desk.workplace
        number = luck.randrange(1, 7)
        tag, scope = luck.choice((*TAGS, "NEVER")), luck.choice(SCOPES)
        place = luck.choice([(None, None), ("C1", None), ("C1", 1), ("C1", 2), ("C2", 1)])
        recorded = [(tag, asset.case_name, asset.slot_position) for tag, asset in self._assets()]
        right = luck.choice([*recorded, (tag, *place)])
        deeds: list[Callable[[], object]] = [
            lambda: counts.start(at, scope),
            *[lambda: counts.add_scans(at, number, Scans([Spotted(tag, *place)]))] * 6,
            *[lambda: counts.add_scans(at, number, Scans([Spotted(*right)]))] * 12,
            *[lambda: self._do(TypedRow("UPDATE", tag, building_room=luck.choice(ROOMS)))] * 8,
            *[lambda: count_endings.close(at, number)] * (luck.random() < ENDING),
            *[lambda: count_endings.abandon(at, number, "no time")] * (luck.random() < ENDING),
        ]
        with suppress(errors.AssetTrackError):
            luck.choice(deeds)()


def require_told(desk: Desk, standings: CountStandings, count_id: int) -> Standing:
    """Make sure that a count stands as its sheet, made anew of everything, says."""
    found = standings.find(desk.workplace, count_id, EVERY_LINE)
    sheet = counts.sheet(desk.workplace, count_id, with_found=True)
    lines = {line.asset_tag: line for line in sheet.lines}
    assert [line for group in found.groups for line in group.lines] == list(sheet.lines)
    assert found.sheet.totals == sheet.totals
    assert found.sheet.scans == sheet.scans
    assert (found.sheet.started, found.sheet.closed, found.sheet.abandoned) == (
        sheet.started, sheet.closed, sheet.abandoned,
    )  # fmt: skip
    assert [(group.result, group.total) for group in found.groups] == [
        (result, (sheet.totals or {}).get(result, 0)) for result in RESULTS if (sheet.totals or {}).get(result)
    ]
    few = standings.find(desk.workplace, count_id, Wanted(3, {FOUND: 0}, in_all=4))
    first = [line for group in found.groups if group.result != FOUND for line in group.lines[:3]]
    assert [line for group in few.groups for line in group.lines] == first[:4]
    assert [(group.result, group.total) for group in few.groups] == [(each.result, each.total) for each in found.groups]
    assert found.by_tag == {tag: line for tag, line in lines.items() if tag in EVERY_LINE.tags}
    assert found.exceptions == {tag: line.result for tag, line in lines.items() if line.result in EXCEPTIONS}
    assert found.size == desk.log_size
    assert CountStandings().find(desk.workplace, count_id, EVERY_LINE) == found
    return found


def test_after_each_deed_every_count_stands_as_its_sheet_says(sample: Sample, tally: Tally) -> None:
    """Kept up with the log or compared anew, the same: totals, lines and what needs care; and ended counts as they did.

    Some counts are looked at after each deed, others after many. Of four random lives one, in a soak all.
    """
    for seed in sample(range(1, 5), 1):
        with quick_folder() as folder:
            tally("looks at counts", looks_in_life(Counting(folder, seed)))


def looks_in_life(life: Counting) -> int:
    """Make sure of how its counts stand all through a life; return how often one was looked at."""
    standings, looks, last = CountStandings(), 0, 0
    for deed in range(DEEDS):
        life.live(1)
        life.count_something()
        last = len(list(counts.all_counts(life.desk.workplace)))
        for count_id in range(1, min(last, 6) + 1):
            if deed % (count_id * 3 - 2) == 0:
                require_told(life.desk, standings, count_id)
                looks += 1
    for count_id in range(1, last + 1):  # more than are remembered
        require_told(life.desk, standings, count_id)
    life.desk.store.close()
    return looks


def in_room(room: str, *tags: str, at: str) -> str:
    """A batch that records some assets in a room."""
    rows = "".join(f"{tag},2026-07-01T{at}Z,UPDATE,m,{room}\n" for tag in tags)
    return f"asset_tag,timestamp,event_type,operator_id,building_room\n{rows}"


def test_a_count_of_a_room_stands_as_its_sheet_says_until_it_is_closed(stocked: Desk) -> None:
    """What is recorded in the room and was seen is found; an asset that is in another room meanwhile moved away."""
    stocked.commit(in_room("North 12", "A1", "A2", "A3", at="11:00"))
    start(stocked, AskedScope(room="North 12"))
    scan(stocked, typed("A1", "B1"))
    stocked.commit(in_room("South 1", "A2", at="11:30"))
    standing = require_told(stocked, CountStandings(), 1)
    assert {group.result: [line.asset_tag for line in group.lines] for group in standing.groups} == {
        "missing": ["A3"],
        "moved_during_count": ["A2"],
        "unexpected": ["B1"],
        "found": ["A1"],
    }
    count_endings.close(stocked.workplace, 1)
    assert require_told(stocked, CountStandings(), 1).groups == standing.groups


def test_a_count_is_compared_anew_after_many_entries(stocked: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where too much was added to the log to look at it entry by entry, all is read again."""
    standings = CountStandings()
    start(stocked, EVERYTHING)
    require_told(stocked, standings, 1)
    monkeypatch.setattr(count_standing, "ENTRIES_MAX", 1)
    scan(stocked, typed("A1", case="CASE-01", slot=2))
    slots.vacate_asset(stocked.workplace, "A2", "to be mended")
    assert require_told(stocked, standings, 1).sheet.scans == 1


def test_so_many_lines_of_each_result_as_are_asked_for(stocked: Desk) -> None:
    """The first by tag, and how many there are in all; of a result of which none is asked for, only how many."""
    start(stocked, EVERYTHING)
    scan(stocked, typed("A2", "FREE", "Z2", "Z1", "Z3"))
    wanted = Wanted(2, {FOUND: 0, "unknown_tag": 1})
    found = CountStandings().find(stocked.workplace, 1, wanted)
    assert [(group.result, group.total, [line.asset_tag for line in group.lines]) for group in found.groups] == [
        ("missing", 3, ["A1", "A3"]),
        ("unknown_tag", 3, ["Z1"]),
        ("found", 2, []),
    ]
    assert (found.by_tag, found.exceptions) == ({}, {})


def test_no_more_lines_in_all_than_are_asked_for(stocked: Desk) -> None:
    """Those of what needs most care; of all others it is told how many there are."""
    start(stocked, EVERYTHING)
    scan(stocked, typed("A2", "FREE", "Z2", "Z1", "Z3"))
    found = CountStandings().find(stocked.workplace, 1, Wanted(3, in_all=4))
    assert [(group.result, group.total, [line.asset_tag for line in group.lines]) for group in found.groups] == [
        ("missing", 3, ["A1", "A3", "B1"]),
        ("unknown_tag", 3, ["Z1"]),
        ("found", 2, []),
    ]


def test_more_counts_than_are_remembered(stocked: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that was looked at longest ago is forgotten, and told again when it is asked for."""
    monkeypatch.setattr(count_standing, "KEPT_MAX", 1)
    standings = CountStandings()
    for _ in range(2):
        start(stocked, EVERYTHING)
    for count_id in (1, 2, 1):
        require_told(stocked, standings, count_id)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_log WHERE seq = (SELECT max(seq) FROM count_scans)",
        "UPDATE audit_log SET body = '{}' WHERE seq = (SELECT max(seq) FROM count_scans)",
        "UPDATE count_scans SET seq = 1 WHERE seq = (SELECT max(seq) FROM count_scans)",
    ],
)
def test_nothing_is_told_of_ruins(stocked: Desk, statement: str) -> None:
    """Scans that are gone, can't be read or are something else are damage, and are no less at the next look."""
    start(stocked, EVERYTHING)
    standings = CountStandings()
    scan(stocked, typed("A1"))
    insider = Insider(stocked, [])
    insider.do(statement)
    for _ in range(2):
        with pytest.raises(station_errors.DatabaseDamaged):
            standings.find(stocked.workplace, 1, EVERY_LINE)
    insider.close()


def test_what_can_not_be_taken_in_is_not_half_taken_in(stocked: Desk) -> None:
    """Where the entries that were added can't be read the next look begins anew, and counts no scan twice."""
    start(stocked, EVERYTHING)
    standings = CountStandings()
    require_told(stocked, standings, 1)
    for tag in ("A1", "A2"):
        scan(stocked, typed(tag))
    insider = Insider(stocked, [])
    last = stocked.log_size
    body = insider.body(last)
    insider.do("UPDATE audit_log SET body = '{}' WHERE seq = ?", (last,))
    with pytest.raises(station_errors.DatabaseDamaged):
        standings.find(stocked.workplace, 1, EVERY_LINE)
    insider.write_body(last, body)
    assert require_told(stocked, standings, 1).sheet.scans == 2
    insider.close()


def test_there_is_no_such_count(stocked: Desk) -> None:
    """It is refused as everywhere."""
    with pytest.raises(errors.DeedRefused) as refused:
        CountStandings().find(stocked.workplace, 7, Wanted())
    assert refused.value.code == "unknown_count"


@pytest.mark.parametrize("scope", [EVERYTHING, AskedScope(("CASE-01",)), AskedScope(holder="Jane Smith")])
def test_what_would_be_begun_is_what_is_begun(stocked: Desk, scope: AskedScope) -> None:
    """The same words, as many expected, and the same other counts that expect some of them."""
    start(stocked, AskedScope(("CASE-01",)))
    start(stocked, AskedScope(("CASE-02",)))
    slots.move(stocked.workplace, "B1", Place("CASE-01", 4))
    before = count_scans.beginning(stocked.workplace, scope)
    begun = counts.start(stocked.workplace, scope)
    assert (before.words, before.expected) == (begun.scope.words, begun.expected)
    said = [notice.message for notice in begun.notices]
    assert bool(said) == bool(before.shared_with)
    assert all(str(number) in said[0] for number in before.shared_with)
