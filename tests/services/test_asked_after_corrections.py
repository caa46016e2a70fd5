"""Of what corrections add to accepted hand-overs: who is asked for what, and from when on it can be accepted."""

import pytest

from assettrack.domain import errors
from assettrack.domain.plans import AcceptedHow
from assettrack.services import acceptances, corrections
from assettrack.services.acceptances import SaidAcceptance
from assettrack.services.correction_effects import effects
from tests.services.desk import Desk
from tests.services.test_added_after_acceptance import BOB, JANE, OF_A1, OF_A2, TO_BOB, correct, given, still_open


def test_what_is_left_of_what_was_added_is_still_asked_for(desk: Desk) -> None:
    """One of two assets that were added comes back: nothing is told of the hand-over, which is open for the other."""
    given(desk, "paper")
    seq = correct(desk, OF_A1, **TO_BOB)
    correct(desk, OF_A2, **TO_BOB)
    back = corrections.preview(desk.workplace, seq, {"issued_to_name": JANE})
    assert effects(desk.workplace, back).handovers == []
    correct(desk, seq, issued_to_name=JANE)
    assert still_open(desk) == [(2, BOB, ("A2",))]


def test_each_is_asked_for_what_was_added_for_them_only(desk: Desk) -> None:
    """Jane is asked for what is due on another day, and Bob is not, though no correction of a day says whose it is."""
    given(desk, "paper")
    correct(desk, OF_A1, due_on="2026-12-24")
    found = {name: acceptances.all_open(desk.workplace, name).open for name in (JANE, BOB)}
    assert {name: [tuple(each.added) for each in still] for name, still in found.items()} == {JANE: [("A1",)], BOB: []}


@pytest.mark.parametrize("how", ["paper", "typed", "screen", None])
def test_nobody_accepts_what_was_added_before_it_changed_hands(desk: Desk, how: AcceptedHow | None) -> None:
    """It is the time of what was added that counts, not that of what was accepted before, with the batch or later."""
    given(desk, how)
    for name in (JANE, BOB) if how is None else ():
        acceptances.record(desk.workplace, 2, name, SaidAcceptance("paper"))
    correct(desk, OF_A1, **TO_BOB)
    with desk.unchanged(), pytest.raises(errors.DeedRefused) as caught:
        acceptances.record(desk.workplace, 2, BOB, SaidAcceptance("paper", at="2026-07-01T10:04Z"))
    assert caught.value.code == "accepted_before_handover"
