"""The conversation: what is sent and when, what is waited for, and what is told of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from assettrack.domain.errors import AssetTrackError
from assettrack.domain.scanner_errors import (
    PortMissing,
    ScannerAnswerDamaged,
    ScannerChanged,
    ScannerForeign,
    ScannerNotFound,
    ScannerSettingRefused,
    ScannerSettingUnsafe,
    ScannerSilent,
    ScannerUnplugged,
)
from assettrack.scanner import protocol
from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.emulated_line import BEGIN, EmulatedBus, EmulatedTimes
from assettrack.scanner.emulator import Unit
from assettrack.scanner.frames import Command, sealed
from assettrack.scanner.link import Link, Patience, connect
from assettrack.scanner.parameters import SAFE, Danger, Parameter, Settings
from tests.scanner.conversations import CODES, pulled, scanner_on, texts, times_heard, uncertain_seconds
from tests.scanner.scripted_line import OnTheWay, Scripted, told

BERLIN = ZoneInfo("Europe/Berlin")


def scripted(*answers: bytes) -> tuple[Link, Scripted]:
    """A link whose scanner says who it is, then these answers."""
    times = EmulatedTimes()
    line = Scripted(times, told("697227"), *answers)
    link = Link(line, times)
    link.interrogate()
    return link, line


def test_a_pull_asks_in_this_order_and_no_more() -> None:
    """Who it is, its settings one by one, its scans: nothing else is sent."""
    bus = EmulatedBus()
    scanner_on(bus)
    pulled(bus)
    asked = [protocol.read_parameters([number]) for number in (0x23, 0x0F, 0x04, 0x21, 0x22)]
    assert bytes(bus.sent) == b"".join([protocol.INTERROGATE, *asked, protocol.UPLOAD])


def test_interrogations_are_at_least_a_fifth_of_a_second_apart() -> None:
    """A scanner that sleeps is asked again, not hurried; after six times it is given up."""
    at: list[float] = []

    class Watched(Scripted):
        def write(self, data: bytes) -> None:
            at.append(times.monotonic())
            super().write(data)

    times = EmulatedTimes()
    line = Watched(times, *[told("697227")[:-1] + b"!"] * 5)  # answered at once, and damaged
    with pytest.raises(ScannerSilent):
        Link(line, times).interrogate()
    assert line.sent == [protocol.INTERROGATE] * 6
    assert all(later - earlier >= 0.2 for earlier, later in pairwise(at))


def test_an_answer_is_waited_for_while_it_comes() -> None:
    """Only silence ends a wait: an upload that trickles for minutes is whole."""
    bus = EmulatedBus()
    scanner_on(bus, Fault("byte-by-byte"))
    line = bus.open_line()
    slow = line.read

    def trickling(size: int, idle_seconds: float) -> bytes:
        bus.times.sleep(1.9)
        return slow(size, idle_seconds)

    line.read = trickling  # type: ignore[method-assign]  # a port that is slow, and never silent for two seconds
    link = Link(line, bus.times)
    link.interrogate()
    upload = link.upload(link.settings())
    assert texts(upload) == CODES
    assert bus.times.monotonic() > len(upload.raw) * 1.9


def test_the_rest_of_an_upload_that_was_cut_off_is_not_taken_for_an_answer() -> None:
    """What a killed program left on the way is read away before the first question."""
    bus = EmulatedBus()
    scanner_on(bus, Fault("byte-by-byte"))
    line = bus.open_line()
    line.write(protocol.INTERROGATE)
    line.read(100, 1)
    line.write(protocol.UPLOAD)
    line.read(100, 1)
    link = Link(line, bus.times)
    assert link.interrogate().serial == "697227"
    assert texts(link.upload(link.settings())) == CODES


def test_a_late_answer_to_an_earlier_question_is_not_taken_for_the_next_answer() -> None:
    """A scanner that woke up answers to both interrogations: the second answer is read away."""
    times, right = EmulatedTimes(), sealed(b"\6\2", [b"\x23\1"])
    line = OnTheWay(times, (), (told("697227"), told("697227")), (right,))
    link = Link(line, times)
    link.interrogate()
    assert link.read_parameters(0x23) == {0x23: b"\1"}
    assert len(line.sent) == 3


def test_the_rest_of_a_damaged_answer_is_not_taken_for_the_next_answer() -> None:
    """What still comes of it is read away before the question is asked again."""
    times, right = EmulatedTimes(), sealed(b"\6\2", [b"\x23\1"])
    line = OnTheWay(times, (told("697227"),), (b"\6\7", b"\x23\1\0", b"\xa0\x77"), (right,))
    link = Link(line, times)
    link.interrogate()
    assert link.read_parameters(0x23) == {0x23: b"\1"}
    assert len(line.sent) == 3


def test_progress_is_told_in_bytes() -> None:
    """Whoever watches sees the number grow up to the length of the answer."""
    bus = EmulatedBus()
    scanner_on(bus, Fault("byte-by-byte"))
    link, upload = pulled(bus)
    seen: list[int] = []
    link.upload(link.settings(), on_bytes=seen.append)
    assert seen == list(range(1, len(upload.raw) + 1))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (Settings(stamps=True, auto_clear=True, reject_redundant=0, delete_keys=0, length_max=30), "erase them"),
        (Settings(stamps=True, auto_clear=None, reject_redundant=0, delete_keys=0, length_max=30), "whether it erases"),
        (Settings(stamps=None, auto_clear=False, reject_redundant=0, delete_keys=0, length_max=30), "keeps times"),
    ],
)
def test_nothing_is_read_under_settings_that_could_lose_it(settings: Settings, words: str) -> None:
    """Nothing is sent, and the reason is said."""
    link, line = scripted()
    with pytest.raises(ScannerSettingUnsafe) as caught:
        link.upload(settings)
    assert words in str(caught.value)
    assert line.sent == [protocol.INTERROGATE]


def test_a_parameter_that_the_scanner_does_not_know_is_missing() -> None:
    """A number without value is no value."""
    bus = EmulatedBus()
    scanner_on(bus)
    link, _ = pulled(bus)
    assert link.read_parameters(0x99, 0x22) == {0x22: b"\x1e"}


def test_an_answer_about_another_parameter_is_asked_for_again() -> None:
    """A reply that tells 02 does not answer the question for 23."""
    other, right = sealed(b"\6\2", [b"\2\1"]), sealed(b"\6\2", [b"\x23\1"])
    link, _ = scripted(other, right)
    assert link.read_parameters(0x23) == {0x23: b"\1"}
    link, line = scripted(*[other] * 5)
    with pytest.raises(ScannerAnswerDamaged):
        link.read_parameters(0x23)
    assert len(line.sent) == 1 + 5


def test_settings_are_written_one_by_one_and_read_back() -> None:
    """A scanner that is configured has no danger left; each value was sent and looked at."""
    bus = EmulatedBus()
    scanner = scanner_on(bus, Fault("auto-clear"), Fault("reject-redundant"), codes=())
    link = connect(bus.open_line, bus.times)
    assert set(link.settings().dangers) == {Danger.AUTO_CLEAR, Danger.REJECT_REDUNDANT, Danger.DELETE_KEYS}
    link.write_parameters(SAFE)
    assert link.settings().dangers == ()
    assert times_heard(scanner, Command.WRITE_PARAMETERS) == len(SAFE)


def test_a_setting_that_is_refused_is_said() -> None:
    """Whether times are kept changes only in an empty scanner."""
    bus = EmulatedBus()
    scanner = scanner_on(bus)
    link, _ = pulled(bus)
    with pytest.raises(ScannerSettingRefused):
        link.write_parameters({Parameter.LENGTH_MAX: b"\x10"})
    assert scanner.parameters[Parameter.LENGTH_MAX] == b"\x1e"


@pytest.mark.parametrize(
    ("result", "found", "words"),
    [
        (b"\x04\1", b"\x04\1", "it tells 01"),
        (b"\x04\1", b"\x04", "it tells nothing"),
        (b"\x05\1", b"\x04\0", "another parameter"),
    ],
)
def test_a_setting_is_believed_only_when_read_back(result: bytes, found: bytes, words: str) -> None:
    """Stored, said the scanner, and it was not; or it spoke of another one."""
    link, _ = scripted(sealed(b"\6\2", [result]), sealed(b"\6\2", [found]))
    with pytest.raises(ScannerSettingRefused) as caught:
        link.write_parameters({4: b"\0"})
    assert words in str(caught.value)


@pytest.mark.parametrize("result", [b"\x04\1", b"\x04\0"])
def test_a_zero_is_taken_from_firmware_that_repeats_the_value(result: bytes) -> None:
    """Some firmware answers with the value, some with 1: both are fine when read back."""
    link, _ = scripted(sealed(b"\6\2", [result]), sealed(b"\6\2", [b"\x04\0"]))
    link.write_parameters({4: b"\0"})


def test_a_clock_is_measured_in_the_middle_of_the_question() -> None:
    """Three seconds slow: that is what has to be added; half of the answer's time and a second are uncertain."""
    bus = EmulatedBus()
    scanner = scanner_on(bus, unit=Unit(zone=BERLIN))
    scanner.clock_offset = timedelta(seconds=-3)
    link, _ = pulled(bus)
    bus.times.sleep(1 - bus.times.monotonic() % 1)
    measure = link.read_clock()
    offset = measure.offset(BERLIN)
    assert offset is not None
    assert abs(offset - timedelta(seconds=3)) < timedelta(seconds=uncertain_seconds(measure))
    assert 1 <= uncertain_seconds(measure) < 1.1
    assert measure.midpoint.utcoffset() == timedelta(0)
    assert measure.midpoint >= BEGIN


