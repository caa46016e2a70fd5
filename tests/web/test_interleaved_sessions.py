"""What one request does to a session while another is at work: each step in between is set by hand, none by chance.

The checking of a password, and the clock, are the real ones with a moment in which something else may happen.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
import pytest

from assettrack.domain import desk_errors
from assettrack.services import accounts, admission, sessions
from assettrack.services.account_ports import Passwords
from assettrack.services.ports import Workplace
from assettrack.services.sessions import Reception, Session, SignIn
from tests.web.visitors import PASSWORD, OpenStation, Visitor

HERE = "127.0.0.1"


class SlowPasswords:
    """Passwords that are checked as ever, and then something else happens before the answer is there."""

    def __init__(self, passwords: Passwords, meanwhile: Callable[[], object]) -> None:
        self._passwords = passwords
        self._meanwhile = meanwhile

    def hash(self, password: str) -> str:
        """Hash a password."""
        return self._passwords.hash(password)

    def matches(self, stored: str | None, password: str) -> bool:
        """Tell whether a password is the stored one; something else happens then."""
        is_right = self._passwords.matches(stored, password)
        self._meanwhile()
        return is_right


def slow(station: OpenStation, meanwhile: Callable[[], object]) -> Reception:
    """Return the station's reception, where something else happens while a password is checked."""
    reception = station.web.reception
    return msgspec.structs.replace(reception, passwords=SlowPasswords(reception.passwords, meanwhile))


def interrupted(station: OpenStation, meanwhile: Callable[[], object]) -> Workplace:
    """Return the workplace, where something else happens when it asks for the time for the first time."""
    left = [meanwhile]

    def now() -> datetime:
        for each in left[:]:
            left.clear()
            each()
        return station.tick()

    return msgspec.structs.replace(station.web.workplace, now=now)


def signed_in(station: OpenStation) -> str:
    """Sign Ben in; return what the browser holds."""
    station.account("ben", "operator")
    return sessions.sign_in(station.web.workplace, station.web.reception, SignIn("ben", PASSWORD, "", HERE))[0]


def session_of(station: OpenStation, token: str) -> Session:
    """Return a session that goes on."""
    found = sessions.resume(station.web.workplace, station.web.reception, token, at_work=False)
    assert found is not None
    return found


def locked(station: OpenStation, token: str) -> Session:
    """Lock a session; return it."""
    sessions.lock(station.web.workplace, station.web.reception, session_of(station, token))
    return session_of(station, token)


def sign_out_everywhere(station: OpenStation) -> None:
    """End all of Ben's sessions, as an admin does."""
    ben = accounts.require(station.workplace(), "ben")
    admission.end_sessions(station.workplace("root"), station.web.reception, ben)


def events(station: OpenStation, event: str) -> int:
    """Count the entries of an event at the door."""
    with station.workplace().store.read() as snapshot:
        return sum(f'"event":"{event}"' in record.body.decode() for record, _ in snapshot.records())


def test_a_session_that_is_ended_while_it_is_unlocked_stays_ended(station: OpenStation) -> None:
    """The password is right, and yet nobody is let in: an admin signed the account out meanwhile."""
    token = signed_in(station)
    session = locked(station, token)
    reception = slow(station, lambda: sign_out_everywhere(station))
    assert not sessions.unlock(station.web.workplace, reception, session, PASSWORD)
    assert sessions.resume(station.web.workplace, station.web.reception, token) is None
    assert station.web.desk.sessions_of(session.account.account_id) == []
    assert events(station, "session_unlocked") == 0


def test_whoever_unlocks_a_session_that_ended_is_sent_to_sign_in(station: OpenStation) -> None:
    """What was to be done after it is not offered: there is nobody to do it."""
    station.account("ben", "operator")
    web = msgspec.structs.replace(station.web, reception=slow(station, lambda: [each() for each in steps]))
    steps: list[Callable[[], None]] = []
    browser = Visitor(OpenStation(station.web.workplace, web, station.folder, station.loop))
    browser.sign_in("ben")
    browser.post("/lock")
    browser.get("/")
    steps.append(lambda: sign_out_everywhere(station))
    answer = browser.post("/unlock", {"password": PASSWORD, "wanted": "/holders", "is_deed": "1", "f.name": "Jane"})
    assert (answer.status_code, answer.headers.get("location")) == (303, "/sign-in?ended=1")
    browser.sign_in("ben")
    browser.post("/lock")
    browser.get("/")
    browser.follow(browser.post("/unlock", {"password": PASSWORD, "wanted": "/assets?q=a&b"}))
    assert "Your session has ended." in browser.words
    assert 'name="next" value="/assets?q=a&amp;b"' in browser.page
    assert browser.get("/").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_page_that_locked_itself_is_told_that_its_session_ended(station: OpenStation, when: str) -> None:
    """It would take a redirection for the way back; one that goes on is told so, and a wrong password as ever."""
    station.account("ben", "operator")
    web = msgspec.structs.replace(station.web, reception=slow(station, lambda: [each() for each in steps]))
    steps: list[Callable[[], None]] = []
    browser = Visitor(OpenStation(station.web.workplace, web, station.folder, station.loop))
    browser.sign_in("ben")
    browser.post("/lock")
    assert browser.post("/unlock", {"password": "wrong"}, hx_request="true").status_code == 401
    assert "is not right" in browser.words
    assert browser.post("/unlock", {"password": PASSWORD}, hx_request="true").status_code == 204
    browser.post("/lock")
    if when == "before":
        sign_out_everywhere(station)
    else:
        steps.append(lambda: sign_out_everywhere(station))
    answer = browser.post("/unlock", {"password": PASSWORD}, hx_request="true")
    assert (answer.status_code, answer.headers.get("hx-redirect")) == (401, "/sign-in?ended=1")


