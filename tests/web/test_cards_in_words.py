"""What a card says stands beside its code, in words, wherever what was scanned is shown."""

import pytest

from assettrack.domain.cards import Card, CardKind, written
from assettrack.services import holders
from tests.services.printed import badge, begin_card, elsewhere, misread
from tests.web.queue_forms import drawn_for
from tests.web.test_intake_rounds import END, ISSUE, UNDO, at_intake, scanned
from tests.web.visitors import OpenStation

GOES = "It goes for the scans that follow."


@pytest.mark.parametrize(
    ("card", "said"),
    [
        (Card(CardKind.CASE, "CASE-01"), "Case CASE-01"),
        (Card(CardKind.CASE, "OUT"), "No slot"),
        (Card(CardKind.SLOT, "CASE-01", 6), "Slot 6 of CASE-01"),
        (Card(CardKind.EVENT, "UPDATE"), "Next scans: Move or update"),
    ],
)
def test_the_line_of_a_card_says_what_it_is(station: OpenStation, card: Card, said: str) -> None:
    """Beside its code, in the answer to the scan and in the queue."""
    ben = at_intake(station)
    code = written(card)
    part = scanned(ben, code)
    assert part.startswith(f"Noted: {code} {said}. {GOES}")
    assert part.count(f"{said}. {GOES}") == 2
    ben.get("/intake")
    assert ben.words.count(f"{said}. {GOES}") == 1


def test_a_badge_and_a_begin_card_are_of_somebody(station: OpenStation) -> None:
    """Of the holder, of whoever is signed in, and an end card of the number that it says."""
    ben = at_intake(station)
    assert f"For Jane Smith. {GOES}" in scanned(ben, ISSUE, badge(station.workplace()))
    assert "End of 1 scanned. The round is ended" in scanned(ben, "LT-1", END)
    assert "Begin: ben. A round begins" in scanned(ben, begin_card(station.workplace(), "ben"))


def test_a_name_from_outside_stays_text_in_the_words_of_a_card(station: OpenStation) -> None:
    """Whatever a holder is called."""
    ben = at_intake(station)
    holders.register(station.workplace(), "<b>Ann</b>")
    code = badge(station.workplace(), "<b>Ann</b>")
    assert "For &lt;b&gt;Ann&lt;/b&gt;." in ben.post("/intake/scans", {"typed": code}, hx_request="true").text
    ben.get("/intake")
    assert "<b>Ann" not in ben.page


@pytest.mark.parametrize("typed", ["CASE-01", "CASE-01 SLOT-06", "LT-1"])
def test_what_is_in_words_already_is_not_said_twice(station: OpenStation, typed: str) -> None:
    """A label in plain letters and a tag stand as they are."""
    said = scanned(at_intake(station), typed)
    assert "Case CASE-01." not in said
    assert "Slot 6 of" not in said


def test_an_undo_card_says_what_it_took_back(station: OpenStation) -> None:
    """That is what it is, and no more is said."""
    assert f"Noted: {UNDO} LT-1, the scan before, was taken back." in scanned(at_intake(station), "LT-1", UNDO)


def test_what_is_brought_back_is_named_in_words(station: OpenStation) -> None:
    """A card that was removed by what it says, with who that is; an asset by its tag, and a card held by what it is."""
    ben = at_intake(station)
    label = written(Card(CardKind.SLOT, "CASE-01", 6))
    scanned(ben, ISSUE, badge(station.workplace()), "LT-1", UNDO, label)
    for number, said in (
        (1, "Next scans: Issue"), (2, "For Jane Smith"), (4, "Take back the scan before"), (5, "Slot 6 of CASE-01"),
    ):  # fmt: skip
        ben.get("/intake")
        ben.follow(ben.post("/intake/remove", drawn_for(ben, number)))
        assert f"Bring back {said} " in ben.words
    scanned(ben, label, written(Card(CardKind.SLOT, "CASE-01", 5)))
    ben.get("/intake")
    assert "No asset was put into CASE-01 slot 6" in ben.words
    ben.follow(ben.post("/intake/remove", drawn_for(ben, 7)))
    assert "Bring back Slot 5 of CASE-01 " in ben.words


def test_a_name_from_outside_is_written_once_in_what_is_brought_back(station: OpenStation) -> None:
    """As it is, and no part of the page."""
    ben = at_intake(station)
    holders.register(station.workplace(), "Ann & <b>Bo</b>")
    scanned(ben, badge(station.workplace(), "Ann & <b>Bo</b>"))
    ben.get("/intake")
    ben.follow(ben.post("/intake/remove", drawn_for(ben, 1)))
    assert "Bring back For Ann &amp; &lt;b&gt;Bo&lt;/b&gt;<" in ben.page


def test_a_card_that_says_nothing_here_is_named_by_its_code_in_what_is_brought_back(station: OpenStation) -> None:
    """One that can't be read, and a badge of another station, whose number is somebody else's here."""
    ben = at_intake(station)
    for number, code in enumerate((misread(END), elsewhere(badge(station.workplace()))), 1):
        scanned(ben, code)
        ben.get("/intake")
        ben.follow(ben.post("/intake/remove", drawn_for(ben, number)))
        assert f"Bring back {code} " in ben.words
