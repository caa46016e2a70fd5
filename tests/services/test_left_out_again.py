"""Scans that were left out in no batch, with a whole download or with a clear: asked about wherever they come again."""

import msgspec
import pytest

from assettrack.domain import download_errors, errors
from assettrack.domain.downloads import Download
from assettrack.domain.entries.scanner import ScannerClearedEntry
from assettrack.domain.left_out_scans import left_out_scans
from assettrack.domain.plans import Plan
from assettrack.domain.pulled_batch import PulledBatch
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.emulator import EmulatedScanner
from assettrack.services import leaving_out, scan_files
from assettrack.services.downloads import with_reading
from assettrack.services.scan_files import SaidOfFile
from assettrack.services.stored_entries import entry_at
from tests.domain.trial_scans import end, event
from tests.services.field import AT_DOWNLOAD, LAPTOP, MORNING, Field, MakeField, untimed
from tests.services.test_earlier_scans import (
    ANEW,
    MINUTES,
    SAME,
    SECONDS,
    SET_RIGHT,
    TWO,
    codes,
    filed,
    off_by,
    read,
    rows_of,
)
from tests.services.test_earlier_scans import commit as commit_file
from tests.services.test_leaving_out import left_out
from tests.services.test_told_before import put_away

BEGIN = MORNING[0]
OUT = ["left_out_then"]
WITHOUT_4 = Answers(left_out=(LeftOut(4, "not ours"),))


def meant(day: Field, download: Download, answers: Answers | None = None) -> list[str]:
    """Return what each scan of a download was read as, in a word."""
    return [each.said for each in day.preview(download, answers)[0].meanings]


@pytest.mark.parametrize("is_cleared", [False, True])
@pytest.mark.parametrize(("line", "off"), [(SECONDS, 0), (MINUTES, 0), (SET_RIGHT, 124)])
def test_what_was_left_out_whole_is_asked_about_when_a_file_tells_it(
    fields: MakeField, line: str, off: int, *, is_cleared: bool
) -> None:
    """As the same scans they stay left out, for the reason of then, and there is nothing to commit; anew they are rows.

    It is so before the scanner is cleared and after, and however the program that wrote the file tells times.
    """
    day = fields(scans=())
    off_by(day, 120)
    day.scan(*TWO)
    download = day.pull().download
    found = filed(day, download, line=line, off=off)
    left_out(day)
    if is_cleared:
        day.clear()
    batch, plan = read(day, found)
    assert codes(plan) == OUT
    named = f"scan 3, LT-1 (with {download.name}, because: a trial); scan 4, LT-2 (with {download.name},"
    assert named in batch.problems[0].message
    with pytest.raises(errors.BatchHasProblems):
        commit_file(day, found)
    batch, plan = read(day, found, SAME)
    assert (codes(plan), batch.numbers) == (["file_makes_no_row"], [])
    assert [(each.number, each.reason) for each in left_out_scans(batch)] == [(3, "a trial"), (4, "a trial")]
    assert commit_file(day, found, ANEW).committed == 2
    assert codes(read(day, found)[1]) == []
    assert day.verified()


@pytest.mark.parametrize("is_lost", [False, True])
def test_what_was_left_out_whole_is_asked_about_when_the_scanner_tells_it_after_a_clear(
    fields: MakeField, *, is_lost: bool
) -> None:
    """Its memory may come back. The log knows these scans without the kept file too."""
    day = fields(scans=(*untimed("LT-1", "LT-2"), end(2)))
    name = left_out_name(day)
    records = list(day.scanner.records)
    day.clear()
    day.scanner.records[:] = records
    if is_lost:
        put_away(day)
    day.scan(*untimed("LT-3"))
    download = day.pull().download
    (asked,) = day.preview(download)[1].problems
    assert asked.code == "left_out_then"
    assert f"scan 3, LT-1 (with {name}, because: a trial); scan 4" in asked.message
    batch = day.preview(download, SAME)[0]
    assert ([row[0] for row in batch.rows()], meant(day, download, SAME)[4]) == (["LT-3"], "left out")
    assert [row[0] for row in day.preview(download, ANEW)[0].rows()] == ["LT-1", "LT-2", "LT-3"]
    assert day.commit(download, SAME).committed == 1
    assert (rows_of(day), day.verified()) == ({"LT-3": 1}, True)


def left_out_name(day: Field) -> str:
    """Pull, leave that out whole, and return its name."""
    day.pull()
    return left_out(day).download


