"""Accounts as an admin looks after them, and one's own account, as a browser meets them."""

import re
from datetime import timedelta
from html import unescape

import pytest

from assettrack.services import accounts, audit, verification
from assettrack.web.qr_image import qr_image
from tests.web.qr_reading import read_qr
from tests.web.visitors import PASSWORD, OpenStation, Visitor

NEW_PASSWORD = "a lantern by the stairs"


def admin(station: OpenStation) -> Visitor:
    """Sign in as the first admin."""
    return station.visitor("ada", "admin")


def once(visitor: Visitor) -> str:
    """The name of a form of the page."""
    return str(re.findall(r'name="form" value="([0-9a-f]{32})"', visitor.page)[0])


def secret(visitor: Visitor) -> str:
    """What the page tells once."""
    found = re.search(r'class="secret[^>]*>([^<]+)<', visitor.page)
    assert found is not None, visitor.words
    return found[1]


def admit(visitor: Visitor, name: str, role: str = "operator") -> str:
    """Make an account on the page; return its one-time password."""
    visitor.get("/people")
    visitor.follow(visitor.post("/people", {"name": name, "role": role, "form": once(visitor)}))
    return secret(visitor)


def number(station: OpenStation, name: str) -> int:
    """The number of an account."""
    return accounts.require(station.workplace(), name).account_id


def bodies(station: OpenStation) -> list[str]:
    """The bodies of the log."""
    return [body.decode() for body in audit.entries(station.workplace(), 1, None)]


def test_an_account_is_made_with_a_password_that_is_shown_once(station: OpenStation) -> None:
    """It lets its owner in, who has to choose an own one before anything else; it is in no entry and no address."""
    ada = admin(station)
    ada.get("/people")
    made = ada.post("/people", {"name": "Ben", "role": "operator", "form": once(ada)})
    ada.follow(made)
    password = secret(ada)
    assert password not in made.headers["location"]
    assert all(password not in body for body in bodies(station))
    assert all(password.encode() not in file.read_bytes() for file in station.folder.glob("station.db*"))
    ben = station.visitor()
    typed = password.lower().replace("-", " ")
    assert ben.sign_in("ben", typed[:-1]).status_code == 401
    assert ben.sign_in("ben", typed).status_code == 303
    for path in ("/account", "/", "/audit"):
        assert ben.get(path).headers["location"] == "/password"
    ben.get("/password")
    ben.post("/password", {"old": typed, "password": NEW_PASSWORD, "again": NEW_PASSWORD})
    assert ben.get("/account").status_code == 200
    assert verification.verify(station.workplace(), []).ok


def test_a_double_click_makes_one_account_and_shows_the_same_password(station: OpenStation) -> None:
    """The form sent again leads to the page with the very password that was made."""
    ada = admin(station)
    ada.get("/people")
    form = {"name": "Ben", "role": "operator", "form": once(ada)}
    first, second = ada.post("/people", form), ada.post("/people", form)
    assert first.headers["location"] == second.headers["location"]
    ada.follow(first)
    told = secret(ada)
    ada.follow(second)
    assert secret(ada) == told
    assert station.visitor().sign_in("ben", told).status_code == 303


def test_what_is_told_once_is_told_to_one_session_and_not_for_long(station: OpenStation) -> None:
    """Another session, the time that has passed, and having noted it: each of them, and it is gone."""
    ada = admin(station)
    ada.get("/people")
    path = ada.post("/people", {"name": "Ben", "role": "viewer", "form": once(ada)}).headers["location"]
    assert ada.get(path).status_code == 200
    other = station.visitor("ada")
    assert other.get(path).status_code == 404
    other.post(f"{path}/noted")
    assert ada.get(path).status_code == 200
    station.now += timedelta(minutes=5)
    assert ada.get(path).status_code == 404
    ada.get(f"/people/{number(station, 'Ben')}")
    path = ada.post(f"/people/{number(station, 'Ben')}/reset", {"form": once(ada)}).headers["location"]
    ada.get(path)
    assert ada.post(f"{path}/noted").headers["location"] == f"/people/{number(station, 'Ben')}"
    assert ada.get(path).status_code == 404
    assert "It is not kept any more" in ada.words


