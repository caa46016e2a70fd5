"""What somebody answers about the scans of a download: read from forms, and kept as a draft of their account.

Owns the draft: nothing that was answered is lost with a page, a session or the server. What an answer does is
`domain.scan_grammar`.
"""

import threading
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple

import msgspec

from assettrack.domain import download_errors, errors
from assettrack.domain.desk_rows import Draft
from assettrack.domain.downloads import Download
from assettrack.domain.findings import Finding
from assettrack.domain.plans import Options
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scanner_findings import ANSWERED_BY, TAKEABLE
from assettrack.domain.timestamps import utc_text
from assettrack.services import carried_answers
from assettrack.services.after_deeds import after_deed
from assettrack.services.kept_downloads import Kept
from assettrack.web import said_values
from assettrack.web.batch_forms import FLAGS, known_by_number
from assettrack.web.forms import Fields, whole_number
from assettrack.web.permissions import Permission
from assettrack.web.station import Visit

KIND = "scanner"

FOR_ALL = ("operator", "event_type", "holder", "reason", *FLAGS)
"""All that is answered for all scans, in the order in which a page asks it."""

EITHER = frozenset({"same_scans", "scanned_anew"})
"""Two answers to one question: whoever gave one can change over to the other."""

ASKED_BY = {
    **{code: fields for code, fields in ANSWERED_BY.items() if code not in TAKEABLE},
    **dict.fromkeys(("holder_other_now", "holder_registered_since"), ("holder",)),
}
"""The answers for all scans that fit a question, by its code: whatever is asked about no single scan stands here."""

_TURN = threading.Lock()
"""A draft is read, changed and kept by one thread at a time, so that no answer of two tabs is lost."""


class CarriedFrom(msgspec.Struct, frozen=True):
    """The earlier download that answers are taken over from, and how many of them, each about a scan.

    ``gone`` are the scans there whose answers are not taken over; ``says_more`` that something was said there for all
    scans or about the whole batch, which is not.
    """

    download: str
    answers: int
    gone: Sequence[int] = ()
    says_more: bool = False


class Said(msgspec.Struct, frozen=True):
    """What is kept of a download that somebody works on: what they answered, and how its batch is to be taken.

    ``carried`` says what of it was answered about an earlier download, None where nothing was.
    """

    download: str
    answers: Answers = Answers()
    options: Options = Options()
    carried: CarriedFrom | None = None


def said_about(visit: Visit, kept: Kept) -> tuple[Said, str]:
    """Return what was said about a download, and where the answer to its commit is, blank where there is none.

    Of one that was committed it is what it was committed with, whoever did so.
    """
    if kept.batch is not None:
        reading = kept.batch.options.scanner
        answers = Answers() if reading is None else reading.answers
        return Said(kept.download.name, answers), f"/batches/{kept.batch.batch_id}"
    return own_said(visit, kept)


def own_said(visit: Visit, kept: Kept) -> tuple[Said, str]:
    """Return what somebody said about a download themselves, and where the answer to their own commit is."""
    if not visit.may(Permission.OPERATE):
        return Said(kept.download.name), ""
    found = _draft(visit, kept.download)
    return (_carried(visit, kept), "") if found is None else found


def _draft(visit: Visit, download: Download) -> tuple[Said, str] | None:
    """Return the draft that an account has about a download, and where the answer to its commit is; None without.

    When a name was said that an earlier version kept without its number, nobody knows any more: after the pull.
    """
    draft = visit.station.desk.draft(_draft_name(visit, download.name), visit.who.account_id)
    if draft is None or draft.kind != KIND:
        return None
    said = msgspec.json.decode(draft.body, type=Said)
    answers = known_by_number(visit, said.answers, min(download.pulled_at, draft.made_at))
    return msgspec.structs.replace(said, answers=answers), draft.answer or ""


