"""The sheet of a count as a table: what is printed when a count is signed off, or to go round with while it is open."""

from assettrack.domain.counts import RESULTS
from assettrack.domain.tables import Column, Table, exact_local_text
from assettrack.domain.timestamps import utc_text
from assettrack.services import counts
from assettrack.services.counts import Done, Sheet
from assettrack.services.ports import Workplace

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
    sheet = counts.sheet(workplace, count_id, with_found=with_found)
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
    return Table(f"Count {count_id}: {sheet.scope.words}", COLUMNS, rows, zone, [*lines, _sum(sheet)], signatures)


def _sum(sheet: Sheet) -> str:
    totals = sheet.totals
    ended = "no result" if totals is None else ", ".join(f"{totals[each]:,} {_words(each)}" for each in RESULTS)
    return f"{sheet.expected:,} expected, {sheet.scans:,} scans: {ended}"


def _words(result: str) -> str:
    return result.replace("_", " ")
