"""Intake: the queue of scans, what each will do, and the page on which the queue is checked and committed."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated

from fastapi import Form, Request
from starlette.responses import RedirectResponse, Response

from assettrack.domain import desk_errors, errors
from assettrack.domain.change_wording import all_said, before_and_after, kind_of, summary
from assettrack.domain.plans import ACCEPTED_HOW, Acceptance, Change
from assettrack.domain.queued_scans import Context, Held, Repeated, RowMeant
from assettrack.domain.scans import DETAIL_COLUMNS, EventType
from assettrack.domain.tags import OUT, Place, is_out
from assettrack.domain.typed_rows import TYPED_EVENT_TYPES, TypedRow
from assettrack.services import browsing, holders, next_free_slots, queues, settled_queues
from assettrack.services.after_deeds import after_deed
from assettrack.services.missing_types import lacks_type
from assettrack.services.queues import Line, Queue, Review
from assettrack.services.queues import commit as commit_queue
from assettrack.services.settled_queues import Became
from assettrack.services.waited_scans import at_the_scan
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.batches.facts import of_plan
from assettrack.web.batches.freed_slots import freed_by
from assettrack.web.batches.missing_types import shade
from assettrack.web.batches.shown_plans import Row, Stopped, shown_changes, since
from assettrack.web.failures import status_of
from assettrack.web.forms import FormFields, Number
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import Visit
from assettrack.web.texts import ARROW

routes = Routes()

LINES_SHOWN = 25
"""So many of the latest scans are on the page; a link shows all."""

_SIGHTED = ("sighted_in_custody", "sighted_retired", "sighted_elsewhere")
"""Notices that say where an asset is by the records, and that it stays so."""

NOT_AS_SHOWN = (desk_errors.QueueOther, desk_errors.ScanChanged, desk_errors.ScanGone)
"""What a form is about is not there as it was shown: the present queue is, with that said."""

TextField = Annotated[str, Form()]


@routes.page("/intake", Permission.OPERATE)
def intake(visit: CurrentVisit, everything: str = "", begun: str = "") -> Response:
    """Show the queue, and where the next scan goes; ``begun`` says that it follows one that was ended."""
    return queue_page(visit, begun=begun, everything=bool(everything))


def queue_page(
    visit: Visit, failed: str = "", gone: Sequence[Row] = (), *, begun: str = "", everything: bool = False
) -> Response:
    """Show the queue; where a commit of it ``failed``, as it stands then, with the rows that are not in it any more."""
    review = _review(visit, _queue(visit))
    facts = {
        "area": "intake",
        "failed": failed,
        "became": _became(visit, review.queue),
        "gone": gone,
        "events": TYPED_EVENT_TYPES,
        "cases": [case.case_name for case in browsing.cases(visit.workplace)],
        "taken": [],
        "begun": begun,
        "holder_names": [holder.name for holder in holders.all_holders(visit.workplace) if holder.active],
        **_queue_facts(visit, review, everything=everything),
    }
    return render(visit, "intake/intake.html", facts, status=409 if failed else 200)


@routes.deed("/intake/scans", Permission.OPERATE)
def scan(
    visit: CurrentVisit, request: Request, typed: TextField = "", sent_as: TextField = "", waited: TextField = ""
) -> Response:
    """Take a scan in: it is stored before this answers. How long it waited in the browser is no part of its time."""
    queue = _queue(visit)
    at = at_the_scan(visit.workplace, queue, waited)
    numbers = queues.take(at, visit.station.desk, queue, typed, sent_as or None)
    if "hx-request" not in request.headers:
        return RedirectResponse("/intake#typed", 303)
    review = _review(visit, _queue(visit))
    taken = [line for line in review.lines if line.scan.number in numbers]
    became = _became(visit, review.queue)
    return render(
        visit, "intake/queue.html", {"taken": taken, "became": became, **_queue_facts(visit, review, everything=False)}
    )


@routes.deed("/intake/context", Permission.OPERATE)
def set_context(visit: CurrentVisit, said: FormFields) -> Response:
    """Say by hand what the next scans of the queue mean that the page showed."""
    try:
        queue = _shown_queue(visit, said["queue_id"])
    except NOT_AS_SHOWN as error:
        return queue_page(visit, str(error))
    case, slot, how = said["case_name"], said["slot_position"], said["how"]
    place = said_values.slot(case, slot) if case and slot else None
    context = Context(
        event_type=_event(said["event_type"]),
        case_name=said_values.case_name(case) if case else "",
        slot_position=None if place is None else place.slot_position,
        fills=bool(case) and not slot,
        holder=said_values.optional("The holder", said["holder"]),
        equipment_type=said_values.optional("The equipment type", said["equipment_type"]),
        building_room=said_values.optional("The room", said["building_room"]),
        notes=said_values.optional("The notes", said["notes"]),
        due_on=said_values.due_date(visit, said["due_on"]),
        accepted=Acceptance(how) if how in ACCEPTED_HOW else None,
    )
    queues.set_context(visit.station.desk, queue, context)
    return RedirectResponse("/intake", 303)


@routes.deed("/intake/remove", Permission.OPERATE)
def remove(visit: CurrentVisit, number: Annotated[list[Number], Form()], said: FormFields) -> Response:
    """Take scans out of the queue, and go on at the next one; the page offers to bring them back."""
    try:
        queue = _shown_queue(visit, said["queue_id"])
        queues.remove(visit.workplace, visit.station.desk, queue, number, said.all("mark"))
    except NOT_AS_SHOWN as error:
        return queue_page(visit, str(error))
    return RedirectResponse(f"{page_of(said['back'])}#{_next_to(queue, number)}", 303)


@routes.deed("/intake/bring-back", Permission.OPERATE)
def bring_back(visit: CurrentVisit, removed_at: TextField, queue_id: TextField = "") -> Response:
    """Bring back what was taken out."""
    try:
        queue = _shown_queue(visit, queue_id)
    except NOT_AS_SHOWN as error:
        return queue_page(visit, str(error))
    queues.bring_back(visit.station.desk, queue, removed_at)
    back = [scan.number for scan in queue.scans if scan.removed_at == removed_at]
    return RedirectResponse(f"/intake#{f'scan-{back[-1]}' if back else 'typed'}", 303)


@routes.page("/intake/clear", Permission.OPERATE)
def ask_to_clear(visit: CurrentVisit) -> Response:
    """Ask whether the queue is to be cleared."""
    queue = _queue(visit)
    return render(visit, "intake/clear.html", {"area": "intake", "queue": queue, "count": _present(queue)})


@routes.deed("/intake/clear", Permission.OPERATE)
def clear(visit: CurrentVisit, queue_id: Annotated[Number, Form()], revision: TextField) -> Response:
    """Clear the queue as it was shown: nothing of it was committed, and nothing is."""
    queue = queues.numbered(visit.station.desk, queue_id, visit.who)
    if revision != str(queue.row.revision):
        raise desk_errors.QueueChanged
    queues.clear(visit.workplace, visit.station.desk, queue)
    return RedirectResponse("/intake?begun=cleared", 303)


@routes.page("/intake/scans/{number}", Permission.OPERATE)
def edit(visit: CurrentVisit, number: Number, back: str = "/intake", queue_id: str = "") -> Response:
    """Show a scan to be changed by hand; ``queue_id`` is the queue whose page led here."""
    try:
        queue = _shown_queue(visit, queue_id) if queue_id else _queue(visit)
        found = [line for line in _review(visit, queue).lines if line.scan.number == number]
        if not found or found[0].scan.removed or not isinstance(found[0].scan.meant, RowMeant | Held):
            raise desk_errors.ScanGone([number])
    except NOT_AS_SHOWN as error:
        return queue_page(visit, error.as_seen)
    meant = found[0].scan.meant
    facts = {
        "area": "intake",
        "queue": queue,
        "line": found[0],
        "row": meant.row if isinstance(meant, RowMeant) else None,
        "events": TYPED_EVENT_TYPES,
        "back": f"{page_of(back)}#scan-{number}",
    }
    return render(visit, "intake/edit.html", facts)


@routes.deed("/intake/scans/{number}", Permission.OPERATE)
def change(visit: CurrentVisit, number: Number, said: FormFields) -> Response:
    """Let a scan be the row that the form says."""
    event = _event(said["event_type"])
    row = TypedRow(
        event,
        said["asset_tag"],
        said["issued_to_name"],
        OUT if event in {"ISSUE", "TRANSFER"} else _place(said["case_name"], said["slot_position"]),
        said["notes"],
        **{name: said[name] for name in DETAIL_COLUMNS},  # type: ignore[arg-type]  # all of them are texts
    )
    try:
        queue = _shown_queue(visit, said["queue_id"])
        queues.change(visit.station.desk, queue, number, row, said["mark"])
    except NOT_AS_SHOWN as error:
        return queue_page(visit, str(error))
    return RedirectResponse(f"{page_of(said['back'])}#scan-{number}", 303)


def _shown_queue(visit: Visit, queue_id: str) -> Queue:
    """Return the present queue, where a form was drawn for it: the numbers of scans begin anew with each queue.

    Raises:
        desk_errors.QueueOther: the form was drawn for another one.
    """
    queue = _queue(visit)
    if queue_id != str(queue.row.queue_id):
        raise desk_errors.QueueOther
    return queue


def page_of(back: str) -> str:
    """Return the page that a link came from: the check page where it says so, else that of the queue."""
    return "/intake/check" if back.partition("#")[0] == "/intake/check" else "/intake"


def _next_to(queue: Queue, removed: Sequence[int]) -> str:
    """Return where one goes on after scans were removed: at the one below, else above, else where one scans."""
    left = [scan.number for scan in queue.scans if not scan.removed and scan.number not in removed]
    below = [number for number in left if number < min(removed)]
    near = below[-1:] or left[:1]
    return f"scan-{near[0]}" if near else "typed"


def _event(said: str) -> EventType:
    """Return the event that a form names.

    Raises:
        errors.ValueUnusable: there is none such.
    """
    if said not in TYPED_EVENT_TYPES:
        raise errors.ValueUnusable("The event", said, "choose one of those shown")
    return said


def _place(case: str, slot: str) -> Place | None:
    """Return the place that a form names.

    Raises:
        errors.ValueUnusable: case or slot can't be one.
    """
    if is_out(case) and is_out(slot):
        return OUT
    return said_values.slot(case, slot) if case or slot else None


@routes.page("/intake/check", Permission.OPERATE)
def check(visit: CurrentVisit) -> Response:
    """Show what would be committed, to be checked; where that was committed and its answer lost, the batch."""
    batch_id = queues.settle(visit.workplace, visit.station.desk, visit.who)
    if batch_id is not None:
        return RedirectResponse(f"/batches/{batch_id}", 303)
    return _check_page(visit, _queue(visit))


@routes.deed("/intake/commit", Permission.OPERATE)
def commit(visit: CurrentVisit, queue_id: Annotated[Number, Form()], confirm: TextField) -> Response:
    """Commit exactly what was checked; asked again, lead to the same answer."""
    desk = visit.station.desk
    queue = queues.numbered(desk, queue_id, visit.who)
    if queue.row.closed_at is not None:
        if queue.row.batch_id is None:
            raise desk_errors.QueueClosed
        return RedirectResponse(f"/batches/{queue.row.batch_id}", 303)
    try:
        receipt = commit_queue(visit.workplace, desk, queue, confirm)
    except errors.PlanStale as error:
        return _check_page(visit, queue, Stopped(str(error), status_of(error), error.moved))
    except (errors.ConfirmCodeWrong, desk_errors.QueueClosed) as error:
        queue = queues.numbered(desk, queue_id, visit.who)
        if queue.row.closed_at is not None:
            raise
        changed, shown = visit.station.texts["check.changed"], shown_changes(visit, confirm)
        return _check_page(visit, queue, Stopped(changed, status_of(error), shown=shown))
    except (errors.BatchHasProblems, errors.BatchRefused) as error:
        return _check_page(visit, queue, Stopped(str(error), status_of(error)))
    return RedirectResponse(f"/batches/{receipt.batch_id}", 303)


def _queue(visit: Visit) -> Queue:
    return queues.current(visit.workplace, visit.station.desk, visit.who)


def _became(visit: Visit, queue: Queue) -> Became | None:
    """Return what became of a queue whose commit was cut off: once, or for as long as it can't be noted."""
    return queue.became or settled_queues.tell(visit.station.desk, visit.station.desk, visit.who)


