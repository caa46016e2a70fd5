"""What may be accepted after a batch: what it exchanged with one holder, as a whole, once, at a time that can be."""

import msgspec
import pytest

from assettrack.domain import acceptance_deeds, people_deeds
from assettrack.domain.acceptance_deeds import Accepting
from assettrack.domain.entries.custody import AcceptanceEntry
from assettrack.domain.facts import Handover
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import Holder
from tests.domain.trial_state import NOW_TEXT, SIGNOFF, TrialState

JANES = Accepting(7, 1, "paper", "Jane Smith", "2026-03-01T11:30:00.000000Z")


@pytest.fixture
def trial() -> TrialState:
    """A state in which batch 7 handed something over to Jane Smith; Bob Lee had to do with batch 8, and accepted."""
    trial = TrialState()
    for number, name in enumerate(("Jane Smith", "Bob Lee"), 1):
        trial.follow(people_deeds.register_holder(Holder(number, name), trial.seq, SIGNOFF))
    trial.state.put(Handover(7, 1, None))
    trial.state.put(Handover(8, 2, 2))
    return trial


def test_an_acceptance_is_one_entry_and_closes_the_handover(trial: TrialState) -> None:
    """The entry says who, how and when; the handover names that entry from then on."""
    seq = trial.seq
    entry = trial.follow(acceptance_deeds.accept(trial.state, JANES, (), seq=seq, signoff=SIGNOFF))
    assert isinstance(entry, AcceptanceEntry)
    assert (entry.batch_id, entry.holder_id, entry.name) == (7, 1, "Jane Smith")
    assert (entry.how, entry.accepted_by, entry.accepted_at) == ("paper", "Jane Smith", "2026-03-01T11:30:00.000000Z")
    assert trial.state.fact(Handover, 7, 1) == Handover(7, 1, seq)


def test_an_acceptance_is_given_once(trial: TrialState) -> None:
    """A second one is refused and told of the entry of the first; so is one after the batch brought its own."""
    seq = trial.seq
    trial.follow(acceptance_deeds.accept(trial.state, JANES, (), seq=seq, signoff=SIGNOFF))
    for accepting, by_entry in ((JANES, seq), (msgspec.structs.replace(JANES, batch_id=8, holder_id=2), 2)):
        with pytest.raises(NotAllowed) as caught:
            acceptance_deeds.accept(trial.state, accepting, (), seq=trial.seq, signoff=SIGNOFF)
        assert (caught.value.code, caught.value.facts["seq"]) == ("already_accepted", by_entry)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"batch_id": 8}, "no_handover"),
        ({"batch_id": 9}, "no_handover"),
        ({"holder_id": 2}, "no_handover"),
        ({"holder_id": 3}, "unknown_holder"),
        ({"by": ""}, "name_invalid"),
        ({"by": "x" * 201}, "name_invalid"),
        ({"at": "2026-03-01T12:00:00.000001Z"}, "acceptance_time_wrong"),
        ({"at": "1999-12-31T23:59:59.999999Z"}, "acceptance_time_wrong"),
    ],
)
def test_what_can_not_be_accepted(trial: TrialState, changes: dict[str, object], code: str) -> None:
    """Another batch or holder, nobody's name, and a time after now or before the year 2000 are refused."""
    with pytest.raises(NotAllowed, match=code):
        acceptance_deeds.accept(
            trial.state, msgspec.structs.replace(JANES, **changes), (), seq=trial.seq, signoff=SIGNOFF
        )


def test_now_is_not_too_late(trial: TrialState) -> None:
    """What is accepted at the very moment in which it is recorded is good."""
    trial.follow(
        acceptance_deeds.accept(
            trial.state, msgspec.structs.replace(JANES, at=NOW_TEXT), (), seq=trial.seq, signoff=SIGNOFF
        )
    )


def test_a_forged_name_is_not_replayed(trial: TrialState) -> None:
    """The holder is named as the holder is called; another name is not what the rules make."""
    forged = trial.forged(acceptance_deeds.accept(trial.state, JANES, (), seq=trial.seq, signoff=SIGNOFF), name="Eve")
    assert next(trial.replay(forged).records) != forged
