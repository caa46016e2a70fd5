"""The newest checkpoint known outside the database: kept and found again, and never in the way of a deed."""

import os
from pathlib import Path

import pytest

from assettrack.domain.checkpoints import Checkpoint, sign_checkpoint
from assettrack.domain.deeds import Station
from assettrack.station.known_checkpoint import KnownCheckpoints
from tests.store.stations import STATION, made_up_signer, made_up_station

KNOWN = Checkpoint(STATION, 5, bytes(range(32)))
NOTE = sign_checkpoint(KNOWN, made_up_signer())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where notes are kept; it is not there yet."""
    return tmp_path / "data" / "checkpoints"


def test_what_was_kept_is_known(folder: Path) -> None:
    """The last note that was kept is the one that is known; nothing else is left beside it."""
    known = KnownCheckpoints(folder)
    assert known.newest(made_up_station()) is None
    assert known.unreadable_because(made_up_station()) is None
    known.keep(STATION, NOTE)
    assert known.newest(made_up_station()) == KNOWN
    later = Checkpoint(STATION, 6, bytes(32))
    known.keep(STATION, sign_checkpoint(later, made_up_signer()))
    assert known.newest(made_up_station()) == later
    assert os.listdir(folder) == [f"{STATION}.note"]  # noqa: PTH208 - names alone are asked for


@pytest.mark.skipif(os.name != "posix", reason="Windows has no modes of files")
def test_a_note_is_private(folder: Path) -> None:
    """Only the owner reads the note and its folder."""
    KnownCheckpoints(folder).keep(STATION, NOTE)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / f"{STATION}.note").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "content",
    [
        b"",
        NOTE.encode()[:-20],
        b"\xff\xfe",
        sign_checkpoint(Checkpoint("another", 5, bytes(32)), made_up_signer("another")).encode(),
        sign_checkpoint(KNOWN, made_up_signer(seed=2)).encode(),
        NOTE.replace("\n5\n", "\n6\n").encode(),
        b"x" * 1_000_000,
    ],
    ids=["empty", "cut off", "no text", "another station's", "another key's", "changed", "far too long"],
)
def test_what_the_station_did_not_sign_is_not_known(folder: Path, content: bytes) -> None:
    """Only a whole note signed with the station's key counts; what is damaged or planted is as if it were not there."""
    known = KnownCheckpoints(folder)
    known.keep(STATION, NOTE)
    assert known.unreadable_because(made_up_station()) is None
    (folder / f"{STATION}.note").write_bytes(content)
    assert known.newest(made_up_station()) is None
    assert known.unreadable_because(made_up_station())


@pytest.mark.skipif(os.name != "posix", reason="Windows has no named pipes in folders")
def test_a_pipe_in_its_place_holds_nobody_up(folder: Path) -> None:
    """Who opened a pipe would wait for somebody to write into it: it is not opened, and said to be no file."""
    known = KnownCheckpoints(folder)
    known.keep(STATION, NOTE)
    (folder / f"{STATION}.note").unlink()
    os.mkfifo(folder / f"{STATION}.note")
    assert known.newest(made_up_station()) is None
    assert "no file" in str(known.unreadable_because(made_up_station()))
    known.keep(STATION, NOTE)
    assert known.newest(made_up_station()) == KNOWN


def test_a_key_that_is_none_knows_nothing(folder: Path) -> None:
    """Where a database was tampered with, its public key may be anything."""
    known = KnownCheckpoints(folder)
    known.keep(STATION, NOTE)
    assert known.newest(Station(STATION, "UTC", "no key")) is None


def test_where_nothing_can_be_kept_nothing_stops(tmp_path: Path) -> None:
    """A folder that is a file, a note that is a folder, a name that can't be a file's: the deed goes on."""
    blocked = tmp_path / "blocked"
    blocked.write_text("a file")
    KnownCheckpoints(blocked).keep(STATION, NOTE)
    assert KnownCheckpoints(blocked).newest(made_up_station()) is None
    folder = tmp_path / "folder"
    (folder / f"{STATION}.note" / "full").mkdir(parents=True)
    KnownCheckpoints(folder).keep(STATION, NOTE)
    assert KnownCheckpoints(folder).unreadable_because(made_up_station())
    assert [path.name for path in folder.iterdir()] == [f"{STATION}.note"]
    KnownCheckpoints(folder).keep("../outside", NOTE)
    assert KnownCheckpoints(folder).newest(Station("../outside", "UTC", "ab" * 32)) is None
    assert KnownCheckpoints(folder).path("../outside") is None
    assert not (tmp_path / "outside.note").exists()
