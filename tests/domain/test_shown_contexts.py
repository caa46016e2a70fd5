"""Where a page says that scans go, beside where they go by now."""

import pytest

from assettrack.domain import errors
from assettrack.domain.desk_errors import ScanNotAsShown
from assettrack.domain.queued_scans import Context
from assettrack.domain.shown_contexts import ShownContext, read_shown


def test_what_is_otherwise_is_said_and_nothing_else() -> None:
    """The slot of the next scan advances by itself, and is not compared."""
    shown = ShownContext.of_queue(Context(case_name="CASE-01", slot_position=2, equipment_type="laptop"))
    shown.require(ShownContext.of_queue(Context(case_name="CASE-01", slot_position=3, equipment_type="laptop")))
    with pytest.raises(ScanNotAsShown, match="showed CASE-01; scans go to CASE-02 by now"):
        shown.require(ShownContext.of_queue(Context(case_name="CASE-02", slot_position=2, equipment_type="laptop")))


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
