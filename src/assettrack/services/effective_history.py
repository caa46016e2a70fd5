"""The history of an asset with its corrections in place, read from the stored log.

Owns what has to be read for it. What the history leads to is `domain.corrections`. Writes nothing.
"""

from assettrack.domain.audit_log import decode_body
from assettrack.domain.corrections import Course, Step, course_of, effective_history
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.plans import Options
from assettrack.services.ports import Snapshot


def corrected_history(snapshot: Snapshot, asset_tag: str) -> tuple[Course, dict[int, Step]]:
    """Return what the effective history of an asset leads to, and its steps by their entries.

    Raises:
        NotAnEntry: the log is damaged.
    """
    steps = effective_history(map(decode_body, snapshot.bodies_about(asset_tag)), _OptionsOf(snapshot))
    named = sorted({step.holder_id for step in steps.values() if step.holder_id is not None})
    holders = [holder for holder_id in named if (holder := snapshot.holder(holder_id)) is not None]
    return course_of(asset_tag, steps.values(), snapshot.all_cases(), holders), steps


class _OptionsOf:
    """Finds the options of a batch by its number."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def __call__(self, batch_id: int) -> Options:
        batch = self._snapshot.batch(batch_id)
        body = None if batch is None else self._snapshot.histories.body_of(batch.first_seq)
        entry = None if body is None else decode_body(body)
        if not isinstance(entry, BatchEntry):
            raise NotAnEntry(f"the entry of batch {batch_id} is not there")
        return entry.options
