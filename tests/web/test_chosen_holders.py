"""A person who was chosen on a page, and whose name is somebody else's by the time the page is used."""

import re

from assettrack.domain.custody_drafts import read_draft, written_draft
from assettrack.services import accounts, custody_drafts, holders
from assettrack.services.custody_drafts import AtDesk
from assettrack.services.holders import HolderUpdate
from tests.web.handing_over import (
    JANE,
    OKRI,
    STROKES,
    at_the_desk,
    checked,
    form_of,
    issued,
    listed,
    size,
    stocked,
    where,
)
from tests.web.queue_forms import drawn_for
from tests.web.test_context_by_hand import by_hand
from tests.web.test_intake_rounds import now
from tests.web.visitors import OpenStation, Visitor

JONES = "Jane Jones"
SAID = "Jane Smith was holder 1 when this was chosen, and is called Jane Jones now"


def moved(station: OpenStation) -> None:
    """Jane Smith is Jane Jones from now on, and another Jane Smith is registered."""
    holders.change(station.workplace(), JANE, HolderUpdate(name=JONES, reason="marriage"))
    holders.register(station.workplace(), JANE)


def hidden(visitor: Visitor, action: str) -> dict[str, str]:
    """What a form of the page carries unseen."""
    form = re.search(rf'<form[^>]*action="{action}".*?</form>', visitor.page, re.DOTALL)
    assert form is not None, visitor.words
    return dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', form[0]))


def test_an_open_check_page_commits_nothing_and_the_page_after_it_says_who_is_who(station: OpenStation) -> None:
    """It was signed on the screen; neither that page nor the one after the refusal can give it to the other one."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    form = checked(ben, "issue", {"how": "screen", "signer.0": JANE, "strokes.0": STROKES})
    address = f"/issue/check?draft={form['draft']}"
    moved(station)
    before = size(station)
    for status, sent in ((409, form), (200, None)):
        assert (ben.get(address) if sent is None else ben.post("/issue/commit", sent)).status_code == status
        assert f"LT-1: {SAID}; Jane Smith now means another person, holder 3." in ben.words
        assert form_of(ben) == {}
    assert (size(station), where(station, "LT-1")) == (before, "in CASE-01 slot 1")
    ben.get("/issue")
    assert (
        f"{SAID}; Jane Smith now means another person, holder 3. Choose again for whom the next scans are." in ben.words
    )
    listed(ben, "issue", holder=JONES)
    assert "A signature was thrown away" in ben.words
    ben.follow(ben.post("/issue/commit", checked(ben, "issue")))
    assert where(station, "LT-1") == f"in custody of {JONES}"


def test_a_list_of_names_alone_says_whose_name_it_is_by_now(station: OpenStation) -> None:
    """An earlier version kept it without numbers: the page after the refusal says what can't be seen in its words."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    account = accounts.named(station.workplace(), "ben")
    assert account is not None
    at = AtDesk(station.workplace("ben"), station.web.desk, account)
    custody_drafts.change(at, "ISSUE", lambda draft: read_draft(written_draft(draft).replace(',"holder_id":1', "")))
    form = checked(ben, "issue")
    moved(station)
    assert ben.post("/issue/commit", form).status_code == 409
    assert "Jane Smith was holder 1 when it was shown, and is holder 3 now. Something moved" in ben.words


def test_whoever_is_pressed_on_a_page_is_chosen(station: OpenStation) -> None:
    """The button is that of a person, and not of a name: pressed after the name moved, it means the same one."""
    stocked(station)
    ben = at_the_desk(station)
    button = re.search(r'form="choose-person" name="(\w+)" value="([^"]*)">Jane Smith<', ben.page)
    assert button is not None
    moved(station)
    ben.follow(ben.post("/issue/holder", {button[1]: button[2]}))
    assert f"Issue to {JONES}" in ben.words


def test_who_is_named_by_an_address_is_whom_its_page_showed(station: OpenStation) -> None:
    """The page stays open while the name moves; the scan is for the person that it showed."""
    stocked(station)
    ben = at_the_desk(station, "/issue?holder=Jane%20Smith")
    sent = hidden(ben, "/issue/scans")
    moved(station)
    ben.follow(ben.post("/issue/scans", {**sent, "typed": "LT-1"}))
    assert f"Issue to {JONES}" in ben.words


def test_what_somebody_has_who_gives_back_is_not_shown_of_another(station: OpenStation) -> None:
    """The list is of whoever was chosen; the other person's assets are not offered on it."""
    stocked(station)
    issued(station, "LT-1", "LT-2")
    ben = at_the_desk(station, "/return")
    listed(ben, "return", holder=JANE)
    sent = hidden(ben, "/return/lines")
    moved(station)
    ben.get("/return")
    assert SAID in ben.words
    assert 'action="/return/lines"' not in ben.page
    ben.follow(ben.post("/return/lines", {**sent, "tag": "LT-1"}))
    assert SAID not in ben.words
    assert f"{JONES} has 2" in ben.words


def said_by_hand(visitor: Visitor, **said: str) -> str:
    """Send the form of what the next scans mean as the page shows it, but for what is said."""
    visitor.get("/intake")
    visitor.follow(
        visitor.post("/intake/context", {"event_type": "ISSUE", **hidden(visitor, "/intake/context"), **said})
    )
    return visitor.words


