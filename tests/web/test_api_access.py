"""Who may call what by program: every operation with each role's token, and with none that is good."""

from datetime import timedelta

import pytest

from assettrack.domain.audit_log import decode_body
from assettrack.domain.entries.accounts import SecurityEntry
from assettrack.services import accounts, audit
from assettrack.services.accounts import WantedAccount
from assettrack.services.denials import SECONDS
from assettrack.web.guard import API
from assettrack.web.permissions import ROLES, Permission, allows
from tests.web.api_callers import Caller
from tests.web.test_permissions import routes_of
from tests.web.visitors import ORIGIN, OpenStation


def operations(station: OpenStation) -> list[tuple[str, str, Permission]]:
    """Return method, address and need of every operation of the interface."""
    found = [each for each in routes_of(station.app) if each[1].startswith(API)]
    assert len(found) > 25
    return found


@pytest.mark.parametrize("role", sorted(ROLES))
def test_no_token_does_more_than_its_role_may(station: OpenStation, role: str) -> None:
    """403 where the role lacks what the operation needs, recorded in the log; and never else."""
    caller = Caller(station, f"the {role}", role)
    wrong, denied = [], 0
    for method, path, needed in operations(station):
        before = audit.log_size(station.workplace())
        answer = caller.request(method, path, content=b"{}" if method == "POST" else None)
        if (answer.status_code == 403) == allows(role, needed) or answer.status_code >= 500:
            wrong.append((method, path, needed, answer.status_code))
        if answer.status_code == 403:
            assert answer.json()["error"]["code"] == "access_denied"
            denied += 1
            assert audit.log_size(station.workplace()) - before == (1 if denied == 1 else 0)
    assert wrong == []
    station.now += timedelta(seconds=SECONDS)
    caller.request("GET", "/api/station")
    assert recorded_denials(station) == denied


def recorded_denials(station: OpenStation) -> int:
    """How many denials the log tells of: the first of a minute by itself, the rest of it in one entry."""
    with station.workplace().store.read() as snapshot:
        entries = [decode_body(body) for body in snapshot.deeds_of_kind("SECURITY")]
    return sum(entry.times for entry in entries if isinstance(entry, SecurityEntry) and entry.event == "access_denied")


def test_the_rarer_deeds_are_for_those_who_may(station: OpenStation) -> None:
    """Preparing cases and emptying slots are an admin's, a checkpoint is an auditor's; whoever may look may read."""
    needs: dict[Permission, set[str]] = {}
    for method, path, needed in operations(station):
        needs.setdefault(needed, set()).add(f"{method} {path}")
    assert needs[Permission.ADMIN] == {"POST /api/cases", "POST /api/slots/vacate"}
    assert needs[Permission.AUDIT] == {"GET /api/audit/checkpoint"}
    assert {each.partition(" ")[0] for each in needs[Permission.VIEW]} == {"GET"}
    assert needs.keys() == {Permission.VIEW, Permission.OPERATE, Permission.AUDIT, Permission.ADMIN}


def test_without_a_good_token_nothing_is_reached(station: OpenStation) -> None:
    """No token, one that was never made, one that was revoked, one of somebody who left, a browser's session: 401."""
    admin, gone = Caller(station), Caller(station, "gus", "admin")
    revoked = Caller(station, "rita", "admin")
    rita = accounts.tokens_of(station.workplace(), "rita")
    accounts.revoke_token(station.workplace(), rita[0].token_id)
    accounts.change(station.workplace(), "gus", WantedAccount(active=False, reason="left"))
    browser = station.visitor("ann")
    for method, path, _ in operations(station):
        for header in ("", admin.token, f"Basic {admin.token}", "Bearer ", f"Bearer {admin.token}x",
                       f"Bearer at_{'A' * 43}", f"Bearer {gone.token}", f"Bearer {revoked.token}"):  # fmt: skip
            headers = {"authorization": header} if header else {}
            answer = browser.ask(method, path, headers=headers, content=b"{}" if method == "POST" else None)
            error = answer.json()["error"]
            assert (answer.status_code, error["code"], error["saved"]) == (401, "token_missing", False), (path, header)
            assert answer.headers["www-authenticate"] == "Bearer"


def test_a_token_of_a_one_time_password_is_not_good(station: OpenStation) -> None:
    """Whoever must change the password first can't go round it by program."""
    ann = Caller(station)
    reception = station.web.reception
    accounts.reset_with_one_time_password(
        station.workplace(), reception.passwords, name="ann", chance=station.web.chance
    )
    assert ann.request("GET", "/api/station").status_code == 401


@pytest.mark.parametrize(
    ("method", "headers", "status", "code"),
    [
        ("POST", {"origin": "https://evil.example"}, 403, "origin_refused"),
        ("POST", {"sec-fetch-site": "cross-site"}, 403, "origin_refused"),
        ("GET", {"host": "evil.example"}, 421, "host_unknown"),
        ("DELETE", {"origin": ORIGIN}, 405, "method_not_allowed"),
    ],
)
def test_the_guard_tells_programs_in_their_form(
    station: OpenStation, method: str, headers: dict[str, str], status: int, code: str
) -> None:
    """A page of another site, another name and another method get nothing, and the answer is an error object."""
    answer = Caller(station).request(method, "/api/holders", headers=headers, json={"name": "Jane Smith"})
    assert (answer.status_code, answer.json()["error"]["code"], answer.json()["error"]["saved"]) == (
        status,
        code,
        False,
    )
