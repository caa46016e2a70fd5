"""A due date that is kept with scans or a list until they are committed: by then it may be one that can't be meant.

An earlier version kept any, and the clock may have been set back. Owns that this is said of what is shown and stops the
commit alone. Where one is said anew, `intake` refuses it.
"""

import msgspec

from assettrack.domain.due_dates import why_not_meant
from assettrack.domain.findings import Finding, finding
from assettrack.domain.plans import Options, Plan
from assettrack.services.intake import preview
from assettrack.services.no_shelf import NoShelf
from assettrack.services.ports import BatchSource, Workplace


def unmeant(workplace: Workplace, due_on: str | None) -> list[Finding]:
    """Return what is said of a due date that can't be meant today; one that could when it was kept is looked at too."""
    if due_on is None:
        return []
    with workplace.store.read() as snapshot:
        zone = workplace.zone(snapshot.station().timezone)
    reason = why_not_meant(due_on, workplace.now().astimezone(zone).date())
    return [] if reason is None else [finding("due_on_out_of_range", None, None, value=due_on, reason=reason)]


def preview_kept(workplace: Workplace, source: BatchSource, options: Options) -> Plan:
    """Return what rows would do whose options were kept: a due date that can't be meant is a problem of the batch.

    What each row does is told all the same. Nothing is saved.
    """
    lacking = unmeant(workplace, options.due_on)
    if not lacking:
        return preview(workplace, source, options)
    at = msgspec.structs.replace(workplace, plans=NoShelf())
    plan = preview(at, source, msgspec.structs.replace(options, due_on=None))
    return msgspec.structs.replace(plan, options=options, problems=[*lacking, *plan.problems])
