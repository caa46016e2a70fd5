"""Accountability: every asset confirmed, out or unresolved, by what is recorded, scanned and counted."""

import pytest

from assettrack.domain import errors
from assettrack.domain.plans import Acceptance, Options
from assettrack.domain.tags import Place
from assettrack.services import counts, holders, slots
from assettrack.services.accountability import Accountability, accountability
from assettrack.services.counts import AskedScope
from assettrack.services.reports import Filters
from tests.services.counting import scan, start, typed
from tests.services.desk import Desk, row
from tests.services.insider import Insider

ALL = Filters()
SINCE, JUNE = "2026-07-01", "2026-06-01T10:00Z"


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """A1, A2, A3 are in slots 1 to 3; Jane Smith has H1, which was accepted; GONE is retired. All of it in June."""
    slotted = [row(f"A{number}", place=("CASE-01", str(number)), timestamp=JUNE) for number in (1, 2, 3)]
    others = row("H1", timestamp=JUNE) + row("GONE", timestamp=JUNE) + row("GONE", "RETIRE", timestamp=JUNE)
    desk.commit("".join(slotted) + others)
    desk.commit(row("H1", "ISSUE", timestamp=JUNE), Options(accepted=Acceptance("paper")))
    return desk


def unresolved(desk: Desk, since: str | None = None) -> dict[str, str]:
    """The codes of the reasons for which each asset is unresolved."""
    found = accountability(desk.workplace, ALL, since)
    rows = {str(row[0]): str(row[6]) for row in found.unresolved.table.rows}
    assert found.ok == (not rows)
    return rows


def standings(found: Accountability) -> dict[str, str]:
    """How each asset stands."""
    assert found.whole is not None
    return {str(row[0]): str(row[2]) for row in found.whole.table.rows}


def close(desk: Desk, *seen: str, scope: AskedScope | None = None) -> int:
    """Count a scope (all there is, if none is named), see these, and sign it off; return the count's number."""
    count_id = start(desk, scope or AskedScope())
    if seen:
        scan(desk, typed(*seen), count_id)
    counts.close(desk.workplace, count_id)
    return count_id


def test_without_a_date_the_record_is_enough(stocked: Desk) -> None:
    """What is in its slot is confirmed, what a holder has is out, what is retired is nobody's business."""
    found = accountability(stocked.workplace, ALL, everything=True)
    assert standings(found) == {"A1": "confirmed", "A2": "confirmed", "A3": "confirmed", "H1": "out"}
    figures = found.unresolved.figures
    assert [figures[key] for key in ("ok", "assets", "confirmed", "out", "since")] == [True, 4, 3, 1, None]
    assert found.whole is not None
    assert found.whole.table.subtitle[0] == "4 asset(s): 3 confirmed, 1 out, 0 unresolved."
    assert accountability(stocked.workplace, ALL).whole is None


def test_what_was_not_seen_since_a_date_is_unresolved(stocked: Desk) -> None:
    """In storage; who has something answers for it, and seen with the holder it is confirmed."""
    assert unresolved(stocked, SINCE) == dict.fromkeys(("A1", "A2", "A3"), "not_seen")
    stocked.commit(row("A1") + row("A2") + row("H1"))
    found = accountability(stocked.workplace, ALL, SINCE, everything=True)
    assert standings(found) == {"A1": "confirmed", "A2": "confirmed", "A3": "unresolved", "H1": "confirmed"}
    said = "4 asset(s): 3 confirmed, 0 out, 1 unresolved. What is in storage must have been seen since 2026-07-01."
    assert found.unresolved.table.subtitle[0] == said


def test_a_date_begins_at_midnight_at_the_station(stocked: Desk) -> None:
    """In Berlin the first of July begins at 22:00 UTC on the last of June."""
    stocked.commit(row("A1", timestamp="2026-06-30T22:00Z") + row("A2", timestamp="2026-06-30T21:59Z"))
    assert unresolved(stocked, SINCE) == dict.fromkeys(("A2", "A3"), "not_seen")


def test_who_is_seen_in_a_closed_count_is_seen(stocked: Desk) -> None:
    """The scans of a count that was signed off are sightings; those of an open one say nothing yet."""
    count_id = start(stocked, AskedScope())
    scan(stocked, typed("A1", "A2", "A3"), count_id)
    assert set(unresolved(stocked, SINCE)) == {"A1", "A2", "A3"}
    counts.close(stocked.workplace, count_id)
    assert unresolved(stocked, SINCE) == {}


def test_a_count_from_before_the_date_is_no_sighting(stocked: Desk) -> None:
    """What was counted in time is not seen since a later date."""
    close(stocked, "A1", "A2", "A3")
    assert set(unresolved(stocked, "2026-07-02")) == {"A1", "A2", "A3"}


