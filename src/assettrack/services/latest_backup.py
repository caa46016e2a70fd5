"""The latest backup that the log tells of: recorded only once it was restored into a scratch copy and verified."""

from datetime import datetime, timedelta
from typing import NamedTuple

from assettrack.domain.entries.station import BackupEntry
from assettrack.domain.scans import AHEAD_MINUTES_MAX
from assettrack.services.ports import Workplace
from assettrack.services.stored_entries import decoded_body


class Age(NamedTuple):
    """How many whole days ago something was recorded, or (``is_ahead``) how many of them its time is still to come."""

    days: int
    is_ahead: bool


def age_of(recorded_at: str, now: datetime) -> Age:
    """Return the age of what was recorded at a moment (UTC text).

    A clock that is set right moves by seconds all the time; what is further ahead has no age that can be told.
    """
    passed = now - datetime.fromisoformat(recorded_at)
    if passed < -timedelta(minutes=AHEAD_MINUTES_MAX):
        return Age((-passed).days, is_ahead=True)
    return Age(max(passed.days, 0), is_ahead=False)


def latest_backup(workplace: Workplace) -> BackupEntry | None:
    """Return the latest backup that the log tells of, or None.

    Raises:
        station_errors.DatabaseDamaged: its entry can't be read.
    """
    with workplace.store.read() as snapshot:
        body = next(snapshot.deeds_of_kind("BACKUP"), None)
    if body is None:
        return None
    entry = decoded_body(body)
    assert isinstance(entry, BackupEntry), "its kind stands in its body"
    return entry
