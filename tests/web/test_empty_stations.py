"""A station in which nothing is yet: each page says what to do next, to whoever can do it."""

import re

from assettrack.services import holders
from tests.web.stock import commit, fill, issue
from tests.web.visitors import OpenStation, Visitor

HOW_CASE = "Give it the name on its label, and say how many slots it has."
HOW_SCAN = (
    "Scan the label of the case, then the laptops in it, one after another. No label yet? Type the name of the case."
)


def test_the_first_steps_are_shown_until_they_are_taken(station: OpenStation) -> None:
    """An admin is led to the pages; somebody who may not is told who does it; afterwards nothing is said."""
    ada, ben, vic = station.visitor("ada", "admin"), station.visitor("ben"), station.visitor("vic", "viewer")
    for visitor, said in (
        (ada, f"Prepare the first case {HOW_CASE} Take the first case in {HOW_SCAN} Make accounts"),
        (ben, f"An admin prepares the first case Take the first case in {HOW_SCAN}"),
        (vic, "An admin prepares the first case An operator takes the first case in"),
    ):
        visitor.get("/")
        assert f"The first steps at a new station {said}" in visitor.words
        assert "0 with 0 holders No asset is known yet." in visitor.words
    fill(station)
    ada.get("/")
    assert "first steps" not in ada.words


def main_deeds(visitor: Visitor) -> list[str]:
    """Where the buttons of the first page lead that stand out among all that is shown at once."""
    shown = visitor.page.partition("<main")[2].partition("<details")[0]
    return re.findall(r'<a role="button" href="([^"]+)"', shown)


def test_a_new_station_shows_one_thing_to_do_at_a_time(station: OpenStation) -> None:
    """First the case, then what goes into it, then the scans that wait; the figures, all nothing, are folded away."""
    ada, vic = station.visitor("ada", "admin"), station.visitor("vic", "viewer")
    assert main_deeds((ada.get("/"), ada)[1]) == ["/cases"]
    station.case("CASE-01", 4)
    assert main_deeds((ada.get("/"), ada)[1]) == ["/intake"]
    assert "Done A case is prepared Take the first case in" in ada.words
    assert main_deeds((vic.get("/"), vic)[1]) == []
    folded = ada.page.partition('<details class="figures">')[2].partition("</main>")[0]
    assert folded.count("<article") == ada.page.count('<article class="panel')
    ada.get("/intake")
    assert "Nothing is scanned yet. Scan the label of a case" in ada.words
    ada.post("/intake/scans", {"typed": "CASE-01"})
    assert main_deeds((ada.get("/"), ada)[1]) == ["/intake"]
    assert "1 scan waits in your queue" in ada.words
    commit(station, ["LT-1,2026-06-20T10:00:00Z,SCAN,mara,,CASE-01,1,laptop"])
    ada.get("/")
    assert '<details class="figures">' not in ada.page


def test_once_the_first_assets_are_in_one_is_led_to_issuing_them(station: OpenStation) -> None:
    """Whoever may, until something is issued; scans that wait come first."""
    ben, vic = station.visitor("ben"), station.visitor("vic", "viewer")
    fill(station)
    assert main_deeds((ben.get("/"), ben)[1]) == ["/issue"]
    assert "Everything is in storage The next step: choose who is given something, then scan it." in ben.words
    assert main_deeds((vic.get("/"), vic)[1]) == []
    ben.get("/intake")
    ben.post("/intake/scans", {"typed": "CASE-01"})
    assert main_deeds((ben.get("/"), ben)[1]) == ["/intake"]
    ann = station.visitor("ann")
    issue(station, "Jane Smith", "LT-1")
    assert main_deeds((ann.get("/"), ann)[1]) == []


def test_nobody_is_looked_for_before_anything_is_typed(station: OpenStation) -> None:
    """The pages to issue, return and transfer don't say that a name is unknown when none was given."""
    ben = station.visitor("ben")
    for path in ("/issue", "/return", "/transfer"):
        ben.get(path)
        assert "Nobody of that name is registered." not in ben.words
        assert "Nobody is registered yet" in ben.words
    ben.get("/issue?find=zoe")
    assert "Nobody of that name is registered." in ben.words


def test_lists_tell_an_empty_station_from_a_filter_without_matches(station: OpenStation) -> None:
    """Where there is nothing at all the way on is shown; where the filter leaves nothing, that."""
    ben = station.visitor("ben")
    ben.get("/assets")
    assert "There is no asset yet." in ben.words
    assert 'role="button" href="/intake"' in ben.page
    ben.get("/holders")
    assert "Nobody is registered yet." in ben.words
    fill(station)
    holders.register(station.workplace(), "Jane Smith")
    ben.get("/assets?text=ZZ")
    assert "No asset is like that." in ben.words
    ben.get("/holders?text=zz")
    assert "Nobody is like that." in ben.words
    ben.get("/search?q=zz")
    assert "Check how it is written" in ben.words


def test_who_only_looks_is_not_told_that_nothing_was_saved(station: OpenStation) -> None:
    """An address that leads nowhere is not found; a form that is refused says that nothing was saved."""
    ada = station.visitor("ada", "admin")
    for path in ("/assets/LT-9", "/nowhere"):
        assert ada.get(path).status_code == 404
        assert "Not found" in ada.words
        assert "saved" not in ada.words
    ada.get("/cases")
    assert ada.post("/cases/CASE-09/assign", {"tag": "LT-1", "slot": "1"}).status_code in {404, 409}
    assert "Nothing was saved." in ada.words
