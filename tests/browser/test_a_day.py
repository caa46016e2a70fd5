"""A day at the station in a real browser, with the keyboard alone, by somebody who has never seen it."""

from typing import Any

import pytest

from tests.browser.conftest import PASSWORD, RunningStation, put_into_case
from tests.browser.keyboard import Keyboard, opened

FIRST_PAGES = (
    "/", "/intake", "/intake/upload", "/issue", "/return", "/transfer", "/cases", "/cases/CASE-01?slot=1", "/assets",
    "/assets/LT-1", "/holders", "/holders/Jane%20Smith", "/organisations", "/counts", "/reports", "/reports/custody",
    "/audit", "/audit/verify", "/audit/receipt", "/people", "/settings", "/account", "/developers",
    "/search?q=LT", "/batches/1",
)  # fmt: skip


def test_a_case_is_taken_in_issued_returned_and_found(first_page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """Take in a case, notice and mend a wrong scan, commit, issue three to two people, return one, find the others."""
    page, keyboard = first_page, Keyboard(first_page)
    take_in(keyboard)
    issue_to_two_people(keyboard)
    keyboard.press("Return")
    keyboard.scan("LT-1")
    keyboard.press("Check")
    keyboard.press("Return 1 asset")
    assert "Committed" in page.inner_text("main")
    keyboard.reach("Search anything")
    opened(page)
    page.keyboard.type("Tom Blank")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "LT-3" in page.inner_text("main")
    page.goto("/assets/LT-2")
    assert "Jane Smith" in page.inner_text("main")
    page.goto("/assets/LT-1")
    assert "CASE-01" in page.inner_text("main")


def test_every_page_can_be_used_by_all(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """No page has a serious fault by axe's rules (WCAG 2.2 A and AA), light or dark, wide or narrow."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="NO AXE: accessibility is not looked at.")
    put_into_case(running)
    wrong = {}
    for path in FIRST_PAGES:
        page.goto(path)
        for scheme, width in (("light", 1280), ("dark", 820)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": 1100})
            found = axe.Axe().run(page).response["violations"]
            serious = [each["id"] for each in found if each["impact"] in {"serious", "critical"}]
            too_wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            if serious or too_wide:
                wrong[scheme, path] = (serious, [each["nodes"][0]["html"] for each in found][:3], too_wide)
    assert wrong == {}


def test_an_idle_page_locks_and_goes_on_where_it_was(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """At nothing left the page is covered and off; the password brings it back, with what was typed still there."""
    page.clock.install()
    page.goto("/intake")
    page.keyboard.type("half a sc")
    page.clock.run_for(595_000)
    assert page.is_visible("#idle-warning")
    page.clock.run_for(6_000)
    assert page.is_visible("#lock")
    assert page.evaluate("document.querySelector('main').inert")
    page.keyboard.type("LT-9")
    page.keyboard.press("Enter")
    assert page.is_visible("#lock")
    page.keyboard.press("Tab")
    page.fill("#lock [name=password]", PASSWORD)  # keys at a clock that stands still are those of a scanner
    page.keyboard.press("Enter")
    page.wait_for_selector("#lock", state="hidden")
    assert page.input_value("#typed") == "half a sc"


def take_in(keyboard: Keyboard) -> None:
    """Scan three laptops into a case, one of them wrongly, mend that, and commit."""
    page = keyboard.page
    page.goto("/intake")
    page.select_option("[name=case_name]", "CASE-01")
    keyboard.fill("Equipment type", "laptop")
    keyboard.press("Use this")
    for tag in ("LT-1", "LT-2", "LT-99", "LT-3"):
        keyboard.scan(tag)
    keyboard.press("Remove LT-99")
    keyboard.press("Check before you commit")
    assert "Nothing is saved yet." in page.inner_text("main")
    keyboard.press("Commit 3 scans")
    assert "Committed" in page.inner_text("main")


def issue_to_two_people(keyboard: Keyboard) -> None:
    """Issue two laptops to one person and one to another, each accepting by name."""
    page = keyboard.page
    page.goto("/issue")
    keyboard.press("Jane Smith")
    keyboard.scan("LT-1")
    keyboard.scan("LT-2")
    keyboard.reach("Choose who gets them")
    page.keyboard.press("Enter")
    keyboard.press("Tom Blank")
    keyboard.scan("LT-3")
    keyboard.press("Next: due date and acceptance")
    keyboard.choose("Name typed")
    for name in ("Jane Smith", "Tom Blank"):
        keyboard.fill("Name, typed by who accepts", name)
        page.keyboard.press("Tab")
    keyboard.press("Check")
    keyboard.press("Issue 3 assets")
    assert "Committed" in page.inner_text("main")
