"""A confirmed commit of scans that somebody else committed meanwhile."""

import shutil

import msgspec
import pytest

from assettrack.domain import download_errors, errors
from assettrack.domain.downloads import Download
from assettrack.domain.plans import Options
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.scanner.emulated_faults import Fault
from tests.services.field import LAPTOP, Field, MakeField

SAID = Answers(operator="kim", event_type="SCAN")
WITHOUT_3 = msgspec.structs.replace(SAID, left_out=(LeftOut(3, "on the table"),))
SCANS = ("LT-1", "LT-2", "LT-3")
UNKNOWN = "ZZZZ-ZZZZ"


def shown(day: Field, download: Download, answers: Answers = SAID, options: Options = LAPTOP) -> str:
    """Preview a download, and return the code of what is shown."""
    code = day.downloads.preview(download, answers, options)[1].confirm_code
    assert code is not None
    return code


def confirmed(day: Field, download: Download, code: str, answers: Answers = SAID, options: Options = LAPTOP) -> bool:
    """Commit what was shown with a code; tell whether it is said to be recorded already."""
    return day.downloads.commit_download(download, answers, options, confirm=code).already_committed


def test_what_somebody_else_left_out_is_not_said_to_be_recorded(fields: MakeField) -> None:
    """Whoever confirmed three scans, of which another left one out meanwhile, is told which and where."""
    day = fields(scans=SCANS)
    download = day.pull().download
    code = shown(day, download)
    receipt = day.commit(download, WITHOUT_3)
    for known in (code, UNKNOWN):
        with pytest.raises(download_errors.ConfirmedOtherwise, match=rf"batch {receipt.batch_id}, .* scan 3 became"):
            confirmed(day, download, known)
    assert sorted(day.places()) == ["LT-1", "LT-2"]


@pytest.mark.parametrize(
    ("answers", "options"),
    [
        (msgspec.structs.replace(SAID, operator="mara"), LAPTOP),
        (msgspec.structs.replace(SAID, event_type="UPDATE"), LAPTOP),
        (SAID, Options({"equipment_type": "tablet"})),
    ],
)
def test_another_meaning_of_the_same_scans_is_not_said_to_be_recorded(
    fields: MakeField, answers: Answers, options: Options
) -> None:
    """Another operator, event or kind of equipment is something else than what was confirmed."""
    day = fields(scans=SCANS)
    download = day.pull().download
    code = day.downloads.preview(download, answers, options)[1].confirm_code or UNKNOWN
    day.commit(download, SAID)
    for known in (code, UNKNOWN):
        with pytest.raises(download_errors.ConfirmedOtherwise):
            confirmed(day, download, known, answers, options)


def forget_plans(day: Field) -> None:
    """Lose every plan that was shown."""
    shutil.rmtree(day.folder / "plans", ignore_errors=True)


def test_a_repeat_needs_no_plan_to_be_known(fields: MakeField) -> None:
    """The log tells with which code its batch was confirmed, whatever is answered by now."""
    day = fields(scans=SCANS)
    download = day.pull().download
    code = shown(day, download, WITHOUT_3)
    assert not confirmed(day, download, code, WITHOUT_3)
    forget_plans(day)
    for given in (LAPTOP, Options({"equipment_type": "tablet"})):
        assert confirmed(day, download, code, WITHOUT_3, given)


def test_another_kind_of_equipment_in_another_downloads_batch_is_named(fields: MakeField) -> None:
    """A later download with the same scans was committed as laptops: who confirmed tablets is told so."""
    day = fields(scans=SCANS)
    first = day.pull().download
    tablet = Options({"equipment_type": "tablet"})
    code = shown(day, first, SAID, tablet)
    day.scan("LT-4")
    day.commit(day.pull().download, SAID)
    for _ in range(2):
        with pytest.raises(download_errors.ConfirmedOtherwise, match="equipment type is laptop, not tablet"):
            confirmed(day, first, code, SAID, tablet)
        forget_plans(day)
    assert confirmed(day, first, UNKNOWN, SAID, LAPTOP)


