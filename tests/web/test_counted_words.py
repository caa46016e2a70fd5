"""What the page of a count says of what it did not expect, and of what it did not understand."""

from assettrack.domain.typed_rows import TypedRow
from tests.web.handing_over import take_in
from tests.web.test_count_pages import begin, scan
from tests.web.visitors import OpenStation

ADVICE = "Check the tag; if it is a new asset, scan it in on the intake page."


def test_what_was_not_expected_is_told_with_where_it_is_recorded(station: OpenStation) -> None:
    """Beside it that it was not expected here; of a tag that nobody knows what to do; so also before the sign-off."""
    take_in(station, [TypedRow("SCAN", "ZZ-8", equipment_type="laptop")])
    ben = begin(station)
    scan(ben, "ZZ-8")
    scan(ben, "XX-9")
    assert "ZZ-8 in storage, in no slot not expected here here" in ben.words
    assert "XX-9 not known here here" in ben.words
    assert ADVICE in ben.words
    ben.get("/counts/1/close")
    assert "ZZ-8 Not expected here in storage, in no slot not expected here" in ben.words
    assert "XX-9 Unknown tag not known here" in ben.words


def test_of_a_scan_that_is_not_understood_it_is_said_that_nothing_was_added(station: OpenStation) -> None:
    """Once each, with what to do."""
    ben = begin(station)
    scan(ben, "AT H9ZZZ9")
    assert "its check character does not fit; scan it again. Nothing was added." in ben.words
    scan(ben, "CASE-99")
    assert "No case is called CASE-99, and no asset is." in ben.words
    assert ben.words.count("Nothing was added.") == 2
