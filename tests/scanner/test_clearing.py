"""Clearing: only by proof, only of exactly what is stored, and only believed when looked at."""

import hashlib
import inspect
import re

import msgspec
import pytest

from assettrack.domain.scanner_errors import (
    ScannerAnswerDamaged,
    ScannerClearRefused,
    ScannerClearUncertain,
    ScannerSettingUnsafe,
)
from assettrack.scanner import protocol
from assettrack.scanner.clearing import Stored, clear
from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.emulated_line import EmulatedBus, EmulatedTimes
from assettrack.scanner.emulator import EmulatedScanner
from assettrack.scanner.frames import Command
from assettrack.scanner.link import Link
from assettrack.scanner.replies import Upload
from tests.architecture import read
from tests.scanner.conversations import CLEAR_FRAME, CODES, pulled, scanner_on, texts, times_heard
from tests.scanner.vectors import BY_NAME


def begun(*faults: Fault) -> tuple[EmulatedBus, EmulatedScanner, Link, Upload]:
    """A scanner whose scans were read."""
    bus = EmulatedBus()
    scanner = scanner_on(bus, *faults)
    return bus, scanner, *pulled(bus)


def test_a_proof_is_made_of_the_bytes_that_were_kept() -> None:
    """It names the scanner and the hash of the whole reply, and can be kept itself."""
    kept = BY_NAME["upload, 5 records"]
    stored = Stored.read_back(kept)
    assert stored == Stored("0000000000697227", hashlib.sha256(kept).hexdigest())
    assert stored.serial == "697227"
    assert msgspec.json.decode(msgspec.json.encode(stored), type=Stored) == stored


@pytest.mark.parametrize("kept", [b"", BY_NAME["upload, 5 records"][:-1], BY_NAME["acknowledgement"], b"\0" * 90])
def test_no_proof_is_made_of_less(kept: bytes) -> None:
    """A file that was cut, or holds something else, proves nothing."""
    with pytest.raises(ScannerAnswerDamaged):
        Stored.read_back(kept)


def test_what_is_stored_is_cleared_and_looked_at() -> None:
    """Read once more, cleared once, read again: it is empty."""
    _, scanner, link, upload = begun()
    before = len(scanner.heard)
    cleared = clear(link, link.settings(), Stored.read_back(upload.raw))
    assert (cleared.empty, cleared.before.raw, texts(cleared.after)) == (True, upload.raw, ())
    assert scanner.heard[before + 5 :] == [Command.UPLOAD, Command.CLEAR, Command.UPLOAD]
    assert scanner.records == []


@pytest.mark.parametrize("kept", [BY_NAME["upload, 5 records"], BY_NAME["upload, zero stamp"], BY_NAME["upload empty"]])
def test_something_else_that_is_stored_clears_nothing(kept: bytes) -> None:
    """The hash of other scans of the same scanner is no proof of these."""
    _, scanner, link, upload = begun(Fault("longest"))
    assert kept != upload.raw
    with pytest.raises(ScannerClearRefused):
        clear(link, link.settings(), Stored.read_back(kept))
    assert times_heard(scanner, Command.CLEAR) == 0


def test_what_is_stored_of_another_scanner_clears_nothing() -> None:
    """Not even a question is asked."""
    bus, scanner, link, upload = begun()
    settings, sent = link.settings(), len(bus.sent)
    proof = msgspec.structs.replace(Stored.read_back(upload.raw), serial_field="0000000001234567")
    with pytest.raises(ScannerClearRefused) as caught:
        clear(link, settings, proof)
    assert "is 697227, and what is stored is of 1234567" in str(caught.value)
    assert len(bus.sent) == sent
    assert len(scanner.records) == len(CODES)


def test_clearing_reads_under_safe_settings_only() -> None:
    """A scanner that erases by being read is not even looked at."""
    _, scanner, link, upload = begun()
    unsafe = msgspec.structs.replace(link.settings(), auto_clear=True)
    with pytest.raises(ScannerSettingUnsafe):
        clear(link, unsafe, Stored.read_back(upload.raw))
    assert times_heard(scanner, Command.CLEAR) == 0


def test_a_clear_whose_answer_is_lost_is_looked_at() -> None:
    """The answer was swallowed or damaged: the scanner is clear, and that is seen."""
    for name in ("stops", "bad-checksum", "stale-bytes"):
        _, scanner, link, upload = begun(Fault(name, command=Command.CLEAR, value=2))
        assert clear(link, link.settings(), Stored.read_back(upload.raw)).empty
        assert times_heard(scanner, Command.CLEAR) == 1


def test_a_clear_that_was_refused_is_told_again() -> None:
    """An error status says for certain that nothing was done: what is held is compared again before the next."""
    _, scanner, link, upload = begun(Fault("error-07", command=Command.CLEAR, times=2))
    assert clear(link, link.settings(), Stored.read_back(upload.raw)).empty
    heard = [command for command in scanner.heard if command in {Command.CLEAR, Command.UPLOAD}]
    assert heard == [Command.UPLOAD, *[Command.UPLOAD, Command.CLEAR] * 3, Command.UPLOAD]


def test_a_clear_that_is_always_refused_is_given_up() -> None:
    """Five times, and the scans are still there."""
    _, scanner, link, upload = begun(Fault("error-09", command=Command.CLEAR, times=0))
    with pytest.raises(ScannerClearRefused):
        clear(link, link.settings(), Stored.read_back(upload.raw))
    assert (times_heard(scanner, Command.CLEAR), len(scanner.records)) == (5, len(CODES))


def test_a_scan_made_after_the_clear_is_handed_over() -> None:
    """The scanner is clear of what was stored; what came since is told, not lost and not taken for a failure."""
    _, scanner, link, upload = begun(Fault("late-scan", command=Command.CLEAR))
    cleared = clear(link, link.settings(), Stored.read_back(upload.raw))
    assert (cleared.empty, texts(cleared.after)) == (False, ("LT-99999",))
    assert len(scanner.records) == 1


def test_a_scanner_that_is_silent_after_the_clear_leaves_it_open() -> None:
    """Told to clear, and not heard of again: nobody says that it was, or was not, done."""
    _, _, link, upload = begun(Fault("swallowed", command=Command.UPLOAD, step=3, times=0))
    with pytest.raises(ScannerClearUncertain):
        clear(link, link.settings(), Stored.read_back(upload.raw))


def test_only_clearing_knows_the_command_that_erases() -> None:
    """In the whole program nobody else names the clear, and nobody at all the one that also resets everything."""
    named = re.compile(r"protocol\.(CLEAR|SET_DEFAULTS)\b|Command\.SET_DEFAULTS\b|import .*\b(CLEAR|SET_DEFAULTS)\b")
    found = {
        source.path.removeprefix("src/assettrack/scanner/")
        for source in read("src")
        if named.search(source.text) and source.path.startswith("src/")
    }
    assert found == {"clearing.py", "protocol.py", "emulator.py", "frames.py"}
    assert "SET_DEFAULTS" not in inspect.getsource(inspect.getmodule(clear) or clear)


def test_a_pull_never_clears() -> None:
    """Reading, again and again, leaves the command that erases unsent."""
    bus, _, link, _ = begun()
    for _ in range(3):
        link.upload(link.settings())
    link.power_down()
    assert CLEAR_FRAME not in bus.sent
    assert CLEAR_FRAME == protocol.CLEAR
    assert isinstance(bus.times, EmulatedTimes)
