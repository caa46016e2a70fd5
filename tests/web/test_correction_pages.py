"""Corrections, as a browser meets them: the entry as it stands, the check of all that follows, the deed, once."""

import re
from contextlib import closing
from html import unescape

import apsw
import httpx2 as httpx
import pytest

from assettrack.domain.tags import Place
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import acceptances, assets, corrections, receipts, slots
from assettrack.services.acceptances import SaidAcceptance
from tests.web.handing_over import JANE, OKRI, issued, size, sound, stocked, take_in, where
from tests.web.visitors import OpenStation, Visitor

WHY = "the other one was meant"


@pytest.fixture
def ben(station: OpenStation) -> Visitor:
    """Put LT-1 to LT-5 into slots 1 to 5, issue LT-1 to Jane, and sit an operator down."""
    visitor = station.visitor("ben")
    stocked(station)
    issued(station, "LT-1")
    return visitor


def seq_of(visitor: Visitor, kind: str, tag: str = "LT-1") -> int:
    """The entry of the latest event of a kind about an asset, by the links of its timeline."""
    visitor.get(f"/assets/{tag}")
    found = re.findall(rf'<li id="entry-(\d+)" class="\w+">\s*<p><strong>{kind}</strong>', visitor.page)
    assert found, visitor.words
    return int(found[0])


def typed(visitor: Visitor, seq: int) -> dict[str, str]:
    """What the form of an entry would send as it is drawn."""
    assert visitor.get(f"/corrections/new?seq={seq}").status_code == 200, visitor.words
    return sent_by(visitor)


def sent_by(visitor: Visitor) -> dict[str, str]:
    """What the form on the page would send as it is drawn."""
    form = re.search(r'<form action="/corrections/new" method="post".*?</form>', visitor.page, re.DOTALL)
    assert form is not None, visitor.words
    found: dict[str, str] = {}
    for tag in re.findall(r"<input\b[^>]*>", form[0]):
        name, value = (re.search(rf'\b{word}="([^"]*)"', tag) for word in ("name", "value"))
        assert name is not None
        if 'type="checkbox"' not in tag or " checked" in tag:
            found[name[1]] = unescape(value[1]) if value else ""
    texts = re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>(.*?)</', form[0], re.DOTALL)
    found |= {name: unescape(text) for name, text in texts}
    for name, options in re.findall(r'<select[^>]* name="(\w+)">(.*?)</select>', form[0], re.DOTALL):
        found[name] = re.findall(r'value="(\w+)" selected', options)[0]
    return found


def described(visitor: Visitor, seq: int, **values: str) -> httpx.Response:
    """Say what an entry really was, all else as the form was drawn, and send it."""
    return visitor.post("/corrections/new", {**typed(visitor, seq), "reason": WHY, **values})


def checked(visitor: Visitor, seq: int, **values: str) -> dict[str, str]:
    """Say what an entry really was, look at the check page, and return what its form would send."""
    answer = described(visitor, seq, **values)
    assert answer.status_code == 303, visitor.words
    assert visitor.follow(answer).status_code == 200
    return form_of(visitor)


def form_of(visitor: Visitor) -> dict[str, str]:
    """What the check page's form would send; nothing where it has none."""
    return dict(re.findall(r'name="(draft|confirm)" value="([^"]+)"', visitor.page))


def test_each_entry_that_can_be_corrected_has_a_link(station: OpenStation, ben: Visitor) -> None:
    """Rows have it, a deed about a slot has not; nobody who may only look is offered it."""
    slots.vacate_slot(station.workplace(), Place("CASE-01", 2))
    scanned, vacated = seq_of(ben, "Scanned", "LT-2"), seq_of(ben, "Taken out of its slot", "LT-2")
    assert f'href="/corrections/new?seq={scanned}"' in ben.page
    assert f'href="/corrections/new?seq={vacated}"' not in ben.page
    vic = station.visitor("vic", "viewer")
    vic.get("/assets/LT-2")
    assert "/corrections/new" not in vic.page
    assert vic.get(f"/corrections/new?seq={scanned}").status_code == 403


