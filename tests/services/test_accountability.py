"""Accountability: every asset confirmed, out or unresolved, by what is recorded, scanned and counted."""

from datetime import timedelta

import pytest

from assettrack.domain import counts as rules
from assettrack.domain import station_errors
from assettrack.domain.entries.counts import CountScansEntry
from assettrack.domain.facts import CountScans
from assettrack.domain.plans import Acceptance, Options
from assettrack.domain.tags import Place
from assettrack.services import corrections, count_endings, holders, slots
from assettrack.services.accountability import Accountability, CountsSaid, accountability
from assettrack.services.accountability_lines import Judging, accountability_lines
from assettrack.services.count_reading import Scans
from assettrack.services.counts import AskedScope
from assettrack.services.remembered import Remembered
from assettrack.services.reports import Filters, Lines
from assettrack.services.stored_entries import entry_at
from tests.services.counting import filed, scan, start, typed
from tests.services.desk import Desk, row
from tests.services.insider import Insider

ALL = Filters()
SINCE, JUNE = "2026-07-01", "2026-06-01T10:00Z"
LATER = "12:04"
"""After all that a test does at the desk, and not too far ahead of its clock."""


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
    require_same_lines(desk, ALL, since)
    return rows


def require_same_lines(desk: Desk, filters: Filters, since: str | None = None) -> None:
    """Make sure that some lines of the report, made alone, are those of the whole, and are told with its figures."""
    whole = accountability(desk.workplace, filters, since, everything=True)
    assert whole.whole is not None
    for everything, report in ((True, whole.whole), (False, whole.unresolved)):
        expected = list(report.table.rows)
        for lines in (Lines(), Lines(0, 1), Lines(1, 2), Lines(len(expected), 5)):
            asked = Judging(filters, since, everything=everything)
            some = accountability_lines(desk.workplace, asked, lines, Remembered())
            assert list(some.table.rows) == lines.of(expected)
            assert some.total == len(expected)
            assert (some.table.title, some.table.subtitle[0]) == (report.table.title, report.table.subtitle[0])
            assert {**some.figures, "made_at": ""} == {**report.figures, "made_at": ""}


def standings(found: Accountability) -> dict[str, str]:
    """How each asset stands."""
    assert found.whole is not None
    return {str(row[0]): str(row[2]) for row in found.whole.table.rows}


def close(desk: Desk, *seen: str, scope: AskedScope | None = None) -> int:
    """Count a scope (all there is, if none is named), see these, and sign it off; return the count's number."""
    count_id = start(desk, scope or AskedScope())
    if seen:
        scan(desk, typed(*seen), count_id)
    count_endings.close(desk.workplace, count_id)
    return count_id


def test_without_a_date_the_record_is_enough(stocked: Desk) -> None:
    """What is in its slot is confirmed, what a holder has is out, what is retired is nobody's business."""
    found = accountability(stocked.workplace, ALL, everything=True)
    assert standings(found) == {"A1": "confirmed", "A2": "confirmed", "A3": "confirmed", "H1": "out"}
    figures = found.unresolved.figures
    assert [figures[key] for key in ("ok", "assets", "confirmed", "out", "since")] == [True, 4, 3, 1, None]
    assert found.whole is not None
    assert found.whole.table.subtitle[0] == "4 assets: 3 confirmed, 1 out, 0 unresolved."
    assert accountability(stocked.workplace, ALL).whole is None


def test_what_was_not_seen_since_a_date_is_unresolved(stocked: Desk) -> None:
    """In storage; who has something answers for it, and seen with the holder it is confirmed."""
    assert unresolved(stocked, SINCE) == dict.fromkeys(("A1", "A2", "A3"), "not_seen")
    stocked.commit(row("A1") + row("A2") + row("H1"))
    found = accountability(stocked.workplace, ALL, SINCE, everything=True)
    assert standings(found) == {"A1": "confirmed", "A2": "confirmed", "A3": "unresolved", "H1": "confirmed"}
    said = "4 assets: 3 confirmed, 0 out, 1 unresolved. What is in storage must have been seen since 2026-07-01."
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
    count_endings.close(stocked.workplace, count_id)
    assert unresolved(stocked, SINCE) == {}