def test_what_was_left_out_with_a_clear_is_asked_about_wherever_it_comes_again(fields: MakeField) -> None:
    """In a file, when it is told again, and in an earlier download: only that one scan, for the others are recorded."""
    day = fields(scans=())
    off_by(day, 0)
    day.scan(*untimed("LT-1"))
    day.commit(day.pull().download)
    day.scan("LT-2")
    older = day.pull().download
    day.scan(event("ISSUE"))
    download = day.pull().download
    records, found = list(day.scanner.records), filed(day, download)
    cleared = day.clear(WITHOUT_4)
    with day.desk.store.read() as snapshot:
        entry = entry_at(snapshot, cleared.seq, ScannerClearedEntry)
    assert (entry.batches, len(entry.stamps), entry.clock_off) == ((1,), 12 * 5, 0)
    named = f"rows now: scan 4, LT-2 (with {download.name}, because: not ours)."
    for problems in (read(day, found)[0].problems, day.preview(older)[0].problems):
        assert [each.code for each in problems] == OUT
        assert named in problems[0].message
    assert codes(read(day, found, SAME)[1]) == []
    day.scanner.records[:] = records
    day.bus.times.sleep(600.37)
    day.scan(*untimed("LT-3"))
    assert day.questions() == ["told_before", "left_out_then"]
    assert day.commit(day.pull().download, SAME).committed == 1
    assert (rows_of(day), day.verified()) == ({"LT-1": 1, "LT-3": 1}, True)


def test_a_clear_that_leaves_nothing_out_says_no_more_than_before(fields: MakeField) -> None:
    """Its entry is as it ever was."""
    day = fields()
    day.commit(day.pull().download)
    cleared = day.clear()
    with day.desk.store.read() as snapshot:
        entry = entry_at(snapshot, cleared.seq, ScannerClearedEntry)
    assert (entry.stamps, entry.clock_off) == ("", None)


@pytest.mark.parametrize("fault", ["no-stamps", "clock-weak"])
def test_without_times_any_equal_scan_may_be_one_that_was_left_out_whole(fields: MakeField, fault: str) -> None:
    """One was deleted on the scanner: the rest is not recorded in silence, and nothing is asked about what is new."""
    day = fields(Fault(fault), scans=untimed("LT-1", "LT-2"))
    name = left_out_name(day)
    del day.scanner.records[2]
    day.scan("LT-3", "LT-2")
    download = day.pull().download
    (asked,) = day.preview(download, AT_DOWNLOAD)[1].problems
    assert asked.code == "left_out_then"
    assert f"rows now: scan 3, LT-2 (with {name}, because: a trial). What" in asked.message
    same, anew = (Answers(untimed_at_download=True, same_scans=each, scanned_anew=not each) for each in (True, False))
    assert [row[0] for row in day.preview(download, same)[0].rows()] == ["LT-3", "LT-2"]
    assert [row[0] for row in day.preview(download, anew)[0].rows()] == ["LT-2", "LT-3", "LT-2"]
    assert day.commit(download, same).committed == 2
    assert day.verified()


def test_a_clock_that_stands_still_tells_nothing_after_a_clear(fields: MakeField) -> None:
    """Whoever scans the same once more is asked no more than about batches, unless it is all the same to the byte."""
    day = fields(scans=())
    day.scan(*untimed("LT-1", "LT-2"), apart=0)
    left_out_name(day)
    records = list(day.scanner.records)
    day.clear()
    day.bus.times.sleep(60)
    day.scanner.records[:] = records[:3]
    assert "left_out_then" not in day.questions(AT_DOWNLOAD)
    day.scanner.records[:] = records
    assert "left_out_then" in day.questions(AT_DOWNLOAD)


def test_another_scanner_tells_other_scans(fields: MakeField) -> None:
    """Two people may scan the same code in the same second."""
    day = fields(scans=())
    day.scan(*TWO)
    left_out_name(day)
    records = list(day.scanner.records)
    for name in day.bus.names():
        day.bus.gone(name)
    day.scanner = EmulatedScanner(day.bus.times, None, ())
    day.scanner.unit = type(day.scanner.unit)(serial_field=bytes.fromhex("0000000000424242"))
    day.scanner.records[:] = records
    day.bus.plug(day.scanner)
    assert day.questions() == []


