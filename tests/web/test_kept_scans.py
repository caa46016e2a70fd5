"""Pages that take no scans from somebody any more: there the browser shows what it kept, until it has been seen."""

import re

from assettrack.services import accounts, count_endings
from assettrack.services.accounts import WantedAccount
from tests.web import handing_over
from tests.web.handing_over import JANE, OKRI, listed, stocked
from tests.web.queue_forms import drawn_for
from tests.web.test_count_pages import begin
from tests.web.test_intake_pages import at_the_desk, code, scan
from tests.web.test_stale_scans import shown_in
from tests.web.visitors import ORIGIN, OpenStation


def kept_of(page: str) -> list[str]:
    """Return of which pages a page shows the scans that were kept there."""
    assert page.count('id="refused"') <= 1
    return re.findall(r'id="refused"[^>]* data-path="([^"]*)"', page) if "/kept.js" in page else []


def test_a_count_that_ended_shows_what_it_did_not_take(station: OpenStation) -> None:
    """While it goes on, its own field for scans does."""
    ben = begin(station)
    assert kept_of(ben.page) == []
    count_endings.abandon(station.workplace(), 1, "enough")
    ben.get("/counts/1?case=CASE-01")
    assert kept_of(ben.page) == ["/counts/1"]


def test_whoever_may_not_scan_any_more_is_shown_what_was_not_taken(station: OpenStation) -> None:
    """On the page of an open count, and on the one that says that the role does not allow it."""
    ben = begin(station)
    accounts.change(station.workplace(), "ben", WantedAccount(role="viewer", reason="other work"))
    ben.get("/counts/1")
    assert kept_of(ben.page) == ["/counts/1"]
    for path in ("/intake?everything=1", "/issue"):
        assert ben.get(path).status_code == 403
        assert kept_of(ben.page) == [path.partition("?")[0]]


def test_a_queue_that_a_refused_commit_shows_leads_to_the_queue(station: OpenStation) -> None:
    """What is refused there stays on the queue's page, and not on that of the check before it."""
    ben = at_the_desk(station)
    scan(ben, "LT-1")
    ben.get("/intake/check")
    stale = code(ben)
    other = station.visitor("ben")
    other.get("/intake")
    other.follow(other.post("/intake/remove", drawn_for(other, 1)))
    ben.post("/intake/commit", stale, referer=f"{ORIGIN}/intake/check")
    assert '<form id="scan-form"' in ben.page
    assert '<a data-placed href="/intake">' in ben.page


def test_a_list_that_another_page_shows_leads_to_the_list(station: OpenStation) -> None:
    """A scan that is refused there stays on the list's page."""
    stocked(station)
    ben = handing_over.at_the_desk(station)
    listed(ben, "issue", holder=JANE)
    stale = shown_in(ben.page)
    listed(ben, "issue", holder=OKRI)
    said = {"typed": "LT-1", "shown": stale}
    assert ben.post("/issue/scans", said, referer=f"{ORIGIN}/issue/acceptance").status_code == 409
    assert '<a data-placed href="/issue">' in ben.page
