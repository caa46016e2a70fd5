"""Mappings at the command line: proposed by headings, kept beside the database, used to preview somebody's table."""

import shlex
from pathlib import Path

from tests.cli.conftest import Desk
from tests.formats.test_spreadsheet import workbook

HEADINGS = ["Asset Tag", "Serial", "Model", "Colour"]
ROWS = [["LT-1", "S-1", "Note 14", "red"], ["LT-2", "S-2", "Note 14", "blue"]]
SAID = ("--map", "asset_tag=Asset Tag", "--map", "model=Model", "--set", "event_type=SCAN")
WHO = ("--set", "operator_id=mara")


def table(desk: Desk) -> str:
    """Write somebody's old list as a workbook, and return its path."""
    path = desk.folder / "old.xlsx"
    path.write_bytes(workbook([HEADINGS, *ROWS]))
    return str(path)


def test_a_batch_needs_no_mapping(station: Desk) -> None:
    """The command that previews it is told, which works as it stands; a workbook of the same has to be saved as one."""
    rows = [[" Asset_Tag", "timestamp", "EVENT_TYPE", "operator_id"], ["LT-1", "2026-02-17T09:00Z", "SCAN", "mara"]]
    batch = station.file("my scans.csv", *map(",".join, rows))
    said = station.tell("mapping", "suggest", batch)
    assert "is a batch already" in said
    assert f"  assettrack preview {shlex.quote(batch)}" in said.splitlines()
    assert "is known to be" not in said
    old = station.folder / "batch.xlsx"
    old.write_bytes(workbook(rows))
    assert "save it as CSV (UTF-8)" in station.tell("mapping", "suggest", str(old))


def test_an_old_list_becomes_a_batch(station: Desk) -> None:
    """Proposed, kept, previewed, committed: each step shows the next, and what is not mapped is not written."""
    old = table(station)
    proposal = station.tell("mapping", "suggest", old)
    assert "--map 'asset_tag=Asset Tag' --map serial_number=Serial --map model=Model" in proposal
    assert "--set event_type=SCAN --set operator_id=gcurl" in proposal
    assert "Not read: Colour." in proposal
    assert "preview FILE --mapping old-list" in station.tell("mapping", "add", "old-list", "--from", old, *SAID, *WHO)
    how = ("--mapping", "old-list", "--at", "2026-02-17T09:00", "--default", "equipment_type=laptop")
    page = " ".join(station.tell("preview", old, *how).split())
    assert "asset_tag from 'Asset Tag', model from 'Model'" in page
    assert "2 columns of the table not written anywhere: 'Serial', 'Colour'" in page
    assert "--mapping old-list --at 2026-02-17T09:00 --default equipment_type=laptop --confirm" in page
    code = station.ask("preview", old, *how)["confirm"]
    assert station.ask("commit", old, *how, "--confirm", code)["committed"] == 2
    assert "Note 14" in station.tell("asset", "show", "LT-2")
    assert station.ask("commit", old, *how, "--yes")["already_committed"]


def test_a_workbook_without_a_mapping_says_what_reads_it(station: Desk) -> None:
    """The option and the commands that find or make a mapping are named, and nothing is saved."""
    (problem,) = station.ask("preview", table(station), exit_code=3)["problems"]
    assert problem["code"] == "mapping_unsaid"
    for words in ("--mapping NAME", "assettrack mapping list", "assettrack mapping suggest", "as CSV"):
        assert words in problem["message"]


def test_a_list_of_another_program_says_what_reads_it(station: Desk) -> None:
    """Under headings that are no batch's, as a workbook: the way by a mapping is named. Of a batch it is not."""
    for lines, is_list in ((",".join(HEADINGS), True), ("asset_tag,timestamp,event_type", False)):
        file = station.file("old.csv", lines, "LT-1,S-1,x")
        for how in (("preview", file), ("commit", file, "--yes")):
            (problem,) = station.ask(*how, exit_code=3)["problems"]
            assert problem["code"] == "header_missing"
            for words in ("column mapping", "--mapping NAME", "assettrack mapping suggest FILE"):
                assert (words in problem["message"]) == is_list


