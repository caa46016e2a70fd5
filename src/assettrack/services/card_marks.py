"""The marks of the cards of holders and accounts: from the entries of the log that registered them.

Owns finding those entries. Looks no further than the last one that is asked for; must never be asked for nobody's sake.
"""

from collections.abc import Collection, Iterator, Mapping

from assettrack.domain import station_errors
from assettrack.domain.card_marks import mark_of
from assettrack.domain.entries.accounts import AccountEntry
from assettrack.domain.entries.people import HolderEntry
from assettrack.domain.entries.rows import BatchEntry
from assettrack.services.ports import Snapshot
from assettrack.services.stored_entries import decoded_body, entry_at, records_between


def marks_of_holders(snapshot: Snapshot, numbers: Collection[int]) -> Mapping[int, str]:
    """Return the marks of registered holders by number.

    Raises:
        station_errors.DatabaseDamaged: an entry that was looked at can't be read, or the log registers one of them not.
    """
    return _marks(snapshot, numbers, registrations(snapshot), HolderEntry)


def marks_of_accounts(snapshot: Snapshot, numbers: Collection[int]) -> Mapping[int, str]:
    """Return the marks of registered accounts by number.

    Raises:
        station_errors.DatabaseDamaged: an entry that was looked at can't be read, or the log registers one of them not.
    """
    return _marks(snapshot, numbers, snapshot.deeds_of_kind("ACCOUNT"), AccountEntry)


def _marks(
    snapshot: Snapshot, numbers: Collection[int], bodies: Iterator[bytes], kind: type[HolderEntry | AccountEntry]
) -> Mapping[int, str]:
    missing, marks = set(numbers), dict[int, str]()
    public_key = snapshot.station().public_key if missing else ""
    while missing:
        body = next(bodies, None)
        if body is None:
            raise station_errors.DatabaseDamaged(f"its log does not say who got the number {min(missing)}")
        entry = decoded_body(body)
        number = _number(entry) if isinstance(entry, kind) else 0
        if number in missing:
            missing.remove(number)
            marks[number] = mark_of(public_key, body)
    return marks


def _number(entry: HolderEntry | AccountEntry) -> int:
    return entry.holder_id if isinstance(entry, HolderEntry) else entry.account_id


def registrations(snapshot: Snapshot) -> Iterator[bytes]:
    """Yield the bodies of the entries that registered holders: those alone, then those of batches."""
    yield from snapshot.deeds_of_kind("HOLDER")
    for first_seq in snapshot.batches_with_holders():
        registered = entry_at(snapshot, first_seq, BatchEntry).new_holders
        for record in records_between(snapshot, first_seq + 1, first_seq + registered):
            yield record.body
