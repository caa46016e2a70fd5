"""Scans of one scanner that were recorded at another filling, and are told once more."""

import shutil
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.scanner.emulator import EmulatedScanner
from tests.domain.trial_scans import event
from tests.services.field import MORNING, Field, MakeField, untimed

BEGIN = MORNING[0]
SAME = Answers(same_scans=True)
ANEW = Answers(scanned_anew=True)


def used(day: Field, scanner: EmulatedScanner) -> None:
    """Put a scanner on the cable in place of what is there."""
    for name in day.bus.names():
        day.bus.gone(name)
    day.scanner = scanner
    day.bus.plug(scanner)


def put_away(day: Field) -> Path:
    """Lose the kept files, and return where they are found again."""
    away = day.folder / "away"
    shutil.move(day.spool.folder, away)
    return away


def test_old_files_that_come_back_make_no_scan_new(fields: MakeField) -> None:
    """A batch was committed while earlier files were away: with them its scans come later still, and stay its own."""
    day = fields(scans=())
    for number in (1, 2):
        day.scan(*untimed(f"OLD-{number}"))
        day.commit(day.pull().download)
        day.clear()
    away = put_away(day)
    day.scan(*untimed("LT-1", "LT-2"))
    kept = day.pull().download
    receipt = day.commit(kept)
    for path in away.iterdir():
        shutil.copy(path, day.spool.folder)
    day.bus.times.sleep(600.37)
    day.scan("LT-3")
    later = day.pull().download
    assert later.number > kept.number > 2
    batch, plan = day.preview(later)
    assert (plan.problems, [row[0] for row in batch.rows()], batch.settled.recorded_in) == (
        [],
        ["LT-3"],
        (receipt.batch_id,),
    )
    assert day.commit(later).committed == 1
    assert day.clear().batches == (receipt.batch_id, receipt.batch_id + 1)
    assert day.verified()


def test_two_scanners_of_one_number_do_not_make_each_others_scans_new(fields: MakeField) -> None:
    """One is cleared: what the other still holds, and is recorded, is asked about."""
    day = fields(scans=untimed("LT-1", "LT-2"))
    one, other = day.scanner, EmulatedScanner(day.bus.times, None, ())
    one.clock_offset, other.clock_offset = timedelta(seconds=0.3), timedelta(seconds=0.6)
    day.commit(day.pull().download)
    used(day, other)
    day.scan(*untimed("LT-8"))
    day.commit(day.pull().download)
    day.clear()
    used(day, one)
    day.bus.times.sleep(100.37)
    day.scan("LT-3")
    assert day.questions() == ["told_before"]
    assert day.commit(day.pull().download, SAME).committed == 1


@pytest.mark.parametrize("scans", [untimed("LT-1"), ("LT-1",)])
def test_an_answer_that_is_sent_again_after_the_clear_is_asked_about(fields: MakeField, scans: tuple[str, ...]) -> None:
    """The very bytes of a download that was cleared come once more, be it of one scan only: nothing is recorded."""
    said = Answers(operator="kim", event_type="SCAN") if len(scans) == 1 else Answers()
    day = fields(scans=scans)
    first = day.pull().download
    receipt = day.commit(first, said)
    day.clear()
    day.bus.times.sleep(200)
    again = msgspec.structs.replace(
        first,
        number=2,
        pulled_at=f"{day.bus.times.now():%Y-%m-%dT%H:%M:%S.%f}Z",
        clock=msgspec.structs.replace(first.clock, host_utc=f"{day.bus.times.now():%Y-%m-%dT%H:%M:%S.%f}Z"),
    )
    day.spool.keep(again)
    assert [each.code for each in day.preview(again, said)[1].problems] == ["told_before"]
    same = msgspec.structs.replace(said, same_scans=True)
    batch, plan = day.preview(again, same)
    assert (batch.numbers, plan.already_committed, batch.settled.recorded_in) == ([], True, (receipt.batch_id,))
    assert day.commit(again, same).already_committed


def test_scans_made_anew_by_a_reset_clock_are_taken(fields: MakeField) -> None:
    """Whoever says that equal times are those of a clock that began anew has them recorded, and asked no more."""
    day = fields(scans=untimed("LT-1", "LT-2"))
    began = day.bus.times.now() - timedelta(seconds=12)
    day.commit(day.pull().download)
    day.clear()
    day.bus.times.sleep(3600)
    day.scanner.clock_offset = began - day.bus.times.now()
    day.scan(*untimed("LT-1", "LT-2"))
    later = day.pull().download
    anew = msgspec.structs.replace(ANEW, clock_undisturbed=True)
    assert "told_before" in [each.code for each in day.preview(later)[1].problems]
    assert "told_before" not in [each.code for each in day.preview(later, anew)[1].problems]
    assert day.commit(later, anew).committed == 2
    assert day.clear().scans == 4


def test_ordinary_days_are_not_asked_about(fields: MakeField) -> None:
    """Equal cards and tags of other days have other times."""
    day = fields(scans=())
    for _ in range(3):
        day.scan(*MORNING)
        assert day.questions() == []
        day.commit(day.pull().download)
        day.clear()
        day.bus.times.sleep(86400)


def test_a_download_whose_batch_lost_its_file_stays_what_its_clear_proved(fields: MakeField) -> None:
    """Committed in two parts and cleared; then the file of the first part is spoiled: nothing is asked or refused."""
    day = fields(scans=(BEGIN, event("SCAN"), "LT-1"))
    first = day.pull().download
    one = day.commit(first)
    day.scan("LT-2")
    second = day.pull().download
    two = day.commit(second)
    day.clear()
    (day.spool.folder / first.name).unlink()
    batch, plan = day.preview(second)
    assert (plan.problems, plan.refusals, plan.already_committed) == ([], [], True)
    assert batch.settled.recorded_in == (one.batch_id, two.batch_id)
    assert [each.said for each in batch.meanings if each.scan.text.startswith("LT")] == ["recorded", "recorded"]
    left = Answers(left_out=(LeftOut(3, "no"),))
    assert day.preview(second, left)[1].already_committed
    assert day.commit(second).already_committed


def test_what_was_left_out_with_a_clear_stays_so_without_the_file_of_the_batch(fields: MakeField) -> None:
    """A download that a clear proved by an earlier one's batch: nothing of it is a row again once that one is gone."""
    day = fields(scans=untimed("LT-1"))
    first = day.pull().download
    one = day.commit(first)
    day.scan("LT-2")
    second = day.pull().download
    day.clear(Answers(left_out=(LeftOut(4, "not ours"),)))
    (day.spool.folder / first.name).unlink()
    batch, plan = day.preview(second)
    assert (plan.problems, batch.numbers, batch.settled.recorded_in) == ([], [], (one.batch_id,))
    assert [each.said for each in batch.meanings][2:] == ["recorded", "left out"]
    assert day.commit(second).already_committed
