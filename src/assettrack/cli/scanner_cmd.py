"""`scanner`: pull scans from a pocket scanner, preview and commit them, clear it; look at it and set it."""

from collections.abc import Sequence

import click

from assettrack.cli import arguments, exit_codes, output, scanner_care, scanner_clear, scanner_kept, scanner_pull
from assettrack.cli.answer_options import answer_options
from assettrack.cli.commands import Group, examples
from assettrack.cli.invocation import Invocation
from assettrack.cli.scanner_connection import Connection, connection_options, emulated_in, tell_emulated
from assettrack.cli.scanner_pull import Terms, reading_options, terms_options
from assettrack.cli.show.words import counted
from assettrack.domain import cards, errors
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.scan_answers import Answers
from assettrack.domain.typed_rows import TYPED_EVENT_TYPES

_BADGES_SHOWN = 5

command = Group(
    "scanner",
    help="Pull scans from a pocket scanner: kept, previewed, committed, and only then cleared.",
    epilog=examples(
        "scanner list",
        "scanner pull --default equipment_type=laptop",
        "scanner downloads",
        "scanner commit --yes",
        "scanner clear",
        "scanner pull --emulate pocket.json --default equipment_type=laptop --preview",
    ),
)


@command.command("list")
@connection_options
@click.pass_obj
def list_(call: Invocation, *, cable: Connection) -> int:
    """List the ports that lead to a scanner, and scanners connected in a mode that can't be used."""
    return scanner_care.list_scanners(call, cable)


@command.command("info")
@connection_options
@click.pass_obj
def info(call: Invocation, *, cable: Connection) -> int:
    """Show a scanner: its number, battery and clock, how it is set, and how many scans it holds."""
    return scanner_care.info(call, cable)


@command.command(
    "pull",
    epilog=examples(
        "scanner pull --default equipment_type=laptop",
        'scanner pull --leave-out 4="a price tag" --scanned-by kim --preview',
        "scanner pull --default equipment_type=laptop --confirm K7QF-2M9X --clear",
    ),
)
@connection_options
@terms_options(preview="Pull, and show what the scans would do, with the code of that.")
@click.option("--clear", is_flag=True, help="Clear the scanner once all is proven to be committed, without asking.")
@click.pass_obj
def pull(call: Invocation, *, cable: Connection, terms: Terms, clear: bool) -> int:
    """Pull what a scanner holds, preview and commit it, and then clear the scanner.

    What was pulled is kept before anything is done with it, and nothing is erased by pulling. On a terminal
    you are asked before the commit and again before the clear; without one, only --clear clears. After any
    interruption just start again.
    """
    return scanner_pull.pull(call, cable, terms, clear=clear)


@command.command("downloads")
@click.pass_obj
def downloads(call: Invocation) -> int:
    """List everything that was pulled and is kept, and what became of it."""
    return scanner_kept.list_downloads(call)


@command.command("show", epilog=examples("scanner show", "scanner show 20260204T0815 --all"))
@click.argument("name", required=False)
@answer_options
@click.option("--all", "everything", is_flag=True, help="Show every scan, not the first few.")
@click.pass_obj
def show(call: Invocation, name: str | None, *, answers: Answers, everything: bool) -> int:
    """Show each scan of a download: when, its code, and what it was read as.

    NAME is that of the download, or its beginning; without it the latest is shown, if it is
    clear which scanner's.
    """
    return scanner_kept.show(call, name, answers, everything=everything)


@command.command("preview", epilog=examples("scanner preview", "scanner preview 20260204T0815 --take 7"))
@click.argument("name", required=False)
@reading_options
@click.option("--all", "everything", is_flag=True, help="Show every change and notice, not the first few.")
@click.pass_obj
def preview(call: Invocation, name: str | None, *, terms: Terms, everything: bool) -> int:
    """Show what a download would do. Needs no scanner, and saves nothing."""
    extra = [*terms.words(), *(["--all"] if everything else [])]
    download = scanner_kept.named(call, name, lambda each: ["preview", each, *extra])
    return scanner_pull.preview(call, download, terms, again=["commit", download.name], everything=everything)


@command.command("commit", epilog=examples("scanner commit --yes", "scanner commit 20260204T0815 --confirm K7QF-2M9X"))
@click.argument("name", required=False)
@terms_options(preview=None)
@click.pass_obj
def commit(call: Invocation, name: str | None, *, terms: Terms) -> int:
    """Commit a download that is kept: all of it, or nothing. Needs no scanner, and clears none.

    NAME is that of the download, or its beginning; without it the latest is committed, if it is
    clear which scanner's.
    """
    words = [*terms.words(), *terms.how.words()]
    download = scanner_kept.named(call, name, lambda each: ["commit", each, *words])
    return scanner_pull.commit_kept(call, download, terms)


