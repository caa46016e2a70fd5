"""`count`: begin, scan, show, sign off, mend, and check a case that comes back; for people and for machines."""

import json
from pathlib import Path

import pytest

from assettrack.domain.counts import RESULTS
from tests.cli.conftest import Desk

NOTHING = dict.fromkeys(RESULTS, 0)


def test_a_count_for_people(stocked: Desk) -> None:
    """It is begun, scanned by tags and by a list, looked at and signed off; what to do next is said."""
    assert stocked.tell("count", "start", "--case", "case-01") == "Count 1 of CASE-01 is open: 1 asset expected.\n"
    assert stocked.tell("count", "scan", "1", "LT-1", "--slot", "SLOT-05") == (
        "Count 1: 1 scan added. See how it stands: assettrack count show 1\n"
    )
    stocked.tell("count", "scan", "1", "--from", stocked.file("list.txt", "LT-2,CASE-01,4", "LT-3", "LT-4", "NEW"))
    page = stocked.tell("count", "show", "1")
    assert page.startswith("Count 1: CASE-01\nBegun 2026-03-01 13:00:00+01:00 (Europe/Berlin) by gcurl.\nOpen: ")
    result = "1 wrong slot, 1 seen in custody, 1 unexpected, 1 unknown tag, 1 retired but seen"
    assert f"1 asset expected, 5 scans: {result}.\n" in page
    assert "1 in another slot than recorded\nasset  recorded        seen            now\n" in page
    assert "LT-1   CASE-01 slot 1  CASE-01 slot 5  in CASE-01 slot 1\n" in page
    assert "LT-3   not expected  here  in custody of Jane Smith\n" in page
    assert "NEW    not expected  here  not known\n" in page
    preview = stocked.tell("count", "close", "1", "--preview")
    page, _, code = preview.rpartition("To sign off exactly this, repeat the command with --confirm ")
    assert page == stocked.tell("count", "show", "1")
    assert stocked.tell("count", "close", "1", "--remark", "with  Bob", "--confirm", code.strip()) == (
        f"Count 1 is signed off by entry 15: {result}.\n"
    )
    assert "Signed off 2026-03-01 13:00:00+01:00 (Europe/Berlin) by gcurl (with Bob).\n" in stocked.tell(
        "count", "show", "1"
    )
    assert stocked.ask("audit", "verify")["ok"] is True


def test_a_count_for_machines(stocked: Desk) -> None:
    """Each answer has the keys that were promised, with the entries and the checkpoint where something was saved."""
    begun = stocked.ask("count", "start", "--everything")
    assert (begun["count_id"], begun["expected"], begun["notices"]) == (1, 2, [])
    assert begun["scope"] == {
        "cases": [],
        "room": None,
        "holder": None,
        "everything": True,
        "words": "everything in storage",
    }
    added = stocked.ask("count", "scan", "1", "LT-1", "LT-1", "--case", "CASE-01")
    assert (added["count_id"], added["scans"], added["already_added"], added["notices"]) == (1, 2, False, [])
    sheet = stocked.ask("count", "show", "1")
    assert (sheet["expected"], sheet["scans"], sheet["closed"], sheet["timezone"]) == (2, 2, None, "Europe/Berlin")
    assert sheet["totals"] == NOTHING | {"found": 1, "missing": 1}
    assert sheet["lines"] == [
        {
            "asset_tag": "LT-2", "result": "missing", "scans": 0, "expected": True, "expected_case": None,
            "expected_slot": None, "expected_holder": None, "seen_case": None, "seen_slot": None, "seen_at": None,
            "now": "in storage, in no slot",
        }
    ]  # fmt: skip
    assert [line["asset_tag"] for line in stocked.ask("count", "show", "1", "--all")["lines"]] == ["LT-2", "LT-1"]
    shown = stocked.ask("count", "close", "1", "--preview")
    assert shown == {**stocked.ask("count", "show", "1"), "already_committed": False, "confirm": shown["confirm"]}
    closed = stocked.ask("count", "close", "1", "--confirm", shown["confirm"])
    assert (closed["count_id"], closed["totals"]) == (1, sheet["totals"])
    for answer, rows in ((begun, 1), (added, 2), (closed, 1)):
        deed = (answer["batch_id"], answer["committed"], answer["already_committed"])
        assert deed == (None, rows, False)
    for answer, size in ((begun, 12), (added, 13), (closed, 14)):
        assert (answer["first_seq"], answer["last_seq"], answer["checkpoint"].splitlines()[1]) == (
            size,
            size,
            str(size),
        )
    (listed,) = stocked.ask("count", "list")["counts"]
    assert (listed["count_id"], listed["expected"], listed["totals"]) == (1, 2, sheet["totals"])
    assert (listed["started"]["seq"], listed["closed"]["seq"]) == (12, 14)


