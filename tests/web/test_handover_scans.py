"""What a scan means on the pages of issue, return and transfer: cards, labels, and what belongs elsewhere."""

from assettrack.domain.cards import Card, CardKind, written
from assettrack.domain.tags import Place
from assettrack.domain.typed_rows import TypedRow
from tests.services.printed import badge
from tests.web.handing_over import JANE, OKRI, at_the_desk, checked, form_of, issued, listed, size, stocked, take_in
from tests.web.visitors import OpenStation


def test_cards_name_the_person_and_take_back_the_last_asset(station: OpenStation) -> None:
    """A badge is as good as the name, and may be scanned twice; the undo card takes off what came last."""
    stocked(station)
    ben = at_the_desk(station)
    jane = badge(station.workplace(), JANE)
    listed(ben, "issue", jane, "LT-1", jane, "LT-2", written(Card(CardKind.UNDO)))
    assert "Issue to Jane Smith" in ben.words
    assert "To be issued: 1" in ben.words
    assert "in CASE-01 slot 1 → in custody of Jane Smith" in ben.words


def test_what_belongs_to_another_page_is_said(station: OpenStation) -> None:
    """A card for another event, or a slot where nothing goes into one, changes nothing."""
    stocked(station)
    ben = at_the_desk(station)
    for scan in (written(Card(CardKind.EVENT, "RETURN")), "CASE-01 SLOT 2"):
        assert ben.post("/issue/scans", {"typed": scan}).status_code == 422
        assert "it means nothing on this page" in ben.words
    assert "To be issued: 0" in ben.words


def test_several_scans_that_come_at_once_are_taken_one_after_the_other(station: OpenStation) -> None:
    """What a slow station was sent in one go is what was scanned, line by line."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "Jane Smith\r\nLT-1\tLT-2\r\nBen Okri\r\nLT-3\r\n")
    assert "To be issued: 3" in ben.words
    checked(ben, "issue")
    assert "in CASE-01 slot 3 → in custody of Ben Okri" in ben.words


def test_a_case_takes_back_all_that_was_issued_from_it(station: OpenStation) -> None:
    """Its label names what belongs into it; what was issued from no slot needs one, or none, to be said."""
    stocked(station)
    issued(station, "LT-1", "LT-2")
    take_in(station, [TypedRow("SCAN", "LT-8", equipment_type="laptop")])
    issued(station, "LT-8", to=OKRI)
    ben = at_the_desk(station, "/return")
    listed(ben, "return", "CASE-01")
    assert "To be returned: 2" in ben.words
    listed(ben, "return", "LT-8")
    ben.follow(ben.post("/return/check"))
    assert "LT-8" in ben.words.split("There is a problem")[1].split("Nothing is saved yet.")[0]
    assert form_of(ben).keys() == set()
    ben.follow(ben.post("/return/place", {"tag": "LT-8", "slot_position": "OUT"}))
    ben.follow(ben.post("/return/check"))
    assert form_of(ben).keys() == {"draft", "confirm"}


def test_a_slot_that_was_named_and_is_taken_offers_those_of_its_case(station: OpenStation) -> None:
    """The free ones are of the case that was named, not of the home."""
    stocked(station)
    station.case("CASE-02", 3)
    take_in(station, [TypedRow("SCAN", "LT-9", place=Place("CASE-02", 1), equipment_type="laptop")])
    issued(station, "LT-1")
    ben = at_the_desk(station, "/return")
    listed(ben, "return", "CASE-02 SLOT 1", "LT-1")
    assert "Free slots of CASE-02: 2, 3. Choose one of them." in ben.words


def test_an_empty_list_leads_back_to_scanning(station: OpenStation) -> None:
    """There is nothing to accept or to check."""
    stocked(station)
    ben = at_the_desk(station)
    for answer in (ben.get("/issue/acceptance"), ben.post("/issue/check")):
        assert (answer.status_code, answer.headers["location"]) == (303, "/issue")


def test_a_list_that_is_not_whole_is_never_committed(station: OpenStation) -> None:
    """Neither without a check, nor after it was emptied, put aside or begun anew in another tab."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    before = size(station)
    form = checked(ben, "issue")
    wrong = ben.post("/issue/commit", {**form, "confirm": "K7"})
    assert wrong.status_code == 409
    assert "a code has 8 letters" in ben.words
    listed(ben, "issue", "LT-3")
    assert ben.get(f"/issue/check?draft={form['draft']}").headers["location"] == "/issue"
    for tag in ("LT-1", "LT-3"):
        ben.follow(ben.post("/issue/remove", {"tag": tag}))
    assert ben.post("/issue/commit", form).status_code == 409
    listed(ben, "issue", "LT-1", holder=JANE)
    form = checked(ben, "issue")
    ben.get("/issue")
    ben.follow(ben.post("/issue/start-anew"))
    assert ben.post("/issue/commit", {**form, "confirm": "AAAA-AAAA"}).status_code == 409
    assert size(station) == before


def test_an_unknown_person_is_told_with_those_written_almost_so(station: OpenStation) -> None:
    """In the address or in a form: the page stays, and says who is known."""
    stocked(station)
    ben = at_the_desk(station, "/return?holder=Jane%20Smit")
    assert "There is no holder Jane Smit" in ben.words
    assert JANE in ben.words
    assert ben.post("/return/lines", {"holder": "Jane Smit", "tag": "LT-1"}).status_code == 404
    ben.get("/issue")
    assert ben.post("/issue/holder", {"holder": "jane smith", "new": "1"}).status_code == 303
    assert "Registered by this batch" not in (ben.get("/issue"), ben.words)[1]


def test_another_form_than_the_page_shows_is_refused(station: OpenStation) -> None:
    """A slot of a case that is no name, and a batch that is not there."""
    stocked(station)
    ben = at_the_desk(station, "/return")
    assert ben.post("/batches/99/acceptances", {"holder": JANE, "how": "paper"}).status_code == 404
    assert ben.get("/batches/99").status_code == 404
    assert ben.post("/batches/99/receipts").status_code == 404
