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
from assettrack.domain.findings import Finding
from assettrack.domain.plans import Options
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.domain.timestamps import utc_text
from assettrack.domain.typed_rows import TYPED_EVENT_TYPES
from assettrack.services.after_deeds import after_deed
from assettrack.services.kept_downloads import Kept
from assettrack.web import said_values
from assettrack.web.forms import NUMBER_MAX, Fields
from assettrack.web.permissions import Permission
from assettrack.web.station import Visit

KIND = "scanner"

TAKEABLE = frozenset(
    {
        *("product_code", "slot_without_asset", "undo_twice", "context_old", "end_count_wrong"),
        *("operator_deactivated", "place_left_out", "repeat_untimed", "card_doubtful_now"),
    }
)
"""Questions about a scan to which "it is meant as it is" is an answer."""

FLAGS = ("clock_undisturbed", "untimed_at_download", "gaps_looked_at", "same_scans", "scanned_anew")
TEXTS = ("operator", "holder", "reason")
FOR_ALL = ("operator", "event_type", "holder", "reason", *FLAGS)
"""All that is answered for all scans, in the order in which a page asks it."""

EITHER = frozenset({"same_scans", "scanned_anew"})
"""Two answers to one question: whoever gave one can change over to the other."""

ASKED_BY = {
    "operator_not_said": ("operator", "event_type"),
    "event_not_said": ("event_type",),
    "person_not_said": ("holder",),
    "reason_not_said": ("reason",),
    "time_not_known": ("untimed_at_download",),
    "clock_far_off": ("clock_undisturbed", "untimed_at_download"),
    "clock_set_between": ("clock_undisturbed", "untimed_at_download"),
    "clock_set_since": ("clock_undisturbed", "untimed_at_download"),
    "repeated_dropped": ("gaps_looked_at",),
    "maybe_anew": ("same_scans", "scanned_anew"),
    "told_before": ("same_scans", "scanned_anew"),
    "pulled_and_gone": ("gaps_looked_at",),
    "recorded_and_gone": ("gaps_looked_at",),
    "download_gone": ("gaps_looked_at",),
}
"""The answers for all scans that fit a question, by its code: whatever is asked about no single scan stands here."""

_TURN = threading.Lock()
"""A draft is read, changed and kept by one thread at a time, so that no answer of two tabs is lost."""


class Said(msgspec.Struct, frozen=True):
    """What is kept of a download that somebody works on: what they answered, and how its batch is to be taken."""

    download: str
    answers: Answers = Answers()
    options: Options = Options()


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
    draft = visit.station.desk.draft(_draft_name(visit, kept), visit.who.account_id)
    if draft is None or draft.kind != KIND:
        return Said(kept.download.name), ""
    return msgspec.json.decode(draft.body, type=Said), draft.answer or ""


def change(visit: Visit, kept: Kept, changed: Callable[[Said], Said]) -> None:
    """Keep what somebody says now; of a download that was committed nothing can be said any more."""
    with _TURN:
        said, answer = said_about(visit, kept)
        if answer:
            return
        body = msgspec.json.encode(changed(said)).decode()
        now = utc_text(visit.station.workplace.now())
        visit.station.desk.keep_draft(Draft(_draft_name(visit, kept), visit.who.account_id, now, KIND, body))


def keep_answer(visit: Visit, kept: Kept, said: Said, answer: str) -> None:
    """Keep where the answer to a commit is."""
    name = _draft_name(visit, kept)
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


def with_answer(answers: Answers, scans: int, said: Fields) -> Answers:
    """Return answers with what a form says about one scan: to leave it out, to take it, or to ask again.

    Raises:
        errors.ValueUnusable: it says nothing that can be meant.
        download_errors.AnswersUnusable: there is no such scan.
    """
    number = _number(said["number"])
    if not 1 <= number <= scans:
        raise download_errors.AnswersUnusable([number], scans)
    left_out = tuple(each for each in answers.left_out if each.number != number)
    taken = tuple(each for each in answers.taken if each != number)
    deed = said["deed"]
    if deed == "leave-out":
        reason = said_values.text("The reason", said["reason"]) or ""
        left_out = tuple(sorted([*left_out, LeftOut(number, reason)]))
    elif deed == "take":
        taken = tuple(sorted([*taken, number]))
    elif deed != "ask-again":
        raise errors.ValueUnusable("The answer", deed[:40], "choose one of those shown")
    return msgspec.structs.replace(answers, left_out=left_out, taken=taken)


def with_answers_for_all(answers: Answers, said: Fields) -> Answers:
    """Return answers with what a form says for all scans; fields that it does not show stay as they were.

    Raises:
        errors.ValueUnusable: something of it can't be meant.
    """
    shows = frozenset(said.all("shows"))
    found: dict[str, object] = {name: said[name] == "1" for name in FLAGS if name in shows}
    found |= {name: said_values.optional(_WHAT[name], said[name]) for name in TEXTS if name in shows}
    if "event_type" in shows:
        event = said["event_type"]
        if event and event not in TYPED_EVENT_TYPES:
            raise errors.ValueUnusable("The event", event[:40], "choose one of those shown")
        found["event_type"] = event or None
    said_now = msgspec.structs.replace(answers, **found)
    if said_now.same_scans and said_now.scanned_anew:
        raise errors.ValueUnusable("About scans without a time", "both", "they are the same ones, or made anew")
    return said_now


_WHAT = {"operator": "The name of who scanned", "holder": "The holder", "reason": "The reason"}


def _number(text: str) -> int:
    """Return the number of a scan that a form says, 0 where it says none."""
    short = text.isascii() and text.isdecimal() and len(text) <= len(str(NUMBER_MAX))
    return int(text) if short else 0


def _draft_name(visit: Visit, kept: Kept) -> str:
    """Return the name of the one draft that an account has about a download."""
    return sha256(f"{KIND}\n{visit.who.account_id}\n{kept.download.name}".encode()).hexdigest()
