"""Setting up, signing in, locking and unlocking, as a browser meets it."""

import io
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import quote

import pytest

from assettrack.domain.desk_rows import Draft
from assettrack.domain.timestamps import utc_text
from assettrack.services import accounts, sessions, verification
from assettrack.services.accounts import WantedAccount
from tests.web.visitors import PASSWORD, OpenStation

AT_ONCE = 30
GUARD_SECONDS = 30
"""After so long a test that would hang fails instead."""


def test_the_one_time_link_makes_the_first_admin_and_works_once(station: OpenStation) -> None:
    """Whoever has the printed link makes the first account, and nobody after that."""
    link = sessions.make_setup_link(station.web.workplace, station.web.reception)
    browser = station.visitor()
    browser.get("/sign-in")
    assert "Nobody has an account here yet. The first is made by the link" in browser.words
    assert browser.get(f"/setup?link={link}").status_code == 200
    fields = {"link": link, "name": "Ada", "password": PASSWORD, "again": PASSWORD}
    assert browser.post("/setup", {**fields, "again": "something else here"}).status_code == 422
    assert "not the same" in browser.words
    browser.follow(browser.post("/setup", fields))
    assert "Ada" in browser.words
    assert browser.post("/setup", fields).status_code == 409
    assert [(each.name, each.role) for each in accounts.all_accounts(station.workplace())] == [("Ada", "admin")]
    assert sessions.make_setup_link(station.web.workplace, station.web.reception) is None
    assert "Nobody has an account" not in station.visitor().get("/sign-in").text


def test_a_wrong_link_makes_nothing(station: OpenStation) -> None:
    """A link that was never made is refused, on the form and on what it sends."""
    browser = station.visitor()
    assert browser.get("/setup?link=guess").status_code == 409
    fields = {"link": "guess", "name": "Eve", "password": PASSWORD, "again": PASSWORD}
    assert browser.post("/setup", fields).status_code == 409
    assert accounts.all_accounts(station.workplace()) == []


def test_a_link_that_was_made_ahead_of_the_clock_is_not_good(station: OpenStation) -> None:
    """It would live for longer than a day, so it has ended for good; a new start prints one. Seconds are nothing."""
    link = sessions.make_setup_link(station.web.workplace, station.web.reception)
    browser = station.visitor()
    station.now -= timedelta(seconds=3)
    assert browser.get(f"/setup?link={link}").status_code == 200
    station.now -= timedelta(hours=1)
    assert browser.get(f"/setup?link={link}").status_code == 409
    station.now += timedelta(hours=2)
    assert browser.get(f"/setup?link={link}").status_code == 409
    link = sessions.make_setup_link(station.web.workplace, station.web.reception)
    assert browser.get(f"/setup?link={link}").status_code == 200
    station.now += timedelta(hours=24, seconds=1)
    assert browser.get(f"/setup?link={link}").status_code == 409


def test_nobody_sees_a_page_without_signing_in(station: OpenStation) -> None:
    """A page leads to the sign-in page, and from there back to itself."""
    station.account("ben", "operator")
    browser = station.visitor()
    answer = browser.get("/?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2F%3Fx%3D1")
    browser.follow(answer)
    done = browser.post("/sign-in", {"name": "BEN", "password": PASSWORD, "next": "/?x=1"})
    assert done.headers["location"] == "/?x=1"
    assert "ben" in (browser.follow(done), browser.words)[1]


def test_where_to_go_after_signing_in_stays_inside(station: OpenStation) -> None:
    """A link that leads elsewhere leads to the first page."""
    station.account("ben", "operator")
    for elsewhere in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "evil",
        "/\t/evil.example",
        "/\r\n/evil",
    ):
        answer = station.visitor().post("/sign-in", {"name": "ben", "password": PASSWORD, "next": elsewhere})
        assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/sign-out", "/"),
        ("/lock?x=1", "/"),
        ("/issue/scans#typed", "/"),
        ("/no/such/page", "/"),
        ("/api/assets", "/"),
        ("/assets?text=LT", "/assets?text=LT"),
        ("/cases/CASE%2001?slot=2#slot", "/cases/CASE%2001?slot=2#slot"),
        ("/holders/A/B%20%26", "/holders/A/B%20%26"),
    ],
)
def test_signing_in_leads_to_pages_alone(station: OpenStation, asked: str, led: str) -> None:
    """What takes forms only, is for programs, or is nothing would answer with an error: the first page is shown."""
    station.account("ben", "operator")
    browser = station.visitor()
    browser.get(f"/sign-in?next={quote(asked, safe='')}")
    assert f'name="next" value="{led}"' in browser.page
    answer = browser.post("/sign-in", {"name": "ben", "password": PASSWORD, "next": asked})
    assert answer.headers["location"] == led


