"""Owns the station that every test of the pages visits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.visitors import OpenStation, open_station


@pytest.fixture
def station(tmp_path: Path) -> Iterator[OpenStation]:
    """Return a new station that is served to browsers."""
    with open_station(tmp_path) as opened:
        yield opened