def test_a_name_that_stands_in_the_form_of_the_queue_is_who_stood_there(station: OpenStation) -> None:
    """Sent again for the notes alone it chooses nobody anew; where its person moved, it has to be said again."""
    stocked(station)
    ben = at_the_desk(station, "/intake")
    said_by_hand(ben, holder=JANE)
    still_open = hidden(ben, "/intake/context")
    assert (still_open["holder_shown"], still_open["holder_number"]) == (JANE, "1")
    ben.post("/intake/scans", {"typed": "LT-1"})
    moved(station)
    ben.follow(
        ben.post("/intake/context", {**still_open, "event_type": "ISSUE", "holder": JANE, "notes": "for a week"})
    )
    assert f"{SAID}; Jane Smith now means another person, holder 3. Choose again" in ben.words
    assert 'name="holder" list="holder-names" value=""' in ben.page
    ben.get("/intake/check")
    assert f"{SAID}; Jane Smith now means another person, holder 3. For the same person choose" in ben.words
    assert 'name="confirm"' not in ben.page
    assert "Choose again" not in said_by_hand(ben, holder=JANE)
    ben.post("/intake/scans", {"typed": "LT-2"})
    ben.get("/intake/check")
    assert ben.words.count(SAID) == 2  # of the first row alone: in the summary and at the row


def test_who_is_doubtful_is_withdrawn_by_a_form_that_leaves_them_blank(station: OpenStation) -> None:
    """The page shows nobody: nobody is said then, also once the name is again whose it was."""
    stocked(station)
    ben = at_the_desk(station, "/intake")
    said_by_hand(ben, holder=JANE)
    moved(station)
    ben.get("/intake")
    assert (SAID in ben.words, by_hand(ben)["holder"]) == (True, "")
    said_by_hand(ben)
    assert SAID not in ben.words
    assert f"for {JANE}" not in now(ben.words)
    for name, then in ((JANE, "Jane K"), (JONES, JANE)):
        holders.change(station.workplace(), name, HolderUpdate(name=then, reason="by mistake"))
    ben.get("/intake")
    assert by_hand(ben)["holder"] == ""


def test_who_is_doubtful_is_withdrawn_also_where_a_scan_changed_the_page(station: OpenStation) -> None:
    """The part that a scan replaces says to the form whom the page shows as doubtful."""
    stocked(station)
    ben = at_the_desk(station, "/intake")
    said_by_hand(ben, holder=JANE)
    form = by_hand(ben)
    moved(station)
    part = ben.post("/intake/scans", {"typed": "LT-1"}, hx_request="true").text
    (stopped,) = re.findall(r' data-stopped="([^"]+)"', part)
    shown = {"holder": "", "holder_shown": "", "holder_number": "", "stopped_shown": stopped}
    ben.follow(ben.post("/intake/context", {**form, **shown}))
    assert SAID not in now(ben.words)
    assert f"for {JANE}" not in now(ben.words)


def test_who_is_doubtful_stays_where_a_page_showed_nobody_or_another_holds(station: OpenStation) -> None:
    """The older page ends nothing, and chooses nobody unasked; the other one withdraws whom it showed, and no other."""
    stocked(station)
    ben = at_the_desk(station, "/intake")
    older = by_hand(ben)
    said_by_hand(station.visitor("ben"), holder=JANE)
    moved(station)
    ben.follow(ben.post("/intake/context", {**older, "notes": "dusty"}))
    assert SAID in ben.words
    assert ben.post("/intake/context", {**older, "holder": OKRI}).status_code == 409
    assert f"This page showed nobody yet; by now it is {JANE}, " in ben.words
    ben.get("/intake")
    form = by_hand(ben)
    said_by_hand(station.visitor("ben"), holder=OKRI)
    ben.follow(ben.post("/intake/context", {**form, "building_room": "Room 7"}))
    assert f"for {OKRI}" in now(ben.words)


def test_a_row_is_put_right_by_saying_its_person_again(station: OpenStation) -> None:
    """The field is blank where its person moved: what stood there before can't be sent again by mistake."""
    stocked(station)
    ben = at_the_desk(station, "/intake")
    said_by_hand(ben, holder=JANE)
    ben.post("/intake/scans", {"typed": "LT-1"})
    ben.get("/intake/scans/1")
    before = {**hidden(ben, "/intake/scans/1"), **drawn_for(ben, 1)}
    edited = {"event_type": "ISSUE", "asset_tag": "LT-1", "notes": "for a week"}
    moved(station)
    ben.follow(ben.post("/intake/scans/1", {**before, **edited, "issued_to_name": JANE}))
    assert SAID in ben.words
    ben.get("/intake/scans/1")
    assert 'name="issued_to_name" autofocus value=""' in ben.page
    ben.follow(ben.post("/intake/scans/1", {**hidden(ben, "/intake/scans/1"), **edited, "issued_to_name": JONES}))
    ben.get("/intake/check")
    ben.follow(ben.post("/intake/commit", hidden(ben, "/intake/commit")))
    assert where(station, "LT-1") == f"in custody of {JONES}"
