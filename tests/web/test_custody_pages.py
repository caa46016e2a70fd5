"""Issue, return and transfer, as a browser meets them: the list, the check, and one commit."""

from html import unescape

import pytest

from assettrack.domain.plans import Options
from assettrack.domain.tags import Place
from assettrack.domain.timestamps import utc_text
from assettrack.domain.typed_rows import TypedBatch, TypedRow
from assettrack.services import accounts, intake
from tests.web.handing_over import (
    JANE,
    OKRI,
    TAGS,
    at_the_desk,
    checked,
    code,
    form_of,
    issued,
    listed,
    size,
    sound,
    stocked,
    take_in,
    where,
)
from tests.web.visitors import OpenStation


def test_three_laptops_are_issued_to_two_people_as_one_batch(station: OpenStation) -> None:
    """Each line is for whoever was named before it; what was checked is what is committed."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", "lt-2\r\n", holder=JANE)
    listed(ben, "issue", "LT-3", holder="ben okri")
    assert "To be issued: 3" in ben.words
    before = size(station)
    form = checked(ben, "issue", {"due_on": "2026-12-31", "notes": "with charger"})
    assert "Nothing is saved yet." in ben.words
    assert "in CASE-01 slot 1 → in custody of Jane Smith; due 2026-12-31" in ben.words
    assert "Issue 3 assets to 2 people" in ben.words
    assert size(station) == before
    ben.follow(ben.post("/issue/commit", form))
    assert [where(station, tag) for tag in TAGS[:3]] == [f"in custody of {name}" for name in (JANE, JANE, OKRI)]
    assert size(station) == before + 4
    assert "Committed: 3 assets issued." in ben.words
    assert "Where from The Issue page of this station" in ben.words
    assert "Nothing is on the list yet" in (ben.get("/issue"), ben.words)[1]
    sound(station)


def test_the_button_names_the_deed(station: OpenStation) -> None:
    """One asset to one person is said as that."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    checked(ben, "issue")
    assert "Issue 1 asset to Jane Smith" in ben.words


def test_an_asset_can_come_first(station: OpenStation) -> None:
    """An asset of which nobody said who gets it stops the batch, until somebody is chosen."""
    stocked(station)
    ben = at_the_desk(station, "/issue?tag=LT-1")
    assert 'value="LT-1"' in ben.page
    listed(ben, "issue", "LT-1")
    assert "It is not said yet who is given asset LT-1" in ben.words
    ben.follow(ben.post("/issue/check"))
    assert form_of(ben).keys() == set()
    listed(ben, "issue", holder=JANE)
    assert "in CASE-01 slot 1 → in custody of Jane Smith" in ben.words


def test_a_person_in_the_address_changes_nothing_until_something_is_scanned(station: OpenStation) -> None:
    """Looking at a page keeps nothing; the first scan takes the person over."""
    stocked(station)
    ben = at_the_desk(station, "/issue?holder=Jane%20Smith")
    assert "Issue to Jane Smith" in ben.words
    assert "To whom?" in (ben.get("/issue"), ben.words)[1]
    ben.follow(ben.post("/issue/scans", {"typed": "LT-1", "holder": JANE}))
    assert "in custody of Jane Smith" in ben.words


def test_a_scan_by_script_answers_with_the_list_alone(station: OpenStation) -> None:
    """The part of the page that a scan changes, with what it will do, and no whole page."""
    stocked(station)
    ben = at_the_desk(station)
    part = ben.post("/issue/scans", {"typed": "LT-1", "holder": JANE}, hx_request="true")
    assert part.status_code == 200
    assert "<html" not in part.text
    assert 'data-tone="ok"' in part.text
    assert 'data-tone="bad"' in ben.post("/issue/scans", {"typed": "no tag!"}, hx_request="true").text
    assert ben.post("/issue/scans", {"typed": "LT-2", "holder": "Nobody"}, hx_request="true").status_code == 404


def test_a_scan_that_can_not_be_understood_is_said_and_not_added(station: OpenStation) -> None:
    """What is no tag, no case and nobody's name changes nothing."""
    stocked(station)
    ben = at_the_desk(station)
    answer = ben.post("/issue/scans", {"typed": "no tag!"})
    assert answer.status_code == 422
    assert "is no tag" in ben.words
    assert "To be issued: 0" in ben.words


