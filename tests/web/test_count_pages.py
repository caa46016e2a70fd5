"""Counts, as a browser meets them."""

import re
from hashlib import sha256
from html import unescape
from urllib.parse import quote

import pytest
from starlette.datastructures import FormData

from assettrack.domain.cards import Card, CardKind, written
from assettrack.domain.plans import Options
from assettrack.formats import scan_csv
from assettrack.services import counts, holders, intake, verification
from assettrack.services.count_reading import Scans, Spotted
from assettrack.services.counts import AskedScope
from assettrack.web.forms import Fields
from assettrack.web.once import name_of
from tests.services.printed import badge
from tests.web.stock import commit, entries, fill, issue
from tests.web.visitors import OpenStation, Visitor, words

NAME = "0" * 32


def begin(station: OpenStation, name: str = "ben", **scope: object) -> Visitor:
    """Fill a case and begin to count it, and look at the count's page."""
    fill(station)
    counts.start(station.workplace(), AskedScope(**(scope or {"cases": ("CASE-01",)})))  # type: ignore[arg-type]  # as said
    visitor = station.visitor(name)
    visitor.get("/counts/1")
    return visitor


def scan(visitor: Visitor, typed: str, **where: str) -> None:
    """Scan with the plain form, and look at the page it leads to."""
    answer = visitor.post("/counts/1/scans", {"typed": typed, **where})
    assert answer.status_code in {303, 422}, answer.text
    if answer.status_code == 303:
        visitor.follow(answer)


def totals(station: OpenStation) -> dict[str, int]:
    """How the count stands, results of nobody left out."""
    found = counts.sheet(station.workplace(), 1).totals
    assert found is not None
    return {result: count for result, count in found.items() if count}


