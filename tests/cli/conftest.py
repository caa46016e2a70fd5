"""Owns the desk at which every test of the command line sits: a station in a temporary folder, and its answers."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from assettrack import bootstrap
from assettrack.cli.main import main

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEADER = "asset_tag,timestamp,event_type,operator_id,issued_to_name,case_number,slot_number,equipment_type,notes"


class Answer(NamedTuple):
    """What a command answered."""

    exit_code: int
    out: str
    err: str


class Desk:
    """A station and what a person types there; the clock stands still unless it is set."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.database = folder / "station.db"
        self.now = NOW
        self._capsys = capsys
        for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"):
            monkeypatch.setenv(name, str(folder / name.lower()))
        monkeypatch.setenv("ASSETTRACK_DB", str(self.database))
        monkeypatch.setenv("ASSETTRACK_OPERATOR", "gcurl")
        monkeypatch.setenv("COLUMNS", "100")
        monkeypatch.setattr(bootstrap, "now", lambda: self.now)

    def type(self, *words: str) -> Answer:
        """Run a command in this process."""
        exit_code = main(words)
        out, err = self._capsys.readouterr()
        assert "Traceback" not in out + err
        return Answer(exit_code, out, err)

    def tell(self, *words: str) -> str:
        """Run a command that must succeed, and return what a person reads."""
        answer = self.type(*words)
        assert answer.exit_code == 0, answer
        return answer.out

    def ask(self, *words: str, exit_code: int = 0) -> dict[str, Any]:
        """Run a command with --json, and return the object it answers."""
        answer = self.type("--json", *words)
        assert answer.exit_code == exit_code, answer
        assert answer.err == ""
        found = json.loads(answer.out)
        assert isinstance(found, dict)
        return found

    def refuse(self, *words: str, exit_code: int) -> dict[str, Any]:
        """Run a command with --json that must fail, and return its error; a person is told the same on stderr."""
        error = self.ask(*words, exit_code=exit_code)["error"]
        assert isinstance(error, dict)
        assert error.keys() == {"code", "message", "saved"}
        assert error["saved"] is False
        said = self.type(*words)
        assert said.exit_code == exit_code
        assert f"Error: {error['message']}\n" in said.err
        return error

    def file(self, name: str, *lines: str) -> str:
        """Write a file of these lines, and return its path as it would be typed."""
        path = self.folder / name
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return str(path)

    def batch(self, *rows: str, name: str = "scans.csv") -> str:
        """Write a batch of rows under the usual header."""
        return self.file(name, HEADER, *rows)

    def log_size(self) -> int:
        """Return how many entries the log has."""
        return len(self.ask("audit", "show")["entries"])


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk whose station is not set up yet."""
    return Desk(tmp_path, capsys, monkeypatch)


Prepare = Callable[[str, Desk, Callable[[], None]], None]
"""Does something that has a name at a desk."""


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepare:
    """Return what has something done at a desk once, and gives each later desk a copy of what that made."""
    kept = tmp_path_factory.mktemp("prepared")

    def prepare(name: str, desk: Desk, do: Callable[[], None]) -> None:
        if (kept / name).exists():
            shutil.copytree(kept / name, desk.folder, dirs_exist_ok=True)
        else:
            do()
            shutil.copytree(desk.folder, kept / name)

    return prepare


@pytest.fixture
def station(desk: Desk, prepared: Prepare) -> Desk:
    """A station with two cases of 12 and 4 slots: the station is entry 1 of its log, the cases 2 and 3."""

    def set_up() -> None:
        desk.tell("init", "--timezone", "Europe/Berlin")
        desk.tell("case", "init", "CASE-01", "--slots", "12")
        desk.tell("case", "init", "CASE-02", "--slots", "4")

    prepared("station", desk, set_up)
    return desk


@pytest.fixture
def stocked(station: Desk, prepared: Prepare) -> Desk:
    """The station after its first batch: LT-1 in slot 1, LT-2 unslotted, LT-3 with Jane Smith, LT-4 retired.

    The batch is entries 4 to 11: its facts, the holder, six rows.
    """
    batch = station.batch(
        "LT-1,2026-02-01T08:00:00Z,SCAN,anna,,CASE-01,1,laptop,",
        "LT-2,2026-02-01T08:01:00Z,SCAN,anna,,,,laptop,",
        "LT-3,2026-02-01T08:02:00Z,SCAN,anna,,CASE-01,3,tablet,",
        "LT-3,2026-02-01T09:00:00Z,ISSUE,anna,Jane Smith,OUT,OUT,,",
        "LT-4,2026-02-01T08:03:00Z,SCAN,anna,,CASE-01,4,laptop,",
        "LT-4,2026-02-01T09:01:00Z,RETIRE,anna,,,,,broken",
        name="first.csv",
    )
    prepared("stocked", station, lambda: _commit(station, batch))
    return station


def _commit(station: Desk, batch: str) -> None:
    station.tell("commit", batch, "--yes", "--new-holders")
