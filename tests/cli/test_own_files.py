"""Whatever writes a file for people refuses those of the station itself, with --force too."""

from pathlib import Path

import pytest

from tests.cli.conftest import Desk

WRITERS = (
    ("audit", "export", "{file}"),
    ("report", "types", "--format", "csv", "--output", "{file}"),
    ("count", "print", "1", "{file}"),
    ("count", "fix", "1", "{file}"),
    ("receipt", "print", "1", "{file}"),
    ("backup", "{file}"),
)


@pytest.fixture
def working(stocked: Desk) -> Desk:
    """The station with a receipt, and a count in which an asset was seen in another slot than it is recorded in."""
    stocked.tell("receipt", "issue", "--holder", "Jane Smith")
    stocked.tell("count", "start", "--case", "CASE-01")
    seen = stocked.batch("LT-1,2026-03-01T12:00:00Z,SCAN,anna,,CASE-01,2,,", name="seen.csv")
    stocked.tell("count", "scan", "1", "--from", seen)
    return stocked


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file with what is in it, but for empty ones and the shared memory, which reading makes."""
    files = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".db-shm"}
    return {name: content for name, content in files.items() if content}


@pytest.mark.parametrize("words", WRITERS, ids=" ".join)
def test_no_writer_takes_a_file_of_the_station(working: Desk, words: tuple[str, ...]) -> None:
    """Database, log, shared memory, key and known checkpoint: exit code 2, the file is named, all is as it was."""
    beside = [f"{working.database}{end}" for end in ("", "-wal", "-shm")]
    data = working.folder / "xdg_data_home" / "assettrack"
    own = [*beside, *map(str, (data / "keys").iterdir()), *map(str, (data / "checkpoints").iterdir())]
    assert len(own) == 5
    before = contents(working.folder)
    for file in own:
        answer = working.ask(*(word.format(file=file) for word in words), "--force", exit_code=2)
        assert answer["error"]["code"] == "value_unusable"
        assert answer["error"]["message"].startswith(f"The file '{file}' can't be used: it is one of the station's own")
        assert contents(working.folder) == before


@pytest.mark.parametrize("words", WRITERS[:-1], ids=" ".join)
def test_each_writer_takes_another_file(working: Desk, words: tuple[str, ...]) -> None:
    """The twin: with --force a file of somebody else's is replaced."""
    file = working.file("old.csv", "old")
    working.tell(*(word.format(file=file) for word in words), "--force")
    assert Path(file).read_bytes() != b"old\n"
