"""Which code was scanned when: by what the scans of a file are known in a download, and the other way round."""

from collections.abc import Sequence

import pytest

from assettrack.domain.raw_scans import RawScan
from assettrack.domain.scan_traces import TRACE_LENGTH, parted
from assettrack.domain.stamped_scans import (
    SET_RIGHT_WITHIN,
    STAMPED_MAX,
    Alike,
    StampedScans,
    stamps_of,
)


def found(
    stamps: str, count: int, ours: Sequence[RawScan], off: int | None = None
) -> tuple[dict[int, int], Alike]:  # fmt: skip
    """Compare scans with those of one batch."""
    return StampedScans(ours, frozenset(parted(stamps))).found_in(stamps, count, off)


def timed(*said: str) -> list[RawScan]:
    """Return scans, each as its code and the second of a minute, or a code alone."""
    parts = [each.partition("@") for each in said]
    stamps = [second and f"2026-02-16T09:00:{second}" for _, _, second in parts]
    return [RawScan(number, parts[number - 1][0], 3, stamp) for number, stamp in enumerate(stamps, 1)]


@pytest.mark.parametrize(
    ("theirs", "ours", "same"),
    [
        (["A@01", "B@02"], ["B@02", "A@01"], {1: 2, 2: 1}),  # wherever it stands
        (["A@01"], ["A@02", "B@01"], {}),  # another second, another code
        (["A@01", "A@01"], ["A@01"], {1: 1}),  # each once
        (["A@01"], ["A@01", "A@01"], {1: 1}),
        (["A", "B@02"], ["A", "B@02"], {2: 2}),  # without a time nothing is known
        (["A"], ["A"], {}),
        (["\x1d01 lt-1@01"], ["01LT-1 @01"], {1: 1}),  # what programs leave off
    ],
)
def test_a_code_in_the_same_second_is_the_same_scan(theirs: list[str], ours: list[str], same: dict[int, int]) -> None:
    """Whatever else a file or a scanner says of it."""
    assert found(stamps_of(timed(*theirs)), len(theirs), timed(*ours)) == (same, Alike.SECOND)


def test_of_very_many_scans_the_last_are_those_that_a_scanner_may_still_hold() -> None:
    """A file that was appended to for years ends with them."""
    scans = timed(*["A@01"] * 2, *["B@02"] * STAMPED_MAX)
    kept = stamps_of(scans)
    assert len(kept) == STAMPED_MAX * TRACE_LENGTH
    assert found(kept, len(scans), timed("A@01", "B@02")) == ({3: 2}, Alike.SECOND)


def to_minute(*said: str) -> list[RawScan]:
    """Return scans, each as its code and the minute of an hour, told without seconds."""
    parts = [each.partition("@") for each in said]
    return [RawScan(number, code, 3, f"2026-02-16T09:{at}") for number, (code, _, at) in enumerate(parts, 1)]


@pytest.mark.parametrize(
    ("seconds", "minutes", "same"),
    [
        (["A@01", "B@59"], ["B@00", "A@00"], {1: 2, 2: 1}),
        (["A@01"], ["A@01", "B@00"], {}),  # another minute, another code
        (["A@01", "A@31"], ["A@00", "A@00"], {1: 1, 2: 2}),  # each once
        (["A@01", "A@31"], ["A@00"], {1: 1}),
        (["A@01"], ["A@00", "A@00"], {1: 1}),
        (["A@00"], ["A@00"], {1: 1}),
    ],
)
def test_without_seconds_a_code_in_the_same_minute_may_be_the_same_scan(
    seconds: list[str], minutes: list[str], same: dict[int, int]
) -> None:
    """Whichever of the two came first."""
    exact, rough = timed(*seconds), to_minute(*minutes)
    alike = Alike.MINUTE if same else Alike.SECOND
    assert found(stamps_of(exact), len(exact), rough) == (same, alike)
    assert found(stamps_of(rough), len(rough), exact) == ({now: then for then, now in same.items()}, alike)


def test_of_two_files_without_seconds_the_same_minute_is_all_that_is_told() -> None:
    """They are compared as they are told."""
    rough = to_minute("A@00", "B@01")
    assert found(stamps_of(rough), 2, rough[:1]) == ({1: 1}, Alike.SECOND)


