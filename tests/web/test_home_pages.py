"""The first page, as a browser meets it."""

import re
from base64 import b64encode
from datetime import datetime, timedelta

from assettrack.domain import backup_deeds
from assettrack.domain.backup_deeds import BackupFacts
from assettrack.domain.deeds import Signoff
from assettrack.domain.timestamps import utc_text
from assettrack.services import counts, holders
from assettrack.services.counts import AskedScope
from assettrack.services.overview import LatestOverview
from tests.web.stock import commit, fill, issue
from tests.web.visitors import OpenStation, words


def panel(page: str, path: str) -> str:
    """What the panel says whose heading leads to a path."""
    found = re.search(rf'<h2><a href="{path}">.*?</article>', page, re.DOTALL)
    assert found is not None, path
    return words(found[0])


def test_it_tells_what_is_issued_and_to_whom(station: OpenStation) -> None:
    """Who has most stands first, each with a link; what is due is not yet overdue on its day."""
    fill(station)
    issue(station, "Jane Smith", "LT-1", due_on="2026-07-01")
    issue(station, "Bob Ray", "LT-2", "LT-3")
    vic = station.visitor("vic", "viewer")
    vic.get("/")
    said = panel(vic.page, "/reports/custody")
    assert "3 with 2 holders" in said
    assert said.index("Bob Ray 2") < said.index("Jane Smith 1")
    assert 'href="/holders/Bob%20Ray"' in vic.page
    assert "Nothing is overdue." in panel(vic.page, "/reports/overdue")


def test_what_is_overdue_stands_with_its_holder(station: OpenStation) -> None:
    """A day after it was due an asset is overdue, though nothing was recorded meanwhile."""
    fill(station)
    issue(station, "Jane Smith", "LT-1", due_on="2026-07-01")
    station.visitor("vic", "viewer").get("/")
    station.now += timedelta(days=1)
    vic = station.visitor("vic")
    vic.get("/")
    said = panel(vic.page, "/reports/overdue")
    assert "1 due back before today" in said
    assert "LT-1 Jane Smith due 2026-07-01" in said


def test_what_needs_a_person_is_counted(station: OpenStation) -> None:
    """What is in no slot, hand-overs not accepted, counts that go on, inactive holders who have something."""
    fill(station)
    issue(station, "Jane Smith", "LT-1")
    change = holders.HolderUpdate(active=False, reason="left", with_assets=True)
    holders.change(station.workplace(), "Jane Smith", change)
    commit(station, ["LT-9,2026-06-22T10:00:00Z,SCAN,mara,,,,laptop"])
    counts.start(station.workplace(), AskedScope(cases=("CASE-01",)))
    vic = station.visitor("vic", "viewer")
    vic.get("/")
    said = panel(vic.page, "/reports/problems")
    assert "In storage in no slot 1" in said
    assert "Hand-overs not accepted yet 1" in said
    assert "Open counts 1" in said
    assert "Inactive holders who have assets 1" in said
    assert "Count 1: CASE-01" in panel(vic.page, "/counts")
    assert "3 of 6 slots taken" in panel(vic.page, "/cases")


def test_the_latest_entries_stand_in_words(station: OpenStation) -> None:
    """What happened last is first, in the words of every face, with a link to the entry; ten of them."""
    vic = station.visitor("vic", "viewer")
    fill(station, 6)
    issue(station, "Jane Smith", "LT-1")
    vic.get("/")
    part = vic.page[vic.page.index('id="latest"') :]
    assert len(re.findall(r'href="/audit/entries/\d+"', part)) == 10
    said = words(part)
    assert said.index("Holder registered ") < said.index("Issued LT-1: in CASE-01 slot 1 → in custody of Jane Smith")
    times = re.findall(r"2026-\d\d-\d\d \d\d:\d\d:\d\d", said)
    assert times == sorted(times, reverse=True)


def test_who_signed_in_does_not_crowd_out_the_work(station: OpenStation) -> None:
    """Sign-ins and passwords are no part of what happened last; the log shows them, and the page leads there."""
    fill(station)
    issue(station, "Jane Smith", "LT-1")
    for _ in range(12):
        station.visitor("vic", "viewer")
    vic = station.visitor("vic")
    vic.get("/")
    part = vic.page[vic.page.index('id="latest"') : vic.page.index("</main>")]
    assert "Signing in" not in words(part)
    assert "Password" not in words(part)
    assert "Issued LT-1" in words(part)
    assert 'href="/audit#entries"' in part
    vic.get("/audit?kind=SECURITY")
    assert vic.page.count("<td>Signing in</td>") == 13
    ada = station.visitor("ada", "admin")
    ada.get("/people")
    assert 'href="/audit?kind=SECURITY#entries"' in ada.page


