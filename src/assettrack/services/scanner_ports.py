"""What the services need of a pocket scanner and of the place where downloads are kept, as Protocols beside `ports`.

`scanner` fulfils the first, `station.spool` the second; a scanner can only be cleared by what was read back from there.
"""

from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import Protocol

from assettrack.domain.downloads import Download, ScannerIdentity, ScannerSettings
from assettrack.domain.raw_scans import ClockReading, RawScan

Progress = Callable[[int], None]
"""Is told how many bytes of a download have come so far."""


class ReadScans(Protocol):
    """How a scanner's whole answer is read."""

    def __call__(self, reply: bytes, *, with_stamps: bool) -> Sequence[RawScan]:
        """Return its scans in storage order; ``with_stamps`` says whether they have times."""


class ReadableScanner(Protocol):
    """A scanner whose answers are known, be it on a cable of this computer or of one with a browser."""

    @property
    def identity(self) -> ScannerIdentity:
        """Which scanner it is."""

    @property
    def settings(self) -> ScannerSettings:
        """How it is set."""

    def clock(self) -> ClockReading:
        """Return what its clock shows now."""

    def upload(self, progress: Progress | None = None) -> bytes:
        """Return everything it holds, as it answers; it erases nothing."""


class ConnectedScanner(ReadableScanner, Protocol):
    """A scanner that answers whatever it is asked."""

    def set_clock(self, zone: tzinfo) -> ClockReading:
        """Set its clock to local time, and return what it shows then. Read its scans before."""

    def make_readable(self) -> None:
        """Switch off what stands against reading it: that it erases by being read, or does not say how it is set.

        Raises:
            scanner_errors.ScannerSettingLeft: it holds scans and does not say whether it keeps times, so that it can't
                be read.
            errors.AssetTrackError: it does not take a setting, or can't be asked what it holds.
        """

    def make_safe(self) -> ScannerSettings:
        """Set it so that no scan leaves it unseen, and return how it is set then.

        Raises:
            scanner_errors.ScannerSettingLeft: it holds scans, and a setting is made only while it holds none; all
                others are set.
            errors.AssetTrackError: it does not take a setting, or can't be asked what it holds.
        """

    def clear(self, kept: bytes) -> int:
        """Clear it of exactly what these bytes, as read back from the spool, say it holds; return how many are left.

        Raises:
            errors.AssetTrackError: it holds something else (nothing was sent), or can't be asked any more.
        """


class Spool(Protocol):
    """Where downloads are kept, outside the database and the scanner."""

    def keep(self, download: Download) -> Download:
        """Keep a download for good, and return it as it was read back."""

    def downloads(self, serial: str | None = None) -> Sequence[Download]:
        """Return what is kept whole: of one scanner in the order in which it was pulled, of all by their times."""

    def begin_clear(self, download: Download) -> None:
        """Keep for good that the scanner is about to be told to clear itself of a download.

        Raises:
            download_errors.SpoolUnusable: it can't be kept.
        """

    def is_clear_begun(self, download: Download) -> bool:
        """Tell whether that is kept; the scanner may have been cleared then, or not."""

    def damaged(self, serial: str | None = None) -> Sequence[tuple[str, str]]:
        """Return the files that are no whole download, by name, each with why it is none."""

    def named(self, name: str) -> Download | None:
        """Return the download of a name, or of a name's beginning that no other has; None where there is none.

        Raises:
            download_errors.DownloadDamaged: it is there, and its file is no whole download.
        """