def test_the_wrong_holder_is_corrected(station: OpenStation, ben: Visitor) -> None:
    """Looking and checking save nothing; the deed is one entry, and the timeline marks what it supersedes."""
    seq, before = seq_of(ben, "Issued"), size(station)
    form = checked(ben, seq, issued_to_name="ben  okri")
    assert "Nothing is saved yet." in ben.words
    assert "Holder Jane Smith ben okri" in ben.words
    assert "in custody of Jane Smith → in custody of Ben Okri" in ben.words
    assert f"Reason {WHY}" in ben.words
    assert (size(station), where(station, "LT-1")) == (before, f"in custody of {JANE}")
    ben.follow(ben.post("/corrections", form))
    assert f"Corrected: entry {seq}, by entry {before + 1} of the log." in ben.words
    assert f"Corrected by entry {before + 1}. Of this counts no longer: Holder." in ben.words
    assert f"({WHY})" in ben.words
    assert (size(station), where(station, "LT-1")) == (before + 1, f"in custody of {OKRI}")
    assert f'href="/corrections/new?seq={seq}"' not in ben.page
    assert f'href="/corrections/new?seq={before + 1}"' in ben.page
    assert f"Corrected entry {seq}: issued to Ben Okri, not Jane Smith ({WHY})" in ben.words
    proven = re.search(r"<dt>Last proven</dt><dd>(.*?)</dd>", ben.page)
    assert proven is not None
    assert proven[1].endswith(f'<a href="/audit/entries/{before + 1}">entry {before + 1}</a>')
    issued_at = re.search(rf'id="entry-{seq}".*?(<time .*?</time>)', ben.page, re.DOTALL)
    assert issued_at is not None
    assert proven[1].startswith(issued_at[1])  # nobody saw it when that was put right
    sound(station)


def test_sent_twice_it_is_one_correction(station: OpenStation, ben: Visitor) -> None:
    """A double click, the back button, and a page that is loaded again lead to the same answer."""
    form = checked(ben, seq_of(ben, "Issued"), issued_to_name=OKRI)
    first = ben.post("/corrections", form)
    after = size(station)
    again = [ben.post("/corrections", form), ben.get(f"/corrections/check?draft={form['draft']}")]
    assert {each.headers["location"] for each in again} == {first.headers["location"]}
    assert size(station) == after


def test_an_answer_that_was_lost_is_found_again(station: OpenStation, ben: Visitor) -> None:
    """Where the station stopped after the deed and before it was noted, sending it again finds it in the log."""
    form = checked(ben, seq_of(ben, "Issued"), issued_to_name=OKRI)
    first = ben.post("/corrections", form)
    after = size(station)
    with closing(apsw.Connection(str(station.folder / "station.db.desk"))) as desk:
        desk.execute("UPDATE desk_drafts SET answer = NULL")
    second = ben.post("/corrections", form)
    assert (first.status_code, second.status_code, size(station)) == (303, 303, after), ben.words
    assert second.headers["location"] == first.headers["location"]


def test_the_same_by_two_people_is_one_correction(station: OpenStation, ben: Visitor) -> None:
    """Whoever is second is told who was first, by which entry, and where to go on; nothing more is saved."""
    seq = seq_of(ben, "Issued")
    form = checked(ben, seq, issued_to_name=OKRI)
    corrections.correct(station.workplace("zoe"), seq, {"issued_to_name": OKRI}, WHY, confirm=None)
    after = size(station)
    assert ben.post("/corrections", form).status_code == 409
    assert f"Entry {seq} was corrected by entry {after}." in ben.words
    assert f'href="/corrections/new?seq={after}"' in ben.page
    assert size(station) == after


def test_an_entry_that_was_corrected_leads_to_the_one_that_counts(station: OpenStation, ben: Visitor) -> None:
    """It says by which it was, offers no form, and leads along the whole chain."""
    seq = seq_of(ben, "Issued")
    at = station.workplace()
    first = corrections.correct(at, seq, {"issued_to_name": OKRI}, WHY, confirm=None).seq
    last = corrections.correct(at, first, {"notes": "with its bag"}, WHY, confirm=None).seq
    ben.get(f"/corrections/new?seq={seq}")
    assert f"Entry {seq} was corrected by entry {first}." in ben.words
    assert f"Correct entry {last} instead" in ben.words
    assert 'action="/corrections/new"' not in ben.page
    form = typed(ben, last)
    assert (form["issued_to_name"], form["notes"]) == (OKRI, "with its bag")


