"""The replay of custody: transfers, due dates and acceptances are decided again, and lead to who has what."""

import json
from typing import Any

import pytest

from assettrack.domain import replay as replay_module
from assettrack.domain import station_deeds
from assettrack.domain.deeds import Record
from assettrack.domain.facts import Handover
from assettrack.domain.inventory import Custody
from assettrack.domain.plans import Acceptance, Options
from assettrack.domain.replay import IllegalEntry, Replay
from assettrack.domain.state import State
from assettrack.domain.station_deeds import ACCEPTANCE
from assettrack.domain.tags import OUT, Place
from tests.domain.trial_log import TrialLog
from tests.domain.trial_room import scan

C1, C2 = Place("CASE-01", 1), Place("CASE-01", 2)
JANE, BOB, ZOE = 1, 2, 3


def set_rule(log: TrialLog, known: State, value: str) -> None:
    """Set whether custody must be accepted."""
    deed = station_deeds.set_rule(known, ACCEPTANCE, value, log.seq, log.signoff)
    assert deed is not None
    log.records += deed.records
    for fact in deed.facts:
        known.put(fact)
    log.inventory.acceptance = station_deeds.acceptance_rule(known)


def custody_log() -> TrialLog:
    """A log in which acceptance was required for a time, and assets went from hand to hand."""
    log, known = TrialLog(), State()
    log.station()
    log.case("CASE-01", 4)
    for name in ("Jane Smith", "Bob Lee"):
        log.holder(name)
    set_rule(log, known, "required")
    log.batch(
        [
            scan("SCAN", "A1", C1, at="2026-02-01T08:00Z", equipment_type="laptop"),
            scan("SCAN", "A2", at="2026-02-01T08:00Z", equipment_type="laptop"),
            scan("ISSUE", "A1", OUT, at="2026-02-01T09:00Z", issued_to_name="Jane Smith"),
            scan("ISSUE", "A2", OUT, at="2026-02-01T09:00Z", issued_to_name="Bob Lee"),
        ],
        Options(due_on="2026-03-01", accepted=Acceptance("paper")),
    )
    set_rule(log, known, "recorded")
    log.batch(
        [
            scan("TRANSFER", "A1", OUT, at="2026-02-02T09:00Z", issued_to_name="Zoe Quill"),
            scan("UPDATE", "A1", at="2026-02-02T09:30Z", model="XPS"),
            scan("TRANSFER", "A1", OUT, at="2026-02-02T10:00Z", issued_to_name="Bob Lee"),
            scan("RETURN", "A2", C2, at="2026-02-02T10:00Z"),
        ],
        Options(new_holders=True, due_on="2026-04-01"),
    )
    return log


LOG = custody_log()
FIRST_BATCH, ISSUED, SECOND_BATCH, TRANSFERRED, UPDATED, LAST_TRANSFER = 6, 9, 12, 14, 15, 16
"""Where things stand in it: batches, the first ISSUE, and what happens to A1 in the second batch."""


def replayed(records: list[Record]) -> Replay:
    """The replay of these records."""
    replay = Replay()
    replay.run(iter(records))
    return replay


def changed(seq: int, **fields: Any) -> list[Record]:  # noqa: ANN401 - whatever stands in an entry
    """The log with some fields of one entry's body changed."""
    record = LOG.records[seq - 1]
    body = json.dumps(json.loads(record.body) | fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return [*LOG.records[: seq - 1], record._replace(body=body.encode()), *LOG.records[seq:]]


def illegal(records: list[Record]) -> IllegalEntry:
    """What the replay of these records ends with."""
    with pytest.raises(IllegalEntry) as caught:
        replayed(records)
    return caught.value


@pytest.mark.parametrize("block", [1, 2, 3, 1000])
def test_the_replay_leads_to_who_has_what_since_when(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In whatever blocks it is read: custody by its last entry with its home, and what was exchanged with whom."""
    monkeypatch.setattr(replay_module, "BLOCK_ROWS", block)
    replay = replayed(LOG.records)
    assert replay.inventory.custody == LOG.inventory.custody == {"A1": Custody(LAST_TRANSFER, C1)}
    assert replay.inventory.assets == LOG.inventory.assets
    assert (replay.inventory.assets["A1"].due_on, replay.inventory.assets["A2"].due_on) == ("2026-04-01", None)
    assert list(replay.state.facts(Handover)) == [
        Handover(1, JANE, FIRST_BATCH),
        Handover(1, BOB, FIRST_BATCH),
        Handover(2, JANE, None),
        Handover(2, BOB, None),
        Handover(2, ZOE, None),
    ]
    assert station_deeds.acceptance_rule(replay.state) == replay.inventory.acceptance == "recorded"


def test_a_batch_that_nobody_accepted_while_that_was_required_is_found() -> None:
    """Without its acceptance the batch was not allowed; after the rule was set otherwise the same is."""
    fault = illegal(changed(FIRST_BATCH, options={"due_on": "2026-03-01"}))
    assert FIRST_BATCH < fault.seq <= ISSUED
    assert (fault.certain, "nobody accepted" in fault.reason) == (False, True)


def test_a_rule_that_was_not_set_otherwise_is_found() -> None:
    """Where the entry that lifted the rule says that it was already so, it does not follow; nor does it twice."""
    assert illegal(changed(5, before="off")).seq == 5
    again = LOG.records[4]._replace(seq=6, body=LOG.records[4].body.replace(b'"seq":5', b'"seq":6'))
    fault = illegal([*LOG.records[:5], again])
    assert (fault.seq, "changes nothing" in fault.reason) == (6, True)


@pytest.mark.parametrize(
    ("seq", "fields", "found"),
    [
        (ISSUED, {"event_type": "TRANSFER"}, ISSUED),
        (TRANSFERRED, {"event_type": "ISSUE"}, TRANSFERRED),
        (TRANSFERRED, {"issued_to_name": "Jane Smith"}, TRANSFERRED),
        (TRANSFERRED, {"holder_id": BOB}, TRANSFERRED),
        (TRANSFERRED, {"case_number": "CASE-01", "slot_number": 1}, TRANSFERRED),
        (FIRST_BATCH, {"options": {"due_on": "2026-03-02", "accepted": {"how": "paper"}}}, ISSUED),
        (FIRST_BATCH, {"options": {"accepted": {"how": "paper"}}}, ISSUED),
        (SECOND_BATCH, {"options": {"new_holders": True}}, TRANSFERRED),
        (SECOND_BATCH, {"options": {"new_holders": True, "due_on": 20260401}}, SECOND_BATCH),
        (SECOND_BATCH, {"options": {"new_holders": True, "accepted": {"how": "shouted"}}}, SECOND_BATCH),
    ],
)
def test_a_changed_hand_over_is_found(seq: int, fields: dict[str, Any], found: int) -> None:
    """Who got it, how, and when it is due, stand in the log and follow from each other."""
    assert illegal(changed(seq, **fields)).seq == found


@pytest.mark.parametrize("seq", [ISSUED, TRANSFERRED, UPDATED, LAST_TRANSFER])
@pytest.mark.parametrize("due_on", ["2026-12-31", None])
def test_a_changed_due_date_is_found(seq: int, due_on: str | None) -> None:
    """A due date that its entry alone says otherwise is named there."""
    after = json.loads(LOG.records[seq - 1].body)["after"]
    after.pop("due_on")
    fault = illegal(changed(seq, after=after | ({"due_on": due_on} if due_on else {})))
    assert fault.seq == seq
