"""One person with two tabs: what the second is told while the first commits, or after it changed something."""

import re
from collections.abc import Callable

from assettrack.domain.cards import Card, CardKind, written
from assettrack.domain.desk_rows import QueueRow
from tests.web import handing_over
from tests.web.handing_over import JANE, checked, form_of, listed, stocked, where
from tests.web.queue_forms import drawn_for
from tests.web.test_intake_pages import FILL, NO_CASE, at_the_desk, code, scan
from tests.web.visitors import OpenStation, Visitor


def commit_while(station: OpenStation, visitor: Visitor, meanwhile: Callable[[], None]) -> str:
    """Commit what is checked; while that is under way, something else happens. Return where the answer leads."""
    visitor.get("/intake/check")
    form, desk = code(visitor), station.web.desk
    begin = desk.begin_commit

    def begin_and_more(queue_id: int, now: str) -> QueueRow | None:
        row = begin(queue_id, now)
        meanwhile()
        return row

    desk.begin_commit = begin_and_more  # type: ignore[method-assign]  # the step is put in here
    try:
        return visitor.post("/intake/commit", form).headers["location"]
    finally:
        del desk.begin_commit


def test_a_scan_accepted_in_the_other_tab_is_in_the_next_queue(station: OpenStation) -> None:
    """Shown as accepted is kept, and shown where it goes on."""
    ben = at_the_desk(station)
    scan(ben, "LT-1")
    other = station.visitor("ben")
    other.get("/intake")
    shown: list[str] = []

    def meanwhile() -> None:
        shown.append(other.post("/intake/scans", {"typed": "LT-2", "sent_as": "b"}, hx_request="true").text)

    commit_while(station, ben, meanwhile)
    assert "LT-2" in shown[0]
    assert "Queue: 1 to commit" in (ben.get("/intake"), ben.words)[1]
    assert "LT-2" in ben.words
    assert "CASE-01" in ben.words.partition("Queue:")[0]


def test_nothing_that_is_being_committed_is_said_to_be_removed_or_cleared(station: OpenStation) -> None:
    """The other tab is told to wait, and where the batch is committed it is said so."""
    ben = at_the_desk(station)
    scan(ben, "LT-1")
    other = station.visitor("ben")
    other.get("/intake/clear")
    fields = dict(re.findall(r'name="(queue_id|revision)" value="(\d+)"', other.page))
    assert fields.keys() == {"queue_id", "revision"}
    told: list[tuple[int, str]] = []

    shown = (other.get("/intake"), drawn_for(other, 1))[1]

    def meanwhile() -> None:
        for path, said in (
            ("/intake/remove", shown),
            ("/intake/clear", fields),
            ("/intake/scans/1", {**shown, "event_type": "SCAN", "asset_tag": "LT-9"}),
        ):
            answer = other.post(path, said)
            told.append((answer.status_code, other.words))
            other.get("/intake")

    commit_while(station, ben, meanwhile)
    assert [status for status, _ in told] == [409, 409, 409]
    assert all("is being committed" in words for _, words in told)
    assert where(station, "LT-1") == "in CASE-01 slot 1"
    assert other.post("/intake/clear", fields).status_code == 409
    assert "committed or cleared meanwhile" in other.words


def test_a_queue_that_changed_since_it_was_to_be_cleared_is_not(station: OpenStation) -> None:
    """What was scanned in the other tab is not cleared unseen."""
    ben = at_the_desk(station)
    scan(ben, "LT-1")
    ben.get("/intake/clear")
    fields = dict(re.findall(r'name="(queue_id|revision)" value="(\d+)"', ben.page))
    other = station.visitor("ben")
    other.get("/intake")
    scan(other, "LT-2")
    assert ben.post("/intake/clear", fields).status_code == 409
    assert "This queue changed meanwhile" in ben.words
    assert "Queue: 2 to commit" in (ben.get("/intake"), ben.words)[1]


