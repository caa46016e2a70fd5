"""Charts: which rows of a report are drawn as bars, and how long each bar is. Drawing is the templates'.

A chart says nothing that its report's table does not: it is an aid to the eye. It is of the whole report, also where
the table on the page has only some of its lines.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

import msgspec

from assettrack.services.reports import Report, Row

BARS_MAX = 12
"""So many bars are drawn; the rest is one bar more."""

TENTHS = 10


class Bar(msgspec.Struct, frozen=True):
    """A bar: its label (blank for all the others together), how much it is, and how much of that is marked."""

    label: str
    value: int
    marked: int = 0


class Chart(msgspec.Struct, frozen=True):
    """A chart: what it is of, as the key of its words, and its bars; ``others`` are how many the last bar stands for.

    ``full`` is how much the longest bar is.
    """

    of: str
    bars: Sequence[Bar]
    others: int = 0

    @property
    def full(self) -> int:
        """How much the longest bar is, at least 1."""
        return max([1, *(bar.value for bar in self.bars)])


def charts_of(name: str, report: Report) -> list[Chart]:
    """Return the charts of a report, none where it has nothing to draw."""
    draw = _CHARTS.get(name)
    return [] if draw is None else [chart for chart in draw(report) if chart.bars]


def _largest(of: str, bars: Iterable[Bar]) -> Chart:
    """Return a chart of the largest bars; all others together are one more."""
    ordered = sorted((bar for bar in bars if bar.value), key=lambda bar: (-bar.value, bar.label))
    shown, others = ordered[:BARS_MAX], ordered[BARS_MAX:]
    if len(others) == 1:
        shown, others = ordered, []
    rest = [Bar("", sum(bar.value for bar in others), sum(bar.marked for bar in others))] if others else []
    return Chart(of, [*shown, *rest], len(others))


def _custody(report: Report) -> list[Chart]:
    """Return custody by holder and by organisation."""
    of_organisation: Counter[str] = Counter()
    for row in report.charted:
        of_organisation[str(row[1])] += _figure(row, 2)
    charts = [_largest("by_holder", (Bar(str(row[0]), _figure(row, 2)) for row in report.charted))]
    if len(of_organisation) > 1:
        charts.append(_largest("by_organisation", (Bar(*each) for each in of_organisation.items())))
    return charts


def _by_name(of: str, value: str, marked: str | None = None) -> Callable[[Report], list[Chart]]:
    """Return what draws a bar for each row, named by its first column."""

    def draw(report: Report) -> list[Chart]:
        columns = [column.key for column in report.table.columns]
        bars = (
            Bar(str(row[0]), _figure(row, columns.index(value)), _figure(row, columns.index(marked)) if marked else 0)
            for row in report.charted
        )
        return [_largest(of, bars)]

    return draw


def _cases(report: Report) -> list[Chart]:
    """Return each case with what is taken of it; of many cases, how many are how full."""
    fills = [(str(row[0]), _figure(row, 1), _figure(row, 2)) for row in report.charted]
    if len(fills) <= BARS_MAX:
        return [Chart("case_fill", [Bar(name, slots, taken) for name, slots, taken in fills])]
    counts = Counter(min(TENTHS * taken // slots, TENTHS - 1) if taken < slots else TENTHS for _, slots, taken in fills)
    labels = [f"{tenth * TENTHS}-{tenth * TENTHS + TENTHS - 1} %" for tenth in range(TENTHS)] + ["100 %"]
    return [Chart("cases_by_fill", [Bar(label, counts[tenth]) for tenth, label in enumerate(labels)])]


def _figure(row: Row, column: int) -> int:
    value = row[column]
    return value if isinstance(value, int) else 0


_CHARTS: Mapping[str, Callable[[Report], list[Chart]]] = MappingProxyType(
    {
        "custody": _custody,
        "holders": lambda report: [
            _largest("by_holder", (Bar(str(row[0]), _figure(row, 4), _figure(row, 5)) for row in report.charted))
        ],
        "organisations": _by_name("by_organisation", "assets", "overdue"),
        "cases": _cases,
        "types": _by_name("by_type", "assets", "in_custody"),
    }
)
"""What draws the charts of each report that has any."""
