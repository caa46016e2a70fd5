"""Two accounts that can be taken for one another are made only by whoever was asked."""

from assettrack.services import accounts
from tests.web.test_people_pages import admin, admit, once, secret
from tests.web.visitors import OpenStation

ALIKE = "B\u0435n"
"""Its middle letter is Cyrillic."""


def test_an_account_that_looks_like_another_is_made_when_it_is_said_twice(station: OpenStation) -> None:
    """Nothing is saved before; the other account is named and linked, and the role that was chosen is kept."""
    ada = admin(station)
    admit(ada, "Ben")
    ada.get("/people")
    asked = ada.post("/people", {"name": ALIKE, "role": "auditor", "form": once(ada)})
    assert asked.status_code == 200
    assert "Is it the same person?" in ada.words
    assert "Nothing is saved yet." in ada.words
    ben = accounts.require(station.workplace(), "Ben")
    assert f'href="/people/{ben.account_id}"' in ada.page
    assert accounts.named(station.workplace(), ALIKE) is None
    said = {"name": ALIKE, "role": "auditor", "form": once(ada), "alike": ALIKE}
    ada.follow(ada.post("/people", said))
    assert secret(ada)
    made = accounts.require(station.workplace(), ALIKE)
    assert made.role == "auditor"


def test_having_been_asked_of_one_name_says_nothing_of_another(station: OpenStation) -> None:
    """Whoever writes another name into the same form is asked again."""
    ada = admin(station)
    admit(ada, "Ben")
    ada.get("/people")
    ada.post("/people", {"name": "Ben.", "role": "viewer", "form": once(ada), "alike": ALIKE})
    assert "Is it the same person?" in ada.words
    assert accounts.named(station.workplace(), "Ben.") is None


def test_what_can_be_no_account_is_refused_and_not_asked_about(station: OpenStation) -> None:
    """The very same name, and one that can't be, are told as ever."""
    ada = admin(station)
    admit(ada, "Ben")
    for name, status in (("ben", 409), ("Be\u200bn", 422)):
        ada.get("/people")
        answer = ada.post("/people", {"name": name, "role": "viewer", "form": once(ada)})
        assert (name, answer.status_code) == (name, status)
        assert "Is it the same person?" not in ada.words
