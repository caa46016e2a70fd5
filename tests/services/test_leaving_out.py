"""A download that will never be committed: left out whole, out of the way, and not a byte of it lost."""

import pytest

from assettrack.domain import download_errors, errors
from assettrack.domain.entries.scanner import ScannerClearedEntry
from assettrack.domain.scan_answers import Answers
from assettrack.scanner.emulator import Unit
from assettrack.services import kept_downloads, leaving_out
from assettrack.services.stored_entries import entry_at
from tests.services.field import MORNING, Field, MakeField, desk_of


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
