"""A page of issue, return or transfer that was left open: it does nothing to a list that is not the one it shows."""

import hashlib
import re

import pytest

from assettrack.domain.cards import Card, CardKind, written
from assettrack.domain.timestamps import utc_text
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
    where,
)
from tests.web.test_handover_answers import scanned
from tests.web.test_twice_is_once import fields
from tests.web.visitors import OpenStation, Visitor, words

NAME = "ab" * 16


def never_answered(station: OpenStation, name: str) -> None:
    """Leave what a server leaves that ended while it worked on a scan, before the log grew by somebody's deed."""
    key, digest = f"form\n{name}", hashlib.sha256(name.encode()).digest()
    account = station.web.desk
    for number in (1, 2):
        account.forget_answer(number, key)
        assert account.begin_answer(number, key, digest, utc_text(station.tick()), 0) is None


@pytest.mark.parametrize("word", ["issue", "return", "transfer"])
def test_a_scan_of_which_nobody_knows_whether_it_was_added_is_on_the_list(station: OpenStation, word: str) -> None:
    """The server ended before it answered; sent again under the same name, the scan is not answered and lost."""
    stocked(station)
    ben = at_the_desk(station, f"/{word}")
    never_answered(station, NAME)
    _, said = scanned(ben, "LT-2", word, NAME)
    assert re.search("(Ready|Look|Stop): LT-2", said)
    ben.get(f"/{word}")
    assert 'id="line-1"' in ben.page
    assert "LT-2" in ben.words.partition("To be ")[2]


def test_a_scan_that_was_added_before_the_server_ended_is_not_done_twice(station: OpenStation) -> None:
    """The list remembers under which names its scans were sent: an undo takes one asset off, however often sent."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", "LT-2", "LT-3", holder=JANE)
    undo = written(Card(CardKind.UNDO))
    assert "LT-3 was taken off" in scanned(ben, undo, sent_as=NAME)[1]
    for _ in range(2):
        never_answered(station, NAME)
        assert "To be issued: 2" in scanned(ben, undo, sent_as=NAME)[1]
    never_answered(station, "cd" * 16)
    said = scanned(ben, undo, sent_as="cd" * 16)[1]  # another card, after which nothing was scanned
    assert ("The undo card came after no scan" in said, "To be issued: 2" in said) == (True, True)


def anew(visitor: Visitor) -> dict[str, str]:
    """What the form sends that puts the list aside."""
    return fields(visitor, "/issue/start-anew")


def test_only_the_list_that_is_shown_is_put_aside(station: OpenStation) -> None:
    """Another one, or one on which more stands by now, stays; the page shows it and says so."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    shown = anew(ben)
    other = at_the_desk(station)
    listed(other, "issue", "LT-2")
    assert ben.post("/issue/start-anew", shown).status_code == 409
    assert "This list changed meanwhile, perhaps in another tab. Nothing was saved." in ben.words
    assert "To be issued: 2" in ben.words
    other.follow(other.post("/issue/start-anew", anew(other)))
    listed(other, "issue", "LT-1")
    assert ben.post("/issue/start-anew", shown).status_code == 409  # the same asset, and another list
    assert "To be issued: 1" in (other.get("/issue"), other.words)[1]
    other.follow(other.post("/issue/start-anew", anew(other)))
    assert "To be issued: 0" in other.words


