"""What is shown of a list that is handed over: each line with what it will do, and what is said about it.

Owns these values, and what stops a line or a list. Deciding is `custody`; the list itself is `custody_drafts`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from assettrack.domain.custody_drafts import CustodyDraft, DraftRows
from assettrack.domain.draft_lines import DraftLine
from assettrack.domain.findings import Finding
from assettrack.domain.plans import Change, Plan


class KeptDraft(msgspec.Struct, frozen=True):
    """A draft as it is kept, and the batch it became, once it is committed."""

    draft_id: str
    draft: CustodyDraft
    batch_id: int | None = None


class ReviewedLine(msgspec.Struct, frozen=True):
    """A line with what it will do (None where that can't be decided), and what is said about it."""

    number: int
    line: DraftLine
    change: Change | None
    stops: Sequence[Finding]
    notices: Sequence[Finding]

    @property
    def colour(self) -> str:
        """``bad`` where it stops the batch, ``note`` where it is worth a look or waits for a person, else ``ok``."""
        if any(stop.code != "receiver_not_said" for stop in self.stops):
            return "bad"
        return "note" if self.stops or self.notices else "ok"


class Tally(NamedTuple):
    """How much of what a holder has is given back by a draft."""

    holder: str
    returned: int
    had: int

    @property
    def left(self) -> int:
        """How much stays out."""
        return self.had - self.returned


class Review(msgspec.Struct, frozen=True):
    """A draft with what each line will do, the plan of its batch (None without rows), and what a return leaves out.

    ``lacking`` is what is not said whole yet of the due date or of how it is accepted: it stops the commit alone.
    """

    kept: KeptDraft
    lines: Sequence[ReviewedLine]
    plan: Plan | None
    general: Sequence[Finding]
    tallies: Sequence[Tally]
    lacking: Sequence[Finding] = ()

    @property
    def draft(self) -> CustodyDraft:
        """The draft itself."""
        return self.kept.draft

    @property
    def ready(self) -> int:
        """How many lines nothing stops, but for the person that is still to be named."""
        return sum(line.colour != "bad" for line in self.lines)

    @property
    def notices(self) -> Sequence[Finding]:
        """What is worth a look in the list as a whole."""
        return [] if self.plan is None else [each for each in self.plan.notices if each.row_number is None]

    @property
    def confirm_code(self) -> str | None:
        """The code that confirms the draft as a whole, or None where it can't be committed."""
        clean = (
            self.lines and not self.lacking and all(line.change is not None and not line.stops for line in self.lines)
        )
        return self.plan.confirm_code if clean and self.plan is not None else None


def reviewed_lines(draft: CustodyDraft, made: DraftRows, plan: Plan | None) -> list[ReviewedLine]:
    """Return each line with what the plan says of it."""
    rows = {number: row for row, number in enumerate(made.numbers, 1)}
    changes = {} if plan is None else {change.row_number: change for change in plan.changes}
    held = {found.row_number: found for found in made.held}
    said = [] if plan is None else [*plan.problems, *plan.refusals]
    lines = []
    for number, line in enumerate(draft.lines, 1):
        row = rows.get(number, 0)
        stops = [held[number]] if number in held else [found for found in said if found.row_number == row]
        notices = [] if plan is None else [found for found in plan.notices if found.row_number == row]
        lines.append(ReviewedLine(number, line, changes.get(row), stops, notices))
    return lines
