"""`correct`: supersede what a row of a batch says, in the open, with a reason."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import click

from assettrack.cli import arguments, exit_codes, output
from assettrack.cli.commands import Command, examples
from assettrack.cli.commit_cmd import on_a_terminal
from assettrack.cli.failures import error_object, of_catalogue
from assettrack.cli.invocation import Invocation
from assettrack.domain import corrections as rows
from assettrack.domain import errors
from assettrack.domain.correction_deeds import Proposal
from assettrack.domain.findings import Finding
from assettrack.domain.scans import COLUMNS
from assettrack.services import corrections
from assettrack.services.corrections import CorrectionReceipt


class Asked(NamedTuple):
    """What is to be corrected, and why."""

    seq: int
    values: Mapping[str, str]
    reason: str | None


def _values(_: click.Context, __: click.Parameter, pairs: Sequence[str]) -> dict[str, str]:
    """Read `field=value` pairs as a file of scans is read (a Click callback); a value may be blank.

    Raises:
        errors.ValueUnusable: a pair is no pair, has a letter that no batch may have, or no row has its field.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        column, equals, value = pair.partition("=")
        column = column.strip().lower()
        if not equals:
            raise errors.ValueUnusable("The correction", pair, "it is written FIELD=VALUE")
        if column not in COLUMNS:
            raise errors.ValueUnusable("The correction", pair, f"the fields of a row are {', '.join(COLUMNS)}")
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
        raise errors.ValueUnusable("The correction", ascii(pair), "it can't be read as UTF-8") from error
    if isinstance(text, Finding):
        raise errors.ValueUnusable("The correction", pair, text.message.rstrip("."))


@click.command(
    "correct",
    cls=Command,
    epilog=examples(
        'correct 17 --set issued_to_name="Bob Lee" --preview',
        'correct 17 --set issued_to_name="Bob Lee" --reason "the other Lee" --confirm K7QF-2M9X',
        'correct 21 --set case_number=CASE-02 --set slot_number=4 --reason "wrong case scanned" --yes',
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
    help="What a field of the row should have been. May be repeated.",
)
@click.option("--reason", metavar="REASON", callback=arguments.reason, help="Why; kept in the audit log.")
@click.option("--preview", is_flag=True, help="Show what it would do, with its code. Saves nothing.")
@click.option("--confirm", metavar="CODE", help="The code that --preview showed.")
@click.option("--yes", is_flag=True, help="Decide and correct in one go; never against a refusal.")
@click.pass_obj
def command(
    call: Invocation, /, seq: int, *, values: Mapping[str, str], reason: str | None, **ways: bool | str | None
) -> int:
    """Correct what a row of a batch says, in the open.

    SEQ is the number of the row's entry, or of an earlier correction of it. The entry stays. A new one
    supersedes it, if the history stays legal with it; otherwise every entry that would not be legal any
    more is named.
    """
    asked = Asked(seq, values, reason)
    if sum(bool(way) for way in ways.values()) > 1:
        raise errors.ConfirmationMissing(both=True)
    if ways["preview"]:
        return _preview(call, asked)
    if reason is None:
        raise click.UsageError("A correction needs a reason: --reason REASON.")
    confirm = ways["confirm"]
    if not ways["yes"] and confirm is None:
        if call.json or not on_a_terminal():
            raise errors.ConfirmationMissing(both=False)
        confirm = _confirmed(call, asked)
        if confirm is None:
            output.tell("Not corrected. Nothing was saved.")
            return exit_codes.INTERRUPTED
    assert confirm is None or isinstance(confirm, str), "a code is a text"
    with call.deed() as workplace:
        receipt = corrections.correct(workplace, seq, values, reason, confirm=confirm)
    _answer(call, receipt)
    return exit_codes.DONE


def _preview(call: Invocation, asked: Asked) -> int:
    proposal = corrections.preview(call.workplace(), asked.seq, asked.values)
    error = _refusal_of(proposal)
    if call.json:
        _write(proposal, error)
    else:
        _show(proposal)
        if error is None:
            output.lines(
                [f"To make exactly this correction, repeat the command with --confirm {proposal.confirm_code}"]
            )
        else:
            output.tell("This correction can't be made. Nothing was saved.")
    return exit_codes.DONE if error is None else error.exit_code


def _confirmed(call: Invocation, asked: Asked) -> str | None:
    """Show what would be done, ask, and return the code of what was shown, or None where the answer is no.

    Raises:
        errors.CorrectionRefused: it can't be made.
    """
    proposal = corrections.preview(call.workplace(), asked.seq, asked.values)
    error = _refusal_of(proposal)
    if error is not None:
        raise error
    _show(proposal)
    return proposal.confirm_code if click.confirm(f"Correct entry {asked.seq}?") else None


def _refusal_of(proposal: Proposal) -> errors.AssetTrackError | None:
    return errors.CorrectionRefused(proposal.illegal) if proposal.illegal else None


def _show(proposal: Proposal) -> None:
    from assettrack.cli.show.correction_page import correction_page
    from assettrack.cli.show.screen import show

    show(correction_page(proposal))


def _write(proposal: Proposal, error: errors.AssetTrackError | None) -> None:
    """Write what is proposed as JSON."""
    row = {"before": rows.cells_of(proposal.row_before), "after": rows.cells_of(proposal.row_after)}
    answer: dict[str, object] = {
        **_stated(proposal),
        "valid": error is None,
        "confirm": proposal.confirm_code,
        "row": row,
        "illegal": proposal.illegal,
        "notices": proposal.notices,
    }
    if error is not None:
        answer["error"] = error_object(of_catalogue(error))
    output.write_json(answer)


def _stated(proposal: Proposal) -> dict[str, object]:
    """Return what a preview and a correction both answer."""
    return {
        "corrects": proposal.corrects,
        "asset_tag": proposal.asset_tag,
        "changed": proposal.changed,
        "before": proposal.before.asset,
        "after": proposal.after.asset,
    }


def _answer(call: Invocation, receipt: CorrectionReceipt) -> None:
    proposal, seq = receipt.proposal, receipt.seq
    if call.json:
        entry = {"batch_id": None, "committed": 1, "already_committed": False, "first_seq": seq, "last_seq": seq}
        output.write_json({**_stated(proposal), **entry, "checkpoint": receipt.checkpoint})
        return
    after = proposal.after.asset
    assert after is not None, "the asset of a legal history exists"
    output.lines(
        [f"Corrected: entry {proposal.corrects}, by entry {seq:,} of the log. {proposal.asset_tag}: {after.where}."]
    )