@pytest.mark.parametrize("missed", [0, 2, -SET_RIGHT_WITHIN])
def test_times_that_were_set_right_are_compared_by_what_the_clock_was_off(missed: int) -> None:
    """All by one and the same, as well as two computers agree on it; what was right by chance is not taken instead."""
    raw = timed("A@01", "A@04", "B@05")
    right = timed("A@04", "A@07", "B@08")
    assert found(stamps_of(raw), 3, right, 3 + missed) == ({1: 1, 2: 2, 3: 3}, Alike.SET_RIGHT)
    assert found(stamps_of(right), 3, raw, -3 - missed) == ({1: 1, 2: 2, 3: 3}, Alike.SET_RIGHT)
    assert found(stamps_of(raw), 3, right) == ({2: 1}, Alike.SECOND)
    assert found(stamps_of(raw), 3, right, 4 + SET_RIGHT_WITHIN) == ({2: 1}, Alike.SECOND)


def test_scans_of_several_scanners_are_set_right_each_by_what_its_clock_was_off() -> None:
    """Most of them by one and the same, and the others by what fits them."""
    raw = timed("A@01", "B@05", "C@10", "D@20")
    right = timed("A@03", "B@07", "C@12", "D@19")
    assert found(stamps_of(raw), 4, right, 0) == ({1: 1, 2: 2, 3: 3, 4: 4}, Alike.SET_RIGHT)


@pytest.mark.parametrize("off", [0, 120])
def test_times_without_seconds_are_set_right_by_the_minutes_around(off: int) -> None:
    """They may be of the minute before or after, and of no other."""
    raw, minute = timed("A@05", "B@55", "C@30"), 9 * 60 + off // 60
    right = [
        RawScan(number, code, 3, f"2026-02-16T{at // 60:02d}:{at % 60:02d}")
        for number, (code, at) in enumerate([("A", minute - 1), ("B", minute + 1), ("C", minute + 2)], 1)
    ]
    assert found(stamps_of(raw), 3, right, off) == ({1: 1, 2: 2}, Alike.SET_RIGHT)
    assert found(stamps_of(right), 3, raw, -off) == ({1: 1, 2: 2}, Alike.SET_RIGHT)


def test_what_is_known_by_something_else_stays_so_unless_more_is_set_right() -> None:
    """A scan without a time stays the same one in any case, and none is taken twice."""
    raw, right = timed("A@01", "A@04", "X"), timed("A@04", "A@07", "X")
    stamps = stamps_of(raw)
    ours = StampedScans(right, frozenset(parted(stamps)))
    assert ours.found_in(stamps, 3, None, {2: 1, 3: 3}) == ({2: 1, 3: 3}, Alike.SECOND)
    assert ours.found_in(stamps, 3, 0, {2: 1, 3: 3}) == ({1: 1, 2: 2, 3: 3}, Alike.SET_RIGHT)
    assert ours.found_in(stamps, 3, 0, {1: 2, 2: 1, 3: 3}) == ({1: 2, 2: 1, 3: 3}, Alike.SECOND)


def test_a_time_at_the_end_of_the_calendar_is_none_that_tells_a_scan() -> None:
    """There is none after it to which a clock could be set right."""
    last = [RawScan(1, "A", 3, "9999-12-31T23:59:59")]
    assert found(stamps_of(last), 1, last, 0) == ({}, Alike.SECOND)


def test_times_that_agree_need_nothing_set_right() -> None:
    """A clock that was right is corrected by nothing."""
    raw = timed("A@01", "B@05")
    assert found(stamps_of(raw), 2, raw, 1) == ({1: 1, 2: 2}, Alike.SECOND)


def test_scans_are_compared_with_one_batch_after_the_other() -> None:
    """What each is known by does not hang on the others, and none is taken from one by another."""
    batches = [stamps_of(timed("A@01")), stamps_of(timed("A@01", "B@02")), stamps_of(timed("C@01"))]
    ours = StampedScans(timed("A@04", "B@05"), {trace for each in batches for trace in parted(each)})
    told = [ours.found_in(each, count, 3)[0] for count, each in zip((1, 2, 1), batches, strict=True)]
    assert told == [{1: 1}, {1: 1, 2: 2}, {}]


def test_what_was_worked_out_for_one_batch_changes_nothing_for_another() -> None:
    """Clocks that are off by a little more each are asked for what lies side by side, and partly the same."""
    theirs, rough = timed("A@01", "B@05", "C@40", "D@01"), to_minute("A@00", "B@01")
    right = [*timed("A@03", "B@07", "C@42", "D@46"), RawScan(5, "B", 3, "2026-02-16T09:01")]
    batches = [(stamps_of(each), len(each)) for each in (theirs, rough)]
    known = {trace for stamps, _ in batches for trace in parted(stamps)}
    ours = StampedScans(right, known)
    for off in (2, 20, 300, 40, -3600, 33, -31, 2):
        for stamps, count in batches:
            assert ours.found_in(stamps, count, off) == StampedScans(right, known).found_in(stamps, count, off), off
    assert ours.found_in(*batches[0], 2) == ({1: 1, 2: 2, 3: 3}, Alike.SET_RIGHT)
