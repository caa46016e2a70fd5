"""The whole way over a pseudo terminal and pyserial: what memory can't show of a real port."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from assettrack.domain.scanner_errors import (
    PortBusy,
    PortMissing,
    ScannerAnswerDamaged,
    ScannerForeign,
    ScannerUnplugged,
)
from assettrack.scanner.clearing import Stored, clear
from assettrack.scanner.device import SystemTimes, open_line
from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.emulated_port import EmulatedPort, fault_of, main
from assettrack.scanner.emulator import EmulatedScanner
from assettrack.scanner.frames import Command
from assettrack.scanner.link import Link, Patience, connect
from tests.scanner.conversations import CODES, texts

QUICK = Patience(answer=0.3, first_answers=0.3, silence=0.05, between_interrogations=0.01, reappearing=0.2, tries=3)
TIMES = SystemTimes()


@pytest.fixture
def scanner() -> EmulatedScanner:
    """A scanner with a morning's scans, in the time of this computer."""
    one = EmulatedScanner(TIMES)
    for code in CODES:
        one.scan(code)
    return one


@pytest.fixture
def port(scanner: EmulatedScanner) -> Iterator[EmulatedPort]:
    """The scanner behind a port."""
    with EmulatedPort(scanner, reappear_seconds=0.1) as served:
        yield served


def connected(port: EmulatedPort) -> Link:
    """A link to whatever port there is now."""
    return connect(lambda: open_line(port.name), TIMES, QUICK)


def test_scans_go_from_the_trigger_to_an_empty_scanner(port: EmulatedPort) -> None:
    """Read, cleared by proof, looked at, clock set, session ended: over a real port."""
    link = connected(port)
    settings = link.settings()
    upload = link.upload(settings)
    assert texts(upload) == CODES
    assert clear(link, settings, Stored.read_back(upload.raw)).empty
    assert link.set_clock(port.scanner.unit.zone).device.doubt is None
    link.power_down()
    link.close()
    assert port.scan("NEXT")
    again = connected(port)
    assert texts(again.upload(settings)) == ("NEXT",)
    again.close()
    again.close()


def test_a_port_is_ours_alone(port: EmulatedPort) -> None:
    """A second program is told that it is busy; afterwards it may."""
    link = connected(port)
    with pytest.raises(PortBusy):
        open_line(port.name)
    link.close()
    open_line(port.name).close()


def test_a_cable_that_is_pulled_is_noticed_and_plugged_in_again(port: EmulatedPort) -> None:
    """Reading and writing say so; the port is gone; at the new one everything is there."""
    link = connected(port)
    gone = port.name
    port.unplug()
    with pytest.raises(ScannerUnplugged):
        link.line.write(b"\1")
    with pytest.raises(ScannerUnplugged):
        link.line.read(1, 0.1)
    link.close()
    with pytest.raises(PortMissing):
        open_line(gone)
    port.plug()
    again = connected(port)
    assert texts(again.upload(again.settings())) == CODES
    again.close()


def test_a_cable_pulled_in_mid_upload_loses_nothing(port: EmulatedPort) -> None:
    """Some bytes come, then the port is gone: that is said, and the scanner holds what it held."""
    with port.lock:
        port.scanner.arm(Fault("unplugged-in-upload", value=40))
    link = connected(port)
    settings = link.settings()
    with pytest.raises((ScannerUnplugged, ScannerAnswerDamaged)):
        link.upload(settings)
    link.close()
    port.plug()
    again = connected(port)
    assert texts(again.upload(again.settings())) == CODES
    again.close()


def test_a_scanner_comes_back_as_another_port(port: EmulatedPort) -> None:
    """Status 5: the port vanishes, and another one has the scanner."""
    with port.lock:
        port.scanner.arm(Fault("reappears"))
    link = connected(port)
    assert link.known.status == 0
    assert link.line.name == port.name
    link.close()


@pytest.mark.parametrize(
    "fault",
    [
        Fault("swallowed"),
        Fault("bad-checksum"),
        Fault("stops"),
        Fault("flip-length", value=3),
        Fault("error-07"),
        Fault("byte-by-byte"),
        Fault("split", value=11),
        Fault("stale-bytes", command=Command.UPLOAD),
        Fault("other-serial"),
    ],
    ids=lambda fault: fault.name,
)
def test_what_passes_in_memory_passes_here(port: EmulatedPort, fault: Fault) -> None:
    """The same faults over a real port: every scan, in order."""
    with port.lock:
        port.scanner.arm(fault)
    link = connected(port)
    assert texts(link.upload(link.settings())) == CODES
    link.close()


def test_a_modem_is_left_alone(port: EmulatedPort) -> None:
    """What is sent comes back: it is no scanner, and the port is free again."""
    with port.lock:
        port.scanner.arm(Fault("echoes"))
    with pytest.raises(ScannerForeign):
        connected(port)
    open_line(port.name).close()


def test_ten_thousand_scans_come_over_a_port(port: EmulatedPort) -> None:
    """More than a port holds at once: all of it comes, in order."""
    with port.lock:
        port.scanner.records.clear()
        port.scanner.arm(Fault("ten-thousand"))
    link = connected(port)
    upload = link.upload(link.settings())
    assert texts(upload) == tuple(f"LT-{number:07}" for number in range(10_000))
    link.close()


def test_a_port_that_has_no_modem_lines_tells_nothing_of_them(port: EmulatedPort) -> None:
    """Nor is it an error."""
    line = open_line(port.name)
    assert line.data_ready() is None
    line.close()
    assert line.data_ready() is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("bad-checksum", Fault("bad-checksum")),
        ("stops:3", Fault("stops", step=3)),
        ("split:1:9", Fault("split", value=9)),
    ],
)
def test_a_fault_is_named_in_a_word(text: str, fault: Fault) -> None:
    """Name, step and value, as far as they are said."""
    assert fault_of(text) == fault


@pytest.mark.parametrize("text", ["earthquake", "stops:soon"])
def test_a_fault_that_there_is_not_is_refused(text: str) -> None:
    """An unknown name, or a step that is no number."""
    with pytest.raises(ValueError, match=r"there is no fault|invalid literal"):
        fault_of(text)


def test_a_process_does_what_its_lines_say() -> None:
    """Scans, faults, the cable and the Clear key, a line each; what it holds is told."""
    lines = ["scan LT-1", "scan LT-2", "clear LT-1", "clear LT-9", "fault stops:2", "unplug", "plug", "state", "quit"]
    said = io.StringIO()
    main(["--scan", "CARD", "--fault", "low-battery"], io.StringIO("\n".join(lines)), said)
    first, *answers, state = said.getvalue().splitlines()
    assert first.startswith("port /dev/")
    assert answers[:6] == ["stored", "stored", "deleted", "not deleted", "armed", "unplugged"]
    assert [bytes.fromhex(record)[1:-4] for record in json.loads(state)["records"]] == [b"CARD", b"LT-2"]


def test_it_runs_as_a_process_of_its_own() -> None:
    """The port it names can be opened by this program."""
    command = [sys.executable, "-m", "assettrack.scanner.emulated_port", "--scan", "LT-1"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        name = process.stdout.readline().split()[1]
        link = connect(lambda: open_line(name), TIMES, QUICK)
        assert texts(link.upload(link.settings())) == ("LT-1",)
        link.close()
        process.stdin.write("quit\n")
        process.stdin.close()
        assert process.wait(30) == 0
