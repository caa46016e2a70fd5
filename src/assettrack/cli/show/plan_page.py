"""The page of a preview: to be checked before it is signed for with its confirm code."""

from collections.abc import Iterator

from assettrack.cli.show.changes import change_lines
from assettrack.cli.show.findings import sections
from assettrack.cli.show.screen import Page, heading
from assettrack.cli.show.words import counted
from assettrack.domain.change_wording import summary
from assettrack.domain.plans import Plan

CHANGES_SHOWN = 20
NOTICES_SHOWN = 20


def plan_page(plan: Plan, file_name: str, *, everything: bool, held: int | None = None) -> Page:
    """Yield the page: what the file would do, all that is wrong with it, and each change.

    ``held`` counts the scans that wait for an answer, where it is a file of scans.
    With ``everything`` all changes and notices are shown, without it the first few.
    """
    limit = None if everything else NOTICES_SHOWN
    yield heading("Check this batch before you commit it")
    yield file_name
    yield "Nothing is saved yet."
    yield ""
    yield heading(summary(plan, held))
    yield ""
    yield from sections([("problem", plan.problems), ("refusal", plan.refusals)])
    yield from sections([("notice", plan.notices)], limit)
    yield from _new_holders(plan)
    if plan.changes and (plan.valid or everything):
        yield from _changes(plan, everything=everything)


def _new_holders(plan: Plan) -> Iterator[str]:
    if plan.new_holders:
        yield f"{counted(len(plan.new_holders), 'new holder')}, registered by this batch:"
        yield from (f"  {name}" for name in plan.new_holders)
        yield ""


def _changes(plan: Plan, *, everything: bool) -> Page:
    shown = plan.changes if everything else plan.changes[:CHANGES_SHOWN]
    yield heading("Changes")
    yield from change_lines(shown)
    rest = len(plan.changes) - len(shown)
    if rest:
        yield f"and {rest:,} more; --all shows them"
    yield ""
