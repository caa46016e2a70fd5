"""How it is accepted is chosen by a person, and so is that it is not yet: nothing is chosen beforehand."""

import re

import pytest

from assettrack.services import acceptances, settings
from tests.web.handing_over import JANE, OKRI, STROKES, at_the_desk, code, form_of, issued, listed, size, stocked
from tests.web.test_signed_terms import accept, accepting
from tests.web.visitors import OpenStation, Visitor

WORDS = ("issue", "transfer", "return")


def standing_at(station: OpenStation, word: str) -> Visitor:
    """Put LT-1 on a list, and stand where one is asked how it is accepted."""
    stocked(station)
    if word != "issue":
        issued(station, "LT-1")
    ben = at_the_desk(station, f"/{word}")
    listed(ben, word, "LT-1", holder="" if word == "return" else JANE if word == "issue" else OKRI)
    ben.get(f"/{word}/acceptance")
    return ben


def ways(visitor: Visitor) -> dict[str, str]:
    """What can be chosen, with all that its field says."""
    fields = [tag for tag in re.findall(r"<input\b[^>]*>", visitor.page) if 'name="how"' in tag]
    return {re.findall(r'value="([^"]*)"', tag)[0]: tag for tag in fields}


@pytest.mark.parametrize("word", WORDS)
def test_nothing_is_chosen_beforehand(station: OpenStation, word: str) -> None:
    """The browser asks for a choice; whoever presses the button without one hands nothing over without signatures."""
    ben = standing_at(station, word)
    assert list(ways(ben)) == ["none", "paper", "screen", "typed"]
    assert not [tag for tag in ways(ben).values() if "checked" in tag]
    assert all("required" in tag for tag in ways(ben).values())
    before = size(station)
    for said in ({}, {"how": ""}, {"how": "anything"}):
        assert accept(ben, {**accepting(ben, word), **said, "notes": "lid bent"}, word) == 422
        assert "It is not chosen yet how it is accepted" in ben.words
        assert 'value="lid bent"' in ben.page
        assert form_of(ben).keys() == set()
    assert size(station) == before


@pytest.mark.parametrize("word", WORDS)
def test_that_it_is_not_accepted_yet_is_a_choice(station: OpenStation, word: str) -> None:
    """The page says why that is all right; it is chosen still when one comes back, and not on the next list."""
    ben = standing_at(station, word)
    assert "Not yet. That is all right" in ben.words
    assert accept(ben, {**accepting(ben, word), "how": "none"}, word) == 303
    form = code(ben)
    ben.get(f"/{word}/acceptance")
    assert ["checked" in tag for tag in ways(ben).values()] == [True, False, False, False]
    ben.follow(ben.post(f"/{word}/commit", form))
    assert (2 if word == "issue" else 3) in {each.batch_id for each in acceptances.all_open(station.workplace()).open}
    ben.get("/issue")
    listed(ben, "issue", "LT-2", holder=JANE)
    ben.get("/issue/acceptance")
    assert not [tag for tag in ways(ben).values() if "checked" in tag]


def test_another_choice_takes_its_place(station: OpenStation) -> None:
    """Whoever signs after all has accepted it, and the page shows that one choice."""
    ben = standing_at(station, "issue")
    accept(ben, {**accepting(ben), "how": "none"})
    accept(ben, {**accepting(ben), "how": "screen", "strokes.0": STROKES})
    ben.get("/issue/acceptance")
    assert [way for way, tag in ways(ben).items() if "checked" in tag] == ["screen"]


def test_a_station_that_requires_acceptance_offers_no_way_without(station: OpenStation) -> None:
    """There a way is asked for, and nothing goes on without one."""
    settings.set_rule(station.workplace(), "acceptance", "required")
    ben = standing_at(station, "issue")
    assert list(ways(ben)) == ["paper", "screen", "typed"]
    assert accept(ben, accepting(ben)) == 422
    assert "It is not chosen yet how it is accepted" in ben.words
    accept(ben, {**accepting(ben), "how": "none"})
    assert form_of(ben).keys() == set()


def test_a_station_without_acceptances_asks_for_none(station: OpenStation) -> None:
    """There is nothing to choose, and the button goes on."""
    settings.set_rule(station.workplace(), "acceptance", "off")
    ben = standing_at(station, "issue")
    assert ways(ben) == {}
    assert accept(ben, accepting(ben)) == 303
    assert code(ben)