def test_mappings_are_listed_shown_and_removed(station: Desk) -> None:
    """They are kept beside the database, not in its log."""
    size = station.log_size()
    assert station.ask("mapping", "list") == {"mappings": []}
    made = station.ask("mapping", "add", "old-list", *SAID, *WHO)
    assert made == {
        "name": "old-list",
        "fields": [
            {"field": "asset_tag", "heading": "Asset Tag", "value": None},
            {"field": "model", "heading": "Model", "value": None},
            {"field": "event_type", "heading": None, "value": "SCAN"},
            {"field": "operator_id", "heading": None, "value": "mara"},
        ],
    }
    assert station.ask("mapping", "show", "old-list") == made
    assert station.ask("mapping", "list") == {"mappings": [made]}
    assert "old-list" in station.tell("mapping", "list")
    assert "Asset Tag" in station.tell("mapping", "show", "old-list")
    assert Path(f"{station.database}.mappings.toml").exists()
    assert station.refuse("mapping", "add", "old-list", *SAID, *WHO, exit_code=2)["code"] == "value_unusable"
    station.tell("mapping", "remove", "old-list")
    assert station.refuse("mapping", "remove", "old-list", exit_code=4)["code"] == "not_found"
    assert station.log_size() == size


def test_what_can_not_be_meant_is_refused_before_it_is_kept(station: Desk) -> None:
    """A required field that nobody says, a time that moves, a heading that the table has not, a word without a sign."""
    old = table(station)
    for words, reason in (
        (SAID, "operator_id"),
        ((*SAID, *WHO, "--set", "timestamp=now"), "--at"),
        ((*SAID, *WHO, "--map", "notes=Remarks", "--from", old), "'Remarks'"),
        ((*SAID, *WHO, "--map", "notes"), "FIELD=TEXT"),
        ((*SAID[:-1], "event_type=FLY", *WHO), "one of SCAN, ISSUE, RETURN, UPDATE, RETIRE"),
        ((*SAID, *WHO, "--map", "asset_tag=Serial"), "said already"),
    ):
        assert reason in station.refuse("mapping", "add", "old-list", *words, exit_code=2)["message"]
    assert station.ask("mapping", "list") == {"mappings": []}


def test_a_preview_by_a_mapping_says_what_is_missing(station: Desk) -> None:
    """No such mapping, no time, no such sheet, answers about scans: each is told."""
    old = table(station)
    station.tell("mapping", "add", "old-list", *SAID, *WHO)
    assert station.refuse("preview", old, "--mapping", "older", exit_code=4)["code"] == "not_found"
    (problem,) = station.ask("preview", old, "--mapping", "old-list", exit_code=3)["problems"]
    assert problem["code"] == "mapping_incomplete"
    assert "--at TIME" in problem["message"]
    (problem,) = station.ask("preview", old, "--mapping", "old-list", "--sheet", "No", exit_code=3)["problems"]
    assert problem["code"] == "sheet_missing"
    (problem,) = station.ask("preview", "nosuch.csv", "--mapping", "old-list", exit_code=3)["problems"]
    assert problem["code"] == "file_not_found"
    assert station.type("preview", old, "--mapping", "old-list", "--take", "1").exit_code == 2
    assert station.type("preview", old, "--sheet", "No").exit_code == 2


def test_a_table_without_known_headings_has_no_proposal(station: Desk) -> None:
    """What there is, is told; what is no table, too."""
    odd = station.file("odd.csv", "Colour,Price", "red,1")
    assert "There are: Colour, Price." in station.tell("mapping", "suggest", odd)
    assert station.ask("mapping", "suggest", odd) == {"fields": [], "left": ["Colour", "Price"]}
    empty = station.file("empty.csv")
    assert station.refuse("mapping", "suggest", empty, exit_code=3)["code"] == "file_unreadable"


def test_lists_of_cases_and_holders_come_as_workbooks_too(station: Desk) -> None:
    """The one sheet is read as the text would be; a number for a name is refused, and what is no workbook is told."""
    cases, people = station.folder / "cases.xlsx", station.folder / "people.xlsx"
    cases.write_bytes(workbook([["CASE-11", 12], ["CASE-12", "4"]]))
    assert [len(case["slots"]) for case in station.ask("case", "init", "--from", str(cases))["cases"]] == [12, 4]
    people.write_bytes(workbook([["Name", "Identifier"], ["Ada Lovelace", 1815]]))
    said = station.refuse("holder", "add", "--from", str(people), exit_code=3)["message"]
    assert "row 2, column 2, holds '1815', which is no text" in said
    people.write_bytes(workbook([["Name", "Identifier"], ["Ada Lovelace", "1815"], ["", ""], ["Grace Hopper", ""]]))
    found = station.ask("holder", "add", "--from", str(people))["holders"]
    assert [(each["name"], each["identifier"]) for each in found] == [("Ada Lovelace", "1815"), ("Grace Hopper", None)]
    people.write_bytes(b"PK\x03\x04 and no more")
    assert station.refuse("holder", "add", "--from", str(people), exit_code=3)["code"] == "file_unreadable"
