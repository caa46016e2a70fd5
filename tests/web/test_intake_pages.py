"""Taking scans in, checking them and committing them, as a browser meets it."""

import re
from datetime import datetime, timedelta

import pytest

from assettrack.services import assets, audit, verification
from tests.web.queue_forms import drawn_for, to_bring_back
from tests.web.visitors import OpenStation, Visitor

FILL = {"event_type": "SCAN", "case_name": "CASE-01", "equipment_type": "laptop"}
NO_CASE = {"case_name": ""}
"""What the form says where no case is chosen."""


def at_the_desk(station: OpenStation, name: str = "ben") -> Visitor:
    """Sit down at a station with one case of four slots, to fill it."""
    station.case("CASE-01", 4)
    visitor = station.visitor(name)
    visitor.get("/intake")
    visitor.follow(visitor.post("/intake/context", FILL))
    return visitor


def scan(visitor: Visitor, *typed: str) -> None:
    """Scan with plain forms, and look at the queue."""
    for each in typed:
        visitor.follow(visitor.post("/intake/scans", {"typed": each}))


def code(visitor: Visitor) -> dict[str, str]:
    """What the check page's form would send."""
    found = dict(re.findall(r'name="(queue_id|confirm)" value="([^"]+)"', visitor.page))
    assert found.keys() == {"queue_id", "confirm"}
    return found


def test_scans_fill_the_case_and_are_committed_as_one(station: OpenStation) -> None:
    """Each scan takes the next free slot; what was checked is what is committed."""
    ben = at_the_desk(station)
    scan(ben, "lt-1\r\n", "]C0LT-2", "LT-3\t")
    assert "Queue: 3 to commit" in ben.words
    ben.get("/intake/check")
    assert "Nothing is saved yet." in ben.words
    assert "Commit 3 scans" in ben.words
    before = audit.log_size(station.workplace())
    ben.follow(ben.post("/intake/commit", code(ben)))
    assert "Committed: 3 rows" in ben.words
    assert [assets.asset(station.workplace(), tag).where for tag in ("LT-1", "LT-2", "LT-3")] == [
        f"in CASE-01 slot {slot}" for slot in (1, 2, 3)
    ]
    assert audit.log_size(station.workplace()) == before + 4
    assert verification.verify(station.workplace(), []).ok
    assert "Nothing is scanned yet" in (ben.get("/intake"), ben.words)[1]


def test_committing_twice_gives_one_batch_and_the_same_answer(station: OpenStation) -> None:
    """A double click, a refresh or a second tab leads to the same batch."""
    ben = at_the_desk(station)
    scan(ben, "LT-1")
    ben.get("/intake/check")
    form = code(ben)
    first = ben.post("/intake/commit", form)
    size = audit.log_size(station.workplace())
    second = ben.post("/intake/commit", form)
    assert first.headers["location"] == second.headers["location"]
    assert audit.log_size(station.workplace()) == size


def test_a_commit_whose_answer_was_lost_is_found_again(station: OpenStation) -> None:
    """Where the station died between the commit and the desk's note of it, the queue is known to be that batch."""
    ben = at_the_desk(station)
    scan(ben, "LT-1")
    ben.get("/intake/check")
    form = code(ben)
    station.web.desk.close_queue = lambda *_: False  # type: ignore[method-assign]  # the power goes here
    batch = ben.post("/intake/commit", form).headers["location"]
    del station.web.desk.close_queue
    assert ben.get("/intake/check").headers["location"] == batch
    assert "Nothing is scanned yet" in (ben.get("/intake"), ben.words)[1]


def test_what_moved_meanwhile_is_named(station: OpenStation) -> None:
    """A code of a plan that would do something else now commits nothing, and the page names the scan."""
    ben = at_the_desk(station)
    scan(ben, "LT-1", "LT-2")
    ben.get("/intake/check")
    form = code(ben)
    eve = station.visitor("eve")
    eve.get("/intake")
    eve.post("/intake/context", {**FILL, "equipment_type": "tablet"})
    scan(eve, "LT-9")
    eve.get("/intake/check")
    eve.post("/intake/commit", code(eve))
    answer = ben.post("/intake/commit", form)
    assert answer.status_code == 409
    assert "taken by asset LT-9" in ben.words
    assert "Commit" not in ben.words.split("Back to scanning")[0].split("Nothing is saved yet.")[1]


