"""The scanner made of software: it answers as published, and its keys do what those of a real one do."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.scanner import protocol
from assettrack.scanner.emulated_faults import KINDS, Fault
from assettrack.scanner.emulated_line import BEGIN, EmulatedBus, EmulatedTimes
from assettrack.scanner.emulator import DEFAULTS, EmulatedScanner, Unit
from assettrack.scanner.frames import Command, sealed
from assettrack.scanner.parameters import Parameter
from assettrack.scanner.symbologies import CODE_39, EAN_13
from tests.scanner.conversations import CODES, pulled, scanner_on, texts
from tests.scanner.vectors import BY_NAME

ACK = BY_NAME["acknowledgement"]


def scanner(unit: Unit | None = None, *faults: Fault) -> EmulatedScanner:
    """A scanner in memory, without scans."""
    return EmulatedScanner(EmulatedTimes(), unit, faults)


def silent(held: EmulatedScanner) -> bytes:
    """What comes after a silence."""
    held.times.sleep(0.02)
    return b"".join(held.idle())


def held(one: EmulatedScanner) -> list[str]:
    """The codes that it holds."""
    return [record[1:-4].decode("latin-1") for record in one.records]


def test_five_scans_are_uploaded_as_published() -> None:
    """From 2026-02-04 08:15:00 on, three seconds apart, with their kinds of code: byte for byte the known reply."""
    one = scanner()
    for code, symbology in zip(CODES, (3, 3, 3, CODE_39, EAN_13), strict=True):
        one.scan(code, symbology)
        one.times.sleep(3)
    assert b"".join(one.receive(protocol.UPLOAD)) == BY_NAME["upload, 5 records"]
    assert len(one.records) == 5


@pytest.mark.parametrize(
    ("serial", "version", "reply"),
    [
        ("0000000000697227", b"RBBV0143", "interrogate reply 697227 RBBV0143"),
        ("0000000001234567", b"RFI3727T", "interrogate reply 1234567 RFI3727T"),
    ],
)
def test_it_says_who_it_is_as_published(serial: str, version: bytes, reply: str) -> None:
    """The known replies come out of the known facts."""
    one = scanner(Unit(serial_field=bytes.fromhex(serial), version=version))
    assert one.receive(protocol.INTERROGATE) == [BY_NAME[reply]]


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        (protocol.CLEAR, "acknowledgement"),
        (protocol.POWER_DOWN, "acknowledgement"),
        (protocol.UPLOAD, "upload empty"),
        (BY_NAME["read parameter 23"], "read parameter 23 reply"),
        (sealed(b"\x08\x02", [b"\x99"]), "read parameter 99 reply, unknown"),
        (BY_NAME["write parameter 04=0"], "write parameter 04 reply, stored"),
        (BY_NAME["set time 2026-02-04 08:15:00"], "set time reply 2026-02-04 08:15:00"),
        (BY_NAME["set time 2025-06-15 14:30:05"], "set time reply 2025-06-15 14:30:05"),
        (sealed(b"\x09\x02", [bytes([60, 0x30, 8, 0x10, 13, 0])]), "set time reply, refused"),
        (sealed(b"\x09\x02", [b"\1\2\3"]), "set time reply, bad count"),
    ],
)
def test_commands_are_answered_as_published(command: bytes, reply: str) -> None:
    """Each known command has its known reply."""
    assert scanner().receive(command) == [BY_NAME[reply]]


def test_scans_without_times_are_uploaded_as_published() -> None:
    """With times off, the length counts the code alone."""
    one = scanner(None, Fault("no-stamps"))
    one.scan("LT-00042")
    assert one.receive(protocol.UPLOAD) == [BY_NAME["upload, 1 record, no stamps"]]


def test_a_weak_clock_is_told_as_published() -> None:
    """Seconds FF, the rest as it runs."""
    one = scanner(None, Fault("clock-weak"))
    assert one.receive(protocol.GET_TIME) == [BY_NAME["get time reply, weak battery"]]
    one.scan("LT-00042")
    assert one.receive(protocol.UPLOAD) == [BY_NAME["upload, seconds 3F"]]


def test_some_parameters_change_only_in_an_empty_scanner() -> None:
    """Whether times are kept can't change while there are scans; the published refusal comes."""
    one = scanner()
    one.scan("A")
    assert one.receive(protocol.write_parameters({0x23: b"\0"})) == [BY_NAME["write parameter 23 reply, refused"]]
    one.records.clear()
    assert one.receive(protocol.write_parameters({0x23: b"\0"})) == [sealed(b"\6\2", [b"\x23\1"])]


