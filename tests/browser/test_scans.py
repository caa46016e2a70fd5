"""What a scanner types, in a real browser: taken in order and once, wherever the focus is, and said where it was."""

from typing import Any

import pytest

from tests.browser.conftest import RunningStation, put_into_case
from tests.browser.keyboard import Keyboard, opened
from tests.browser.wedge import type_scans


def burst(page: Any, *scans: str, end: str = "Enter") -> None:  # noqa: ANN401 - Playwright's own
    """Scan codes one after another on a page that is there."""
    opened(page)
    type_scans(page, *scans, end=end)


def shown(page: Any, text: str) -> None:  # noqa: ANN401 - Playwright's own
    """Wait until the page says something."""
    page.wait_for_function("text => document.querySelector('main').innerText.includes(text)", arg=text)


def test_no_scan_is_lost_in_any_field_of_the_intake_page(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """One that comes while notes are written is taken as a scan; what was typed is as it was."""
    keyboard = Keyboard(page)
    page.goto("/intake")
    burst(page, *(f"XX-{number}" for number in range(1, 6)))
    shown(page, "XX-5")
    keyboard.fill("Notes", "with bag")
    burst(page, "XX-6", "XX-7", end="Tab")
    shown(page, "XX-7")
    assert page.locator("ol.scans > li").count() == 7
    assert page.input_value("[name=notes]") == "with bag"
    assert "XX-6 was scanned while “Notes” was chosen." in page.inner_text("#elsewhere")
    keyboard.choose("Scan in")
    burst(page, "XX-8")
    shown(page, "XX-8")
    assert page.url.endswith("/intake")


def test_half_a_scan_in_another_field_is_no_scan(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """A scanner that stops for a moment within a code: neither part is taken, the field is as it was, it is said."""
    keyboard = Keyboard(page)
    page.goto("/intake")
    opened(page)
    keyboard.fill("Notes", "with bag")
    for gap in (0.06, 0.08):
        page.wait_for_timeout(300)
        last = type_scans(page, "LT-", end="")
        type_scans(page, "0777", begin=last + gap)
        page.wait_for_selector("#cut:not([hidden])")
        assert "LT-0777" in page.inner_text("#cut")
        assert page.input_value("[name=notes]") == "with bag"
        page.evaluate("document.getElementById('cut').hidden = true")
    page.wait_for_timeout(300)
    burst(page, "LT-0778")
    page.wait_for_selector("ol.scans .tag")
    page.reload()
    assert page.locator("ol.scans .tag").all_inner_texts() == ["LT-0778"]


GS, RS, EOT = "Control+]", "Control+Shift+6", "Control+d"
"""The keys by which a scanner that is a keyboard types the control characters of a code (ASCII 29, 30 and 4)."""

GIAI = ("]C180040614141ASSET-0042", GS, "10LOT7")
UII = ("[)>", RS, "12", GS, "CAG A3309", GS, "SER 1234567", RS, EOT)


CODES = pytest.mark.parametrize(("code", "tag"), [(GIAI, "0614141ASSET-0042"), (UII, "DA33091234567")])

PRESS = """keys => {
  for (const key of keys) {
    const modifiers = { ctrlKey: key.includes("Control"), shiftKey: key.includes("Shift") };
    const name = key.split("+").at(-1);
    const event = { key: name, code: name === "6" ? "Digit6" : "", bubbles: true, cancelable: true, ...modifiers };
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", event));
  }
}"""
"""Presses keys at once: those of a scanner come faster than a test can send them one by one to a busy browser."""


@CODES
def test_the_separators_of_a_code_arrive_as_they_are_typed(page: Any, code: tuple[str, ...], tag: str) -> None:  # noqa: ANN401 - Playwright's own
    """A GS1 code of two numbers and a UII name their asset."""
    page.goto("/intake")
    opened(page)
    for part in code:
        if part in {GS, RS, EOT}:
            page.keyboard.press(part)
        else:
            page.keyboard.type(part)
    page.keyboard.press("Enter")
    page.wait_for_selector("ol.scans > li")
    assert page.locator("ol.scans > li").count() == 1
    assert tag in page.inner_text("ol.scans > li").split()


@CODES
def test_separators_arrive_from_other_fields_too(page: Any, code: tuple[str, ...], tag: str) -> None:  # noqa: ANN401 - Playwright's own
    """A code that comes while notes are written is taken whole, and said with its separators in sight."""
    page.goto("/intake")
    opened(page)
    page.focus("[name=notes]")
    keys = [key for part in code for key in ([part] if part in {GS, RS, EOT} else part)]
    page.evaluate(PRESS, [*keys, "Enter"])
    page.wait_for_selector("ol.scans > li")
    assert page.locator("ol.scans > li").count() == 1
    assert tag in page.inner_text("ol.scans > li").split()
    assert "⟨U+001D⟩" in page.inner_text("#elsewhere")
    assert page.input_value("[name=notes]") == ""


def test_after_removing_a_scan_the_focus_is_on_the_next_line(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """And what is scanned then is taken all the same."""
    keyboard = Keyboard(page)
    page.goto("/intake")
    burst(page, "XX-1", "XX-2", "XX-3")
    shown(page, "XX-3")
    keyboard.press("Remove XX-2")
    assert page.evaluate("document.activeElement.id") == "scan-1"
    burst(page, "XX-4")
    shown(page, "XX-4")
    assert page.locator("ol.scans > li").count() == 3


def test_a_list_answers_each_scan_and_stops_before_anybody_signs(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """Scanned twice it is there once; what is not understood stays, stops the way on, and takes the focus there."""
    keyboard = Keyboard(page)
    put_into_case(running)
    page.goto("/issue")
    burst(page, "Jane Smith", "LT-1", "LT-1", "??", "LT-2")
    shown(page, "Ready: LT-2")
    assert "Stop: ??" in page.inner_text("#list")
    assert page.locator("ol.scans > li").count() == 2
    burst(page, "LT-2")
    shown(page, "It is on the list already.")
    keyboard.press("Next: due date and acceptance")
    assert page.evaluate("document.activeElement.id") == "stopped"
    keyboard.press("I have seen it")
    keyboard.press("Next: due date and acceptance")
    keyboard.fill("Notes, such as the condition", "new")
    burst(page, "LT-3")
    assert "Nothing was done with it" in page.inner_text("#elsewhere")
    assert page.input_value("[name=notes]") == "new"
    assert page.url.endswith("/issue/acceptance")


def test_the_counting_pages_take_scans_from_any_field(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """A case scanned into the room is taken as a case; an asset scanned into the slot is counted."""
    keyboard = Keyboard(page)
    put_into_case(running)
    page.goto("/counts/new")
    page.focus("[name=room]")
    burst(page, "CASE-01")
    assert page.input_value("[name=room]") == ""
    with page.expect_navigation():
        page.keyboard.press("Enter")
    keyboard.press("Begin")
    page.focus("#slot")
    burst(page, "LT-1", "LT-2")
    shown(page, "LT-2: Found")
    assert page.input_value("#slot") == ""
    page.focus("#mute")
    page.keyboard.press("Enter")
    page.goto("/return")
    assert page.inner_text("#mute") == "Sound is off"
