"""Deeds about the database as a whole: a backup was made of it, or it was put back to what it was.

Owns what may be said in these two entries. They change no state: that a log begins anew after fewer entries is told
by the entry that stands there, and a checkpoint of what was given up will never fit again.
"""

import binascii
import re
from base64 import b64decode, b64encode
from typing import NamedTuple

from assettrack.domain.checkpoints import Checkpoint
from assettrack.domain.deeds import Deed, Signoff, signed_by, single
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.entries.station import BackupEntry, RestoreEntry
from assettrack.domain.findings import NotAllowed
from assettrack.domain.merkle import HASH_BYTES
from assettrack.domain.state import Again, State, signoff_of

_SHA256 = re.compile("[0-9a-f]{64}")


class BackupFacts(NamedTuple):
    """A backup that was made: size and root (base64) of its log, its file's SHA-256 (hex) and own name."""

    entries: int
    root: str
    sha256: str
    file: str


class RestoreFacts(NamedTuple):
    """A restore: the size of the log put back, the newest checkpoint known before (root in base64), and why."""

    entries: int
    replaced_entries: int
    replaced_root: str
    reason: str


def record_backup(made: BackupFacts, seq: int, signoff: Signoff) -> Deed:
    """Record that a backup was made and found good.

    Raises:
        NotAllowed: no backup of this log could be so.
    """
    wrong = _why_not_a_log(made.entries, made.root)
    if not wrong and made.entries >= seq:
        wrong = f"{made.entries} entries are more than there were"
    if not wrong and not _SHA256.fullmatch(made.sha256):
        wrong = "its SHA-256 is none"
    if not wrong and not _is_text(made.file):
        wrong = "its file has no name"
    if wrong:
        raise NotAllowed("backup_impossible", None, reason=wrong)
    return single(BackupEntry(seq, **made._asdict(), **signed_by(signoff)))


def record_restore(restored: RestoreFacts, seq: int, signoff: Signoff) -> Deed:
    """Record that the database was put back to what it was; this is the first entry after what was put back.

    Raises:
        NotAllowed: no restore could be so.
    """
    wrong = _why_not_a_log(restored.replaced_entries, restored.replaced_root)
    if not wrong and restored.entries != seq - 1:
        wrong = f"a log of {restored.entries} entries goes on with entry {restored.entries + 1}"
    if not wrong and not _is_text(restored.reason):
        wrong = "nobody says why"
    if wrong:
        raise NotAllowed("restore_impossible", None, reason=wrong)
    return single(RestoreEntry(seq, **restored._asdict(), **signed_by(signoff)))


def record_backup_again(entry: BackupEntry, _state: State) -> Deed:
    """Decide the deed of an entry once more."""
    made = BackupFacts(entry.entries, entry.root, entry.sha256, entry.file)
    return record_backup(made, entry.seq, signoff_of(entry))


def record_restore_again(entry: RestoreEntry, _state: State) -> Deed:
    """Decide the deed of an entry once more."""
    restored = RestoreFacts(entry.entries, entry.replaced_entries, entry.replaced_root, entry.reason)
    return record_restore(restored, entry.seq, signoff_of(entry))


def gave_up_just(entry: RestoreEntry, known: Checkpoint) -> bool:
    """Tell whether a restore says that it was done knowing exactly this checkpoint."""
    return (entry.replaced_entries, entry.replaced_root) == (known.size, written_root(known.root))


def written_root(root: bytes) -> str:
    """Return a root as it stands in these entries, in base64."""
    return b64encode(root).decode("ascii")


def _why_not_a_log(entries: int, root: str) -> str:
    """Return why there can be no log of this size and root, as half a sentence; empty where there can."""
    if entries < 1:
        return "every log has its first entry"
    try:
        decoded = b64decode(root, validate=True)
    except (binascii.Error, ValueError):  # the second: letters that are not ASCII
        decoded = b""
    is_root = len(decoded) == HASH_BYTES and written_root(decoded) == root
    return "" if is_root else f"its root is not {HASH_BYTES} bytes in base64"


def _is_text(text: str) -> bool:
    return bool(text.strip()) and text.isprintable()


AGAIN: dict[type[DeedEntry], Again] = {BackupEntry: record_backup_again, RestoreEntry: record_restore_again}
"""How the replay decides each kind of entry once more."""
