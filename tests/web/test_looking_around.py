"""Cases, assets and the search, as a browser meets them."""

from urllib.parse import quote

import pytest

from assettrack.domain.cards import Card, CardKind, written
from assettrack.domain.plans import Options
from assettrack.formats import scan_csv
from assettrack.services import holders, intake
from assettrack.web.assets.case_pages import columns_of
from tests.services.printed import badge
from tests.web import stock
from tests.web.visitors import OpenStation

HEADER = "asset_tag,timestamp,event_type,operator_id,case_number,slot_number,equipment_type,serial_number\n"


def fill(station: OpenStation) -> None:
    """Put two laptops into a case of six slots."""
    station.case("CASE-01", 6)
    rows = "".join(
        f"LT-{number},2026-06-30T10:0{number}:00Z,SCAN,mara,CASE-01,{number},laptop,SN{number}\n" for number in (1, 2)
    )
    source = scan_csv.parse((HEADER + rows).encode())
    intake.commit(station.workplace(), source, "scans.csv", Options(), confirm=None)


def test_a_case_is_drawn_with_every_slot(station: OpenStation) -> None:
    """Each slot says its number and what is in it, in words."""
    fill(station)
    vic = station.visitor("vic", "viewer")
    vic.get("/cases")
    assert "2 of 6 slots taken" in vic.words
    vic.get("/cases/case-01?slot=1")
    assert "Slot 1 LT-1 laptop" in vic.words
    assert "Slot 6 empty" in vic.words
    assert '<td class="number">6</td><td>empty</td><td></td>' in vic.page
    assert "SN1" in vic.words
    assert vic.get("/cases/NOWHERE").status_code == 404


def test_an_empty_case_leads_to_where_it_is_taken_in(station: OpenStation) -> None:
    """Whoever has just prepared it is told how; not who may not scan, beside a slot, or once something is in it."""
    station.case("CASE-02", 4)
    fill(station)
    ben, vic = station.visitor("ben"), station.visitor("vic", "viewer")
    ben.get("/cases/CASE-02")
    assert "Take this case in Scan its label, or type CASE-02;" in ben.words
    assert 'role="button" href="/intake"' in ben.page
    for visitor, path in ((vic, "/cases/CASE-02"), (ben, "/cases/CASE-02?slot=1"), (ben, "/cases/CASE-01")):
        assert visitor.get(path).status_code == 200
        assert "Take this case in" not in visitor.words


@pytest.mark.parametrize(
    ("slots", "columns"),
    [(1, 1), (4, 4), (12, 6), (20, 5), (24, 6), (44, 8), (50, 8), (97, 8), (500, 8)],
)
def test_a_row_of_slots_is_full_and_never_too_narrow_for_a_tag(slots: int, columns: int) -> None:
    """Somewhat wider than high, no row half full where that can be, and eight in a row at most."""
    assert columns_of(slots) == columns


def test_an_asset_is_moved_without_dragging(station: OpenStation) -> None:
    """A form moves it; a taken slot is a hard stop that says who is there."""
    fill(station)
    ben = station.visitor("ben")
    ben.get("/cases/CASE-01?slot=1")
    taken = ben.post("/cases/CASE-01/move", {"tag": "LT-1", "to_case": "CASE-01", "to_slot": "2"})
    assert taken.status_code == 409
    assert "taken by asset LT-2" in ben.words
    ben.follow(ben.post("/cases/CASE-01/move", {"tag": "LT-1", "to_case": "CASE-01", "to_slot": "5"}))
    assert "Slot 5 LT-1" in ben.words


def test_taking_out_needs_an_admin_and_a_reason(station: OpenStation) -> None:
    """Whoever forces a slot empty says why; it stands in the log."""
    fill(station)
    ada = station.visitor("ada", "admin")
    ada.get("/cases/CASE-01?slot=1")
    assert ada.post("/cases/CASE-01/vacate", {"slot": "1", "tag": "LT-1", "reason": " "}).status_code == 422
    ada.follow(ada.post("/cases/CASE-01/vacate", {"slot": "1", "tag": "LT-1", "reason": "foam broken"}))
    assert "This slot is empty." in ada.words
    ada.get("/assets/LT-1")
    assert "foam broken" in ada.words
    ada.follow(ada.post("/cases/CASE-01/assign", {"slot": "1", "tag": "lt-1"}))
    assert "Slot 1 LT-1" in ada.words


