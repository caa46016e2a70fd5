"""The page of the audit log: the kinds of entries, their fields, and real examples made from a file of scans."""

from collections.abc import Container, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import get_args

import msgspec

from assettrack import __version__
from assettrack.domain import audit_log, batch_deeds, scans
from assettrack.domain.batch_deeds import BatchFacts
from assettrack.domain.decisions import decide
from assettrack.domain.deeds import Record, Signoff
from assettrack.domain.entries.accounts import (
    AccountChangeEntry,
    AccountEntry,
    ApiTokenEntry,
    ApiTokenRevokedEntry,
    CredentialEntry,
    SecondFactorEntry,
    SecurityEntry,
    SecurityEventKind,
)
from assettrack.domain.entries.base import DeedEntry, Entry
from assettrack.domain.entries.custody import AcceptanceCorrectionEntry, CorrectionEntry
from assettrack.domain.entries.people import HolderEntry
from assettrack.domain.entries.rows import RowEntry, ScanEntry
from assettrack.domain.entries.scanner import ScannerClearedEntry, ScansLeftOutEntry
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import Asset, Inventory
from assettrack.domain.plans import Acceptance, Options
from assettrack.domain.scan_answers import Answers, ScanReading
from assettrack.domain.scan_traces import TRACED_MAX
from assettrack.domain.stamped_scans import STAMPED_MAX
from assettrack.domain.table_reading import TableReading
from assettrack.domain.validation import Validator
from assettrack.formats import scan_csv
from reference_pages import markdown

BATCH = Path(__file__).resolve().parents[2] / "examples" / "delivery.csv"
MOMENT = "2025-10-06T18:00:00.000000Z"

MEANINGS = MappingProxyType(
    {
        "seq": "number of the entry, from 1 without gaps",
        "event_type": "the kind of entry",
        "operator": "who did the deed",
        "recorded_at": "when, by the station's clock, in UTC",
        "version": "which version of the program wrote it",
        "station": "name of the station; also the origin of its checkpoints",
        "timezone": "IANA zone in which times without a zone are read",
        "public_key": "Ed25519 public key, 32 bytes in hex",
        "case_name": "name of the case",
        "slots": "its number of slots",
        "holder_id": "number of the holder concerned: who has the asset after the row, or else who had it before",
        "name": "the holder's name, in the first spelling",
        "batch_id": "number of the batch",
        "rows": "how many entries of rows follow",
        "source_name": "name of the file, without its folder",
        "source_sha256": "SHA-256 of the file's bytes, in hex",
        "new_holders": "how many entries of new holders follow, before the rows",
        "options": "how the batch was taken",
        "asset_tag": "the asset",
        "occurred_at": "when it happened, in UTC; typed deeds: as `recorded_at`",
        "before": "state of the asset before; null where the row creates it",
        "after": "state of the asset after",
        "reason": "why, as it was typed",
        "row_number": "which row of the file, from 1, header not counted",
        "timestamp": "the time as it was received",
        "operator_id": "who scanned",
        "ordinal": "which of several identical rows of the file this is",
        "late_reason": "why a row earlier than its asset's latest entry was accepted",
        "status": "`STORAGE`, `IN_CUSTODY` or `RETIRED`",
        "slot_position": "position of the slot",
        "holder": "name of the holder",
        "defaults": "values for blank cells of rows that create an asset",
        "only_new": "rows recorded before were left out",
        "due_on": "date on which the holder is to return it, in the station's zone",
        "from_holder_id": "number of the holder who had the asset before a TRANSFER",
        "accepted": "how responsibility was accepted, where it was",
        "how": "signed on paper, signed on a screen, or a name typed",
        "by": "who accepted it; each holder, or for a return the operator, where it is missing",
        "accepted_by": "who accepted responsibility",
        "accepted_at": "when, in UTC",
        "organisation_id": "number of the organisation; 1 is Ad Hoc",
        "organisation": "name of the organisation",
        "identifier": "what an employer or school calls the holder",
        "active": "false where nothing is given to the holder any more",
        "with_assets": "how many assets the holder had when made inactive",
        "contact_sha256": "hash of salt and contact data, in hex; missing where it was erased",
        "building": "name of the building",
        "room": "name of the room, as `building_room` has it",
        "allowed": "whether the organisation may use the building from now on",
        "receipt_id": "number of the receipt",
        "text_sha256": "SHA-256 of the receipt's text, in hex",
        "lines": "how many lines are on it",
        "assets": "how many different assets are in those of its lines that count for the holder",
        "corrects": "the entry that is superseded",
        "changed": "the cells of the row, and the due date, as they should have been",
        "count_id": "number of the count",
        "scope": "what is counted",
        "cases": "names of the cases that are counted",
        "expected": "how many assets are expected",
        "scans": "each a list: tag, UTC time, case and slot where they were said",
        "totals": "how many assets ended in each result",
        "exceptions": "the tags of each result but found, or as many as the entry holds",
        "parts": "how many entries follow that hold more of these tags",
        "remark": "what was said when it was signed off",
        "rule": "2 or 3, or absent for 1, in counts of the first versions: the rule by which everything ended",
        "entries": "how many entries the log had",
        "root": "root of its tree, in base64",
        "sha256": "SHA-256 of the backup's database file, in hex",
        "file": "name of the backup's file",
        "replaced_entries": "how many entries the newest checkpoint known before stated",
        "replaced_root": "the root it stated, in base64",
        "account_id": "number of the account",
        "role": "`viewer`, `operator`, `auditor` or `admin`",
        "credential_sha256": "SHA-256 of the password's salted hash, in hex; missing where it was taken away",
        "one_time": "the password must be changed at the next sign-in",
        "secret_sha256": "SHA-256 of the secret, in hex; missing where the second factor was turned off",
        "token_id": "number of the token",
        "label": "what the token is called",
        "token_sha256": "SHA-256 of the token's text, in hex",
        "event": f"what happened: {', '.join(map(markdown.code, get_args(SecurityEventKind)))}",
        "signature_sha256": "SHA-256 of the signature that was drawn on a screen, in hex; missing where none was",
        "besides": (
            "the acceptance before it of the same hand-over, where a correction added something to that since; "
            "missing where there is none"
        ),
        "signatures": "SHA-256 of each signature drawn on a screen, in hex, by the name of who signed",
        "address": "from which network address",
        "detail": "what else there is to say of it",
        "times": "how often in a row; once where it is missing",
        "scanner": "how scans of a pocket scanner were read, where the rows are such",
        "serial": "the number on the scanner",
        "left": "how many scans it held right after, made meanwhile",
        "batches": "numbers of the batches that hold its rows",
        "catalogue": "version of what the cards stood for: the first 16 digits of a SHA-256",
        "taken_on": "what was answered by taking scans, if any was: the first 16 digits of a SHA-256 of the questions",
        "clock_off": "by how many seconds the scanner's clock was behind; missing where it is not known",
        "numbers": "the scans that are rows, in the order of the rows",
        "answers": "what was said at the desk about scans that could not be read without",
        "left_out": "scans that do not count, each with its number and the reason",
        "taken": "numbers of scans whose doubt was looked at, and which are meant as they are",
        "clock_undisturbed": "the clock was off by so much all the time",
        "untimed_at_download": "scans without a time have that of the download",
        "settled": "how many of the scans earlier batches had dealt with",
        "table": "how the rows of a table were taken that was read by a mapping",
        "same_scans": "scans without a time that equal recorded ones are these",
        "scanned_anew": "scans without a time that equal recorded ones were made after them",
        "traces": (
            "of a file, what its scans are known by in another one: 12 hexadecimal digits each, of the first "
            f"{TRACED_MAX:,}"
        ),
        "stamps": (
            "which code was scanned when by the scanner's clock, by which a file's scans are known in a download: 12 "
            f"hexadecimal digits each, of the last {STAMPED_MAX:,}"
        ),
        "download": "name of the download that holds the scans",
        "found_empty": "it was found empty: an earlier clear had not come as far as its entry",
        "gaps_looked_at": "no scan is missing though the scanner drops repeated ones",
    }
)
"""What each field means. A field that is missing here and is no column of a batch stops the page."""

