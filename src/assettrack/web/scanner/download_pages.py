"""A download of the pocket scanner: its scans beside what they were read as, answered, checked, committed, cleared."""

from collections.abc import Callable, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

import msgspec
from fastapi import Request
from starlette.responses import RedirectResponse, Response

from assettrack.domain import download_errors, errors
from assettrack.domain.change_wording import kind_of, summary
from assettrack.domain.entries.scanner import ScannerClearedEntry
from assettrack.domain.findings import Finding
from assettrack.domain.left_out_scans import left_out_scans
from assettrack.domain.pulled_batch import held_in
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scan_meanings import shown as shown_text
from assettrack.domain.scanner_findings import TAKEABLE
from assettrack.domain.settled_scans import without
from assettrack.domain.typed_rows import TYPED_EVENT_TYPES
from assettrack.services import kept_downloads, leaving_out, scanner_clearing, scanner_review, scanner_sessions
from assettrack.services.kept_downloads import Kept
from assettrack.services.scanner_ports import Progress
from assettrack.services.scanner_review import Line, Review
from assettrack.services.type_stops import lacks_type_alone
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.batch_forms import (
    FLAGS,
    answers_said,
    answers_shown,
    options_said,
    options_shown,
    person_facts,
)
from assettrack.web.batches.facts import of_plan
from assettrack.web.change_words import change_words
from assettrack.web.failures import status_of
from assettrack.web.forms import Fields, FormFields
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.scanner.answers import (
    ASKED_BY,
    EITHER,
    FOR_ALL,
    Said,
    asked_of_all,
    change,
    keep_answer,
    own_said,
    said_about,
    ticks_for,
    with_answer,
    with_ticks,
)
from assettrack.web.scanner.overtaken import Overtaken, overtaken, require_open, settled_of
from assettrack.web.scanner.pages import start
from assettrack.web.scanner.run import Outcome
from assettrack.web.station import Visit

routes = Routes()

SCANS_SHOWN = 400
"""So many scans, and so many questions, are on a page; a link shows all."""


class At(NamedTuple):
    """A download that a page is about, what was said about it, and where the answer to its commit is, once there is."""

    kept: Kept
    said: Said
    answer: str

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/scanner/downloads/{self.kept.download.name}"


class Refused(NamedTuple):
    """The form about the whole of a download that was sent and refused: what was chosen stands in it still."""

    answers: Fields | None = None
    options: Fields | None = None


NOTHING_REFUSED = Refused()


class Shown(NamedTuple):
    """What a page shows beside a download: what failed in which sentence, the scans that moved, the HTTP status.

    ``again`` says that the scanner told just this once more, ``already_cleared`` by which clear it holds nothing.
    """

    failed: str = ""
    moved: tuple[int, ...] = ()
    status: int = 200
    again: bool = False
    already_cleared: ScannerClearedEntry | None = None
    refused: Refused = NOTHING_REFUSED


@routes.page("/scanner/downloads/{name}", Permission.VIEW)
def download(visit: CurrentVisit, name: str, everything: str = "", again: str = "", empty: str = "") -> Response:
    """Show the scans of a download beside what each was read as.

    ``again`` says that the scanner told just these once more, ``empty`` that it holds nothing where it was cleared.
    """
    at, downloads = _at(visit, name), visit.station.scanners.downloads(visit.workplace)
    cleared = downloads.proven_clear(at.kept.download) if empty else None
    return _page(visit, at, Shown(again=bool(again), already_cleared=cleared), everything=bool(everything))


@routes.deed("/scanner/downloads/{name}/answer", Permission.OPERATE)
def answer(visit: CurrentVisit, name: str, said: FormFields) -> Response:
    """Keep what is said about one scan, and go on at the next that is held."""
    at = _at(visit, name)
    settled = settled_of(visit, at.kept, at.said.answers)

    def with_this(before: Said) -> Said:
        answers = with_answer(before.answers, at.kept.scans, said)
        require_open(settled, answers, before.answers)
        return msgspec.structs.replace(before, answers=answers)

    return _kept(visit, at, with_this, "#questions")