def test_figures_are_made_anew_when_something_is_recorded(station: OpenStation) -> None:
    """What is remembered is given up with the next entry, and kept until then."""
    fill(station)
    latest = LatestOverview()
    before = latest.find(station.workplace())
    assert latest.find(station.workplace()) is before
    issue(station, "Jane Smith", "LT-1")
    assert latest.find(station.workplace()).custody.issued == before.custody.issued + 1


def test_ones_own_queue_is_shown_and_nobody_elses(station: OpenStation) -> None:
    """Scans that wait are not forgotten; a viewer has no queue, and looking opens none."""
    fill(station)
    ben, eve, vic = station.visitor("ben"), station.visitor("eve"), station.visitor("vic", "viewer")
    ben.get("/intake")
    ben.post("/intake/scans", {"typed": "LT-1"})
    assert "1 scan waits in your queue" in (ben.get("/"), ben.words)[1]
    before = len(station.web.desk.open_queues())
    for other in (eve, vic):
        assert "in your queue" not in (other.get("/"), other.words)[1]
    assert len(station.web.desk.open_queues()) == before


def test_what_was_recorded_while_the_clock_was_ahead_stands_below_what_came_later(station: OpenStation) -> None:
    """It says so, and does not stay on top until its time comes; a small step of the clock is no matter."""
    fill(station)
    station.now += timedelta(days=10)
    holders.register(station.workplace(), "First Ahead")
    holders.register(station.workplace(), "Next Ahead")
    station.now -= timedelta(days=10)
    holders.register(station.workplace(), "Later Hand")
    vic = station.visitor("vic", "viewer")
    vic.get("/")
    part = vic.page[vic.page.index('id="latest"') : vic.page.index("</main>")]
    said = words(part)
    assert said.index("Later Hand") < said.index("Next Ahead") < said.index("First Ahead") < said.index("Scanned LT-2")
    assert part.count('<span class="mark note">ahead of this clock</span>') == 2
    station.now += timedelta(days=10) - timedelta(minutes=4)
    vic = station.visitor("vic")
    assert "ahead of this clock" not in (vic.get("/"), vic.page)[1]


def test_a_backup_of_a_time_still_to_come_has_no_age(station: OpenStation) -> None:
    """The clock was ahead: nobody is told an age below zero, in green, for all that time."""
    station.now += timedelta(days=10, hours=1)
    signed = Signoff("mara", utc_text(station.now), "1")
    with station.workplace().store.write() as transaction:
        made = BackupFacts(1, b64encode(bytes(32)).decode(), "00" * 32, "a.zip")
        transaction.save(backup_deeds.record_backup(made, transaction.log_size + 1, signed))
    for back, said in ((timedelta(hours=1), "less than a day ahead"), (timedelta(days=9), "9 days ahead")):
        station.now = datetime.fromisoformat(signed.recorded_at) - back - timedelta(hours=1)
        vic = station.visitor("vic", "viewer")
        for path in ("/", "/audit"):
            vic.get(path)
            if path == "/":
                assert f"Dated {said} of this clock" in panel(vic.page, "/audit")
                assert '<p class="bad"><strong>Dated' in vic.page
            assert "days old" not in vic.words


def test_the_age_of_the_latest_backup_is_judged(station: OpenStation) -> None:
    """None is to be made; a week is fresh, more is worth a look, more than the doctor's thirty days is bad."""
    vic = station.visitor("vic", "viewer")
    assert "There is no backup yet. Have whoever" in (vic.get("/"), panel(vic.page, "/audit"))[1]
    signed = Signoff("mara", utc_text(station.now), "1")
    with station.workplace().store.write() as transaction:
        made = BackupFacts(1, b64encode(bytes(32)).decode(), "00" * 32, "a.zip")
        transaction.save(backup_deeds.record_backup(made, transaction.log_size + 1, signed))
    for days, colour, said in ((0, "ok", "within the last day"), (7, "ok", "7 days"), (8, "note", "8 days"),
                               (31, "bad", "31 days old")):  # fmt: skip
        station.now = station.now.replace(month=7, day=1, hour=13) + timedelta(days=days)
        visitor = station.visitor("vic")
        visitor.get("/")
        assert said in panel(visitor.page, "/audit")
        assert f'<p class="{colour}"><strong>' in visitor.page[visitor.page.index('<h2><a href="/audit">') :]
