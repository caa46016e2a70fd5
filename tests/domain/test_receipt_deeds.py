"""Who may be given a receipt: somebody who is registered, and for a batch only who had to do with it."""

import pytest

from assettrack.domain import people_deeds, receipt_deeds
from assettrack.domain.facts import Handover
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import Holder
from tests.domain.trial_state import SIGNOFF, TrialState


@pytest.fixture
def trial() -> TrialState:
    """A state in which batch 7 handed something over to Jane Smith."""
    trial = TrialState()
    trial.follow(people_deeds.register_holder(Holder(1, "Jane Smith"), trial.seq, SIGNOFF))
    trial.state.put(Handover(7, 1, None))
    return trial


@pytest.mark.parametrize("batch_id", [7, None])
def test_whoever_is_registered_is_given_one(trial: TrialState, batch_id: int | None) -> None:
    """For the batch that handed something over, and for all they have."""
    assert receipt_deeds.receiver(trial.state, 1, batch_id).name == "Jane Smith"


@pytest.mark.parametrize(
    ("holder_id", "batch_id", "code"), [(2, None, "unknown_holder"), (2, 7, "unknown_holder"), (1, 8, "no_handover")]
)
def test_others_are_given_none(trial: TrialState, holder_id: int, batch_id: int | None, code: str) -> None:
    """Nobody whom the station does not know, and nobody for a batch that exchanged nothing with them."""
    with pytest.raises(NotAllowed) as refused:
        receipt_deeds.receiver(trial.state, holder_id, batch_id)
    assert refused.value.code == code
