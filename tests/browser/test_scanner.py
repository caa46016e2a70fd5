"""The pocket scanner's pages in a real browser, read through its own serial port, which is emulated: no more was tried.

The browser's port is a stub before the bytes of the emulated scanner; the script, the pages and the station are real.
"""

from typing import Any

import pytest

from assettrack.domain import cards
from assettrack.domain.cards import Card, CardKind
from assettrack.scanner.device import SystemTimes
from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.emulator import EmulatedScanner
from assettrack.scanner.frames import Command
from tests.browser.keyboard import Keyboard
from tests.domain.trial_scans import end, event, slot

SCANS = (
    cards.written(Card(CardKind.BEGIN, "ADA")), event("SCAN"), slot("CASE-01", 1), "LT-1", slot("CASE-01", 2), "LT-2",
    "LT-3", end(3),
)  # fmt: skip

STUB = """
class Port {
  async open() {
    this.readable = new ReadableStream({ start: (controller) => { this.controller = controller; } });
    this.writable = new WritableStream({ write: async (chunk) => {
      const hex = [...chunk].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      for (const piece of await window.tellScanner(hex)) {
        this.controller.enqueue(Uint8Array.from(piece.match(/../g), (pair) => parseInt(pair, 16)));
      }
    } });
  }
  async close() {}
}
Object.defineProperty(navigator, "serial", { value: { requestPort: async () => new Port() } });
"""


@pytest.fixture
def scanner(page: Any) -> EmulatedScanner:  # noqa: ANN401 - Playwright's own
    """Give the browser a serial port with an emulated scanner behind it."""
    made = EmulatedScanner(SystemTimes())
    for text in SCANS:
        assert made.scan(text)
    page.expose_function("tellScanner", lambda sent: [each.hex() for each in made.receive(bytes.fromhex(sent))])
    page.add_init_script(STUB)
    page.goto("/scanner")
    return made


def test_a_scanner_is_read_through_the_browser_and_committed(page: Any, scanner: EmulatedScanner) -> None:  # noqa: ANN401 - Playwright's own
    """Read, answered, checked and committed with the keyboard alone; every page can be used by all, wide or narrow."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="NO AXE: accessibility is not looked at.")
    keyboard, wrong = Keyboard(page), {}

    def look() -> None:
        for scheme, width in (("light", 1280), ("dark", 820)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": 1100})
            found = axe.Axe().run(page).response["violations"]
            serious = [
                (each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in {"serious", "critical"}
            ]
            too_wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            if serious or too_wide:
                wrong[scheme, page.url] = (serious, too_wide)

    look()
    keyboard.press("Read it through this browser")
    assert "2 things are to be looked at first." in page.inner_text("main")
    look()
    keyboard.fill("Equipment type of new assets", "laptop")
    keyboard.press("Use this")
    keyboard.reach("Why it does not count")
    page.keyboard.type("it was on the table")
    keyboard.press("Leave it out")
    page.keyboard.press("Tab")  # from the questions, which have the focus as a whole, to the first of them
    keyboard.press("Take it as it is")
    assert "Everything was understood: 2 assets to commit." in page.inner_text("main")
    look()
    page.keyboard.press("Tab")
    keyboard.press("Check before you commit")
    look()
    keyboard.press("Commit 2 scans")
    keyboard.press("Clear the scanner")
    look()
    keyboard.press("Clear 8 scans")
    page.wait_for_selector(".wrong")  # nothing is at the station's own computer
    assert "No Opticon scanner was found" in page.inner_text("main")
    look()
    assert wrong == {}
    assert set(scanner.heard) == {Command.INTERROGATE, Command.READ_PARAMETERS, Command.GET_TIME, Command.UPLOAD}


def test_a_scanner_that_would_erase_is_not_read(page: Any, scanner: EmulatedScanner) -> None:  # noqa: ANN401 - Playwright's own
    """The station says so after the first questions; its scans are never asked for."""
    scanner.arm(Fault("auto-clear"))
    Keyboard(page).press("Read it through this browser")
    assert "erase them by being read" in page.inner_text("main")
    assert Command.UPLOAD not in scanner.heard
    assert len(scanner.records) == len(SCANS)
