"""The store on SQLite keeps the contract of all stores."""

import pytest

from tests.store.contract import StoreContract
from tests.store.databases import NewDatabase


class TestSqliteStore(StoreContract):
    """The contract, on database files."""

    @pytest.fixture
    def new_database(self, new_sqlite_file: NewDatabase) -> NewDatabase:
        """Return what makes a fresh database file."""
        return new_sqlite_file
