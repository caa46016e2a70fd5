"""What is not saved yet stays: through stray scans, locking and a lost connection, in a real browser."""

from typing import Any

import pytest

from tests.browser.conftest import PASSWORD, RunningStation, put_into_case
from tests.browser.keyboard import TYPING_MS, Keyboard
from tests.browser.test_scans import burst, shown


def drawn(page: Any) -> str:  # noqa: ANN401 - Playwright's own
    """The strokes that the page holds."""
    return str(page.input_value("[name='strokes.0']"))


@pytest.fixture
def signing(page: Any, running: RunningStation) -> Any:  # noqa: ANN401 - Playwright's own
    """Stand at the page on which Jane has signed and a note is typed, and nothing is saved."""
    keyboard = Keyboard(page)
    put_into_case(running)
    page.goto("/issue")
    burst(page, "Jane Smith", "LT-1")
    shown(page, "Ready: LT-1")
    keyboard.press("Next: due date and acceptance")
    page.check("[name=how][value=screen]")
    keyboard.fill("Notes, such as the condition", "new")
    page.wait_for_timeout(2 * TYPING_MS)  # a hand takes its time from the keys to the pen
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 80, steps=5)
    page.mouse.up()
    assert drawn(page).startswith("M")
    return page


def test_a_stray_scan_leaves_what_is_unsaved(signing: Any) -> None:  # noqa: ANN401 - Playwright's own
    """Wherever the focus is, it does nothing, is said, and the signature and the note are as they were."""
    page, strokes = signing, drawn(signing)
    for place in ("body", "a.brand", "#search", "[name=how][value=screen]", ".actions button"):
        page.evaluate("place => (document.activeElement.blur(), document.querySelector(place).focus())", place)
        for end in ("Enter", "Tab"):
            burst(page, f"LT-2 {end}", end=end)
            assert page.url.endswith("/issue/acceptance"), (place, end)
            said = page.inner_text("#elsewhere" if place.startswith("[name=how]") else "#stray")
            assert said.startswith(f"LT-2 {end} was scanned"), (place, said)
            assert "othing was done with it" in said
    assert page.input_value("#search") == ""
    assert page.is_checked("[name=how][value=screen]")
    assert (drawn(page), page.input_value("[name=notes]")) == (strokes, "new")


def test_a_scan_on_a_page_with_nothing_unsaved_is_searched(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """There it leads to what it names, as before."""
    put_into_case(running)
    page.goto("/account")
    with page.expect_navigation():
        burst(page, "LT-1")
    assert page.url.endswith("/assets/LT-1")


def test_locking_by_hand_keeps_the_page_and_takes_no_scan(signing: Any) -> None:  # noqa: ANN401 - Playwright's own
    """As the lock that comes by itself: over the page, with no field chosen; a scan is said and goes nowhere."""
    page, strokes = signing, drawn(signing)
    page.click("summary[aria-label='Your account']")
    page.click("text=Lock now")
    page.wait_for_selector("#lock[open]")
    assert page.evaluate("document.activeElement.id") == "lock-title"
    for end in ("Enter", "Tab"):
        burst(page, "LT-2", end=end)
        assert page.inner_text("#lock-stray") == "LT-2 was scanned; nothing was done with it. The station is locked."
    assert page.input_value("#lock-form [name=password]") == ""
    assert page.request.get("/issue").url.endswith("/issue")
    assert "The station is locked" in page.request.get("/issue").text()
    page.wait_for_timeout(2 * TYPING_MS)  # a key right after a scan is taken for the second of its end
    Keyboard(page).fill("Password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#lock:not([open])", state="attached")
    assert page.url.endswith("/issue/acceptance")
    assert (drawn(page), page.input_value("[name=notes]")) == (strokes, "new")


@pytest.mark.troubles("401")
def test_a_session_that_ended_is_not_asked_for_its_password(signing: Any) -> None:  # noqa: ANN401 - Playwright's own
    """No password opens it again: that is said, and after signing in the list comes, with what was scanned since."""
    page = signing
    page.goto("/issue?find=Ja")
    other = page.context.new_page()
    other.goto("/account")
    other.click("summary[aria-label='Your account']")
    with other.expect_navigation():
        other.click("text=Sign out")
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.accept() or dialog.type))
    burst(page, "LT-2")
    page.wait_for_selector("#lock[open] #lock-way:not([hidden])")
    assert page.inner_text("#lock-title") == "Your session has ended"
    assert "not active any more" in page.inner_text("#lock")
    assert "locked" not in page.inner_text("#lock")
    assert not page.is_visible("#lock-form")
    burst(page, "LT-3")
    assert page.inner_text("#lock-stray").endswith("nothing was done with it. Your session has ended.")
    with page.expect_navigation():
        page.click("#lock-way button")
    assert "Your session has ended." in page.inner_text("main")
    assert asked == []  # the scan that waits is kept, so nobody is asked whether it may be lost
    keyboard = Keyboard(page)
    keyboard.fill("Name", "Ada")
    keyboard.fill("Password", PASSWORD)
    keyboard.press("Sign in")
    assert page.url.endswith("/issue?find=Ja")
    shown(page, "Ready: LT-2")
    assert page.locator("ol.scans > li").count() == 2


