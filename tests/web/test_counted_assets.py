"""What a count found, where people look: on the asset's page and the first page, as the reports say it."""

from datetime import timedelta

from assettrack.services import count_endings, counts, verification
from assettrack.services.count_reading import Scans, Spotted
from assettrack.services.counts import AskedScope
from assettrack.services.problem_reports import problems
from tests.web.stock import commit, entries, fill
from tests.web.visitors import OpenStation, words

MARK = "Look Missing in count 1. Count 1, signed off 2026-07-01 14:00"


def doubts(station: OpenStation) -> int:
    """How many assets the report of problems says counts contradict."""
    return int(str(problems(station.workplace()).figures["count_discrepancy"]))


def test_what_a_count_missed_is_marked_until_it_is_seen(station: OpenStation) -> None:
    """From signing off on; the first page counts it as the report does; a scan of it later settles it everywhere."""
    fill(station, 2)
    vic = station.visitor("vic", "viewer")
    counts.start(station.workplace(), AskedScope(("CASE-01",)))
    counts.add_scans(station.workplace(), 1, Scans([Spotted("LT-1")]))
    vic.get("/assets/LT-2")
    assert "Missing" not in vic.words
    shown = count_endings.preview(station.workplace(), 1)
    count_endings.close(station.workplace(), 1, confirm=shown.confirm)
    vic.get("/assets/LT-2")
    assert MARK in vic.words
    vic.get("/assets/LT-1")
    assert "Missing" not in vic.words
    vic.get("/")
    assert ("Missing or elsewhere in a count 1" in vic.words, doubts(station)) == (True, 1)
    station.now += timedelta(minutes=5)
    commit(station, ["LT-2,2026-07-01T12:05:00Z,SCAN,mara,,CASE-01,2,laptop"])
    vic.get("/assets/LT-2")
    assert "Missing" not in vic.words
    vic.get("/")
    assert ("Missing or elsewhere in a count 0" in vic.words, doubts(station)) == (True, 0)


def test_what_waited_in_the_browser_is_proven_when_it_was_scanned(station: OpenStation) -> None:
    """The entry says when it came; a browser that says it was before the count began is wrong; words are no time."""
    fill(station, 3)
    counts.start(station.workplace(), AskedScope(("CASE-01",)))
    station.now += timedelta(hours=2)
    ben = station.visitor("ben")
    ben.get("/counts/1")
    for tag, waited in (("LT-1", "5400000"), ("LT-2", "36000000"), ("LT-3", "soon")):
        answer = ben.post("/counts/1/scans", {"typed": tag, "waited": waited}, hx_request="true")
        assert f"{tag}: Found" in words(answer.text)
    for tag, proven in (("LT-1", "14:30:00"), ("LT-2", "14:00:00"), ("LT-3", "16:00:00")):
        ben.get(f"/assets/{tag}")
        assert f"Last proven 2026-07-01 {proven} · seen in count 1 · entry" in ben.words
    assert all('"recorded_at":"2026-07-01T14:00' in entry for entry in entries(station)[-3:])
    assert verification.verify(station.workplace()).ok


def test_what_a_count_saw_is_proven_by_it(station: OpenStation) -> None:
    """While it goes on and after; but by no count that was abandoned, and not against a later scan."""
    fill(station, 2)
    vic = station.visitor("vic", "viewer")
    vic.get("/assets/LT-1")
    assert "Last proven 2026-06-20 12:00:00 · entry" in vic.words
    counts.start(station.workplace(), AskedScope(("CASE-01",)))
    counts.add_scans(station.workplace(), 1, Scans([Spotted("LT-1")]))
    vic.get("/assets/LT-1")
    assert "Last proven 2026-07-01 14:00:00 · seen in count 1 · entry" in vic.words
    vic.get("/assets/LT-2")
    assert "Last proven 2026-06-20 12:00:00 · entry" in vic.words
    count_endings.abandon(station.workplace(), 1, "wrong case")
    vic.get("/assets/LT-1")
    assert "Last proven 2026-06-20 12:00:00 · entry" in vic.words
    station.now += timedelta(minutes=5)
    commit(station, ["LT-1,2026-07-01T12:05:00Z,SCAN,mara,,CASE-01,1,laptop"])
    vic.get("/assets/LT-1")
    assert "Last proven 2026-07-01 14:05:00 · entry" in vic.words


def test_a_sighting_that_is_recorded_late_takes_no_later_proof_away(station: OpenStation) -> None:
    """It is the latest moment that counts, not the latest entry; the report says the same."""
    fill(station, 1)
    vic = station.visitor("vic", "viewer")
    commit(station, ["LT-1,2026-06-20T08:00:00Z,SCAN,mara,,CASE-01,1,laptop"])
    vic.get("/assets/LT-1")
    assert "Last proven 2026-06-20 12:00:00 · entry" in vic.words
