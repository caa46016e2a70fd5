"""Where the next scan of a count is seen: its page's address says it, and nothing done beside scanning loses it."""

import re
from html import unescape

import pytest

from tests.web.test_count_pages import NAME, begin, scan
from tests.web.visitors import ORIGIN, OpenStation, Visitor, words

AT = "/counts/1?case=CASE-02&slot=3"


def counting(station: OpenStation) -> Visitor:
    """Count two cases; of the one, a scan was not understood."""
    station.case("CASE-02", 8)
    ben = begin(station)
    scan(ben, "no tag!")
    ben.get(AT)
    return ben


def shows_the_place(visitor: Visitor) -> bool:
    """Tell whether the page says that the next scan is seen in that case and slot."""
    return (
        '<option value="CASE-02" selected>CASE-02' in visitor.page
        and 'name="slot" id="slot" inputmode="numeric" value="3"' in visitor.page
    )


def links(visitor: Visitor) -> list[str]:
    """Return the links of a page that lead to the count's page."""
    return [unescape(each) for each in re.findall(r'<a[^>]* href="(/counts/1(?:[?#][^"]*)?)"', visitor.page)]


def test_having_seen_a_scan_keeps_the_place(station: OpenStation) -> None:
    """The page says which case and slot were chosen, and so does the one it leads to."""
    ben = counting(station)
    answer = ben.post("/counts/1/seen", {"number": "1"}, referer=f"{ORIGIN}{AT}")
    assert answer.headers["location"] == f"{AT}#typed"
    ben.follow(answer)
    assert shows_the_place(ben)


def test_without_script_having_seen_a_scan_keeps_what_was_chosen_by_hand(station: OpenStation) -> None:
    """The button sends the fields beside which it stands, so what they say counts and not the address, blank too."""
    ben = counting(station)
    button = re.search(r'<button[^>]* form="scan-form" name="number" value="1" formaction="([^"]*)"', ben.page)
    assert button is not None
    for chosen, there in (
        ({"case": "CASE-02", "slot": "5"}, "/counts/1?case=CASE-02&slot=5#typed"),
        ({"case": "", "slot": ""}, "/counts/1#typed"),
    ):
        answer = ben.post(button[1], {"number": "1", "typed": "", **chosen}, referer=f"{ORIGIN}{AT}")
        assert answer.headers["location"] == there


def test_a_slot_that_is_none_is_refused_before_a_scan_is_seen(station: OpenStation) -> None:
    """In words, with the case as it was chosen; the scan is still there to be seen."""
    ben = counting(station)
    said = {"number": "1", "case": "CASE-02", "slot": "x"}
    assert ben.post("/counts/1/seen", said, referer=f"{ORIGIN}{AT}").status_code == 422
    assert "The place" in ben.words
    assert '<option value="CASE-02" selected>CASE-02' in ben.page
    assert "Stop: no tag!" in ben.words


@pytest.mark.parametrize(("content", "status"), [(b"LT-1\n", 303), (b"LT 1 %%%\n", 422)])
def test_adding_a_file_keeps_the_place(station: OpenStation, content: bytes, status: int) -> None:
    """Be it taken or not; where it is not, what is pressed on that page keeps it too."""
    ben = counting(station)
    sent = unescape(re.search(r'action="(/counts/1/file[^"]*)"', ben.page)[1])  # type: ignore[index]  # it is there
    token = {"form_token": ben.form_token}
    answer = ben.ask(
        "POST",
        sent,
        data=token,
        files={"file": ("list.txt", content)},
        headers={"origin": ORIGIN, "referer": ORIGIN + AT},
    )
    assert answer.status_code == status
    if status == 303:
        assert answer.headers["location"] == f"{AT}#tally"
        return
    assert '<option value="CASE-02" selected>CASE-02' in answer.text
    again = ben.post("/counts/1/seen", {"number": "1"}, referer=f"{ORIGIN}{sent}")
    assert again.headers["location"] == f"{AT}#typed"


@pytest.mark.parametrize("page", ["close", "abandon"])
def test_going_on_counting_keeps_the_place(station: OpenStation, page: str) -> None:
    """Every link back does, also of a page on which the end of the count was refused."""
    ben = counting(station)
    way = re.search(rf'href="(/counts/1/{page}[^"]*)"', ben.page)
    assert way is not None
    ben.get(unescape(way[1]))
    for _ in range(2):
        back = links(ben)
        assert back
        assert {each.partition("#")[0] for each in back} == {AT}
        action = unescape(re.search(rf'action="(/counts/1/{page}[^"]*)"', ben.page)[1])  # type: ignore[index]  # as above
        answer = ben.post(action, {"remark": "", "reason": " ", "confirm": "no"}, referer=f"{ORIGIN}{action}")
        assert answer.status_code in {409, 422}


def test_showing_one_result_whole_keeps_the_place(station: OpenStation) -> None:
    """The link to it says the place beside."""
    ben = begin(station)
    station.case("CASE-02", 8)
    for number in range(1, 5):
        scan(ben, f"LT-{number}")
    ben.get(AT)
    assert "/counts/1?show=found&case=CASE-02&slot=3#group-found" in links(ben)


@pytest.mark.parametrize(
    ("asked", "kept"), [("case=CASE-02&slot=x", "CASE-02"), ("case=%3Cb%3E", ""), ("case=CASE-77&slot=3", "")]
)
def test_an_address_says_only_what_can_be_chosen(station: OpenStation, asked: str, kept: str) -> None:
    """A slot that is none, and a case that is none or not prepared, are not chosen, and nothing says so."""
    station.case("CASE-02", 8)
    ben = begin(station)
    assert ben.get(f"/counts/1?{asked}").status_code == 200
    assert re.findall(r"<option value=\"[^\"]*\" selected>([^<]+)", ben.page) == ([kept] if kept else [])
    assert f'data-case="{kept}" data-slot=""' in ben.page
    assert 'id="slot" inputmode="numeric" value=""' in ben.page


def test_a_slot_of_the_only_case_is_kept_without_it(station: OpenStation) -> None:
    """Where one case is counted, its slots are said by their number alone."""
    ben = begin(station)
    ben.get("/counts/1?slot=3")
    assert 'id="slot" inputmode="numeric" value="3"' in ben.page
    assert ben.post("/counts/1/seen", {"number": "1"}, referer=f"{ORIGIN}/counts/1?slot=3").headers["location"] == (
        "/counts/1?slot=3#typed"
    )


def test_a_slot_that_is_none_takes_no_case_away(station: OpenStation) -> None:
    """The scan is not taken; the case chosen with it stays chosen."""
    station.case("CASE-02", 8)
    ben = begin(station)
    assert ben.post("/counts/1/scans", {"typed": "LT-1", "case": "CASE-02", "slot": "x"}).status_code == 422
    assert '<option value="CASE-02" selected>CASE-02' in ben.page


def test_a_label_that_is_sent_again_says_its_place_again(station: OpenStation) -> None:
    """Its answer was lost: what is scanned behind it goes where it said, and not where the page stood before it."""
    station.case("CASE-02", 8)
    ben = begin(station)
    label = {"typed": "CASE-02 SLOT 3", "case": "CASE-01", "sent_as": NAME}
    for _ in range(2):
        part = ben.post("/counts/1/scans", label, hx_request="true").text
        assert 'data-case="CASE-02" data-slot="3"' in part, words(part)
