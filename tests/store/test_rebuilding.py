"""Rebuilding: at any point of a log, the database made by the replay is the one that was there at that moment."""

from collections import Counter
from pathlib import Path
from random import Random

import apsw
import pytest

from assettrack.domain import station_errors
from assettrack.domain.plans import Options
from assettrack.services import receipts, slots
from assettrack.store import rebuilding
from assettrack.store.sqlite import SqliteStore
from tests.conftest import Figure, soak_n
from tests.services.desk import row
from tests.services.insider import quick_folder
from tests.services.random_station import RandomStation, Tables, tables_of
from tests.store.stations import its_signer

TRANSACTIONS = 60
POINTS = 20
ERASABLE = ("contacts", "credentials")


def rebuilt(station: RandomStation, size: int, path: Path) -> Tables:
    """Rebuild a point of a station's log in another file, and return all that is in there."""
    with station.desk.store.read() as snapshot:
        rebuilding.rebuild(path, snapshot, size)
    found = tables_of(path)
    path.unlink()
    return found


def expected(station: RandomStation, size: int, now: Tables | None = None) -> Tables:
    """Return what was there at a point; of what can be erased only what is still there, unchanged since."""
    then, now = station.seen[size], now or tables_of(station.desk.store.path)
    kept = {table: [found for found in then[table] if found in now[table]] for table in ERASABLE}
    return then | kept


class Tried:
    """What was met while points were rebuilt: how many there were, tables with rows, and what was erased since."""

    def __init__(self) -> None:
        self.points = 0
        self.tables: set[str] = set()
        self.filled: set[str] = set()
        self.erased = Counter[str]()

    def try_points(self, station: RandomStation, points: list[int], path: Path) -> None:
        """Rebuild these points of a life."""
        now = tables_of(station.desk.store.path)
        self.tables.update(now)
        self.filled.update(table for table, rows in now.items() if rows)
        for size, then in station.seen.items():
            wanted = expected(station, size, now)
            self.erased.update(table for table in ERASABLE if then[table] != wanted[table])
        for size in points:
            found, wanted = rebuilt(station, size, path), expected(station, size, now)
            assert found.keys() == wanted.keys()
            for table, rows in wanted.items():
                assert found[table] == rows, f"point {size}, table {table}"
        self.points += len(points)


def lived(seeds: range, points: int) -> Tried:
    """Live so many lives and rebuild random points of each."""
    tried = Tried()
    for seed in seeds:
        print("seed of the life:", seed)  # noqa: T201 - pytest shows it where the test fails
        with quick_folder() as folder:
            station = RandomStation(folder, seed)
            station.live(TRANSACTIONS)
            tried.try_points(station, Random(seed).sample(sorted(station.seen), points), folder / "rebuilt.db")
            station.desk.store.close()
    return tried


def test_any_point_is_what_was_there(figure: Figure) -> None:
    """Every table, the log and its checkpoints are those of that moment, to the byte.

    The lives that are tried have rows in every table but those of logs of 256 entries and of rooms, and erase things.
    """
    tried = lived(range(8), POINTS)
    figure(f"random points in time rebuilt: {tried.points}, each all tables as they were")
    assert tried.tables - tried.filled <= {"audit_subtrees", "buildings", "rooms", "building_uses"}
    assert all(tried.erased[table] for table in ERASABLE)


@pytest.mark.soak
def test_any_of_a_thousand_points_is_what_was_there(figure: Figure) -> None:
    """As above, for 1,000 points or as many as are asked for."""
    tried = lived(range(100, 100 + -(-soak_n(1_000) // POINTS)), POINTS)
    figure(f"random points in time rebuilt: {tried.points}, each all tables as they were")


def test_an_illegal_history_is_not_rebuilt(tmp_path: Path) -> None:
    """What the rules would never have written leads to no database; the message names the entry."""
    station = RandomStation(tmp_path, 1)
    station.live(10)
    station.desk.store.close()
    connection = apsw.Connection(str(station.desk.store.path))
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
    connection.execute("UPDATE audit_log SET body = replace(body, '\"seq\":2', '\"seq\":7') WHERE seq = 2")
    connection.close()
    with pytest.raises(station_errors.DatabaseDamaged, match="Entry 2"):
        rebuilt(station, max(station.seen), tmp_path / "rebuilt.db")
    assert not (tmp_path / "rebuilt.db").exists()
    assert rebuilt(station, 1, tmp_path / "rebuilt.db") == expected(station, 1)


def test_what_was_rebuilt_is_a_database_like_any(tmp_path: Path) -> None:
    """The store reads it, in the journal mode of a station's database."""
    station = RandomStation(tmp_path, 2)
    station.live(20)
    with station.desk.store.read() as snapshot:
        rebuilding.rebuild(tmp_path / "rebuilt.db", snapshot, max(station.seen))
    store = SqliteStore(tmp_path / "rebuilt.db", its_signer)
    with store.write() as transaction:
        assert transaction.log_size == max(station.seen)
    store.close()


def test_a_checkpoint_that_is_not_there_is_not_made_up(tmp_path: Path) -> None:
    """Where somebody took the first checkpoint away, the rebuilt database lacks it too."""
    station = RandomStation(tmp_path, 3)
    station.live(5)
    station.desk.store.close()
    connection = apsw.Connection(str(station.desk.store.path))
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
    connection.execute("DELETE FROM checkpoints WHERE size = 1")
    connection.close()
    size = max(station.seen)
    wanted = expected(station, size)
    wanted["checkpoints"] = wanted["checkpoints"][1:]
    assert rebuilt(station, size, tmp_path / "rebuilt.db") == wanted


def test_texts_of_later_receipts_stay_behind(tmp_path: Path) -> None:
    """A receipt that was issued after the point is not known there, and neither is its text."""
    with quick_folder() as folder:
        station = RandomStation(folder, 4)
        desk = station.desk
        slots.initialise_cases(desk.workplace, [("C1", 4)])
        desk.commit(row("A1", place=("C1", "1")) + row("A1", "ISSUE", at="10:01"), Options(new_holders=True))
        receipts.issue_hand_receipt(desk.workplace, "Jane Smith")
        before, first = desk.log_size, tables_of(desk.store.path)
        desk.commit(row("A2") + row("A2", "ISSUE", at="10:01"))
        receipts.issue_hand_receipt(desk.workplace, "Jane Smith")
        assert len(tables_of(desk.store.path)["receipt_texts"]) == 2
        assert rebuilt(station, before, tmp_path / "rebuilt.db") == first
        desk.store.close()