def hidden(visitor: Visitor) -> dict[str, str]:
    """What the forms of the page send along."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', visitor.page))


def test_a_count_begins_with_the_printed_label_of_a_case(station: OpenStation) -> None:
    """It is the case, once, however often and in whatever way it is named; the form has its name."""
    fill(station)
    label = written(Card(CardKind.CASE, "CASE-01"))
    ben = station.visitor("ben")
    ben.get(f"/counts/new?of=cases&case={quote(label)}&case=CASE-01")
    assert "A count of: CASE-01 4 assets are expected" in ben.words
    assert re.findall(r'name="case" value="([^"]*)"', ben.page) == ["CASE-01"]
    ben.follow(ben.post("/counts", {"of": "cases", "case": label, "form": NAME}))
    assert "Count 1: CASE-01" in ben.words


@pytest.mark.parametrize(
    ("card", "said"),
    [
        (Card(CardKind.SLOT, "CASE-01", 2), "it is the label of a slot of CASE-01; scan the label of the case"),
        (Card(CardKind.EVENT, "ISSUE"), "it is a card for another page; scan the label of a case"),
        (Card(CardKind.HOLDER, "1", mark="YYY"), "is not known to be of this station's holder 1"),
        (None, "it is the badge of Jane Smith; scan the label of a case"),
    ],
)
def test_what_is_no_case_is_called_what_it_is(station: OpenStation, card: Card | None, said: str) -> None:
    """Nobody is told to prepare a case called like a card, and no slot is taken for its case."""
    fill(station)
    holders.register(station.workplace(), "Jane Smith")
    ben = station.visitor("ben")
    answer = ben.get(
        f"/counts/new?of=cases&case={quote(badge(station.workplace()) if card is None else written(card))}"
    )
    assert answer.status_code == 422
    assert said in ben.words
    assert "prepare" not in words(ben.page[ben.page.index("<h1>") :])


def test_a_count_is_looked_at_before_it_begins_and_begins_once(station: OpenStation) -> None:
    """The page says what is expected and saves nothing; the form sent twice begins one count."""
    fill(station)
    ben = station.visitor("ben")
    before = len(entries(station))
    ben.get("/counts/new?of=cases&case=case-01")
    assert "4 assets are expected" in ben.words
    assert "Nothing is saved yet." in ben.words
    assert len(entries(station)) == before
    form = hidden(ben) | {"case": "CASE-01"}
    first, second = ben.post("/counts", form), ben.post("/counts", form)
    assert first.headers["location"] == second.headers["location"] == "/counts/1"
    assert len(list(counts.all_counts(station.workplace()))) == 1
    ben.get("/counts/new?of=everything")
    assert "expects some of these assets too: Count 1" in ben.words


@pytest.mark.parametrize(
    ("asked", "words_said", "expected"),
    [
        ("of=room&room=North%2012", "room North 12", 1),
        ("of=holder&holder=jane%20smith", "what Jane Smith has", 1),
        ("of=cases&case=&holder=jane%20smith", "what Jane Smith has", 1),
        ("of=everything", "everything in storage", 4),
    ],
)
def test_a_room_a_holder_or_everything_can_be_counted(
    station: OpenStation, asked: str, words_said: str, expected: int
) -> None:
    """Each scope says what it is of, and expects what is recorded there."""
    fill(station)
    issue(station, "Jane Smith", "LT-1")
    commit(station, ["LT-9,2026-06-22T10:00:00Z,SCAN,mara,,,,laptop"])
    header = "asset_tag,timestamp,event_type,operator_id,case_number,slot_number,building_room\n"
    row = "LT-9,2026-06-23T10:00:00Z,UPDATE,mara,,,North 12\n"
    intake.commit(station.workplace(), scan_csv.parse((header + row).encode()), "r.csv", Options(), confirm=None)
    ben = station.visitor("ben")
    ben.get(f"/counts/new?{asked}")
    assert f"A count of: {words_said}" in ben.words
    assert f" {expected} {'asset is' if expected == 1 else 'assets are'} expected" in ben.words


@pytest.mark.parametrize("asked", ["of=cases", "of=room", "of=holder&holder=Nobody", "of=x", "of=cases&case=NONE"])
def test_what_can_not_be_counted_is_said(station: OpenStation, asked: str) -> None:
    """Nothing said, or nothing known: the form comes back with a sentence, and nothing can be begun."""
    ben = station.visitor("ben")
    assert ben.get(f"/counts/new?{asked}").status_code in {404, 409, 422}
    assert "There is a problem" in ben.words
    assert "Begin the count" not in ben.words


@pytest.mark.parametrize("asked", ["of=cases", "of=cases&case=&room=%20", "of=room", "of=holder", "of=x"])
def test_who_says_nothing_is_told_what_to_say(station: OpenStation, asked: str) -> None:
    """In a sentence of this page, that shows no blank as if somebody had typed it."""
    ben = station.visitor("ben")
    assert ben.get(f"/counts/new?{asked}").status_code == 422
    said = "It is not said what is to be counted. Nothing was saved. Choose cases, or name a room or a holder."
    assert said in ben.words
    assert "''" not in unescape(ben.page)


def test_scans_are_told_what_they_mean_and_the_tally_moves(station: OpenStation) -> None:
    """Found, in another slot, not expected, unknown: each is said at once and counted."""
    ben = begin(station)
    assert "4 Missing" in ben.words
    scan(ben, "lt-1\r\n")
    assert "LT-1: Found" in ben.words
    scan(ben, "]C0LT-2", case="CASE-01", slot="5")
    assert "LT-2: In another slot" in ben.words
    scan(ben, "XX-9")
    assert "XX-9: Unknown tag" in ben.words
    assert totals(station) == {"found": 1, "wrong_slot": 1, "unknown_tag": 1, "missing": 2}
    assert "1 Found 2 Missing" in ben.words
    assert verification.verify(station.workplace(), []).ok


def test_labels_say_where_the_next_ones_are_seen(station: OpenStation) -> None:
    """A case label stays, a slot label is of the next scan; neither is a sighting, and neither is anything else."""
    station.case("CASE-02", 3)
    ben = begin(station)
    scan(ben, "CASE-02")
    assert '<option value="CASE-02" selected>CASE-02' in ben.page
    scan(ben, "CASE-01/SLOT-02", case="CASE-02")
    assert 'id="slot" inputmode="numeric" value="2"' in ben.page
    scan(ben, "LT-1", case="CASE-01", slot="2")
    assert "LT-1: In another slot" in ben.words
    assert 'id="slot" inputmode="numeric" value=""' in ben.page
    assert '<option value="CASE-01" selected>CASE-01' in ben.page
    holders.register(station.workplace(), "Jane Smith")
    before = len(entries(station))
    for typed in ("AT U0", "Ünknown <b>", "jane smith"):
        scan(ben, typed)
        assert "Stop" in ben.words
        assert "<b>" not in ben.page
    assert len(entries(station)) == before


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("!!!", "is no tag, no label and no card. Nothing was added. Scan it again."),
        (
            written(Card(CardKind.END, "3")),
            "can't be a scan of a count. Nothing was added. Scan an asset, a case or a slot.",
        ),
        ("CASE-01", "is both an asset and a case. Nothing was added. If the case is meant, choose it"),
    ],
)
def test_a_scan_that_is_none_says_what_can_be_done_on_the_page(station: OpenStation, typed: str, said: str) -> None:
    """Nothing was added, so there is nothing to remove and nothing to look for in a queue."""
    ben = begin(station)
    commit(station, ["CASE-01,2026-06-22T10:00:00Z,SCAN,mara,,,,laptop"])
    before = len(entries(station))
    scan(ben, typed)
    assert said in ben.words
    assert "emove" not in ben.words
    assert "queue" not in ben.words
    assert len(entries(station)) == before


def test_scans_of_the_page_itself_are_added_once_each(station: OpenStation) -> None:
    """What is sent again under its name, because an answer was lost, adds nothing; without it each scan counts."""
    ben = begin(station)
    fields = {"typed": "LT-1", "sent_as": NAME}
    first = ben.post("/counts/1/scans", fields, hx_request="true")
    again = ben.post("/counts/1/scans", fields, hx_request="true")
    assert "LT-1: Found" in words(first.text)
    assert 'data-tone="ok"' in first.text
    assert again.status_code == 200
    assert counts.sheet(station.workplace(), 1).scans == 1
    ben.post("/counts/1/scans", {"typed": "LT-1", "sent_as": "1" * 32}, hx_request="true")
    assert counts.sheet(station.workplace(), 1).scans == 2
    wrong = ben.post("/counts/1/scans", {"typed": "LT-1", "slot": "0", "sent_as": "2" * 32}, hx_request="true")
    assert 'data-tone="bad"' in wrong.text


def test_what_was_begun_and_never_answered_is_not_done_again(station: OpenStation) -> None:
    """Where the server ended in the midst of a deed, the form leads to where one sees whether it was done."""
    name = name_of(Fields(FormData([("form", NAME), ("of", "everything")]), "/counts"))
    ben = begin(station)
    account = station.web.desk.open_queue(2, "ben", "2026-07-01T12:00:00.000000Z").account_id
    with station.workplace().store.read() as snapshot:
        size = snapshot.log_size
    station.web.desk.begin_answer(account, f"form\n{name}", b"0" * 32, "2026-07-01T12:00:00.000000Z", size - 1)
    assert ben.post("/counts", {"form": NAME, "of": "everything"}).headers["location"] == "/counts"
    assert len(list(counts.all_counts(station.workplace()))) == 1


def test_a_scan_of_which_nobody_knows_is_not_lost(station: OpenStation) -> None:
    """Where the server ended in the midst of a scan of a count, and others went on, sending it again adds it."""
    ben = begin(station)
    with station.workplace().store.read() as snapshot:
        size = snapshot.log_size
    account = station.web.desk.open_queue(2, "ben", "2026-07-01T12:00:00.000000Z").account_id
    digest = sha256(NAME.encode()).digest()
    station.web.desk.begin_answer(account, f"form\n{NAME}", digest, "2026-07-01T12:00:00.000000Z", size - 1)
    answer = ben.post("/counts/1/scans", {"typed": "LT-1", "sent_as": NAME}, hx_request="true")
    assert "LT-1: Found" in words(answer.text)
    assert counts.sheet(station.workplace(), 1).scans == 1


def test_the_page_asks_again_and_is_answered_only_with_news(station: OpenStation) -> None:
    """A page that knows the latest gets nothing; after somebody else's scan it gets the tally."""
    ben = begin(station)
    eve = station.visitor("eve")
    eve.get("/counts/1")
    found = re.search(r'hx-get="([^"]+)"', ben.get("/counts/1").text)
    assert found is not None
    poll = found[1].replace("&amp;", "&")
    assert ben.get(poll, hx_request="true", x_background="1").status_code == 204
    scan(eve, "LT-1")
    news = ben.get(poll, hx_request="true", x_background="1")
    assert news.status_code == 200
    assert "1 Found 3 Missing" in words(news.text)


