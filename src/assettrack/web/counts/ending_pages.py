"""How a count ends: shown first, then signed off exactly so, or abandoned; and the papers of a count."""

from http import HTTPStatus

from starlette.responses import RedirectResponse, Response

from assettrack.domain import errors
from assettrack.domain.counts import FOUND, RESULTS
from assettrack.formats.batch_rows import batch_bytes
from assettrack.services import count_endings, count_fixes, unseen_scans
from assettrack.services.count_sheets import count_table
from assettrack.services.count_standing import Wanted
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.counts.live_pages import COLOURS, count_path, query_here, standing_of
from assettrack.web.counts.pages import goes_on
from assettrack.web.failures import status_of
from assettrack.web.forms import FormFields, Number, whole_number
from assettrack.web.once import name_of, once
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import Visit
from assettrack.web.table_files import attachment, table_file
from assettrack.web.texts import worded

routes = Routes()

LINES_SHOWN = 500
"""So many lines of what was not found are on the page that asks; the sheet has all."""

NOTHING = Wanted()
ALL_EXCEPTIONS = Wanted(LINES_SHOWN, {FOUND: 0}, in_all=LINES_SHOWN, exceptions=True)


@routes.page("/counts/{count_id}/close", Permission.OPERATE)
def ask_to_close(visit: CurrentVisit, count_id: Number) -> Response:
    """Show how the count would be signed off now, to be confirmed."""
    return _close_page(visit, count_id, "", "", 200)


@routes.deed("/counts/{count_id}/close", Permission.OPERATE)
def close(visit: CurrentVisit, count_id: Number, said: FormFields) -> Response:
    """Sign a count off exactly as it was shown; sent again, lead to the same."""
    remark, shown = said["remark"], set(map(whole_number, said["unseen"].split()))
    try:
        clean = said_values.text("The remark", remark) if remark else ""
        with unseen_scans.not_shown(visit.station.desk, count_id, shown) as since:
            if since and goes_on(standing_of(visit, count_id, NOTHING).sheet):
                failed = worded(visit.station.texts, "count_close.unseen_since", {"count": len(since)})
                return _close_page(visit, count_id, remark, failed, HTTPStatus.CONFLICT)
            count_endings.close(visit.workplace, count_id, clean or "", confirm=said["confirm"])
    except errors.AssetTrackError as error:
        return _close_page(visit, count_id, remark, str(error), status_of(error))
    return RedirectResponse(count_path(count_id), 303)


@routes.page("/counts/{count_id}/abandon", Permission.OPERATE)
def ask_to_abandon(visit: CurrentVisit, count_id: Number) -> Response:
    """Ask why the count is to be abandoned."""
    return _abandon_page(visit, count_id, "", "", 200)


@routes.deed("/counts/{count_id}/abandon", Permission.OPERATE)
def abandon(visit: CurrentVisit, count_id: Number, said: FormFields) -> Response:
    """Abandon a count as it was shown: it has no result, and takes no more scans."""
    reason, scans = said["reason"], whole_number(said["scans"])
    shown = -1 if scans is None else scans  # whoever does not say how many there are, was not shown what there is

    def do() -> str:
        clean = said_values.text("The reason", reason) or ""
        count_endings.abandon(visit.workplace, count_id, clean, shown=shown)
        return count_path(count_id)

    try:
        return once(visit, name_of(said), count_path(count_id), do)
    except errors.AssetTrackError as error:
        return _abandon_page(visit, count_id, reason, str(error), status_of(error))


@routes.page("/counts/{count_id}/sheet", Permission.VIEW)
def sheet(visit: CurrentVisit, count_id: Number, format: str = "pdf", found: str = "") -> Response:  # noqa: A002 - as the address has it
    """Send the sheet of a count: its exceptions and, if asked for, what was simply found."""
    standing_of(visit, count_id, NOTHING)
    table = count_table(visit.workplace, count_id, with_found=bool(found))
    return table_file(table, f"count-{count_id}", format)


@routes.page("/counts/{count_id}/fixes", Permission.OPERATE)
def fixes(visit: CurrentVisit, count_id: Number) -> Response:
    """Send a batch that would record assets where they were seen; it is taken in like any other."""
    standing_of(visit, count_id, NOTHING)
    proposed = count_fixes.fixes(visit.workplace, count_id)
    if not proposed.rows:
        return render(visit, "counts/no_fixes.html", {"area": "counts", "count_id": count_id, "fixes": proposed})
    return attachment(batch_bytes(proposed.rows), f"count-{count_id}-fixes.csv", "text/csv; charset=utf-8")


def _close_page(visit: Visit, count_id: int, remark: str, failed: str, status: int) -> Response:
    tally = standing_of(visit, count_id, ALL_EXCEPTIONS)
    if tally.sheet.abandoned is not None:
        count_endings.preview(visit.workplace, count_id)  # says by whom, and why
    ending = count_endings.ending_of(visit.workplace, tally.sheet, tally.exceptions)
    if ending.is_closed and not failed:
        return RedirectResponse(count_path(count_id), 303)
    facts = {
        "area": "counts",
        "path": count_path(count_id),
        "at": query_here(visit),
        "ending": ending,
        "sheet": ending.sheet,
        "exceptions": len(tally.exceptions),
        "lines": [line for group in tally.groups for line in group.lines],
        "results": list(RESULTS),
        "colours": COLOURS,
        "remark": remark,
        "unseen": unseen_scans.unseen(visit.station.desk, count_id),
        "failed": failed,
    }
    return render(visit, "counts/close.html", facts, status=status)


def _abandon_page(visit: Visit, count_id: int, reason: str, failed: str, status: int) -> Response:
    facts = {
        "area": "counts",
        "path": count_path(count_id),
        "at": query_here(visit),
        "sheet": standing_of(visit, count_id, NOTHING).sheet,
        "reason": reason,
        "failed": failed,
    }
    return render(visit, "counts/abandon.html", facts, status=status)
