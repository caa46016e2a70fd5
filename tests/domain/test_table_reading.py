"""Which rows of two tables are the same, where there are more of them than leave traces."""

import pytest

from assettrack.domain.scan_traces import TRACED_MAX, traces_of
from assettrack.domain.table_reading import TableReading, same_rows


def rows(count: int) -> list[str]:
    """Return the traces of so many rows, all of them different."""
    return [f"{number:012x}" for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("then", "now", "same"),
    [
        (TRACED_MAX + 2, TRACED_MAX + 3, TRACED_MAX + 2),
        (TRACED_MAX + 2, TRACED_MAX + 1, TRACED_MAX + 1),
        (TRACED_MAX, TRACED_MAX + 3, TRACED_MAX),
    ],
)
def test_rows_beyond_those_with_a_trace_are_the_same_if_all_of_these_are(then: int, now: int, same: int) -> None:
    """Each row is the one in its place, as far as both tables go; of an earlier one without such rows it is no more."""
    reading = TableReading(then, traces_of(rows(then)))
    assert same_rows(reading, rows(now), is_same_file=False) == {number: number for number in range(1, same + 1)}


def test_rows_without_a_trace_are_not_the_same_where_one_with_a_trace_is_not() -> None:
    """One row that is another now is enough: nothing is known of what stood beyond."""
    reading = TableReading(TRACED_MAX + 2, traces_of(rows(TRACED_MAX + 2)))
    ours = rows(TRACED_MAX + 2)
    ours[TRACED_MAX - 1] = "f" * 12
    found = same_rows(reading, ours, is_same_file=False)
    assert found == {number: number for number in range(1, TRACED_MAX)}
