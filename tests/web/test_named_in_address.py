"""A person named in the address of a list: chosen once, and not once more by looking at the page again."""

import pytest

from tests.web.handing_over import JANE, OKRI, at_the_desk, listed, stocked
from tests.web.visitors import OpenStation


@pytest.mark.parametrize("word", ["issue", "transfer"])
def test_a_page_that_is_loaded_again_changes_not_for_whom_the_next_scans_are(station: OpenStation, word: str) -> None:
    """The list has gone on to somebody else: its page is shown without the person of the address."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, word, "LT-1", holder=OKRI)
    link = f"/{word}?holder=Jane%20Smith"
    address = ben.get(link).headers["location"]
    for _ in range(2):
        assert ben.get(address).status_code == 200
        assert f"What you scan next is for {JANE}." in ben.words
        assert 'name="holder" value="Jane Smith"' in ben.page
    ben.post(f"/{word}/scans", {"typed": "LT-2", "holder": JANE, "sent_as": "ab" * 16}, hx_request="true")
    ben.post(f"/{word}/scans", {"typed": OKRI, "sent_as": "cd" * 16}, hx_request="true")
    again = ben.get(address)
    assert again.headers["location"] == f"/{word}"
    ben.follow(again)
    assert f"What you scan next is for {OKRI}." in ben.words
    assert '<input type="hidden" name="holder" value=""><input type="hidden" name="shown"' in ben.page
    ben.follow(ben.get(link))
    assert f"What you scan next is for {JANE}." in ben.words


def test_a_person_who_is_named_and_left_again_before_a_scan_is_not_named_by_the_address(station: OpenStation) -> None:
    """The list goes to whom it went before, and nothing came on it: it went on all the same."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=OKRI)
    address = ben.get("/issue?holder=Jane%20Smith").headers["location"]
    ben.follow(ben.get("/issue?holder=Jane%20Smith"))
    ben.post("/issue/scans", {"typed": OKRI, "holder": JANE, "sent_as": "ab" * 16}, hx_request="true")
    assert ben.get(address).headers["location"] == "/issue"
