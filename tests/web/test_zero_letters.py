"""The letter of code zero, which no name has and no database looks for, is refused or finds nothing; no page breaks."""

import msgspec
import pytest

from tests.web.handing_over import JANE, at_the_desk, stocked
from tests.web.visitors import OpenStation

ZERO = "LT\0"


@pytest.mark.parametrize("word", ["issue", "return", "transfer"])
def test_what_is_no_tag_comes_on_no_list(station: OpenStation, word: str) -> None:
    """It is said, the list stays empty, and its page goes on being shown."""
    stocked(station)
    ben = at_the_desk(station, f"/{word}")
    answer = ben.post(f"/{word}/lines", {"tag": ZERO})
    assert answer.status_code == 422
    assert "The asset tag" in ben.words
    assert ben.get(f"/{word}").status_code == 200
    assert "LT\N{REPLACEMENT CHARACTER}" not in ben.words


def test_a_person_of_no_name_is_nobody(station: OpenStation) -> None:
    """Whoever is named so is not known, and is not the one whose name goes on before the letter."""
    stocked(station)
    ben = at_the_desk(station)
    for path in ("/issue/holder", "/return/lines"):
        assert ben.post(path, {"holder": f"{JANE}\0"}).status_code == 422
    assert ben.get("/issue").status_code == 200


def test_a_list_that_was_kept_with_it_is_shown_and_can_be_put_aside(station: OpenStation) -> None:
    """A station that kept such a line before is not stopped by it."""
    stocked(station)
    ben = at_the_desk(station)
    ben.follow(ben.post("/issue/lines", {"tag": "LT-1"}))
    desk, account = station.web.desk, 2
    row = desk.draft(str(desk.preference(account, "draft of ISSUE")), account)
    assert row is not None
    desk.keep_draft(msgspec.structs.replace(row, body=row.body.replace("LT-1", "LT\\u0000")))
    assert ben.get("/issue").status_code == 200
