"""Reports of random stations: the same tables as a plain replay of the log gives, at every point of the history."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from assettrack.services import custody_reports, interval_reports, stock_reports
from assettrack.services.accountability import accountability
from assettrack.services.interval_reports import IntervalSelection
from assettrack.services.ports import Workplace
from assettrack.services.reports import Filters, Report
from tests.conftest import Tally
from tests.services.insider import quick_folder
from tests.services.random_custody import RandomCustody
from tests.services.report_oracle import Oracle, Row

DEEDS = 300
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


@pytest.fixture(scope="module", params=range(1, 9))
def life(request: pytest.FixtureRequest) -> Iterator[Life]:
    """The life of one station; each seed is another."""
    with quick_folder() as folder:
        lived = Life(folder, request.param)
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
