"""A scan that meets the end or the beginning of a page, in a real browser: taken whole, or said, never in part."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from tests.browser.conftest import RunningStation, put_into_case
from tests.browser.keyboard import opened
from tests.browser.test_scans import burst, shown
from tests.browser.wedge import type_scans

KEY_SECONDS = 0.006
"""Between two keys of the scanner."""

WINDOW_MS = 100
"""How long a page waits for the next key before a scan counts as broken off."""

PRESSED_AFTER = range(0, 100, 15)
"""Milliseconds from the first key of a scan to the press of a button."""

PRESSED_BEFORE = range(10, 130, 30)
"""Milliseconds from the press of a button to the first key of a scan."""

PRESS_AFTER_THE_FIRST_KEY = """(button, after) => {
  let last = null;
  const note = () => { sessionStorage.longest = Math.max(sessionStorage.longest, performance.now() - last); };
  sessionStorage.longest = 0;
  document.addEventListener("keydown", (event) => {
    if (last === null) setTimeout(() => button.click(), after);
    else note();
    last = performance.now();
    if (event.key === "Enter") removeEventListener("pagehide", note);
  }, true);
  addEventListener("pagehide", note);
}"""
"""Presses it so many milliseconds later, and notes the longest time that the page waited for a key of the scan."""

LEAVE_AFTER_THE_FIRST_KEY = """after => {
  let isLeft = false;
  sessionStorage.cameWhole = "";
  window.addEventListener("keydown", (event) => {
    if (!isLeft) setTimeout(() => location.reload(), after);
    isLeft = true;
    if (event.key === "Enter") sessionStorage.cameWhole = "yes";
  }, true);
}"""
"""Opens the page anew so many milliseconds later, whatever is being typed, and notes if it had the whole scan first."""

FORCED_CUTS = 6
"""After so many letters of a scan, and each fewer, its page is left, at each speed."""

TRIALS = 20
"""How often a browser may be too busy for the scan that is tried."""

LOOKING_MS = 1200
"""So long it takes at least to read what is said, and to scan again."""

LOOKED_EACH_MS = 100

SAID_MS = 8000
"""Within this time a page that opens says what was broken off, however busy the browser is."""

NOTE_WHEN_SEEN = """new PerformanceObserver(() => {
  window.seenAt ??= performance.timeOrigin + performance.now();
}).observe({ type: "paint", buffered: true });"""
"""Notes when a page is told that it was seen, before it does anything of its own with that."""


class Unseen:
    """The page that opens next can't be seen until the rest of a scan is on its way: its style is held up.

    However late a busy machine gets round to type it, the rest begins before the page is told that it is seen. Its
    route stays and lets all others pass: the browser is not told to hand on nothing any more while a page loads.
    """

    def __init__(self, page: Any) -> None:  # noqa: ANN401 - Playwright's own
        self.page, self.styles, self.is_over = page, list[Any](), False
        page.route("**/station.css", self._hold)

    def _hold(self, route: Any) -> None:  # noqa: ANN401 - Playwright's own
        if self.is_over or self.styles:
            route.fallback()
        else:
            self.styles.append(route)

    def rest(self) -> Iterator[str]:
        """So many letters that some come after the page was seen: of those before, the browser drops some."""
        while not self.styles:
            yield "0"
        yield from "0" * 5
        self.is_over = True
        self.styles.pop().continue_()
        while not self.page.evaluate("performance.getEntriesByType('paint').length"):
            yield from "0" * 5
        yield from "0" * 20


def scan(page: Any, tag: Iterable[str]) -> None:  # noqa: ANN401 - Playwright's own
    """Scan a code, be the page there or not."""
    type_scans(page, tag, key_seconds=KEY_SECONDS)


def tags(page: Any) -> list[str]:  # noqa: ANN401 - Playwright's own
    """Return what is on the list by now, asked of the station itself."""
    page.wait_for_load_state()
    page.wait_for_selector("body:not([data-sending])")
    page.reload()
    return list(page.locator("ol.scans .tag").all_inner_texts())


def is_taken_though_pressed(page: Any, tag: str, after: int) -> bool:  # noqa: ANN401 - Playwright's own
    """Press a button in the middle of a scan; return whether the page had the keys in time, and so took it whole.

    A browser that is too busy to hand on a key in time makes it a scan that was broken off: that is said.
    """
    burst(page, "RM-1")
    shown(page, "RM-1")
    page.get_by_role("button", name="Remove RM-1", exact=True).evaluate(PRESS_AFTER_THE_FIRST_KEY, after)
    with page.expect_navigation():
        scan(page, tag)
    opened(page)
    is_whole = not page.is_visible("#cut")
    assert is_whole == (tag in tags(page))
    is_in_time = page.evaluate("Number(sessionStorage.longest)") <= WINDOW_MS
    assert is_whole or not is_in_time
    return bool(is_in_time)


def is_cut(page: Any, tag: str, after: int, key_ms: int) -> bool:  # noqa: ANN401 - Playwright's own
    """Leave the page in the middle of a scan; return whether it was said that the scan was broken off.

    It must be, unless a browser that is too busy to leave in time handed on the whole scan first: that may be taken.
    """
    opened(page)
    page.evaluate(LEAVE_AFTER_THE_FIRST_KEY, after)
    with page.expect_navigation():
        page.keyboard.type(tag, delay=key_ms)
        page.keyboard.press("Enter")
    if not page.evaluate("sessionStorage.cameWhole"):
        page.wait_for_selector("#cut:not([hidden])")
    for _ in range(0, SAID_MS, LOOKED_EACH_MS):
        if page.is_visible("#cut"):
            return True
        page.wait_for_timeout(LOOKED_EACH_MS)
    assert tag in tags(page)
    return False


def test_a_press_in_the_middle_of_a_scan_waits_for_its_end(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """At whatever key of it the button is pressed: the scan is taken whole, and then the deed is done."""
    page.goto("/intake")
    for after in PRESSED_AFTER:
        scanned = (f"LT-{after:02d}00000000{trial:02d}" for trial in range(TRIALS))
        assert any(is_taken_though_pressed(page, tag, after) for tag in scanned), "the browser was too busy"
    assert {(tag[:3], len(tag)) for tag in tags(page)} == {("LT-", 15)}


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


def test_the_rest_of_a_scan_that_comes_to_a_new_page_is_not_taken(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """It is said with what came of it, and the next scan is taken as ever."""
    put_into_case(running)
    page.goto("/counts/new")
    page.check("[name=of][value=everything]")
    for _ in ("look", "begin"):
        with page.expect_navigation():
            page.click("main .actions button")
    for path in ("/intake", "/issue", "/return", "/transfer", "/counts/1"):
        unseen = Unseen(page)
        page.goto(path, wait_until="commit")
        scan(page, unseen.rest())
        page.wait_for_selector("#cut:not([hidden])")
        page.wait_for_timeout(LOOKING_MS)
        assert "scan it again" in page.inner_text("#cut")
        assert page.input_value("#typed") == ""
        burst(page, "LT-1")
        page.wait_for_selector("body:not([data-sending])")
        shown(page, "LT-1")
        page.reload()
        assert "000" not in page.inner_text("main")


def test_when_a_scan_began_tells_whether_it_may_be_a_rest(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """A moment after the page was seen, it may; later it is whole. What counts is when its keys were pressed."""
    page.add_init_script(NOTE_WHEN_SEEN)
    for after_ms, is_rest in ((WINDOW_MS // 2, True), (WINDOW_MS * 4, False)):
        page.goto("/intake")
        opened(page)
        page.wait_for_timeout(LOOKING_MS)
        type_scans(page, "LT-7", begin=(page.evaluate("seenAt") + after_ms) / 1000)
        page.wait_for_selector("#cut:not([hidden])" if is_rest else "ol.scans > li")
        assert page.is_visible("#cut") == is_rest
        assert tags(page) == ([] if is_rest else ["LT-7"])


def test_a_part_that_was_typed_before_a_page_went_is_said_on_the_next(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """Though no key of the rest came there; what is scanned then is whole."""
    page.goto("/intake")
    opened(page)
    type_scans(page, "LT-2", end="", key_seconds=KEY_SECONDS)
    page.evaluate("location.reload()")
    page.wait_for_selector("#cut:not([hidden])")
    assert "LT-2." in page.inner_text("#cut")
    page.wait_for_timeout(LOOKING_MS)
    burst(page, "LT-9")
    shown(page, "LT-9")
    assert tags(page) == ["LT-9"]


@pytest.mark.parametrize("key_ms", [6, 25, 70, 90])
def test_no_part_of_a_scan_is_taken_when_its_page_is_left_in_the_middle(page: Any, key_ms: int) -> None:  # noqa: ANN401 - Playwright's own
    """By nobody's press, at the speed of a quick scanner and of a slow one: it is said, and nothing else is done."""
    page.goto("/intake")
    whole: list[str] = []
    for number in range(1, FORCED_CUTS + 1):
        for tag in (f"LT-200{trial:02d}{number}" for trial in range(TRIALS)):
            if is_cut(page, tag, number * key_ms, key_ms):
                break
            whole.append(tag)
        else:
            pytest.fail("the browser was too busy")
        page.wait_for_timeout(LOOKING_MS)
        assert set(tags(page)) == set(whole), (key_ms, number)


def test_a_part_that_pauses_on_a_page_that_opens_is_held_to_its_end(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """A busy computer hands on the rest of a scan in pieces: none of them is a scan of its own."""
    page.goto("/intake")
    for pause in (150, 350, 700):
        opened(page)
        type_scans(page, "LT-2", end="", key_seconds=KEY_SECONDS)
        unseen = Unseen(page)
        with page.expect_navigation(wait_until="commit"):
            page.evaluate("location.reload()")
        last = type_scans(page, unseen.rest(), end="")
        type_scans(page, "018", begin=last + pause / 1000)
        page.wait_for_timeout(LOOKING_MS)
        assert "018" in page.inner_text("#cut")
        assert tags(page) == []
