"""Light and dark as somebody chooses them, against what the browser's system asks for."""

from typing import Any

import pytest

from tests.browser.conftest import RunningStation, sign_in
from tests.browser.keyboard import Keyboard

LIGHT_ENOUGH = 200
DARK_ENOUGH = 60
"""Of 255: how bright the page's ground is."""

PAGES = ("/", "/cases/CASE-01?slot=1", "/organisations", "/account", "/assets/NOPE")


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_what_is_chosen_goes_before_the_system(
    chromium: Any,  # noqa: ANN401 - Playwright's own
    running: RunningStation,
    theme: str,
) -> None:
    """By the keyboard; every page is drawn so, and has no serious fault by axe's rules."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="NO AXE: accessibility is not looked at.")
    context = chromium.new_context(base_url=running.origin, color_scheme="dark" if theme == "Light" else "light")
    page = context.new_page()
    sign_in(page, running)
    page.goto("/account")
    assert is_bright(page) is (theme == "Dark")
    keyboard = Keyboard(page)
    keyboard.choose(theme)
    keyboard.press("Use this look")
    assert page.is_checked(f"[name=theme][value={theme.lower()}]")
    for path in PAGES:
        page.goto(path)
        assert is_bright(page) is (theme == "Light"), path
        found = axe.Axe().run(page).response["violations"]
        assert [each["id"] for each in found if each["impact"] in {"serious", "critical"}] == [], path
    context.close()


def is_bright(page: Any) -> bool:  # noqa: ANN401 - Playwright's own
    """Tell whether the page's ground is light; it must be clearly one of the two."""
    colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    brightness = sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")) / 3
    assert brightness > LIGHT_ENOUGH or brightness < DARK_ENOUGH, colour
    return bool(brightness > LIGHT_ENOUGH)