def test_failures_make_the_next_try_wait_and_are_recorded(station: OpenStation) -> None:
    """After a few failures even the right password has to wait; the wait survives a restart, and passes."""
    station.account("ben", "operator")
    browser = station.visitor()
    said = [browser.sign_in("ben", "wrong wrong wrong").status_code for _ in range(4)]
    assert said == [401, 401, 401, 429]
    assert browser.sign_in("ben").status_code == 429
    station.now += timedelta(seconds=3)
    assert browser.sign_in("ben").status_code == 303
    with station.workplace().store.read() as snapshot:
        bodies = [record.body.decode() for record, _ in snapshot.records()]
    assert sum("sign_in_refused" in body or "sign_in_throttled" in body for body in bodies) == 3
    assert all("wrong wrong" not in body for body in bodies)


def test_what_was_not_asked_for_is_not_said_to_be_wrong(station: OpenStation) -> None:
    """Whoever signs in gives a name, a password and perhaps a code; whoever is there already, the password alone."""
    station.account("ben", "operator")
    browser = station.visitor()
    browser.sign_in("ben", "wrong wrong wrong")
    assert "The name, the password or the code is not right." in browser.words
    browser.sign_in("ben")
    browser.post("/lock")
    assert browser.post("/unlock", {"password": "wrong", "wanted": "/"}).status_code == 401
    assert "The password is not right. Nothing was saved. Try again." in browser.words
    assert "the code" not in browser.words


def test_the_right_password_forgets_the_failures(station: OpenStation) -> None:
    """Three in a row cost a wait, not three in all: neither the failures before count any more nor the try itself."""
    wrong = "wrong wrong wrong"
    station.account("ben", "operator")
    ben = station.visitor()
    tries = [wrong, wrong, PASSWORD, wrong, wrong, PASSWORD]
    assert [ben.sign_in("ben", each).status_code for each in tries] == [401, 401, 303, 401, 401, 303]
    ben.post("/lock")
    said = [ben.post("/unlock", {"password": each, "wanted": "/"}).status_code for each in tries[:3]]
    assert said == [401, 401, 303]
    assert [ben.sign_in("ben", wrong).status_code for _ in range(4)] == [401, 401, 401, 429]


def test_of_many_guesses_at_once_no_more_are_checked_than_one_after_another(station: OpenStation) -> None:
    """Two failures are free and the third makes the next try wait, even where all of them come at the same moment."""
    station.account("ben", "operator")
    start = threading.Barrier(AT_ONCE, timeout=GUARD_SECONDS)

    def guess(number: int) -> int:
        browser = station.visitor()
        start.wait()
        return browser.sign_in("ben", f"wrong wrong wrong {number}").status_code

    with ThreadPoolExecutor(AT_ONCE) as threads:
        said = sorted(threads.map(guess, range(AT_ONCE)))
    assert said == [401] * 3 + [429] * (AT_ONCE - 3)
    station.now += timedelta(seconds=3)
    assert station.visitor("ben").get("/").status_code == 200


def test_honest_people_sign_in_at_once_from_one_address(station: OpenStation) -> None:
    """At the beginning of a shift everybody stands at the same laptop's network; nobody waits for the others."""
    names = [f"ann {number}" for number in range(8)]
    for name in names:
        station.account(name, "operator")
    start = threading.Barrier(len(names), timeout=GUARD_SECONDS)

    def come(name: str) -> int:
        browser = station.visitor()
        start.wait()
        return browser.sign_in(name).status_code

    with ThreadPoolExecutor(len(names)) as threads:
        assert list(threads.map(come, names)) == [303] * len(names)


def test_signing_in_in_between_buys_no_guesses(station: OpenStation) -> None:
    """Whoever guesses one password each at many names waits after a while, also with an account of their own."""
    station.account("eve", "operator")
    browser = station.visitor()
    said = []
    for number in range(36):
        said.append(browser.sign_in(f"somebody {number}", "wrong wrong wrong").status_code)
        if number % 5 == 4:
            browser.sign_in("eve")
    assert said == [401] * 31 + [429] * 5


