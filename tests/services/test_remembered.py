"""What is remembered for reports: never anything but what is read anew, whatever happened in between."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from assettrack.services import custody_reports, problem_reports, stock_reports
from assettrack.services.accountability_lines import Judging, accountability_lines
from assettrack.services.ports import Workplace
from assettrack.services.remembered import KEPT, Passes, Remembered
from assettrack.services.reports import Basis, Filters, Lines, Report, basis_of
from tests.conftest import Tally
from tests.sampling import Sample
from tests.services.desk import HEADER, Desk, row
from tests.services.insider import quick_folder
from tests.services.random_custody import RandomCustody

ALL = Filters()
FILTERS = (ALL, Filters(holder="Bob Lee"), Filters(equipment_type="tablet"))
LINES = Lines(1, 3)
LOOKS, DEEDS = 12, 20

Made = Callable[[Workplace, Remembered], Report]


def _reports() -> Iterator[Made]:
    yield lambda at, kept: stock_reports.types(at, LINES, kept.passes)
    yield lambda at, kept: problem_reports.problems(at, LINES, kept)
    for filters in FILTERS:
        for details in (False, True):
            yield partial(_custody, filters, details)
        for since in (None, "2026-07-01"):
            for everything in (False, True):
                yield partial(_judged, Judging(filters, since, everything))


def _custody(filters: Filters, details: bool, at: Workplace, kept: Remembered) -> Report:  # noqa: FBT001 - of partial()
    return custody_reports.custody(at, filters, details=details, lines=LINES, passes=kept.passes)


def _judged(asked: Judging, at: Workplace, kept: Remembered) -> Report:
    return accountability_lines(at, asked, LINES, kept)


def said(report: Report) -> tuple[object, ...]:
    """Return all that a report says but when it was made."""
    subjects, charted = list(report.subjects), [list(row) for row in report.charted]
    rows, answer = [list(row) for row in report.table.rows], report.table.subtitle[0]
    return {**report.figures, "made_at": ""}, report.total, rows, charted, subjects, answer


def test_what_is_remembered_is_what_is_read_anew(sample: Sample, tally: Tally) -> None:
    """After each stretch of a random life, and days later, every report is the same with a memory and without.

    Of two lives one, in a soak both.
    """
    for seed in sample((1, 2), 1):
        with quick_folder() as folder:
            tally("reports from memory held against reports made anew", compared_in_life(RandomCustody(folder, seed)))


def compared_in_life(life: RandomCustody) -> int:
    """Make sure that all through a life each report is the same with a memory; return how many were compared."""
    life.live(3 * DEEDS)  # until there is something of everything that is asked for
    kept, at, compared = Remembered(), life.desk.workplace, 0
    for look in range(LOOKS):
        if look in (4, 8):
            life.desk.clock += timedelta(days=16)  # what is overdue and what was corrected lately become others
        else:
            life.live(DEEDS)
        for made in _reports():
            anew = said(made(at, Remembered()))
            for _ in range(2):
                assert said(made(at, kept)) == anew
                compared += 1
    life.desk.store.close()
    return compared


def test_it_is_gathered_once_until_an_entry_is_added_or_a_day_begins(desk: Desk) -> None:
    """The same pass is not made again for the same log and day; and is for another one of each."""
    passes, gathered = Passes(), []

    def gather(basis: Basis, what: str) -> str:
        gathered.append(what)
        return f"{what} of {basis.entries}"

    def look(what: str = "all") -> str:
        with basis_of(desk.workplace) as basis:
            return passes.find(basis, gather, what)

    first = [look(), look(), look("some"), look("some")]
    assert gathered == ["all", "some"]
    desk.commit(HEADER + row("A1"))
    assert look() != first[0]
    desk.clock += timedelta(days=1)
    look()
    assert gathered == ["all", "some", "all", "all"]


def test_no_more_is_remembered_than_is_looked_at(desk: Desk) -> None:
    """Whoever asks for one thing after another fills no memory; what was asked for last is still there."""
    passes, gathered = Passes(), []

    def gather(_: Basis, number: int) -> int:
        gathered.append(number)
        return number

    with basis_of(desk.workplace) as basis:
        for number in (*range(KEPT + 1), KEPT, 0):
            assert passes.find(basis, gather, number) == number
    assert gathered == [*range(KEPT + 1), 0]
