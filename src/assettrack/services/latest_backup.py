"""The latest backup that the log tells of: recorded only once it was restored into a scratch copy and verified."""

from assettrack.domain.entries.station import BackupEntry
from assettrack.services.ports import Workplace
from assettrack.services.stored_entries import decoded_body


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