def test_a_download_that_is_named_takes_what_it_alone_has(fields: MakeField) -> None:
    """What another one has that was left out whole is asked about, for nobody named that one."""
    day = fields(scans=untimed("LT-1"))
    first = left_out_name(day)
    day.scan("LT-2")
    download = day.pull().download
    code = day.preview(download, SAME)[1].confirm_code
    left_out(day, "a trial too")
    (asked,) = day.preview(download)[1].problems
    assert asked.code == "left_out_then"
    assert f"rows now: scan 3, LT-1 (with {first}, because: a trial). What" in asked.message
    with pytest.raises(errors.BatchHasProblems):
        day.commit(download)
    assert day.downloads.commit_download(download, SAME, LAPTOP, confirm=code).committed == 1
    assert (rows_of(day), day.verified()) == ({"LT-2": 1}, True)


def test_what_was_committed_all_the_same_counts_instead(fields: MakeField) -> None:
    """Its file is no trial any more: nothing is asked of it but what is asked of any batch."""
    day = fields(scans=())
    off_by(day, 0)
    day.scan(*untimed("LT-1", "LT-2"))
    left_out_name(day)
    download = day.pull().download
    day.commit(download)
    assert codes(read(day, filed(day, download))[1]) == []
    assert commit_file(day, filed(day, download)).already_committed


def test_a_file_is_judged_by_what_was_left_out_since_it_was_looked_at(fields: MakeField) -> None:
    """Under the write lock, once more: nothing that was left out meanwhile is recorded."""
    day = fields(scans=())
    day.scan(*TWO)
    download = day.pull().download
    found = filed(day, download)
    batch = scan_files.batch_of(day.workplace, found, SaidOfFile())
    plan = scan_files.preview_file(day.workplace, batch, with_reading(LAPTOP, batch))
    leaving_out.leave_out(day.workplace, day.downloads, download, "a trial")
    with day.desk.unchanged(), pytest.raises(errors.BatchHasProblems):
        scan_files.commit_file(
            day.workplace, batch, "SCANNED.TXT", with_reading(LAPTOP, batch), confirm=plan.confirm_code
        )


def test_a_download_says_of_itself_that_it_was_left_out_whole(fields: MakeField) -> None:
    """When, why and by which entry, for as long as it is not committed all the same."""
    day = fields()
    download = day.pull().download
    assert "left_out_whole" not in [each.code for each in day.preview(download)[1].notices]
    done = left_out(day)
    (said,) = [each for each in day.preview(download)[1].notices if each.code == "left_out_whole"]
    when = f"{day.bus.times.now():%Y-%m-%d %H:%M} UTC"
    assert f"{download.name} was left out whole on {when}, by entry {done.seq} of the log, because: a trial." in (
        said.message
    )
    day.commit(download)
    assert "left_out_whole" not in [each.code for each in day.preview(download)[1].notices]


@pytest.mark.parametrize("is_one_deleted", [False, True])
def test_what_a_later_pull_settled_can_not_be_committed_by_its_name(fields: MakeField, *, is_one_deleted: bool) -> None:
    """The download says so of itself: of all of it, or of how much, and that the rest still counts by its name."""
    day = fields(scans=untimed("LT-1", "LT-2"))
    left_out_name(day)
    download = day.spool.downloads()[0]

    def said() -> str:
        (found,) = [each for each in day.preview(download)[1].notices if each.code == "left_out_whole"]
        return found.message.split("because: a trial. ")[1]

    assert said() == "If it is committed all the same, by its name, that counts instead."
    del day.scanner.records[4 - is_one_deleted :]
    day.scan("LT-3")
    assert day.commit(day.pull().download, Answers(same_scans=True, gaps_looked_at=True)).committed == 1
    stay = "of its scans are dealt with in batch 1, and stay as they are there."
    if is_one_deleted:
        assert said() == f"3 {stay} If the rest is committed all the same, by its name, that counts instead."
        assert day.commit(download, Answers(gaps_looked_at=True)).committed == 1
    else:
        assert said() == f"All {stay}"
        assert day.commit(download).already_committed


def test_answers_beside_what_stays_left_out_are_kept(fields: MakeField) -> None:
    """What a file settled takes no other answer; what was left out in no batch may be left out for another reason."""
    day = fields(scans=())
    off_by(day, 5)
    day.scan(*untimed("LT-1", "LT-2"))
    found = filed(day, day.pull().download)
    left_out(day)
    said = Answers(same_scans=True, left_out=(LeftOut(3, "torn"),))
    assert [(each.number, each.reason) for each in left_out_scans(read(day, found, said)[0])] == [
        (3, "torn"),
        (4, "a trial"),
    ]
    commit_file(day, found, Answers(scanned_anew=True, left_out=(LeftOut(4, "not ours"),)))
    (asked,) = read(day, found)[0].problems
    assert asked.code == "left_out_then"
    assert "rows now: scan 4, LT-2 (in batch 1, because: not ours). What" in asked.message
    with pytest.raises(download_errors.AnswersTooLate):
        read(day, found, said)


