"""A download that will never be committed: left out whole, out of the way, and not a byte of it lost."""

import pytest

from assettrack.domain import download_errors, errors
from assettrack.domain.entries.scanner import ScannerClearedEntry
from assettrack.domain.left_out_scans import left_out_scans
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.scanner.emulator import Unit
from assettrack.services import kept_downloads, leaving_out
from assettrack.services.stored_entries import entry_at
from tests.domain.trial_scans import event
from tests.services.field import MORNING, Field, MakeField, desk_of, untimed
from tests.services.test_earlier_scans import commit as commit_file
from tests.services.test_earlier_scans import filed
from tests.services.test_told_before import ANEW, SAME


def left_out(day: Field, reason: str = "a trial") -> leaving_out.LeftOutReceipt:
    """Leave what was pulled last out whole."""
    return leaving_out.leave_out(day.workplace, day.downloads, day.spool.downloads()[-1], reason)


def states(day: Field) -> list[str]:
    """What became of each download, the newest first."""
    return [each.state for each in kept_downloads.kept_downloads(day.workplace, desk_of(day), 9)[0]]


def test_a_download_is_left_out_whole_once_and_may_be_committed_all_the_same(fields: MakeField) -> None:
    """The file stays as it is, the log has one entry with the reason, and a commit of it counts for more."""
    day = fields()
    download = day.pull().download
    seq = day.desk.log_size + 1
    done = left_out(day)
    assert (done.download, done.scans, done.seq, done.already_left_out) == (download.name, len(MORNING), seq, False)
    again = left_out(day, "another reason")
    assert (again.seq, again.reason, again.already_left_out) == (done.seq, "a trial", True)
    assert (states(day), day.spool.downloads()) == (["left_out"], [download])
    assert day.commit(download).committed == 2
    assert (states(day), day.verified()) == (["committed"], True)


def test_the_latest_download_of_another_scanner_is_meant_then(fields: MakeField) -> None:
    """Left out whole, a trial with another scanner stops no command that names none; alone, it is not meant either."""
    day = fields()
    trial = day.pull().download
    left_out(day)
    with pytest.raises(download_errors.DownloadDealtWith, match="left out whole"):
        kept_downloads.latest_download(day.workplace, desk_of(day))
    day.scanner.unit = Unit(serial_field=bytes.fromhex("0000000000424242"))
    mine = day.pull().download
    assert mine.serial != trial.serial
    found = kept_downloads.latest_download(day.workplace, desk_of(day))
    assert found is not None
    assert found.name == mine.name


def test_what_is_dealt_with_is_not_left_out_whole(fields: MakeField) -> None:
    """Of a download that was committed, and of one that the scanner was cleared of, that would not be true."""
    day = fields()
    day.commit(day.pull().download)
    with day.desk.unchanged(), pytest.raises(download_errors.DownloadDealtWith, match="batch 1"):
        left_out(day)
    day.clear()
    with day.desk.unchanged(), pytest.raises(errors.RefusedError):
        left_out(day)
    cards = fields(scans=MORNING[:2])
    cards.pull()
    cards.clear()
    with cards.desk.unchanged(), pytest.raises(download_errors.DownloadDealtWith, match="cleared of it"):
        left_out(cards)


def test_the_scanner_is_cleared_of_what_is_left_out_whole(fields: MakeField) -> None:
    """The clear needs no other answer, and its entry says of each scan that it was left out, and why."""
    day = fields(scans=("LT-1", "<b>"))
    day.pull()
    left_out(day)
    cleared = day.clear()
    assert (cleared.scans, cleared.batches, day.scanner.records) == (2, (), [])
    with day.desk.store.read() as snapshot:
        answers = entry_at(snapshot, cleared.seq, ScannerClearedEntry).answers
    assert [(each.number, each.reason) for each in answers.left_out] == [(1, "a trial"), (2, "a trial")]
    assert (states(day), day.verified()) == (["cleared"], True)


def test_what_was_said_of_single_scans_before_goes_first_when_it_is_cleared(fields: MakeField) -> None:
    """One scan was left out by hand, then the whole download: each keeps its own reason, and the clear asks nothing."""
    day = fields()
    day.pull()
    left_out(day)
    by_hand = LeftOut(3, "another reason")
    assert day.clear(Answers(left_out=(by_hand,))).batches == ()
    with day.desk.store.read() as snapshot:
        entry = entry_at(snapshot, snapshot.log_size, ScannerClearedEntry)
    others = {LeftOut(number, "a trial") for number in range(1, len(MORNING) + 1) if number != 3}
    assert set(entry.answers.left_out) == others | {by_hand}


def test_a_later_download_does_not_wait_for_what_is_left_out_whole(fields: MakeField) -> None:
    """Its scans are gone from the scanner, and nobody is asked about that; what is still told is as before."""
    day = fields()
    day.pull()
    gone = day.scanner.records.pop(3)
    assert gone
    day.scan("LT-3")
    assert "pulled_and_gone" in day.questions()
    first = day.spool.downloads()[0]
    leaving_out.leave_out(day.workplace, day.downloads, first, "a trial")
    assert "pulled_and_gone" not in day.questions()
    rows = day.preview(day.pull().download, Answers())[0].settled
    assert rows.batches == {}


