"""How old the latest backup is, and what that means: the same wherever a page tells it."""

import msgspec

from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.entries.station import BackupEntry
from assettrack.services.doctor import BACKUP_DAYS_FRESH, BACKUP_DAYS_MAX
from assettrack.services.latest_backup import age_of, latest_backup
from assettrack.services.stored_entries import entry_at
from assettrack.web.station import Visit

FIRST_SEQ = 1


class BackupState(msgspec.Struct, frozen=True):
    """The latest backup that the log tells of, or None; its age in days; and the colour that this means.

    ``is_ahead`` tells that it is dated so many days ahead of the clock: how old it is can't be told.
    """

    entry: BackupEntry | None
    days: int
    colour: str
    is_ahead: bool = False


def backup_state(visit: Visit) -> BackupState:
    """Return how it stands with the latest backup; without one the station's own age counts, as for the doctor.

    Raises:
        station_errors.DatabaseDamaged: its entry can't be read.
    """
    entry = latest_backup(visit.workplace)
    made = _set_up_at(visit) if entry is None else entry.recorded_at
    days, is_ahead = age_of(made, visit.station.workplace.now())
    if is_ahead:
        return BackupState(entry, days, "note" if entry is None else "bad", is_ahead=True)
    if days > BACKUP_DAYS_MAX:
        return BackupState(entry, days, "bad")
    return BackupState(entry, days, "ok" if entry is not None and days <= BACKUP_DAYS_FRESH else "note")


def _set_up_at(visit: Visit) -> str:
    with visit.workplace.store.read() as snapshot:
        return entry_at(snapshot, FIRST_SEQ, DeedEntry).recorded_at
