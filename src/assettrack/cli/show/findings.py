"""Problems, refusals and notices on the screen: those of one code together, each sentence once with all its rows."""

import textwrap
from collections.abc import Iterator, Sequence

from assettrack.cli.output import inert
from assettrack.cli.show.screen import Page, heading, width
from assettrack.cli.show.words import counted, row_numbers
from assettrack.domain.findings import Finding

Section = tuple[str, Sequence[Finding]]
"""What the findings are, in one word, and the findings."""

_INDENT = "  "


WHOLE_FILE = "whole file"
"""What findings are about that are about no row of a batch."""


def sections(found: Sequence[Section], limit: int | None = None, *, whole: str = WHOLE_FILE) -> Page:
    """Yield each kind of findings under its count, those without any left out.

    ``limit`` is the most sentences shown of each kind; the rest is counted. ``whole`` is what findings without a row
    are about, blank where each says that itself.
    """
    for noun, findings in found:
        if findings:
            yield heading(counted(len(findings), noun))
            yield from _listed(findings, limit, whole)
            yield ""


def _listed(findings: Sequence[Finding], limit: int | None, whole: str) -> Iterator[str]:
    groups = grouped(findings, whole)
    columns = max(width(), 40)
    for where, message in groups[:limit]:
        yield from _wrapped(where, columns, _INDENT)
        yield from _wrapped(message, columns, _INDENT * 2)
    if limit is not None and len(groups) > limit:
        yield f"{_INDENT}and {len(groups) - limit:,} more; --all shows them"


def grouped(findings: Sequence[Finding], whole: str = WHOLE_FILE) -> list[tuple[str, str]]:
    """Return each sentence with where it is true: codes in the order in which they first occur, rows drawn together."""
    by_code: dict[str, dict[tuple[str | None, str], list[int | None]]] = {}
    for found in findings:
        sentences = by_code.setdefault(found.code, {})
        sentences.setdefault((found.field, found.message), []).append(found.row_number)
    return [
        (_where(field, rows, whole), message)
        for sentences in by_code.values()
        for (field, message), rows in sentences.items()
    ]


def _where(field: str | None, rows: Sequence[int | None], whole: str) -> str:
    numbers = [row for row in rows if row is not None]
    place = row_numbers(numbers) if numbers else whole
    return f"{place}, {field}" if place and field else place


def _wrapped(text: str, columns: int, indent: str) -> list[str]:
    return textwrap.wrap(
        inert(text),
        columns,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )
