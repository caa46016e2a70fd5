"""The history of an asset with its corrections in place, read from the stored log.

Owns what has to be read for it. What the history leads to is `domain.corrections`. Writes nothing.
"""

from assettrack.domain.audit_log import decode_body
from assettrack.domain.correction_deeds import options_of
from assettrack.domain.corrections import Course, Step, course_of, effective_history
from assettrack.services.ports import Snapshot


def corrected_history(snapshot: Snapshot, asset_tag: str) -> tuple[Course, dict[int, Step]]:
    """Return what the effective history of an asset leads to, and its steps by their entries.

    Raises:
        NotAnEntry: the log is damaged.
    """
    bodies = map(decode_body, snapshot.bodies_about(asset_tag))
    steps = effective_history(bodies, lambda number: options_of(number, snapshot.batch(number), snapshot.histories))
    named = sorted({step.holder_id for step in steps.values() if step.holder_id is not None})
    holders = [holder for holder_id in named if (holder := snapshot.holder(holder_id)) is not None]
    return course_of(asset_tag, steps.values(), snapshot.all_cases(), holders), steps
