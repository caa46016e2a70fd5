"""The pages of reports say in words what files and programs get as codes, and lead to what they are about."""

from tests.web.stock import commit, fill, issue
from tests.web.visitors import OpenStation


def test_problems_stand_in_words_with_ways_to_them(station: OpenStation) -> None:
    """No code is on the page; its files keep them."""
    fill(station, 2)
    issue(station, "Jane Smith", "LT-1", due_on="2026-06-25")
    commit(station, ["LT-9,2026-06-20T10:00:00Z,SCAN,mara,,,,laptop"])
    vic = station.visitor("vic", "viewer")
    vic.get("/reports/problems?make=1")
    assert "not accepted yet 1" in vic.words
    assert "acceptance_open" not in vic.words
    assert '<a href="/batches/2">batch 2, Jane Smith</a>' in vic.page
    assert '<a href="/assets/LT-1">asset LT-1</a>' in vic.page
    assert "acceptance_open" in vic.get("/reports/problems?make=1&format=csv").text
    vic.get("/reports/accountability?make=1")
    assert "not accepted yet" in vic.words
    assert "acceptance_open" not in vic.words
