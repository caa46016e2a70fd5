"""Issue, return and transfer: a list by person and by scan, how it is accepted, the check, and the commit.

The three go the same way; what they differ in is the draft's (`domain.custody_drafts`).
"""

from typing import Annotated
from urllib.parse import quote, urlencode

import msgspec
from fastapi import Form, Query, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from assettrack.domain import errors
from assettrack.domain.custody_drafts import CustodyDraft, HandoverEvent
from assettrack.domain.desk_errors import AcceptanceIncomplete, FormNotAsShown, ListChanged, ListNotAsShown
from assettrack.domain.holders import normal_name
from assettrack.domain.plans import ACCEPTED_HOW
from assettrack.domain.shown_contexts import read_shown
from assettrack.domain.signatures import strokes_sha256
from assettrack.services import chosen_holders, custody_drafts, handover_choices, handover_scans
from assettrack.services.custody_drafts import commit as commit_draft
from assettrack.services.handover_scans import Taken, read_taken, written_taken
from assettrack.services.intake import require_due_date
from assettrack.services.reviewed_lists import KeptDraft
from assettrack.services.shown_lists import ShownList
from assettrack.services.shown_plans import shown_tags
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.batches.facts import of_plan
from assettrack.web.change_words import change_words
from assettrack.web.custody.addresses import Event, deed, page
from assettrack.web.custody.forms import mark_of, read_signing, require_terms_shown, terms_of, with_chosen, with_terms
from assettrack.web.custody.lists import after_scan, at_desk, list_page, people_facts, refused, what_moved, word_of
from assettrack.web.custody.shown import moment_of, shown_by
from assettrack.web.failures import NOTHING_SAVED, status_of
from assettrack.web.forms import FormFields
from assettrack.web.once import answer_once
from assettrack.web.rendering import render
from assettrack.web.signing import PAD, read_how
from assettrack.web.station import Visit
from assettrack.web.texts import worded

routes = Routes()

TextField = Annotated[str, Form()]


class Asked(BaseModel):
    """What the address of a list says: whom and what it begins with, and what the last scan did.

    ``number`` is that of the person: the name may be another's by the time the address is used again. ``since`` is how
    the list was when it was said whom: the address stays as it is while the list goes on.
    """

    holder: str = ""
    number: str = ""
    since: str = ""
    tag: str = ""
    find: str = ""
    put: str = ""
    again: str = ""
    stopped: str = ""


class Scanned(BaseModel):
    """What a scan is sent with: the person that the address of the page named, and the name it is sent under.

    ``number`` is that of this person, as the page was drawn. ``shown`` is where the page showed that it goes, without
    such a person, and which assets it showed to wait for one.
    """

    typed: str = ""
    holder: str = ""
    number: str = ""
    sent_as: str = ""
    shown: str = ""


@page(routes, "")
def custody(visit: CurrentVisit, event: Event, asked: Annotated[Asked, Query()]) -> Response:
    """Show the list as it is so far; a person or an asset may be named in the address, which changes nothing yet.

    A person named there is the one for whom the next scans are, until the list goes on: looked at again after that, the
    page is that of the list alone. Where the address was typed by name, it has the number from then on.
    """
    shown: dict[str, object] = {"asked_tag": asked.tag, "find": asked.find, "stopped": bool(asked.stopped)}
    try:
        number = said_values.number_beside(asked.number) if asked.holder else None
    except errors.ValueUnusable as error:
        return list_page(visit, event, {**shown, "failed": error.as_seen}, status=status_of(error))
    if asked.holder and number is None:
        number = chosen_holders.number_meant(visit.workplace, normal_name(asked.holder))
    since = moment_of(custody_drafts.current(at_desk(visit), event).draft) if asked.holder else ""
    if asked.since != since:
        said = {name: each for name, each in (*asked, ("number", number), ("since", since)) if each}
        return RedirectResponse(f"/{word_of(event)}{'' if asked.since else f'?{urlencode(said)}'}", 303)
    other = chosen_holders.doubt(visit.workplace, asked.holder, number) if asked.holder else ""
    if other:
        return list_page(visit, event, {**shown, "failed": other}, status=409)
    shown |= {"asked_holder": normal_name(asked.holder), "asked_number": number}
    if asked.put or asked.again:
        shown["taken"] = Taken((asked.put,), (asked.again,))
    return list_page(visit, event, shown)


