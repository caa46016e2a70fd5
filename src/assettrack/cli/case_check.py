"""The case return check on the command line: preview, confirm, sign off, as a commit of a batch is confirmed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
import msgspec

from assettrack.cli import exit_codes, output
from assettrack.cli.commit_cmd import on_a_terminal
from assettrack.cli.invocation import Invocation
from assettrack.domain import errors
from assettrack.services import case_checks
from assettrack.services.case_checks import CaseCheck
from assettrack.services.count_reading import Scans


class Confirmation(msgspec.Struct, frozen=True):
    """How a check is to be confirmed: only previewed, by the code of a preview, in one go, or (none of these) asked."""

    preview: bool
    confirm: str | None
    yes: bool


def confirmation_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a confirmation, handed over as one ``how``."""

    @click.option("--preview", is_flag=True, help="Show what would be signed off, with its code. Saves nothing.")
    @click.option("--confirm", metavar="CODE", help="The code that --preview showed.")
    @click.option("--yes", is_flag=True, help="Check and sign off in one go.")
    @wraps(function)
    def gathering(*args: object, preview: bool, confirm: str | None, yes: bool, **rest: object) -> object:
        return function(*args, how=Confirmation(preview, confirm, yes), **rest)

    return gathering


def run(call: Invocation, case_name: str, scans_of: Callable[[], Scans], how: Confirmation, remark: str) -> int:
    """Preview a check or sign it off; ``scans_of`` reads what was scanned, anew each time.

    Raises:
        errors.ConfirmationMissing: it is not said in exactly one way whether to sign it off.
    """
    ways = how.preview + how.yes + (how.confirm is not None)
    if ways > 1:
        raise errors.ConfirmationMissing(both=True)
    if how.preview:
        return _preview(call, case_name, scans_of())
    confirm = how.confirm
    if not ways:
        if call.json or not on_a_terminal():
            raise errors.ConfirmationMissing(both=False)
        found = case_checks.preview(call.workplace(), case_name, scans_of())
        _show(found)
        if not click.confirm("Sign this check off?"):
            output.tell("Not signed off. Nothing was saved.")
            return exit_codes.INTERRUPTED
        confirm = found.confirm
    with call.deed() as workplace:
        done = case_checks.check(workplace, case_name, scans_of(), remark, confirm=confirm)
    if call.json:
        output.write_json(done)
        return exit_codes.DONE
    from assettrack.cli.show.count_page import result_words

    span = f"entries {done.first_seq:,} to {done.last_seq:,} of the log"
    output.lines([f"Case {case_name} is checked, as count {done.count_id} ({span}): {result_words(done.totals)}."])
    return exit_codes.DONE


def _preview(call: Invocation, case_name: str, scans: Scans) -> int:
    found = case_checks.preview(call.workplace(), case_name, scans)
    if call.json:
        output.write_json(found)
    else:
        _show(found)
        output.lines([f"To sign off exactly this, repeat the command with --confirm {found.confirm}"])
    return exit_codes.DONE


def _show(found: CaseCheck) -> None:
    from assettrack.cli.show.count_page import check_page
    from assettrack.cli.show.screen import show

    show(check_page(found))
    output.tell(*(f"Note: {notice.message}" for notice in found.notices))
