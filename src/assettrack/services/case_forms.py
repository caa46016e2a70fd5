"""Names that are neither of a case nor of an asset, and look like those of cases: a label that came before its case.

Owns what looks so. Reads the present state, and changes nothing.
"""

import re
from collections.abc import Iterable
from itertools import chain

from assettrack.domain.queued_scans import Held
from assettrack.domain.tags import NotATag, parse_asset_tag
from assettrack.services.ports import Snapshot

_DIGITS = re.compile("[0-9]+")

_USUAL = "CASE-#"
"""The form of the name that a first case is usually given."""


def case_or_asset(snapshot: Snapshot, tag: str, scanned: Iterable[str], *, is_typed: bool) -> Held | None:
    """Return why a name that nothing here has is held: it looks like a case's. None where it does not.

    It has the form ``CASE-<number>``. Or nobody said yet what new assets are (``is_typed``), and it has the form of a
    case of this station: the same but for its numbers, with letters beside them, and not the form of an asset, known or
    ``scanned``.
    """
    if _form(tag) == _USUAL or (not is_typed and is_of_cases_alone(snapshot, tag, scanned)):
        return Held("case_or_asset", {"case": tag})  # every tag could be the name of a case
    return None


def is_of_cases_alone(snapshot: Snapshot, name: str, scanned: Iterable[str] = ()) -> bool:
    """Tell whether a name has the form of a case of this station, and not that of an asset, known or ``scanned``."""
    form = _form(name)
    if not any(map(str.isalpha, form)):
        return False
    has_form = re.compile("[0-9]+".join(map(re.escape, form.split("#")))).fullmatch
    if not any(map(has_form, snapshot.all_cases())):
        return False
    known = (tag for tag, _, _ in snapshot.all_assets())
    return not any(map(has_form, chain(scanned, known)))


def looking_like_cases(snapshot: Snapshot, names: Iterable[str]) -> tuple[set[str], set[str]]:
    """Return those of many names that `case_or_asset` holds where nobody said yet what new assets are.

    And those that look so and are of assets.
    """
    forms = {name: _form(name) for name in names}
    known = snapshot.all_cases() if forms else {}
    of_cases = {_USUAL, *(form for form in map(_form, known) if any(map(str.isalpha, form)))}
    found = {name for name, form in forms.items() if form in of_cases and name not in known}
    assets = {name for name in found if _is_asset_or_none(snapshot, name)}
    found -= assets
    if {forms[name] for name in found} <= {_USUAL}:
        return found, assets
    of_assets = {_form(tag) for tag, _, _ in snapshot.all_assets()} - {_USUAL}
    return {name for name in found if forms[name] not in of_assets}, assets


def _is_asset_or_none(snapshot: Snapshot, name: str) -> bool:
    """Tell whether a name is of an asset, or can be of none."""
    try:
        return snapshot.asset(parse_asset_tag(name)) is not None
    except NotATag:
        return True


def _form(name: str) -> str:
    """Return a name with each number in it as ``#``."""
    return _DIGITS.sub("#", name)
