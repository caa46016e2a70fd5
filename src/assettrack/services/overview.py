"""What the first page tells: how much is issued and to whom, what needs a person, and what happened last.

Owns which figures these are. All of them come from counts and indexes: none reads the log, or every asset one by one.
"""

import threading
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

import msgspec

from assettrack.domain import station_deeds
from assettrack.domain.audit_log import AnyEntry
from assettrack.domain.entries.accounts import (
    ApiTokenEntry,
    ApiTokenRevokedEntry,
    CredentialEntry,
    SecondFactorEntry,
    SecurityEntry,
)
from assettrack.domain.entries.counts import CountStartEntry
from assettrack.domain.facts import Count
from assettrack.domain.holdings import CaseFill, Marks
from assettrack.services.accountability import CountsSaid
from assettrack.services.count_doubts import standing_doubts
from assettrack.services.counts import said
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.reports import Basis
from assettrack.services.stored_entries import decoded_body, entry_at
from assettrack.services.unaccepted import unaccepted

TOP_HOLDERS = 6
LATE_SHOWN = 5
COUNTS_SHOWN = 5
ENTRIES_SHOWN = 10

ENTRIES_LOOKED_AT = 300
"""So many of the latest entries are looked at for those to be shown."""

ABOUT_SIGNING_IN = (SecurityEntry, CredentialEntry, SecondFactorEntry, ApiTokenEntry, ApiTokenRevokedEntry)
"""What is left out of what happened last: with each sign-in it would crowd out the work. The log shows all of it."""


class TopHolder(NamedTuple):
    """A holder who has much: how many assets, and how many of them are overdue."""

    name: str
    assets: int
    overdue: int


class Late(NamedTuple):
    """An asset that was due back before today."""

    asset_tag: str
    holder: str
    due_on: str


class OpenCount(NamedTuple):
    """A count that goes on: what of, how many assets it expects, and since when (UTC text)."""

    count_id: int
    words: str
    expected: int
    started_at: str


class Custody(NamedTuple):
    """What is issued: how many assets to how many holders, and to whom most of it; how many are overdue."""

    issued: int
    holders: int
    overdue: int
    top: Sequence[TopHolder]
    late: Sequence[Late]
    inactive: int
    """How many holders who are not active have assets."""


class Storage(NamedTuple):
    """How many assets are in storage in no slot, and how full the cases are."""

    unslotted: int
    slots: int
    taken: int
    cases: int
    fullest: Sequence[CaseFill]
    known: int
    """How many assets the station knows, wherever they are."""


class Waiting(NamedTuple):
    """What somebody began and nobody ended: acceptances (None where the station asks for none), and counts.

    ``doubts`` are the assets of which a count says something against the record that nothing has settled.
    """

    acceptances: int | None
    doubts: int
    counts: int
    first_counts: Sequence[OpenCount]


class Overview(msgspec.Struct, frozen=True):
    """The figures of the first page, from a log of ``size`` entries on a date at the station."""

    size: int
    today: str
    custody: Custody
    storage: Storage
    waiting: Waiting
    latest: Sequence[AnyEntry]


class LatestOverview:
    """Makes the figures, and remembers them until an entry is added or a day begins; for all threads of a process."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._made: Overview | None = None

    def find(self, workplace: Workplace, counts_said: CountsSaid | None = None) -> Overview:
        """Return the figures as they are now; ``counts_said`` remembers what the counts that have ended say.

        Raises:
            station_errors.DatabaseDamaged: an entry that is needed can't be read.
        """
        with workplace.store.read() as snapshot:
            zone = workplace.zone(snapshot.station().timezone)
            today = workplace.now().astimezone(zone).date().isoformat()
            made = self._made
            if made is not None and (made.size, made.today) == (snapshot.log_size, today):
                return made
            fresh = overview_of(Basis(workplace, snapshot), counts_said)
        with self._guard:
            if self._made is None or (self._made.today, self._made.size) <= (fresh.today, fresh.size):
                self._made = fresh
        return fresh


def overview_of(basis: Basis, counts_said: CountsSaid | None = None) -> Overview:
    """Return the figures as they are now.

    Raises:
        station_errors.DatabaseDamaged: an entry that is needed can't be read.
    """
    snapshot, today = basis.snapshot, basis.today
    waiting = _waiting(basis, counts_said)
    return Overview(snapshot.log_size, today, _custody(snapshot, today), _storage(snapshot), waiting, _latest(snapshot))


def _latest(snapshot: Snapshot) -> list[AnyEntry]:
    bodies = snapshot.reports.latest(Marks(last=ENTRIES_LOOKED_AT))
    entries = (decoded_body(body, f"entry {seq}") for seq, body in bodies)
    return list(islice((entry for entry in entries if not isinstance(entry, ABOUT_SIGNING_IN)), ENTRIES_SHOWN))


def _custody(snapshot: Snapshot, today: str) -> Custody:
    assets: Counter[int] = Counter()
    late: Counter[int] = Counter()
    for count in snapshot.reports.held_counts(today):
        assets[count.holder_id] += count.assets
        late[count.holder_id] += count.overdue
    holders = {holder.holder_id: holder for holder in snapshot.all_holders()}
    most = sorted(assets, key=lambda number: (-assets[number], number))[:TOP_HOLDERS]
    top = [TopHolder(holders[number].name, assets[number], late[number]) for number in most]
    overdue = late.total()
    first = list(islice(snapshot.reports.overdue(today), LATE_SHOWN)) if overdue else []
    return Custody(
        assets.total(), len(assets), overdue, top,
        [Late(each.asset_tag, holders[each.holder_id].name, each.due_on or "") for each in first],
        sum(not holders[number].active for number in assets),
    )  # fmt: skip


def _storage(snapshot: Snapshot) -> Storage:
    """Return how storage is filled. What is in a slot is in storage, so the rest of what is there is in none."""
    fills = list(snapshot.reports.case_fills())
    taken = sum(fill.taken for fill in fills)
    statuses = snapshot.browsing.status_counts()
    stored = statuses.get("STORAGE", 0)
    fullest = sorted(fills, key=lambda fill: (-fill.taken / fill.slots, fill.case_name))[:TOP_HOLDERS]
    return Storage(
        stored - taken, sum(fill.slots for fill in fills), taken, len(fills), fullest, sum(statuses.values())
    )


def _waiting(basis: Basis, counts_said: CountsSaid | None) -> Waiting:
    snapshot = basis.snapshot
    asked = station_deeds.acceptance_rule(snapshot) != "off"
    acceptances = sum(1 for _ in snapshot.open_handovers()) + len(unaccepted(snapshot)) if asked else None
    going_on = [count for count in snapshot.facts(Count) if count.closed_seq is None]
    doubts = sum(1 for _ in standing_doubts(basis, counts_said))
    return Waiting(
        acceptances, doubts, len(going_on), [_open_count(snapshot, count) for count in going_on[-COUNTS_SHOWN:]]
    )


def _open_count(snapshot: Snapshot, count: Count) -> OpenCount:
    begun = entry_at(snapshot, count.started_seq, CountStartEntry)
    return OpenCount(count.count_id, said(snapshot, begun.scope).words, begun.expected, begun.recorded_at)
