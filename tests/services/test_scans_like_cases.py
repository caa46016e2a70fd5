"""Codes that look like names of cases among pulled scans: asked about, but not where they were dealt with before."""

import pytest

from assettrack.domain.scan_answers import Answers, LeftOut
from tests.domain.trial_scans import case, event
from tests.services.field import LAPTOP, MORNING, Field, MakeField

BEGIN = MORNING[0]
OUT_OF_CASE = Answers(left_out=(LeftOut(5, "the label of a case"),))


def committed_by_an_older_program(day: Field, answers: Answers) -> str:
    """Commit what is on the scanner by rules that took such a code for an asset, and return its confirm code."""
    download = day.pull().download
    with pytest.MonkeyPatch.context() as before:
        before.setattr("assettrack.services.scan_catalogues.looking_like_cases", lambda *_: (set(), set()))
        code = day.preview(download, answers)[1].confirm_code
        assert code is not None
        assert day.commit(download, answers).committed == 2
    return code


def test_it_is_asked_and_stays_what_somebody_said(fields: MakeField) -> None:
    """Held until it is said to be an asset; after that commit nothing more is asked, and the scanner is cleared."""
    day = fields(scans=(BEGIN, event("SCAN"), "LT-1", "CASE-77"))
    download = day.pull().download
    batch, plan = day.preview(download)
    assert [each.code for each in plan.problems] == ["case_or_asset_here"]
    assert batch.held == [4]
    assert day.commit(download, Answers(taken=(4,))).committed == 2
    day.scan("LT-2", "CASE-77", "CASE-78")
    assert day.questions() == ["case_or_asset_here"]
    assert day.commit(day.pull().download, Answers(taken=(7,))).committed == 3
    assert day.clear().scans == 7
    assert day.verified()


@pytest.mark.parametrize(
    ("scans", "answers"),
    [
        ((BEGIN, event("SCAN"), "LT-1", "CASE-77"), Answers()),
        ((BEGIN, event("SCAN"), case("OUT"), "LT-1", "CASE-77", "LT-2"), OUT_OF_CASE),
    ],
)
def test_what_an_older_program_committed_is_as_it_was(
    fields: MakeField, scans: tuple[str, ...], answers: Answers
) -> None:
    """Recorded or left out without a question: it is told as committed, said once more, and the scanner is cleared."""
    day = fields(scans=scans)
    code = committed_by_an_older_program(day, answers)
    again = day.pull()
    assert not again.is_new
    for said in (Answers(), answers):
        batch, plan = day.preview(again.download, said)
        assert (plan.already_committed, list(batch.problems)) == (True, [])
        assert day.commit(again.download, said).already_committed
    assert day.downloads.commit_shown(again.download, answers, LAPTOP, confirm=code).already_committed
    assert day.clear().scans == len(scans)
    assert day.preview(again.download)[1].problems == []
    assert day.verified()
