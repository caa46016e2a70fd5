"""What is pressed on a page is large enough for a gloved finger, in a real browser."""

from typing import Any

from tests.browser.conftest import RunningStation, put_into_case

TARGET = 48
"""Pixels of CSS, as high and as wide as a target is at least."""

PAGES = (
    "/",
    "/assets",
    "/holders",
    "/people",
    "/batches/1",
    "/counts/1",
    "/audit",
    "/reports/custody",
    "/organisations",
)

SMALL = """least => [...document.querySelectorAll("main table a, .home h2 a, .lines li > a:first-child")]
  .map((link) => [link.textContent.trim(), link.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.height < least || box.width < least))
  .map(([text, box]) => `${text}: ${box.width} x ${box.height}`)"""


def test_links_of_tables_are_targets(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """On each page with a table, with a mouse as on a tablet; rows are no higher than that needs."""
    put_into_case(running)
    running.tell("count", "start", "--case", "CASE-01")
    for width in (1280, 820):
        page.set_viewport_size({"width": width, "height": 900})
        for path in PAGES:
            page.goto(path)
            assert page.evaluate(SMALL, TARGET) == [], (path, width)
    page.goto("/assets")
    assert page.locator("tbody tr").first.bounding_box()["height"] < TARGET + 4
