"""The form that changes one scan of the queue opens as the scan is: sent as it opened, it makes no other deed."""

import re
from html import unescape

import pytest

from assettrack.domain.cards import Card, CardKind, written
from assettrack.domain.queued_scans import Held, QueuedScan, RowMeant
from assettrack.domain.tags import OUT
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import accounts, queues
from tests.services.printed import badge
from tests.web.handing_over import JANE, issued, stocked
from tests.web.visitors import OpenStation, Visitor

END, OUT_CARD = written(Card(CardKind.END)), written(Card(CardKind.CASE, "OUT"))


def event(name: str) -> str:
    """What an event's card types."""
    return written(Card(CardKind.EVENT, name))


def at_intake(station: OpenStation) -> Visitor:
    """Sit down at the intake page, where LT-1 to LT-4 are in CASE-01, and Jane has LT-5."""
    stocked(station)
    issued(station, "LT-5")
    ben = station.visitor("ben")
    ben.get("/intake")
    return ben


def scanned(station: OpenStation, visitor: Visitor, *typed: str) -> QueuedScan:
    """Scan one after another; return the last scan of the queue."""
    for each in typed:
        visitor.post("/intake/scans", {"typed": each}, hx_request="true")
    return last(station)


def last(station: OpenStation) -> QueuedScan:
    """Return the last scan of the queue."""
    account = accounts.named(station.workplace(), "ben")
    assert account is not None
    return queues.current(station.workplace("ben"), station.web.desk, account).scans[-1]


def opened(visitor: Visitor, scan: QueuedScan) -> dict[str, str]:
    """Open the form of a scan; return what it would say if it is sent as it opened."""
    visitor.get(f"/intake/scans/{scan.number}")
    form = re.search(rf'<form action="/intake/scans/{scan.number}".*?</form>', visitor.page, re.DOTALL)
    assert form is not None, visitor.words
    chosen = re.search(r'<option value="([^"]*)" selected', form[0]) or re.search(r'<option value="([^"]*)"', form[0])
    assert chosen is not None
    fields = [re.search(r'name="([^"]*)"', each) for each in re.findall(r"<input[^>]*>", form[0])]
    values = [re.search(r'value="([^"]*)"', each) for each in re.findall(r"<input[^>]*>", form[0])]
    said = {name[1]: unescape(value[1]) for name, value in zip(fields, values, strict=True) if name and value}
    return {**said, "event_type": chosen[1]}


def kept(visitor: Visitor, scan: QueuedScan, said: dict[str, str]) -> None:
    """Send the form of a scan."""
    visitor.follow(visitor.post(f"/intake/scans/{scan.number}", said))


@pytest.mark.parametrize(
    "typed",
    [
        (event("ISSUE"), "badge", "LT-1"),
        (event("TRANSFER"), "badge", "LT-5"),
        (event("RETURN"), "LT-5"),
        (event("RETURN"), OUT_CARD, "LT-5"),
        (event("UPDATE"), "CASE-01 SLOT-07", "LT-1"),
        (event("UPDATE"), OUT_CARD, "LT-1"),
        (event("RETIRE"), "LT-1"),
        ("LT-1",),
        (OUT_CARD, "LT-1"),
        ("CASE-01", "LT-1"),
    ],
)
def test_a_row_that_is_sent_as_its_form_opened_is_the_same_row(station: OpenStation, typed: tuple[str, ...]) -> None:
    """Each event, to a holder, into a slot and into none."""
    ben = at_intake(station)
    scan = scanned(station, ben, *[badge(station.workplace()) if each == "badge" else each for each in typed])
    assert isinstance(scan.meant, RowMeant)
    kept(ben, scan, opened(ben, scan))
    assert last(station).meant == scan.meant


