"""What making backups and restoring them needs of the world, as Protocols.

`store.backups` fulfils them, `bootstrap` joins it with the station's key and with what is known outside the database.
Names of files are texts here: what they mean is not for the services.
"""

from contextlib import AbstractContextManager
from typing import Protocol

from assettrack.domain.checkpoints import Checkpoint
from assettrack.domain.deeds import Station
from assettrack.domain.signed_notes import Signer
from assettrack.services.ports import Snapshot, Store


class FileDigest(Protocol):
    """What a file is recognised by."""

    @property
    def sha256(self) -> str:
        """Hash of the file's bytes, in hex."""

    @property
    def size(self) -> int:
        """The file's size in bytes."""


class Scratch(Protocol):
    """A database apart from the station's own, which is thrown away at the end."""

    @property
    def store(self) -> Store:
        """The scratch database, once it is there."""

    def take(self, name: str) -> FileDigest:
        """Copy a backup's file here; return what was copied."""

    def bring_up_to_date(self) -> None:
        """Give a database of an older version the schema of this one."""

    def rebuild(self, source: Snapshot, size: int) -> None:
        """Make the database that the first entries of a log lead to, by the replay."""

    def holding(self) -> "AbstractContextManager[Held]":
        """Lend the station's own database, to be replaced by this one; nobody else writes to it meanwhile."""

    def close(self) -> None:
        """Bring the database to the disk as one file; it can be used again."""


class Draft(Protocol):
    """A backup in the making."""

    @property
    def file(self) -> str:
        """The whole path that the backup will have."""

    @property
    def manifest(self) -> str:
        """The whole path that its manifest will have."""

    @property
    def draft(self) -> str:
        """The path that its file has until then."""

    def fill(self) -> None:
        """Copy the station's database here, as it is at one moment, while others may write."""

    def place(self, manifest: str) -> None:
        """Give file and manifest their names, the manifest last; from then on they last."""


class Held(Protocol):
    """The station's own database while nobody else writes to it."""

    @property
    def opened(self) -> bool:
        """Whether there is one that could be opened."""

    def replace(self, label: str) -> str | None:
        """Put the scratch in its place; return where the old one is kept, or None where there was none."""


class BackupFiles(Protocol):
    """Where a station's backups are made and taken from."""

    @property
    def schema(self) -> int:
        """The number of the newest schema that this program works with."""

    def signer(self, station: str) -> Signer:
        """Return a station's key, ready to sign, or raise KeyUnusable."""

    def known(self, station: Station) -> Checkpoint | None:
        """Return the newest checkpoint that a station is known to have signed, or None."""

    def remember(self, station: str, note: str) -> None:
        """Keep a checkpoint as the newest of a station."""

    def present(self) -> AbstractContextManager[Snapshot]:
        """Open a snapshot of the station's database; what is no database at all any more counts as damaged here."""

    def drafting(self, name: str, *, force: bool) -> AbstractContextManager[Draft]:
        """Lend a backup in the making; whatever is not placed when the block ends is gone."""

    def manifest_of(self, name: str) -> bytes:
        """Return what stands in the manifest of a backup, or raise FileUnreadable."""

    def scratch(self, *, beside: bool) -> AbstractContextManager[Scratch]:
        """Lend an empty place for a database, beside the station's own or in the system's temporary folder."""
