"""Intake: the queue of scans, what each will do, and the page on which the queue is checked and committed."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from fastapi import Form, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from assettrack.domain import desk_errors, errors
from assettrack.domain.change_wording import kind_of, summary
from assettrack.domain.plans import Change
from assettrack.domain.queued_scans import Held, RowMeant
from assettrack.domain.scans import DETAIL_COLUMNS, GIVING
from assettrack.domain.shown_contexts import read_shown
from assettrack.domain.tags import OUT, Place, is_out
from assettrack.domain.typed_rows import TYPED_EVENT_TYPES, TypedRow
from assettrack.services import browsing, holders, next_free_slots, queues, settled_queues
from assettrack.services.queue_lines import Line, general_of
from assettrack.services.queues import Queue, Review, Sent
from assettrack.services.queues import commit as commit_queue
from assettrack.services.settled_queues import Became
from assettrack.services.shown_plans import Row, shown_changes, since
from assettrack.services.waited_scans import at_the_scan
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.batches.context_forms import context_said, event_named, kept_in, shown_of
from assettrack.web.batches.facts import of_plan
from assettrack.web.batches.paths import LEFT, page_of
from assettrack.web.batches.queue_facts import queue_facts
from assettrack.web.change_words import change_words
from assettrack.web.failures import status_of
from assettrack.web.forms import Fields, FormFields, Number
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import Visit

routes = Routes()

NOT_AS_SHOWN = (desk_errors.QueueOther, desk_errors.ScanChanged, desk_errors.ScanGone)
"""What a form is about is not there as it was shown: the present queue is, with that said."""

TextField = Annotated[str, Form()]


class Scanned(BaseModel):
    """What a scan is sent with: its name, how long it waited, and where its page showed that it goes."""

    typed: str = ""
    sent_as: str = ""
    waited: str = ""
    shown: str = ""


class NotTaken(NamedTuple):
    """What was sent from the queue's page and not taken: a scan that was ``typed``, or what was ``chosen`` by hand."""

    typed: str = ""
    chosen: Fields | None = None


ALL_TAKEN = NotTaken()


class Stopped(NamedTuple):
    """Why a commit was not done: what is said of it, its status, the rows that ``moved``, and what was ``shown``."""

    said: str
    status: int
    moved: Sequence[int] = ()
    shown: Sequence[Change] = ()


@routes.page("/intake", Permission.OPERATE)
def intake(visit: CurrentVisit, everything: str = "", begun: str = "") -> Response:
    """Show the queue, and where the next scan goes; ``begun`` says that it follows one that was ended."""
    return queue_page(visit, begun=begun, everything=bool(everything))


def queue_page(
    visit: Visit,
    failed: str = "",
    gone: Sequence[Row] = (),
    *,
    begun: str = "",
    everything: bool = False,
    not_taken: NotTaken = ALL_TAKEN,
) -> Response:
    """Show the queue; where a commit of it ``failed``, as it stands then, with the rows that are not in it any more.

    What was ``not_taken`` stands in its fields, to be sent once more.
    """
    review = _review(visit, _queue(visit))
    in_form = shown_of(visit, review.queue)
    facts = {
        "area": "intake",
        "failed": failed,
        "became": _became(visit, review.queue),
        "gone": gone,
        "events": TYPED_EVENT_TYPES,
        "cases": [case.case_name for case in browsing.cases(visit.workplace)],
        "taken": [],
        "begun": begun,
        "typed": not_taken.typed,
        "holder_names": [holder.name for holder in holders.all_holders(visit.workplace) if holder.active],
        "chosen": in_form if not_taken.chosen is None else kept_in(not_taken.chosen, in_form),
        "is_chosen": not_taken.chosen is not None,
        **queue_facts(visit, review, everything=everything),
    }
    return render(visit, "intake/intake.html", facts, status=409 if failed else 200)


@routes.deed("/intake/scans", Permission.OPERATE)
def scan(visit: CurrentVisit, request: Request, said: Annotated[Scanned, Form()]) -> Response:
    """Take a scan in: it is stored before this answers. How long it waited in the browser is no part of its time."""
    queue = _queue(visit)
    at = at_the_scan(visit.workplace, queue, said.waited)
    is_part, numbers, refused = "hx-request" in request.headers, [], ""
    try:
        numbers = queues.take(at, visit.station.desk, queue, said.typed, Sent(said.sent_as, read_shown(said.shown)))
    except desk_errors.ScanNotAsShown as error:
        refused = str(error)
    if refused and not is_part:
        return queue_page(visit, refused, not_taken=NotTaken(said.typed))
    if not is_part:
        return RedirectResponse("/intake#typed", 303)
    review = _review(visit, _queue(visit))
    facts = {
        "taken": [line for line in review.lines if line.scan.number in numbers],
        "became": _became(visit, review.queue),
        "refused": refused,
        **queue_facts(visit, review, everything=False),
    }
    return render(visit, "intake/queue.html", facts, status=409 if refused else 200)


