"""What is of a whole batch, on every page that shows one before it is committed or after.

Owns which facts these are: whoever commits must have seen all that will be kept. The words for a row are those of its
change.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from assettrack.domain.audit_log import event_type
from assettrack.domain.inventory import Asset
from assettrack.domain.plans import Options, Plan
from assettrack.services.batches import CommittedBatch

SHOWN_MAX = 20
"""So many names are shown of each list."""


class WholeBatch(msgspec.Struct, frozen=True):
    """What was said of a batch as a whole, whom it registers, and who accepts what it exchanges."""

    options: Options
    acceptors: Sequence[str]
    new_holders: Sequence[str]
    shown_max: int = SHOWN_MAX

    @property
    def due_on(self) -> str | None:
        """When what is given to somebody is due back."""
        return self.options.due_on

    @property
    def how(self) -> str:
        """How it is accepted, blank where that is not said."""
        return "" if self.options.accepted is None else self.options.accepted.how

    @property
    def late_reason(self) -> str | None:
        """Why rows out of time are taken."""
        return self.options.late_reason

    @property
    def defaults(self) -> Mapping[str, str]:
        """What fills blank cells of rows that create an asset."""
        return self.options.defaults

    @property
    def says_something(self) -> bool:
        """Whether there is anything to show."""
        return any((self.due_on, self.how, self.acceptors, self.late_reason, self.defaults, self.new_holders))


def of_plan(plan: Plan, operator: str) -> WholeBatch:
    """Return what a plan is as a whole, for the operator who would commit it."""
    moves = ((each.event_type, each.before, each.after) for each in plan.changes)
    return WholeBatch(plan.options, _acceptors(plan.options, moves, operator), plan.new_holders)


def of_batch(batch: CommittedBatch) -> WholeBatch:
    """Return what a committed batch is as a whole."""
    facts = batch.facts
    moves = ((event_type(row), row.before, row.after) for row in batch.rows)
    return WholeBatch(facts.options, _acceptors(facts.options, moves, facts.operator), batch.new_holders)


def _acceptors(options: Options, moves: Iterable[tuple[str, Asset | None, Asset]], operator: str) -> list[str]:
    """Return who accepts: whoever it was said, or whoever gets something, and for what comes back the operator."""
    names: dict[str, None] = {}
    for event, before, after in moves:
        if event in {"ISSUE", "TRANSFER"} and after.holder is not None:
            names[after.holder] = None
        elif event == "RETURN" and before is not None and before.holder is not None:
            names[operator] = None
    said = None if options.accepted is None else options.accepted.by
    return [said] if said and names else list(names)
