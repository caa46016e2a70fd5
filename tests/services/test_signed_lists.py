"""What somebody signs for after a batch: read whole where that is no work, and known again by its mark."""

import pytest

from assettrack.domain import desk_errors
from assettrack.domain.plans import Options
from assettrack.services import acceptances, corrections, holders
from assettrack.services.acceptances import SaidAcceptance
from assettrack.services.batch_papers import papers
from assettrack.services.signed_lists import READ_MAX, ROWS_READ, SignedList
from tests.services.desk import Desk, row

NEW = Options({"equipment_type": "laptop"}, new_holders=True)
BATCH = 2


def issued(desk: Desk, rows: int) -> None:
    """Issue so many assets to Jane Smith, as batch 2, and register Zoe Quill."""
    tags = [f"A{number:05d}" for number in range(rows)]
    desk.commit("".join(row(tag) for tag in tags), NEW)
    assert desk.commit("".join(row(tag, "ISSUE", at="10:05") for tag in tags), NEW).batch_id == BATCH
    holders.register(desk.workplace, "Zoe Quill")


def asked(desk: Desk, holder: str = "Jane Smith") -> SignedList:
    """What a holder is asked to sign for."""
    (found,) = (each.asked for each in papers(desk.workplace, BATCH).holders if each.holder == holder)
    assert found is not None
    return found


def correct(desk: Desk, seq: int, **values: str) -> None:
    """Correct an entry."""
    corrections.correct(desk.workplace, seq, values, "wrong", confirm=None)


def seq_of(desk: Desk, number: int) -> int:
    """The entry of a row of the batch."""
    with desk.store.read() as snapshot:
        batch = snapshot.batch(BATCH)
    assert batch is not None
    return batch.last_seq - number


@pytest.mark.parametrize("corrected", ["condition", "due", "holder"])
def test_another_list_has_another_mark(desk: Desk, corrected: str) -> None:
    """Whatever stands on it: what is said of an asset, when it is due, or that it is another's."""
    issued(desk, 3)
    before = asked(desk)
    assert (before.is_whole, len(before.lines)) == (True, 3)
    assert asked(desk).mark == before.mark
    said = {"condition": {"notes": "bent"}, "due": {"due_on": "2026-09-01"}, "holder": {"issued_to_name": "Zoe Quill"}}
    correct(desk, seq_of(desk, 0), **said[corrected])
    assert asked(desk).mark != before.mark
    record = SaidAcceptance("paper", shown=before.mark)
    with desk.unchanged(), pytest.raises(desk_errors.AcceptanceNotAsShown):
        acceptances.record(desk.workplace, BATCH, "Jane Smith", record)
    acceptances.record(desk.workplace, BATCH, "Jane Smith", SaidAcceptance("paper", shown=asked(desk).mark))
    assert papers(desk.workplace, BATCH).holders[0].asked is None


def test_a_holder_who_is_called_otherwise_by_now_is_another_list(desk: Desk) -> None:
    """The page named somebody; who signs sees the name that counts."""
    issued(desk, 1)
    before = asked(desk)
    holders.change(desk.workplace, "Jane Smith", holders.HolderUpdate(name="Jane Okafor"))
    assert asked(desk, "Jane Okafor").mark != before.mark


def test_of_a_large_batch_the_first_rows_are_shown_and_any_correction_makes_another_list(desk: Desk) -> None:
    """Nothing is taken for the list that was shown because nobody looked: rows beyond the first ones count too."""
    issued(desk, READ_MAX + 1)
    before = asked(desk)
    assert (before.is_whole, len(before.lines)) == (False, ROWS_READ)
    said = SaidAcceptance("paper", shown=before.mark)
    correct(desk, seq_of(desk, 0), issued_to_name="Zoe Quill")
    with desk.unchanged(), pytest.raises(desk_errors.AcceptanceNotAsShown):
        acceptances.record(desk.workplace, BATCH, "Jane Smith", said)
    now = SaidAcceptance("paper", shown=asked(desk).mark)
    assert acceptances.record(desk.workplace, BATCH, "Jane Smith", now).accepted_by == "Jane Smith"


def test_without_a_mark_nothing_is_asked_of_the_list(desk: Desk) -> None:
    """A program and the command line say what they mean without a page."""
    issued(desk, 2)
    correct(desk, seq_of(desk, 0), issued_to_name="Zoe Quill")
    assert acceptances.record(desk.workplace, BATCH, "Jane Smith", SaidAcceptance("paper")).how == "paper"
