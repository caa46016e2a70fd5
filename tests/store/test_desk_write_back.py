"""The desk's write-ahead log is written back beside those who write: soon enough, and losing nothing."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import apsw
import pytest

from assettrack.store import desk_file
from assettrack.store.connection import DESK_PAGES_MAX, DatabaseSettings
from assettrack.store.desk import StationDesk
from assettrack.store.desk_file import DeskFile
from assettrack.store.desk_write_back import CHANGES_EACH, WriteBack
from tests.faults.failing_statements import Call, Trouble, failing_call

STATION = "assettrack-test0001"
SQLITE_PAGES = 1_000
"""When SQLite writes a log back by itself, unless told otherwise (`SQLITE_DEFAULT_WAL_AUTOCHECKPOINT`)."""

PAGE_BYTES = 4096
OPERATORS = 8


class Never(WriteBack):
    """A planted bug: it counts, and writes nothing back."""

    def _write_back(self) -> None:
        pass


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Say where the desk's file is."""
    path = tmp_path / "home" / "station.db.desk"
    with closing(DeskFile(path)) as file:
        file.set_up(STATION)
    return path


@pytest.fixture
def desk(path: Path) -> Iterator[StationDesk]:
    """Return the desk at work."""
    with closing(StationDesk(DeskFile(path))) as desk:
        yield desk


def kept_in_file(path: Path) -> int:
    """Count the preferences that are in the file itself, whatever its write-ahead log holds beside it."""
    with closing(
        apsw.Connection(f"file:{path}?immutable=1", flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
    ) as it:
        return int(it.execute("SELECT count(*) FROM desk_preferences").get)


def keep(desk: StationDesk, number: int, value: str = "dark") -> None:
    """Make one change."""
    desk.keep_preference(number, "theme", value)


def written_back(path: Path, wanted: int, seconds: float = 20) -> bool:
    """Wait until so many are in the file itself; tell whether that came."""
    end = time.monotonic() + seconds
    while kept_in_file(path) < wanted and time.monotonic() < end:
        time.sleep(0.01)
    return kept_in_file(path) >= wanted


def test_what_is_saved_comes_into_the_file_while_all_are_at_work(desk: StationDesk, path: Path) -> None:
    """After so many changes, once and again; until then the write-ahead log alone has them."""
    for number in range(CHANGES_EACH - 1):
        keep(desk, number)
    assert kept_in_file(path) == 0
    keep(desk, CHANGES_EACH)
    assert written_back(path, CHANGES_EACH)
    for number in range(2 * CHANGES_EACH):
        keep(desk, 1_000 + number)
    assert written_back(path, 2 * CHANGES_EACH)


def test_a_desk_that_never_writes_back_is_noticed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug leaves the file as it was."""
    monkeypatch.setattr(desk_file, "WriteBack", Never)
    with closing(StationDesk(DeskFile(path))) as desk:
        for number in range(3 * CHANGES_EACH):
            keep(desk, number)
        assert not written_back(path, 1, seconds=0.2)


def test_no_commit_writes_back_but_at_the_far_limit(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long after SQLite would have done it, none has; past the limit the next commit does it, and loses nothing."""
    monkeypatch.setattr(desk_file, "WriteBack", Never)
    log = path.with_name(f"{path.name}-wal")
    with closing(StationDesk(DeskFile(path))) as desk:
        for number in range(4):
            keep(desk, number, "x" * SQLITE_PAGES * PAGE_BYTES)
        assert log.stat().st_size > 3 * SQLITE_PAGES * PAGE_BYTES
        assert kept_in_file(path) == 0
        keep(desk, 5, "x" * DESK_PAGES_MAX * PAGE_BYTES)
        assert kept_in_file(path) == 5


def test_a_disk_that_fails_meanwhile_loses_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told of it, all that was saved is there, and the next time it is written back."""
    monkeypatch.setattr(desk_file, "WriteBack", Never)
    with failing_call(1, Trouble.IO, calls={Call.WRITE}) as fault:
        fault.is_armed = False
        settings = DatabaseSettings(vfs=fault.vfs)
        with closing(StationDesk(DeskFile(path, settings))) as desk:
            keep(desk, 1)
            fault.is_armed = True
            with closing(WriteBack(path, settings, changes_each=1)) as first:
                first.changed()
            assert (fault.fired, fault.place.endswith("-wal"), kept_in_file(path)) == (True, False, 0)
            assert desk.preference(1, "theme") == "dark"
            keep(desk, 2)
            with closing(WriteBack(path, settings, changes_each=1)) as second:
                second.changed()
            assert kept_in_file(path) == 2
    assert fault.error is None


def test_operators_at_once_lose_nothing_while_it_is_written_back_all_the_time(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight write while it is written back after nearly each change; all is there, and in the file when they end."""
    each = 40
    begin = threading.Barrier(OPERATORS)
    monkeypatch.setattr(desk_file, "WriteBack", partial(WriteBack, changes_each=1))
    with closing(StationDesk(DeskFile(path))) as desk, ThreadPoolExecutor(OPERATORS) as operators:

        def work(operator: int) -> None:
            begin.wait()
            for number in range(each):
                keep(desk, operator * each + number)

        list(operators.map(work, range(OPERATORS)))
        assert all(desk.preference(number, "theme") == "dark" for number in range(OPERATORS * each))
    assert kept_in_file(path) == OPERATORS * each
    assert [each.name for each in path.parent.iterdir()] == [path.name]
