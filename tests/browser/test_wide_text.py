"""Text of any length widens no page, on the screen or on paper; and what waited has the time of its scan."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import RunningStation

LONG_NAME = "J" * 200
LONG_CASE = "CASE" + "W" * 26
SIZES = ((1280, 800), (820, 1180))
GIVEN = """\
asset_tag,timestamp,event_type,operator_id,issued_to_name,case_number,slot_number,equipment_type,serial_number
LT-7,2026-01-05T09:00:00Z,SCAN,mara,,OUT,OUT,measuring receiver,SN-0123456789
LT-7,2026-01-05T09:10:00Z,ISSUE,mara,Wilhelmina van Rotterdam,OUT,OUT,,
"""
PAPER_WIDTH = 690
"""What an A4 sheet leaves between its margins, in CSS pixels."""


def width_of(page: Any) -> int:  # noqa: ANN401 - Playwright's own
    """How wide a page's content is."""
    return int(page.evaluate("document.documentElement.scrollWidth"))


def scanned(page: Any, *typed: str) -> None:  # noqa: ANN401 - Playwright's own
    """Scan, and wait until each is stored."""
    for each in typed:
        before = page.locator("ol.scans > li").count()
        page.fill("#typed", each)
        page.press("#typed", "Enter")
        page.wait_for_function("count => document.querySelectorAll('ol.scans > li').length > count", arg=before)


def test_no_text_widens_a_page(
    page: Any,  # noqa: ANN401 - Playwright's own
    running: RunningStation,
    tmp_path: Path,
) -> None:
    """A scan of 500 letters, a holder of 200 and a case of 30, at a desk, on a tablet and on a sheet of paper."""
    running.tell("case", "init", LONG_CASE, "--slots", "4")
    running.tell("holder", "add", LONG_NAME)
    page.goto("/intake")
    page.fill("input[name=equipment_type]", "laptop")
    page.click("text=Use this")
    scanned(page, "LT-1", "A" * 500)
    paths = ["/intake", "/intake/check", "/cases", f"/cases/{LONG_CASE}", "/holders", "/issue"]
    wide = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for path in paths:
            page.goto(path)
            page.screenshot(path=str(tmp_path / f"{path.strip('/').replace('/', '-')[:14]}-{width}.png"))
            if width_of(page) > width:
                wide.append((path, width, width_of(page)))
            cards = page.locator(".case-card .tag").all()
            inside = [card.evaluate("each => each.scrollWidth <= each.parentElement.clientWidth") for card in cards]
            assert all(inside), path
    assert wide == []
    see_tables(page, running)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER_WIDTH, "height": 1000})
    for path in ("/holders", "/intake/check"):
        page.goto(path)
        assert width_of(page) <= PAPER_WIDTH, path


CUT_DATES = """() => [...document.querySelectorAll("input[type=date]")]
  .map((each) => each.getBoundingClientRect().width / parseFloat(getComputedStyle(document.documentElement).fontSize))
  .filter((wide) => wide < 11)"""
"""The widths, in letters of the page, of fields too narrow for a date and the sign that opens the calendar."""

BROKEN_WORDS = """() => [...document.querySelectorAll(".table :is(td, th)")].flatMap((cell) => {
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  const broken = [];
  while (walker.nextNode()) for (const word of walker.currentNode.data.matchAll(/[\\p{L}\\d]{2,24}/gu)) {
    const range = document.createRange();
    range.setStart(walker.currentNode, word.index);
    range.setEnd(walker.currentNode, word.index + word[0].length);
    if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) broken.push(word[0]);
  }
  return broken;
})"""
"""The words of tables that stand on more than one line."""

FOAM = "[...document.querySelectorAll('.foam li')].map((each) => Math.round(each.getBoundingClientRect().top))"


def see_tables(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """See that a table too wide for the page breaks no word and says that it scrolls; a case is drawn as always."""
    batch = Path(running.environment["HOME"]) / "given.csv"
    batch.write_text(GIVEN, "utf-8")
    running.tell("commit", str(batch), "--yes", "--new-holders", "--due", "2026-01-05")
    running.tell("case", "init", "CASE-12", "--slots", "12")
    drawn = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.goto("/reports/overdue")
        page.wait_for_selector(".table.scrolls" if width == min(SIZES)[0] else ".table[data-scrolls]")
        assert page.evaluate(BROKEN_WORDS) == []
        page.goto("/intake/upload")
        assert page.evaluate(CUT_DATES) == []
        page.goto("/cases/CASE-12")
        page.wait_for_selector(".table[data-scrolls]:not(.scrolls)")
        assert width_of(page) <= width
        drawn.append([page.evaluate(FOAM).count(top) for top in sorted(set(page.evaluate(FOAM)))])
    assert drawn[0] == drawn[1]
    page.goto("/reports/overdue")
    sign = "getComputedStyle(document.querySelector('.table'), '::before').content"
    assert "scroll it sideways" in page.evaluate(sign)
    page.evaluate("document.querySelector('.table').scrollTo(9999, 0)")
    page.wait_for_selector(".table:not(.goes-on)")


@pytest.mark.troubles("ERR_INTERNET_DISCONNECTED")
@pytest.mark.parametrize("waited", [600])
def test_what_waited_in_the_browser_says_for_how_long(
    page: Any,  # noqa: ANN401 - Playwright's own
    waited: int,
) -> None:
    """The station is away, then it is there again: what is sent says how long it has waited by then."""
    page.goto("/intake")
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.post_data) if asked.url.endswith("/intake/scans") else None)
    page.context.set_offline(True)
    page.fill("#typed", "LT-1")
    page.press("#typed", "Enter")
    page.wait_for_timeout(waited)
    page.context.set_offline(False)
    page.wait_for_selector("ol.scans > li", timeout=10_000)
    assert int(sent[-1].split("waited=")[1].split("&")[0]) >= waited
