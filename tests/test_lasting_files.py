"""Files brought to the disk: copied whole with their hash, and named only where the name is free."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from assettrack import lasting_files
from assettrack.domain import errors


def test_a_copy_is_whole_private_and_hashed(tmp_path: Path) -> None:
    """The bytes are those of the source, the hash and size are of them, and only the owner reads the copy."""
    content = os.urandom(3_000_000)
    (tmp_path / "a").write_bytes(content)
    digest = lasting_files.copy_hashed(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == content
    assert digest == (hashlib.sha256(content).hexdigest(), 3_000_000)
    if os.name == "posix":
        assert (tmp_path / "b").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        lasting_files.copy_hashed(tmp_path / "a", tmp_path / "b")


def test_a_name_is_given_once(tmp_path: Path) -> None:
    """A file gets a free name, one that is taken only where it is told to replace, and has no other name then."""
    for name in "abc":
        (tmp_path / name).write_text(name)
    lasting_files.give_name(tmp_path / "a", tmp_path / "x")
    with pytest.raises(errors.FileExists):
        lasting_files.give_name(tmp_path / "b", tmp_path / "x")
    assert (tmp_path / "x").read_text() == "a"
    lasting_files.give_name(tmp_path / "c", tmp_path / "x", replace=True)
    assert (tmp_path / "x").read_text() == "c"
    assert sorted(os.listdir(tmp_path)) == ["b", "x"]  # noqa: PTH208 - names alone are asked for


@pytest.mark.parametrize(("code", "goes_on"), [(errno.EPERM, True), (errno.ENOTSUP, True), (errno.ENOSPC, False)])
def test_where_no_links_are_known_a_rename_gives_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, *, goes_on: bool
) -> None:
    """A memory stick's file system knows no links; a full disk is another matter."""

    def refuse(_self: Path, _target: Path) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    (tmp_path / "a").write_text("a")
    if not goes_on:
        with pytest.raises(OSError, match=os.strerror(code)):
            lasting_files.give_name(tmp_path / "a", tmp_path / "x")
        return
    lasting_files.give_name(tmp_path / "a", tmp_path / "x")
    assert (tmp_path / "x").read_text() == "a"
    (tmp_path / "b").write_text("b")
    with pytest.raises(errors.FileExists):
        lasting_files.give_name(tmp_path / "b", tmp_path / "x")


@pytest.mark.parametrize(("code", "goes_on"), [(errno.EINVAL, True), (errno.EIO, False)])
def test_a_folder_is_synced_where_that_can_be_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, *, goes_on: bool
) -> None:
    """Some file systems can't sync a folder, which is no fault; a failing disk is one; Windows is not asked."""
    lasting_files.sync_folder(tmp_path)

    def fail(_handle: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fail)
    if goes_on:
        lasting_files.sync_folder(tmp_path)
    else:
        with pytest.raises(OSError, match=os.strerror(code)):
            lasting_files.sync_folder(tmp_path)
        with pytest.raises(OSError, match=os.strerror(code)):
            lasting_files.sync_file(_file(tmp_path))
    monkeypatch.setattr(lasting_files, "IS_WINDOWS", True)
    lasting_files.sync_folder(tmp_path / "nowhere")


def _file(folder: Path) -> Path:
    (folder / "file").write_text("content")
    return folder / "file"


def test_a_folder_of_our_own_is_removed(tmp_path: Path) -> None:
    """With all that is in it; one that is gone already is no fault."""
    (tmp_path / "own" / "inner").mkdir(parents=True)
    _file(tmp_path / "own" / "inner")
    lasting_files.remove(tmp_path / "own")
    assert list(tmp_path.iterdir()) == []
    lasting_files.remove(tmp_path / "own")


def test_what_was_left_of_a_killed_process_is_swept(tmp_path: Path) -> None:
    """Drafts and scratch folders that are older than a day go, with all that is in them; nothing else does."""
    new = lasting_files.make_draft(tmp_path)
    old = lasting_files.make_draft(tmp_path)
    scratch = tmp_path / f"{lasting_files.SCRATCH_PREFIX}old"
    scratch.mkdir()
    _file(scratch)
    other = _file(tmp_path)
    for path in (old, scratch, other):
        os.utime(path, (1, 1))
    lasting_files.sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([new, other])
    lasting_files.sweep(tmp_path / "nowhere")


def test_a_new_file_is_private_and_never_another(tmp_path: Path) -> None:
    """Its content is what was handed over, only its owner reads it, and a file that is there stays as it is."""
    lasting_files.write_synced(tmp_path / "a", b"content")
    assert (tmp_path / "a").read_bytes() == b"content"
    if os.name == "posix":
        assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        lasting_files.write_synced(tmp_path / "a", b"other")
    assert (tmp_path / "a").read_bytes() == b"content"


@pytest.mark.parametrize("named", [True, False])
def test_a_file_is_lent_whole_to_be_named(tmp_path: Path, *, named: bool) -> None:
    """It lies in the folder of its name to be, with all its pieces; without a name nothing of it is left."""
    with lasting_files.written_beside(tmp_path / "a", iter([b"one ", b"two"])) as lent:
        assert lent.parent == tmp_path
        assert lent.read_bytes() == b"one two"
        if named:
            lasting_files.give_name(lent, tmp_path / "a")
    assert [path.name for path in tmp_path.iterdir()] == (["a"] if named else [])