@routes.deed("/scanner/downloads/{name}/answers", Permission.OPERATE)
def answer_for_all(visit: CurrentVisit, name: str, said: FormFields) -> Response:
    """Keep what is said for all scans of which no card says it."""

    def with_these(before: Said) -> Said:
        return msgspec.structs.replace(before, answers=answers_said(visit, before.answers, said))

    return _kept(visit, _at(visit, name), with_these, "#questions", Refused(answers=said))


@routes.deed("/scanner/downloads/{name}/forget", Permission.OPERATE)
def forget(visit: CurrentVisit, name: str) -> Response:
    """Forget what was answered about scans that a batch dealt with meanwhile, and nothing else."""
    at = _at(visit, name)
    late = {each.number for each in overtaken(visit, at.kept, at.said.answers)}

    def without_these(before: Said) -> Said:
        return msgspec.structs.replace(before, answers=without(before.answers, late))

    return _kept(visit, at, without_these, "")


@routes.deed("/scanner/downloads/{name}/options", Permission.OPERATE)
def take_otherwise(visit: CurrentVisit, name: str, said: FormFields) -> Response:
    """Keep how the batch is to be taken."""

    def with_options(before: Said) -> Said:
        return msgspec.structs.replace(before, options=options_said(visit, before.options, said))

    return _kept(visit, _at(visit, name), with_options, "", Refused(options=said))


@routes.deed("/scanner/downloads/{name}/leave-out", Permission.OPERATE)
def leave_out(visit: CurrentVisit, name: str, said: FormFields) -> Response:
    """Leave a download out whole, for a reason; done twice, it is done once."""
    at = _at(visit, name)
    try:
        reason = said_values.text("The reason", said["reason"]) or ""
        downloads = visit.station.scanners.downloads(visit.workplace)
        leaving_out.leave_out(visit.workplace, downloads, at.kept.download, reason)
    except errors.AssetTrackError as error:
        return _page(visit, at, Shown(str(error), status=status_of(error)))
    return RedirectResponse(at.path, 303)


@routes.page("/scanner/downloads/{name}/check", Permission.OPERATE)
def check(visit: CurrentVisit, name: str) -> Response:
    """Show what would be committed, to be checked."""
    return _check_page(visit, _at(visit, name), Shown())


@routes.deed("/scanner/downloads/{name}/commit", Permission.OPERATE)
def commit(visit: CurrentVisit, name: str, said: FormFields) -> Response:
    """Commit exactly what was checked; asked again, lead to the same answer. What became of the scans is no excuse."""
    at = _at(visit, name)
    downloads, kept = visit.station.scanners.downloads(visit.workplace), at.kept
    mine = own_said(visit, kept)[0]
    try:
        receipt = downloads.commit_shown(kept.download, mine.answers, mine.options, confirm=said["confirm"])
    except errors.PlanStale as error:
        numbers = downloads.batch(kept.download, mine.answers).numbers
        moved = tuple(numbers[row - 1] for row in error.moved if row <= len(numbers))
        return _check_page(visit, at, Shown(str(error), moved, status_of(error)))
    except errors.ConfirmCodeWrong as error:
        return _check_page(visit, at, Shown(visit.station.texts["scanner_check.changed"], status=status_of(error)))
    except (errors.BatchHasProblems, errors.RefusedError) as error:
        return _check_page(visit, at, Shown(str(error), status=status_of(error)))
    there = at.answer or f"/batches/{receipt.batch_id}"
    if not at.answer:
        keep_answer(visit, kept, mine, there)
    return RedirectResponse(there, 303)