def test_the_same_rows_in_another_downloads_batch_are_recorded_as_confirmed(fields: MakeField) -> None:
    """A later download was committed alike: the same cells stand in the log, so there is nothing to stop for."""
    day = fields(scans=SCANS)
    first = day.pull().download
    code = shown(day, first)
    day.scan("LT-4")
    day.commit(day.pull().download, SAID)
    assert confirmed(day, first, code)
    forget_plans(day)
    assert confirmed(day, first, code)


def test_scans_of_another_time_in_another_downloads_batch_are_not_as_confirmed(fields: MakeField) -> None:
    """Of scans without times the later download gave them its own time: these are other rows than were confirmed."""
    day = fields(Fault("no-stamps"), scans=SCANS)
    said = msgspec.structs.replace(SAID, untimed_at_download=True, scanned_anew=False, same_scans=True)
    first = day.pull().download
    code = shown(day, first, said)
    day.bus.times.sleep(7200)
    day.scan("LT-4")
    behind = day.spool.folder / first.name
    copy = behind.read_bytes()
    behind.unlink()
    day.commit(day.pull().download, said)
    behind.write_bytes(copy)
    with pytest.raises(download_errors.ConfirmedOtherwise, match="scan 1, 2, 3 became"):
        confirmed(day, first, code, said)


@pytest.mark.parametrize("code", [UNKNOWN, "0000-0000", "", "no code"])
def test_a_code_of_which_nothing_is_known_is_no_proof(fields: MakeField, code: str) -> None:
    """Where nothing says what was shown with a code, neither a plan nor words beside it, it can't be compared."""
    day = fields(scans=SCANS)
    download = day.pull().download
    receipt = day.commit(download, SAID)
    with pytest.raises(download_errors.ConfirmedUnknown, match=rf"batch {receipt.batch_id}.*can't be compared"):
        day.downloads.commit_shown(download, SAID, LAPTOP, confirm=code)


def test_on_a_page_only_what_was_shown_counts(fields: MakeField) -> None:
    """What is answered in another tab by now is not what was confirmed: without the plan nothing can be compared."""
    day = fields(scans=SCANS)
    download = day.pull().download
    old, new = shown(day, download, SAID), shown(day, download, WITHOUT_3)
    assert not day.downloads.commit_shown(download, WITHOUT_3, LAPTOP, confirm=new).already_committed
    with pytest.raises(download_errors.ConfirmedOtherwise, match="scan 3 became"):
        day.downloads.commit_shown(download, WITHOUT_3, LAPTOP, confirm=old)
    forget_plans(day)
    with pytest.raises(download_errors.ConfirmedUnknown, match="Nothing was saved"):
        day.downloads.commit_shown(download, WITHOUT_3, LAPTOP, confirm=old)
    assert day.downloads.commit_shown(download, SAID, LAPTOP, confirm=new).already_committed


def test_on_a_page_what_another_tab_would_take_by_now_stops_nothing(fields: MakeField) -> None:
    """A scan was shown as left out, and a later download left it out: only beside the code is more asked for."""
    day = fields(scans=SCANS)
    first = day.pull().download
    code = shown(day, first, WITHOUT_3)
    day.scan("LT-4")
    day.commit(day.pull().download, WITHOUT_3)
    assert day.downloads.commit_shown(first, SAID, LAPTOP, confirm=code).already_committed
    with pytest.raises(download_errors.LeftOutBefore, match="scan 3, LT-3"):
        confirmed(day, first, code, SAID)


def test_a_confirmed_commit_that_is_repeated_changes_nothing(fields: MakeField) -> None:
    """After a crash the same code is answered by where its scans are, also once the scanner is cleared."""
    day = fields(scans=SCANS)
    download = day.pull().download
    code = shown(day, download, WITHOUT_3)
    assert not confirmed(day, download, code, WITHOUT_3)
    assert confirmed(day, download, code, WITHOUT_3)
    assert confirmed(day, download, UNKNOWN, WITHOUT_3)
    day.clear()
    assert confirmed(day, download, code, WITHOUT_3)


