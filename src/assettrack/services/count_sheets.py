"""The sheet of a count as a table: what is printed when a count is signed off, or to go round with while it is open."""

from base64 import b64encode

from assettrack.domain import station_errors
from assettrack.domain.checkpoints import parse_note
from assettrack.domain.code_words import RESULT_WORDS
from assettrack.domain.counts import FOUND, RESULTS
from assettrack.domain.signed_notes import NoteInvalid
from assettrack.domain.tables import Column, Table, exact_local_text
from assettrack.domain.timestamps import utc_text
from assettrack.services import counts
from assettrack.services.counts import Done, Sheet
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.typed_deeds import refusal_raised

COLUMNS = (
    Column("result", "Result"),
    Column("asset_tag", "Asset"),
    Column("recorded", "Recorded when it began"),
    Column("seen", "Seen"),
    Column("seen_at", "Seen at", "time"),
)

SIGNATURES = (
    "Counted by: ________________________    Signature: ________________________    Date: ______________",
    "Checked by: ________________________    Signature: ________________________    Date: ______________",
)


def count_table(workplace: Workplace, count_id: int, *, with_found: bool = False) -> Table:
    """Return the sheet of a count: its exceptions and, if asked for, what was simply found.

    Of a count that is signed off the table stays the same, but for holders who are renamed; of an open one it says
    when it was made. One that was abandoned has no result, and nothing to be signed.

    Raises:
        errors.DeedRefused: there is no such count.
    """
    with workplace.store.read() as snapshot, refusal_raised():
        sheet = counts.sheet_in(snapshot, count_id, with_found=with_found)
        origin = _origin(snapshot, sheet)
    zone = workplace.zone(sheet.timezone)

    def moment(done: Done) -> str:
        return f"{exact_local_text(done.recorded_at, zone)} ({zone}) by {done.operator}, entry {done.seq}"

    if sheet.abandoned is not None:
        state = f"Abandoned {moment(sheet.abandoned)}: {sheet.abandoned.reason}"
    elif sheet.closed is None:
        state = f"Open, as it stood {exact_local_text(utc_text(workplace.now()), zone)} ({zone})"
    else:
        state = f"Signed off {moment(sheet.closed)}"
    lines = [f"Begun {moment(sheet.started)}", state, *([f"Remark: {sheet.remark}"] if sheet.remark else [])]
    rows = [(_words(line.result), line.asset_tag, line.recorded, line.seen, line.seen_at) for line in sheet.lines]
    signatures = () if sheet.abandoned is not None else SIGNATURES
    subtitle = [*lines, _sum(sheet), *_left_out(sheet, with_found=with_found), origin]
    title = f"Count {count_id}: {sheet.scope.words}"
    return Table(title, COLUMNS, rows, zone, subtitle, signatures, {"result": _WORDS})


def _sum(sheet: Sheet) -> str:
    totals, scanned = sheet.totals, f"{sheet.expected:,} expected, {sheet.scans:,} scans"
    if totals is None:
        return f"{scanned}: no result"
    return f"{scanned}. {'; '.join(f'{RESULT_WORDS[each]}: {totals[each]:,}' for each in RESULTS)}"


def _left_out(sheet: Sheet, *, with_found: bool) -> list[str]:
    """Return what is said where what was simply found does not stand on the sheet."""
    found = 0 if with_found or sheet.totals is None else sheet.totals[FOUND]
    return ["Listed below is what was not simply found."] if found else []


def _origin(snapshot: Snapshot, sheet: Sheet) -> str:
    """Return whose sheet it is, and the log that it is tied to: as the end of the count left it, or as it is now.

    Raises:
        station_errors.DatabaseDamaged: no checkpoint covers that.
    """
    ended = sheet.closed or sheet.abandoned
    try:
        covered = parse_note(snapshot.checkpoint_at_least(snapshot.log_size if ended is None else ended.seq) or "")
    except NoteInvalid as error:
        raise station_errors.DatabaseDamaged("the log has no checkpoint that covers it") from error
    root, station = b64encode(covered.root).decode(), snapshot.station().station
    return f"Of {station}, from {covered.size:,} entries of the log with root {root}."


def _words(result: str) -> str:
    return result.replace("_", " ")


_WORDS = {_words(result): words for result, words in RESULT_WORDS.items()}
"""What people read for a result; programs get its code with blanks."""
