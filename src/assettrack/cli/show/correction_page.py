"""The page of a correction: the row and the asset as they are and as they would be, to be checked before it is made."""

from collections.abc import Iterator

from assettrack.cli.show.changes import before_and_after
from assettrack.cli.show.columns import in_columns
from assettrack.cli.show.findings import sections
from assettrack.cli.show.screen import Page, heading
from assettrack.cli.show.words import arrow
from assettrack.domain.correction_deeds import Proposal
from assettrack.domain.corrections import cells_of

BLANK = "(blank)"


def correction_page(proposal: Proposal) -> Page:
    """Yield the page: the corrected cells, what becomes of the asset, and all that speaks against it."""
    yield heading("Check this correction before you make it")
    yield f"Entry {proposal.corrects}: {proposal.row_before.event_type} of {proposal.asset_tag}"
    yield "Nothing is saved yet."
    yield ""
    yield from _cells(proposal)
    yield ""
    yield f"{proposal.asset_tag} now: {_asset(proposal)}"
    yield ""
    if proposal.illegal:
        count = len(proposal.illegal)
        yield heading(f"With it, {count:,} {'entry' if count == 1 else 'entries'} would not be legal any more")
        yield from _illegal(proposal)
        yield ""
    yield from sections([("notice", proposal.notices)])


def _cells(proposal: Proposal) -> Iterator[str]:
    before, after = cells_of(proposal.row_before), cells_of(proposal.row_after)
    rows = ((column, before[column] or BLANK, after[column] or BLANK) for column in proposal.changed)
    return in_columns(("field", "is", "should have been"), rows)


def _asset(proposal: Proposal) -> str:
    before, after = proposal.before.asset, proposal.after.asset
    return "it would not exist" if after is None else before_and_after(before, after, arrow())


def _illegal(proposal: Proposal) -> Iterator[str]:
    rows = ((str(found.seq), found.asset_tag, found.message) for found in proposal.illegal)
    return in_columns(("entry", "asset", "why"), rows, numbers=1)
