"""Scans that the station refuses, in a real browser: none is forgotten before somebody has dealt with it."""

from typing import Any

import pytest

from tests.browser.conftest import PASSWORD
from tests.browser.keyboard import Keyboard
from tests.browser.test_scans import burst, shown


def sign_in_anew(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """Begin another session in another tab: what the first tab shows is of a session that is over."""
    page.context.clear_cookies()
    other = page.context.new_page()
    other.goto("/sign-in")
    keyboard = Keyboard(other)
    keyboard.fill("Name", "Ada")
    keyboard.paste("Password", PASSWORD)
    keyboard.press("Sign in")
    other.close()


def refused(page: Any) -> list[str]:  # noqa: ANN401 - Playwright's own
    """Return what stands there as refused, each whole."""
    return [" ".join(text.split()) for text in page.locator("#refused li").all_inner_texts()]


@pytest.mark.troubles("403")
def test_what_is_refused_stays_with_its_reason_until_it_is_sent_again(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """After the page was opened anew too; then all of it is taken in the order in which it was scanned."""
    page.goto("/intake")
    sign_in_anew(page)
    tags = ("NN-1", "NN-2", "NN-3")
    burst(page, *tags)
    page.wait_for_function("() => document.querySelectorAll('#refused li').length === 3")
    why = "This form is too old It belongs to another session. Nothing was saved."
    assert [text[: len(f"NN-1 {why}")] for text in refused(page)] == [f"{tag} {why}" for tag in tags]
    assert page.locator("#refused li strong").first.inner_text() == "This form is too old"
    assert "first page" not in page.inner_text("#refused").lower()
    with page.expect_navigation():
        page.click("#refused a")
    assert [text.split()[0] for text in refused(page)] == list(tags)
    page.click("#refused li:nth-child(2) [data-seen]")
    assert [text.split()[0] for text in refused(page)] == ["NN-1", "NN-3"]
    page.click("#refused [data-all]")
    shown(page, "2 without a type")
    assert page.locator("ol.scans .tag").all_inner_texts() == ["NN-3", "NN-1"]
    assert page.is_hidden("#refused")
    page.reload()
    assert page.is_hidden("#refused")
    assert page.locator("ol.scans > li").count() == 2