@pytest.mark.parametrize("name", ["", "x", "0" * 31, "../../people"])
def test_a_text_is_told_under_a_name_of_the_stations_own_only(station: OpenStation, name: str) -> None:
    """Whatever else stands in the form is refused, and nothing is made."""
    ada = admin(station)
    ada.get("/people")
    assert ada.post("/people", {"name": "Ben", "role": "viewer", "form": name}).status_code == 422
    assert accounts.named(station.workplace(), "Ben") is None


def test_what_can_not_be_made_is_said_and_the_form_keeps_what_was_typed(station: OpenStation) -> None:
    """A name that is taken, a role that there is not: the list is shown again with the sentence and the name."""
    ada = admin(station)
    ada.get("/people")
    assert ada.post("/people", {"name": "ADA", "role": "viewer", "form": once(ada)}).status_code == 409
    assert "There is an account ada already" in ada.words
    assert 'value="ADA"' in ada.page
    assert ada.post("/people", {"name": "Ben", "role": "king", "form": once(ada)}).status_code == 409
    assert [each.name for each in accounts.all_accounts(station.workplace())] == ["ada"]


def test_the_list_says_who_has_what_and_when_each_was_here(station: OpenStation) -> None:
    """Role, state, second factor, the last sign-in and present sessions of each."""
    ada = admin(station)
    station.visitor("ben")
    admit(ada, "Cleo", "auditor")
    ada.get("/people")
    rows = [
        re.sub(r"<[^>]+>|\s+", " ", row) for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", ada.page, re.DOTALL)
    ]
    said = [re.sub(r"\s+", " ", row).strip() for row in rows]
    assert said[0].startswith("ada admin Active Off 2026-07-01 14:00:0")
    assert said[0].endswith(" 1")
    assert said[1].startswith("ben operator Active Off 2026-07-01 14:00:0")
    assert said[2] == "Cleo auditor One-time password Off Never 0"
    accounts.register(station.workplace(), "Dora", role="viewer")
    assert "Dora viewer No password yet Off Not known 0" in (ada.get("/people"), ada.words)[1]  # not made on the page
    station.now += timedelta(hours=13)
    fresh = station.visitor("ben")
    assert fresh.get("/account").status_code == 200
    assert fresh.page.count("This session") == 1
    assert "End all other sessions" not in fresh.words


def test_a_reset_ends_all_sessions_and_says_so_in_the_log(station: OpenStation) -> None:
    """The old password and the old sessions are worth nothing; nobody resets their own."""
    ada, ben = admin(station), station.visitor("ben")
    station.visitor("ben")
    page = f"/people/{number(station, 'ben')}"
    ada.get(page)
    ada.follow(ada.post(f"{page}/reset", {"form": once(ada)}))
    assert ben.get("/account").headers["location"].startswith("/sign-in")
    assert station.visitor().sign_in("ben").status_code == 401
    assert station.visitor().sign_in("ben", secret(ada)).status_code == 303
    (event,) = [body for body in bodies(station) if "sessions_revoked" in body]
    assert '"operator":"ada"' in event
    assert '"times":2' in event
    own = f"/people/{number(station, 'ada')}"
    ada.get(page)
    refused = ada.post(f"{own}/reset", {"form": once(ada)})
    assert refused.status_code == 422
    assert "change your own password instead" in ada.words
    assert ada.get("/account").status_code == 200


