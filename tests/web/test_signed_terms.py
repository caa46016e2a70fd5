"""A signature is for the due date and the notes that were said when it was drawn, as well as for the list."""

import re
from html import unescape

import pytest

from tests.web.handing_over import (
    JANE,
    OKRI,
    STROKES,
    at_the_desk,
    code,
    form_of,
    issued,
    listed,
    said_of_acceptance,
    stocked,
)
from tests.web.visitors import OpenStation, Visitor

ANEW = "M10 10l5 5l5 -5"
SAID = {"due_on": "2027-06-30", "notes": "ok"}
OTHERS = [{"due_on": "2026-11-23"}, {"due_on": ""}, {"notes": "broken screen, holder pays"}]


def accepting(visitor: Visitor, word: str = "issue") -> dict[str, str]:
    """What the form of the acceptance page sends as it is drawn."""
    visitor.get(f"/{word}/acceptance")
    return drawn(visitor)


def drawn(visitor: Visitor) -> dict[str, str]:
    """What the form of the acceptance page on which the visitor is sends as it is drawn."""
    form = visitor.page.partition('class="details"')[2].partition("</form>")[0]
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        name, value = (re.search(rf'\b{each}="([^"]*)"', tag) for each in ("name", "value"))
        if name is not None and ('type="radio"' not in tag or " checked" in tag):
            found[name[1]] = unescape(value[1]) if value else ""
    return found


def accept(visitor: Visitor, form: dict[str, str], word: str = "issue") -> int:
    """Send it; where that leads on, look at the check page."""
    answer = visitor.post(f"/{word}/acceptance", form)
    if answer.status_code == 303:
        visitor.follow(answer)
    return answer.status_code


@pytest.fixture
def ben(station: OpenStation) -> Visitor:
    """Put LT-1 on the list for Jane."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    return ben


def test_what_is_signed_for_stands_above_the_signature(ben: Visitor) -> None:
    """Whoever signs has read when it is due and what is noted."""
    ben.get("/issue/acceptance")
    assert 0 < ben.page.index('name="due_on"') < ben.page.index("data-pad")
    assert 0 < ben.page.index('name="notes"') < ben.page.index("data-pad")


@pytest.mark.parametrize("other", OTHERS)
def test_a_signature_does_not_survive_another_due_date_or_other_notes(
    station: OpenStation, ben: Visitor, other: dict[str, str]
) -> None:
    """It is thrown away, the page says so, and it is drawn anew for what is said now."""
    assert accept(ben, {**accepting(ben), **SAID, "how": "screen", "strokes.0": STROKES}) == 303
    old = code(ben)
    assert accept(ben, {**accepting(ben), **other}) == 422
    assert "A signature was thrown away" in ben.words
    assert "Jane Smith signed, and then the due date or the notes were changed." in ben.words
    assert STROKES not in ben.page
    assert ben.post("/issue/commit", old).status_code == 409
    assert form_of(ben).keys() == set()
    assert accept(ben, {**accepting(ben), "strokes.0": ANEW}) == 303
    ben.follow(ben.post("/issue/commit", code(ben)))
    assert ANEW in ben.page
    assert said_of_acceptance(station) is not None


def test_a_signature_drawn_after_the_change_counts(ben: Visitor) -> None:
    """What is drawn on the page that says the new date is for the new date."""
    accept(ben, {**accepting(ben), **SAID, "how": "screen", "strokes.0": STROKES})
    assert accept(ben, {**accepting(ben), **OTHERS[0], "strokes.0": ANEW}) == 303
    assert "thrown away" not in ben.words
    assert "2026-11-23" in ben.words


def test_the_same_said_again_keeps_the_signature(ben: Visitor) -> None:
    """Going back to look changes nothing."""
    accept(ben, {**accepting(ben), **SAID, "how": "screen", "strokes.0": STROKES})
    for _ in range(2):
        assert accept(ben, accepting(ben)) == 303
        assert STROKES in ben.page


def test_nobody_elses_signature_is_kept_either(ben: Visitor) -> None:
    """Of two people who signed, one draws anew for another date: the other has to as well."""
    listed(ben, "issue", "LT-2", holder=OKRI)
    accept(ben, {**accepting(ben), **SAID, "how": "screen", "strokes.0": STROKES, "strokes.1": "M5 5l9 9"})
    assert accept(ben, {**accepting(ben), **OTHERS[0], "strokes.0": ANEW}) == 422
    assert "Ben Okri signed, and then the due date or the notes were changed." in ben.words
    assert "Jane Smith signed, and then" not in ben.words
    assert (ANEW in ben.page, "M5 5l9 9" in ben.page) == (True, False)


def test_a_page_left_open_does_not_bring_an_old_signature_to_another_date(ben: Visitor) -> None:
    """It was signed for another one there, whatever was signed elsewhere since."""
    accept(ben, {**accepting(ben), **SAID, "how": "screen", "strokes.0": STROKES})
    left_open = accepting(ben)
    accept(ben, {**accepting(ben), **OTHERS[2], "strokes.0": ANEW})
    assert accept(ben, {**left_open, **OTHERS[0]}) == 409
    assert "Jane Smith signed, and then the due date or the notes were changed." in ben.words
    assert STROKES not in ben.page


def test_a_typed_name_is_typed_anew_for_another_date(ben: Visitor) -> None:
    """As a signature is drawn anew."""
    accept(ben, {**accepting(ben), **SAID, "how": "typed", "name.0": JANE})
    code(ben)
    assert accept(ben, {**accepting(ben), **OTHERS[0]}) == 422
    assert "A typed name does not count any more" in ben.words
    assert "Jane Smith accepted by a typed name, and then the due date or the notes were changed." in ben.words
    assert accept(ben, {**accepting(ben), "name.0": JANE}) == 303
    assert "2026-11-23" in ben.words


def test_a_name_typed_after_the_change_counts(ben: Visitor) -> None:
    """The page empties the field and says that it did: what stands there then was typed for what is said now."""
    accept(ben, {**accepting(ben), **SAID, "how": "typed", "name.0": JANE})
    assert accept(ben, {**accepting(ben), **OTHERS[0], "kept_name.0": "", "name.0": JANE}) == 303


def test_what_is_taken_back_with_other_notes_is_signed_anew(station: OpenStation) -> None:
    """The operator too signs for what is said of the condition."""
    stocked(station)
    issued(station, "LT-1")
    ben = at_the_desk(station, "/return")
    listed(ben, "return", "LT-1")
    accept(ben, {**accepting(ben, "return"), "notes": "ok", "how": "screen", "strokes.0": STROKES}, "return")
    code(ben)
    assert accept(ben, {**accepting(ben, "return"), "notes": "bent"}, "return") == 422
    assert "ben signed, and then the due date or the notes were changed." in ben.words


@pytest.mark.parametrize("due_on", ["20270101", "2027-W01-1", "2027-1-1", "1.1.2027", "٢٠٢٧-٠١-٠١", "2027-02-30"])
def test_a_due_date_is_written_in_one_way(ben: Visitor, due_on: str) -> None:
    """The page says how, and takes no other; what else was said stays on it."""
    said = {**accepting(ben), "how": "screen", "strokes.0": STROKES, "notes": "new", "due_on": due_on}
    assert accept(ben, said) == 422
    assert "write it as YYYY-MM-DD" in ben.words
    assert (STROKES in ben.page, 'value="new"' in ben.page) == (True, True)
    assert form_of(ben).keys() == set()


def test_notes_that_cannot_be_kept_leave_the_rest_as_it_was_said(ben: Visitor) -> None:
    """The page offers them without the letters that can't be printed; whoever signed reads them again."""
    said = {**accepting(ben), "how": "screen", "strokes.0": STROKES, "notes": "be\x07nt", "due_on": "2027-06-30"}
    assert accept(ben, said) == 422
    assert "The notes" in ben.words
    assert "can't be printed" in ben.words
    assert ('value="bent"' in ben.page, "\x07" in ben.page) == (True, False)
