"""Files that people keep: written whole or not at all, never over another, and read again line by line."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from assettrack.cli.kept_file import read_lines, write_kept
from assettrack.domain import errors, station_errors
from assettrack.settings import Settings

ELSEWHERE = Settings(Path("nowhere", "station.db"), Path("nowhere", "keys"), Path("nowhere", "plans"), None)
"""Of a station whose files lie in another place."""


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return sorted(path.name for path in folder.iterdir())


def breaking_off() -> Iterator[bytes]:
    """A beginning, after which the database turns out to be damaged."""
    yield b"a beginning"
    raise station_errors.DatabaseDamaged("page 3")


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    """The pieces stand in it one after the other; only its owner can read it; nothing is left beside it."""
    path = tmp_path / "log.export"
    write_kept(str(path), iter([b"one\n", b"", b"two\n"]), station=ELSEWHERE, force=False)
    assert path.read_bytes() == b"one\ntwo\n"
    assert names(tmp_path) == ["log.export"]
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    """Without --force nothing is written over a file, and the pieces are not even asked for."""
    path = tmp_path / "log.export"
    path.write_bytes(b"old")
    with pytest.raises(errors.FileExists, match=r"log\.export is there already"):
        write_kept(str(path), breaking_off(), station=ELSEWHERE, force=False)
    assert path.read_bytes() == b"old"
    write_kept(str(path), [b"new"], station=ELSEWHERE, force=True)
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["log.export"]


@pytest.mark.parametrize("linking", [True, False])
def test_a_file_that_appears_meanwhile_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, linking: bool
) -> None:
    """Whoever takes the name while the file is written keeps it, also on a file system without links."""
    path = tmp_path / "log.export"
    if not linking:
        monkeypatch.setattr(os, "link", refusing(errno.EPERM))

    def pieces() -> Iterator[bytes]:
        yield b"mine"
        path.write_bytes(b"theirs")

    with pytest.raises(errors.FileExists):
        write_kept(str(path), pieces(), station=ELSEWHERE, force=False)
    assert path.read_bytes() == b"theirs"
    assert names(tmp_path) == ["log.export"]


def refusing(number: int) -> object:
    """A system call that always fails with this error."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


def test_a_memory_stick_without_links_is_good_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file system knows no links, the file gets its name all the same."""
    monkeypatch.setattr(os, "link", refusing(errno.EPERM))
    write_kept(str(tmp_path / "a"), [b"content"], station=ELSEWHERE, force=False)
    assert (tmp_path / "a").read_bytes() == b"content"
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize("call", ["link", "fsync"])
def test_a_disk_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """If the file can't be brought to the disk or named, that is said, and no part of it stays."""
    monkeypatch.setattr(os, call, refusing(errno.EIO))
    with pytest.raises(errors.FileUnwritable, match="Input/output error"):
        write_kept(str(tmp_path / "a"), [b"content"], station=ELSEWHERE, force=False)
    assert names(tmp_path) == []


def test_a_folder_that_can_not_be_synced_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some file systems can't sync a folder; the file itself is on the disk."""
    real = os.fsync

    def only_files(handle: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{handle}"):  # noqa: PTH112 - a link to an open folder
            raise OSError(errno.EINVAL, "Invalid argument")
        real(handle)

    monkeypatch.setattr(os, "fsync", only_files)
    write_kept(str(tmp_path / "a"), [b"content"], station=ELSEWHERE, force=False)
    assert (tmp_path / "a").read_bytes() == b"content"


@pytest.mark.parametrize("force", [True, False])
def test_what_breaks_off_leaves_everything_as_it_was(tmp_path: Path, *, force: bool) -> None:
    """If the content can't be made to its end, the old file stays, and no part of the new one."""
    path = tmp_path / "log.export"
    if force:
        path.write_bytes(b"old")
    with pytest.raises(station_errors.DatabaseDamaged):
        write_kept(str(path), breaking_off(), station=ELSEWHERE, force=force)
    assert names(tmp_path) == (["log.export"] if force else [])
    assert not force or path.read_bytes() == b"old"


def test_places_where_no_file_can_be(tmp_path: Path) -> None:
    """A missing folder, a file as a folder, a folder as a file, a name that is blank or none: nothing is made."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    for blank in ("", " "):
        with pytest.raises(errors.FileUnwritable, match="its name is blank"):
            write_kept(blank, [b"x"], station=ELSEWHERE, force=True)
    for name, words in (("nowhere/a", "no such folder"), ("file/a", "Not a directory"), ("a\0b", "null")):
        with pytest.raises(errors.FileUnwritable, match=words):
            write_kept(str(tmp_path / name), [b"x"], station=ELSEWHERE, force=False)
    with pytest.raises(errors.FileExists):
        write_kept(str(tmp_path / "folder"), [b"x"], station=ELSEWHERE, force=False)
    with pytest.raises(errors.FileUnwritable, match="it is a folder"):
        write_kept(str(tmp_path / "folder"), [b"x"], station=ELSEWHERE, force=True)
    assert names(tmp_path) == ["file", "folder"]


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has devices and pipes among its files")
def test_no_device_and_no_pipe_is_replaced(tmp_path: Path) -> None:
    """Not even with --force is anything but a plain file written over."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for name in (os.devnull, str(pipe)):
        with pytest.raises(errors.FileUnwritable, match="a device or a pipe"):
            write_kept(name, [b"x"], station=ELSEWHERE, force=True)
    assert pipe.is_fifo()
    assert Path(os.devnull).is_char_device()


@pytest.mark.skipif(os.name != "posix", reason="links need rights elsewhere")
def test_a_link_is_followed(tmp_path: Path) -> None:
    """A link stays a link: the file it leads to is replaced; one that leads nowhere is taken as free, a ring is not."""
    (tmp_path / "target").write_bytes(b"old")
    (tmp_path / "link").symlink_to("target")
    write_kept(str(tmp_path / "link"), [b"new"], station=ELSEWHERE, force=True)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"new"
    (tmp_path / "loose").symlink_to("later")
    write_kept(str(tmp_path / "loose"), [b"late"], station=ELSEWHERE, force=False)
    assert (tmp_path / "later").read_bytes() == b"late"
    (tmp_path / "ring").symlink_to("ring")
    with pytest.raises((errors.FileUnwritable, errors.FileExists)):
        write_kept(str(tmp_path / "ring"), [b"x"], station=ELSEWHERE, force=False)


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    """A station whose database stands on its own, with its copies, key and known checkpoint."""
    files = ("station.db", "station.db.replaced-1", "station.db.before-schema-2", "keys/a.key", "checkpoints/a.note")
    for name in files:
        path = tmp_path / "station" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "db").symlink_to(tmp_path / "station" / "station.db")
    return Settings(tmp_path / "db", tmp_path / "station" / "keys", tmp_path / "plans", None)