def test_a_scan_that_is_sent_again_is_taken_in_once(station: OpenStation) -> None:
    """A browser that got no answer sends the scan under the same name."""
    ben = at_the_desk(station)
    for _ in range(3):
        ben.post("/intake/scans", {"typed": "LT-1", "sent_as": "a"}, hx_request="true")
    ben.post("/intake/scans", {"typed": "LT-2", "sent_as": "b"}, hx_request="true")
    ben.get("/intake")
    assert "Queue: 2 to commit" in ben.words


def test_the_queue_says_what_it_counts_and_each_line_once(station: OpenStation) -> None:
    """What will be committed, what is to be mended and what came twice; of what nothing changes that is said once."""
    ben = at_the_desk(station)
    scan(ben, "LT-1")
    ben.get("/intake/check")
    ben.follow(ben.post("/intake/commit", code(ben)))
    ben.get("/issue")
    ben.get("/issue")
    ben.follow(ben.post("/issue/holder", {"holder": "Ines Okafor", "new": "1", "tag": "LT-1"}))
    ben.follow(ben.post("/issue/check"))
    form = dict(re.findall(r'name="(draft|confirm)" value="([^"]+)"', ben.page))
    ben.follow(ben.post("/issue/commit", form))
    ben.get("/intake")
    ben.follow(ben.post("/intake/context", FILL))
    assert "Queue: 0 to commit Nothing" in ben.words
    scan(ben, "LT-1", "LT-2", "LT-2", "PO 4711 / 3")
    assert "Queue: 2 to commit, 1 to mend, 1 twice Check" in ben.words
    line = ben.words.partition("LT-1 2026")[2].partition("Remove")[0]
    assert line.count("Nothing changes.") == 1
    assert "unchanged" not in line
    assert "Scan in: new laptop → in CASE-01 slot" in ben.words


def test_the_queue_belongs_to_its_operator_and_outlives_the_session(station: OpenStation) -> None:
    """Nobody sees another's scans; signing out loses none."""
    ben = at_the_desk(station)
    scan(ben, "LT-1")
    ben.post("/sign-out")
    eve = station.visitor("eve")
    eve.get("/intake")
    assert "LT-1" not in eve.words
    again = station.visitor("ben")
    again.get("/intake")
    assert "LT-1" in again.words


def test_hostile_scans_are_held_and_shown_as_text(station: OpenStation) -> None:
    """A code is text from a stranger: it is shown, never run and never guessed at."""
    ben = at_the_desk(station)
    scan(ben, "<script>alert(1)</script>", "'; DROP TABLE assets; --", "=cmd()", "A" * 3000)
    assert "<script>alert" not in ben.page
    assert ben.page.count("Stop") >= 4
    ben.get("/intake/check")
    assert "Commit" not in ben.words.split("Nothing is saved yet.")[1]


def test_removed_scans_come_back_and_a_cleared_queue_commits_nothing(station: OpenStation) -> None:
    """Removing can be undone; clearing asks first."""
    ben = at_the_desk(station)
    scan(ben, "LT-1", "LT-2")
    number = re.findall(r'name="number" value="(\d+)"', ben.page)[0]
    ben.follow(ben.post("/intake/remove", drawn_for(ben, number)))
    assert "Queue: 1 to commit" in ben.words
    assert "Bring back LT-2" in ben.words
    ben.follow(ben.post("/intake/bring-back", to_bring_back(ben)))
    assert "Queue: 2 to commit" in ben.words
    ben.get("/intake/clear")
    assert "Clear 2 scans" in ben.words
    size = audit.log_size(station.workplace())
    ben.follow(ben.post("/intake/clear"))
    assert "Nothing is scanned yet" in ben.words
    assert audit.log_size(station.workplace()) == size


def test_a_wrong_scan_is_changed_by_hand(station: OpenStation) -> None:
    """The change link leads to a form, and back to the page it came from."""
    ben = at_the_desk(station)
    scan(ben, "LT-1")
    number = re.findall(r'name="number" value="(\d+)"', ben.page)[0]
    ben.get(f"/intake/scans/{number}?back=/intake/check")
    row = {"event_type": "SCAN", "asset_tag": "LT-7", "case_name": "case-01", "slot_position": "SLOT-03"}
    answer = ben.post(
        f"/intake/scans/{number}",
        {**drawn_for(ben, number), **row, "equipment_type": "tablet", "back": "/intake/check"},
    )
    assert answer.headers["location"] == f"/intake/check#scan-{number}"
    ben.follow(answer)
    assert "LT-7" in ben.words
    assert "CASE-01 slot 3" in ben.words


