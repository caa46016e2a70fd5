"""What a correction says, in people's words: what should have been, and what was said instead, where that is known.

A correction has the new values only. What the asset was before it and after tells the old ones wherever the row still
decided them; of the others nothing is said rather than something that may be wrong.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from assettrack.domain.change_wording import BLANK, FIELD_WORDS, before_and_after
from assettrack.domain.entries.custody import AcceptanceCorrectionEntry, CorrectionEntry
from assettrack.domain.holders import name_key
from assettrack.domain.inventory import Asset
from assettrack.domain.scans import DETAIL_COLUMNS
from assettrack.domain.tags import OUT_WORD

COLUMN_WORDS = MappingProxyType(
    {
        **FIELD_WORDS,
        "timestamp": "at",
        "operator_id": "done by",
        "issued_to_name": "issued to",
        "notes": "notes",
        "due_on": "due",
    }
)
"""What people call each column that can be corrected; a place says itself what it is."""

PLACE = "place"
_PLACE_COLUMNS = ("case_number", "slot_number")

_ACCEPTED = MappingProxyType({"paper": "on paper", "screen": "on the screen", "typed": "by typing the name"})


def as_logged(utc: str) -> str:
    """Return a time as the log has it, without microseconds that say nothing."""
    return utc.replace(".000000", "")


def correction_words(entry: CorrectionEntry, sign: str, moment: Callable[[str], str] = as_logged) -> str:
    """Return what a correction of a row says: ``corrected entry 44: issued to Ines Okafor, not Milan Dvorak``.

    What else became of the asset by it stands at the end, ``sign`` between before and after. ``moment`` says a time of
    the log.
    """
    before, after = _values(entry.before), _values(entry.after)
    parts, told = [], set()
    for name, value in _said(entry.changed, entry.after.holder, moment).items():
        is_told = before.get(name) != after.get(name) and after.get(name) == value
        told |= {name} if is_told else set()
        old = f", not {before[name] or BLANK}" if is_told else ""
        parts.append(f"{_named(name, value)}{old}")
    differs = {name for name in before if before[name] != after[name]}
    rest = "" if differs <= told else f"; now {before_and_after(entry.before, entry.after, sign)}"
    return f"corrected entry {entry.corrects}: {', '.join(parts)}{rest}"


def said_words(changed: Mapping[str, str], moment: Callable[[str], str] = as_logged) -> str:
    """Return what counts by column instead of what a row says: ``issued to Ines Okafor, due 2026-12-24``."""
    return ", ".join(_named(name, value) for name, value in _said(changed, None, moment).items())


def _named(name: str, value: str) -> str:
    words = f"{COLUMN_WORDS[name]} " if name in COLUMN_WORDS else "" if value else "place "
    return f"{words}{value or BLANK}"


def acceptance_words(entry: AcceptanceCorrectionEntry, moment: Callable[[str], str] = as_logged) -> str:
    """Return what a correction of an acceptance says: ``corrected entry 14: accepted by Ann Poe on paper``."""
    said = entry.changed
    parts = [f"by {said['by']}"] if "by" in said else []
    parts += [_ACCEPTED[said["how"]]] if "how" in said else []
    parts += [f"at {moment(said['at'])}"] if "at" in said else []
    return f"corrected entry {entry.corrects}: accepted {' '.join(parts)}"


def _values(asset: Asset) -> dict[str, str]:
    """Return what of an asset a correction may state, by the names of `_said`; blank for nothing."""
    details = {column: getattr(asset, column) or "" for column in DETAIL_COLUMNS}
    where = _place("" if asset.place is None else asset.place.case_name, asset.slot_position or OUT_WORD)
    return {"issued_to_name": asset.holder or "", PLACE: where, "due_on": asset.due_on or "", **details}


def _said(changed: Mapping[str, str], holder: str | None, moment: Callable[[str], str]) -> dict[str, str]:
    """Return what a correction states, case and slot as one place, and the holder as registered where that is known."""
    said = {name: value for name, value in changed.items() if name not in _PLACE_COLUMNS}
    if "case_number" in changed:
        case = changed["case_number"]
        said[PLACE] = _place("" if case == OUT_WORD else case, changed["slot_number"]) if case else ""
    if "timestamp" in said:
        said["timestamp"] = moment(said["timestamp"])
    if holder is not None and name_key(said.get("issued_to_name", "")) == name_key(holder):
        said["issued_to_name"] = holder
    return said


def _place(case: str, slot: object) -> str:
    return f"in {case} slot {slot}" if case else "in no slot"
