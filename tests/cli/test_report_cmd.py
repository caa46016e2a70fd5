"""`report`: on the screen, as JSON and in files that other programs read back."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import apsw
import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from tests.cli.conftest import Desk

REPORTS = (
    "custody", "overdue", "holders", "organisations", "cases", "types", "unslotted", "problems", "intervals",
    "accountability", "activity",
)  # fmt: skip


@pytest.fixture
def busy(stocked: Desk) -> Desk:
    """The stocked station, where a holder whose name would run in a spreadsheet has LT-1, due in January."""
    stocked.tell("holder", "add", "=cmd|'x'!A1")
    stocked.tell("issue", "LT-1", "--to", "=cmd|'x'!A1", "--due", "2026-01-31", "--yes")
    return stocked


def csv_rows(text: bytes) -> list[list[str]]:
    """What the csv module reads."""
    return list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline="")))


def sheet_rows(path: Path) -> list[list[Any]]:
    """What a spreadsheet program reads."""
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def test_how_many_are_issued_right_now_and_to_whom(busy: Desk) -> None:
    """One command: the count on top, then one line a holder; the zone and the log are named."""
    lines = busy.tell("report", "custody").splitlines()
    assert lines[:2] == ["Custody now", "2 issued right now, to 2 holders; 1 overdue."]
    root = busy.ask("audit", "verify")["root"]
    assert lines[2].startswith("Made 2026-03-01 13:00:00 (Europe/Berlin) at assettrack-")
    assert lines[2].endswith(f"entries of the log with root {root}.")
    assert [line.split("  ")[0] for line in lines[5:7]] == ["=cmd|'x'!A1", "Jane Smith"]


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_says_the_same_in_json_and_csv(busy: Desk, name: str) -> None:
    """The same rows for programs and for spreadsheets; and what it is made from for whoever holds a checkpoint."""
    unresolved = name == "accountability"
    answer = busy.ask("report", name, exit_code=4 if unresolved else 0)
    checkpoint = busy.ask("audit", "checkpoint")
    assert (answer["report"], answer["entries"], answer["root"]) == (name, checkpoint["size"], checkpoint["root"])
    assert answer["timezone"] == "Europe/Berlin"
    assert answer["made_at"] == "2026-03-01T12:00:00.000000Z"
    rows = answer["unresolved" if unresolved else "rows"]
    keys = [column["key"] for column in answer["columns"]]
    busy.type("report", name, "--format", "csv", "--output", str(busy.folder / "report.csv"))
    headings, *cells = csv_rows((busy.folder / "report.csv").read_bytes())
    assert len(headings) == len(keys)
    assert len(cells) == len(rows)
    for row, written in zip(rows, cells, strict=True):
        for column, key, cell in zip(answer["columns"], keys, written, strict=True):
            said = row[f"{key}_local" if column["kind"] == "time" else key]
            assert cell.removeprefix("'") == ("" if said is None else str(said))


def test_a_report_as_csv_on_the_standard_output(busy: Desk) -> None:
    """What a file would hold; a cell that would run in a spreadsheet is made harmless."""
    headings, first, second = csv_rows(busy.tell("report", "custody", "--format", "csv").encode())
    assert headings == ["Holder", "Organisation", "Assets", "Overdue"]
    assert first == ["'=cmd|'x'!A1", "Ad Hoc", "1", "1"]
    assert second == ["Jane Smith", "Ad Hoc", "1", "0"]


def test_a_report_as_a_workbook(busy: Desk) -> None:
    """Title, subtitle and typed cells; the format is told by the file's name."""
    said = busy.tell("report", "custody", "--details", "--output", str(busy.folder / "custody.xlsx"))
    assert said == f"Custody now: 2 rows in {busy.folder / 'custody.xlsx'}.\n"
    rows = sheet_rows(busy.folder / "custody.xlsx")
    assert rows[0][0] == "Custody now"
    head = next(number for number, row in enumerate(rows) if row[0] == "Asset")
    first = dict(zip(rows[head], rows[head + 1], strict=True))
    assert (first["Asset"], first["Holder"], first["Due"].isoformat()) == ("LT-1", "'=cmd|'x'!A1", "2026-01-31")
    assert first["Since (Europe/Berlin)"].isoformat() == "2026-03-01T13:00:00"


def test_a_report_on_paper(busy: Desk) -> None:
    """The PDF shows the title, the rows, the zone and the root of the log."""
    busy.tell("report", "custody", "--details", "--format", "pdf", "--output", str(busy.folder / "custody.paper"))
    document = pypdfium2.PdfDocument(busy.folder / "custody.paper")
    text = " ".join(page.get_textpage().get_text_bounded() for page in document).replace("\r\n", " ")
    root = busy.ask("audit", "checkpoint")["root"]
    for words in ("Custody now", "LT-1", "LT-3", "Jane Smith", "Europe/Berlin", "page 1 of 1"):
        assert words in text
    assert root in text.replace(" ", "")


def test_a_report_as_a_json_file(busy: Desk) -> None:
    """The file holds the table; with --json the answer says what was written."""
    file = str(busy.folder / "custody.json")
    answer = busy.ask("report", "custody", "--output", file)
    assert answer == {"report": "custody", "format": "json", "file": file, "rows": 2}
    table = json.loads(Path(file).read_bytes())
    assert [row["holder"] for row in table["rows"]] == ["=cmd|'x'!A1", "Jane Smith"]


def test_a_file_is_never_written_over_another(busy: Desk) -> None:
    """Only with --force."""
    file = busy.file("custody.csv", "mine")
    assert busy.refuse("report", "custody", "--output", file, exit_code=4)["code"] == "file_exists"
    assert Path(file).read_text() == "mine\n"
    busy.tell("report", "custody", "--output", file, "--force")
    assert len(csv_rows(Path(file).read_bytes())) == 3


