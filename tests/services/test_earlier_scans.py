"""One scanner, read into a file by the maker's program and pulled as well: nothing is recorded twice in silence."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import pytest

from assettrack.domain import download_errors, errors
from assettrack.domain.downloads import Download
from assettrack.domain.dumped_scans import Dump
from assettrack.domain.left_out_scans import left_out_scans
from assettrack.domain.plans import Plan
from assettrack.domain.pulled_batch import PulledBatch
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.formats import scanner_dump
from assettrack.formats.scanner_dump import Asked
from assettrack.scanner.emulator import EmulatedScanner
from assettrack.services import assets, scan_files
from assettrack.services.downloads import with_reading
from assettrack.services.intake import CommitReceipt
from assettrack.services.scan_files import SaidOfFile
from tests.domain.trial_scans import UNDO, end
from tests.services.field import AT_DOWNLOAD, LAPTOP, MORNING, Field, MakeField, untimed

BEGIN = MORNING[0]
SAME, ANEW, NOTHING = Answers(same_scans=True), Answers(scanned_anew=True), Answers()
TWO = (*untimed("LT-1", "LT-2"), end(2))
ASKED = ["told_both_ways"]


def off_by(day: Field, seconds: float) -> None:
    """Set the scanner's clock wrong: so many seconds behind the station's local time."""
    now = day.bus.times.now()
    local = now.astimezone(day.workplace.zone("Europe/Berlin")).replace(tzinfo=None)
    day.scanner.clock_offset = local - now.replace(tzinfo=None) - timedelta(seconds=seconds)


SECONDS, MINUTES = "{},003278,{:%H:%M:%S,%d/%m/%Y}", "{},003278,{:%H:%M,%d/%m/%Y}"
SET_RIGHT = "{};{:%H:%M:%S;%d-%m-%Y};Code128;697227"


def filed(
    day: Field, download: Download, last: int = 0, line: str = SECONDS, off: int = 0, behind: Sequence[str] = ()
) -> Dump:
    """Return what the maker's program writes of the scans of a download, or of the last ones, in lines of a form.

    Codes that stand ``behind`` them were scanned a second later.
    """
    lines = [
        line.format(each.text, datetime.fromisoformat(each.stamp) + timedelta(seconds=off))
        for each in day.downloads.scans(download)[-last:]
    ]
    later = datetime.fromisoformat(day.downloads.scans(download)[-1].stamp) + timedelta(seconds=1) if behind else None
    lines += [line.format(code, later) for code in behind]
    found = scanner_dump.read("\r\n".join(lines).encode(), Asked(order="dmy"))
    assert isinstance(found, Dump)
    return found


def read(day: Field, found: Dump, said: Answers = NOTHING, at: str = "") -> tuple[PulledBatch, Plan]:
    """Preview a file."""
    batch = scan_files.batch_of(day.workplace, found, SaidOfFile(said, at))
    return batch, scan_files.preview_file(day.workplace, batch, with_reading(LAPTOP, batch))


def commit(day: Field, found: Dump, said: Answers = NOTHING, at: str = "") -> CommitReceipt:
    """Commit a file."""
    batch = scan_files.batch_of(day.workplace, found, SaidOfFile(said, at))
    return scan_files.commit_file(day.workplace, batch, "SCANNED.TXT", with_reading(LAPTOP, batch), confirm=None)


def rows_of(day: Field) -> Counter[str]:
    """Return how many rows each asset has in the log."""
    entries = [msgspec.json.decode(body) for body in day.desk.entries()]
    return Counter(each["asset_tag"] for each in entries if "row_number" in each)


def codes(plan: Plan) -> list[str]:
    """Return the codes of what stops a batch."""
    return [each.code for each in (*plan.problems, *plan.refusals)]


OFFS = [1, -1, 120, -120]


@pytest.mark.parametrize("seconds", OFFS)
def test_what_a_file_told_is_asked_about_when_it_is_pulled(fields: MakeField, seconds: int) -> None:
    """As the same scans nothing is recorded again, and the scanner is cleared on the batch of the file."""
    day = fields(scans=())
    off_by(day, seconds)
    day.scan(*TWO)
    download = day.pull().download
    receipt = commit(day, filed(day, download))
    batch, plan = day.preview(download)
    assert codes(plan) == ASKED
    assert "5 scans of what was committed before, as batch 1, from a file" in batch.problems[0].message
    assert "2 of them, such as scan 3," in batch.problems[0].message
    with pytest.raises(errors.BatchHasProblems):
        day.commit(download)
    with pytest.raises(errors.AssetTrackError):
        day.clear()
    assert day.commit(download, SAME).already_committed
    assert rows_of(day) == {"LT-1": 1, "LT-2": 1}
    assert day.clear(SAME).batches == (receipt.batch_id,)
    assert day.commit(download).already_committed
    assert day.verified()


@pytest.mark.parametrize("seconds", OFFS)
def test_what_was_pulled_is_asked_about_when_a_file_tells_it(fields: MakeField, seconds: int) -> None:
    """The other way round it is the same."""
    day = fields(scans=())
    off_by(day, seconds)
    day.scan(*TWO)
    download = day.pull().download
    day.commit(download)
    found = filed(day, download)
    batch, plan = read(day, found)
    assert codes(plan) == ASKED
    assert "5 scans of what was committed before, as batch 1, from the scanner itself" in batch.problems[0].message
    with pytest.raises(errors.BatchHasProblems):
        commit(day, found)
    assert commit(day, found, SAME).already_committed
    assert rows_of(day) == {"LT-1": 1, "LT-2": 1}
    assert commit(day, found, ANEW).committed == 2
    assert read(day, found)[1].already_committed


@pytest.mark.parametrize("is_file_first", [True, False])
def test_nothing_is_asked_where_the_rows_come_out_the_same(fields: MakeField, *, is_file_first: bool) -> None:
    """A clock that agrees to the second makes the same rows of both: they are known by themselves."""
    day = fields(scans=())
    off_by(day, 0)
    day.scan(*TWO)
    download = day.pull().download
    if is_file_first:
        commit(day, filed(day, download))
    else:
        day.commit(download)
    plan = day.preview(download)[1] if is_file_first else read(day, filed(day, download))[1]
    assert (codes(plan), plan.already_committed) == ([], True)


def test_what_was_scanned_since_is_recorded_and_the_rest_is_not(fields: MakeField) -> None:
    """A download with more: the new scans are rows, under the cards from before, and later pulls ask nothing more."""
    day = fields(scans=())
    off_by(day, 2)
    day.scan(*untimed("LT-1", "LT-2"))
    commit(day, filed(day, day.pull().download))
    day.scan("LT-3")
    later = day.pull().download
    assert codes(day.preview(later)[1]) == ASKED
    batch, plan = day.preview(later, SAME)
    assert (codes(plan), [row[0] for row in batch.rows()]) == ([], ["LT-3"])
    assert day.commit(later, SAME).committed == 1
    day.scan("LT-4")
    assert day.questions() == []
    assert day.commit(day.pull().download).committed == 1
    assert rows_of(day) == dict.fromkeys(("LT-1", "LT-2", "LT-3", "LT-4"), 1)


def test_what_was_pulled_before_stays_settled_beside_what_came_in_a_file(fields: MakeField) -> None:
    """Of three scans one was pulled, one came in a file, and the third alone is new."""
    day = fields(scans=())
    off_by(day, 2)
    day.scan(*untimed("LT-1"))
    day.commit(day.pull().download)
    day.scan("LT-2")
    commit(day, filed(day, day.pull().download, last=1), Answers(operator="kim", event_type="SCAN"))
    day.scan("LT-3")
    later = day.pull().download
    assert codes(day.preview(later)[1]) == ASKED
    assert day.commit(later, SAME).committed == 1
    assert rows_of(day) == {"LT-1": 1, "LT-2": 1, "LT-3": 1}


def test_what_a_pull_recorded_anew_stays_its_own(fields: MakeField) -> None:
    """Later pulls of the same scans ask nothing, and settle them in the batch of the pull."""
    day = fields(scans=())
    off_by(day, 2)
    day.scan(*untimed("LT-1", "LT-2"))
    download = day.pull().download
    commit(day, filed(day, download))
    receipt = day.commit(download, ANEW)
    day.scan("LT-3")
    later = day.pull().download
    for said in (NOTHING, SAME):
        batch, plan = day.preview(later, said)
        assert (codes(plan), batch.settled.recorded_in) == ([], (receipt.batch_id,))
    assert day.commit(later).committed == 1
    assert rows_of(day) == {"LT-1": 2, "LT-2": 2, "LT-3": 1}


def test_a_scan_by_a_clock_that_nobody_trusted_is_known_by_what_that_showed(fields: MakeField) -> None:
    """Rows that got the time of the pull don't tell when the scanner's clock says that it was: the trace does."""
    day = fields(scans=())
    off_by(day, 86400 * 30)
    day.scan(*TWO)
    download = day.pull().download
    day.commit(download, AT_DOWNLOAD)
    assert codes(read(day, filed(day, download))[1]) == ASKED


def test_a_clock_that_is_set_before_the_second_pull_hides_nothing(fields: MakeField) -> None:
    """The times are told by the first reading, and the scans are known all the same."""
    day = fields(scans=())
    off_by(day, 200)
    day.scan(*TWO)
    found = filed(day, day.pull().download)
    day.bus.times.sleep(86400 * 2)
    day.scanner.clock_offset += timedelta(seconds=9)  # drift
    day.commit(day.pull().download)
    assert codes(read(day, found)[1]) == ASKED


def test_a_pull_after_daylight_saving_ended_is_known_in_a_file_of_before(fields: MakeField) -> None:
    """What the scanner's clock showed is compared, which follows no zone."""
    day = fields(scans=())
    day.bus.times.sleep(_until(day, "2026-10-24T09:00:00+00:00"))
    off_by(day, 120)
    day.scan(*TWO)
    found = filed(day, day.pull().download)
    commit(day, found)
    day.bus.times.sleep(86400 * 2)
    assert "told_both_ways" in day.questions()
    assert day.commit(day.pull().download, msgspec.structs.replace(SAME, clock_undisturbed=True)).already_committed