def test_counts_are_listed(stocked: Desk) -> None:
    """With what they are of and whether they are open; those that are signed off can be left out."""
    for words, said in ((("list",), "No count was begun. "), (("list", "--open"), "No count is open. ")):
        answer = stocked.type("count", *words)
        assert (answer.exit_code, answer.out) == (0, "")
        assert answer.err.startswith(f"{said}Begin one with: assettrack count start")
    assert stocked.ask("count", "list") == {"counts": [], "timezone": "Europe/Berlin"}
    stocked.tell("count", "start", "--case", "CASE-01", "--case", "CASE-02")
    stocked.tell("count", "start", "--holder", "jane smith")
    stocked.tell("count", "start", "--case", "CASE-02")
    stocked.tell("count", "close", "1", "--yes")
    stocked.tell("count", "abandon", "3", "--reason", "the wrong  case")
    lines = stocked.tell("count", "list").splitlines()
    begun = "2026-03-01 13:00:00+01:00 (Europe/Berlin)"
    assert lines[1:] == [
        f"    1         1  {begun}  signed off  CASE-01, CASE-02",
        f"    2         1  {begun}  open        what Jane Smith has",
        f"    3         0  {begun}  abandoned   CASE-02 (abandoned by gcurl: the wrong case)",
    ]
    assert [each["count_id"] for each in stocked.ask("count", "list", "--open")["counts"]] == [2]


def test_notices_are_told(stocked: Desk) -> None:
    """An overlap when a count is begun, a file that was added before: said on stderr, and the count goes on."""
    stocked.tell("count", "start", "--everything")
    answer = stocked.type("count", "start", "--case", "CASE-01")
    assert answer.err == "Note: Some of these assets are expected by other open counts too: 1.\n"
    file = stocked.batch(
        "LT-1,2026-03-01T12:00:00Z,SCAN,m,,CASE-01,1,,", "LT-3,2026-03-01T12:00:00Z,RETURN,m,,OUT,OUT,,"
    )
    assert stocked.type("count", "scan", "1", "--from", file).err.startswith("Note: 1 row of other events than SCAN")
    again = stocked.type("count", "scan", "1", "--from", file)
    assert (again.exit_code, again.out) == (0, "")
    assert again.err.startswith("Note: This file was added to the count before, with entry 14;")


def test_long_lists_are_cut(station: Desk) -> None:
    """A page shows the first lines of each result and counts the rest; --all shows them all, and what was found."""
    rows = [f"LT-{number:03},2026-02-01T08:00:00Z,SCAN,anna,,,,laptop," for number in range(45)]
    station.tell("commit", station.batch(*rows), "--yes")
    station.tell("count", "start", "--everything")
    station.tell("count", "scan", "1", "LT-000", "LT-001")
    page = station.tell("count", "show", "1")
    assert "43 missing: expected, and not seen\n" in page
    assert ("LT-041" in page, "LT-042" in page, "LT-000" in page) == (True, False, False)
    assert "and 3 more; --all shows them\n" in page
    whole = station.tell("count", "show", "1", "--all")
    assert ("LT-044" in whole, "2 found\n" in whole, "more; --all" in whole) == (True, True, False)


def test_an_empty_count(station: Desk) -> None:
    """A case with nothing in it can be counted; the page says that there was nothing."""
    station.tell("count", "start", "--case", "CASE-02")
    assert "0 assets expected, 0 scans: nothing expected, nothing seen.\n" in station.tell("count", "show", "1")