@command.command("leave-out", epilog=examples('scanner leave-out 20260204T0815 --reason "a trial"'))
@click.argument("name")
@click.option("--reason", metavar="TEXT", required=True, callback=arguments.reason, help="Why none of it is to count.")
@click.pass_obj
def leave_out(call: Invocation, name: str, *, reason: str) -> int:
    """Leave a download out whole: it will never be committed, and no command without a name takes it any more.

    NAME is that of the download, or its beginning. Nothing is erased, neither on the scanner nor of what
    is kept, and until its scanner is cleared of it, or another batch deals with its scans, it can still be
    committed by its name. The log says who left it out, and why. What batches have of it already stays recorded.
    """
    return scanner_kept.leave_out(call, name, reason)


@command.command("clear")
@connection_options
@answer_options
@click.option("--yes", is_flag=True, help="Clear it without being asked.")
@click.pass_obj
def clear(call: Invocation, *, cable: Connection, answers: Answers, yes: bool) -> int:
    """Clear a scanner of what was pulled from it last, once all of that is proven to be committed.

    Answers are needed only about scans that were never committed, such as those that are all to be left out.
    """
    return scanner_clear.run(call, cable, answers, yes=yes)


@command.command("set-clock")
@connection_options
@click.pass_obj
def set_clock(call: Invocation, *, cable: Connection) -> int:
    """Set a scanner's clock to the station's local time. Not while it holds scans that were not pulled."""
    return scanner_care.set_clock(call, cable)


@command.command("configure")
@connection_options
@click.option("--dry-run", is_flag=True, help="Show what would be set. Sets nothing.")
@click.option("--yes", is_flag=True, help="Set it without being asked.")
@click.pass_obj
def configure(call: Invocation, *, cable: Connection, dry_run: bool, yes: bool) -> int:
    """Set a scanner so that no scan leaves it unseen: it erases, drops and deletes nothing, and keeps times."""
    return scanner_care.configure(call, cable, dry_run=dry_run, yes=yes)


@command.command(
    "emulate",
    epilog=examples("scanner emulate pocket.json", "scanner emulate pocket.json --scan LT-0042 --scan LT-0043"),
)
@click.argument("memory", metavar="STATE.json")
@click.option(
    "--scan", "texts", multiple=True, metavar="TEXT", help="Scan a code that holds this text. May be repeated."
)
@click.option("--cards", "shows_cards", is_flag=True, help="Show what stands on some cards, to be scanned.")
@click.pass_obj
def emulate(call: Invocation, memory: str, *, texts: Sequence[str], shows_cards: bool) -> int:
    """Scan with an emulated scanner, whose memory is the file STATE.json. For trying things without a real one.

    The file is made where there is none: with these scans, or else with some samples in CASE-01.
    """
    from assettrack import bootstrap

    tell_emulated(memory)
    if shows_cards:
        return _show_cards(call)
    stored, held = bootstrap.scan_emulated(emulated_in(call, memory), [_scannable(text) for text in texts])
    if call.json:
        output.write_json({"stored": stored, "scans": held})
    else:
        output.lines(
            [f"Stored {stored:,} of {counted(len(texts), 'scan')}; the scanner holds {counted(held, 'scan')}."]
        )
    return exit_codes.DONE


def _scannable(text: str) -> str:
    """Return a text that a code can hold.

    Raises:
        errors.ValueUnusable: it is none.
    """
    if not text or not all(letter <= "\xff" for letter in text):
        raise errors.ValueUnusable("The text for --scan", text, "a code holds letters of Latin-1, and at least one")
    return text


def _show_cards(call: Invocation) -> int:
    found = {
        "begin, Kim": Card(CardKind.BEGIN, "KIM"),
        **{f"event {event}": Card(CardKind.EVENT, event) for event in TYPED_EVENT_TYPES},
        "case CASE-01": Card(CardKind.CASE, "CASE-01"),
        "slot 1 of CASE-01": Card(CardKind.SLOT, "CASE-01", 1),
        "slot 2 of CASE-01": Card(CardKind.SLOT, "CASE-01", 2),
        "undo": Card(CardKind.UNDO),
        "end": Card(CardKind.END),
        "end, 2 assets": Card(CardKind.END, "2"),
    }
    told = {what: cards.written(card) for what, card in found.items()} | _badges(call)
    if call.json:
        output.write_json({"cards": [{"card": what, "text": text} for what, text in told.items()]})
    else:
        output.lines(f"{what:<19} {text}" for what, text in told.items())
    return exit_codes.DONE


def _badges(call: Invocation) -> dict[str, str]:
    """Return some badges of the station's own holders, if there is a station: no other badge means anything to it."""
    from assettrack.services import holders, label_lists

    if not call.settings().database.exists():
        return {}
    names = [holder.name for holder in holders.all_holders(call.workplace()) if holder.active][:_BADGES_SHOWN]
    badges = label_lists.of_holders(call.workplace(), names) if names else []
    return {f"badge of {badge.title}": badge.text for badge in badges}