@routes.deed("/intake/context", Permission.OPERATE)
def set_context(visit: CurrentVisit, said: FormFields) -> Response:
    """Say by hand what the next scans of the queue mean that the page showed."""
    try:
        queue = _shown_queue(visit, said["queue_id"])
    except NOT_AS_SHOWN as error:
        return queue_page(visit, str(error))
    try:
        context = context_said(visit, said, queue)
    except desk_errors.FormNotAsShown as error:
        return queue_page(visit, str(error), not_taken=NotTaken(chosen=said))
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
    typed = "" if isinstance(meant, Held) and meant.is_of_no_asset else found[0].scan.typed
    facts = {
        "area": "intake",
        "queue": queue,
        "line": found[0],
        "row": meant.row,
        "tag": typed if meant.row is None else meant.row.asset_tag or typed,
        "events": TYPED_EVENT_TYPES,
        "back": f"{page_of(back)}#scan-{number}",
    }
    return render(visit, "intake/edit.html", facts)


@routes.deed("/intake/scans/{number}", Permission.OPERATE)
def change(visit: CurrentVisit, number: Number, said: FormFields) -> Response:
    """Let a scan be the row that the form says."""
    event = event_named(said["event_type"])
    row = TypedRow(
        event,
        said["asset_tag"],
        said["issued_to_name"],
        OUT if event in GIVING else _place(said["case_name"], said["slot_position"]),
        said["notes"],
        holder_id=said_values.holder_chosen(visit, said, said["issued_to_name"]) if event in GIVING else None,
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


def _next_to(queue: Queue, removed: Sequence[int]) -> str:
    """Return where one goes on after scans were removed: at the one below, else above, else where one scans."""
    left = [scan.number for scan in queue.scans if not scan.removed and scan.number not in removed]
    below = [number for number in left if number < min(removed)]
    near = below[-1:] or left[:1]
    return f"scan-{near[0]}" if near else "typed"


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
        return RedirectResponse(f"/batches/{settled_queues.batch_of(visit.workplace, queue.row, confirm)}", 303)
    try:
        receipt = commit_queue(visit.workplace, desk, queue, confirm)
    except errors.PlanStale as error:
        return _check_page(visit, queue, Stopped(str(error), status_of(error), error.moved))
    except (errors.ConfirmCodeWrong, desk_errors.QueueClosed) as error:
        queue = queues.numbered(desk, queue_id, visit.who)
        if queue.row.closed_at is not None:
            return RedirectResponse(f"/batches/{settled_queues.batch_of(visit.workplace, queue.row, confirm)}", 303)
        changed, shown = visit.station.texts["check.changed"], shown_changes(visit.workplace, confirm)
        return _check_page(visit, queue, Stopped(changed, status_of(error), shown=shown))
    except (errors.BatchHasProblems, errors.BatchRefused, errors.ValueUnusable) as error:
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
        return queues.review(visit.workplace, visit.station.desk, _queue(visit))
    return review


def _present(queue: Queue) -> int:
    return sum(not scan.removed for scan in queue.scans)


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
    rows = batch.numbers
    numbers = {rows[row - 1] for row in (*moved, *otherwise.moved) if row <= len(rows)}
    facts = {
        "area": "intake",
        "queue": queue,
        "plan": review.plan,
        "summary": summary(review.plan, to_mend=len(batch.held)),
        "groups": groups,
        "wrong": [line for line in review.lines if line.problems or line.refusals],
        "noted": [line for line in review.lines if line.notices],
        "general": general_of(batch, review.plan),
        "moved": [line for line in review.lines if line.scan.number in numbers],
        "gone": otherwise.gone,
        "lacking": [line for line in review.lines if line.lacks_type],
        "left": visit.here.endswith(f"?{LEFT}"),
        "slot_offer": next_free_slots.offer(visit.workplace, visit.station.desk, review),
        "failed": failed,
        "change_words": change_words,
        "whole": of_plan(review.plan, visit.who.name),
    }
    return render(visit, "intake/check.html", facts, status=status)
