"""Setting a scanner and its clock: only when no scan depends on how it is set that was not pulled."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from assettrack.domain import download_errors
from assettrack.domain.raw_scans import ClockReading
from assettrack.domain.scan_answers import Answers
from assettrack.scanner import heard
from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.parameters import Parameter
from assettrack.scanner.pocket import read_scans
from assettrack.services.scanner_care import make_safe, set_clock
from assettrack.services.scanner_desk import BrowserCable, ScannerDesk
from tests.services.field import Field, MakeField


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    """A day in the field, with a clock that is ten minutes slow."""
    with closing(Field(tmp_path)) as day:
        day.scanner.clock_offset -= timedelta(minutes=10)
        yield day


def desk_of(day: Field) -> ScannerDesk:
    """Return what scanners are worked with by."""
    cable = BrowserCable(heard.QUESTIONS, heard.READ, heard.HeardScanner)
    return ScannerDesk(lambda: closing(day), day.spool, read_scans, lambda: closing(day), str, cable)  # type: ignore[arg-type, return-value]  # nothing is lent here


def clock_set(day: Field) -> ClockReading:
    """Set the clock of the scanner that is connected."""
    scanner = day.connected()
    try:
        return set_clock(day.workplace, scanner, desk_of(day))
    finally:
        scanner.link.close()


def configured(day: Field) -> None:
    """Set the scanner that is connected right."""
    scanner = day.connected()
    try:
        make_safe(scanner, desk_of(day))
    finally:
        scanner.link.close()


def test_scans_that_were_not_pulled_keep_the_clock(field: Field) -> None:
    """Their times are known by the clock as it is: not before the pull, nor with a scan more."""
    with pytest.raises(download_errors.ClockSetTooEarly, match="holds 7 scans"):
        clock_set(field)
    field.pull()
    field.scan("LT-9")
    with pytest.raises(download_errors.ClockSetTooEarly, match="holds 8 scans"):
        clock_set(field)
    assert field.scanner.clock_offset == timedelta(minutes=-10)


def test_the_clock_is_set_to_the_time_of_the_station(field: Field) -> None:
    """After the pull, and with nothing held: it shows local time then."""
    field.pull()
    shown = clock_set(field)
    here = field.bus.times.now().astimezone(field.workplace.zone("Europe/Berlin"))
    assert shown.device == here.replace(microsecond=0, tzinfo=None).isoformat()
    field.scanner.records.clear()
    assert clock_set(field).device


def test_a_scanner_that_drops_scans_is_not_set_right_before_they_are_pulled(fields: MakeField) -> None:
    """Once it keeps repeated codes nobody could see that cards of this morning may be missing."""
    day = fields(Fault("reject-redundant"))
    with pytest.raises(download_errors.ConfiguredTooEarly, match="holds 7 scans"):
        configured(day)
    day.pull()
    day.scan("LT-9")
    with pytest.raises(download_errors.ConfiguredTooEarly, match="holds 8 scans"):
        configured(day)
    assert day.scanner.parameters[Parameter.REJECT_REDUNDANT] != b"\0"
    day.pull()
    configured(day)
    assert day.scanner.parameters[Parameter.REJECT_REDUNDANT] == b"\0"


def test_that_scans_may_have_been_dropped_is_asked_until_the_scanner_is_cleared(fields: MakeField) -> None:
    """A card that was dropped before it was set right may be missing for the scans after it."""
    day = fields(Fault("reject-redundant"))
    day.commit(day.pull().download, Answers(gaps_looked_at=True))
    configured(day)
    day.scan("LT-9")
    assert "repeated_dropped" in day.questions()
    assert "repeated_dropped" not in day.questions(Answers(gaps_looked_at=True))


def test_a_scanner_that_drops_scans_since_the_pull_is_pulled_again_first(fields: MakeField) -> None:
    """It tells just what it told; that it may have dropped a card since is kept all the same."""
    day = fields()
    day.pull()
    day.scanner.arm(Fault("reject-redundant"))
    with pytest.raises(download_errors.ConfiguredTooEarly):
        configured(day)
    day.bus.times.sleep(60)
    assert day.pull().is_new
    configured(day)


def test_a_scanner_that_erases_by_being_read_too_is_made_readable_first(fields: MakeField) -> None:
    """It could not be pulled otherwise; that it drops scans stays until it was."""
    day = fields(Fault("reject-redundant"))
    day.scanner.arm(Fault("auto-clear"))
    with pytest.raises(download_errors.ConfiguredTooEarly):
        configured(day)
    assert len(day.scanner.records) == 7
    day.pull()
    configured(day)


def test_an_empty_scanner_is_set_right_at_once(fields: MakeField) -> None:
    """Nothing can be missing between scans that there are not."""
    day = fields(Fault("reject-redundant"), scans=())
    configured(day)
    assert day.scanner.parameters[Parameter.REJECT_REDUNDANT] == b"\0"
