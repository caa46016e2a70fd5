"""Forms with a file that meet a locked session: nothing of them is kept, and that is said until it is unlocked."""

from datetime import timedelta

from tests.web.visitors import PASSWORD, OpenStation


def test_a_file_that_met_the_lock_is_asked_for_again_on_its_own_page(station: OpenStation) -> None:
    """It is not kept, which is said; the page it was sent from is shown after the password, and nothing is done."""
    browser = station.visitor("ben")
    page = "http://127.0.0.1:8642/intake/upload?from=here"
    for name, is_lost in (("a.csv", True), ("", False)):  # a browser sends a field without a file, too
        browser.get("/intake/upload")
        station.now += timedelta(seconds=601)
        locked = browser.upload("/intake/upload", name, b"asset_tag", referer=page)
        assert locked.status_code == 401
        assert ("The file that you sent, and what was typed with it" in locked.text) is is_lost
        wanted = "/intake/upload?from=here" if is_lost else "/intake/upload"
        assert f'name="wanted" value="{wanted}"' in locked.text
        assert ('name="is_deed"' in locked.text) is not is_lost
        browser.post("/unlock", {"password": PASSWORD, "wanted": wanted})


def test_what_was_typed_beside_a_file_is_said_to_be_lost_until_the_station_is_unlocked(station: OpenStation) -> None:
    """Without the file it is no whole form, so nothing of it is kept; a mistyped password does not hide that."""
    lost = "The file that you sent, and what was typed with it, was not taken and is not kept. Fill the form in again"
    browser = station.visitor("ben")
    browser.get("/audit/receipt")
    station.now += timedelta(seconds=601)
    browser.upload("/audit/receipt", "a.png", b"x", {"code": "typed beside it"})
    assert lost in browser.words
    assert "typed beside it" not in browser.page
    wrong = {"password": "wrong", "wanted": "/audit/receipt"}
    for _ in range(2):
        assert 'name="has_file" value="1"' in browser.page
        assert browser.post("/unlock", {**wrong, "has_file": "1"}).status_code == 401
        assert lost in browser.words
    assert browser.post("/unlock", wrong).status_code == 401
    assert "The file that you sent" not in browser.words
