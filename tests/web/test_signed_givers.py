"""A signature for a transfer or a return is for taking things over from whoever had them when it was made."""

import pytest

from assettrack.domain.inventory import Inventory
from assettrack.domain.plans import Options
from assettrack.domain.tags import OUT
from assettrack.domain.timestamps import utc_text
from assettrack.domain.typed_rows import TypedBatch, issues, returns, transfers
from assettrack.services import holders, intake
from assettrack.services.holders import HolderUpdate
from tests.web.handing_over import (
    JANE,
    OKRI,
    STROKES,
    at_the_desk,
    code,
    form_of,
    issued,
    listed,
    said_of_acceptance,
    size,
    stocked,
    take_in,
)
from tests.web.test_signed_terms import ANEW, accept, accepting
from tests.web.visitors import OpenStation, Visitor

TOM = "Tom Blank"
DRAWN = {"how": "screen", "strokes.0": STROKES}
OTHER_GIVER = "and then what is on the list came to somebody else"


@pytest.fixture
def ben(station: OpenStation) -> Visitor:
    """Put LT-1, which Jane has, on the list for Ben Okri."""
    stocked(station, JANE, OKRI, TOM)
    issued(station, "LT-1")
    ben = at_the_desk(station, "/transfer")
    listed(ben, "transfer", "LT-1", holder=OKRI)
    return ben


def moved(station: OpenStation, to: str = TOM) -> None:
    """Let LT-1 go to somebody else, as another operator would."""
    take_in(station, transfers(["LT-1"], to))


@pytest.mark.parametrize("said", [DRAWN, {"how": "typed", "name.0": OKRI}])
@pytest.mark.parametrize("way", ["commit", "check", "acceptance"])
def test_a_signature_does_not_survive_another_giver(
    station: OpenStation, ben: Visitor, said: dict[str, str], way: str
) -> None:
    """However one comes to see it, it is lost and the page says so; then it is made anew for what is so now."""
    assert accept(ben, {**accepting(ben, "transfer"), **said}, "transfer") == 303
    old = code(ben)
    moved(station)
    before = size(station)
    if way == "commit":
        assert ben.post("/transfer/commit", old).status_code in {409, 422}
    else:
        ben.get(f"/transfer/check?draft={old['draft']}" if way == "check" else "/transfer/acceptance")
    assert OTHER_GIVER in ben.words
    assert STROKES not in ben.page
    assert not form_of(ben)
    assert size(station) == before
    assert ben.post("/transfer/commit", old).status_code in {409, 422}
    anew = {**said, "strokes.0": ANEW} if said is DRAWN else said
    assert accept(ben, {**accepting(ben, "transfer"), **anew}, "transfer") == 303
    ben.follow(ben.post("/transfer/commit", code(ben)))
    assert said_of_acceptance(station) is not None


@pytest.mark.parametrize("said", [DRAWN, {"how": "typed", "name.0": OKRI}, {"how": "paper"}])
@pytest.mark.parametrize("way", ["commit", "check"])
def test_a_giver_of_the_same_name_is_another_giver(
    station: OpenStation, ben: Visitor, said: dict[str, str], way: str
) -> None:
    """The asset came back, the name went to somebody else, and that one has it now: the page shows the same words.

    What happened was scanned before the list was checked, and committed after it.
    """
    workplace, then = station.workplace(), utc_text(station.now)
    assert accept(ben, {**accepting(ben, "transfer"), **said}, "transfer") == 303
    old = code(ben)
    holders.change(workplace, JANE, HolderUpdate(name="Jane Jones", reason="marriage"))
    other = holders.register(workplace, JANE).holder.holder_id
    rows = [*returns(["LT-1"], Inventory(), OUT), *issues(["LT-1"], JANE)]
    intake.commit(workplace, TypedBatch(rows, "mara", now=then), "typed", Options(), confirm=None)
    before = size(station)
    if way == "check":
        ben.get(f"/transfer/check?draft={old['draft']}")
    else:
        assert ben.post("/transfer/commit", old).status_code in {409, 422}
        assert size(station) == before
        assert (
            said["how"] != "paper" or f"{JANE} was holder 1 when it was shown, and is holder {other} now." in ben.words
        )
    assert (OTHER_GIVER in ben.words) == (said["how"] != "paper")
    assert STROKES not in ben.page


def test_a_page_left_open_brings_no_signature_for_another_giver(station: OpenStation, ben: Visitor) -> None:
    """What was drawn on it was drawn for what it showed."""
    left_open = accepting(ben, "transfer")
    moved(station)
    assert accept(ben, {**left_open, **DRAWN}, "transfer") == 422
    assert "A signature was thrown away" in ben.words
    assert accept(ben, {**accepting(ben, "transfer"), **DRAWN}, "transfer") == 303


def test_the_same_giver_keeps_the_signature(station: OpenStation, ben: Visitor) -> None:
    """Looking again, and what happens to other assets, changes nothing."""
    accept(ben, {**accepting(ben, "transfer"), **DRAWN}, "transfer")
    issued(station, "LT-3", to=TOM)
    for _ in range(2):
        assert accept(ben, accepting(ben, "transfer"), "transfer") == 303
        assert STROKES in ben.page


def test_a_return_that_comes_from_another_is_signed_anew(station: OpenStation) -> None:
    """The operator takes in from somebody, and signs for that."""
    stocked(station, JANE, TOM)
    issued(station, "LT-1")
    ben = at_the_desk(station, "/return")
    listed(ben, "return", "LT-1")
    accept(ben, {**accepting(ben, "return"), **DRAWN}, "return")
    old = code(ben)
    moved(station)
    ben.post("/return/commit", old)
    assert OTHER_GIVER in ben.words
    assert form_of(ben).keys() == set()