def test_a_list_that_was_put_aside_can_be_brought_back(station: OpenStation) -> None:
    """While nothing is on the next one, also once that was committed; by nobody else, and not once it is a batch."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", "LT-2", holder=JANE)
    ben.follow(ben.post("/issue/start-anew", anew(ben)))
    assert "Bring back the list that was put aside (2 lines)" in ben.words
    back = {"list": fields(ben, "/issue/bring-back")["list"]}
    cleo = at_the_desk(station, name="cleo")
    assert "Bring back" not in cleo.words
    assert cleo.post("/issue/bring-back", back).status_code == 409
    listed(ben, "issue", "LT-3", holder=OKRI)
    assert "Bring back" not in ben.words
    assert ben.post("/issue/bring-back", back).status_code == 409
    assert "To be issued: 1" in ben.words
    ben.follow(ben.post("/issue/remove", {"tag": "LT-3"}))
    for _ in range(2):
        ben.follow(ben.post("/issue/bring-back", back))
        assert "To be issued: 2" in ben.words
        assert "Issue to Jane Smith" in ben.words
    ben.follow(ben.post("/issue/start-anew", anew(ben)))
    listed(ben, "issue", "LT-4", holder=JANE)
    ben.follow(ben.post("/issue/commit", checked(ben, "issue")))
    ben.get("/issue")
    assert "Bring back the list that was put aside (2 lines): LT-1, LT-2 for Jane Smith" in ben.words
    ben.follow(ben.post("/issue/bring-back", back))
    ben.follow(ben.post("/issue/commit", checked(ben, "issue")))
    ben.get("/issue")
    assert "Bring back" not in ben.words
    assert ben.post("/issue/bring-back", back).status_code == 409
    assert ben.post("/issue/bring-back", {}).status_code == 409


def test_a_scan_of_another_list_is_not_dismissed_unseen(station: OpenStation) -> None:
    """The first that was not understood has the same number on each list."""
    stocked(station)
    ben = at_the_desk(station, "/return")
    scanned(ben, "first one!", "return")
    ben.get("/return")
    seen = fields(ben, "/return/seen")
    ben.follow(ben.post("/return/seen", seen))
    ben.post("/return/start-anew")
    scanned(ben, "other one!", "return")
    assert ben.post("/return/seen", seen).status_code == 409
    assert "Stop: other one!" in ben.words
    ben.follow(ben.post("/return/seen", fields(ben, "/return/seen")))
    assert "other one!" not in ben.words


def accepting(visitor: Visitor, word: str = "issue", **said: str) -> dict[str, str]:
    """What the form of the acceptance page sends: for whom and for which list each, and what is said."""
    visitor.get(f"/{word}/acceptance")
    shown = dict(re.findall(r'name="((?:signer|list)[.]\d+|list|mark)" value="([^"]*)"', visitor.page))
    assert shown
    return {**shown, **said}


@pytest.mark.parametrize("said", [{"how": "typed", "name.0": JANE}, {"how": "paper"}])
def test_by_name_or_on_paper_nothing_but_the_list_that_was_shown_is_accepted(
    station: OpenStation, said: dict[str, str]
) -> None:
    """More for the same person, or somebody else on the list, is shown first; then it can be accepted."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    form = accepting(ben, **said)
    other = at_the_desk(station)
    for more in ({"holder": JANE}, {"holder": OKRI}):
        listed(other, "issue", "LT-2", **more)
        answer = ben.post("/issue/acceptance", {**form, "notes": "with charger"})
        assert answer.status_code == 409
        assert "This list changed meanwhile, perhaps in another tab. Nothing was saved." in ben.words
        assert "LT-2" in ben.words
        ben.get("/issue/acceptance")
        assert "with charger" not in ben.page
        assert not re.search(r'value="(typed|paper)" checked', ben.page)
        other.follow(other.post("/issue/remove", {"tag": "LT-2"}))
    ben.follow(ben.post("/issue/acceptance", form))
    ben.follow(ben.post("/issue/commit", code(ben)))
    assert said_of_acceptance(station) == {"how": said["how"]}


def test_a_name_that_was_typed_is_typed_anew_for_another_list(station: OpenStation) -> None:
    """It is not carried over to what came on the list since; what another person accepted stays accepted."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=OKRI)
    listed(ben, "issue", "LT-2", holder=JANE)
    form = accepting(ben, **{"how": "typed", "name.0": OKRI, "name.1": JANE})
    ben.follow(ben.post("/issue/acceptance", form))
    old = code(ben)
    other = at_the_desk(station)
    part = other.post("/issue/scans", {"typed": "LT-3"}, hx_request="true").text
    assert "Jane Smith accepted by a typed name, and then the list changed." in words(part)
    before = size(station)
    assert ben.post("/issue/commit", old).status_code == 409
    assert "Jane Smith did not type the name yet" in ben.words
    assert form_of(ben).keys() == set()
    assert "A typed name does not count any more" in ben.words
    assert '<a href="/issue/acceptance">Jane Smith did not type' in ben.page
    ben.get("/issue/acceptance")
    assert f'name="name.0" value="{OKRI}"' in ben.page
    assert 'name="name.1" value=""' in ben.page
    assert (size(station), where(station, "LT-1")) == (before, "in CASE-01 slot 1")


@pytest.mark.parametrize("word", ["return", "transfer"])
def test_a_check_makes_no_other_list_of_what_was_accepted(station: OpenStation, word: str) -> None:
    """Back from the check to a page of before it, the acceptance is still for the same list."""
    stocked(station)
    issued(station, "LT-1")
    ben = at_the_desk(station, f"/{word}")
    listed(ben, word, "LT-1", holder="" if word == "return" else OKRI)
    form = accepting(ben, word, how="paper")
    for _ in range(2):
        ben.follow(ben.post(f"/{word}/acceptance", form))
        assert form_of(ben).keys() == {"draft", "confirm"}


def test_what_is_refused_with_a_date_is_kept_nowhere(station: OpenStation) -> None:
    """The page says that nothing was saved, and so it is; what was said stands there to be mended."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    for due in ("soon", "0001-01-01"):
        said = {"how": "screen", "strokes.0": STROKES, "notes": "with charger", "due_on": due}
        assert ben.post("/issue/acceptance", accepting(ben, **said)).status_code == 422
        assert "Nothing was saved." in ben.words
        assert (STROKES in ben.page, 'value="with charger"' in ben.page) == (True, True)
        ben.get("/issue/acceptance")
        assert (STROKES in ben.page, "with charger" in ben.page) == (False, False)


def test_what_is_not_whole_yet_is_kept_and_said_to_be(station: OpenStation) -> None:
    """Whoever signed does not sign again because somebody else did not."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    listed(ben, "issue", "LT-2", holder=OKRI)
    form = accepting(ben, **{"how": "screen", "strokes.0": STROKES, "strokes.1": ""})
    assert ben.post("/issue/acceptance", form).status_code == 422
    assert "Ben Okri did not sign for this yet. What is said so far is kept with the list" in ben.words
    assert "Nothing was saved" not in ben.words
    ben.get("/issue/acceptance")
    assert STROKES in ben.page
