"""The page of a count: while it goes on, people scan into it and see what is found and what is missing.

How a count ends is `count_ending_pages`.
"""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from fastapi import Depends, Form, Query, Request
from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from assettrack.domain import errors
from assettrack.domain.counts import FOUND, RESULTS
from assettrack.formats import count_list, scan_csv
from assettrack.services import browsing, count_scans, counts, unseen_scans
from assettrack.services.audit import log_size
from assettrack.services.count_reading import Scans, Spotted
from assettrack.services.count_scans import Outcome, Taken, Where
from assettrack.services.count_standing import Standing, Wanted
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.counts.pages import goes_on
from assettrack.web.counts.places import REMOVED, place, place_in, place_kept, place_query
from assettrack.web.failures import status_of
from assettrack.web.forms import Fields, FormFields, Number
from assettrack.web.guard import BODY_BYTES_MAX
from assettrack.web.once import answer_once
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import Visit

routes = Routes()

LINES_SHOWN = 30
ALL_LINES_SHOWN = 1_000
"""So many lines of each result are on the page, and so many where one result is asked for; the sheet has all."""

COLOURS = {"found": "ok", "missing": "bad", "wrong_slot": "note", "moved_during_count": "plain"}
"""How a result looks; all others are worth a look."""


_SAYS_WHERE = {"case", "slot"}
"""The fields of a form that says where the next scans are seen; one without them leaves that to the address."""


class Said(BaseModel):
    """What the address of a count says beside where the next scans are seen: the last one, one result to show whole.

    ``size`` is the log's as the page that asks again knows it.
    """

    last: str = ""
    show: str = ""
    size: str = ""


class _File(NamedTuple):
    name: str
    content: bytes


async def _sent_file(request: Request) -> _File:
    file = (await request.form()).get("file")
    if not isinstance(file, UploadFile):
        return _File("", b"")
    try:
        return _File((file.filename or "")[:200], await file.read(BODY_BYTES_MAX))
    finally:
        await file.close()


SentFile = Annotated[_File, Depends(_sent_file)]
"""The file that was sent with a form, without a name where there was none."""


@routes.page("/counts/{count_id}", Permission.VIEW)
def count(visit: CurrentVisit, count_id: Number, request: Request, said: Annotated[Said, Query()]) -> Response:
    """Show how a count stands, or how it ended; while it goes on, with the field to scan into."""
    if "hx-request" in request.headers and said.size == str(log_size(visit.workplace)):
        return Response(status_code=204)  # nothing happened, and what the page shows may stay
    tally = tally_of(visit, count_id, said.show, [said.last])
    line = tally.by_tag.get(said.last)
    taken = Taken([Outcome(said.last, line)] if line else [], place_in(visit.here))
    return _count_page(visit, tally, taken, said.show)


@routes.deed("/counts/{count_id}/scans", Permission.OPERATE)
def scan(visit: CurrentVisit, count_id: Number, request: Request, said: FormFields) -> Response:
    """Add what was scanned; it is saved before this answers. What a browser sends twice under a name is added once."""
    is_live = "hx-request" in request.headers
    try:
        taken = _take_once(visit, count_id, said, place(said["case"], said["slot"]))
    except errors.AssetTrackError as error:
        if is_live:
            return render(visit, "counts/stopped.html", {"sentence": str(error)})
        failed = (str(error), status_of(error))
        kept = Taken((), place_kept(said["case"], said["slot"]))
        return _count_page(visit, tally_of(visit, count_id), kept, failed=failed)
    tally = tally_of(visit, count_id, "", [outcome.line.asset_tag for outcome in taken.outcomes if outcome.line])
    taken = _as_tallied(taken, tally)
    if is_live:
        return render(visit, "counts/live.html", _facts(visit, tally, taken, ""))
    if any(outcome.held for outcome in taken.outcomes):
        return _count_page(visit, tally, taken, failed=("", 422))
    last = [outcome.line.asset_tag for outcome in taken.outcomes if outcome.line]
    return RedirectResponse(f"{count_path(count_id)}{place_query(taken.where, last=last[-1] if last else '')}", 303)


@routes.deed("/counts/{count_id}/seen", Permission.OPERATE)
def see(visit: CurrentVisit, count_id: Number, number: Annotated[list[Number], Form()], said: FormFields) -> Response:
    """Say that a scan that was not understood has been seen; what was chosen by hand beside it stays chosen."""
    where = place_in(visit.here)
    if {name for name, _ in said.everything()} >= _SAYS_WHERE:
        try:
            where = place(said["case"], said["slot"])
        except errors.ValueUnusable as error:
            kept = Taken((), place_kept(said["case"], said["slot"]))
            return _count_page(visit, tally_of(visit, count_id), kept, failed=(str(error), status_of(error)))
    unseen_scans.see(visit.station.desk, count_id, number)
    return RedirectResponse(f"{count_path(count_id)}{place_query(where)}#typed", 303)


