"""Tests of `assettrack.cli.restore_cmd`: preview, confirm, restore; check a backup; what stands in the way."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from assettrack.cli import confirmation, restore_cmd
from assettrack.domain.signed_notes import vkey
from tests.cli.conftest import Desk

WHY = ("--reason", "the disk failed")


@pytest.fixture
def backup(stocked: Desk) -> str:
    """Make a backup of 11 entries; entry 12 tells of it, and 13 and 14 are two holders more."""
    file = str(stocked.folder / "monday.backup")
    stocked.tell("backup", file)
    stocked.tell("holder", "add", "Bob Lee")
    stocked.tell("holder", "add", "Zoe Quill")
    return file


def test_preview_and_restore(stocked: Desk, backup: str) -> None:
    """A preview shows what is given up and gives a code; with it just that is restored."""
    plan = stocked.ask("restore", backup, *WHY, "--preview")
    assert (plan["entries"], plan["now_entries"], plan["newest_entries"], plan["lost_entries"]) == (11, 14, 14, 3)
    assert [entry["event_type"] for entry in plan["lost"]] == ["BACKUP", "HOLDER", "HOLDER"]
    assert stocked.log_size() == 14
    done = stocked.ask("restore", backup, *WHY, "--confirm", plan["confirm"])
    assert done.keys() == {"entries", "root", "lost_entries", "seq", "checkpoint", "replaced", "contacts"}
    assert (done["entries"], done["root"], done["lost_entries"], done["seq"]) == (11, plan["root"], 3, 12)
    assert Path(done["replaced"]).parent == stocked.folder
    assert stocked.ask("audit", "verify")["ok"] is True
    assert [holder["name"] for holder in stocked.ask("holder", "list")["holders"]] == ["Jane Smith"]
    assert "put back to entry 11, knowing of 14 (the disk failed)" in stocked.tell("audit", "show", "--last", "1")


def test_a_person_sees_what_is_given_up(stocked: Desk, backup: str) -> None:
    """The page says what is there, what will be, each entry that is given up, and how to go on."""
    page = stocked.tell("restore", backup, *WHY, "--preview")
    assert "Now:      14 entries" in page
    assert "Then:     11 entries" in page
    assert "Given up: 3 entries" in page
    assert "holder 3: Zoe Quill" in page
    assert "Reason:   the disk failed" in page
    code = page.split("--confirm ")[1].split()[0]
    said = stocked.tell("restore", backup, *WHY, "--confirm", code)
    assert "Restored 11 entries; 3 were given up. Entry 12 tells why." in said
    assert "What was there is kept: " in said


def test_much_that_is_given_up_is_counted(stocked: Desk, backup: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page shows the first entries, and says how many more there are."""
    monkeypatch.setattr(restore_cmd, "LOST_LINES_MAX", 2)
    page = stocked.tell("restore", backup, *WHY, "--preview")
    assert "Bob Lee" in page
    assert "Zoe Quill" not in page
    assert "… and 1 more" in page


def test_a_point_of_the_log_is_restored(stocked: Desk, backup: str) -> None:
    """With --at the log itself, or with --from a backup, is cut; where no transaction ended the nearest are named."""
    plan = stocked.ask("restore", "--at", "3", *WHY, "--preview")
    assert (plan["file"], plan["at"], plan["made_at"], plan["entries"]) == (None, 3, None, 3)
    assert "from its own log, up to entry 3." in stocked.tell("restore", "--at", "3", *WHY, "--preview")
    error = stocked.refuse("restore", "--at", "7", *WHY, "--yes", exit_code=4)
    assert error["code"] == "point_unknown"
    assert "Choose entry 3 or 11." in error["message"]
    assert stocked.ask("restore", "--at", "11", "--from", backup, *WHY, "--yes")["seq"] == 12
    assert stocked.ask("restore", "--at", "2", *WHY, "--yes")["entries"] == 2
    assert stocked.ask("audit", "verify")["ok"] is True


