"""Signing a count off on the command line: preview, confirm, sign off, as a commit of a batch is confirmed."""

from typing import NamedTuple

import msgspec

from assettrack.cli import confirmation, exit_codes, output
from assettrack.cli.confirmation import Confirmation, Shown
from assettrack.cli.invocation import Invocation
from assettrack.cli.progress import showing
from assettrack.domain.counts import result_words
from assettrack.services import count_endings
from assettrack.services.count_endings import Closed, Ending


class Closing(NamedTuple):
    """The count that is to be signed off, and what is said about it."""

    count_id: int
    remark: str


def run(call: Invocation, closing: Closing, how: Confirmation) -> int:
    """Preview how a count ends, or sign it off.

    Raises:
        errors.ConfirmationMissing: it is not said whether to sign it off, and there is nobody to ask.
    """
    if how.preview:
        return _preview(call, closing.count_id)
    return confirmation.carry_out(
        call,
        how,
        show=lambda: _show(call, closing.count_id),
        save=lambda code: _save(call, closing, code),
        undone="Not signed off",
    )


def _preview(call: Invocation, count_id: int) -> int:
    ending = _ending(call, count_id)
    if call.json:
        rest = {"already_committed": ending.is_closed, "confirm": ending.confirm}
        output.write_json(msgspec.structs.asdict(ending.sheet) | rest)
    else:
        _write(call, ending)
        if not ending.is_closed:
            output.lines([confirmation.how_to_confirm("sign off exactly this", ending.confirm)])
    return exit_codes.DONE


def _show(call: Invocation, count_id: int) -> Shown:
    """Show how the count ends; what is signed off already needs no question."""
    ending = _ending(call, count_id)
    _write(call, ending)
    return Shown(ending.confirm, None if ending.is_closed else f"Sign count {count_id} off?")


def _save(call: Invocation, closing: Closing, code: str | None) -> None:
    with call.deed() as workplace, showing("Signing off"):
        closed = count_endings.close(workplace, closing.count_id, closing.remark, confirm=code)
    if call.json:
        output.write_json(closed)
    else:
        output.lines([_sentence(closed)])


def _ending(call: Invocation, count_id: int) -> Ending:
    with showing("Comparing"):
        return count_endings.preview(call.workplace(), count_id)


def _write(call: Invocation, ending: Ending) -> None:
    from assettrack.cli.show.count_page import sheet_page
    from assettrack.cli.show.screen import show

    show(sheet_page(ending.sheet, call.workplace().zone(ending.sheet.timezone), everything=False))


def _sentence(closed: Closed) -> str:
    by, result = f"entry {closed.first_seq:,}", result_words(closed.totals)
    if closed.already_committed:
        return f"Nothing happened: count {closed.count_id} is signed off already, by {by}: {result}."
    return f"Count {closed.count_id} is signed off by {by}: {result}."
