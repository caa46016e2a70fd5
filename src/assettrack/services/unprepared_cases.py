"""Scans of an intake queue that may be the label of a case which nobody has prepared yet: held until it is.

Owns which are held, and what takes them back. What looks like the name of a case is `case_forms`.
"""

from collections.abc import Iterable, Sequence

from assettrack.domain.queued_scans import ContextSet, Held, Meant, QueuedScan, Undone
from assettrack.services.case_forms import case_or_asset
from assettrack.services.intake_rounds import RoundReader

_NOT_PREPARED = {"case_or_asset", "case_not_known"}
"""Why such a scan is held, and the card of such a case."""


class IntakeReader(RoundReader):
    """Understands the scans of an intake queue: one that may be the label of an unprepared case makes no asset."""

    def taken_back(self, meants: Sequence[Meant], scans: Iterable[QueuedScan]) -> list[int]:
        """Return which ``scans`` are gone with what a scan after them was understood as.

        A card takes one back. So does a label of a case the scans of it that were held, because it was not prepared.
        """
        by_card = [meant.number for meant in meants if isinstance(meant, Undone) and meant.number is not None]
        cases = set(map(_case_named, meants))
        held = [scan for scan in scans if not scan.removed and scan.number >= self._fixed_below]
        return by_card + [scan.number for scan in held if _case_held(scan.meant) in cases]

    def new_asset_doubt(self, tag: str) -> Held | None:
        """Hold a name that looks like a case's, whatever is done now: the scans after the next event go somewhere too.

        Who said by hand that it is an asset is not asked again; only a SCAN makes one of the type that was said.
        """
        context, scanned = self._context, self._tags_of_rows()
        if tag in scanned:
            return None
        is_typed = context.event_type == "SCAN" and bool(context.equipment_type or context.type_of_all)
        return case_or_asset(self._snapshot, tag, scanned, is_typed=is_typed)


def held_labels_settled(scans: Sequence[QueuedScan]) -> set[int]:
    """Return the scans that were held, because a case was not prepared, and are gone because its label came again."""
    cases: set[str] = set()
    settled: set[int] = set()
    for scan in reversed(scans):
        if not scan.removed:
            cases.add(_case_named(scan.meant))
        elif _case_held(scan.meant) in cases:
            settled.add(scan.number)
    return settled


def _case_named(meant: Meant) -> str:
    """Return the prepared case of which a scan is the label, also where nothing of it is meant; blank where of none."""
    if isinstance(meant, Held):
        return meant.facts["case"] if meant.reason == "case_has_nothing" else ""
    return meant.context.case_name if isinstance(meant, ContextSet) else ""


def _case_held(meant: Meant) -> str | None:
    """Return the case of which a held scan is, or may be, the label; None where it is held for anything else."""
    return meant.facts["case"] if isinstance(meant, Held) and meant.reason in _NOT_PREPARED else None