@page(routes, "/people")
def people(visit: CurrentVisit, event: Event, find: str = "", tag: str = "") -> Response:
    """Show the people whose name has a part, for the page to show while one types."""
    found = people_facts(visit, event, find)
    return render(visit, "custody/people.html", {"word": word_of(event), "asked_tag": tag, **found})


@deed(routes, "/scans")
def scan(visit: CurrentVisit, event: Event, request: Request, said: Annotated[Scanned, Form()]) -> Response:
    """Add what was scanned or typed; it is kept before this answers. Sent again, it does nothing and says the same.

    Where nobody knows whether it was added, it is, unless the list itself remembers it: no scan is answered and lost.
    """
    desk = at_desk(visit)
    is_part = "hx-request" in request.headers

    def do() -> str:
        holder = None
        if said.holder:
            number = said_values.number_beside(said.number)
            holder = custody_drafts.registered(visit.workplace, said.holder, number)
        shown = read_shown(said.shown)
        taken = handover_scans.take(desk, event, said.typed, sent_as=said.sent_as, shown=shown, holder=holder)
        return written_taken(taken)

    try:
        answer = answer_once(visit, said.sent_as, do) if said.sent_as else do()
        taken = read_taken(do() if answer is None else answer)
    except errors.AssetTrackError as error:
        not_taken = {"failed": str(error), "asked_tag": said.typed}
        return list_page(visit, event, not_taken, status=status_of(error), is_part=is_part)
    return list_page(visit, event, {"taken": taken}, is_part=True) if is_part else after_scan(visit, event, taken)


@page(routes, "/acceptance")
def acceptance(visit: CurrentVisit, event: Event) -> Response:
    """Ask for the due date, for notes, and how it is accepted."""
    kept = custody_drafts.current(at_desk(visit), event)
    return _back_to_list(visit, kept) or _acceptance_page(visit, kept)


@deed(routes, "/acceptance")
def accept(visit: CurrentVisit, event: Event, said: FormFields) -> Response:
    """Keep how it is accepted, and go on to the check.

    What can't be is kept nowhere, and stands on the page as it was said. What is only not whole yet is kept: whoever
    signed does not sign again because somebody else did not.
    """
    desk, operator = at_desk(visit), visit.who.name
    before = shown = custody_drafts.current(desk, event)
    is_drawn = read_how(said["how"]) == "screen"  # what was signed for another list is told by person
    bound = ShownList(said["list"], None if is_drawn else said["mark"])
    try:
        custody_drafts.require_as_shown(desk, event, bound)
        signing = read_signing(said)
        require_terms_shown(before.draft, said, signing)
        shown = msgspec.structs.replace(
            shown, draft=custody_drafts.as_held(desk, shown.draft).accepted_as(signing, operator)
        )
        shown = msgspec.structs.replace(shown, draft=with_terms(shown.draft, said))
        if shown.draft.due_on is not None:
            require_due_date(visit.workplace, shown.draft.due_on)
        custody_drafts.require_taken_in(desk, shown)

        def accepted(draft: CustodyDraft) -> CustodyDraft:
            require_terms_shown(draft, said, signing)
            return with_terms(custody_drafts.as_held(desk, draft).accepted_as(signing, operator), said)

        kept = custody_drafts.change(desk, event, accepted, shown=bound)
    except ListNotAsShown as error:
        return _not_as_shown(visit, event, error, ShownList(said["list"], said["mark"]))
    except FormNotAsShown as error:
        chosen = msgspec.structs.replace(before, draft=with_chosen(before.draft, said))
        return _acceptance_page(visit, chosen, str(error), status=status_of(error), kept_draft=before.draft)
    except errors.AssetTrackError as error:
        return _acceptance_page(visit, shown, str(error), status=status_of(error), kept_draft=before.draft)
    try:
        _require_choice(visit, kept.draft)
        kept.draft.require_whole(operator)
    except AcceptanceIncomplete as error:
        so_far = visit.station.texts["handover.so_far"]
        failed = str(error).replace(NOTHING_SAVED, f" {so_far}")
        return _acceptance_page(visit, kept, failed, status=status_of(error))
    return _to_check(visit, event)


