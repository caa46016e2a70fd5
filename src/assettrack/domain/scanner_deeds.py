"""Deeds about pocket scanners: that one was cleared, that a download of one was left out whole.

Owns what may be said in such an entry. It changes no state; a clear says until when scans could still be found in the
scanner itself.
"""

import re
from typing import NamedTuple

from assettrack.domain.deeds import Deed, Signoff, signed_by, single
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.entries.scanner import ScannerClearedEntry, ScansLeftOutEntry
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
    stamps: str = ""
    clock_off: int | None = None


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
    wrong = _why_none(cleared.serial, cleared.model, cleared.scans, cleared.sha256)
    if wrong:
        return wrong
    if cleared.left < 0:
        return "it held no scans"
    if not cleared.download.isprintable():
        return "the name of its download is none"
    if any(not 1 <= each <= last_batch_id for each in cleared.batches):
        return "a batch that is named does not exist"
    return ""


def _why_none(serial: str, model: str, scans: int, sha256: str) -> str:
    """Return why no scanner can have told so many scans, blank where one can."""
    if not _SERIAL.fullmatch(serial) or not model.isprintable():
        return "it has no number"
    if scans < 1:
        return "it held no scans"
    return "" if _SHA256.fullmatch(sha256) else "the SHA-256 of its scans is none"


class LeftOutFacts(NamedTuple):
    """A download that is left out whole, of which scanner, how many scans of which bytes, and why.

    See the entry for the rest.
    """

    serial: str
    model: str
    scans: int
    sha256: str
    download: str
    reason: str
    stamps: str = ""
    clock_off: int | None = None


def record_left_out(left: LeftOutFacts, seq: int, signoff: Signoff) -> Deed:
    """Record that a download was left out whole.

    Raises:
        NotAllowed: no download can have been left out so.
    """
    wrong = _why_none(left.serial, left.model, left.scans, left.sha256)
    if not left.download.strip() or not left.download.isprintable():
        wrong = "the name of its download is none"
    elif not left.reason.strip() or not left.reason.isprintable():
        wrong = "its reason is none"
    if wrong:
        raise NotAllowed("leaving_out_impossible", None, reason=wrong)
    return single(ScansLeftOutEntry(seq, **left._asdict(), **signed_by(signoff)))


def record_left_out_again(entry: ScansLeftOutEntry, _: State) -> Deed:
    """Decide the deed of an entry once more."""
    left = LeftOutFacts(*(getattr(entry, name) for name in LeftOutFacts._fields))
    return record_left_out(left, entry.seq, signoff_of(entry))


AGAIN: dict[type[DeedEntry], Again] = {
    ScannerClearedEntry: record_cleared_again,
    ScansLeftOutEntry: record_left_out_again,
}
"""How the replay decides each kind of entry once more."""
