"""The protocol at its two ends: every known frame is made or read as published."""

from datetime import datetime

import pytest

from assettrack.domain.scanner_errors import ScannerAnswerDamaged, ScannerCommandRefused
from assettrack.scanner import protocol
from assettrack.scanner.device_times import DeviceTime, Doubt
from assettrack.scanner.frames import Command
from assettrack.scanner.parameters import Parameter
from assettrack.scanner.replies import ClockReply, Interrogation, Parameters, Taken, Upload
from tests.scanner.vectors import BY_NAME, REPLIES, VECTORS, Vector


def local(*fields: int) -> datetime:
    """A local time without a zone, as a scanner has it."""
    return datetime(*fields)  # type: ignore[arg-type]  # noqa: DTZ001 - year to second; a scanner has no zone


def answer(command: Command, raw: bytes) -> protocol.Reply | ScannerAnswerDamaged:
    """What a reply says, or how it was refused."""
    try:
        return protocol.read_reply(command, raw)
    except ScannerAnswerDamaged as error:
        return error


MADE = {
    "interrogate": protocol.INTERROGATE,
    "clear": protocol.CLEAR,
    "power down": protocol.POWER_DOWN,
    "upload": protocol.UPLOAD,
    "get time": protocol.GET_TIME,
    "set defaults": protocol.SET_DEFAULTS,
    "download parameters 2=1, 4=0": protocol.write_parameters({2: b"\1", 4: b"\0"}),
    "set time 2000-03-02 07:01:00": protocol.set_time(local(2000, 3, 2, 7, 1, 0)),
    "set time 2025-06-15 14:30:05": protocol.set_time(local(2025, 6, 15, 14, 30, 5)),
    "set time 2026-02-04 08:15:00": protocol.set_time(local(2026, 2, 4, 8, 15, 0)),
    "read parameter 2": protocol.read_parameters([2]),
    "read parameter 23": protocol.read_parameters([Parameter.STORE_STAMPS]),
    "read parameters 02 0F 21": protocol.read_parameters([0x02, 0x0F, 0x21]),
    "write parameter 04=0": protocol.write_parameters({Parameter.REJECT_REDUNDANT: b"\0"}),
    "write parameters 23=1 0F=0 04=0 21=0": protocol.write_parameters(
        {0x23: b"\1", 0x0F: b"\0", 4: b"\0", 0x21: b"\0"}
    ),
    "write scratch pad": protocol.write_parameters({Parameter.SCRATCH_PAD: b"AT1:SCN-01".ljust(32, b"\0")}),
}

FIELD = bytes.fromhex("0000000000697227")


@pytest.mark.parametrize("vector", [vector for vector in VECTORS if not vector.reply], ids=lambda vector: vector.what)
def test_a_command_is_made_as_published(vector: Vector) -> None:
    """Every known command comes out byte for byte."""
    assert MADE[vector.what] == vector.raw


@pytest.mark.parametrize(
    ("what", "serial", "status", "model"),
    [
        ("interrogate reply 697227 RBBV0143", "697227", 0, "OPN-2001"),
        ("interrogate reply, low battery", "697227", 22, "OPN-2001"),
        ("interrogate reply, status 5, RFI3727T", "697227", 5, "OPN-2004/2005/2006"),
        ("interrogate reply 1234567 RFI3727T", "1234567", 0, "OPN-2004/2005/2006"),
    ],
)
def test_a_scanner_says_what_it_is(what: str, serial: str, status: int, model: str) -> None:
    """Serial number, status and version stand in the reply to interrogate."""
    told = protocol.read_reply(Command.INTERROGATE, BY_NAME[what])
    assert isinstance(told, Interrogation)
    assert (told.serial, told.status, told.model, told.protocol_version) == (serial, status, model, 0x31)
    assert (told.low_battery, told.reappearing) == (status == 22, status == 5)
    assert told.version in what or told.version == "RBBV0143"


def test_scans_come_in_the_order_in_which_they_are_kept() -> None:
    """Five scans, three seconds apart from 08:15:00 on, with their kinds of code."""
    told = protocol.read_reply(Command.UPLOAD, BY_NAME["upload, 5 records"])
    assert isinstance(told, Upload)
    assert (told.serial, told.serial_field) == ("697227", FIELD)
    codes = [("LOC-CASE07", 3), ("LT-00042", 3), ("LT-00042", 3), ("LT-00043", 1), ("4006381333931", 11)]
    assert [(record.text, record.symbology) for record in told.records] == codes
    assert [record.time and record.time.at for record in told.records] == [
        local(2026, 2, 4, 8, 15, second) for second in (0, 3, 6, 9, 12)
    ]
    assert b"".join(bytes([len(record.raw)]) + record.raw for record in told.records) == told.raw[10:-3]
    assert told.records[4].symbology_name == "EAN-13"


def test_scans_without_times_are_read_when_it_is_said_so() -> None:
    """With the scanner's times off, the same length byte counts the code alone."""
    told = protocol.read_reply(Command.UPLOAD, BY_NAME["upload, 1 record, no stamps"], with_stamps=False)
    assert isinstance(told, Upload)
    assert [(record.text, record.time) for record in told.records] == [("LT-00042", None)]


