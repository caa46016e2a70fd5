"""Tests of `assettrack.cli.backup_cmd`, and of what doctor says of backups."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import NOW, Desk


@pytest.fixture
def file(stocked: Desk) -> Path:
    """Return where a backup is to be made; the station has 11 entries."""
    return stocked.folder / "monday.backup"


def test_a_backup_answers_with_what_it_holds(stocked: Desk, file: Path) -> None:
    """The answer names both files, size and root of the log, the file's hash, and the entry that tells of it."""
    answer = stocked.ask("backup", str(file))
    assert answer.keys() == {"file", "manifest", "entries", "root", "sha256", "verified", "seq"}
    assert (answer["file"], answer["manifest"]) == (str(file), f"{file}.manifest")
    assert (answer["entries"], answer["seq"], answer["verified"]) == (11, 12, True)
    assert answer["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    manifest = json.loads(Path(answer["manifest"]).read_text(encoding="utf-8").splitlines()[0])
    assert (manifest["root"], manifest["entries"]) == (answer["root"], 11)
    assert stocked.ask("audit", "verify")["entries"] == 12


def test_a_person_is_told_to_keep_it_elsewhere(stocked: Desk, file: Path) -> None:
    """Both files are named, and that contact data is in them and the key is not."""
    said = stocked.tell("backup", str(file))
    assert f"Made and verified {file}: 11 entries." in said
    assert f"{file}.manifest" in said
    assert "The key is not in them; contact data is." in said
    assert "backup monday.backup of 11 entries" in stocked.tell("audit", "show", "--last", "1")


def test_a_backup_is_replaced_only_with_force(stocked: Desk, file: Path) -> None:
    """The name is taken: exit code 4, and --force is offered."""
    stocked.tell("backup", str(file))
    error = stocked.refuse("backup", str(file), exit_code=4)
    assert error["code"] == "file_exists"
    assert stocked.ask("backup", str(file), "--force")["entries"] == 12


@pytest.mark.parametrize(
    ("name", "exit_code", "code"),
    [
        (".", 3, "file_unwritable"),
        ("nowhere/monday.backup", 3, "file_unwritable"),
        ("station.db", 2, "value_unusable"),
        ("station.db-wal", 2, "value_unusable"),
    ],
)
def test_hostile_names_are_refused(stocked: Desk, name: str, exit_code: int, code: str) -> None:
    """A folder, a folder that is not there, the database itself: an error that says so, and nothing is made."""
    error = stocked.refuse("backup", "--force", str(stocked.folder / name), exit_code=exit_code)
    assert error["code"] == code
    assert stocked.log_size() == 11


def test_without_a_station_there_is_nothing_to_back_up(desk: Desk, tmp_path: Path) -> None:
    """No database: exit code 4."""
    assert desk.refuse("backup", str(tmp_path / "a"), exit_code=4)["code"] == "database_missing"


def line(desk: Desk, name: str) -> tuple[bool, str]:
    """What doctor says of one thing."""
    answer = desk.type("--json", "doctor")
    (found,) = (check for check in json.loads(answer.out)["checks"] if check["name"] == name)
    return found["ok"], found["message"]


def test_doctor_tells_of_the_latest_backup_and_its_age(stocked: Desk, file: Path) -> None:
    """By the log: none yet, the latest with its age, and after 30 days that one should be made; exit code 4."""
    assert line(stocked, "backup")[0]
    assert "tells of no backup yet" in line(stocked, "backup")[1]
    stocked.now = NOW + timedelta(days=31)
    assert line(stocked, "backup") == (False, "The log tells of no backup yet. Make one: assettrack backup FILE.")
    stocked.tell("backup", str(file))
    stocked.tell("holder", "add", "Bob Lee")
    good, message = line(stocked, "backup")
    assert good
    assert "The latest backup, monday.backup of 11 entries, is 0 days old." in message
    stocked.now += timedelta(days=30)
    assert line(stocked, "backup")[0]
    stocked.now += timedelta(days=1)
    assert "is 31 days old. Make one: assettrack backup FILE." in line(stocked, "backup")[1]
    assert stocked.type("doctor").exit_code == 4


def verdict(desk: Desk) -> str:
    """What doctor says of backups, on a screen."""
    (found,) = (line for line in desk.type("doctor").out.splitlines() if line[8:14] == "backup")
    return found[:8].strip()


def test_doctor_says_what_is_to_do_and_nothing_wrong_yet(stocked: Desk, file: Path) -> None:
    """No backup yet, or none within a week: the same verdict as on the page of settings, and exit code 0."""
    assert (verdict(stocked), stocked.type("doctor").exit_code) == ("to do", 0)
    stocked.tell("backup", str(file))
    assert verdict(stocked) == "ok"
    stocked.now += timedelta(days=7)
    assert verdict(stocked) == "ok"
    stocked.now += timedelta(days=1)
    assert (verdict(stocked), stocked.type("doctor").exit_code) == ("to do", 0)


def test_a_backup_of_a_time_still_to_come_is_never_ok(stocked: Desk, file: Path) -> None:
    """The clock was ahead and is right again: how old the backup is can't be told, however far ahead it is."""
    stocked.now = NOW + timedelta(days=400, hours=1)
    stocked.tell("backup", str(file))
    made = stocked.now
    for back, said in (
        (timedelta(0), "0 days old"),
        (timedelta(minutes=5), "0 days old"),
        (timedelta(hours=1), "less than a day ahead"),
        (timedelta(days=1, hours=1), "1 day ahead"),
        (
            timedelta(days=400, hours=1),
            "400 days ahead of this clock: its age can't be told. If the clock is wrong, set it",
        ),
    ):
        stocked.now = made - back
        good, message = line(stocked, "backup")
        assert (good, said in message, "is dated 2027-" in message) == ("ahead" not in said, True, "ahead" in said), (
            message
        )
    assert verdict(stocked) == "NOT OK"


def test_doctor_tells_what_is_known_outside(stocked: Desk) -> None:
    """The checkpoint that is known beside the database is named, and when none is."""
    assert line(stocked, "history") == (
        True,
        "The database holds the checkpoint of 11 entries that is known outside it.",
    )
    for note in (stocked.folder / "xdg_data_home" / "assettrack" / "checkpoints").iterdir():
        note.unlink()
    assert "No checkpoint is known outside" in line(stocked, "history")[1]
