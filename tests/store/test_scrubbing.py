"""The write-ahead log is emptied on demand, so that what was erased is nowhere in the files; not while others read."""

from contextlib import closing
from pathlib import Path

import apsw
import pytest

from assettrack.domain import station_errors
from assettrack.domain.deeds import Contact, Deed
from assettrack.domain.facts import Handover
from assettrack.store.connection import Connection, DatabaseSettings, Purpose
from assettrack.store.sqlite import SqliteStore
from tests.store.conftest import SqliteFile
from tests.store.databases import entries
from tests.store.stations import its_signer

IMPATIENT = DatabaseSettings(busy_seconds=0)
SALT = b"salt of 16 bytes"


def log_of(path: Path) -> Path:
    """The write-ahead log beside a database."""
    return path.with_name(f"{path.name}-wal")


@pytest.fixture
def path(furnished_file: SqliteFile) -> Path:
    """A database with an asset, a slot and a holder in it."""
    return furnished_file.path


def test_the_log_is_cut_to_nothing(path: Path) -> None:
    """What it held stands in the database file; the store goes on as before."""
    with closing(SqliteStore(path, its_signer)) as store:
        for number, text in ((3, "jane@one.example"), (4, "jane@two.example")):
            with store.write() as transaction:
                transaction.save(Deed(entries(number), kept=(Contact(1, SALT, text),)))
            assert log_of(path).stat().st_size > 0
            assert store.scrub()
            assert log_of(path).stat().st_size == 0
        with store.read() as snapshot:
            assert [kept.contact for kept in snapshot.contacts(1)] == ["jane@two.example"]
            assert list(snapshot.contacts(2)) == []
    content = path.read_bytes()
    assert b"jane@two.example" in content
    assert b"jane@one.example" not in content


def test_while_somebody_reads_it_is_left_for_later(path: Path) -> None:
    """Then nothing is lost or undone, and the answer is no; afterwards it is yes."""
    with closing(SqliteStore(path, its_signer, IMPATIENT)) as store, closing(apsw.Connection(str(path))) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM holders").fetchall()
        with store.write() as transaction:
            transaction.save(Deed(entries(3), kept=(Contact(1, SALT, "jane@one.example"),)))
        assert not store.scrub()
        with store.read() as snapshot:
            assert [kept.contact for kept in snapshot.contacts()] == ["jane@one.example"]
        reader.execute("ROLLBACK")
        assert store.scrub()


def test_where_it_can_not_be_done_the_answer_is_no(tmp_path: Path) -> None:
    """A database that is gone is no reason to say that what was saved was not."""
    with closing(SqliteStore(tmp_path / "none.db", its_signer)) as store:
        assert not store.scrub()


def test_a_log_is_not_emptied_in_the_middle_of_a_transaction(path: Path) -> None:
    """What is not saved yet can't be written back; and while another writes, whoever asks is told so."""
    with closing(Connection(path, DatabaseSettings(), Purpose.WRITE)) as connection, connection.transaction():
        with pytest.raises(AssertionError):
            connection.empty_log()
        other = Connection(path, IMPATIENT, Purpose.WRITE)
        with closing(other), pytest.raises(station_errors.DatabaseBusy):
            other.empty_log()


def test_what_waits_to_be_accepted_is_found(path: Path) -> None:
    """By batch and holder, all of it or that of one holder; what was accepted is left out."""
    with closing(SqliteStore(path, its_signer)) as store:
        facts = (Handover(2, 1, None), Handover(1, 1, None), Handover(3, 1, 2))
        with store.write() as transaction:
            transaction.save(Deed(entries(3), facts=facts))
        with store.read() as snapshot:
            assert list(snapshot.open_handovers()) == [Handover(1, 1, None), Handover(2, 1, None)]
            assert list(snapshot.open_handovers(1)) == [Handover(1, 1, None), Handover(2, 1, None)]
            assert list(snapshot.open_handovers(2)) == []
