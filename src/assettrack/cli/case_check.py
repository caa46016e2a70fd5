"""The case return check on the command line: preview, confirm, sign off, as a commit of a batch is confirmed.

Owns how what was seen is handed in: as tags, as a file, or that it was nothing at all.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, NamedTuple

import click

from assettrack.cli import confirmation, exit_codes, output, scan_input
from assettrack.cli.confirmation import Confirmation, Shown
from assettrack.cli.invocation import Invocation
from assettrack.domain.counts import result_words
from assettrack.domain.findings import Finding
from assettrack.services import case_checks
from assettrack.services.case_checks import CaseCheck, CaseChecked
from assettrack.services.count_reading import Scans


class Check(NamedTuple):
    """The case that is to be checked, what reads its scans (anew each time), and what is said about it."""

    case_name: str
    scans_of: Callable[[], Scans]
    remark: str


def seen_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options by which it is said what was seen, handed over as one ``scans_of``."""

    @wraps(function)
    def gathering(*args: object, tags: Sequence[str], file: str | None, empty: bool, **rest: object) -> object:
        if empty and (tags or file is not None):
            raise click.UsageError("--empty says that nothing was seen: leave TAGs and --from out.")
        if empty + bool(tags) + (file is not None) != 1:
            raise click.UsageError("Give TAGs that were seen, --from FILE, or --empty if the case was empty.")

        def scans_of() -> Scans:
            return Scans() if empty else scan_input.read_scans(tags, file)

        return function(*args, scans_of=scans_of, **rest)

    taking: Callable[..., Any] = gathering
    for option in (
        click.option("--empty", is_flag=True, help="Nothing was seen in the case."),
        click.option("--from", "file", metavar="FILE", help=scan_input.FILE_HELP),
        click.argument("tags", nargs=-1, metavar="[TAG]...", callback=scan_input.scanned_tags),
    ):
        taking = option(taking)
    return taking


def run(call: Invocation, check: Check, how: Confirmation) -> int:
    """Preview a check or sign it off.

    Raises:
        errors.ConfirmationMissing: it is not said whether to sign it off, and there is nobody to ask.
    """
    if how.preview:
        return _preview(call, check)
    return confirmation.carry_out(
        call,
        how,
        show=lambda: _show(call, check),
        save=lambda code: _save(call, check, code),
        undone="Not signed off",
    )


def _preview(call: Invocation, check: Check) -> int:
    found = case_checks.preview(call.workplace(), check.case_name, check.scans_of())
    if call.json:
        output.write_json(found)
    else:
        _write(call, found)
        if not found.is_checked_before:
            output.lines([confirmation.how_to_confirm("sign off exactly this", found.confirm)])
    return exit_codes.DONE


def _show(call: Invocation, check: Check) -> Shown:
    """Show the check; a file that was checked before needs no question."""
    found = case_checks.preview(call.workplace(), check.case_name, check.scans_of())
    _write(call, found)
    return Shown(found.confirm, None if found.is_checked_before else "Sign this check off?")


def _save(call: Invocation, check: Check, code: str | None) -> None:
    with call.deed() as workplace:
        done = case_checks.check(workplace, check.case_name, check.scans_of(), check.remark, confirm=code)
    if call.json:
        output.write_json(done)
        return
    output.lines([_sentence(done)])
    if code is None:  # else they were told when it was shown
        _tell(done.notices)


def _write(call: Invocation, found: CaseCheck) -> None:
    from assettrack.cli.show.count_page import check_page
    from assettrack.cli.show.screen import show

    show(check_page(found, call.workplace().zone(found.timezone)))
    _tell(found.notices)


def _tell(notices: Sequence[Finding]) -> None:
    output.tell(*(f"Note: {notice.message}" for notice in notices))


def _sentence(done: CaseChecked) -> str:
    what = f"as count {done.count_id} (entries {done.first_seq:,} to {done.last_seq:,} of the log)"
    result = result_words(done.totals)
    if done.already_committed:
        return f"Nothing happened: this check of case {done.case_name} is recorded already, {what}: {result}."
    return f"Case {done.case_name} is checked, {what}: {result}."
