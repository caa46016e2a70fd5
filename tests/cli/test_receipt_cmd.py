"""`receipt`: issued, listed, printed and verified as it is typed; on another machine with the key alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assettrack.domain.signed_notes import vkey
from assettrack.paper.receipt_pdf import read_receipt_pdf
from tests.cli.conftest import HEADER, Desk


@pytest.fixture
def handed_out(desk: Desk) -> Desk:
    """Batch 2 issues LT-1 to Jane Smith."""
    desk.tell("init", "--timezone", "Europe/Berlin")
    desk.tell("case", "init", "CASE-01", "--slots", "4")
    desk.tell("holder", "add", "Jane Smith")
    file = desk.folder / "scans.csv"
    file.write_text(f"{HEADER}\nLT-1,2026-02-01T10:00:00Z,SCAN,gcurl,,CASE-01,1,laptop,\n")
    desk.tell("commit", str(file), "--yes")
    desk.tell("issue", "LT-1", "--to", "Jane Smith", "--yes")
    return desk


@pytest.fixture
def pdf(handed_out: Desk) -> Path:
    """The PDF of receipt 1."""
    handed_out.tell("receipt", "issue", "--batch", "2")
    file = handed_out.folder / "receipt.pdf"
    handed_out.tell("receipt", "print", "1", str(file))
    return file


def key_of(desk: Desk) -> str:
    """The station's public key, as `audit key` prints it: the one of its first entry."""
    entry = desk.ask("audit", "show", "--to", "1")["entries"][0]
    key = vkey(entry["station"], bytes.fromhex(entry["public_key"]))
    assert desk.tell("audit", "key") == f"{desk.ask('audit', 'key')['key']}\n" == f"{key}\n"
    return key


def test_a_receipt_is_issued_shown_and_listed(handed_out: Desk) -> None:
    """In words and in JSON; the text is the one that was hashed."""
    nobody = handed_out.type("receipt", "list", "--holder", "Jane Smith")
    assert (nobody.exit_code, nobody.out) == (0, "")
    assert nobody.err.startswith("No receipt is issued for Jane Smith. Issue one with: assettrack receipt issue")
    assert "Receipt 1 for Jane Smith: batch 2, 1 asset (entry " in handed_out.tell("receipt", "issue", "--batch", "2")
    again = handed_out.ask("receipt", "issue", "--batch", "2", "--holder", "Jane Smith")
    assert [(one["receipt_id"], one["already_issued"]) for one in again["receipts"]] == [(1, True)]
    assert [again[key] for key in ("first_seq", "last_seq", "checkpoint")] == [None, None, None]
    issued = handed_out.ask("receipt", "issue", "--holder", "Jane Smith")
    assert [(one["batch_id"], one["already_issued"]) for one in issued["receipts"]] == [(None, False)]
    seq = handed_out.log_size()
    assert (issued["first_seq"], issued["last_seq"], issued["receipts"][0]["seq"]) == (seq, seq, seq)
    assert issued["checkpoint"] == handed_out.tell("audit", "checkpoint")
    assert "issued before and unchanged" in handed_out.tell("receipt", "issue", "--holder", "Jane Smith")
    listed = handed_out.ask("receipt", "list")["receipts"]
    assert [(one["receipt_id"], one["holder"], one["batch_id"]) for one in listed] == [
        (1, "Jane Smith", 2),
        (2, "Jane Smith", None),
    ]
    assert "all held" in handed_out.tell("receipt", "list", "--holder", "Jane Smith")
    shown = handed_out.type("receipt", "show", "1")
    assert shown.out == handed_out.ask("receipt", "show", "1")["text"]
    assert "issued at, local time: 2026-03-01 13:00:00+01:00" in shown.out
    assert shown.err.startswith("Code: AT1:")
    assert handed_out.ask("audit", "verify")["ok"]


def test_the_pdf_is_the_same_each_time_and_never_written_over(handed_out: Desk, pdf: Path) -> None:
    """The same bytes; a file that is there stays unless --force is given."""
    first = pdf.read_bytes()
    answer = handed_out.type("receipt", "print", "1", str(pdf))
    assert (answer.exit_code != 0, pdf.read_bytes() == first) == (True, True)
    assert handed_out.ask("receipt", "print", "1", str(pdf), "--force")["file"] == str(pdf)
    assert pdf.read_bytes() == first


def test_a_receipt_is_verified_on_another_machine(handed_out: Desk, pdf: Path, tmp_path: Path) -> None:
    """A process with another home, without database and key, says that it is genuine by the public key alone."""
    home = tmp_path / "elsewhere"
    home.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ASSETTRACK_", "XDG_"))}
    words = [sys.executable, "-m", "assettrack", "receipt", "verify", str(pdf), "--json", "--key", key_of(handed_out)]
    answer = subprocess.run(words, env={**kept, "HOME": str(home)}, capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout)["code"] == "genuine"
    assert not list(home.rglob("*.db"))


def test_text_and_code_are_as_good_as_the_pdf(handed_out: Desk, pdf: Path) -> None:
    """What a scanner types from the code, and the text in a file, are judged alike; beside the database too."""
    text, code = read_receipt_pdf(pdf.read_bytes())
    file = handed_out.folder / "receipt.txt"
    file.write_text(text, newline="")
    for words in ((str(pdf),), ("--text", str(file), "--code", code)):
        for key in ((), ("--key", key_of(handed_out))):
            judged = handed_out.ask("receipt", "verify", *words, *key)
            assert (judged["ok"], judged["log_agrees"]) == (True, None if key else True)
    assert "This receipt is genuine" in handed_out.tell("receipt", "verify", str(pdf))


