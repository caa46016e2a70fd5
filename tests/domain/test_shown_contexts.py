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


def test_what_a_page_carries_is_read_as_it_was_and_nothing_else_is() -> None:
    """A page of before carries none."""
    shown = ShownContext(holder='Jané "J" Smith')
    assert read_shown(shown.text) == shown
    assert read_shown("") is None
    with pytest.raises(errors.ValueUnusable):
        read_shown('{"holder": 1}')
