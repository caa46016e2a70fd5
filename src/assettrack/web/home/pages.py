"""The first page: where the work is."""

from starlette.responses import Response

from assettrack.domain.audit_log import event_type
from assettrack.domain.entries.rows import RowEntry
from assettrack.domain.entry_wording import what_happened
from assettrack.services.overview import Overview
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.backup_state import backup_state
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import Visit
from assettrack.web.texts import ARROW

routes = Routes()


@routes.page("/", Permission.VIEW)
def home(visit: CurrentVisit) -> Response:
    """Show what is issued and to whom, what needs a person, what happened last, and the age of the last backup."""
    memory = visit.station.memory
    found = memory.overview.find(visit.workplace, memory.counts_said)
    facts = {
        "area": "home",
        "found": found,
        "latest": _latest(found),
        "backup": backup_state(visit),
        "queued": _queued(visit) if visit.may(Permission.OPERATE) else 0,
    }
    return render(visit, "home/home.html", facts)


def _latest(found: Overview) -> list[dict[str, object]]:
    """Return what a page says of the latest entries, in the order in which that happened."""
    told: list[dict[str, object]] = [
        {
            "seq": entry.seq,
            "kind": event_type(entry),
            "at": entry.occurred_at if isinstance(entry, RowEntry) else entry.recorded_at,
            "by": entry.operator_id if isinstance(entry, RowEntry) else entry.operator,
            "what": what_happened(entry, ARROW),
        }
        for entry in found.latest
    ]
    return sorted(told, key=lambda each: (str(each["at"]), each["seq"]), reverse=True)


def _queued(visit: Visit) -> int:
    """Return how many scans wait in one's own queue; a queue is not opened by looking."""
    desk, who = visit.station.desk, visit.who
    own = [row for row in desk.open_queues() if (row.account_id, row.name) == (who.account_id, who.name)]
    return sum(scan.removed_at is None for row in own for scan in desk.scans(row.queue_id))
