"""The tokens of one's own account: what making one takes, and what becomes of them when the password changes."""

import re
from datetime import timedelta

from pyotp import TOTP

from assettrack.services import accounts, second_factors, verification
from tests.web.visitors import PASSWORD, OpenStation, Visitor


def form_of(visitor: Visitor) -> str:
    """The name of a form of the page."""
    return str(re.findall(r'name="form" value="([0-9a-f]{32})"', visitor.page)[0])


def test_whoever_changes_the_password_chooses_whether_tokens_stay_good(station: OpenStation) -> None:
    """The page says how many there are; unless it is chosen they stay, and if it is all of them are revoked."""
    ben = station.visitor("ben")
    ben.get("/password")
    assert "API tokens that act for you" not in ben.words
    for label in ("scale", "printer"):
        accounts.make_token(station.workplace("ben"), name="ben", label=label, chance=station.web.chance)
    ben.get("/password")
    assert "API tokens that act for you: 2" in ben.words
    assert 'name="revoke" value="1">' in ben.page
    said = {"old": PASSWORD, "password": "another horse battery", "again": "another horse battery"}
    assert ben.post("/password", {**said, "again": "x", "revoke": "1"}).status_code == 422
    assert 'name="revoke" value="1" checked>' in ben.page
    assert ben.post("/password", said).status_code == 303
    assert [each.revoked for each in accounts.tokens_of(station.workplace(), "ben")] == [0, 0]
    ben.get("/password")
    said = {"old": "another horse battery", "password": PASSWORD, "again": PASSWORD, "revoke": "1"}
    assert ben.post("/password", said).status_code == 303
    assert [each.revoked for each in accounts.tokens_of(station.workplace(), "ben")] == [1, 1]
    assert verification.verify(station.workplace(), []).ok


def test_a_token_takes_the_code_of_a_second_factor(station: OpenStation) -> None:
    """The password alone makes none where signing in takes more; a code is good once, as at signing in."""
    ben = station.visitor("ben")
    secret_text = second_factors.new_secret(station.web.chance)
    factor = station.web.reception.second_factor
    second_factors.turn_on(
        station.workplace("ben"), factor, name="ben", secret=secret_text, code=TOTP(secret_text).at(station.now)
    )
    ben.get("/account")
    assert 'name="code"' in ben.page
    said = [{"password": PASSWORD}, {"password": PASSWORD, "code": "000000"}]
    for each in said:
        answer = ben.post("/account/tokens", {**each, "label": "scale", "form": form_of(ben)})
        assert answer.status_code == 409, ben.words
    assert accounts.tokens_of(station.workplace(), "ben") == []
    station.now += timedelta(seconds=3)
    said[0]["code"] = TOTP(secret_text).at(station.now)
    for label, status in (("scale", 303), ("printer", 409)):
        ben.get("/account")
        answer = ben.post("/account/tokens", {**said[0], "label": label, "form": form_of(ben)})
        assert answer.status_code == status, ben.words
    assert [each.label for each in accounts.tokens_of(station.workplace(), "ben")] == ["scale"]