@deed(routes, "/check")
def begin_check(visit: CurrentVisit, event: Event, said: FormFields) -> Response:
    """Fix the time of what is about to be checked: the list that the page showed."""
    shown = shown_by(said)
    try:
        custody_drafts.require_as_shown(at_desk(visit), event, shown)
    except ListNotAsShown as error:
        return refused(visit, event, error, shown)
    return _to_check(visit, event)


@page(routes, "/check")
def check(visit: CurrentVisit, event: Event, draft: str = "") -> Response:
    """Show what would be committed, to be checked."""
    kept = custody_drafts.numbered(at_desk(visit), event, draft)
    if kept.batch_id is not None:
        return _to_batch(kept.batch_id)
    return _check_page(visit, kept)


@deed(routes, "/commit")
def commit(visit: CurrentVisit, event: Event, draft: TextField, confirm: TextField) -> Response:
    """Commit exactly what was checked; asked again, lead to the same answer."""
    desk = at_desk(visit)
    try:
        return _to_batch(commit_draft(desk, event, draft, confirm))
    except (
        AcceptanceIncomplete, errors.BatchHasProblems, errors.BatchRefused, errors.DeedRefused, errors.ValueUnusable,
    ) as error:  # fmt: skip
        failed, moved, status = visit.station.texts["handover.refused"], [], status_of(error)
    except errors.PlanStale as error:
        failed = " ".join([*error.people, visit.station.texts["handover.stale"]])
        moved, status = list(error.moved), status_of(error)
    except (ListChanged, errors.ConfirmCodeWrong) as error:
        return _changed_page(visit, event, draft, confirm, error)
    kept = custody_drafts.current(desk, event)
    if kept.draft_id != draft:  # it was put aside, or another was begun, in another tab
        kept = custody_drafts.numbered(desk, event, draft)
    else:
        kept = custody_drafts.fix_time(desk, event)  # nothing was committed at the time that was checked
    return _check_page(visit, kept, failed, moved, status=status)


def _require_choice(visit: Visit, draft: CustodyDraft) -> None:
    """Make sure that somebody chose how it is accepted, or that it is not yet, where the station asks for that.

    Raises:
        AcceptanceIncomplete: nobody did.
    """
    is_asked = handover_choices.acceptance_rule(visit.workplace) != "off"
    if is_asked and draft.how is None and not draft.not_yet:
        raise AcceptanceIncomplete("It is not chosen yet how it is accepted")


def _not_as_shown(visit: Visit, event: HandoverEvent, error: ListNotAsShown, shown: ShownList) -> Response:
    """Show the list as it is, where another was to be accepted."""
    kept = custody_drafts.current(at_desk(visit), event)
    if not kept.draft.lines:
        return refused(visit, event, error, shown)
    return _acceptance_page(visit, kept, what_moved(visit, event, shown), status=status_of(error))


def _changed_page(
    visit: Visit, event: HandoverEvent, draft: str, confirm: str, error: errors.AssetTrackError
) -> Response:
    """Show a list anew that changed since it was checked, with what came on it and what was taken off."""
    desk, texts, status = at_desk(visit), visit.station.texts, status_of(error)
    kept = custody_drafts.numbered(desk, event, draft)
    if custody_drafts.current(desk, event).draft_id != draft:  # it was put aside, or another was begun, in another tab
        return _check_page(visit, kept, str(error), status=status)
    shown = shown_tags(visit.workplace, confirm)
    gone = [worded(texts, "handover.gone", {"tag": tag}) for tag in shown if tag not in kept.draft.tags]
    is_other = isinstance(error, ListChanged) or (shown and shown != kept.draft.tags)
    said = " ".join([texts["handover.changed"], *gone]) if is_other else str(error)
    if not kept.draft.lines or custody_drafts.is_stopped(desk, kept):
        return list_page(visit, event, {"failed": said}, status=status)
    kept = custody_drafts.fix_time(desk, event)
    moved = [number for number, tag in enumerate(kept.draft.tags, 1) if shown and tag not in shown]
    return _check_page(visit, kept, said, moved, status=status)