@pytest.mark.parametrize(
    "words",
    [
        ("start",),
        ("start", "--everything", "--case", "CASE-01"),
        ("start", "--case", "A/B"),
        ("start", "--room", " "),
        ("start", "--holder", ""),
        ("scan", "1"),
        ("scan", "0", "LT-1"),
        ("scan", "one", "LT-1"),
        ("show", "99999999999999999999"),
        ("scan", "1", "LT 1"),
        ("scan", "1", "LT-1", "LT-2", "--slot", "1"),
        ("scan", "1", "LT-1", "--slot", "501"),
        ("scan", "1", "LT-1", "--from", "list.txt"),
        ("close", "1", "--remark", "a\x1bb"),
        ("close", "1"),
        ("close", "1", "--yes", "--confirm", "K7QF-2M9X"),
        ("close", "1", "--yes", "--preview"),
        ("abandon", "1"),
        ("abandon", "1", "--reason", " "),
        ("abandon", "one", "--reason", "wrong room"),
        ("check-case", "CASE-01", "--yes"),
        ("check-case", "CASE-01", "LT-1"),
        ("check-case", "CASE-01", "LT-1", "--yes", "--confirm", "K7QF-2M9X"),
        ("check-case", "CASE-01", "LT-1", "--yes", "--preview"),
    ],
)
def test_what_is_called_wrongly(stocked: Desk, words: tuple[str, ...]) -> None:
    """Exit code 2, a sentence, and nothing is saved."""
    stocked.tell("count", "start", "--everything")
    before = stocked.log_size()
    stocked.refuse("count", *words, exit_code=2)
    assert stocked.log_size() == before


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (("start", "--case", "CASE-09"), "unknown_case", 4),
        (("start", "--room", "Nowhere"), "count_room_unknown", 4),
        (("start", "--holder", "Nobody"), "not_found", 4),
        (("show", "9"), "unknown_count", 4),
        (("close", "9", "--yes"), "unknown_count", 4),
        (("close", "9", "--preview"), "unknown_count", 4),
        (("close", "1", "--yes", "--remark", "with Bob"), "count_closed", 4),
        (("close", "2", "--confirm", "K7QF-2M9X"), "confirm_code_wrong", 4),
        (("close", "3", "--yes"), "count_abandoned", 4),
        (("close", "3", "--preview"), "count_abandoned", 4),
        (("abandon", "9", "--reason", "wrong room"), "unknown_count", 4),
        (("abandon", "1", "--reason", "wrong room"), "count_closed", 4),
        (("abandon", "3", "--reason", "wrong room"), "count_abandoned", 4),
        (("scan", "3", "LT-1"), "count_abandoned", 4),
        (("fix", "3", "fix.csv"), "count_abandoned", 4),
        (("scan", "9", "LT-1"), "unknown_count", 4),
        (("scan", "1", "LT-1"), "count_closed", 4),
        (("scan", "2", "LT-1", "--case", "CASE-09"), "unknown_case", 4),
        (("scan", "2", "--from", "nowhere.txt"), "file_unreadable", 3),
        (("scan", "2", "--from", "wrong.txt"), "list_file_wrong", 3),
        (("scan", "2", "--from", "strangers.txt"), "list_file_wrong", 3),
        (("fix", "9", "fix.csv"), "unknown_count", 4),
        (("check-case", "CASE-09", "LT-1", "--yes"), "unknown_case", 4),
        (("check-case", "CASE-01", "LT-1", "--confirm", "K7QF-2M9X"), "confirm_code_wrong", 4),
    ],
)
def test_what_is_refused(
    stocked: Desk, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: str, exit_code: int
) -> None:
    """Each with its code and exit code, for people and machines, and nothing is saved."""
    monkeypatch.chdir(stocked.folder)
    stocked.file("wrong.txt", "LT-1", "this is, no list, of, tags")
    stocked.file("strangers.txt", "NAME", "ANNA")
    stocked.tell("count", "start", "--everything")
    stocked.tell("count", "close", "1", "--yes")
    stocked.tell("count", "start", "--everything")
    stocked.tell("count", "start", "--everything")
    stocked.tell("count", "abandon", "3", "--reason", "begun twice")
    before = stocked.log_size()
    if code == "confirm_code_wrong":
        answer = stocked.ask("count", *words, exit_code=exit_code)
        assert answer["error"]["code"] == code
    else:
        assert stocked.refuse("count", *words, exit_code=exit_code)["code"] == code
    assert stocked.log_size() == before
    assert not (stocked.folder / "fix.csv").exists()