def test_a_wait_ends_by_itself_after_the_clock_was_put_back(station: OpenStation) -> None:
    """A failure that lies ahead of the clock counts as one of now: the wait is the usual one, from then on."""
    station.account("ben", "operator")
    browser = station.visitor()
    assert [browser.sign_in("ben", "wrong wrong wrong").status_code for _ in range(3)] == [401, 401, 401]
    station.now -= timedelta(days=1)
    assert browser.sign_in("ben").status_code == 429
    station.now += timedelta(seconds=3)
    assert browser.sign_in("ben").status_code == 303


def test_a_session_locks_once_the_clock_was_put_back(station: OpenStation) -> None:
    """How long nobody was there is not known then; the password opens it, and it may go on. Some seconds are nothing.

    The session began before the moment to which the clock is put back, so that it has not ended.
    """
    ben = station.visitor("ben")
    station.now += timedelta(minutes=5)
    assert ben.get("/").status_code == 200
    station.now -= timedelta(seconds=3)
    assert ben.get("/").status_code == 200
    station.now -= timedelta(seconds=57)
    assert ben.get("/").status_code == 401
    assert ben.post("/unlock", {"password": PASSWORD, "wanted": "/"}).status_code == 303
    assert ben.get("/").status_code == 200
    station.now += timedelta(seconds=601)
    assert ben.get("/").status_code == 401


def test_a_session_that_began_ahead_of_the_clock_has_ended(station: OpenStation) -> None:
    """When its twelve hours are over can't be known any more, locked or not; some seconds are nothing."""
    ben, eve = station.visitor("ben"), station.visitor("eve")
    eve.post("/lock")
    station.now -= timedelta(seconds=3)
    assert ben.get("/").status_code == 200
    station.now -= timedelta(minutes=1)
    assert ben.get("/").headers["location"].startswith("/sign-in")
    assert eve.get("/").headers["location"].startswith("/sign-in")


def test_an_idle_session_locks_and_what_was_sent_is_offered_again(station: OpenStation) -> None:
    """What was typed into a form that met the lock comes back after the password, and was not done before."""
    browser = station.visitor("ben")
    station.now += timedelta(seconds=601)
    locked = browser.post("/holders", {"name": "Jane Smith", "again.not": "<&>"})
    assert locked.status_code == 401
    assert browser.get("/").status_code == 401
    assert 'name="f.again.not" value="&lt;&amp;&gt;"' in locked.text
    kept = {"wanted": "/holders", "is_deed": "1", "f.name": "x", "f.again.not": "<&>"}
    assert browser.post("/unlock", {**kept, "password": "wrong"}).status_code == 401
    resumed = browser.post("/unlock", {**kept, "password": PASSWORD})
    assert resumed.status_code == 200
    assert 'action="/holders"' in resumed.text
    assert 'name="again.not" value="&lt;&amp;&gt;"' in resumed.text
    assert browser.get("/").status_code == 200


def test_a_page_says_where_it_is_also_as_the_answer_to_a_form(station: OpenStation) -> None:
    """So whoever has to sign in again over it is led back to a page that there is."""
    ben = station.visitor("ben")
    ben.get("/holders?find=a%26b")
    assert 'data-here="/holders?find=a%26b"' in ben.page
    assert ben.post("/holders", {"name": ""}, referer="http://127.0.0.1:8642/holders?page=2").status_code == 422
    assert 'data-here="/holders?page=2"' in ben.page
    ben.post("/holders", {"name": ""})
    assert 'data-here=""' in ben.page


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/password", {"old": "typed before", "password": "a new one it is", "again": "a new one it is"}),
        ("/account/second-factor", {"secret": "A" * 32, "code": "123456", "password": "typed before"}),
    ],
)
def test_a_locked_page_holds_no_password(station: OpenStation, path: str, fields: dict[str, str]) -> None:
    """Whoever comes by can read what a page holds; a form with a password is filled in anew after unlocking."""
    browser = station.visitor("ben")
    station.now += timedelta(seconds=601)
    locked = browser.post(path, fields)
    assert locked.status_code == 401
    assert not any(value in locked.text for value in fields.values())
    assert 'name="wanted" value="/account"' in locked.text
    answer = browser.post("/unlock", {"password": PASSWORD, "wanted": "/account", "is_deed": "0"})
    assert browser.follow(answer).status_code == 200