def test_what_came_meanwhile_is_named(station: OpenStation, ben: Visitor) -> None:
    """The deed is bound to what was shown: nothing is saved, what moved is named, and a new check is offered."""
    seq = seq_of(ben, "Issued")
    form = checked(ben, seq, issued_to_name=OKRI)
    take_in(station, [TypedRow("RETURN", "LT-1", place=Place("CASE-01", 1))])
    after = size(station)
    assert ben.post("/corrections", form).status_code == 409
    assert "Something moved since you checked this. Nothing was saved." in ben.words
    assert f"Entry {after} came meanwhile: in custody of Jane Smith → in CASE-01 slot 1" in ben.words
    assert (size(station), where(station, "LT-1")) == (after, "in CASE-01 slot 1")
    ben.follow(ben.post("/corrections", form_of(ben)))
    assert size(station) == after + 1
    sound(station)


def test_entries_that_would_not_be_allowed_any_more_are_named(station: OpenStation, ben: Visitor) -> None:
    """The summary takes the focus and links to each, there is no button, and the way to mend it is offered."""
    seq = seq_of(ben, "Scanned")
    other = seq_of(ben, "Scanned", "LT-2")
    assert checked(ben, seq, slot_number="2").keys() == set()
    assert "It can't be made: with it 1 entry would not be allowed any more" in ben.words
    summary = re.search(r'<section class="wrong".*?</section>', ben.page, re.DOTALL)
    assert summary is not None
    assert "data-focus" in summary[0]
    assert f'href="#entry-{other}"' in summary[0]
    assert f'<tr id="entry-{other}">' in ben.page
    assert f'href="/corrections/new?seq={other}"' in ben.page
    assert where(station, "LT-2") == "in CASE-01 slot 2"


def test_later_entries_that_rest_on_it_are_shown(ben: Visitor) -> None:
    """A slot that was misread: the issue after it came out of the other slot."""
    seq, later = seq_of(ben, "Scanned"), seq_of(ben, "Issued")
    form = checked(ben, seq, slot_number="SLOT-07")
    assert "Slot CASE-01 slot 1 CASE-01 slot 7" in ben.words
    assert "Later entries that rest on it" in ben.words
    assert f'<a href="/audit/entries/{later}">' in ben.page
    was, would = (f"in CASE-01 slot {slot} → in custody of Jane Smith" for slot in (1, 7))
    assert f"Issued: {was} {would}" in ben.words
    ben.follow(ben.post("/corrections", form))
    assert "Corrected" in ben.words


def test_receipts_and_acceptances_that_change_are_named(station: OpenStation, ben: Visitor) -> None:
    """The paper of the wrong holder says something else than the log then, and the right one has it to accept."""
    receipts.issue_for_batch(station.workplace(), 2)
    issued(station, "LT-2")
    receipts.issue_for_batch(station.workplace(), 3)
    receipts.issue_hand_receipt(station.workplace(), JANE)
    checked(ben, seq_of(ben, "Issued"), issued_to_name=OKRI)
    assert "Receipt 1 for Jane Smith · It should say: to Ben Okri" in ben.words
    assert "Receipt 3 for Jane Smith" in ben.words
    assert "Receipt 2" not in ben.words
    assert "Batch 2: Ben Okri has it to accept." in ben.words
    assert "Batch 2: Jane Smith is not asked to accept it any more." in ben.words
    checked(ben, seq_of(ben, "Issued"), building_room="A 12")
    assert "Receipt 1 for Jane Smith" in ben.words  # its entry is marked on it, though no word of it changes
    assert "It should say" not in ben.words
    assert "has it to accept" not in ben.words


def test_a_due_date_is_set_and_taken_away(station: OpenStation, ben: Visitor) -> None:
    """It is a field of its own, and a blank one is none."""
    seq = seq_of(ben, "Issued")
    ben.follow(ben.post("/corrections", checked(ben, seq, due_on="2027-01-31")))
    assert "due 2027-01-31" in ben.words
    made = size(station)
    assert typed(ben, made)["due_on"] == "2027-01-31"
    ben.follow(ben.post("/corrections", checked(ben, made, due_on="")))
    assert assets.asset(station.workplace(), "LT-1").due_on is None
    sound(station)


