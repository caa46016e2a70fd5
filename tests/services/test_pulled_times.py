"""When scans were made, where several downloads have them and a clock was set between those."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from assettrack.domain import errors
from assettrack.domain.downloads import Download
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.domain.timestamps import utc_text
from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.emulated_line import EmulatedTimes
from tests.domain.trial_scans import event, slot
from tests.services.field import AT_DOWNLOAD, LAPTOP, MORNING, NOTHING, Field, MakeField, untimed

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


def slow(day: Field, minutes: int) -> Download:
    """Pull and commit a morning's scans by a clock that is slow, and return the download."""
    day.scanner.clock_offset -= timedelta(minutes=minutes)
    day.scan(*MORNING)
    first = day.pull().download
    day.commit(first, UNDISTURBED)
    return first


def new_ones(day: Field) -> None:
    """Scan one laptop more."""
    day.scan(BEGIN, event("SCAN"), slot("CASE-01", 3), "LT-3")


def set_right(day: Field) -> None:
    """Set the scanner's clock, as any program may."""
    scanner = day.connected()
    scanner.set_clock(UTC)
    scanner.link.close()


def test_scans_made_before_a_clock_was_set_are_asked_about_though_the_others_are_recorded(fields: MakeField) -> None:
    """Told back from a clock that was set since they would be too early: nobody knows, or they get the pull's time."""
    day = fields(scans=())
    slow(day, 37)
    day.bus.times.sleep(600)
    made = day.bus.times.now()
    new_ones(day)
    day.bus.times.sleep(60)
    set_right(day)
    assert day.questions() == ["clock_set_since"]
    given = times(day, AT_DOWNLOAD)["LT-3"]
    assert utc_text(made)[:19] < given[:19] == day.spool.downloads()[-1].pulled_at[:19]
    assert times(day, UNDISTURBED)["LT-3"] < utc_text(made)[:19]


def test_scans_that_only_this_downloads_clock_can_time_are_not_asked_about(fields: MakeField) -> None:
    """Told back from the earlier reading they would be of times to come."""
    day = fields(scans=())
    slow(day, 37)
    set_right(day)
    day.bus.times.sleep(60)
    made = day.bus.times.now()
    new_ones(day)
    assert day.questions() == []
    assert abs(datetime.fromisoformat(times(day, Answers())["LT-3"]) - made) < timedelta(seconds=15)


def test_scans_that_either_clock_could_time_are_asked_about_and_stay_so(fields: MakeField) -> None:
    """However long the pulls lie apart, and at a later pull by the same clock too, until somebody says which."""
    day = fields(scans=())
    slow(day, 37)
    set_right(day)
    new_ones(day)
    day.bus.times.sleep(7200)
    assert day.questions() == ["clock_set_since"]
    day.scan(slot("CASE-01", 4), "LT-4")
    assert day.questions() == ["clock_set_since"]
    _, plan = day.preview(day.pull().download)
    assert plan.problems[0].message.startswith("Scans 8 to 11 were made after ")
    assert day.questions(UNDISTURBED) == []


def test_a_computers_clock_put_right_since_takes_no_time_from_its_earlier_reading(fields: MakeField) -> None:
    """What was made after a pull by a computer that was ahead seems to be before it: that is asked, never guessed."""
    day = fields()
    put_computers_clock(day, timedelta(hours=1))
    day.commit(day.pull().download)
    put_computers_clock(day, -timedelta(hours=1))
    day.bus.times.sleep(600)
    made = day.bus.times.now()
    new_ones(day)
    day.bus.times.sleep(3 * 3600)
    assert day.questions() == ["clock_set_since"]
    assert abs(datetime.fromisoformat(times(day, UNDISTURBED)["LT-3"]) - made) < timedelta(seconds=15)


def test_a_clock_set_after_it_had_lost_its_time_does_not_time_what_was_made_before(fields: MakeField) -> None:
    """At the pull before it told none; a scan that would be older than that pull was made by that clock."""
    day = fields()
    day.scanner.clock_weak = True
    day.commit(day.pull().download, AT_DOWNLOAD)
    day.scanner.clock_weak = False
    day.scanner.clock_offset -= timedelta(days=300)
    new_ones(day)
    day.bus.times.sleep(60)
    set_right(day)
    assert day.questions() == ["clock_set_since"]


def test_a_clock_set_since_is_no_question_where_no_row_is_left(fields: MakeField) -> None:
    """Cards alone have no time, and what is left out has none either: the scanner can be cleared."""
    day = fields(scans=())
    slow(day, 37)
    set_right(day)
    new_ones(day)
    day.bus.times.sleep(7200)
    day.pull()
    out = Answers(left_out=(LeftOut(10, "typed by hand"), LeftOut(11, "typed by hand")))
    assert day.clear(out).scans == 11


def test_a_scan_that_is_gone_makes_those_after_it_no_new_ones(fields: MakeField) -> None:
    """They are known by their times: whether a clock was set since the first download is no question about them."""
    day = fields()
    day.bus.times.sleep(3600)
    day.pull()
    gone = next(index for index, record in enumerate(day.scanner.records) if b"LT-1" in record)
    del day.scanner.records[gone]
    day.bus.times.sleep(86400)
    day.scan(BEGIN, event("SCAN"), slot("CASE-01", 3), "LT-3")
    asked = day.questions()
    assert "pulled_and_gone" in asked
    assert not {"clock_set_since", "clock_set_between"} & {*asked}


