"""Putting another database in the place of the station's: old or new, kept, and nobody's work is lost."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from assettrack.domain import errors, station_errors
from assettrack.store import replacing
from assettrack.store.connection import DatabaseSettings
from assettrack.store.replacing import holding
from tests.store.conftest import SqliteFile

IMPATIENT = DatabaseSettings(busy_seconds=0)


def database(path: Path, *words: str, mode: str = "wal") -> Path:
    """Make a database that holds these words."""
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute(f"PRAGMA journal_mode = {mode}").fetchall()
        connection.execute("BEGIN; CREATE TABLE words(word)")
        connection.executemany("INSERT INTO words VALUES (?)", [(word,) for word in words])
        connection.execute("COMMIT")
    return path


def words_of(path: Path) -> list[str]:
    """Return the words in a database."""
    with closing(apsw.Connection(str(path))) as connection:
        assert connection.pragma("integrity_check") == "ok"
        return [word for (word,) in connection.execute("SELECT word FROM words ORDER BY rowid")]


def names(folder: Path) -> list[str]:
    """Return the names of all files in a folder."""
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def live(tmp_path: Path) -> Path:
    """Make the database that is to be replaced, in a folder of its own."""
    (tmp_path / "live").mkdir()
    return database(tmp_path / "live" / "station.db", "old")


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Make the database that takes its place."""
    return database(tmp_path / "new.db", *(f"new {number}" for number in range(3000)), mode="delete")


NEW = [f"new {number}" for number in range(3000)]


def test_a_database_is_written_over_and_kept(live: Path, new: Path) -> None:
    """The new one is there in the journal mode of a station's, the old one beside it as one tidy file, nothing else."""
    with holding(live, new) as held:
        assert held.opened
        kept = held.replace("20260701T120000Z-21")
    assert kept == f"{live}.replaced-20260701T120000Z-21"
    assert names(live.parent) == ["station.db", "station.db.replaced-20260701T120000Z-21"]
    assert words_of(live) == NEW
    with closing(apsw.Connection(str(live))) as connection:
        assert connection.pragma("journal_mode") == "wal"
    with closing(apsw.Connection(kept)) as connection:
        assert connection.pragma("journal_mode") == "delete"
    assert words_of(Path(kept)) == ["old"]
    if os.name == "posix":
        assert Path(kept).stat().st_mode & 0o777 == 0o600


def test_names_that_are_taken_are_left_alone(live: Path, new: Path) -> None:
    """Two replacements in one second keep both; a log that lies about under the name counts as taken, too."""
    Path(f"{live}.replaced-now-wal").write_text("something")
    kept = []
    for _ in range(2):
        with holding(live, new) as held:
            kept.append(held.replace("now"))
    assert kept == [f"{live}.replaced-now-2", f"{live}.replaced-now-3"]
    assert Path(f"{live}.replaced-now-wal").read_text() == "something"


def test_without_being_told_to_nothing_is_replaced(live: Path, new: Path) -> None:
    """Whoever only held it leaves it as it was, with nothing beside it."""
    with holding(live, new):
        pass
    assert words_of(live) == ["old"]
    assert names(live.parent) == ["station.db"]


def test_what_lies_in_the_log_is_kept(live: Path, new: Path) -> None:
    """What was committed and not written back is in the kept copy."""
    with closing(apsw.Connection(str(live))) as writer:
        writer.execute("INSERT INTO words VALUES ('newer')")
        with holding(live, new) as held:
            kept = held.replace("now")
    assert kept is not None
    assert words_of(Path(kept)) == ["old", "newer"]
    assert words_of(live) == NEW


def test_who_reads_goes_on_reading_the_old_one(live: Path, new: Path) -> None:
    """A snapshot that was begun before stays what it was; the next one sees the new database."""
    with closing(apsw.Connection(str(live))) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT word FROM words").get == "old"
        with holding(live, new) as held:
            held.replace("now")
        assert reader.execute("SELECT word FROM words").get == "old"
        reader.execute("END")
        assert len(reader.execute("SELECT word FROM words").fetchall()) == 3000


