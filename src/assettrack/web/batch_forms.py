"""What forms say of a whole batch: how it is to be taken, and what is answered for all scans that it is read from.

Owns the names of the fields. What an answer does is `domain.scan_grammar`; what holds of a form from a page that was
left open is `web.shown_forms`.
"""

import msgspec

from assettrack.domain import errors
from assettrack.domain.chosen_holders import TO_REGISTER
from assettrack.domain.plans import ACCEPTED_HOW, Acceptance, Options
from assettrack.domain.scan_answers import Answers
from assettrack.domain.typed_rows import TYPED_EVENT_TYPES
from assettrack.services import chosen_holders
from assettrack.web import said_values
from assettrack.web.forms import Fields
from assettrack.web.shown_forms import (
    HOLDER_CARRIED,
    Part,
    ShownForm,
    Texts,
    carried_as_stopped,
    field_in_words,
    is_withdrawn,
)
from assettrack.web.station import Visit

FLAGS = ("clock_undisturbed", "untimed_at_download", "gaps_looked_at", "same_scans", "scanned_anew")
TEXTS = ("operator", "holder", "reason")
_WHAT = {"operator": "The name of who scanned", "holder": "The holder", "reason": "The reason"}


def _in_words(part: Part, form: Texts, other: Texts) -> str:
    """Return in words what a form shows of a part, beside another form."""
    if part != _EITHER:
        return field_in_words(part.fields[0], form, other)
    said = [words for name, words in _EITHER_WORDS.items() if form[name]]
    return f"equal scans {said[0]}" if said else "nothing about equal scans"


_EITHER_WORDS = {"same_scans": "the same ones", "scanned_anew": "made anew"}
_EITHER = Part(tuple(_EITHER_WORDS), tuple(_EITHER_WORDS))

_OPTIONS = ShownForm(
    (
        Part(("equipment_type",), ("defaults",)),
        Part(("how",), ("accepted",)),
        *(Part((name,), (name,)) for name in ("new_holders", "only_new", "late_reason", "due_on")),
    ),
    _in_words,
    {},
)
_ANSWERS = ShownForm(
    (
        Part(("holder", "holder_number"), ("holder", "holder_id")),
        _EITHER,
        *(Part((name,), (name,)) for name in ("operator", "event_type", "reason", *FLAGS) if name not in _EITHER_WORDS),
    ),
    _in_words,
    HOLDER_CARRIED,
)


def read_options(visit: Visit, said: Fields) -> Options:
    """Return how a form says that a batch is to be taken.

    Raises:
        errors.ValueUnusable: something of it can't be meant.
    """
    how, kind = said["how"], said_values.optional("The equipment type", said["equipment_type"])
    return Options(
        {"equipment_type": kind} if kind else {},
        new_holders=said["new_holders"] == "1",
        only_new=said["only_new"] == "1",
        late_reason=said_values.optional("The reason", said["late_reason"]) or None,
        due_on=said_values.due_date(visit, said["due_on"]),
        accepted=Acceptance(how) if how in ACCEPTED_HOW else None,
    )


def with_answers_for_all(visit: Visit, answers: Answers, said: Fields) -> Answers:
    """Return answers with what a form says for all scans; fields that it does not show stay as they were.

    Whoever is said is kept by number from now on: the name may be somebody else's by the time of the commit.

    Raises:
        errors.ValueUnusable: something of it can't be meant.
    """
    shows = frozenset(said.all("shows"))
    found: dict[str, object] = {name: said[name] == "1" for name in FLAGS if name in shows}
    found |= {name: said_values.optional(_WHAT[name], said[name]) for name in TEXTS if name in shows}
    if "holder" in shows:
        found["holder_id"] = _number_of(visit, said, str(found["holder"]))
    if "event_type" in shows:
        event = said["event_type"]
        if event and event not in TYPED_EVENT_TYPES:
            raise errors.ValueUnusable("The event", event[:40], "choose one of those shown")
        found["event_type"] = event or None
    said_now = msgspec.structs.replace(answers, **found)
    if said_now.are_same_and_anew:
        raise errors.ValueUnusable("About scans without a time", "both", "they are the same ones, or made anew")
    return said_now


