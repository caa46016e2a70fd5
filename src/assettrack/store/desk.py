"""The desk: everything that the browser station remembers between two requests, in one file."""

from assettrack.domain.facts import Account
from assettrack.store.connection import Connection
from assettrack.store.desk_drafts import DeskDrafts
from assettrack.store.desk_file import DeskFile
from assettrack.store.desk_queues import DeskQueues
from assettrack.store.desk_sessions import DeskSessions
from assettrack.store.replacement import SeenLog, holds, seen_in
from assettrack.store.snapshots import SqliteSnapshot

_TOLD_OF_DEEDS = ("desk_sessions", "desk_setup_links", "desk_drafts", "desk_answers", "desk_preferences", "desk_log")
"""What is worth nothing beside another history: who was signed in, and the answers to what was done."""


class StationDesk(DeskSessions, DeskQueues, DeskDrafts):
    """Fulfils ``services.desk_ports.Desk``; each of its parts owns tables of its own."""

    def __init__(self, file: DeskFile) -> None:
        super().__init__(file)

    def set_up(self, station: str) -> None:
        """Make the desk's file where it is missing.

        Raises:
            station_errors.DatabaseForeign, station_errors.DatabaseVersionDiffers: the file is none of ours.
            station_errors.DeskForeign: it is the desk of another station.
        """
        self._file.set_up(station)

    def settle_beside(self, snapshot: SqliteSnapshot) -> bool:
        """Forget what was said about another history than the database's log tells; tell whether that was so.

        Scans that wait are kept, because they were said about no history, for as long as whoever scanned them has the
        same account. Failed sign-ins are kept too, and codes that were used: forgetting them would let somebody in.

        Raises:
            station_errors.DatabaseDamaged: the log is damaged, so that it can't be told.
        """
        with self._file.reading() as connection:
            found = connection.rows("SELECT size, note FROM desk_log")
        if not found or holds(snapshot, SeenLog(*found[0])):
            return False
        names = {account.account_id: account.name for account in snapshot.facts(Account)}
        with self._file.changing() as connection:
            for table in _TOLD_OF_DEEDS:
                connection.rows(f"DELETE FROM {table}")  # noqa: S608 - a name of the list above
            _close_queues_of_others(connection, names)
            seen = seen_in(snapshot)
            if seen is not None:
                connection.rows("INSERT INTO desk_log VALUES (1, ?, ?)", (seen.size, seen.note))
        return True

    def close(self) -> None:
        """Close the connections of all threads."""
        self._file.close()


def _close_queues_of_others(connection: Connection, names: dict[int, str]) -> None:
    """Close open queues whose account is another one now, or none: nobody is shown what somebody else scanned."""
    found = connection.rows("SELECT queue_id, account_id, name, opened_at FROM desk_queues WHERE closed_at IS NULL")
    others = [(opened_at, queue) for queue, account, name, opened_at in found if names.get(account) != name]
    connection.executemany("UPDATE desk_queues SET closed_at = ? WHERE queue_id = ?", others)
