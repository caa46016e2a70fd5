"""Names that were left out of scans dealt with, and look otherwise now: nothing new goes by the place before them.

Which names look like those of cases hangs on the cases and assets that there are, and these change between two pulls.
"""

from collections.abc import Collection, Sequence

import msgspec
import pytest

from assettrack.domain.card_catalogue import CardCatalogue
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.domain.scan_grammar import Reading
from assettrack.domain.scan_meanings import Meaning
from assettrack.domain.settled_scans import Settled
from tests.domain.trial_scans import BEGIN, CATALOGUE, case, codes, event, every, holder, rows, slot, stored

SCAN, NO_SLOT = event("SCAN"), case("OUT")
NAME = frozenset({"RACK-7"})
ASKED = msgspec.structs.replace(CATALOGUE, like_cases=NAME, case_forms=NAME)
"""A case of this form is there, and no asset."""
OF_BOTH = msgspec.structs.replace(CATALOGUE, case_forms=NAME)
"""A case of this form is there, and an asset."""


def read(
    texts: Sequence[str], answers: Answers, catalogue: CardCatalogue, dealt_with: Collection[int]
) -> list[Meaning]:
    """Read scans of which some were dealt with, with these answers."""
    scans = stored(texts)
    settled = Settled(batches=dict.fromkeys(dealt_with, 1), answers=dict.fromkeys(dealt_with, answers))
    return Reading(catalogue, answers, settled=settled).read(scans, every(30, len(scans)))


@pytest.mark.parametrize("catalogue", [ASKED, OF_BOTH])
@pytest.mark.parametrize(
    ("texts", "answers"),
    [
        ([BEGIN, SCAN, NO_SLOT, "LT-1", "RACK-7", "LT-2"], Answers(left_out=(LeftOut(5, "of no case"),))),
        (
            [BEGIN, SCAN, slot("CASE-01", 3), "RACK-7", "LT-1", "LT-2"],
            Answers(left_out=(LeftOut(4, "mine"),), taken=(5,)),
        ),
    ],
)
def test_what_comes_after_it_is_asked_where_it_is(catalogue: CardCatalogue, texts: list[str], answers: Answers) -> None:
    """Whether it was the label of a case or an asset then nobody can tell by now: neither place is guessed."""
    meanings = read(texts, answers, catalogue, range(1, 6))
    assert codes(meanings)[6] == ["place_left_out"]
    assert [each.row for each in meanings if each.scan.number == 6] == [None]


def test_a_label_after_it_says_where_the_next_one_is() -> None:
    """Nothing is asked then, be it dealt with too or new."""
    answers = Answers(left_out=(LeftOut(4, "of no case"),))
    for dealt_with in (range(1, 5), range(1, 6)):
        meanings = read([BEGIN, SCAN, NO_SLOT, "RACK-7", slot("CASE-01", 3), "LT-2"], answers, ASKED, dealt_with)
        assert 6 not in codes(meanings)
        assert rows(meanings)[-1:] == [("SCAN", "LT-2", "", "CASE-01 slot 3")]


def test_any_other_name_that_was_left_out_leaves_the_place() -> None:
    """An asset is one, whatever comes after it."""
    answers = Answers(left_out=(LeftOut(5, "broken"),))
    meanings = read([BEGIN, SCAN, NO_SLOT, "LT-1", "LT-8", "LT-2"], answers, ASKED, range(1, 6))
    assert (6 in codes(meanings), rows(meanings)[-1][1]) == (False, "LT-2")


@pytest.mark.parametrize("catalogue", [ASKED, OF_BOTH])
def test_a_name_left_out_behind_a_doubtful_card_is_named_beside_the_cards_own_question(
    catalogue: CardCatalogue,
) -> None:
    """A badge is unknown by now, and a name behind it was left out: each is asked about by its own number."""
    texts = [BEGIN, SCAN, NO_SLOT, "LT-1", holder(99), "RACK-7", "LT-2"]
    out = Answers(left_out=(LeftOut(6, "of no case"),))
    (last,) = [each for each in read(texts, out, catalogue, range(1, 7)) if each.scan.number == 7]
    assert [each.code for each in last.findings] == ["place_left_out", "card_doubtful_now"]
    assert [each.message.split(" scan ")[1].split(",")[0].split(".")[0] for each in last.findings] == ["6", "5"]


def test_a_doubtful_badge_alone_leaves_the_place_left_out_to_be_asked() -> None:
    """The label before it is left out for sure, and its question stands."""
    texts = [BEGIN, SCAN, slot("CASE-01", 99), holder(99), "LT-2"]
    out = Answers(left_out=(LeftOut(3, "torn"),))
    assert codes(read(texts, out, CATALOGUE, range(1, 5)))[5] == ["place_left_out", "card_doubtful_now"]
