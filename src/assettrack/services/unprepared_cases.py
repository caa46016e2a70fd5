"""Names that are neither of a case nor of an asset, and look like those of cases: a label that came before its case.

Owns what looks so. Reads the present state, and changes nothing.
"""

import re
from collections.abc import Iterable

from assettrack.domain.queued_scans import Held
from assettrack.services.ports import Snapshot
from assettrack.services.scan_reading import ScanReader

_DIGITS = re.compile("[0-9]+")

_USUAL = "CASE-#"
"""The form of the name that a first case is usually given."""


class IntakeReader(ScanReader):
    """Understands the scans of an intake queue: one that may be the label of an unprepared case makes no asset."""

    def new_asset_doubt(self, tag: str) -> Held | None:
        """Hold a SCAN of a name that looks like a case's; who said by hand that it is an asset is not asked again.

        It has the form ``CASE-<number>``. Or nobody said yet what new assets are, and it has the form of a case of this
        station: the same but for its numbers, with letters beside them, and not the form of an asset, known or scanned.
        """
        context, scanned = self._context, self._tags_of_rows()
        if context.event_type != "SCAN" or tag in scanned:
            return None
        is_typed = bool(context.equipment_type or context.type_of_all)
        if _form(tag) == _USUAL or (not is_typed and _is_of_cases_alone(self._snapshot, _form(tag), scanned)):
            return Held("case_or_asset", {"case": tag})  # every tag could be the name of a case
        return None


def _is_of_cases_alone(snapshot: Snapshot, form: str, scanned: Iterable[str]) -> bool:
    if not any(map(str.isalpha, form)) or all(_form(case) != form for case in snapshot.all_cases()):
        return False
    known = (tag for tag, _, _ in snapshot.all_assets())
    return all(_form(tag) != form for tags in (scanned, known) for tag in tags)


def _form(name: str) -> str:
    """Return a name with each number in it as ``#``."""
    return _DIGITS.sub("#", name)
