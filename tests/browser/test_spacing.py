"""What belongs together stands together, and what doesn't has room between, in a real browser."""

from typing import Any

from tests.browser.conftest import RunningStation, put_into_case
from tests.browser.test_scans import burst, shown

GIVEN = """asset_tag,timestamp,event_type,operator_id,issued_to_name,case_number,slot_number
LT-1,2026-06-21T10:00:00Z,ISSUE,mara,Jane Smith,OUT,OUT
LT-2,2026-06-21T10:00:00Z,ISSUE,mara,Tom Blank,OUT,OUT
"""

PRESSED_TOGETHER = """() => [...document.querySelectorAll(".line-actions button")]
  .filter((each) => each.getBoundingClientRect().height > parseFloat(getComputedStyle(each).minHeight) + 4)
  .map((each) => each.textContent)"""
"""The buttons of a list's lines whose word is broken into lines: these are higher then than one line needs."""

OFF_THEIR_LINE = """() => {
  const top = (each) => {
    const texts = document.createTreeWalker(each, NodeFilter.SHOW_TEXT), range = document.createRange();
    while (texts.nextNode() && !texts.currentNode.data.trim());
    range.selectNodeContents(texts.currentNode);
    return range.getClientRects()[0].top;
  };
  const isOff = (name) => Math.abs(top(name) - top(name.nextElementSibling)) > 2;
  return [...document.querySelectorAll("dl.facts dt")].filter(isOff).map((name) => name.textContent);
}"""
"""The names of facts whose own words begin higher or lower than the name does."""


def test_receipts_and_ways_back_have_room(page: Any, running: RunningStation, tmp_path: Any) -> None:  # noqa: ANN401 - Playwright's own
    """The button for all receipts does not touch the first person's card; the two ways back stand on one line."""
    put_into_case(running)
    (tmp_path / "given.csv").write_text(GIVEN)
    running.tell("commit", str(tmp_path / "given.csv"), "--yes", "--new-holders")
    for width in (1280, 820):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/batches/2")
        button = page.locator("text=Make all 2 receipts").bounding_box()
        assert page.locator("#papers article").first.bounding_box()["y"] - button["y"] - button["height"] >= 8
    page.goto("/return")
    burst(page, "LT-1")
    shown(page, "Ready: LT-1")
    burst(page, "NOPE-9")
    shown(page, "No asset NOPE-9 is known")
    for width in (1280, 820):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(PRESSED_TOGETHER) == []
    with page.expect_navigation():
        page.click("#list li:nth-child(2) button >> text=Remove")
    with page.expect_navigation():
        page.click("text=Check before you commit")
    for width in (1280, 820):
        page.set_viewport_size({"width": width, "height": 900})
        back, change = (page.locator(f"main .actions a[href='{path}']") for path in ("/return", "/return/acceptance"))
        assert back.bounding_box()["y"] == change.bounding_box()["y"]


def test_a_fact_stands_on_the_line_of_its_name(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """Also where it is a way to another page, which is as high as a finger needs."""
    put_into_case(running)
    for width in (1280, 820):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/assets/LT-1")
        assert page.locator("dl.facts dt", has_text="Last proven").count() == 1
        assert page.evaluate(OFF_THEIR_LINE) == []
