"""The pages on paper, as the browser prints them: what each sheet says, and what no sheet has."""

from typing import Any

import pytest

from tests.browser.conftest import RunningStation, put_into_case, sign_in

PAGES = ("/", "/assets", "/cases/CASE-01", "/holders/Jane%20Smith", "/audit", "/reports/cases", "/settings", "/counts")
NEVER_ON_PAPER = (
    "Overview Intake", "Search", "Sign out", "Lock now", "Print", "Show these", "Move it", "Set this rule",
    "All counts",
)  # fmt: skip


def test_each_sheet_says_where_it_is_from(chromium: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """The station, who printed it, when by the station's clock, and which sheet of how many; nothing to press."""
    pdf = pytest.importorskip("pypdfium2", reason="NO PDFIUM: paper is not looked at.")
    context = chromium.new_context(base_url=running.origin)
    page = context.new_page()
    sign_in(page, running)
    sheets = 0
    for path in PAGES:
        page.goto(path)
        footer = page.inner_text("footer").split(" · ")
        station, time = footer[0].removeprefix("Station "), footer[1]
        document = pdf.PdfDocument(page.pdf(prefer_css_page_size=True))
        for number, sheet in enumerate(document, 1):
            said = " ".join(sheet.get_textpage().get_text_range().split())
            for word in (f"Station {station}", "printed by Ada", time, f"{number} / {len(document)}"):
                assert word in said, (path, number, word, said)
            assert [word for word in NEVER_ON_PAPER if word in said] == [], (path, said)
            assert said.count("printed by") == 1
            sheets += 1
    assert sheets >= len(PAGES)
    context.close()


PUSHED_DOWN = """(height) => {
  document.querySelector("main").style.setProperty("--room", `${height}px`);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("main::before { content: ''; display: block; height: var(--room); }");
  document.adoptedStyleSheets = [sheet];
}"""
"""Puts so much room above all that a page says."""

NEARLY, ROW = 4, 48
"""So many CSS pixels are less than any room that a page leaves below its last words, and more than a row is high."""


def test_no_sheet_is_begun_for_nothing(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """However full the first one is: the second has at least the last row, and the room below that needs no sheet."""
    pdf = pytest.importorskip("pypdfium2", reason="NO PDFIUM: paper is not looked at.")
    put_into_case(running)
    page.goto("/batches/1")

    def sheets(height: int) -> list[str]:
        page.evaluate(PUSHED_DOWN, height)
        document = pdf.PdfDocument(page.pdf(format="A4"))
        return [sheet.get_textpage().get_text_range() for sheet in document]

    fits, too_much = 0, 980
    assert (len(sheets(fits)), len(sheets(too_much))) == (1, 2)
    while too_much - fits > NEARLY:
        middle = (fits + too_much) // 2
        if len(sheets(middle)) == 1:
            fits = middle
        else:
            too_much = middle
    for height in range(fits, too_much + ROW, NEARLY):
        assert "LT-3" in sheets(height)[-1], height


DATES_BROKEN = r"""() => {
  const found = [];
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    for (const date of texts.currentNode.data.matchAll(/\d{4}-\d\d-\d\d/g)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, date.index);
      range.setEnd(texts.currentNode, date.index + date[0].length);
      const lines = new Set([...range.getClientRects()].filter((box) => box.width).map((box) => Math.round(box.top)));
      found.push([date[0], lines.size]);
    }
  }
  return found;
}"""
"""Each date of a page, with how many lines it stands on."""

A4_WIDTH = 688
"""So many CSS pixels lie between the margins of a sheet."""


def test_no_date_is_broken_on_paper(page: Any, running: RunningStation, tmp_path: Any) -> None:  # noqa: ANN401 - Playwright's own
    """However narrow its column is, because the others are full: the date on which something is due stays whole."""
    put_into_case(running)
    long = "SERIAL-0123456789-0123456789-0123456789-0123456789"
    rows = "asset_tag,timestamp,event_type,operator_id,serial_number,equipment_type\n"
    rows += f"LT-1,2026-06-21T10:00:00Z,UPDATE,mara,{long},{long.lower()}\n"
    (tmp_path / "long.csv").write_text(rows)
    running.tell("commit", str(tmp_path / "long.csv"), "--yes")
    running.tell("issue", "LT-1", "--to", "Jane Smith", "--due", "2027-12-24", "--yes")
    page.set_viewport_size({"width": A4_WIDTH, "height": 970})
    page.emulate_media(media="print")
    for path in ("/holders/Jane%20Smith", "/assets", "/reports/custody?details=1&make=1"):
        page.goto(path)
        dates = page.evaluate(DATES_BROKEN)
        assert "2027-12-24" in [date for date, _ in dates], path
        assert {lines for _, lines in dates} == {1}, (path, dates)
