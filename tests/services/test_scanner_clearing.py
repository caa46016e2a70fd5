"""Clearing: of exactly what is proven to be dealt with, and with an entry."""

from datetime import timedelta

import pytest

from assettrack.domain import download_errors, errors, scanner_errors, station_errors
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.entries.scanner import ScannerClearedEntry
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.scanner.emulated_faults import Fault
from assettrack.services.stored_entries import entry_at
from tests.domain.trial_scans import event
from tests.services.field import AT_DOWNLOAD, MORNING, MakeField, untimed
from tests.services.test_damaged_receipts import tamper

BEGIN = MORNING[0]


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
    with pytest.raises(scanner_errors.ScannerClearRefused):
        day.clear()


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
