"""Words that sentences share: a count with its noun, batches by number, and where to look up what there is."""

from collections.abc import Sequence

_LISTED_BY = {
    "account": "account list",
    "asset": "asset list",
    "batch": "audit show",
    "case": "case list",
    "entry": "audit show",
    "holder": "holder list",
    "mapping": "mapping list",
    "receipt": "receipt list",
    "type of equipment": "report types",
}


def visible(text: str) -> str:
    """Return a text with each letter that can't be printed as its Unicode number: ``⟨U+202E⟩``."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else f"⟨U+{ord(letter):04X}⟩" for letter in text)


def quoted(text: str, letters_max: int | None = None) -> str:
    """Return a text in quotes that it has none of, readable as it is; of a longer one so many letters."""
    shown = visible(text if letters_max is None or len(text) <= letters_max else f"{text[:letters_max]}…")
    for quote in "'\"":
        if quote not in shown:
            return f"{quote}{shown}{quote}"
    return f"“{shown}”"


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """Return a count with its noun: ``1 scan``, ``12,000 scans``, ``2 entries``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {plural or f'{noun}s'}"


def batches_named(batch_ids: Sequence[int]) -> str:
    """Return batches by their numbers: ``batch 4``, ``batches 3, 4``."""
    return f"batch{'' if len(batch_ids) == 1 else 'es'} {', '.join(map(str, batch_ids))}"


def assets_in_lines(assets: int, lines: int) -> str:
    """Return how many assets stand in how many lines: ``2 assets``, or where lines are more, ``1 asset in 2 lines``."""
    return counted(assets, "asset") if assets == lines else f"{counted(assets, 'asset')} in {counted(lines, 'line')}"


def counted_entries(count: int) -> str:
    """Return a count of entries of the log with its noun: ``1 entry``, ``12,000 entries``."""
    return counted(count, "entry", "entries")


def look_up(what: str) -> str:
    """Return the sentence that says how to find what a name of this kind should have been."""
    if what not in _LISTED_BY:
        return "Check how it is written."
    return f"Look at what there is with: assettrack {_LISTED_BY[what]}."
