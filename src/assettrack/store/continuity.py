"""A store that knows what its station signed last: an older copy put in the database's place is noticed.

Owns the judgement whether a database still holds what is known outside it. What is known is kept and found by a
witness, which is handed in. Must never let a witness that can't keep anything stop a deed that is done.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from assettrack.domain import errors, station_errors
from assettrack.domain.audit_log import decode_body
from assettrack.domain.backup_deeds import gave_up_just
from assettrack.domain.checkpoints import Checkpoint, stated_root
from assettrack.domain.deeds import Station
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.station import RestoreEntry
from assettrack.domain.merkle import HashesMissing, Tree
from assettrack.store.connection import DatabaseSettings
from assettrack.store.setting_up import FirstDeed, TellUpgrade
from assettrack.store.snapshots import SqliteSnapshot, SqliteTransaction
from assettrack.store.sqlite import SignerOf, SqliteStore


class Witness(Protocol):
    """Keeps the newest checkpoint of each station outside its database."""

    def newest(self, station: Station) -> Checkpoint | None:
        """Return the newest checkpoint that this station is known to have signed, or None."""

    def keep(self, station: str, note: str) -> None:
        """Keep a station's newest checkpoint; where that can't be done, the one before stays known."""


class WatchedStore(SqliteStore):
    """A station's database that is written to only while it holds what its station is known to have signed."""

    def __init__(
        self, path: Path, signer_of: SignerOf, witness: Witness, settings: DatabaseSettings | None = None
    ) -> None:
        super().__init__(path, signer_of, settings)
        self._witness = witness

    @contextmanager
    def write(self) -> Iterator[SqliteTransaction]:
        """Open the one transaction that may write; once it is saved, its checkpoint is known outside.

        Raises:
            station_errors.DatabaseOlder: the database does not hold what is known.
            station_errors.KeyUnusable, station_errors.DatabaseBusy: as without a witness.
        """
        with super().write() as transaction:
            station = transaction.station()
            require_continued(transaction, self._witness.newest(station))
            yield transaction
        if transaction.checkpoint:
            self._witness.keep(station.station, transaction.checkpoint)

    def set_up(self, first_deed: FirstDeed, tell_upgrade: TellUpgrade | None = None) -> bool:
        """Make the database, or bring it up to date; return whether there was none."""
        made = super().set_up(first_deed, tell_upgrade)
        if made:
            with suppress(errors.AssetTrackError), self.read() as snapshot:  # the database is made, come what may
                for _, note in snapshot.checkpoints():
                    self._witness.keep(snapshot.station().station, note)
        return made


def require_continued(snapshot: SqliteSnapshot, known: Checkpoint | None) -> None:
    """Make sure that a database holds what a checkpoint states, or that its log says why it does not any more.

    Raises:
        station_errors.DatabaseOlder: neither is so.
        station_errors.DatabaseDamaged: hashes are missing without which it can't be told.
    """
    if known is None or log_holds(snapshot, known.size, known.root):
        return
    try:
        restores = [decode_body(body) for body in snapshot.deeds_of_kind("RESTORE")]
    except NotAnEntry as error:
        raise station_errors.DatabaseDamaged(f"an entry of the log can't be read ({error})") from error
    if not any(isinstance(entry, RestoreEntry) and gave_up_just(entry, known) for entry in restores):
        raise station_errors.DatabaseOlder(snapshot.log_size, known.size)


def log_holds(snapshot: SqliteSnapshot, known_size: int, known_root: bytes) -> bool:
    """Tell whether the log begins with so many entries under this root; nearly always the checkpoint stored last says.

    Raises:
        station_errors.DatabaseDamaged: hashes are missing without which it can't be told.
    """
    size = snapshot.log_size
    if known_size > size:
        return False
    if known_size == size and (note := snapshot.checkpoint_at_least(size)) is not None:
        return stated_root(note) == known_root  # before anything is written, that it is the tree's was made sure
    try:
        return Tree.restore(known_size, snapshot.hashes).root() == known_root
    except HashesMissing as missing:
        raise station_errors.DatabaseDamaged(f"its log can't be continued: {missing}") from missing
