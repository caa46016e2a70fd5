"""A scanner made of software: bytes in, bytes out, as an OPN-200x would, with what can go wrong at will.

Owns the state of one scanner (its scans, settings, clock and session) and what its keys do to it. Time is handed in,
and there is no port here: `emulated_line` puts one into memory, `emulated_port` onto a pseudo terminal. It must never
be taken in place of a real scanner without the operator having asked for it.

Where the published sources are silent, it does the cautious thing: a command that is not whole is answered with an
error status after 20 ms of silence, and nothing is done.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum

import msgspec

from assettrack.scanner.device_times import STAMP_YEAR_MAX, decode_clock, encode_clock, encode_stamp
from assettrack.scanner.emulated_faults import ArmedFault, Fault
from assettrack.scanner.frames import (
    COMMAND_BYTES_MAX,
    END_BYTES,
    OK,
    STX,
    Command,
    checksum,
    sealed,
    strings_from,
)
from assettrack.scanner.line import Times
from assettrack.scanner.parameters import ONLY_WHILE_EMPTY, Parameter
from assettrack.scanner.replies import REFUSED_VALUE, STATUS_OK
from assettrack.scanner.symbologies import CODE_128

SILENCE_SECONDS = 0.02
SESSION_SECONDS = 20.0
REAPPEAR_SECONDS = 5.0
NOT_KNOWN, BAD_CHECKSUM, BAD_CHARACTER = 0x05, 0x07, 0x08
CLEAR_ALL_KEY, DELETE_KEY, RESET_KEYS = 1, 2, 4

DEFAULTS: dict[int, bytes] = {
    Parameter.BUZZER: b"\1",
    Parameter.REJECT_REDUNDANT: b"\0",
    Parameter.CODE_128: b"\1",
    Parameter.AUTO_CLEAR: b"\0",
    Parameter.LASER_TIME: b"\x1e",
    Parameter.CODE_39: b"\1",
    Parameter.DELETE_KEYS: b"\7",
    Parameter.LENGTH_MAX: b"\x1e",
    Parameter.STORE_STAMPS: b"\1",
    Parameter.SCRATCH_PAD: b"\0" * 32,
}
"""The parameters that it knows, as they leave the factory (OPN-2001 Device Parameters)."""


class Fate(Enum):
    """What becomes of the connection once everything that was answered is sent."""

    STAYS = "stays"
    UNPLUGGED = "unplugged"
    REAPPEARS = "comes back as another port"


class Unit(msgspec.Struct, frozen=True):
    """What one scanner is: number, software, room for scans, and whether it hears nothing before an interrogate."""

    serial_field: bytes = bytes.fromhex("0000000000697227")
    version: bytes = b"RFI3727T"
    capacity: int = 10_000
    strict_session: bool = False
    changes_while_holding: bool = False
    """Whether it takes, while it holds scans, what others change only while they are empty."""
    zone: tzinfo = UTC
    """The zone of the people who set its clock."""


class EmulatedScanner:
    """One scanner. Not for several threads at once."""

    def __init__(self, times: Times, unit: Unit | None = None, faults: Sequence[Fault] = ()) -> None:
        self.times = times
        self.unit = unit or Unit()
        self.records: list[bytes] = []
        """Symbology, data and the four bytes of the time, oldest first."""
        self.parameters: dict[int, bytes] = dict(DEFAULTS)
        self.clock_offset = timedelta()
        """How far its clock is ahead of local time; its fraction of a second is when, between two seconds of this
        computer, that clock ticks."""
        self.clock_weak = False
        self.status = STATUS_OK
        self.fate = Fate.STAYS
        self.heard: list[Command] = []
        """Every command that was whole, in order, done or not."""
        self.stored = Counter[str]()
        """What the keys and the laser did, counted."""
        self.faults: list[ArmedFault] = []
        self._came = bytearray()
        self._bad: int | None = None
        self._heard_at = times.monotonic()
        self._session_until: float | None = None
        for fault in faults:
            self.arm(fault)

    def arm(self, fault: Fault) -> None:
        """Have something go wrong from now on, as its kind and step say."""
        armed = ArmedFault(fault)
        self.faults.append(armed)
        armed.kind.arm(self, fault)

    # -- what a person does ----------------------------------------------------------------------------------------

    def clock(self) -> datetime:
        """Return what its clock shows: local time in whole seconds, without a zone."""
        local = self.times.now().astimezone(self.unit.zone).replace(tzinfo=None)
        return (local + self.clock_offset).replace(microsecond=0)

    def scan(self, text: str | bytes, symbology: int = CODE_128) -> bool:
        """Read a code. Return whether it was stored: green light, or red where memory is full or the code refused."""
        data = text.encode("latin-1") if isinstance(text, str) else text
        stamp = self.stamp()
        for fault in self.faults:
            stamp = fault.stamped(self, stamp)
        if len(self.records) >= self.unit.capacity or len(data) > self.parameters[Parameter.LENGTH_MAX][0]:
            return False
        if self._redundant(bytes([symbology]) + data):
            return False
        self.records.append(bytes([symbology]) + data + stamp)
        self.stored["scans"] += 1
        return True

    def press_clear(self, text: str) -> bool:
        """Hold Clear and read a code: the first record of it is deleted, if the key is on and there is one."""
        found = [number for number, record in enumerate(self.records) if record[1:-4] == text.encode("latin-1")]
        if not found or not self._keys & DELETE_KEY:
            return False
        del self.records[found[0]]
        self.stored["deletions"] += 1
        return True

    def hold_clear(self) -> bool:
        """Hold Clear for six seconds: everything is deleted, if the key is on."""
        if self._keys & CLEAR_ALL_KEY:
            self.records.clear()
        return bool(self._keys & CLEAR_ALL_KEY)

    def hold_both(self) -> bool:
        """Hold both keys for ten seconds: everything is deleted and every setting as from the factory, if on."""
        allowed = bool(self._keys & RESET_KEYS)
        if allowed:
            self._reset()
        return allowed

    def unplugged(self) -> None:
        """Forget the session and what was half heard: the cable is out."""
        self._came.clear()
        self._bad = None
        self._session_until = None
        self.fate = Fate.STAYS

    # -- what the cable does ---------------------------------------------------------------------------------------

    def receive(self, data: bytes) -> list[bytes]:
        """Take bytes from the host and return what is answered, in the pieces in which it is sent."""
        for fault in self.faults:
            if fault.kind.foreign is not None:
                return fault.kind.foreign(data)
        self._heard_at = self.times.monotonic()
        self._came += data
        answered: list[bytes] = []
        while self._bad is None and (message := self._next_message()):
            answered += self._answered(Command(message[0]), message)
        return answered

    def idle(self) -> list[bytes]:
        """Return what is sent after a silence: the error status of something that was no command."""
        if self._bad is None and not self._came:
            return []
        if self.times.monotonic() - self._heard_at < SILENCE_SECONDS:
            return []
        status = BAD_CHARACTER if self._bad is None else self._bad
        self._came.clear()
        self._bad = None
        return [bytes([status])]

    def _next_message(self) -> bytes:
        """Return the next whole command, or nothing; what can't become one is kept as bad until it is silent."""
        came = bytes(self._came)
        if len(came) > 1 and came[1] != STX:
            self._bad = BAD_CHARACTER
            return b""
        place = 2
        while place < len(came) and came[place]:
            place += 1 + came[place]
        end = place + END_BYTES
        if place > COMMAND_BYTES_MAX:
            self._bad = BAD_CHARACTER
        if place >= len(came) or len(came) < end or self._bad is not None:
            return b""
        if checksum(came[: end - 2]) != came[end - 2 : end]:
            self._bad = BAD_CHECKSUM
        elif came[0] not in set(Command):
            self._bad = NOT_KNOWN
        else:
            del self._came[:end]
            return came[:end]
        return b""

    def _answered(self, command: Command, message: bytes) -> list[bytes]:
        self.heard.append(command)
        if not self._listens_to(command):
            return []
        active = [fault for fault in self.faults if fault.meets(command)]
        for fault in active:
            instead = fault.kind.instead(self, fault.fault)
            if instead is not None:
                return instead
        pieces = [self._done(command, tuple(strings_from(message, 2)))]
        for fault in active:
            pieces = fault.kind.reply(self, fault.fault, pieces)
        for fault in active:
            fault.kind.after(self, fault.fault)
        return pieces

    def _listens_to(self, command: Command) -> bool:
        now = self.times.monotonic()
        if self._session_until is not None and now > self._session_until:
            self._session_until = None
        if command is Command.INTERROGATE or self._session_until is not None or not self.unit.strict_session:
            self._session_until = None if command is Command.POWER_DOWN else now + SESSION_SECONDS
            return True
        return False

    # -- what the commands do --------------------------------------------------------------------------------------

    def _done(self, command: Command, strings: tuple[bytes, ...]) -> bytes:
        """Do a command and return its reply."""
        head = bytes([OK, STX])
        bodies: Iterable[bytes] = ()
        match command:
            case Command.INTERROGATE:
                head += bytes([0x31, self.status]) + self.unit.serial_field + self.unit.version
            case Command.UPLOAD:
                return self._uploaded()
            case Command.WRITE_PARAMETERS:
                bodies = (bytes([string[0], self._written(string)]) for string in strings)
            case Command.READ_PARAMETERS:
                bodies = (bytes([number]) + self.parameters.get(number, b"") for number in b"".join(strings))
            case Command.GET_TIME | Command.SET_TIME:
                bodies = self._clock_reply(command, strings)
            case Command.SET_DEFAULTS:
                self._reset()
                bodies = strings
            case Command.CLEAR:
                self.records.clear()
        return sealed(head, bodies)

    def _uploaded(self) -> bytes:
        stamped = self.parameters[Parameter.STORE_STAMPS] == b"\1"
        bodies = self.records if stamped else [record[:-4] for record in self.records]
        reply = sealed(bytes([OK, STX]) + self.unit.serial_field, bodies)
        if self.parameters[Parameter.AUTO_CLEAR] == b"\1":
            self.records.clear()
        return reply

    def _written(self, string: bytes) -> int:
        """Take a parameter and return 1, or 0 where it is none or may not change now."""
        number, value = string[0], string[1:]
        known = self.parameters.get(number)
        if known is None or len(known) != len(value):
            return 0
        if number in ONLY_WHILE_EMPTY and self.records and value != known:
            if not self.unit.changes_while_holding:
                return 0
            if number == Parameter.STORE_STAMPS:  # records stay as they were stored, with a time or without
                stamped = value == b"\1"
                self.records = [record[:-4] if stamped else record + bytes(4) for record in self.records]
        self.parameters[number] = value
        return 1

    def _clock_reply(self, command: Command, strings: tuple[bytes, ...]) -> Iterator[bytes]:
        if command is Command.GET_TIME:
            told = encode_clock(self.clock())
            yield bytes([REFUSED_VALUE]) + told[1:] if self.clock_weak else told
        elif len(strings) != 1 or len(strings[0]) != len(encode_clock(self.clock())):
            yield bytes([REFUSED_VALUE])
        else:
            yield self._clock_set(strings[0])

    def _clock_set(self, wanted: bytes) -> bytes:
        """Set the clock and return what it was set to; fields that can't be come back as FF, and nothing is set."""
        limits = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 99))
        marked = bytes(
            field if low <= field <= high else REFUSED_VALUE for field, (low, high) in zip(wanted, limits, strict=True)
        )
        at = decode_clock(wanted).at if marked == wanted else None
        if at is None:
            return marked if marked != wanted else wanted[:3] + bytes([REFUSED_VALUE]) + wanted[4:]
        self.clock_offset += at - self.clock()
        self.clock_weak = False
        return wanted

    # -- pieces ----------------------------------------------------------------------------------------------------

    @property
    def _keys(self) -> int:
        return self.parameters[Parameter.DELETE_KEYS][0]

    def stamp(self) -> bytes:
        """Return the four bytes of a scan that is made now."""
        now = self.clock()
        stamp = encode_stamp(now.replace(year=min(max(now.year, 2000), STAMP_YEAR_MAX)))
        return bytes([0x3F << 2 | stamp[0] & 3]) + stamp[1:] if self.clock_weak else stamp

    def _redundant(self, code: bytes) -> bool:
        rule = self.parameters[Parameter.REJECT_REDUNDANT][0]
        compared = self.records[-1:] if rule == 1 else self.records if rule else []
        return any(record[:-4] == code for record in compared)

    def _reset(self) -> None:
        self.records.clear()
        self.parameters = dict(DEFAULTS)
