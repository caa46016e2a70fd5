"""What can't be read of an address or a form is told by the page in words, and to a program by its own names."""

import re

import pytest

from assettrack.web.app import AREAS
from assettrack.web.guard import API
from assettrack.web.texts import english
from tests.web.api_callers import Caller, told
from tests.web.visitors import OpenStation


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/batches/7x", "batch number"),
        ("/counts/7x", "count number"),
        ("/receipts/7x", "receipt number"),
        ("/audit/entries/7x", "entry number"),
        ("/cases/CASE-01?slot=x", "slot"),
    ],
)
def test_a_page_that_can_not_be_says_what_is_wrong_in_words(station: OpenStation, path: str, said: str) -> None:
    """Nobody reads what a program calls it; who only looked is not told that nothing was saved."""
    ada = station.visitor("ada", "admin")
    answer = ada.get(path)
    assert answer.status_code == 422
    assert f"says it in a way that can't be read. It is about: {said} " in ada.words
    assert "Nothing was saved" not in ada.words
    assert not re.search(r"\b[a-z]+_[a-z]+\b|\bseq\b", ada.words)


def test_a_form_that_can_not_be_says_so_too(station: OpenStation) -> None:
    """And that nothing was saved; which of several of one name it was does not matter."""
    ben = station.visitor("ben")
    ben.get("/intake")
    assert ben.post("/intake/remove", {"number": ["1", "x", "y"]}).status_code == 422
    assert "can't be read. Nothing was saved. It is about: number " in ben.words


def test_a_program_is_told_its_own_names(station: OpenStation) -> None:
    """They are those of its document."""
    answer = told(Caller(station).request("GET", "/api/batches/7x"), 422)
    assert answer["error"]["message"].endswith("in a wrong form: batch_id. Nothing was saved.")


def names(dependant: object) -> set[str]:
    """What a route asks for, with what it depends on."""
    found = set()
    for kind in ("path_params", "query_params", "body_params"):
        for each in getattr(dependant, kind):
            found |= set(getattr(each.field_info.annotation, "model_fields", {each.alias: None}))
    for each in getattr(dependant, "dependencies"):  # noqa: B009 - it is FastAPI's, and typed as none
        found |= names(each)
    return found


def test_every_name_that_a_page_asks_for_has_words() -> None:
    """What is no word by itself has words in the texts; those of none stay nowhere."""
    routes = [route for area in AREAS for route in area.router.routes]
    asked = {name for route in routes if not route.path.startswith(API) for name in names(route.dependant)}  # type: ignore[attr-defined]  # all are routes of ours
    said = {key.removeprefix("sent_fields.") for key in english() if key.startswith("sent_fields.")}
    assert said - asked == set()
    assert {name for name in asked - said if name.endswith("_id") or name in {"seq", "q", "dpi"}} == set()
