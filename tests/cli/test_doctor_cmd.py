"""Tests of `assettrack.cli.doctor_cmd`, and of what `bootstrap.examine` joins for it."""

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import apsw
import pytest

from tests.cli.conftest import NOW, Desk

NAMES = [
    "program", "sqlite", "database", "pragmas", "schema", "key", "clock", "history", "backup", "space", "plans",
]  # fmt: skip


def key_of(desk: Desk) -> Path:
    """Return the station's key file."""
    (key,) = (desk.folder / "xdg_data_home" / "assettrack" / "keys").glob("*.key")
    return key


def failing(desk: Desk, exit_code: int) -> dict[str, str]:
    """Run doctor, which must find something, and return the messages of what is not ok, by name."""
    answer = desk.ask("doctor", exit_code=exit_code)
    assert answer["ok"] is False
    return {check["name"]: check["message"] for check in answer["checks"] if not check["ok"]}


def test_a_good_station_is_all_ok(stocked: Desk) -> None:
    """Every check of a good station is ok, in a fixed order; exit code 0. Of a new one the backup is to be made yet."""
    answer: dict[str, Any] = stocked.ask("doctor")
    assert answer["ok"] is True
    assert [(check["name"], check["ok"]) for check in answer["checks"]] == [(name, True) for name in NAMES]
    assert all(check.keys() == {"name", "ok", "message"} for check in answer["checks"])
    lines = stocked.tell("doctor").splitlines()
    verdicts = [(line[:8].strip(), line[8:].split()[0]) for line in lines]
    assert verdicts == [("to do" if name == "backup" else "ok", name) for name in NAMES]


def test_the_pragmas_are_read_back(station: Desk) -> None:
    """The line of pragmas tells the values which the connection really has."""
    (line,) = (check["message"] for check in station.ask("doctor")["checks"] if check["name"] == "pragmas")
    for setting in ("journal_mode wal", "synchronous 2", "foreign_keys 1", "recursive_triggers 1"):
        assert setting in line


def test_without_a_database_the_rest_is_still_checked(desk: Desk) -> None:
    """No database: exit code 4, the advice to init, and the checks that need none are done."""
    found = failing(desk, 4)
    assert found.keys() == {"database"}
    assert "assettrack init" in found["database"]
    assert desk.type("doctor").out.splitlines()[2].startswith("NOT OK  database")


def test_a_missing_key_is_said(station: Desk) -> None:
    """The key gone: exit code 4, and the advice to put it back."""
    key_of(station).unlink()
    assert "Put the key back" in failing(station, 4)["key"]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no modes of files")
def test_a_key_that_others_can_read_is_said(station: Desk) -> None:
    """A key readable by others: exit code 4."""
    key_of(station).chmod(0o644)
    assert "chmod 600" in failing(station, 4)["key"]


def test_the_key_of_another_station_is_said(station: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that is not the one the database knows: exit code 4."""
    monkeypatch.setenv("ASSETTRACK_DB", str(station.folder / "other.db"))
    mine = key_of(station)
    station.tell("init")
    (other,) = set(mine.parent.glob("*.key")) - {mine}
    other.replace(mine)
    monkeypatch.setenv("ASSETTRACK_DB", str(station.database))
    assert "not the key this database was set up with" in failing(station, 4)["key"]


def test_a_clock_behind_the_log_is_said(stocked: Desk) -> None:
    """A clock before the latest deed: exit code 4. The latest is a batch here, a typed deed after it."""
    stocked.now = NOW - timedelta(seconds=1)
    assert "2026-03-01T12:00:00" in failing(stocked, 4)["clock"]
    stocked.now = NOW + timedelta(hours=1)
    stocked.tell("slot", "vacate", "--asset", "LT-1")
    stocked.now = NOW + timedelta(minutes=59)
    assert "2026-03-01T13:00:00" in failing(stocked, 4)["clock"]


@pytest.mark.parametrize("year", [1970, 2024, 2100])
def test_a_clock_in_an_insane_year_is_said(station: Desk, year: int) -> None:
    """A clock that was reset, or far ahead: exit code 4."""
    station.now = NOW.replace(year=year)
    assert str(year) in failing(station, 4)["clock"]


def note_of(desk: Desk) -> Path:
    """Return the newest checkpoint known of the station, outside its database."""
    (note,) = (desk.folder / "xdg_data_home" / "assettrack" / "checkpoints").glob("*.note")
    return note


def junk(path: Path) -> None:
    """Make a file that is no checkpoint."""
    path.write_text("junk")


PIPE = pytest.param(
    getattr(os, "mkfifo", None), marks=pytest.mark.skipif(os.name != "posix", reason="Windows has no such pipes")
)


@pytest.mark.parametrize("make", [junk, Path.mkdir, PIPE], ids=["junk", "a folder", "a pipe"])
def test_a_known_checkpoint_that_can_not_be_read_is_said(station: Desk, make: Callable[[Path], None]) -> None:
    """Anything else in its place: exit code 4, its path, and what to do; once it is moved away all is well."""
    note = note_of(station)
    note.unlink()
    make(note)
    said = failing(station, 4)["history"]
    assert f"The known checkpoint {note} can't be read" in said
    assert "audit verify --checkpoint" in said
    assert "move that one away" in said
    note.rename(note.with_suffix(".aside"))
    assert station.ask("doctor")["ok"] is True
    station.tell("holder", "add", "Bob Lee")
    assert "checkpoint of 4 entries" in station.tell("doctor")


def test_a_folder_where_no_checkpoint_can_be_left_is_said(station: Desk) -> None:
    """A file where the folder should be: every deed is done, none leaves a checkpoint, and doctor says so."""
    folder = note_of(station).parent
    shutil.rmtree(folder)
    folder.write_text("in the way")
    station.tell("holder", "add", "Bob Lee")
    assert str(folder) in failing(station, 4)["history"]
    assert "an older copy of the database would not be noticed" in failing(station, 4)["history"]


@pytest.mark.skipif(os.name != "posix", reason="Windows lets only administrators make links")
def test_a_folder_that_leads_nowhere_is_said(station: Desk) -> None:
    """The folder is a link to a disk that is not there: nothing is known, nothing can be, and that is said."""
    note = note_of(station)
    shutil.rmtree(note.parent)
    note.parent.symlink_to(station.folder / "unplugged" / "checkpoints")
    station.tell("holder", "add", "Bob Lee")
    said = failing(station, 4)["history"]
    assert str(note) in said
    assert "an older copy of the database would not be noticed" in said


def test_a_changed_schema_is_damage(station: Desk) -> None:
    """A dropped trigger: exit code 5, and its name."""
    connection = apsw.Connection(str(station.database))
    connection.execute("DROP TRIGGER audit_log_keeps")
    connection.close()
    assert "audit_log_keeps" in failing(station, 5)["schema"]


def test_another_journal_is_said(station: Desk) -> None:
    """A file that somebody took out of its write-ahead log mode: exit code 4."""
    connection = apsw.Connection(str(station.database))
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    assert "journal_mode is 'delete' and should be 'wal'" in failing(station, 4)["pragmas"]


def test_previews_that_can_not_be_kept_are_said(station: Desk) -> None:
    """A file where the folder of previews should be: exit code 4."""
    (station.folder / "xdg_cache_home").write_text("in the way")
    assert "Previews can't be kept" in failing(station, 4)["plans"]
