"""Downloads: kept before they are read, the same rows however often they are pulled, nothing cleared unproven."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from assettrack.domain import cards, download_errors, errors, scanner_errors
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.downloads import Download, NotADownload, read_download, written_download
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.entries.scanner import ScannerClearedEntry
from assettrack.domain.pulled_batch import PulledBatch
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.emulator import Unit
from assettrack.services import accounts, assets, holders, verification
from assettrack.services.downloads import Downloads
from assettrack.services.holders import HolderUpdate
from assettrack.services.stored_entries import entry_at
from tests.domain.trial_scans import UNDO, event, holder, slot
from tests.services import field
from tests.services.field import Field

MORNING = field.MORNING
BEGIN = MORNING[0]

MakeField = Callable[..., Field]


@pytest.fixture
def fields(tmp_path: Path) -> Iterator[MakeField]:
    """Makes a day in the field; all of them end with the test."""
    made: list[Field] = []

    def make(*faults: Fault, scans: tuple[str, ...] = MORNING, unit: Unit | None = None) -> Field:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(Field(folder, scans, *faults, unit=unit))
        return made[-1]

    yield make
    for each in made:
        each.close()


def places(found: Field) -> dict[str, str]:
    """Where each asset is."""
    return {tag: str(asset.place) for tag, asset in assets.all_assets(found.workplace)}


def verified(found: Field) -> bool:
    """Whether the log holds."""
    return verification.verify(found.workplace, [], None).ok


def test_a_day_goes_from_the_scanner_to_the_database_and_clears_it(fields: MakeField) -> None:
    """Pulled, previewed, committed, cleared: the assets are where they were scanned, and the log says all of it."""
    day = fields()
    pulled = day.pull()
    assert pulled.is_new
    assert len(day.scanner.records) == len(MORNING)
    _, plan = day.preview(pulled.download)
    assert (plan.problems, plan.refusals) == ([], [])
    receipt = day.commit(pulled.download)
    assert (receipt.committed, places(day)) == (2, {"LT-1": "CASE-01 slot 1", "LT-2": "CASE-01 slot 2"})
    cleared = day.clear()
    assert (cleared.scans, cleared.batches, cleared.left) == (len(MORNING), (receipt.batch_id,), 0)
    assert day.scanner.records == []
    with day.desk.store.read() as snapshot:
        entry = entry_at(snapshot, cleared.seq, ScannerClearedEntry)
    assert (entry.serial, entry.scans, entry.sha256) == ("697227", len(MORNING), pulled.download.sha256)
    assert verified(day)


def test_what_is_kept_is_what_the_scanner_said(fields: MakeField) -> None:
    """The spool holds the answer byte for byte, with what is needed to read it, and can be read by people."""
    day = fields()
    download = day.pull().download
    (path,) = (day.folder / "assettrack.db.scans").iterdir()
    assert path.name == download.name == f"20260204T081521Z-697227-{download.sha256[:12]}.scans.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_download(path.read_bytes()) == download
    assert b'"serial": "697227"' in path.read_bytes()
    assert [scan.text for scan in day.downloads.scans(download)] == list(MORNING)


def test_pulling_again_is_the_same_download(fields: MakeField) -> None:
    """What was pulled before is not kept twice, and is known as committed."""
    day = fields()
    first = day.pull()
    again = day.pull()
    assert (again.is_new, again.download) == (False, first.download)
    day.commit(first.download)
    _, plan = day.preview(again.download)
    assert plan.already_committed
    assert day.commit(again.download).already_committed


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
    assert places(day)["LT-3"] == "CASE-01 slot 3"
    cleared = day.clear()
    assert (cleared.scans, cleared.batches) == (len(MORNING) + 4, (first.batch_id, second.batch_id))
    assert verified(day)


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


def questions(day: Field, answers: Answers | None = None) -> list[str]:
    """Pull once more, and say what is asked about it."""
    _, plan = day.preview(day.pull().download, answers)
    return [each.code for each in plan.problems]


def test_a_holder_renamed_since_is_not_given_the_asset_again(fields: MakeField) -> None:
    """A badge that stands for another name now makes no new row of a scan that is recorded, and what follows has it."""
    day = fields(scans=())
    holders.register(day.workplace, "Jane Smith")
    day.scan(BEGIN, event("SCAN"), slot("CASE-01", 1), "LT-1", event("SCAN"), slot("CASE-01", 2), "LT-2")
    day.scan(event("ISSUE"), holder(1), "LT-1", apart=60)
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
    assert questions(day) == ["undo_of_recorded"]
    with pytest.raises(download_errors.ClearTooEarly):
        day.clear()
    left = Answers(left_out=(LeftOut(5, "corrected in the batch"),))
    assert questions(day, left) == []
    assert day.clear(left).batches == (receipt.batch_id,)


def test_cards_go_on_for_scans_made_after_a_commit(fields: MakeField) -> None:
    """Who scans, what and where, holds for new scans though the cards are of scans that are settled."""
    day = fields(scans=(BEGIN, event("SCAN"), slot("CASE-01", 1), "LT-1"))
    day.commit(day.pull().download)
    day.scan(slot("CASE-01", 2), "LT-2")
    assert day.commit(day.pull().download).committed == 1
    assert places(day) == {"LT-1": "CASE-01 slot 1", "LT-2": "CASE-01 slot 2"}


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
    assert questions(day) == []


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
    assert sorted(places(day)) == ["LT-1", "LT-2"]


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


def test_gaps_and_times_of_what_is_settled_are_settled(fields: MakeField) -> None:
    """A scanner that drops repeated scans, and whose clock is far off: both are asked once, not again at the clear."""
    day = fields(Fault("reject-redundant"))
    day.commit(day.pull().download, Answers(gaps_looked_at=True))
    assert questions(day) == []
    assert day.clear().scans == len(MORNING)


def test_a_download_that_is_gone_is_asked_about(fields: MakeField) -> None:
    """Without the file of what was committed, its scans could come a second off: that is asked before anything."""
    day = fields()
    day.commit(day.pull().download)
    (path,) = (day.folder / "assettrack.db.scans").iterdir()
    path.unlink()
    day.scan("LT-9")
    assert "download_gone" in questions(day)
    assert "download_gone" not in questions(day, Answers(gaps_looked_at=True))


def test_a_scan_deleted_on_the_scanner_is_asked_about(fields: MakeField) -> None:
    """Where a recorded scan is not told any more, what follows can't be told from what is new."""
    day = fields()
    day.commit(day.pull().download)
    assert day.scanner.press_clear("LT-1")
    day.scan("LT-9")
    assert "recorded_and_gone" in questions(day)


