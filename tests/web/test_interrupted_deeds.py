"""What met the lock is named before it is sent again."""

import re

import pytest

from assettrack.web.accounts.interrupted_deeds import every_route, interrupted
from assettrack.web.guard import API
from assettrack.web.texts import english
from tests.web.visitors import PASSWORD, OpenStation

WITHOUT_SESSION = {"/sign-in", "/setup", "/unlock", "/lock", "/sign-out", "/still-here"}


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        ("/issue/remove", {"tag": "LT-1"}, "Issue: Take an asset off the list (LT-1)"),
        ("/return/place", {"tag": "LT-2", "slot_position": "7"}, "Return: Put an asset into another slot (LT-2)"),
        ("/transfer/commit", {"draft": "x"}, "Transfer: Commit the list"),
        ("/holders", {"name": "Ann <b>"}, "Register a holder (Ann &lt;b&gt;)"),
        ("/people/7/role", {"role": "viewer"}, "Give somebody another role"),
        ("/cases/CASE-01/move", {"tag": "LT-3"}, "Move an asset to another slot (LT-3)"),
        ("/scanner/set-clock", {}, "Work with the scanner"),
    ],
)
def test_what_is_done_after_an_unlock_is_named(
    station: OpenStation, path: str, fields: dict[str, str], said: str
) -> None:
    """By its page's words, with what it is about; the button does that."""
    ben = station.visitor("ben")
    ben.post("/lock")
    given = {f"f.{name}": value for name, value in fields.items()}
    ben.post("/unlock", {"wanted": path, "is_deed": "1", "password": PASSWORD, **given})
    assert f'<p class="big">{said}</p>' in ben.page
    assert f'action="{path}"' in ben.page


def test_what_nobody_can_name_is_offered_all_the_same(station: OpenStation) -> None:
    """The address of no form: the page says no more than that nothing was done."""
    ben = station.visitor("ben")
    ben.post("/lock")
    ben.post("/unlock", {"wanted": "/nothing/of/that", "is_deed": "1", "password": PASSWORD})
    assert "What you were about to do was not done yet." in ben.words
    assert 'class="big"' not in ben.page


def test_every_form_of_the_station_has_a_name(station: OpenStation) -> None:
    """And every name is one's."""
    routes = [each for each in every_route(station.app.routes) if "POST" in (each.methods or ())]
    paths = {each.path for each in routes if not each.path.startswith(API)} - WITHOUT_SESSION
    assert len(paths) > 80
    bare = {path: re.sub(r"\{.*?\}", "7", path) for path in paths}
    found = {path: interrupted(station.app.routes, english(), sent_to, []) for path, sent_to in bare.items()}
    assert [path for path, deed in found.items() if deed is None] == []
    named = {f"deeds.{deed.key}" for deed in found.values() if deed is not None}
    assert {key for key in english() if key.startswith("deeds.")} - named == set()
