"""The errors of a station: its database, its key, its backups and its disk. The other half of the catalogue.

The families and what every sentence says stand in `domain.errors`.
"""

from assettrack.domain.errors import AssetTrackError, IntegrityError, RefusedError, WaitError
from assettrack.domain.wording import counted_entries


class HomeFolderUnknown(RefusedError):
    """It is not known where this user's files lie, and so not where the station's key is."""

    code = "home_folder_unknown"

    def __init__(self) -> None:
        super().__init__(
            "This user has no home folder, and the station's key lies there, also where --db names the database. "
            "Nothing was saved. Set HOME to a folder of yours, by its whole path (or, on Linux, XDG_DATA_HOME and "
            "XDG_CACHE_HOME)."
        )


class FolderUnusable(RefusedError):
    """A folder in which the station's files are to lie can't be made, written or looked into."""

    code = "folder_unusable"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"The folder {path} can't be used: {reason}. Nothing was saved. Set HOME to a folder that you may write "
            "to, or, if it is only the database, name another place for it with --db or ASSETTRACK_DB."
        )


class DatabaseMissing(RefusedError):
    """There is no database where one was expected."""

    code = "database_missing"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"There is no AssetTrack database at {path}. Make one with: assettrack init, or name yours with --db or "
            "ASSETTRACK_DB. Nothing was saved."
        )


class DatabaseForeign(RefusedError):
    """The file is not an AssetTrack database."""

    code = "database_foreign"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"{path} is not an AssetTrack database: {reason}. Nothing was saved. Name the right file with --db.",
        )


class DeskForeign(RefusedError):
    """The desk beside the database is that of another station: nothing of it may be shown here."""

    code = "desk_foreign"

    def __init__(self, path: str, owner: str, station: str) -> None:
        super().__init__(
            f"{path} is the desk of station {owner}, and the database beside it is that of station {station}. Nothing "
            "was saved. Put the right database back; if this one is meant, move the desk away: a new one is made, and "
            "the old one has the scans that were not committed there."
        )


class CopyInTheWay(RefusedError):
    """What is to be kept of a database before it is brought up to date can't have its name: something has it."""

    code = "copy_in_the_way"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} is there already, and was left as it is: it is not the database as it is now. A copy of that is "
            "to have this name before the database is brought up to date. Nothing was saved. Move that file away, then "
            "run init again.",
        )


class DatabaseVersionDiffers(RefusedError):
    """The database was made by an older or newer version of this program."""

    code = "database_version_differs"

    def __init__(self, path: str, found: int, expected: int) -> None:
        advice = (
            "Run init to bring it up to date (a backup is made first)"
            if found < expected
            else "It was made by a newer AssetTrack: install that version, or run init with it"
        )
        super().__init__(f"{path} has schema {found}, this program works with {expected}. {advice}. Nothing was saved.")


class KeyUnusable(RefusedError):
    """The station's signing key is not there or can't be used, so nothing can be committed."""

    code = "key_unusable"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"The signing key {path} can't be used: {reason}. Nothing was saved. Put the key back from its backup; "
            "without it this station can read and verify, but not commit.",
        )


class StorageFailed(AssetTrackError):
    """The disk or the operating system failed a read or write; the database is as it was.

    ``what`` names the file, where another than the database may be meant: a copy on another disk, say.
    """

    code = "storage_failed"

    def __init__(self, reason: str, what: str = "The database") -> None:
        self.reason = reason
        super().__init__(
            f"{what} could not be read or written: {reason}. Nothing was saved. "
            "Check the disk (free space, rights, cable), then run doctor.",
        )


