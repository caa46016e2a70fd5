"""Scans of a batch that passed over rows which were recorded before: each is known as what became of it."""

import msgspec
import pytest

from assettrack.domain import errors
from assettrack.domain.dumped_scans import Dump
from assettrack.domain.scan_answers import Answers
from assettrack.services import scan_files
from assettrack.services.downloads import with_reading
from assettrack.services.intake import CommitReceipt
from assettrack.services.scan_files import SaidOfFile
from tests.services.desk import HEADER, row
from tests.services.field import LAPTOP, Field, MakeField, untimed
from tests.services.test_earlier_scans import ASKED, MINUTES, SAME, SECONDS, codes, commit, filed, off_by, read, rows_of

FOUR = (*untimed("LT-1", "LT-2"), "LT-3", "LT-4")
ONCE = {"LT-1": 1, "LT-2": 1, "LT-3": 1, "LT-4": 1}
KIM = Answers(operator="KIM", event_type="SCAN")


def only_new(day: Field, found: Dump, said: Answers = KIM) -> CommitReceipt:
    """Commit a file, but for the rows that are recorded already."""
    batch = scan_files.batch_of(day.workplace, found, SaidOfFile(said, ""))
    options = with_reading(msgspec.structs.replace(LAPTOP, only_new=True), batch)
    return scan_files.commit_file(day.workplace, batch, "SCANNED.TXT", options, confirm=None)


@pytest.mark.parametrize("is_pulled", [True, False])
def test_scans_that_came_after_recorded_rows_are_not_recorded_again_by_a_file(
    fields: MakeField, *, is_pulled: bool
) -> None:
    """A batch without rows 1 and 2 has rows 3 and 4, and these are its third and fourth scan, not its first two."""
    day = fields(scans=())
    off_by(day, 0)
    day.scan(*FOUR[:4])
    commit(day, filed(day, day.pull().download))
    day.scan(*FOUR[4:])
    grown = day.pull().download
    receipt = day.commit(grown, only_new=True) if is_pulled else only_new(day, filed(day, grown), Answers())
    assert receipt.committed == 2
    found = filed(day, grown, last=2, line=MINUTES)
    _, plan = read(day, found, KIM)
    assert codes(plan) == (ASKED if is_pulled else ["dump_told_before"])
    assert "2 of " in plan.problems[0].message
    assert "as batch 2" in plan.problems[0].message
    with pytest.raises(errors.BatchHasProblems):
        commit(day, found, KIM)
    assert commit(day, found, msgspec.structs.replace(KIM, same_scans=True)).already_committed
    assert rows_of(day) == ONCE
    assert day.verified()


def test_scans_that_came_after_recorded_rows_are_not_recorded_again_by_a_pull(fields: MakeField) -> None:
    """A scanner whose clock is off by some seconds tells its scans with other times than the file: that is asked."""
    day = fields(scans=())
    off_by(day, 0)
    day.scan(*FOUR[:4])
    day.commit(day.pull().download)
    day.scan(*FOUR[4:])
    off_by(day, 2)
    assert only_new(day, filed(day, day.pull().download), Answers()).committed == 2
    _, plan = day.preview(day.pull().download)
    assert codes(plan) == ASKED
    assert "2 of them, such as scan 5," in plan.problems[0].message
    assert day.commit(day.pull().download, SAME).already_committed
    assert rows_of(day) == ONCE
    assert day.verified()


def test_a_row_that_was_passed_over_is_known_though_its_own_batch_tells_no_scans(fields: MakeField) -> None:
    """A table had it first. A file that makes another row of that scan is asked about both; the same is not."""
    day = fields(scans=())
    off_by(day, 0)
    day.scan(*untimed("LT-1", "LT-2"))
    download = day.pull().download
    times = [f"{cells[1]}" for cells in day.preview(download)[0].rows()]
    day.desk.commit(HEADER + row("LT-1", timestamp=times[0], operator_id="KIM", equipment_type=""), LAPTOP)
    assert day.commit(download, only_new=True).committed == 1
    assert codes(read(day, filed(day, download, line=SECONDS))[1]) == []
    assert read(day, filed(day, download, line=SECONDS))[1].already_committed
    batch, plan = read(day, filed(day, download, last=2, line=MINUTES), KIM)
    assert codes(plan) == ASKED
    assert "2 of them, such as scan 1," in batch.problems[0].message
    commit(day, filed(day, download, last=2, line=MINUTES), msgspec.structs.replace(KIM, same_scans=True))
    assert rows_of(day) == {"LT-1": 1, "LT-2": 1}