@routes.deed("/counts/{count_id}/file", Permission.OPERATE)
def add_file(visit: CurrentVisit, count_id: Number, file: SentFile) -> Response:
    """Add the scans of a file: a list of tags, or the SCAN rows of a batch. The same file again adds nothing."""
    where = place_in(visit.here)
    try:
        added = counts.add_scans(visit.workplace, count_id, _scans(visit, file))
    except errors.AssetTrackError as error:
        failed = (_with_problems(error), status_of(error))
        return _count_page(visit, tally_of(visit, count_id), Taken((), where), failed=failed)
    if added.notices:
        notices = [notice.message for notice in added.notices]
        return _count_page(visit, tally_of(visit, count_id), Taken((), where), notices=notices)
    return RedirectResponse(f"{count_path(count_id)}{place_query(where)}#tally", 303)


def count_path(count_id: int) -> str:
    """Return the path of a count's page."""
    return f"/counts/{count_id}"


def query_here(visit: Visit) -> str:
    """Return what says, at the end of an address, where the next scans are seen by the page that is looked at."""
    return place_query(place_in(visit.here))


def tally_of(visit: Visit, count_id: int, show: str = "", tags: Sequence[str] = ()) -> Standing:
    """Return how a count stands, with what its page shows: one result whole where that is asked for, and some tags.

    Raises:
        errors.NotFound: there is none of that number.
    """
    limits = {FOUND: 0} | {result: ALL_LINES_SHOWN for result in RESULTS if result == show}
    return standing_of(visit, count_id, Wanted(LINES_SHOWN, limits, tags=tags))


def standing_of(visit: Visit, count_id: int, wanted: Wanted) -> Standing:
    """Return how a count stands.

    Raises:
        errors.NotFound: there is none of that number.
    """
    try:
        return visit.station.memory.standings.find(visit.workplace, count_id, wanted)
    except errors.DeedRefused as error:
        if error.code == "unknown_count":
            raise errors.NotFound("count", str(count_id)) from error
        raise


def _take_once(visit: Visit, count_id: int, said: Fields, where: Where) -> Taken:
    """Add what was scanned, where it was not sent under this name before; what was, says only where the next is seen.

    Where nobody knows whether it was added, it is added: an asset may be seen in a count twice, but not missed.
    """
    done: list[Taken] = []

    def do() -> str:
        unseen_scans.require_room(visit.station.desk, count_id)
        done.append(count_scans.take(visit.workplace, count_id, said["typed"], where, said=said["waited"]))
        unseen_scans.keep(visit.station.desk, count_id, visit.who.name, done[0].outcomes)
        return count_path(count_id) + place_query(done[0].where)

    answer = answer_once(visit, said["sent_as"], do) if said["sent_as"] else do()
    if answer is None and not done:
        answer = do()
    return done[0] if done else Taken((), place_in(answer or ""))


def _scans(visit: Visit, file: _File) -> Scans:
    """Return the scans that a file holds.

    Raises:
        errors.ValueUnusable: no file was sent.
        errors.ListFileWrong: it is neither a batch nor a list.
    """
    if not file.name:
        raise errors.ValueUnusable("The file", "", visit.station.texts["count.file_missing"])
    if count_list.is_batch(file.content):
        batch = scan_csv.parse(file.content)
        return Scans(batch=batch, source_name=file.name, sha256=batch.sha256)
    listed = count_list.parse(file.content, file.name)
    return Scans([Spotted(*each) for each in listed.tags], None, None, file.name, listed.sha256)


def _with_problems(error: errors.AssetTrackError) -> str:
    problems = [finding.message for finding in getattr(error, "problems", ())][:5]
    return " ".join([str(error), *problems])


def _as_tallied(taken: Taken, tally: Standing) -> Taken:
    """Return what scans meant, by all scans of the count."""
    outcomes = [
        Outcome(each.typed, tally.by_tag.get(each.line.asset_tag, each.line)) if each.line else each
        for each in taken.outcomes
    ]
    return Taken(outcomes, taken.where)


def _facts(visit: Visit, tally: Standing, taken: Taken, show: str) -> dict[str, object]:
    sheet = tally.sheet
    is_open = goes_on(sheet)
    return {
        "sheet": sheet,
        "path": count_path(sheet.count_id),
        "is_open": is_open,
        "may_scan": is_open and visit.may(Permission.OPERATE),
        "tally": tally,
        "groups": tally.groups,
        "results": list(RESULTS),
        "colours": COLOURS,
        "taken": taken,
        "at": place_query(taken.where),
        "removed": REMOVED,
        "unseen": unseen_scans.unseen(visit.station.desk, sheet.count_id) if is_open else (),
        "show": show,
    }


def _count_page(
    visit: Visit,
    tally: Standing,
    taken: Taken,
    show: str = "",
    *,
    failed: tuple[str, int] = ("", 200),
    notices: Sequence[str] = (),
) -> Response:
    facts = _facts(visit, tally, taken, show)
    cases = [each.case_name for each in browsing.cases(visit.workplace)] if facts["may_scan"] else []
    if taken.where.case_name and taken.where.case_name not in cases:  # it can't be chosen there, so it is not chosen
        facts |= {"taken": Taken(taken.outcomes, Where()), "at": ""}
    facts |= {"area": "counts", "cases": cases, "failed": failed[0], "notices": notices}
    return render(visit, "counts/count.html", facts, status=failed[1])
