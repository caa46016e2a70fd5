"""The page of a preview: to be checked before it is signed for with its confirm code."""

from collections import Counter
from collections.abc import Iterator

from assettrack.cli.show.changes import change_lines
from assettrack.cli.show.findings import sections
from assettrack.cli.show.screen import Page, heading
from assettrack.cli.show.words import counted
from assettrack.domain.plans import Change, Plan

CHANGES_SHOWN = 20
NOTICES_SHOWN = 20

_KINDS = (
    ("new", "{} new asset", "{} new assets"),
    ("ISSUE", "{} issued", "{} issued"),
    ("RETURN", "{} returned", "{} returned"),
    ("TRANSFER", "{} transferred", "{} transferred"),
    ("UPDATE", "{} updated", "{} updated"),
    ("RETIRE", "{} retired", "{} retired"),
    ("SCAN", "{} seen again", "{} seen again"),
    ("nothing", "{} without effect", "{} without effect"),
)


def plan_page(plan: Plan, file_name: str, *, everything: bool) -> Page:
    """Yield the page: what the file would do, all that is wrong with it, and each change.

    With ``everything`` all changes and notices are shown, without it the first few.
    """
    limit = None if everything else NOTICES_SHOWN
    yield heading("Check this batch before you commit it")
    yield file_name
    yield "Nothing is saved yet."
    yield ""
    yield heading(summary(plan))
    yield ""
    yield from sections([("problem", plan.problems), ("refusal", plan.refusals)])
    yield from sections([("notice", plan.notices)], limit)
    yield from _new_holders(plan)
    if plan.changes and (plan.valid or everything):
        yield from _changes(plan, everything=everything)


def summary(plan: Plan) -> str:
    """Return what the file is in one line: ``42 scans: 30 new assets, 8 issued, 4 returned``."""
    if not plan.rows:
        return "No row could be read"
    counts = Counter(map(_kind, plan.changes))
    parts = [
        (one if counts[kind] == 1 else many).format(f"{counts[kind]:,}") for kind, one, many in _KINDS if counts[kind]
    ]
    if not plan.valid:
        rows = {finding.row_number for finding in (*plan.problems, *plan.refusals)} - {None}
        undecided = plan.rows - len(plan.changes) - len(rows)
        parts = [f"{len(rows):,} to be mended"] * bool(rows) + [f"{undecided:,} not decided"] * (undecided > 0) + parts
    elif plan.rows > len(plan.changes):
        parts.append(f"{plan.rows - len(plan.changes):,} recorded already")
    return f"{counted(plan.rows, 'scan')}: {', '.join(parts)}"


def _kind(change: Change) -> str:
    if change.before is None:
        return "new"
    if change.event_type == "UPDATE" and change.before == change.after:
        return "nothing"
    return change.event_type


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
