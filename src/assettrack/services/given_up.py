"""Why a checkpoint or a receipt that was handed in does not fit: a restore may have given up what it states.

Owns one sentence, added to what verifying says. It explains and excuses nothing: the log still does not hold what was
signed. Must never turn a fault into something good.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from assettrack.domain.audit_log import AnyEntry, decode_body
from assettrack.domain.backup_deeds import written_root
from assettrack.domain.checkpoints import Checkpoint
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.station import RestoreEntry
from assettrack.domain.merkle import HashesMissing, Tree
from assettrack.services.ports import Snapshot


def remark(snapshot: Snapshot, handed_in: Sequence[Checkpoint]) -> str:
    """Return what restores of this log say about checkpoints it does not hold; empty where they say nothing."""
    missing = [checkpoint for checkpoint in handed_in if not _holds(snapshot, checkpoint)]
    if not missing:
        return ""
    restores = _restores(snapshot)
    told = {entry.seq: entry for checkpoint in missing for entry in _concerned(restores, checkpoint.size)}
    return "".join(f" {_sentence(entry)}" for entry in told.values())


def given_up(snapshot: Snapshot, recorded_at: str, checkpoint: Checkpoint) -> str:
    """Return which restore of this log gave up the deed recorded then (UTC text), which this checkpoint ended.

    Empty where none did. One that was made before did not, nor one that knew of another log of this size.
    """
    root = written_root(checkpoint.root)
    later = [entry for entry in _restores(snapshot) if entry.recorded_at >= recorded_at]
    for entry in _concerned(later, checkpoint.size):
        if entry.replaced_entries != checkpoint.size or entry.replaced_root == root:
            return _sentence(entry)
    return ""


def _sentence(entry: RestoreEntry) -> str:
    return (
        f"Entries from {entry.entries + 1} on were given up by the restore of entry {entry.seq}, "
        f"when {entry.replaced_entries} were known: {entry.reason.rstrip('.')}."
    )


def _restores(snapshot: Snapshot) -> list[RestoreEntry]:
    """Return the restores of the log, in its order."""
    found = [entry for entry in _sound(snapshot) if isinstance(entry, RestoreEntry)]
    found.reverse()
    return found


def _concerned(restores: Sequence[RestoreEntry], size: int) -> Sequence[RestoreEntry]:
    """Return the restores that gave up a log of this size, or the first that gave up its end without knowing of it."""
    later = [entry for entry in restores if entry.entries < size]
    return [entry for entry in later if size <= entry.replaced_entries] or later[:1]


def _holds(snapshot: Snapshot, checkpoint: Checkpoint) -> bool:
    if checkpoint.size > snapshot.log_size:
        return False
    try:
        return Tree.restore(checkpoint.size, snapshot.hashes).root() == checkpoint.root
    except HashesMissing:
        return False


def _sound(snapshot: Snapshot) -> Iterator[AnyEntry]:
    """Yield the restores of the log, newest first; what can't be read is named by verifying."""
    for body in snapshot.deeds_of_kind("RESTORE"):
        with suppress(NotAnEntry):
            yield decode_body(body)