def contents(folder: Path) -> dict[str, str]:
    """What every file below a folder says."""
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("force", [True, False])
@pytest.mark.parametrize(
    "name",
    [
        "db", "station/station.db", "station/station.db-wal", "station/station.db-shm", "station/station.db-journal",
        "station/station.db.replaced-1", "station/station.db.before-schema-2", "station/keys/a.key",
        "station/keys/new.key", "station/checkpoints/a.note", "station/keys/../station.db", "soft", "hard", "hard key",
    ],
)  # fmt: skip
@pytest.mark.skipif(os.name != "posix", reason="links need rights elsewhere")
def test_the_stations_own_files_are_never_written_over(
    tmp_path: Path, own: Settings, name: str, *, force: bool
) -> None:
    """Database, what lies beside it, copies kept of it, key, known checkpoint, and links to them, there or not yet."""
    (tmp_path / "soft").symlink_to("station/station.db-wal")
    (tmp_path / "hard").hardlink_to(tmp_path / "station" / "station.db")
    (tmp_path / "hard key").hardlink_to(tmp_path / "station" / "keys" / "a.key")
    before = contents(tmp_path)
    with pytest.raises(errors.ValueUnusable, match="one of the station's own files; name another file"):
        write_kept(str(tmp_path / name), [b"x"], station=own, force=force)
    assert contents(tmp_path) == before


def test_beside_the_stations_own_files_others_may_be(tmp_path: Path, own: Settings) -> None:
    """A file in the database's folder, even of a name like its own, is written and replaced."""
    for name in ("report.csv", "station.db.csv"):
        for _ in range(2):
            write_kept(str(tmp_path / "station" / name), [b"x"], station=own, force=True)
    write_kept(str(tmp_path / "station" / "once.csv"), [b"x"], station=own, force=False)


def test_a_name_that_leads_in_a_ring_is_said(tmp_path: Path) -> None:
    """Where the database's own path is no path, nothing can be written either."""
    (tmp_path / "ring").symlink_to("ring")
    with pytest.raises(errors.FileUnwritable):
        write_kept(str(tmp_path / "ring" / "a"), [b"x"], station=ELSEWHERE, force=True)


def test_lines_are_read_with_their_ends(tmp_path: Path) -> None:
    """Each line comes with its line feed, a carriage return is no end, and a last line may have none."""
    path = tmp_path / "a"
    path.write_bytes(b"one\ntwo\r\n\nthr\ree")
    assert list(read_lines(str(path), 100)) == [b"one\n", b"two\r\n", b"\n", b"thr\ree"]


def test_a_line_that_is_too_long_comes_without_its_end(tmp_path: Path) -> None:
    """No more than so many bytes are read of a line, so that a file without line feeds fills no memory."""
    path = tmp_path / "a"
    path.write_bytes(b"1234\n12345\n")
    assert list(read_lines(str(path), 5)) == [b"1234\n", b"12345", b"\n"]


def test_a_file_that_can_not_be_read(tmp_path: Path) -> None:
    """A missing file, a folder and an impossible name are said."""
    for name, words in ((tmp_path / "nowhere", "there is no such file"), (tmp_path, "it is a folder"), ("\0", "null")):
        with pytest.raises(errors.FileUnreadable, match=words):
            list(read_lines(str(name), 100))
