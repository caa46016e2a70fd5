"""Judging whether a station is fit for work: each finding is one line, "ok" or what to do about it.

Facts about the database file and the machine are handed in as plain values; who gathers them is
`bootstrap`. Must never repair anything: it says what to do, and a person does it.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from assettrack.domain import errors
from assettrack.domain.audit_log import decode_body
from assettrack.domain.entries.base import DeedEntry, NotAnEntry
from assettrack.domain.entries.station import BackupEntry
from assettrack.domain.timestamps import utc_text
from assettrack.domain.wording import counted, counted_entries
from assettrack.services.latest_backup import age_of
from assettrack.services.ports import Snapshot, Workplace

SPACE_BYTES_MIN = 200_000_000
"""Below this much free space a station should not go on collecting."""

SPACE_FACTOR_MIN = 3
"""Free space as a multiple of the database: room for its write-ahead log, a copy and a backup."""

BACKUP_DAYS_FRESH = 7
"""A backup of so many days is fresh; an older one is to be followed by another."""

BACKUP_DAYS_MAX = 30
"""After so many days without a backup a station should make one before it goes on."""

_MAKE_ONE = "Make one: assettrack backup FILE."

YEARS_SANE = range(2025, 2100)
"""Years a station's clock may show: the program is no older than the first."""


class Check(msgspec.Struct, frozen=True):
    """One thing that was looked at. ``integrity`` says that a failure means damage, not a missing requisite.

    ``to_do`` says that nothing is wrong with it and something has to be done all the same.
    """

    name: str
    ok: bool
    message: str
    integrity: bool = False
    to_do: bool = False


def failed(name: str, error: errors.AssetTrackError) -> Check:
    """Return the check that ended in an error."""
    return Check(name, ok=False, message=error.as_seen, integrity=isinstance(error, errors.IntegrityError))


def about_engine(version: str, *, safe: bool) -> Check:
    """Judge the database library by whether its write-ahead log can be trusted."""
    if safe:
        return Check("sqlite", ok=True, message=f"SQLite {version}, free of the WAL-reset corruption bug.")
    return Check(
        "sqlite", ok=False, message=f"SQLite {version} has a bug that can destroy data. Update apsw to 3.51.3 or newer."
    )


def about_pragmas(pragmas: Sequence[tuple[str, object, object]]) -> Check:
    """Judge the settings of a connection: each with the value wanted and the value read back."""
    wrong = [f"{name} is {found!r} and should be {wanted!r}" for name, wanted, found in pragmas if found != wanted]
    if wrong:
        advice = "Nobody but AssetTrack should change the file; run init, then doctor again."
        return Check("pragmas", ok=False, message=f"{'; '.join(wrong)}. {advice}")
    return Check("pragmas", ok=True, message=", ".join(f"{name} {found}" for name, _, found in pragmas) + ".")


def about_schema(version: int, faults: Sequence[str]) -> Check:
    """Judge the schema, triggers included, by how it differs from the one this version makes."""
    if faults:
        message = f"{' '.join(faults)} Keep the file as it is, run audit verify, and restore a backup."
        return Check("schema", ok=False, message=message, integrity=True)
    return Check("schema", ok=True, message=f"Schema {version}, as this version makes it.")


def about_space(folder: str, free: int, database: int) -> Check:
    """Judge the free space (bytes) beside a database of so many bytes."""
    wanted = max(SPACE_BYTES_MIN, SPACE_FACTOR_MIN * database)
    if free < wanted:
        message = f"Only {_megabytes(free)} are free in {folder}; make room, at least {_megabytes(wanted)}."
        return Check("space", ok=False, message=message)
    return Check("space", ok=True, message=f"{_megabytes(free)} free in {folder}.")


def about_key(path: str, reason: str | None) -> Check:
    """Judge the signing key: there, private and the one the database knows, unless ``reason`` says otherwise."""
    if reason is not None:
        return Check("key", ok=False, message=reason)
    return Check("key", ok=True, message=f"{path} is private and fits the database. Keep a backup of it elsewhere.")


def about_plans(folder: str, reason: str | None) -> Check:
    """Judge the folder of previewed plans; without it a stale commit can't name the rows that moved."""
    if reason is not None:
        message = f"Previews can't be kept in {folder} ({reason}), so a stale commit could not say which rows moved."
        return Check("plans", ok=False, message=f"{message} Make the folder writable.")
    return Check("plans", ok=True, message=f"Previews are kept in {folder}.")


