"""Owns what can go wrong with a scanner, as things that an emulated one can be told to do, by name and step.

Each fault changes one thing, and always in the same way, so that what went wrong once can be seen again. It must
never do what no scanner and no cable would do.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from assettrack.scanner.frames import SERIAL_BYTES, Command, checksum, sealed
from assettrack.scanner.parameters import Parameter
from assettrack.scanner.replies import REFUSED_VALUE, STATUS_LOW_BATTERY, STATUS_REAPPEARING

if TYPE_CHECKING:
    from assettrack.scanner.emulator import EmulatedScanner

FIRST_RECORD = 2 + SERIAL_BYTES
"""Where the length byte of the first record stands in an upload."""

STALE = bytes.fromhex("31000D034C542D3030303432")
POSITION = b"$GPGGA,081500.00,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\r\n"
LATE_SCAN = "LT-99999"
ODD_DATA = b"A\x00B\x1dC\xe4"
YEAR_BYTE = 8
OTHER_SERIAL = bytes.fromhex("0000000000424242")


class Fault(msgspec.Struct, frozen=True):
    """One fault: its name, the time at which it comes, how often from then on, and a number that some need.

    ``step`` counts the commands that it can meet, or the scans, from 1. ``times`` 0 is for ever; None is as usual for
    its kind. ``command`` is for those that can meet several commands.
    """

    name: str
    step: int = 1
    times: int | None = None
    value: int = 0
    command: Command | None = None


Hurt = Callable[["EmulatedScanner", Fault], None]
Instead = Callable[["EmulatedScanner", Fault], list[bytes] | None]
Reply = Callable[["EmulatedScanner", Fault, list[bytes]], list[bytes]]
Stamp = Callable[["EmulatedScanner", bytes], bytes]


def _nothing(_scanner: "EmulatedScanner", _fault: Fault) -> None:
    """Change nothing."""


def _as_it_is(_scanner: "EmulatedScanner", _fault: Fault, pieces: list[bytes]) -> list[bytes]:
    return pieces


class Kind(msgspec.Struct, frozen=True):
    """A kind of fault: what it is, the command it meets, and what it does at which moment."""

    about: str
    command: Command | None = None
    every_command: bool = False
    times: int = 1
    arm: Hurt = _nothing
    """As soon as it is armed."""
    instead: Instead = _nothing
    """In place of doing the command; None lets it be done."""
    reply: Reply = _as_it_is
    """To the reply of the command that was done."""
    after: Hurt = _nothing
    """Once the command is done."""
    stamp: Stamp | None = None
    """To the time of a scan."""
    foreign: Callable[[bytes], list[bytes]] | None = None
    """In place of being a scanner at all."""


class ArmedFault:
    """A fault that waits for its step."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.kind = KINDS[fault.name]
        self._met = 0

    def meets(self, command: Command) -> bool:
        """Count a command that it can meet, and say whether it comes now."""
        wanted = self.fault.command or self.kind.command
        return (wanted is command or (wanted is None and self.kind.every_command)) and self._comes()

    def stamped(self, scanner: "EmulatedScanner", stamp: bytes) -> bytes:
        """Count a scan, and return the time that it gets."""
        if self.kind.stamp is None or not self._comes():
            return stamp
        return self.kind.stamp(scanner, stamp)

    def _comes(self) -> bool:
        self._met += 1
        times = self.kind.times if self.fault.times is None else self.fault.times
        return self._met >= self.fault.step and (not times or self._met < self.fault.step + times)


# -- what they do ----------------------------------------------------------------------------------------------------


def _swallowed(_scanner: "EmulatedScanner", _fault: Fault) -> list[bytes]:
    return []


def _error(status: int) -> Instead:
    return lambda _scanner, _fault: [bytes([status])]


def _status(status: int) -> Reply:
    def reply(scanner: "EmulatedScanner", _fault: Fault, pieces: list[bytes]) -> list[bytes]:
        whole = bytearray(b"".join(pieces))
        whole[3] = status
        if status == STATUS_REAPPEARING:
            scanner.fate = type(scanner.fate).REAPPEARS
        return [_sealed_anew(whole)]

    return reply


def _sealed_anew(message: bytearray) -> bytes:
    return bytes(message[:-2]) + checksum(bytes(message[:-2]))


def _bad_checksum(_scanner: "EmulatedScanner", _fault: Fault, pieces: list[bytes]) -> list[bytes]:
    return [_flipped(b"".join(pieces), -1, 0)]


def _flipped(message: bytes, place: int, bit: int) -> bytes:
    changed = bytearray(message)
    changed[place] ^= 1 << bit % 8
    return bytes(changed)


def _flip(place: Callable[[bytes], int]) -> Reply:
    """Flip the bit ``value`` of the byte at a place of an upload, where it holds a record."""

    def reply(_scanner: "EmulatedScanner", fault: Fault, pieces: list[bytes]) -> list[bytes]:
        whole = b"".join(pieces)
        if len(whole) <= FIRST_RECORD or not 0 < whole[FIRST_RECORD] < len(whole) - FIRST_RECORD:
            return pieces  # it holds no record, or another fault cut it
        return [_flipped(whole, place(whole), fault.value)]

    return reply


