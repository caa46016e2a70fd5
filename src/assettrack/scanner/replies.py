"""Owns the meaning of replies: a whole reply to a known command becomes a value, or is refused with its bytes.

Pure. Every function here takes one whole reply and the command follows from the function called; a reply is never
told by its length (an upload of one short code is as long as an answer to interrogate). Every refusal is one of
`ScannerAnswerDamaged`, `ScannerCommandRefused` and nothing else, and carries the bytes.
"""

import hashlib

import msgspec

from assettrack.domain.scanner_errors import ScannerAnswerDamaged, ScannerCommandRefused
from assettrack.scanner.device_times import (
    CLOCK_BYTES,
    CLOCK_YEAR_MAX,
    STAMP_BYTES,
    STAMP_YEAR_MAX,
    DeviceTime,
    decode_clock,
    decode_stamp,
)
from assettrack.scanner.frames import ASKED, SERIAL_BYTES, Command, Progress, ReplyReader, checksum, strings_from
from assettrack.scanner.symbologies import name_of

STATUS_OK = 0x00
STATUS_REAPPEARING = 0x05
"""The scanner changes into OPN-2001 compatible mode and is ready, maybe as another port, in five seconds."""
STATUS_LOW_BATTERY = 0x16
REFUSED_VALUE = 0xFF

_MODELS_R = {
    "F": "OPN-2002/2003",
    "G": "OPN-2002",
    "I": "OPN-2004/2005/2006",
    "L": "OPN-2005",
    "M": "PX-20",
    "N": "OPN-2006",
}
_MODELS_F = {"M": "OPN-6000", "N": "OPN-2500"}


class Interrogation(msgspec.Struct, frozen=True):
    """What a scanner says of itself: serial number, software version and system status (0 is fine)."""

    protocol_version: int
    status: int
    serial_field: bytes
    version: str
    raw: bytes

    @property
    def serial(self) -> str:
        """The serial number as it stands on the scanner."""
        return serial_of(self.serial_field)

    @property
    def model(self) -> str:
        """The model, or blank where the version is of none that is known."""
        return model_of(self.version)

    @property
    def low_battery(self) -> bool:
        """Whether the battery is low (status 22; CS1504 Data Communication Protocol §8.4.1)."""
        return self.status == STATUS_LOW_BATTERY

    @property
    def reappearing(self) -> bool:
        """Whether the scanner is about to vanish and come back; no other field is to be used then."""
        return self.status == STATUS_REAPPEARING


class Record(msgspec.Struct, frozen=True, gc=False):
    """One scan as the scanner keeps it: kind of code, its bytes, its time (None where the scanner keeps none)."""

    symbology: int
    data: bytes
    time: DeviceTime | None

    @property
    def text(self) -> str:
        """What was read, each byte as the character of its number, so that nothing is lost or changed."""
        return self.data.decode("latin-1")

    @property
    def symbology_name(self) -> str:
        """The kind of code in words."""
        return name_of(self.symbology)

    @property
    def raw(self) -> bytes:
        """The bytes of the record, without its length byte."""
        return bytes([self.symbology]) + self.data + (self.time.raw if self.time else b"")


class Upload(msgspec.Struct, frozen=True, gc=False):
    """The scans of a scanner in the order in which it keeps them, and the reply that told them, byte for byte."""

    serial_field: bytes
    records: tuple[Record, ...]
    raw: bytes

    @property
    def serial(self) -> str:
        """The serial number as it stands on the scanner."""
        return serial_of(self.serial_field)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the reply, as hexadecimal text."""
        return hashlib.sha256(self.raw).hexdigest()


class Parameters(msgspec.Struct, frozen=True):
    """Values of parameters by number; the numbers that the scanner does not know are ``unknown``."""

    values: dict[int, bytes]
    unknown: tuple[int, ...]
    raw: bytes


class Taken(msgspec.Struct, frozen=True):
    """The byte that came back for each parameter that was written: 0 where it was refused, or where it is the value."""

    results: dict[int, int]
    raw: bytes


class ClockReply(msgspec.Struct, frozen=True):
    """The six bytes of a clock, as told or as echoed; ``time`` is None where a setting was refused."""

    time: DeviceTime | None
    raw: bytes


def serial_of(field: bytes) -> str:
    """Return the serial number in an eight-byte field: binary-coded digits, the last six, or seven if there are more.

    As Opticon's own PC program shows it: seven digits where the fifth byte is not zero.
    """
    digits = field.hex().upper()
    return digits[-7:] if field[4] else digits[-6:]


def model_of(version: str) -> str:
    """Return the model that a software version belongs to, blank where it is none that is known.

    As Opticon's own PC program does: by the first and the third character of the eight.
    """
    if version[:1] == "R":
        return _MODELS_R.get(version[2:3], "OPN-2001")
    return _MODELS_F.get(version[2:3], "") if version[:1] == "F" else ""


def require_whole(command: Command, raw: bytes) -> None:
    """Make sure that these bytes are exactly one whole reply to this command, with a checksum that fits.

    Raises:
        ScannerCommandRefused: it is an error status.
        ScannerAnswerDamaged: it is anything else.
    """
    reader = ReplyReader(command)
    progress = reader.feed(raw)
    if progress is Progress.REFUSED:
        raise ScannerCommandRefused(ASKED[command], raw[0])
    if progress is Progress.MORE:
        raise damaged(command, "it ends too early" if raw else "it is empty", raw)
    if progress is Progress.NOT_OURS:
        raise damaged(command, reader.reason, raw)
    if reader.rest:
        raise damaged(command, "more follows its end", raw)
    if checksum(raw[:-2]) != raw[-2:]:
        raise damaged(command, "its checksum does not fit", raw)


def damaged(command: Command, reason: str, raw: bytes) -> ScannerAnswerDamaged:
    """Return the error of a reply to this command that can't be used."""
    return ScannerAnswerDamaged(ASKED[command], reason, raw)