def known(desk: Desk, name: str) -> object:
    """Return the contact data that is kept of a holder."""
    return desk.ask("holder", "contact", name)["contact"]


def test_what_becomes_of_contact_data_is_said(stocked: Desk) -> None:
    """What stays, what comes back though it was erased or changed since, and what is dropped: shown, done, and so."""
    file = str(stocked.folder / "monday.backup")
    for name in ("Ann Abel", "Bob Bell", "Cid Cole"):
        stocked.tell("holder", "add", name)
        stocked.tell("holder", "contact", name, f"{name} then")
    stocked.tell("backup", file)
    stocked.tell("holder", "contact", "Bob Bell", "Bob Bell now")
    stocked.tell("holder", "contact", "Cid Cole", "--erase")
    stocked.tell("holder", "contact", "Jane Smith", "Jane Smith now")
    said = "those of 1 holder stay as they are; put back as they were then: Bob Bell, Cid Cole; dropped: Jane Smith"
    then = {"kept": ["Ann Abel"], "put_back": ["Bob Bell", "Cid Cole"], "dropped": ["Jane Smith"]}
    assert f"  Contacts: {said}\n" in stocked.tell("restore", file, *WHY, "--preview")
    assert stocked.ask("restore", file, *WHY, "--preview")["contacts"] == then
    assert f"Contact data: {said}.\n" in stocked.tell("restore", file, *WHY, "--yes")
    names = ("Ann Abel", "Bob Bell", "Cid Cole", "Jane Smith")
    assert [known(stocked, name) for name in names] == ["Ann Abel then", "Bob Bell then", "Cid Cole then", None]


def test_a_point_of_the_log_keeps_contact_data_that_was_the_same_then(stocked: Desk) -> None:
    """The log holds no contact data: what was written since is dropped, and what it replaced does not come back."""
    for name in ("Ann Abel", "Bob Bell"):
        stocked.tell("holder", "add", name)
        stocked.tell("holder", "contact", name, f"{name} then")
    at = str(stocked.log_size())
    stocked.tell("holder", "contact", "Bob Bell", "Bob Bell now")
    answer = stocked.ask("restore", "--at", at, *WHY, "--yes")
    assert answer["contacts"] == {"kept": ["Ann Abel"], "put_back": [], "dropped": ["Bob Bell"]}
    assert (known(stocked, "Ann Abel"), known(stocked, "Bob Bell")) == ("Ann Abel then", None)
    assert stocked.ask("audit", "verify")["ok"] is True


def test_where_there_is_no_contact_data_that_is_said(stocked: Desk, backup: str) -> None:
    """None before and none after."""
    assert "  Contacts: none now, none then\n" in stocked.tell("restore", backup, *WHY, "--preview")


def test_one_is_one(stocked: Desk) -> None:
    """One entry is not called entries, on the page and when it is done."""
    stocked.tell("holder", "add", "Bob Lee")
    page = stocked.tell("restore", "--at", "11", *WHY, "--preview")
    assert "Given up: 1 entry\n" in page
    assert "Restored 11 entries; 1 was given up." in stocked.tell("restore", "--at", "11", *WHY, "--yes")
    assert "Then:     1 entry, root" in stocked.tell("restore", "--at", "1", *WHY, "--preview")


@pytest.mark.parametrize("lost", [True, False])
def test_a_lost_or_damaged_database_is_restored(stocked: Desk, backup: str, *, lost: bool) -> None:
    """The database gone, or nonsense in its place: the page says so, and the backup takes the place."""
    for file in stocked.folder.glob("station.db*"):
        file.unlink()
    if not lost:
        stocked.database.write_bytes(b"nonsense" * 1000)
    page = stocked.tell("restore", backup, *WHY, "--preview")
    damage = "a database that can't be read: it is no database any more"
    assert f"  Now:      {'no database' if lost else damage}\n" in page
    assert "… and 3 more, as far as they are known" in page
    said = stocked.tell("restore", backup, *WHY, "--yes")
    assert ("There was no database before." if lost else "What was there is kept: ") in said
    assert stocked.ask("audit", "verify")["entries"] == 12


