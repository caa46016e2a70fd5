"""What a scanned or typed text may mean, asked of what is recorded."""

import pytest

from assettrack.services import browsing
from tests.services.desk import Desk, row


@pytest.mark.parametrize("nothing", ["", " ", "\t"])
def test_nothing_means_nothing(desk: Desk, nothing: str) -> None:
    """Whatever is recorded."""
    desk.commit(row("LT-1"))
    assert browsing.search(desk.workplace, nothing) == ((), (), (), None)
