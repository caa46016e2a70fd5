"""Deeds about pocket scanners: that one was cleared.

Owns what may be said in such an entry. It changes no state; it says until when scans could still be found in the
scanner itself.
"""

import re
from typing import NamedTuple

from assettrack.domain.deeds import Deed, Signoff, signed_by, single
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.entries.scanner import ScannerClearedEntry
from assettrack.domain.findings import NotAllowed
from assettrack.domain.scan_answers import Answers
from assettrack.domain.state import Again, State, signoff_of

_SERIAL = re.compile("[0-9A-Fa-f]{1,16}")  # digits, as far as a unit keeps them as such
_SHA256 = re.compile("[0-9a-f]{64}")


class ClearedFacts(NamedTuple):
    """A scanner that was cleared: its number and model, how many scans of which bytes, where they are, what is left.

    See the entry for the rest.
    """

    serial: str
    model: str
    scans: int
    sha256: str
    batches: tuple[int, ...]
    left: int = 0
    download: str = ""
    answers: Answers = Answers()
    found_empty: bool = False


def record_cleared(cleared: ClearedFacts, last_batch_id: int, seq: int, signoff: Signoff) -> Deed:
    """Record that a scanner was cleared; ``last_batch_id`` is that of the latest batch.

    Raises:
        NotAllowed: no scanner can have been cleared so.
    """
    wrong = _why_not(cleared, last_batch_id)
    if wrong:
        raise NotAllowed("clearing_impossible", None, reason=wrong)
    return single(ScannerClearedEntry(seq, **cleared._asdict(), **signed_by(signoff)))


def record_cleared_again(entry: ScannerClearedEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    cleared = ClearedFacts(*(getattr(entry, name) for name in ClearedFacts._fields))
    return record_cleared(cleared, len(state.batches), entry.seq, signoff_of(entry))


def _why_not(cleared: ClearedFacts, last_batch_id: int) -> str:
    if not _SERIAL.fullmatch(cleared.serial) or not cleared.model.isprintable():
        return "it has no number"
    if cleared.scans < 1 or cleared.left < 0:
        return "it held no scans"
    if not _SHA256.fullmatch(cleared.sha256):
        return "the SHA-256 of its scans is none"
    if not cleared.download.isprintable():
        return "the name of its download is none"
    if any(not 1 <= each <= last_batch_id for each in cleared.batches):
        return "a batch that is named does not exist"
    return ""


AGAIN: dict[type[DeedEntry], Again] = {ScannerClearedEntry: record_cleared_again}
"""How the replay decides each kind of entry once more."""
