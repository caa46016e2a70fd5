"""Tests of `assettrack.cli.preview_cmd`, and of how every broken file is answered."""

import hashlib
import io
import re
import shlex
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import HEADER, Desk

PLAN_KEYS = {"rows", "sha256", "valid", "problems", "refusals", "notices", "changes", "new_holders", "confirm"}
NEW = "LT-7,2026-02-01T08:00:00Z,SCAN,anna,,CASE-01,7,laptop,"
ISSUE = "LT-7,2026-02-01T09:00:00Z,ISSUE,anna,Jane Smith,OUT,OUT,,"


def test_a_clean_file_is_answered_with_its_changes_and_a_code(station: Desk) -> None:
    """A valid plan has all keys of the contract, one change a row, new holders and a confirm code; exit code 0."""
    batch = station.batch(NEW, ISSUE)
    plan = station.ask("preview", batch, "--new-holders")
    assert plan.keys() >= PLAN_KEYS
    assert (plan["rows"], plan["valid"], plan["new_holders"]) == (2, True, ["Jane Smith"])
    assert plan["sha256"] == hashlib.sha256(Path(batch).read_bytes()).hexdigest()
    assert (plan["problems"], plan["refusals"], plan["notices"]) == ([], [], [])
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", plan["confirm"])
    slotted = {
        "status": "STORAGE", "case_name": "CASE-01", "slot_position": 7, "holder": None, "equipment_type": "laptop"
    }  # fmt: skip
    held = slotted | {"status": "IN_CUSTODY", "case_name": None, "slot_position": None, "holder": "Jane Smith"}
    assert plan["changes"] == [
        {"row_number": 1, "asset_tag": "LT-7", "event_type": "SCAN", "before": None, "after": slotted},
        {"row_number": 2, "asset_tag": "LT-7", "event_type": "ISSUE", "before": slotted, "after": held, "holder_id": 0},
    ]


def test_a_preview_saves_nothing(station: Desk) -> None:
    """However clean the file is, the log does not grow."""
    station.tell("preview", station.batch(NEW))
    assert station.log_size() == 3


def test_more_rows_than_a_block_make_one_array(station: Desk) -> None:
    """Changes of several blocks of 1,000 rows are one JSON array, in the order of the rows."""
    batch = station.batch(*(f"LT-{number},2026-02-01T08:00:00Z,SCAN,anna,,,,laptop," for number in range(2500)))
    plan = station.ask("preview", batch)
    assert [change["row_number"] for change in plan["changes"]] == list(range(1, 2501))


def test_problems_of_the_file_end_with_three(station: Desk) -> None:
    """A file that does not look right exits with 3; all problems and refusals are there, with row and field."""
    batch = station.batch(
        NEW, "А-1,yesterday,LEND,anna,,,,,", ISSUE, "LT-8,2026-02-01T08:00:00Z,ISSUE,anna,X,OUT,OUT,,"
    )
    plan = station.ask("preview", batch, exit_code=3)
    found = {(problem["row_number"], problem["field"], problem["code"]) for problem in plan["problems"]}
    assert found == {
        (2, "asset_tag", "asset_tag_invalid"),
        (2, "timestamp", "timestamp_invalid"),
        (2, "event_type", "event_type_invalid"),
    }
    refusals = [(refusal["row_number"], refusal["code"]) for refusal in plan["refusals"]]
    assert refusals == [(3, "unknown_holder"), (4, "unknown_asset")]
    assert (plan["valid"], plan["confirm"]) == (False, None)
    assert plan["error"]["code"] == "batch_has_problems"
    assert plan["error"]["saved"] is False


def test_refusals_alone_end_with_four(station: Desk) -> None:
    """A file that only the state refuses exits with 4, and its plan carries the error."""
    plan = station.ask("preview", station.batch(NEW, ISSUE), exit_code=4)
    assert plan["problems"] == []
    assert [refusal["code"] for refusal in plan["refusals"]] == ["unknown_holder"]
    assert (plan["valid"], plan["confirm"], plan["error"]["code"]) == (False, None, "batch_refused")


def test_a_default_fills_rows_that_create(station: Desk) -> None:
    """`--default` fills the blank cell of a creating row; without it the row is refused."""
    batch = station.batch("LT-7,2026-02-01T08:00:00Z,SCAN,anna,,,,,")
    assert station.ask("preview", batch, exit_code=4)["refusals"][0]["code"] == "equipment_type_missing"
    plan = station.ask("preview", batch, "--default", "equipment_type=laptop", "--default", "model= L5 ")
    assert (plan["changes"][0]["after"]["equipment_type"], plan["changes"][0]["after"]["model"]) == ("laptop", "L5")