@routes.page("/scanner/downloads/{name}/clear", Permission.OPERATE)
def ask_to_clear(visit: CurrentVisit, request: Request, name: str) -> Response:
    """Say what the scanner would be cleared of, prove that all of it is committed, and ask what is asked about that.

    What is answered here stands in the address: of a download that was committed no draft is kept any more.
    """
    at = _at(visit, name)
    if at.kept.cleared is not None:
        return RedirectResponse(at.path, 303)
    ticked = _ticked(request)
    facts: dict[str, object] = {"area": "scanner", "at": at, "batches": (), "failed": "", "questions": ()}
    facts |= {"ticked": ticked, "clear_at": _clear_at(at, ticked)}
    try:
        answers = with_ticks(at.said.answers, ticked)
        facts["batches"] = scanner_sessions.require_clearable(visit.workplace, visit.station.scanners, name, answers)
    except download_errors.AnswersTooLate:
        return RedirectResponse(at.path, 303)
    except download_errors.ClearTooEarly as error:
        asked = asked_of_all(error.questions, ticks_for(error.questions))
        facts |= {"questions": asked, "failed": error.as_seen}
        return render(visit, "scanner/clear.html", facts, status=status_of(error))
    except errors.AssetTrackError as error:
        return render(visit, "scanner/clear.html", facts | {"failed": error.as_seen}, status=status_of(error))
    downloads = visit.station.scanners.downloads(visit.workplace)
    said = scanner_clearing.with_left_out(visit.workplace, downloads, at.kept.download, answers)
    batch = downloads.batch(at.kept.download, said)
    return render(visit, "scanner/clear.html", facts | {"left_out": left_out_scans(batch)})


@routes.deed("/scanner/downloads/{name}/clear", Permission.OPERATE)
def clear(visit: CurrentVisit, request: Request, name: str) -> Response:
    """Clear the scanner of exactly what the download holds, look whether it is clear, and record it."""
    at = _at(visit, name)
    if at.kept.cleared is not None:
        return RedirectResponse(at.path, 303)
    if overtaken(visit, at.kept, at.said.answers):
        return RedirectResponse(at.path, 303)
    ticked = _ticked(request)
    answers = with_ticks(at.said.answers, ticked)
    workplace, desk = visit.workplace_once_begun, visit.station.scanners

    def work(_progress: Progress) -> Outcome:
        cleared, seen = scanner_sessions.clear(workplace, desk, name, answers)
        return Outcome(f"{at.path}{'?empty=1' if cleared.already_cleared else ''}", seen)

    return start(visit, "clear", _clear_at(at, ticked), work)


def _ticked(request: Request) -> list[str]:
    """Return what an address says of questions that stand against a clear."""
    said = request.query_params.getlist("said")
    return [name for name in FLAGS if name in said]


def _clear_at(at: At, ticked: Sequence[str]) -> str:
    """Return where a scanner is cleared with some answers: trying again gives the same ones."""
    return f"{at.path}/clear{'?' if ticked else ''}{urlencode([('said', name) for name in ticked])}"


def _kept(
    visit: Visit, at: At, changed: Callable[[Said], Said], where: str, form: Refused = NOTHING_REFUSED
) -> Response:
    """Keep what somebody says about a download and go on there on its page; where it can't be meant, say so."""
    try:
        change(visit, at.kept, changed)
    except errors.AssetTrackError as error:
        by_now = At(at.kept, *said_about(visit, at.kept))
        return _page(visit, by_now, Shown(str(error), status=status_of(error), refused=form))
    return RedirectResponse(f"{at.path}{where}", 303)


def _at(visit: Visit, name: str) -> At:
    kept = kept_downloads.kept_download(visit.workplace, visit.station.scanners, name)
    return At(kept, *said_about(visit, kept))


def _review(visit: Visit, at: At) -> Review:
    downloads = visit.station.scanners.downloads(visit.workplace)
    return scanner_review.review(visit.workplace, downloads, at.kept.download, at.said.answers, at.said.options)


