"""Entries about the station itself."""

from assettrack.domain.entries.base import DeedEntry


class StationEntry(DeedEntry, frozen=True, gc=False, tag="STATION", kw_only=True, omit_defaults=True):
    """A station was set up: its name, its IANA zone and its public key (hex, 32 bytes)."""

    station: str
    timezone: str
    public_key: str


class SettingEntry(DeedEntry, frozen=True, gc=False, tag="SETTING", kw_only=True, omit_defaults=True):
    """A rule of the station was set otherwise."""

    name: str
    before: str
    after: str


class BackupEntry(DeedEntry, frozen=True, gc=False, tag="BACKUP", kw_only=True, omit_defaults=True):
    """A backup was made, restored into a scratch copy, checked and replayed.

    ``entries`` and ``root`` (base64) are of the log in the backup, ``sha256`` (hex) is of its database file.
    """

    entries: int
    root: str
    sha256: str
    file: str


class RestoreEntry(DeedEntry, frozen=True, gc=False, tag="RESTORE", kw_only=True, omit_defaults=True):
    """The database was replaced by a backup, or by an earlier point of its own history.

    ``entries`` is the size of the log that was restored; ``replaced_entries`` and ``replaced_root`` (base64) are of
    the newest checkpoint the station knew before; where that was larger, the entries after it are lost on purpose.
    """

    entries: int
    replaced_entries: int
    replaced_root: str
    reason: str
