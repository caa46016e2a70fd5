"""Checking what was scanned: a scan that comes then takes nobody away from the check, in a real browser."""

from typing import Any

import pytest

from tests.browser.conftest import RunningStation, put_into_case
from tests.browser.test_scans import burst, shown


def test_a_scan_leaves_the_check_of_the_queue_as_it_is(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """It is said that it was not taken, and what the page is for; one press leads to where scans are taken."""
    page.goto("/intake")
    page.select_option("[name=case_name]", "CASE-01")
    page.fill("[name=equipment_type]", "laptop")
    with page.expect_navigation():
        page.click("text=Use this")
    burst(page, "CK-1")
    shown(page, "Queue: 1 to commit")
    for focus in ("body", "#search", ".actions button"):
        page.goto("/intake/check")
        page.evaluate("place => (document.activeElement.blur(), document.querySelector(place).focus())", focus)
        for scan, end in (("CK-2", "Enter"), ("CASE-01", "Tab")):
            burst(page, scan, end=end)
            said = page.wait_for_selector("#stray:not([hidden])").inner_text()
            assert said.startswith(f"{scan} was scanned; nothing was done with it. This page is for checking"), focus
            assert page.url.endswith("/intake/check")
        assert page.input_value("#search") == ""
        assert page.is_visible("text=Commit 1 scan")
    with page.expect_navigation():
        page.click("#stray a")
    assert page.url.endswith("/intake")
    burst(page, "CK-2")
    shown(page, "Queue: 2 to commit")


def test_a_scan_leaves_the_check_of_a_hand_over_as_it_is(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """It leads back to the list that is being handed over."""
    put_into_case(running)
    page.goto("/issue")
    burst(page, "Jane Smith", "LT-1")
    shown(page, "Ready: LT-1")
    page.goto("/issue/acceptance")
    page.check("[name=how][value=none]")
    with page.expect_navigation():
        page.click("text=Check before you commit")
    burst(page, "LT-2")
    said = page.wait_for_selector("#stray:not([hidden])").inner_text()
    assert said.startswith("LT-2 was scanned; nothing was done with it. This page is for checking")
    with page.expect_navigation():
        page.click("#stray a")
    assert page.url.endswith("/issue")
    shown(page, "Ready LT-1")


def test_a_check_of_what_is_wrong_is_read_by_all(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """With a scan that came there and one that stops the batch: links stand out from every ground, light and dark."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="NO AXE: accessibility is not looked at.")
    page.goto("/intake")
    burst(page, "CASE-01", "CK-1", "no tag!")
    shown(page, "Stop: no tag!")
    page.goto("/intake/check")
    burst(page, "CK-2")
    page.wait_for_selector("#stray:not([hidden])")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = axe.Axe().run(page).response["violations"]
        assert [each["nodes"] for each in found if each["impact"] in {"serious", "critical"}] == []
