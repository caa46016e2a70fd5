"""Corrections in the replay: each is decided once more, and one that the rules would not make so is named."""

import json

import pytest

from assettrack.domain.correction_deeds import correct
from assettrack.domain.deeds import Record
from assettrack.domain.replay import IllegalEntry, Replay
from tests.domain.trial_corrections import BACK, C1, C2, OTHER, lived
from tests.domain.trial_room import scan

FORGERIES = {
    "a row that isn't there": {"corrects": 99},
    "itself": {"corrects": 11},
    "no row": {"corrects": 5},
    "another asset's row": {"corrects": OTHER},
    "another asset": {"asset_tag": "A2"},
    "a field that can't be": {"changed": {"asset_tag": "A2"}},
    "an unknown field": {"changed": {"colour": "red"}},
    "nothing": {"changed": {}},
    "what is so already": {"changed": {"case_number": "CASE-01", "slot_number": "3"}},
    "half of a place": {"changed": {"slot_number": "4"}},
    "not in normal form": {"changed": {"case_number": "CASE-01", "slot_number": "04"}},
    "what looks wrong": {"changed": {"case_number": "CASE-01", "slot_number": ""}},
    "a taken slot": {"changed": {"case_number": "CASE-01", "slot_number": "2"}},
    "a slot that isn't there": {"changed": {"case_number": "CASE-09", "slot_number": "2"}},
    "another outcome": {"after": {"case_name": "CASE-01", "slot_position": 1, "status": "STORAGE", "holder": None,
                                  "equipment_type": "laptop"}},
    "another beginning": {"before": {"case_name": None, "slot_position": None, "status": "STORAGE", "holder": None,
                                     "equipment_type": "laptop"}},
    "a holder": {"holder_id": 2},
    "no reason": {"reason": ""},
    "no time": {"recorded_at": "yesterday"},
}  # fmt: skip


@pytest.mark.parametrize("what", FORGERIES)
def test_the_replay_finds_every_forged_correction(what: str) -> None:
    """A correction that the rules would not make so is named by the replay as the entry that does not follow."""
    log = lived()
    log.correct(BACK, slot_number="4")
    log.replayed()
    forged = json.loads(log.records[-1].body) | FORGERIES[what]
    body = json.dumps(forged, sort_keys=True, separators=(",", ":")).encode()
    log.records[-1] = log.records[-1]._replace(body=body)
    with pytest.raises(IllegalEntry) as caught:
        log.replayed()
    assert caught.value.seq == 11


def test_the_replay_refuses_a_slot_that_was_taken_in_the_past() -> None:
    """A correction by which two assets would have been in one slot for a while is not allowed.

    Not even where the other one only should have been there, and no asset ever was by the entries themselves.
    """
    log = lived()
    log.batch([scan("UPDATE", "A2", C1, at="2026-02-01T11:00Z"), scan("UPDATE", "A1", C2, at="2026-02-01T11:00Z")])
    log.correct(OTHER, slot_number="4")
    proposal = log.propose(BACK, slot_number="2")
    assert proposal.illegal == []
    entry = json.loads(next(correct(proposal, log.replayed().inventory, "x", log.seq, log.signoff).records).body)
    entry["changed"]["slot_number"] = "4"
    log.records.append(
        Record(log.seq, None, "A1", None, json.dumps(entry, sort_keys=True, separators=(",", ":")).encode())
    )
    with pytest.raises(IllegalEntry) as caught:
        log.replayed()
    assert "entry 10 is not legal any more: CASE-01 slot 4 is taken by asset A2." in caught.value.reason


def test_a_replay_with_corrections_needs_its_entries() -> None:
    """Where nobody finds entries again, a correction can't be replayed."""
    log = lived()
    Replay().run(iter(log.records))
    log.correct(BACK, notes="x")
    with pytest.raises(AssertionError, match="entries at hand"):
        Replay().run(iter(log.records))
