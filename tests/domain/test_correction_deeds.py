"""The deed of a correction: what may be corrected, when the history stays legal, and what it writes."""

import json
from collections.abc import Callable
from datetime import UTC

import msgspec
import pytest

from assettrack.domain.audit_log import decode_body, encode_body
from assettrack.domain.correction_deeds import Asked, Proposal, correct, propose
from assettrack.domain.corrections import ValuesWrong, moment
from assettrack.domain.deeds import Record
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.facts import Correction, Handover
from assettrack.domain.findings import NotAllowed
from assettrack.domain.inventory import Custody, Inventory
from assettrack.domain.people_deeds import HolderChange, change_holder
from assettrack.domain.plans import Options
from assettrack.domain.tags import OUT
from tests.domain.trial_corrections import BACK, C1, C2, C3, C4, HELD, ISSUED, OTHER, CorrectedLog, Listed, held, lived
from tests.domain.trial_room import scan


def refusal(log: CorrectedLog, seq: int, **values: str) -> NotAllowed:
    """What refuses a correction outright."""
    with pytest.raises(NotAllowed) as caught:
        log.propose(seq, **values)
    return caught.value


def illegal(proposal: Proposal) -> list[tuple[int, str, str]]:
    """The entries that would not be legal any more: number, asset and code."""
    return [(found.seq, found.asset_tag, found.code) for found in proposal.illegal]


