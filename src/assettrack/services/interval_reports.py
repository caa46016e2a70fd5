"""Reports on who had what from when until when: custody intervals, of an asset, of a holder, of all."""

from collections.abc import Iterable
from typing import NamedTuple

from assettrack.domain import errors
from assettrack.domain.custody_intervals import LogRow, custody_intervals
from assettrack.domain.custody_sums import custody_sums
from assettrack.domain.tables import Column
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


class Wanted(NamedTuple):
    """Of which asset or holder the intervals are asked for; ``details`` asks for each, also where none is named."""

    asset_tag: str | None = None
    holder: str | None = None
    details: bool = False


def intervals(workplace: Workplace, wanted: Wanted) -> Report:
    """Return the custody intervals of an asset or a holder, or of all; of all only the sums, unless told otherwise.

    Raises:
        errors.NotFound: there is no such asset or holder.
    """
    with basis_of(workplace) as basis:
        if wanted == Wanted():
            return _sums(basis)
        chosen = basis.select(Filters(holder=wanted.holder))
        words = [*chosen.words, *([] if wanted.asset_tag is None else [f"asset {wanted.asset_tag}"])]
        found = custody_intervals(_entries(basis, wanted.asset_tag), basis.amendments, basis.names, chosen.holder_id)
        holding = [each for each in found if each.superseded_by is None]
        lasting = sum(each.last_seq is None for each in holding)
        figures = {"intervals": len(holding), "lasting": lasting, "superseded": len(found) - len(holding)}
        answer = f"{len(holding):,} interval(s) of custody, of which {lasting:,} last(s)."
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
    answer = f"{count:,} interval(s) of custody, of which {lasting:,} last(s)."
    return basis.report("intervals", Content("Custody intervals by holder", answer, figures, _SUMS, rows))


def _entries(basis: Basis, asset_tag: str | None) -> Iterable[LogRow]:
    """Return the entries that are to be read: those of one asset, or of all."""
    if asset_tag is None:
        return basis.snapshot.reports.log_about_assets()
    if basis.snapshot.asset(asset_tag) is None:
        raise errors.NotFound("asset", asset_tag)
    return basis.snapshot.reports.entries_about([asset_tag])
