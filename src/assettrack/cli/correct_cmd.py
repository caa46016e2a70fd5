"""`correct`: supersede what a row of a batch or an acceptance says, in the open, with a reason."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import click

from assettrack.cli import arguments, confirmation, exit_codes, output
from assettrack.cli.commands import Command, examples
from assettrack.cli.confirmation import Confirmation, Shown
from assettrack.cli.failures import error_object, of_catalogue
from assettrack.cli.invocation import Invocation
from assettrack.domain import errors
from assettrack.domain.acceptance_corrections import FIELDS, AnyProposal
from assettrack.domain.corrections import CORRECTABLE, DUE
from assettrack.domain.findings import Finding
from assettrack.domain.scans import COLUMNS
from assettrack.services.correction_ways import AnyReceipt, corrected, handovers_of, previewed, refusal_of, way_of
from assettrack.services.ports import Workplace


class Correction(NamedTuple):
    """The entry that is to be corrected, and what it should have said."""

    seq: int
    values: Mapping[str, str]


_OF_A_ROW = (*COLUMNS, DUE)
_CORRECTABLE = (
    f"fields of a row that can be corrected are {', '.join(CORRECTABLE)}; of an acceptance {', '.join(FIELDS)}"
)


def _values(_: click.Context, __: click.Parameter, pairs: Sequence[str]) -> dict[str, str]:
    """Read `field=value` pairs as a file of scans is read (a Click callback); a value may be blank.

    Raises:
        errors.ValueUnusable: a pair is no pair, has a letter that no batch may have, or nothing has its field.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        column, equals, value = pair.partition("=")
        column = column.strip().lower()
        if not equals:
            raise errors.ValueUnusable("The correction", pair, "it is written FIELD=VALUE")
        if column not in (*_OF_A_ROW, *FIELDS):
            raise errors.ValueUnusable("The correction", pair, _CORRECTABLE)
        _require_letters(pair)
        if found.setdefault(column, value) != value:
            raise errors.ValueUnusable("The correction", pair, f"{column} has another value already")
    return found


def _require_letters(pair: str) -> None:
    """Make sure that a pair has only letters that a batch may have."""
    from assettrack.formats import encodings

    try:
        text = encodings.read_text(pair.encode())  # it begins with the field, so it is never taken for another file
    except UnicodeEncodeError as error:
        raise errors.ValueUnusable("The correction", pair, "it can't be read as UTF-8") from error
    if isinstance(text, Finding):
        raise errors.ValueUnusable("The correction", pair, text.message.rstrip("."))


@click.command(
    "correct",
    cls=Command,
    epilog=examples(
        'correct 17 --set issued_to_name="Bob Lee" --preview',
        'correct 17 --set issued_to_name="Bob Lee" --reason "the other Lee" --confirm K7QF-2M9X',
        'correct 21 --set case_number=CASE-02 --set slot_number=4 --reason "wrong case scanned" --yes',
        'correct 17 --set due_on=2027-01-31 --reason "typed the wrong year" --yes',
        'correct 30 --set how=paper --set at="2026-03-01 10:30" --reason "the form came later" --yes',
    ),
)
@click.argument("seq", type=arguments.NUMBER)
@click.option(
    "--set",
    "values",
    multiple=True,
    required=True,
    metavar="FIELD=VALUE",
    callback=_values,
    help="What a field should have been. May be repeated.",
)
@click.option("--reason", metavar="REASON", callback=arguments.reason, help="Why; kept in the audit log.")
@confirmation.confirmation_options(
    preview="Show what it would do, with its code. Saves nothing.",
    yes="Decide and correct in one go; never against a refusal.",
)
@click.pass_obj
def command(call: Invocation, seq: int, *, values: Mapping[str, str], reason: str | None, how: Confirmation) -> int:
    """Correct what a row of a batch or an acceptance says, in the open.

    SEQ is the number of its entry, or of an earlier correction of it. The entry stays. A new one
    supersedes it, if the history stays legal with it; otherwise every entry that would not be legal any
    more is named. Beside its columns, a row that gives to a holder has due_on. An acceptance has how, by
    and at.
    """
    correction = Correction(seq, values)
    if how.preview:
        return _preview(call, correction)
    if reason is None:
        raise click.UsageError("A correction needs a reason: --reason REASON.")
    return confirmation.carry_out(
        call,
        how,
        show=lambda: _shown(call, correction),
        save=lambda code: _save(call, correction, reason, code),
        undone="Not corrected",
    )


def _preview(call: Invocation, correction: Correction) -> int:
    workplace = call.workplace()
    proposal = way_of(workplace, correction.seq).preview(workplace, correction.seq, correction.values)
    error = refusal_of(proposal)
    if call.json:
        _write(workplace, proposal, error)
    else:
        _show(workplace, proposal)
        if error is None:
            output.lines([confirmation.how_to_confirm("make exactly this correction", proposal.confirm_code)])
        else:
            output.tell("This correction can't be made. Nothing was saved.")
    return exit_codes.DONE if error is None else error.exit_code


def _shown(call: Invocation, correction: Correction) -> Shown:
    """Show what would be done.

    Raises:
        errors.CorrectionRefused: it can't be made.
    """
    workplace = call.workplace()
    proposal = way_of(workplace, correction.seq).preview(workplace, correction.seq, correction.values)
    error = refusal_of(proposal)
    if error is not None:
        raise error
    _show(workplace, proposal)
    return Shown(proposal.confirm_code, f"Correct entry {correction.seq}?")


def _save(call: Invocation, correction: Correction, reason: str, code: str | None) -> None:
    with call.deed() as workplace:
        way = way_of(workplace, correction.seq)
        receipt = way.correct(workplace, correction.seq, correction.values, reason, confirm=code)
    _answer(call, receipt)


def _show(workplace: Workplace, proposal: AnyProposal) -> None:
    from assettrack.cli.show.correction_page import correction_page
    from assettrack.cli.show.screen import show

    show(correction_page(proposal, handovers_of(workplace, proposal)))


def _write(workplace: Workplace, proposal: AnyProposal, error: errors.AssetTrackError | None) -> None:
    """Write what is proposed as JSON."""
    answer = previewed(proposal, handovers_of(workplace, proposal))
    if error is not None:
        answer["error"] = error_object(of_catalogue(error))
    output.write_json(answer)


def _answer(call: Invocation, receipt: AnyReceipt) -> None:
    from assettrack.cli.show.correction_page import made

    if call.json:
        output.write_json(corrected(receipt))
    else:
        output.lines([made(receipt.proposal, receipt.seq)])
