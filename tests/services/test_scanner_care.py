"""Setting a scanner and its clock: only when no scan depends on how it is set that was not pulled."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from assettrack.domain import download_errors, scanner_errors
from assettrack.domain.downloads import ScannerIdentity, ScannerSettings
from assettrack.domain.raw_scans import ClockReading
from assettrack.domain.scan_answers import Answers
from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.emulator import Unit
from assettrack.scanner.parameters import Parameter
from assettrack.scanner.pocket import PocketScanner
from assettrack.services.downloads import Pulled
from assettrack.services.scanner_care import make_safe, set_clock
from assettrack.services.scanner_ports import Progress
from assettrack.services.scanner_sessions import pull
from tests.services.field import MORNING, Field, MakeField, desk_of


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    """A day in the field, with a clock that is ten minutes slow."""
    with closing(Field(tmp_path)) as day:
        day.scanner.clock_offset -= timedelta(minutes=10)
        yield day


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
        make_safe(lambda: day.workplace, scanner, desk_of(day))
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


def slow(fields: MakeField, *, minutes: int) -> Field:
    """A day in the field with a clock that is slow."""
    day = fields(scans=(), unit=Unit(zone=ZoneInfo("Europe/Berlin")))
    day.scanner.clock_offset -= timedelta(minutes=minutes)
    day.scan(*MORNING)
    return day


def test_what_this_station_set_itself_is_not_asked(fields: MakeField) -> None:
    """Old scans are told by the clock as it was, new ones by the clock as it is; nobody is asked which tells."""
    day = slow(fields, minutes=4)
    first = day.pull().download
    right = [each.utc for each in day.preview(first)[0].timings]
    day.bus.times.sleep(600)
    clock_set(day)
    again = day.pull()
    assert (again.is_new, again.download.number, again.download.sha256) == (False, 2, first.sha256)
    assert day.questions() == []
    made_at = day.bus.times.now().replace(microsecond=0)
    day.scan(MORNING[0], MORNING[1], "LT-9")
    day.bus.times.sleep(30_000)
    assert day.questions() == []
    told = [each.utc for each in day.preview(day.pull().download)[0].timings]
    assert told[:7] == right
    assert timedelta(seconds=-2) <= datetime.fromisoformat(told[7] or "") - made_at <= timedelta(seconds=2)


def test_a_clock_that_was_far_off_is_asked_about_though_we_set_it(fields: MakeField) -> None:
    """Whether it was so while the scans were made nobody knows by that."""
    day = slow(fields, minutes=40)
    day.pull()
    clock_set(day)
    assert day.questions() == ["clock_set_between"]


@pytest.mark.parametrize(
    ("hours_slow", "follows_a_zone"), [(13, True), (-13, True), (14, False), (-14, False), (24, False), (-24, False)]
)
def test_a_clock_off_by_a_day_is_a_wrong_date_and_no_zone(
    fields: MakeField, *, hours_slow: int, follows_a_zone: bool
) -> None:
    """In Berlin it can be 13 hours from another zone. A wrong date is asked about, also once we set the clock."""
    day = slow(fields, minutes=60 * hours_slow)
    assert day.questions() == ([] if follows_a_zone else ["clock_far_off"])
    clock_set(day)
    assert ("clock_set_between" in day.questions()) is not follows_a_zone


def test_a_computer_whose_clock_was_set_too_is_asked_about(fields: MakeField) -> None:
    """Then which of the readings tells is not known by what we did."""
    day = slow(fields, minutes=4)
    day.pull()
    day.scanner.clock_offset += timedelta(minutes=2)
    day.bus.times.sleep(60)
    clock_set(day)
    assert day.questions() == ["clock_set_between"]


def test_a_scan_made_while_the_clock_is_set_keeps_the_question(
    fields: MakeField, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be by either clock; so nothing is kept as proof."""
    day = slow(fields, minutes=4)
    day.pull()
    told = PocketScanner.set_clock

    def scanned_meanwhile(scanner: PocketScanner, zone: tzinfo) -> ClockReading:
        day.scan(MORNING[0], MORNING[1], "LT-9")
        return told(scanner, zone)

    monkeypatch.setattr(PocketScanner, "set_clock", scanned_meanwhile)
    clock_set(day)
    assert len(day.spool.downloads()) == 1
    assert set(day.questions()) == {"clock_set_between", "clock_set_since"}


