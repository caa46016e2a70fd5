"""When scans were made, where several downloads have them and a clock was set between those."""

from datetime import UTC, timedelta

import pytest

from assettrack.domain.scan_answers import Answers
from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.emulated_line import EmulatedTimes
from tests.domain.trial_scans import event, slot
from tests.services.field import AT_DOWNLOAD, MORNING, Field, MakeField, untimed

BEGIN = MORNING[0]
UNDISTURBED = Answers(clock_undisturbed=True)


def put_computers_clock(day: Field, ahead: timedelta) -> None:
    """Put the computer's clock ahead; the scanner's runs on as it did."""
    times = day.bus.times
    assert isinstance(times, EmulatedTimes)
    times.begin += ahead
    day.scanner.clock_offset -= ahead


def times(day: Field, answers: Answers) -> dict[str, str]:
    """Pull and preview: the time of each row, by its asset."""
    batch, _ = day.preview(day.pull().download, answers)
    return {row[0]: row[1] for row in batch.rows()}


def test_a_scan_without_time_has_that_of_the_first_download_that_had_it(fields: MakeField) -> None:
    """What was scanned since is not dated back to a pull of days before."""
    day = fields(Fault("no-stamps"), scans=untimed("LT-1"))
    first = day.pull().download
    day.bus.times.sleep(3 * 86400)
    day.scan("LT-2")
    batch, _ = day.preview(later := day.pull().download, AT_DOWNLOAD)
    assert {row[0]: row[1][:16] for row in batch.rows()} == {
        "LT-1": first.pulled_at[:16],
        "LT-2": later.pulled_at[:16],
    }


def test_a_scanners_clock_set_between_two_downloads_is_asked_about(fields: MakeField) -> None:
    """What the first download has can't be told back from the second: it is committed first, or has no time."""
    day = fields(scans=())
    day.scanner.clock_offset -= timedelta(days=400)
    day.scan(*MORNING)
    first = day.pull().download
    scanner = day.connected()
    scanner.set_clock(UTC)
    scanner.link.close()
    day.scan(BEGIN, event("SCAN"), slot("CASE-01", 3), "LT-3")
    assert "clock_set_between" in day.questions()
    given = times(day, AT_DOWNLOAD)
    assert {given[tag][:16] for tag in ("LT-1", "LT-2")} == {first.pulled_at[:16]}
    assert given["LT-3"] > given["LT-1"]
    day.commit(first, UNDISTURBED)
    assert "clock_set_between" not in day.questions()


@pytest.mark.parametrize("days", [-2, 2])
def test_a_computers_clock_that_was_wrong_is_asked_about(fields: MakeField, days: int) -> None:
    """Once it is right the scanner is read anew, though it tells the same; which clock was set is asked."""
    right = times(fields(), Answers())
    other = fields()
    put_computers_clock(other, timedelta(days=days))
    first = other.pull().download
    put_computers_clock(other, -timedelta(days=days))
    again = other.pull()
    assert (again.is_new, again.download.sha256) == (True, first.sha256)
    assert other.questions() == ["clock_set_between"]
    assert {tag: at[:16] for tag, at in times(other, UNDISTURBED).items()} == {
        tag: at[:16] for tag, at in right.items()
    }


def test_drift_and_daylight_saving_set_no_clock(fields: MakeField) -> None:
    """A clock that runs on, some seconds off after days, is asked nothing, and the computer's zone is no matter."""
    day = fields()
    day.pull()
    day.bus.times.sleep(3 * 86400)
    day.scanner.clock_offset += timedelta(seconds=12)
    day.scan(BEGIN, event("SCAN"), slot("CASE-01", 3), "LT-3")
    assert day.questions() == []
    day.scanner.clock_offset += timedelta(seconds=12)
    day.bus.times.sleep(60)
    assert day.questions() == ["clock_set_between"] * 2


def test_a_clock_that_lost_its_time_since_takes_none_from_what_was_pulled_before(fields: MakeField) -> None:
    """A battery that died after the first download: its scans are told back from that one."""
    day = fields()
    told = times(day, Answers())
    day.scanner.clock_weak = True
    day.scan(BEGIN, event("SCAN"), slot("CASE-01", 3), "LT-3")
    assert times(day, Answers()) == told
