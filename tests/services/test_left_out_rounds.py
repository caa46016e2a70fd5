"""Cards left out of pulls and of files that grew: what was committed stays, and what is new behind them is asked."""

import msgspec
import pytest

from assettrack.domain import errors
from assettrack.domain.cards import Card, CardKind, written
from assettrack.domain.scan_answers import Answers, LeftOut
from tests.domain.trial_scans import event, slot
from tests.services.desk import Desk
from tests.services.field import LAPTOP, MORNING, Field, MakeField
from tests.services.test_files_told_before import KIM, LATER, SAME, asked, commit, listed, rows_of

BEGIN, SCAN = MORNING[0], event("SCAN")
ANNS, BENS = (written(Card(CardKind.BEGIN, number)) for number in ("77", "78"))
MISREAD = slot("CASE-01", 2)[:-1] + "?"
FIFTH = (LeftOut(5, "misread"),)
ALSO_KIM = Answers(operator="KIM", event_type="SCAN", left_out=FIFTH)


def test_a_file_that_grew_asks_for_whom_a_name_of_the_first_day_is_said(desk: Desk) -> None:
    """Said to be the same scans, the old ones keep their name; behind the card left out it is asked as before."""
    first = ("A-1", "A-2", "A-3")
    commit(desk, listed(*first))
    found = listed(*first, "AT BLEX8", "A-4")
    out = msgspec.structs.replace(SAME, left_out=(LeftOut(4, "misread"),))
    assert asked(desk, found, out) == ["said_for_other"] * 2
    assert asked(desk, found, msgspec.structs.replace(KIM, left_out=out.left_out)) == [
        "dump_told_before", "said_for_other", "said_for_other",
    ]  # fmt: skip
    with desk.unchanged(), pytest.raises(errors.BatchHasProblems):
        commit(desk, found, out, LATER)
    assert commit(desk, found, out.answering(5, taken=True), LATER).committed == 1
    assert rows_of(desk) == dict.fromkeys((*first, "A-4"), 1)


def test_a_second_pull_asks_for_whom_a_name_of_the_first_is_said(fields: MakeField) -> None:
    """Two begin cards of nobody who is known here: the name said for the first is in a batch."""
    day = fields(scans=(ANNS, SCAN, "LT-1"))
    said = Answers(operator="Ann", left_out=(LeftOut(1, "not known"),))
    assert day.commit(day.pull().download, said).committed == 1
    day.scan(BENS, SCAN, "LT-2", "LT-3")
    again = Answers(operator="Ann", left_out=(LeftOut(4, "not known"),))
    assert day.questions(again) == ["said_for_other"] * 2
    assert day.questions(msgspec.structs.replace(again, operator="Ben")) == []
    assert day.commit(day.pull().download, again.answering(6, taken=True)).committed == 2
    assert (day.clear().scans, day.verified()) == (7, True)


@pytest.fixture
def older(fields: MakeField, monkeypatch: pytest.MonkeyPatch) -> tuple[Field, str]:
    """A round of which an older program committed an asset behind a misread card, in no slot; and its code."""
    day = fields(scans=(BEGIN, SCAN, slot("CASE-01", 1), "LT-1", MISREAD, "LT-2"))
    download = day.pull().download
    with monkeypatch.context() as before:
        before.setattr("assettrack.domain.scan_memory.maybe_labels", lambda *_: frozenset())
        code = day.preview(download, ALSO_KIM)[1].confirm_code
        assert code is not None
        assert day.commit(download, ALSO_KIM).committed == 2
    return day, code


@pytest.mark.parametrize("said", [Answers(), ALSO_KIM])
def test_what_an_older_program_committed_unasked_is_as_it_was(older: tuple[Field, str], said: Answers) -> None:
    """It is told as committed, said once more, and the scanner is cleared: nothing is asked of what is a row."""
    day, code = older
    again = day.pull().download
    batch, plan = day.preview(again, said)
    assert (plan.already_committed, list(batch.problems)) == (True, [])
    assert day.commit(again, said).already_committed
    assert day.downloads.commit_shown(again, ALSO_KIM, LAPTOP, confirm=code).already_committed
    assert day.clear().scans == 6
    assert (day.preview(again)[1].problems, day.places()["LT-2"], day.verified()) == ([], "None", True)


def test_what_comes_behind_it_is_asked(older: tuple[Field, str]) -> None:
    """The card may have been a label for that one too; where it is said, it is one question."""
    day, _ = older
    day.scan("LT-3", "LT-4")
    now = msgspec.structs.replace(ALSO_KIM, left_out=())
    assert day.questions(now) == ["place_left_out"] * 2
    assert day.commit(day.pull().download, now.answering(7, taken=True)).committed == 2
    assert (day.clear().scans, day.verified()) == (8, True)


def test_what_was_committed_by_a_name_of_another_round_unasked_is_as_it_was(
    fields: MakeField, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that an older program took for an asset of another round: it is told as committed, and cleared."""
    day = fields(scans=("AT BLEX8", SCAN, "LT-1", BEGIN, SCAN, "LT-2", "AT ESCAX", SCAN, "LT-3"))
    said = Answers(operator="Lee", left_out=tuple(LeftOut(number, "misread") for number in (1, 3, 7)))
    download = day.pull().download
    with monkeypatch.context() as before:
        before.setattr("assettrack.domain.said_once.SaidOnce.leave_out_asset", lambda *_: None)
        code = day.preview(download, said)[1].confirm_code
        assert code is not None
        assert day.commit(download, said).committed == 2
    again = day.pull().download
    batch, plan = day.preview(again, said)
    assert (plan.already_committed, list(batch.problems)) == (True, [])
    assert day.commit(again, said).already_committed
    assert day.downloads.commit_shown(again, said, LAPTOP, confirm=code).already_committed
    day.scan("LT-4")
    assert day.questions(Answers(operator="Lee")) == ["said_for_other"]
    assert day.commit(day.pull().download, Answers(operator="Lee", taken=(10,))).committed == 1
    assert (day.clear().scans, day.verified()) == (10, True)
