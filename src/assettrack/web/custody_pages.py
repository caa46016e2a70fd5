"""Issue, return and transfer: a list by person and by scan, how it is accepted, the check, and the commit.

The three go the same way; what they differ in is the draft's (`domain.custody_drafts`).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from assettrack.domain import errors
from assettrack.domain.custody_drafts import HandoverEvent, read_place
from assettrack.domain.desk_errors import AcceptanceIncomplete
from assettrack.domain.findings import Finding
from assettrack.domain.holders import normal_name
from assettrack.domain.plans import ACCEPTED_HOW
from assettrack.services import browsing, custody_drafts, holders
from assettrack.services.custody_drafts import AtDesk, KeptDraft, Review
from assettrack.services.custody_drafts import commit as commit_draft
from assettrack.services.holders import HolderPage
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.failures import status_of
from assettrack.web.forms import FormFields
from assettrack.web.handover_forms import PAD, with_acceptance
from assettrack.web.intake_pages import change_words
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import Visit

routes = Routes()

EVENTS: MappingProxyType[str, HandoverEvent] = MappingProxyType(
    {"issue": "ISSUE", "return": "RETURN", "transfer": "TRANSFER"}
)
"""The events by the word with which the address of each begins."""

TextField = Annotated[str, Form()]


def _event(request: Request) -> HandoverEvent:
    return EVENTS[request.url.path.split("/")[1]]


Event = Annotated[HandoverEvent, Depends(_event)]
"""A route's parameter of this type is the event that its address names."""


def _page(path: str) -> Callable[[Any], Any]:
    """Declare a page of each of the three."""

    def declare(handler: Any) -> Any:  # noqa: ANN401 - FastAPI's own, handed on
        for word in EVENTS:
            routes.page(f"/{word}{path}", Permission.OPERATE)(handler)
        return handler

    return declare


def _deed(path: str) -> Callable[[Any], Any]:
    """Declare what a form of each of the three does."""

    def declare(handler: Any) -> Any:  # noqa: ANN401 - FastAPI's own, handed on
        for word in EVENTS:
            routes.deed(f"/{word}{path}", Permission.OPERATE)(handler)
        return handler

    return declare


@_page("")
def custody(visit: CurrentVisit, event: Event, holder: str = "", tag: str = "", find: str = "") -> Response:
    """Show the list as it is so far; a person or an asset may be named in the address, which changes nothing yet."""
    return _list_page(visit, event, {"asked_holder": normal_name(holder), "asked_tag": tag, "find": find})


@_page("/people")
def people(visit: CurrentVisit, event: Event, find: str = "", tag: str = "") -> Response:
    """Show the people whose name has a part, for the page to show while one types."""
    found = _people_facts(visit, event, find)
    return render(visit, "custody/people.html", {"word": _word(event), "asked_tag": tag, **found})


@_deed("/holder")
def name_holder(
    visit: CurrentVisit, event: Event, holder: TextField, new: TextField = "", tag: TextField = ""
) -> Response:
    """Say who is given the assets, or who gives them back."""
    desk = _desk(visit)
    try:
        custody_drafts.name_holder(desk, event, holder, new=bool(new))
        said = custody_drafts.take(desk, event, tag)
    except errors.AssetTrackError as error:
        return _list_page(visit, event, {"failed": str(error)}, status=status_of(error))
    return _after(visit, event, said)


@_deed("/scans")
def scan(
    visit: CurrentVisit, event: Event, request: Request, typed: TextField = "", holder: TextField = ""
) -> Response:
    """Add what was scanned or typed; it is kept before this answers."""
    desk = _desk(visit)
    is_part = "hx-request" in request.headers
    before = custody_drafts.current(desk, event).draft
    try:
        if holder:
            custody_drafts.name_holder(desk, event, holder)
        said = custody_drafts.take(desk, event, typed)
    except errors.AssetTrackError as error:
        return _list_page(visit, event, {"failed": str(error)}, status=status_of(error), is_part=is_part)
    if not is_part:
        return _after(visit, event, said)
    after = custody_drafts.current(desk, event).draft
    facts = {"said": said, "taken": [tag for tag in after.tags if tag not in before.tags], "typed": typed}
    return _list_page(visit, event, facts, is_part=True)


@_deed("/lines")
def add_lines(visit: CurrentVisit, event: Event, said: FormFields) -> Response:
    """Add the assets that were chosen from what a person has."""
    try:
        if said["holder"] and event == "RETURN":
            custody_drafts.name_holder(_desk(visit), event, said["holder"])
        custody_drafts.change(_desk(visit), event, lambda draft: draft.with_assets(said.all("tag")))
    except errors.AssetTrackError as error:
        return _list_page(visit, event, {"failed": str(error)}, status=status_of(error))
    return RedirectResponse(f"/{_word(event)}#list", 303)