def test_what_was_shown_as_recorded_is_recorded(fields: MakeField) -> None:
    """The code of a page that said that nothing is to be done is answered so, whatever the scans were settled with."""
    day = fields(scans=SCANS)
    download = day.pull().download
    day.commit(download, WITHOUT_3)
    assert confirmed(day, download, shown(day, download, Answers()), Answers())


def test_scans_settled_by_another_download_are_compared_one_by_one(fields: MakeField) -> None:
    """A later download with the same scans was committed: the earlier one is recorded if it was confirmed alike."""
    day = fields(scans=SCANS)
    first = day.pull().download
    code = shown(day, first)
    day.scan("LT-4")
    day.commit(day.pull().download, WITHOUT_3)
    with pytest.raises(download_errors.ConfirmedOtherwise, match="scan 3 became"):
        confirmed(day, first, code)
    assert confirmed(day, first, UNKNOWN, WITHOUT_3)


def test_an_answer_counts_for_the_questions_that_were_shown_with_the_code(fields: MakeField) -> None:
    """What is asked only since then has no answer, though the same words would answer it."""
    day = fields(Fault("reject-redundant"), scans=SCANS)
    said = msgspec.structs.replace(SAID, gaps_looked_at=True)
    behind = day.spool.folder / day.pull().download.name
    del day.scanner.records[0]
    download = day.pull().download
    copy = behind.read_bytes()
    behind.unlink()
    _, plan = day.downloads.preview(download, said, LAPTOP)
    (seen,) = [each.message for each in plan.notices if each.code == "answered_so"]
    assert "set to drop repeated scans" in seen
    behind.write_bytes(copy)
    with pytest.raises(errors.ConfirmCodeWrong, match="Nothing was saved"):
        confirmed(day, download, plan.confirm_code or "", said)
    _, again = day.downloads.preview(download, said, LAPTOP)
    first, second = sorted(each.message for each in again.notices if each.code == "answered_so")
    assert behind.name in first + second
    assert not confirmed(day, download, again.confirm_code or "", said)


def test_what_one_answer_settles_is_shown_question_by_question(fields: MakeField) -> None:
    """Without times: that recorded scans are the same ones, and that one of them is gone, are two questions."""
    day = fields(Fault("no-stamps"), scans=SCANS)
    given = msgspec.structs.replace(SAID, untimed_at_download=True)
    day.commit(day.pull().download, given)
    del day.scanner.records[2]
    day.scan("LT-4")
    known = msgspec.structs.replace(given, same_scans=True)
    download = day.pull().download
    assert [each.code for each in day.preview(download, known)[1].problems] == ["recorded_and_gone"]
    both = msgspec.structs.replace(known, gaps_looked_at=True)
    plan = day.preview(download, both)[1]
    assert (plan.problems, len([each for each in plan.notices if each.code == "answered_so"])) == ([], 2)


@pytest.mark.parametrize(
    ("answers", "options"),
    [
        (SAID, Options({"equipment_type": "tablet"})),
        (SAID, msgspec.structs.replace(LAPTOP, new_holders=True)),
        (msgspec.structs.replace(SAID, operator="mara"), LAPTOP),
    ],
)
def test_only_the_same_commit_is_answered_in_spite_of_what_is_asked_since(
    fields: MakeField, answers: Answers, options: Options
) -> None:
    """The kept file of an earlier batch is gone since: with other options or answers it is another commit."""
    day = fields(scans=SCANS)
    first = day.pull().download
    day.commit(first, SAID)
    day.scan("LT-4")
    download = day.pull().download
    batch_id = day.commit(download, SAID).batch_id
    (day.spool.folder / first.name).unlink()
    again = day.downloads.commit_download(download, SAID, LAPTOP, confirm=None)
    assert (again.already_committed, again.batch_id) == (True, batch_id)
    with pytest.raises(errors.BatchHasProblems):
        day.downloads.commit_download(download, answers, options, confirm=None)
