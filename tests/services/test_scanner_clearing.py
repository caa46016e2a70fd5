"""Clearing: of exactly what is proven to be dealt with, and with an entry."""

import errno
import os
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from assettrack.domain import download_errors, errors, scanner_errors, station_errors
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.entries.scanner import ScannerClearedEntry
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.scanner.emulated_faults import Fault
from assettrack.services import scanner_care
from assettrack.services.stored_entries import entry_at
from assettrack.station.spool import CLEARING
from tests.domain.trial_scans import event
from tests.services.field import AT_DOWNLOAD, MORNING, Field, MakeField, desk_of, untimed
from tests.services.test_damaged_receipts import tamper
from tests.services.test_leaving_out import left_out

BEGIN = MORNING[0]
ROUND = untimed("LT-1", "LT-2")


def dealt_with(day: Field, *, is_left_out: bool) -> None:
    """Pull what the scanner holds, and commit it or leave it out whole."""
    download = day.pull().download
    if is_left_out:
        left_out(day)
    else:
        day.commit(download, AT_DOWNLOAD)


def cut_off(day: Field) -> None:
    """Clear the scanner by a program that ends before it can write the entry of it."""
    with pytest.MonkeyPatch.context() as meanwhile:
        meanwhile.setattr("assettrack.domain.scanner_deeds.record_cleared", ended)
        with pytest.raises(KeyboardInterrupt):
            day.clear()
    assert day.scanner.records == []


def ended(*_arguments: object) -> None:
    """End the program."""
    raise KeyboardInterrupt


def full(*_arguments: object, **_more: object) -> None:
    """Find no room on the disk."""
    raise OSError(errno.ENOSPC, "no room")


@pytest.mark.parametrize("is_left_out", [False, True])
@pytest.mark.parametrize("fault", ["no-stamps", "clock-weak"])
def test_a_round_equal_to_the_byte_after_a_clear_is_pulled_first(
    fields: MakeField, fault: str, *, is_left_out: bool
) -> None:
    """The log says that the scanner was cleared of it: what it holds is new, and is neither committed nor left out."""
    day = fields(Fault(fault), scans=ROUND)
    dealt_with(day, is_left_out=is_left_out)
    seq = day.clear().seq
    day.scan(*ROUND)
    with day.desk.unchanged(), pytest.raises(scanner_errors.ScannerClearRefused, match=f"by entry {seq} of the log"):
        day.clear(Answers(same_scans=True))
    assert len(day.scanner.records) == len(ROUND)
    again = day.pull()
    assert again.is_new
    assert day.commit(again.download, Answers(untimed_at_download=True, scanned_anew=True)).committed == 2
    assert day.clear(Answers(scanned_anew=True)).scans == len(ROUND)
    assert day.verified()


def test_a_round_equal_to_one_of_which_the_later_file_is_gone_is_pulled_first(fields: MakeField) -> None:
    """It was cleared with a later download, and the newest that is kept now tells just what the scanner holds."""
    day = fields(Fault("no-stamps"), scans=ROUND)
    day.pull()
    day.scan("LT-3")
    dealt_with(day, is_left_out=False)
    day.clear()
    (day.folder / "assettrack.db.scans" / day.spool.downloads()[-1].name).unlink()
    day.scan(*ROUND)
    for answers in (Answers(same_scans=True), Answers(untimed_at_download=True, same_scans=True, gaps_looked_at=True)):
        with day.desk.unchanged(), pytest.raises(scanner_errors.ScannerClearRefused, match="was scanned since"):
            day.clear(answers)
    assert len(day.scanner.records) == len(ROUND)


def test_a_round_equal_to_one_left_out_whose_later_file_is_gone_is_pulled_first(fields: MakeField) -> None:
    """The log has the clear after what was left out: what is kept was pulled before it, by any clock."""
    day = fields(Fault("no-stamps"), scans=ROUND)
    dealt_with(day, is_left_out=True)
    day.scan("LT-3")
    day.commit(day.pull().download, Answers(untimed_at_download=True, same_scans=True))
    seq = day.clear(Answers(same_scans=True)).seq
    (day.spool.folder / day.spool.downloads()[-1].name).unlink()
    day.scan(*ROUND)
    looked_at = Answers(same_scans=True, gaps_looked_at=True)
    with day.desk.unchanged(), pytest.raises(scanner_errors.ScannerClearRefused, match=f"by entry {seq} of the log"):
        day.clear(looked_at)
    assert len(day.scanner.records) == len(ROUND)


