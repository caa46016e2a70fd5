"""Deeds about pocket scanners: what may be said of a clear, and that the replay agrees."""

from typing import Any

import msgspec
import pytest

from assettrack.domain.audit_log import decode_body, encode_body
from assettrack.domain.deeds import Record
from assettrack.domain.entries.scanner import ScannerClearedEntry
from assettrack.domain.entry_wording import what_happened
from assettrack.domain.findings import NotAllowed
from assettrack.domain.replay import IllegalEntry, Replay
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scanner_deeds import ClearedFacts, record_cleared
from tests.domain.trial_log import TrialLog

CLEARED = ClearedFacts("697227", "OPN-2004", 5, "ab" * 32, (), 0, "a name", Answers(same_scans=True), found_empty=True)


def begun() -> TrialLog:
    """A log of two entries and no batch."""
    log = TrialLog()
    log.station()
    log.case("CASE-01", 4)
    return log


def test_a_clear_is_told_with_what_was_there() -> None:
    """The entry names the scanner, what it held and where that is, and changes no state; the replay agrees."""
    log = begun()
    deed = record_cleared(CLEARED, 0, 3, log.signoff)
    assert (list(deed.facts), deed.kept, deed.holders) == ([], (), ())
    (record,) = deed.records
    entry = decode_body(record.body)
    assert isinstance(entry, ScannerClearedEntry)
    assert tuple(getattr(entry, name) for name in ClearedFacts._fields) == CLEARED
    assert what_happened(entry, "->") == "scanner 697227 cleared of 5 scans"
    Replay().run(iter([*log.records, record]))
    assert list(record_cleared(CLEARED._replace(serial="00A7f3"), 0, 3, log.signoff).records)


@pytest.mark.parametrize(
    "change",
    [
        {"serial": ""},
        {"serial": "69x"},
        {"model": "a\nb"},
        {"scans": 0},
        {"left": -1},
        {"sha256": "AB" * 32},
        {"batches": (1,)},
        {"batches": (0,)},
        {"download": "a\nb"},
    ],
)
def test_what_can_not_have_been_is_no_clear(change: dict[str, Any]) -> None:
    """A scanner without number, no scans, a hash that is none, a batch that there is not: refused, then and later."""
    log = begun()
    with pytest.raises(NotAllowed):
        record_cleared(CLEARED._replace(**change), 0, 3, log.signoff)
    (record,) = record_cleared(CLEARED, 0, 3, log.signoff).records
    entry = decode_body(record.body)
    forged = encode_body(msgspec.structs.replace(entry, **change))
    with pytest.raises(IllegalEntry, match="Entry 3"):
        Replay().run(iter([*log.records, Record(3, None, None, None, forged)]))
