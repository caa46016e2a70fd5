"""The history of a scanner: what belongs together is told by names, numbers and the log, never by a clock."""

from datetime import timedelta

import msgspec

from assettrack.domain.scan_answers import Answers
from assettrack.scanner.emulated_faults import Fault
from tests.domain.trial_scans import event, slot
from tests.services.field import AT_DOWNLOAD, MORNING, MakeField, untimed

BEGIN = MORNING[0]


def test_the_clock_of_the_computer_may_be_put_back(fields: MakeField) -> None:
    """What is pulled at a time that is days before the last pull is the later download all the same."""
    day = fields()
    first = day.pull().download
    day.commit(first)
    day.scan(BEGIN, event("SCAN"), slot("CASE-01", 3), "LT-3")
    usual = day.workplace
    day.workplace = msgspec.structs.replace(usual, now=lambda: day.bus.times.now() - timedelta(days=3))
    later = day.pull().download
    assert later.pulled_at < first.pulled_at
    assert day.spool.downloads("697227") == [first, later]
    day.workplace = usual
    assert day.commit(later).committed == 1
    assert day.clear().scans == len(MORNING) + 4
    day.workplace = msgspec.structs.replace(usual, now=lambda: day.bus.times.now() - timedelta(days=3))
    day.scan(BEGIN, event("SCAN"), slot("CASE-01", 4), "LT-4")
    last = day.pull().download
    day.workplace = usual
    batch, plan = day.preview(last)
    assert (plan.problems, [row[0] for row in batch.rows()]) == ([], ["LT-4"])


def test_after_a_clear_equal_scans_are_new_though_the_clock_was_put_back(fields: MakeField) -> None:
    """That they were pulled after the clear is told by the order of the downloads, whatever their times say."""
    day = fields(Fault("no-stamps"), scans=untimed("LT-1"))
    day.commit(day.pull().download, AT_DOWNLOAD)
    day.clear()
    day.scan(*untimed("LT-1"))
    usual = day.workplace
    day.workplace = msgspec.structs.replace(usual, now=lambda: day.bus.times.now() - timedelta(days=3))
    again = day.pull().download
    day.workplace = usual
    assert "maybe_anew" not in [each.code for each in day.preview(again, AT_DOWNLOAD)[1].problems]


def test_after_a_clear_equal_scans_are_new_though_the_file_is_gone(fields: MakeField) -> None:
    """Where the download that was cleared is not kept any more, the times of both tell."""
    day = fields(Fault("no-stamps"), scans=untimed("LT-1"))
    day.commit(day.pull().download, AT_DOWNLOAD)
    day.clear()
    for path in (day.folder / "assettrack.db.scans").iterdir():
        path.unlink()
    day.bus.times.sleep(100)
    day.scan(*untimed("LT-1"))
    assert day.questions(AT_DOWNLOAD) == []


def test_a_scanner_cleared_elsewhere_is_asked_nothing(fields: MakeField) -> None:
    """Where none of the recorded scans is told any more, somebody cleared the scanner, and all it tells is new."""
    day = fields()
    day.commit(day.pull().download)
    day.scanner.records.clear()
    day.scan(BEGIN, event("SCAN"), slot("CASE-01", 3), "LT-3")
    assert day.questions() == []


def test_after_a_clear_equal_scans_are_new(fields: MakeField) -> None:
    """What a cleared scanner tells is never taken for what it told before, not even without times."""
    untimed = Answers(untimed_at_download=True)
    day = fields(Fault("no-stamps"), scans=(BEGIN, event("SCAN"), "LT-1"))
    day.commit(day.pull().download, untimed)
    day.clear()
    day.bus.times.sleep(100)
    day.scan(BEGIN, event("SCAN"), "LT-1")
    pulled = day.pull()
    assert day.commit(pulled.download, untimed).committed == 1


def test_a_download_that_is_gone_is_asked_about(fields: MakeField) -> None:
    """Without the file of what was committed, its scans could come a second off: that is asked before anything."""
    day = fields()
    day.commit(day.pull().download)
    (path,) = (day.folder / "assettrack.db.scans").iterdir()
    path.unlink()
    day.scan("LT-9")
    assert "download_gone" in day.questions()
    assert "download_gone" not in day.questions(Answers(gaps_looked_at=True))
