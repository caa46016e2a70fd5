"""Somebody who can write the database file as they like: with a connection of their own, without our triggers.

Owns the log that the tests of verifying tamper with, and the ways to tamper. Must never use our own store to write.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw

from assettrack.domain.merkle import leaf_hash
from assettrack.domain.plans import Options
from assettrack.domain.tags import Place
from assettrack.services import audit, holders, slots, verification
from assettrack.services.verification import DatabaseVerification
from tests.services.desk import Desk, row

RAM = Path("/dev/shm")  # noqa: S108 - where files are in memory: thousands of changes, none of them worth a disk's wait


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A temporary folder, in memory where the system has such a place."""
    with tempfile.TemporaryDirectory(dir=RAM if RAM.is_dir() else None) as folder:
        yield Path(folder)


def transactions(desk: Desk) -> Iterator[str]:
    """Do some of everything at a station that was just set up; yield the checkpoint after each transaction."""
    at = desk.workplace
    yield audit.latest_checkpoint(at)
    slots.initialise_cases(at, [("C1", 3), ("C2", 1)])
    yield audit.latest_checkpoint(at)
    for name in ("Jane Smith", "Zoë Quill"):
        holders.register(at, name)
        yield audit.latest_checkpoint(at)
    first = (
        row("A1", at="10:00", place=("C1", "1"))
        + row("A2", at="10:00", notes="dented")
        + row("A1", "ISSUE", at="10:01", issued_to_name="Bob Lee")
        + row("A1", at="10:02")
    )
    yield desk.commit(first, Options(new_holders=True)).checkpoint
    slots.assign(at, "A2", Place("C1", 2))
    yield audit.latest_checkpoint(at)
    slots.move(at, "A2", Place("C2", 1))
    yield audit.latest_checkpoint(at)
    slots.vacate_asset(at, "A2", "sold")
    yield audit.latest_checkpoint(at)
    second = (
        row("A1", "RETURN", at="10:01", place=("C1", "3"))
        + row("A2", "UPDATE", at="10:05", place=("C1", "1"))
        + row("A3", at="10:05")
        + row("A3", "RETIRE", at="10:06")
        + row("A4", at="10:05")
        + row("A4", "ISSUE", at="10:07")
    )
    yield desk.commit(second, Options(late_reason="forgotten")).checkpoint


TRANSACTIONS = ((1, 1), (2, 3), (4, 4), (5, 5), (6, 11), (12, 12), (13, 13), (14, 14), (15, 21))
"""First and last entry of each transaction of that log."""

ENTRIES = 21


def transaction_of(seq: int) -> tuple[int, int]:
    """First and last entry of the transaction that an entry belongs to."""
    return next(ends for ends in TRANSACTIONS if ends[0] <= seq <= ends[1])


class Insider:
    """A station's database and somebody who changes it behind the station's back."""

    def __init__(self, desk: Desk, notes: Sequence[str]) -> None:
        self.desk = desk
        self.notes = list(notes)
        self._file = apsw.Connection(str(desk.store.path))
        self._file.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
        self._file.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 0)
        self._file.execute("PRAGMA ignore_check_constraints = ON")
        self._file.execute("PRAGMA foreign_keys = OFF")

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        self.desk.store.close()

    def do(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Run one statement."""
        return self._file.execute(statement, values).fetchall()

    def columns(self, table: str) -> list[str]:
        """The columns of a table."""
        return [column for _, column, *_ in self.do(f"PRAGMA table_info({table})")]

    def body(self, seq: int) -> bytes:
        """The stored body of an entry."""
        return bytes(self.do("SELECT CAST(body AS BLOB) FROM audit_log WHERE seq = ?", (seq,))[0][0])

    def write_body(self, seq: int, body: bytes, *, rehash: bool = False) -> None:
        """Put another body in an entry's place, with its own hash if that is asked for."""
        self.do("UPDATE audit_log SET body = CAST(? AS TEXT) WHERE seq = ?", (body, seq))
        if rehash:
            self.do("UPDATE audit_log SET leaf = ? WHERE seq = ?", (leaf_hash(body), seq))

    def verify(self, *notes: str) -> DatabaseVerification:
        """What verifying says."""
        return verification.verify(self.desk.workplace, notes)

    def must_be_caught(self, seq: int | None, *notes: str) -> str:
        """Make sure that verifying finds a fault in just this entry, or in none; return what it says."""
        found = self.verify(*notes)
        assert not found.ok, found.message
        assert found.first_bad_seq == seq, found.message
        return found.message


def copied(original: Insider, folder: Path) -> Insider:
    """A copy of a station's database in another folder, for somebody to change."""
    original.desk.store.close()
    original.do("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(original.desk.store.path, folder / original.desk.store.path.name)
    return Insider(Desk(folder, set_up=False), original.notes)
