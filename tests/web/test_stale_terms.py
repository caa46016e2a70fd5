"""Due date, notes and way of accepting, said on a page that was left open: what was said since is not undone."""

import pytest

from tests.web.handing_over import JANE, STROKES, at_the_desk, issued, listed, size, stocked
from tests.web.test_signed_terms import accepting, drawn
from tests.web.visitors import OpenStation, Visitor

CHANGED = "perhaps because of another tab. Nothing was saved."
WORDS = ("issue", "return", "transfer")
SAID = {"due_on": "2026-12-24", "notes": "with charger", "how": "none"}


def on_a_list(station: OpenStation, word: str) -> Visitor:
    """Put LT-1 on a list of this kind."""
    stocked(station)
    if word != "issue":
        issued(station, "LT-1", to="Ben Okri")
    visitor = at_the_desk(station, f"/{word}")
    listed(visitor, word, "LT-1", holder="" if word == "return" else JANE)
    return visitor


def said_elsewhere(station: OpenStation, word: str, **said: str) -> Visitor:
    """Say something in another tab of the same person, as its page shows it; return that tab."""
    other = at_the_desk(station, f"/{word}")
    other.follow(other.post(f"/{word}/acceptance", {**accepting(other, word), **said}))
    return other


def kept(visitor: Visitor, word: str) -> dict[str, str]:
    """What the page of the acceptance shows that is kept."""
    form = accepting(visitor, word)
    return {name: form.get(name, "") for name in SAID}


@pytest.mark.parametrize(
    ("since", "words"),
    [
        ({"due_on": "2026-12-24"}, "This page showed no due date; by now it is due date 2026-12-24,"),
        ({"notes": "with charger"}, "This page showed no notes; by now it is notes 'with charger',"),
        ({"how": "paper"}, "This page showed not accepted yet; by now it is accepted on paper,"),
    ],
)
@pytest.mark.parametrize("word", WORDS)
def test_what_was_said_since_is_neither_blanked_nor_accepted(
    station: OpenStation, word: str, since: dict[str, str], words: str
) -> None:
    """The older page shows otherwise: it is refused, says what moved, and nothing of what it said is kept."""
    if word == "return" and "due_on" in since:
        return
    ben = on_a_list(station, word)
    ben.follow(ben.post(f"/{word}/acceptance", {**accepting(ben, word), "how": "none"}))
    form = accepting(ben, word)
    other = said_elsewhere(station, word, **since)
    before = (kept(other, word), size(station))
    how = "none" if "how" in since else "paper"
    assert ben.post(f"/{word}/acceptance", {**form, "how": how}).status_code == 409
    assert words in ben.words
    assert CHANGED in ben.words
    assert (kept(other, word), size(station)) == before


def test_what_was_chosen_stands_on_the_page_to_be_said_once_more(station: OpenStation) -> None:
    """What was left as it stood there is what holds now; a signature made for the old terms is not there any more."""
    ben = on_a_list(station, "issue")
    form = accepting(ben)
    other = said_elsewhere(station, "issue", **SAID)
    said = {"notes": "two bags", "how": "screen", "strokes.0": STROKES}
    assert ben.post("/issue/acceptance", {**form, **said}).status_code == 409
    assert "Look at what is said now" in ben.words
    assert STROKES not in ben.page
    assert kept(other, "issue") == SAID
    again = drawn(ben)
    assert {name: again[name] for name in SAID} == {"due_on": "2026-12-24", "notes": "two bags", "how": "screen"}
    ben.follow(ben.post("/issue/acceptance", {**again, "strokes.0": STROKES}))
    assert STROKES in ben.page
    assert kept(other, "issue") == {**SAID, "notes": "two bags", "how": "screen"}


def test_a_name_that_was_typed_for_what_is_not_said_any_more_is_typed_anew(station: OpenStation) -> None:
    """Neither does the name that is kept for the terms by now stand beside those that are chosen here."""
    ben = on_a_list(station, "issue")
    form = accepting(ben)
    other = said_elsewhere(station, "issue", **{**SAID, "how": "typed", "name.0": "Kim Stand-In"})
    said = {"due_on": "2026-12-31", "how": "typed", "name.0": JANE}
    assert ben.post("/issue/acceptance", {**form, **said}).status_code == 409
    assert "A typed name does not count any more" in ben.words
    again = drawn(ben)
    assert (again["due_on"], again["notes"], again["name.0"]) == ("2026-12-31", "with charger", "")
    assert ben.post("/issue/acceptance", again).status_code == 422
    ben.follow(ben.post("/issue/acceptance", {**drawn(ben), "name.0": JANE}))
    assert kept(other, "issue") == {"due_on": "2026-12-31", "notes": "with charger", "how": "typed"}


