"""Scans that a batch dealt with, as later downloads tell them again."""

import msgspec
import pytest

from assettrack.domain import download_errors, errors
from assettrack.domain.downloads import Download
from assettrack.domain.pulled_batch import PulledBatch
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.scanner.emulated_faults import Fault
from assettrack.services import holders
from assettrack.services.downloads import Downloads
from assettrack.services.holders import HolderUpdate
from tests.domain.trial_scans import UNDO, event, holder, slot
from tests.services.field import AT_DOWNLOAD, MORNING, MakeField, untimed
from tests.services.printed import badge

BEGIN = MORNING[0]


def test_scans_made_since_are_new_and_the_others_stay(fields: MakeField) -> None:
    """A scanner that was not cleared tells all again, and its clock a second off: only the new rows are taken."""
    day = fields()
    first = day.commit(day.pull().download)
    day.bus.times.sleep(5000.4)
    day.scan(BEGIN, event("SCAN"), slot("CASE-01", 3), "LT-3")
    later = day.pull().download
    batch, plan = day.preview(later)
    assert (plan.problems, plan.refusals, batch.numbers) == ([], [], [len(MORNING) + 4])
    assert [meaning.scan.text for meaning in batch.meanings if meaning.said == "recorded"] == ["LT-1", "LT-2"]
    second = day.commit(later)
    assert second.committed == 1
    assert day.places()["LT-3"] == "CASE-01 slot 3"
    cleared = day.clear()
    assert (cleared.scans, cleared.batches) == (len(MORNING) + 4, (first.batch_id, second.batch_id))
    assert day.verified()


def test_a_scan_held_stops_scans_that_are_recorded_too(fields: MakeField) -> None:
    """Where every row is recorded and a new scan is held, nothing is said to be done: the scan is asked about."""
    day = fields()
    day.commit(day.pull().download)
    day.scan("<b>")
    later = day.pull().download
    _, plan = day.preview(later)
    assert not plan.already_committed
    for only_new in (False, True):
        with pytest.raises(errors.BatchHasProblems):
            day.commit(later, only_new=only_new)


def test_a_holder_renamed_since_is_not_given_the_asset_again(fields: MakeField) -> None:
    """A badge that stands for another name now makes no new row of a scan that is recorded, and what follows has it."""
    day = fields(scans=())
    holders.register(day.workplace, "Jane Smith")
    day.scan(BEGIN, event("SCAN"), slot("CASE-01", 1), "LT-1", event("SCAN"), slot("CASE-01", 2), "LT-2")
    day.scan(event("ISSUE"), badge(day.workplace), "LT-1", apart=60)
    day.commit(day.pull().download)
    holders.change(day.workplace, "Jane Smith", HolderUpdate(name="Jane Jones", reason="marriage"))
    _, plan = day.preview(day.pull().download)
    assert (plan.problems, plan.already_committed) == ([], True)
    day.scan("LT-2")
    batch, plan = day.preview(day.pull().download)
    assert ([*plan.problems, *plan.refusals], [(row[0], row[4]) for row in batch.rows()]) == (
        [],
        [("LT-2", "Jane Jones")],
    )


def test_other_answers_do_not_record_a_scan_twice(fields: MakeField) -> None:
    """What Kim scanned stays Kim's where it is said later that Mara scanned: that goes for what is new."""
    day = fields(scans=("LT-1",))
    day.commit(day.pull().download, Answers(operator="kim", event_type="SCAN"))
    day.scan("LT-2")
    batch, _ = day.preview(day.pull().download, Answers(operator="mara", event_type="SCAN"))
    assert [(row[0], row[3]) for row in batch.rows()] == [("LT-2", "mara")]


def test_a_scan_that_is_settled_is_not_answered_otherwise(fields: MakeField) -> None:
    """To leave out what is recorded, or to take what was left out, is refused; the same answer again is none."""
    day = fields(scans=(*MORNING[:-1], "<b>"))
    left = Answers(left_out=(LeftOut(7, "a torn label"),))
    receipt = day.commit(day.pull().download, left)
    day.scan("LT-9")
    later = day.pull().download
    for otherwise in (Answers(left_out=(LeftOut(4, "no"),)), Answers(taken=(7,))):
        with pytest.raises(download_errors.AnswersTooLate, match=f"batch {receipt.batch_id} "):
            day.preview(later, otherwise)
    assert day.preview(later, left)[1].problems == day.preview(later)[1].problems != []


