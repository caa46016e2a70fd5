"""Which rows of two tables are the same: each by its trace, wherever it stands, and those that are alike in order."""

import pytest

from assettrack.domain.scan_traces import NO_TRACE, TRACED_MAX, traces_of
from assettrack.domain.table_reading import KnownRows, TableReading, places_of

A, B, C, D = (f"{number:012x}" for number in range(1, 5))


def reading(*traces: str) -> TableReading:
    """Return how a table of these rows was taken."""
    return TableReading(len(traces), traces_of(traces))


def found(then: list[str], now: list[str], *, is_same_file: bool = False) -> dict[int, int]:
    """Return which row of an earlier table, all of which was recorded, is which of a later one."""
    return KnownRows(now).of(reading(*then), range(1, len(then) + 1), is_same_file=is_same_file)


@pytest.mark.parametrize(
    ("then", "now", "same"),
    [
        ([A, B, C], [A, B, C], {1: 1, 2: 2, 3: 3}),
        ([A, B, C], [C, D, A], {1: 3, 3: 1}),
        ([B], [A, B, C], {1: 2}),
        ([A, B, A], [A, A, A, C], {1: 1, 3: 2}),
        ([A, A, A], [B, A], {1: 2}),
        ([A, B], [C, D], {}),
        ([A, NO_TRACE], [NO_TRACE, A], {1: 2}),
    ],
)
def test_rows_are_the_same_by_their_traces_wherever_they_stand(
    then: list[str], now: list[str], same: dict[int, int]
) -> None:
    """As often as they are in both tables, in their order; what could not be read is the same as nothing."""
    assert found(then, now) == same


def test_each_row_of_the_very_same_file_is_the_same() -> None:
    """Whatever columns are read now: but only if it has as many rows as then."""
    assert found([A, B], [C, D], is_same_file=True) == {1: 1, 2: 2}
    assert found([A, B], [C, D, A], is_same_file=True) == {1: 3}


def test_rows_of_several_tables_are_each_found_once() -> None:
    """A row that is there as often as it was recorded, in whichever tables, is known each time."""
    rows = KnownRows([A, B, A])
    assert rows.of(reading(A), [1], is_same_file=False) == {1: 1}
    assert rows.of(reading(A, B), [1, 2], is_same_file=False) == {1: 3, 2: 2}
    assert rows.of(reading(A, A), [1, 2], is_same_file=False) == {1: 1, 2: 3}
    same = KnownRows([A, A])
    assert same.of(reading(B, B), [2], is_same_file=True) == {2: 2}
    assert same.of(reading(A), [1], is_same_file=False) == {1: 1}


def test_rows_that_a_batch_did_not_record_are_not_found() -> None:
    """It passed them over as those of an earlier one, which has them."""
    assert KnownRows([A, A]).of(reading(A, A), [2], is_same_file=False) == {2: 1}


def test_a_table_without_any_row_of_then_is_told_at_once() -> None:
    """Unless it is the very same file, or has rows without a trace, of which nobody can tell by traces."""
    rows = KnownRows([A, B])
    assert rows.may_have(reading(B, C), is_same_file=False)
    assert not rows.may_have(reading(C, D), is_same_file=False)
    assert rows.may_have(reading(C, D), is_same_file=True)
    assert not rows.may_have(reading(C), is_same_file=True)
    assert rows.may_have(TableReading(TRACED_MAX + 1, C), is_same_file=False)


def test_rows_without_a_trace_are_known_by_what_else_tells_them() -> None:
    """Each for one row that is not known by its trace, in their order."""
    rows = KnownRows([A, B, C])
    assert rows.of(reading(A), [1], is_same_file=False) == {1: 1}
    assert rows.by([(7, "x"), (8, "x"), (9, "y")], places_of([(2, "x"), (3, "x")])) == {7: 2, 8: 3}
