"""A made-up station at work on the real commit path: a furnished database, and deeds of every kind to do to it.

Shared by the fault loops and the power cuts. The clock stands still and the key is always the same, so that a deed done
twice from the same state makes the same database to the byte. It must never hold a test.
"""

from collections.abc import Callable
from pathlib import Path

import apsw

from assettrack.domain.plans import Options
from assettrack.domain.tags import Place
from assettrack.services import holders, intake, slots
from assettrack.services.ports import Workplace
from assettrack.store.connection import DatabaseSettings
from assettrack.store.sqlite import SqliteStore
from tests.store.stations import batch, created, first_deed, issued, its_signer, returned, scanned, workplace

TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table'"
Dump = dict[str, list[tuple[object, ...]]]
Deed = Callable[[Workplace], object]

FURNITURE = (
    created("A-1", Place("C", 1), serial_number="SN1"),
    created("A-2", Place("C", 2)),
    created("A-3"),
    created("A-4"),
    issued("A-4", "Ada Lovelace"),
)
MIXED = (
    created("N-1", Place("C", 3), serial_number="SN1"),
    created("N-2"),
    issued("A-1", "Bo Newcomer"),
    returned("A-4", Place("C", 4)),
    scanned("UPDATE", "A-3", Place("D", 1), building_room="B 2"),
    scanned("SCAN", "A-2", Place("C", 2)),
    scanned("RETIRE", "A-2", notes="broken"),
    issued("N-2", "Cy Newcomer"),
)
"""A batch with new holders, new assets, slots filled, emptied and changed, issues, a return and a retirement."""


def commit_mixed(station: Workplace) -> intake.CommitReceipt:
    """Commit the mixed batch."""
    return intake.commit(station, batch(*MIXED), "mixed.csv", Options(new_holders=True), confirm=None)


DEEDS: dict[str, Deed] = {
    "commit": commit_mixed,
    "initialise": lambda station: slots.initialise_cases(station, [("E", 3), ("F", 2)]),
    "assign": lambda station: slots.assign(station, "A-3", Place("D", 2)),
    "move": lambda station: slots.move(station, "A-1", Place("D", 2)),
    "vacate slot": lambda station: slots.vacate_slot(station, Place("C", 1), "for repair"),
    "vacate asset": lambda station: slots.vacate_asset(station, "A-2"),
    "register": lambda station: holders.register(station, "Dee Newcomer"),
}
"""Each writes something to the furnished database."""


def open_station(path: Path, plans: Path, settings: DatabaseSettings | None = None) -> tuple[SqliteStore, Workplace]:
    """Open the made-up station's database; nobody is waited for."""
    store = SqliteStore(path, its_signer, settings or DatabaseSettings(busy_seconds=0))
    return store, workplace(store, plans)


def furnish(store: SqliteStore, station: Workplace) -> None:
    """Set the database up and do what went before: two cases, a holder, a first batch."""
    assert store.set_up(first_deed)
    slots.initialise_cases(station, [("C", 4), ("D", 2)])
    holders.register(station, "Ada Lovelace")
    intake.commit(station, batch(*FURNITURE), "furniture.csv", Options(), confirm=None)


def dump_of(path: Path) -> Dump:
    """Return every row of every table of a file and its schema, read past the store; SQLite must find it sound.

    Of a database that was never set up, or is not there, nothing is returned.
    """
    if not path.exists():
        return {}
    connection = apsw.Connection(str(path))
    try:
        assert connection.pragma("integrity_check") == "ok"
        if not connection.execute("SELECT 1 FROM sqlite_schema").get:
            return {}
        tables = [name for (name,) in connection.execute(TABLES)]
        return {
            table: sorted(connection.execute(f"SELECT * FROM {table}"), key=repr)
            for table in (*tables, "sqlite_schema")
        }
    finally:
        connection.close()
