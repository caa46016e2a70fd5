"""How a count ends: shown first, then signed off exactly so, or abandoned; and the papers of a count."""

from starlette.responses import RedirectResponse, Response

from assettrack.domain import errors
from assettrack.domain.counts import RESULTS
from assettrack.formats.batch_rows import batch_bytes
from assettrack.services import count_endings, count_fixes
from assettrack.services.count_sheets import count_table
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.count_live_pages import COLOURS, count_path, tally_of
from assettrack.web.failures import status_of
from assettrack.web.forms import FormFields, Number
from assettrack.web.once import name_of, once
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import Visit
from assettrack.web.table_files import attachment, table_file

routes = Routes()


@routes.page("/counts/{count_id}/close", Permission.OPERATE)
def ask_to_close(visit: CurrentVisit, count_id: Number) -> Response:
    """Show how the count would be signed off now, to be confirmed."""
    return _close_page(visit, count_id, "", "", 200)


@routes.deed("/counts/{count_id}/close", Permission.OPERATE)
def close(visit: CurrentVisit, count_id: Number, said: FormFields) -> Response:
    """Sign a count off exactly as it was shown; sent again, lead to the same."""
    remark = said["remark"]
    try:
        clean = said_values.text("The remark", remark) if remark else ""
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
    """Abandon a count: it has no result, and takes no more scans."""
    reason = said["reason"]

    def do() -> str:
        clean = said_values.text("The reason", reason) or ""
        count_endings.abandon(visit.workplace, count_id, clean)
        return count_path(count_id)

    try:
        return once(visit, name_of(said), count_path(count_id), do)
    except errors.AssetTrackError as error:
        return _abandon_page(visit, count_id, reason, str(error), status_of(error))


@routes.page("/counts/{count_id}/sheet", Permission.VIEW)
def sheet(visit: CurrentVisit, count_id: Number, format: str = "pdf", found: str = "") -> Response:  # noqa: A002 - as the address has it
    """Send the sheet of a count: its exceptions and, if asked for, what was simply found."""
    tally_of(visit, count_id)
    table = count_table(visit.workplace, count_id, with_found=bool(found))
    return table_file(table, f"count-{count_id}", format)


@routes.page("/counts/{count_id}/fixes", Permission.OPERATE)
def fixes(visit: CurrentVisit, count_id: Number) -> Response:
    """Send a batch that would record assets where they were seen; it is taken in like any other."""
    tally_of(visit, count_id)
    proposed = count_fixes.fixes(visit.workplace, count_id)
    if not proposed.rows:
        return render(visit, "counts/no_fixes.html", {"area": "counts", "count_id": count_id, "fixes": proposed})
    return attachment(batch_bytes(proposed.rows), f"count-{count_id}-fixes.csv", "text/csv; charset=utf-8")


def _close_page(visit: Visit, count_id: int, remark: str, failed: str, status: int) -> Response:
    tally_of(visit, count_id)
    ending = count_endings.preview(visit.workplace, count_id)
    if ending.is_closed and not failed:
        return RedirectResponse(count_path(count_id), 303)
    facts = {
        "area": "counts",
        "path": count_path(count_id),
        "ending": ending,
        "sheet": ending.sheet,
        "results": list(RESULTS),
        "colours": COLOURS,
        "remark": remark,
        "failed": failed,
    }
    return render(visit, "counts/close.html", facts, status=status)


def _abandon_page(visit: Visit, count_id: int, reason: str, failed: str, status: int) -> Response:
    facts = {
        "area": "counts",
        "path": count_path(count_id),
        "sheet": tally_of(visit, count_id).sheet,
        "reason": reason,
        "failed": failed,
    }
    return render(visit, "counts/abandon.html", facts, status=status)