def read_interrogation(raw: bytes) -> Interrogation:
    """Return what the reply to interrogate says (CS1504 Data Communication Protocol §8.4.1).

    Raises:
        ScannerCommandRefused, ScannerAnswerDamaged: as `require_whole`.
    """
    require_whole(Command.INTERROGATE, raw)
    version = raw[12:20].decode("ascii", "backslashreplace")
    return Interrogation(raw[2], raw[3], raw[4:12], version, raw)


def read_upload(raw: bytes, *, with_stamps: bool, latest_year: int = STAMP_YEAR_MAX) -> Upload:
    """Return the scans of the reply to upload (CS1504 Data Communication Protocol §8.4.6).

    A record is a length byte, the symbology, the data and, where the scanner keeps times (parameter 0x23, never
    guessed), a stamp of four bytes.

    Raises:
        ScannerCommandRefused, ScannerAnswerDamaged: as `require_whole`; also where a record is too short.
    """
    require_whole(Command.UPLOAD, raw)
    records = []
    stamp = STAMP_BYTES if with_stamps else 0
    for number, body in enumerate(strings_from(raw, 2 + SERIAL_BYTES), 1):
        end = len(body) - stamp
        if end < 1:
            raise damaged(Command.UPLOAD, f"record {number} is too short to hold a time", raw)
        time = decode_stamp(body[end:], latest_year=latest_year) if with_stamps else None
        records.append(Record(body[0], body[1:end], time))
    return Upload(raw[2 : 2 + SERIAL_BYTES], tuple(records), raw)


def read_parameters(raw: bytes) -> Parameters:
    """Return the parameters of a reply to upload parameters (CS1504 Data Communication Protocol §8.4.7).

    Raises:
        ScannerCommandRefused, ScannerAnswerDamaged: as `require_whole`; also where a number comes twice.
    """
    require_whole(Command.READ_PARAMETERS, raw)
    values: dict[int, bytes] = {}
    for string in strings_from(raw, 2):
        if string[0] in values:
            raise damaged(Command.READ_PARAMETERS, f"parameter {string[0]:02X} comes twice", raw)
        values[string[0]] = string[1:]
    known = {number: value for number, value in values.items() if value}
    return Parameters(known, tuple(number for number in values if number not in known), raw)


def read_taken(raw: bytes) -> Taken:
    """Return what became of parameters that were written (CS1504 Data Communication Protocol §8.4.3).

    Some firmware says 1 for stored and 0 for refused, some repeats the value: it has to be read back in any case.

    Raises:
        ScannerCommandRefused, ScannerAnswerDamaged: as `require_whole`; also where a result is missing.
    """
    require_whole(Command.WRITE_PARAMETERS, raw)
    results: dict[int, int] = {}
    for string in strings_from(raw, 2):
        if len(string) == 1:
            raise damaged(Command.WRITE_PARAMETERS, f"parameter {string[0]:02X} has no result", raw)
        results[string[0]] = string[1]
    return Taken(results, raw)


def read_clock(command: Command, raw: bytes, *, latest_year: int = CLOCK_YEAR_MAX) -> ClockReply:
    """Return the time of a reply to get time or set time (CS1504 Data Communication Protocol §8.4.8 and §8.4.9).

    A set time that was refused comes back with FF in the fields that were wrong, or as a single FF. A get time with
    seconds FF is a time of a clock whose battery is weak.

    Raises:
        ScannerCommandRefused, ScannerAnswerDamaged: as `require_whole`; also where it is no time.
    """
    require_whole(command, raw)
    strings = tuple(strings_from(raw, 2))
    setting = command is Command.SET_TIME
    if setting and strings == (bytes([REFUSED_VALUE]),):
        return ClockReply(None, raw)
    if len(strings) != 1 or len(strings[0]) != CLOCK_BYTES:
        raise damaged(command, "it is no time of six fields", raw)
    if setting and REFUSED_VALUE in strings[0]:
        return ClockReply(None, raw)
    return ClockReply(decode_clock(strings[0], latest_year=latest_year), raw)


def read_acknowledgement(command: Command, raw: bytes) -> None:
    """Make sure that a reply to clear or power down says that it was done (CS1504 Data Communication Protocol §8.4).

    Raises:
        ScannerCommandRefused, ScannerAnswerDamaged: as `require_whole`.
    """
    require_whole(command, raw)
