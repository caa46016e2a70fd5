"""A case that is prepared between preview and commit, and makes a scanned name look like a case's."""

import pytest

from assettrack.domain import errors
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.services import slots
from tests.domain.trial_scans import event
from tests.services.desk import row
from tests.services.field import LAPTOP, MORNING, Field, MakeField

BEGIN, SCAN = MORNING[0], event("SCAN")
FIVE_HOURS = 5 * 60 * 60


def prepare(day: Field, name: str) -> None:
    """Prepare a case."""
    slots.initialise_cases(day.workplace, [(name, 4)])


def test_where_it_changes_no_row_the_code_stays_right(fields: MakeField) -> None:
    """Three known assets, one of them named like the new case: what was shown is what is committed."""
    day = fields(scans=(BEGIN, SCAN))
    day.desk.commit(row("LT-1", "SCAN") + row("PEL-1001", "SCAN"))
    day.scan("LT-1", "PEL-1001")
    download = day.pull().download
    code = day.preview(download)[1].confirm_code
    assert code is not None
    prepare(day, "PEL-05")
    assert day.preview(download)[1].confirm_code == code
    assert day.downloads.commit_download(download, Answers(), LAPTOP, confirm=code).committed == 2
    prepare(day, "LT-05")
    again = day.downloads.commit_download(download, Answers(), LAPTOP, confirm=code)
    assert (again.already_committed, day.preview(download)[1].problems) == (True, [])
    assert (day.clear().scans, day.verified()) == (4, True)


@pytest.fixture
def left_out(fields: MakeField) -> Field:
    """A day on which RACK-7 was left out, and committed with the asset before it; another asset is named like it."""
    day = fields(scans=(BEGIN, SCAN, "LT-0", "LT-1", "RACK-7"))
    day.desk.commit(row("RACK-9", "SCAN"))
    day.commit(day.pull().download, Answers(left_out=(LeftOut(5, "of no case"),)))
    return day


def test_where_it_raises_a_question_nothing_is_committed(left_out: Field) -> None:
    """What comes behind a name that may have been a case's has no place unasked; answered, it stays as it is."""
    left_out.scan("LT-2")
    download = left_out.pull().download
    code = left_out.preview(download)[1].confirm_code
    assert code is not None
    prepare(left_out, "RACK-01")
    with left_out.desk.unchanged(), pytest.raises(errors.BatchHasProblems):
        left_out.downloads.commit_download(download, Answers(), LAPTOP, confirm=code)
    assert left_out.questions() == ["place_left_out"]
    assert left_out.commit(download, Answers(taken=(6,))).committed == 1
    assert left_out.verified()


def test_an_answer_to_another_question_is_none_to_the_one_that_it_raises(left_out: Field) -> None:
    """It was said that the cards still hold; whether the asset is in no slot was never shown, and the row is the same.

    The batch that the question was shown for is committed with it, and replays when more such cases are prepared.
    """
    left_out.bus.times.sleep(FIVE_HOURS)
    left_out.scan("LT-2")
    download = left_out.pull().download
    assert left_out.questions() == ["context_old"]
    taken = Answers(taken=(6,))
    code = left_out.preview(download, taken)[1].confirm_code
    assert code is not None
    prepare(left_out, "RACK-01")
    with left_out.desk.unchanged(), pytest.raises(errors.ConfirmCodeWrong, match="stand for was changed since"):
        left_out.downloads.commit_download(download, taken, LAPTOP, confirm=code)
    assert left_out.questions() == ["context_old", "place_left_out"]
    shown = left_out.preview(download, taken)[1].confirm_code
    assert shown not in {None, code}
    assert left_out.downloads.commit_download(download, taken, LAPTOP, confirm=shown).committed == 1
    prepare(left_out, "LT-05")
    again = left_out.downloads.commit_download(download, taken, LAPTOP, confirm=shown)
    assert (again.already_committed, left_out.preview(download, taken)[1].problems) == (True, [])
    assert (left_out.clear().scans, left_out.verified()) == (6, True)