def test_who_waits_to_write_meets_the_new_one(live: Path, new: Path) -> None:
    """While it is held nobody else can write; a connection that was open before then writes to the new database."""
    with closing(apsw.Connection(str(live))) as writer:
        with holding(live, new) as held:
            with pytest.raises(apsw.BusyError):
                writer.execute("INSERT INTO words VALUES ('lost?')")
            held.replace("now")
        writer.execute("INSERT INTO words VALUES ('newest')")
    assert words_of(live) == [*NEW, "newest"]


def test_who_writes_is_not_replaced(live: Path, new: Path) -> None:
    """While another process writes the database can't be held."""
    with closing(apsw.Connection(str(live))) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(station_errors.DatabaseBusy), holding(live, new, IMPATIENT):
            pytest.fail("somebody is writing")
        writer.execute("END")
    assert words_of(live) == ["old"]


def test_a_copy_put_there_by_hand_is_written_over_as_well(tmp_path: Path, new: Path) -> None:
    """A file in rollback mode, such as a backup that was copied into place, gets the station's journal mode."""
    live = database(tmp_path / "station.db", "old", mode="delete")
    with holding(live, new) as held:
        assert held.opened
        held.replace("now")
    assert words_of(live) == NEW
    with closing(apsw.Connection(str(live))) as connection:
        assert connection.pragma("journal_mode") == "wal"