def test_a_code_that_does_not_fit_restores_nothing(stocked: Desk, backup: str) -> None:
    """Exit code 4, and nothing is changed."""
    error = stocked.refuse("restore", backup, *WHY, "--confirm", "K7QF-2M9X", exit_code=4)
    assert error["code"] == "confirm_code_wrong"
    assert stocked.log_size() == 14


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Name a backup"),
        (("{backup}",), "--reason"),
        (("{backup}", *WHY), "Neither --yes nor --confirm"),
        (("{backup}", *WHY, "--yes", "--preview"), "More than one of --preview, --confirm and --yes"),
        (("{backup}", *WHY, "--yes", "--confirm", "K7QF-2M9X"), "More than one of --preview, --confirm and --yes"),
        (("{backup}", "--reason", " ", "--yes"), "it is blank"),
        (("{backup}", "--from", "{backup}", *WHY, "--yes"), "--from goes with --at"),
        (("--from", "{backup}", *WHY, "--yes"), "--from goes with --at"),
        (("--at", "0", *WHY, "--yes"), "--at"),
        (("--check",), "--check goes with a backup"),
        (("{backup}", "--check", "--yes"), "--check goes with a backup"),
        (("{backup}", "--key", "a+b+c", *WHY, "--yes"), "The key"),
        (("{backup}", "--key", "KEY", *WHY, "--yes"), "--key goes with --check"),
    ],
)
def test_what_is_asked_for_must_be_clear(stocked: Desk, backup: str, words: tuple[str, ...], said: str) -> None:
    """Missing, double or contradicting options: exit code 2, and nothing is changed."""
    key = vkey("a", bytes(32))
    error = stocked.refuse(
        "restore", *(word.replace("{backup}", backup).replace("KEY", key) for word in words), exit_code=2
    )
    assert said in error["message"]
    assert stocked.log_size() == 14


def damaged(backup: str) -> str:
    """Change the last byte of a backup."""
    content = Path(backup).read_bytes()
    Path(backup).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    return backup


def test_a_damaged_backup_is_refused(stocked: Desk, backup: str) -> None:
    """Exit code 5, whether it is checked, previewed or restored, and the database is not touched."""
    damaged(backup)
    stocked.ask("audit", "verify")
    content = stocked.database.read_bytes()
    for words in (("--check",), (*WHY, "--preview"), (*WHY, "--yes")):
        error = stocked.refuse("restore", backup, *words, exit_code=5)
        assert error["code"] == "backup_damaged"
    assert stocked.database.read_bytes() == content


def test_a_backup_without_its_manifest_is_refused(stocked: Desk, backup: str) -> None:
    """Exit code 3: the manifest has to lie beside it."""
    Path(f"{backup}.manifest").unlink()
    assert stocked.refuse("restore", backup, *WHY, "--yes", exit_code=3)["code"] == "file_unreadable"


def test_a_good_backup_is_checked(stocked: Desk, backup: str) -> None:
    """The answer is what the manifest states, with the key in the form in which it is compared."""
    answer: dict[str, Any] = stocked.ask("restore", backup, "--check")
    assert (answer["file"], answer["verified"], answer["entries"]) == (backup, True, 11)
    assert stocked.ask("restore", backup, "--check", "--key", answer["key"]) == answer
    said = stocked.type("restore", backup, "--check")
    assert f"The backup {backup} is good: 11 entries" in said.out
    assert answer["key"] in said.out
    assert "Is this the station's key?" in said.err
    assert "Is this" not in stocked.type("restore", backup, "--check", "--key", answer["key"]).err
    other = vkey(answer["station"], bytes(32))
    assert stocked.refuse("restore", backup, "--check", "--key", other, exit_code=5)["code"] == "backup_damaged"