def test_a_changed_receipt_ends_with_five(handed_out: Desk, pdf: Path) -> None:
    """A changed attachment, pages that show something else than it, a code cut off: each is named."""
    data = pdf.read_bytes()
    title = data.index(b"/Title")
    pages = data[:title] + data[title:].replace(b"Handover", b"HandOver", 1)
    changes = {"text_changed": data.replace(b"holder: Jane Smith", b"holder: Jane Smyth"), "pages_differ": pages}
    for code, changed in changes.items():
        assert changed != data
        pdf.write_bytes(changed)
        assert handed_out.ask("receipt", "verify", str(pdf), exit_code=5)["code"] == code
    pdf.write_bytes(data[:-200])
    assert handed_out.ask("receipt", "verify", str(pdf), exit_code=5)["code"] == "damaged"
    file = handed_out.folder / "receipt.txt"
    file.write_text("x")
    judged = handed_out.ask("receipt", "verify", "--text", str(file), "--code", "AT1:CUT OFF", exit_code=5)
    assert (judged["ok"], judged["code"]) == (False, "damaged")


def test_what_is_no_receipt_ends_with_three(handed_out: Desk) -> None:
    """A missing file, a folder, another kind of file, a text that is none: the reason, and no verdict."""
    other = handed_out.folder / "scans.csv"
    binary = handed_out.folder / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    for words in (
        (str(handed_out.folder / "none.pdf"),),
        (str(handed_out.folder),),
        (str(other),),
        ("--text", str(binary), "--code", "AT1:X"),
    ):
        answer = handed_out.ask("receipt", "verify", *words, exit_code=3)
        assert answer["error"]["code"] == "file_unreadable"


def test_assets_and_lines_are_two_numbers(handed_out: Desk) -> None:
    """What came and went in one batch is one asset in two lines: in the answer, in JSON, and in the log."""
    file = handed_out.folder / "both.csv"
    cells = (
        "LT-1,2026-03-01T{at}Z,RETURN,gcurl,,CASE-01,1,,\nLT-1,2026-03-01T{then}Z,ISSUE,gcurl,Jane Smith,OUT,OUT,,\n"
    )
    file.write_text(f"{HEADER}\n{cells.format(at='12:01:00', then='12:02:00')}")
    handed_out.tell("commit", str(file), "--yes")
    assert "batch 3, 1 asset in 2 lines (entry " in handed_out.tell("receipt", "issue", "--batch", "3")
    (issued,) = handed_out.ask("receipt", "issue", "--batch", "3")["receipts"]
    assert (issued["lines"], issued["assets"], issued["void"]) == (2, 1, 0)
    assert "receipt 1 for Jane Smith: 1 asset in 2 lines" in handed_out.tell("audit", "show", "--last", "1")
    assert "receipt 1 for Jane Smith: 1 asset in 2 lines" in handed_out.tell("report", "activity")


def test_a_void_line_is_no_asset(handed_out: Desk) -> None:
    """The wrong one's new receipt is said to have no asset, only a void line."""
    handed_out.tell("holder", "add", "Bob Lee")
    entry = handed_out.log_size() - 1
    handed_out.tell("correct", str(entry), "--set", "issued_to_name=Bob Lee", "--reason", "wrong", "--yes")
    told = handed_out.tell("receipt", "issue", "--batch", "2")
    assert "for Jane Smith: batch 2, 0 assets, 1 void line (entry " in told
    assert "for Bob Lee: batch 2, 1 asset (entry " in told


def test_a_receipt_that_a_restore_gave_up_is_told_from_a_forged_log(handed_out: Desk, pdf: Path) -> None:
    """The restore is named with its reason; the log is good, and still does not hold what was signed: 5."""
    size = handed_out.log_size() - 1
    handed_out.tell("restore", "--at", str(size), "--reason", "a rehearsal", "--yes")
    judged = handed_out.ask("receipt", "verify", str(pdf), exit_code=5)
    assert (judged["ok"], judged["code"], judged["log_agrees"]) == (False, "given_up", False)
    assert f"given up by the restore of entry {size + 1}" in judged["message"]
    assert "a rehearsal" in judged["message"]
    assert handed_out.ask("audit", "verify")["ok"]


def test_a_blank_name_is_no_file(handed_out: Desk) -> None:
    """It is said that the name is blank, not that something is there already."""
    handed_out.tell("receipt", "issue", "--batch", "2")
    error = handed_out.refuse("receipt", "print", "1", "", exit_code=3)
    assert (error["code"], "its name is blank" in error["message"]) == ("file_unwritable", True)


@pytest.mark.parametrize(
    "words",
    [
        ("issue",),
        ("verify",),
        ("verify", "a.pdf", "--text", "b"),
        ("verify", "--text", "b"),
        ("verify", "a.pdf", "--code", "c"),
        ("print", "0", "a.pdf"),
    ],
)
def test_what_can_not_be_meant_is_a_usage_error(handed_out: Desk, words: tuple[str, ...]) -> None:
    """Neither batch nor holder; a PDF and a text, or a text without its code; a number that is none."""
    assert handed_out.type("receipt", *words).exit_code == 2
