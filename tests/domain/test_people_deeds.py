"""What may be said of holders, and that each deed is decided alike when its entry is replayed."""

import msgspec
import pytest

from assettrack.domain import organisation_deeds, people_deeds
from assettrack.domain.deeds import Deed
from assettrack.domain.entries.people import HolderChangeEntry, HolderEntry, HolderFacts
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import Holder
from assettrack.domain.people_deeds import HolderChange
from tests.domain.trial_state import SIGNOFF, TrialState

JANE = Holder(1, "Jane Smith")
BOB = Holder(2, "Bob Lee")


@pytest.fixture
def trial() -> TrialState:
    """A state with organisation 2, the Fire Department, and two holders, Jane Smith and Bob Lee, who has X1 to X3."""
    trial = TrialState()
    trial.follow(organisation_deeds.register_organisation(trial.state, "Fire Department", trial.seq, SIGNOFF))
    for holder in (JANE, BOB):
        trial.follow(people_deeds.register_holder(holder, trial.seq, SIGNOFF))
    trial.give("Bob Lee", "X3", "X1", "X2")
    return trial


def changed(trial: TrialState, change: HolderChange, *held: str) -> Deed | None:
    """The deed of a change, decided on what the holder is said to have."""
    return people_deeds.change_holder(trial.state, change, held, trial.seq, SIGNOFF)


def refusal(trial: TrialState, change: HolderChange, *held: str) -> NotAllowed:
    """Why a change is refused."""
    with pytest.raises(NotAllowed) as caught:
        changed(trial, change, *held)
    return caught.value


def test_a_holder_is_registered_with_organisation_and_identifier(trial: TrialState) -> None:
    """The entry says both; a holder of whom nothing is said is Ad Hoc, and has none."""
    entry = trial.follow(people_deeds.register_holder(Holder(3, "Zoe Quill", 2, "S-17"), trial.seq, SIGNOFF))
    assert isinstance(entry, HolderEntry)
    assert (entry.organisation_id, entry.identifier) == (2, "S-17")
    assert trial.state.holder(3) == Holder(3, "Zoe Quill", 2, "S-17")
    assert trial.state.holder(1) == Holder(1, "Jane Smith", 1, None, active=True)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (Holder(0, "Zoe Quill", 7), "unknown_organisation"),
        (Holder(0, "Zoe Quill", 1, ""), "identifier_invalid"),
        (Holder(0, "Zoe Quill", 1, "x" * 201), "identifier_invalid"),
        (Holder(0, "JANE smith"), "holder_exists"),
    ],
)
def test_who_can_not_be_registered(trial: TrialState, asked: Holder, code: str) -> None:
    """An unknown organisation, an identifier that can't be one and a name that is taken are refused."""
    with pytest.raises(NotAllowed) as caught:
        people_deeds.admit(trial.state, trial.state.inventory.holders, asked)
    assert caught.value.code == code


def test_a_change_states_all_facts_before_and_after(trial: TrialState) -> None:
    """Name, organisation and identifier change in one deed; the number stays."""
    after = Holder(1, "Jane Jones", 2, "S-17")
    entry = trial.follow(changed(trial, HolderChange(after, "marriage")))
    assert isinstance(entry, HolderChangeEntry)
    assert (entry.before.holder(1), entry.after.holder(1), entry.reason) == (JANE, after, "marriage")
    assert trial.state.holder(1) == after
    assert trial.state.inventory.holders.named("Jane Smith") is None
    assert trial.state.inventory.holders.named("jane  JONES") == after


def test_a_new_name_is_that_in_the_state_of_all_the_holder_has(trial: TrialState) -> None:
    """After a rename each asset of the holder names the new name, and no other asset does."""
    trial.give("Jane Smith", "A1")
    trial.follow(changed(trial, HolderChange(msgspec.structs.replace(BOB, name="Rob Lee")), "X1", "X2", "X3"))
    found = {tag: asset.holder for tag, asset in trial.state.inventory.assets.items()}
    assert found == {"A1": "Jane Smith", "X1": "Rob Lee", "X2": "Rob Lee", "X3": "Rob Lee"}


def test_only_the_spelling_may_change(trial: TrialState) -> None:
    """A holder's own name in another spelling is free for the holder."""
    trial.follow(changed(trial, HolderChange(msgspec.structs.replace(JANE, name="JANE SMITH"))))
    assert trial.state.holder(1) == Holder(1, "JANE SMITH")