def test_what_was_removed_already_is_said_not_to_be_there(station: OpenStation) -> None:
    """Nothing was changed, and it is not answered as if it were done."""
    ben = at_the_desk(station)
    scan(ben, "LT-1", "LT-2")
    shown = drawn_for(ben, 1)
    ben.follow(ben.post("/intake/remove", shown))
    for path, said in (
        ("/intake/remove", shown),
        ("/intake/scans/1", {**shown, "event_type": "SCAN", "asset_tag": "LT-9"}),
    ):
        assert ben.post(path, said).status_code == 409
        assert "Scan 1 is not in your queue any more" in ben.words
        ben.get("/intake")
    assert ben.get("/intake/scans/1").status_code == 409
    assert "Scan 1 is not in your queue any more" in ben.words


def test_a_queue_changed_in_the_other_tab_is_shown_with_what_came_and_what_went(station: OpenStation) -> None:
    """Scanned, removed, changed by hand and taken back there: each is named, and nothing else; then it can be done."""
    ben = at_the_desk(station)
    ben.follow(ben.post("/intake/context", {**FILL, **NO_CASE}))
    scan(ben, "LT-1", "LT-2", "LT-3", "LT-5", "LT-4")
    ben.get("/intake/check")
    form = code(ben)
    other = station.visitor("ben")
    other.get("/intake")
    scan(other, written(Card(CardKind.UNDO)), "LT-9")
    other.post(
        "/intake/scans/4",
        {**drawn_for(other, 4), "event_type": "SCAN", "asset_tag": "LT-5", "equipment_type": "tablet"},
    )
    other.follow(other.post("/intake/remove", drawn_for(other, 1)))
    other.post(
        "/intake/scans/2",
        {**drawn_for(other, 2), "event_type": "SCAN", "asset_tag": "LT-8", "equipment_type": "laptop"},
    )
    assert ben.post("/intake/commit", form).status_code == 409
    said = ben.words.partition("Nothing is saved yet.")[0]
    assert re.findall(r"(\S+) \(Scan in\) is not in the queue any more\.", said) == ["LT-1", "LT-2", "LT-4"]
    named = re.findall(r"Scan (\d is not as it was shown: \S+)\.", said)
    assert [each.replace(" is not as it was shown", "") for each in named] == ["2: LT-8", "4: LT-5", "7: LT-9"]
    ben.follow(ben.post("/intake/commit", code(ben)))
    assert "Committed: 4 rows" in ben.words


def test_a_queue_emptied_in_the_other_tab_says_what_went(station: OpenStation) -> None:
    """It is not said to be committed or cleared, and the page is that on which one scans."""
    ben = at_the_desk(station)
    scan(ben, "LT-1")
    ben.get("/intake/check")
    form = code(ben)
    other = station.visitor("ben")
    other.get("/intake")
    other.follow(other.post("/intake/remove", drawn_for(other, 1)))
    assert ben.post("/intake/commit", form).status_code == 409
    assert "The queue is not what you checked" in ben.words
    assert "LT-1 (Scan in) is not in the queue any more." in ben.words
    assert "committed or cleared" not in ben.words
    assert 'id="typed"' in ben.page


def test_a_list_changed_in_the_other_tab_is_shown_with_what_differs(station: OpenStation) -> None:
    """What came on it and what was taken off is named, and the check begins anew; one more click commits that."""
    stocked(station)
    ben = handing_over.at_the_desk(station)
    listed(ben, "issue", "LT-1", "LT-2", holder=JANE)
    form = checked(ben, "issue", {"how": "paper"})
    other = station.visitor("ben")
    other.get("/issue")
    listed(other, "issue", "LT-3")
    other.follow(other.post("/issue/remove", {"tag": "LT-1"}))
    assert ben.post("/issue/commit", form).status_code == 409
    assert "The list is not what you checked" in ben.words
    assert "LT-1 was taken off." in ben.words
    assert "LT-3 would do something else than was shown." in ben.words
    assert "LT-2 would do something else" not in ben.words
    ben.follow(ben.post("/issue/commit", form_of(ben)))
    assert [where(station, tag) for tag in ("LT-1", "LT-3")] == ["in CASE-01 slot 1", "in custody of Jane Smith"]


