"""Owns what the store's tests start from: databases on real files, in the test's own folder, closed at its end."""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from assettrack.store.sqlite import SqliteStore
from tests.store.databases import NewDatabase, SignerOf, furnish
from tests.store.stations import first_deed, its_signer


class SqliteFile:
    """A database file of the made-up station, which sets it up where it is not there yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stores: list[SqliteStore] = []
        if not path.exists():
            assert self.open().set_up(first_deed)

    def open(self, signer_of: SignerOf = its_signer) -> SqliteStore:
        """Open it, once more if it is open already."""
        store = SqliteStore(self.path, signer_of)
        self._stores.append(store)
        return store

    def close(self) -> None:
        """Close all that was opened."""
        for store in self._stores:
            store.close()


@pytest.fixture
def new_sqlite_file(tmp_path: Path) -> Iterator[NewDatabase]:
    """Return what makes a fresh database file."""
    numbers = count(1)
    made: list[SqliteFile] = []

    def make() -> SqliteFile:
        made.append(SqliteFile(tmp_path / f"station-{next(numbers)}.db"))
        return made[-1]

    yield make
    for file in made:
        file.close()


@pytest.fixture(scope="session")
def furnished_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Furnish one database file for all who take a copy."""
    file = SqliteFile(tmp_path_factory.mktemp("furnished") / "station.db")
    furnish(file.open())
    file.close()
    return file.path


@pytest.fixture
def furnished_file(furnished_once: Path, tmp_path: Path) -> Iterator[SqliteFile]:
    """Copy the furnished database for one test."""
    file = SqliteFile(Path(shutil.copy(furnished_once, tmp_path)))
    yield file
    file.close()


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Iterator[SqliteFile]:
    """Make one fresh database file."""
    file = SqliteFile(tmp_path / "station.db")
    yield file
    file.close()