@_deed("/remove")
def remove(visit: CurrentVisit, event: Event, said: FormFields) -> Response:
    """Take assets off the list."""
    custody_drafts.change(_desk(visit), event, lambda draft: draft.without(said.all("tag")))
    return RedirectResponse(f"/{_word(event)}#list", 303)


@routes.deed("/return/place", Permission.OPERATE)
def put(visit: CurrentVisit, said: FormFields) -> Response:
    """Say into which slot an asset goes back."""
    try:
        place = read_place(said["case_name"], said["slot_position"])
        custody_drafts.change(_desk(visit), "RETURN", lambda draft: draft.put(said["tag"], place))
    except errors.AssetTrackError as error:
        return _list_page(visit, "RETURN", {"failed": str(error)}, status=status_of(error))
    return RedirectResponse("/return#list", 303)


@_deed("/start-anew")
def start_anew(visit: CurrentVisit, event: Event) -> Response:
    """Put the list aside; nothing of it was committed, and nothing is."""
    custody_drafts.start_anew(_desk(visit), event)
    return RedirectResponse(f"/{_word(event)}", 303)


@_page("/acceptance")
def acceptance(visit: CurrentVisit, event: Event) -> Response:
    """Ask for the due date, for notes, and how it is accepted."""
    kept = custody_drafts.current(_desk(visit), event)
    return _acceptance_page(visit, kept) if kept.draft.lines else RedirectResponse(f"/{_word(event)}", 303)


@_deed("/acceptance")
def accept(visit: CurrentVisit, event: Event, said: FormFields) -> Response:
    """Keep how it is accepted, and go on to the check."""
    desk = _desk(visit)
    try:
        kept = custody_drafts.change(desk, event, lambda draft: with_acceptance(draft, said, visit.who.name))
        kept.draft.options(visit.who.name)
        custody_drafts.review(desk, kept)
    except errors.AssetTrackError as error:
        kept = custody_drafts.current(desk, event)
        return _acceptance_page(visit, kept, str(error), status=status_of(error))
    return _to_check(visit, event)


@_deed("/check")
def begin_check(visit: CurrentVisit, event: Event) -> Response:
    """Fix the time of what is about to be checked."""
    return _to_check(visit, event)


@_page("/check")
def check(visit: CurrentVisit, event: Event, draft: str = "") -> Response:
    """Show what would be committed, to be checked."""
    kept = custody_drafts.numbered(_desk(visit), event, draft)
    if kept.batch_id is not None:
        return _to_batch(kept.batch_id)
    return _check_page(visit, kept)


@_deed("/commit")
def commit(visit: CurrentVisit, event: Event, draft: TextField, confirm: TextField) -> Response:
    """Commit exactly what was checked; asked again, lead to the same answer."""
    desk = _desk(visit)
    try:
        return _to_batch(commit_draft(desk, event, draft, confirm))
    except (errors.BatchHasProblems, errors.BatchRefused, errors.DeedRefused) as error:
        failed, moved, status = visit.station.texts["handover.refused"], [], status_of(error)
    except errors.PlanStale as error:
        failed, moved, status = visit.station.texts["handover.stale"], list(error.moved), status_of(error)
    except errors.ConfirmCodeWrong as error:
        failed, moved, status = str(error), [], status_of(error)
    kept = custody_drafts.current(desk, event)
    if kept.draft_id != draft:  # it was put aside, or another was begun, in another tab
        kept = custody_drafts.numbered(desk, event, draft)
    else:
        kept = custody_drafts.fix_time(desk, event)  # nothing was committed at the time that was checked
    return _check_page(visit, kept, failed, moved, status=status)


def _desk(visit: Visit) -> AtDesk:
    return AtDesk(visit.workplace, visit.station.desk, visit.who)


def _word(event: HandoverEvent) -> str:
    return event.lower()


def _to_batch(batch_id: int) -> Response:
    return RedirectResponse(f"/batches/{batch_id}", 303)


def _to_check(visit: Visit, event: HandoverEvent) -> Response:
    if not custody_drafts.current(_desk(visit), event).draft.lines:
        return RedirectResponse(f"/{_word(event)}", 303)
    kept = custody_drafts.fix_time(_desk(visit), event)
    return RedirectResponse(f"/{_word(event)}/check?draft={quote(kept.draft_id)}", 303)