def test_a_case_label_adds_all_that_is_in_the_case_each_once(station: OpenStation) -> None:
    """Scanned again it adds nothing; one can be taken off again."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "CASE-01", "LT-2", "CASE-01", holder=JANE)
    assert "To be issued: 5" in ben.words
    ben.follow(ben.post("/issue/remove", {"tag": "LT-2"}))
    assert "To be issued: 4" in ben.words


def test_whoever_is_not_registered_can_be_by_the_batch(station: OpenStation) -> None:
    """The page offers it only where it is asked for, and the check page says whom the batch registers."""
    stocked(station)
    ben = at_the_desk(station)
    assert ben.post("/issue/holder", {"holder": "Ada New"}).status_code == 404
    ben.get("/issue?find=Ada%20New")
    assert "Register Ada New as a new person" in ben.words
    ben.follow(ben.post("/issue/holder", {"holder": "Ada  New", "new": "1", "tag": "LT-1"}))
    form = checked(ben, "issue")
    assert "Registered by this batch Ada New" in ben.words
    ben.follow(ben.post("/issue/commit", form))
    assert where(station, "LT-1") == "in custody of Ada New"


def test_people_are_found_by_a_part_of_their_name(station: OpenStation) -> None:
    """As the page shows while one types, and as a whole page."""
    stocked(station)
    ben = at_the_desk(station)
    part = ben.get("/issue/people?find=jan").text
    assert (JANE in part, OKRI in part) == (True, False)
    ben.get("/issue?find=okr")
    assert (f">{JANE}</button>" in ben.page, f">{OKRI}</button>" in ben.page) == (False, True)


def test_part_of_what_somebody_has_is_returned_to_its_slots(station: OpenStation) -> None:
    """Person first: what they have with a box each, a tally, and each asset back where it was issued from."""
    stocked(station)
    issued(station, *TAGS)
    ben = at_the_desk(station, "/return?holder=Jane%20Smith")
    assert ben.page.count('type="checkbox"') == 5
    ben.follow(ben.post("/return/lines", {"holder": JANE, "tag": ["LT-1", "LT-2", "LT-3"]}))
    assert "Jane Smith gives back 3 of 5. Still out after that: 2. Nothing is saved yet." in ben.words
    assert ben.page.count('type="checkbox"') == 2
    ben.follow(ben.post("/return/check"))
    assert "in custody of Jane Smith → in CASE-01 slot 2" in ben.words
    assert "Return 3 assets" in ben.words
    ben.follow(ben.post("/return/commit", code(ben)))
    assert [where(station, tag) for tag in TAGS[:3]] == [f"in CASE-01 slot {n}" for n in (1, 2, 3)]
    assert where(station, "LT-4") == "in custody of Jane Smith"
    assert "has 2 assets now" in ben.words
    sound(station)


def test_a_taken_home_slot_is_refused_with_the_free_ones_and_another_is_named(station: OpenStation) -> None:
    """The line is red and offers what is free; the slot that is named then is taken."""
    stocked(station)
    issued(station, "LT-1")
    take_in(station, [TypedRow("SCAN", "LT-9", place=Place("CASE-01", 1), equipment_type="laptop")])
    ben = at_the_desk(station, "/return")
    listed(ben, "return", "LT-1")
    assert "taken by asset LT-9" in ben.words
    assert "Free slots of CASE-01: 6, 7, 8. Choose one of them." in ben.words
    ben.follow(ben.post("/return/check"))
    assert form_of(ben).keys() == set()
    ben.follow(ben.post("/return/place", {"tag": "LT-1", "case_name": "case-01", "slot_position": "SLOT-07"}))
    ben.follow(ben.post("/return/check"))
    ben.follow(ben.post("/return/commit", code(ben)))
    assert where(station, "LT-1") == "in CASE-01 slot 7"


def test_an_asset_is_returned_into_a_slot_that_was_scanned_or_into_none(station: OpenStation) -> None:
    """A slot label is for the next asset alone; OUT is said by a button."""
    stocked(station)
    issued(station, "LT-1", "LT-2")
    ben = at_the_desk(station, "/return")
    listed(ben, "return", "CASE-01 SLOT 8", "LT-1", "LT-2")
    assert "in custody of Jane Smith → in CASE-01 slot 8" in ben.words
    assert "in custody of Jane Smith → in CASE-01 slot 2" in ben.words
    ben.follow(ben.post("/return/place", {"tag": "LT-2", "slot_position": "OUT"}))
    assert "in custody of Jane Smith → in storage, in no slot" in ben.words
    assert ben.post("/return/place", {"tag": "LT-2", "case_name": "CASE-01", "slot_position": "x"}).status_code == 422


def test_an_asset_goes_from_whoever_has_it_to_another(station: OpenStation) -> None:
    """Nobody needs to say who has it; who has it already is refused."""
    stocked(station)
    issued(station, "LT-1")
    issued(station, "LT-2", to=OKRI)
    ben = at_the_desk(station, "/transfer")
    listed(ben, "transfer", "LT-1", "LT-2", holder=OKRI)
    assert "in custody of Jane Smith → in custody of Ben Okri" in ben.words
    assert "LT-2 is already in custody of Ben Okri" in ben.words
    ben.follow(ben.post("/transfer/remove", {"tag": "LT-2"}))
    form = checked(ben, "transfer")
    assert "Transfer 1 asset to Ben Okri" in ben.words
    ben.follow(ben.post("/transfer/commit", form))
    assert where(station, "LT-1") == "in custody of Ben Okri"
    sound(station)


def test_committing_twice_gives_one_batch_and_the_same_answer(station: OpenStation) -> None:
    """A double click, a refresh, the back button or a second tab leads to the same batch."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    form = checked(ben, "issue")
    first = ben.post("/issue/commit", form)
    after = size(station)
    second = ben.post("/issue/commit", form)
    back = ben.get(f"/issue/check?draft={form['draft']}")
    assert {answer.headers["location"] for answer in (first, second, back)} == {first.headers["location"]}
    account = accounts.named(station.workplace(), "ben")
    assert account is not None
    kept = station.web.desk.draft(form["draft"], account.account_id)
    assert kept is not None
    assert first.headers["location"] == f"/batches/{kept.answer}"
    assert size(station) == after


