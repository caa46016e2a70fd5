"""By what scans of a file are known again in another one: their times, how files begin, and long runs."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.scan_traces import (
    CODES_AT_FIRST,
    CODES_ELSEWHERE,
    TRACE_LENGTH,
    TRACED_MAX,
    Traced,
    codes_found_again,
    found_again,
    parted,
    trace_of,
    traces_of,
)


def bare(text: str) -> list[Traced]:
    """Return scans without times, one a letter; those in small letters are cards."""
    return [Traced(trace_of(letter), is_timed=False, is_card=letter.islower()) for letter in text]


def traces(scans: Sequence[Traced]) -> list[str]:
    """Return what an earlier file left behind."""
    return [each.trace for each in scans]


def again(theirs: str, ours: str) -> str:
    """Return the later file with a dot for each scan that is none of the earlier one."""
    found = set(found_again(traces(bare(theirs)), bare(ours)).values())
    return "".join(letter if number in found else "." for number, letter in enumerate(ours, 1))


@pytest.mark.parametrize(
    ("theirs", "ours", "same"),
    [
        ("AB", "ABC", "AB."),  # the whole earlier file, and more appended
        ("A", "AB", "A."),
        ("ABCD", "ABCX", "ABC."),  # as many as are no chance
        ("ABCD", "ABX", "..."),
        ("abABCD", "abABX", "....."),  # cards are the same each day
        ("abAB", "abABX", "abAB."),
        ("ABCD", "DCBA", "...."),  # the same assets in another order
        ("ABC", "XABC", ".ABC"),  # the whole earlier file, behind another
        ("AB", "XAB", "..."),
        ("ABCDEFGHI", "XBCDEFGHIY", ".BCDEFGHI."),  # so many in a row are no chance anywhere
        ("ABCDEFGHI", "XCDEFGHIY", "........."),
        ("ABCDEFGHI", "ABCDEXFGHI", "ABCDE....."),
        ("ABAB", "ABABAB", "ABAB.."),
    ],
)
def test_without_times_a_beginning_or_a_long_run_is_the_same(theirs: str, ours: str, same: str) -> None:
    """A few codes in the middle, or in another order, are ordinary work."""
    assert (CODES_AT_FIRST, CODES_ELSEWHERE) == (3, 8)
    assert again(theirs, ours) == same


@pytest.mark.parametrize(
    ("theirs", "ours", "same"),
    [
        ("abABC", "ABC", {3: 1, 4: 2, 5: 3}),  # a list without the cards
        ("ABC", "aABbC", {1: 2, 2: 3, 3: 5}),  # or with others
        ("aAbBcC", "aAbBcC", {number: number for number in range(1, 7)}),  # with the same cards they are the same, too
        ("abABCc", "bABCcd", {2: 1, 3: 2, 4: 3, 5: 4, 6: 5}),
        ("aAB", "aABC", {1: 1, 2: 2, 3: 3}),  # all of then, and more
        (  # of two cards around what is left out now the one is the first
            "ABCkDkEFGHIJKL",
            "ABCkEFGHIJKL",
            {1: 1, 2: 2, 3: 3, 4: 4} | {then: then - 2 for then in range(7, 15)},
        ),
        (  # and what is beside the other is none by it
            "ABCkDkkEFGHIJKL",
            "ABCkEFGHIJKL",
            {1: 1, 2: 2, 3: 3, 4: 4} | {then: then - 3 for then in range(8, 16)},
        ),
        ("abABX", "ABY", {}),  # fewer than are no chance
        ("ab", "ab", {}),  # cards alone are the same each day
    ],
)
def test_where_it_is_known_what_is_a_card_none_keeps_codes_apart(theirs: str, ours: str, same: dict[int, int]) -> None:
    """A card is the same beside a code that is the same; for by itself it tells nothing."""
    assert codes_found_again(bare(theirs), bare(ours)) == same


def test_with_a_time_each_scan_is_known_wherever_it_stands() -> None:
    """In any order, and of two equal ones each once."""
    scans = [Traced(trace_of(text), is_timed=True, is_card=False) for text in "ABCAA"]
    theirs = traces([scans[3], scans[2], scans[0]])
    assert found_again(theirs, scans[1:]) == {1: 3, 2: 2, 3: 4}
    assert found_again(theirs, scans[1:2]) == {}


def test_traces_are_kept_in_one_text_of_no_more_than_a_line_of_the_log_takes() -> None:
    """Each is as long as the others; of a file with very many scans the first are kept."""
    each = [trace_of("LT-1", "08:00"), trace_of("LT-1", "08:01")]
    assert [len(one) for one in each] == [TRACE_LENGTH] * 2
    assert each[0] != each[1]
    assert parted(traces_of(each)) == each
    assert parted("") == []
    assert len(traces_of(each * TRACED_MAX)) == TRACED_MAX * TRACE_LENGTH


TEXTS = st.text(alphabet="ABCDab", max_size=30)


@given(theirs=TEXTS, ours=TEXTS, more=TEXTS)
def test_each_scan_is_one_other_and_a_file_is_always_found_at_the_beginning(theirs: str, ours: str, more: str) -> None:
    """No scan is two others, the same are alike, and what is appended to changes nothing of what was there."""
    found = found_again(traces(bare(theirs)), bare(ours))
    assert len(set(found.values())) == len(found)
    assert all(theirs[then - 1] == ours[now - 1] for then, now in found.items())
    appended = found_again(traces(bare(theirs)), bare(theirs + more))
    assert {number: number for number in range(1, len(theirs) + 1)}.items() <= appended.items()