def test_on_a_terminal_it_is_asked_for(stocked: Desk, backup: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is shown and a question asked: no changes nothing, exit code 130; yes restores what was shown."""
    answers = iter([False, True])
    monkeypatch.setattr(confirmation, "on_a_terminal", lambda: True)
    monkeypatch.setattr("click.confirm", lambda _: next(answers))
    refused = stocked.type("restore", backup, *WHY)
    assert (refused.exit_code, refused.err) == (130, "Not restored. Nothing was saved.\n")
    assert "Given up: 3 entries" in refused.out
    assert stocked.log_size() == 14
    assert "Restored 11 entries" in stocked.tell("restore", backup, *WHY)
    assert stocked.log_size() == 12


def test_an_old_copy_put_there_by_hand_is_noticed(stocked: Desk, backup: str) -> None:
    """The next deed and doctor say so, exit code 5; saying that it is meant makes it right."""
    stocked.ask("audit", "verify")
    copy = shutil.copy(stocked.database, stocked.folder / "copy.db")
    stocked.tell("holder", "add", "Ines Okafor")
    for file in stocked.folder.glob("station.db*"):
        file.unlink()
    shutil.copy(copy, stocked.database)
    error = stocked.refuse("holder", "add", "Tom Blank", exit_code=5)
    assert error["code"] == "database_older"
    answer = stocked.type("--json", "doctor")
    assert answer.exit_code == 5
    (found,) = (check for check in json.loads(answer.out)["checks"] if not check["ok"])
    assert found["name"] == "history"
    assert found["message"] == (
        "This database of 14 entries does not hold what a checkpoint of 15 entries states that is known here: it is an "
        "older or another copy. Compare it with a backup and with checkpoints kept elsewhere."
    )
    verified = stocked.ask("audit", "verify")
    assert (verified["ok"], verified["entries"]) == (True, 14)
    assert verified["message"].endswith(
        " The station is known to have signed 15 entries; this file has fewer. If it is an older copy it is good as "
        "one; whether it is, only a checkpoint of its own size can tell."
    )
    assert "a checkpoint of 15 entries" in error["message"]
    asked = ("backup", str(stocked.folder / "tuesday.backup"))
    assert stocked.refuse(*asked, exit_code=5) == error
    assert not list(stocked.folder.glob("tuesday*"))
    stocked.tell("restore", "--at", "14", "--reason", "it is meant", "--yes")
    stocked.tell("holder", "add", "Tom Blank")
    assert stocked.type("doctor").exit_code == 0
    assert backup


def test_verifying_names_the_restore(stocked: Desk, backup: str) -> None:
    """A checkpoint of what was given up fails, exit code 5, and the restore with its reason is told."""
    note = stocked.folder / "note.txt"
    note.write_text(stocked.tell("audit", "checkpoint"), encoding="utf-8")
    stocked.tell("restore", backup, *WHY, "--yes")
    answer = stocked.ask("audit", "verify", "--checkpoint", str(note), exit_code=5)
    assert answer["ok"] is False
    assert "were given up by the restore of entry 12, when 14 were known: the disk failed." in answer["message"]


def test_another_log_in_the_databases_place_is_not_good(stocked: Desk) -> None:
    """A log that is as long as what is known and differs is no copy: verifying says that it is not good."""
    copy = shutil.copy(stocked.database, stocked.folder / "copy.db")
    known = stocked.folder / "xdg_data_home" / "assettrack" / "checkpoints"
    before = {file: file.read_bytes() for file in known.iterdir()}
    stocked.tell("holder", "add", "Ines Okafor")
    after = {file: file.read_bytes() for file in known.iterdir()}
    for file in stocked.folder.glob("station.db*"):
        file.unlink()
    shutil.copy(copy, stocked.database)
    for file, content in before.items():
        file.write_bytes(content)
    stocked.tell("holder", "add", "Tom Blank")
    for file, content in after.items():
        file.write_bytes(content)
    verified = stocked.ask("audit", "verify", exit_code=5)
    assert verified["ok"] is False
    assert "an older or another copy" in verified["message"]
    assert "Nothing was saved" not in verified["message"]
    assert "restore" not in verified["message"]