def test_a_clock_of_another_zone_is_an_hour_off() -> None:
    """The scanner knows no zone: what it tells is compared with local time of the zone that is asked for."""
    bus = EmulatedBus()
    scanner_on(bus, unit=Unit(zone=UTC))
    measure = pulled(bus)[0].read_clock()
    utc, berlin = measure.offset(UTC), measure.offset(BERLIN)
    assert utc is not None
    assert berlin is not None
    assert berlin - utc == timedelta(hours=1)


def test_a_clock_is_set_to_local_time_at_a_whole_second() -> None:
    """A clock that was a day off is less than a second off afterwards."""
    bus = EmulatedBus()
    scanner = scanner_on(bus, unit=Unit(zone=BERLIN))
    scanner.clock_offset = timedelta(days=1, seconds=17)
    link, _ = pulled(bus)
    bus.times.sleep(0.4)
    offset = link.set_clock(BERLIN).offset(BERLIN)
    assert offset is not None
    assert timedelta(0) <= offset < timedelta(seconds=1)


def test_a_clock_that_repeats_another_time_was_not_set() -> None:
    """What is echoed has to be what was sent."""
    link, _ = scripted(sealed(b"\6\2", [protocol.set_time(datetime(2020, 1, 1, tzinfo=UTC))[3:9]]))
    with pytest.raises(ScannerSettingRefused):
        link.set_clock(UTC)


