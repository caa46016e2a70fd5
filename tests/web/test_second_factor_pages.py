"""Second factors on the page of one's own account, as a browser meets them: turned on, kept, turned off."""

import re
from datetime import timedelta

from pyotp import TOTP

from assettrack.services import accounts, verification
from tests.web.qr_reading import read_qr
from tests.web.test_people_pages import admin, bodies, number
from tests.web.visitors import PASSWORD, OpenStation, Visitor


def proved(visitor: Visitor) -> dict[str, str]:
    """Read the secret from the page's QR code as a device does; return what the form would send, without a code."""
    address = read_qr(visitor.page)
    found = re.search(r"[?&]secret=([A-Z2-7]+)", address)
    hidden = re.search(r'name="secret" value="([A-Z2-7]+)"', visitor.page)
    assert address.startswith("otpauth://totp/")
    assert found is not None
    assert hidden is not None
    assert found[1] == hidden[1]
    assert hidden[1] in visitor.words.replace(" ", "")
    return {"secret": hidden[1], "password": PASSWORD}


def test_a_second_factor_is_on_once_a_code_of_it_was_given(station: OpenStation) -> None:
    """A wrong code or password turns nothing on; the code that proved the device lets nobody in a second time."""
    ben = station.visitor("ben")
    ben.get("/account/second-factor")
    form = proved(ben)
    good = TOTP(form["secret"]).at(station.now)
    wrong = f"{(int(good) + 1) % 1_000_000:06}"
    assert ben.post("/account/second-factor", {**form, "code": wrong}).status_code == 409
    assert form["secret"] in ben.page
    assert ben.post("/account/second-factor", {**form, "code": good, "password": "wrong"}).status_code == 409
    assert accounts.require(station.workplace(), "ben").secret_sha256 is None
    assert ben.post("/account/second-factor", {**form, "code": good}).headers["location"] == "/account"
    assert ben.get("/account/second-factor").headers["location"] == "/account"
    assert station.visitor().sign_in("ben").status_code == 401
    assert station.visitor().sign_in("ben", code=good).status_code == 401
    station.now += timedelta(seconds=60)
    assert station.visitor().sign_in("ben", code=TOTP(form["secret"]).at(station.now)).status_code == 303
    assert all(form["secret"] not in body for body in bodies(station))


def test_a_form_with_another_secret_is_refused(station: OpenStation) -> None:
    """Only what can be a secret is taken from the form."""
    ben = station.visitor("ben")
    answer = ben.post("/account/second-factor", {"secret": "<b>short", "code": "000000", "password": PASSWORD})
    assert answer.status_code == 409
    assert "<b>" not in answer.text


def test_turning_the_second_factor_off_needs_the_password_and_a_code(station: OpenStation) -> None:
    """Failures make the next try wait; an admin turns it off where the device is lost."""
    ada, ben = admin(station), station.visitor("ben")
    for name in ("password", "admin"):
        ben.get("/account/second-factor")
        form = proved(ben)
        station.now += timedelta(seconds=60)
        ben.post("/account/second-factor", {**form, "code": TOTP(form["secret"]).at(station.now)})
        assert accounts.require(station.workplace(), "ben").secret_sha256 is not None
        if name == "password":
            said = [ben.post("/account/second-factor/off", {"password": "no no no"}).status_code for _ in range(4)]
            assert said == [409, 409, 409, 429]
            assert "Wait " in ben.words
            station.now += timedelta(seconds=90)
            assert ben.post("/account/second-factor/off", {"password": PASSWORD}).status_code == 409
            station.now += timedelta(seconds=90)
            code = TOTP(form["secret"]).at(station.now)
            assert ben.post("/account/second-factor/off", {"password": "no no no", "code": code}).status_code == 409
            assert accounts.require(station.workplace(), "ben").secret_sha256 is not None
            station.now += timedelta(seconds=90)
            code = TOTP(form["secret"]).at(station.now)
            whole = {"password": PASSWORD, "code": code}
            assert ben.post("/account/second-factor/off", whole).status_code == 303
        else:
            assert ada.post(f"/people/{number(station, 'ben')}/second-factor/off").status_code == 303
        assert accounts.require(station.workplace(), "ben").secret_sha256 is None
    assert ada.post(f"/people/{number(station, 'ben')}/second-factor/off").status_code == 409
    assert verification.verify(station.workplace(), []).ok


def test_no_other_device_takes_the_place_of_a_second_factor_by_the_password_alone(station: OpenStation) -> None:
    """Whoever knows the password and finds the page open would else turn it off with a device of their own."""
    ben, other = station.visitor("ben"), station.visitor("ben")
    other.get("/account/second-factor")
    theirs = proved(other)
    ben.get("/account/second-factor")
    form = proved(ben)
    ben.post("/account/second-factor", {**form, "code": TOTP(form["secret"]).at(station.now)})
    kept = accounts.require(station.workplace(), "ben").secret_sha256
    assert kept is not None
    station.now += timedelta(seconds=90)
    answer = other.post("/account/second-factor", {**theirs, "code": TOTP(theirs["secret"]).at(station.now)})
    assert answer.status_code == 422
    assert "one is on already; turn that off first" in other.words
    assert accounts.require(station.workplace(), "ben").secret_sha256 == kept


def test_ones_own_second_factor_does_not_go_off_on_the_page_for_others(station: OpenStation) -> None:
    """An admin who left the station open does not lose it to whoever comes by."""
    ada = admin(station)
    ada.get("/account/second-factor")
    form = proved(ada)
    ada.post("/account/second-factor", {**form, "code": TOTP(form["secret"]).at(station.now)})
    assert ada.post(f"/people/{number(station, 'ada')}/second-factor/off").status_code == 422
    assert "turn your own off on your account" in ada.words
    assert accounts.require(station.workplace(), "ada").secret_sha256 is not None
