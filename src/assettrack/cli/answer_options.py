"""The options with which questions about scans are answered, and which option answers which question.

Owns the way from the command line to `Answers` and back. What is asked, and what an answer means, is the domain's.
"""

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

import click
import msgspec

from assettrack.cli import arguments
from assettrack.domain import errors
from assettrack.domain.findings import Finding
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.domain.scanner_findings import TAKEABLE
from assettrack.domain.typed_rows import TYPED_EVENT_TYPES

_LEAVE_OUT = "--leave-out {n}=REASON"
_TAKE = f"Answer with --take {{n}} if it is meant so, or {_LEAVE_OUT}."
_ONLY_LEAVE_OUT = f"It can't be taken: {_LEAVE_OUT}."

HINTS: Mapping[str, str] = {
    **dict.fromkeys(TAKEABLE, _TAKE),
    "operator_not_said": f"Answer with --scanned-by NAME, or {_LEAVE_OUT}.",
    "event_not_said": f"Answer with --event EVENT, or {_LEAVE_OUT}.",
    "person_not_said": f"Answer with --to HOLDER, or {_LEAVE_OUT}.",
    "reason_not_said": f"Answer with --reason TEXT, or {_LEAVE_OUT}.",
    "place_not_said": _ONLY_LEAVE_OUT,
    "slot_for_two": _ONLY_LEAVE_OUT,
    "card_of_other_code": _ONLY_LEAVE_OUT,
    "not_understood": _ONLY_LEAVE_OUT,
    "card_broken": _ONLY_LEAVE_OUT,
    "card_maybe_undo": _ONLY_LEAVE_OUT,
    "code_unclear": _ONLY_LEAVE_OUT,
    "case_unknown_here": f"Prepare the case with: assettrack case init {{case}} --slots N. Or {_LEAVE_OUT}.",
    "case_or_asset_here": (
        "Prepare the case with: assettrack case init {case} --slots N. Or answer with --take {n} if it is an asset, or "
        f"{_LEAVE_OUT}."
    ),
    "slot_unknown_here": f"Look at the cases with: assettrack case list. Or {_LEAVE_OUT}.",
    "person_unknown_here": f"Answer with {_LEAVE_OUT} and --to HOLDER.",
    "operator_unknown_here": f"Answer with {_LEAVE_OUT} and --scanned-by NAME.",
    "card_not_ours": f"Answer with {_LEAVE_OUT} and --scanned-by NAME or --to HOLDER.",
    "case_and_asset": _ONLY_LEAVE_OUT,
    "undo_unclear": _ONLY_LEAVE_OUT,
    "take_unasked": f"Say it without --take {{n}}, or answer with {_LEAVE_OUT}.",
    "time_not_known": f"Answer with --untimed-at-download, or {_LEAVE_OUT}.",
    "pulled_ahead": "Answer with --untimed-at-download to give them the time of their commit.",
    "clock_set_between": (
        "Or answer with --clock-undisturbed if it was the computer's clock, or --untimed-at-download to give them the "
        "time of that download."
    ),
    "clock_set_since": "Answer with --clock-undisturbed if they are right, or --untimed-at-download.",
    "clock_far_off": "Answer with --clock-undisturbed if it was off all the time, or --untimed-at-download.",
    "repeated_dropped": "Answer with --gaps-looked-at once you have.",
    "undo_of_recorded": _ONLY_LEAVE_OUT,
    "maybe_anew": "Answer with --same-scans or --scanned-anew.",
    "left_out_then": "Answer with --same-scans or --scanned-anew.",
    "told_before": "Answer with --same-scans or --scanned-anew.",
    "told_both_ways": "Answer with --same-scans or --scanned-anew.",
    "pulled_and_gone": "Or answer with --gaps-looked-at.",
    "recorded_and_gone": "Compare it with what was done, then answer with --gaps-looked-at.",
    "download_gone": "Put its file back, or compare with what was done and answer with --gaps-looked-at.",
    "dump_several": "Answer with --profile and the name of that form.",
    "dump_nearly": "If it should be of another form, --profile with its name says what keeps it from being that one.",
    "dump_dates_unclear": "Answer with --dates and dmy, mdy or ymd.",
    "dump_cards_unordered": _ONLY_LEAVE_OUT,
    "dump_quantity": _TAKE,
    "dump_clock_back": "Answer with --clock-undisturbed if they are.",
    "dump_told_before": "Answer with --same-scans or --scanned-anew.",
    "dump_time_of_download": "Answer with --at TIME.",
    "table_told_before": "Answer with --same-scans or --scanned-anew.",
    "mapping_unsaid": (
        "Answer with --mapping NAME: assettrack mapping list shows those that are kept, and assettrack mapping suggest "
        "FILE proposes one."
    ),
    "mapping_incomplete": "A time can be said here with --at TIME; for the rest make another mapping.",
}
"""How each question is answered on the command line; ``{n}`` is the number of the scan, ``{case}`` the case named."""

_NUMBER = re.compile(r"Scan (\d+)\b")
"""How each sentence about one scan begins."""

_CASE = re.compile(r" (?:names case|reads) (.+)(?:, which this station|: no case and)")
"""How a sentence names a case that is not known here."""