def test_a_viewer_can_not_scan(station: OpenStation) -> None:
    """The role decides, and the attempt is recorded."""
    vic = station.visitor("vic", "viewer")
    assert vic.get("/intake").status_code == 403
    assert vic.post("/intake/scans", {"typed": "LT-1"}).status_code == 403
    with station.workplace().store.read() as snapshot:
        assert any(b"access_denied" in record.body for record, _ in snapshot.records())


@pytest.mark.parametrize(
    "said",
    [
        {"due_on": "9999-12-31"}, {"due_on": "zzz"}, {"holder": "A\x00B"},
        {"case_name": "CASE-01", "slot_position": "9" * 5000},
        {"notes": "\u202e" * 3}, {"event_type": "DANCE"}, {"case_name": "../"},
    ],
)  # fmt: skip
def test_a_context_that_can_not_be_is_not_kept(station: OpenStation, said: dict[str, str]) -> None:
    """It is refused at once, and the page goes on as it was."""
    ben = at_the_desk(station)
    scan(ben, "LT-1")
    assert ben.post("/intake/context", {**FILL, **said}).status_code == 422
    assert ben.get("/intake").status_code == 200
    assert "LT-1" in ben.words


def test_a_queue_that_changed_since_it_was_checked_names_what_came(station: OpenStation) -> None:
    """A second tab scanned meanwhile: nothing is committed, and the page points to the scan."""
    ben = at_the_desk(station)
    scan(ben, "LT-1")
    ben.get("/intake/check")
    form = code(ben)
    scan(ben, "LT-2")
    answer = ben.post("/intake/commit", form)
    assert answer.status_code == 409
    assert "changed since you looked" in ben.words
    assert "Scan 2 is not as it was shown" in ben.words


def test_a_changed_scan_is_shown_as_what_it_is(station: OpenStation) -> None:
    """The queue names the asset of the row, and beside it what was scanned."""
    ben = at_the_desk(station)
    scan(ben, "]C0lt-7")
    assert "LT-7 scanned as ]C0lt-7" in ben.words


def test_that_the_context_begins_anew_is_said_before_and_after(station: OpenStation) -> None:
    """Clearing and committing set it back: the page that asks says so, and the page that follows."""
    ben = at_the_desk(station)
    scan(ben, "LT-1")
    ben.get("/intake/clear")
    assert "What is set for your scans is cleared too: event, case, slot, holder" in ben.words
    ben.follow(ben.post("/intake/clear"))
    assert "The queue was cleared" in ben.words
    assert "what was set for your scans is cleared: event, case, slot and holder" in ben.words
    assert "Now: Scan in" in ben.words
    assert "into CASE-01" not in ben.words
    ben.follow(ben.post("/intake/context", FILL))
    scan(ben, "LT-1")
    ben.get("/intake/check")
    assert "The commit also clears what is set for your scans: event, case, slot and holder." in ben.words
    ben.follow(ben.post("/intake/commit", code(ben)))
    assert "The commit has cleared what was set for your scans: event, case, slot and holder." in ben.words
    ben.get("/intake?begun=committed")
    assert "This is a new queue" in ben.words
    scan(ben, "LT-1")
    ben.get("/intake?begun=committed")
    assert "This is a new queue" not in ben.words


def test_a_batch_that_was_scanned_leads_to_what_comes_next(station: OpenStation) -> None:
    """To more scans, and to issuing what is there; before all that is told of the batch, and only to who may."""
    ben, vic = at_the_desk(station), station.visitor("vic", "viewer")
    scan(ben, "LT-1")
    ben.get("/intake/check")
    ben.follow(ben.post("/intake/commit", code(ben)))
    onward = ben.page.partition('<div class="actions">')
    assert "<dl" not in onward[0]
    links = re.findall(r'<a role="button"( class="secondary")? href="([^"]+)"', ben.page.partition("<main")[2])
    assert links == [("", "/intake?begun=committed"), (' class="secondary"', "/issue")]
    vic.get("/batches/1")
    assert 'role="button"' not in vic.page.partition("<main")[2]


def test_the_code_beside_the_button_is_explained(station: OpenStation) -> None:
    """Nobody has to guess what eight letters are for."""
    ben = at_the_desk(station)
    scan(ben, "LT-1")
    ben.get("/intake/check")
    assert f"Code {code(ben)['confirm']}: it stands for exactly what this page shows." in ben.words