def test_damaged_pages_are_no_hindrance(live: Path, new: Path) -> None:
    """A database of which only the first page is sound is kept as it is, and written over."""
    database_of(live, 50)
    content = bytearray(live.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    live.write_bytes(content)
    with holding(live, new) as held:
        assert held.opened
        kept = held.replace("now")
    assert kept is not None
    assert Path(kept).read_bytes()[4096:] == content[4096:]
    assert words_of(live) == NEW


def database_of(path: Path, rows: int) -> None:
    """Add rows to a database, so that it has some pages."""
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO words VALUES (?)", [("x" * 1000,)] * rows)
        connection.execute("COMMIT")


def test_what_is_no_database_any_more_is_moved_aside(live: Path, new: Path) -> None:
    """Where SQLite can't open the file, it is kept byte for byte with what lies beside it, and makes room."""
    live.write_bytes(b"nothing that SQLite knows" * 400)
    Path(f"{live}-wal").write_bytes(b"its log")
    with holding(live, new) as held:
        assert not held.opened
        kept = held.replace("now")
    assert kept == f"{live}.replaced-now"
    assert Path(kept).read_bytes() == b"nothing that SQLite knows" * 400
    assert Path(f"{kept}-wal").read_bytes() == b"its log"
    assert words_of(live) == NEW
    assert not new.exists()


def test_a_page_that_only_begins_well_is_moved_aside(live: Path, new: Path) -> None:
    """A file with a database's first bytes and nothing sensible after them can't be opened either."""
    live.write_bytes(b"SQLite format 3\0" + b"?" * 8000)
    with holding(live, new) as held:
        assert not held.opened
        kept = held.replace("now")
    assert Path(str(kept)).read_bytes() == b"SQLite format 3\0" + b"?" * 8000
    assert words_of(live) == NEW


def test_an_empty_file_is_written_over(live: Path, new: Path) -> None:
    """A file without a byte, such as an init that was killed leaves, is a database without tables."""
    live.write_bytes(b"")
    with holding(live, new) as held:
        assert held.opened
        held.replace("now")
    assert words_of(live) == NEW


def test_what_the_system_does_not_let_us_read_is_not_touched(
    live: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that can't be opened is no reason to move it aside."""

    def refuse(_self: Path, _mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(station_errors.StorageFailed, match="Permission denied"), holding(live, new):
        pytest.fail("it can't be read")


@pytest.mark.parametrize("left", [(), ("-wal", "-journal")])
def test_where_there_is_none_it_is_put_there(live: Path, new: Path, left: tuple[str, ...]) -> None:
    """A database that is gone is replaced; a log that was left of it does not get into the new one."""
    live.unlink()
    for suffix in left:
        Path(f"{live}{suffix}").write_bytes(b"left over")
    with holding(live, new) as held:
        assert not held.opened
        kept = held.replace("now")
    assert kept == (f"{live}.replaced-now" if left else None)
    assert words_of(live) == NEW


def test_a_folder_is_not_replaced(tmp_path: Path, new: Path) -> None:
    """What is no file at all is no database."""
    with pytest.raises(station_errors.DatabaseForeign, match="folder"), holding(tmp_path, new):
        pytest.fail("a folder can't be held")


def test_where_no_file_can_be_made_nothing_happens(live: Path, new: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without room for the kept copy, or a name for it, the old database stays, and nothing is left beside it."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    for name in ("give_name", "sync_file", "make_draft", "sync_folder"):
        with monkeypatch.context() as patch:
            patch.setattr(f"assettrack.store.replacing.{name}", refuse)
            with pytest.raises(station_errors.StorageFailed, match="the disk is full"), holding(live, new) as held:
                held.replace("now")
        assert words_of(live) == ["old"]
        assert names(live.parent) == ["station.db"]
    live.unlink()
    monkeypatch.setattr("assettrack.store.replacing.sync_file", refuse)
    with pytest.raises(station_errors.StorageFailed, match="the disk is full"), holding(live, new) as held:
        held.replace("now")
    assert names(live.parent) == []


class _Failing:
    """What writes over a database, on a disk that fails in the middle."""

    def __init__(self, error: apsw.Error) -> None:
        self._error = error

    def step(self, _pages: int) -> None:
        """Fail as the disk does."""
        raise self._error

    def finish(self) -> None:
        """Undo."""


@pytest.mark.parametrize(
    ("error", "said", "kept"),
    [
        (apsw.FullError("database or disk is full"), station_errors.StorageFailed, 1),
        (apsw.BusyError("database is locked"), station_errors.DatabaseBusy, 1),
        (apsw.IOError("disk I/O error"), station_errors.CommitUncertain, 2),
    ],
)
def test_a_disk_that_fails_while_it_is_written_over(
    live: Path, new: Path, error: apsw.Error, said: type[errors.AssetTrackError], kept: int
) -> None:
    """A full disk leaves the old one and needs no copy of it; where the disk fails nobody can know, so it is kept."""
    with closing(apsw.Connection(str(live))) as target, closing(apsw.Connection(str(new))):
        held = replacing.Overwriting(live, _Failing(error), target, 0)  # type: ignore[arg-type]  # only step and finish are asked of it
        with pytest.raises(said) as caught:
            held.replace("now")
    assert words_of(live) == ["old"]
    left = names(live.parent)
    assert len(left) == kept
    assert all(name in str(caught.value) for name in left[1:])


RESTORING = """
import sys
from pathlib import Path
from assettrack.store.replacing import holding
with holding(Path(sys.argv[1]), Path(sys.argv[2])) as held:
    print("held", flush=True)
    sys.stdin.readline()
    held.replace("now")
    print("replaced", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def other_process(live: Path, new: Path) -> Iterator["subprocess.Popen[str]"]:
    """Start another process that holds the database and replaces it when it is told to."""
    with subprocess.Popen(
        [sys.executable, "-c", RESTORING, str(live), str(new)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def told(process: "subprocess.Popen[str]") -> str:
    """Tell the other process to go on, and return what it says then."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("go on\n")
    process.stdin.flush()
    return process.stdout.readline()


def test_a_store_meets_the_new_one_after_another_process_replaced_it(
    tmp_path: Path, furnished_file: SqliteFile
) -> None:
    """A store that is open, with statements it has used before, goes on with what another process put there."""
    new = SqliteFile(tmp_path / "new.db")
    new.close()
    store = furnished_file.open()
    with store.read() as snapshot:
        assert snapshot.log_size == 2
    process = [sys.executable, "-c", RESTORING, str(furnished_file.path), str(tmp_path / "new.db")]
    assert (
        subprocess.run(process, input="\n\n", capture_output=True, text=True, check=True).stdout == "held\nreplaced\n"
    )
    with store.read() as snapshot:
        assert snapshot.log_size == 1
        assert snapshot.all_cases() == {}


def test_a_process_that_is_killed_leaves_one_of_them(live: Path, other_process: "subprocess.Popen[str]") -> None:
    """Killed before it is told to replace it the old one is there, and nobody is locked out."""
    other_process.kill()
    other_process.wait()
    assert words_of(live) == ["old"]
    database_of(live, 1)


def test_a_process_that_is_killed_after_it_said_so_leaves_the_new_one(
    live: Path, other_process: "subprocess.Popen[str]"
) -> None:
    """Once it said that it is replaced the new one is there, whatever becomes of the process."""
    assert told(other_process) == "replaced\n"
    other_process.kill()
    other_process.wait()
    assert words_of(live) == NEW