def _review(visit: Visit, queue: Queue) -> Review:
    """Return the queue with what it will do; where it proves to be committed already, the one after it."""
    review = queues.review(visit.workplace, visit.station.desk, queue)
    if review.plan is not None and review.plan.already_committed:
        with after_deed("what became of a queue is not told"):
            settled_queues.note(visit.station.desk, queue.row)
        return queues.review(visit.workplace, visit.station.desk, _queue(visit))
    return review


def _present(queue: Queue) -> int:
    return sum(not scan.removed for scan in queue.scans)


def _queue_facts(visit: Visit, review: Review, *, everything: bool) -> dict[str, object]:
    """Return what the queue's part of the page shows."""
    present = [line for line in review.lines if not line.scan.removed]
    shown = present if everything else present[-LINES_SHOWN:]
    removed = sorted({line.scan.removed_at for line in review.lines if line.scan.removed_at})
    return {
        "queue": review.queue,
        "context": review.queue.context,
        "lines": shown[::-1],
        "older": len(present) - len(shown),
        "tally": {
            "to_commit": sum(isinstance(line.scan.meant, RowMeant) and line.colour != "bad" for line in present),
            "untyped": sum(shade(line) != line.colour for line in present),
            "to_mend": sum(shade(line) == "bad" for line in present),
            "twice": sum(isinstance(line.scan.meant, Repeated) for line in present),
        },
        "words_of": words_of,
        "shade": shade,
        "lacking": sum(map(lacks_type, present)),
        "slot_offer": next_free_slots.offer(visit.workplace, visit.station.desk, review),
        "removed_at": removed[-1] if removed else "",
        "removed": [line.tag for line in review.lines if removed and line.scan.removed_at == removed[-1]],
        "freed": freed_by(review.queue, removed[-1]) if removed else [],
    }