@pytest.mark.parametrize(
    ("typed", "reason", "row"),
    [
        ((event("ISSUE"), "LT-1"), "holder_not_said", TypedRow("ISSUE", "LT-1", place=OUT)),
        ((event("TRANSFER"), "LT-5"), "holder_not_said", TypedRow("TRANSFER", "LT-5", place=OUT)),
        ((event("UPDATE"), "CASE-01 SLOT-07", "LT-1", "LT-2"), "slot_used", TypedRow("UPDATE", "LT-2")),
        ((event("RETURN"), "CASE-01 SLOT-07", "LT-5", "LT-1"), "slot_used", TypedRow("RETURN", "LT-1")),
        (("CASE-77",), "case_or_asset", TypedRow("SCAN", "CASE-77")),
        ((OUT_CARD, "CASE-77"), "case_or_asset", TypedRow("SCAN", "CASE-77", place=OUT)),
        ((event("ISSUE"), "badge", "!!!"), "scan_unreadable", TypedRow("ISSUE", "", JANE, OUT, holder_id=1)),
        ((event("RETURN"), "CASE-02"), "case_has_nothing", TypedRow("RETURN", "")),
    ],
)
def test_a_held_scan_opens_as_what_was_said_of_it(
    station: OpenStation, typed: tuple[str, ...], reason: str, row: TypedRow
) -> None:
    """With its event, its asset and its holder, as far as they are known; what is not clear is blank, and not Scan."""
    ben = at_intake(station)
    station.case("CASE-02", 2)
    scan = scanned(station, ben, *[badge(station.workplace()) if each == "badge" else each for each in typed])
    assert isinstance(scan.meant, Held)
    assert (scan.meant.reason, scan.meant.row) == (reason, row)
    said = opened(ben, scan)
    out = "" if row.event_type in {"ISSUE", "TRANSFER"} or row.place is None else "OUT"
    assert (said["event_type"], said["issued_to_name"]) == (row.event_type, row.issued_to_name)
    assert (said["case_name"], said["slot_position"]) == (out, out)
    assert said["asset_tag"] == (row.asset_tag or {"scan_unreadable": "!!!"}.get(reason, ""))
    kept(ben, scan, {**said, "asset_tag": "LT-3"})
    meant = last(station).meant
    assert isinstance(meant, RowMeant)
    assert (meant.row.event_type, meant.row.asset_tag) == (row.event_type, "LT-3")
    assert (meant.row.issued_to_name, meant.row.holder_id) == (row.issued_to_name, row.holder_id)


def test_an_issue_whose_holder_was_not_said_asks_for_the_holder_alone(station: OpenStation) -> None:
    """Sent as it opened it is still the issue of that asset, which lacks a holder; and it is to whoever is named."""
    ben = at_intake(station)
    scan = scanned(station, ben, event("ISSUE"), "LT-1")
    kept(ben, scan, opened(ben, scan))
    assert "Holder is blank" in ben.words
    kept(ben, last(station), {**opened(ben, last(station)), "issued_to_name": JANE})
    assert last(station).meant == RowMeant(TypedRow("ISSUE", "LT-1", JANE, OUT, holder_id=1))


@pytest.mark.parametrize("typed", [(END, "LT-1"), ("AT X",), (written(Card(CardKind.HOLDER, "99")),)])
def test_where_nobody_said_the_event_it_has_to_be_chosen(station: OpenStation, typed: tuple[str, ...]) -> None:
    """After the end of a round, and of a card that says nothing of an asset; nothing is chosen before."""
    ben = at_intake(station)
    scan = scanned(station, ben, *typed)
    assert isinstance(scan.meant, Held)
    assert scan.meant.row is None
    said = opened(ben, scan)
    assert (said["event_type"], said["asset_tag"]) == ("", "LT-1" if "LT-1" in typed else "")
    assert "Not known: choose it" in ben.words
    assert ben.post(f"/intake/scans/{scan.number}", {**said, "asset_tag": "LT-1"}).status_code == 422
    assert last(station).meant == scan.meant