def test_a_blank_field_is_said_as_its_kind_is(station: OpenStation, ben: Visitor) -> None:
    """A date, a slot and a plain text that are not there are each called what they are, before and after."""
    issue = seq_of(ben, "Issued")
    checked(ben, issue, due_on="2027-01-31", notes="with its bag", equipment_type="laptop")
    assert "Due back no date 2027-01-31" in ben.words
    assert "Notes blank with its bag" in ben.words
    assert "Equipment type blank laptop" in ben.words
    ben.follow(ben.post("/corrections", form_of(ben)))
    checked(ben, size(station), due_on="", notes="", equipment_type="")
    assert "Due back 2027-01-31 no date" in ben.words
    assert "Notes with its bag blank" in ben.words
    take_in(station, [TypedRow("SCAN", "LT-6", equipment_type="laptop"), TypedRow("SCAN", "LT-2", JANE)])
    checked(ben, seq_of(ben, "Scanned", "LT-6"), case_number="CASE-01", slot_number="7")
    assert "Slot no slot named CASE-01 slot 7" in ben.words
    checked(ben, seq_of(ben, "Scanned", "LT-2"), issued_to_name="")
    assert "Holder Jane Smith nobody" in ben.words
    assert "nothing" not in ben.words.partition("What is corrected")[2].partition("Reason")[0]


def test_in_no_slot_is_a_tick(station: OpenStation, ben: Visitor) -> None:
    """Ticked, it was in none; the tick with a slot is refused; without it, it was in the slot that is typed."""
    seq = seq_of(ben, "Scanned", "LT-3")
    both = described(ben, seq, slot_number="7", in_no_slot="1")
    assert both.status_code == 422
    assert "also ticked that it was in no slot" in ben.words
    ben.follow(ben.post("/corrections", checked(ben, seq, in_no_slot="1")))
    assert where(station, "LT-3") == "in storage, in no slot"
    made = size(station)
    form = typed(ben, made)
    assert (form["in_no_slot"], form["case_number"], form["slot_number"]) == ("1", "", "")
    del form["in_no_slot"]
    answer = ben.post("/corrections/new", {**form, "reason": WHY, "case_number": "case-01", "slot_number": "8"})
    ben.follow(answer)
    ben.follow(ben.post("/corrections", form_of(ben)))
    assert where(station, "LT-3") == "in CASE-01 slot 8"
    sound(station)


def test_times_are_those_of_the_station(station: OpenStation, ben: Visitor) -> None:
    """Shown and read in its zone (Berlin, two hours ahead in July), and not corrected where they were left alone."""
    seq = seq_of(ben, "Issued")
    form = typed(ben, seq)
    assert form["timestamp"].startswith("2026-07-01 14:00:")
    form = checked(ben, seq, timestamp="2026-07-01 14:03")
    assert 'datetime="2026-07-01T12:03:00Z">2026-07-01 14:03:00' in ben.page
    assert "row 1" not in ben.words
    ben.follow(ben.post("/corrections", form))
    last = size(station)
    for page in ("/assets/LT-1", "/", "/audit", f"/audit/entries/{last}", "/reports/activity"):
        ben.get(page)
        assert f"orrected entry {seq}: at 2026-07-01 14:03:00 ({WHY})" in ben.words, page
    file = ben.get("/reports/activity?format=json").text
    assert f"corrected entry {seq}: at 2026-07-01T12:03:00Z" in file  # as the log has it


@pytest.mark.parametrize(
    ("values", "status", "said", "field"),
    [
        ({"issued_to_name": "Ben Okry"}, 409, "almost like it: Ben Okri", "issued_to_name"),
        ({"issued_to_name": ""}, 422, "issued_to_name", "issued_to_name"),
        ({"timestamp": "yesterday"}, 422, "yesterday", "timestamp"),
        ({"due_on": "1999-01-01"}, 422, "1999-01-01", "due_on"),
        ({"notes": "a\u202eb"}, 422, "can't be used", None),
        ({"reason": "  "}, 422, "The reason", None),
        ({}, 409, "changes nothing", None),
    ],
)
def test_what_does_not_look_right_is_shown_with_what_was_typed(
    station: OpenStation, ben: Visitor, values: dict[str, str], status: int, said: str, field: str | None
) -> None:
    """The summary links to the field, what was typed is still there, and nothing is saved."""
    seq = seq_of(ben, "Issued")
    before = size(station)
    answer = described(ben, seq, **{"serial_number": "S-9", **values} if values else {})
    assert answer.status_code == status, ben.words
    summary = re.search(r'<section class="wrong".*?</section>', ben.page, re.DOTALL)
    assert summary is not None
    assert said in unescape(summary[0])
    assert field is None or f'href="#field-{field}"' in summary[0]
    assert field is None or f'id="field-{field}"' in ben.page
    if values:
        assert sent_by(ben)["serial_number"] == "S-9"
    assert size(station) == before


