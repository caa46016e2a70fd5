"""A due date of the queue that can't be meant any more: the pages are there, and the commit alone is stopped."""

import msgspec
import pytest

from assettrack.services import accounts, audit, holders, queues, settings
from assettrack.services.queues import Queue
from tests.web.queue_forms import drawn_for
from tests.web.test_context_by_hand import by_hand
from tests.web.test_intake_pages import at_the_desk, code, scan
from tests.web.visitors import OpenStation

TOO_FAR = "2200-01-01"
SAID = f"Due back {TOO_FAR} can't be meant: it is more than 100 years ahead. Choose another date, or none"
"""What the pages say of it, and what is to be done."""


WANTED = "This station wants custody accepted before it is recorded, and nobody is said to have accepted it."


def queue_of_ben(station: OpenStation) -> Queue:
    """The queue as the services see it."""
    account = accounts.named(station.workplace(), "ben")
    assert account is not None
    return queues.current(station.workplace("ben"), station.web.desk, account)


def keep_too_far(station: OpenStation) -> None:
    """Keep a due date as an earlier version did, or this one before the clock was set back."""
    queue = queue_of_ben(station)
    queues.set_context(station.web.desk, queue, msgspec.structs.replace(queue.context, due_on=TOO_FAR))


def test_a_due_date_that_can_not_be_meant_any_more_keeps_no_queue_shut(station: OpenStation) -> None:
    """Every page of the queue is shown, takes scans, and says which date it is; with another the batch is committed."""
    ben = at_the_desk(station)
    scan(ben, "LT-1")
    keep_too_far(station)
    assert ben.get("/intake").status_code == 200
    assert SAID in ben.words
    part = ben.post("/intake/scans", {"typed": "LT-2"}, hx_request="true")
    assert (part.status_code, TOO_FAR in part.text) == (200, True)
    ben.get("/intake")
    assert ben.get(f"/intake/scans/1?queue_id={drawn_for(ben, 1)['queue_id']}").status_code == 200
    before = audit.log_size(station.workplace())
    assert ben.get("/intake/check").status_code == 200
    assert SAID in ben.words
    assert f"Due back, for the whole batch {TOO_FAR}" in ben.words
    assert 'action="/intake/commit"' not in ben.page
    ben.get("/intake")
    ben.follow(ben.post("/intake/context", {**by_hand(ben), "due_on": ""}))
    assert TOO_FAR not in ben.words
    ben.get("/intake/check")
    ben.follow(ben.post("/intake/commit", code(ben)))
    assert "Committed: 2 rows" in ben.words
    assert audit.log_size(station.workplace()) == before + 3


@pytest.mark.parametrize("same_date", ["", "the same"])
def test_a_code_of_before_commits_nothing_with_it(
    station: OpenStation, same_date: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the code of another date, nor one of the same date that could be meant then: it is said on the page."""
    ben = at_the_desk(station)
    scan(ben, "LT-1")
    if same_date:
        keep_too_far(station)
    with monkeypatch.context() as then:
        then.setattr("assettrack.domain.due_dates.YEARS_AHEAD_MAX", 900)
        ben.get("/intake/check")
    form = code(ben)
    keep_too_far(station)
    before = audit.log_size(station.workplace())
    assert ben.post("/intake/commit", form).status_code == 422
    assert SAID in ben.words
    assert "Nothing was saved." in ben.words
    assert audit.log_size(station.workplace()) == before
    assert ben.get("/intake").status_code == 200


def test_an_acceptance_that_the_station_wants_is_asked_for_on_the_pages_of_the_queue(station: OpenStation) -> None:
    """It is said of no scan, and keeps the batch from being committed: it is said all the same, and where to say it."""
    holders.register(station.workplace(), "Jane Smith")
    ben = at_the_desk(station)
    scan(ben, "LT-1")
    ben.get("/intake/check")
    ben.post("/intake/commit", code(ben))
    settings.set_rule(station.workplace(), "acceptance", "required")
    ben.get("/intake")
    ben.follow(ben.post("/intake/context", {**by_hand(ben), "event_type": "ISSUE", "holder": "Jane Smith"}))
    scan(ben, "LT-1")
    assert WANTED in ben.words
    ben.get("/intake/check")
    assert WANTED in ben.words
    assert 'action="/intake/commit"' not in ben.page
