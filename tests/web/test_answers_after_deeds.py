"""The desk fails right after a deed is in the log: the answer is that of the deed, and the desk catches up later."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assettrack.domain import station_errors
from assettrack.services import accounts
from assettrack.store.connection import BUSY_SECONDS
from tests.web import handing_over
from tests.web.handing_over import JANE, listed, size, stocked, where
from tests.web.test_intake_pages import at_the_desk, code, scan
from tests.web.test_twice_is_once import fields
from tests.web.visitors import PASSWORD, OpenStation, Visitor, open_station

DENIED = "Nothing was saved"
NEW_PASSWORD = "another made-up password"
FILE = b"asset_tag,timestamp,event_type,operator_id,equipment_type\nLT-1,2026-07-01T10:00:00Z,SCAN,ben,laptop\n"


@contextmanager
def desk_busy_at(station: OpenStation, *steps: str) -> Iterator[list[str]]:
    """Let another process keep the desk's file while the station takes these steps; yield those it tried."""
    desk, tried = station.web.desk, list[str]()

    def busy(step: str) -> Callable[..., None]:
        def refuse(*_: object, **__: object) -> None:
            tried.append(step)
            raise station_errors.DatabaseBusy(BUSY_SECONDS)

        return refuse

    for step in steps:
        setattr(desk, step, busy(step))
    try:
        yield tried
    finally:
        for step in steps:
            delattr(desk, step)


def test_a_batch_that_is_committed_is_shown_though_its_queue_could_not_be_closed(station: OpenStation) -> None:
    """The second click leads to it as well, and once the desk is free the queue is closed."""
    ben = at_the_desk(station)
    scan(ben, "LT-1", "LT-2")
    ben.get("/intake/check")
    form = code(ben)
    with desk_busy_at(station, "close_queue") as tried:
        answer = ben.post("/intake/commit", form)
        assert (answer.status_code, answer.headers["location"], tried) == (303, "/batches/1", ["close_queue"])
        assert ben.follow(answer).status_code == 200
        assert ben.post("/intake/commit", form).headers["location"] == "/batches/1"
        assert ben.get("/intake/check").headers["location"] == "/batches/1"
        scan(ben, "LT-3")
        assert "Queue: 1 to commit" in ben.words
        assert "Your 2 scans were committed as batch 1." in ben.words
        ben.get("/")
        assert "1 scan waits in your queue" in ben.words
    ben.get("/intake")
    assert "Queue: 1 to commit" in ben.words
    assert where(station, "LT-1") == "in CASE-01 slot 1"
    ben.get("/intake/check")
    assert ben.post("/intake/commit", code(ben)).headers["location"] == "/batches/2"


def test_a_refusal_is_told_though_the_queue_could_not_be_freed(station: OpenStation) -> None:
    """Why nothing was committed is what a person needs; the queue is free at its next use."""
    ben = at_the_desk(station)
    scan(ben, "LT-1")
    ben.get("/intake/check")
    form = code(ben)
    scan(ben, "LT-2")
    with desk_busy_at(station, "end_commit") as tried:
        assert ben.post("/intake/commit", form).status_code == 409
        assert "changed since you looked" in ben.words
        assert tried == ["end_commit"]
    ben.get("/intake/check")
    assert ben.post("/intake/commit", code(ben)).status_code == 303


def test_an_issue_is_answered_though_its_list_could_not_be_noted(station: OpenStation) -> None:
    """The second click leads to the same batch, and the next list is empty."""
    stocked(station)
    ben = handing_over.at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    ben.get("/issue/acceptance")
    ben.follow(ben.post("/issue/acceptance", {"how": "paper"}))
    form = handing_over.form_of(ben)
    before = size(station)
    with desk_busy_at(station, "answer_draft") as tried:
        answer = ben.post("/issue/commit", form)
        assert (answer.status_code, tried) == (303, ["answer_draft"])
        assert ben.post("/issue/commit", form).headers["location"] == answer.headers["location"]
        assert ben.follow(answer).status_code == 200
        assert ben.get("/issue").status_code in {200, 303}
    after = size(station)
    assert after > before
    assert ben.post("/issue/commit", form).headers["location"] == answer.headers["location"]
    assert size(station) == after


def test_a_form_that_is_done_is_answered_though_that_could_not_be_noted(station: OpenStation) -> None:
    """Sent again, it is done no more, and leads to where it can be seen."""
    ada = station.visitor("ada", "admin")
    ada.get("/cases")
    form = {**fields(ada, "/cases"), "name": "CASE-07", "count": "4"}
    with desk_busy_at(station, "keep_answer") as tried:
        answer = ada.post("/cases", form)
        assert (answer.status_code, tried) == (303, ["keep_answer"])
        assert DENIED not in (ada.follow(answer), ada.words)[1]
    before = size(station)
    assert ada.post("/cases", form).status_code == 303
    assert size(station) == before


def test_a_form_that_is_refused_says_why_though_that_could_not_be_forgotten(station: OpenStation) -> None:
    """And it can be sent again."""
    station.case("CASE-07", 4)
    ada = station.visitor("ada", "admin")
    ada.get("/cases")
    form = {**fields(ada, "/cases"), "name": "CASE-07", "count": "5"}
    with desk_busy_at(station, "forget_answer") as tried:
        assert ada.post("/cases", form).status_code == 409
        assert (tried, "CASE-07" in ada.words, "in a moment" in ada.words) == (["forget_answer"], True, False)
    assert ada.post("/cases", form).status_code == 409
    like_a_card = {**form, "name": "at 7"}
    assert ada.post("/cases", like_a_card).status_code == 422
    assert "is read as a scan card; choose another name" in ada.words