@pytest.mark.parametrize(
    ("what", "doubt"), [("upload, zero stamp", Doubt.RESET), ("upload, seconds 3F", Doubt.WEAK_BATTERY)]
)
def test_a_time_that_can_not_be_true_is_doubted(what: str, doubt: Doubt) -> None:
    """The scan stays, its bytes too, and no time is made up."""
    told = protocol.read_reply(Command.UPLOAD, BY_NAME[what])
    assert isinstance(told, Upload)
    assert [record.text for record in told.records] == ["LT-00042"]
    assert told.records[0].time == DeviceTime(BY_NAME[what][-7:-3], None, doubt)


def test_an_empty_memory_is_an_answer() -> None:
    """Thirteen bytes: no scans."""
    told = protocol.read_reply(Command.UPLOAD, BY_NAME["upload empty"])
    assert isinstance(told, Upload)
    assert (told.records, told.serial) == ((), "697227")


@pytest.mark.parametrize(
    ("command", "what", "at"),
    [
        (Command.GET_TIME, "get time reply 2012-11-07 21:19:33", (2012, 11, 7, 21, 19, 33)),
        (Command.GET_TIME, "get time reply 2012-11-07 20:35:34", (2012, 11, 7, 20, 35, 34)),
        (Command.SET_TIME, "set time reply 2025-06-15 14:30:05", (2025, 6, 15, 14, 30, 5)),
        (Command.SET_TIME, "set time reply 2026-02-04 08:15:00", (2026, 2, 4, 8, 15, 0)),
    ],
)
def test_a_clock_tells_its_time(command: Command, what: str, at: tuple[int, ...]) -> None:
    """Six fields of a byte each; two of these replies were captured from real scanners."""
    told = protocol.read_reply(command, BY_NAME[what])
    assert told == ClockReply(DeviceTime(BY_NAME[what][3:9], local(*at), None), BY_NAME[what])


@pytest.mark.parametrize("what", ["set time reply, refused", "set time reply, bad count"])
def test_a_time_that_was_not_set_is_known(what: str) -> None:
    """FF in a field, or alone, says that nothing was set."""
    assert protocol.read_reply(Command.SET_TIME, BY_NAME[what]) == ClockReply(None, BY_NAME[what])


def test_a_weak_clock_is_known() -> None:
    """Seconds FF: the other fields are not to be believed either."""
    raw = BY_NAME["get time reply, weak battery"]
    assert protocol.read_reply(Command.GET_TIME, raw) == ClockReply(DeviceTime(raw[3:9], None, Doubt.WEAK_BATTERY), raw)


@pytest.mark.parametrize(
    ("what", "values", "unknown"),
    [
        ("read parameter 23 reply", {0x23: b"\1"}, ()),
        ("read parameters 02 0F 21 reply", {0x02: b"\1", 0x0F: b"\1", 0x21: b"\3"}, ()),
        ("read parameter 99 reply, unknown", {}, (0x99,)),
    ],
)
def test_parameters_are_read(what: str, values: dict[int, bytes], unknown: tuple[int, ...]) -> None:
    """Numbers with their values; one without a value is not known to the scanner."""
    assert protocol.read_reply(Command.READ_PARAMETERS, BY_NAME[what]) == Parameters(values, unknown, BY_NAME[what])


@pytest.mark.parametrize(
    ("what", "results"),
    [("write parameter 04 reply, stored", {4: 1}), ("write parameter 23 reply, refused", {0x23: 0})],
)
def test_what_became_of_a_parameter_is_read(what: str, results: dict[int, int]) -> None:
    """1 is stored and 0 refused, unless 0 was the value."""
    assert protocol.read_reply(Command.WRITE_PARAMETERS, BY_NAME[what]) == Taken(results, BY_NAME[what])


@pytest.mark.parametrize("command", [Command.CLEAR, Command.POWER_DOWN])
def test_a_deed_is_acknowledged(command: Command) -> None:
    """Clear and power down have the same answer, which says nothing more."""
    assert protocol.read_reply(command, BY_NAME["acknowledgement"]) is None


@pytest.mark.parametrize("vector", REPLIES, ids=lambda vector: vector.what)
def test_a_reply_to_another_command_is_refused_with_its_bytes(vector: Vector) -> None:
    """Read as the answer to any other command, a reply is refused or is of that shape too; never anything else."""
    for command in set(Command) - {vector.command}:
        said = answer(command, vector.raw)
        assert said is None or said.raw == vector.raw


@pytest.mark.parametrize("command", list(Command))
@pytest.mark.parametrize("status", [0x05, 0x07, 0x08, 0x09])
def test_an_error_status_is_said_in_words(command: Command, status: int) -> None:
    """Each of the four has a meaning, and none of them is taken for a damaged answer."""
    with pytest.raises(ScannerCommandRefused) as caught:
        protocol.read_reply(command, bytes([status]))
    assert (caught.value.status, caught.value.raw) == (status, bytes([status]))
