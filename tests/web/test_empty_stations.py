"""A station in which nothing is yet: each page says what to do next, to whoever can do it."""

from assettrack.services import holders
from tests.web.stock import fill
from tests.web.visitors import OpenStation


def test_the_first_steps_are_shown_until_they_are_taken(station: OpenStation) -> None:
    """An admin is led to the pages; somebody who may not is told who does it; afterwards nothing is said."""
    ada, ben, vic = station.visitor("ada", "admin"), station.visitor("ben"), station.visitor("vic", "viewer")
    for visitor, said in (
        (ada, "Prepare the first case Scan the first assets in Make accounts"),
        (ben, "An admin prepares the first case Scan the first assets in"),
        (vic, "An admin prepares the first case An operator scans the first assets in"),
    ):
        visitor.get("/")
        assert f"The first steps at a new station {said}" in visitor.words
        assert "0 with 0 holders No asset is known yet." in visitor.words
    fill(station)
    ada.get("/")
    assert "first steps" not in ada.words


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