def test_a_file_is_added_once(station: OpenStation) -> None:
    """A list of tags with places; the same file again adds nothing and says so; what is no list is refused."""
    ben = begin(station)
    listed = b"LT-1\nLT-2,CASE-01,2\nLT-3,CASE-01,6\n"
    assert ben.upload("/counts/1/file", "list.txt", listed).status_code == 303
    assert totals(station) == {"found": 2, "wrong_slot": 1, "missing": 1}
    assert ben.upload("/counts/1/file", "again.txt", listed).status_code == 200
    assert "added to the count before" in ben.words
    assert counts.sheet(station.workplace(), 1).scans == 3
    batch = (
        b"asset_tag,timestamp,event_type,operator_id,case_number,slot_number\nLT-4,2026-07-01T11:00:00Z,SCAN,ben,,\n"
    )
    assert ben.upload("/counts/1/file", "batch.csv", batch).status_code == 200  # from before the count began: a notice
    assert totals(station) == {"found": 3, "wrong_slot": 1}
    broken = batch.replace(b"2026-07-01T11:00:00Z", b"noon")
    assert ben.upload("/counts/1/file", "broken.csv", broken).status_code == 422
    assert "noon" in ben.words
    assert ben.upload("/counts/1/file", "bad.txt", b"LT 1 %%%\n").status_code == 422
    assert ben.post("/counts/1/file").status_code == 422