def test_what_was_typed_can_be_changed_once_more(ben: Visitor) -> None:
    """The link back from the check leads to the form as it was sent, reason and all."""
    seq = seq_of(ben, "Issued")
    form = checked(ben, seq, issued_to_name=OKRI, notes="a < b")
    back = f"/corrections/new?seq={seq}&draft={form['draft']}"
    assert back in unescape(ben.page)
    ben.get(back)
    again = sent_by(ben)
    assert (again["issued_to_name"], again["notes"], again["reason"]) == (OKRI, "a < b", WHY)


def test_a_draft_belongs_to_its_account(station: OpenStation, ben: Visitor) -> None:
    """Nobody else sees what is being corrected, or makes it; an unknown draft is told to be gone."""
    form = checked(ben, seq_of(ben, "Issued"), issued_to_name=OKRI)
    zoe, before = station.visitor("zoe"), size(station)
    assert zoe.get(f"/corrections/check?draft={form['draft']}").status_code == 409
    assert OKRI not in zoe.words
    assert zoe.post("/corrections", form).status_code == 409
    zoe.get(f"/corrections/new?seq=1&draft={form['draft']}")
    assert WHY not in zoe.words
    assert size(station) == before


def test_a_code_of_something_else_saves_nothing(station: OpenStation, ben: Visitor) -> None:
    """Made up, or that of another correction: refused, and the check is shown again."""
    other = checked(ben, seq_of(ben, "Scanned", "LT-2"), slot_number="7")
    form = checked(ben, seq_of(ben, "Issued"), issued_to_name=OKRI)
    before = size(station)
    for code in ("AAAA-AAAA", other["confirm"], ""):
        assert ben.post("/corrections", {**form, "confirm": code}).status_code == 409, code
        assert form_of(ben).keys() == {"draft", "confirm"}
    assert size(station) == before


def test_what_can_not_be_corrected_is_refused(station: OpenStation, ben: Visitor) -> None:
    """Another kind of entry, one that is not there, and columns that would be another fact."""
    assert ben.get("/corrections/new?seq=1").status_code == 409
    assert "only rows of a batch and acceptances can be corrected" in ben.words
    assert ben.get(f"/corrections/new?seq={size(station) + 1}").status_code == 404
    assert ben.post("/corrections/new", {"seq": "x"}).status_code == 404
    answer = described(ben, seq_of(ben, "Issued"), asset_tag="LT-5", event_type="RETURN")
    assert (answer.status_code, "changes nothing" in ben.words) == (409, True)


def test_an_acceptance_is_corrected(station: OpenStation, ben: Visitor) -> None:
    """From the batch's page: how, by whom and when; it leads to the entry, and sent twice it is one."""
    acceptances.record(station.workplace(), 2, JANE, SaidAcceptance("typed", "Jim Smith", None, None))
    seq = size(station)
    ben.get("/batches/2")
    assert f'href="/corrections/new?seq={seq}"' in ben.page
    assert typed(ben, seq)["by"] == "Jim Smith"
    form = checked(ben, seq, by="Kim Stand-In", how="paper")
    assert "How it was accepted Name typed Signed on paper" in ben.words
    assert "Who accepted it Jim Smith Kim Stand-In" in ben.words
    first = ben.post("/corrections", form)
    assert ben.post("/corrections", form).headers["location"] == first.headers["location"]
    ben.follow(first)
    assert "Acceptance corrected" in ben.words
    assert size(station) == seq + 1
    ben.get(f"/corrections/new?seq={seq}")
    assert f"Entry {seq} was corrected by entry {seq + 1}." in ben.words
    sound(station)


def test_a_barcode_is_hostile_text(ben: Visitor) -> None:
    """Whatever is typed is shown as text, on the form and on the check page."""
    seq = seq_of(ben, "Issued")
    checked(ben, seq, notes="<script>alert(1)</script>", reason="<b>bold</b>")
    assert "<script>alert" not in ben.page
    assert "<b>bold" not in ben.page
    form = form_of(ben)
    ben.get(unescape(re.findall(r'href="(/corrections/new\?[^"]+)"', ben.page)[0]))
    assert "<script>alert" not in ben.page
    made = ben.post("/corrections", form).headers["location"].rpartition("=")[2]
    ben.get(f"/corrections/new?seq={made}")
    assert "<b>bold</b>" in unescape(ben.page)
    assert "<b>bold" not in ben.page
