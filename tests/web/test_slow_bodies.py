"""Who may not do something any more when the last of a request has come, does not do it."""

import secrets
from collections.abc import Callable

import pytest

from assettrack.services import accounts, admission, audit
from assettrack.services.accounts import WantedAccount
from tests.web.api_callers import CSV, Caller, batch, scan
from tests.web.test_intake_pages import at_the_desk, code
from tests.web.test_intake_pages import scan as scan_in
from tests.web.visitors import ORIGIN, OpenStation, Visitor

HERE = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}


def about_to_commit(station: OpenStation, name: str = "ben") -> tuple[Visitor, dict[str, str]]:
    """Check a queue of one scan; return who did, and what the form to commit it would send."""
    visitor = at_the_desk(station, name)
    scan_in(visitor, "LT-1")
    visitor.get("/intake/check")
    return visitor, {**code(visitor), "form_token": visitor.form_token}


def deactivate(station: OpenStation, name: str) -> None:
    """Let an account do nothing any more, as an admin does."""
    wanted = WantedAccount(active=False, reason="left")
    admission.change(station.workplace(), station.web.reception, number(station, name), wanted)


def make_viewer(station: OpenStation, name: str) -> None:
    """Let an account only look, as an admin does."""
    wanted = WantedAccount(role="viewer", reason="moved")
    admission.change(station.workplace(), station.web.reception, number(station, name), wanted)


def reset(station: OpenStation, name: str) -> None:
    """Give an account a one-time password, as an admin does."""
    admission.reset_by_name(station.workplace(), station.web.reception, name)


def number(station: OpenStation, name: str) -> int:
    """The number of an account."""
    return accounts.require(station.workplace(), name).account_id


def batches(station: OpenStation) -> int:
    """How many batches the log has."""
    return sum(b'"BATCH"' in body for body in audit.entries(station.workplace(), 1, None))


@pytest.mark.parametrize(
    ("change", "status", "leads_to"),
    [(deactivate, 303, "/sign-in?ended=1"), (make_viewer, 403, ""), (reset, 303, "/sign-in?ended=1")],
)
@pytest.mark.parametrize("by_header", [False, True])
def test_a_deed_is_refused_to_whom_it_was_forbidden_while_it_was_sent(
    station: OpenStation,
    change: Callable[[OpenStation, str], None],
    status: int,
    leads_to: str,
    by_header: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Deactivated, of another role, or signed out everywhere: the answer is that of one who asks only then."""
    ben, form = about_to_commit(station)
    headers = {**HERE, "x-form-token": form.pop("form_token")} if by_header else HERE
    answer = ben.send_slowly("/intake/commit", lambda: change(station, "ben"), headers=headers, data=form)
    assert (answer.status_code, answer.headers.get("location", "")) == (status, leads_to)
    assert batches(station) == 0


def test_a_session_that_locks_while_a_form_is_sent_is_locked_for_it(station: OpenStation) -> None:
    """What was to be done is offered again after the password, and nothing of it is done."""
    ben, form = about_to_commit(station)
    other = {"form_token": form["form_token"]}
    answer = ben.send_slowly(
        "/intake/commit", lambda: ben.ask("POST", "/lock", data=other, headers=HERE), headers=HERE, data=form
    )
    assert answer.status_code == 401
    assert form["confirm"] in answer.text
    assert batches(station) == 0


def test_a_form_that_comes_slowly_is_done_for_whom_nothing_changed(station: OpenStation) -> None:
    """Slowness alone takes nobody's right."""
    ben, form = about_to_commit(station)
    answer = ben.send_slowly("/intake/commit", lambda: None, headers=HERE, data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/batches/1")


def test_who_is_an_admin_no_more_makes_no_account_and_is_told_no_password(station: OpenStation) -> None:
    """Neither is the account there, nor leads anything to its one-time password."""
    station.account("ada", "admin")
    rex = station.visitor("rex", "admin")
    rex.get("/people")
    form = {"form_token": rex.form_token, "form": secrets.token_hex(16), "name": "Eve", "role": "admin"}
    answer = rex.send_slowly("/people", lambda: make_viewer(station, "rex"), headers=HERE, data=form)
    assert answer.status_code == 403
    assert accounts.named(station.workplace(), "Eve") is None


@pytest.mark.parametrize("change", [deactivate, make_viewer, "revoke"])
def test_a_program_commits_nothing_with_what_was_taken_from_it_while_it_sent(
    station: OpenStation, change: Callable[[OpenStation, str], None] | str
) -> None:
    """A token that was revoked, or whose account may not any more, is good for nothing when the file has come."""
    station.case("CASE-01", 4)
    ann = Caller(station, "ann", "operator")

    def meanwhile() -> None:
        if callable(change):
            change(station, "ann")
        else:
            accounts.revoke_all_tokens(station.workplace(), "ann")

    headers = {"authorization": f"Bearer {ann.token}", **CSV}
    answer = station.visitor().send_slowly(
        "/api/commit?yes=true", meanwhile, headers=headers, content=batch(scan("LT-1", 1))
    )
    expected = (403, "access_denied") if change is make_viewer else (401, "token_missing")
    assert (answer.status_code, answer.json()["error"]["code"]) == expected
    assert batches(station) == 0


def test_a_page_of_what_is_told_once_is_for_whom_it_could_be_made(station: OpenStation) -> None:
    """An admin who became a viewer is not shown the one-time password that they asked for as an admin."""
    station.account("ada", "admin")
    rex = station.visitor("rex", "admin")
    rex.get("/people")
    made = rex.post("/people", {"name": "Eve", "role": "operator"})
    assert made.headers["location"].startswith("/once/")
    make_viewer(station, "rex")
    answer = rex.get(made.headers["location"])
    assert answer.status_code == 403
    assert 'class="secret' not in answer.text
