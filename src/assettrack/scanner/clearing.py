"""Owns the one thing that erases: clearing a scanner, by a proof that what it holds is stored.

It must never clear what was not read back from storage byte for byte, and never say that a scanner is clear without
having looked.

A scan that is made between the last look and the clear itself is lost with it: the scanner has no command that does
both. The last look is a whole upload, and what is scanned after its answer began may not be in it: the time is as long
as that takes, a moment for a day's scans, and minutes for ten thousand at 9600 baud.
"""

import hashlib

import msgspec

from assettrack.domain.scanner_errors import (
    ScannerAnswerDamaged,
    ScannerChanged,
    ScannerClearRefused,
    ScannerClearUncertain,
    ScannerCommandRefused,
    ScannerForeign,
    ScannerNotCleared,
    ScannerReappearing,
    ScannerSilent,
    ScannerUnplugged,
)
from assettrack.scanner import protocol, replies
from assettrack.scanner.frames import SERIAL_BYTES, Command
from assettrack.scanner.link import Link
from assettrack.scanner.parameters import Settings
from assettrack.scanner.replies import Upload, require_whole, serial_of

LOST_TOUCH = (
    ScannerAnswerDamaged,
    ScannerChanged,
    ScannerCommandRefused,
    ScannerForeign,
    ScannerReappearing,
    ScannerSilent,
    ScannerUnplugged,
)


class Stored(msgspec.Struct, frozen=True):
    """Proof that an upload is stored: the scanner's serial number field and the SHA-256 of its reply, both in hex.

    Make it with `read_back`, of the bytes as they were read back from where they are kept, after they were synced.
    """

    serial_field: str
    sha256: str

    @classmethod
    def read_back(cls, kept: bytes) -> "Stored":
        """Return the proof of an upload from the bytes of its reply, as read back from storage.

        Raises:
            ScannerAnswerDamaged, ScannerCommandRefused: they are not a whole reply to upload.
        """
        require_whole(Command.UPLOAD, kept)
        return cls(kept[2 : 2 + SERIAL_BYTES].hex(), hashlib.sha256(kept).hexdigest())

    @property
    def serial(self) -> str:
        """The serial number as it stands on the scanner."""
        return serial_of(bytes.fromhex(self.serial_field))


class Cleared(msgspec.Struct, frozen=True):
    """A scanner was cleared: what it held just before, and what it holds now, which are scans made since, or none."""

    before: Upload
    after: Upload

    @property
    def empty(self) -> bool:
        """Whether it holds nothing now."""
        return not self.after.records


def clear(link: Link, settings: Settings, stored: Stored) -> Cleared:
    """Clear a scanner of exactly what is stored, and look whether it is clear.

    Raises:
        ScannerClearRefused: it is another scanner, or holds something else than what is stored; nothing was sent.
        ScannerNotCleared: it said that it did, and did not.
        ScannerClearUncertain: it was told to, and was not heard of again.
        and whatever `Link.upload` raises before it was told to.
    """
    for _ in range(link.patience.tries):
        before = _require_stored(link, settings, stored)
        try:
            link.line.flush_input()
            told = _told_to_clear(link)
        except ScannerUnplugged as error:
            raise ScannerClearUncertain from error
        if told:
            return _looked_at(link, settings, before)
    raise ScannerClearRefused("it answered every time that it did not do it")


def _require_stored(link: Link, settings: Settings, stored: Stored) -> Upload:
    if link.known.serial_field.hex() != stored.serial_field:
        raise ScannerClearRefused(f"it is {link.known.serial}, and what is stored is of {stored.serial}")
    held = link.upload(settings)
    if not held.records:
        raise ScannerClearRefused("it holds no scans any more", is_empty=True)
    if held.sha256 != stored.sha256:
        raise ScannerClearRefused("it does not hold exactly what is stored; scans may have been made since")
    return held


def _told_to_clear(link: Link) -> bool:
    """Send the one command that erases. Return False where the scanner says for certain that it did not."""
    try:
        replies.read_acknowledgement(Command.CLEAR, link.ask_once(Command.CLEAR, protocol.CLEAR))
    except ScannerCommandRefused:
        return False
    except (ScannerSilent, ScannerAnswerDamaged):
        return True  # it may have done it: looking will tell
    return True


def _looked_at(link: Link, settings: Settings, before: Upload) -> Cleared:
    try:
        after = link.upload(settings)
    except LOST_TOUCH as error:
        raise ScannerClearUncertain from error
    if after.records[: len(before.records)] == before.records:
        raise ScannerNotCleared
    return Cleared(before, after)