def test_the_search_finds_anything_and_goes_to_what_is_meant(station: OpenStation) -> None:
    """A scan of a tag, a serial number or a case leads to its page; a beginning lists what begins so."""
    fill(station)
    vic = station.visitor("vic", "viewer")
    for typed, where in (("lt-1", "/assets/LT-1"), ("SN2", "/assets/LT-2"), ("]C0CASE-01", "/cases/CASE-01")):
        assert vic.get(f"/search?q={typed}").headers["location"] == where
    vic.get("/search?q=LT")
    assert "LT-1" in vic.words
    assert "LT-2" in vic.words
    vic.get("/search?q=<b>")
    assert "Nothing begins with <b>" in vic.words


def test_a_search_for_a_person_tells_what_they_have(station: OpenStation) -> None:
    """How many assets, and which, each with a link; of many only the first, and a link to the rest."""
    stock.fill(station, 9, slots=12)
    stock.issue(station, "Tom Blank", "LT-3", due_on="2026-07-09")
    stock.issue(station, "Tom Thumb", *(f"LT-{number}" for number in (1, 2, 4, 5, 6, 7, 8)))
    for name in ("Tomasz Kos", "Jane Smith"):
        holders.register(station.workplace(), name)
    vic = station.visitor("vic", "viewer")
    vic.get("/search?q=tom")
    assert "Tom Blank 1 asset LT-3 laptop due 2026-07-09" in vic.words
    assert "Tom Thumb 7 assets LT-1 laptop LT-2 laptop LT-4 laptop LT-5 laptop LT-6 laptop and 2 more" in vic.words
    assert "Tomasz Kos nothing" in vic.words
    assert "Jane Smith" not in vic.words
    assert 'href="/assets/LT-3"' in vic.page
    assert vic.page.count('href="/holders/Tom%20Thumb"') == 2


def test_the_filter_of_a_list_stands_in_the_address(station: OpenStation) -> None:
    """What is shown can be kept as a link."""
    fill(station)
    vic = station.visitor("vic", "viewer")
    vic.get("/assets?status=STORAGE&case=CASE-01&type=laptop&text=lt-2")
    assert "1 asset" in vic.words
    assert "1 assets" not in vic.words
    assert "LT-1" not in vic.words
    vic.get("/assets?status=RETIRED")
    assert "No asset is like that." in vic.words


def test_the_history_of_an_asset_is_told_latest_first(station: OpenStation) -> None:
    """Every entry about it, with a way to each in the log."""
    fill(station)
    vic = station.visitor("vic", "viewer")
    vic.get("/assets/LT-1")
    assert "new laptop → in CASE-01 slot 1" in vic.words
    assert 'href="/audit/entries/' in vic.page
    assert vic.get("/assets/LT-404").status_code == 404
    assert vic.get("/assets/%3Cscript%3E").status_code == 404


def test_the_search_knows_the_cards_of_the_station(station: OpenStation) -> None:
    """A badge leads to the holder, a case's label to the case, a slot's to the slot: nothing there is denied."""
    fill(station)
    holders.register(station.workplace(), "Jane Smith")
    vic = station.visitor("vic", "viewer")
    for text, there in (
        (badge(station.workplace()), "/holders/Jane%20Smith"),
        (written(Card(CardKind.CASE, "CASE-01")), "/cases/CASE-01"),
        (written(Card(CardKind.SLOT, "CASE-01", 2)), "/cases/CASE-01?slot=2"),
        ("CASE-01 SLOT-02", "/cases/CASE-01?slot=2"),
    ):
        assert vic.get(f"/search?q={quote(text)}").headers["location"] == there


@pytest.mark.parametrize(
    ("card", "said"),
    [
        (Card(CardKind.EVENT, "ISSUE"), "This is the command card: Issue. Nothing is done by it here."),
        (Card(CardKind.EVENT, "STAND"), "This is the command card: STAND. Nothing is done by it here."),
        (Card(CardKind.BEGIN, "KIM"), "This is a begin card"),
        (Card(CardKind.END, "3"), "This is an end card"),
        (Card(CardKind.UNDO), "takes back the scan before it. Nothing is done by it here."),
        (Card(CardKind.CASE, "OUT"), "This is the card for storage in no slot. Nothing is done by it here."),
        (Card(CardKind.CASE, "CASE-99"), "The card names case CASE-99, which this station does not know."),
        (Card(CardKind.HOLDER, "1", mark="YYY"), "is not known to be of this station's holder 1"),
    ],
)
def test_the_search_says_what_a_card_is(station: OpenStation, card: Card, said: str) -> None:
    """One that names nothing that can be shown does nothing, and is not said to be no holder."""
    holders.register(station.workplace(), "Jane Smith")
    vic = station.visitor("vic", "viewer")
    vic.get(f"/search?q={quote(written(card))}")
    assert said in vic.words
    assert "It is no asset, case or holder" not in vic.words