def test_what_a_count_missed_stays_missing_until_it_is_seen(stocked: Desk) -> None:
    """Neither taking it out of its slot nor another count that did not expect it settles that; a scan does."""
    missed = close(stocked, "A1", "A3")
    assert unresolved(stocked) == {"A2": "missing"}
    close(stocked, scope=AskedScope(holder="Jane Smith"))
    slots.vacate_asset(stocked.workplace, "A2", "looked everywhere")
    assert unresolved(stocked) == {"A2": "missing, unslotted", "H1": "missing"}
    report = accountability(stocked.workplace, ALL).unresolved
    assert report.table.rows[0][7] == f"missing in count {missed}; in no slot"
    stocked.commit(row("A2"))
    assert unresolved(stocked) == {"A2": "unslotted", "H1": "missing"}


def test_a_later_count_that_finds_it_settles_it(stocked: Desk) -> None:
    """The last count that expected it and saw it is right; the last that missed it, too."""
    close(stocked, "A1")
    assert unresolved(stocked) == {"A2": "missing", "A3": "missing"}
    close(stocked, "A1", "A2")
    assert unresolved(stocked) == {"A3": "missing"}


def test_counts_go_by_when_they_were_signed_off(stocked: Desk) -> None:
    """Of two that ran at the same time the one that was closed last tells."""
    first, second = start(stocked, AskedScope()), start(stocked, AskedScope())
    scan(stocked, typed("A1", "A2", "A3"), first)
    counts.close(stocked.workplace, second)
    counts.close(stocked.workplace, first)
    assert unresolved(stocked) == {}


def test_what_was_moved_while_people_counted_proves_nothing(stocked: Desk) -> None:
    """It leaves a doubt as it was, and makes none."""
    close(stocked, "A1", "A3")
    count_id = start(stocked, AskedScope())
    scan(stocked, typed("A1"), count_id)
    slots.vacate_asset(stocked.workplace, "A2", "looked again")
    slots.vacate_asset(stocked.workplace, "A3", "to be mended")
    counts.close(stocked.workplace, count_id)
    assert unresolved(stocked) == {"A2": "missing, unslotted", "A3": "unslotted"}


def test_what_was_seen_elsewhere_is_unresolved(stocked: Desk) -> None:
    """In another slot, in storage though somebody has it, in a case where it was not expected; moving it settles it."""
    slots.initialise_cases(stocked.workplace, [("CASE-02", 2)])
    count_id = start(stocked, AskedScope())
    scan(stocked, typed("A1", case="CASE-02", slot=1), count_id)
    scan(stocked, typed("H1", case="CASE-02", slot=2), count_id)
    scan(stocked, typed("A2", "A3", "GONE", "NEVER"), count_id)
    counts.close(stocked.workplace, count_id)
    assert unresolved(stocked) == {"A1": "wrong_slot", "H1": "seen_in_custody"}
    close(stocked, "A3", scope=AskedScope(("CASE-02",)))
    assert unresolved(stocked) == {"A1": "wrong_slot", "A3": "unexpected", "H1": "seen_in_custody"}
    slots.move(stocked.workplace, "A1", Place("CASE-02", 1))
    slots.move(stocked.workplace, "A3", Place("CASE-02", 2))
    assert unresolved(stocked) == {"H1": "seen_in_custody"}


def test_holders_who_are_late_or_gone(stocked: Desk) -> None:
    """Overdue, not accepted, and with somebody who is not active any more: all of it is said."""
    stocked.commit(row("A1", "ISSUE", issued_to_name="Bob Lee"), Options(due_on="2026-06-30"))
    left = holders.Wanted(active=False, reason="has left", with_assets=True)
    holders.change(stocked.workplace, "Bob Lee", left)
    assert unresolved(stocked) == {"A1": "overdue, acceptance_open, holder_inactive"}


@pytest.mark.parametrize(
    ("filters", "tags"),
    [
        (Filters(holder="Jane Smith"), {"H1"}),
        (Filters(organisation="Ad Hoc"), {"H1"}),
        (Filters(equipment_type="LAPTOP"), {"A1", "A2", "A3", "H1"}),
    ],
)
def test_filters_narrow_what_is_judged(stocked: Desk, filters: Filters, tags: set[str]) -> None:
    """What a holder or an organisation has, or one type of equipment; nothing else is counted."""
    found = accountability(stocked.workplace, filters, everything=True)
    assert standings(found).keys() == tags
    assert found.unresolved.figures["assets"] == len(tags)


def test_a_log_that_can_t_be_read_is_damage(stocked: Desk) -> None:
    """The entries that might settle a doubt must be entries."""
    close(stocked, "A1", "A3")
    stocked.commit(row("A2"))
    insider = Insider(stocked, [])
    insider.do("UPDATE audit_log SET body = '{}' WHERE seq = ?", (stocked.log_size,))
    with pytest.raises(errors.DatabaseDamaged):
        accountability(stocked.workplace, ALL)
    insider.close()