def test_a_download_of_which_a_batch_has_all_scans_is_not_left_out_whole(fields: MakeField) -> None:
    """Be it the batch of a later download that went on with it, or that of a file: the log would not say what is so."""
    day = fields()
    first = day.pull().download
    day.scan("LT-3")
    day.commit(day.pull().download, Answers(operator="kim", event_type="SCAN"))
    with (
        day.desk.unchanged(),
        pytest.raises(download_errors.DownloadDealtWith, match="scans are dealt with in batch 1"),
    ):
        leaving_out.leave_out(day.workplace, day.downloads, first, "a trial")
    other = fields()
    download = other.pull().download
    commit_file(other, filed(other, download))
    with (
        other.desk.unchanged(),
        pytest.raises(download_errors.DownloadDealtWith, match="scans are dealt with in batch 1"),
    ):
        left_out(other)


def test_what_a_batch_has_of_what_is_left_out_whole_is_said_to_stay(fields: MakeField) -> None:
    """Only what no batch has is left out: the rest is named with its batch, at a repeat too."""
    day = fields()
    day.commit(day.pull().download)
    day.scan("LT-3")
    day.pull()
    for _ in range(2):
        assert [each.named for each in left_out(day).stay] == ["scan 4, LT-1 (batch 1)", "scan 6, LT-2 (batch 1)"]
    assert day.clear().batches == (1,)
    assert day.verified()


def test_what_was_left_out_whole_and_is_told_again_is_asked_about(fields: MakeField) -> None:
    """As the same scans they stay left out, each for the reason of then; what was scanned since is recorded."""
    day = fields()
    first = day.pull().download
    left_out(day)
    day.scan(*untimed("LT-3"))
    download = day.pull().download
    batch, plan = day.preview(download)
    assert [each.code for each in plan.problems] == ["left_out_then"]
    named = f"scan 4, LT-1 (with {first.name}, because: a trial); scan 6, LT-2 (with {first.name}, because: a trial)."
    assert named in batch.problems[0].message
    with pytest.raises(errors.BatchHasProblems):
        day.commit(download)
    batch, plan = day.preview(download, SAME)
    assert (plan.problems, [row[0] for row in batch.rows()]) == ([], ["LT-3"])
    own = day.preview(download, Answers(same_scans=True, left_out=(LeftOut(7, "no end"),)))[0].reading.answers.left_out
    assert [(each.number, each.reason) for each in own if each.number > 5] == [(6, "a trial"), (7, "no end")]
    kim = Answers(operator="kim", same_scans=True)
    assert day.commit(download, kim).committed == 1
    again = day.preview(download)[0]
    assert [each.named for each in left_out_scans(again)] == [
        "scan 4, LT-1 (in batch 1, because: a trial)",
        "scan 6, LT-2 (in batch 1, because: a trial)",
    ]
    assert day.commit(download, kim).already_committed
    with pytest.raises(download_errors.LeftOutBefore):
        day.commit(download, Answers(operator="ann", same_scans=True))
    day.scan("LT-4")
    assert day.commit(day.pull().download, Answers(same_scans=True)).committed == 1
    assert day.clear().batches == (1, 2)
    assert (sorted(day.places()), day.verified()) == (["LT-3", "LT-4"], True)


def test_what_was_left_out_whole_is_taken_only_on_being_asked(fields: MakeField) -> None:
    """Left out again nothing is asked, nor where the download was committed by its name; made anew they are rows.

    The one is asked about by its name too where the other, of which they are as well, is left out whole.
    """
    day = fields(scans=untimed("LT-1", "LT-2"))
    first = day.pull().download
    left_out(day)
    day.scan("LT-3")
    again = Answers(left_out=(LeftOut(3, "once more"), LeftOut(4, "once more")))
    assert day.questions(again) == []
    later = day.pull().download
    assert [row[0] for row in day.preview(later, ANEW)[0].rows()] == ["LT-1", "LT-2", "LT-3"]
    leaving_out.leave_out(day.workplace, day.downloads, later, "a trial too")
    assert [each.code for each in day.preview(first)[1].problems] == ["left_out_then"]
    assert day.commit(first, ANEW).committed == 2
    assert day.questions() == []
    assert day.commit(later).committed == 1
    assert day.verified()


def test_the_scanner_is_cleared_of_what_was_told_again(fields: MakeField) -> None:
    """The entry of the clear has the reason of each, so that none of them is a row after it."""
    day = fields(scans=(*untimed("LT-1", "LT-2"), "<b>"))
    day.pull()
    left_out(day)
    day.scan(event("ISSUE"))
    download = day.pull().download
    assert "take_unasked" in day.questions(Answers(same_scans=True, taken=(3,)))
    assert day.questions() == ["left_out_then", "not_understood"]
    assert not day.preview(download, SAME)[0].numbers
    cleared = day.clear(SAME)
    assert (cleared.batches, day.scanner.records) == ((), [])
    batch = day.preview(download)[0]
    assert (batch.numbers, len(left_out_scans(batch))) == ([], 3)