def test_role_and_activity_change_with_a_reason(station: OpenStation) -> None:
    """The new role counts at once; who is not active any more is signed out; the last admin stays one."""
    ada, ben = admin(station), station.visitor("ben")
    page = f"/people/{number(station, 'ben')}"
    assert ada.post(f"{page}/role", {"role": "viewer", "reason": " "}).status_code == 409
    assert "needs a reason" in ada.words
    assert ada.post(f"{page}/role", {"role": "viewer", "reason": "left the desk"}).headers["location"] == page
    assert ben.get("/intake").status_code == 403
    ada.post(f"{page}/deactivate", {"reason": "left"})
    assert ben.get("/account").headers["location"].startswith("/sign-in")
    assert station.visitor().sign_in("ben").status_code == 401
    ada.post(f"{page}/activate", {"reason": "came back"})
    ben.sign_in("ben")
    ada.post(f"{page}/deactivate", {"reason": "left again"})
    ada.post(f"{page}/activate", {"reason": "came back again"})
    assert ben.get("/account").headers["location"].startswith("/sign-in")
    assert station.visitor().sign_in("ben").status_code == 303
    own = f"/people/{number(station, 'ada')}"
    for path, fields in (("role", {"role": "viewer"}), ("deactivate", {})):
        assert ada.post(f"{own}/{path}", {**fields, "reason": "no more"}).status_code == 409
        assert "is the last admin who can sign in" in ada.words
        assert 'value="no more"' in ada.page
    assert accounts.require(station.workplace(), "ada").role == "admin"
    assert ada.post("/people/99/role", {"role": "viewer", "reason": "x"}).status_code == 404
    assert ada.get("/people/99").status_code == 404
    assert verification.verify(station.workplace(), []).ok


def test_an_admin_signs_somebody_out_everywhere(station: OpenStation) -> None:
    """Of one's own sessions the present one goes on."""
    ada, ben, second = admin(station), station.visitor("ben"), station.visitor("ada")
    ada.post(f"/people/{number(station, 'ben')}/sessions/end")
    assert ben.get("/").status_code == 303
    ada.post(f"/people/{number(station, 'ada')}/sessions/end")
    assert second.get("/").status_code == 303
    assert ada.get("/").status_code == 200


def test_only_admins_look_after_people(station: OpenStation) -> None:
    """Whoever is less sees no page of it and changes nothing."""
    for role in ("viewer", "operator", "auditor"):
        visitor = station.visitor(f"a {role}", role)
        target = number(station, "root")
        assert visitor.get("/people").status_code == 403
        assert visitor.get(f"/people/{target}").status_code == 403
        for path in ("reset", "role", "deactivate", "sessions/end", "second-factor/off", "tokens/1/revoke"):
            assert visitor.post(f"/people/{target}/{path}", {"reason": "x", "form": "0" * 32}).status_code == 403
        assert visitor.post("/people", {"name": "Eve", "role": "admin", "form": "0" * 32}).status_code == 403
        assert visitor.get("/account").status_code == 200
    assert accounts.named(station.workplace(), "Eve") is None


def test_a_token_takes_the_password(station: OpenStation) -> None:
    """It would outlast the session of whoever left the station open; failures make the next try wait."""
    ben = station.visitor("ben")
    for given, status in (("", 409), ("no no no", 409), ("no no no", 409), (PASSWORD, 429)):
        ben.get("/account")
        said = {"label": "printer", "password": given, "form": once(ben)}
        assert ben.post("/account/tokens", said).status_code == status
        assert 'value="printer"' in ben.page
    assert accounts.tokens_of(station.workplace(), "ben") == []


def test_a_changed_password_ends_other_sessions_and_says_so_in_the_log(station: OpenStation) -> None:
    """Whoever knew the old one is out, and it can be seen that somebody was."""
    ben, other = station.visitor("ben"), station.visitor("ben")
    new = "another good password"
    ben.post("/password", {"old": PASSWORD, "password": new, "again": new})
    assert (ben.get("/account").status_code, other.get("/account").status_code) == (200, 303)
    assert any('"sessions_revoked"' in body and '"operator":"ben"' in body for body in bodies(station))


