"""A database that can't be opened makes room for another; where the disk fails it is back, or said where."""

import os
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from assettrack.domain import station_errors
from assettrack.store.replacing import holding

SPOILED = b"nothing that SQLite knows"
LOG = b"its log"
SYNC = "assettrack.store.replacing.sync_folder"


@pytest.fixture
def live(tmp_path: Path) -> Path:
    """Make what is left of a database, in a folder of its own, with its log."""
    path = tmp_path / "live" / "station.db"
    path.parent.mkdir()
    path.write_bytes(SPOILED)
    Path(f"{path}-wal").write_bytes(LOG)
    return path


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Make what takes its place; what is in it does not matter here, only that SQLite can open it."""
    path = tmp_path / "new.db"
    path.touch()
    return path


def failing(do: Callable[..., object], fails: Callable[[int], bool]) -> Callable[..., object]:
    """Return a system call whose k-th use fails where ``fails`` says so; uses are counted from 1."""
    uses = count(1)

    def call(*arguments: Path) -> object:
        if fails(next(uses)):
            raise OSError(5, "Input/output error")
        return do(*arguments)

    return call


@pytest.mark.parametrize(("what", "use"), [("rename", 1), ("rename", 2), ("rename", 3), ("sync", 1)])
def test_what_was_moved_aside_is_moved_back(
    live: Path, new: Path, monkeypatch: pytest.MonkeyPatch, what: str, use: int
) -> None:
    """The disk fails while there is no database: what was there is there again, under its own names."""
    with monkeypatch.context() as patch:
        if what == "rename":
            patch.setattr(Path, "rename", failing(Path.rename, lambda at: at == use))
        else:
            patch.setattr(SYNC, failing(lambda _: None, lambda at: at == use))
        with pytest.raises(station_errors.StorageFailed, match="Nothing was saved"), holding(live, new) as held:
            held.replace("now")
    assert sorted(os.listdir(live.parent)) == ["station.db", "station.db-wal"]  # noqa: PTH208 - names alone are asked for
    assert (live.read_bytes(), Path(f"{live}-wal").read_bytes()) == (SPOILED, LOG)


def test_what_can_not_be_moved_back_is_named(live: Path, new: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the third renaming on none works: the sentence says where the database is kept."""
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", failing(Path.rename, lambda at: at > 2))
        with (
            pytest.raises(station_errors.StorageFailed, match=r"is kept as .*replaced-now\."),
            holding(live, new) as held,
        ):
            held.replace("now")
    assert Path(f"{live}.replaced-now").read_bytes() == SPOILED


def test_a_new_name_that_may_not_last_is_uncertain(live: Path, new: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new one has its name, and the folder is not brought to the disk: either one may be there later."""
    with monkeypatch.context() as patch:
        patch.setattr(SYNC, failing(lambda _: None, lambda at: at == 2))
        with (
            pytest.raises(station_errors.CommitUncertain, match=r"is kept as .*replaced-now\."),
            holding(live, new) as held,
        ):
            held.replace("now")
    assert Path(f"{live}.replaced-now").read_bytes() == SPOILED