def test_a_list_checked_anew_in_the_other_tab_is_shown_with_what_differs(station: OpenStation) -> None:
    """The code of the first check commits nothing; the page names what came since."""
    stocked(station)
    ben = handing_over.at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    form = checked(ben, "issue", {"how": "paper"})
    other = station.visitor("ben")
    other.get("/issue")
    listed(other, "issue", "LT-3")
    checked(other, "issue", {"how": "paper"})
    assert ben.post("/issue/commit", form).status_code == 409
    assert "LT-3 would do something else than was shown." in ben.words
    assert form_of(ben).keys() == {"draft", "confirm"}


def test_a_list_emptied_or_put_aside_in_the_other_tab_is_said_to_be_changed(station: OpenStation) -> None:
    """Nothing is committed, and the page is that of the list."""
    stocked(station)
    ben = handing_over.at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    form = checked(ben, "issue", {"how": "paper"})
    other = station.visitor("ben")
    other.get("/issue")
    other.follow(other.post("/issue/remove", {"tag": "LT-1"}))
    assert ben.post("/issue/commit", form).status_code == 409
    assert "LT-1 was taken off." in ben.words
    other.follow(other.post("/issue/start-anew"))
    ben.get("/issue")
    answer = ben.post("/issue/commit", form)
    assert (answer.status_code, answer.headers.get("location")) == (303, "/issue")
    assert where(station, "LT-1") == "in CASE-01 slot 1"


def test_a_queue_committed_otherwise_in_the_other_tab_is_not_what_was_checked_here(station: OpenStation) -> None:
    """The other tab took a scan out and committed the rest: here it is said so, with the way to that batch."""
    ben = at_the_desk(station)
    ben.follow(ben.post("/intake/context", {"event_type": "SCAN", "equipment_type": "laptop"}))
    scan(ben, "LT-1", "LT-2")
    ben.get("/intake/check")
    both = code(ben)
    other = station.visitor("ben")
    other.get("/intake")
    other.follow(other.post("/intake/remove", drawn_for(other, 2)))
    other.get("/intake/check")
    one = code(other)
    answers = [other.post("/intake/commit", one).headers.get("location") for _ in range(2)]
    assert answers == ["/batches/1", "/batches/1"]
    told = ben.post("/intake/commit", both)
    assert (told.status_code, told.headers.get("location")) == (409, None)
    assert "as batch 1, and not as you checked it here" in ben.words
    assert "Nothing was saved" in ben.words
    assert 'href="/batches/1"' in ben.page
    assert ben.post("/intake/commit", one).headers["location"] == "/batches/1"


def test_a_list_committed_otherwise_in_the_other_tab_is_not_what_was_checked_here(station: OpenStation) -> None:
    """The other tab took an asset off and committed the rest: here it is said so, with the way to that batch."""
    stocked(station)
    ben = handing_over.at_the_desk(station)
    listed(ben, "issue", "LT-1", "LT-2", holder=JANE)
    both = checked(ben, "issue", {"how": "paper"})
    other = station.visitor("ben")
    other.get("/issue")
    other.follow(other.post("/issue/remove", {"tag": "LT-1"}))
    one = checked(other, "issue", {"how": "paper"})
    answers = [other.post("/issue/commit", one).headers.get("location") for _ in range(2)]
    assert answers[0] == answers[1]
    assert both["draft"] == one["draft"]
    told = ben.post("/issue/commit", both)
    assert (told.status_code, told.headers.get("location")) == (409, None)
    assert "and not as you checked it here" in ben.words
    assert f'href="{str(answers[0]).partition("?")[0]}"' in ben.page
    assert where(station, "LT-1") == "in CASE-01 slot 1"
    assert ben.post("/issue/commit", one).headers.get("location") == answers[0]