def change_words(change: Change, notes: Mapping[int, str] = MappingProxyType({})) -> str:
    """Return what a change does, before and after, and all else that is kept of it; ``notes`` are by the row."""
    words = before_and_after(change.before, change.after, ARROW)
    return all_said(words, change.before, change.after, notes.get(change.row_number, ""))


def words_of(line: Line) -> str:
    """Return what a line does; blank where a notice says already that the asset was seen and nothing changes."""
    change = line.change
    if change is None or (change.before == change.after and any(each.code in _SIGHTED for each in line.notices)):
        return ""
    return change_words(change)


def _check_page(visit: Visit, queue: Queue, stopped: Stopped | None = None) -> Response:
    """Show the queue's plan, with its code where it can be committed, and why it was not where that was ``stopped``."""
    failed, status, moved, shown = stopped or Stopped("", 200)
    review = queues.review(visit.workplace, visit.station.desk, queue, shown=True)
    otherwise = since(queue, shown, review.plan.changes if review.plan else ())
    if review.plan is None:
        return queue_page(visit, failed, otherwise.gone) if failed else RedirectResponse("/intake", 303)
    if review.plan.already_committed:
        return RedirectResponse(f"/batches/{review.plan.recorded_in[-1]}", 303)
    groups: dict[str, list[Line]] = {}
    for line in review.lines:
        if line.change is not None:
            groups.setdefault(kind_of(line.change), []).append(line)
    batch = queue.batch()
    rows, held = batch.numbers, batch.problems
    numbers = {rows[row - 1] for row in (*moved, *otherwise.moved) if row <= len(rows)}
    facts = {
        "area": "intake",
        "queue": queue,
        "plan": review.plan,
        "summary": summary(review.plan),
        "groups": groups,
        "wrong": [line for line in review.lines if line.problems or line.refusals],
        "noted": [line for line in review.lines if line.notices],
        "general": [found for found in review.plan.problems if found.row_number is None and found not in held],
        "moved": [line for line in review.lines if line.scan.number in numbers],
        "gone": otherwise.gone,
        "shade": shade,
        "lacking": sum(map(lacks_type, review.lines)),
        "slot_offer": next_free_slots.offer(visit.workplace, visit.station.desk, review),
        "failed": failed,
        "change_words": change_words,
        "whole": of_plan(review.plan, visit.who.name),
    }
    return render(visit, "intake/check.html", facts, status=status)
