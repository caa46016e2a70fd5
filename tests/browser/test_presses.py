"""What is to be pressed is not sent by a scan: it fills its field, or is said, in a real browser."""

from typing import Any

import pytest

from tests.browser.conftest import RunningStation, put_into_case
from tests.browser.keyboard import TYPING_MS
from tests.browser.test_scans import burst, shown

BATCH = "asset_tag,timestamp,event_type,operator_id,equipment_type\nLT-9,2026-01-05T09:00:00Z,SCAN,mara,laptop\n"


@pytest.fixture
def slot(page: Any, running: RunningStation, tmp_path: Any) -> Any:  # noqa: ANN401 - Playwright's own
    """Stand before an empty slot of a case; LT-9 is in no slot."""
    put_into_case(running)
    (tmp_path / "batch.csv").write_text(BATCH)
    running.tell("commit", str(tmp_path / "batch.csv"), "--yes")
    page.goto("/cases/CASE-01?slot=8")
    return page


@pytest.mark.parametrize("end", ["Enter", "Tab"])
def test_a_scan_beside_the_field_of_a_slot_is_searched(slot: Any, end: str) -> None:  # noqa: ANN401 - Playwright's own
    """With a slot chosen and nothing focused it leads to what it names, as on any page, and moves nothing."""
    if end == "Enter":
        with slot.expect_navigation():
            burst(slot, "LT-9", end=end)
        assert slot.url.endswith("/assets/LT-9")
    else:
        burst(slot, "LT-9", end=end)
    slot.goto("/cases/CASE-01?slot=8")
    assert "This slot is empty." in slot.inner_text("#slot")


@pytest.mark.parametrize("end", ["Enter", "Tab"])
def test_a_scan_into_the_field_of_a_slot_waits_for_the_press(slot: Any, end: str) -> None:  # noqa: ANN401 - Playwright's own
    """It stands in the field, in the place of what was scanned there before; the button puts it into the slot."""
    slot.focus("[name=tag]")
    for scan in ("LT-1", "LT-9"):
        burst(slot, scan, end=end)
        slot.wait_for_timeout(3 * TYPING_MS)
        assert slot.url.endswith("?slot=8")
        assert slot.input_value("#slot [name=tag]") == scan
    with slot.expect_navigation():
        slot.click("text=Put it into slot 8")
    assert "LT-9" in slot.inner_text("#slot")


def test_typed_by_hand_enter_is_a_press(slot: Any) -> None:  # noqa: ANN401 - Playwright's own
    """Whoever types as people do sends it with Enter."""
    slot.focus("[name=tag]")
    slot.keyboard.type("LT-9", delay=2 * TYPING_MS)
    with slot.expect_navigation():
        slot.keyboard.press("Enter")
    assert "LT-9" in slot.inner_text("#slot")


def test_a_scan_never_becomes_the_type_of_anything(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """Where the field for a missing type has the focus: on the page of one scan and on the check page it is said."""
    page.goto("/intake")
    burst(page, "LT-1")
    shown(page, "Look: LT-1")
    for path, field in (("/intake/scans/1", "[name=equipment_type]"), ("/intake/check", "#missing-type")):
        page.goto(path)
        page.focus(field)
        burst(page, "LT-2")
        page.wait_for_timeout(3 * TYPING_MS)
        assert page.url.endswith(path)
        assert page.input_value(field) == ""
        assert page.inner_text("#stray").startswith("LT-2 was scanned; nothing was done with it.")
    page.goto("/intake/scans/1")
    assert page.evaluate("document.activeElement.name") == "equipment_type"
    page.focus("[name=asset_tag]")
    burst(page, "LT-7")
    assert page.input_value("[name=asset_tag]") == "LT-7"


def test_scanning_goes_on_while_the_type_is_being_said(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """What is typed there stays while more is scanned; one press says it of all, and of the next."""
    page.goto("/intake")
    burst(page, "LT-1")
    shown(page, "Look: LT-1")
    page.click("#scan-1 >> text=Set the type")
    assert page.evaluate("document.activeElement.id") == "missing-type"
    page.keyboard.type("lap", delay=2 * TYPING_MS)
    burst(page, "LT-2")
    shown(page, "Look: LT-2")
    assert page.input_value("#missing-type") == "lap"
    page.fill("#missing-type", "laptop")
    with page.expect_navigation():
        page.click("button:has-text('Set the type')")
    shown(page, "Queue: 2 to commit")
    burst(page, "LT-3")
    shown(page, "Queue: 3 to commit")
