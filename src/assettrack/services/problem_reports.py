"""What is odd in the present state and needs a person: one row for each thing that somebody should look at.

Owns which oddities are looked for. It only points out: nothing here is against the rules, or it could not be recorded.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from assettrack.domain.code_words import REASON_WORDS
from assettrack.domain.entries.counts import CountStartEntry
from assettrack.domain.facts import Count
from assettrack.domain.standings import WORDS
from assettrack.domain.tables import Column
from assettrack.domain.wording import counted
from assettrack.services.acceptances import open_of
from assettrack.services.accountability import CountsSaid
from assettrack.services.awaited_acceptors import AwaitedSaid
from assettrack.services.count_doubts import standing_doubts
from assettrack.services.count_reading import entry_at
from assettrack.services.counts import said
from assettrack.services.ports import Workplace
from assettrack.services.remembered import Remembered
from assettrack.services.reports import EVERY_LINE, Basis, Content, Lines, Report, Row, Subject, basis_of
from assettrack.services.stock_reports import since_when

LATELY_DAYS = 30
"""For so many days after the one on which it was recorded a correction is pointed out."""

TAGS_NAMED = 5
"""So many assets are named where more have the same oddity."""

_COLUMNS = (
    Column("problem", "Problem"),
    Column("subject", "Where"),
    Column("since", "Since", "time"),
    Column("what", "What"),
)
_WORDS = {"problem": REASON_WORDS}


class Oddity(NamedTuple):
    """Something that somebody should look at: what kind, about what, since when (UTC text) if that is known, in words.

    ``more`` is what is said of the subject beside it. Of several assets in no slot, it is since when the first of them
    is.
    """

    problem: str
    subject: Subject
    since: str | None
    what: str
    more: str = ""

    @property
    def row(self) -> Row:
        """The values of its row."""
        where = f"{self.subject}, {self.more}" if self.more else str(self.subject)
        return (self.problem, where, self.since, self.what)


def problems(workplace: Workplace, lines: Lines = EVERY_LINE, remembered: Remembered | None = None) -> Report:
    """Return all that is odd in the present state, by kind."""
    remembered = remembered or Remembered()
    with basis_of(workplace) as basis:
        found = remembered.passes.find(basis, _looked_for, remembered)
        counts = Counter(oddity.problem for oddity in found)
        figures = {"problems": len(found), **{kind: counts[kind] for kind in _LOOKS}}
        parts = ", ".join(f"{REASON_WORDS.get(kind, kind)} {counts[kind]:,}" for kind in _LOOKS if counts[kind])
        answer = f"{len(found):,} to look at: {parts}." if found else "Nothing to look at."
        rows, subjects = [oddity.row for oddity in found], [oddity.subject for oddity in found]
        content = Content("Problems", answer, figures, _COLUMNS, rows, subjects=subjects, words=_WORDS)
        return basis.report("problems", content, lines=lines)


def _looked_for(basis: Basis, remembered: Remembered) -> list[Oddity]:
    """Return all oddities."""
    looks = _LOOKS | {
        "acceptance_open": partial(_open_acceptances, awaited_said=remembered.awaited_said),
        "count_discrepancy": partial(_doubtful, counts_said=remembered.counts_said),
    }
    return [oddity for look in looks.values() for oddity in look(basis)]


def _open_acceptances(basis: Basis, awaited_said: AwaitedSaid | None = None) -> Iterator[Oddity]:
    for each in open_of(basis.snapshot, None, awaited_said):
        batch = Subject("batch", str(each.batch_id))
        yield Oddity("acceptance_open", batch, each.recorded_at, each.words, each.holder)


def _overdue(basis: Basis) -> Iterator[Oddity]:
    for held in basis.snapshot.reports.overdue(basis.today):
        holder = basis.holder(held.holder_id).name
        yield Oddity("overdue", Subject("asset", held.asset_tag), None, f"was due {held.due_on}, and {holder} has it")


def _doubtful(basis: Basis, counts_said: CountsSaid | None = None) -> Iterator[Oddity]:
    for tag, doubt, asset in standing_doubts(basis, counts_said):
        what = WORDS[doubt.reason].format(count_id=doubt.count_id)
        yield Oddity("count_discrepancy", Subject("asset", tag), None, f"{what}, and recorded {asset.where}")


def _open_counts(basis: Basis) -> Iterator[Oddity]:
    for count in [count for count in basis.snapshot.facts(Count) if count.closed_seq is None]:
        entry = entry_at(basis.snapshot, count.started_seq, CountStartEntry)
        scope = said(basis.snapshot, entry.scope).words
        yield Oddity(
            "count_open", Subject("count", str(count.count_id)), entry.recorded_at, f"{scope}: begun and not signed off"
        )


def _inactive_holders(basis: Basis) -> Iterator[Oddity]:
    for holder_id, holder in basis.holders.items():
        held = 0 if holder.active else len(basis.snapshot.assets_of(holder_id))
        if held:
            what = f"is not active, and has {counted(held, 'asset')}"
            yield Oddity("holder_inactive", Subject("holder", holder.name), None, what)


def _shared_serials(basis: Basis) -> Iterator[Oddity]:
    for serial, carriers in groupby(basis.snapshot.reports.shared_serials(), itemgetter(0)):
        tags = [tag for _, tag in carriers]
        yield Oddity(
            "serial_shared", Subject("serial number", serial), None, f"on {len(tags):,} assets: {_named(tags)}"
        )


def _unmanaged_rooms(basis: Basis) -> Iterator[Oddity]:
    rooms = basis.snapshot.inventory().rooms
    for room, count, first in basis.snapshot.reports.rooms() if rooms.managed else ():
        if not rooms.knows(room):
            what = f"{counted(count, 'asset')} recorded in it, such as {first}, and nobody manages it"
            yield Oddity("room_unmanaged", Subject("room", room), None, what)


def _buildings_not_allowed(basis: Basis) -> Iterator[Oddity]:
    rooms = basis.snapshot.inventory().rooms
    for tag, room, holder_id in basis.snapshot.reports.rooms_of_held() if rooms.managed else ():
        holder = basis.holder(holder_id)
        if not rooms.may_use(holder.organisation_id, room):
            what = f"{holder.name} has it in {room}, which {basis.organisation_of(holder_id)} may not use"
            yield Oddity("building_not_allowed", Subject("asset", tag), None, what)


def _unslotted(basis: Basis) -> Iterator[Oddity]:
    tags = [each.asset_tag for each in basis.snapshot.reports.unslotted()]
    if tags:
        first = min(occurred_at for _, occurred_at, _ in since_when(basis, tags).values())
        yield Oddity(
            "unslotted", Subject("storage"), first, f"{counted(len(tags), 'asset')} in no slot: {_named(tags)}"
        )


def _corrected_lately(basis: Basis) -> Iterator[Oddity]:
    lately = basis.utc_of((date.fromisoformat(basis.today) - timedelta(days=LATELY_DAYS)).isoformat())
    for entry in basis.amendments.all:
        if entry.recorded_at >= lately:
            what = f"corrected by {entry.operator} with entry {entry.seq}: {entry.reason}"
            corrected = Subject("entry", str(entry.corrects))
            yield Oddity("corrected", corrected, entry.recorded_at, what, f"asset {entry.asset_tag}")


def _named(tags: list[str]) -> str:
    """Return the first few tags, and how many more there are."""
    more = len(tags) - TAGS_NAMED
    return ", ".join(tags[:TAGS_NAMED]) + (f" and {more:,} more" if more > 0 else "")


_LOOKS = {
    "acceptance_open": _open_acceptances,
    "overdue": _overdue,
    "count_discrepancy": _doubtful,
    "count_open": _open_counts,
    "holder_inactive": _inactive_holders,
    "serial_shared": _shared_serials,
    "room_unmanaged": _unmanaged_rooms,
    "building_not_allowed": _buildings_not_allowed,
    "unslotted": _unslotted,
    "corrected": _corrected_lately,
}
"""How each kind of oddity is looked for, in the order in which they are shown."""