def test_recorded_scans_are_known_though_one_is_deleted(fields: MakeField) -> None:
    """Once that was looked at, the others are known by their times, wherever they stand now."""
    day = fields()
    day.commit(day.pull().download)
    assert day.scanner.press_clear("LT-1")
    day.scan(BEGIN, event("SCAN"), slot("CASE-01", 3), "LT-3")
    batch, plan = day.preview(day.pull().download, Answers(gaps_looked_at=True))
    assert (plan.problems, [row[0] for row in batch.rows()]) == ([], ["LT-3"])


def untimed(*scans: str) -> tuple[str, ...]:
    """A begin card, an event card and scans."""
    return (BEGIN, event("SCAN"), *scans)


AT_DOWNLOAD = Answers(untimed_at_download=True)


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
    assert verified(day)


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


def test_a_recorded_scan_deleted_at_the_end_is_asked_about(fields: MakeField) -> None:
    """Also where as many scans came after it as were deleted."""
    day = fields()
    day.commit(day.pull().download)
    assert day.scanner.press_clear(MORNING[-1])
    day.scan("LT-9")
    assert "recorded_and_gone" in questions(day)


def test_no_scan_without_time_is_taken_for_a_recorded_one_that_is_gone(fields: MakeField) -> None:
    """Where one was deleted and the same asset scanned again, the new scan counts, and so do those after it."""
    day = fields(Fault("no-stamps"), scans=untimed("LT-1", "LT-2", "LT-3"))
    day.commit(day.pull().download, AT_DOWNLOAD)
    assert day.scanner.press_clear("LT-2")
    day.scan("LT-2", "LT-4")
    same = Answers(untimed_at_download=True, same_scans=True)
    assert "recorded_and_gone" in questions(day, same)
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
    assert questions(day, AT_DOWNLOAD) == []


def test_nothing_is_cleared_whose_row_is_gone(fields: MakeField) -> None:
    """The rows themselves are read before the scanner is told to clear, not only the entry of their batch."""
    day = fields()
    receipt = day.commit(day.pull().download)
    with sqlite3.connect(day.folder / "assettrack.db") as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_log'")
        for (name,) in names.fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("DELETE FROM audit_log WHERE seq = ?", (receipt.first_seq + 1,))
    database.close()
    with pytest.raises(errors.AssetTrackError, match="gone"):
        day.clear()
    assert len(day.scanner.records) == len(MORNING)


def test_a_scanner_cleared_elsewhere_is_asked_nothing(fields: MakeField) -> None:
    """Where none of the recorded scans is told any more, somebody cleared the scanner, and all it tells is new."""
    day = fields()
    day.commit(day.pull().download)
    day.scanner.records.clear()
    day.scan(BEGIN, event("SCAN"), slot("CASE-01", 3), "LT-3")
    assert questions(day) == []


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


def test_an_empty_scanner_has_nothing_to_pull(fields: MakeField) -> None:
    """No scans, no download."""
    day = fields(scans=())
    with pytest.raises(download_errors.ScannerEmpty):
        day.pull()
    assert day.spool.downloads() == []


def test_a_download_of_cards_alone_can_be_cleared(fields: MakeField) -> None:
    """Where no row comes of the scans, there is nothing that a batch would have to hold."""
    day = fields(scans=(BEGIN, event("SCAN")))
    day.pull()
    assert day.clear().batches == ()


