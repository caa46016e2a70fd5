"""Setting a scanner's clock: only when no scan depends on it that was not pulled."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from assettrack.domain import download_errors
from assettrack.domain.raw_scans import ClockReading
from assettrack.scanner import heard
from assettrack.scanner.pocket import read_scans
from assettrack.services.scanner_care import set_clock
from assettrack.services.scanner_desk import BrowserCable, ScannerDesk
from tests.services.field import Field


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    """A day in the field, with a clock that is ten minutes slow."""
    with closing(Field(tmp_path)) as day:
        day.scanner.clock_offset -= timedelta(minutes=10)
        yield day


def clock_set(day: Field) -> ClockReading:
    """Set the clock of the scanner that is connected."""
    cable = BrowserCable(heard.QUESTIONS, heard.READ, heard.HeardScanner)
    desk = ScannerDesk(lambda: closing(day), day.spool, read_scans, lambda: closing(day), str, cable)  # type: ignore[arg-type, return-value]  # nothing is lent here
    scanner = day.connected()
    try:
        return set_clock(day.workplace, scanner, desk)
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
