"""Taking in a file in the browser: it is kept, shown as a plan, and committed as one unit, as by the command line."""

from typing import Annotated, Literal, NamedTuple

import msgspec
from fastapi import File, UploadFile
from starlette.responses import RedirectResponse, Response

from assettrack.domain import desk_errors, download_errors, errors
from assettrack.domain.change_wording import kind_of, summary
from assettrack.domain.desk_rows import Draft
from assettrack.domain.plans import Change, Options, Plan, read_code
from assettrack.domain.pulled_batch import held_in
from assettrack.domain.timestamps import utc_text
from assettrack.services.after_deeds import after_deed
from assettrack.services.committed_codes import require_committed_with
from assettrack.services.files_told_before import FileBatch
from assettrack.services.scan_files import commit_file, preview_file
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.batch_forms import known_by_number, options_shown, person_facts, read_options
from assettrack.web.batches.facts import of_plan
from assettrack.web.batches.file_reading import FileReading, choices, is_asked, reading_said, source_of
from assettrack.web.change_words import change_words
from assettrack.web.failures import status_of
from assettrack.web.forms import FormFields
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import Visit

routes = Routes()

KIND: Literal["file"] = "file"
BECAME = "file that became a batch"
"""Of this kind is the draft, by an upload's name, whose answer is the batch that the file became."""

NAME_BYTES = 16
NAME_LENGTH_MAX = 120
_SHOWN_AGAIN = (
    errors.BatchHasProblems,
    errors.BatchRefused,
    errors.PlanStale,
    errors.ConfirmCodeWrong,
    download_errors.FileMoved,
)
"""After these the page shows the file as it is by now."""

SHOWN_MAX = 200
"""So many changes of each kind, and so many findings, are on the page; the figures count all."""


class SentFile(msgspec.Struct, frozen=True):
    """A file that was sent: by which name it is kept, its own name, and how its batch is to be taken and read."""

    upload: str
    name: str
    options: Options = Options()
    reading: FileReading = FileReading()


class Stopped(NamedTuple):
    """Why a commit was not done, and the code with which it was asked for."""

    error: errors.AssetTrackError
    confirm: str


@routes.page("/intake/upload", Permission.OPERATE)
def upload_page(visit: CurrentVisit) -> Response:
    """Show the form that takes a file."""
    return render(visit, "intake/upload.html", {"area": "intake", "failed": "", "options": options_shown(Options())})


@routes.deed("/intake/upload", Permission.OPERATE)
def upload(visit: CurrentVisit, said: FormFields, file: Annotated[UploadFile, File()]) -> Response:
    """Keep a file, and lead to what it would do. Nothing is committed."""
    sent = SentFile(
        visit.station.uploads.keep(visit.who.account_id, file.file),
        _printable(file.filename or "")[:NAME_LENGTH_MAX],
        read_options(visit, said),
    )
    return RedirectResponse(f"/intake/files/{_keep(visit, sent)}", 303)


@routes.page("/intake/files/{draft}", Permission.OPERATE)
def check(visit: CurrentVisit, draft: str) -> Response:
    """Show what a file would do, to be checked."""
    kept, sent = _sent(visit, draft)
    return RedirectResponse(kept.answer, 303) if kept.answer else _check_page(visit, draft, sent)


@routes.deed("/intake/files/{draft}/options", Permission.OPERATE)
def take_otherwise(visit: CurrentVisit, draft: str, said: FormFields) -> Response:
    """Show what the file would do when it is taken otherwise."""
    _, sent = _sent(visit, draft)
    otherwise = msgspec.structs.replace(sent, options=read_options(visit, said), reading=reading_said(visit, said))
    content = visit.station.uploads.find(sent.upload)
    if content is None:
        return _gone(visit, sent)
    source_of(visit, content, otherwise.reading, otherwise.options)  # what can't be meant is refused before it is kept
    return RedirectResponse(f"/intake/files/{_keep(visit, otherwise)}", 303)


@routes.deed("/intake/files/{draft}/commit", Permission.OPERATE)
def commit(visit: CurrentVisit, draft: str, said: FormFields) -> Response:
    """Commit exactly what was checked; asked again, lead to the same answer."""
    _, sent = _sent(visit, draft)
    content = visit.station.uploads.find(sent.upload)
    if content is None:
        return _gone(visit, sent, said["confirm"])
    try:
        batch_id = _committed(visit, sent, content, said["confirm"])
    except _SHOWN_AGAIN as error:
        return _check_page(visit, draft, sent, Stopped(error, said["confirm"]))
    answer = f"/batches/{batch_id}"
    desk, now = visit.station.desk, utc_text(visit.station.workplace.now())
    with after_deed("the batch of a file was not noted; its rows tell it"):
        desk.answer_draft(draft, answer)
        desk.keep_draft(Draft(sent.upload, visit.who.account_id, now, BECAME, read_code(said["confirm"]) or ""))
        desk.answer_draft(sent.upload, answer)  # other drafts may be of the same file
        visit.station.uploads.drop(sent.upload)
    return RedirectResponse(answer, 303)