@pytest.mark.parametrize("stamped", [True, False])
def test_what_takes_every_setting_keeps_its_records_as_they_were_stored(*, stamped: bool) -> None:
    """Told at any time, such a unit changes what its records seem to be, not what they are."""
    one = scanner(Unit(changes_while_holding=True), *([] if stamped else [Fault("no-stamps")]))
    one.scan("LT-00042")
    before = one.receive(protocol.UPLOAD)
    other = b"\0" if stamped else b"\1"
    assert one.receive(protocol.write_parameters({0x23: other})) == [sealed(b"\6\2", [b"\x23\1"])]
    assert one.receive(protocol.UPLOAD) == before


def test_a_time_that_is_no_date_is_refused() -> None:
    """31 February has good fields and is no day: it is not set."""
    one = scanner()
    (reply,) = one.receive(sealed(b"\x09\x02", [bytes([0, 15, 8, 31, 2, 26])]))
    assert reply == sealed(b"\6\2", [bytes([0, 15, 8, 0xFF, 2, 26])])
    assert one.clock_offset == timedelta()


def test_what_is_no_command_is_answered_after_a_silence() -> None:
    """Nothing is said for 20 ms; then one byte, and the next command is heard again."""
    for sent, status in (
        (protocol.CLEAR[:-1] + b"\0", 0x07),
        (sealed(b"\x06\x02", ()), 0x05),
        (b"$GPGGA", 0x08),
        (protocol.CLEAR[:3], 0x08),
        (b"\x03\x02" + b"\xfa" * 80, 0x08),
    ):
        one = scanner()
        one.scan("A")
        assert one.receive(sent) == []
        assert one.idle() == []
        assert silent(one) == bytes([status])
        assert silent(one) == b""
        assert held(one) == ["A"]
        assert one.receive(protocol.CLEAR) == [ACK]


def test_a_command_may_come_in_pieces() -> None:
    """Byte by byte, and two at once."""
    one = scanner()
    assert [one.receive(bytes([byte])) for byte in protocol.CLEAR] == [[]] * 4 + [[ACK]]
    assert one.receive(protocol.CLEAR + protocol.POWER_DOWN) == [ACK, ACK]


def test_a_strict_scanner_hears_nothing_before_an_interrogate() -> None:
    """Nor after twenty seconds without a command, nor after the session was ended."""
    one = scanner(Unit(strict_session=True))
    assert one.receive(protocol.UPLOAD) == []
    one.receive(protocol.INTERROGATE)
    assert one.receive(protocol.UPLOAD) != []
    one.times.sleep(21)
    assert one.receive(protocol.UPLOAD) == []
    one.receive(protocol.INTERROGATE)
    one.receive(protocol.POWER_DOWN)
    assert one.receive(protocol.UPLOAD) == []


def test_a_full_scanner_stores_nothing_more() -> None:
    """Red light: the scan is not there, and those before it are."""
    one = scanner(Unit(capacity=2))
    assert [one.scan(code) for code in ("A", "B", "C")] == [True, True, False]
    assert held(one) == ["A", "B"]
    assert one.stored["scans"] == 2