def test_known_rows_are_refused_unless_left_out(stocked: Desk) -> None:
    """Rows recorded before are refused beside new ones; `--only-new` decides the others alone."""
    first = Path(stocked.folder / "first.csv").read_text().splitlines()[1:]
    batch = stocked.batch(*first, NEW)
    plan = stocked.ask("preview", batch, exit_code=4)
    assert [refusal["code"] for refusal in plan["refusals"]] == ["already_recorded"] * 6
    plan = stocked.ask("preview", batch, "--only-new")
    assert [change["row_number"] for change in plan["changes"]] == [7]


def test_a_late_row_needs_a_reason(stocked: Desk) -> None:
    """A row earlier than its asset's latest entry is refused, and let through with `--accept-late`."""
    batch = stocked.batch("LT-1,2026-01-01T08:00:00Z,UPDATE,anna,,,,tablet,")
    assert stocked.ask("preview", batch, exit_code=4)["refusals"][0]["code"] == "late"
    plan = stocked.ask("preview", batch, "--accept-late", "found in a drawer")
    assert [notice["code"] for notice in plan["notices"]] == ["late_accepted"]


def test_a_file_recorded_whole_has_nothing_to_commit(stocked: Desk) -> None:
    """All rows known: valid, no changes, already committed, and nothing that a person is asked to type."""
    batch = str(stocked.folder / "first.csv")
    plan = stocked.ask("preview", batch)
    assert (plan["valid"], plan["already_committed"], plan["changes"]) == (True, True, [])
    out = stocked.tell("preview", batch)
    assert f"There is nothing to commit. With the code {plan['confirm']}, or any other," in out
    assert "--confirm" not in out
    assert stocked.ask("commit", batch, "--confirm", plan["confirm"])["already_committed"] is True


@pytest.mark.parametrize(
    "words",
    [
        ["--default", "serial_number=1"],
        ["--default", "equipment_type"],
        ["--default", "equipment_type= "],
        ["--default", "equipment_type=a\x07"],
        ["--default", "equipment_type=a", "--default", "equipment_type=b"],
        ["--accept-late", " "],
        ["--bogus"],
    ],
)
def test_an_option_that_can_not_be_read_is_a_usage_error(station: Desk, words: list[str]) -> None:
    """Options that mean nothing end with exit code 2."""
    station.refuse("preview", station.batch(NEW), *words, exit_code=2)


def zipped() -> bytes:
    """Return a ZIP archive with a good batch inside."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("scans.csv", f"{HEADER}\n{NEW}\n")
    return file.getvalue()


BROKEN = {
    "empty": (b"", "file_empty"),
    "header only": (HEADER.encode(), "file_without_rows"),
    "no header": (f"{NEW}\n".encode(), "header_missing"),
    "duplicate header": (f"asset_tag,{HEADER}\nx,{NEW}\n".encode(), "header_duplicate"),
    "ragged": (f"{HEADER}\n{NEW},\n".encode(), "row_ragged"),
    "cp1252": (f"{HEADER}\n{NEW}Müller\n".encode("cp1252"), "encoding_unknown"),
    "nul": (f"{HEADER}\n{NEW}\0\n".encode(), "control_character"),
    "zip": (zipped(), "not_text"),
    "half of UTF-16": (f"{HEADER}\n{NEW}\n".encode("utf-16")[:-1], "encoding_broken"),
    "open quote": (f'{HEADER}\n{NEW}"\n'.encode(), "csv_broken"),
    "long cell": (f"{HEADER}\n{NEW}{'x' * 5_000_000}\n".encode(), "cell_too_long"),
    "many columns": (("x," * 100_000 + "\n").encode(), "header_missing"),
    "number for a tag": (f"{HEADER}\n{NEW.replace('LT-7', '1.23E+05')}\n".encode(), "asset_tag_invalid"),
    "formula for a tag": (f"{HEADER}\n{NEW.replace('LT-7', '=1+1')}\n".encode(), "asset_tag_invalid"),
    "cyrillic": (f"{HEADER}\n{NEW.replace('LT-7', 'А-7')}\n".encode(), "asset_tag_invalid"),
    "arabic digits": (f"{HEADER}\n{NEW.replace(',7,', ',٧,')}\n".encode(), "slot_number_invalid"),
}


@pytest.mark.parametrize(("content", "code"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_a_problem_with_a_reason(station: Desk, content: bytes, code: str) -> None:
    """Whatever a file holds, preview and commit exit with 3 and name the problem; nothing changes."""
    path = station.folder / "broken.csv"
    path.write_bytes(content)
    plan = station.ask("preview", str(path), exit_code=3)
    assert code in {problem["code"] for problem in plan["problems"]}
    assert plan["sha256"] == hashlib.sha256(content).hexdigest()
    assert station.type("preview", str(path)).exit_code == 3
    answer = station.ask("commit", str(path), "--yes", exit_code=3)
    assert answer["problems"] == plan["problems"]
    assert station.log_size() == 3


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\r\n", "\r"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_files_as_they_really_come_are_read(station: Desk, encoding: str, end: str, separator: str) -> None:
    """Byte order marks, UTF-16, other line ends and separators give the same plan as the plain file."""
    path = station.folder / "other.csv"
    path.write_bytes("".join(f"{line.replace(',', separator)}{end}" for line in (HEADER, NEW)).encode(encoding))
    plain, other = station.ask("preview", station.batch(NEW)), station.ask("preview", str(path))
    assert (other["changes"], other["confirm"]) == (plain["changes"], plain["confirm"])


def test_a_missing_file_and_a_folder_are_problems_of_the_file(station: Desk) -> None:
    """What can't be opened is a plan with that problem and no hash, exit code 3."""
    for name, code in (("nosuch.csv", "file_not_found"), (str(station.folder), "file_unreadable")):
        plan = station.ask("preview", name, exit_code=3)
        assert plan.keys() >= PLAN_KEYS
        assert [problem["code"] for problem in plan["problems"]] == [code]
        assert (plan["rows"], plan["sha256"], plan["confirm"]) == (0, None, None)
        assert plan["problems"][0]["row_number"] is None


