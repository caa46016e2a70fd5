"""Tests of `assettrack.cli.audit_cmd`."""

import base64
import hashlib
from pathlib import Path

import apsw
import pytest

from tests.cli.conftest import Desk


def tampered(desk: Desk, sql: str) -> None:
    """Change the database behind the program's back, as somebody with a shell could."""
    connection = apsw.Connection(str(desk.database))
    connection.execute(
        "DROP TRIGGER audit_log_keeps",
    )
    connection.execute(sql)
    connection.close()


def test_a_good_log_is_answered_as_such(stocked: Desk) -> None:
    """`audit verify` answers ok, the log's size and root, and no bad entry; exit code 0."""
    found = stocked.ask("audit", "verify")
    assert found.keys() == {"ok", "entries", "root", "first_bad_seq", "message", "log_ok"}
    assert (found["ok"], found["entries"], found["first_bad_seq"]) == (True, 11, None)
    assert found["root"] == stocked.ask("audit", "checkpoint")["root"]
    assert stocked.tell("audit", "verify").startswith("The audit log is good: 11 entries")


def test_a_changed_entry_is_named_with_exit_code_five(stocked: Desk) -> None:
    """After an entry was changed, verify exits with 5 and names it."""
    tampered(stocked, "UPDATE audit_log SET body = replace(body, 'anna', 'bert') WHERE seq = 8")
    found = stocked.ask("audit", "verify", exit_code=5)
    assert (found["ok"], found["first_bad_seq"]) == (False, 8)
    said = stocked.type("audit", "verify")
    assert said.exit_code == 5
    assert said.out.startswith("THE AUDIT LOG IS NOT GOOD. First bad entry: 8.\n")


def test_a_log_made_anew_is_caught_by_a_checkpoint_kept_elsewhere(stocked: Desk, tmp_path: Path) -> None:
    """Verify with a checkpoint of another station's log exits with 5."""
    note = tmp_path / "note.txt"
    note.write_bytes(stocked.tell("audit", "checkpoint").encode())
    assert stocked.ask("audit", "verify", "--checkpoint", str(note))["ok"] is True
    note.write_bytes(note.read_bytes().replace(b"\n11\n", b"\n12\n"))
    assert stocked.ask("audit", "verify", "--checkpoint", str(note), exit_code=5)["ok"] is False


def test_a_foreign_checkpoint_is_named_as_the_fault(stocked: Desk, tmp_path: Path) -> None:
    """Exit code 5, but nobody is told that the log is bad; a log that is, is still said to be."""
    lines = stocked.tell("audit", "checkpoint").replace(stocked.ask("audit", "checkpoint")["origin"], "elsewhere")
    path = tmp_path / "elsewhere.txt"
    path.write_bytes(lines.encode())
    good = stocked.ask("audit", "verify")
    found = stocked.ask("audit", "verify", "--checkpoint", str(path), exit_code=5)
    assert (found["ok"], found["log_ok"], found["entries"], found["root"]) == (False, True, 11, good["root"])
    said = stocked.type("audit", "verify", "--checkpoint", str(path))
    assert said.out.startswith("THE CHECKPOINT HANDED IN IS NOT GOOD.\n")
    assert "Apart from that the audit log is good: 11 entries" in said.out
    assert "Look where the checkpoint comes from." in said.err
    tampered(stocked, "UPDATE audit_log SET body = replace(body, 'anna', 'bert') WHERE seq = 8")
    said = stocked.type("audit", "verify", "--checkpoint", str(path))
    assert (said.exit_code, said.out.split("\n")[0]) == (5, "THE AUDIT LOG IS NOT GOOD. First bad entry: 8.")
    assert "This is a checkpoint of 'elsewhere'" in said.out


@pytest.mark.parametrize(
    "content",
    [None, b"\xff\xfe", b"x" * 300_000, b"", b"Dear all,\n\nsee below\n", b"a\n1\nb\n\n\xe2\x80\x94 a b\n"],
)
def test_a_checkpoint_file_that_can_not_be_read_ends_with_three(
    stocked: Desk, tmp_path: Path, content: bytes | None
) -> None:
    """A file that is missing, is no text, is far too long, empty, or any other text is a problem of the file."""
    path = tmp_path / "note.txt"
    if content is not None:
        path.write_bytes(content)
    assert stocked.refuse("audit", "verify", "--checkpoint", str(path), exit_code=3)["code"] == "file_unreadable"


