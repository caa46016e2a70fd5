"""A store that knows what was signed last: another copy in the database's place is noticed before it is written to."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import apsw
import pytest

from assettrack.domain import station_errors
from assettrack.domain.backup_deeds import RestoreFacts, record_restore, written_root
from assettrack.domain.checkpoints import Checkpoint, sign_checkpoint
from assettrack.station.known_checkpoint import KnownCheckpoints
from assettrack.store.continuity import WatchedStore, require_continued
from assettrack.store.sqlite import SqliteStore
from tests.store.databases import furnished
from tests.store.stations import SIGNOFF, STATION, first_deed, its_signer, made_up_signer, made_up_station


class Watched:
    """A watched database that can be put aside and back by hand."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "station.db"
        self.known = KnownCheckpoints(folder / "checkpoints")
        self.store = WatchedStore(self.path, its_signer, self.known)

    def copy(self, name: str) -> Path:
        """Copy the database as it is."""
        self.store.close()
        return Path(shutil.copy(self.path, self.path.with_name(name)))

    def put_back(self, copy: Path) -> None:
        """Put a copy in the database's place, as somebody does by hand."""
        self.store.close()
        for file in self.path.parent.glob("station.db*"):
            file.unlink()
        shutil.copy(copy, self.path)

    def size(self) -> int:
        """How many entries the log has."""
        with self.store.read() as snapshot:
            return snapshot.log_size


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """Set up a watched database of three entries."""
    made = Watched(tmp_path)
    assert made.store.set_up(first_deed)
    go_on(made, 2)
    yield made
    made.store.close()


def go_on(watched: Watched, count: int) -> None:
    """Write so many transactions of one entry each."""
    for _ in range(count):
        with watched.store.write() as transaction:
            restored = RestoreFacts(transaction.log_size, 1, written_root(bytes(32)), "to have an entry")
            transaction.save(record_restore(restored, transaction.log_size + 1, SIGNOFF))


def test_every_transaction_is_known_outside(watched: Watched) -> None:
    """After each transaction, the first one too, its checkpoint is known; what is undone leaves nothing."""
    known = watched.known.newest(made_up_station())
    assert known is not None
    assert known.size == 3
    with watched.store.read() as snapshot:
        assert snapshot.checkpoint_at_least(3) == sign_checkpoint(known, made_up_signer())
    with suppress(ZeroDivisionError), watched.store.write() as transaction:
        transaction.save(furnished(transaction.log_size + 1))
        raise ZeroDivisionError
    assert watched.known.newest(made_up_station()) == known
    with watched.store.write():
        pass
    assert watched.known.newest(made_up_station()) == known
    assert not watched.store.set_up(first_deed)
    assert watched.known.newest(made_up_station()) == known


def test_the_first_entry_is_known(tmp_path: Path) -> None:
    """A database that was just set up is known."""
    made = Watched(tmp_path)
    made.store.set_up(first_deed)
    made.store.close()
    known = made.known.newest(made_up_station())
    assert known is not None
    assert known.size == 1


def test_an_older_copy_is_noticed(watched: Watched) -> None:
    """A copy from before, put back by hand, can be read but not written to; the right one goes on."""
    old = watched.copy("old.db")
    go_on(watched, 2)
    new = watched.copy("new.db")
    watched.put_back(old)
    assert watched.size() == 3
    with (
        pytest.raises(station_errors.DatabaseOlder, match=r"of 3 entries .* of 5 entries .*--at 3"),
        watched.store.write(),
    ):
        pytest.fail("nothing may be written")
    assert watched.size() == 3
    watched.put_back(new)
    go_on(watched, 1)
    assert watched.size() == 6


def test_another_history_of_the_same_length_is_noticed(watched: Watched) -> None:
    """A copy that was written to elsewhere, so that it is as long or longer, tells another history."""
    old = watched.copy("old.db")
    with watched.store.write() as transaction:
        transaction.save(furnished(transaction.log_size + 1))
    for count in (1, 2):
        watched.put_back(old)
        plain = SqliteStore(watched.path, its_signer)
        for _ in range(count):
            with plain.write() as transaction:
                restored = RestoreFacts(transaction.log_size, 1, written_root(bytes(32)), "elsewhere")
                transaction.save(record_restore(restored, transaction.log_size + 1, SIGNOFF))
        plain.close()
        with pytest.raises(station_errors.DatabaseOlder), watched.store.write():
            pytest.fail("nothing may be written")


def test_what_another_process_wrote_meanwhile_is_no_fault(watched: Watched) -> None:
    """A note that is older than the database, such as that of a process that was slower to leave it, is held by it."""
    older = watched.known.newest(made_up_station())
    assert older is not None
    go_on(watched, 3)
    watched.known.keep(STATION, sign_checkpoint(older, made_up_signer()))
    go_on(watched, 1)
    assert watched.size() == 7


def test_a_restore_that_names_what_is_known_explains_it(watched: Watched) -> None:
    """Where the log says that just this was given up, it is no fault, also when entries have followed; else it is."""
    old = watched.copy("old.db")
    go_on(watched, 2)
    known = watched.known.newest(made_up_station())
    assert known is not None
    watched.put_back(old)
    plain = SqliteStore(watched.path, its_signer)
    with plain.write() as transaction:
        restored = RestoreFacts(3, known.size, written_root(known.root), "put back")
        transaction.save(record_restore(restored, 4, SIGNOFF))
    plain.close()
    with watched.store.read() as snapshot:
        require_continued(snapshot, known)
        require_continued(snapshot, None)
        with pytest.raises(station_errors.DatabaseOlder):
            require_continued(snapshot, Checkpoint(STATION, known.size, bytes(32)))
    go_on(watched, 1)
    assert watched.size() == 5


def test_without_a_witness_that_keeps_anything_deeds_are_done(tmp_path: Path) -> None:
    """Where nothing can be kept outside, nothing is known, and nothing is stopped."""
    (tmp_path / "checkpoints").write_text("a file in the place of the folder")
    made = Watched(tmp_path)
    made.store.set_up(first_deed)
    go_on(made, 2)
    assert made.size() == 3
    assert made.known.newest(made_up_station()) is None
    made.store.close()


def tampered(watched: Watched, statement: str) -> None:
    """Change the file past all guards."""
    watched.store.close()
    connection = apsw.Connection(str(watched.path))
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute(statement)
    connection.close()


def test_what_cannot_be_told_is_damage(watched: Watched) -> None:
    """Where entries or hashes are missing, or can't be read, the database is damaged, not older."""
    known = Checkpoint(STATION, 2, bytes(32))
    tampered(watched, "DELETE FROM audit_log WHERE seq = 1")
    with watched.store.read() as snapshot, pytest.raises(station_errors.DatabaseDamaged, match="can't be continued"):
        require_continued(snapshot, known)
    tampered(watched, 'UPDATE audit_log SET body = \'{"event_type":"RESTORE"}\' WHERE seq = 2')
    with watched.store.read() as snapshot, pytest.raises(station_errors.DatabaseDamaged, match="can't be read"):
        require_continued(snapshot, Checkpoint(STATION, 9, bytes(32)))


def test_a_missing_checkpoint_is_made_up_for_by_the_hashes(watched: Watched) -> None:
    """Without the stored note of what is known, the tree itself tells that it is held."""
    known = watched.known.newest(made_up_station())
    tampered(watched, "DELETE FROM checkpoints")
    with watched.store.read() as snapshot:
        require_continued(snapshot, known)
