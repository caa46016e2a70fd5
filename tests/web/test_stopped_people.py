"""A person who is said for all scans and stopped since: the page shows nobody, and so does what its form says."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assettrack.services import holders
from assettrack.services.holders import HolderUpdate
from tests.domain.trial_scans import end, event
from tests.web.scanning import BEGIN, Cable, commit, read, served
from tests.web.test_chosen_for_all import (
    FREE,
    KURZ,
    LANG,
    OTHER,
    field,
    moved,
    renamed,
    said_for,
    said_of_file,
    say,
    sent,
)
from tests.web.visitors import OpenStation, drawn

ADA = "Ada Okri"
ADA_KNOWN = f"{ADA} was not registered yet when this was chosen, and is by now, as holder 2"
NOBODY = {"holder": "", "holder_shown": "", "holder_number": ""}


@pytest.fixture
def station(tmp_path: Path) -> Iterator[OpenStation]:
    """Return a station with two assets and one holder, and a scanner that holds their issue to nobody."""
    cable = Cable()
    cable.plug((BEGIN, event("SCAN"), "LT-1", "LT-2", end(2)))
    with served(tmp_path, cable) as opened:
        ben = opened.visitor("ben")
        ben.follow(commit(ben, read(ben)))
        holders.register(opened.workplace(), KURZ)
        cable.scan(BEGIN, event("ISSUE"), "LT-1", "LT-2", end(2))
        yield opened


def ada_registered(station: OpenStation) -> None:
    """Whoever was to be registered is, by somebody else."""
    holders.register(station.workplace(), ADA)


STOPPED = pytest.mark.parametrize(
    ("name", "meanwhile", "says"),
    [(KURZ, moved, OTHER), (KURZ, renamed, FREE), (ADA, ada_registered, ADA_KNOWN)],
    ids=["taken", "free", "registered"],
)
"""Who is said, what makes that doubtful, and how the page says so."""


def as_before(station: OpenStation, says: str) -> None:
    """The name means again whom it meant when it was said."""
    names = {ADA_KNOWN: {ADA: "Cy A"}, OTHER: {KURZ: "Cy K", LANG: KURZ}, FREE: {LANG: KURZ}}[says]
    for name, then in names.items():
        holders.change(station.workplace(), name, HolderUpdate(name=then, reason="by mistake"))


@STOPPED
def test_who_is_stopped_is_withdrawn_by_a_form_that_leaves_them_blank(
    station: OpenStation, name: str, meanwhile: Callable[[OpenStation], None], says: str
) -> None:
    """They don't hold again when the name is as it was: the page showed that nobody is said."""
    ben, path = said_for(station, name)
    meanwhile(station)
    ben.get(path)
    assert says in ben.words
    say(ben, path, "")
    assert says not in ben.words
    as_before(station, says)
    ben.get(path)
    assert field(ben) == NOBODY
    assert name not in ben.words


@STOPPED
def test_who_is_chosen_elsewhere_stays_where_a_page_shows_who_was_stopped(
    station: OpenStation, name: str, meanwhile: Callable[[OpenStation], None], says: str
) -> None:
    """Used for something else, its form withdraws the one who was stopped, and nobody besides."""
    ben, path = said_for(station, name)
    meanwhile(station)
    holders.register(station.workplace(), "Cy Bo")
    ben.get(path)
    form = {**drawn(ben.page, f"{path}/answers"), "shows": ["holder", "gaps_looked_at"], "gaps_looked_at": "1"}
    other = station.visitor("ben")
    say(other, path, "Cy Bo")
    assert says not in other.words
    ben.follow(ben.post(f"{path}/answers", form))
    assert field(ben)["holder"] == "Cy Bo"
    assert drawn(ben.page, f"{path}/answers")["gaps_looked_at"] == "1"
    assert ben.post(f"{path}/answers", {**form, "holder": KURZ}).status_code == 409
    assert "This page showed nobody yet; by now it is Cy Bo, " in ben.words


@STOPPED
def test_who_is_stopped_is_withdrawn_also_where_they_are_not_any_more(
    station: OpenStation, name: str, meanwhile: Callable[[OpenStation], None], says: str
) -> None:
    """The name is as it was by the time that the form is sent: what counts is what its page showed."""
    ben, path = said_for(station, name)
    meanwhile(station)
    ben.get(path)
    assert says in ben.words
    form = drawn(ben.page, f"{path}/answers")
    as_before(station, says)
    ben.follow(ben.post(f"{path}/answers", form))
    assert field(ben) == NOBODY


@STOPPED
def test_who_is_stopped_stays_said_where_a_page_showed_nobody(
    station: OpenStation, name: str, meanwhile: Callable[[OpenStation], None], says: str
) -> None:
    """It is older than they: it ends nothing, and what is chosen on it is chosen over them, which is said."""
    ben = station.visitor("ben")
    path = read(ben)
    form = {**drawn(ben.page, f"{path}/answers"), "shows": ["holder", "gaps_looked_at"]}
    other = station.visitor("ben")
    say(other, path, name)
    meanwhile(station)
    holders.register(station.workplace(), "Cy Bo")
    ben.follow(ben.post(f"{path}/answers", {**form, "gaps_looked_at": "1"}))
    assert says in ben.words
    assert ben.post(f"{path}/answers", {**form, "holder": "Cy Bo"}).status_code == 409
    assert f"This page showed nobody yet; by now it is {name}, " in ben.words
    assert says in ben.words
    ben.follow(ben.post(f"{path}/answers", drawn(ben.page, f"{path}/answers")))
    assert field(ben)["holder"] == "Cy Bo"
    assert says not in ben.words


@STOPPED
def test_another_is_chosen_at_once_over_who_was_stopped_since(
    station: OpenStation, name: str, meanwhile: Callable[[OpenStation], None], says: str
) -> None:
    """What is said is what the page showed: the name alone moved, and who has it is not chosen."""
    ben, path = said_for(station, name)
    form = drawn(ben.page, f"{path}/answers")
    meanwhile(station)
    holders.register(station.workplace(), "Cy Bo")
    ben.follow(ben.post(f"{path}/answers", {**form, "holder": "Cy Bo"}))
    assert field(ben)["holder"] == "Cy Bo"
    assert says not in ben.words


@pytest.mark.parametrize(("meanwhile", "says"), [(moved, OTHER), (renamed, FREE)], ids=["taken", "free"])
def test_who_is_stopped_is_withdrawn_from_a_file_too(
    station: OpenStation, meanwhile: Callable[[OpenStation], None], says: str
) -> None:
    """Its form says all of it anew."""
    ben, path = sent(station)
    meanwhile(station)
    ben.get(path)
    assert says in ben.words
    path = said_of_file(ben, path, "")
    assert says not in ben.words
    as_before(station, says)
    ben.get(path)
    assert field(ben) == NOBODY
