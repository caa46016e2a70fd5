"""Tests of `assettrack.cli.batch_file`."""

import os
from pathlib import Path

import pytest

from assettrack.cli import batch_file
from assettrack.domain import errors
from assettrack.domain.scans import FILE_BYTES_MAX
from assettrack.formats.scan_csv import ScanTable


def only_problem(name: str) -> tuple[str, str]:
    """Return code and message of the only problem of a batch that could not be opened."""
    table = batch_file.read_batch(name)
    assert isinstance(table, ScanTable)
    assert (table.sha256, list(table.rows())) == ("", [])
    (problem,) = table.problems
    assert (problem.row_number, problem.field) == (None, None)
    return problem.code, problem.message


def test_what_is_not_there_and_what_is_no_file_is_said(tmp_path: Path) -> None:
    """A missing file, a folder, a file beneath a file and a name that can't be one each have their problem."""
    file = tmp_path / "a.csv"
    file.write_text("x")
    assert only_problem(str(tmp_path / "nosuch.csv"))[0] == "file_not_found"
    assert only_problem(str(tmp_path)) == ("file_unreadable", f"{tmp_path} can't be opened: it is a folder.")
    assert only_problem(str(file / "b.csv"))[0] == "file_unreadable"
    assert only_problem("a\0b")[0] == "file_unreadable"


def test_the_name_is_inert_in_the_message() -> None:
    """A name with escape sequences or broken letters is shown escaped."""
    assert only_problem("\x1b[31m\udcff.csv")[1].startswith("There is no file \\x1b[31m\\udcff.csv.")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    """One byte above the limit is refused with the limit in the sentence; the file is sparse, so nothing is read."""
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(FILE_BYTES_MAX + 1)
    code, message = only_problem(str(path))
    assert code == "file_too_large"
    assert "268,435,457" in message
    assert "268,435,456" in message
    with pytest.raises(errors.FileUnreadable, match="268,435,457"):
        batch_file.read_file(str(path))


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="whoever may read everything sees no refusal"
)
def test_a_file_without_rights_is_said(tmp_path: Path) -> None:
    """A file that may not be read has a problem that says so."""
    path = tmp_path / "secret.csv"
    path.write_text("x")
    path.chmod(0)
    assert only_problem(str(path))[0] == "file_unreadable"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only POSIX has named pipes")
def test_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    """A named pipe is read like a file."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    if os.fork() == 0:
        path.write_bytes(b"hello")
        os._exit(0)
    assert batch_file.read_file(str(path)) == b"hello"


def test_other_files_are_unreadable_with_a_reason(tmp_path: Path) -> None:
    """A file that is no batch and can't be read is an error with the reason."""
    with pytest.raises(errors.FileUnreadable, match="there is no such file"):
        batch_file.read_file(str(tmp_path / "nosuch"))
    with pytest.raises(errors.FileUnreadable, match="it is a folder"):
        batch_file.read_file(str(tmp_path))


@pytest.mark.parametrize(
    ("name", "kept"), [("/home/a/scans.csv", "scans.csv"), ("a\nb.csv", "a\\nb.csv"), ("\udcff.csv", "\\udcff.csv")]
)
def test_the_log_keeps_the_files_own_name(name: str, kept: str) -> None:
    """The name is kept without its folder and printable."""
    assert batch_file.source_name(name) == kept