def _byte_by_byte(_scanner: "EmulatedScanner", _fault: Fault, pieces: list[bytes]) -> list[bytes]:
    return [bytes([byte]) for byte in b"".join(pieces)]


def _split(_scanner: "EmulatedScanner", fault: Fault, pieces: list[bytes]) -> list[bytes]:
    whole = b"".join(pieces)
    return [piece for piece in (whole[: fault.value], whole[fault.value :]) if piece]


def _cut(*, unplugged: bool) -> Reply:
    """Send ``value`` bytes and no more; without a value, up to the middle of the first record."""

    def reply(scanner: "EmulatedScanner", fault: Fault, pieces: list[bytes]) -> list[bytes]:
        if unplugged:
            scanner.fate = type(scanner.fate).UNPLUGGED
        kept = b"".join(pieces)[: fault.value or FIRST_RECORD + 4]
        return [kept] if kept else []

    return reply


def _unplugged_before(scanner: "EmulatedScanner", _fault: Fault) -> list[bytes]:
    scanner.fate = type(scanner.fate).UNPLUGGED
    return []


def _unplugged_after(scanner: "EmulatedScanner", _fault: Fault, _pieces: list[bytes]) -> list[bytes]:
    return _unplugged_before(scanner, _fault)


def _stale(_scanner: "EmulatedScanner", _fault: Fault, pieces: list[bytes]) -> list[bytes]:
    return [STALE, *pieces]


def _other_serial(_scanner: "EmulatedScanner", _fault: Fault, pieces: list[bytes]) -> list[bytes]:
    whole = b"".join(pieces)
    return [_sealed_anew(bytearray(whole[:2] + OTHER_SERIAL + whole[FIRST_RECORD:]))]


def _parameter(number: int, usual: int) -> Hurt:
    """Set a parameter as if it had been so all along, to ``value`` if there is one."""

    def arm(scanner: "EmulatedScanner", fault: Fault) -> None:
        scanner.parameters[number] = bytes([fault.value or usual])

    return arm


def _year_65(_scanner: "EmulatedScanner", _fault: Fault, pieces: list[bytes]) -> list[bytes]:
    whole = bytearray(b"".join(pieces))
    if len(whole) > YEAR_BYTE:  # else another fault cut it
        whole[YEAR_BYTE] = 65
    return [_sealed_anew(whole)]


def _stamp_bits(mask: int, bits: int) -> Stamp:
    return lambda _scanner, stamp: (int.from_bytes(stamp, "big") & ~mask | bits).to_bytes(4, "big")


def _clock_back(scanner: "EmulatedScanner", _stamp: bytes) -> bytes:
    scanner.clock_offset -= timedelta(days=1)
    return scanner.stamp()


def _clock_weak(scanner: "EmulatedScanner", _fault: Fault) -> None:
    scanner.clock_weak = True


def _clock_phase(scanner: "EmulatedScanner", fault: Fault) -> None:
    scanner.clock_offset += timedelta(milliseconds=fault.value or 500)


def _time_refused(_scanner: "EmulatedScanner", _fault: Fault) -> list[bytes]:
    return [sealed(b"\x06\x02", [bytes([REFUSED_VALUE])])]


def _ten_thousand(scanner: "EmulatedScanner", fault: Fault) -> None:
    for number in range(fault.value or 10_000):
        scanner.scan(f"LT-{number:07}")


def _late_scan(scanner: "EmulatedScanner", _fault: Fault) -> None:
    scanner.scan(LATE_SCAN)


def _clear_ignored(_scanner: "EmulatedScanner", _fault: Fault) -> list[bytes]:
    return [sealed(b"\x06\x02", ())]


def _empty(scanner: "EmulatedScanner", _fault: Fault) -> None:
    scanner.records.clear()


def _longest(scanner: "EmulatedScanner", _fault: Fault) -> None:
    scanner.scan("L" * scanner.parameters[Parameter.LENGTH_MAX][0])


def _too_short(_scanner: "EmulatedScanner", _fault: Fault, pieces: list[bytes]) -> list[bytes]:
    whole = b"".join(pieces)
    return [_sealed_anew(bytearray(whole[:-3] + b"\x03\x03LT\x00\x00\x00"))]


def _odd_bytes(scanner: "EmulatedScanner", _fault: Fault) -> None:
    scanner.scan(ODD_DATA)


def _like_interrogate(scanner: "EmulatedScanner", _fault: Fault) -> None:
    scanner.records.clear()
    scanner.scan("LT-00042")
    scanner.parameters[Parameter.STORE_STAMPS] = b"\0"


def _echo(data: bytes) -> list[bytes]:
    return [data]


def _position(_data: bytes) -> list[bytes]:
    return [POSITION]


def _symbology(_whole: bytes) -> int:
    return FIRST_RECORD + 1


def _first_stamp(whole: bytes) -> int:
    return FIRST_RECORD + whole[FIRST_RECORD]


