"""Reports on who had what from when until when: custody intervals, of an asset, of a holder, of all."""

from collections.abc import Iterable
from typing import NamedTuple

from assettrack.domain import errors
from assettrack.domain.custody_intervals import Interval, LogRow, custody_intervals, interval_rows
from assettrack.domain.custody_sums import custody_sums
from assettrack.domain.tables import Column
from assettrack.domain.wording import counted
from assettrack.services.ports import Workplace
from assettrack.services.reports import Basis, Content, Filters, Report, basis_of

_INTERVALS = (
    Column("asset_tag", "Asset"),
    Column("holder", "Holder"),
    Column("since", "From", "time"),
    Column("until", "Until", "time"),
    Column("began", "Began by"),
    Column("ended", "Ended by"),
    Column("first_seq", "First entry", "integer"),
    Column("last_seq", "Last entry", "integer"),
    Column("corrected_by", "Corrected by entry", "integer"),
    Column("superseded_by", "Superseded by entry", "integer"),
)
_LAST_SEQ, _SUPERSEDED_BY = map(Interval._fields.index, ("last_seq", "superseded_by"))
_SUMS = (
    Column("holder", "Holder"),
    Column("intervals", "Intervals", "integer"),
    Column("assets", "Assets", "integer"),
    Column("lasting", "Lasting", "integer"),
    Column("first_since", "First from", "time"),
    Column("last_until", "Last until", "time"),
    Column("corrected", "Corrected", "integer"),
)
_FOOTNOTE = (
    "An interval holds in the log from its first entry until before its last. What is superseded is shown as it was "
    "recorded, and does not hold any more."
)


class IntervalSelection(NamedTuple):
    """Of which asset or holder the intervals are asked for; ``details`` asks for each, also where none is named."""

    asset_tag: str | None = None
    holder: str | None = None
    details: bool = False


def intervals(workplace: Workplace, wanted: IntervalSelection) -> Report:
    """Return the custody intervals of an asset or a holder, or of all; of all only the sums, unless told otherwise.

    Raises:
        errors.NotFound: there is no such asset or holder.
    """
    with basis_of(workplace) as basis:
        if wanted == IntervalSelection():
            return _sums(basis)
        chosen = basis.select(Filters(holder=wanted.holder))
        words = [*chosen.words, *([] if wanted.asset_tag is None else [f"asset {wanted.asset_tag}"])]
        found = interval_rows(_entries(basis, wanted.asset_tag), basis.amendments, basis.names, chosen.holder_id)
        workplace.done_with(found)  # so many that freeing them one by one would take its time
        superseded = sum(row[_SUPERSEDED_BY] is not None for row in found)
        lasting = sum(row[_LAST_SEQ] is None and row[_SUPERSEDED_BY] is None for row in found)
        figures = {"intervals": len(found) - superseded, "lasting": lasting, "superseded": superseded}
        answer = _answer(len(found) - superseded, lasting)
        content = Content("Custody intervals", answer, figures, _INTERVALS, found, [_FOOTNOTE])
        return basis.report("intervals", content, words)


def _sums(basis: Basis) -> Report:
    """Return what the intervals of each holder come to."""
    reports, amendments = basis.snapshot.reports, basis.amendments
    of_corrected = custody_intervals(reports.entries_about(sorted(amendments.asset_tags)), amendments, basis.names)
    holding = [each for each in of_corrected if each.superseded_by is None]
    rows = custody_sums(reports.log_about_assets(), holding, basis.names)
    count, lasting = sum(row.intervals for row in rows), sum(row.lasting for row in rows)
    figures = {"intervals": count, "lasting": lasting, "superseded": len(of_corrected) - len(holding)}
    answer = _answer(count, lasting)
    return basis.report("intervals", Content("Custody intervals by holder", answer, figures, _SUMS, rows))


def _answer(count: int, lasting: int) -> str:
    return f"{counted(count, 'interval')} of custody, of which {lasting:,} {'lasts' if lasting == 1 else 'last'}."


def _entries(basis: Basis, asset_tag: str | None) -> Iterable[LogRow]:
    """Return the entries that are to be read: those of one asset, or of all."""
    if asset_tag is None:
        return basis.snapshot.reports.log_about_assets()
    if basis.snapshot.asset(asset_tag) is None:
        raise errors.NotFound("asset", asset_tag)
    return basis.snapshot.reports.entries_about([asset_tag])
