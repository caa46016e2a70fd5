"""Connections to the database file: opened, set up, guarded, and the only transactions there are.

Owns the pragmas of DESIGN §9 (read back and asserted), the authorizer that denies everything a
station has no business doing, and BEGIN, COMMIT and ROLLBACK. No other module says these words,
and the authorizer stops whoever tries.
"""

import enum
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import apsw
import msgspec

from assettrack.domain import station_errors
from assettrack.domain.facts import FACT_TABLES
from assettrack.lasting_files import said_by_system
from assettrack.store.driver_errors import driver_errors, said_by_driver

APPLICATION_ID = 0x41545631
"""Marks the file as ours: "ATV1" in ASCII (SQLite's application_id)."""

BUSY_SECONDS = 5.0
DESK_PAGES_MAX = 10_000
"""The far limit of the desk's write-ahead log, 40 MB: a commit that makes it longer writes it back itself. Usually
`desk_write_back` does so long before, beside the commits."""
WAL_SAFE_VERSION = 3_051_003
"""SQLite 3.51.3, the first release without the WAL-reset corruption bug."""

Value = str | bytes | int | float | None
"""What SQLite keeps in a cell."""


class DatabaseSettings(msgspec.Struct, frozen=True):
    """How the file is opened. The defaults are the promise; the rest lets tests simulate faults.

    A VFS written in Python has no shared memory, so WAL there needs ``locking_mode`` EXCLUSIVE.
    """

    vfs: str | None = None
    journal_mode: str = "wal"
    synchronous: str = "full"
    locking_mode: str = "normal"
    busy_seconds: float = BUSY_SECONDS


class Purpose(enum.Enum):
    """What a connection is for, and so what it may do."""

    READ = "read"
    WRITE = "write"
    MIGRATE = "migrate"
    DESK = "desk"


_SYNCHRONOUS = MappingProxyType({"off": 0, "normal": 1, "full": 2, "extra": 3})
_ALWAYS = frozenset({apsw.SQLITE_SELECT, apsw.SQLITE_READ, apsw.SQLITE_RECURSIVE})
_READING_PRAGMAS = frozenset(
    {
        "application_id", "cell_size_check", "compile_options", "data_version", "foreign_keys", "freelist_count",
        "journal_mode", "locking_mode", "page_count", "page_size", "query_only",
        "recursive_triggers", "synchronous", "trusted_schema", "user_version",
    },
)  # fmt: skip
_CHECKING_PRAGMAS = frozenset({"integrity_check", "foreign_key_check", "quick_check"})  # the last: by ALTER TABLE
_INSERTED = frozenset(
    {
        "assets", "audit_log", "audit_subtrees", "batches", "cases", "checkpoints", "contacts",
        "credentials", "holders",
        "receipt_texts", "signatures", "slots", "station", *(table.name for table in FACT_TABLES.values()),
    },
)  # fmt: skip
_CHANGES = frozenset({apsw.SQLITE_INSERT, apsw.SQLITE_UPDATE, apsw.SQLITE_DELETE})
DESK_TABLES = "desk_"
"""How the tables of the desk's file begin; whoever may change those can change no table of a station."""

_UPDATED = MappingProxyType(
    {
        "assets": frozenset(
            {
                "status", "holder_id", "equipment_type", "building_room", "serial_number", "manufacturer", "model",
                "model_code", "latest_at", "due_on", "custody_seq", "home_case", "home_position",
            },
        ),
        "contacts": frozenset({"salt", "contact"}),
        "credentials": frozenset({"text"}),
        "holders": frozenset({"name", "name_key", "organisation_id", "identifier", "active"}),
        **{
            table.name: frozenset(kind._fields[table.key_columns :])
            for kind, table in FACT_TABLES.items()
            if table.may_change
        },
        "slots": frozenset({"current_asset_tag"}),
    },
)  # fmt: skip