def test_cards_stand_for_what_the_station_knows(fields: MakeField) -> None:
    """Badges and begin cards are read by the numbers of holders and accounts, and unknown ones are held."""
    day = fields(scans=())
    accounts.register(day.workplace, "Robin", role="admin")
    holders.register(day.workplace, "Jane Smith")
    day.scan("CASE-01", cards.written(Card(CardKind.BEGIN, "1")), event("SCAN"), slot("CASE-01", 1), "LT-1")
    day.scan(event("ISSUE"), holder(1), "LT-1", apart=60)
    download = day.pull().download
    batch, plan = day.preview(download)
    assert (plan.problems, plan.refusals) == ([], [])
    assert [(row[2], row[3], row[4]) for row in batch.rows()] == [
        ("SCAN", "Robin", ""),
        ("ISSUE", "Robin", "Jane Smith"),
    ]


def test_a_name_that_is_case_and_asset_is_held(fields: MakeField) -> None:
    """A plain label that could be either is a question."""
    day = fields(scans=(BEGIN, event("SCAN"), "CASE-01"))
    day.desk.commit(_one_row("CASE-01"), field.LAPTOP)
    _, plan = day.preview(day.pull().download)
    assert [each.code for each in plan.problems] == ["case_and_asset"]


def _one_row(tag: str) -> str:
    return (
        "asset_tag,timestamp,event_type,operator_id,issued_to_name,case_number,slot_number,equipment_type,notes\n"
        f"{tag},2026-02-01T08:00:00Z,SCAN,kim,,,,laptop,\n"
    )


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
    assert verified(day)


def test_answers_about_no_scan_are_refused(fields: MakeField) -> None:
    """An answer about a scan that the download does not have is a mistake, and is said."""
    day = fields()
    download = day.pull().download
    for answers in (Answers(taken=(8,)), Answers(left_out=(LeftOut(0, "x"),))):
        with pytest.raises(download_errors.AnswersUnusable):
            day.preview(download, answers)


def test_a_spoiled_file_of_the_spool_stops_no_pull(fields: MakeField) -> None:
    """It is named with its reason, what the scanner holds is kept all the same, and its batch is asked about."""
    day = fields()
    day.commit(day.pull().download)
    (path,) = (day.folder / "assettrack.db.scans").iterdir()
    whole = path.read_bytes()
    for spoiled in (whole[:-20], whole.replace(b'"697227"', b"697227"), b"\xff"):
        path.write_bytes(spoiled)
        ((name, reason),) = day.spool.damaged()
        assert (name, bool(reason)) == (path.name, True)
        assert day.spool.damaged("1") == []
    day.bus.times.sleep(60)
    pulled = day.pull()
    assert pulled.is_new
    assert day.spool.downloads() == [pulled.download]
    assert "download_gone" in [each.code for each in day.preview(pulled.download)[1].problems]


def test_a_spool_that_cannot_be_used_stops_the_pull(fields: MakeField) -> None:
    """A spool that is no folder is said; the scanner keeps its scans."""
    other = fields()
    (other.folder / "assettrack.db.scans").write_text("in the way")
    with pytest.raises(download_errors.SpoolUnusable):
        other.pull()
    assert len(other.scanner.records) == len(MORNING)


def test_a_download_is_found_by_its_name_or_how_it_begins(fields: MakeField) -> None:
    """A beginning that only one has names it; of several, none is meant."""
    day = fields()
    first = day.pull().download
    day.scan("LT-3")
    second = day.pull().download
    assert day.spool.named(first.name) == first
    assert day.spool.named(second.name[:17]) == second
    assert day.spool.named("2026") is None
    assert day.spool.named("") is None
    assert day.spool.downloads("1") == []


def test_a_changed_download_is_noticed(fields: MakeField) -> None:
    """A download of another form, or of which any bit was changed, is not read."""
    download = fields().pull().download
    for spoiled in (
        msgspec.structs.replace(download, reply=download.reply + b"\0"),
        msgspec.structs.replace(download, format="AssetTrack scanner download 9"),
    ):
        with pytest.raises(NotADownload):
            read_download(written_download(spoiled))
    whole = written_download(download)
    for place in range(len(whole)):
        for bit in (0, 3):
            changed = whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :]
            try:
                assert read_download(changed) == download  # white space, or a letter of a hexadecimal digit
            except NotADownload:
                continue


def test_a_clear_that_cannot_be_recorded_is_said(fields: MakeField, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the entry can't be written after the clear, it is said that nothing is lost and what is missing."""
    day = fields()
    day.commit(day.pull().download)

    def busy(*_arguments: object) -> None:
        raise errors.OperatorUnknown

    monkeypatch.setattr("assettrack.domain.scanner_deeds.record_cleared", busy)
    with pytest.raises(download_errors.ClearNotLogged):
        day.clear()
    assert day.scanner.records == []