def test_a_round_equal_to_one_that_was_cleared_was_not_pulled(fields: MakeField) -> None:
    """It tells the same bytes without times: that cards of it were dropped is to be seen by nothing but the setting."""
    day = fields(Fault("reject-redundant"), Fault("no-stamps"))
    whole = Answers(untimed_at_download=True, gaps_looked_at=True)
    day.commit(day.pull().download, whole)
    day.clear(whole)
    day.scan(*MORNING)
    with pytest.raises(download_errors.ConfiguredTooEarly, match="holds 7 scans"):
        configured(day)
    with pytest.raises(download_errors.ClockSetTooEarly, match="holds 7 scans"):
        clock_set(day)
    assert day.pull().is_new
    assert clock_set(day).device
    with pytest.raises(scanner_errors.ScannerSettingLeft):  # it keeps times again only while it is empty
        configured(day)


def test_one_that_drops_scans_and_can_not_be_read_leads_to_what_can_be_done(fields: MakeField) -> None:
    """It can't be pulled first, and to set it right is what was just tried; its maker's program reads it."""
    day = fields(Fault("reject-redundant"))
    day.scanner.parameters[Parameter.STORE_STAMPS] = b"\2"
    with pytest.raises(scanner_errors.ScannerSettingLeft) as left:
        configured(day)
    assert "Make a file of them with its maker's program" in str(left.value)
    assert "scanner pull" not in str(left.value)
    assert "settings are set right" not in str(left.value)
    assert day.scanner.parameters[Parameter.REJECT_REDUNDANT] == b"\1"
    day.scanner.records.clear()
    configured(day)
    assert day.scanner.parameters[Parameter.REJECT_REDUNDANT] == b"\0"


def test_a_scanner_that_drops_nothing_is_set_right_while_it_holds_scans(field: Field) -> None:
    """Its Clear key deletes nothing from then on, and what it holds is pulled whole."""
    field.scanner.parameters[Parameter.DELETE_KEYS] = b"\3"
    configured(field)
    assert field.scanner.parameters[Parameter.DELETE_KEYS] == b"\0"
    assert len(field.preview(field.pull().download)[0].timings) == len(MORNING)


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


def test_what_a_browser_was_told_is_kept_as_any_download(field: Field) -> None:
    """Told a second time, by whatever way, it is not new."""
    for is_new in (True, False):
        scanner = field.connected()
        try:
            pulled = pull(field.workplace, desk_of(field), scanner)
        finally:
            scanner.link.close()
        assert pulled.is_new is is_new
    assert not field.pull().is_new


class Reading(NamedTuple):
    """What a browser read of a scanner, to be sent as often as a browser sends it."""

    identity: ScannerIdentity
    settings: ScannerSettings
    told: ClockReading
    reply: bytes

    def clock(self) -> ClockReading:
        """Return what its clock showed then."""
        return self.told

    def upload(self, _progress: Progress | None = None) -> bytes:
        """Return what it held then."""
        return self.reply


def test_a_reading_that_is_sent_again_is_the_download_that_it_was(field: Field) -> None:
    """Though more was scanned and pulled since."""
    scanner = field.connected()
    try:
        reading = Reading(scanner.identity, scanner.settings, scanner.clock(), scanner.upload())
    finally:
        scanner.link.close()
    first = pull(field.workplace, desk_of(field), reading)
    assert first.is_new
    field.scan("LT-9")
    assert field.pull().is_new
    assert pull(field.workplace, desk_of(field), reading) == Pulled(first.download, is_new=False)