def shown_password(visitor: Visitor) -> str:
    """Return the one-time password that the page shows."""
    found = re.search(r'class="secret"[^>]*>([^<]+)<', visitor.page)
    assert found is not None, visitor.words
    return found[1]


STEPS = ("keep_answer", "keep_preference", "forget_failures")


def test_a_one_time_password_is_shown_though_the_desk_is_busy(station: OpenStation) -> None:
    """Of a new account and of one that is reset, and again where the form is sent again; it lets the person in."""
    ada = station.visitor("ada", "admin")
    ada.get("/people")
    form = {**fields(ada, "/people"), "name": "zoe", "role": "operator"}
    with desk_busy_at(station, *STEPS):
        first = ada.post("/people", form)
        ada.follow(first)
        made = shown_password(ada)
    ada.follow(ada.post("/people", form))
    assert shown_password(ada) == made
    ada.get("/people/2")
    reset = fields(ada, "/people/2/reset")
    with desk_busy_at(station, *STEPS) as tried:
        ada.follow(ada.post("/people/2/reset", reset))
        again = shown_password(ada)
        assert "keep_answer" in tried
    assert again != made
    assert station.visitor().sign_in("zoe", again).status_code == 303


def test_sessions_that_can_not_be_ended_are_said_before_a_password_is_reset(station: OpenStation) -> None:
    """Nothing was saved then, as it is said."""
    ada = station.visitor("ada", "admin")
    station.visitor("zoe")
    ada.get("/people/2")
    before = size(station)
    with desk_busy_at(station, "end_sessions_of"):
        assert ada.post("/people/2/reset", fields(ada, "/people/2/reset")).status_code == 503
        assert DENIED in ada.words
    assert size(station) == before


def test_a_password_that_is_changed_is_not_denied_where_sessions_go_on(station: OpenStation) -> None:
    """The page says both: that it is changed, and that what was signed in with the old one is still to be ended."""
    zoe, elsewhere = station.visitor("zoe"), station.visitor("zoe")
    zoe.get("/password")
    form = {**fields(zoe, "/password"), "old": PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    with desk_busy_at(station, "end_sessions_of") as tried:
        zoe.follow(zoe.post("/password", form))
    assert tried == ["end_sessions_of"]
    assert "Your password is changed. But what was signed in with the old one could not be ended." in zoe.words
    assert DENIED not in zoe.words
    assert elsewhere.get("/account").status_code == 200
    assert station.visitor().sign_in("zoe", NEW_PASSWORD).status_code == 303
    zoe.post("/account/sessions/end", fields(zoe, "/account/sessions/end"))
    assert elsewhere.get("/account").status_code == 303


def test_an_account_whose_password_was_never_shown_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server ended after the account was made: the form sent again leads to the account, and says what to do."""
    with open_station(tmp_path) as station:
        ada = station.visitor("ada", "admin")
        ada.get("/people")
        form = {**fields(ada, "/people"), "name": "zoe", "role": "operator"}
        with monkeypatch.context() as ending:
            ending.setattr(accounts, "reset_with_one_time_password", power_goes)
            assert ada.post("/people", form).status_code == 500
    with open_station(tmp_path) as station:
        ada = station.visitor("ada")
        answer = ada.post("/people", {**form, "form_token": ada.form_token})
        assert answer.headers["location"] == "/people/2?unshown=1"
        ada.follow(answer)
        assert "zoe has an account, but its one-time password was not shown" in ada.words
        assert "Make a one-time password" in ada.words
        ada.get("/people/2")
        assert "was not shown" not in ada.words


@pytest.mark.parametrize(
    ("page", "form", "back", "said"),
    [
        (
            "/people",
            {"name": "zoe", "role": "operator"},
            "/people?unshown=1",
            "the account was not made. Make it again",
        ),
        ("/account", {"label": "x", "password": PASSWORD}, "/account?unshown=1", "before the token was shown"),
    ],
)
def test_what_was_begun_and_not_shown_is_said_not_to_be(
    station: OpenStation, page: str, form: dict[str, str], back: str, said: str
) -> None:
    """The server ended in the middle, and others went on: the form sent again says what is to be done."""
    ada = station.visitor("ada", "admin")
    ada.get(page)
    action = page if page == "/people" else "/account/tokens"
    sent = {**fields(ada, action), **form}
    with pytest.MonkeyPatch.context() as ending:
        ending.setattr(accounts, "register", power_goes)
        ending.setattr(accounts, "make_token", power_goes)
        assert ada.post(action, sent).status_code == 500
    station.case("CASE-01", 4)
    ada.get(page)
    answer = ada.post(action, sent)
    assert answer.headers["location"] == back
    assert said in (ada.follow(answer), ada.words)[1]


def test_a_file_that_is_committed_is_shown_though_that_could_not_be_noted(station: OpenStation) -> None:
    """The second click leads to the same batch: the rows of the file tell it."""
    ben = at_the_desk(station)
    ben.get("/intake/upload")
    ben.follow(ben.upload("/intake/upload", "scans.csv", FILE))
    draft = re.search(r'action="(/intake/files/[0-9a-f]+)/commit"', ben.page)
    confirm = re.search(r'name="confirm" value="([^"]+)"', ben.page)
    assert draft is not None
    assert confirm is not None
    with desk_busy_at(station, "answer_draft") as tried:
        for _ in range(2):
            answer = ben.post(f"{draft[1]}/commit", {"confirm": confirm[1]})
            assert answer.headers["location"] == "/batches/1"
        assert ben.get(draft[1]).headers["location"] == "/batches/1"
        assert tried == ["answer_draft"] * 3
    assert ben.post(f"{draft[1]}/commit", {"confirm": confirm[1]}).headers["location"] == "/batches/1"


def power_goes(*_: object, **__: object) -> None:
    """End the request, as nothing that the station knows would."""
    raise RuntimeError