@pytest.mark.parametrize("word", ["issue", "return", "transfer"])
def test_a_commit_whose_answer_was_lost_is_found_again(station: OpenStation, word: str) -> None:
    """Where the station died between the commit and the desk's note of it, the draft is known to be that batch."""
    stocked(station)
    if word != "issue":
        issued(station, "LT-1")
    ben = at_the_desk(station, f"/{word}")
    listed(ben, word, "LT-1", holder="" if word == "return" else OKRI)
    form = checked(ben, word)
    station.web.desk.answer_draft = lambda *_: None  # type: ignore[method-assign]  # the power goes here
    batch = ben.post(f"/{word}/commit", form).headers["location"]
    after = size(station)
    del station.web.desk.answer_draft
    assert ben.post(f"/{word}/commit", form).headers["location"] == batch
    assert size(station) == after


@pytest.mark.parametrize("list_first", [True, False])
def test_a_draft_that_proves_to_be_committed_makes_room_for_the_next(station: OpenStation, *, list_first: bool) -> None:
    """Looking at the list or the check page after a lost answer is enough."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    form = checked(ben, "issue")
    station.web.desk.answer_draft = lambda *_: None  # type: ignore[method-assign]  # the power goes here
    batch = ben.post("/issue/commit", form).headers["location"]
    del station.web.desk.answer_draft
    if list_first:
        assert "Nothing is on the list yet" in (ben.get("/issue"), ben.words)[1]
    assert ben.get(f"/issue/check?draft={form['draft']}").headers["location"] == batch
    assert "Nothing is on the list yet" in (ben.get("/issue"), ben.words)[1]


def test_two_people_issue_one_asset_and_the_other_is_told_who_has_it(station: OpenStation) -> None:
    """One wins; the other's page says what is in the way, and commits nothing."""
    stocked(station)
    ben, eve = at_the_desk(station), at_the_desk(station, name="eve")
    listed(ben, "issue", "LT-1", "LT-2", holder=JANE)
    listed(eve, "issue", "LT-1", holder=OKRI)
    bens, eves = checked(ben, "issue"), checked(eve, "issue")
    eve.follow(eve.post("/issue/commit", eves))
    after = size(station)
    answer = ben.post("/issue/commit", bens)
    assert answer.status_code == 409
    assert "LT-1 is already in custody of Ben Okri" in ben.words
    assert form_of(ben).keys() == set()
    assert (size(station), where(station, "LT-2")) == (after, "in CASE-01 slot 2")
    ben.follow(ben.post("/issue/remove", {"tag": "LT-1"}))
    ben.follow(ben.post("/issue/commit", checked(ben, "issue")))
    assert where(station, "LT-2") == "in custody of Jane Smith"


