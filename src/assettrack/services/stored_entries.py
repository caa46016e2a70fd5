"""Entries as they are read back from the log to work with: decoded, and of the kind that refers to them.

Owns what is said where an entry that the tables refer to is gone, can't be read or is another: the database is damaged.
Verifying has words of its own, because it looks for damage. Must never write.
"""

from collections.abc import Iterator
from typing import TypeVar

from assettrack.domain import station_errors
from assettrack.domain.audit_log import AnyEntry, decode_body
from assettrack.domain.deeds import Record
from assettrack.domain.entries.base import Entry, NotAnEntry
from assettrack.services.ports import Snapshot

Kind = TypeVar("Kind", bound=Entry)


def decoded(record: Record) -> AnyEntry:
    """Return the entry that a stored body states.

    Raises:
        station_errors.DatabaseDamaged: it states none.
    """
    return decoded_body(record.body, f"entry {record.seq}")


def decoded_body(body: bytes, which: str = "an entry") -> AnyEntry:
    """Return the entry that a stored body states; ``which`` one it is, where it states none.

    Raises:
        station_errors.DatabaseDamaged: it states none.
    """
    try:
        return decode_body(body)
    except NotAnEntry as error:
        raise station_errors.DatabaseDamaged(f"{which} of the log can't be read ({error})") from error


def records_between(snapshot: Snapshot, first_seq: int, last_seq: int) -> Iterator[Record]:
    """Yield the records of these entries, both ends included.

    Raises:
        station_errors.DatabaseDamaged: one of them is gone.
    """
    expected = first_seq
    for record, _ in snapshot.records(first_seq, last_seq):
        if record.seq != expected:
            break
        yield record
        expected += 1
    if expected <= last_seq:
        raise station_errors.DatabaseDamaged(f"entry {expected} of the log is gone")


def record_at(snapshot: Snapshot, seq: int) -> Record:
    """Return the record of an entry.

    Raises:
        station_errors.DatabaseDamaged: it is gone.
    """
    (record,) = records_between(snapshot, seq, seq)
    return record


def entry_at(snapshot: Snapshot, seq: int, kind: type[Kind]) -> Kind:
    """Return an entry that must be of this kind.

    Raises:
        station_errors.DatabaseDamaged: it is gone, can't be read or is of another kind.
    """
    entry = decoded(record_at(snapshot, seq))
    if not isinstance(entry, kind):
        raise not_what_it_should_be(seq)
    return entry


def not_what_it_should_be(seq: int) -> station_errors.DatabaseDamaged:
    """Return what is raised where an entry is not the one that something refers to."""
    return station_errors.DatabaseDamaged(f"entry {seq} of the log is not what it should be")
