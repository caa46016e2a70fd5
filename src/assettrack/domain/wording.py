"""Words that sentences share: a count with its noun, and where to look up what there is."""

_LISTED_BY = {
    "asset": "asset list",
    "batch": "audit show",
    "case": "case list",
    "entry": "audit show",
    "holder": "holder list",
    "receipt": "receipt list",
    "type of equipment": "report types",
}


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """Return a count with its noun: ``1 scan``, ``12,000 scans``, ``2 entries``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {plural or f'{noun}s'}"


def look_up(what: str) -> str:
    """Return the sentence that says how to find what a name of this kind should have been."""
    if what not in _LISTED_BY:
        return "Check how it is written."
    return f"Look at what there is with: assettrack {_LISTED_BY[what]}."
