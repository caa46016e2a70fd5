"""Deeds about pocket scanners: what may be said of a clear, and that the replay agrees."""

from typing import Any

import msgspec
import pytest

from assettrack.domain.audit_log import decode_body, encode_body
from assettrack.domain.deeds import Record
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.entries.scanner import ScannerClearedEntry, ScansLeftOutEntry
from assettrack.domain.entry_wording import what_happened
from assettrack.domain.findings import NotAllowed
from assettrack.domain.plans import Options
from assettrack.domain.replay import IllegalEntry, Replay
from assettrack.domain.scan_answers import Answers, ScanReading
from assettrack.domain.scanner_deeds import ClearedFacts, LeftOutFacts, record_cleared, record_left_out
from tests.domain.trial_log import TrialLog

CLEARED = ClearedFacts("697227", "OPN-2004", 5, "ab" * 32, (), 0, "a name", Answers(same_scans=True), found_empty=True)

LEFT_OUT = LeftOutFacts("900001", "OPN-2004", 5, "ab" * 32, "a name", "a trial")


def begun() -> TrialLog:
    """A log of two entries and no batch."""
    log = TrialLog()
    log.station()
    log.case("CASE-01", 4)
    return log


def test_a_batch_is_called_by_its_scanner_and_not_by_the_file_of_its_download() -> None:
    """A file that somebody handed in is called by its name, also where a scanner's scans are in it."""
    of_scanner = ScanReading("697227", 5, "ab" * 32)
    batch = BatchEntry(
        9, operator="kim", recorded_at="2026-03-01T12:00:00.000000Z", version="0.1.0", batch_id=4, rows=2,
        source_name="x.scans.json", source_sha256="", options=Options(scanner=of_scanner),
    )  # fmt: skip
    assert what_happened(batch, "->") == "batch 4: 2 rows of the scans of scanner 697227"
    handed_in = Options(scanner=msgspec.structs.replace(of_scanner, read_as="pc"))
    for options in (handed_in, Options()):
        named = msgspec.structs.replace(batch, options=options, source_name="first.csv")
        assert what_happened(named, "->") == "batch 4: 2 rows of first.csv"


def test_a_batch_of_no_file_is_called_by_how_it_came() -> None:
    """What was typed, or scanned on a page, has no name of its own that anybody would know."""
    batch = BatchEntry(
        9, operator="kim", recorded_at="2026-03-01T12:00:00.000000Z", version="0.1.0", batch_id=4, rows=1,
        source_name="typed", source_sha256="", options=Options(),
    )  # fmt: skip
    assert what_happened(batch, "->") == "batch 4: 1 row typed or scanned at this station"
    queued = msgspec.structs.replace(batch, rows=2, source_name="queue 12")
    assert what_happened(queued, "->") == "batch 4: 2 rows scanned at this station"
    for name in ("queue 12.csv", "queue", "typed.csv"):
        named = msgspec.structs.replace(batch, source_name=name)
        assert what_happened(named, "->") == f"batch 4: 1 row of {name}"


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


def test_a_download_left_out_is_told_with_its_reason() -> None:
    """The entry names the download, what it has and why it is left out, and changes no state; the replay agrees."""
    log = begun()
    deed = record_left_out(LEFT_OUT, 3, log.signoff)
    assert (list(deed.facts), deed.kept, deed.holders) == ([], (), ())
    (record,) = deed.records
    entry = decode_body(record.body)
    assert isinstance(entry, ScansLeftOutEntry)
    assert tuple(getattr(entry, name) for name in LeftOutFacts._fields) == LEFT_OUT
    assert what_happened(entry, "->") == "a name of 5 scans left out whole (a trial)"
    Replay().run(iter([*log.records, record]))


def test_entries_say_which_code_was_scanned_when_only_where_it_is_known() -> None:
    """Older entries and clears that leave nothing out don't: they are as they were, to the byte."""
    log = begun()
    (older,) = record_left_out(LEFT_OUT, 3, log.signoff).records
    (newer,) = record_left_out(LEFT_OUT._replace(stamps="0" * 12, clock_off=0), 3, log.signoff).records
    (cleared,) = record_cleared(CLEARED, 0, 3, log.signoff).records
    assert not any(word in body for word in (b'"stamps"', b'"clock_off"') for body in (older.body, cleared.body))
    assert b'"clock_off":0' in newer.body
    Replay().run(iter([*log.records, newer]))


@pytest.mark.parametrize(
    "change",
    [
        {"serial": ""},
        {"model": "a\nb"},
        {"scans": 0},
        {"sha256": "AB" * 32},
        {"download": " "},
        {"download": "a\nb"},
        {"reason": ""},
        {"reason": "a\nb"},
    ],
)
def test_what_can_not_have_been_is_not_left_out(change: dict[str, Any]) -> None:
    """A scanner without number, no scans, a hash, name or reason that is none: refused, then and later."""
    log = begun()
    with pytest.raises(NotAllowed):
        record_left_out(LEFT_OUT._replace(**change), 3, log.signoff)
    (record,) = record_left_out(LEFT_OUT, 3, log.signoff).records
    forged = encode_body(msgspec.structs.replace(decode_body(record.body), **change))
    with pytest.raises(IllegalEntry, match="Entry 3"):
        Replay().run(iter([*log.records, Record(3, None, None, None, forged)]))
