"""Names that are neither of a case nor of an asset, and look like those of cases: a label that came before its case.

Owns what looks so. Reads the present state, and changes nothing.
"""

import re
from collections.abc import Iterable
from itertools import chain

from assettrack.domain.queued_scans import Held
from assettrack.domain.tags import USUAL_CASE_FORM, NotATag, form_of, parse_asset_tag
from assettrack.services.ports import Snapshot


def case_or_asset(snapshot: Snapshot, tag: str, scanned: Iterable[str], *, is_typed: bool) -> Held | None:
    """Return why a name that nothing here has is held: it looks like a case's. None where it does not.

    It has the form ``CASE-<number>``. Or nobody said yet what new assets are (``is_typed``), and it has the form of a
    case of this station: the same but for its numbers, with letters beside them, and not the form of an asset, known or
    ``scanned``.
    """
    if form_of(tag) == USUAL_CASE_FORM or (not is_typed and is_of_cases_alone(snapshot, tag, scanned)):
        return Held("case_or_asset", {"case": tag})  # every tag could be the name of a case
    return None


def is_of_cases_alone(snapshot: Snapshot, name: str, scanned: Iterable[str] = ()) -> bool:
    """Tell whether a name has the form of a case of this station, and not that of an asset, known or ``scanned``."""
    form = form_of(name)
    if not any(map(str.isalpha, form)):
        return False
    has_form = re.compile("[0-9]+".join(map(re.escape, form.split("#")))).fullmatch
    if not any(map(has_form, snapshot.all_cases())):
        return False
    known = (tag for tag, _, _ in snapshot.all_assets())
    return not any(map(has_form, chain(scanned, known)))


def looking_like_cases(snapshot: Snapshot, names: Iterable[str]) -> tuple[set[str], set[str]]:
    """Return those of many names that `case_or_asset` holds where nobody said yet what new assets are.

    And all of no case that have the form of one, be they of an asset, or have its form too.
    """
    forms = {name: form_of(name) for name in names}
    known = snapshot.all_cases() if forms else {}
    of_cases = {USUAL_CASE_FORM, *(form for form in map(form_of, known) if any(map(str.isalpha, form)))}
    formed = {name for name, form in forms.items() if form in of_cases and name not in known}
    found = {name for name in formed if not _is_asset_or_none(snapshot, name)}
    if {forms[name] for name in found} <= {USUAL_CASE_FORM}:
        return found, formed
    of_assets = {form_of(tag) for tag, _, _ in snapshot.all_assets()} - {USUAL_CASE_FORM}
    return {name for name in found if forms[name] not in of_assets}, formed


def _is_asset_or_none(snapshot: Snapshot, name: str) -> bool:
    """Tell whether a name is of an asset, or can be of none."""
    try:
        return snapshot.asset(parse_asset_tag(name)) is not None
    except NotATag:
        return True
