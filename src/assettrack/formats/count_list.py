"""A list of what was scanned: a text file with one tag a line, or ``TAG,CASE`` or ``TAG,CASE,SLOT``.

Comma, semicolon or tab; blank lines and lines that begin with ``#`` are left out. Owns how such a file is read, and
how it is told from a batch. Must never skip a line it can't read, nor take a heading for what was seen.
"""

from hashlib import sha256
from typing import NamedTuple

from assettrack.domain import errors
from assettrack.domain.findings import Finding
from assettrack.domain.scans import FILE_BYTES_MAX, ROWS_MAX
from assettrack.domain.tags import NotATag, parse_asset_tag, parse_case_name, parse_slot_position
from assettrack.domain.wording import counted, quoted
from assettrack.formats.encodings import Text, read_text

_SEPARATORS = (",", ";", "\t")
_CELLS_MAX = 3
_HEADINGS = frozenset({"tag", "tags", "asset", "assets", "asset tag", "case", "slot"})


class ListedTag(NamedTuple):
    """A line of a list: the tag, and the place as far as the line says it."""

    asset_tag: str
    case_name: str | None
    slot_position: int | None


class TagList(NamedTuple):
    """A list as read: its tags in order, and the SHA-256 of the file's bytes, in hex."""

    tags: list[ListedTag]
    sha256: str


def is_batch(data: bytes) -> bool:
    """Tell whether a file begins with the header line of a batch; a tag can't be written as `asset_tag` is."""
    text = read_text(data)
    if not isinstance(text, Text):
        return False
    first = next((line for line in text.lines() if line.strip() and not line.lstrip().startswith("#")), "")
    return "asset_tag" in first.lower()


def parse(data: bytes, name: str) -> TagList:
    """Return the tags of a list; ``name`` is the file's, for the sentence of an error.

    Raises:
        errors.ListFileWrong: it is no text, a line is not ``TAG,CASE,SLOT``, there is none, or there are too many.
    """
    if len(data) > FILE_BYTES_MAX:
        raise errors.ListFileWrong(name, None, f"it has more than {FILE_BYTES_MAX:,} bytes")
    text = read_text(data)
    if isinstance(text, Finding):
        raise errors.ListFileWrong(name, None, text.message.rstrip("."))
    found: list[ListedTag] = []
    wrong: list[tuple[int, str]] = []
    for number, raw in enumerate(text.lines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        try:
            found.append(_listed(line, is_first=not found and not wrong))
        except NotATag as error:
            wrong.append((number, error.reason))
        if len(found) + len(wrong) > ROWS_MAX:
            raise errors.ListFileWrong(name, number, f"a list has at most {ROWS_MAX:,} tags")
    if wrong:
        number, reason = wrong[0]
        more = f"; {counted(len(wrong) - 1, 'more line')} can't be read" if len(wrong) > 1 else ""
        raise errors.ListFileWrong(name, number, f"{reason}{more}")
    if not found:
        raise errors.ListFileWrong(name, None, "it names no tag")
    return TagList(found, sha256(data).hexdigest())


def _listed(line: str, *, is_first: bool) -> ListedTag:
    """Return what a line says; the first one may be a heading.

    Raises:
        NotATag: it is a heading, or no ``TAG,CASE,SLOT``.
    """
    separator = next((each for each in _SEPARATORS if each in line), ",")
    cells = [cell.strip() for cell in line.split(separator)]
    if is_first and _HEADINGS.issuperset(cell.lower() for cell in cells):
        raise NotATag(f"{quoted(line, 60)} reads like a heading; leave the line out, or begin it with #")
    if len(cells) > _CELLS_MAX:
        raise NotATag("a line is written TAG, TAG,CASE or TAG,CASE,SLOT")
    tag, case, slot = (*cells, "", "")[:_CELLS_MAX]
    try:
        return ListedTag(
            parse_asset_tag(tag), parse_case_name(case) if case else None, parse_slot_position(slot) if slot else None
        )
    except NotATag as error:
        raise NotATag(f"{quoted(line, 60)} is not TAG,CASE,SLOT: {error.reason}") from error
