"""The history of a scanner: what belongs together is told by names, numbers and the log, never by a clock."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from assettrack.domain.downloads import Download
from assettrack.domain.scan_answers import Answers, ScanReading
from assettrack.scanner.emulated_faults import Fault
from tests.domain.trial_scans import event, slot
from tests.services.field import AT_DOWNLOAD, LAPTOP, MORNING, MakeField, untimed

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


def test_what_was_committed_before_a_clear_was_pulled_before_it(
    fields: MakeField, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So it is by the log, though the file that was cleared is gone and the computer's clock was put back meanwhile."""
    day = fields()
    pulled = []
    for number in (3, 4, 5):
        pulled.append(day.pull().download)
        day.commit(pulled[-1])
        day.scan(BEGIN, event("SCAN"), f"LT-{number}")
    del day.scanner.records[-3:]
    usual = day.bus.times.now
    with monkeypatch.context() as set_back:
        set_back.setattr(day.bus.times, "now", lambda: usual() - timedelta(days=40))
        day.clear()
    for gone in (pulled[0], pulled[2]):
        (day.spool.folder / gone.name).unlink()
    with day.workplace.store.read() as snapshot:
        fill = day.downloads.fill_of(snapshot, pulled[1])
    assert [each.batch_id for each in fill.batches] == [1, 2, 3]
    assert fill.cleared is not None


def test_clears_and_downloads_are_in_one_order(fields: MakeField, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was pulled after one clear was pulled after all before it, one of which the file is gone among them."""
    day = fields()
    usual = day.bus.times.now
    pulled = []
    for number in (3, 4, 5):
        pulled.append(day.pull().download)
        day.commit(pulled[-1])
        with monkeypatch.context() as set_wrongly:
            off = timedelta(days=40 if number == 4 else 0)
            set_wrongly.setattr(day.bus.times, "now", lambda off=off: usual() + off)
            day.clear()
        day.scan(BEGIN, event("SCAN"), f"LT-{number}")
    (day.spool.folder / pulled[1].name).unlink()
    last = day.pull().download
    day.commit(last)
    with day.workplace.store.read() as snapshot:
        fill = day.downloads.fill_of(snapshot, last)
    assert ([each.batch_id for each in fill.batches], fill.cleared) == ([4], None)


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


def test_scans_made_anew_begin_with_the_first_download_that_has_them(fields: MakeField) -> None:
    """Of two downloads of new scans the later is committed first: the earlier one's are known by it, not doubled."""
    day = fields(Fault("no-stamps"), scans=untimed("LT-1"))
    day.commit(day.pull().download, AT_DOWNLOAD)
    day.scanner.records.clear()
    day.bus.times.sleep(1000)
    day.scan(*untimed("LT-1"))
    first = day.pull().download
    day.bus.times.sleep(1000)
    day.scan("LT-2")
    second = day.pull().download
    anew = msgspec.structs.replace(AT_DOWNLOAD, scanned_anew=True)
    receipt = day.commit(second, anew)
    assert receipt.committed == 2
    assert "maybe_anew" in [each.code for each in day.preview(first, AT_DOWNLOAD)[1].problems]
    same = msgspec.structs.replace(AT_DOWNLOAD, same_scans=True)
    assert day.commit(first, same).recorded_in == [receipt.batch_id]


def test_scans_with_times_are_not_made_anew_by_an_answer(fields: MakeField) -> None:
    """Where their times tell that they are the recorded ones, saying otherwise changes nothing."""
    day = fields()
    first = day.commit(day.pull().download)
    day.scan(BEGIN, event("SCAN"), slot("CASE-01", 3), "LT-3")
    second = day.commit(day.pull().download, Answers(scanned_anew=True))
    assert second.committed == 1
    assert day.clear().batches == (first.batch_id, second.batch_id)


@pytest.mark.parametrize("fault", ["stamp-zero", "stamp-month-0"])
def test_times_that_can_not_be_prove_nothing(fields: MakeField, fault: str) -> None:
    """Equal scans whose times are equal nonsense may have been made anew: that is asked, as where there are none."""
    day = fields(Fault(fault, times=0), scans=untimed("LT-1", "LT-2"))
    day.commit(day.pull().download, AT_DOWNLOAD)
    day.scanner.records.clear()
    day.bus.times.sleep(86400)
    day.scan(*untimed("LT-1", "LT-2"))
    again = day.pull()
    assert again.is_new
    assert "maybe_anew" in [each.code for each in day.preview(again.download, AT_DOWNLOAD)[1].problems]
    assert day.commit(again.download, msgspec.structs.replace(AT_DOWNLOAD, scanned_anew=True)).committed == 2


def test_a_clock_that_stands_still_tells_no_times(fields: MakeField) -> None:
    """Equal scans of the same second, pulled a day apart by a clock that shows the same: they may be made anew."""
    day = fields(scans=())

    def scanned_at_midnight() -> Download:
        still = datetime(2026, 1, 1, tzinfo=UTC)
        day.scanner.clock_offset = still - day.bus.times.now()
        day.scan(*untimed("LT-1"), apart=0)
        return day.pull().download

    said = Answers(clock_undisturbed=True)
    day.commit(scanned_at_midnight(), said)
    day.scanner.records.clear()
    day.bus.times.sleep(86400)
    again = scanned_at_midnight()
    assert [scan.sameness for scan in day.downloads.scans(again)] == [
        scan.sameness for scan in day.downloads.scans(day.spool.downloads()[0])
    ]
    assert "maybe_anew" in [each.code for each in day.preview(again, said)[1].problems]


def test_scans_made_anew_may_begin_with_the_first_download_of_all(fields: MakeField) -> None:
    """Where nothing was committed before them, the earlier download is of the same scans all the same."""
    day = fields(Fault("no-stamps"), scans=untimed("LT-1"))
    first = day.pull().download
    day.bus.times.sleep(60)
    day.scan("LT-2")
    anew = msgspec.structs.replace(AT_DOWNLOAD, scanned_anew=True)
    receipt = day.commit(day.pull().download, anew)
    assert (receipt.committed, day.preview(first, anew)[0].numbers) == (2, [3])
    same = msgspec.structs.replace(AT_DOWNLOAD, same_scans=True)
    assert day.commit(first, same).recorded_in == [receipt.batch_id]


def test_scans_that_came_in_a_file_are_no_download(fields: MakeField) -> None:
    """A batch that was read from a file of the same scanner settles no scan of a download."""
    day = fields()
    reading = ScanReading("697227", 1, "c", read_as="opn2000", numbers=(1,))
    day.desk.commit(ROW, msgspec.structs.replace(LAPTOP, scanner=reading))
    batch, _ = day.preview(day.pull().download)
    assert batch.settled.batches == {}


ROW = """asset_tag,timestamp,event_type,operator_id
LT-1,2026-02-01T08:00:00Z,SCAN,kim
"""
