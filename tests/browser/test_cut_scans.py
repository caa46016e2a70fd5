"""A scan that meets the end or the beginning of a page, in a real browser: taken whole, or said, never in part."""

from typing import Any

import pytest

from tests.browser.keyboard import Keyboard, opened
from tests.browser.test_a_day import take_in
from tests.browser.test_scans import burst, shown

KEY_MS = 6
"""Between two keys of a quick scanner."""

PRESSED_AFTER = range(0, 100, 15)
"""Milliseconds from the first key of a scan to the press of a button."""

PRESSED_BEFORE = range(10, 130, 30)
"""Milliseconds from the press of a button to the first key of a scan."""

PRESS_AFTER_THE_FIRST_KEY = """(button, after) => {
  document.addEventListener("keydown", () => setTimeout(() => button.click(), after), { once: true });
}"""
REST = "0" * 400
"""Long enough that some of it comes after the page could be seen, however busy the machine is: what comes before, the
browser drops."""

LOOKING_MS = 1200
"""So long it takes at least to read what is said, and to scan again."""


def scan(page: Any, tag: str) -> None:  # noqa: ANN401 - Playwright's own
    """Type a code as a scanner does, whatever the page does meanwhile."""
    page.keyboard.type(tag, delay=KEY_MS)
    page.keyboard.press("Enter")


def tags(page: Any) -> list[str]:  # noqa: ANN401 - Playwright's own
    """Return what is on the list by now, asked of the station itself."""
    page.wait_for_load_state()
    page.wait_for_selector("body:not([data-sending])")
    page.reload()
    return list(page.locator("ol.scans .tag").all_inner_texts())


def test_a_press_in_the_middle_of_a_scan_waits_for_its_end(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """At whatever key of it the button is pressed: the scan is taken whole, and then the deed is done."""
    page.goto("/intake")
    burst(page, *(f"RM-{after}" for after in PRESSED_AFTER))
    shown(page, f"RM-{PRESSED_AFTER[-1]}")
    for after in PRESSED_AFTER:
        opened(page)
        button = page.get_by_role("button", name=f"Remove RM-{after}", exact=True)
        button.evaluate(PRESS_AFTER_THE_FIRST_KEY, after)
        with page.expect_navigation():
            scan(page, f"LT-2000{after:02d}")
    assert tags(page) == [f"LT-2000{after:02d}" for after in reversed(PRESSED_AFTER)]
    assert page.is_hidden("#cut")


def test_a_scan_that_begins_while_a_page_goes_is_whole_or_said(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """Pressed just before it: no part of it is ever an asset, and none of it is gone without a word."""
    page.goto("/intake")
    burst(page, *(f"RM-{before}" for before in PRESSED_BEFORE))
    shown(page, f"RM-{PRESSED_BEFORE[-1]}")
    whole = []
    for before in PRESSED_BEFORE:
        tag = f"LT-3000{before:03d}-AND-SOME-MORE-OF-A-LONG-ONE"
        opened(page)
        button = page.get_by_role("button", name=f"Remove RM-{before}", exact=True)
        button.evaluate("button => button.click()")
        page.wait_for_timeout(before)
        scan(page, tag)
        page.wait_for_timeout(200)
        is_said = page.is_visible("#cut")
        found = tags(page)
        assert (tag in found) != is_said, (before, found)
        whole += [tag] if tag in found else []
        assert set(found) == {*whole, *(f"RM-{left}" for left in PRESSED_BEFORE if left > before)}


@pytest.mark.parametrize("path", ["/intake", "/issue", "/return", "/transfer", "/counts/1"])
def test_the_rest_of_a_scan_that_comes_to_a_new_page_is_not_taken(page: Any, path: str) -> None:  # noqa: ANN401 - Playwright's own
    """It is said with what came of it, and the next scan is taken as ever."""
    take_in(Keyboard(page))
    page.goto("/counts/new")
    page.check("[name=of][value=everything]")
    for _ in ("look", "begin"):
        with page.expect_navigation():
            page.click("main .actions button")
    page.goto(path, wait_until="commit")
    scan(page, REST)
    page.wait_for_selector("#cut:not([hidden])")
    page.wait_for_timeout(LOOKING_MS)
    assert "scan it again" in page.inner_text("#cut")
    assert page.input_value("#typed") == ""
    burst(page, "LT-1")
    page.wait_for_selector("body:not([data-sending])")
    shown(page, "LT-1")
    page.reload()
    assert "000" not in page.inner_text("main")


def test_a_part_that_was_typed_before_a_page_went_is_said_on_the_next(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """Though no key of the rest came there; what is scanned then is whole."""
    page.goto("/intake")
    opened(page)
    page.keyboard.type("LT-2", delay=KEY_MS)
    page.evaluate("location.reload()")
    page.wait_for_selector("#cut:not([hidden])")
    assert "LT-2." in page.inner_text("#cut")
    page.wait_for_timeout(LOOKING_MS)
    burst(page, "LT-9")
    shown(page, "LT-9")
    assert tags(page) == ["LT-9"]