def _to_batch(batch_id: int) -> Response:
    return RedirectResponse(f"/batches/{batch_id}", 303)


def _to_check(visit: Visit, event: HandoverEvent) -> Response:
    back = _back_to_list(visit, custody_drafts.current(at_desk(visit), event))
    if back is not None:
        return back
    kept = custody_drafts.fix_time(at_desk(visit), event)
    return RedirectResponse(f"/{word_of(event)}/check?draft={quote(kept.draft_id)}", 303)


def _back_to_list(visit: Visit, kept: KeptDraft) -> Response | None:
    """Return the way back to a list on which there is nothing, or something to be mended first; else None."""
    if not kept.draft.lines and not kept.draft.unseen:
        return RedirectResponse(f"/{word_of(kept.draft.event_type)}", 303)
    if custody_drafts.is_stopped(at_desk(visit), kept):
        return RedirectResponse(f"/{word_of(kept.draft.event_type)}?stopped=1", 303)
    return None


def _acceptance_page(
    visit: Visit, kept: KeptDraft, failed: str = "", *, status: int = 200, kept_draft: CustodyDraft | None = None
) -> Response:
    """Ask how it is accepted; ``kept_draft`` is the draft that is kept, where that is not what stands on the page."""
    draft = custody_drafts.as_held(at_desk(visit), kept.draft)
    signers = draft.signers(visit.who.name)
    visit.station.memory.lists.remember(visit.who.account_id, draft)
    facts = {
        "list_id": kept.draft_id,
        "area": word_of(draft.event_type),
        "word": word_of(draft.event_type),
        "event": draft.event_type,
        "draft": draft,
        "signers": signers,
        "kept_marks": {name: strokes_sha256(strokes) for name, strokes in draft.strokes.items()},
        "accepted_tags": {
            name: [line.asset_tag for line in draft.lines if line.holder == name or not draft.gives] for name in signers
        },
        "ways": ACCEPTED_HOW,
        "rule": handover_choices.acceptance_rule(visit.workplace),
        "pad": PAD,
        "failed": failed,
        "shown_terms": terms_of(kept_draft or kept.draft),
        "held_marks": {name: mark_of(drawn) for name, drawn in (kept_draft or kept.draft).strokes.items()},
    }
    return render(visit, "custody/acceptance.html", facts, status=status)


def _check_page(
    visit: Visit, kept: KeptDraft, failed: str = "", moved: list[int] | None = None, *, status: int = 200
) -> Response:
    """Show a draft's plan, with its code where it can be committed."""
    event = kept.draft.event_type
    if kept.draft.at is None:
        return RedirectResponse(f"/{word_of(event)}", 303)
    review = custody_drafts.review(at_desk(visit), kept, shown=True)
    if review.kept.batch_id is not None:
        return _to_batch(review.kept.batch_id)
    name, plan = visit.who.name, review.plan
    whole = None if plan is None else of_plan(plan, name, review.draft.unsaid(name))
    facts = {
        "area": word_of(event),
        "word": word_of(event),
        "event": event,
        "review": review,
        "draft": review.draft,
        "wrong": [line for line in review.lines if line.stops],
        "signatures": review.draft.drawings(visit.who.name),
        "rule": handover_choices.acceptance_rule(visit.workplace),
        "lacks_acceptance": any(found.code == "acceptance_missing" for found in review.general),
        "pad": PAD,
        "moved": moved or [],
        "failed": failed,
        "change_words": change_words,
        "whole": whole,
    }
    return render(visit, "custody/check.html", facts, status=status)