@pytest.mark.troubles("401")
def test_a_session_that_ended_behind_the_lock_leads_to_signing_in(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """The page that was locked before can't know it: once the password is given, the page that says so comes."""
    token = page.get_attribute("body", "data-form-token")
    page.goto("/account")
    page.click("summary[aria-label='Your account']")
    page.click("text=Lock now")
    page.wait_for_selector("#lock[open]")
    origin = page.url.removesuffix("/account")
    page.request.post("/sign-out", form={"form_token": token}, headers={"origin": origin}, max_redirects=0)
    page.fill("#lock-form [name=password]", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Your session has ended." in page.inner_text("main")


@pytest.mark.troubles("401")
def test_the_page_of_a_locked_station_takes_no_scan(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """Where a page is opened while it is locked, nothing has the focus, and a scan is said."""
    token = page.get_attribute("body", "data-form-token")
    page.request.post("/lock", form={"form_token": token}, headers={"origin": page.url.rstrip("/")})
    page.goto("/assets")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    burst(page, "LT-2", end="Tab")
    assert page.inner_text("#stray") == "LT-2 was scanned; nothing was done with it. The station is locked."
    assert page.input_value("[name=password]") == ""


@pytest.mark.troubles("ERR_INTERNET_DISCONNECTED")
def test_a_deed_without_a_connection_says_so_on_the_page(signing: Any) -> None:  # noqa: ANN401 - Playwright's own
    """Nothing is sent and nothing is lost; with the station there again the same button does it."""
    page, strokes = signing, drawn(signing)
    page.context.set_offline(True)
    page.click(".actions button")
    page.wait_for_selector("#unreached:not([hidden])")
    assert page.inner_text("#unreached").startswith("The station can't be reached; nothing was sent.")
    assert (page.url.endswith("/issue/acceptance"), drawn(page)) == (True, strokes)
    page.context.set_offline(False)
    with page.expect_navigation():
        page.click(".actions button")
    shown(page, "Issue 1 asset to Jane Smith")


def test_a_signature_goes_with_the_notes_that_were_read(signing: Any) -> None:  # noqa: ANN401 - Playwright's own
    """Other notes than whoever signed has read take the signature from the field at once, and the page says so."""
    page = signing
    page.focus("[name=notes]")
    page.keyboard.press("Tab")
    assert drawn(page).startswith("M")
    page.fill("[name=notes]", "broken screen")
    page.press("[name=notes]", "Tab")
    assert drawn(page) == ""
    assert "Jane Smith signed, and then the due date or the notes were changed." in page.inner_text(".signer")
