"""The log that is there now, as far as it can be read: what a restore would give up.

A database that is about to be replaced may be damaged, forged or gone; all that can still be told of it is told. Must
never rely on what its tables say where a signature of the station says it.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import msgspec

from assettrack.domain import station_errors
from assettrack.domain.audit_log import decode_body
from assettrack.domain.checkpoints import Checkpoint, read_note
from assettrack.domain.deeds import Station
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.merkle import HashesMissing, Tree
from assettrack.domain.restore_plans import ContactMark
from assettrack.domain.signed_notes import NoteInvalid, Verify
from assettrack.services.backup_ports import BackupFiles
from assettrack.services.contacts import marks
from assettrack.services.ports import Snapshot

LOST_SHOWN_MAX = 1000
"""How many of the entries that would be given up are handed out."""


class PresentLog(msgspec.Struct, frozen=True):
    """What is there now. ``entries`` and ``root`` are None where there is no database, or where ``damage`` says why.

    ``signed`` is its newest good checkpoint, ``roots`` are those it had when it was as long as asked for: by its hashes
    and by its signature, which agree unless somebody was at it. ``after`` are the first bodies after that. ``contacts``
    tells of whom contact data is kept, by holders' numbers.
    """

    station: Station | None = None
    entries: int | None = None
    root: bytes | None = None
    damage: str | None = None
    signed: Checkpoint | None = None
    roots: frozenset[bytes] = frozenset()
    after: tuple[bytes, ...] = ()
    contacts: Mapping[int, ContactMark] = MappingProxyType({})


def present_log(files: BackupFiles, verify: Verify, size: int = 0) -> PresentLog:
    """Return what is there now, and what its log was when it had ``size`` entries.

    Raises:
        station_errors.DatabaseForeign: it is another program's.
        station_errors.DatabaseVersionDiffers: it is another version's.
        station_errors.DatabaseBusy: it can't be read now.
    """
    try:
        with files.present() as snapshot:
            return _read(snapshot, verify, size)
    except station_errors.DatabaseMissing:
        return PresentLog()
    except (station_errors.DatabaseDamaged, station_errors.StateImpossible, station_errors.StorageFailed) as damage:
        return PresentLog(damage=damage.reason)


def root_at(snapshot: Snapshot, size: int) -> bytes:
    """Return the root of a log's first ``size`` entries, by its hashes.

    Raises:
        station_errors.DatabaseDamaged: hashes are missing.
    """
    try:
        return Tree.restore(size, snapshot.hashes).root()
    except HashesMissing as missing:
        raise station_errors.DatabaseDamaged(str(missing)) from missing


def _read(snapshot: Snapshot, verify: Verify, size: int) -> PresentLog:
    station, entries = snapshot.station(), snapshot.log_size
    roots = set()
    if size <= entries:
        roots.add(root_at(snapshot, size))
        signed_then = _stated(snapshot.checkpoint_at_least(size), station, verify)
        if signed_then is not None and signed_then.size == size:
            roots.add(signed_then.root)
    signed = _stated(snapshot.checkpoint_at_least(entries), station, verify)
    if signed is None:  # somebody was at it: the newest before that is good
        notes = (note for _, note in reversed(list(snapshot.checkpoints())))
        signed = next((stated for note in notes if (stated := _stated(note, station, verify)) is not None), None)
    after = tuple(_sound(snapshot, size))
    return PresentLog(
        station, entries, root_at(snapshot, entries), None, signed, frozenset(roots), after, marks(snapshot)
    )


def _stated(note: str | None, station: Station, verify: Verify) -> Checkpoint | None:
    """Return what a note states, or None where the station did not sign it."""
    if note is None:
        return None
    try:
        key = bytes.fromhex(station.public_key)
        return read_note(note, origin=station.station, public_key=key, verify=verify)
    except (NoteInvalid, ValueError):
        return None


def _sound(snapshot: Snapshot, size: int) -> Iterator[bytes]:
    """Yield the first entries after ``size`` that can be read."""
    for record, _ in snapshot.records(size + 1, size + LOST_SHOWN_MAX):
        try:
            decode_body(record.body)
        except NotAnEntry:
            continue
        yield record.body