def about_clock(workplace: Workplace) -> Check:
    """Judge the clock: in a sane year, and not behind what it said when the log was last written to."""
    now = workplace.now()
    text = utc_text(now)
    try:
        with workplace.store.read() as snapshot:
            latest = _latest_recorded_at(snapshot)
    except errors.AssetTrackError as error:
        return failed("clock", error)
    except NotAnEntry as error:
        message = f"The latest entries can't be read ({error}). Run audit verify."
        return Check("clock", ok=False, message=message, integrity=True)
    return judge_clock(now, text, latest)


def judge_clock(now: datetime, text: str, latest: str) -> Check:
    """Judge a moment, with its UTC text, by the UTC text of the latest entry."""
    if now.year not in YEARS_SANE:
        return Check("clock", ok=False, message=f"The clock says {text}. Set it before anything is scanned.")
    if text < latest:
        message = f"The clock says {text}, but the log was written to at {latest}. Set the clock right."
        return Check("clock", ok=False, message=message)
    return Check("clock", ok=True, message=f"{text}, not before the latest entry.")


class KnownOutside(msgspec.Struct, frozen=True):
    """What is known outside the database of how long its log was: ``entries``, None where nothing is.

    ``path`` is where that is kept, ``unreadable`` why what lies there can't be read, ``unwritable`` why nothing can be
    left there; None where it can.
    """

    path: str
    entries: int | None = None
    unreadable: str | None = None
    unwritable: str | None = None


def about_checkpoint(known: KnownOutside) -> Check:
    """Judge what is known outside the database of how long its log was; it does hold that."""
    unnoticed = "so an older copy of the database would not be noticed"
    if known.unreadable is not None:
        message = f"The known checkpoint {known.path} can't be read ({known.unreadable}), {unnoticed}."
        advice = (
            "Compare the log with a checkpoint kept elsewhere: assettrack audit verify --checkpoint FILE. "
            "Then move that one away; the next deed leaves a new one."
        )
        return Check("history", ok=False, message=f"{message} {advice}")
    if known.unwritable is not None:
        message = f"No deed can leave its checkpoint at {known.path} ({known.unwritable}), {unnoticed}."
        return Check("history", ok=False, message=f"{message} Make its folder writable.")
    if known.entries is None:
        message = "No checkpoint is known outside the database yet; the next deed leaves one."
    else:
        size = counted_entries(known.entries)
        message = f"The database holds the checkpoint of {size} that is known outside it."
    return Check("history", ok=True, message=message)


def about_backup(workplace: Workplace) -> Check:
    """Judge the latest backup that the log tells of by its age; without one the station's own age counts.

    One that was made while the clock was ahead has no age that can be told: it may be of any.
    """
    try:
        with workplace.store.read() as snapshot:
            body = next(snapshot.deeds_of_kind("BACKUP"), None)
            entry = decode_body(next(snapshot.records(1, 1))[0].body if body is None else body)
    except errors.AssetTrackError as error:
        return failed("backup", error)
    except NotAnEntry as error:
        return Check("backup", ok=False, message=f"An entry can't be read ({error}). Run audit verify.", integrity=True)
    assert isinstance(entry, DeedEntry), "a backup is a deed, and so is the first entry"
    age = age_of(entry.recorded_at, workplace.now())
    is_old = not age.is_ahead and age.days > BACKUP_DAYS_MAX
    if not isinstance(entry, BackupEntry):
        message = f"The log tells of no backup yet. {_MAKE_ONE}"
        return Check("backup", ok=not is_old, message=message, to_do=not is_old)
    told = f"The latest backup, {entry.file} of {counted_entries(entry.entries)}, is"
    if age.is_ahead:
        ahead = counted(age.days, "day") if age.days else "less than a day"
        message = f"{told} dated {entry.recorded_at}, {ahead} ahead of this clock: its age can't be told."
        advice = f"If the clock is wrong, set it right. If it is not, a new backup is needed. {_MAKE_ONE}"
        return Check("backup", ok=False, message=f"{message} {advice}")
    told = f"{told} {counted(age.days, 'day')} old."
    if is_old:
        return Check("backup", ok=False, message=f"{told} {_MAKE_ONE}")
    message = f"{told} Keep backups elsewhere; the next: assettrack backup FILE."
    return Check("backup", ok=True, message=message, to_do=age.days > BACKUP_DAYS_FRESH)


def _latest_recorded_at(snapshot: Snapshot) -> str:
    """Return when the latest deed was recorded; a batch says so once, in its first entry."""
    size = snapshot.log_size
    batch = snapshot.batch(snapshot.last_batch_id())
    seq = batch.first_seq if batch is not None and batch.last_seq == size else size
    for record, _ in snapshot.records(seq, seq):
        entry = decode_body(record.body)
        if isinstance(entry, DeedEntry):
            return entry.recorded_at
    raise NotAnEntry(f"entry {seq} is not a deed's")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f} MB"