@pytest.mark.parametrize("faults", [(), (Fault("no-stamps"),)])
def test_a_clear_by_a_clock_that_was_ahead_stops_no_later_one(fields: MakeField, faults: tuple[Fault, ...]) -> None:
    """Its file is lost, and only clocks say that it came after what is pulled now: that is cleared once committed."""
    day = fields(*faults, scans=ROUND)
    usual = day.bus.times.now
    with pytest.MonkeyPatch.context() as ahead:
        ahead.setattr(day.bus.times, "now", lambda: usual() + timedelta(days=20))
        dealt_with(day, is_left_out=False)
        day.clear()
    for path in day.spool.folder.iterdir():
        path.unlink()
    day.scan(*ROUND, "LT-3")
    day.pull()
    with pytest.raises(scanner_errors.ScannerClearRefused if faults else download_errors.ClearTooEarly):
        day.clear()
    looked_at = Answers(untimed_at_download=True, gaps_looked_at=True)
    day.commit(day.pull().download, looked_at)
    assert day.pull().is_new == bool(faults)
    assert day.clear(Answers(gaps_looked_at=True, same_scans=True)).scans == len(ROUND) + 1
    assert day.verified()


def test_the_clock_is_set_where_only_a_clock_says_that_the_scanner_was_cleared(fields: MakeField) -> None:
    """What it holds is pulled, and it is not said that it was not."""
    day = fields(scans=ROUND)
    usual = day.bus.times.now
    with pytest.MonkeyPatch.context() as ahead:
        ahead.setattr(day.bus.times, "now", lambda: usual() + timedelta(days=20))
        dealt_with(day, is_left_out=False)
        day.clear()
    for path in day.spool.folder.iterdir():
        path.unlink()
    day.scan(*ROUND)
    latest = day.pull().download
    scanner = day.connected()
    scanner_care.set_clock(day.workplace, scanner, desk_of(day))
    scanner.link.close()
    assert day.spool.downloads()[-1].reply == latest.reply
    assert day.spool.downloads()[-1].clock_before is not msgspec.UNSET