def test_what_was_withdrawn_since_is_not_brought_back(station: OpenStation) -> None:
    """The older page shows that it was accepted on paper; that was taken back."""
    ben = on_a_list(station, "issue")
    ben.follow(ben.post("/issue/acceptance", {**accepting(ben), **SAID, "how": "paper"}))
    form = accepting(ben)
    other = said_elsewhere(station, "issue", how="none")
    assert ben.post("/issue/acceptance", {**form, "notes": "two bags"}).status_code == 409
    assert "This page showed accepted on paper; by now it is not accepted yet," in ben.words
    assert kept(other, "issue") == SAID


def two_signers(station: OpenStation) -> Visitor:
    """Put something on the list for two people."""
    ben = on_a_list(station, "issue")
    listed(ben, "issue", "LT-2", holder="Ben Okri")
    return ben


def test_a_signature_that_was_drawn_since_is_not_blanked(station: OpenStation) -> None:
    """Two people sign in two tabs, one each: whoever is second sees that the first has signed, and signs there."""
    ben = two_signers(station)
    form = accepting(ben)
    other = at_the_desk(station)
    assert (
        other.post("/issue/acceptance", {**accepting(other), "how": "screen", "strokes.0": STROKES}).status_code == 422
    )
    said = {"how": "screen", "strokes.1": "M5 5l9 9"}
    assert ben.post("/issue/acceptance", {**form, **said}).status_code == 409
    assert f"This page showed no signature of {JANE}; by now it is a signature of {JANE}," in ben.words
    assert (STROKES in ben.page, "M5 5l9 9" in ben.page) == (True, True)
    assert "signature was thrown away" not in ben.words
    assert accepting(other)["strokes.1"] == ""
    form = drawn(ben)
    for _ in range(2):
        ben.follow(ben.post("/issue/acceptance", form))
    assert (STROKES in ben.page, "M5 5l9 9" in ben.page) == (True, True)


def test_what_is_drawn_beside_notes_that_cannot_be_kept_counts_once_they_can(station: OpenStation) -> None:
    """Nothing of it was kept before, and nobody said anything else since."""
    ben = on_a_list(station, "issue")
    said = {"how": "screen", "strokes.0": STROKES, "due_on": "1.1.2027"}
    assert ben.post("/issue/acceptance", {**accepting(ben), **said}).status_code == 422
    assert ben.post("/issue/acceptance", {**drawn(ben), "due_on": "2027-01-01"}).status_code == 422
    assert "the due date or the notes were changed" in ben.words
    ben.follow(ben.post("/issue/acceptance", {**drawn(ben), "strokes.0": STROKES}))
    assert STROKES in ben.page


def test_a_signature_that_was_cleared_since_does_not_come_back(station: OpenStation) -> None:
    """The older page shows it still, and sends it with that of somebody else."""
    ben = two_signers(station)
    ben.post("/issue/acceptance", {**accepting(ben), "how": "screen", "strokes.0": STROKES})
    form = accepting(ben)
    other = at_the_desk(station)
    other.post("/issue/acceptance", {**accepting(other), "strokes.0": "", "strokes.1": ""})
    assert ben.post("/issue/acceptance", {**form, "strokes.1": "M5 5l9 9"}).status_code == 409
    assert f"This page showed a signature of {JANE}; by now it is no signature of {JANE}," in ben.words
    assert STROKES not in accepting(ben)["strokes.0"]


def test_the_second_click_leads_on_as_the_first(station: OpenStation) -> None:
    """All of it is said already."""
    ben = on_a_list(station, "issue")
    form = {**accepting(ben), **SAID, "how": "paper"}
    for _ in range(2):
        ben.follow(ben.post("/issue/acceptance", form))
        assert "Nothing is saved yet." in ben.words
    assert kept(ben, "issue") == {**SAID, "how": "paper"}
