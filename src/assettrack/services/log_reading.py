"""The log as somebody reads it page by page, the latest entries first, and one entry with its proof.

Owns how far one page looks: a page is made in the same time however long the log is. Writes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

import msgspec

from assettrack.domain.audit_log import AnyEntry
from assettrack.domain.deeds import Record
from assettrack.services import audit
from assettrack.services.audit import EntryProof
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.stored_entries import decoded_body

PAGE_ENTRIES = 50
LOOKED_AT_MAX = 4_000
"""So many entries at most are looked at for one page, where a kind is asked for that is rare."""

_BLOCK = 1_000

KINDS: tuple[str, ...] = tuple(str(kind.__struct_config__.tag) for kind in get_args(AnyEntry))
"""Every kind of entry, as it stands in a body."""


class Asked(msgspec.Struct, frozen=True):
    """Which entries are asked for: those before a number (None: the latest), of one kind, about one asset."""

    before: int | None = None
    kind: str = ""
    asset_tag: str = ""


class LogPage(msgspec.Struct, frozen=True):
    """Entries, the latest first, and which of them were corrected by what.

    ``earlier`` is the number before which the next page goes on, None at the beginning of the log. ``size`` is how
    many entries the log has.
    """

    entries: Sequence[AnyEntry]
    superseded: Mapping[int, int]
    earlier: int | None
    size: int


class ReadEntry(msgspec.Struct, frozen=True):
    """An entry, its inclusion proof with the body as it is stored, and what it was corrected by."""

    entry: AnyEntry
    proof: EntryProof
    corrected_by: int | None
    size: int


def page(workplace: Workplace, asked: Asked) -> LogPage:
    """Return a page of the log; where a kind is rare it may be short, and go on nevertheless.

    Raises:
        station_errors.DatabaseDamaged: an entry can't be read.
    """
    with workplace.store.read() as snapshot:
        size = snapshot.log_size
        end = size + 1 if asked.before is None else min(asked.before, size + 1)
        found: list[AnyEntry] = []
        reached = end
        for seq, body in _newest_first(snapshot, asked, end):
            if len(found) == PAGE_ENTRIES or (end - seq > LOOKED_AT_MAX and not asked.asset_tag):
                break
            reached = seq
            if asked.kind and _tag(asked.kind) not in body:
                continue
            found.append(decoded_body(body))
        else:
            reached = 1
        superseded = snapshot.histories.superseded(entry.seq for entry in found)
    return LogPage(found, superseded, reached if reached > 1 else None, size)


def entry(workplace: Workplace, seq: int) -> ReadEntry:
    """Return an entry with its proof.

    Raises:
        errors.NotFound: there is no such entry.
        station_errors.DatabaseDamaged: it, or what its proof is made from, is not as it should be.
    """
    proof = audit.prove(workplace, seq)
    with workplace.store.read() as snapshot:
        size = snapshot.log_size
        corrected_by = snapshot.histories.superseded([seq]).get(seq)
    return ReadEntry(decoded_body(proof.body.encode()), proof, corrected_by, size)


def _newest_first(snapshot: Snapshot, asked: Asked, end: int) -> Iterator[tuple[int, bytes]]:
    """Yield number and body of the entries before ``end``, or those of them about an asset, the latest first."""
    if asked.asset_tag:
        for body in reversed(snapshot.bodies_about(asked.asset_tag)):
            seq = decoded_body(body).seq
            if seq < end:
                yield seq, body
        return
    size = _BLOCK if asked.kind else PAGE_ENTRIES + 1
    while end > 1:
        first = max(1, end - size)
        for record in reversed(_records(snapshot, first, end - 1)):
            yield record.seq, record.body
        end = first


def _records(snapshot: Snapshot, first: int, last: int) -> list[Record]:
    return [record for record, _ in snapshot.records(first, last)]


def _tag(kind: str) -> bytes:
    """Return what stands in the body of every entry of a kind, and in no other: a quote in a text is escaped."""
    return f'"event_type":"{kind}"'.encode()
