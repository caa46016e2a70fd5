"""Tests of `assettrack audit export` and `assettrack audit check-export`."""

import json
from pathlib import Path

import msgspec
import pytest

from assettrack.cli.main import main
from assettrack.domain.log_export import LINE_BYTES_MAX, ExportHeader, ProvedEntry
from tests.architecture import ROOT
from tests.cli.conftest import Desk


@pytest.fixture
def exported(stocked: Desk) -> Path:
    """The export of a station at work."""
    path = stocked.folder / "log.export"
    stocked.tell("audit", "export", str(path))
    return path


def key_of(path: Path) -> str:
    """The key in an export, as a person would copy it."""
    header = msgspec.json.decode(path.read_bytes().partition(b"\n")[0], type=ExportHeader)
    return header.key


def test_an_export_is_answered_with_what_it_holds(stocked: Desk) -> None:
    """With --json the answer has the file, the log's size and root, and the checkpoint."""
    path = stocked.folder / "log.export"
    found = stocked.ask("audit", "export", str(path))
    checkpoint = stocked.ask("audit", "checkpoint")
    assert found == {
        "file": str(path),
        "entries": checkpoint["size"],
        "root": checkpoint["root"],
        "checkpoint": checkpoint["note"],
    }
    assert len(path.read_bytes().splitlines()) == 1 + checkpoint["size"]


def test_a_person_reads_what_to_compare(stocked: Desk) -> None:
    """The answer says how many entries there are, the root, and the key that others will need."""
    path = stocked.folder / "log.export"
    lines = stocked.tell("audit", "export", str(path)).splitlines()
    assert lines == [
        f"Exported 11 entries to {path}",
        f"Root: {stocked.ask('audit', 'checkpoint')['root']}",
        f"Key:  {key_of(path)}",
    ]


def test_an_export_is_not_written_over_another(stocked: Desk, exported: Path) -> None:
    """A file that is there is refused with exit code 4 and left as it is; --force replaces it."""
    exported.write_bytes(b"mine")
    assert stocked.refuse("audit", "export", str(exported), exit_code=4)["code"] == "file_exists"
    assert exported.read_bytes() == b"mine"
    stocked.tell("audit", "export", str(exported), "--force")
    assert stocked.ask("audit", "check-export", str(exported))["ok"] is True


def test_a_place_where_no_file_can_be_ends_with_three(stocked: Desk) -> None:
    """A folder that is not there is a problem of the file."""
    error = stocked.refuse("audit", "export", str(stocked.folder / "nowhere" / "a"), exit_code=3)
    assert error["code"] == "file_unwritable"


def test_a_good_export_is_answered_as_such(stocked: Desk, exported: Path) -> None:
    """It answers as audit verify does, but for what a database has besides, exit 0, and asks to compare the key."""
    found = stocked.ask("audit", "check-export", str(exported))
    assert found.keys() | {"log_ok"} == stocked.ask("audit", "verify").keys()
    assert (found["ok"], found["entries"], found["first_bad_seq"]) == (True, 11, None)
    assert found["root"] == stocked.ask("audit", "checkpoint")["root"]
    said = stocked.type("audit", "check-export", str(exported))
    assert said.out.startswith("The export is good: 11 entries, each with its proof, signed by assettrack-")
    assert key_of(exported) in said.out
    assert "Is this the station's key?" in said.err


def test_a_known_key_is_not_asked_about(stocked: Desk, exported: Path) -> None:
    """With the right key nothing is left to compare; with another the export is not good, exit code 5."""
    key = key_of(exported)
    said = stocked.type("audit", "check-export", str(exported), "--key", key)
    assert (said.exit_code, said.err) == (0, "")
    other = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    found = stocked.ask("audit", "check-export", str(exported), "--key", other, exit_code=5)
    assert (found["ok"], found["first_bad_seq"]) == (False, None)


@pytest.mark.parametrize("key", ["", "x", "a+b", "PeterNeumann+00000000+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"])
def test_what_is_no_key_is_a_usage_error(stocked: Desk, exported: Path, key: str) -> None:
    """A text that can't be a key was typed wrong: exit code 2."""
    assert stocked.refuse("audit", "check-export", str(exported), "--key", key, exit_code=2)["code"] == "value_unusable"


def test_a_changed_entry_is_named_with_exit_code_five(stocked: Desk, exported: Path) -> None:
    """The first bad entry is named to machines and people."""
    exported.write_bytes(exported.read_bytes().replace(b'anna\\"', b'bert\\"'))
    found = stocked.ask("audit", "check-export", str(exported), exit_code=5)
    assert (found["ok"], found["entries"], found["first_bad_seq"]) == (False, 11, 6)
    said = stocked.type("audit", "check-export", str(exported))
    assert said.exit_code == 5
    assert said.out.startswith("THE EXPORT IS NOT GOOD. First bad entry: 6.\nEntry 6 was changed")


def test_a_line_without_end_is_named(stocked: Desk, exported: Path) -> None:
    """A line longer than any may be is read no further."""
    lines = exported.read_bytes().splitlines(keepends=True)
    exported.write_bytes(b"".join([*lines[:4], b"x" * (LINE_BYTES_MAX + 1), b"\n"]))
    assert stocked.ask("audit", "check-export", str(exported), exit_code=5)["first_bad_seq"] == 4


@pytest.mark.parametrize("content", [None, b"", b"asset_tag,timestamp\n", b"\xff\xfe\0", b'{"format":"other"}\n'])
def test_what_is_no_export_ends_with_three(stocked: Desk, content: bytes | None) -> None:
    """A missing file and one that is no export are problems of the file, not of the log."""
    path = stocked.folder / "other"
    if content is not None:
        path.write_bytes(content)
    assert stocked.refuse("audit", "check-export", str(path), exit_code=3)["code"] == "file_unreadable"


def test_an_auditor_needs_no_station(
    exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where there is no database an export is checked all the same, and none is made."""
    database = tmp_path / "auditor" / "none.db"
    monkeypatch.setenv("ASSETTRACK_DB", str(database))
    monkeypatch.delenv("ASSETTRACK_OPERATOR")
    capsys.readouterr()
    assert main(["audit", "check-export", str(exported), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True
    assert not database.parent.exists()


def test_the_format_is_told_whole() -> None:
    """The page of the format names each field of a header and of an entry, the format itself, and the longest line."""
    page = (ROOT / "docs/reference/export.md").read_text("utf-8")
    names = {field.name for kind in (ExportHeader, ProvedEntry) for field in msgspec.structs.fields(kind)}
    assert {name for name in names if f"| `{name}` |" not in page} == set()
    assert f"{LINE_BYTES_MAX:,} bytes" in page