STATE = dict.fromkeys(scans.DETAIL_COLUMNS, "as it is recorded")
OPTIONS = {"new_holders": "unknown holders were registered"}
HOLDER = {"holder_id": "number of the holder"}
CORRECTED = {
    "holder_id": "number of the holder to whom the row should have given the asset, where that is corrected",
    "before": "state of the asset up to the correction",
    "after": "state to which its history leads with it",
}
ACCOUNT = {"name": "name of the account", "before": "role, and whether it was active", "after": "the same, since then"}
ABOUT_ACCOUNTS = (
    AccountEntry,
    AccountChangeEntry,
    CredentialEntry,
    SecondFactorEntry,
    ApiTokenEntry,
    ApiTokenRevokedEntry,
    SecurityEntry,
)
CLEARED = {
    "scans": "how many scans it held",
    "model": "the scanner's model",
    "sha256": "SHA-256 of the bytes in which it told them, in hex",
}
TABLE = {
    "rows": "how many rows the table has",
    "asked": "the questions that an answer for all of them settled, as they were asked",
    "traces": f"what its rows are known by in another one: 12 hexadecimal digits each, of the first {TRACED_MAX:,}",
    "same_scans": "rows that equal those of an earlier table are these",
    "scanned_anew": "all of it was done anew",
    "sheet": "name of the workbook's sheet",
    "is_timed": "each row has a time of its own, and is known by its asset and the minute",
    "columns": "the fields that its own columns told; missing where each row has a time of its own",
}
READING = {
    "scans": "how many scans it held",
    "read_as": "the form of the file that the scans came in; missing where the scanner itself was read",
    "asked": "the questions that an answer for all of them settled, as they were asked",
}
ANSWERS = {
    "operator": "who scanned, where no card says it",
    "event_type": "the event, where no card says it",
    "holder": "to whom assets are given, where no card says it",
    "reason": "why assets are retired",
}
ACCEPTED_OTHERWISE = {"changed": "`how`, `by` and `at` as they should have been, those that are otherwise"}
OF_KIND: Mapping[type[Entry], Mapping[str, str]] = {
    HolderEntry: HOLDER,
    CorrectionEntry: CORRECTED,
    AcceptanceCorrectionEntry: ACCEPTED_OTHERWISE,
    ScannerClearedEntry: CLEARED,
    ScansLeftOutEntry: CLEARED
    | {"reason": "why none of it is to count", "download": "the name under which it is kept"},
    **dict.fromkeys(ABOUT_ACCOUNTS, ACCOUNT),
}

