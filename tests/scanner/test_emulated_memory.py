"""The memory of an emulated scanner: the same scanner from call to call, whatever it was told, and no other file."""

import json
import os
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from assettrack.domain import errors, scanner_errors
from assettrack.scanner import protocol
from assettrack.scanner.clearing import Stored, clear
from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.emulated_line import EmulatedTimes
from assettrack.scanner.emulated_memory import (
    SAMPLE_SCANS,
    GivenTimes,
    KeptScanner,
    in_use,
    kept_scanner,
    plugged_in,
    scanned,
)
from assettrack.scanner.link import connect
from assettrack.scanner.parameters import Parameter
from assettrack.scanner.pocket import read_scans

ZONE = timezone(timedelta(hours=5, minutes=30))
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the memory is to be."""
    return tmp_path / "pocket.json"


def opened(path: Path) -> KeptScanner:
    """The scanner of a file."""
    return kept_scanner(path, EmulatedTimes(NOON), ZONE)


def test_a_new_scanner_holds_samples_of_a_few_minutes_ago(path: Path) -> None:
    """They were made by local time, one after the other, and end before now."""
    scanner = opened(path)
    assert scanner.clock().isoformat() == "2026-03-01T17:30:00"
    with plugged_in(scanner) as open_line:
        talk = connect(open_line, GivenTimes(lambda: NOON))
        scans = read_scans(talk.upload(talk.settings()).raw, with_stamps=True)
        talk.close()
    assert [scan.text for scan in scans] == list(SAMPLE_SCANS)
    assert scans[0].stamp == "2026-03-01T17:25:00"
    assert [scan.stamp for scan in scans] == sorted({scan.stamp for scan in scans})


def test_what_it_was_told_is_in_the_file_before_it_answers(path: Path) -> None:
    """Clear: when the answer is there, another scanner of the same file holds nothing."""
    scanner = opened(path)
    scanner.receive(protocol.INTERROGATE)
    before = path.read_bytes()
    scanner.receive(protocol.UPLOAD)
    assert path.read_bytes() == before
    (answer,) = scanner.receive(protocol.CLEAR)
    assert answer
    assert opened(path).records == []


def test_everything_it_remembers_comes_back(path: Path) -> None:
    """Scans with any bytes, settings and the clock are those that were left."""
    scanner = opened(path)
    scanner.scan(bytes(range(0x21, 0x30)) + b"\xff\x1d", symbology=0x0F)
    scanner.parameters[Parameter.AUTO_CLEAR] = b"\1"
    scanner.clock_offset = timedelta(days=-3, seconds=1.5)
    scanner.clock_weak = True
    scanner.keep()
    again = opened(path)
    assert again.records == scanner.records
    assert again.parameters == scanner.parameters
    assert (again.clock_offset, again.clock_weak) == (scanner.clock_offset, True)
    assert again.unit.serial_field == scanner.unit.serial_field


def test_a_file_that_can_not_be_written_makes_it_mute(path: Path) -> None:
    """It never says that it did what it could not keep."""
    scanner = opened(path)
    path.unlink()
    path.mkdir()
    (path / "full").touch()
    assert scanner.receive(protocol.CLEAR) == []
    with pytest.raises(errors.FileUnwritable):
        scanner.keep()
    assert [each.name for each in path.parent.iterdir()] == ["pocket.json"]


@pytest.mark.parametrize(
    "change",
    [
        {"format": "AssetTrack emulated scanner 2"},
        {"serial_field": "00"},
        {"version": "short"},
        {"parameters": {"FF": "00"}},
        {"parameters": {"0F": "0000"}},
        {"parameters": {"zz": "00"}},
        {"scans": [{"text": "A", "symbology": 3, "stamp": "00"}]},
        {"scans": [{"text": "A", "symbology": 300, "stamp": "00000000"}]},
        {"scans": [{"text": "€", "symbology": 3, "stamp": "00000000"}]},
        {"scans": 7},
        {"clock_off_seconds": 1e300},
        {"unknown": 1},
    ],
)
def test_a_file_that_is_no_memory_is_refused(path: Path, change: dict[str, object]) -> None:
    """One that was changed into something else is said to be none, and stays as it is."""
    opened(path)
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change), "utf-8")
    before = path.read_bytes()
    with pytest.raises(errors.FileUnreadable, match="no memory of an emulated scanner"):
        opened(path)
    assert path.read_bytes() == before


def test_what_is_no_file_is_refused_and_not_waited_for(path: Path) -> None:
    """Nobody writes into a pipe that was named by mistake; a folder is none either."""
    os.mkfifo(path)
    with pytest.raises(errors.FileUnreadable, match="it is no file"):
        opened(path)
    with pytest.raises(errors.FileUnreadable, match="it is no file"):
        opened(path.parent)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """A folder, and a place where none is."""
    with pytest.raises(errors.FileUnreadable):
        opened(tmp_path)
    with pytest.raises(errors.FileUnwritable):
        opened(tmp_path / "nowhere" / "pocket.json")


def test_scans_are_counted(path: Path) -> None:
    """How many were stored, and how many it holds; a new one holds the samples only where nothing is scanned."""
    times = EmulatedTimes(NOON)
    assert scanned(path, times, ZONE, ["A1", "X" * 31]) == (1, 1)
    assert scanned(path, times, ZONE, []) == (0, 1)
    assert scanned(path.with_name("other.json"), times, None, []) == (0, len(SAMPLE_SCANS))


@pytest.mark.parametrize("has_terminals", [True, False])
def test_it_is_spoken_with_as_a_real_one(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    has_terminals: bool,  # noqa: FBT001 - one of two systems
) -> None:
    """Read, cleared by proof, and empty for the next call: over a pseudo terminal, or in memory without such."""
    if not has_terminals:
        monkeypatch.setitem(sys.modules, "assettrack.scanner.emulated_port", None)
    scanner = kept_scanner(path, GivenTimes(lambda: NOON), ZONE)
    with plugged_in(scanner) as open_line:
        link = connect(open_line, scanner.times)
        settings = link.settings()
        held = link.upload(settings)
        assert clear(link, settings, Stored.read_back(held.raw)).empty
        link.power_down()
        link.close()
    assert len(held.records) == len(SAMPLE_SCANS)
    assert opened(path).records == []


def test_two_programs_do_not_work_with_one_memory(path: Path) -> None:
    """A scan would be gone that one stores while the other clears: the second is refused, and the file is as it was."""
    times = EmulatedTimes(NOON)
    with in_use(path, times, ZONE):
        before = path.read_bytes()
        with pytest.raises(scanner_errors.PortBusy, match=r"emulated scanner .*pocket\.json open\. No scan was erased"):
            scanned(path, times, ZONE, ["LT-1"])
        with pytest.raises(scanner_errors.PortBusy), in_use(path, times, ZONE):
            pass
        assert path.read_bytes() == before
    assert scanned(path, times, ZONE, ["LT-1"]) == (1, len(SAMPLE_SCANS) + 1)


def test_memories_whose_long_names_begin_alike_are_two_scanners(tmp_path: Path) -> None:
    """Each has a lock of its own, however long their names are the same."""
    times = EmulatedTimes(NOON)
    with in_use(tmp_path / f"{'p' * 120}-1.json", times, ZONE):
        assert scanned(tmp_path / f"{'p' * 120}-2.json", times, ZONE, ["LT-1"])[0] == 1


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own there")
def test_a_memory_that_is_reached_by_two_names_is_one_scanner(path: Path, tmp_path: Path) -> None:
    """A link and the file that it leads to, also from another folder, have one lock, and stay link and file."""
    times = EmulatedTimes(NOON)
    opened(path)
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "linked.json"
    link.symlink_to(path)
    for one, other in ((path, link), (link, path)):
        with in_use(one, times, ZONE), pytest.raises(scanner_errors.PortBusy), in_use(other, times, ZONE):
            pass
    assert scanned(link, times, ZONE, ["LT-1"]) == (1, len(SAMPLE_SCANS) + 1)
    assert link.is_symlink()
    assert len(opened(path).records) == len(SAMPLE_SCANS) + 1


def test_a_memory_beside_which_nothing_can_be_written_is_not_worked_with(tmp_path: Path) -> None:
    """Without its folder there is no lock, and so no scanner."""
    with pytest.raises(errors.FileUnwritable), in_use(tmp_path / "gone" / "pocket.json", EmulatedTimes(NOON), ZONE):
        pass


def test_what_goes_wrong_is_named_in_the_file_and_stays_there(path: Path) -> None:
    """A fault is one of each time that the scanner is connected, until somebody takes it out of the file."""
    opened(path)
    named = '"faults": ["unplugged-in-upload", "low-battery"]'
    path.write_text(path.read_text("utf-8").replace('"faults": []', named), "utf-8")
    for _ in range(2):
        assert [armed.fault for armed in opened(path).faults] == [Fault("unplugged-in-upload"), Fault("low-battery")]
        scanned(path, EmulatedTimes(NOON), ZONE, ["LT-1"])
    kept = json.loads(path.read_text("utf-8"))
    assert (kept["faults"], len(kept["scans"])) == (["unplugged-in-upload", "low-battery"], len(SAMPLE_SCANS) + 2)


@pytest.mark.parametrize("name", ["on-fire", "empty", "echoes", "disk-full"])
def test_what_no_emulated_scanner_does_when_it_is_asked_is_refused(path: Path, name: str) -> None:
    """What would change its memory each time, or is no fault of a scanner, is named with those that there are."""
    opened(path)
    before = path.read_text("utf-8").replace('"faults": []', f'"faults": ["{name}"]')
    path.write_text(before, "utf-8")
    with pytest.raises(
        errors.FileUnreadable, match=f"a fault '{name}', and there are swallowed, .*unplugged-in-upload"
    ):
        opened(path)
    assert path.read_text("utf-8") == before