def test_a_count_is_signed_off_as_it_was_shown(station: OpenStation) -> None:
    """What moved since is refused and shown anew; confirmed, it stays, and sent again it leads to the same."""
    ben = begin(station)
    scan(ben, "LT-1")
    ben.get("/counts/1/close")
    assert "The scans are kept; nothing is signed off yet." in ben.words
    assert "3 Missing" in ben.words
    stale = hidden(ben)
    counts.add_scans(station.workplace(), 1, counts_of("LT-2"))
    assert ben.post("/counts/1/close", {**stale, "remark": "with Eve"}).status_code == 409
    assert "LT-2" in ben.words
    assert 'value="with Eve"' in ben.page
    assert "2 Missing" in ben.words
    fresh = {**hidden(ben), "remark": "with Eve"}
    ben.follow(ben.post("/counts/1/close", fresh))
    assert "Signed off" in ben.words
    assert "with Eve" in ben.words
    assert "Scan what you see" not in ben.words
    size = len(entries(station))
    assert ben.post("/counts/1/close", fresh).headers["location"] == "/counts/1"
    assert len(entries(station)) == size
    assert ben.post("/counts/1/scans", {"typed": "LT-3"}).status_code == 409
    assert ben.get("/counts/1/close").headers["location"] == "/counts/1"


