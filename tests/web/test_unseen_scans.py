"""What a count does not understand stays on its page until somebody has seen it, and is said before the sign-off."""

import re
import threading

import pytest

from assettrack.domain.findings import finding
from assettrack.services import counts, unseen_scans
from assettrack.services.audit import log_size
from assettrack.services.count_scans import Outcome
from tests.web.test_count_pages import NAME, begin, hidden, scan
from tests.web.visitors import OpenStation, words


def numbers(page: str) -> list[str]:
    """The scans that can be said to be seen, the latest first."""
    return re.findall(r'action="/counts/1/seen".*?name="number" value="([0-9]+)"', page, re.DOTALL)


def test_what_was_not_understood_stays_until_it_is_seen(station: OpenStation) -> None:
    """Through other scans, other pages and signing out."""
    ben = begin(station)
    scan(ben, "no tag!")
    assert "Stop: no tag!" in ben.words
    part = ben.post("/counts/1/scans", {"typed": "LT-1"}, hx_request="true").text
    assert words(part).startswith("Stop: no tag!")
    assert "LT-1: Found" in words(part)
    assert re.findall(r'data-tone="(\w+)"', part) == ["ok"]
    ben.post("/sign-out")
    ben = station.visitor("ben")
    ben.get("/counts/1")
    assert ben.words.count("Stop: no tag!") == 1
    answer = ben.post("/counts/1/seen", {"number": numbers(ben.page)})
    assert answer.headers["location"] == "/counts/1#typed"
    ben.follow(answer)
    assert "no tag!" not in ben.words


def test_a_scan_that_is_not_understood_sounds_and_is_kept_once(station: OpenStation) -> None:
    """Sent again under its name it is no second one; several at once are each kept."""
    ben = begin(station)
    ben.post("/counts/1/scans", {"typed": "no tag!", "sent_as": NAME}, hx_request="true")
    part = ben.post("/counts/1/scans", {"typed": "no tag!", "sent_as": NAME}, hx_request="true").text
    assert part.count('class="result bad"') == 1
    part = ben.post("/counts/1/scans", {"typed": "LT-1\na!\nb!"}, hx_request="true").text
    assert re.findall(r'data-tone="(\w+)"', part)[0] == "bad"
    assert re.findall(r'class="tag">([^<]+)</span></p>', part) == ["b!", "a!", "no tag!"]
    assert numbers(part) == ["3", "2", "1"]


def test_it_is_said_before_the_count_is_signed_off_whoever_scanned_it(station: OpenStation) -> None:
    """To whoever signs it off, with links to each; what was seen is said no more."""
    ben, eve = begin(station), station.visitor("eve")
    scan(ben, "no tag!")
    eve.get("/counts/1")
    assert "Stop: no tag!" in eve.words
    assert "Scanned by ben." in eve.words
    eve.get("/counts/1/close")
    assert "1 scan was not understood, and nobody has looked at it no tag!" in eve.words
    assert 'href="/counts/1#unseen-1"' in eve.page
    eve.post("/counts/1/seen", {"number": "1"})
    eve.get("/counts/1/close")
    assert "no tag!" not in eve.words


def test_a_count_is_signed_off_knowing_of_each(station: OpenStation) -> None:
    """One that came after the page was shown stops it, and is shown then; whoever signs off that page knows of all."""
    ben, eve = begin(station), station.visitor("eve")
    scan(ben, "no tag!")
    eve.get("/counts/1/close")
    shown = hidden(eve)
    scan(ben, "nor this!")
    size = log_size(station.workplace())
    assert eve.post("/counts/1/close", {**shown, "unseen": "9" * 5000}).status_code == 409
    answer = eve.post("/counts/1/close", {**shown, "remark": "with Ben"})
    assert answer.status_code == 409
    assert "1 more scan of this count was not understood since this page was shown" in eve.words
    assert "Nothing was saved." in eve.words
    assert "2 scans were not understood, and nobody has looked at them no tag! nor this!" in eve.words
    assert 'value="with Ben"' in eve.page
    assert log_size(station.workplace()) == size
    shown = hidden(eve)
    ben.post("/counts/1/seen", {"number": "1"})  # of fewer nobody has to be told
    assert eve.post("/counts/1/close", shown).headers["location"] == "/counts/1"
    scan(ben, "too late!")
    assert eve.post("/counts/1/close", shown).headers["location"] == "/counts/1"  # it is done, whatever came since


def test_none_comes_while_a_count_is_being_signed_off(station: OpenStation) -> None:
    """It waits until that is done: either whoever signs off is stopped by it, or it came after."""
    desk, outcome = station.web.desk, Outcome("no tag!", held=finding("count_scan_invalid", scan="no tag!"))
    comes = threading.Thread(target=unseen_scans.keep, args=(desk, 1, "ben", [outcome]))
    with unseen_scans.not_shown(desk, 1, ()) as others:
        comes.start()
        comes.join(0.2)
        assert (others, unseen_scans.unseen(desk, 1)) == ([], ())
    comes.join()
    assert [each.typed for each in unseen_scans.unseen(desk, 1)] == ["no tag!"]
    with unseen_scans.not_shown(desk, 1, (1,)) as others:
        assert others == []


def test_a_count_that_ended_asks_nobody_to_look(station: OpenStation) -> None:
    """Nor does another count."""
    ben = begin(station)
    scan(ben, "no tag!")
    ben.post("/counts", {"of": "everything"})
    assert "no tag!" not in (ben.get("/counts/2"), ben.words)[1]
    ben.get("/counts/1/abandon")
    ben.post("/counts/1/abandon", {"reason": "enough"})
    assert "no tag!" not in (ben.get("/counts/1"), ben.words)[1]


def test_too_many_have_to_be_looked_at_first(station: OpenStation) -> None:
    """What is scanned then is refused, and nothing of it is added; none that is kept is lost."""
    ben = begin(station)
    ben.post("/counts/1/scans", {"typed": "\n".join(f"no tag {n}!" for n in range(unseen_scans.UNSEEN_MAX))})
    part = ben.post("/counts/1/scans", {"typed": "LT-1"}, hx_request="true")
    assert "look at them first" in words(part.text)
    assert counts.sheet(station.workplace(), 1).scans == 0
    ben.get("/counts/1")
    assert len(numbers(ben.page)) == unseen_scans.UNSEEN_MAX
    ben.post("/counts/1/seen", {"number": "1"})
    scan(ben, "LT-1")
    assert counts.sheet(station.workplace(), 1).scans == 1


@pytest.mark.parametrize("path", ["/counts/1", "/counts/1/close"])
def test_hostile_scans_stay_text(station: OpenStation, path: str) -> None:
    """However long, and whatever they say."""
    ben = begin(station)
    scan(ben, "<script>alert(1)</script>" + "A" * 3000)
    ben.get(path)
    assert "<script>alert" not in ben.page
    assert "A" * 100 not in ben.page


def test_whoever_may_only_look_dismisses_none(station: OpenStation) -> None:
    """They see what is there."""
    scan(begin(station), "no tag!")
    vic = station.visitor("vic", "viewer")
    vic.get("/counts/1")
    assert "Stop: no tag!" in vic.words
    assert numbers(vic.page) == []
    assert vic.post("/counts/1/seen", {"number": "1"}).status_code == 403