def test_ending_a_session_does_not_mind_what_comes() -> None:
    """A scanner may acknowledge, stay silent, send nonsense, or be gone."""
    for answer in (bytes.fromhex("0602005E6F"), b"", b"\x05", b"nonsense"):
        link, line = scripted(answer)
        link.power_down()
        assert line.sent[-1] == protocol.POWER_DOWN
    bus = EmulatedBus()
    scanner_on(bus)
    link, _ = pulled(bus)
    bus.gone(link.line.name)
    link.power_down()


def test_a_session_that_ended_by_itself_is_begun_anew() -> None:
    """A strict scanner hears nothing after twenty seconds without a command, until it is interrogated again."""
    bus = EmulatedBus()
    scanner = scanner_on(bus, unit=Unit(strict_session=True))
    link, upload = pulled(bus)
    bus.times.sleep(21)
    assert link.upload(link.settings()).raw == upload.raw
    assert times_heard(scanner, Command.INTERROGATE) == 2


def test_another_scanner_in_mid_session_is_noticed() -> None:
    """The cable was moved: the new one answers to the interrogation with its own number."""
    link, _ = scripted(b"", told("1234567"))
    with pytest.raises(ScannerChanged):
        link.read_parameters(0x23)


def test_nothing_is_asked_before_it_is_known_who_is_there() -> None:
    """Reading without interrogating first is a fault of the program."""
    bus = EmulatedBus()
    scanner_on(bus)
    link = Link(bus.open_line(), bus.times)
    with pytest.raises(AssertionError):
        link.settings()
    assert not bus.sent


def failing(error: AssetTrackError) -> Callable[[], Scripted]:
    """A way of opening that fails."""

    def opened() -> Scripted:
        raise error

    return opened


@pytest.mark.parametrize("error", [ScannerNotFound(), PortMissing("COM3"), ScannerUnplugged("COM3")])
def test_a_port_that_does_not_open_is_not_waited_for(error: AssetTrackError) -> None:
    """Unless a scanner said that it comes back, the error is said at once."""
    times = EmulatedTimes()
    with pytest.raises(type(error)):
        connect(failing(error), times)
    assert times.monotonic() == 0


def test_a_scanner_that_takes_longer_to_come_back_is_waited_for() -> None:
    """After status 5 a port that is not there yet is looked for again, three times in all."""
    times = EmulatedTimes()
    lines = [Scripted(times, told("697227", status=5)), Scripted(times, told("697227"))]
    tries: list[float] = []

    def opened() -> Scripted:
        tries.append(times.monotonic())
        if len(tries) in {2, 3}:
            raise ScannerNotFound
        return lines.pop(0)

    first = lines[0]
    assert connect(opened, times).known.serial == "697227"
    assert first.closed == 1
    assert [round(later - earlier) for earlier, later in pairwise(tries)] == [5, 5, 5]


def test_no_line_stays_open_when_nobody_is_there() -> None:
    """A port with something foreign on it is closed again."""
    times = EmulatedTimes()
    line = Scripted(times, b"OK\r\n")
    with pytest.raises(ScannerForeign) as caught:
        connect(lambda: line, times)
    assert line.closed == 1
    assert caught.value.raw == b"OK\r\n"
    assert "none that these scanners give" in str(caught.value)


def test_a_device_that_never_falls_silent_is_left_alone() -> None:
    """A stream without end is listened to for a while, asked once, and given up."""

    class Endless(Scripted):
        def read(self, size: int, idle_seconds: float) -> bytes:
            del size, idle_seconds
            times.sleep(0.05)
            return b"\xaa" * 64

    times = EmulatedTimes()
    line = Endless(times)
    with pytest.raises(ScannerForeign) as caught:
        Link(line, times, Patience(settling=3)).interrogate()
    assert line.sent == [protocol.INTERROGATE]
    assert times.monotonic() < 10
    assert len(caught.value.raw) <= 4096