def test_an_undo_after_the_commit_is_asked_about(fields: MakeField) -> None:
    """A scan that is recorded and then taken back on the scanner is neither forgotten nor undone in silence."""
    day = fields(scans=(BEGIN, event("SCAN"), slot("CASE-01", 3), "LT-3"))
    receipt = day.commit(day.pull().download)
    day.scan(UNDO)
    assert day.questions() == ["undo_of_recorded"]
    with pytest.raises(download_errors.ClearTooEarly):
        day.clear()
    left = Answers(left_out=(LeftOut(5, "corrected in the batch"),))
    assert day.questions(left) == []
    assert day.clear(left).batches == (receipt.batch_id,)


def test_cards_go_on_for_scans_made_after_a_commit(fields: MakeField) -> None:
    """Who scans, what and where, holds for new scans though the cards are of scans that are settled."""
    day = fields(scans=(BEGIN, event("SCAN"), slot("CASE-01", 1), "LT-1"))
    day.commit(day.pull().download)
    day.scan(slot("CASE-01", 2), "LT-2")
    assert day.commit(day.pull().download).committed == 1
    assert day.places() == {"LT-1": "CASE-01 slot 1", "LT-2": "CASE-01 slot 2"}


def test_a_slot_that_got_its_asset_in_an_earlier_batch_is_not_for_the_next(fields: MakeField) -> None:
    """The asset that a settled label was for has it, though who scanned it was answered and not said by a card."""
    day = fields(scans=(slot("CASE-01", 1), "LT-1"))
    day.commit(day.pull().download, Answers(operator="kim", event_type="SCAN"))
    day.scan(BEGIN, event("SCAN"), "LT-2")
    batch, _ = day.preview(day.pull().download)
    assert [(row[0], row[5]) for row in batch.rows()] == [("LT-2", "")]


def test_a_card_left_out_stays_left_out(fields: MakeField) -> None:
    """What was answered about a settled card goes on for the scans after it, without being answered again."""
    day = fields(scans=(BEGIN, event("ISSUE"), holder(9), event("SCAN"), "LT-1"))
    day.commit(day.pull().download, Answers(left_out=(LeftOut(3, "no such badge"),)))
    day.scan("LT-2")
    assert day.questions() == []


