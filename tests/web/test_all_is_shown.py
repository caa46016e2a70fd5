"""Whoever commits has seen all that will be kept: of the whole batch and of each row, before and after."""

from assettrack.services import holders
from tests.web.queue_forms import drawn_for
from tests.web.test_intake_pages import at_the_desk, code, scan
from tests.web.visitors import OpenStation

HEADS = "asset_tag,timestamp,event_type,operator_id,issued_to_name,case_number,slot_number,building_room,"
HEADS += "equipment_type,serial_number,manufacturer,model,model_code,notes\n"


def test_a_new_assets_description_and_notes_are_on_the_check_page_and_on_the_batch(station: OpenStation) -> None:
    """Not only where it goes."""
    ben = at_the_desk(station)
    scan(ben, "LT-1")
    row = {
        "event_type": "SCAN", "asset_tag": "LT-1", "equipment_type": "laptop", "serial_number": "SN-7",
        "manufacturer": "Acme", "model": "Anvil", "model_code": "A-1", "building_room": "Room 9", "notes": "dented lid",
    }  # fmt: skip
    ben.post("/intake/scans/1", {**drawn_for(ben, 1), **row})
    said = (
        "new laptop → in storage, in no slot; room Room 9; serial number SN-7; manufacturer Acme; model Anvil; "
        "model code A-1; notes: dented lid"
    )
    ben.get("/intake/check")
    assert said in ben.words
    ben.follow(ben.post("/intake/commit", code(ben)))
    assert said in ben.words


def test_what_is_of_the_whole_batch_is_shown_before_and_after(station: OpenStation) -> None:
    """When things are due back, how they are accepted and by whom."""
    ben = at_the_desk(station)
    holders.register(station.workplace(), "Jane Smith")
    scan(ben, "LT-1")
    ben.get("/intake/check")
    ben.post("/intake/commit", code(ben))
    ben.get("/intake")
    given = {"event_type": "ISSUE", "holder": "Jane Smith", "due_on": "2026-08-01", "how": "paper"}
    given["notes"] = "for the fair"
    ben.post("/intake/context", given)
    scan(ben, "LT-1")
    ben.get("/intake/check")
    whole = "Due back, for the whole batch 2026-08-01 Accepted, for the whole batch Signed on paper, by Jane Smith"
    assert whole in ben.words
    assert "; notes: for the fair" in ben.words
    ben.follow(ben.post("/intake/commit", code(ben)))
    assert whole in ben.words
    assert "; notes: for the fair" in ben.words


def test_a_files_notes_late_reason_and_new_people_are_shown(station: OpenStation) -> None:
    """As on the page of scans, and on the page of the batch that it becomes."""
    ben = at_the_desk(station)
    rows = "LT-1,2026-02-02T10:00:00Z,SCAN,ben,,CASE-01,1,,,,,Anvil,,dented lid\n"
    rows += "LT-1,2026-02-02T11:00:00Z,ISSUE,ben,Zoe Quick,OUT,OUT,,,,,,,\n"
    options = {"equipment_type": "laptop", "new_holders": "1", "late_reason": "the clock stood", "how": "typed"}
    ben.follow(ben.upload("/intake/upload", "day.csv", (HEADS + rows).encode(), options))
    wanted = [
        "new laptop → in CASE-01 slot 1; model Anvil; notes: dented lid",
        "Accepted, for the whole batch Name typed, by Zoe Quick",
        "Reason for what is late the clock stood",
        "Equipment type of new assets of which the file says none laptop",
        "Registered by this batch Zoe Quick",
    ]
    for said in wanted:
        assert said in ben.words
    ben.follow(ben.post(f"{path_of(ben.page)}/commit", {"confirm": confirm(ben.page)}))
    assert "Committed: 2 rows" in ben.words
    for said in wanted:
        assert said in ben.words


def path_of(page: str) -> str:
    """Where a file is committed."""
    return page.partition('action="/intake/files/')[2].partition("/")[0].join(["/intake/files/", ""])


def confirm(page: str) -> str:
    """The code that a page shows."""
    return page.partition('name="confirm" value="')[2].partition('"')[0]