@pytest.mark.parametrize(
    ("words", "seqs"),
    [
        ([], range(1, 12)),
        (["--from", "10"], (10, 11)),
        (["--to", "2"], (1, 2)),
        (["--from", "3", "--to", "4"], (3, 4)),
        (["--last", "2"], (10, 11)),
        (["--last", "99"], range(1, 12)),
        (["--from", "11", "--to", "99"], (11,)),
    ],
)
def test_entries_are_shown_by_number(stocked: Desk, words: list[str], seqs: range | tuple[int, ...]) -> None:
    """`audit show` answers the entries from, to, or the last so many, in the order of the log."""
    assert [entry["seq"] for entry in stocked.ask("audit", "show", *words)["entries"]] == list(seqs)


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (["--from", "12"], "not_found", 4),
        (["--from", "999", "--to", "1000"], "not_found", 4),
        (["--from", "5", "--to", "2"], "usage", 2),
        (["--last", "2", "--to", "3"], "usage", 2),
    ],
)
def test_entries_that_are_not_there_are_no_empty_answer(
    stocked: Desk, words: list[str], code: str, exit_code: int
) -> None:
    """To begin after the end of the log finds nothing, as a proof would; an end before the beginning is a slip."""
    assert stocked.refuse("audit", "show", *words, exit_code=exit_code)["code"] == code


def test_a_person_reads_a_line_for_each_entry(stocked: Desk) -> None:
    """Each kind of entry is a line with number, time, event, who did it and what happened."""
    lines = stocked.tell("audit", "show").splitlines()
    assert len(lines) == 1 + 11
    assert lines[1].startswith("    1  2026-03-01T12:00:00Z  STATION  gcurl  station ")
    assert lines[2] == "    2  2026-03-01T12:00:00Z  CASE     gcurl  case CASE-01 with 12 slots"
    assert lines[4] == "    4  2026-03-01T12:00:00Z  BATCH    gcurl  batch 1: 6 rows of first.csv"
    assert lines[5] == "    5  2026-03-01T12:00:00Z  HOLDER   gcurl  holder 1: Jane Smith"
    assert lines[9] == "    9  2026-02-01T09:00:00Z  ISSUE    anna   LT-3: in CASE-01 slot 3 → in custody of Jane Smith"


@pytest.mark.parametrize("words", [["--last", "1", "--from", "2"], ["--last", "0"], ["--from", "x"]])
def test_a_range_that_means_nothing_is_a_usage_error(stocked: Desk, words: list[str]) -> None:
    """Numbers below 1, no numbers, and --last with another bound end with exit code 2."""
    stocked.refuse("audit", "show", *words, exit_code=2)


def test_an_entry_that_is_none_is_damage(stocked: Desk) -> None:
    """A stored body that is no entry is not handed on: exit code 5."""
    tampered(stocked, "UPDATE audit_log SET body = '{\"seq\":8' WHERE seq = 8")
    assert stocked.type("audit", "show").exit_code == 5
    assert stocked.type("audit", "show", "--json").exit_code == 5


def test_a_checkpoint_is_written_exactly(stocked: Desk) -> None:
    """Without --json stdout holds the signed note and nothing else: origin, size, root, empty line, signature line."""
    lines = stocked.tell("audit", "checkpoint").split("\n")
    answer = stocked.ask("audit", "checkpoint")
    assert answer["note"] == "\n".join(lines)
    assert lines[:4] == [answer["origin"], str(answer["size"]), answer["root"], ""]
    assert lines[4].startswith(f"— {answer['origin']} ")
    assert lines[5:] == [""]
    assert answer["size"] == 11
    assert len(base64.b64decode(answer["root"])) == 32


def test_a_proof_leads_from_the_entry_to_the_root(stocked: Desk) -> None:
    """Entry 1's proof is checked by hand as RFC 6962 has it: the leaf, and at each level the hash to its right."""
    proof = stocked.ask("audit", "prove", "1")
    assert proof.keys() == {"seq", "body", "leaf", "proof", "checkpoint"}
    node = hashlib.sha256(b"\0" + proof["body"].encode()).digest()
    assert base64.b64encode(node).decode() == proof["leaf"]
    for right in proof["proof"]:  # the leftmost leaf is on the left at every level
        node = hashlib.sha256(b"\1" + node + base64.b64decode(right)).digest()
    assert base64.b64encode(node).decode() == proof["checkpoint"].split("\n")[2]


def test_a_person_reads_how_a_proof_is_checked(stocked: Desk) -> None:
    """The explanation holds entry, leaf, hashes and checkpoint, and says what to do with them."""
    proof = stocked.ask("audit", "prove", "9")
    out = stocked.tell("audit", "prove", "9")
    assert out.startswith("Entry 9 is in the log of 11 entries")
    assert "RFC 6962, index 8, tree size 11" in out
    for part in (proof["body"], proof["leaf"], *proof["proof"], *proof["checkpoint"].split()):
        assert part in out


def test_an_entry_that_does_not_exist_can_not_be_proved(stocked: Desk) -> None:
    """Beyond the log: exit code 4; no number of an entry: 2."""
    assert stocked.refuse("audit", "prove", "12", exit_code=4)["code"] == "not_found"
    assert stocked.refuse("audit", "prove", "0", exit_code=2)["code"] == "usage"
