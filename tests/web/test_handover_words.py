"""What the pages of a hand-over say of people and days: who accepted, who is given what, and which dates are past."""

from tests.web.handing_over import JANE, OKRI, at_the_desk, checked, issued, listed, stocked
from tests.web.visitors import OpenStation


def test_a_due_date_in_the_past_is_shown_before_the_commit(station: OpenStation) -> None:
    """On 1 July 2026, 30 June is worth a look on the check page, and the day itself is not; it can be committed."""
    stocked(station)
    issued(station, "LT-5")
    ben = at_the_desk(station)
    for word, tag, holder in (("issue", "LT-1", JANE), ("transfer", "LT-5", OKRI)):
        listed(ben, word, tag, holder=holder)
        checked(ben, word, {"due_on": "2026-06-30"})
        assert "Look The due date 2026-06-30 is before 2026-07-01, the day on which the asset is given." in ben.words
        assert 'name="confirm"' in ben.page
        checked(ben, word, {"due_on": "2026-07-01"})
        assert "before 2026-07-01" not in ben.words


def test_a_transfer_was_accepted_by_who_received_it(station: OpenStation) -> None:
    """Of both the page and the receipt say so: who gave it away has signed nothing."""
    stocked(station)
    issued(station, "LT-1", to=JANE)
    ben = at_the_desk(station, "/transfer")
    listed(ben, "transfer", "LT-1", holder=OKRI)
    form = checked(ben, "transfer", {"how": "paper"})
    ben.follow(ben.post("/transfer/commit", form))
    assert ben.words.count(f"accepted by {OKRI}") == 2
    assert f"accepted by {JANE}" not in ben.words
    batch = ben.page.split('action="/batches/')[1].split("/")[0]
    ben.post(f"/batches/{batch}/receipts", {})
    for number in ("1", "2"):
        ben.get(f"/receipts/{number}")
        assert f"accepted by: {OKRI}" in ben.words


def test_a_return_says_nothing_of_what_is_only_on_the_list(station: OpenStation) -> None:
    """Before the commit it is on the list, and nothing is saved yet."""
    stocked(station)
    issued(station, "LT-1", "LT-2", to=JANE)
    ben = at_the_desk(station, "/return")
    listed(ben, "return", "LT-1")
    assert "Jane Smith gives back 1 of 2. Still out after that: 1. Nothing is saved yet." in ben.words
    assert "1 of 2 returned" not in ben.words


def test_a_list_for_two_names_both_and_counts_what_is_ready(station: OpenStation) -> None:
    """Each line stays with whom it was scanned for, and what is stopped does not count."""
    stocked(station)
    issued(station, "LT-5", to=OKRI)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    assert "Issue to Jane Smith To be issued: 1" in ben.words.replace(" Nothing is saved yet.", "")
    listed(ben, "issue", "LT-2", "LT-5", holder=OKRI)
    assert "Issue to Jane Smith, Ben Okri. What you scan next is for Ben Okri." in ben.words
    assert "To be issued: 2" in ben.words
    assert "LT-1 in CASE-01 slot 1 → in custody of Jane Smith" in ben.words
    assert "LT-2 in CASE-01 slot 2 → in custody of Ben Okri" in ben.words


def test_an_asset_that_waits_for_its_person_is_no_stop(station: OpenStation) -> None:
    """Scanned first it is worth a look; it still can't be committed for nobody."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1")
    assert "Look: LT-1 It is not said yet who is given asset LT-1." in ben.words
    assert "Stop" not in ben.words
    assert ben.get("/issue/acceptance").headers["location"] == "/issue?stopped=1"


def test_what_is_taken_back_without_a_signature_is_said_before_it_is_counted(station: OpenStation) -> None:
    """Whoever goes on without signing reads where it will stand, in the words that stand there, and that it may.

    Nothing beside that leads to signing after all: it is said once what is to be done.
    """
    stocked(station)
    issued(station, "LT-1")
    ben = at_the_desk(station, "/return")
    listed(ben, "return", "LT-1")
    ben.follow(ben.post("/return/check"))
    assert "You need not sign now: it is returned all the same, and the Overview counts it" in ben.words
    assert "under Hand-overs not accepted yet until you sign for it on the page of its batch." in ben.words
    assert "Sign for it now" not in ben.words
    ben.get("/")
    assert "Hand-overs not accepted yet" in ben.words