def _after(visit: Visit, event: HandoverEvent, said: list[Finding]) -> Response:
    """Go on with the list; where something could not be understood, that is shown at once."""
    if said:
        return _list_page(visit, event, {"said": said}, status=422)
    return RedirectResponse(f"/{_word(event)}#list", 303)


def _people_facts(visit: Visit, event: HandoverEvent, find: str) -> dict[str, object]:
    found = custody_drafts.people(visit.workplace, find, active=event != "RETURN")
    return {"people": found, "find": normal_name(find)[:200], "may_be_new": event != "RETURN"}


def _list_page(
    visit: Visit, event: HandoverEvent, shown: Mapping[str, object], *, status: int = 200, is_part: bool = False
) -> Response:
    """Show the list, or (``is_part``) what of the page a scan changes."""
    desk = _desk(visit)
    review = custody_drafts.review(desk, custody_drafts.current(desk, event))
    if review.kept.batch_id is not None:  # its answer was lost; the next list begins
        review = custody_drafts.review(desk, custody_drafts.current(desk, event))
    asked, failed = str(shown.get("asked_holder", "")), str(shown.get("failed", ""))
    try:
        of_holder = _of_holder(visit, event, asked or review.draft.holder)
    except errors.AssetTrackError as error:
        of_holder, failed, status, shown = None, str(error), status_of(error), {**shown, "asked_holder": ""}
    facts = {
        "area": _word(event),
        "word": _word(event),
        "event": event,
        "review": review,
        "draft": review.draft,
        "of_holder": of_holder,
        "cases": custody_drafts.case_names(visit.workplace) if event == "RETURN" else [],
        "free": _free_slots(visit, review),
        "rule": custody_drafts.acceptance_rule(visit.workplace),
        "change_words": change_words,
        "asked_tag": "",
        "said": [],
        "taken": [],
        "typed": "",
        "asked_holder": "",
        **_people_facts(visit, event, str(shown.get("find", ""))),
        **shown,
        "failed": failed,
    }
    return render(visit, "custody/list.html" if is_part else "custody/custody.html", facts, status=status)


def _of_holder(visit: Visit, event: HandoverEvent, name: str) -> HolderPage | None:
    """Return what somebody has who gives something back."""
    return holders.page(visit.workplace, name) if event == "RETURN" and name else None


def _free_slots(visit: Visit, review: Review) -> dict[str, list[int]]:
    """Return, for each line whose slot is taken, the free slots of the case it is to go back to."""
    found: dict[str, list[int]] = {}
    for line in review.lines:
        if any(stop.code == "slot_taken" for stop in line.stops):
            place = line.line.place or custody_drafts.home_of(visit.workplace, line.line.asset_tag)
            if place is not None:
                found[line.line.asset_tag] = list(browsing.free_slots(visit.workplace, place.case_name))
    return found


def _acceptance_page(visit: Visit, kept: KeptDraft, failed: str = "", *, status: int = 200) -> Response:
    draft = kept.draft
    signers = draft.signers(visit.who.name)
    facts = {
        "area": _word(draft.event_type),
        "word": _word(draft.event_type),
        "event": draft.event_type,
        "draft": draft,
        "signers": signers,
        "accepted_tags": {
            name: [line.asset_tag for line in draft.lines if line.holder == name or not draft.gives] for name in signers
        },
        "ways": ACCEPTED_HOW,
        "rule": custody_drafts.acceptance_rule(visit.workplace),
        "pad": PAD,
        "failed": failed,
    }
    return render(visit, "custody/acceptance.html", facts, status=status)


def _check_page(
    visit: Visit, kept: KeptDraft, failed: str = "", moved: list[int] | None = None, *, status: int = 200
) -> Response:
    """Show a draft's plan, with its code where it can be committed."""
    event = kept.draft.event_type
    if kept.draft.at is None:
        return RedirectResponse(f"/{_word(event)}", 303)
    try:
        review = custody_drafts.review(_desk(visit), kept, shown=True)
    except AcceptanceIncomplete as error:
        return _acceptance_page(visit, kept, str(error), status=status_of(error))
    if review.kept.batch_id is not None:
        return _to_batch(review.kept.batch_id)
    facts = {
        "area": _word(event),
        "word": _word(event),
        "event": event,
        "review": review,
        "draft": review.draft,
        "wrong": [line for line in review.lines if line.stops],
        "signatures": review.draft.drawings(visit.who.name),
        "lacks_acceptance": any(found.code == "acceptance_missing" for found in review.general),
        "pad": PAD,
        "moved": moved or [],
        "failed": failed,
        "change_words": change_words,
    }
    return render(visit, "custody/check.html", facts, status=status)
