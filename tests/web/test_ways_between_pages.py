"""Ways between pages: a receipt's code scanned anywhere, a form that was refused, and what programs can do."""

from html import unescape

from tests.web.visitors import OpenStation

CODE = "AT1:6BF0%+2K.A$B/C*D"


def test_a_receipts_code_leads_to_its_check(station: OpenStation) -> None:
    """Scanned into the search it is in the field for it, by whatever case it came; nothing is checked by looking."""
    vic = station.visitor("vic", "viewer")
    answer = vic.ask("GET", "/search", params={"q": CODE.lower()})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/audit/receipt?code=at1%3A")
    vic.follow(answer)
    assert f'value="{CODE.lower()}"' in unescape(vic.page)
    vic.get("/audit/receipt?code=%22%3E%3Cimg%3E")
    assert "<img" not in vic.page


def test_a_refused_case_stays_in_its_open_form(station: OpenStation) -> None:
    """With what was typed, and a summary that leads to it."""
    station.case("CASE-01", 8)
    ada = station.visitor("ada", "admin")
    ada.get("/cases")
    assert '<details class="no-print">' in ada.page
    assert ada.post("/cases", {"name": "CASE 0?", "count": "12"}).status_code == 422
    assert '<details class="no-print" open>' in ada.page
    assert '<input id="prepare" name="name" value="CASE 0?"' in ada.page
    assert 'value="12"' in ada.page
    assert '<a href="#prepare">' in ada.page


def test_ones_account_leads_to_what_programs_can_do(station: OpenStation) -> None:
    """There tokens are made, and there one looks for it."""
    vic = station.visitor("vic", "viewer")
    vic.get("/account")
    assert 'href="/developers"' in vic.page