COLUMN = "the cell of the row, trimmed"

INTRODUCTION = """Everything that changes the state of an asset, slot, case or holder is one entry of the audit log,
written in the same transaction as the change. The entry itself is the text in `audit_log.body`; the other columns of
that table are found from it. How the log is proved is told in [the audit log](../explanation/audit-log.md)."""

FORM = """The body is JSON with sorted keys and without white space, in UTF-8: the form of RFC 8785 for texts and whole
numbers. Fields that are blank or do not apply are left out. People are named by holder number and name, never by
contact data. A body is stored, hashed and handed on as it is, and never made again from its parts."""

HASHES = """* The leaf of an entry is the SHA-256 of a zero byte followed by its body. `audit_log.leaf` keeps it.
* Leaves are put together as RFC 6962 section 2.1 says; entry `seq` is leaf `seq - 1`.
* A row's identity (`audit_log.identity`) is the SHA-256 of the row's cells in their normal form, joined by the byte
  0x1F: tag, UTC time, event, operator, name, case, slot, then room, type, serial number, manufacturer, model, model
  code, notes, and last its ordinal.
* A checkpoint is a signed note (C2SP `tlog-checkpoint`): origin, size, root in base64, an empty line, a signature."""


def page() -> str:
    """Return the page."""
    parts = [INTRODUCTION, "## The form of an entry", FORM, HASHES]
    parts += ["## Kinds of entries", "`event_type` says the kind. Every entry but a row's has these fields:"]
    parts.append(_fields_table(DeedEntry, {}))
    for entry in get_args(audit_log.AnyEntry):
        parts += _kind(entry)
    parts += ["## State of an asset", "What stands under `before` and `after`.", _fields_table(Asset, STATE)]
    parts += ["## Options of a batch", "Those that were not used are left out.", _fields_table(Options, OPTIONS)]
    parts += ["### Acceptance", "What stands under `accepted`.", _fields_table(Acceptance, {})]
    parts += ["### Reading of scans", "What stands under `scanner`.", _fields_table(ScanReading, READING)]
    parts += ["### Reading of a table", "What stands under `table`.", _fields_table(TableReading, TABLE)]
    parts += ["### Answers", "What stands under `answers`.", _fields_table(Answers, ANSWERS)]
    parts += ["## Examples", "Entries of the batch `examples/delivery.csv`, byte for byte."]
    parts += [markdown.block(record.body.decode(), "json") for record in _examples()]
    return markdown.page("The audit log", *parts)


def _kind(entry: type[Entry]) -> list[str]:
    shared = {"operator", "recorded_at", "version", "seq"} if issubclass(entry, DeedEntry) else set()
    parts = [f"### {entry.__struct_config__.tag}", markdown.body(entry.__doc__)]
    base = entry.__bases__[0]
    if issubclass(entry, RowEntry):
        if entry is not ScanEntry:
            return [*parts, "Fields as in SCAN."]
        parts.append(markdown.body(base.__doc__))
    return [*parts, _fields_table(entry, OF_KIND.get(entry, {}), shared)]


def _fields_table(kind: type[msgspec.Struct], meanings: Mapping[str, str], leave_out: Container[str] = ()) -> str:
    columns = dict.fromkeys(set(scans.COLUMNS) - MEANINGS.keys(), COLUMN)
    known = {**MEANINGS, **columns, **meanings}
    rows = (
        (
            markdown.code(field.name),
            markdown.type_words(field.type),
            "always" if field.required else "where it applies",
            known[field.name],
        )
        for field in msgspec.structs.fields(kind)
        if field.name not in leave_out
    )
    return markdown.table(("field", "type", "there", "meaning"), rows)


def _examples() -> Iterator[Record]:
    """Yield the batch's own entry, that of its new holder, and of each event the first."""
    inventory = Inventory()
    inventory.add_case("CASE-01", 12)
    inventory.add_case("CASE-02", 12)
    inventory.holders.add(Holder(1, "Noor Haddad"))
    rows = Validator(UTC, datetime.fromisoformat(MOMENT)).scans(scan_csv.parse(BATCH.read_bytes()).rows())
    plan = decide(rows, inventory, Options(new_holders=True))
    assert not plan.refusals, "the example is a good batch"
    facts = BatchFacts(1, BATCH.name, scan_csv.parse(BATCH.read_bytes()).sha256)
    seen = set()
    for record in batch_deeds.commit_batch(plan, inventory, facts, 5, Signoff("mara", MOMENT, __version__)).records:
        kind = audit_log.event_type(audit_log.decode_body(record.body))
        if kind not in seen:
            seen.add(kind)
            yield record
