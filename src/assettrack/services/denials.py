"""What a role did not allow, recorded without letting whoever asks again and again grow the log without end.

Owns when a denial is recorded: the first of an account at once; those within a minute of it are counted, and recorded
as one entry with ``times`` once the minute is over. None is left out. What is counted is in this process's memory: a
server that is killed loses the count of its last minute, and never that somebody was denied. Must never decide who may
do what.
"""

import threading
from datetime import datetime

import msgspec

from assettrack.domain.facts import Account
from assettrack.services import accounts
from assettrack.services.ports import Workplace

SECONDS = 60
"""So long after an account was denied something, further denials are counted and not recorded one by one."""

DETAILS_MAX = 3
"""So many different things that were asked for are named in an entry that counts several."""


class Denial(msgspec.Struct, frozen=True):
    """Somebody was denied something: which account, at which address, and what was asked for."""

    account: Account
    address: str
    detail: str


class _Minute(msgspec.Struct):
    """When the minute of an account began, the last denial in it, how many are not recorded yet, and of what."""

    began_at: datetime
    last: Denial
    times: int = 0
    details: list[str] = []

    def is_over(self, now: datetime) -> bool:
        """Tell whether it is over; where the clock was put back, it is."""
        return not 0 <= (now - self.began_at).total_seconds() < SECONDS

    def add(self, denial: Denial) -> None:
        """Count a denial."""
        self.last, self.times = denial, self.times + 1
        if denial.detail not in self.details and len(self.details) <= DETAILS_MAX:
            self.details.append(denial.detail)

    @property
    def detail(self) -> str:
        """What was asked for, in a line."""
        named = self.details[:DETAILS_MAX]
        return ", ".join([*named, "and more"] if len(self.details) > DETAILS_MAX else named)


class Denials:
    """The denials of one server; for all threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._minutes: dict[int, _Minute] = {}

    def tell(self, workplace: Workplace, denial: Denial) -> None:
        """Record that somebody was denied something, or count it.

        Raises:
            errors.AssetTrackError: it can't be recorded.
        """
        now, account_id = workplace.now(), denial.account.account_id
        with self._guard:  # held while it is recorded: what can't be recorded goes on being counted
            minute = self._minutes.get(account_id)
            is_new = minute is None or minute.is_over(now)
            minute = self._minutes[account_id] = minute or _Minute(now, denial)
            minute.add(denial)
            if is_new:
                _record(workplace, minute)
                self._minutes[account_id] = _Minute(now, denial)

    def settle(self, workplace: Workplace, *, everything: bool = False) -> None:
        """Record what was counted in minutes that are over, or in all of them because the server ends.

        Raises:
            errors.AssetTrackError: it can't be recorded; it goes on being counted.
        """
        if not self._minutes or not self._guard.acquire(blocking=everything):
            return  # so it is at nearly every request, and none waits for another's denial
        try:
            now = workplace.now()
            for account_id, minute in list(self._minutes.items()):
                if everything or minute.is_over(now):
                    if minute.times:
                        _record(workplace, minute)
                    del self._minutes[account_id]
        finally:
            self._guard.release()


def _record(workplace: Workplace, minute: _Minute) -> None:
    who = minute.last.account
    accounts.record_security_event(
        msgspec.structs.replace(workplace, operator=who.name), "access_denied", account=who,
        address=minute.last.address, detail=minute.detail, times=minute.times,
    )  # fmt: skip