def test_the_page_reads_like_something_to_sign(station: Desk) -> None:
    """A person reads what to do, that nothing is saved, what would change, and how to commit exactly that."""
    batch = station.batch(NEW, ISSUE)
    code = station.ask("preview", batch, "--new-holders")["confirm"]
    out = station.tell("preview", batch, "--new-holders", "--db", str(station.database))
    assert out.startswith("Check this batch before you commit it\n")
    assert "Nothing is saved yet.\n" in out
    assert "2 scans: 1 new asset, 1 issued\n" in out
    assert "1 new holder, registered by this batch:\n  Jane Smith\n" in out
    assert "in CASE-01 slot 7 → in custody of Jane Smith\n" in out
    command = f"assettrack commit {batch} --new-holders --confirm {code} --db {station.database}"
    assert out.endswith(f"To commit exactly this:\n  {command}\n")


def test_the_command_on_the_page_commits(station: Desk) -> None:
    """What the page says to type does what the page shows, quotes and all."""
    batch = station.batch(NEW.replace("laptop", ""), name="scans of today.csv")
    out = station.tell("preview", batch, "--default", "equipment_type=big laptop", "--operator", "Bo Ek")
    words = shlex.split(out.splitlines()[-1])
    assert station.tell(*words[1:]).startswith("Committed 1 scan as batch 1")
    assert station.ask("audit", "show", "--from", "4")["entries"][0]["operator"] == "Bo Ek"


def test_every_option_is_part_of_the_command(stocked: Desk) -> None:
    """Whatever options a preview had, the command on its page has them too."""
    batch = stocked.batch("LT-1,2026-01-01T08:00:00Z,UPDATE,anna,,,,tablet,")
    out = stocked.tell("preview", batch, "--only-new", "--new-holders", "--accept-late", "it's old")
    options = shlex.split(out.splitlines()[-1])[3:-2]
    assert options == ["--new-holders", "--only-new", "--accept-late", "it's old"]


def test_long_pages_are_cut_and_all_shows_all(station: Desk) -> None:
    """The first 20 changes are shown and the rest counted; `--all` shows each."""
    batch = station.batch(*(f"LT-{number},2026-02-01T08:00:00Z,SCAN,anna,,,,laptop," for number in range(30)))
    out = station.tell("preview", batch)
    assert out.count("new laptop → in storage") == 20
    assert "and 10 more; --all shows them\n" in out
    assert station.tell("preview", batch, "--all").count("new laptop → in storage") == 30


def test_a_refused_page_shows_everything_at_once(station: Desk) -> None:
    """All problems and refusals stand on one page, equal ones once with their rows; the last word is on stderr."""
    bad = ["LT-5,2026-02-01T08:00:00Z,LEND,anna,,,,,"] * 3
    answer = station.type("preview", station.batch(*bad, ISSUE))
    assert answer.exit_code == 3
    assert "4 scans: 4 to be mended\n" in answer.out
    assert "3 problems\n  rows 1-3, event_type\n    event_type 'LEND' is none of" in answer.out
    assert "1 refusal\n  row 4, asset_tag\n    No asset LT-7 is known." in answer.out
    assert "To commit" not in answer.out
    assert answer.err.startswith("This batch can't be committed as it is.")


def test_hostile_text_is_shown_inert(station: Desk) -> None:
    """Markup and escape sequences in a file and in its name neither colour nor move anything."""
    batch = station.batch(NEW.replace("laptop", "[red]laptop[/red]"), name="a\x1b[31m.csv")
    out = station.tell("preview", batch)
    assert "new [red]laptop[/red] → in CASE-01 slot 7" in out
    assert "\x1b" not in out
    assert "a\\x1b[31m.csv" in out
    refused = station.type("preview", station.batch(NEW.replace("LT-7", "LT\x1b7")))
    assert "\x1b" not in refused.out + refused.err