UPLOAD = Command.UPLOAD
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "swallowed": Kind("a command is not heard", Command.INTERROGATE, instead=_swallowed),
        "reappears": Kind(
            "it changes its mode and comes back as another port",
            Command.INTERROGATE,
            reply=_status(STATUS_REAPPEARING),
        ),
        "low-battery": Kind("its battery is low", Command.INTERROGATE, times=0, reply=_status(STATUS_LOW_BATTERY)),
        "bad-checksum": Kind("the checksum of an answer is wrong", UPLOAD, reply=_bad_checksum),
        "flip-serial": Kind("a bit of the serial number is wrong", UPLOAD, reply=_flip(lambda _: FIRST_RECORD - 1)),
        "flip-length": Kind("a bit of a length is wrong", UPLOAD, reply=_flip(lambda _: FIRST_RECORD)),
        "flip-symbology": Kind("a bit of a symbology is wrong", UPLOAD, reply=_flip(_symbology)),
        "flip-stamp": Kind("a bit of a time is wrong", UPLOAD, reply=_flip(_first_stamp)),
        "byte-by-byte": Kind("answers come byte by byte", every_command=True, times=0, reply=_byte_by_byte),
        "split": Kind("answers come in two pieces", every_command=True, times=0, reply=_split),
        "stops": Kind("an answer stops in the middle", UPLOAD, reply=_cut(unplugged=False)),
        "unplugged-in-upload": Kind("the cable is pulled during an upload", UPLOAD, reply=_cut(unplugged=True)),
        "unplugged-before-clear": Kind("it is pulled before a clear", Command.CLEAR, instead=_unplugged_before),
        "unplugged-after-clear": Kind("it is pulled before the answer", Command.CLEAR, reply=_unplugged_after),
        "error-05": Kind("it says that it does not know a command", UPLOAD, instead=_error(0x05)),
        "error-07": Kind("it says that a command was damaged", UPLOAD, instead=_error(0x07)),
        "error-08": Kind("it says that a character was wrong", UPLOAD, instead=_error(0x08)),
        "error-09": Kind("it says that it had a fault", UPLOAD, instead=_error(0x09)),
        "stale-bytes": Kind("something stale comes before an answer", every_command=True, reply=_stale),
        "other-serial": Kind("another scanner answers", UPLOAD, reply=_other_serial),
        "no-stamps": Kind("it keeps no times", arm=lambda s, _: s.parameters.update({Parameter.STORE_STAMPS: b"\0"})),
        "stamp-month-0": Kind("a scan has month 0", stamp=_stamp_bits(0xF << 6, 0)),
        "stamp-february-31": Kind("a scan is of 31 February", stamp=_stamp_bits(0x1FF << 6, 31 << 10 | 2 << 6)),
        "stamp-seconds-3f": Kind("a scan has a weak clock's seconds", stamp=_stamp_bits(0x3F << 26, 0x3F << 26)),
        "stamp-zero": Kind("a scan has a time of zeros", stamp=_stamp_bits(0xFFFFFFFF, 0)),
        "clock-2065": Kind("the clock tells the year 2065", Command.GET_TIME, times=0, reply=_year_65),
        "clock-back": Kind("the clock is a day earlier from a scan on", stamp=_clock_back),
        "clock-weak": Kind("the clock's battery is weak", arm=_clock_weak),
        "clock-phase": Kind("the clock ticks ``value`` milliseconds before this computer's", arm=_clock_phase),
        "time-refused": Kind("it does not take the time", Command.SET_TIME, times=0, instead=_time_refused),
        "ten-thousand": Kind("it holds 10,000 scans more", arm=_ten_thousand),
        "late-scan": Kind("a code is read after an upload", UPLOAD, after=_late_scan),
        "clear-ignored": Kind("it says that it cleared, and did not", Command.CLEAR, instead=_clear_ignored),
        "auto-clear": Kind("it erases by being read", arm=_parameter(Parameter.AUTO_CLEAR, 1)),
        "reject-redundant": Kind("it drops repeated scans", arm=_parameter(Parameter.REJECT_REDUNDANT, 1)),
        "two-devices": Kind("there is a second scanner"),
        "empty": Kind("it holds no scans", arm=_empty),
        "longest": Kind("it holds a code of the greatest length", arm=_longest),
        "too-short": Kind("a record is too short for its time", UPLOAD, times=0, reply=_too_short),
        "odd-bytes": Kind("a code holds bytes that are no text", arm=_odd_bytes),
        "like-interrogate": Kind("an upload is as long as an interrogation", arm=_like_interrogate),
        "host-killed": Kind("this program is killed at a step"),
        "disk-full": Kind("this computer's disk is full"),
        "echoes": Kind("it is a modem", foreign=_echo),
        "positions": Kind("it is a satellite receiver", foreign=_position),
    }
)
"""All of them, by name. Of `two-devices`, `host-killed` and `disk-full` the scanner knows nothing: the line, the bus or
whoever stores has to do them; they are named here so that one list holds everything that is tried."""
