"""What is of a whole batch, on every page that shows one before it is committed or after.

Owns which facts these are: whoever commits must have seen all that will be kept. The words for a row are those of its
change.
"""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from assettrack.domain.plans import Options, Plan
from assettrack.services import batch_acceptors
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


def of_plan(plan: Plan, operator: str, unsaid: Collection[str] = ()) -> WholeBatch:
    """Return what a plan is as a whole, for the operator who would commit it.

    Who is ``unsaid`` did not accept it yet; where nobody did, it is not accepted in any way so far.
    """
    acceptors = [name for name in batch_acceptors.of_plan(plan, operator) if name not in unsaid]
    is_open = bool(unsaid) and not acceptors
    options = msgspec.structs.replace(plan.options, accepted=None) if is_open else plan.options
    return WholeBatch(options, acceptors, plan.new_holders)


def of_batch(batch: CommittedBatch) -> WholeBatch:
    """Return what a committed batch is as a whole."""
    return WholeBatch(batch.facts.options, batch.acceptors, batch.new_holders)
