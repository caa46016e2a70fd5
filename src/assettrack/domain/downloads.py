"""A download: what a pocket scanner held, byte for byte, with all that is needed to read it later.

Owns the one form in which a download is kept. It is written before anything of it is read, and never changed.
"""

from collections.abc import Sequence
from hashlib import sha256

import msgspec

from assettrack.domain.raw_scans import ClockReading

FORMAT = "AssetTrack scanner download 1"
"""The first words of the file; the number goes up when the form changes."""

FORMAT_CLOCK_SET = "AssetTrack scanner download 2"
"""The same, of one that also says how the clock was before it was set."""

SUFFIX = ".scans.json"


class NotADownload(ValueError):
    """A file is no download, or not whole; ``reason`` says why in half a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ScannerIdentity(msgspec.Struct, frozen=True):
    """Which scanner is connected. ``serial`` is the number on it, ``version`` its software's."""

    serial: str
    model: str
    version: str
    low_battery: bool


class ScannerSettings(msgspec.Struct, frozen=True):
    """What of a scanner's settings matters for its scans; ``dangers`` are sentences about what could lose some."""

    with_stamps: bool
    drops_repeated: bool
    dangers: Sequence[str] = ()


class Download(msgspec.Struct, frozen=True, kw_only=True):
    """What one scanner held at one moment.

    ``reply`` is the scanner's whole answer as it came. ``with_stamps`` and ``drops_repeated`` are settings of the
    scanner that decide how it is read. ``pulled_at`` is UTC text; ``number`` counts what was pulled from this scanner
    and puts it in order, whatever the clock of the computer was set to.

    ``clock_before`` is there only where this station set the scanner's clock: what that showed just before, while the
    scanner held just the same. ``clock`` is then what it showed just after.
    """

    format: str = FORMAT
    serial: str
    model: str
    version: str
    with_stamps: bool
    drops_repeated: bool
    clock: ClockReading
    pulled_at: str
    number: int = 0
    sha256: str
    reply: bytes
    clock_before: ClockReading | msgspec.UnsetType = msgspec.UNSET

    def with_clock_set(self, before: ClockReading, after: ClockReading, *, at: str) -> "Download":
        """Return the download of the same scans just after the scanner's clock was set, which was ``at`` (UTC text)."""
        return msgspec.structs.replace(
            self, format=FORMAT_CLOCK_SET, clock=after, clock_before=before, pulled_at=at, number=self.number + 1
        )

    @property
    def order(self) -> tuple[int, str]:
        """What puts the downloads of one scanner in the order in which they were pulled."""
        return self.number, self.pulled_at

    @property
    def name(self) -> str:
        """The name of its file: when, from which scanner, and the first digits of what it held."""
        when = self.pulled_at[:19].translate({ord("-"): None, ord(":"): None})
        return f"{when}Z-{self.serial}-{self.sha256[:12]}{SUFFIX}"


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A download as it is kept, under the SHA-256 (hex) of its whole content in canonical form."""

    content_sha256: str
    download: Download


def written_download(download: Download) -> bytes:
    """Return a download as it is kept: JSON that people can read, the scanner's bytes in base64."""
    return msgspec.json.format(msgspec.json.encode(_Kept(_digest(download), download))) + b"\n"


def _digest(download: Download) -> str:
    return sha256(msgspec.json.encode(download, order="sorted")).hexdigest()


def read_download(content: bytes) -> Download:
    """Return a kept download, once it is sure that it is whole.

    Raises:
        NotADownload: it is none, of a form that this version does not know, or was changed.
    """
    try:
        kept = msgspec.json.decode(content, type=_Kept)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise NotADownload(f"it can't be read ({error})") from error
    found = kept.download
    if found.format != (FORMAT if found.clock_before is msgspec.UNSET else FORMAT_CLOCK_SET):
        raise NotADownload(f"it is of another form, {found.format[:60]!a}")
    if sha256(found.reply).hexdigest() != found.sha256 or _digest(found) != kept.content_sha256:
        raise NotADownload("it was changed: its content is not that of which it states the hash")
    return found