OF_FILES: Mapping[str, str] = {**HINTS, "time_not_known": f"Answer with --at TIME, or {_LEAVE_OUT}."}
"""The same for scans that come in a file, which has no time of download."""

OF_LISTS: Mapping[str, str] = {**OF_FILES, "header_missing": HINTS["mapping_unsaid"]}
"""The same for a file that is a list of assets."""


def hinted(found: Finding, hints: Mapping[str, str] = HINTS) -> Finding:
    """Return a question with how to answer it on the command line; what is no question stays as it is."""
    hint = hints.get(found.code)
    if hint is None:
        return found
    named = _NUMBER.match(found.message)
    case = _CASE.search(found.message)
    words = {"n": named[1] if named else "N", "case": shlex.quote(case[1]) if case else "CASE"}
    message = f"{found.message} {hint.format(**words)}"
    return msgspec.structs.replace(found, message=message)


def answer_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that answer questions about scans, handed over as one ``answers``."""

    @click.option(
        "--leave-out",
        multiple=True,
        metavar="N=REASON",
        callback=_left_out,
        help="Leave scan N out, for this reason. May be repeated.",
    )
    @click.option(
        "--take",
        multiple=True,
        type=arguments.NUMBER,
        metavar="N",
        help="Take scan N as it is: it was looked at. May be repeated.",
    )
    @click.option(
        "--scanned-by", metavar="NAME", callback=_name, help="Who scanned what stands outside of any begin card."
    )
    @click.option(
        "--event",
        type=click.Choice(TYPED_EVENT_TYPES, case_sensitive=False),
        help="The event of what was scanned before any event card.",
    )
    @click.option(
        "--to", metavar="HOLDER", callback=arguments.person, help="Who gets what was scanned before any badge."
    )
    @click.option("--reason", metavar="TEXT", callback=arguments.reason, help="Why assets are retired.")
    @click.option("--clock-undisturbed", is_flag=True, help="The scanner's clock was off by as much all the time.")
    @click.option("--untimed-at-download", is_flag=True, help="Give scans without a time that of their download.")
    @click.option("--gaps-looked-at", is_flag=True, help="It was looked at whether a scan is missing.")
    @click.option("--same-scans", is_flag=True, help="Scans that equal recorded ones are the same ones.")
    @click.option("--scanned-anew", is_flag=True, help="Scans that equal recorded ones were made since.")
    @wraps(function)
    def gathering(*args: object, **said: Any) -> object:  # noqa: ANN401 - Click's values, each of its option's type
        answers = Answers(
            left_out=said.pop("leave_out"),
            taken=tuple(sorted(set(said.pop("take")))),
            operator=said.pop("scanned_by") or "",
            event_type=said.pop("event"),
            holder=said.pop("to") or "",
            reason=said.pop("reason") or "",
            clock_undisturbed=said.pop("clock_undisturbed"),
            untimed_at_download=said.pop("untimed_at_download"),
            gaps_looked_at=said.pop("gaps_looked_at"),
            same_scans=said.pop("same_scans"),
            scanned_anew=said.pop("scanned_anew"),
        )
        if both := answers.left_out_and_taken:
            raise click.UsageError(f"Scan {both[0]} can't be both left out and taken: give --leave-out or --take.")
        if answers.are_same_and_anew:
            raise click.UsageError("--same-scans and --scanned-anew can't both be so.")
        return function(*args, answers=answers, **said)

    return gathering


def written(answers: Answers) -> list[str]:
    """Return answers as words of a command line."""
    words = [word for each in answers.left_out for word in ("--leave-out", f"{each.number}={each.reason}")]
    words += [word for number in answers.taken for word in ("--take", str(number))]
    texts = (
        ("--scanned-by", answers.operator),
        ("--event", answers.event_type),
        ("--to", answers.holder),
        ("--reason", answers.reason),
    )
    words += [word for option, value in texts if value for word in (option, value)]
    flags = (
        ("--clock-undisturbed", answers.clock_undisturbed),
        ("--untimed-at-download", answers.untimed_at_download),
        ("--gaps-looked-at", answers.gaps_looked_at),
        ("--same-scans", answers.same_scans),
        ("--scanned-anew", answers.scanned_anew),
    )
    return words + [option for option, is_said in flags if is_said]


def _left_out(_: click.Context, __: click.Parameter, values: Sequence[str]) -> tuple[LeftOut, ...]:
    """Read ``N=REASON`` pairs (a Click callback).

    Raises:
        errors.ValueUnusable: a pair is none, or two are about one scan.
    """
    found: dict[int, LeftOut] = {}
    for pair in values:
        number, equals, reason = pair.partition("=")
        if not equals or not number.strip().isdecimal() or not number.isascii():
            raise errors.ValueUnusable("What to leave out,", pair, "it is written N=REASON, such as 4=misread")
        scan = int(number)
        if scan in found:
            raise errors.ValueUnusable("What to leave out,", pair, f"scan {scan} is left out already")
        found[scan] = LeftOut(scan, arguments.read_text("The reason for --leave-out", reason))
    return tuple(sorted(found.values()))


def _name(_: click.Context, option: click.Parameter, value: str | None) -> str | None:
    return None if value is None else arguments.read_text(f"The name for {option.opts[0]}", value)
