"""What is done by hand to a list of issue, return or transfer: each form is bound to the list that its page showed.

Owns the way back to the list after it. A form that says not what it showed does nothing.
"""

from typing import Annotated

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from assettrack.domain import errors
from assettrack.domain.custody_drafts import CustodyDraft, read_place
from assettrack.services import custody_drafts, handover_scans
from assettrack.services.shown_lists import ShownList
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.custody.addresses import Event, deed
from assettrack.web.custody.lists import after_scan, at_desk, refused, word_of
from assettrack.web.custody.shown import shown_by
from assettrack.web.forms import FormFields, Number
from assettrack.web.permissions import Permission

routes = Routes()


@deed(routes, "/holder")
def name_holder(visit: CurrentVisit, event: Event, said: FormFields) -> Response:
    """Say who is given the assets, or who gives them back."""
    desk, shown = at_desk(visit), shown_by(said)
    try:
        number = said_values.number_beside(said["number"])
        custody_drafts.name_holder(desk, event, said["holder"], number, new=bool(said["new"]), shown=shown)
        taken = handover_scans.take(desk, event, said["tag"])
    except errors.AssetTrackError as error:
        return refused(visit, event, error, shown)
    return after_scan(visit, event, taken)


@deed(routes, "/seen")
def see(visit: CurrentVisit, event: Event, number: Annotated[list[Number], Form()], said: FormFields) -> Response:
    """Say that a scan that was not understood has been seen; another list's of the same number was not."""
    shown = ShownList(said["list"], None)
    try:
        custody_drafts.change(at_desk(visit), event, lambda draft: draft.seen(number), shown=shown)
    except errors.AssetTrackError as error:
        return refused(visit, event, error, shown)
    return RedirectResponse(f"/{word_of(event)}#typed", 303)


@deed(routes, "/lines")
def add_lines(visit: CurrentVisit, event: Event, said: FormFields) -> Response:
    """Add the assets that were chosen from what a person has, who is the one that gives back from then on."""
    desk, shown = at_desk(visit), shown_by(said)
    tags = said.all("tag")
    try:
        is_by = event == "RETURN" and said["holder"]
        number = said_values.number_beside(said["number"])
        by = custody_drafts.registered(visit.workplace, said["holder"], number) if is_by else None

        def with_lines(draft: CustodyDraft) -> CustodyDraft:
            return (draft if by is None else draft.named(by.name, by.holder_id)).with_assets(tags)

        custody_drafts.change(desk, event, with_lines, shown=shown)
    except errors.AssetTrackError as error:
        return refused(visit, event, error, shown)
    return RedirectResponse(f"/{word_of(event)}#list", 303)


@deed(routes, "/remove")
def remove(visit: CurrentVisit, event: Event, said: FormFields) -> Response:
    """Take assets off the list as they stood on it, and go on at what stands in their place."""
    desk, tags = at_desk(visit), said.all("tag")
    shown = shown_by(said, tags)
    before: list[str] = []

    def without(draft: CustodyDraft) -> CustodyDraft:
        before[:] = draft.tags
        return draft.without(tags)

    try:
        left = custody_drafts.change(desk, event, without, shown=shown).draft.tags
    except errors.AssetTrackError as error:
        return refused(visit, event, error, shown)
    gone = next((number for number, tag in enumerate(before, 1) if tag not in left), 0)
    there = f"line-{min(gone, len(left))}" if gone and left else "typed"
    return RedirectResponse(f"/{word_of(event)}#{there}", 303)


@routes.deed("/return/place", Permission.OPERATE)
def put(visit: CurrentVisit, said: FormFields) -> Response:
    """Say into which slot an asset goes back."""
    tag = said["tag"]
    shown = shown_by(said, [tag])
    try:
        place = read_place(said["case_name"], said["slot_position"])
        kept = custody_drafts.change(at_desk(visit), "RETURN", lambda draft: draft.put(tag, place), shown=shown)
    except errors.AssetTrackError as error:
        return refused(visit, "RETURN", error, shown, place_said=(tag, said["case_name"], said["slot_position"]))
    numbers = [number for number, each in enumerate(kept.draft.tags, 1) if each == tag]
    return RedirectResponse(f"/return#{f'line-{numbers[0]}' if numbers else 'typed'}", 303)


@deed(routes, "/start-anew")
def start_anew(visit: CurrentVisit, event: Event, said: FormFields) -> Response:
    """Put the list that the page showed aside; nothing of it was committed, and it can be brought back."""
    shown = shown_by(said)
    try:
        custody_drafts.start_anew(at_desk(visit), event, shown)
    except errors.AssetTrackError as error:
        return refused(visit, event, error, shown)
    return RedirectResponse(f"/{word_of(event)}", 303)


@deed(routes, "/bring-back")
def bring_back(visit: CurrentVisit, event: Event, said: FormFields) -> Response:
    """Go on with a list that was put aside, where nothing is on the present one."""
    try:
        custody_drafts.bring_back(at_desk(visit), event, said["list"])
    except errors.AssetTrackError as error:
        return refused(visit, event, error)
    return RedirectResponse(f"/{word_of(event)}#list", 303)
