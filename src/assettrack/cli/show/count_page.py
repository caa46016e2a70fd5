"""The page of a count: how many ended in which result, and each exception with what was recorded and what was seen."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from itertools import groupby

from assettrack.cli.show.columns import in_columns
from assettrack.cli.show.screen import Page, heading
from assettrack.cli.show.words import counted
from assettrack.domain.counts import RESULTS, result_words
from assettrack.domain.timestamps import local_text
from assettrack.services.case_checks import CaseCheck
from assettrack.services.counts import Done, Line, Sheet

LINES_SHOWN = 40
"""Lines of each result on the page, unless all are asked for."""


def sheet_page(sheet: Sheet, zone: tzinfo, *, everything: bool) -> Page:
    """Yield the page of a count."""
    yield heading(f"Count {sheet.count_id}: {sheet.scope.words}")
    yield f"Begun {_when(sheet.started, zone)}."
    if sheet.abandoned is not None:
        yield f"Abandoned {_when(sheet.abandoned, zone)}: {sheet.abandoned.reason}."
    elif sheet.closed is None:
        yield "Open: what follows is how it stands now."
    else:
        yield f"Signed off {_when(sheet.closed, zone)}{f' ({sheet.remark})' if sheet.remark else ''}."
    yield ""
    yield from _results(sheet.expected, sheet.scans, sheet.totals)
    yield from _sections(sheet.lines, everything=everything)


def check_page(check: CaseCheck, zone: tzinfo) -> Page:
    """Yield the page of a case check that is not signed off yet; of a scanner's rows it says when they were made."""
    yield heading(f"Check of case {check.case_name} before it is signed off")
    yield "Nothing is saved yet."
    if check.seen_from is not None and check.seen_until is not None:
        yield f"Scanned {local_text(check.seen_from, zone)} to {local_text(check.seen_until, zone)} ({zone})."
    yield ""
    yield from _results(check.expected, check.scans, check.totals)
    yield from _sections(check.lines, everything=True)
    if check.still_out:
        yield heading(f"{counted(len(check.still_out), 'asset')} issued from this case and still out")
        rows = [(each.asset_tag, f"slot {each.slot_position}", each.holder) for each in check.still_out]
        yield from in_columns(("asset", "home", "holder"), rows)
        yield ""


def _results(expected: int, scans: int, totals: Mapping[str, int] | None) -> Page:
    ended = "no result" if totals is None else result_words(totals)
    yield f"{counted(expected, 'asset')} expected, {counted(scans, 'scan')}: {ended}."
    yield ""


def _sections(lines: Sequence[Line], *, everything: bool) -> Page:
    for result, of_result in groupby(lines, key=lambda line: line.result):
        found = list(of_result)
        shown = found if everything else found[:LINES_SHOWN]
        yield heading(f"{len(found):,} {RESULTS[result]}")
        yield from in_columns(("asset", "recorded", "seen", "now"), map(_cells, shown))
        if len(found) > len(shown):
            yield f"and {len(found) - len(shown):,} more; --all shows them"
        yield ""


def _cells(line: Line) -> tuple[str, str, str, str]:
    return line.asset_tag, line.recorded, line.seen, line.now or "not known"


def _when(done: Done, zone: tzinfo) -> str:
    return f"{local_text(done.recorded_at, zone)} ({zone}) by {done.operator}"