def _until(day: Field, moment: str) -> float:
    return (datetime.fromisoformat(moment) - day.bus.times.now()).total_seconds()


def test_an_undo_card_after_the_file_does_not_pass_over_what_is_recorded(fields: MakeField) -> None:
    """The row of the file stays; as the same scan the undo card is held, as for a scanner."""
    day = fields(scans=())
    off_by(day, 0)
    day.scan(*untimed("LT-1"))
    commit(day, filed(day, day.pull().download))
    day.scan(UNDO)
    later = day.pull().download
    assert codes(day.preview(later)[1]) == ASKED
    assert codes(day.preview(later, SAME)[1]) == ["undo_of_recorded"]


def test_other_answers_about_scans_that_are_the_same_are_too_late(fields: MakeField) -> None:
    """They became what they are with the answers of then."""
    day = fields(scans=())
    off_by(day, 5)
    day.scan(*TWO)
    download = day.pull().download
    commit(day, filed(day, download))
    with pytest.raises(download_errors.AnswersTooLate):
        day.preview(download, msgspec.structs.replace(SAME, left_out=(LeftOut(3, "torn"),)))


def test_other_scans_of_the_same_assets_are_not_asked_about(fields: MakeField) -> None:
    """Another scanner, or another second, is another scan; and without times nothing is known."""
    day = fields(scans=())
    off_by(day, 3)
    day.scan(*TWO)
    commit(day, filed(day, day.pull().download))
    day.bus.gone(day.bus.names()[0])
    day.scanner = EmulatedScanner(day.bus.times, None, ())
    day.bus.plug(day.scanner)
    off_by(day, 3)
    day.scan(*TWO)
    assert day.questions() == []
    bare = scanner_dump.read(b"LT-1\nLT-2\n", Asked())
    assert isinstance(bare, Dump)
    said = Answers(operator="kim", event_type="SCAN")
    assert codes(read(day, bare, said, f"{day.bus.times.now():%Y-%m-%dT%H:%M}Z")[1]) == []


