"""What happened at the door of a station: recorded so that nobody can say later that it did not.

Owns what may be said of such an event. It changes no state. Must never hold what somebody typed to get in: a person is
named only as the account that was meant.
"""

import msgspec

from assettrack.domain.account_deeds import require_account
from assettrack.domain.accounts import REMARK_LENGTH_MAX, is_remark
from assettrack.domain.deeds import Deed, Signoff, signed_by, single
from assettrack.domain.entries.accounts import SecurityEntry, SecurityEventKind
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.facts import KnownFacts
from assettrack.domain.findings import NotAllowed
from assettrack.domain.state import Again, State, signoff_of


class SecurityEvent(msgspec.Struct, frozen=True):
    """Something that happened: of which account, from which network address, with what remark, how often in a row."""

    event: SecurityEventKind
    account_id: int | None = None
    address: str | None = None
    detail: str | None = None
    times: int = 1


def record_event(known: KnownFacts, happened: SecurityEvent, seq: int, signoff: Signoff) -> Deed:
    """Record that something happened at the door.

    Raises:
        NotAllowed: there is no such account, a text is none of one line, or it never happened.
    """
    for field, text in (("address", happened.address), ("detail", happened.detail)):
        if text is not None and not is_remark(text):
            raise NotAllowed("event_text_invalid", field, what=field, limit=REMARK_LENGTH_MAX)
    if happened.times < 1:
        raise NotAllowed("event_times_invalid", "times", times=happened.times)
    account = None if happened.account_id is None else require_account(known, happened.account_id)
    name = None if account is None else account.name
    return single(SecurityEntry(seq, name=name, **msgspec.structs.asdict(happened), **signed_by(signoff)))


def record_event_again(entry: SecurityEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    happened = SecurityEvent(entry.event, entry.account_id, entry.address, entry.detail, entry.times)
    return record_event(state, happened, entry.seq, signoff_of(entry))


AGAIN: dict[type[DeedEntry], Again] = {SecurityEntry: record_event_again}
"""How the replay decides each kind of entry once more."""