def _committed(visit: Visit, sent: SentFile, content: bytes, confirm: str) -> int:
    """Commit a file; return its batch, which may be somebody else's if that is exactly what was confirmed.

    Raises:
        desk_errors.CommittedOtherwise: all of its rows were committed meanwhile, otherwise than confirmed.
        errors.AssetTrackError: as `commit_file`, which compares scans that were recorded before by itself.
    """
    source, options = source_of(visit, content, sent.reading, sent.options)
    receipt = commit_file(visit.workplace, source, sent.name, options, confirm=confirm)
    is_compared = isinstance(source, FileBatch) and source.is_recorded
    if receipt.already_committed and not is_compared:
        require_committed_with(visit.workplace, receipt.batch_id, confirm, KIND, shown=options)
    return receipt.batch_id


def _keep(visit: Visit, sent: SentFile) -> str:
    station, name = visit.station, visit.station.chance(NAME_BYTES).hex()
    now = utc_text(station.workplace.now())
    station.desk.keep_draft(Draft(name, visit.who.account_id, now, KIND, msgspec.json.encode(sent).decode()))
    return name


def _sent(visit: Visit, draft: str) -> tuple[Draft, SentFile]:
    """Return a file that whoever is signed in has sent.

    Raises:
        desk_errors.DraftGone: there is none such.
    """
    kept = visit.station.desk.draft(draft, visit.who.account_id)
    if kept is None or kept.kind != KIND:
        raise desk_errors.DraftGone
    sent = msgspec.json.decode(kept.body, type=SentFile)
    answers = known_by_number(visit, sent.reading.answers, kept.made_at)
    return kept, msgspec.structs.replace(sent, reading=msgspec.structs.replace(sent.reading, answers=answers))


def _gone(visit: Visit, sent: SentFile, confirm: str | None = None) -> Response:
    """Lead to the batch that a file became which is not kept any more; who confirms a code, if it is what that showed.

    Raises:
        desk_errors.DraftGone: it became none.
        desk_errors.CommittedOtherwise: it became something else.
    """
    became = visit.station.desk.draft(sent.upload, visit.who.account_id)
    if became is None or became.kind != BECAME or not became.answer:
        raise desk_errors.DraftGone
    if confirm is not None and became.body != (read_code(confirm) or None):  # the log knows, but reads all rows for it
        batch_id = int(became.answer.rpartition("/")[2])
        require_committed_with(visit.workplace, batch_id, confirm, KIND, shown=sent.options)
    return RedirectResponse(became.answer, 303)


def _printable(name: str) -> str:
    own = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in own) or KIND


def _check_page(visit: Visit, draft: str, sent: SentFile, stopped: Stopped | None = None) -> Response:
    """Show what a file would do; where a commit of it was ``stopped`` and it is a batch by now, if it is just that."""
    confirm = None if stopped is None else stopped.confirm
    content = visit.station.uploads.find(sent.upload)
    if content is None:
        return _gone(visit, sent, confirm)
    source, options = source_of(visit, content, sent.reading, sent.options)
    plan = preview_file(visit.workplace, source, options)
    if plan.already_committed:
        batch_id = plan.recorded_in[-1] if confirm is None else _committed(visit, sent, content, confirm)
        answer = f"/batches/{batch_id}"
        with after_deed("the batch of a file was not noted; its rows tell it"):
            visit.station.desk.answer_draft(draft, answer)
        return RedirectResponse(answer, 303)
    facts = {
        "area": "intake",
        "draft": draft,
        "sent": sent,
        "options": options_shown(sent.options),
        "reading": sent.reading,
        "choices": choices(visit),
        **person_facts(visit, sent.reading.answers),
        "is_asked": is_asked({each.code for each in (*plan.problems, *plan.refusals)}),
        "plan": plan,
        "summary": summary(plan, held_in(source)),
        "groups": _groups(plan),
        "shown_max": SHOWN_MAX,
        "failed": "" if stopped is None else str(stopped.error),
        "change_words": change_words,
        "whole": of_plan(plan, visit.who.name),
    }
    return render(visit, "intake/file.html", facts, status=200 if stopped is None else status_of(stopped.error))


def _groups(plan: Plan) -> dict[str, list[Change]]:
    groups: dict[str, list[Change]] = {}
    for change in plan.changes:
        groups.setdefault(kind_of(change), []).append(change)
    return groups
