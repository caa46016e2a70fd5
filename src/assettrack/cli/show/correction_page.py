"""A correction as it is shown: the page to be checked before it is made, and what was made.

Owns how corrections of rows and of acceptances are told. Must never decide anything about them.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from assettrack.cli.show.columns import in_columns
from assettrack.cli.show.findings import sections
from assettrack.cli.show.screen import Page, heading
from assettrack.cli.show.words import arrow
from assettrack.domain.acceptance_corrections import AcceptanceProposal, AnyProposal
from assettrack.domain.change_wording import before_and_after
from assettrack.domain.correction_deeds import Proposal
from assettrack.services.correction_effects import HandoverOtherwise

BLANK = "(blank)"


def correction_page(proposal: AnyProposal, handovers: Sequence[HandoverOtherwise] = ()) -> Page:
    """Yield the page: what is corrected, what becomes of the asset and of acceptances, and all that speaks against it.

    ``handovers`` are those that would be open to be accepted, or not be asked for.
    """
    yield heading("Check this correction before you make it")
    yield f"Entry {proposal.corrects}: {_subject(proposal)}"
    yield "Nothing is saved yet."
    yield ""
    if isinstance(proposal, AcceptanceProposal):
        yield from _cells(proposal.changed, *_said(proposal))
        yield ""
        yield from sections([("notice", proposal.notices)], whole="this entry")
        return
    yield from _cells(proposal.changed, proposal.row_before.cells, proposal.row_after.cells)
    yield ""
    yield f"{proposal.asset_tag} now: {_asset(proposal)}"
    yield ""
    if proposal.illegal:
        count = len(proposal.illegal)
        yield heading(f"With it, {count:,} {'entry' if count == 1 else 'entries'} would not be legal any more")
        yield from _illegal(proposal)
        yield ""
    if handovers:
        yield heading("Acceptances")
        yield from (f"  {_handover(each)}" for each in handovers)
        yield ""
    yield from sections([("notice", proposal.notices)], whole="this entry")


def made(proposal: AnyProposal, seq: int) -> str:
    """Return in a line what was corrected by entry ``seq``."""
    done = f"Corrected: entry {proposal.corrects}, by entry {seq:,} of the log."
    if isinstance(proposal, AcceptanceProposal):
        what = f"What batch {proposal.handover.batch_id} exchanged with {proposal.holder.name}"
        return f"{done} {what} was accepted by {proposal.after.by} ({proposal.after.how})."
    after = proposal.after.asset
    assert after is not None, "the asset of a legal history exists"
    due = f", due {after.due_on}" if after.due_on is not None else ""
    return f"{done} {proposal.asset_tag}: {after.where}{due}."


def _subject(proposal: AnyProposal) -> str:
    if isinstance(proposal, AcceptanceProposal):
        return f"acceptance of batch {proposal.handover.batch_id} with {proposal.holder.name}"
    return f"{proposal.row_before.event_type} of {proposal.asset_tag}"


def _handover(each: HandoverOtherwise) -> str:
    """Return what becomes of a hand-over, as the pages say it."""
    becomes = "has it to accept" if each.asked else "is not asked to accept it any more"
    return f"Batch {each.batch_id}: {each.holder} {becomes}."


def _said(proposal: AcceptanceProposal) -> tuple[dict[str, str], dict[str, str]]:
    return msgspec.structs.asdict(proposal.before), msgspec.structs.asdict(proposal.after)


def _cells(changed: Mapping[str, str], before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    rows = ((column, before[column] or BLANK, after[column] or BLANK) for column in changed)
    return in_columns(("field", "is", "should have been"), rows)


def _asset(proposal: Proposal) -> str:
    before, after = proposal.before.asset, proposal.after.asset
    return "it would not exist" if after is None else before_and_after(before, after, arrow())


def _illegal(proposal: Proposal) -> Iterator[str]:
    rows = ((str(found.seq), found.asset_tag, found.message) for found in proposal.illegal)
    return in_columns(("entry", "asset", "why"), rows, numbers=1)