def test_a_count_is_abandoned_for_a_reason(station: OpenStation) -> None:
    """It has no result then, and says who abandoned it and why."""
    ben = begin(station)
    ben.get("/counts/1/abandon")
    assert ben.post("/counts/1/abandon", {"reason": " "}).status_code == 422
    ben.follow(ben.post("/counts/1/abandon", {"reason": "the wrong case"}))
    assert "Abandoned" in ben.words
    assert "the wrong case" in ben.words
    assert "It has no result." in ben.words
    assert ben.get("/counts/1/close").status_code == 409
    assert "the wrong case" in ben.words
    ben.get("/counts")
    assert "No count goes on." in ben.words
    assert "Abandoned" in ben.words


def test_a_count_is_abandoned_with_the_scans_that_were_shown(station: OpenStation) -> None:
    """Scanned meanwhile, it goes on, and the page says with how many; once it is abandoned, that is the answer."""
    ben, eve = begin(station), station.visitor("eve")
    eve.get("/counts/1/abandon")
    shown = hidden(eve) | {"reason": "nothing counted yet"}
    scan(ben, "LT-1")
    scan(ben, "LT-1")
    before = len(entries(station))
    for said in (shown, shown | {"scans": ""}, shown | {"scans": "9" * 5000}):
        assert eve.post("/counts/1/abandon", said).status_code == 409
        assert "Count 1 is not as the page showed it: it has 2 scans by now. Nothing was saved." in eve.words
        assert "Its 2 scans stay in the log." in eve.words
        assert 'value="nothing counted yet"' in eve.page
    assert len(entries(station)) == before
    shown = hidden(eve) | {"reason": "nothing counted yet"}
    eve.follow(eve.post("/counts/1/abandon", shown))
    assert "Abandoned" in eve.words
    assert eve.post("/counts/1/abandon", shown).headers["location"] == "/counts/1"


def test_the_sheet_and_the_proposed_rows_are_files(station: OpenStation) -> None:
    """The sheet in every format, and a batch that records what was seen elsewhere, if there is any."""
    ben = begin(station)
    ben.get("/counts/1/fixes")
    assert "no asset that can be recorded" in ben.words
    scan(ben, "LT-1", case="CASE-01", slot="6")
    assert 'href="/counts/1/fixes"' in ben.page
    fixes = ben.get("/counts/1/fixes")
    assert "LT-1" in fixes.text
    assert "UPDATE" in fixes.text
    for ending, begins in (("pdf", b"%PDF-"), ("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("json", b"{")):
        sheet = ben.get(f"/counts/1/sheet?format={ending}")
        assert sheet.content.startswith(begins)
        assert sheet.headers["content-disposition"] == f'attachment; filename="count-1.{ending}"'
    assert ben.get("/counts/1/sheet?format=exe").status_code == 422


def test_whoever_may_only_look_sees_the_tally_and_no_form(station: OpenStation) -> None:
    """Viewers and auditors see how a count stands, and can do nothing with it."""
    begin(station)
    vic = station.visitor("vic", "viewer")
    vic.get("/counts/1")
    assert "4 Missing" in vic.words
    assert "/scans" not in vic.page
    assert "/counts/1/close" not in vic.page
    assert vic.post("/counts/1/scans", {"typed": "LT-1"}).status_code == 403
    vic.get("/counts")
    assert "/counts/new" not in vic.page
    assert vic.get("/counts/99").status_code == 404


def test_long_lists_are_cut_and_shown_whole_on_request(station: OpenStation) -> None:
    """Thirty lines of a result are on the page, all of one where that is asked for."""
    fill(station, 40, 40)
    counts.start(station.workplace(), AskedScope(cases=("CASE-01",)))
    vic = station.visitor("vic", "viewer")
    vic.get("/counts/1")
    assert len(re.findall(r'href="/assets/LT-\d+"', vic.page)) == 30
    vic.get("/counts/1?show=missing")
    assert len(re.findall(r'href="/assets/LT-\d+"', vic.page)) == 40


def counts_of(*tags: str) -> Scans:
    """Scans of some tags, without places."""
    return Scans([Spotted(tag) for tag in tags])