def test_what_a_count_found_with_its_holder_is_confirmed(stocked: Desk) -> None:
    """It was seen since the date, though nothing was recorded of it; before that it was just out."""
    count_id = start(stocked, AskedScope(holder="Jane Smith"))
    scan(stocked, typed("H1"), count_id)
    for ended, standing in ((False, "out"), (True, "confirmed")):
        if ended:
            count_endings.close(stocked.workplace, count_id)
        assert standings(accountability(stocked.workplace, ALL, SINCE, everything=True))["H1"] == standing
        require_same_lines(stocked, ALL, SINCE)


def test_an_abandoned_count_says_nothing(stocked: Desk) -> None:
    """Neither are its scans sightings, nor makes or settles it a doubt."""
    close(stocked, "A1", "A3")
    count_id = start(stocked, AskedScope())
    scan(stocked, typed("A2"), count_id)
    count_endings.abandon(stocked.workplace, count_id, "half of it was not scanned")
    assert unresolved(stocked) == {"A2": "missing"}
    assert set(unresolved(stocked, SINCE)) == {"A2"}


def test_a_count_that_several_entries_tell_of(stocked: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that was not found is in doubt, in whichever entry it stands."""
    monkeypatch.setattr(rules, "EXCEPTIONS_PER_ENTRY_MAX", 1)
    close(stocked)
    assert unresolved(stocked) == {"A1": "missing", "A2": "missing", "A3": "missing"}


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
    stocked.commit(row("A2", at=LATER))
    assert unresolved(stocked) == {"A2": "unslotted", "H1": "missing"}


def test_a_later_count_that_finds_it_settles_it(stocked: Desk) -> None:
    """The last count that expected it and saw it is right; the last that missed it, too."""
    close(stocked, "A1")
    assert unresolved(stocked) == {"A2": "missing", "A3": "missing"}
    close(stocked, "A1", "A2")
    assert unresolved(stocked) == {"A3": "missing"}


@pytest.mark.parametrize("looked_first", [0, 1])
@pytest.mark.parametrize("closed_first", [0, 1])
def test_counts_go_by_when_they_saw_and_looked(stocked: Desk, looked_first: int, closed_first: int) -> None:
    """Of two that ran at the same time the one that looked last tells, whichever was begun or signed off first."""
    begun = [start(stocked, AskedScope()), start(stocked, AskedScope())]
    seen = [("A1", "A2", "A3"), ("A1", "A3")]
    for number in (looked_first, 1 - looked_first):
        scan(stocked, typed(*seen[number]), begun[number])
    for number in (closed_first, 1 - closed_first):
        count_endings.close(stocked.workplace, begun[number])
    assert unresolved(stocked) == ({} if looked_first else {"A2": "missing"})


def test_a_count_without_a_scan_looked_until_it_was_signed_off(stocked: Desk) -> None:
    """What another count saw before that is missing; what it saw later is not."""
    begun = start(stocked, AskedScope())
    scan(stocked, typed("A1", "A2"), begun)
    close(stocked)
    scan(stocked, typed("A2", "A3"), begun)
    count_endings.close(stocked.workplace, begun)
    assert unresolved(stocked) == {"A1": "missing"}


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        (row("A2", timestamp="2026-06-15T08:00Z"), "missing"),
        (row("A2", at="10:59"), "missing"),
        (row("A2", "UPDATE", at="10:59", place=("CASE-01", "4")), "missing"),
        (row("A2", "ISSUE", at="10:59"), "missing, acceptance_open"),
        (row("A2", at="11:01"), None),
        (row("A2", "UPDATE", at="11:01", place=("CASE-01", "4")), None),
    ],
)
def test_what_was_missed_must_be_seen_later(stocked: Desk, rows: str, left: str | None) -> None:
    """A file that was forgotten shows nothing after the last scan of the count; only what was seen after that does."""
    count_id = start(stocked, AskedScope())
    scan(stocked, filed(row("A1", at="11:00") + row("A3", at="10:58")), count_id)
    count_endings.close(stocked.workplace, count_id)
    stocked.commit(rows)
    assert unresolved(stocked).get("A2") == left


def test_at_the_same_moment_the_later_entry_is_later(stocked: Desk) -> None:
    """Scanners write whole minutes: what was seen in the same as the count's last scan, was recorded after it."""
    stocked.commit(row("A3", at="11:00"))
    count_id = start(stocked, AskedScope())
    scan(stocked, filed(row("A1", at="11:00")), count_id)
    count_endings.close(stocked.workplace, count_id)
    stocked.commit(row("A2", at="11:00"))
    assert unresolved(stocked) == {"A3": "missing"}


def test_a_sighting_is_as_old_as_its_correction_says(stocked: Desk) -> None:
    """A scan that a wrong clock dated after the count settles nothing any more once its time is put right."""
    close(stocked, "A1", "A3")
    stocked.commit(row("A2", at=LATER))
    assert unresolved(stocked) == {}
    values = {"timestamp": "2026-06-15T08:00Z"}
    corrections.correct(stocked.workplace, stocked.log_size, values, "wrong clock", confirm=None)
    assert unresolved(stocked) == {"A2": "missing"}


@pytest.mark.parametrize(
    ("seen", "left"),
    [
        (typed("H1", case="CASE-01", slot=4), None),
        (typed("H1", case="CASE-01", slot=3), "seen_in_custody"),
        (typed("H1", case="CASE-01"), None),
        (typed("H1", case="CASE-02"), "seen_in_custody"),
        (typed("H1"), None),
    ],
)
def test_what_was_seen_elsewhere_is_settled_once_it_is_recorded_there(
    stocked: Desk, seen: Scans, left: str | None
) -> None:
    """A return from before the count that was committed after it explains what the count saw, if it is the same place.

    Seen in storage without a place being named, it agrees with any.
    """
    slots.initialise_cases(stocked.workplace, [("CASE-02", 2)])
    count_id = start(stocked, AskedScope())
    scan(stocked, typed("A1", "A2", "A3"), count_id)
    scan(stocked, seen, count_id)
    count_endings.close(stocked.workplace, count_id)
    assert unresolved(stocked) == {"H1": "seen_in_custody"}
    stocked.commit(row("H1", "RETURN", at="11:00", place=("CASE-01", "4")), Options(accepted=Acceptance("paper")))
    assert unresolved(stocked).get("H1") == left


def test_last_seen_is_the_same_whatever_is_asked(stocked: Desk) -> None:
    """The latest scan, deed or sighting in a closed count, with a date or without one, however old the count is."""
    close(stocked, "A1", "A2", "A2")
    stocked.clock += timedelta(days=60)
    stocked.commit(row("A3", timestamp="2026-08-29T10:00Z"))
    with stocked.store.read() as snapshot:
        (sightings,) = (entry_at(snapshot, seq, CountScansEntry).scans for _, seq in snapshot.facts(CountScans))
    seen = {"A1": sightings[0].seen_at, "A2": sightings[2].seen_at, "A3": "2026-08-29T10:00:00.000000Z"}
    for since in (None, SINCE, "2026-08-20"):
        require_same_lines(stocked, ALL, since)
        whole = accountability(stocked.workplace, ALL, since, everything=True).whole
        assert whole is not None
        assert {str(row[0]): row[5] for row in whole.table.rows} == seen | {"H1": "2026-06-01T10:00:00.000000Z"}


def test_what_was_moved_while_people_counted_proves_nothing(stocked: Desk) -> None:
    """It leaves a doubt as it was, and makes none."""
    close(stocked, "A1", "A3")
    count_id = start(stocked, AskedScope())
    scan(stocked, typed("A1"), count_id)
    slots.vacate_asset(stocked.workplace, "A2", "looked again")
    slots.vacate_asset(stocked.workplace, "A3", "to be mended")
    count_endings.close(stocked.workplace, count_id)
    assert unresolved(stocked) == {"A2": "missing, unslotted", "A3": "unslotted"}


def test_what_was_seen_elsewhere_is_unresolved(stocked: Desk) -> None:
    """In another slot, in storage though somebody has it, in a case where it was not expected; moving it settles it."""
    slots.initialise_cases(stocked.workplace, [("CASE-02", 2)])
    count_id = start(stocked, AskedScope())
    scan(stocked, typed("A1", case="CASE-02", slot=1), count_id)
    scan(stocked, typed("H1", case="CASE-02", slot=2), count_id)
    scan(stocked, typed("A2", "A3", "GONE", "NEVER"), count_id)
    count_endings.close(stocked.workplace, count_id)
    assert unresolved(stocked) == {"A1": "wrong_slot", "H1": "seen_in_custody"}
    close(stocked, "A3", scope=AskedScope(("CASE-02",)))
    assert unresolved(stocked) == {"A1": "wrong_slot", "A3": "unexpected", "H1": "seen_in_custody"}
    slots.move(stocked.workplace, "A1", Place("CASE-02", 1))
    slots.move(stocked.workplace, "A3", Place("CASE-02", 2))
    assert unresolved(stocked) == {"H1": "seen_in_custody"}


def test_holders_who_are_late_or_gone(stocked: Desk) -> None:
    """Overdue, not accepted, and with somebody who is not active any more: all of it is said."""
    stocked.commit(row("A1", "ISSUE", issued_to_name="Bob Lee"), Options(due_on="2026-06-30"))
    left = holders.HolderUpdate(active=False, reason="has left", with_assets=True)
    holders.change(stocked.workplace, "Bob Lee", left)
    assert unresolved(stocked) == {"A1": "overdue, acceptance_open, holder_inactive"}


@pytest.mark.parametrize(
    ("filters", "tags"),
    [
        (Filters(holder="Jane Smith"), {"H1"}),
        (Filters(organisation="Ad Hoc"), {"H1"}),
        (Filters(equipment_type="LAPTOP"), {"A1", "A2", "A3", "H1"}),
        (Filters(equipment_type="monitor"), {"M1", "M2"}),
    ],
)
def test_filters_narrow_what_is_judged(stocked: Desk, filters: Filters, tags: set[str]) -> None:
    """What a holder or an organisation has, or one type of equipment; nothing else is counted."""
    monitors = row("M1", timestamp=JUNE, equipment_type="monitor") + row("M2", timestamp=JUNE, equipment_type="Monitor")
    stocked.commit(monitors)
    found = accountability(stocked.workplace, filters, everything=True)
    assert standings(found).keys() == tags
    assert found.unresolved.figures["assets"] == len(tags)
    close(stocked, "A1")
    for since in (None, SINCE, JUNE[:10]):
        require_same_lines(stocked, filters, since)


def test_what_counts_say_is_remembered_until_another_one_ends(stocked: Desk) -> None:
    """What is remembered is the same as what is read anew, after each count that is signed off or abandoned."""
    remembered = Remembered()
    for seen in (("A1",), ("A1", "A2"), ("A3",)):
        close(stocked, *seen)
        with stocked.store.read() as snapshot:
            found = remembered.counts_said.find(snapshot)
            assert remembered.counts_said.find(snapshot) is found
            assert found == CountsSaid().find(snapshot)
        lines = accountability_lines(stocked.workplace, Judging(ALL), Lines(), remembered)
        assert list(lines.table.rows) == list(accountability(stocked.workplace, ALL).unresolved.table.rows)
    stocked.commit(row("A1", at=LATER) + row("A2", at=LATER))
    assert accountability_lines(stocked.workplace, Judging(ALL), Lines(), remembered).total == 0


def test_a_log_that_can_t_be_read_is_damage(stocked: Desk) -> None:
    """The entries that might settle a doubt must be entries."""
    close(stocked, "A1", "A3")
    stocked.commit(row("A2", at=LATER))
    insider = Insider(stocked, [])
    insider.do("UPDATE audit_log SET body = '{}' WHERE seq = ?", (stocked.log_size,))
    with pytest.raises(station_errors.DatabaseDamaged):
        accountability(stocked.workplace, ALL)
    insider.close()
