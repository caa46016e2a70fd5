"""Tests of `assettrack.station.examination`."""

import shutil
from pathlib import Path

import pytest

from assettrack.station import examination
from assettrack.station.keys import KeyFile


def test_a_good_key_has_no_fault(tmp_path: Path) -> None:
    """The key that the database knows, private: its path and no reason."""
    public_key = KeyFile(tmp_path, "st-1").create()
    facts = examination.key_facts(tmp_path, "st-1", public_key.hex())
    assert (facts.path, facts.reason) == (str(tmp_path / "st-1.key"), None)


def test_a_missing_and_a_strange_key_have_a_reason(tmp_path: Path) -> None:
    """No key, and a key other than the one that is known, each have a sentence."""
    missing = examination.key_facts(tmp_path, "st-1", "00" * 32).reason
    assert missing is not None
    assert "there is no such file" in missing
    KeyFile(tmp_path, "st-1").create()
    strange = examination.key_facts(tmp_path, "st-1", "00" * 32).reason
    assert strange is not None
    assert "not the key this database was set up with" in strange


def test_free_space_is_told_for_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    """The space is that of the disk on which the folder would lie."""
    total = shutil.disk_usage(tmp_path).total
    assert 0 < examination.free_space(tmp_path / "not" / "yet") <= total
    assert not (tmp_path / "not").exists()


def test_free_space_that_nobody_tells_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system does not say how much is free, nothing is counted on."""

    def silent(_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(shutil, "disk_usage", silent)
    assert examination.free_space(tmp_path) == 0


def test_a_folder_that_can_be_written_to_is_left_as_it_was(tmp_path: Path) -> None:
    """The folder is made if need be, and nothing stays in it."""
    folder = tmp_path / "a" / "b"
    assert examination.unwritable_because(folder) is None
    assert list(folder.iterdir()) == []


def test_a_folder_that_can_not_be_made_has_a_reason(tmp_path: Path) -> None:
    """A file in its way is the reason, in the system's words."""
    (tmp_path / "a").write_text("in the way")
    assert examination.unwritable_because(tmp_path / "a" / "b") == "Not a directory"
