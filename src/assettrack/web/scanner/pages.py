"""The pocket scanner: which one is connected, reading it, setting it right, and the downloads that are kept."""

from collections.abc import Callable

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from assettrack.domain import download_errors
from assettrack.services import kept_downloads, scanner_sessions
from assettrack.services.ports import Workplace
from assettrack.services.scanner_desk import ScannerDesk
from assettrack.services.scanner_ports import Progress
from assettrack.services.scanner_sessions import Seen
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.scanner.run import Asked, Kind, Outcome, Run, Work
from assettrack.web.station import Visit

routes = Routes()

RUN_BYTES = 16
DOWNLOADS_SHOWN = 25
"""So many of the latest downloads are listed; a link shows all."""

HERE = "/scanner"


@routes.page(HERE, Permission.VIEW)
def scanner(visit: CurrentVisit, everything: str = "") -> Response:
    """Show the scanner as it was seen last, and the downloads that are kept, newest first."""
    desk, memory = visit.station.scanners, visit.station.memory.scanner
    kept, total = kept_downloads.kept_downloads(visit.workplace, desk, 2**31 if everything else DOWNLOADS_SHOWN)
    run = memory.latest
    facts = {
        "area": "scanner",
        "run": run if run is not None and run.is_going_on else None,
        "seen": memory.seen,
        "kept": kept,
        "older": total - len(kept),
        "damaged": desk.spool.damaged(),
        "questions": [each.hex() for each in desk.browser.questions],
        "last_question": desk.browser.read.hex(),
        "failed": "",
    }
    return render(visit, "scanner/scanner.html", facts)


@routes.deed("/scanner/look", Permission.OPERATE)
def look(visit: CurrentVisit) -> Response:
    """Look which scanner is connected."""
    return start(visit, "look", HERE, _seen_by(visit, scanner_sessions.look))


@routes.deed("/scanner/read", Permission.OPERATE)
def read(visit: CurrentVisit) -> Response:
    """Read what the scanner holds, and keep it; the scanner is not changed."""
    workplace, desk = visit.workplace, visit.station.scanners

    def work(progress: Progress) -> Outcome:
        try:
            pulled, seen = scanner_sessions.read(workplace, desk, progress)
        except download_errors.ScannerEmpty as error:
            there = f"/scanner/downloads/{error.download}/clear" if error.download else ""
            return Outcome(there, failed=str(error))
        return Outcome(f"/scanner/downloads/{pulled.download.name}{'' if pulled.is_new else '?again=1'}", seen)

    return start(visit, "read", HERE, work)


@routes.deed("/scanner/make-safe", Permission.OPERATE)
def make_safe(visit: CurrentVisit) -> Response:
    """Set the scanner so that no scan leaves it unseen; a setting that is left is said, and what is set is shown."""
    workplace, desk = visit.workplace, visit.station.scanners

    def work(_progress: Progress) -> Outcome:
        seen, left = scanner_sessions.make_safe(workplace, desk)
        return Outcome(HERE, seen) if left is None else Outcome("", seen, str(left))

    return start(visit, "safe", HERE, work)


@routes.deed("/scanner/set-clock", Permission.OPERATE)
def set_clock(visit: CurrentVisit) -> Response:
    """Set the scanner's clock, if it holds no scans."""
    return start(visit, "clock", HERE, _seen_by(visit, scanner_sessions.set_clock))


@routes.page("/scanner/runs/{run}", Permission.VIEW)
def progress(visit: CurrentVisit, request: Request, run: str, busy: str = "") -> Response:
    """Show how far it is; once it is done, lead to what came of it."""
    found = visit.station.memory.scanner.latest
    if found is None or found.name != run:  # the server was started anew, or somebody began something else
        return _go(request, HERE)
    if found.leads_to and not found.failed:
        return _go(request, HERE if busy else found.leads_to)
    return render(visit, "scanner/run.html", {"area": "scanner", "run": found, "busy": bool(busy)})


def start(visit: Visit, kind: Kind, about: str, work: Work) -> Response:
    """Begin something with the scanner, and lead to how far it is; what somebody else does with it is told there."""
    asked = Asked(visit.station.chance(RUN_BYTES).hex(), kind, visit.who.account_id, about)
    run = visit.station.memory.scanner.start(visit.workplace, asked, work)
    return RedirectResponse(f"/scanner/runs/{run.name}{'?busy=1' if _is_other(run, asked) else ''}", 303)


def _is_other(run: Run, asked: Asked) -> bool:
    """Tell whether something else goes on; the same asked twice by one person is one."""
    return (run.account_id, run.kind, run.about) != (asked.account_id, asked.kind, asked.about)


def _seen_by(visit: Visit, do: Callable[[Workplace, ScannerDesk], Seen]) -> Work:
    workplace, desk = visit.workplace, visit.station.scanners
    return lambda _progress: Outcome(HERE, do(workplace, desk))


def _go(request: Request, path: str) -> Response:
    """Lead a browser elsewhere, be it a page or a part of one that asked."""
    if "hx-request" in request.headers:
        return Response(headers={"hx-redirect": path})
    return RedirectResponse(path, 303)
