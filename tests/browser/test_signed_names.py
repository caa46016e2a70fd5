"""A signature that was drawn goes with the name that stood there, in a real browser, and the page says so."""

from typing import Any

from tests.browser.conftest import RunningStation, put_into_case
from tests.browser.keyboard import opened
from tests.browser.test_scans import burst


def to_sign(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """Put LT-1 on the list for Jane Smith, and go to the page on which it is signed for."""
    put_into_case(running)
    page.goto("/issue?holder=Jane+Smith")
    opened(page)
    burst(page, "LT-1")
    page.wait_for_selector("#line-1")
    page.goto("/issue/acceptance")
    opened(page)
    page.check("[name=how][value=screen]")


def draw(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """Draw on the field for it."""
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 60, steps=5)
    page.mouse.up()


def drawn(page: Any) -> str:  # noqa: ANN401 - Playwright's own
    """What is drawn, as it would be sent."""
    return str(page.input_value("[name='strokes.0']"))


def test_a_drawing_does_not_stay_under_another_name(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """It is taken away on the page at once; another spelling is the same name, and what is drawn then counts."""
    to_sign(page, running)
    draw(page)
    page.fill("[name='name.0']", "JANE  smith")
    page.locator("h1").click()
    assert drawn(page)
    assert page.is_hidden("[data-lost]")
    page.fill("[name='name.0']", "Bob Other")
    page.locator("h1").click()
    assert drawn(page) == ""
    assert "then the name of who accepts was changed" in page.inner_text("[data-lost]")
    draw(page)
    page.click(".actions button")
    page.wait_for_url("**/issue/check**")
    assert "Signed on the screen, by Bob Other" in page.inner_text("main")


def test_a_name_that_is_typed_and_signed_at_once_is_of_that_name(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """Who goes from the name straight to the field begins to draw under the new name."""
    to_sign(page, running)
    draw(page)
    first = drawn(page)
    page.fill("[name='name.0']", "Bob Other")
    draw(page)
    assert drawn(page).count("M") == first.count("M")  # what was drawn before is not below it
    assert page.is_visible("[data-lost]")


def test_the_button_alone_hands_nothing_over_without_signatures(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """Whoever chooses nothing stays where the choice is; that it is not accepted yet asks for no name."""
    to_sign(page, running)
    page.reload()
    opened(page)
    assert page.locator("[name=how]:checked").count() == 0
    page.click(".actions button")
    assert page.url.endswith("/issue/acceptance")
    assert page.locator("[name=how]:invalid").count() == page.locator("[name=how]").count()
    page.check("[name=how][value=none]")
    assert page.is_hidden(".typed-name")
    assert page.is_hidden("canvas")
    page.click(".actions button")
    page.wait_for_url("**/issue/check**")
