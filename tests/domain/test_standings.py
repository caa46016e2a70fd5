"""Standings: confirmed, out, or unresolved with every reason."""

import pytest

from assettrack.domain.inventory import Asset
from assettrack.domain.standings import (
    AssetDeed,
    Doubt,
    Doubts,
    Look,
    Reason,
    Recorded,
    Rules,
    Shown,
    contradicted,
    is_sighting,
    judge,
)

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
    judged = judge(SLOTTED, AFTER, Doubt(reason, 3, Look(AFTER, 50)), SEEN)
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
    ("event_type", "after", "seen"),
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
def test_only_who_had_it_in_hand_has_seen_it(event_type: str, after: Shown, *, seen: bool) -> None:
    """What only takes an asset out of its slot, or mends the record, is no sign that anybody has seen it."""
    assert is_sighting(AssetDeed(event_type, after)) is seen


@pytest.mark.parametrize(
    ("look", "stands"),
    [
        (Look(BEFORE, 99), True),
        (Look(AFTER, 49), True),
        (Look(AFTER, 51), False),
        (Look("2026-02-01T00:00:00.000001Z", 1), False),
    ],
)
@pytest.mark.parametrize("seen_first", [True, False])
def test_a_doubt_stands_until_the_asset_is_seen_later(look: Look, *, stands: bool, seen_first: bool) -> None:
    """Later is when it was seen, at the same moment by the later entry; the order in which one hears of it is not."""
    doubts, doubt = Doubts(), Doubt("missing", 3, Look(AFTER, 50))
    if seen_first:
        doubts.see("A1", look)
        doubts.see("A1", Look(BEFORE, 1))
    doubts.add("A1", doubt)
    if not seen_first:
        doubts.see("A1", look)
    assert doubts.standing() == ({"A1": doubt} if stands else {})


@pytest.mark.parametrize("turned", [True, False])
def test_the_count_that_looked_last_tells(*, turned: bool) -> None:
    """In whichever order one hears of them."""
    earlier, later = Doubt("missing", 4, Look(BEFORE, 60)), Doubt("wrong_slot", 3, Look(AFTER, 50), "C2", 1)
    doubts = Doubts()
    for doubt in (later, earlier) if turned else (earlier, later):
        doubts.add("A1", doubt)
    assert doubts.standing() == {"A1": later}


HERE = Asset("STORAGE", "C1", 2, None, "laptop")


@pytest.mark.parametrize(
    ("reason", "seen", "asset", "stands"),
    [
        ("wrong_slot", ("C1", 2), HERE, False),
        ("wrong_slot", ("C1", None), HERE, False),
        ("wrong_slot", ("C1", 3), HERE, True),
        ("unexpected", ("C2", None), HERE, True),
        ("unexpected", (None, None), HERE, True),
        ("seen_in_custody", (None, None), HERE, False),
        ("seen_in_custody", (None, None), Asset("IN_CUSTODY", None, None, "Jane Smith", "laptop"), True),
        ("missing", (None, None), HERE, True),
    ],
)
def test_what_is_recorded_where_it_was_seen_is_in_doubt_no_more(
    reason: Reason, seen: tuple[str | None, int | None], asset: Asset, *, stands: bool
) -> None:
    """Whatever has put the record right; what was missed was seen nowhere."""
    doubt = Doubt(reason, 3, Look(AFTER, 50), *seen)
    assert contradicted({"A1": doubt}, {"A1": asset}) == ({"A1": doubt} if stands else {})