def test_problems_of_a_batch_are_listed(stocked: Desk) -> None:
    """A batch file with problems is refused whole, with each row, as when it is committed."""
    stocked.tell("count", "start", "--everything")
    file = stocked.batch("LT-1,2026-03-01T12:00:00Z,SCAN,m,,,,,", "LT 2,2026-03-01T12:00:00Z,SCAN,m,,,,,")
    answer = stocked.ask("count", "scan", "1", "--from", file, exit_code=3)
    assert answer["error"]["code"] == "batch_has_problems"
    assert [problem["row_number"] for problem in answer["problems"]] == [2]


def test_a_count_is_abandoned(stocked: Desk) -> None:
    """It says by whom and why wherever it is shown; a second time nothing happens."""
    stocked.tell("count", "start", "--everything")
    stocked.tell("count", "scan", "1", "LT-1")
    words = ("count", "abandon", "1", "--reason", "the wrong  room")
    done = stocked.ask(*words)
    assert {key: value for key, value in done.items() if key != "checkpoint"} == {
        "count_id": 1, "reason": "the wrong room", "batch_id": None, "committed": 1, "already_committed": False,
        "first_seq": 14, "last_seq": 14,
    }  # fmt: skip
    assert done["checkpoint"].splitlines()[1] == "14"
    assert stocked.ask(*words) == {**done, "committed": 0, "already_committed": True}
    assert stocked.tell(*words) == "Nothing happened: count 1 is abandoned already, by entry 14 (the wrong room).\n"
    assert stocked.tell("count", "show", "1") == (
        "Count 1: everything in storage\n"
        "Begun 2026-03-01 13:00:00+01:00 (Europe/Berlin) by gcurl.\n"
        "Abandoned 2026-03-01 13:00:00+01:00 (Europe/Berlin) by gcurl: the wrong room.\n"
        "\n"
        "2 assets expected, 1 scan: no result.\n"
        "\n"
    )
    (listed,) = stocked.ask("count", "list")["counts"]
    assert (listed["closed"], listed["totals"]) == (None, None)
    assert listed["abandoned"] == {
        "seq": 14, "recorded_at": "2026-03-01T12:00:00.000000Z", "operator": "gcurl", "reason": "the wrong room",
    }  # fmt: skip
    assert stocked.ask("count", "list", "--open")["counts"] == []
    assert "14  " in stocked.tell("report", "activity")
    assert "count 1 abandoned (the wrong room)" in stocked.tell("report", "activity")
    assert stocked.tell("count", "start", "--case", "CASE-02") == "Count 2 of CASE-02 is open: 0 assets expected.\n"
    assert stocked.tell("count", "abandon", "2", "--reason", "empty") == "Count 2 is abandoned by entry 16 (empty).\n"
    assert stocked.ask("audit", "verify")["ok"] is True


# -- mending -----------------------------------------------------------------------------------------------------------


def test_a_fix_is_a_batch_to_preview(stocked: Desk) -> None:
    """It is written to a file that is previewed and committed like any other; what is left out is said."""
    stocked.tell("count", "start", "--everything")
    stocked.tell("count", "scan", "1", "LT-1", "--case", "CASE-01", "--slot", "5")
    stocked.tell("count", "scan", "1", "LT-2", "--case", "CASE-02")
    path = stocked.folder / "fix.csv"
    answer = stocked.type("count", "fix", "1", str(path))
    assert answer.out == f"1 row in {path}. Look at them: assettrack preview {path}\n"
    assert answer.err == "Left out: LT-2: Asset LT-2 was seen in case CASE-02, but no slot was said.\n"
    assert path.read_text("utf-8").splitlines() == [
        "asset_tag,timestamp,event_type,operator_id,case_number,slot_number,notes",
        "LT-1,2026-03-01T12:00:00.000000Z,UPDATE,gcurl,CASE-01,5,count 1",
    ]
    assert stocked.refuse("count", "fix", "1", str(path), exit_code=4)["code"] == "file_exists"
    plan = stocked.ask("preview", str(path))
    assert plan["valid"] is True
    stocked.tell("commit", str(path), "--confirm", plan["confirm"])
    assert stocked.ask("asset", "show", "LT-1")["slot_position"] == 5
    assert stocked.ask("count", "fix", "1", str(path), "--force") == {
        "count_id": 1, "file": None, "rows": 0,
        "left_out": [{"asset_tag": "LT-2", "code": "count_slot_not_said",
                      "message": "Asset LT-2 was seen in case CASE-02, but no slot was said."}],
    }  # fmt: skip