def test_two_commits_at_once_record_each_scan_once(fields: MakeField, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an earlier download is committed between reading a later one and its commit, the later one is looked at."""
    day = fields()
    first = day.pull().download
    day.scan("LT-9")
    later, said = day.pull().download, Answers(left_out=(LeftOut(8, "after the end"),))
    whole, made = Downloads.batch, list[PulledBatch]()

    def meanwhile(self: Downloads, download: Download, answers: Answers) -> PulledBatch:
        made.append(whole(self, download, answers))
        if download is later:
            day.commit(first)
        return made[-1] if download is first else made[0]

    monkeypatch.setattr(Downloads, "batch", meanwhile)
    with pytest.raises(download_errors.DownloadMoved):
        day.commit(later, said)
    assert sorted(day.places()) == ["LT-1", "LT-2"]


def test_gaps_and_times_of_what_is_settled_are_settled(fields: MakeField) -> None:
    """A scanner that drops repeated scans, and whose clock is far off: both are asked once, not again at the clear."""
    day = fields(Fault("reject-redundant"))
    day.commit(day.pull().download, Answers(gaps_looked_at=True))
    assert day.questions() == []
    assert day.clear().scans == len(MORNING)


def test_a_scan_deleted_on_the_scanner_is_asked_about(fields: MakeField) -> None:
    """Where a recorded scan is not told any more, what follows can't be told from what is new."""
    day = fields()
    day.commit(day.pull().download)
    assert day.scanner.press_clear("LT-1")
    day.scan("LT-9")
    assert "recorded_and_gone" in day.questions()


def test_recorded_scans_are_known_though_one_is_deleted(fields: MakeField) -> None:
    """Once that was looked at, the others are known by their times, wherever they stand now."""
    day = fields()
    day.commit(day.pull().download)
    assert day.scanner.press_clear("LT-1")
    day.scan(BEGIN, event("SCAN"), slot("CASE-01", 3), "LT-3")
    batch, plan = day.preview(day.pull().download, Answers(gaps_looked_at=True))
    assert (plan.problems, [row[0] for row in batch.rows()]) == ([], ["LT-3"])


def test_equal_scans_without_times_are_asked_about(fields: MakeField) -> None:
    """Whether they are the recorded ones or were made anew nobody but the operator knows; nothing is cleared before."""
    day = fields(Fault("no-stamps"), scans=untimed("LT-1", "LT-2"))
    first = day.commit(day.pull().download, AT_DOWNLOAD)
    day.scanner.records.clear()
    day.bus.times.sleep(100)
    day.scan(*untimed("LT-1", "LT-2"))
    again = day.pull()
    assert again.is_new
    assert "maybe_anew" in [each.code for each in day.preview(again.download, AT_DOWNLOAD)[1].problems]
    with pytest.raises(download_errors.ClearTooEarly):
        day.clear()
    same = msgspec.structs.replace(AT_DOWNLOAD, same_scans=True)
    assert day.preview(again.download, same)[1].already_committed
    anew = msgspec.structs.replace(AT_DOWNLOAD, scanned_anew=True)
    second = day.commit(again.download, anew)
    assert (second.committed, second.recorded_in) == (2, [second.batch_id])
    assert day.clear().batches == (second.batch_id,) != (first.batch_id,)


def test_a_recorded_scan_deleted_at_the_end_is_asked_about(fields: MakeField) -> None:
    """Also where as many scans came after it as were deleted."""
    day = fields()
    day.commit(day.pull().download)
    assert day.scanner.press_clear(MORNING[-1])
    day.scan("LT-9")
    assert "recorded_and_gone" in day.questions()


def test_no_scan_without_time_is_taken_for_a_recorded_one_that_is_gone(fields: MakeField) -> None:
    """Where one was deleted and the same asset scanned again, the new scan counts, and so do those after it."""
    day = fields(Fault("no-stamps"), scans=untimed("LT-1", "LT-2", "LT-3"))
    day.commit(day.pull().download, AT_DOWNLOAD)
    assert day.scanner.press_clear("LT-2")
    day.scan("LT-2", "LT-4")
    same = Answers(untimed_at_download=True, same_scans=True)
    assert "recorded_and_gone" in day.questions(same)
    batch, _ = day.preview(day.pull().download, msgspec.structs.replace(same, gaps_looked_at=True))
    assert [each.said for each in batch.meanings] == ["card", "card", "recorded", "row", "row", "row"]


def test_a_label_scanned_twice_in_a_second_is_two_scans(fields: MakeField) -> None:
    """Equal scans with equal times are told apart by how many there are: deleting one leaves the other."""
    day = fields(scans=(BEGIN, event("SCAN")))
    day.scan("LT-1", "LT-2", "LT-1", apart=0)
    day.commit(day.pull().download)
    assert day.scanner.press_clear("LT-2")
    day.scan("LT-3")
    batch, _ = day.preview(day.pull().download, Answers(gaps_looked_at=True))
    assert [each.said for each in batch.meanings] == ["card", "card", "recorded", "recorded", "row"]


def test_without_times_it_is_asked_first_whether_they_are_the_same(fields: MakeField) -> None:
    """Nothing is asked about the single scans before that: whether there is anything to ask hangs on it."""
    day = fields(Fault("no-stamps"), scans=("LT-1", "LT-2"))
    day.commit(day.pull().download, Answers(operator="kim", event_type="SCAN", untimed_at_download=True))
    day.bus.times.sleep(60)
    assert day.questions() == ["maybe_anew"]


def test_an_older_download_without_rows_of_its_own_is_recorded(fields: MakeField) -> None:
    """What was taken back in a later download, which is committed, makes no row of the earlier one."""
    day = fields(scans=(BEGIN, event("SCAN"), "LT-1"))
    older = day.pull().download
    day.scan(UNDO, "LT-2")
    newer = day.commit(day.pull().download)
    assert day.preview(older)[1].already_committed
    assert day.commit(older).recorded_in == [newer.batch_id]


def test_a_scan_whose_time_can_not_be_is_not_known_by_it(fields: MakeField) -> None:
    """Among scans with times, one without is taken for the recorded one at its old place only."""
    day = fields(Fault("stamp-zero", step=6), scans=untimed("LT-1", "LT-2", "LT-3", "LT-4"))
    said = Answers(untimed_at_download=True, gaps_looked_at=True)
    assert day.questions(said) == ["context_jump"]  # nothing tells when the last one was
    day.commit(day.pull().download, said.answering(6, taken=True))
    assert day.scanner.press_clear("LT-1")
    day.scan("LT-5")
    batch, _ = day.preview(day.pull().download, said)
    zero = [scan.text for scan in day.downloads.scans(day.spool.downloads()[-1]) if not scan.stamp]
    assert [row[0] for row in batch.rows()] == [*zero, "LT-5"]