def test_that_a_clear_was_begun_is_looked_for_or_said_to_be_unknown(
    fields: MakeField, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system does not let us look, nothing is cleared."""
    day = fields(Fault("no-stamps"), scans=ROUND)
    dealt_with(day, is_left_out=False)
    usual = Path.stat

    def refused(path: Path, **more: bool) -> os.stat_result:
        if path.name.endswith(CLEARING):
            raise PermissionError(errno.EACCES, "not allowed")
        return usual(path, **more)

    monkeypatch.setattr(Path, "stat", refused)
    with day.desk.unchanged(), pytest.raises(download_errors.SpoolUnusable, match="not allowed"):
        day.clear()
    assert len(day.scanner.records) == len(ROUND)


@pytest.mark.parametrize("is_left_out", [False, True])
def test_a_clear_without_times_that_was_cut_off_clears_no_second_round(fields: MakeField, *, is_left_out: bool) -> None:
    """Nobody can tell whether that clear was done: what is held then is pulled once more, and asked about."""
    day = fields(Fault("no-stamps"), scans=ROUND)
    dealt_with(day, is_left_out=is_left_out)
    cut_off(day)
    day.scan(*ROUND)
    with day.desk.unchanged(), pytest.raises(scanner_errors.ScannerClearRefused, match="begun before"):
        day.clear(Answers(same_scans=True))
    assert len(day.scanner.records) == len(ROUND)
    again = day.pull()
    assert again.is_new
    asked = "left_out_then" if is_left_out else "maybe_anew"
    assert [each.code for each in day.preview(again.download, AT_DOWNLOAD)[1].problems] == [asked]
    assert day.commit(again.download, Answers(untimed_at_download=True, scanned_anew=True)).committed == 2
    assert day.clear(Answers(scanned_anew=True)).scans == len(ROUND)
    assert day.verified()


def test_a_clear_without_times_that_was_cut_off_is_recorded_later(fields: MakeField) -> None:
    """The scanner is empty: the entry is all that is missing, and it is written."""
    day = fields(Fault("no-stamps"), scans=ROUND)
    dealt_with(day, is_left_out=False)
    cut_off(day)
    seq = day.clear().seq
    with day.desk.store.read() as snapshot:
        assert entry_at(snapshot, seq, ScannerClearedEntry).found_empty


def test_without_times_nothing_is_cleared_where_that_it_is_begun_can_not_be_kept(fields: MakeField) -> None:
    """Were the entry missing later too, nobody would know what a second round is."""
    day = fields(Fault("no-stamps"), scans=ROUND)
    dealt_with(day, is_left_out=False)
    with pytest.MonkeyPatch.context() as meanwhile, day.desk.unchanged():
        meanwhile.setattr("assettrack.station.spool.give_name", full)
        with pytest.raises(download_errors.SpoolUnusable):
            day.clear()
    assert len(day.scanner.records) == len(ROUND)


def test_scans_without_times_are_cleared_as_the_same_ones(fields: MakeField) -> None:
    """Where nothing was scanned since, the answer is given with the clear, and stands in its entry."""
    day = fields(Fault("no-stamps"), scans=untimed("LT-1"))
    receipt = day.commit(day.pull().download, AT_DOWNLOAD)
    day.pull()
    same = Answers(same_scans=True)
    cleared = day.clear(same)
    assert cleared.batches == (receipt.batch_id,)
    with day.desk.store.read() as snapshot:
        assert entry_at(snapshot, cleared.seq, ScannerClearedEntry).answers == same


def test_a_download_that_is_left_out_whole_can_be_cleared(fields: MakeField) -> None:
    """Where no scan of it is to count, the answers go with the clear: there is no batch that could have them."""
    day = fields(scans=("<b>",))
    download = day.pull().download
    with pytest.raises(download_errors.ClearTooEarly):
        day.clear()
    left = Answers(left_out=(LeftOut(1, "a torn label"),))
    cleared = day.clear(left)
    assert (cleared.scans, cleared.batches) == (1, ())
    assert [each.said for each in day.preview(download)[0].meanings] == ["left out"]
    assert day.verified()


def test_a_download_of_a_clock_far_off_that_is_left_out_whole_can_be_cleared(fields: MakeField) -> None:
    """Nothing of it has a time, so none is asked for."""
    day = fields(scans=())
    day.scanner.clock_offset -= timedelta(minutes=37)
    day.scan(BEGIN, event("SCAN"), "LT-1", "LT-2")
    day.pull()
    with pytest.raises(download_errors.ClearTooEarly, match="clock"):
        day.clear()
    assert day.clear(Answers(left_out=(LeftOut(3, "typed by hand"), LeftOut(4, "typed by hand")))).scans == 4


def test_a_clear_that_was_cut_off_is_recorded_later(fields: MakeField) -> None:
    """The scanner was cleared and the program ended before its entry: clearing again records it, once."""
    day = fields()
    download = day.pull().download
    day.commit(download)
    scanner = day.connected()
    scanner.clear(download.reply)
    scanner.link.close()
    cleared = day.clear()
    with day.desk.store.read() as snapshot:
        entry = entry_at(snapshot, cleared.seq, ScannerClearedEntry)
    assert (entry.found_empty, entry.scans, entry.left) == (True, len(MORNING), 0)
    again = day.clear()
    assert (again.already_cleared, again.seq) == (True, cleared.seq)


def test_nothing_is_cleared_whose_row_is_gone(fields: MakeField) -> None:
    """The rows themselves are read before the scanner is told to clear, not only the entry of their batch."""
    day = fields()
    receipt = day.commit(day.pull().download)
    tamper(day.desk, f"DELETE FROM audit_log WHERE seq = {receipt.first_seq + 1}")
    with pytest.raises(errors.AssetTrackError, match="gone"):
        day.clear()
    assert len(day.scanner.records) == len(MORNING)


def test_nothing_is_cleared_that_is_not_committed(fields: MakeField) -> None:
    """Before the pull, before the commit and with a scan held, the scanner is not cleared."""
    day = fields()
    for step in (lambda: None, day.pull):
        step()
        with pytest.raises(download_errors.ClearTooEarly):
            day.clear()
    held = fields(scans=("LT-1",))
    held.pull()
    with pytest.raises(download_errors.ClearTooEarly, match="still to be looked at"):
        held.clear()
    assert len(day.scanner.records) == len(MORNING)


def test_a_scan_made_after_the_pull_is_not_cleared(fields: MakeField) -> None:
    """The scanner is looked at before it is cleared: one scan more, and nothing is."""
    day = fields()
    day.commit(day.pull().download)
    day.scan("LT-9")
    with pytest.raises(scanner_errors.ScannerClearRefused):
        day.clear()
    assert len(day.scanner.records) == len(MORNING) + 1


def test_a_clear_that_is_not_done_is_not_recorded(fields: MakeField) -> None:
    """A scanner that says that it cleared and did not is found out, and the log does not say so."""
    day = fields(Fault("clear-ignored"))
    day.commit(day.pull().download)
    with pytest.raises(scanner_errors.ScannerNotCleared):
        day.clear()
    with day.desk.store.read() as snapshot:
        assert list(snapshot.deeds_of_kind("SCANNER_CLEARED")) == []


def test_a_download_of_cards_alone_can_be_cleared(fields: MakeField) -> None:
    """Where no row comes of the scans, there is nothing that a batch would have to hold."""
    day = fields(scans=(BEGIN, event("SCAN")))
    day.pull()
    assert day.clear().batches == ()


def test_answers_go_into_the_log_and_prove_the_commit(fields: MakeField) -> None:
    """What was answered stands in the batch's entry, and it is with these answers that the clear is proven."""
    day = fields(scans=(*MORNING[:-1], "<b>"))
    download = day.pull().download
    answers = Answers(left_out=(LeftOut(7, "a torn label"),))
    day.commit(download, answers)
    with day.desk.store.read() as snapshot:
        reading = entry_at(snapshot, snapshot.all_batches()[-1].first_seq, BatchEntry).options.scanner
    assert reading is not None
    assert reading.answers == answers
    assert day.clear().scans == len(MORNING)
    assert day.verified()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (errors.OperatorUnknown(), "could not be written (Nobody is named as the operator), and nothing was saved."),
        (
            station_errors.CommitUncertain("the disk is full"),
            "may be missing (the disk is full). Either all of it was saved or nothing was saved.",
        ),
    ],
)
def test_a_clear_that_cannot_be_recorded_is_said(
    fields: MakeField, monkeypatch: pytest.MonkeyPatch, error: errors.AssetTrackError, said: str
) -> None:
    """If the entry can't be written after the clear, it is said that nothing is lost; clearing again writes it."""
    day = fields()
    day.commit(day.pull().download)

    def fail(*_arguments: object) -> None:
        raise error

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("assettrack.domain.scanner_deeds.record_cleared", fail)
        with pytest.raises(download_errors.ClearNotLogged) as raised:
            day.clear()
    assert said in str(raised.value)
    assert "a batch" not in str(raised.value)
    assert "clear the scanner once more" in str(raised.value)
    assert day.scanner.records == []
    assert day.clear().scans == len(MORNING)


def test_rows_that_are_known_by_themselves_prove_too(fields: MakeField) -> None:
    """Where the file of the download that was committed is gone, its rows are found in the log all the same."""
    day = fields()
    receipt = day.commit(day.pull().download)
    for path in (day.folder / "assettrack.db.scans").iterdir():
        path.unlink()
    day.bus.times.sleep(60)
    day.pull()
    assert day.clear(Answers(gaps_looked_at=True)).batches == (receipt.batch_id,)
