"""Names that are neither of a case nor of an asset, and look like those of cases: a label that came before its case.

Owns what looks so. Reads the present state, and changes nothing.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import chain

from assettrack.domain.queued_scans import Context, ContextSet, Held, Meant, QueuedScan, Undone
from assettrack.domain.scan_context import parsed
from assettrack.domain.tags import parse_case_name
from assettrack.services.intake_rounds import RoundReader
from assettrack.services.ports import Snapshot

_DIGITS = re.compile("[0-9]+")

_NOT_PREPARED = {"case_or_asset", "case_not_known"}
"""Why such a scan is held, and the card of such a case."""

_USUAL = "CASE-#"
"""The form of the name that a first case is usually given."""


class IntakeReader(RoundReader):
    """Understands the scans of an intake queue: one that may be the label of an unprepared case makes no asset."""

    def taken_back(self, meants: Sequence[Meant], scans: Iterable[QueuedScan]) -> list[int]:
        """Return which ``scans`` are gone with what a scan after them was understood as.

        A card takes one back. So does a label of a case the scans of it that were held, because it was not prepared.
        """
        by_card = [meant.number for meant in meants if isinstance(meant, Undone) and meant.number is not None]
        cases = {meant.context.case_name for meant in meants if isinstance(meant, ContextSet)}
        held = [scan for scan in scans if not scan.removed and scan.number >= self._fixed_below]
        return by_card + [scan.number for scan in held if _case_held(scan.meant) in cases]

    def _name(self, text: str) -> tuple[list[Meant], Context]:
        """Understand a name; of a form that cases have here, it is held as a case's also where no asset can have it."""
        meants, after = super()._name(text)
        is_unreadable = isinstance(meants[0], Held) and meants[0].reason == "scan_unreadable"
        case = parsed(parse_case_name, text) if is_unreadable else ""
        if case and _is_of_cases_alone(self._snapshot, _form(case), ()):
            meants = [Held("case_or_asset", {"case": case})]
        return meants, after

    def new_asset_doubt(self, tag: str) -> Held | None:
        """Hold a SCAN of a name that looks like a case's; who said by hand that it is an asset is not asked again."""
        context, scanned = self._context, self._tags_of_rows()
        if context.event_type != "SCAN" or tag in scanned:
            return None
        is_typed = bool(context.equipment_type or context.type_of_all)
        return case_or_asset(self._snapshot, tag, scanned, is_typed=is_typed)


def case_or_asset(snapshot: Snapshot, tag: str, scanned: Iterable[str], *, is_typed: bool) -> Held | None:
    """Return why a name that nothing here has is held: it looks like a case's. None where it does not.

    It has the form ``CASE-<number>``. Or nobody said yet what new assets are (``is_typed``), and it has the form of a
    case of this station: the same but for its numbers, with letters beside them, and not the form of an asset, known or
    ``scanned``.
    """
    if _form(tag) == _USUAL or (not is_typed and _is_of_cases_alone(snapshot, _form(tag), scanned)):
        return Held("case_or_asset", {"case": tag})  # every tag could be the name of a case
    return None


def held_labels_settled(scans: Sequence[QueuedScan]) -> set[int]:
    """Return the scans that were held, because a case was not prepared, and are gone because its label came again."""
    cases: set[str] = set()
    settled: set[int] = set()
    for scan in reversed(scans):
        if isinstance(scan.meant, ContextSet) and not scan.removed:
            cases.add(scan.meant.context.case_name)
        elif scan.removed and _case_held(scan.meant) in cases:
            settled.add(scan.number)
    return settled


def _case_held(meant: Meant) -> str | None:
    """Return the case of which a held scan is, or may be, the label; None where it is held for anything else."""
    return meant.facts["case"] if isinstance(meant, Held) and meant.reason in _NOT_PREPARED else None


def _is_of_cases_alone(snapshot: Snapshot, form: str, scanned: Iterable[str]) -> bool:
    if not any(map(str.isalpha, form)):
        return False
    has_form = re.compile("[0-9]+".join(map(re.escape, form.split("#")))).fullmatch
    if not any(map(has_form, snapshot.all_cases())):
        return False
    known = (tag for tag, _, _ in snapshot.all_assets())
    return not any(map(has_form, chain(scanned, known)))


def _form(name: str) -> str:
    """Return a name with each number in it as ``#``."""
    return _DIGITS.sub("#", name)
