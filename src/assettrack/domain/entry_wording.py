"""What an entry of the log is about, in a line, on every face alike."""

import re
from collections.abc import Callable
from typing import Any

from assettrack.domain.audit_log import AnyEntry
from assettrack.domain.change_wording import before_and_after
from assettrack.domain.correction_wording import acceptance_words, as_logged, correction_words
from assettrack.domain.counts import result_words
from assettrack.domain.entries.base import Entry
from assettrack.domain.entries.counts import (
    CountAbandonEntry,
    CountCloseEntry,
    CountExceptionsEntry,
    CountScansEntry,
    CountStartEntry,
)
from assettrack.domain.entries.custody import AcceptanceCorrectionEntry, CorrectionEntry, ReceiptEntry
from assettrack.domain.entries.people import HolderEntry
from assettrack.domain.entries.places import CaseEntry, SlotEntry
from assettrack.domain.entries.rows import BatchEntry, RowEntry
from assettrack.domain.entries.scanner import ScannerClearedEntry, ScansLeftOutEntry
from assettrack.domain.entries.station import BackupEntry, RestoreEntry, SettingEntry, StationEntry
from assettrack.domain.people_wording import ACCOUNT_SAYINGS, PEOPLE_SAYINGS
from assettrack.domain.wording import assets_in_lines, counted, counted_entries

TYPED_NAME = "typed"
"""What a batch of a command is called by, and one that a page of issue, return, transfer or a case made."""

QUEUE_NAME = re.compile(r"queue [0-9]+")
"""What a batch of the scans of the intake page is called by."""


def what_happened(entry: AnyEntry, sign: str, moment: Callable[[str], str] = as_logged) -> str:
    """Return what an entry is about, in a line; ``moment`` says a time of the log (UTC text)."""
    if isinstance(entry, RowEntry | SlotEntry):
        return f"{entry.asset_tag}: {before_and_after(entry.before, entry.after, sign)}{_remark(entry)}"
    if isinstance(entry, CorrectionEntry):
        return f"{entry.asset_tag}: {correction_words(entry, sign, moment)} ({entry.reason})"
    if isinstance(entry, AcceptanceCorrectionEntry):
        return f"batch {entry.batch_id} with {entry.name}: {acceptance_words(entry, moment)} ({entry.reason})"
    return _SAYINGS[type(entry)](entry)


_SAYINGS: dict[type[Entry], Callable[[Any], str]] = {
    StationEntry: lambda e: f"station {e.station} in {e.timezone}",
    SettingEntry: lambda e: f"setting {e.name}: {e.before} to {e.after}",
    BackupEntry: lambda e: f"backup {e.file} of {counted_entries(e.entries)}",
    RestoreEntry: lambda e: f"put back to entry {e.entries}, knowing of {e.replaced_entries} ({e.reason})",
    ScannerClearedEntry: lambda e: f"scanner {e.serial} cleared of {counted(e.scans, 'scan')}",
    ScansLeftOutEntry: lambda e: f"{e.download} of {counted(e.scans, 'scan')} left out whole ({e.reason})",
    CaseEntry: lambda e: f"case {e.case_name} with {counted(e.slots, 'slot')}",
    HolderEntry: lambda e: f"holder {e.holder_id}: {e.name}",
    **PEOPLE_SAYINGS,
    **ACCOUNT_SAYINGS,
    BatchEntry: lambda e: f"batch {e.batch_id}: {counted(e.rows, 'row')} {_source(e)}",
    CountStartEntry: lambda e: f"count {e.count_id} begun: {counted(e.expected, 'asset')} expected",
    CountScansEntry: lambda e: f"count {e.count_id}: {counted(len(e.scans), 'scan')}{_of(e.source_name)}",
    CountCloseEntry: lambda e: f"count {e.count_id} signed off: {result_words(e.totals)}",
    CountExceptionsEntry: lambda e: (
        f"count {e.count_id} signed off, continued: {sum(map(len, e.exceptions.values())):,} more not simply found"
    ),
    CountAbandonEntry: lambda e: f"count {e.count_id} abandoned ({e.reason})",
    ReceiptEntry: lambda e: f"receipt {e.receipt_id} for {e.name}: {assets_in_lines(e.assets, e.lines)}",
}
"""What each kind of entry is about, in a line; those of one asset say what became of it."""


def _source(entry: BatchEntry) -> str:
    """Return where a batch's rows are from: a download of a scanner is called by the scanner, and not by its file."""
    reading = entry.options.scanner
    if reading is not None and not reading.read_as:
        return f"of the scans of scanner {reading.serial}"
    if QUEUE_NAME.fullmatch(entry.source_name):
        return "scanned at this station"
    return "typed or scanned at this station" if entry.source_name == TYPED_NAME else f"of {entry.source_name}"


def _of(source_name: str) -> str:
    return f" of {source_name}" if source_name else ""


def _remark(entry: RowEntry | SlotEntry) -> str:
    if isinstance(entry, SlotEntry):
        return f" ({entry.reason})" if entry.reason else ""
    remarks = [entry.notes] if entry.notes else []
    if entry.late_reason:
        remarks.append(f"late: {entry.late_reason}")
    return f" ({'; '.join(remarks)})" if remarks else ""