def test_nothing_to_mend_writes_no_file(stocked: Desk) -> None:
    """A batch without rows is none."""
    stocked.tell("count", "start", "--everything")
    path = stocked.folder / "fix.csv"
    assert "there is nothing to propose, and no file was written" in stocked.tell("count", "fix", "1", str(path))
    assert not path.exists()


def test_a_fix_for_machines(stocked: Desk) -> None:
    """The answer names the file and how many rows it has."""
    stocked.tell("count", "start", "--everything")
    stocked.tell("count", "scan", "1", "LT-1", "--case", "CASE-01", "--slot", "5")
    path = str(stocked.folder / "fix.csv")
    assert stocked.ask("count", "fix", "1", path) == {"count_id": 1, "file": path, "rows": 1, "left_out": []}


# -- the log -----------------------------------------------------------------------------------------------------------


def test_counts_in_the_log(stocked: Desk) -> None:
    """Each entry is told in a line."""
    stocked.tell("count", "start", "--everything")
    stocked.tell("count", "scan", "1", "LT-1")
    stocked.tell("count", "scan", "1", "--from", stocked.file("list.txt", "LT-2", "LT-3"))
    stocked.tell("count", "close", "1", "--yes")
    stocked.tell("count", "check-case", "CASE-01", "LT-2", "LT-4", "NEW", "--yes")
    stocked.tell("count", "check-case", "CASE-02", "--empty", "--yes")
    lines = stocked.tell("audit", "show", "--from", "12").splitlines()[1:]
    assert [line.partition("gcurl  ")[2] for line in lines] == [
        "count 1 begun: 2 assets expected",
        "count 1: 1 scan",
        "count 1: 2 scans of list.txt",
        "count 1 signed off: 2 found, 1 seen in custody",
        "count 2 begun: 1 asset expected",
        "count 2: 3 scans",
        "count 2 signed off: 1 missing, 1 unexpected, 1 unknown tag, 1 retired but seen",
        "count 3 begun: 0 assets expected",
        "count 3 signed off: nothing expected, nothing seen",
    ]
    assert "count 2 signed off: 1 missing, 1 unexpected, 1 unknown tag" in stocked.tell("report", "activity")


def test_a_file_that_can_not_be_written(stocked: Desk) -> None:
    """A folder in the place of the file is said, and nothing is proposed half."""
    stocked.tell("count", "start", "--everything")
    stocked.tell("count", "scan", "1", "LT-1", "--case", "CASE-01", "--slot", "5")
    folder = Path(stocked.folder / "nowhere" / "fix.csv")
    assert stocked.refuse("count", "fix", "1", str(folder), exit_code=3)["code"] == "file_unwritable"
    assert json.dumps(stocked.ask("count", "list")).count('"count_id"') == 1


def test_a_count_is_printed(stocked: Desk) -> None:
    """As PDF, or in the form that the file's end says; never over another file unless that is asked for."""
    stocked.tell("count", "start", "--everything")
    stocked.tell("count", "scan", "1", "LT-1")
    stocked.tell("count", "close", "1", "--yes")
    for name, begins in (("sheet.pdf", b"%PDF-"), ("sheet", b"%PDF-"), ("sheet.CSV", b"\xef\xbb\xbfResult,Asset,")):
        path = stocked.folder / name
        assert stocked.tell("count", "print", "1", str(path)) == f"The sheet of count 1 is in {path}.\n"
        assert path.read_bytes().startswith(begins)
    path = stocked.folder / "sheet.CSV"
    assert stocked.refuse("count", "print", "1", str(path), exit_code=4)["code"] == "file_exists"
    assert b"found,LT-1" not in path.read_bytes()
    assert stocked.ask("count", "print", "1", str(path), "--all", "--force") == {"count_id": 1, "file": str(path)}
    assert b"found,LT-1" in path.read_bytes()
