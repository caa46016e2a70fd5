"""What belongs to a batch, holder by holder: never more at a time than can be shown, and nobody named by guessing."""

import pytest

from assettrack.domain.plans import Acceptance, Options
from assettrack.services.batch_papers import HOLDERS_SHOWN, BatchPapers, papers
from assettrack.services.signed_lists import READ_MAX
from tests.services.desk import Desk, row

HOLDERS = HOLDERS_SHOWN * 2 + 3
NEW = Options({"equipment_type": "laptop"}, new_holders=True)
ON_PAPER = Options(new_holders=True, accepted=Acceptance("paper", None))


@pytest.fixture
def issued(desk: Desk) -> tuple[Desk, int]:
    """A batch that gives one asset each to more holders than are shown at a time; its number."""
    tags = [f"A{number:03d}" for number in range(HOLDERS)]
    desk.commit("".join(row(tag) for tag in tags), NEW)
    batch = "".join(row(tag, "ISSUE", at="10:05", issued_to_name=_name(n)) for n, tag in enumerate(tags))
    return desk, desk.commit(batch, NEW).batch_id


def test_holders_are_told_of_some_at_a_time(issued: tuple[Desk, int]) -> None:
    """All of them come in their order, none twice, however one goes through them; after the end comes the end."""
    desk, batch_id = issued
    parts = [papers(desk.workplace, batch_id, skip=skip) for skip in range(0, HOLDERS, HOLDERS_SHOWN)]
    assert [len(part.holders) for part in parts] == [HOLDERS_SHOWN, HOLDERS_SHOWN, 3]
    assert [name for part in parts for name in names(part)] == [_name(number) for number in range(HOLDERS)]
    assert {part.total for part in parts} == {HOLDERS}
    beyond = papers(desk.workplace, batch_id, skip=10**9)
    assert (beyond.skipped, names(beyond)) == (HOLDERS_SHOWN * 2, names(parts[-1]))


@pytest.mark.parametrize("number", [0, HOLDERS_SHOWN - 1, HOLDERS_SHOWN, HOLDERS - 1])
def test_a_holder_is_found_among_many(issued: tuple[Desk, int], number: int) -> None:
    """Asked for somebody, in any spelling, it tells of those among whom that one is."""
    desk, batch_id = issued
    found = papers(desk.workplace, batch_id, holder_name=_name(number).upper())
    assert _name(number) in names(found)
    assert found.skipped == number // HOLDERS_SHOWN * HOLDERS_SHOWN


@pytest.mark.parametrize("name", ["Nobody Here", "", "\N{NULL}"])
def test_somebody_else_changes_nothing(issued: tuple[Desk, int], name: str) -> None:
    """Asked for somebody who is not in the batch, or who can't be, it tells of the first ones."""
    desk, batch_id = issued
    assert papers(desk.workplace, batch_id, holder_name=name) == papers(desk.workplace, batch_id)


def test_there_is_nothing_of_no_batch(desk: Desk) -> None:
    """A number that no batch has tells of nobody."""
    assert papers(desk.workplace, 7) == BatchPapers([], [], 0, 0)


@pytest.mark.parametrize(("rows", "by"), [(READ_MAX - 1, "Jane Smith"), (READ_MAX + 1, "")])
def test_who_accepted_a_large_batch_is_left_to_its_receipts(desk: Desk, rows: int, by: str) -> None:
    """What is too much to be read for a page is not guessed at: it was accepted, and the name is blank."""
    tags = [f"A{number:05d}" for number in range(rows)]
    desk.commit("".join(row(tag) for tag in tags), NEW)
    batch_id = desk.commit("".join(row(tag, "ISSUE", at="10:05") for tag in tags), ON_PAPER).batch_id
    (jane,) = papers(desk.workplace, batch_id).holders
    assert jane.accepted is not None
    assert (jane.accepted.accepted_by, jane.accepted.how, jane.has) == (by, "paper", rows)


def names(told: BatchPapers) -> list[str]:
    """Return of whom it tells."""
    return [each.holder for each in told.holders]


def _name(number: int) -> str:
    return f"Holder {number:03d}"