@pytest.mark.parametrize(
    ("after", "code"),
    [
        (Holder(9, "Jane Smith"), "unknown_holder"),
        (Holder(1, "BOB  lee"), "holder_exists"),
        (Holder(1, ""), "holder_name_invalid"),
        (Holder(1, "x" * 201), "holder_name_invalid"),
        (Holder(1, "Jane Smith", 3), "unknown_organisation"),
        (Holder(1, "Jane Smith", 1, "a\nb"), "identifier_invalid"),
    ],
)
def test_what_a_holder_can_not_become(trial: TrialState, after: Holder, code: str) -> None:
    """A number, name, organisation or identifier that can't be is refused."""
    assert refusal(trial, HolderChange(after)).code == code


def test_no_change_is_no_deed(trial: TrialState) -> None:
    """What is so already makes no deed, and an entry that says so is illegal."""
    assert changed(trial, HolderChange(JANE, "why not")) is None
    deed = changed(trial, HolderChange(msgspec.structs.replace(JANE, identifier="S-1")))
    forged = trial.forged(deed, after=HolderFacts.of(JANE))
    with pytest.raises(NotAllowed, match="nothing_changes"):
        trial.replay(forged)


def test_who_has_assets_is_not_made_inactive_silently(trial: TrialState) -> None:
    """It is refused with how many assets and the first five of them, unless it is said, with a reason."""
    gone = msgspec.structs.replace(BOB, active=False)
    assert refusal(trial, HolderChange(gone), "X1", "X2", "X3").facts == {
        "name": "Bob Lee",
        "assets": "3 assets",
        "some": "X1, X2, X3",
    }
    some = refusal(trial, HolderChange(gone), "A", "B", "C", "D", "E", "F", "G").facts["some"]
    assert some == "A, B, C, D, E and 2 more"
    assert refusal(trial, HolderChange(gone, "left", with_assets=False), "X1").code == "holder_has_assets"
    assert refusal(trial, HolderChange(gone, None, with_assets=True), "X1").code == "holder_has_assets"
    entry = trial.follow(changed(trial, HolderChange(gone, "left", with_assets=True), "X1", "X2", "X3"))
    assert isinstance(entry, HolderChangeEntry)
    assert (entry.with_assets, entry.reason, entry.after.active) == (3, "left", False)


def test_who_has_nothing_is_made_inactive_and_active_again(trial: TrialState) -> None:
    """Neither needs a reason, and the flag for assets does no harm; an inactive holder can be renamed."""
    gone = msgspec.structs.replace(JANE, active=False)
    entry = trial.follow(changed(trial, HolderChange(gone, None, with_assets=True)))
    assert isinstance(entry, HolderChangeEntry)
    assert entry.with_assets == 0
    trial.follow(changed(trial, HolderChange(msgspec.structs.replace(gone, name="Jane Jones"))))
    trial.follow(changed(trial, HolderChange(Holder(1, "Jane Jones"))))
    assert trial.state.holder(1) == Holder(1, "Jane Jones")


def test_assets_do_not_hinder_other_changes(trial: TrialState) -> None:
    """Renaming, and making active, are not refused for what the holder has, and count none of it."""
    gone = msgspec.structs.replace(BOB, active=False)
    trial.follow(changed(trial, HolderChange(gone, "left", with_assets=True), "X1", "X2", "X3"))
    for after in (msgspec.structs.replace(gone, name="Rob Lee"), Holder(2, "Rob Lee")):
        entry = trial.follow(changed(trial, HolderChange(after), "X1", "X2", "X3"))
        assert isinstance(entry, HolderChangeEntry)
        assert entry.with_assets == 0


def test_a_forged_count_of_assets_is_not_replayed(trial: TrialState) -> None:
    """An entry that says of another number of assets is made otherwise than it is stored; one of none is refused."""
    gone = msgspec.structs.replace(BOB, active=False)
    deed = changed(trial, HolderChange(gone, "left", with_assets=True), "X1", "X2", "X3")
    forged = trial.forged(deed, with_assets=0)
    with pytest.raises(NotAllowed, match="holder_has_assets"):
        trial.replay(forged)
    other = forged._replace(body=forged.body.replace(b'"seq":4', b'"seq":4,"with_assets":2'))
    made = next(trial.replay(other).records)
    assert b'"with_assets":3' in made.body


def test_what_a_holder_has_is_found_by_the_name(trial: TrialState) -> None:
    """The assets of a holder are those in custody under the name, in order."""
    assert people_deeds.held_by(trial.state.inventory, BOB) == ["X1", "X2", "X3"]
    assert people_deeds.held_by(trial.state.inventory, JANE) == []
