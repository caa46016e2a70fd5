"""Entries as they stand up to now: which of a chain counts, and that a damaged chain is said to be damaged."""

from contextlib import closing

import pytest

from assettrack.domain import errors, station_errors
from assettrack.services import acceptance_corrections, acceptances, correctable, corrections
from assettrack.services.acceptances import SaidAcceptance
from tests.services.desk import Desk, row
from tests.services.insider import Insider

ISSUED, ACCEPTED = 7, 8
"""Entries: the ISSUE of A1 to Jane Smith, and her acceptance of it."""


@pytest.fixture
def accepted(desk: Desk) -> Desk:
    """Jane Smith has A1 by batch 1, and accepted it."""
    assert desk.commit(row("A1") + row("A1", "ISSUE", at="10:05")).last_seq == ISSUED
    said = SaidAcceptance("typed", at="2026-07-01T10:30Z")
    assert acceptances.record(desk.workplace, 1, "Jane Smith", said).seq == ACCEPTED
    return desk


def test_of_a_chain_the_last_counts(accepted: Desk) -> None:
    """Each entry names the one that corrects it, and all of them state what the last one says."""
    at = accepted.workplace
    first = corrections.correct(at, ISSUED, {"notes": "worn"}, "forgotten", confirm=None).seq
    last = corrections.correct(at, first, {"issued_to_name": "Bob Lee"}, "mistaken", confirm=None).seq
    found = [correctable.standing(at, seq) for seq in (ISSUED, first, last)]
    assert [each.corrected_by for each in found] == [first, last, None]
    assert {(each.latest, each.kind, each.batch_id, each.asset_tag) for each in found} == {(last, "ISSUE", 1, "A1")}
    said = {(each.cells["notes"], each.cells["issued_to_name"], each.holder_id) for each in found}
    assert said == {("worn", "Bob Lee", 2)}


def test_of_an_acceptance_too(accepted: Desk) -> None:
    """It states who accepted as it was put right, and whose acceptance it is."""
    at = accepted.workplace
    last = acceptance_corrections.correct(at, ACCEPTED, {"by": "Ann Poe"}, "mistaken", confirm=None).seq
    found = [correctable.standing(at, seq) for seq in (ACCEPTED, last)]
    assert [each.corrected_by for each in found] == [last, None]
    assert {(each.latest, each.kind, each.holder, each.cells["by"]) for each in found} == {
        (last, "ACCEPTANCE", "Jane Smith", "Ann Poe")
    }


@pytest.mark.parametrize(
    ("seq", "error"),
    [(0, errors.NotFound), (99, errors.NotFound), (2**63, errors.NotFound), (1, errors.DeedRefused)],
)
def test_what_can_not_be_corrected_does_not_stand(accepted: Desk, seq: int, error: type[Exception]) -> None:
    """No entry at all, and one that is neither a row nor an acceptance."""
    with pytest.raises(error):
        correctable.standing(accepted.workplace, seq)


@pytest.mark.parametrize("by", [ISSUED, ISSUED - 1])
def test_a_chain_that_does_not_go_on_is_damage(accepted: Desk, by: int) -> None:
    """An entry that is said to be corrected by itself or by one before it leads nowhere, and is followed nowhere."""
    corrections.correct(accepted.workplace, ISSUED, {"notes": "worn"}, "forgotten", confirm=None)
    with closing(Insider(accepted, [])) as insider:
        insider.do("UPDATE corrections SET seq = ?", (by,))
        with pytest.raises(station_errors.DatabaseDamaged, match=f"entry {by} corrects one that is not before it"):
            correctable.standing(accepted.workplace, ISSUED)


@pytest.mark.parametrize("statement", ["DELETE FROM handovers", "UPDATE handovers SET accepted_seq = NULL"])
def test_an_acceptance_of_nothing_is_damage(accepted: Desk, statement: str) -> None:
    """What was accepted was handed over, and the handover knows by which entry it was."""
    with closing(Insider(accepted, [])) as insider:
        insider.do(statement)
        with pytest.raises(station_errors.DatabaseDamaged, match=f"entry {ACCEPTED} accepts what nobody handed over"):
            correctable.standing(accepted.workplace, ACCEPTED)
