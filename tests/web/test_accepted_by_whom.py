"""What a check page says of who accepted: whoever did, and nobody who is said beside it to be still asked."""

import re

import pytest

from tests.web.handing_over import JANE, OKRI, STROKES, at_the_desk, form_of, listed, stocked
from tests.web.test_signed_terms import accepting
from tests.web.visitors import OpenStation, words

ACCEPTED = re.compile(r"<dt>Accepted, for the whole batch</dt><dd>(.*?)</dd>", re.DOTALL)


@pytest.mark.parametrize(
    ("said", "told", "asked"),
    [
        ({"how": "typed", "name.0": JANE, "name.1": ""}, [f"Name typed, by {JANE}"], [OKRI]),
        ({"how": "screen", "strokes.1": STROKES}, [f"Signed on the screen, by {OKRI}"], [JANE]),
        ({"how": "typed", "name.0": "", "name.1": ""}, [], [JANE, OKRI]),
        ({"how": "typed", "name.0": JANE, "name.1": OKRI}, [f"Name typed, by {JANE}, {OKRI}"], []),
    ],
)
def test_only_who_accepted_is_named_as_that(
    station: OpenStation, said: dict[str, str], told: list[str], asked: list[str]
) -> None:
    """The page of a list that is not accepted whole, opened anew: where nobody did yet, no way stands there either."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    listed(ben, "issue", "LT-2", holder=OKRI)
    ben.get("/issue/acceptance")
    ben.post("/issue/acceptance", accepting(ben) | said)
    ben.get("/issue")
    ben.follow(ben.post("/issue/check"))
    assert [words(each) for each in ACCEPTED.findall(ben.page)] == told
    assert [name for name in (JANE, OKRI) if f"{name} did not" in ben.words] == asked
    assert (form_of(ben).keys() == set()) == bool(asked)