def options_said(visit: Visit, options: Options, said: Fields) -> Options:
    """Return options with what was chosen in a form that showed others, or these.

    Raises:
        errors.ValueUnusable: something of it can't be meant.
        desk_errors.FormNotAsShown: something is chosen over what the page did not show.
    """
    return _OPTIONS.said_over(said, options_shown(options), options, read_options(visit, said))


def answers_said(visit: Visit, answers: Answers, said: Fields) -> Answers:
    """Return answers with what was chosen for all scans in a form that showed others, or these.

    Raises:
        errors.ValueUnusable: something of it can't be meant.
        desk_errors.FormNotAsShown: something is chosen over what the page did not show.
    """
    if "holder" in said.all("shows") and is_withdrawn(said, answers.holder, answers.holder_id):
        answers = msgspec.structs.replace(answers, holder="", holder_id=None)
    return _ANSWERS.said_over(said, _held(answers), answers, with_answers_for_all(visit, answers, said))


def options_shown(options: Options, refused: Fields | None = None) -> Texts:
    """Return what a form shows of how a batch is to be taken; of one that was ``refused``, what was chosen in it."""
    shown = {
        "equipment_type": options.defaults.get("equipment_type", ""),
        "due_on": options.due_on or "",
        "how": options.accepted.how if options.accepted else "",
        "new_holders": _tick(is_set=options.new_holders),
        "only_new": _tick(is_set=options.only_new),
        "late_reason": options.late_reason or "",
    }
    return shown if refused is None else _OPTIONS.kept_in(refused, shown)


def answers_shown(visit: Visit, answers: Answers, refused: Fields | None = None) -> Texts:
    """Return what a form shows of what is said for all scans; of one that was ``refused``, what was chosen in it."""
    shown = {**_held(answers), "stopped": ""}
    if chosen_holders.why_stopped(visit.workplace, answers.holder, answers.holder_id):
        stopped = carried_as_stopped(answers.holder, answers.holder_id)
        shown |= {"holder": "", "holder_number": "", "stopped": stopped}
    return shown if refused is None else _ANSWERS.kept_in(refused, shown)


def known_by_number(visit: Visit, answers: Answers, said_at: str) -> Answers:
    """Return answers with the number of who is said for all scans, where an earlier version kept the name alone.

    It is that of whoever had the name when it was said, at ``said_at`` (UTC text) or later: the log tells that at every
    look anew, and always the same.
    """
    if not answers.holder or answers.holder_id is not None:
        return answers
    number = chosen_holders.number_meant_then(visit.workplace, answers.holder, said_at)
    return msgspec.structs.replace(answers, holder_id=number)


def person_facts(visit: Visit, answers: Answers) -> dict[str, object]:
    """Return what a form shows of who is said for all scans: ``person`` by name and number, and why that is stopped."""
    why = chosen_holders.why_stopped(visit.workplace, answers.holder, answers.holder_id)
    if why:
        return {"person": "", "person_number": "", "person_stopped": why}
    number = "" if answers.holder_id is None else answers.holder_id
    return {"person": answers.holder, "person_number": number, "person_stopped": ""}


def _held(answers: Answers) -> Texts:
    """Return what is said for all scans as a form says it, whoever of it is stopped."""
    return {
        "operator": answers.operator,
        "event_type": answers.event_type or "",
        "holder": answers.holder,
        "holder_number": "" if answers.holder_id is None else str(answers.holder_id),
        "reason": answers.reason,
        **{name: _tick(is_set=getattr(answers, name)) for name in FLAGS},
    }


def _number_of(visit: Visit, said: Fields, name: str) -> int | None:
    if not name:
        return None
    number = said_values.holder_chosen(visit, said, name)
    return TO_REGISTER if number is None else number


def _tick(*, is_set: bool) -> str:
    return "1" if is_set else ""
