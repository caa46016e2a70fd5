"""A scan into a field in which something stands already, in a real browser: it is what is meant, and nothing else."""

from typing import Any

import pytest

from tests.browser.conftest import RunningStation, put_into_case
from tests.browser.keyboard import TYPING_MS, opened
from tests.browser.test_scans import burst, shown
from tests.browser.wedge import type_scans


def test_a_scan_takes_the_place_of_what_was_searched_before(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """After one that was not found the next ones are, wherever in the field the cursor stands or where the focus is."""
    put_into_case(running)
    page.goto("/search?q=XX-1")
    for place, tag in (("body", "LT-1"), ("#search", "LT-2"), ("h1", "LT-3")):
        page.goto("/search?q=XX-1")
        opened(page)
        if place != "body":
            page.click(place)
        with page.expect_navigation():
            burst(page, tag)
        assert page.url.endswith(f"/assets/{tag}"), (place, page.url)


def test_a_slash_leads_into_the_search_and_what_is_typed_there_is_all_of_it(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """What stands there is selected; by hand, as slowly as one types."""
    page.goto("/search?q=Tom")
    opened(page)
    page.keyboard.press("/")
    page.keyboard.type("jane", delay=TYPING_MS)
    assert page.input_value("#search") == "jane"
    page.wait_for_timeout(1200)  # nobody leaves a page within the second of the last key
    page.goto("/search?q=Tom")
    opened(page)
    page.keyboard.type("jane", delay=TYPING_MS)
    assert page.input_value("#search") == "jane"


def test_what_is_typed_by_hand_into_a_text_stays_with_it(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """Somebody who mends a word there is no scanner."""
    page.goto("/search?q=Tom")
    opened(page)
    page.focus("#search")
    page.keyboard.press("End")
    page.keyboard.type(" Blank", delay=TYPING_MS)
    assert page.input_value("#search") == "Tom Blank"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/holders/Tom%20Blank")


@pytest.mark.parametrize("path", ["/intake", "/issue", "/return", "/issue?tag=LT-3"])
def test_a_scan_takes_the_place_of_what_was_begun_in_the_field_for_scans(
    page: Any,  # noqa: ANN401 - Playwright's own
    running: RunningStation,
    path: str,
) -> None:
    """It stood there since the page opened, or was typed and left; the scan is taken alone."""
    put_into_case(running)
    page.goto(path)
    opened(page)
    if "tag" not in path:
        page.focus("#typed")
        page.keyboard.type("LT-", delay=TYPING_MS)
        page.wait_for_timeout(1200)
    burst(page, "LT-2")
    page.wait_for_selector("ol.scans > li")
    assert [text.split()[0] for text in page.locator("ol.scans .tag").all_inner_texts()] == ["LT-2"]
    assert page.input_value("#typed") == ""


def test_a_scan_that_stutters_is_whole(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """A pause in the middle, as a scanner by radio makes, divides none: no part of it is taken."""
    page.goto("/intake")
    opened(page)
    last = type_scans(page, "LT-20", end="")
    type_scans(page, "0018", begin=last + 0.25)
    shown(page, "0018")
    assert page.locator("ol.scans .tag").all_inner_texts() == ["LT-200018"]


@pytest.mark.parametrize("before", ["L", "XX"])
def test_what_came_just_before_a_scan_leaves_open_whose_it_is(page: Any, before: str) -> None:  # noqa: ANN401 - Playwright's own
    """Typed by hand, or by a scanner that stuttered: nothing is taken, it is said, and the next scan is taken alone."""
    page.goto("/intake")
    opened(page)
    page.focus("#typed")
    last = type_scans(page, before, end="", key_seconds=0.2)
    type_scans(page, "T-2018", begin=last + 0.35)
    page.wait_for_selector("#cut:not([hidden])")
    assert f"{before}T-2018. " in page.inner_text("#cut")
    assert page.locator("ol.scans > li").count() == 0
    page.wait_for_timeout(1200)
    burst(page, "LT-2018")
    shown(page, "LT-2018")
    assert page.locator("ol.scans .tag").all_inner_texts() == ["LT-2018"]
