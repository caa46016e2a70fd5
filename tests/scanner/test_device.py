"""Ports: which of them leads to a scanner, and what is said where one can't be opened."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest
import serial
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from assettrack.domain.errors import AssetTrackError
from assettrack.domain.scanner_errors import (
    PortBusy,
    PortForbidden,
    PortMissing,
    PortUnusable,
    ScannerModeUnusable,
    ScannerNotFound,
    ScannersSeveral,
)
from assettrack.scanner import device
from assettrack.scanner.device import FoundPort

NOWHERE = Path("/nonexistent/devices")


def port(name: str, vendor: int | None, product: int | None = 0x0009) -> ListPortInfo:
    """A port as the system lists it."""
    listed = ListPortInfo(name)
    listed.vid, listed.pid, listed.description = vendor, product, "OPN-2001"
    return listed


def found(*names: str) -> list[FoundPort]:
    """Ports of the maker."""
    return [FoundPort(name, 9, "", "") for name in names]


def test_ports_are_found_by_their_maker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the product number is; ports of others, and those that are no USB, are passed over."""
    listed = [port("COM9", 0x065A, 0xA002), port("COM3", 0x065A), port("COM4", 0x0403), port("COM1", None, None)]
    monkeypatch.setattr(list_ports, "comports", lambda: listed)
    assert device.find_ports() == [
        FoundPort("COM3", 0x0009, "", "OPN-2001"),
        FoundPort("COM9", 0xA002, "", "OPN-2001"),
    ]


def test_one_port_is_taken_and_several_are_not_chosen_from() -> None:
    """Two scanners: both are named, none is opened."""
    assert device.find_port(found("COM3"), NOWHERE) == "COM3"
    with pytest.raises(ScannersSeveral) as caught:
        device.find_port(found("COM3", "COM9"), NOWHERE)
    assert caught.value.ports == ("COM3", "COM9")
    with pytest.raises(ScannerNotFound):
        device.find_port([], NOWHERE)


def plugged(devices: Path, name: str, vendor: str, *classes: str) -> None:
    """A USB device as the system shows it, with interfaces of these classes."""
    (devices / name).mkdir()
    (devices / name / "idVendor").write_text(vendor + "\n")
    for number, usb_class in enumerate(classes):
        interface = devices / name / f"{name}:1.{number}"
        interface.mkdir()
        (interface / "bInterfaceClass").write_text(usb_class + "\n")


@pytest.mark.parametrize(("usb_class", "word"), [("03", "keyboard"), ("08", "not the order of the scans")])
def test_a_scanner_that_is_something_else_is_said(tmp_path: Path, usb_class: str, word: str) -> None:
    """As a keyboard or as a disk it can't be asked; another maker's keyboard is none of ours."""
    plugged(tmp_path, "1-2", "046d", "03")
    with pytest.raises(ScannerNotFound):
        device.find_port([], tmp_path)
    plugged(tmp_path, "1-1", "065a", usb_class)
    with pytest.raises(ScannerModeUnusable) as caught:
        device.find_port([], tmp_path)
    assert word in str(caught.value)


def test_a_device_that_vanishes_while_it_is_looked_at_is_passed_over(tmp_path: Path) -> None:
    """What can't be read is no scanner."""
    (tmp_path / "1-1" / "idVendor").mkdir(parents=True)
    assert device.modes_without_port(tmp_path) == []


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (serial.SerialException(errno.ENOENT, "could not open port"), PortMissing),
        (serial.SerialException(errno.ENXIO, "could not open port"), PortMissing),
        (serial.SerialException(errno.EACCES, "could not open port"), PortForbidden),
        (serial.SerialException(errno.EPERM, "could not open port"), PortForbidden),
        (serial.SerialException(errno.EBUSY, "could not open port"), PortBusy),
        (serial.SerialException(errno.EAGAIN, "Could not exclusively lock port"), PortBusy),
        (serial.SerialException("could not open port 'COM3': PermissionError(13, 'Access is denied.')"), PortBusy),
        (serial.SerialException("could not open port 'COM3': FileNotFoundError(2, 'No such file')"), PortMissing),
        (serial.SerialException(errno.EIO, "Input/output error"), PortUnusable),
        (OSError(errno.ENOTTY, "Inappropriate ioctl for device"), PortUnusable),
        (ValueError(), PortUnusable),
    ],
)
def test_a_port_that_can_not_be_opened_says_why(error: Exception, kind: type[AssetTrackError]) -> None:
    """By the system's number where there is one, by its words on Windows; in one line always."""
    said = device.opening_error("COM3", error)
    assert type(said) is kind
    assert "COM3" in str(said)
    assert str(said).isprintable()


def test_a_reason_of_several_lines_becomes_one() -> None:
    """Whatever a driver says fits into a sentence."""
    said = device.opening_error("COM3", OSError(errno.EIO, "broken\n\tin two."))
    assert "can't be opened: broken in two. No scan" in str(said)


def test_what_is_no_port_is_not_opened(tmp_path: Path) -> None:
    """A file and a name that there is not: an error of the catalogue each, and nothing is left open."""
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(PortUnusable):
        device.open_line(str(file))
    with pytest.raises(PortMissing):
        device.open_line(str(tmp_path / "none"))


def test_a_named_port_that_comes_back_is_found_by_its_maker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first time the named port is opened, later the one that is there then."""
    listed: list[ListPortInfo] = []
    opened: list[str | None] = []

    def noted(name: str | None = None, *, odd_parity: bool = False) -> None:
        opened.append(f"{name} {odd_parity}")

    monkeypatch.setattr(list_ports, "comports", lambda: listed)
    monkeypatch.setattr(device, "open_line", noted)
    opening = device.opener("COM3", odd_parity=True)
    opening()
    opening()
    listed.append(port("COM7", 0x065A))
    opening()
    listed.append(port("COM8", 0x065A))
    opening()
    assert opened == ["COM3 True", "COM3 True", "COM7 True", "COM3 True"]


def test_the_serial_library_is_loaded_only_for_ports() -> None:
    """Whoever reads a reply, or leads a conversation in memory, needs none of it."""
    code = (
        "import sys; import assettrack.scanner.device, assettrack.scanner.link, assettrack.scanner.clearing, "
        "assettrack.scanner.emulated_line; print('serial' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout == "False\n"
