"""A signature belongs to the name that stood there when it was drawn, and nobody accepts what they gave back."""

import pytest

from assettrack.domain import errors
from assettrack.domain.typed_rows import transfers
from assettrack.services import acceptances
from assettrack.services.acceptances import SaidAcceptance
from tests.web.handing_over import (
    JANE,
    OKRI,
    STROKES,
    at_the_desk,
    checked,
    code,
    form_of,
    issued,
    listed,
    said_of_acceptance,
    size,
    stocked,
    take_in,
)
from tests.web.test_signed_terms import ANEW, accept, accepting
from tests.web.visitors import OpenStation, Visitor

NAME_CHANGED = "then the name of who accepts was changed"


@pytest.fixture
def ben(station: OpenStation) -> Visitor:
    """Put LT-1 on the list for Jane."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    return ben


@pytest.mark.parametrize(("first", "then"), [("", "Bob Other"), ("Bob Other", ""), ("Bob Other", "Kim Stand-In")])
def test_a_signature_does_not_go_over_to_another_name(
    station: OpenStation, ben: Visitor, first: str, then: str
) -> None:
    """Whoever drew it is no other by that: it is thrown away, the page says so, and it is drawn anew."""
    assert accept(ben, {**accepting(ben), "how": "screen", "strokes.0": STROKES, "name.0": first}) == 303
    old = code(ben)
    assert accept(ben, {**accepting(ben), "name.0": then}) == 422
    assert "A signature was thrown away" in ben.words
    assert NAME_CHANGED in ben.words
    assert f"{then or JANE} did not sign for this yet" in ben.words
    assert STROKES not in ben.page
    assert ben.post("/issue/commit", old).status_code == 409
    assert form_of(ben).keys() == set()
    assert accept(ben, {**accepting(ben), "strokes.0": ANEW}) == 303
    ben.follow(ben.post("/issue/commit", code(ben)))
    assert ANEW in ben.page
    accepted = said_of_acceptance(station)
    assert isinstance(accepted, dict)
    assert accepted.get("by", "") == then


def test_a_page_left_open_does_not_bring_a_signature_to_another_name(ben: Visitor) -> None:
    """It was drawn for the name that stood there; that which was drawn elsewhere since is the one that stays."""
    accept(ben, {**accepting(ben), "how": "screen", "strokes.0": STROKES})
    left_open = accepting(ben)
    accept(ben, {**accepting(ben), "name.0": "Bob Other", "strokes.0": ANEW})
    assert accept(ben, {**left_open, "name.0": "Bob Other"}) == 409
    assert f"showed a signature of {JANE}; by now it is another signature of {JANE}," in ben.words
    assert accepting(ben)["strokes.0"] == ANEW


def test_another_spelling_of_the_name_keeps_the_signature(ben: Visitor) -> None:
    """It is the same person."""
    accept(ben, {**accepting(ben), "how": "screen", "strokes.0": STROKES})
    assert accept(ben, {**accepting(ben), "name.0": "JANE  smith"}) == 303
    assert STROKES in ben.page


def returning(station: OpenStation, operator: str = "ben") -> Visitor:
    """Put what Jane has onto the list of what comes back."""
    stocked(station, JANE, OKRI, "mara")
    issued(station, "LT-1")
    desk = at_the_desk(station, "/return", operator)
    listed(desk, "return", "LT-1")
    return desk


@pytest.mark.parametrize("name", [JANE, "jane  SMITH"])
@pytest.mark.parametrize("how", [{"how": "screen", "strokes.0": STROKES}, {"how": "typed"}, {"how": "paper"}])
def test_nobody_accepts_at_the_desk_what_they_gave_back(station: OpenStation, name: str, how: dict[str, str]) -> None:
    """Whoever gives something back would release themselves; the page names who can, and it goes on from there."""
    ben = returning(station)
    assert accept(ben, {**accepting(ben, "return"), **how, "name.0": name}, "return") == 409
    assert "Jane Smith gave back LT-1" in ben.words
    assert "never accepts its return" in ben.words
    assert form_of(ben).keys() == set()
    assert accept(ben, {**accepting(ben, "return"), **how, "name.0": "ben"}, "return") == 303
    ben.follow(ben.post("/return/commit", code(ben)))
    assert said_of_acceptance(station) is not None


def test_an_operator_does_not_accept_what_the_operator_gave_back(station: OpenStation) -> None:
    """The operator usually accepts, but not from themselves: somebody else of the station does."""
    stocked(station, "ben")
    issued(station, "LT-1", to="ben")
    ben = at_the_desk(station, "/return")
    listed(ben, "return", "LT-1")
    assert accept(ben, {**accepting(ben, "return"), "how": "paper"}, "return") == 409
    assert "never accepts its return" in ben.words
    assert accept(ben, {**accepting(ben, "return"), "how": "paper", "name.0": "Mara Other"}, "return") == 303


def test_whoever_came_to_have_it_meanwhile_does_not_accept_its_return(station: OpenStation) -> None:
    """The one who gives it back counts as it stands when it is checked and committed."""
    ben = returning(station)
    accept(ben, {**accepting(ben, "return"), "how": "paper", "name.0": OKRI}, "return")
    old = code(ben)
    take_in(station, transfers(["LT-1"], OKRI))
    before = size(station)
    assert ben.post("/return/commit", old).status_code == 409
    assert "Ben Okri gave back LT-1" in ben.words
    assert not form_of(ben)
    assert size(station) == before


@pytest.mark.parametrize("name", [JANE, "JANE smith "])
def test_nobody_accepts_after_the_batch_what_they_gave_back(station: OpenStation, name: str) -> None:
    """On the page of the batch as by command."""
    ben = returning(station)
    page = ben.post("/return/commit", checked(ben, "return", {"how": "none"})).headers["location"]
    ben.get(page)
    before = size(station)
    answer = ben.post(f"{page}/acceptances", {"holder": JANE, "how": "typed", "by": name})
    assert answer.status_code == 409
    assert "Jane Smith gave back what batch 3 took in, and whoever gives something back never accepts" in ben.words
    with pytest.raises(errors.DeedRefused, match="never accepts its return"):
        acceptances.record(station.workplace(), int(page.rpartition("/")[2]), JANE, SaidAcceptance("paper", by=name))
    assert size(station) == before
    assert ben.post(f"{page}/acceptances", {"holder": JANE, "how": "typed", "by": "ben"}).status_code == 303
