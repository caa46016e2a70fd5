"""The history of an asset with its corrections in place, read from the stored log.

Owns what has to be read for it. What the history leads to is `domain.corrections`. Writes nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from assettrack.domain.audit_log import AnyEntry, decode_body
from assettrack.domain.corrected_rows import Superseded, superseded_of
from assettrack.domain.correction_histories import options_of
from assettrack.domain.corrections import Course, Step, course_of, decided, effective_history
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import Asset
from assettrack.domain.plans import Options
from assettrack.domain.receipt_tellings import Tellings
from assettrack.services.corrections import refusals_raised
from assettrack.services.ports import Snapshot, Workplace


def corrected_history(snapshot: Snapshot, asset_tag: str) -> tuple[Course, dict[int, Step]]:
    """Return what the effective history of an asset leads to, and its steps by their entries.

    Raises:
        NotAnEntry: the log is damaged.
    """
    steps = effective_history(map(decode_body, snapshot.bodies_about(asset_tag)), _options(snapshot))
    return course_of(asset_tag, steps.values(), snapshot.all_cases(), _holders(snapshot, steps.values())), steps


def superseded_about(workplace: Workplace, asset_tag: str) -> dict[int, Superseded]:
    """Return what of each corrected entry about an asset counts no longer.

    Raises:
        station_errors.DatabaseDamaged: the log can't be read.
    """
    with workplace.store.read() as snapshot, refusals_raised():
        return superseded_of([*map(decode_body, snapshot.bodies_about(asset_tag))], _options(snapshot))


def tellings_of(snapshot: Snapshot, asset_tag: str, proposed: Sequence[AnyEntry] = ()) -> Tellings:
    """Return what was stated of the rows about an asset, first and after each correction.

    ``proposed`` are entries about it that are not in the log, as though they came after all others.

    Raises:
        NotAnEntry: the log is damaged.
    """
    cases, options = snapshot.all_cases(), _options(snapshot)

    def decide(entries: Sequence[AnyEntry]) -> tuple[dict[int, Step], dict[int, Asset]]:
        steps = effective_history(entries, options)
        in_order = [steps[seq] for seq in sorted(steps)]
        found = decided(in_order, cases, _holders(snapshot, in_order))
        states = ((step.seq, inventory.assets.get(asset_tag)) for step, inventory, _ in found)
        return steps, {seq: asset for seq, asset in states if asset is not None}

    return Tellings([*map(decode_body, snapshot.bodies_about(asset_tag)), *proposed], decide)


def _options(snapshot: Snapshot) -> Callable[[int], Options]:
    """Return what tells the options of a batch; each is read once."""
    return cache(lambda number: options_of(number, snapshot.batch(number), snapshot.histories))


def _holders(snapshot: Snapshot, steps: Iterable[Step]) -> list[Holder]:
    """Return the holders whom a history names, as they are called now."""
    named = sorted({step.holder_id for step in steps if step.holder_id is not None})
    return [holder for holder_id in named if (holder := snapshot.holder(holder_id)) is not None]