def test_a_code_that_is_too_long_is_not_stored() -> None:
    """Thirty characters at most."""
    one = scanner()
    assert (one.scan("A" * 30), one.scan("A" * 31)) == (True, False)


@pytest.mark.parametrize(("rule", "left"), [(0, "AABA"), (1, "ABA"), (2, "AB")])
def test_repeated_scans_are_dropped_by_the_rule(rule: int, left: str) -> None:
    """None, those that follow the same one, or all that were ever seen."""
    one = scanner()
    one.parameters[Parameter.REJECT_REDUNDANT] = bytes([rule])
    for code in "AABA":
        one.scan(code)
    assert "".join(held(one)) == left


def test_the_clear_key_deletes_the_first_of_a_code() -> None:
    """Not the latest: with repeated cards that is another place. Switched off, it deletes nothing."""
    one = scanner()
    for code in ("CARD", "A", "CARD", "B"):
        one.scan(code)
    assert (one.press_clear("CARD"), held(one)) == (True, ["A", "CARD", "B"])
    assert (one.press_clear("C"), one.stored["deletions"]) == (False, 1)
    one.receive(protocol.write_parameters({Parameter.DELETE_KEYS: b"\0"}))
    assert not any((one.press_clear("CARD"), one.hold_clear(), one.hold_both()))
    assert held(one) == ["A", "CARD", "B"]


def test_the_other_keys_erase_all() -> None:
    """Clear held for long, and both keys, which also bring the settings of the factory back."""
    one = scanner(None, Fault("auto-clear"))
    one.scan("A")
    assert (one.hold_clear(), held(one)) == (True, [])
    one.scan("A")
    assert (one.hold_both(), held(one), one.parameters) == (True, [], DEFAULTS)


def test_going_back_to_the_defaults_erases_too() -> None:
    """The command that nobody of ours sends does what it does."""
    one = scanner(None, Fault("auto-clear"))
    one.scan("A")
    assert one.receive(protocol.SET_DEFAULTS) == [sealed(b"\6\2", [b"\1"])]
    assert (held(one), one.parameters) == ([], DEFAULTS)


def test_a_scanner_that_clears_itself_does_so_after_the_upload() -> None:
    """The danger is real: after one upload the scans are nowhere else."""
    one = scanner(None, Fault("auto-clear"))
    one.scan("A")
    assert len(b"".join(one.receive(protocol.UPLOAD))) > 13
    assert held(one) == []


def test_a_fault_comes_at_its_step_and_as_often_as_it_says() -> None:
    """The second and third of four uploads are wrong, and always in the same way."""
    for _ in range(2):
        one = scanner(None, Fault("bad-checksum", step=2, times=2))
        good = BY_NAME["upload empty"]
        replies = [b"".join(one.receive(protocol.UPLOAD)) for _ in range(4)]
        assert [reply == good for reply in replies] == [True, False, False, True]
        assert replies[1] == replies[2]


def test_faults_can_be_told_apart() -> None:
    """Each has words of its own, and no command but those of the protocol."""
    assert len({kind.about for kind in KINDS.values()}) == len(KINDS)
    assert all(kind.command in {None, *Command} for kind in KINDS.values())


def test_time_stands_still_but_for_who_waits() -> None:
    """Two waits add up, on both clocks."""
    times = EmulatedTimes()
    times.sleep(2.5)
    times.sleep(1)
    assert (times.monotonic(), times.now()) == (3.5, BEGIN + timedelta(seconds=3.5))


@given(st.lists(st.binary(min_size=1, max_size=12), max_size=6))
def test_whatever_it_is_sent_it_loses_no_scan(sent: list[bytes]) -> None:
    """Bytes that are no command of ours change nothing, and a silence later it works as before."""
    bus = EmulatedBus()
    one = scanner_on(bus)
    for data in sent:
        one.receive(data)
        one.times.sleep(0.02)
        one.idle()
    assert texts(pulled(bus)[1]) == CODES
