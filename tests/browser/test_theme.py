"""Light and dark as somebody chooses them, against what the browser's system asks for."""

from typing import Any

import pytest

from tests.browser.conftest import RunningStation, sign_in
from tests.browser.keyboard import Keyboard

LIGHT_ENOUGH = 200
DARK_ENOUGH = 60
"""Of 255: how bright the page's ground is."""

NOT_CHOSEN_EITHER = 3.0
"""How much a choice that is not chosen stands out from its ground at least (WCAG 2.2, 1.4.11)."""

BORDER_AND_GROUND = """each => [getComputedStyle(each).borderTopColor,
  getComputedStyle(document.documentElement).backgroundColor]"""

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
    assert contrast_of_choices(page) >= NOT_CHOSEN_EITHER
    keyboard.press("Use this look")
    assert contrast_of_choices(page) >= NOT_CHOSEN_EITHER
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


def contrast_of_choices(page: Any) -> float:  # noqa: ANN401 - Playwright's own
    """Return the contrast of the faintest choice that is not chosen to the page's ground, by WCAG's formula."""
    found = [each.evaluate(BORDER_AND_GROUND) for each in page.locator("[type=radio]:not(:checked)").all()]
    assert found
    return min(contrast(*map(luminance, pair)) for pair in found)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour as WCAG 2.2 defines it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (int(each) / 255 for each in colour.removeprefix("rgb(").removesuffix(")").split(","))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    """Return the contrast of two luminances."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