class CommitUncertain(AssetTrackError):
    """The disk failed in the very moment of saving: all of it may be there, or nothing, but never a part."""

    code = "commit_uncertain"
    saved = None

    def __init__(self, reason: str, advice: str | None = None) -> None:
        self.reason = reason
        what_next = advice or (
            "Check the disk, then look with asset show or audit show; a batch can simply be committed again, and the "
            "answer says whether it already was."
        )
        super().__init__(
            f"The disk failed in the moment of saving ({reason}). Either all of it was saved or nothing was saved. "
            f"{what_next}"
        )

    @classmethod
    def of_init(cls, reason: str) -> "CommitUncertain":
        """Return the error of an init, which is simply run again: it finds out what is there."""
        return cls(reason, "Check the disk, then run init again: it finds out what is there, and makes what is not.")

    @classmethod
    def of_restore(cls, reason: str, kept: str | None) -> "CommitUncertain":
        """Return the error of a restore; ``kept`` is the file in which the database that was there is kept."""
        copy = "" if kept is None else f" The database that was there is kept as {kept}."
        return cls(reason, f"Check the disk, then look with audit show --last 1 which of the two is there.{copy}")


class BackupNotLogged(AssetTrackError):
    """A backup was made and is good, but its entry could not be written."""

    code = "backup_not_logged"

    def __init__(self, file: str, error: AssetTrackError) -> None:
        good = f"The backup {file} is made and good"
        if isinstance(error, CommitUncertain):
            self.saved = None
            super().__init__(
                f"{good}, but the disk failed while that was written to the log ({error.reason}): either all of its "
                "entry was saved or nothing was saved. Keep the backup; it can be restored like any other. Check the "
                "disk, then look with: assettrack audit show --last 1."
            )
            return
        why = str(error).partition(" Nothing was saved.")[0].rstrip(".")
        super().__init__(
            f"{good}, but nothing was saved about it in the log: {why}. "
            "Keep it; it can be restored like any other. Run doctor, then make the next one.",
        )


class DatabaseDamaged(IntegrityError):
    """The database file is damaged."""

    code = "database_damaged"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The database is damaged: {reason}. Nothing was saved. Keep the file as it is and restore a backup.",
        )


class DatabaseOlder(IntegrityError):
    """The database does not hold what this station is known to have signed: another copy stands in its place."""

    code = "database_older"

    def __init__(self, entries: int, known: int) -> None:
        self.entries = entries
        self.known = known
        self._found = (
            f"This database of {counted_entries(entries)} does not hold what a checkpoint of {counted_entries(known)} "
            "states that is known here: it is an older or another copy."
        )
        super().__init__(
            f"{self._found} Nothing was saved. Put the right one back with "
            f"restore; if this one is meant, say so: assettrack restore --at {entries} --reason WHY.",
        )

    @property
    def as_seen(self) -> str:
        """What was found, and to compare first: it may be a copy that is kept on purpose."""
        return f"{self._found} Compare it with a backup and with checkpoints kept elsewhere."


class BackupDamaged(IntegrityError):
    """A backup is not what its manifest says, or its manifest is none."""

    code = "backup_damaged"

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"The backup {file} is not good: {reason}. Nothing was changed. Use another backup.")


class StateImpossible(IntegrityError):
    """The database refused to store an impossible state: the program and its constraints disagree."""

    code = "state_impossible"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The database refused an impossible state ({reason}). Nothing was saved. Run audit verify.",
        )


class DatabaseBusy(WaitError):
    """Another process is writing and did not finish in time."""

    code = "database_busy"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"Another process is writing to the database and did not finish within {seconds:g} seconds. "
            "Nothing was saved. Try again in a moment.",
        )


class DatabaseReplaced(WaitError):
    """Another file, or another history, lies where the server's own was: it goes on with neither."""

    code = "database_replaced"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} was replaced or taken away while the station was at work: it is not what the server began with. "
            "Nothing was saved. Make sure that the right file is there, then end assettrack serve and start it again."
        )


class AlreadyServed(WaitError):
    """Another server is at work on the same database, and only one may be."""

    code = "already_served"

    def __init__(self) -> None:
        super().__init__(
            "Another assettrack serve is at work on this database. Nothing was saved. Use the one that runs, "
            "or end it first and start this one again.",
        )
