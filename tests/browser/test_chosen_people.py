"""A person is chosen while a scan is still on its way, in a real browser: it is chosen for the list with that scan."""

from typing import Any

from tests.browser.conftest import RunningStation, put_into_case
from tests.browser.keyboard import opened
from tests.browser.test_scans import burst

SLOW_STATION = """
const really = window.fetch;
window.fetch = async (...asked) => {
  if (String(asked[0]).endsWith("/issue/scans")) await new Promise((go) => { setTimeout(go, 700); });
  return really(...asked);
};
"""
"""The answer to a scan takes so long that a button can be pressed meanwhile."""


def test_who_is_chosen_while_a_scan_is_on_its_way_gets_it_too(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """The page waits for the answer, which shows another list; it is not refused as if another tab had changed it."""
    put_into_case(running)
    page.add_init_script(SLOW_STATION)
    page.goto("/issue")
    for tag, name in (("LT-1", "Jane Smith"), ("LT-2", "Tom Blank")):
        opened(page)
        burst(page, tag)
        with page.expect_navigation():
            page.locator("#people button", has_text=name).evaluate("button => button.click()")
        opened(page)
        assert page.locator("section.wrong").count() == 0
        assert tag in page.inner_text("#list")
        assert name in page.inner_text("#list p.now")
