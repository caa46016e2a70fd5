"""Answers about scans: one about each scan, and which of them answers what is asked about the whole of a download."""

import msgspec
import pytest

from assettrack.domain.finding_kinds import Kind
from assettrack.domain.findings import finding
from assettrack.domain.scan_answers import Answers, LeftOut, asked_of_all
from assettrack.domain.scanner_findings import ANSWERED_BY, SCANNER_FINDINGS

SAID = Answers(left_out=(LeftOut(2, "misread"),), taken=(5,))


def test_one_answer_about_a_scan_takes_the_place_of_another() -> None:
    """A scan is left out, or taken, or asked about again; what was said about others stays, in their order."""
    assert SAID.answering(5, left_out="seen twice") == Answers((LeftOut(2, "misread"), LeftOut(5, "seen twice")))
    assert SAID.answering(2, left_out="no tag") == Answers((LeftOut(2, "no tag"),), (5,))
    assert SAID.answering(2, taken=True) == Answers(taken=(2, 5))
    assert SAID.answering(2).answering(5) == Answers()


def test_many_scans_are_left_out_at_once_each_for_its_reason() -> None:
    """As one after the other: what was said about these counts no more, and the order is that of the scans."""
    assert SAID.leaving_out({5: "seen twice", 1: "a trial"}) == Answers(
        (LeftOut(1, "a trial"), LeftOut(2, "misread"), LeftOut(5, "seen twice"))
    )
    assert SAID.leaving_out({2: "no tag"}) == Answers((LeftOut(2, "no tag"),), (5,))
    assert SAID.leaving_out({}) == SAID


def test_two_answers_that_contradict_each_other_are_told() -> None:
    """A scan is not both left out and taken, and equal scans are not both the recorded ones and made anew."""
    both = msgspec.structs.replace(SAID, taken=(5, 2), same_scans=True)
    assert (both.left_out_and_taken, both.are_same_and_anew) == ([2], False)
    assert (SAID.left_out_and_taken, msgspec.structs.replace(both, scanned_anew=True).are_same_and_anew) == ([], True)


def test_every_answer_is_one_and_every_question_a_question() -> None:
    """What fits is a field of the answers, and it fits what stops a batch."""
    said = set(Answers.__struct_fields__) - {"left_out", "holder_id"}  # a number is that of the holder who is said
    assert {name for fields in ANSWERED_BY.values() for name in fields} == said
    assert {SCANNER_FINDINGS[code][0] for code in ANSWERED_BY} == {Kind.PROBLEM}


@pytest.mark.parametrize("said", ["same_scans", "scanned_anew"])
def test_a_question_that_is_answered_stays_to_be_seen(said: str) -> None:
    """One of the answers that fit is enough; none of the others is."""
    question = finding("maybe_anew", batch=1)
    answered = msgspec.convert({said: True}, Answers)
    assert asked_of_all(question, answered) == finding("answered_so", question=question.message)
    assert asked_of_all(question, Answers(gaps_looked_at=True, untimed_at_download=True)) == question
