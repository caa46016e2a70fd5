"""Owns the station that every test of the pages visits."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.visitors import OpenStation, open_station


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Set a station up once, with its key and its desk, for all tests that need no more than one; each takes a copy."""
    folder = tmp_path_factory.mktemp("prepared")
    with open_station(folder):
        return folder


@pytest.fixture
def station(prepared: Path, tmp_path: Path) -> Iterator[OpenStation]:
    """Return a new station that is served to browsers."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    with open_station(tmp_path) as opened:
        yield opened
