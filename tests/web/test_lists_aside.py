"""A list of issue, return or transfer that was put aside: what the page promises of it is what happens."""

import re
from html import unescape

import pytest

from tests.web.handing_over import (
    JANE,
    OKRI,
    STROKES,
    at_the_desk,
    checked,
    code,
    issued,
    listed,
    sound,
    stocked,
    where,
)
from tests.web.test_signed_terms import accepting
from tests.web.test_twice_is_once import fields
from tests.web.visitors import OpenStation, Visitor


def offered(visitor: Visitor, word: str) -> dict[str, str]:
    """Return the lists that the page offers to bring back, by what their buttons say."""
    visitor.get(f"/{word}")
    forms = re.findall(rf'<form action="/{word}/bring-back".*?</form>', visitor.page, re.DOTALL)
    found = {}
    for form in forms:
        said, name = (
            re.search(r"<button[^>]*>(.*?)</button>", form, re.DOTALL),
            re.search(r'name="list" value="(\w+)"', form),
        )
        assert said is not None
        assert name is not None
        found[unescape(said[1])] = name[1]
    return found


def put_aside(visitor: Visitor, word: str) -> None:
    """Start anew, as the page offers it; it says what becomes of the list."""
    visitor.get(f"/{word}")
    assert "It is put aside with its signatures for 30 days" in visitor.words
    visitor.follow(visitor.post(f"/{word}/start-anew", fields(visitor, f"/{word}/start-anew")))


@pytest.mark.parametrize("word", ["issue", "return", "transfer"])
def test_two_lists_that_were_put_aside_are_there_after_a_third_was_committed(station: OpenStation, word: str) -> None:
    """Each is offered by what is on it, and comes back with the signature that was drawn for it."""
    stocked(station)
    if word != "issue":
        issued(station, "LT-1", "LT-2", "LT-3", "LT-4", "LT-5", to=OKRI)
    ben = at_the_desk(station)
    signed = {"how": "screen", "strokes.0": STROKES}
    listed(ben, word, "LT-1", "LT-2", holder=JANE if word != "return" else OKRI)
    ben.get(f"/{word}/acceptance")
    ben.follow(ben.post(f"/{word}/acceptance", {**accepting(ben, word), **signed}))
    put_aside(ben, word)
    listed(ben, word, "LT-3", holder=JANE if word != "return" else OKRI)
    ben.get(f"/{word}")
    assert "1 list is put aside. It can be brought back here once this one is committed or empty." in ben.words
    put_aside(ben, word)
    listed(ben, word, "LT-4", holder=JANE if word != "return" else OKRI)
    ben.follow(ben.post(f"/{word}/commit", checked(ben, word)))
    whose = "from Ben Okri" if word == "return" else "for Jane Smith"
    lists = offered(ben, word)
    assert list(lists) == [
        f"Bring back the list that was put aside (1 line): LT-3 {whose}",
        f"Bring back the list that was put aside (2 lines): LT-1, LT-2 {whose}",
    ]
    ben.follow(ben.post(f"/{word}/bring-back", {"list": list(lists.values())[1]}))
    assert "1 list is put aside. It can be" in ben.words
    form = accepting(ben, word)
    assert (form["how"], form["strokes.0"]) == ("screen", STROKES)
    ben.follow(ben.post(f"/{word}/acceptance", form))
    ben.follow(ben.post(f"/{word}/commit", code(ben)))
    assert list(offered(ben, word).values()) == list(lists.values())[:1]
    at = "in CASE-01 slot 1" if word == "return" else "in custody of Jane Smith"
    assert where(station, "LT-1") == at
    sound(station)