def test_a_session_that_another_tab_unlocked_meanwhile_is_open(station: OpenStation) -> None:
    """Both tabs go on, and it was unlocked once."""
    token = signed_in(station)
    session = locked(station, token)
    other = station.web.reception
    reception = slow(station, lambda: sessions.unlock(station.web.workplace, other, session, PASSWORD))
    assert sessions.unlock(station.web.workplace, reception, session, PASSWORD)
    assert not session_of(station, token).locked
    assert events(station, "session_unlocked") == 1


@pytest.mark.parametrize("seconds", [6, 700], ids=["at work", "idle too long"])
def test_a_session_that_is_signed_out_while_a_page_is_asked_for_stays_ended(station: OpenStation, seconds: int) -> None:
    """Neither that somebody is seen nor the idle lock brings it back, and no lock is recorded."""
    token = signed_in(station)
    session = session_of(station, token)
    station.now += timedelta(seconds=seconds)
    at = interrupted(station, lambda: sessions.sign_out(station.web.workplace, station.web.reception, session))
    assert sessions.resume(at, station.web.reception, token) is None
    assert sessions.resume(station.web.workplace, station.web.reception, token) is None
    assert (events(station, "signed_out"), events(station, "session_locked")) == (1, 0)


def test_a_lock_is_not_undone_by_a_page_that_was_asked_for_before(station: OpenStation) -> None:
    """The page read the session while it was open; it meets the lock, and leaves it."""
    token = signed_in(station)
    session = session_of(station, token)
    station.now += timedelta(seconds=6)
    at = interrupted(station, lambda: sessions.lock(station.web.workplace, station.web.reception, session))
    met = sessions.resume(at, station.web.reception, token)
    assert met is not None
    assert (met.locked, met.idle_left) == (True, 0)
    assert session_of(station, token).locked


def test_a_page_that_saw_an_idle_session_does_not_lock_it_once_it_was_unlocked(station: OpenStation) -> None:
    """The idle lock is for what was seen last long ago: somebody came back since that was read."""
    token = signed_in(station)
    station.now += timedelta(seconds=700)

    def come_back() -> None:
        met = session_of(station, token)
        assert met.locked
        assert sessions.unlock(station.web.workplace, station.web.reception, met, PASSWORD)

    met = sessions.resume(interrupted(station, come_back), station.web.reception, token)
    assert met is not None
    assert not met.locked
    assert met.idle_left >= station.web.reception.idle_seconds - 1
    assert events(station, "session_locked") == 1


def test_an_idle_session_is_locked_once_however_many_pages_meet_it(station: OpenStation) -> None:
    """A page that read it while it was open finds that another one has locked it: there is one entry."""
    token = signed_in(station)
    station.now += timedelta(seconds=700)
    met = sessions.resume(interrupted(station, lambda: session_of(station, token)), station.web.reception, token)
    assert met is not None
    assert met.locked
    assert events(station, "session_locked") == 1


def test_signing_out_twice_is_recorded_once(station: OpenStation) -> None:
    """Two tabs end the same session."""
    token = signed_in(station)
    session = session_of(station, token)
    for _ in range(2):
        sessions.sign_out(station.web.workplace, station.web.reception, session)
    assert events(station, "signed_out") == 1


def test_nobody_signs_in_with_a_password_that_is_replaced_meanwhile(station: OpenStation) -> None:
    """It was right when it was checked; the admin who gave another one has signed everybody out, and that holds."""
    station.account("ben", "operator")
    ben, root = (accounts.require(station.workplace(), name) for name in ("ben", "root"))
    reception = slow(
        station,
        lambda: admission.reset(station.workplace("root"), station.web.reception, account_id=ben.account_id, by=root),
    )
    with pytest.raises(desk_errors.SignInRefused):
        sessions.sign_in(station.web.workplace, reception, SignIn("ben", PASSWORD, "", HERE))
    assert station.web.desk.sessions_of(ben.account_id) == []
    assert events(station, "signed_in") == 0