def test_signing_in_anew_ends_the_session_of_before(station: OpenStation) -> None:
    """A browser holds one session; a copy of the cookie of before is worth nothing. A failure ends none."""
    browser = station.visitor("ben")
    station.account("eve", "operator")
    thief = station.visitor()
    thief._client.cookies.update(dict(browser._client.cookies))  # noqa: SLF001 - a thief's copy of the cookie
    browser.sign_in("eve", "wrong wrong wrong")
    assert "ben" in (browser.get("/account"), browser.words)[1]
    browser.sign_in("eve")
    assert "eve" in (browser.get("/account"), browser.words)[1]
    assert thief.get("/account").status_code == 303


def test_a_form_of_another_session_does_nothing(station: OpenStation) -> None:
    """A form without its session's token is refused."""
    browser = station.visitor("ben")
    assert browser.post("/lock", {"form_token": "0" * 64}).status_code == 403
    assert browser.get("/").status_code == 200


def test_signing_out_ends_the_session_for_good(station: OpenStation) -> None:
    """The cookie is worth nothing after that."""
    browser = station.visitor("ben")
    cookies = dict(browser._client.cookies)  # noqa: SLF001 - a thief's copy of the cookie
    browser.post("/sign-out")
    thief = station.visitor()
    thief._client.cookies.update(cookies)  # noqa: SLF001 - as above
    assert thief.get("/").status_code == 303


def test_the_log_of_all_this_is_good(station: OpenStation) -> None:
    """Whatever happened at the door can be proved."""
    browser = station.visitor("ben")
    browser.sign_in("ben", "wrong wrong wrong")
    browser.post("/sign-out")
    assert verification.verify(station.workplace(), []).ok


def test_a_session_can_be_locked_at_once(station: OpenStation) -> None:
    """Whoever leaves the desk locks it; locked again it stays so, and the password opens it."""
    ben = station.visitor("ben")
    ben.post("/lock")
    assert ben.get("/").status_code == 401
    ben.post("/lock")
    assert ben.post("/unlock", {"password": PASSWORD, "wanted": "/"}).status_code == 303
    assert ben.get("/").status_code == 200


def test_a_session_ends_with_the_day_and_with_its_account(station: OpenStation) -> None:
    """After twelve hours, or once the account is not active, the browser is sent to sign in."""
    ben, ada = station.visitor("ben"), station.visitor("ada", "admin")
    accounts.change(station.workplace(), "ben", WantedAccount(active=False, reason="left"))
    assert ben.get("/").headers["location"].startswith("/sign-in")
    for _ in range(13):
        station.now += timedelta(minutes=59)
        last = ada.get("/")
        if last.status_code == 401:
            ada.post("/unlock", {"password": PASSWORD, "wanted": "/"})
    assert ada.get("/").headers["location"].startswith("/sign-in")


def test_asking_again_for_what_is_denied_does_not_grow_the_log(station: OpenStation) -> None:
    """Each answer is the same; the log tells the first, and in the end of all of them, by one who comes after."""
    vic = station.visitor("vic", "viewer")
    assert [vic.get("/people").status_code for _ in range(50)] == [403] * 50
    station.now += timedelta(seconds=60)
    assert station.visitor("ben").get("/").status_code == 200
    with station.workplace().store.read() as snapshot:
        bodies = [json.loads(record.body) for record, _ in snapshot.records()]
    denied = [body.get("times", 1) for body in bodies if body.get("event") == "access_denied"]
    assert denied == [1, 49]


def test_signing_in_forgets_what_was_kept_for_too_long(station: OpenStation) -> None:
    """A server runs for months: drafts of 31 days and files of yesterday go whenever somebody comes."""
    uploads = station.folder / "station.db.uploads"
    ben = station.visitor("ben")
    station.web.desk.keep_draft(Draft("d", 1, utc_text(station.now), "file", "{}"))
    kept = uploads / station.web.uploads.keep(1, io.BytesIO(b"x"))
    ben.sign_in("ben")
    assert kept.exists()
    assert station.web.desk.draft("d", 1) is not None
    yesterday = kept.stat().st_mtime - 25 * 3600
    os.utime(kept, (yesterday, yesterday))
    station.now += timedelta(days=31)
    ben.sign_in("ben")
    assert not kept.exists()
    assert station.web.desk.draft("d", 1) is None