def test_what_comes_between_check_and_commit_is_asked_about(fields: MakeField) -> None:
    """The download is judged under the write lock, by what the log has then."""
    day = fields(scans=())
    off_by(day, 1)
    day.scan(*TWO)
    download = day.pull().download
    code = day.preview(download)[1].confirm_code
    commit(day, filed(day, download))
    with pytest.raises(errors.BatchHasProblems):
        day.downloads.commit_download(download, NOTHING, LAPTOP, confirm=code)
    assert [tag for tag, _ in assets.all_assets(day.workplace)] == ["LT-1", "LT-2"]
    assert rows_of(day) == {"LT-1": 1, "LT-2": 1}


def of_a_form(day: Field, form: str, seconds: int) -> tuple[Download, Dump]:
    """Scan two laptops by a clock that is so far behind; return the download, and the file of a program."""
    off_by(day, seconds)
    day.scan(*TWO)
    download = day.pull().download
    off = seconds + 4 if form == SET_RIGHT else 0  # the other computer finds it otherwise
    return download, filed(day, download, line=form, off=off)


FORMS = {MINUTES: "in the same minutes of the scanner's clock, for the file", SET_RIGHT: "clock is set right. 2 of"}


@pytest.mark.parametrize("seconds", [0, 120])
@pytest.mark.parametrize("form", FORMS)
def test_what_a_file_told_otherwise_is_asked_about_when_it_is_pulled(
    fields: MakeField, form: str, seconds: int
) -> None:
    """Without seconds, or set right: nothing is dropped or recorded again in silence, and both answers are taken."""
    day = fields(scans=())
    download, found = of_a_form(day, form, seconds)
    assert commit(day, found).committed == 2
    batch, plan = day.preview(download)
    assert codes(plan) == ASKED
    assert "5 scans of what was committed before, as batch 1, from a file" in batch.problems[0].message
    assert FORMS[form] in batch.problems[0].message
    with pytest.raises(errors.BatchHasProblems):
        day.commit(download)
    assert day.preview(download, ANEW)[1].rows == 2
    assert day.commit(download, SAME).already_committed
    assert rows_of(day) == {"LT-1": 1, "LT-2": 1}
    assert day.clear(SAME).batches == (1,)
    assert day.verified()


