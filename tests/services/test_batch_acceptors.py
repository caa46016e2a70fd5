"""Who accepts what a batch exchanges is read from the log, as far as it takes; what can't be read is damage."""

import pytest

from assettrack.domain import station_errors
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.plans import Acceptance, Options
from assettrack.services import batch_acceptors
from assettrack.services.stored_entries import entry_at
from tests.services.desk import Desk, row
from tests.services.test_damaged_state import tamper

JANE = 1
"""The number of the first holder, to whom a usual ISSUE gives."""


@pytest.fixture
def issued(desk: Desk) -> int:
    """Issue two assets to Jane Smith, who accepts them as receivers do; return the entry of the first row."""
    desk.commit(row("A1") + row("A2"))
    out = row("A1", "ISSUE", at="10:05") + row("A2", "ISSUE", at="10:06")
    return desk.commit(out, Options(new_holders=True, accepted=Acceptance("paper"))).last_seq - 1


def acceptors(desk: Desk) -> list[str]:
    """Who accepted, with the batch, what it gave to Jane Smith."""
    with desk.workplace.store.read() as snapshot:
        batch = snapshot.batch(2)
        assert batch is not None
        facts = entry_at(snapshot, batch.first_seq, BatchEntry)
        return batch_acceptors.of_batch(snapshot, batch, facts, {JANE: "Jane Smith"})


def test_a_row_that_can_not_be_read_names_nobody(desk: Desk, issued: int) -> None:
    """Who accepts is not guessed where the row that would tell it is no entry: the database is damaged there."""
    assert acceptors(desk) == ["Jane Smith"]
    tamper(desk, f"UPDATE audit_log SET body = '{{}}' WHERE seq = {issued}")
    with pytest.raises(station_errors.DatabaseDamaged, match=f"entry {issued} of the log can't be read"):
        acceptors(desk)


def test_rows_are_read_as_far_as_it_takes(desk: Desk, issued: int) -> None:
    """Whoever was given anything accepts, so the rows after that are not looked at, readable or not."""
    tamper(desk, f"UPDATE audit_log SET body = '{{}}' WHERE seq = {issued + 1}")
    assert acceptors(desk) == ["Jane Smith"]
