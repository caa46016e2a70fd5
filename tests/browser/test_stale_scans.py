"""Scans on a page that shows other than where they go by now, in a real browser: kept with their reason, in order."""

from typing import Any

import pytest

from tests.browser.conftest import RunningStation, put_into_case
from tests.browser.keyboard import opened
from tests.browser.test_refused_scans import refused
from tests.browser.test_scans import burst, shown

HELD_STATION = """
const really = window.fetch;
const heard = new Promise((go) => { window.letGo = go; });
window.fetch = async (...asked) => {
  if (String(asked[0]).endsWith("/scans")) await heard;
  return really(...asked);
};
"""
"""All is scanned before there is an answer to the first."""

SLOW_STATION = """
const really = window.fetch;
window.fetch = async (...asked) => {
  if (String(asked[0]).endsWith("/scans")) await new Promise((go) => { setTimeout(go, 150); });
  return really(...asked);
};
"""
"""More is scanned while the answer to the first is on its way."""


def choose(page: Any, name: str) -> None:  # noqa: ANN401 - Playwright's own
    """Choose whom the next scans are for."""
    page.goto("/issue")
    with page.expect_navigation():
        page.locator("#people button", has_text=name).evaluate("button => button.click()")


def test_scans_for_somebody_whom_another_tab_replaced_wait_until_they_are_sent_again(
    page: Any,  # noqa: ANN401 - Playwright's own
    running: RunningStation,
) -> None:
    """Those behind the first too: they were made on the page that showed her. The page shows who it is by now."""
    put_into_case(running)
    page.add_init_script(HELD_STATION)
    choose(page, "Jane Smith")
    other = page.context.new_page()
    choose(other, "Tom Blank")
    other.close()
    burst(page, "LT-1", "LT-2", "LT-3")
    page.evaluate("letGo()")
    page.wait_for_function("() => document.querySelectorAll('#refused li').length === 3")
    why = "This page showed Jane Smith; scans go to Tom Blank by now"
    assert [(text[:4], why in text) for text in refused(page)] == [(f"LT-{n}", True) for n in (1, 2, 3)]
    assert page.locator("#list ol.scans > li").count() == 0
    assert "Tom Blank" in page.inner_text("#list p.now")
    page.click("#refused li:nth-child(1) [data-seen]")
    page.click("#refused [data-all]")
    shown(page, "Ready: LT-3")
    page.wait_for_selector("body:not([data-sending])")
    assert page.locator("#list ol.scans > li .tag").all_inner_texts() == ["LT-2", "LT-3"]
    assert page.is_hidden("#refused")


def test_scans_that_say_where_the_next_go_may_come_without_waiting(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """A badge or a case, then laptops, then the next: each goes where the one before it said, and none is refused."""
    put_into_case(running)
    running.tell("case", "init", "CASE-02", "--slots", "8")
    page.add_init_script(SLOW_STATION)
    page.goto("/issue")
    burst(page, "Jane Smith", "LT-1", "LT-2", "Tom Blank", "LT-3")
    shown(page, "Ready: LT-3")
    assert page.is_hidden("#refused")
    lines = page.locator("#list ol.scans > li").all_inner_texts()
    assert [name in line for line, name in zip(lines, ("Jane", "Jane", "Tom"), strict=True)] == [True] * 3
    page.goto("/intake")
    burst(page, "CASE-01", "NN-1", "NN-2", "CASE-02", "NN-3", "NN-4")
    shown(page, "NN-4")
    page.wait_for_selector("body:not([data-sending])")
    assert page.is_hidden("#refused")
    page.fill("#missing-type", "laptop")
    with page.expect_navigation():
        page.press("#missing-type", "Enter")
    text = page.inner_text("#queue")
    assert [place in text for place in ("CASE-01 slot 4", "CASE-01 slot 5", "CASE-02 slot 1", "CASE-02 slot 2")] == [
        True
    ] * 4


@pytest.mark.troubles("ERR_FAILED", "AudioContext")
def test_a_scan_that_waits_over_a_new_page_goes_where_it_was_made(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """The station was away, and another tab chose somebody else: what the new page shows is not what it was made on."""
    put_into_case(running)
    choose(page, "Jane Smith")
    opened(page)
    page.route("**/issue/scans", lambda route: route.abort())
    burst(page, "LT-1")
    page.wait_for_selector("#sending.bad")
    other = page.context.new_page()
    choose(other, "Tom Blank")
    other.close()
    page.on("dialog", lambda dialog: dialog.accept())
    page.unroute("**/issue/scans")
    page.reload()
    page.wait_for_selector("#refused li")
    assert "This page showed Jane Smith; scans go to Tom Blank by now" in refused(page)[0]
