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


def test_what_was_dealt_with_before_is_read_as_it_was() -> None:
    """It was taken for an asset, and taken back: nothing of it is asked now, nor of what comes after it."""
    texts = [BEGIN, SCAN, "CASE-77", UNDO, "LT-1"]
    numbers = range(1, 5)
    settled = Settled(dict.fromkeys(numbers, 1), frozenset(), dict.fromkeys(numbers, Answers()))
    meanings = read(texts, settled=settled)
    assert codes(meanings) == {}
    assert rows(meanings) == [("SCAN", "LT-1", "", "")]