def test_a_correction_is_one_entry_that_says_everything() -> None:
    """It names what it corrects, the values, the reason, the states before and after, and whoever is the holder now."""
    log = held()
    log.correct(ISSUED, "the other desk", issued_to_name=" bob  LEE ")
    found = log.body(9)
    stated = ("event_type", "corrects", "asset_tag", "changed", "reason", "holder_id")
    assert {name: found[name] for name in stated} == {
        "event_type": "CORRECTION", "corrects": ISSUED, "asset_tag": "A1", "changed": {"issued_to_name": "bob LEE"},
        "reason": "the other desk", "holder_id": 2,
    }  # fmt: skip
    before, after = found["before"], found["after"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert (before["holder"], after["holder"]) == ("Jane Smith", "Bob Lee")
    assert before | {"holder": "Bob Lee"} == after
    assert log.records[8]._replace(body=b"") == Record(9, None, "A1", None, b"")
    assert json.loads(log.records[ISSUED - 1].body)["issued_to_name"] == "Jane Smith"


def test_a_correction_moves_the_state_as_the_history_would_have() -> None:
    """The corrected holder has the asset by the row's own entry, and its home is the slot that it came from."""
    log = held()
    log.correct(ISSUED, issued_to_name="Bob Lee")
    log.correct(HELD, case_number="CASE-01", slot_number="4")
    assert log.inventory.assets["A1"].holder == "Bob Lee"
    assert log.inventory.custody["A1"] == Custody(ISSUED, C4)
    back = lived()
    back.correct(BACK, slot_number="1")
    assert back.inventory.assets["A1"].place == C1
    assert (back.inventory.slots[C1], back.inventory.slots[C3]) == ("A1", None)
    assert "A1" not in back.inventory.custody


def test_the_time_of_the_latest_entry_may_go_back() -> None:
    """Where the time of an asset's latest entry is corrected to an earlier one, later rows are late after that only."""
    log = lived()
    log.correct(BACK, timestamp="2026-02-01T09:45Z")
    assert log.inventory.latest["A1"] == "2026-02-01T09:45:00.000000Z"
    log.batch([scan("ISSUE", "A1", OUT, at="2026-02-01T09:50Z")])


def test_the_facts_of_a_correction() -> None:
    """It is a fact that the entry is superseded; a corrected holder has still to accept what the batch handed over."""
    deed = held().correct(ISSUED, issued_to_name="Bob Lee")
    assert list(deed.facts) == [Correction(ISSUED, 9, "A1"), Handover(1, 2, None)]
    assert list(lived().correct(BACK, notes="dusty").facts) == [Correction(BACK, 11, "A1")]


def test_a_handover_that_is_known_stays_as_it_is() -> None:
    """What the batch has handed over to the corrected holder already stays; Jane has nothing to accept."""
    log = held()
    log.batch(
        [scan("ISSUE", "A2", OUT), scan("RETURN", "A2", C2), scan("ISSUE", "A2", OUT, issued_to_name="Jane Smith")]
    )
    deed = log.correct(12, issued_to_name="Bob Lee", notes="twice")
    assert list(deed.facts) == [Correction(12, 13, "A2"), Handover(2, 1, None, asked=0)]


@pytest.mark.parametrize(
    ("seq", "values", "code"),
    [
        (0, {"notes": "x"}, "unknown_entry"),
        (11, {"notes": "x"}, "unknown_entry"),
        (-1, {"notes": "x"}, "unknown_entry"),
        (1, {"notes": "x"}, "entry_not_correctable"),
        (5, {"notes": "x"}, "acceptance_of_batch_not_correctable"),
        (ISSUED, {"asset_tag": "A2"}, "column_not_correctable"),
        (ISSUED, {"event_type": "RETURN"}, "column_not_correctable"),
        (ISSUED, {"colour": "red"}, "unknown_column"),
        (ISSUED, {}, "nothing_changes"),
        (ISSUED, {"issued_to_name": "JANE SMITH ", "notes": ""}, None),
        (ISSUED, {"issued_to_name": "Jane Smith", "notes": " "}, "nothing_changes"),
        (ISSUED, {"timestamp": "2026-02-01T10:00+01:00", "case_number": "out"}, "nothing_changes"),
        (ISSUED, {"issued_to_name": "Nobody"}, "unknown_holder_then"),
        (BACK, {"issued_to_name": "Nobody"}, None),
    ],
)
def test_what_can_be_corrected(seq: int, values: dict[str, str], code: str | None) -> None:
    """A row can, in any field but two, if that changes anything; whoever an ISSUE names must be registered."""
    if code is None:
        assert lived().propose(seq, **values).illegal == []
    else:
        assert refusal(lived(), seq, **values).code == code


def test_refusals_say_what_to_do() -> None:
    """They name the entry and its kind, the entry that corrects it already, and names that are almost the same."""
    log = lived()
    assert "Entry 5 is of the kind BATCH" in refusal(log, 5, notes="x").sentence
    assert "another asset is not the same fact" in refusal(log, ISSUED, asset_tag="A2").sentence
    assert "another event is not the same fact" in refusal(log, ISSUED, event_type="SCAN").sentence
    assert "almost like it: Bob Lee." in refusal(log, ISSUED, issued_to_name="Rob Lee").sentence
    assert "There is" not in refusal(log, ISSUED, issued_to_name="Nobody At All").sentence
    log.correct(BACK, notes="dusty")
    assert "Entry 10 is corrected already, by entry 11." in refusal(log, BACK, notes="clean").sentence


def test_slot_deeds_can_not_be_corrected() -> None:
    """A typed deed happened when it was typed; what should be otherwise is moved again."""
    log = lived()
    log.move("A2", C4)
    assert "of the kind SLOT_MOVE" in refusal(log, 11, notes="x").sentence


def test_a_correction_is_corrected_in_its_turn() -> None:
    """The later correction supersedes the earlier one, keeps what that changed, and can take it back."""
    log = held()
    log.correct(ISSUED, issued_to_name="Bob Lee")
    log.correct(9, notes="with bag")
    assert log.inventory.assets["A1"].holder == "Bob Lee"
    assert refusal(log, ISSUED, notes="x").code == refusal(log, 9, notes="x").code == "already_corrected"
    proposal = log.propose(10, issued_to_name="Jane Smith")
    assert proposal.row_before.cells["notes"] == "with bag"
    assert proposal.row_after.cells["issued_to_name"] == "Jane Smith"
    log.correct(10, issued_to_name="Jane Smith")
    assert log.inventory.assets["A1"].holder == "Jane Smith"


def test_all_entries_that_would_not_be_legal_are_named() -> None:
    """Later rows of the asset that the corrected one comes into conflict with, each with its reason."""
    log = lived()
    assert illegal(log.propose(HELD, timestamp="2026-02-01T11:00Z")) == [
        (ISSUED, "A1", "late_in_history"),
        (BACK, "A1", "late_in_history"),
    ]
    assert illegal(log.propose(HELD, equipment_type="")) == [
        (HELD, "A1", "equipment_type_missing"),
        (ISSUED, "A1", "unknown_asset"),
        (BACK, "A1", "unknown_asset"),
    ]
    assert illegal(log.propose(BACK, slot_number="9")) == [(BACK, "A1", "unknown_slot")]
    assert log.propose(BACK, slot_number="9").confirm_code is None


def test_a_row_accepted_as_late_may_be_late() -> None:
    """The reason with which a row was accepted as late is still a reason; a sighting needs none."""
    log = lived()
    log.batch([scan("SCAN", "A1", at="2026-02-01T10:30Z")])
    log.batch([scan("UPDATE", "A1", at="2026-02-01T10:10Z", model="XPS")], Options(late_reason="forgotten"))
    assert illegal(log.propose(BACK, timestamp="2026-02-01T10:45Z")) == []


def test_the_reason_of_other_late_rows_is_none() -> None:
    """A row that was in time when it was committed has no reason to be late, though others of its batch had one."""
    log = held()
    rows = [scan("RETURN", "A1", C3, at="2026-02-01T10:00Z"), scan("UPDATE", "A1", at="2026-02-01T09:59Z", model="X")]
    log.batch(rows, Options(late_reason="forgotten"))
    assert illegal(log.propose(HELD, timestamp="2026-02-01T09:00Z")) == []
    assert illegal(log.propose(ISSUED, timestamp="2026-02-01T10:30Z")) == [(10, "A1", "late_in_history")]


def test_a_slot_that_another_asset_has_is_taken() -> None:
    """The entry that would put the second asset into a slot is named, the corrected one or one of another asset."""
    log = lived()
    assert illegal(log.propose(BACK, slot_number="2")) == [(BACK, "A1", "slot_taken")]
    assert "CASE-01 slot 2 is taken by asset A2." in log.propose(BACK, slot_number="2").illegal[0].message
    assert illegal(log.propose(OTHER, slot_number="3")) == [(BACK, "A1", "slot_taken")]
    assert "taken by asset A2" in log.propose(OTHER, slot_number="3").illegal[0].message


def test_a_slot_may_be_taken_before_and_after() -> None:
    """Two assets may have had one slot, one after the other; it matters what was when, in the order of the log."""
    log = lived()
    log.correct(OTHER, slot_number="1")  # A1 had left it with its ISSUE, the entry before
    assert log.inventory.assets["A2"].place == C1
    assert illegal(log.propose(BACK, slot_number="1")) == [(BACK, "A1", "slot_taken")]


def test_a_slot_that_another_asset_had_is_taken_then() -> None:
    """Two assets can't have been in one slot in the past either, though both have left it long ago."""
    log = lived()
    log.batch([scan("ISSUE", "A2", OUT, at="2026-02-01T11:00Z"), scan("UPDATE", "A1", C4, at="2026-02-01T11:00Z")])
    assert illegal(log.propose(BACK, slot_number="2")) == [(BACK, "A1", "slot_taken")]
    assert illegal(log.propose(BACK, slot_number="1")) == []


def test_stays_of_corrected_assets_count_as_corrected() -> None:
    """A slot that another asset should have been in is taken, and one that it should not have been in is free."""
    log = lived()
    log.correct(OTHER, slot_number="4")
    assert illegal(log.propose(BACK, slot_number="4")) == [(BACK, "A1", "slot_taken")]
    assert illegal(log.propose(BACK, slot_number="2")) == []


def test_a_stay_that_becomes_longer_is_compared() -> None:
    """Where an entry that ended a stay is corrected so that it no longer does, whoever came into the slot is named."""
    log = lived()
    log.batch([scan("UPDATE", "A2", C4, at="2026-02-01T11:00Z"), scan("SCAN", "A3", C2, equipment_type="laptop")])
    assert illegal(log.propose(12, case_number="", slot_number="", notes="seen")) == [(13, "A3", "slot_taken")]


def test_whoever_has_left_can_have_had_an_asset() -> None:
    """A holder who is not active can be the corrected holder of what was, not of what is."""
    log = lived()
    inactive(log)
    assert illegal(log.propose(ISSUED, issued_to_name="Bob Lee")) == []
    still = held()
    inactive(still)
    assert illegal(still.propose(ISSUED, issued_to_name="Bob Lee")) == [(ISSUED, "A1", "holder_inactive")]


def test_whoever_has_left_and_has_an_asset_keeps_it() -> None:
    """Another correction of what an inactive holder has is no new giving."""
    log = held()
    log.correct(ISSUED, issued_to_name="Bob Lee")
    inactive(log)
    assert illegal(log.propose(9, notes="x")) == []


def inactive(log: CorrectedLog) -> None:
    """Bob Lee leaves."""
    state = log.replayed().state
    bob = state.holder(2)
    assert bob is not None
    held_by_bob = ["A1"] if state.inventory.assets["A1"].holder == bob.name else []
    change = HolderChange(msgspec.structs.replace(bob, active=False), "left", with_assets=True)
    deed = change_holder(state, change, held_by_bob, log.seq, log.signoff)
    assert deed is not None
    log.records += deed.records


def test_the_confirm_code_is_of_what_is_corrected_and_what_becomes_of_it() -> None:
    """The same correction has the same code at any time; another value, entry or outcome has another."""
    log = held()
    code = log.propose(ISSUED, issued_to_name="Bob Lee").confirm_code
    log.batch([scan("SCAN", "A9", equipment_type="laptop")])
    assert log.propose(ISSUED, issued_to_name="Bob Lee").confirm_code == code
    assert log.propose(ISSUED, issued_to_name="bob lee").confirm_code != code
    log.batch([scan("UPDATE", "A1", model="XPS", at="2026-02-02T11:00Z")])
    assert log.propose(ISSUED, issued_to_name="Bob Lee").confirm_code != code


def test_a_correction_needs_a_reason() -> None:
    """Without one, nothing is made."""
    log = lived()
    with pytest.raises(NotAllowed) as caught:
        correct(log.propose(BACK, notes="x"), log.inventory, " ", log.seq, log.signoff)
    assert caught.value.code == "reason_missing"


def test_what_looks_wrong_is_not_proposed() -> None:
    """Values that the contract does not allow never become a proposal."""
    with pytest.raises(ValuesWrong):
        lived().propose(BACK, slot_number="")


@pytest.mark.parametrize(
    "damage",
    [
        lambda records: [r for r in records if r.seq != 5],
        lambda records: [r._replace(asset_tag="A2") if r.seq == BACK else r for r in records],
        lambda records: [r._replace(body=b"{") if r.seq == HELD else r for r in records],
        lambda records: [
            r._replace(body=r.body.replace(b'"holder_id":1', b'"holder_id":7')) if r.seq == ISSUED else r
            for r in records
        ],
    ],
)
def test_a_damaged_log_is_not_corrected(damage: Callable[[list[Record]], list[Record]]) -> None:
    """A batch that isn't there, a misfiled or unreadable entry or a holder nobody knows ends the proposal."""
    log = lived()
    asked = correct_asked(log)
    with pytest.raises(NotAnEntry):
        propose(log.replayed().state, Listed(damage(log.records)), asked, log.seq)


def test_a_correction_of_itself_is_no_entry() -> None:
    """A stored correction that names itself, or a later entry, is damage, and nobody looks for its row for ever."""
    log = lived()
    log.correct(BACK, notes="x")
    known, asked = log.replayed().state, correct_asked(log)._replace(corrects=11)
    for wrong in (b'"corrects":11', b'"corrects":12'):
        records = [r._replace(body=r.body.replace(b'"corrects":10', wrong)) for r in log.records]
        with pytest.raises(NotAnEntry, match="not before it"):
            propose(known, Listed(records), asked, log.seq)


def correct_asked(log: CorrectedLog) -> Asked:
    """Asks for a note on A1's last row."""
    return Asked(BACK, {"notes": "x"}, UTC, moment(log.signoff.recorded_at))


def test_the_same_name_of_another_holder_is_a_correction() -> None:
    """Where a name has gone over to another holder since, naming it again gives the asset to that one."""
    log = held()
    state = log.replayed().state
    for holder_id, name in ((1, "Janet Doe"), (2, "Jane Smith")):
        holder = state.holder(holder_id)
        assert holder is not None
        change = HolderChange(msgspec.structs.replace(holder, name=name), None, with_assets=False)
        deed = change_holder(state, change, [], log.seq, log.signoff)
        assert deed is not None
        log.records += deed.records
        state = log.replayed().state
    assert state.inventory.assets["A1"].holder == "Janet Doe"
    proposal = log.propose(ISSUED, issued_to_name="Jane Smith")
    assert (proposal.changed, proposal.holder_id) == ({"issued_to_name": "Jane Smith"}, 2)
    assert proposal.before.asset is not None
    assert proposal.after.asset is not None
    assert (proposal.before.asset.holder, proposal.after.asset.holder) == ("Janet Doe", "Jane Smith")
    log.correct(ISSUED, issued_to_name="Jane Smith")


def test_only_an_asset_that_is_there_is_moved_on() -> None:
    """A proposal takes effect on an inventory that holds the asset; its holders are added where they are missing."""
    log = held()
    proposal = log.propose(ISSUED, issued_to_name="Bob Lee")
    inventory = Inventory()
    inventory.add_asset("A1", log.inventory.assets["A1"], log.inventory.latest["A1"])
    inventory.custody["A1"] = Custody(ISSUED, C1)
    deed = correct(proposal, inventory, "x", log.seq, log.signoff)
    (asset_row,) = deed.assets
    assert (asset_row.holder_id, asset_row.custody) == (2, Custody(ISSUED, C1))


def test_bodies_are_canonical() -> None:
    """The entry is written in the one form of all entries."""
    log = lived()
    log.correct(BACK, notes="dusty")
    assert encode_body(decode_body(log.records[-1].body)) == log.records[-1].body