def test_where_a_batch_came_from_is_said_in_words(station: OpenStation) -> None:
    """Not by the name that the log keeps."""
    ben = at_the_desk(station)
    scan(ben, "LT-1")
    ben.get("/intake/check")
    ben.follow(ben.post("/intake/commit", code(ben)))
    assert "Where from The scans of ben at this station" in ben.words
    assert "queue 1" not in ben.words
    assert "Committed: 1 row." in ben.words


def test_what_is_of_the_next_scans_and_what_of_the_whole_batch_is_said_apart(station: OpenStation) -> None:
    """A day on which things are due back goes for what was scanned before too; the type only for what comes."""
    ben = at_the_desk(station)
    ben.follow(ben.post("/intake/context", {**FILL, "due_on": "2026-08-01", "how": "paper"}))
    assert "new assets are laptop" in ben.words
    assert "For the whole batch: due back 2026-08-01, Signed on paper" in ben.words
    group = ben.page.partition('<fieldset class="whole-batch">')[2].partition("</fieldset>")[0]
    assert "This goes for all scans of the queue, those before too." in group
    assert ('name="due_on"' in group, 'name="how"' in group, 'name="equipment_type"' in group) == (True, True, False)


def test_one_scan_without_a_type_is_changed_by_hand_or_removed_and_scanned_again(station: OpenStation) -> None:
    """Said of the next scans alone, the type mends none that is there."""
    ben = at_the_desk(station)
    ben.post("/intake/context", {**FILL, "equipment_type": ""})
    scan(ben, "LT-1", "LT-2")
    stop = "It is new and has no type yet."
    assert ben.words.count(stop) == 2
    ben.follow(ben.post("/intake/context", FILL))
    assert ben.words.count(stop) == 2
    row = {"event_type": "SCAN", "asset_tag": "LT-1", "equipment_type": "laptop", "case_name": "CASE-01"}
    ben.follow(ben.post("/intake/scans/1", {**drawn_for(ben, 1), **row, "slot_position": "1"}))
    ben.follow(ben.post("/intake/remove", drawn_for(ben, 2)))
    scan(ben, "LT-2")
    assert stop not in ben.words
    assert "Queue: 2 to commit" in ben.words


def test_a_scan_that_waited_in_the_browser_has_the_time_at_which_it_was_scanned(station: OpenStation) -> None:
    """The page says how long it waited; the station's clock says since when. The queue stands at noon, UTC."""
    ben = at_the_desk(station)
    ben.post("/intake/scans", {"typed": "LT-1", "sent_as": "a", "waited": "3600000"}, hx_request="true")
    ben.post("/intake/scans", {"typed": "LT-2", "sent_as": "b", "waited": "NaN"}, hx_request="true")
    (queue,) = station.web.desk.open_queues()
    first, second = [datetime.fromisoformat(each.scanned_at) for each in station.web.desk.scans(queue.queue_id)]
    assert timedelta(minutes=59) < second - first < timedelta(minutes=61)


def test_good_rows_of_the_check_page_can_be_changed_and_removed(station: OpenStation) -> None:
    """As those that are to be mended."""
    ben = at_the_desk(station)
    scan(ben, "LT-1", "LT-2")
    ben.get("/intake/check")
    assert "new laptop → in CASE-01 slot 1" in ben.words
    assert ben.page.count('href="/intake/scans/1?back=/intake/check&amp;queue_id=1"') == 1
    assert ben.page.count('action="/intake/remove"') == 2
    answer = ben.post("/intake/remove", {**drawn_for(ben, 1), "back": "/intake/check"})
    assert answer.headers["location"] == "/intake/check#scan-2"


def test_what_is_wrong_with_a_scan_is_said_as_it_can_be_mended(station: OpenStation) -> None:
    """On the page of one scan in its own fields, on the queue's by removing it; neither speaks of cells of a file."""
    ben = at_the_desk(station)
    ben.follow(ben.post("/intake/context", {**FILL, "equipment_type": ""}))
    scan(ben, "LT-1", "!!!")
    assert "no tag, no label and no card. Scan it again, or remove it." in ben.words
    ben.get("/intake/scans/1")
    assert "Say its equipment type here." in ben.words
    assert "cell" not in ben.words
    ben.get("/intake/scans/2")
    assert "Say here what it is, or go back, remove it and scan it again." in ben.words
