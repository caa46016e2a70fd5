"""Waiting after failed sign-ins: how long a name, and an address, has to wait until the next try is looked at.

Owns the two rules. That of a name protects a password from guessing; it is strict, and only a success with that name,
or an admin, forgets its failures. That of an address protects all names from one guess each. Many honest people may
share an address (at a station that serves its own computer alone, all of them), so it begins late, never asks for long,
and its failures fade; that one of them succeeds says nothing about the others. Must never look at a password.
"""

from datetime import datetime, timedelta

import msgspec

from assettrack.domain import desk_errors
from assettrack.domain.accounts import is_account_name
from assettrack.domain.desk_rows import Failures
from assettrack.domain.holders import name_key, normal_name
from assettrack.domain.timestamps import utc_text
from assettrack.services.desk_ports import SessionShelf

FREE_FAILURES = 2
"""So many failures in a row with a name cost no waiting; each further one doubles it."""

WAIT_SECONDS_MAX = 900
FREE_FAILURES_OF_ADDRESS = 30
WAIT_SECONDS_MAX_OF_ADDRESS = 60
FADING_SECONDS = 60
"""After so long without another, an address has one failure less."""

KEPT = timedelta(days=1)
"""Failures are forgotten so long after the last of them: the longest wait is over by far."""

_ADDRESS = "address "
_NAME = "name "


class Try(msgspec.Struct, frozen=True):
    """A try that was counted: of which name and address, how many in a row with the name, and whether waiting began."""

    name: str
    address: str
    times: int
    throttled: bool


def begin_try(shelf: SessionShelf, name: str, address: str, now: datetime) -> Try:
    """Count a try as a failure before anything is checked.

    Counted only afterwards, any number of tries at once would be checked before the first of them was known to fail.

    Raises:
        desk_errors.SignInThrottled: it has to wait; nothing is counted.
    """
    subjects = (_of_name(name), f"{_ADDRESS}{address}")

    def look(subject: str, failed: Failures) -> tuple[Failures, int]:
        """Return the failures as they are now, and how many seconds they make the next try wait yet."""
        gone_by = int((now - datetime.fromisoformat(failed.last_at)).total_seconds())
        if gone_by < 0:  # the clock was put back: it counts as one of now
            failed, gone_by = Failures(failed.failures, utc_text(now)), 0
        failures = failed.failures
        if subject.startswith(_ADDRESS):
            failures = max(0, failures - gone_by // FADING_SECONDS)
        return Failures(failures, failed.last_at), wait_seconds(subject, failures) - gone_by

    seconds, counted = shelf.begin_try(subjects, utc_text(now), look)
    if seconds > 0:
        raise desk_errors.SignInThrottled(seconds)
    throttled = any(wait_seconds(subject, each.failures) for subject, each in zip(subjects, counted, strict=True))
    return Try(*subjects, counted[0].failures, throttled)


def succeed(shelf: SessionShelf, tried: Try, now: datetime) -> None:
    """Forget all failures with a name, because it was whoever has it, and that its address tried this time.

    What no name and no address has to wait for any more is forgotten as well: people sign in every day.
    """
    shelf.end_try(tried.name, tried.address)
    shelf.sweep_failures(utc_text(now - KEPT), utc_text(now))


def forget_name(shelf: SessionShelf, name: str) -> None:
    """Let the next try with a name wait for nothing, because an admin helps; addresses go on waiting."""
    shelf.forget_failures(_of_name(name))


def wait_seconds(subject: str, failures: int) -> int:
    """Return how long the next try of a name or an address has to wait after so many failures."""
    of_address = subject.startswith(_ADDRESS)
    over = failures - (FREE_FAILURES_OF_ADDRESS if of_address else FREE_FAILURES)
    if over <= 0:
        return 0
    return min(WAIT_SECONDS_MAX_OF_ADDRESS if of_address else WAIT_SECONDS_MAX, 2 << min(over - 1, 20))


def _of_name(name: str) -> str:
    """Return what failures with a name are counted under; all texts that can be no account's name are one."""
    clean = normal_name(name)
    return f"{_NAME}{name_key(clean)}" if is_account_name(clean) else _NAME
