"""Whether a caller still may do something is judged in the transaction that writes it."""

from collections.abc import Callable

import pytest

from assettrack.domain import desk_errors
from assettrack.domain.account_deeds import text_hash
from assettrack.services import accounts, admission, audit, slots
from assettrack.services.accounts import WantedAccount
from assettrack.web.failures import status_of
from assettrack.web.permissions import Permission
from assettrack.web.standing import Standing
from assettrack.web.station import Visit
from tests.web.test_people_pages import number
from tests.web.test_slow_bodies import deactivate, make_viewer, reset
from tests.web.visitors import OpenStation


def let_in(station: OpenStation, needed: Permission = Permission.OPERATE, token: str = "") -> Visit:
    """Return a request of an operator that was let in."""
    account = accounts.require(station.workplace(), "ben")
    standing = Standing(text_hash(token)) if token else Standing()
    return Visit(station.web, needed, "127.0.0.1", None, account, standing=standing)


@pytest.mark.parametrize("change", [deactivate, make_viewer, reset])
def test_nothing_is_written_by_whom_it_was_forbidden_after_they_were_let_in(
    station: OpenStation, change: Callable[[OpenStation, str], None]
) -> None:
    """The log has no entry by somebody after the one that took the right from them."""
    station.account("ben", "operator")
    visit = let_in(station)
    change(station, "ben")
    before = audit.log_size(station.workplace())
    with pytest.raises(desk_errors.CallerBarred, match="ben may not do this any more"):
        slots.initialise_cases(visit.workplace, [("CASE-09", 3)])
    assert audit.log_size(station.workplace()) == before


def test_nothing_is_written_with_a_token_that_was_revoked_meanwhile(station: OpenStation) -> None:
    """It is the token that lets a program in, whatever its account may."""
    station.account("ben", "operator")
    made = accounts.make_token(station.workplace(), name="ben", label="a program", chance=station.web.chance)
    visit, person = let_in(station, token=made.text), let_in(station)
    slots.initialise_cases(visit.workplace, [("CASE-08", 3)])
    accounts.revoke_token(station.workplace(), made.token.token_id)
    with pytest.raises(desk_errors.CallerBarred):
        slots.initialise_cases(visit.workplace, [("CASE-09", 3)])
    slots.initialise_cases(person.workplace, [("CASE-09", 3)])


def test_who_needs_only_be_signed_in_writes_with_a_one_time_password(station: OpenStation) -> None:
    """Else nobody could change it for one of their own; an account that is not active can't do that either."""
    station.account("ben", "operator")
    reset(station, "ben")
    visit = let_in(station, Permission.SIGNED_IN)
    slots.initialise_cases(visit.workplace, [("CASE-09", 3)])
    deactivate(station, "ben")
    with pytest.raises(desk_errors.CallerBarred):
        slots.initialise_cases(visit.workplace, [("CASE-10", 3)])


def test_what_was_begun_and_can_not_be_undone_is_recorded_all_the_same(station: OpenStation) -> None:
    """A scanner that was cleared is clear: its entry bears the name of whoever did it."""
    station.account("ben", "operator")
    visit = let_in(station)
    deactivate(station, "ben")
    before = audit.log_size(station.workplace())
    slots.initialise_cases(visit.workplace_once_begun, [("CASE-09", 3)])
    entry = list(audit.entries(station.workplace(), before + 1, None))[-1]
    assert b'"operator":"ben"' in entry


def test_who_ends_their_own_account_still_records_what_follows_from_it(station: OpenStation) -> None:
    """That all its sessions ended is an entry of the same request; the next request does nothing any more."""
    station.account("ada", "admin")
    rex = station.visitor("rex", "admin")
    rex.get(f"/people/{number(station, 'rex')}")
    answer = rex.post(f"/people/{number(station, 'rex')}/deactivate", {"reason": "leaving"})
    assert answer.status_code == 303
    entries = list(audit.entries(station.workplace(), 1, None))
    assert b'"sessions_revoked"' in entries[-1]
    assert b'"operator":"rex"' in entries[-1]


def test_a_deed_that_failed_takes_no_right_and_gives_none(station: OpenStation) -> None:
    """Who was about to end their own account, and could not, is judged as before."""
    station.account("ben", "operator")
    visit = let_in(station)
    account = accounts.require(station.workplace(), "ben")
    with pytest.raises(desk_errors.DraftGone), visit.workplace.store.write():
        raise desk_errors.DraftGone
    deactivate(station, "ben")
    with pytest.raises(desk_errors.CallerBarred):
        admission.change(
            visit.workplace, station.web.reception, account.account_id, WantedAccount(active=True, reason="back")
        )


def test_who_is_barred_is_answered_as_who_may_not() -> None:
    """It is the caller that is refused, and not what the deed would have been."""
    assert status_of(desk_errors.CallerBarred("ben")) == 403