def _carried(visit: Visit, kept: Kept) -> Said:
    """Return what somebody said about the download before, as far as it goes for the one that goes on with it."""
    nothing = Said(kept.download.name)
    if kept.cleared is not None:
        return nothing
    downloads = visit.station.scanners.downloads(visit.workplace)
    for earlier in carried_answers.earlier_downloads(visit.workplace, downloads, kept.download):
        draft = _draft(visit, earlier)
        if draft is None:
            continue
        said, answer = draft
        if answer or said == Said(earlier.name):
            return nothing
        found = carried_answers.carried(visit.workplace, downloads, (earlier, said.answers), kept.download)
        answers = found.answers
        says_more = said.options != Options() or said.answers != Answers(said.answers.left_out, said.answers.taken)
        count = len(answers.left_out) + len(answers.taken)
        return Said(nothing.download, answers, carried=CarriedFrom(earlier.name, count, found.gone, says_more))
    return nothing


def change(visit: Visit, kept: Kept, changed: Callable[[Said], Said]) -> None:
    """Keep what somebody says now; of a download that was committed nothing can be said any more."""
    with _TURN:
        said, answer = said_about(visit, kept)
        if answer:
            return
        body = msgspec.json.encode(changed(said)).decode()
        now = utc_text(visit.station.workplace.now())
        visit.station.desk.keep_draft(
            Draft(_draft_name(visit, kept.download.name), visit.who.account_id, now, KIND, body)
        )


def keep_answer(visit: Visit, kept: Kept, said: Said, answer: str) -> None:
    """Keep where the answer to a commit is."""
    name = _draft_name(visit, kept.download.name)
    now = utc_text(visit.station.workplace.now())
    draft = Draft(name, visit.who.account_id, now, KIND, msgspec.json.encode(said).decode())
    with after_deed("the answer to a commit of a download"):
        visit.station.desk.keep_draft(draft)  # one that nothing was answered for is not kept yet
        visit.station.desk.answer_draft(name, answer)


class AskedOfAll(NamedTuple):
    """A question about the whole of a download, None for what was answered, and the ticks that stand below it."""

    question: Finding | None
    ticks: Sequence[str]


def asked_of_all(questions: Sequence[Finding], asked: Sequence[str]) -> list[AskedOfAll]:
    """Return questions that a tick answers, each tick below the last one that it answers, and the other ticks."""
    found: list[AskedOfAll] = []
    left = [name for name in FLAGS if name in asked]
    for question in reversed(questions):
        fits = ASKED_BY.get(question.code)
        if fits is not None:
            found.insert(0, AskedOfAll(question, [name for name in left if name in fits]))
            left = [name for name in left if name not in fits]
    return [*found, AskedOfAll(None, left)] if left else found


def ticks_for(questions: Sequence[Finding]) -> list[str]:
    """Return the ticks that answer questions for all scans, in the order in which a page shows them."""
    return [name for name in FLAGS if any(name in ASKED_BY.get(each.code, ()) for each in questions)]


def with_ticks(answers: Answers, ticked: Sequence[str]) -> Answers:
    """Return answers with some ticks more.

    Raises:
        errors.ValueUnusable: two of them can't both be so.
    """
    said = msgspec.structs.replace(answers, **dict.fromkeys((name for name in FLAGS if name in ticked), True))
    if said.are_same_and_anew:
        raise errors.ValueUnusable("About equal scans", "both", "they are the same ones, or made anew")
    return said


def with_answer(answers: Answers, scans: int, said: Fields) -> Answers:
    """Return answers with what a form says about one scan: to leave it out, to take it, or to ask again.

    Raises:
        errors.ValueUnusable: it says nothing that can be meant.
        download_errors.AnswersUnusable: there is no such scan.
    """
    number = whole_number(said["number"]) or 0
    if not 1 <= number <= scans:
        raise download_errors.AnswersUnusable([number], scans)
    deed = said["deed"]
    if deed == "leave-out":
        return answers.answering(number, left_out=said_values.text("The reason", said["reason"]) or "")
    if deed not in {"take", "ask-again"}:
        raise errors.ValueUnusable("The answer", deed[:40], "choose one of those shown")
    return answers.answering(number, taken=deed == "take")


def _draft_name(visit: Visit, download: str) -> str:
    """Return the name of the one draft that an account has about a download."""
    return sha256(f"{KIND}\n{visit.who.account_id}\n{download}".encode()).hexdigest()