@pytest.mark.parametrize("seconds", [0, 120])
@pytest.mark.parametrize("form", FORMS)
def test_what_was_pulled_is_asked_about_when_a_file_tells_it_otherwise(
    fields: MakeField, form: str, seconds: int
) -> None:
    """The other way round it is the same."""
    day = fields(scans=())
    download, found = of_a_form(day, form, seconds)
    day.commit(download)
    batch, plan = read(day, found)
    assert codes(plan) == ASKED
    assert FORMS[form] in batch.problems[0].message
    with pytest.raises(errors.BatchHasProblems):
        commit(day, found)
    assert commit(day, found, SAME).already_committed
    assert rows_of(day) == {"LT-1": 1, "LT-2": 1}
    assert commit(day, found, ANEW).committed == 2


@pytest.mark.parametrize("is_file_first", [True, False])
def test_times_set_right_by_a_clock_that_tells_nothing_are_not_compared(
    fields: MakeField, *, is_file_first: bool
) -> None:
    """By how much they were set right nobody knows then."""
    day = fields(scans=())
    off_by(day, 120)
    day.scan(*TWO)
    found = filed(day, day.pull().download, line=SET_RIGHT, off=120)
    day.scanner.clock_weak = True
    download = day.pull().download
    if is_file_first:
        commit(day, found)
        assert "told_both_ways" not in day.questions(AT_DOWNLOAD)
    else:
        day.commit(download, AT_DOWNLOAD)
        assert "told_both_ways" not in codes(read(day, found)[1])


def test_what_was_left_out_of_a_pull_is_asked_about_when_a_file_tells_it(fields: MakeField) -> None:
    """Rows that come out the same are known by themselves, and what was left out is no row that could be."""
    day = fields(scans=())
    off_by(day, 0)
    day.scan(*untimed("LT-1", "LT-2"))
    download = day.pull().download
    day.commit(download, Answers(left_out=(LeftOut(4, "not ours"),)))
    found = filed(day, download)
    batch, plan = read(day, found)
    assert [each.code for each in plan.problems] == ["left_out_then"]
    assert "rows now: scan 4, LT-2 (in batch 1, because: not ours)." in batch.problems[0].message
    with pytest.raises(errors.BatchHasProblems):
        commit(day, found)
    assert commit(day, found, SAME).already_committed
    with pytest.raises(download_errors.AnswersTooLate, match=r"left out scan 4 \(because: not ours\)"):
        read(day, found, Answers(same_scans=True, taken=(4,)))
    assert codes(read(day, found, Answers(left_out=(LeftOut(4, "not ours"),)))[1]) == []
    assert rows_of(day) == {"LT-1": 1}


def test_what_was_left_out_of_a_file_is_asked_about_when_it_is_pulled(fields: MakeField) -> None:
    """The other way round it is the same; a card that was left out is none of it, for it is no row."""
    day = fields(scans=())
    off_by(day, 0)
    day.scan(*untimed("LT-1", "LT-2"), end(2))
    download = day.pull().download
    out = Answers(left_out=(LeftOut(4, "not ours"), LeftOut(5, "ours")))
    commit(day, filed(day, download), out)
    (asked,) = day.preview(download)[0].problems
    assert asked.code == "left_out_then"
    assert "rows now: scan 4, LT-2 (in batch 1, because: not ours)." in asked.message
    day.scan(*untimed("LT-3"))
    assert "left_out_then" in day.questions()
    assert day.commit(day.pull().download, SAME).committed == 1
    assert rows_of(day) == {"LT-1": 1, "LT-3": 1}
    later = day.preview(day.pull().download)[0]
    assert [each.named for each in left_out_scans(later)] == ["scan 4, LT-2 (in batch 2, because: not ours)"]
    assert day.commit(day.pull().download, SAME).already_committed
    assert day.clear(SAME).batches == (1, 2)
