"""The desk: everything that the browser station remembers between two requests, in one file."""

from assettrack.store.desk_drafts import DeskDrafts
from assettrack.store.desk_file import DeskFile
from assettrack.store.desk_queues import DeskQueues
from assettrack.store.desk_sessions import DeskSessions


class StationDesk(DeskSessions, DeskQueues, DeskDrafts):
    """Fulfils ``services.desk_ports.Desk``; each of its parts owns tables of its own."""

    def __init__(self, file: DeskFile) -> None:
        super().__init__(file)

    def set_up(self, station: str) -> None:
        """Make the desk's file where it is missing.

        Raises:
            station_errors.DatabaseForeign, station_errors.DatabaseVersionDiffers: the file is not this station's.
        """
        self._file.set_up(station)

    def close(self) -> None:
        """Close the connections of all threads."""
        self._file.close()