def test_what_was_committed_all_the_same_is_told_again_as_a_batch_has_it(fields: MakeField) -> None:
    """After a clear too: it is asked about as recorded, and not as left out before."""
    day = fields(scans=untimed("LT-1", "LT-2"))
    left_out_name(day)
    day.commit(day.pull().download)
    records = list(day.scanner.records)
    day.clear()
    day.scanner.records[:] = records
    day.scan(*untimed("LT-3"))
    assert day.questions() == ["told_before"]
    (asked,) = day.preview(day.pull().download, ANEW)[0].reading.asked
    assert "dealt with in batch 1. Are they" in asked


def test_of_several_that_were_left_out_whole_the_first_one_counts(fields: MakeField) -> None:
    """Its scans have its reason, and those that came after it that of the next."""
    day = fields(scans=untimed("LT-1"))
    left_out_name(day)
    day.scan("LT-2")
    day.pull()
    left_out(day, "another trial")
    day.scan("LT-3")
    batch = day.preview(day.pull().download, SAME)[0]
    assert [each.named for each in left_out_scans(batch)] == [
        "scan 3, LT-1 (because: a trial)",
        "scan 4, LT-2 (because: another trial)",
    ]


def test_what_a_batch_settled_is_left_out_no_second_time(fields: MakeField) -> None:
    """The label of a slot that a batch dealt with is none of what a later one says to be left out."""
    day = fields(scans=MORNING[:4])
    left_out_name(day)
    day.scan("LT-2")
    day.commit(day.pull().download, Answers(same_scans=True, taken=(5,)))
    day.scan("LT-3")
    left_out_name(day)
    day.scan("LT-4")
    answers = day.preview(day.pull().download, SAME)[0].reading.answers
    assert answers.left_out == (LeftOut(6, "a trial"),)


def test_a_label_whose_asset_was_deleted_on_the_scanner_is_for_the_next_one(fields: MakeField) -> None:
    """Nothing that was left out is told again then, and the answer about other scans says nothing of the label."""
    day = fields(scans=MORNING[:4])
    left_out_name(day)
    del day.scanner.records[3]
    day.scan("LT-9")
    download = day.pull().download
    assert codes(day.preview(download, SAME)[1]) == []
    day.commit(download, SAME)
    assert day.places() == {"LT-9": "CASE-01 slot 1"}


def test_what_a_batch_left_out_keeps_the_reason_of_then(fields: MakeField) -> None:
    """Whatever is said beside it now: it was settled with that one."""
    day = fields(scans=())
    off_by(day, 0)
    day.scan(*untimed("LT-1", "LT-2"))
    download = day.pull().download
    day.commit(download, WITHOUT_4)
    said = Answers(same_scans=True, left_out=(LeftOut(4, "torn"),))
    batch = read(day, filed(day, download), said)[0]
    assert batch.reading.answers.left_out == (LeftOut(4, "torn"),), "nothing is asked about it"
    batch = read(day, filed(day, download, last=2), Answers(operator="kim", event_type="SCAN", same_scans=True))[0]
    assert batch.reading.answers.left_out == (LeftOut(2, "not ours"),)


@pytest.mark.parametrize("is_file_first", [True, False])
def test_a_scan_that_the_other_way_recorded_is_not_left_out_unasked(fields: MakeField, *, is_file_first: bool) -> None:
    """It is a row already, and nobody is told to write one for it: the same scan stays recorded, one made anew goes."""
    day = fields(scans=())
    off_by(day, 0)
    day.scan(*TWO)
    download = day.pull().download
    found = filed(day, download)
    without = Answers(left_out=(LeftOut(3, "was wrong"), LeftOut(5, "no end")))
    same, anew = (msgspec.structs.replace(without, same_scans=each, scanned_anew=not each) for each in (True, False))

    def told(answers: Answers) -> tuple[PulledBatch, Plan]:
        return day.preview(download, answers) if is_file_first else read(day, found, answers)

    if is_file_first:
        commit_file(day, found)
    else:
        day.commit(download)
    batch, plan = told(without)
    assert codes(plan)[:1] == ["told_both_ways"]
    assert "1 of them, such as scan 3, would not be the same rows now" in batch.problems[0].message
    with pytest.raises(download_errors.AnswersTooLate, match="Scan 3, 5 was dealt with in batch 1"):
        told(same)
    assert "LT-1" in [each.text for each in left_out_scans(told(anew)[0])]
