"""Reports on who had what from when until when: custody intervals, of an asset, of a holder, of all."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from assettrack.domain import errors
from assettrack.domain.code_words import ENTRY_WORDS
from assettrack.domain.custody_intervals import Interval, IntervalRow, LogRow, custody_intervals, interval_rows
from assettrack.domain.custody_sums import custody_sums
from assettrack.domain.tables import Column
from assettrack.domain.wording import counted
from assettrack.services.ports import Workplace
from assettrack.services.reports import EVERY_LINE, Basis, Content, Filters, Lines, Report, Unread, basis_of

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
_WORDS = {"began": ENTRY_WORDS, "ended": ENTRY_WORDS}
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
            return _sums(basis, EVERY_LINE)
        chosen = basis.select(Filters(holder=wanted.holder))
        found = interval_rows(_entries(basis, wanted.asset_tag), basis.amendments, basis.names, chosen.holder_id)
        workplace.done_with(found)  # so many that freeing them one by one would take its time
        return _report(basis, wanted, chosen.words, (found, EVERY_LINE))


def intervals_within(
    workplace: Workplace, wanted: IntervalSelection, lines: Lines, reading_max: int
) -> Report | Unread:
    """Return some lines of the same report where at most so many entries of the log have to be read for it.

    Those about one asset are read however many they are.

    Raises:
        errors.NotFound: there is no such asset or holder.
    """
    with basis_of(workplace) as basis:
        if wanted.asset_tag is None and wanted.holder is None:
            if basis.entries > reading_max:
                return Unread(basis.entries)
            if not wanted.details:
                return _sums(basis, lines)
        chosen = basis.select(Filters(holder=wanted.holder))
        entries: Iterable[LogRow] | Unread = _entries(basis, wanted.asset_tag)
        if wanted.asset_tag is None and chosen.holder_id is not None:
            entries = _entries_with(basis, chosen.holder_id, reading_max)
        if isinstance(entries, Unread):
            return entries
        found = interval_rows(entries, basis.amendments, basis.names, chosen.holder_id)
        return _report(basis, wanted, chosen.words, (found, lines))


def _report(
    basis: Basis, wanted: IntervalSelection, filters: Sequence[str], asked: tuple[Sequence[IntervalRow], Lines]
) -> Report:
    """Return the report of some intervals, and which lines of it are asked for."""
    found, lines = asked
    words = [*filters, *([] if wanted.asset_tag is None else [f"asset {wanted.asset_tag}"])]
    superseded = sum(row[_SUPERSEDED_BY] is not None for row in found)
    lasting = sum(row[_LAST_SEQ] is None and row[_SUPERSEDED_BY] is None for row in found)
    figures = {"intervals": len(found) - superseded, "lasting": lasting, "superseded": superseded}
    answer = _answer(len(found) - superseded, lasting)
    content = Content("Custody over time", answer, figures, _INTERVALS, found, [_FOOTNOTE], words=_WORDS)
    return basis.report("intervals", content, words, lines)


def _sums(basis: Basis, lines: Lines) -> Report:
    """Return what the intervals of each holder come to."""
    reports, amendments = basis.snapshot.reports, basis.amendments
    of_corrected = custody_intervals(reports.entries_about(sorted(amendments.asset_tags)), amendments, basis.names)
    holding = [each for each in of_corrected if each.superseded_by is None]
    rows = custody_sums(reports.log_about_assets(), holding, basis.names)
    count, lasting = sum(row.intervals for row in rows), sum(row.lasting for row in rows)
    figures = {"intervals": count, "lasting": lasting, "superseded": len(of_corrected) - len(holding)}
    answer = _answer(count, lasting)
    content = Content("Custody over time, by holder", answer, figures, _SUMS, rows)
    return basis.report("intervals", content, lines=lines)


def _answer(count: int, lasting: int) -> str:
    return f"{counted(count, 'interval')} of custody, of which {lasting:,} {'lasts' if lasting == 1 else 'last'}."


def _entries(basis: Basis, asset_tag: str | None) -> Iterable[LogRow]:
    """Return the entries that are to be read: those of one asset, or of all."""
    if asset_tag is None:
        return basis.snapshot.reports.log_about_assets()
    if basis.snapshot.asset(asset_tag) is None:
        raise errors.NotFound("asset", asset_tag)
    return basis.snapshot.reports.entries_about([asset_tag])


def _entries_with(basis: Basis, holder_id: int, reading_max: int) -> Iterable[LogRow] | Unread:
    """Return the entries about all assets that a holder ever had, or how many would be read where they are too many.

    What a holder was given stands in the batches that exchanged something with the holder, and in corrections.
    """
    reports, amendments = basis.snapshot.reports, basis.amendments
    batches = reports.batches_with(holder_id)
    between = sum(last - first + 1 for first, last in batches)
    if between > reading_max:
        return Unread(between)
    tags = {tag for first, last in batches for tag in reports.assets_given(holder_id, first, last)}
    tags.update(entry.asset_tag for entry in amendments.all if entry.holder_id == holder_id)
    about = between + reports.count_about(tags)
    return Unread(about) if about > reading_max else reports.entries_about(sorted(tags))