@pytest.mark.parametrize(
    "words",
    [
        ("--format", "xlsx"),
        ("--format", "pdf"),
        ("--output", "custody"),
        ("--output", "custody.doc"),
        ("--force",),
        ("--format", "csv"),
        ("--holder", " "),
    ],
)
def test_what_does_not_go_together(busy: Desk, words: tuple[str, ...]) -> None:
    """What can't be opened from a stream needs a file, a file needs a format, and --json is one answer only: exit 2."""
    answer = busy.type("--json", "report", "custody", *words)
    assert answer.exit_code == 2
    assert json.loads(answer.out)["error"]["saved"] is False


@pytest.mark.parametrize(
    "words",
    [
        ("custody", "--holder", "Nobody"),
        ("custody", "--organisation", "Nobody"),
        ("overdue", "--type", "spaceship"),
        ("intervals", "--asset", "ZZ-9"),
        ("accountability", "--holder", "Nobody"),
    ],
)
def test_a_filter_that_means_nothing_is_refused(busy: Desk, words: tuple[str, ...]) -> None:
    """No empty page that looks as though all were well."""
    busy.refuse("report", *words, exit_code=4)


def test_accountability_answers_with_its_exit_code(busy: Desk) -> None:
    """4 while anything is unresolved, with the reasons; 0 when nothing is, on the screen as for programs."""
    answer = busy.ask("report", "accountability", exit_code=4)
    assert (answer["ok"], answer["assets"], answer["confirmed"], answer["out"]) == (False, 3, 0, 0)
    assert "not accepted yet" in (said := busy.type("report", "problems").out)
    assert "acceptance_open" not in said
    reasons = {row["asset_tag"]: row["codes"] for row in answer["unresolved"]}
    assert reasons == {"LT-1": "overdue, acceptance_open", "LT-2": "unslotted", "LT-3": "acceptance_open"}
    assert "rows" not in answer
    assert busy.type("report", "accountability").exit_code == 4
    busy.tell("setting", "set", "acceptance", "off")
    busy.tell("return", "LT-1", "--yes")
    busy.tell("slot", "assign", "LT-2", "CASE-02", "1")
    answer = busy.ask("report", "accountability", "--all")
    assert (answer["ok"], answer["confirmed"], answer["out"], answer["unresolved"]) == (True, 2, 1, [])
    assert [row["standing"] for row in answer["rows"]] == ["confirmed", "confirmed", "out"]
    assert "3 assets: 2 confirmed, 1 out, 0 unresolved." in busy.tell("report", "accountability", "--all")
    late = busy.ask("report", "accountability", "--since", "2027-01-01", exit_code=4)
    assert [row["codes"] for row in late["unresolved"]] == ["not_seen", "not_seen"]


def test_accountability_as_a_file_keeps_its_exit_code(busy: Desk) -> None:
    """A script that asks for a file is told as well."""
    file = busy.folder / "all.csv"
    assert busy.type("report", "accountability", "--all", "--output", str(file)).exit_code == 4
    assert len(csv_rows(file.read_bytes())) == 4


def test_activity_says_what_happened(busy: Desk) -> None:
    """In words, by kind and by person."""
    rows = busy.ask("report", "activity", "--kind", "issue", "--by", "gcurl")["rows"]
    assert [(row["asset_tag"], row["what"]) for row in rows] == [
        ("LT-1", "LT-1: in CASE-01 slot 1 -> in custody of =cmd|'x'!A1; due 2026-01-31")
    ]
    assert len(busy.ask("report", "activity", "--last", "3")["rows"]) == 3
    assert busy.ask("report", "activity", "--since", "2026-03-02")["rows"] == []
    assert busy.type("report", "activity", "--kind", "PARTY").exit_code == 2


def test_intervals_of_an_asset_and_of_a_holder(busy: Desk) -> None:
    """Who had it, what they had; without either only the sums."""
    (first,) = busy.ask("report", "intervals", "--asset", "lt-1")["rows"]
    assert (first["holder"], first["until"], first["began"]) == ("=cmd|'x'!A1", None, "ISSUE")
    (of_jane,) = busy.ask("report", "intervals", "--holder", "jane smith")["rows"]
    assert (of_jane["asset_tag"], of_jane["since_local"]) == ("LT-3", "2026-02-01T10:00:00+01:00")
    assert [row["intervals"] for row in busy.ask("report", "intervals")["rows"]] == [1, 1]
    assert len(busy.ask("report", "intervals", "--details")["rows"]) == 2


def test_what_a_name_contains_can_t_move_the_cursor(busy: Desk) -> None:
    """A name that was put into the database by other means is shown inert, on the screen and in no other way."""
    connection = apsw.Connection(str(busy.database))
    connection.execute("UPDATE holders SET name = ? WHERE name = 'Jane Smith'", ("\x1b[2JJane\u202e",))
    connection.close()
    page = busy.tell("report", "custody")
    assert "\\x1b[2JJane\\u202e" in page
    assert "\x1b" not in page


def test_a_time_that_is_none_is_damage(busy: Desk) -> None:
    """A value that can't be one is not shown as though it were: the database is said to be damaged."""
    connection = apsw.Connection(str(busy.database))
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
    connection.execute("UPDATE assets SET latest_at = 'yesterday, or the day be.. '")
    connection.close()
    for words in ((), ("--json",), ("--format", "csv")):
        assert busy.type("report", "accountability", *words).exit_code == 5