def test_what_moved_since_the_check_is_named_and_can_be_checked_anew(station: OpenStation) -> None:
    """A code for something else than would be done now commits nothing, and the page names the asset."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", "LT-2", holder=JANE)
    form = checked(ben, "issue")
    update = TypedRow("UPDATE", "LT-2", model="X9")
    batch = TypedBatch([update], "mara", now=utc_text(station.now), at="2026-07-01T10:00:00Z")
    late = Options(late_reason="found out")
    intake.commit(station.workplace(), batch, "typed", late, confirm=None)
    before = size(station)
    assert ben.post("/issue/commit", form).status_code == 409
    assert "LT-2 would do something else than was shown." in ben.words
    assert size(station) == before
    ben.follow(ben.post("/issue/commit", code(ben)))
    assert where(station, "LT-2") == "in custody of Jane Smith"


def test_a_list_that_was_changed_after_the_check_is_not_committed(station: OpenStation) -> None:
    """A second tab added an asset: the first tab's code does not fit any more."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    form = checked(ben, "issue")
    listed(ben, "issue", "LT-2")
    before = size(station)
    assert ben.post("/issue/commit", form).status_code == 409
    assert ben.post("/issue/commit", {**form, "confirm": "AAAA-AAAA"}).status_code == 409
    assert size(station) == before


def test_drafts_belong_to_their_account_and_outlive_the_session(station: OpenStation) -> None:
    """Nobody sees or commits another's list; signing out loses nothing."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    form = checked(ben, "issue")
    eve = at_the_desk(station, name="eve")
    assert "To be issued: 0" in eve.words
    assert eve.post("/issue/commit", form).status_code == 409
    assert eve.get(f"/issue/check?draft={form['draft']}").status_code == 409
    ben.post("/sign-out")
    again = at_the_desk(station)
    assert "To be issued: 1" in again.words
    again.follow(again.post("/issue/start-anew"))
    assert "To be issued: 0" in again.words


HOSTILE = "<img src=x onerror=alert(1)>\"'; DROP TABLE holders; --/../{{7*7}}"


def test_hostile_names_are_shown_as_text_everywhere(station: OpenStation) -> None:
    """A name from a badge is text from a stranger on every page, and in every address."""
    stocked(station, HOSTILE)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=HOSTILE)
    pages = [ben.page]
    form = checked(ben, "issue", {"how": "typed", "signer.0": HOSTILE, "name.0": HOSTILE, "notes": HOSTILE})
    pages.append(ben.page)
    ben.get("/issue/acceptance")
    pages.append(ben.page)
    page = ben.post("/issue/commit", form).headers["location"]
    ben.get(page)
    ben.follow(ben.post(f"{page}/receipts", {"holder": HOSTILE}))
    pages.append(ben.page)
    ben.get("/receipts/1")
    pages.append(ben.page)
    for text in pages:
        assert "<img" not in text
        assert HOSTILE in unescape(text)
    ben.follow(ben.get("/issue?holder=%3Cimg%20src%3Dx%3E&tag=%22%3E%3Cimg%3E&find=%3Cimg%3E"))
    assert "Issue to <img src=x>" in ben.words
    assert "<img" not in ben.page
    sound(station)


def test_a_due_date_that_is_none_is_refused(station: OpenStation) -> None:
    """It is read as a date, and nothing else is kept."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    ben.get("/issue/acceptance")
    assert ben.post("/issue/acceptance", {"due_on": "tomorrow"}).status_code == 422


def test_a_list_takes_five_hundred_assets(station: OpenStation) -> None:
    """More of them come as a file."""
    stocked(station)
    ben = at_the_desk(station)
    tags = [f"A-{number}" for number in range(501)]
    assert ben.post("/issue/lines", {"tag": tags}).status_code == 422
    assert ben.post("/issue/lines", {"tag": tags[:500]}).status_code == 303
