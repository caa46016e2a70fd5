"""The first page: where the work is."""

from datetime import timedelta

from starlette.responses import Response

from assettrack.domain.audit_log import event_type
from assettrack.domain.desk_rows import QueueRow
from assettrack.domain.entries.rows import RowEntry
from assettrack.domain.scans import AHEAD_MINUTES_MAX
from assettrack.domain.timestamps import utc_text
from assettrack.services import queues
from assettrack.services.overview import Overview
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.backup_state import backup_state
from assettrack.web.entry_lines import what_on_page
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import Visit

routes = Routes()


@routes.page("/", Permission.VIEW)
def home(visit: CurrentVisit) -> Response:
    """Show what is issued and to whom, what needs a person, what happened last, and the age of the last backup."""
    memory = visit.station.memory
    found = memory.overview.find(visit.workplace, memory.remembered.counts_said)
    facts = {
        "area": "home",
        "found": found,
        "latest": _latest(visit, found),
        "backup": backup_state(visit),
        "queued": _queued(visit) if visit.may(Permission.OPERATE) else 0,
    }
    return render(visit, "home/home.html", facts)


def _latest(visit: Visit, found: Overview) -> list[dict[str, object]]:
    """Return what a page says of the latest entries, in the order in which that happened.

    What was recorded while the clock was ahead says a time that is still to come. It happened no later than what was
    recorded after it, so it stands below that.
    """
    now = visit.station.workplace.now()
    until, close = utc_text(now), utc_text(now + timedelta(minutes=AHEAD_MINUTES_MAX))
    told: list[tuple[str, int, dict[str, object]]] = []
    for entry in found.latest:
        if isinstance(entry, RowEntry):
            at, by = entry.occurred_at, entry.operator_id
        else:
            at, by = entry.recorded_at, entry.operator
            until = min(until, at)
        said: dict[str, object] = {"seq": entry.seq, "kind": event_type(entry), "at": at, "is_ahead": at > close}
        told.append((min(at, until), entry.seq, said | {"by": by, "what": what_on_page(visit, entry)}))
    return [each for _, _, each in sorted(told, key=lambda one: one[:2], reverse=True)]


def _queued(visit: Visit) -> int:
    """Return how many scans wait in one's own queue; a queue is not opened by looking.

    A commit that was cut off is settled first: the log tells what of it waits. What is being committed does not.
    """
    desk, who = visit.station.desk, visit.who
    if any(row.committing_below is not None for row in _own_queues(visit)):
        queues.settle(visit.workplace, desk, who, tell=True)
    return sum(
        scan.removed_at is None and scan.number >= (row.committing_below or 0)
        for row in _own_queues(visit)
        for scan in desk.scans(row.queue_id)
    )


def _own_queues(visit: Visit) -> list[QueueRow]:
    who = (visit.who.account_id, visit.who.name)
    return [row for row in visit.station.desk.open_queues() if (row.account_id, row.name) == who]