class Connection:
    """One guarded connection. Statements run through it; transactions only through `transaction`."""

    def __init__(self, path: Path, settings: DatabaseSettings, purpose: Purpose) -> None:
        self._settings = settings
        self._purpose = purpose
        self._path = path
        self._own_words = False
        with driver_errors(path, settings.busy_seconds):
            self._driver = _open(path, settings, purpose)
            try:
                self._set_up()
            except BaseException:
                self._driver.close()
                raise

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._driver.in_transaction

    def execute(self, sql: str, values: Sequence[Value] = ()) -> Iterator[tuple[Any, ...]]:
        """Run one statement and return its rows, lazily."""
        return self._ready().execute(sql, values)

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return all its rows."""
        return self._ready().execute(sql, values).fetchall()

    def executemany(self, sql: str, rows: Iterable[Sequence[Value]]) -> int:
        """Run one statement for each row of values; return how many rows of the database it changed."""
        driver = self._ready()
        before = driver.total_changes()
        driver.executemany(sql, rows)
        return driver.total_changes() - before

    def each(self, sql: str, rows: Iterable[Sequence[Value]]) -> Iterator[tuple[Any, ...]]:
        """Run one query for each row of values and return the rows of all of them, lazily."""
        return self._ready().executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the block in one transaction: all of it is saved, or none, whatever ends the block.

        A reading connection sees one unchanging snapshot in it.

        Raises:
            station_errors.DatabaseBusy: another process kept the write lock for longer than the busy time.
            station_errors.StorageFailed: the disk failed; nothing is saved.
        """
        with driver_errors(self._path, self._settings.busy_seconds):
            assert not self.in_transaction, "no transaction begins inside another"
            self._say("BEGIN IMMEDIATE" if self._purpose is not Purpose.READ else "BEGIN")
            try:
                yield
                self._commit()
            except BaseException:
                if self._driver.in_transaction:  # some failures of the disk end the transaction by themselves
                    self._say("ROLLBACK")
                raise

    def set_user_version(self, number: int) -> None:
        """Write the schema's number and the application's mark into the file's header; migrations only."""
        self._driver.execute(f"PRAGMA user_version = {number:d}")
        self._driver.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")

    def set_journal_mode(self) -> None:
        """Give the file its journal mode; migrations do it once the file is known to be ours."""
        with driver_errors(self._path, self._settings.busy_seconds):
            self._set("journal_mode", self._settings.journal_mode)

    def copy_to(self, target: Path) -> None:
        """Copy the whole database into a new file beside it, whatever still lies in the write-ahead log."""
        with driver_errors(target, self._settings.busy_seconds):
            copy = apsw.Connection(os.fspath(target))
            try:
                with copy.backup("main", self._driver, "main") as backup:
                    backup.step()
            finally:
                copy.close()

    def write_back(self) -> None:
        """Write back what can be of the write-ahead log; nobody who reads or writes waits for it.

        Raises:
            station_errors.DatabaseBusy: another connection is doing so.
            station_errors.StorageFailed: the disk failed; nothing that was saved is lost.
        """
        assert not self.in_transaction, "what is not saved yet can't be written back"
        with driver_errors(self._path, self._settings.busy_seconds):
            self._driver.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)

    def empty_log(self) -> None:
        """Write the write-ahead log back into the database file and cut it to nothing.

        Raises:
            station_errors.DatabaseBusy: another process is reading or writing, and went on for longer than the
                busy time.
        """
        assert not self.in_transaction, "what is not saved yet can't be written back"
        with driver_errors(self._path, self._settings.busy_seconds):
            self._driver.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)

    def close(self) -> None:
        """Close the connection; the last one to close tidies the write-ahead log away."""
        with driver_errors(self._path, self._settings.busy_seconds):
            self._driver.close()

    def _ready(self) -> apsw.Connection:
        """Return the driver's connection, ready for a statement.

        Outside a transaction a statement would commit by itself: after the block has ended, or in the
        block when the disk failed, SQLite undid everything, and somebody swallowed the error.
        """
        assert self._driver.in_transaction or self._purpose is Purpose.MIGRATE, "statements run in a transaction"
        return self._driver

    def _commit(self) -> None:
        """End the transaction for good. Where the disk fails in it, nobody can know whether it is saved.

        The write-ahead log may hold the whole transaction though its sync failed; the next opening finds out.
        """
        try:
            self._say("COMMIT")
        except (apsw.IOError, apsw.FullError) as error:
            if self._purpose is Purpose.READ:
                raise
            raise station_errors.CommitUncertain(said_by_driver(error)) from error

    def _say(self, words: str) -> None:
        """Say one of the words that only this class may say.

        They are prepared anew each time: a statement left in the cache would run later without
        asking the authorizer.
        """
        self._own_words = True
        try:
            self._driver.execute(words, can_cache=False)
        finally:
            self._own_words = False

    def _set_up(self) -> None:
        driver, settings = self._driver, self._settings
        driver.set_busy_timeout(int(settings.busy_seconds * 1000))
        driver.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
        wanted: dict[str, int | str] = {
            "locking_mode": settings.locking_mode,
            "foreign_keys": 1,
            "recursive_triggers": 1,
            "trusted_schema": 0,
            "cell_size_check": 1,
            "synchronous": _SYNCHRONOUS[settings.synchronous],
        }
        if self._purpose is Purpose.READ:
            wanted["query_only"] = 1
        else:
            wanted["secure_delete"] = 1  # who asks to be forgotten is: freed bytes are overwritten
        if self._purpose is Purpose.WRITE:
            wanted["journal_mode"] = settings.journal_mode
        for name, value in wanted.items():
            self._set(name, value)
        for pragma in ("mmap_size = 0", "fullfsync = 1", "temp_store = 2", "cache_size = -32768"):
            driver.execute(f"PRAGMA {pragma}").fetchall()
        if self._purpose is Purpose.DESK:
            driver.wal_autocheckpoint(DESK_PAGES_MAX)
        driver.authorizer = self._authorize

    def _set(self, name: str, value: int | str) -> None:
        """Change a setting and read it back: SQLite says nothing when it can't."""
        self._driver.execute(f"PRAGMA {name} = {value}").fetchall()
        found = self._driver.execute(f"PRAGMA {name}").get
        if found != value:
            raise station_errors.StorageFailed(f"the setting {name} is {found!r} and can't be made {value!r}")

    def _authorize(self, action: int, first: str | None, second: str | None, _db: str | None, _by: str | None) -> int:
        """Allow what the connection's purpose needs, deny the rest (SQLite asks when a statement is prepared)."""
        if action in _ALWAYS:
            return apsw.SQLITE_OK
        if action == apsw.SQLITE_TRANSACTION:
            allowed = self._own_words
        elif action == apsw.SQLITE_FUNCTION:
            allowed = second != "load_extension"
        elif action == apsw.SQLITE_PRAGMA:
            allowed = self._may_set(first or "", second)
        elif self._purpose is Purpose.MIGRATE:
            allowed = action not in {apsw.SQLITE_ATTACH, apsw.SQLITE_DETACH, apsw.SQLITE_SAVEPOINT}
        elif self._purpose is Purpose.WRITE:
            allowed = _may_write(action, first or "", second or "")
        elif self._purpose is Purpose.DESK:
            allowed = action in _CHANGES and (first or "").startswith(DESK_TABLES)
        else:
            allowed = False
        return apsw.SQLITE_OK if allowed else apsw.SQLITE_DENY

    def _may_set(self, name: str, value: str | None) -> bool:
        if name in _CHECKING_PRAGMAS:
            return True
        if value is None:
            return name in _READING_PRAGMAS
        return self._purpose is Purpose.MIGRATE and name in {"user_version", "application_id", "journal_mode"}


