"""Reading a scanner that holds nothing: it is said what became of its scans, and what is left to do about its clear."""

from collections.abc import Sequence

import pytest

from assettrack.domain.download_errors import ScannerEmpty
from assettrack.domain.scan_answers import Answers
from assettrack.scanner.emulated_faults import Fault
from assettrack.services import scanner_sessions
from tests.services.field import Field, MakeField, desk_of
from tests.services.test_damaged_downloads import damage
from tests.services.test_earlier_scans import SAME, filed, off_by
from tests.services.test_earlier_scans import commit as commit_file
from tests.services.test_kept_files_lost import two_rounds
from tests.services.test_scanner_clearing import ROUND, cut_off, dealt_with

UNKNOWN = "Check that it is the right one."


def said_of(day: Field) -> ScannerEmpty:
    """Read the scanner, and return what is said of it; nothing is kept or saved by that."""
    scanner = day.connected()
    before = day.spool.downloads()
    try:
        with day.desk.unchanged(), pytest.raises(ScannerEmpty) as refused:
            scanner_sessions.pull(day.workplace, desk_of(day), scanner)
    finally:
        scanner.link.close()
    assert day.spool.downloads() == before
    assert "Nothing was saved." in str(refused.value)
    return refused.value


def test_of_one_that_was_never_here_it_is_asked_whether_it_is_the_right_one(fields: MakeField) -> None:
    """Nothing was pulled from it, so nothing else is known of it."""
    said = said_of(fields(scans=()))
    assert (str(said), said.download) == (f"Scanner 697227 holds no scans. Nothing was saved. {UNKNOWN}", "")


@pytest.mark.parametrize("faults", [(), (Fault("no-stamps"),)])
@pytest.mark.parametrize("is_left_out", [False, True])
def test_of_one_whose_clear_is_not_in_the_log_it_is_said_where_its_scans_are_and_how_that_is_finished(
    fields: MakeField, faults: Sequence[Fault], *, is_left_out: bool
) -> None:
    """The program ended after the command: the clear that it names ends it, and then the entry is named."""
    day = fields(*faults, scans=ROUND)
    dealt_with(day, is_left_out=is_left_out)
    (download,) = day.spool.downloads()
    cut_off(day)
    said = said_of(day)
    how = "left out whole" if is_left_out else "in batch 1"
    assert f"What was pulled from it last, {download.name}, is {how}, and the log has no clear of it." in str(said)
    assert "Complete and log the clear with: assettrack scanner clear." in str(said)
    assert (said.download, UNKNOWN in str(said)) == (download.name, False)
    seq = day.clear().seq
    said = said_of(day)
    assert str(said).startswith(f"Scanner 697227 is cleared already (entry {seq} of the log), it holds no scans.")
    assert (said.download, UNKNOWN in str(said)) == ("", False)


def test_of_one_whose_scans_came_in_a_file_the_batch_of_that_file_is_named(fields: MakeField) -> None:
    """The download became no batch itself, and the scanner can be cleared of it all the same."""
    day = fields(scans=())
    off_by(day, 0)
    day.scan(*ROUND)
    download = day.pull().download
    commit_file(day, filed(day, download))
    day.scanner.records.clear()
    said = said_of(day)
    assert f"{download.name}, is in batch 1, and the log has no clear of it." in str(said)
    assert day.clear(SAME).batches == (1,)


def test_of_one_whose_scans_are_still_to_be_committed_no_clear_is_spoken_of(fields: MakeField) -> None:
    """Somebody deleted them by its keys: what was pulled is there, and no clear would be proven."""
    day = fields(scans=ROUND)
    day.pull()
    day.scanner.records.clear()
    assert str(said_of(day)).endswith(UNKNOWN)


def test_where_nobody_can_tell_what_was_pulled_last_nothing_is_said_of_it(fields: MakeField) -> None:
    """Its kept files are lost: the clear refuses for that, and nothing older is named as the last."""
    day = fields(Fault("no-stamps"), scans=())
    two_rounds(day)
    assert str(said_of(day)).endswith(UNKNOWN)


@pytest.mark.parametrize("is_cleared", [True, False])
def test_of_one_whose_last_file_is_damaged_nothing_is_said_that_the_round_before_proves(
    fields: MakeField, *, is_cleared: bool
) -> None:
    """What the damaged file holds is in no batch, so the scanner is not cleared of it, nor is a clear to be logged."""
    day = fields(scans=ROUND)
    dealt_with(day, is_left_out=False)
    if is_cleared:
        day.clear()
    day.bus.times.sleep(3600)
    day.scan("LT-77", "LT-78")
    damage(day, day.pull().download)
    day.scanner.records.clear()  # by its keys, or another program
    said = said_of(day)
    assert (said.download, UNKNOWN in str(said)) == ("", True)


@pytest.mark.parametrize("is_cleared", [True, False])
def test_of_one_of_which_an_earlier_file_is_damaged_it_is_said_what_became_of_the_last(
    fields: MakeField, *, is_cleared: bool
) -> None:
    """What was pulled before the last is not what the scanner held."""
    day = fields(scans=ROUND)
    dealt_with(day, is_left_out=False)
    day.clear()
    (before,) = day.spool.downloads()
    day.bus.times.sleep(3600)
    day.scan("LT-77", "LT-78")
    download = day.pull().download
    day.commit(download, Answers(operator="kim", event_type="SCAN"))
    if is_cleared:
        how = f"is cleared already (entry {day.clear().seq} of the log)"
    else:
        cut_off(day)
        how = f"What was pulled from it last, {download.name}, is in batch 2"
    damage(day, before)
    said = said_of(day)
    assert (how in str(said), UNKNOWN in str(said)) == (True, False)
    assert said.download == ("" if is_cleared else download.name)