def test_one_scan_that_a_clock_was_set_around_is_named_as_one(fields: MakeField) -> None:
    """A sentence about one scan does not speak of scans from that one to itself."""
    day = fields(scans=MORNING[:-1])
    day.pull()
    day.bus.times.sleep(60)
    day.scan("LT-3")
    day.scanner.clock_offset -= timedelta(minutes=37)
    day.bus.times.sleep(60)
    _, plan = day.preview(day.pull().download)
    since = [each.message for each in plan.problems if each.code == "clock_set_since"]
    assert [each.partition(" made")[0] for each in since] == ["Scan 7 was"]


def test_whether_cards_still_hold_is_asked_whatever_is_answered_about_the_clock(fields: MakeField) -> None:
    """A clock off by an odd amount, and an asset two days after its cards: one question answers no other one."""
    day = fields(scans=())
    day.scanner.clock_offset -= timedelta(minutes=37)
    day.scan(BEGIN, event("SCAN"), "LT-1")
    day.bus.times.sleep(2 * 86400)
    day.scan("LT-2")
    assert set(day.questions()) == {"clock_far_off", "context_old"}
    assert day.questions(AT_DOWNLOAD) == ["context_old"]
    assert day.questions(UNDISTURBED) == ["context_old"]
    with pytest.raises(errors.BatchHasProblems):
        day.commit(day.pull().download, AT_DOWNLOAD)
    assert day.questions(AT_DOWNLOAD.answering(4, taken=True)) == []


@pytest.mark.parametrize("days", [-3, -30, -9000])
def test_a_clock_put_back_after_the_cards_is_asked_about_whatever_is_answered(fields: MakeField, days: int) -> None:
    """A clock that was reset tells no pause; nobody is taken for whoever scanned before it."""
    day = fields(scans=(BEGIN, event("SCAN"), "LT-1"))
    day.bus.times.sleep(2 * 86400)
    day.scanner.clock_offset += timedelta(days=days)
    day.scan("LT-2")
    for answers in (NOTHING, AT_DOWNLOAD, UNDISTURBED):
        assert "context_jump" in day.questions(answers)


def pulled_ahead(day: Field, by: timedelta) -> Download:
    """Pull by a computer whose clock is ahead, put that right, and lose what the scanner held."""
    put_computers_clock(day, by)
    download = day.pull().download
    put_computers_clock(day, -by)
    day.scanner.records.clear()
    return download


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(minutes=37), timedelta(days=400)])
def test_a_download_of_a_time_to_come_can_have_the_time_of_its_commit(fields: MakeField, ahead: timedelta) -> None:
    """The computer's clock was ahead when it was pulled: it says until when it waits, and what can be said instead."""
    day = fields()
    download = pulled_ahead(day, ahead)
    _, plan = day.preview(download)
    asked = [each for each in plan.problems if each.code != "clock_far_off"]
    assert [each.code for each in asked] == ["pulled_ahead"]
    until = datetime.fromisoformat(download.pulled_at) - timedelta(minutes=5)
    assert f"from {until:%Y-%m-%d %H:%M} UTC on" in asked[0].message
    batch, shown = day.preview(download, AT_DOWNLOAD)
    assert shown.valid
    assert {row[1] for row in batch.rows()} == {f"{utc_text(day.bus.times.now())[:19]}Z"}
    assert [each.code for each in shown.notices if each.code.startswith("time_of")] == ["time_of_commit"] * 2
    day.bus.times.sleep(60)
    options = msgspec.structs.replace(LAPTOP, only_new=False)
    receipt = day.downloads.commit_download(download, AT_DOWNLOAD, options, confirm=shown.confirm_code)
    assert receipt.committed == 2
    assert day.preview(download, AT_DOWNLOAD)[0].is_recorded
    assert day.verified()


def test_a_download_of_a_time_to_come_waits_until_that_time(fields: MakeField) -> None:
    """From then on nothing tells that the clock was ahead; what was pulled a little ahead is asked nothing."""
    day = fields()
    download = pulled_ahead(day, timedelta(hours=1))
    day.bus.times.sleep(3500)
    assert day.preview(download)[1].valid
    other = fields()
    assert other.preview(pulled_ahead(other, timedelta(minutes=4)), UNDISTURBED)[1].valid


def test_a_download_of_a_time_to_come_is_no_question_where_no_row_is_left(fields: MakeField) -> None:
    """Cards and what is left out have no time."""
    day = fields(scans=(BEGIN, event("SCAN"), "LT-1"))
    download = pulled_ahead(day, timedelta(hours=1))
    out = NOTHING.answering(3, left_out="typed by hand")
    assert [each.code for each in day.preview(download, out)[1].problems] == []


def test_an_earlier_download_of_a_time_to_come_gives_no_scan_its_time(fields: MakeField) -> None:
    """Pulled once more since the computer's clock was put right, scans without a time have that of the later pull."""
    day = fields(Fault("no-stamps"), scans=untimed("LT-1"))
    put_computers_clock(day, timedelta(hours=1))
    day.pull()
    put_computers_clock(day, timedelta(hours=-1))
    day.bus.times.sleep(60)
    day.scan("LT-2")
    batch, plan = day.preview(later := day.pull().download, AT_DOWNLOAD)
    assert plan.valid
    assert {row[1][:19] for row in batch.rows()} == {later.pulled_at[:19]}