def test_a_token_is_shown_once_and_revoked_by_its_owner_or_an_admin(station: OpenStation) -> None:
    """It is good until then; nobody revokes another's by its number, and one without a label is not made."""
    ada, ben, eve = admin(station), station.visitor("ben"), station.visitor("eve")
    ben.get("/account")
    assert ben.post("/account/tokens", {"label": "", "password": PASSWORD, "form": once(ben)}).status_code == 409
    ben.get("/account")
    ben.follow(ben.post("/account/tokens", {"label": "label printer", "password": PASSWORD, "form": once(ben)}))
    token = secret(ben)
    assert token not in (ben.get("/account"), ben.page)[1]
    assert "label printer" in ben.words
    assert all(token not in body for body in bodies(station))
    assert accounts.account_of_token(station.workplace(), token) is not None
    assert eve.post("/account/tokens/1/revoke").status_code == 404
    assert ada.post(f"/people/{number(station, 'eve')}/tokens/1/revoke").status_code == 404
    assert accounts.account_of_token(station.workplace(), token) is not None
    assert ben.post("/account/tokens/1/revoke").status_code == 303
    assert accounts.account_of_token(station.workplace(), token) is None
    assert ben.post("/account/tokens/1/revoke").status_code == 404
    ben.get("/account")
    ben.follow(ben.post("/account/tokens", {"label": "scale", "password": PASSWORD, "form": once(ben)}))
    page = f"/people/{number(station, 'ben')}"
    assert "Revoke scale" in (ada.get(page), ada.words)[1]
    assert ada.post(f"{page}/tokens/2/revoke").status_code == 303
    assert accounts.account_of_token(station.workplace(), secret(ben)) is None


def test_one_ends_ones_own_sessions_and_nobody_elses(station: OpenStation) -> None:
    """One by one, or all but the present one; what is no session of one's own is left alone."""
    ben, second, third = (station.visitor("ben") for _ in range(3))
    eve = station.visitor("eve")
    eve.get("/account")
    ben.get("/account")
    named = re.findall(r'name="session" value="([0-9a-f]{64})"', ben.page)
    assert len(named) == 2
    assert eve.post("/account/sessions/end", {"session": named[0]}).status_code == 303
    assert [each.get("/").status_code for each in (ben, second, third)] == [200, 200, 200]
    for wrong in ("zz", "ab", "x" * 64):
        assert ben.post("/account/sessions/end", {"session": wrong}).status_code == 422
    ben.post("/account/sessions/end", {"session": named[0]})
    assert sorted(each.get("/").status_code for each in (second, third)) == [200, 303]
    fourth = station.visitor("ben")
    ben.post("/account/sessions/end")
    assert [each.get("/").status_code for each in (ben, second, third, fourth, eve)] == [200, 303, 303, 303, 200]
    assert verification.verify(station.workplace(), []).ok


def test_names_and_labels_are_shown_as_text(station: OpenStation) -> None:
    """Whatever somebody is called, or calls a token, is no part of the page."""
    ada = admin(station)
    hostile = "<img src=x onerror=alert(1)>"
    admit(ada, hostile)
    for path in ("/people", f"/people/{number(station, hostile)}"):
        assert "<img" not in ada.get(path).text
        assert hostile in unescape(ada.page)
    ada.get("/account")
    ada.follow(ada.post("/account/tokens", {"label": hostile, "password": PASSWORD, "form": once(ada)}))
    for path in ("/account", f"/people/{number(station, 'ada')}"):
        assert "<img" not in ada.get(path).text
        assert hostile in unescape(ada.page)


def test_a_text_of_any_size_is_a_code_or_said_to_be_too_long() -> None:
    """Where more would not fit the code can lose less; beyond that there is none."""
    for length in (1, 2330, 2953):
        assert read_qr(f'<img class="qr" src="{qr_image("x" * length)}">') == "x" * length
    with pytest.raises(ValueError, match="2954 characters"):
        qr_image("x" * 2954)
