"""The audit log for whoever wants to check it: read it, prove an entry, take a checkpoint.

Verifying the whole is in `verification`. Nothing here can write.
"""

import base64
from collections.abc import Generator, Sequence

import msgspec

from assettrack.domain import errors, station_errors
from assettrack.domain.merkle import HashesMissing, inclusion_proof, leaf_hash
from assettrack.domain.signed_notes import vkey
from assettrack.services.ports import Snapshot, Workplace


class EntryProof(msgspec.Struct, frozen=True):
    """That an entry is in the log which a checkpoint states: RFC 6962 inclusion proof, hashes in base64.

    ``body`` is the entry's canonical text, ``leaf`` the SHA-256 of a zero byte and that text. The
    leaf's index in the tree is ``seq`` less one; the checkpoint states size and root.
    """

    seq: int
    body: str
    leaf: str
    proof: Sequence[str]
    checkpoint: str


def latest_checkpoint(workplace: Workplace) -> str:
    """Return the signed note that covers the whole log.

    Raises:
        station_errors.DatabaseDamaged: there is none, though every transaction ends in one.
    """
    with workplace.store.read() as snapshot:
        return _covering(snapshot)


def entries(workplace: Workplace, first_seq: int, last_seq: int | None) -> Generator[bytes, None, None]:
    """Yield the bodies of entries ``first_seq`` to ``last_seq``, in the order of the log."""
    with workplace.store.read() as snapshot:
        for record, _ in snapshot.records(first_seq, last_seq):
            yield record.body


def require_entry(workplace: Workplace, seq: int) -> None:
    """Make sure that the log has an entry.

    Raises:
        errors.NotFound: it has not.
    """
    with workplace.store.read() as snapshot:
        _require_entry(snapshot, seq)


def log_size(workplace: Workplace) -> int:
    """Return how many entries the log has."""
    with workplace.store.read() as snapshot:
        return snapshot.log_size


def verifier_key(workplace: Workplace) -> str:
    """Return the station's public key with its name, as C2SP signed notes have it."""
    with workplace.store.read() as snapshot:
        station = snapshot.station()
    try:
        return vkey(station.station, bytes.fromhex(station.public_key))
    except ValueError as error:
        raise station_errors.DatabaseDamaged(f"the station's public key is none: {error}") from error


def prove(workplace: Workplace, seq: int) -> EntryProof:
    """Return the proof that an entry is in the log, for whoever holds the station's public key.

    Raises:
        errors.NotFound: there is no such entry.
        station_errors.DatabaseDamaged: entries or hashes are missing that the proof is made from.
    """
    with workplace.store.read() as snapshot:
        size = _require_entry(snapshot, seq)
        note = _covering(snapshot)
        try:
            hashes = inclusion_proof(seq - 1, size, snapshot.hashes)
        except HashesMissing as missing:
            raise station_errors.DatabaseDamaged(str(missing)) from missing
        record, leaf = next(snapshot.records(seq, seq))  # it is there: its hash was read, or it is the log's last
        if leaf_hash(record.body) != leaf:
            raise station_errors.DatabaseDamaged(
                f"entry {seq} was changed: its text does not have the hash stored with it"
            )
    return EntryProof(seq, record.body.decode(), _base64(leaf), [_base64(node) for node in hashes], note)


def _require_entry(snapshot: Snapshot, seq: int) -> int:
    """Make sure that the log has an entry; return its size."""
    size = snapshot.log_size
    if not 1 <= seq <= size:
        raise errors.NotFound("entry", str(seq))
    return size


def _covering(snapshot: Snapshot) -> str:
    note = snapshot.checkpoint_at_least(snapshot.log_size)
    if note is None:
        raise station_errors.DatabaseDamaged("the log has no checkpoint that covers it")
    return note


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