def test_what_was_scanned_again_is_there_when_its_first_scan_is_another_asset(station: OpenStation) -> None:
    """The label of LT-1 was read twice, and the first line is said to be LT-2: both are issued, and none is lost."""
    ben = at_intake(station)
    first = scanned(station, ben, event("ISSUE"), JANE, "LT-1")
    scanned(station, ben, "LT-1")
    kept(ben, first, opened(ben, first) | {"asset_tag": "LT-2"})
    ben.get("/intake/check")
    assert ben.words.count("in custody of Jane Smith") == 2
    assert re.search(r"LT-1 in CASE-01 slot 1 → in custody of Jane Smith", ben.words)
    assert re.search(r"LT-2 scanned as LT-1 in CASE-01 slot 2 → in custody of Jane Smith", ben.words)


def test_a_used_slot_is_said_to_be_for_what_its_scan_is_now(station: OpenStation) -> None:
    """What stands beside Now, and what the held scan says, is the asset of the line that was changed."""
    ben = at_intake(station)
    first = scanned(station, ben, "CASE-01 SLOT-08", "LT-50")
    kept(ben, first, opened(ben, first) | {"asset_tag": "LT-51"})
    assert "Now: Scan in · CASE-01 slot 8 was for LT-51: scan the label" in ben.words
    scanned(station, ben, "LT-52")
    ben.get("/intake")
    assert "was for asset LT-51 alone, and LT-52 came without one" in ben.words


def test_a_line_and_the_check_page_say_that_an_asset_was_seen_in_another_case(station: OpenStation) -> None:
    """The label of CASE-02 held: LT-1 lies there and is recorded elsewhere, which a commit does not change."""
    ben = at_intake(station)
    station.case("CASE-02", 8)
    seen = "Asset LT-1 was seen in CASE-02, but is recorded in CASE-01 slot 1. Nothing changes."
    answer = ben.post("/intake/scans", {"typed": "CASE-02\nLT-1"}, hx_request="true").text
    assert seen in answer
    assert "in CASE-01 slot 1, unchanged" not in answer
    ben.get("/intake")
    assert seen in ben.words
    ben.get("/intake/check")
    assert f"LT-1 {seen}" in ben.words


def test_the_buttons_of_a_changed_scan_name_what_it_is_now(station: OpenStation) -> None:
    """Whoever hears the page hears the asset that the line is about, in the queue and before the commit."""
    ben = at_intake(station)
    scan = scanned(station, ben, "LT-O1")
    kept(ben, scan, {**opened(ben, scan), "asset_tag": "LT-8"})
    for address in ("/intake", "/intake/check"):
        ben.get(address)
        assert "Change LT-8" in ben.words
        assert "Remove LT-8" in ben.words
        assert "Change LT-O1" not in ben.words


@pytest.mark.parametrize("kind", ["laptop", ""], ids=["to commit", "to mend"])
def test_a_scan_of_another_asset_is_called_the_same_on_both_pages(station: OpenStation, kind: str) -> None:
    """By its asset, also where only a screen reader says it, with what was scanned beside it once."""
    ben = at_intake(station)
    scan = scanned(station, ben, "LT-0099")
    kept(ben, scan, {**opened(ben, scan), "asset_tag": "LT-0005", "equipment_type": kind})
    for path in ("/intake", "/intake/check"):
        ben.get(path)
        row = re.search(rf'<(li|tr) id="scan-{scan.number}".*?</\1>', ben.page, re.DOTALL)
        assert row is not None, ben.words
        assert re.findall(r'<span class="unseen"> ([^<]*)</span>', row[0]) == ["LT-0005", "LT-0005"]
        assert re.findall(r"<small>([^<]*LT-0099)</small>", row[0]) == ["scanned as LT-0099"]
        assert row[0].count("LT-0099") == 1
    ben.get("/intake")
    kept(ben, scan, {**opened(ben, scan), "asset_tag": "LT-0099"})
    for path in ("/intake", "/intake/check"):
        ben.get(path)
        assert "scanned as" not in ben.words
