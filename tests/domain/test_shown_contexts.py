"""Where a page says that scans go, beside where they go by now."""

import pytest

from assettrack.domain import errors
from assettrack.domain.desk_errors import ScanNotAsShown
from assettrack.domain.queued_scans import Context, UsedSlot
from assettrack.domain.shown_contexts import ShownContext, read_shown


def test_what_is_otherwise_is_said_and_nothing_else() -> None:
    """Which slot is the next free one advances by itself, and is not compared; a type that is the same is not named."""
    shown = ShownContext.of_queue(Context(case_name="CASE-01", fills=True, equipment_type="laptop"))
    shown.require(ShownContext.of_queue(Context(case_name="CASE-01", fills=True, equipment_type="laptop")))
    with pytest.raises(ScanNotAsShown, match="showed CASE-01; scans go to CASE-02 by now"):
        shown.require(ShownContext.of_queue(Context(case_name="CASE-02", fills=True, equipment_type="laptop")))


def slot(position: int, *, used: bool = False, case: str = "CASE-01") -> ShownContext:
    """Return what a page shows of a slot that was said."""
    used_by = UsedSlot(position, "LT-1") if used else None
    return ShownContext.of_queue(Context(case_name=case, slot_position=None if used else position, used=used_by))


def test_a_slot_that_was_said_is_the_one_that_was_shown_or_is_used() -> None:
    """What was shown as used is no slot for the next asset, so that one which was said since is another."""
    slot(2).require(slot(2))
    slot(2).require(slot(2, used=True))
    slot(2, used=True).require(slot(2, used=True))
    for shown, now, said in (
        (slot(2), slot(3), "showed CASE-01 slot 2; scans go to CASE-01 slot 3 by now"),
        (slot(2), slot(3, used=True), "showed CASE-01 slot 2; scans go to CASE-01 slot 3, which is used by now"),
        (slot(2, used=True), slot(2), "showed CASE-01 slot 2, which is used; scans go to CASE-01 slot 2 by now"),
        (slot(2), slot(2, case="CASE-02"), "showed CASE-01 slot 2; scans go to CASE-02 slot 2 by now"),
    ):
        with pytest.raises(ScanNotAsShown, match=said):
            shown.require(now)


def test_that_the_place_was_removed_is_said_of_a_used_slot_too() -> None:
    """What was used before it says nothing any more."""
    now = ShownContext.of_queue(Context(case_name="CASE-01", used=UsedSlot(2, "LT-1"), place_removed=True))
    now.require(ShownContext.of_queue(Context(case_name="CASE-01", slot_position=3, place_removed=True)))


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (Context(case_name="CASE-01", fills=True), "CASE-01"),
        (Context(unslotted=True), "no slot"),
        (Context(), "no case"),
    ],
)
def test_that_the_place_was_removed_is_said_once(shown: Context, said: str) -> None:
    """Also where no place was shown: there the next asset would have been taken, and is held by now."""
    now = ShownContext.of_queue(Context(place_removed=True))
    with pytest.raises(ScanNotAsShown, match=f"showed {said}; scans go to no place any more by now"):
        ShownContext.of_queue(shown).require(now)
    assert now.unlike(ShownContext.of_queue(shown)) == "no place any more"


def test_what_a_page_carries_is_read_as_it_was_and_nothing_else_is() -> None:
    """A page of before carries none."""
    shown = ShownContext(holder='Jané "J" Smith')
    assert read_shown(shown.text) == shown
    assert read_shown("") is None
    with pytest.raises(errors.ValueUnusable):
        read_shown('{"holder": 1}')