def _page(visit: Visit, at: At, shown: Shown, *, everything: bool = False) -> Response:
    late: Sequence[Overtaken] = ()
    try:
        review = _review(visit, at)
    except download_errors.AnswersTooLate:
        late = overtaken(visit, at.kept, at.said.answers)
        answers = without(at.said.answers, {each.number for each in late})
        at = at._replace(said=msgspec.structs.replace(at.said, answers=answers))
        review = _review(visit, at)
    held = [line for line in review.held if not lacks_type_alone(line.stops)]
    most = len(review.lines) if everything else SCANS_SHOWN
    stops = _stops(review)
    asked = {name for found in stops for name in ASKED_BY.get(found.code, ())}
    answered = msgspec.structs.asdict(at.said.answers)
    asked |= {name for names in ASKED_BY.values() for name in names if answered[name]}
    asked |= EITHER if EITHER & asked else set()
    if at.said.answers.event_type == "RETIRE":
        asked.add("reason")
    refused = shown.refused
    if refused.answers is not None:
        asked |= set(refused.answers.all("shows"))
    shown_names = [name for name in FOR_ALL if name in asked and not at.answer]
    is_closed = bool(at.answer) or at.kept.cleared is not None  # then what was answered stands in the log
    facts = {
        "area": "scanner",
        "at": at,
        "review": review,
        "is_closed": is_closed,
        "is_done": is_closed or review.plan.already_committed,
        "held": held[:most],
        "more_held": max(0, len(held) - most),
        "without_type": len(review.held) - len(held),
        "lines": review.lines[:most],
        "more": max(0, len(review.lines) - most),
        "asked": shown_names,
        **person_facts(visit, at.said.answers),
        "answers": answers_shown(visit, at.said.answers, refused.answers),
        "answers_shown": answers_shown(visit, at.said.answers),
        "options": options_shown(at.said.options, refused.options),
        "options_shown": options_shown(at.said.options),
        "is_options_refused": refused.options is not None,
        "asked_of_all": asked_of_all(review.open_questions, shown_names),
        "other_questions": [found for found in review.open_questions if found.code not in ASKED_BY],
        "is_asked_for_all": any(found.code in ASKED_BY for found in stops),
        "is_for_all": lambda line: all(found.code in ASKED_BY for found in line.stops),
        "events": TYPED_EVENT_TYPES,
        "can_take": lambda line: any(found.code in TAKEABLE for found in line.stops),
        "code_name": visit.station.scanners.code_name,
        "shown": shown_text,
        "answered": _answered(at.said.answers, review.lines),
        "again": shown.again,
        "already_cleared": shown.already_cleared,
        "overtaken": [(review.lines[each.number - 1].scan, each) for each in late],
        "left_out": left_out_scans(review.batch),
        "failed": shown.failed,
    }
    return render(visit, "scanner/download.html", facts, status=shown.status)


def _answered(answers: Answers, lines: Sequence[Line]) -> list[tuple[RawScan, str]]:
    """Return the scans that something was answered about, with the reason of those that are left out."""
    reasons = {each.number: each.reason for each in answers.left_out} | dict.fromkeys(answers.taken, "")
    return [(lines[number - 1].scan, reasons[number]) for number in sorted(reasons)]


def _stops(review: Review) -> list[Finding]:
    return [found for line in review.held for found in line.stops] + list(review.open_questions)


def _check_page(visit: Visit, at: At, shown: Shown) -> Response:
    """Show a download's plan, with its code where it can be committed; once it is committed, what failed."""
    if at.answer:
        return _page(visit, at, shown) if shown.failed else RedirectResponse(at.answer, 303)
    try:
        review = _review(visit, at)
    except download_errors.AnswersTooLate:
        return _page(visit, at, shown) if shown.failed else RedirectResponse(at.path, 303)
    if review.plan.already_committed:
        if shown.failed:
            return _page(visit, at, shown)
        return RedirectResponse(f"/batches/{review.plan.recorded_in[-1]}", 303)
    groups: dict[str, list[Line]] = {}
    for line in review.lines:
        if line.change is not None:
            groups.setdefault(kind_of(line.change), []).append(line)
    facts = {
        "area": "scanner",
        "at": at,
        "review": review,
        "plan": review.plan,
        "summary": summary(review.plan, held_in(review.batch)),
        "groups": groups,
        "shown_max": SCANS_SHOWN,
        "moved": shown.moved,
        "failed": shown.failed,
        "change_words": change_words,
        "whole": of_plan(review.plan, visit.who.name),
        "shown": shown_text,
    }
    return render(visit, "scanner/check.html", facts, status=shown.status)
