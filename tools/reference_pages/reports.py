"""The page of reports: the columns of each, found by asking it at a station without anything.

What a report's figures are stands with the other answers in JSON; see `answers`.
"""

import tempfile
from pathlib import Path

from reference_pages import answers, markdown
from reference_pages.report_meanings import COLUMNS, SPECIAL_COLUMNS

REPORTS = (
    "custody", "custody --details", "overdue", "holders", "organisations", "cases", "types", "unslotted", "problems",
    "intervals", "intervals --details", "accountability", "activity",
)  # fmt: skip

INTRODUCTION = """`assettrack report NAME` shows a report on the screen; `--format` and `--output` write it as CSV,
XLSX, JSON or PDF. Whatever the format, the rows are the same. Each report says in its subtitle when it was made, in the
station's zone, and the size and root of the log it was made from: that ties it to a checkpoint, which may lie
elsewhere. With `--json` its figures come with it, [as all answers do](json.md)."""

FORMATS = """* Times are in the station's zone, which the heading names: with their offset in CSV, as dates in XLSX. On
  a page and in a PDF the offset stands where a clock shows an hour twice. In JSON a time stands in UTC, and in the
  station's zone under its key with `_local` behind.
* Where a column has codes, they stand in CSV and JSON; people read words in their place: on the screen, on a page, in
  XLSX and in a PDF.
* A cell that a spreadsheet would run gets an apostrophe before it, in CSV and XLSX.
* The same table gives the same bytes; only the time at which it was made is another."""


def page() -> str:
    """Return the page."""
    parts = [INTRODUCTION, FORMATS]
    with tempfile.TemporaryDirectory(prefix="assettrack-reference-") as name, answers.station_in(Path(name)):
        answers.ask(["init", "--timezone", "UTC"])
        for report in REPORTS:
            answer = answers.ask(["report", *report.split()])
            columns = answer["columns"]
            assert isinstance(columns, list)
            rows = [(markdown.code(each["key"]), each["kind"], _meaning(report, each["key"])) for each in columns]
            parts += [f"## {report}", markdown.table(("column", "kind", "meaning"), rows)]
    return markdown.page("Reports", *parts)


def _meaning(report: str, key: str) -> str:
    known = SPECIAL_COLUMNS.get(f"{report}: {key}") or COLUMNS.get(key)
    assert known, f"the report {report} has a column without a meaning: {key}"
    return known
