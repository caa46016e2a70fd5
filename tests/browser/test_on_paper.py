"""The pages on paper, as the browser prints them: what each sheet says, and what no sheet has."""

from typing import Any

import pytest

from tests.browser.conftest import RunningStation, sign_in

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
