"""Numbers as addresses and forms say them: in digits, of any length, and never above what they are looked for in."""

import pytest

from assettrack.web.forms import NUMBER_MAX, whole_number
from tests.web.handing_over import stocked
from tests.web.visitors import OpenStation

LONG = "0" * 20 + "9" * 30
"""Begins like a small number."""


@pytest.mark.parametrize(
    ("text", "most", "number"),
    [
        ("7", 9, 7),
        ("0", 9, 0),
        ("007", 9, 7),
        ("0" * 5000 + "7", 9, 7),
        (str(NUMBER_MAX), NUMBER_MAX, NUMBER_MAX),
        (str(NUMBER_MAX + 1), NUMBER_MAX, None),
        ("10", 9, None),
        (LONG, NUMBER_MAX, None),
        ("9" * 5000, NUMBER_MAX, None),
        ("", 9, None),
        ("-1", 9, None),
        ("1.0", 9, None),
        (" 1", 9, None),
        ("\u0661", 9, None),
        ("\u00b2", 9, None),
    ],
)
def test_a_number_is_read_in_ascii_digits_up_to_its_bound(text: str, most: int, number: int | None) -> None:
    """Leading zeros don't matter, however many; all else is no number."""
    assert whole_number(text, most) == number


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/audit?before={}", 422),
        ("/reports/activity?below={}", 422),
        ("/reports/activity?last={}", 422),
        ("/holders?page={}", 200),
        ("/audit/entries/{}", 422),
    ],
)
@pytest.mark.parametrize("text", [LONG, "0" * 20 + "9" * 5000])
def test_no_page_is_broken_by_a_number_of_many_digits(station: OpenStation, path: str, status: int, text: str) -> None:
    """It is refused as any other that is too large, and a page of a list that there is not is the first."""
    stocked(station)
    assert station.visitor("ada", "admin").get(path.format(text)).status_code == status


@pytest.mark.parametrize("text", [LONG, "0" * 20 + "9" * 5000])
def test_an_entry_of_many_digits_is_not_there(station: OpenStation, text: str) -> None:
    """A form that names it is answered as for any other entry that is not in the log."""
    assert station.visitor("ben").post("/corrections/new", {"seq": text}).status_code == 404
