"""Users without a home folder, or with one that can't be used: every command says what to do, and nothing is made."""

import os
from pathlib import Path
from typing import NoReturn

import pytest

from tests.cli.conftest import Desk

posix = pytest.mark.skipif(os.name != "posix", reason="elsewhere the system itself knows the folders")

ON_THE_STATION = (
    ("init",),
    ("case", "list"),
    ("slot", "show", "CASE-01", "1"),
    ("preview", "scans.csv"),
    ("commit", "scans.csv", "--yes"),
    ("issue", "LT-1", "--to", "Jane Smith", "--yes"),
    ("report", "overdue"),
    ("audit", "verify"),
    ("backup", "monday.backup"),
    ("restore", "monday.backup", "--check"),
    ("doctor",),
)


@pytest.fixture
def homeless(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk at which neither the environment nor the system tells where the user's home is."""

    def unknown(_uid: int) -> NoReturn:
        raise KeyError("uid not found")

    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", unknown)
    monkeypatch.chdir(desk.folder)
    desk.batch("LT-1,2026-02-01T08:00:00Z,SCAN,anna,,CASE-01,1,laptop,")
    return desk


@posix
@pytest.mark.parametrize("words", ON_THE_STATION, ids=" ".join)
@pytest.mark.parametrize("home", [None, "", "relative/home"])
def test_without_a_home_folder_it_is_said(
    homeless: Desk, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], home: str | None
) -> None:
    """Exit code 4, what to set, also where the database is named; no folder is made in place of the home."""
    if home is not None:
        monkeypatch.setenv("HOME", home)
    error = homeless.refuse(*words, exit_code=4)
    assert error["code"] == "home_folder_unknown"
    assert "Set HOME to a folder of yours" in error["message"]
    assert [path.name for path in homeless.folder.iterdir()] == ["scans.csv"]


@posix
def test_what_needs_no_station_needs_no_home(homeless: Desk) -> None:
    """Help, version and completion are there for everybody."""
    for words in (["--help"], ["--version"], ["completion", "bash"], ["issue", "--help"]):
        assert homeless.tell(*words)


@posix
def test_folders_that_are_named_do_without_a_home(homeless: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Linux the two folders can be named themselves."""
    monkeypatch.setenv("XDG_DATA_HOME", str(homeless.folder / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(homeless.folder / "cache"))
    homeless.tell("init")
    homeless.tell("case", "init", "CASE-01", "--slots", "4")


@posix
@pytest.mark.parametrize("named", [True, False])
def test_a_home_folder_that_can_not_be_used_is_named(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, *, named: bool
) -> None:
    """`init` names the folder for the key or the database, exit code 4; before that, others say how to name one."""
    in_the_way = Path(desk.file("home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(in_the_way / "data"))
    if not named:
        monkeypatch.delenv("ASSETTRACK_DB")
    missing = desk.refuse("case", "list", exit_code=4)
    assert (missing["code"], "--db" in missing["message"]) == ("database_missing", True)
    error = desk.refuse("init", exit_code=4)
    assert error["code"] == "folder_unusable"
    assert str(in_the_way / "data" / "assettrack") in error["message"]
    assert "Set HOME to a folder that you may write to" in error["message"]
