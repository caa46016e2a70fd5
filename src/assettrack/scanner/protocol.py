"""Owns the two ends of the protocol: the commands as bytes, and a reply read by the command that was sent.

Pure: no port and no clock; `frames` knows how messages are built, `replies` what they say. Nothing here sends
anything, and what would erase scans is only spelled here, never decided.

Source: CS1504 Data Communication Protocol §8, whose commands the OPN-200x family took over.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from assettrack.scanner import replies
from assettrack.scanner.device_times import encode_clock
from assettrack.scanner.frames import Command, frame
from assettrack.scanner.replies import ClockReply, Interrogation, Parameters, Taken, Upload

Reply = Interrogation | Upload | Parameters | Taken | ClockReply | None
"""What a reply says; None where it only says that the command was done."""

INTERROGATE = frame(Command.INTERROGATE)
CLEAR = frame(Command.CLEAR)
POWER_DOWN = frame(Command.POWER_DOWN)
UPLOAD = frame(Command.UPLOAD)
GET_TIME = frame(Command.GET_TIME)
SET_DEFAULTS = frame(Command.SET_DEFAULTS, [b"\1"])
"""Erases every scan and every setting. Known so that it can be told apart; nothing of ours sends it."""


def write_parameters(values: Mapping[int, bytes]) -> bytes:
    """Return the command that sets parameters, each a counted string of number and value (§8.4.3)."""
    return frame(Command.WRITE_PARAMETERS, (bytes([number]) + value for number, value in values.items()))


def read_parameters(numbers: Iterable[int]) -> bytes:
    """Return the command that asks for parameters, their numbers in one counted string (§8.4.7)."""
    return frame(Command.READ_PARAMETERS, [bytes(numbers)])


def set_time(at: datetime) -> bytes:
    """Return the command that sets the clock to this local time, of the years 2000 to 2099 (§8.4.8)."""
    return frame(Command.SET_TIME, [encode_clock(at)])


def read_reply(command: Command, raw: bytes, *, with_stamps: bool = True) -> Reply:
    """Return what one whole reply to this command says; ``with_stamps`` is what the scanner's parameter 0x23 says.

    Raises:
        ScannerCommandRefused: the scanner answered with an error status.
        ScannerAnswerDamaged: the bytes are no whole reply to this command.
    """
    if command is Command.INTERROGATE:
        return replies.read_interrogation(raw)
    if command is Command.UPLOAD:
        return replies.read_upload(raw, with_stamps=with_stamps)
    if command is Command.READ_PARAMETERS:
        return replies.read_parameters(raw)
    if command in {Command.WRITE_PARAMETERS, Command.SET_DEFAULTS}:
        return replies.read_taken(raw)
    if command in {Command.SET_TIME, Command.GET_TIME}:
        return replies.read_clock(command, raw)
    replies.read_acknowledgement(command, raw)
    return None
