"""Scans behind a card that is not known here, on the page of a download: each is said to wait for that card."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.domain.trial_scans import event, holder
from tests.web.scanning import BEGIN, Cable, read, served
from tests.web.visitors import OpenStation


@pytest.fixture
def cable() -> Cable:
    """Return the cable at the station's computer; nothing is on it yet."""
    return Cable()


@pytest.fixture
def station(tmp_path: Path, cable: Cable) -> Iterator[OpenStation]:
    """Return a station with a case, and the cable."""
    with served(tmp_path, cable) as opened:
        opened.case("CASE-01", 4)
        yield opened


def test_assets_behind_an_unknown_badge_wait_for_what_is_answered_about_it(station: OpenStation, cable: Cable) -> None:
    """One thing is to be looked at, and the assets behind it can't be answered by themselves."""
    cable.plug((BEGIN, event("ISSUE"), holder(99), "LT-1", "LT-2"))
    ben = station.visitor("ben")
    path = read(ben)
    assert "1 thing is to be looked at first." in ben.words
    assert ben.words.count("Waits for what is answered about scan 3") == 2
    assert "nothing is decided about scan 4, LT-1, and 1 scan after it." in ben.words
    assert 'name="left_out" value="4"' not in ben.page
    ben.get(f"{path}/check")
    assert "1 scan is held: 1 question to be answered before anything is committed" in ben.words
