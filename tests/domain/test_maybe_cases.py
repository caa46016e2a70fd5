"""Names that look like those of cases, among the scans of a pocket scanner: asked about, never taken for assets."""

from collections.abc import Sequence

import msgspec
import pytest

from assettrack.domain.card_catalogue import CodeSaid
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.domain.scan_grammar import Reading
from assettrack.domain.scan_meanings import Meaning
from assettrack.domain.settled_scans import Settled
from tests.domain.trial_scans import BEGIN, CATALOGUE, UNDO, case, codes, event, every, rows, slot, stored

SCAN = event("SCAN")
LIKE = msgspec.structs.replace(CATALOGUE, like_cases=frozenset({"CASE-77"}))
NAMES = frozenset({"PEL-1001", "PEL-1002", "CASE-77"})
ALIKE = msgspec.structs.replace(CATALOGUE, cases={"PEL-01": 20}, like_cases=NAMES, case_forms=NAMES)
"""Assets and cases are named alike: PEL-01 is a case, and what is called PEL-1001 nobody knows yet."""


def read(texts: Sequence[str], answers: Answers | None = None, settled: Settled | None = None) -> list[Meaning]:
    """Read texts where CASE-77 is neither a case nor an asset."""
    scans = stored(texts)
    reading = Reading(LIKE, answers or Answers(), settled=settled or Settled())
    return reading.read(scans, every(3, len(scans)))


@pytest.mark.parametrize("text", ["CASE-77", "case-77"])
def test_what_looks_like_the_name_of_a_case_makes_no_asset(text: str) -> None:
    """It may be the label of a case that nobody prepared: it is held, and so is the whole batch."""
    meanings = read([BEGIN, SCAN, "LT-1", text, "LT-2"])
    assert codes(meanings) == {4: ["case_or_asset_here", "scans_wait"]}
    assert "CASE-77" in meanings[3].findings[0].message


def test_it_is_an_asset_once_somebody_says_so() -> None:
    """Taken as it is, it is an asset like any, and the label before it was for it."""
    meanings = read([BEGIN, SCAN, slot("CASE-01", 3), "CASE-77"], Answers(taken=(4,)))
    assert rows(meanings) == [("SCAN", "CASE-77", "", "CASE-01 slot 3")]
    assert codes(meanings) == {4: ["taken_so"]}


def test_left_out_it_may_have_been_a_case() -> None:
    """Where the next asset is nobody knows then: it is asked, and never put where the card before said."""
    answers = Answers(left_out=(LeftOut(4, "the label of a case"),))
    meanings = read([BEGIN, SCAN, case("OUT"), "CASE-77", "LT-2"], answers)
    assert codes(meanings) == {4: ["left_out"], 5: ["place_left_out"]}
    assert rows(meanings) == []


def test_a_code_that_stands_for_an_asset_is_no_case() -> None:
    """Of a code that is read as a tag by its own rules it is known what it is."""
    known = msgspec.structs.replace(LIKE, codes={"CASE-77": CodeSaid("CASE-77")})
    scans = stored([BEGIN, SCAN, "CASE-77"])
    meanings = Reading(known, Answers()).read(scans, every(3, len(scans)))
    assert rows(meanings) == [("SCAN", "CASE-77", "", "")]


def alike(*texts: str, answers: Answers | None = None) -> list[Meaning]:
    """Read texts of new assets where cases are named like assets."""
    scans = stored([BEGIN, SCAN, *texts])
    return Reading(ALIKE, answers or Answers()).read(scans, every(30, len(scans)))


def test_what_comes_right_after_the_label_of_a_slot_is_the_asset_for_it() -> None:
    """Where assets are named as cases are, an honest day asks nothing; nor of an asset that was read twice."""
    meanings = alike(slot("PEL-01", 1), "PEL-1001", slot("PEL-01", 2), "PEL-1002")
    assert rows(meanings) == [("SCAN", "PEL-1001", "", "PEL-01 slot 1"), ("SCAN", "PEL-1002", "", "PEL-01 slot 2")]
    assert codes(meanings) == {}
    scans = stored([BEGIN, SCAN, slot("PEL-01", 1), "PEL-1001", "PEL-1001"])
    assert codes(Reading(ALIKE, Answers()).read(scans, every(1, len(scans)))) == {5: ["read_twice"]}


def test_an_answer_about_the_asset_of_a_label_is_none_too_many() -> None:
    """Whoever was asked once, and says it again, is not told that nothing is asked."""
    assert codes(alike(slot("PEL-01", 1), "PEL-1001", answers=Answers(taken=(4,)))) == {}


@pytest.mark.parametrize(
    "texts",
    [
        (slot("PEL-01", 1), "CASE-77"),
        ("PEL-1001",),
        (case("PEL-01"), "PEL-1001"),
        (slot("PEL-01", 1), "LT-1", "PEL-1001"),
        (slot("PEL-01", 1), "LT-1", UNDO, "PEL-1001"),
        (slot("PEL-01", 1), "LT-1", slot("PEL-01", 2), "LT-2", "LT-2", "PEL-1001"),
    ],
)
def test_elsewhere_what_looks_like_a_case_is_asked_about(texts: Sequence[str]) -> None:
    """The usual form always; any other where no label waits for an asset, or one that was taken back was for it."""
    last = len(texts) + 2
    assert codes(alike(*texts))[last][0] == "case_or_asset_here"


def test_behind_an_asset_that_is_left_out_a_label_is_for_nobody() -> None:
    """What comes then may be anything: it is asked about."""
    answers = Answers(left_out=(LeftOut(4, "broken"),))
    found = codes(alike(slot("PEL-01", 1), "LT-1", "PEL-1001", answers=answers))[5]
    assert found == ["case_or_asset_here", "slot_of_left_out"]


def test_what_was_dealt_with_before_is_read_as_it_was() -> None:
    """It was taken for an asset, and taken back: nothing of it is asked now, nor of what comes after it."""
    texts = [BEGIN, SCAN, "CASE-77", UNDO, "LT-1"]
    numbers = range(1, 5)
    settled = Settled(dict.fromkeys(numbers, 1), frozenset(), dict.fromkeys(numbers, Answers()))
    meanings = read(texts, settled=settled)
    assert codes(meanings) == {}
    assert rows(meanings) == [("SCAN", "LT-1", "", "")]
