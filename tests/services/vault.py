"""A station with backups: its database in a folder of its own, what is known outside it, and a place for backups.

Owns the short way to back up and restore in a test. Everything is real, but for who, when and the key.
"""

import shutil
from contextlib import closing
from pathlib import Path

import apsw

from assettrack.domain import station_deeds
from assettrack.domain.deeds import Deed, Station
from assettrack.services import backups, holders, restoring, slots, verification
from assettrack.services.backups import Backup
from assettrack.services.restoring import Restored, RestoreOrder
from assettrack.station.keys import StationSigner
from assettrack.station.known_checkpoint import KnownCheckpoints
from assettrack.store.backups import SqliteBackups
from assettrack.store.continuity import WatchedStore
from tests.services.desk import Desk, row
from tests.store.stations import SIGNOFF, made_up_signer


class Vault(Desk):
    """A station that is set up, and its backups."""

    def __init__(self, folder: Path, signer: StationSigner | None = None) -> None:
        folder.mkdir(exist_ok=True)
        super().__init__(folder, set_up=False)
        self.signer = signer or made_up_signer()
        self.live = folder / "live" / "assettrack.db"
        self.shelf = folder / "shelf"
        self.shelf.mkdir()
        self.known = KnownCheckpoints(folder / "checkpoints")
        self.store = WatchedStore(self.live, lambda _: self.signer, self.known)
        self.store.set_up(self._first_deed)
        self.workplace = self.manned_by("gcurl")
        self.files = SqliteBackups(self.store, lambda _: self.signer, self.known)
        self._names = 0

    def _first_deed(self) -> tuple[Deed, StationSigner]:
        station = Station(self.signer.name, "Europe/Berlin", self.signer.public_key.hex())
        return station_deeds.set_up_station(station, 1, SIGNOFF), self.signer

    def register(self, count: int = 1) -> None:
        """Register so many holders: so many transactions of one entry."""
        for _ in range(count):
            self._names += 1
            holders.register(self.workplace, f"Holder {self._names}")

    def back_up(self, name: str, *, force: bool = False) -> Backup:
        """Make a backup on the shelf."""
        return backups.make(self.workplace, self.files, str(self.shelf / name), force=force)

    def order(self, name: str | None = None, at: int | None = None, reason: str = "the disk failed") -> RestoreOrder:
        """Say what to restore: a backup on the shelf, or a point of it or of the log."""
        return RestoreOrder(reason, None if name is None else str(self.shelf / name), at)

    def restore(self, order: RestoreOrder, confirm: str | None = None) -> Restored:
        """Restore."""
        return restoring.restore(self.workplace, self.files, order, confirm=confirm)

    def require_good(self, *notes: str) -> None:
        """Make sure that the database is good in itself."""
        found = verification.verify(self.workplace, notes)
        assert found.ok, found.message

    def copy(self) -> Path:
        """Copy the database aside, as somebody does by hand."""
        self.store.close()
        with closing(apsw.Connection(str(self.live))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return Path(shutil.copy(self.live, self.folder / f"copy-{self._names}.db"))

    def put_back(self, copy: Path) -> None:
        """Put a copy in the database's place by hand."""
        self.lose()
        shutil.copy(copy, self.live)

    def lose(self) -> None:
        """Lose the database with all that lies beside it."""
        self.store.close()
        for file in self.live.parent.glob("assettrack.db*"):
            file.unlink()

    def beside(self) -> list[str]:
        """Return the names of what lies in the database's folder, but for what SQLite keeps there."""
        self.store.close()
        return sorted(path.name for path in self.live.parent.iterdir() if not path.name.endswith(("-wal", "-shm")))

    def tamper(self, statement: str) -> None:
        """Change the database past all guards."""
        self.store.close()
        with closing(apsw.Connection(str(self.live))) as connection:
            connection.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
            connection.execute("PRAGMA ignore_check_constraints = ON")
            connection.execute(statement).fetchall()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def desk_with_assets(self) -> None:
        """Prepare case C1 of four slots, and put A1 into the first."""
        slots.initialise_cases(self.workplace, [("C1", 4)])
        self.commit(row("A1", place=("C1", "1")))
