"""A look at the database engine and file for `doctor`: versions, settings read back, schema, size.

Returns plain values and judges nothing. Must never change the file, nor make one.
"""

from pathlib import Path

import apsw
import msgspec

from assettrack.store import migrations
from assettrack.store.connection import WAL_SAFE_VERSION, Connection, DatabaseSettings, Purpose, Value

WANTED_PRAGMAS: tuple[tuple[str, Value], ...] = (
    ("journal_mode", "wal"),
    ("synchronous", 2),
    ("foreign_keys", 1),
    ("recursive_triggers", 1),
    ("trusted_schema", 0),
    ("cell_size_check", 1),
)
"""What the settings of a connection must be when they are read back (DESIGN §9; synchronous 2 is FULL)."""


class Engine(msgspec.Struct, frozen=True):
    """The database library: its versions, and whether its write-ahead log is safe."""

    sqlite: str
    apsw: str
    safe: bool


class DatabaseFacts(msgspec.Struct, frozen=True):
    """What was found in a database file. A pragma is its name, the value wanted and the value found; size in bytes."""

    pragmas: tuple[tuple[str, Value, Value], ...]
    schema_version: int
    schema_faults: tuple[str, ...]
    size: int


def engine() -> Engine:
    """Return what is known of the library that opens the file."""
    return Engine(apsw.sqlite_lib_version(), apsw.apsw_version(), apsw.SQLITE_VERSION_NUMBER >= WAL_SAFE_VERSION)


def database_facts(path: Path, settings: DatabaseSettings | None = None) -> DatabaseFacts:
    """Look at a database of ours.

    Raises:
        errors.AssetTrackError: it can't be opened or read.
    """
    connection = Connection(path, settings or DatabaseSettings(), Purpose.READ)
    try:
        with connection.transaction():
            pragmas = tuple((name, wanted, _pragma(connection, name)) for name, wanted in WANTED_PRAGMAS)
            version = _pragma(connection, "user_version")
            pages, page_size = _pragma(connection, "page_count"), _pragma(connection, "page_size")
            faults = tuple(migrations.faults(connection))
    finally:
        connection.close()
    assert isinstance(version, int)
    assert isinstance(pages, int)
    assert isinstance(page_size, int)
    return DatabaseFacts(pragmas, version, faults, pages * page_size)


def _pragma(connection: Connection, name: str) -> Value:
    value: Value = connection.rows(f"PRAGMA {name}")[0][0]
    return value
