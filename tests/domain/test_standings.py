"""Standings: confirmed, out, or unresolved with every reason."""

import pytest

from assettrack.domain.standings import Doubt, LaterDeed, Reason, Recorded, Rules, Shown, judge, settles

SINCE = "2026-02-01T00:00:00.000000Z"
BEFORE, AFTER = "2026-01-31T23:59:59.999999Z", "2026-02-01T00:00:00.000000Z"
RULES = Rules("2026-03-01", asks_acceptance=True, inactive=frozenset([9]))
SEEN = RULES._replace(since="2026-02-01", since_utc=SINCE)

SLOTTED = Recorded("A1", "laptop", "STORAGE", "C1", 1, None, None, BEFORE, None, is_open=False)
LOOSE = SLOTTED._replace(case_name=None, slot_position=None)
HELD = Recorded("A1", "laptop", "IN_CUSTODY", None, None, 1, None, BEFORE, 4, is_open=False)


def reasons(
    recorded: Recorded, rules: Rules = RULES, last_seen: str = BEFORE, doubt: Doubt | None = None
) -> list[Reason]:
    """Why an asset is unresolved; nothing where it is not."""
    judged = judge(recorded, last_seen, doubt, rules)
    assert (judged.standing == "unresolved") == bool(judged.reasons)
    return [reason for reason, _ in judged.reasons]


def test_what_is_in_its_slot_is_confirmed() -> None:
    """Without a date the record is enough; with one the asset must have been seen from then on."""
    assert judge(SLOTTED, BEFORE, None, RULES).standing == "confirmed"
    assert judge(SLOTTED, AFTER, None, SEEN).standing == "confirmed"
    assert reasons(SLOTTED, SEEN, BEFORE) == ["not_seen"]


def test_what_a_holder_has_is_out_or_confirmed() -> None:
    """Who has it answers for it, so it is out; seen since the date it is confirmed."""
    assert judge(HELD, AFTER, None, RULES).standing == "out"
    assert judge(HELD, BEFORE, None, SEEN).standing == "out"
    assert judge(HELD, AFTER, None, SEEN).standing == "confirmed"


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (LOOSE, ["unslotted"]),
        (HELD._replace(due_on="2026-02-28"), ["overdue"]),
        (HELD._replace(due_on="2026-03-01"), []),
        (HELD._replace(is_open=True), ["acceptance_open"]),
        (HELD._replace(holder_id=9), ["holder_inactive"]),
        (
            HELD._replace(holder_id=9, due_on="2020-01-01", is_open=True),
            ["overdue", "acceptance_open", "holder_inactive"],
        ),
    ],
)
def test_each_reason_is_named(recorded: Recorded, expected: list[Reason]) -> None:
    """All that leaves an asset unresolved is said, and what is due today is not overdue."""
    assert reasons(recorded) == expected


def test_a_station_that_asks_for_no_acceptance_misses_none() -> None:
    """Where the rule is off, nothing waits to be accepted."""
    assert reasons(HELD._replace(is_open=True), RULES._replace(asks_acceptance=False)) == []


@pytest.mark.parametrize("reason", ["missing", "wrong_slot", "unexpected", "seen_in_custody"])
def test_what_a_count_doubts_is_unresolved(reason: Reason) -> None:
    """A doubt of a count stands above all, whatever else is well; its words name the count."""
    judged = judge(SLOTTED, AFTER, Doubt(reason, 3, 50), SEEN)
    assert (judged.standing, judged.reasons[0][0]) == ("unresolved", reason)
    assert judged.reasons[0][1].endswith("in count 3")


def test_reasons_are_said_in_words() -> None:
    """With the date, the batch and the count they are about."""
    recorded = HELD._replace(due_on="2026-02-28", is_open=True)
    assert [words for _, words in judge(recorded, BEFORE, None, RULES).reasons] == [
        "due 2026-02-28",
        "acceptance of batch 4 open",
    ]
    assert judge(SLOTTED, BEFORE, None, SEEN).reasons == (("not_seen", "not seen since 2026-02-01"),)


@pytest.mark.parametrize(
    ("event_type", "after", "settled"),
    [
        ("SCAN", Shown("STORAGE"), True),
        ("ISSUE", Shown("IN_CUSTODY"), True),
        ("RETURN", Shown("STORAGE"), True),
        ("TRANSFER", Shown("IN_CUSTODY"), True),
        ("SLOT_ASSIGN", Shown("STORAGE", "C1"), True),
        ("SLOT_MOVE", Shown("STORAGE", "C1"), True),
        ("UPDATE", Shown("STORAGE", "C1"), True),
        ("UPDATE", Shown("IN_CUSTODY"), True),
        ("UPDATE", Shown("STORAGE"), False),
        ("SLOT_VACATE", Shown("STORAGE"), False),
        ("CORRECTION", Shown("STORAGE", "C1"), False),
        ("RETIRE", Shown("RETIRED"), False),
    ],
)
def test_only_who_had_it_in_hand_settles_a_doubt(event_type: str, after: Shown, *, settled: bool) -> None:
    """What only takes an asset out of its slot, or mends the record, is no sign that anybody has seen it."""
    assert settles(LaterDeed(event_type, after)) is settled
