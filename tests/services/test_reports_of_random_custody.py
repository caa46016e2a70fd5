"""Reports of random stations: the same tables as a plain replay of the log gives, at every point of the history."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from random import Random

import pytest

from assettrack.services import custody_reports, interval_reports, problem_reports, stock_reports
from assettrack.services.accountability import accountability
from assettrack.services.accountability_lines import Judging, accountability_lines
from assettrack.services.interval_reports import IntervalSelection, intervals_within
from assettrack.services.ports import Workplace
from assettrack.services.remembered import Remembered
from assettrack.services.reports import EVERY_LINE, Filters, Lines, Report, Unread
from tests.conftest import Tally
from tests.services.insider import quick_folder
from tests.services.random_custody import RandomCustody
from tests.services.report_oracle import Oracle, Row

DEEDS = 300
SEEDS = range(1, 9)
DRAWN = ("one drawn", "another drawn", "a third drawn")
TODAY = "2026-07-01"


class Life(RandomCustody):
    """A life that was lived, and what the plain replay of its log says."""

    oracle: Oracle

    @property
    def at(self) -> Workplace:
        """The station as the services see it."""
        return self.desk.workplace

    def rows(self, report: Callable[..., Report], *keys: str, **asked: object) -> list[Row]:
        """The rows of a report, only these columns of them."""
        table = report(self.at, **asked).table
        places = [number for number, column in enumerate(table.columns) if not keys or column.key in keys]
        return [tuple(row[place] for place in places) for row in table.rows]


@pytest.fixture(
    scope="module", params=[*DRAWN, *(pytest.param(str(seed), marks=pytest.mark.soak) for seed in SEEDS)], ids=str
)
def life(request: pytest.FixtureRequest, run_seed: int) -> Iterator[Life]:
    """The life of one station; each seed is another. Some lives, others in each run; in a soak all of them."""
    if request.param in DRAWN:
        seed = Random(f"{run_seed} lives").sample(SEEDS, len(DRAWN))[DRAWN.index(request.param)]
    else:
        seed = int(request.param)
    with quick_folder() as folder:
        lived = Life(folder, seed)
        lived.live(DEEDS)
        lived.oracle = Oracle(lived.desk.entries(), TODAY)
        yield lived
        lived.desk.store.close()


ALL = Filters()


def test_custody_is_what_the_entries_lead_to(life: Life) -> None:
    """Who has how much, and each asset with since when, by which batch and entry, and how it stands with acceptance."""
    assert life.rows(custody_reports.custody, filters=ALL) == life.oracle.custody()
    keys = ("asset_tag", "equipment_type", "holder", "since", "due_on", "batch_id", "acceptance", "seq")
    assert life.rows(custody_reports.custody, *keys, filters=ALL, details=True) == life.oracle.details()


def test_overdue_is_what_was_due_before_today(life: Life) -> None:
    """Of all that is in custody just that, what is due longest first."""
    late = [row for row in life.oracle.details() if (row[4] or "9") < TODAY]
    expected = [(row[0], row[4]) for row in sorted(late, key=lambda row: (row[4], row[0]))]
    assert life.rows(custody_reports.overdue, "asset_tag", "due_on", filters=ALL) == expected


def test_holders_and_organisations_add_up(life: Life) -> None:
    """Every holder is there with what they have and what is open; the organisations have what their holders have."""
    oracle = life.oracle
    held = {name: (assets, overdue) for name, _, assets, overdue in oracle.custody()}
    names = sorted((holder["name"] for holder in oracle.holders.values()), key=str.lower)
    open_of = oracle.open_of if oracle.rule != "off" else lambda _: 0
    expected = [(name, oracle.organisation(name), *held.get(name, (0, 0)), open_of(name)) for name in names]
    keys = ("holder", "organisation", "assets", "overdue", "open_acceptances")
    assert life.rows(custody_reports.holders, *keys, filters=ALL) == expected
    sums: Counter[str] = Counter()
    for _name, organisation, assets, *_ in expected:
        sums[organisation] += assets
    found = life.rows(custody_reports.organisations, "organisation", "assets")
    assert found == [(name, sums[name]) for name in sorted(oracle.organisations.values())]


def test_cases_types_and_what_is_in_no_slot(life: Life) -> None:
    """Slots and types are counted as the entries leave them; what is in no slot says since when and by which entry."""
    assert life.rows(stock_reports.cases) == life.oracle.case_fills()
    assert life.rows(stock_reports.types) == life.oracle.types()
    keys = ("asset_tag", "seq", "since")
    assert life.rows(stock_reports.unslotted, *keys, filters=ALL) == life.oracle.unslotted()


def test_intervals_are_those_of_the_corrected_log(life: Life) -> None:
    """All intervals, those of each asset and those of each holder are what a plain replay of corrected rows gives."""
    expected = life.oracle.intervals()

    def found(wanted: IntervalSelection) -> list[Row]:
        rows = life.rows(interval_reports.intervals, wanted=wanted)
        return [row[:8] for row in rows if row[9] is None]

    assert found(IntervalSelection(details=True)) == expected
    for tag in life.oracle.assets:
        assert found(IntervalSelection(asset_tag=tag)) == [row for row in expected if row[0] == tag]
    for name in {row[1] for row in expected}:
        assert found(IntervalSelection(holder=name)) == [row for row in expected if row[1] == name]


def test_sums_are_those_of_the_intervals(life: Life) -> None:
    """What each holder ever had: how many intervals of how many assets, which last, from when to when."""
    expected = []
    had = life.oracle.intervals()
    for name in sorted({row[1] for row in had}, key=str.lower):
        own = [row for row in had if row[1] == name]
        ends = [row[3] for row in own if row[3] is not None]
        tags, lasting = {row[0] for row in own}, len(own) - len(ends)
        expected.append((name, len(own), len(tags), lasting, min(row[2] for row in own), max(ends, default=None)))
    assert [row[:6] for row in life.rows(interval_reports.intervals, wanted=IntervalSelection())] == expected


def test_custody_balances_at_every_point_of_history(life: Life, tally: Tally) -> None:
    """After each entry each asset has one holder, or is stored, or retired; holders, stored and retired add up to all.

    What holders have is told by the intervals, the rest by the entries alone.
    """
    rows = life.rows(interval_reports.intervals, wanted=IntervalSelection(details=True))
    holding = [row for row in rows if row[9] is None]
    for seq in range(1, len(life.oracle.entries) + 1):
        held = [(row[0], row[1]) for row in holding if row[6] <= seq and (row[7] is None or seq < row[7])]
        statuses = life.oracle.statuses_after(seq)
        assert sorted(held) == sorted(life.oracle.held_after(seq).items())
        assert {tag for tag, _ in held} == {tag for tag, status in statuses.items() if status == "IN_CUSTODY"}
        elsewhere = sum(status != "IN_CUSTODY" for status in statuses.values())
        assert len(held) + elsewhere == len(statuses)
    tally("points of history at which custody balances", len(life.oracle.entries))


def test_what_was_superseded_is_shown_beside_what_holds(life: Life) -> None:
    """Each interval that a correction gave to somebody else is there as it was recorded, marked with the correction."""
    rows = life.rows(interval_reports.intervals, wanted=IntervalSelection(details=True))
    superseded = {(row[6], row[9]): row[1] for row in rows if row[9] is not None}
    for entry in life.oracle.entries:
        if entry["event_type"] == "CORRECTION" and "holder_id" in entry:
            root = life.oracle.root(entry)
            assert (root, entry["seq"]) in superseded
            assert superseded[root, entry["seq"]] != life.oracle.holders[entry["holder_id"]]["name"]


def test_every_asset_stands_somehow(life: Life) -> None:
    """Each asset that is not retired is confirmed, out or unresolved; what is in no slot or overdue is not resolved."""
    found = accountability(life.at, ALL, everything=True)
    assert found.whole is not None
    standings = {row[0]: (row[2], str(row[6] or "")) for row in found.whole.table.rows}
    living = {tag for tag, asset in life.oracle.assets.items() if asset["status"] != "RETIRED"}
    assert standings.keys() == living
    overdue = {row[0] for row in life.oracle.details() if (row[4] or "9") < TODAY}
    waiting = {row[0] for row in life.oracle.details() if row[6] == "open"}
    for code, tags in (
        ("unslotted", {row[0] for row in life.oracle.unslotted()}),
        ("overdue", overdue),
        ("acceptance_open", waiting),
    ):
        assert {tag for tag, (_, codes) in standings.items() if code in codes.split(", ")} == tags
    assert {tag for tag, (standing, codes) in standings.items() if standing == "unresolved"} == {
        tag for tag, (_, codes) in standings.items() if codes
    }
    assert found.ok == (not found.unresolved.table.rows)


FILTERS = (ALL, Filters(holder="Bob Lee"), Filters(organisation="Fire Department"), Filters(equipment_type="tablet"))
WINDOWS = (Lines(0, 1), Lines(0, 3), Lines(2, 4), Lines(5, None), Lines(1_000, 2))


def require_parts(whole: Report, part: Callable[[Lines], Report]) -> None:
    """Make sure that any lines of a report, made alone, are just those of the whole, with all it says beside them."""
    for lines in WINDOWS:
        some = part(lines)
        assert list(some.table.rows) == list(lines.of(whole.table.rows))
        assert some.total == whole.total == len(whole.table.rows)
        assert not some.charted or list(some.charted) == list(whole.charted)
        assert some.table.subtitle[0] == whole.table.subtitle[0]
        assert {**some.figures, "made_at": ""} == {**whole.figures, "made_at": ""}
        assert (some.table.title, some.table.columns) == (whole.table.title, whole.table.columns)


@pytest.mark.parametrize("filters", FILTERS)
def test_any_lines_of_a_report_are_those_of_the_whole(life: Life, filters: Filters) -> None:
    """A page shows what the file has: its lines, how many there are, its figures, and what is drawn of all of it."""
    at, asked = life.at, filters

    def every(part: Callable[[Lines], Report]) -> None:
        require_parts(part(EVERY_LINE), part)

    every(lambda lines: custody_reports.custody(at, asked, lines=lines))
    every(lambda lines: custody_reports.custody(at, asked, details=True, lines=lines))
    every(lambda lines: custody_reports.overdue(at, asked, lines))
    every(lambda lines: custody_reports.holders(at, asked, lines))
    every(lambda lines: stock_reports.unslotted(at, Filters(equipment_type=asked.equipment_type), lines))
    every(lambda lines: custody_reports.organisations(at, lines))
    every(lambda lines: stock_reports.cases(at, lines))
    every(lambda lines: stock_reports.types(at, lines))
    every(lambda lines: problem_reports.problems(at, lines, Remembered()))


def test_what_is_drawn_is_the_whole(life: Life) -> None:
    """Whatever lines there are: custody from what each holder has, the others from all their lines."""
    one = Lines(0, 1)
    for details in (True, False):
        found = custody_reports.custody(life.at, ALL, details=details, lines=one)
        assert [tuple(row) for row in found.charted] == life.oracle.custody()
    holders_ = custody_reports.holders(life.at, ALL, one)
    assert {row[0] for row in holders_.charted} == {holder["name"] for holder in life.oracle.holders.values()}
    assert [row[0] for row in custody_reports.organisations(life.at, one).charted] == sorted(
        life.oracle.organisations.values()
    )
    assert list(stock_reports.cases(life.at, one).charted) == life.oracle.case_fills()
    assert list(stock_reports.types(life.at, one).charted) == life.oracle.types()


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("since", [None, "2026-07-01", "2026-07-02"])
def test_lines_of_accountability_are_those_of_the_whole(life: Life, filters: Filters, since: str | None) -> None:
    """The figures are counted without each asset being judged, and are those of the report that judges each."""
    for everything in (True, False):
        found = accountability(life.at, filters, since, everything=everything)
        asked = Judging(filters, since, everything=everything)
        part = partial(accountability_lines, life.at, asked, remembered=Remembered())
        require_parts(found.whole or found.unresolved, part)


def test_intervals_are_the_same_however_few_entries_are_read(life: Life) -> None:
    """Of each holder, each asset and all; what would take more entries than allowed is not made, and says how many."""
    selections = [IntervalSelection(), IntervalSelection(details=True)]
    selections += [IntervalSelection(asset_tag=tag) for tag in list(life.oracle.assets)[:5]]
    for name in sorted(holder["name"] for holder in life.oracle.holders.values()):
        selections += [IntervalSelection(holder=name), IntervalSelection(next(iter(life.oracle.assets)), name)]
    for wanted in selections:

        def part(lines: Lines, wanted: IntervalSelection = wanted) -> Report:
            found = intervals_within(life.at, wanted, lines, 10**6)
            assert isinstance(found, Report)
            return found

        require_parts(interval_reports.intervals(life.at, wanted), part)
        short = intervals_within(life.at, wanted, EVERY_LINE, 40)
        if isinstance(short, Unread):
            assert wanted.asset_tag is None
            assert short.entries > 40
        else:
            assert wanted not in selections[:2]
            require_parts(interval_reports.intervals(life.at, wanted), part)
