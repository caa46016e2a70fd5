"""Whatever is pressed at work is large enough for a gloved finger, not only in tables, in a real browser."""

from typing import Any

from tests.browser.conftest import RunningStation, put_into_case
from tests.browser.test_scans import burst, shown
from tests.browser.test_targets import TARGET

ANYWHERE = (
    "/", "/intake", "/intake/upload", "/issue", "/return", "/cases", "/cases/CASE-01?slot=1", "/cases/CASE-01?slot=8",
    "/assets/LT-1", "/search?q=LT", "/search?q=Jane", "/holders/Jane%20Smith", "/labels", "/batches/1", "/batches/2",
    "/people", "/account", "/audit/entries/9", "/developers", "/transfer",
)  # fmt: skip

ALL_SMALL = """least => [...document.querySelectorAll("a, button, select, textarea, summary, input:not([type=hidden])")]
  .filter((each) => each.checkVisibility() && !each.matches(".skip, .unseen, .brand"))
  .filter((each) => !(each.matches("a") && [...each.parentElement.childNodes].some(
    (part) => part.nodeName === "#text" && /\\w/.test(part.textContent) && each.closest("p, li, span, small, dd"))))
  .map((each) => [each, each.matches("[type=radio], [type=checkbox]") ? each.labels[0] : each])
  .map(([each, pressed]) => [each, pressed.getBoundingClientRect()])
  .filter(([, box]) => box.width && box.height && (box.height < least - 0.5 || box.width < least - 5))
  .map(([each, box]) => `${each.textContent.trim() || each.name}: ${box.width} x ${box.height}`)"""
"""What is smaller than that, a choice with its label; not links within a sentence, of which the lines are no higher."""


def test_whatever_is_pressed_is_a_target(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """On every page that work is done on: what is in the drawn case, in a queue that lacks something, and choices."""
    put_into_case(running)
    running.tell("issue", "LT-3", "--to", "Tom Blank", "--yes")
    page.goto("/intake")
    burst(page, "CASE-01", "LT-7", "LT-1")
    shown(page, "1 new asset has no type yet")
    page.goto("/transfer")
    burst(page, "XX-9")
    shown(page, "Before you go on, mend this or take it off")
    small = {}
    for width in (1280, 820):
        page.set_viewport_size({"width": width, "height": 1180})
        for path in (*ANYWHERE, "/intake/check"):
            page.goto(path)
            small[path, width] = page.evaluate(ALL_SMALL, TARGET)
            if path == "/intake" and width == 820:
                box = page.locator("#missing-type").bounding_box()
                assert box["y"] + box["height"] < page.locator("ol.scans").bounding_box()["y"] < 1180
    page.goto("/return")
    burst(page, "LT-3")
    page.wait_for_selector("#line-1")
    page.goto("/return/acceptance")
    box = page.locator("[name=how][value=none]").bounding_box()
    assert box["height"] - 0.5 < box["width"] < box["height"] + 0.5  # its long words leave it round
    assert {where: found for where, found in small.items() if found} == {}