def _may_write(action: int, table: str, column: str) -> bool:
    if action == apsw.SQLITE_INSERT:
        return table in _INSERTED
    if action == apsw.SQLITE_DELETE:
        return table in {"contacts", "credentials"}  # nothing else is ever deleted
    return action == apsw.SQLITE_UPDATE and column in _UPDATED.get(table, frozenset())


def _open(path: Path, settings: DatabaseSettings, purpose: Purpose) -> apsw.Connection:
    if settings.journal_mode == "wal" and apsw.SQLITE_VERSION_NUMBER < WAL_SAFE_VERSION:
        raise station_errors.StorageFailed(
            f"SQLite {apsw.sqlite_lib_version()} has a bug that can destroy data; update apsw"
        )
    flags = {
        Purpose.READ: apsw.SQLITE_OPEN_READONLY if settings.vfs is None else apsw.SQLITE_OPEN_READWRITE,
        Purpose.WRITE: apsw.SQLITE_OPEN_READWRITE,
        Purpose.DESK: apsw.SQLITE_OPEN_READWRITE,
        Purpose.MIGRATE: apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE,
    }[purpose]
    if settings.vfs is None and purpose is not Purpose.MIGRATE and not file_exists(path):
        raise station_errors.DatabaseMissing(str(path))
    if purpose is Purpose.READ and settings.vfs is None and _can_never_change(path):
        return apsw.Connection(f"file:{quote(os.fspath(path))}?immutable=1", flags=flags | apsw.SQLITE_OPEN_URI)
    return apsw.Connection(os.fspath(path), flags=flags, vfs=settings.vfs)


def _can_never_change(path: Path) -> bool:
    """Tell whether the file lies whole on a file system that is mounted for reading only, such as a CD.

    WAL needs files beside the database even for reading; where nobody can write, it can be read without.
    """
    if not hasattr(os, "statvfs") or path.with_name(f"{path.name}-wal").exists():
        return False
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def file_exists(path: Path) -> bool:
    """Tell whether there is a file that could be a database.

    Raises:
        station_errors.DatabaseForeign: there is something else, such as a folder.
        station_errors.StorageFailed: the system does not say.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return False
    except PermissionError as error:
        raise station_errors.FolderUnusable(str(path.parent), error.strerror or str(error)) from error
    except (OSError, ValueError) as error:  # the second: a name that can't be one
        raise station_errors.StorageFailed(said_by_system(error), str(path)) from error
    if not stat.S_ISREG(mode):
        raise station_errors.DatabaseForeign(str(path), "it is a folder, or another thing that is no file")
    return True
