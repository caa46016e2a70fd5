"""Owns the frames on the wire: commands, counted strings, the checksum, and where a reply ends.

Pure: no port and no clock. It must never look at what a reply means, only at where its parts begin and end, and it
must never decide by a reply's length what kind it is: that follows from the command that was sent.
"""

from collections.abc import Iterable, Iterator
from enum import Enum, IntEnum

STX = 0x02
OK = 0x06
ERROR_STATUSES = frozenset({0x05, 0x07, 0x08, 0x09})
"""First bytes of a reply that stand alone: not executed (CS1504 Data Communication Protocol §8.3.2)."""

STRING_BYTES_MAX = 250
"""A counted string is 1 to 250 bytes long; 251 to 255 are reserved (CS1504 Data Communication Protocol §8.2)."""

COMMAND_BYTES_MAX = 70
"""The longest command that a CS1504 takes (CS1504 Data Communication Protocol §7)."""

REPLY_BYTES_MAX = 4 * 1024 * 1024
"""No memory of the family holds as much; what goes on beyond is no reply."""


class Command(IntEnum):
    """What a scanner can be asked (CS1504 Data Communication Protocol §8.4). Nothing of ours sends SET_DEFAULTS."""

    INTERROGATE = 0x01
    CLEAR = 0x02
    WRITE_PARAMETERS = 0x03
    SET_DEFAULTS = 0x04
    POWER_DOWN = 0x05
    UPLOAD = 0x07
    READ_PARAMETERS = 0x08
    SET_TIME = 0x09
    GET_TIME = 0x0A


ASKED = {
    Command.INTERROGATE: "say what it is",
    Command.CLEAR: "clear its scans",
    Command.WRITE_PARAMETERS: "change a setting",
    Command.SET_DEFAULTS: "go back to its defaults",
    Command.POWER_DOWN: "end the session",
    Command.UPLOAD: "show its scans",
    Command.READ_PARAMETERS: "show a setting",
    Command.SET_TIME: "set its clock",
    Command.GET_TIME: "tell the time",
}
"""The commands in words that fit behind "asked to" and "did not"."""

SERIAL_BYTES = 8
FIXED_BYTES = {Command.INTERROGATE: 18, Command.UPLOAD: SERIAL_BYTES}
"""Bytes of fixed fields between the STX and the first counted string, for replies that have such fields."""

NO_STRINGS = frozenset({Command.INTERROGATE, Command.CLEAR, Command.POWER_DOWN})
"""Commands whose replies hold no counted string, only the zero that ends them."""

END_BYTES = 3
"""The zero that ends the counted strings, and the checksum."""


def _table() -> tuple[int, ...]:
    values = []
    for number in range(256):
        value = number
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
        values.append(value)
    return tuple(values)


_TABLE = _table()


def checksum(data: bytes) -> bytes:
    """Return the two checksum bytes of a message, high byte first.

    CRC-16 with the reflected polynomial 0xA001, begun with 0xFFFF and inverted at the end, over every byte from the
    command or status to the closing zero, of an upload the serial number too (CS1504 Data Communication Protocol §9.6).
    """
    value = 0xFFFF
    table = _TABLE
    for byte in data:
        value = (value >> 8) ^ table[(value ^ byte) & 0xFF]
    return (value ^ 0xFFFF).to_bytes(2, "big")


def sealed(head: bytes, strings: Iterable[bytes]) -> bytes:
    """Return a message: its head, its counted strings, the closing zero and the checksum.

    Counted strings are a length byte and as many bytes (CS1504 Data Communication Protocol §8.2).
    """
    parts = [head]
    for string in strings:
        assert 1 <= len(string) <= STRING_BYTES_MAX, "a counted string has 1 to 250 bytes"
        parts += (bytes([len(string)]), string)
    body = b"".join(parts) + b"\0"
    return body + checksum(body)


def frame(command: Command, strings: Iterable[bytes] = ()) -> bytes:
    """Return a command as it goes to the scanner."""
    message = sealed(bytes([command, STX]), strings)
    assert len(message) <= COMMAND_BYTES_MAX, "a command has at most 70 bytes"
    return message


def strings_from(message: bytes, start: int) -> Iterator[bytes]:
    """Yield the counted strings of a whole message, from the place of the first length byte on."""
    while length := message[start]:
        yield message[start + 1 : start + 1 + length]
        start += 1 + length


class Progress(Enum):
    """How far a reply has come."""

    MORE = "needs more"
    COMPLETE = "complete"
    REFUSED = "an error status, alone"
    NOT_OURS = "not ours"


class ReplyReader:
    """Finds the end of one reply, fed with whatever pieces the port gives.

    Every byte is looked at once and the checksum is left to who reads the whole, so that ten thousand records cost
    the same in one piece as byte by byte.
    """

    def __init__(self, command: Command) -> None:
        self._came = bytearray()
        self._next_length = 2 + FIXED_BYTES.get(command, 0)
        self._holds_strings = command not in NO_STRINGS
        self._end = 0
        self.progress = Progress.MORE
        self.reason = ""
        """Why it is not ours, in words; blank as long as it may be."""

    @property
    def came(self) -> bytes:
        """Everything it was fed."""
        return bytes(self._came)

    @property
    def size(self) -> int:
        """How many bytes it was fed."""
        return len(self._came)

    @property
    def reply(self) -> bytes:
        """The reply, without what came after its end; blank until it is complete."""
        return bytes(self._came[: self._end])

    @property
    def rest(self) -> bytes:
        """What came after the end of a complete reply."""
        return bytes(self._came[self._end :]) if self._end else b""

    def feed(self, piece: bytes) -> Progress:
        """Take the next bytes and return how far the reply has come."""
        self._came += piece
        if self._came and self.progress in {Progress.MORE, Progress.REFUSED}:
            self.progress = self._head_judged()
        return self.progress

    def _head_judged(self) -> Progress:
        came = self._came
        if came[0] in ERROR_STATUSES:
            return Progress.REFUSED if len(came) == 1 else self._not_ours("more follows an error status")
        if came[0] != OK:
            return self._not_ours(f"it begins with {bytes(came[:1]).hex().upper()}")
        if len(came) > 1 and came[1] != STX:
            return self._not_ours(f"its second byte is {bytes(came[1:2]).hex().upper()}")
        return self._walked()

    def _walked(self) -> Progress:
        """Go from length byte to length byte as far as there are bytes."""
        came, place, size = self._came, self._next_length, len(self._came)
        while place < size and (length := came[place]):
            if length > STRING_BYTES_MAX or not self._holds_strings:
                return self._not_ours(f"byte {place + 1} is no length that can stand there")
            place += 1 + length
        self._next_length = place
        if place < size and size >= place + END_BYTES:
            self._end = place + END_BYTES
            return Progress.COMPLETE
        return self._not_ours("it does not end") if size > REPLY_BYTES_MAX else Progress.MORE

    def _not_ours(self, reason: str) -> Progress:
        self.reason = reason
        return Progress.NOT_OURS
