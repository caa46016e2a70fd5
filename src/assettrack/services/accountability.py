"""The accountability report: each asset is confirmed, out, or unresolved with the reasons.

Owns which evidence is gathered: what is recorded, what closed counts say, and when an asset was seen. How it is judged
is `domain.standings`. Counts that are still open say nothing yet.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import msgspec

from assettrack.domain import counts
from assettrack.domain.code_words import REASON_WORDS
from assettrack.domain.counts import Result, Seen
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.counts import CountCloseEntry, CountScansEntry, Sighting
from assettrack.domain.facts import Count, CountScans
from assettrack.domain.standings import (
    DOUBTFUL,
    AssetDeed,
    Doubt,
    Doubts,
    Judged,
    Look,
    Recorded,
    Rules,
    contradicted,
    is_sighting,
    judge,
)
from assettrack.domain.tables import Column
from assettrack.domain.tags import Place
from assettrack.domain.wording import counted
from assettrack.services.count_reading import end_of, exceptions_of
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.reports import Basis, Content, Figure, Filters, Report, Row, basis_of
from assettrack.services.stored_entries import entry_at
from assettrack.services.unaccepted import held_unaccepted

_COLUMNS = (
    Column("asset_tag", "Asset"),
    Column("equipment_type", "Type"),
    Column("standing", "Standing"),
    Column("place", "Slot"),
    Column("holder", "Holder"),
    Column("last_seen", "Last seen", "time"),
    Column("codes", "Codes"),
    Column("reasons", "Reasons"),
)

_WORDS = {"codes": REASON_WORDS}

UNRESOLVED = "unresolved"
UNRESOLVED_TITLE = "Accountability: unresolved"

_NOWHERE = Seen(0, "", None, None)
_read = msgspec.json.Decoder(AssetDeed).decode


class Evidence(NamedTuple):
    """What closed counts say: the doubts that nothing has settled since, and when assets were seen (UTC text)."""

    doubts: dict[str, Doubt]
    seen: dict[str, str]
    first_seen: str = ""
    """When the asset was seen of which that is longest ago."""

    def seen_from(self, moment: str) -> Collection[str]:
        """Return the assets that counts saw from a moment on (UTC text)."""
        if self.first_seen >= moment:
            return self.seen
        return {tag for tag, seen_at in self.seen.items() if seen_at >= moment}


class _Said(NamedTuple):
    """A count that was signed off, with the result of each tag that was not simply found."""

    ended: CountCloseEntry
    results: Mapping[str, Result]


class _Sightings(NamedTuple):
    """Until when a count looked, when it saw each doubted tag last, and where (UTC texts)."""

    until: str
    latest: Mapping[str, str]
    places: Mapping[str, Seen]


class Accountability(msgspec.Struct, frozen=True):
    """Whether everything is accounted for, with the report of what is not, and that of all assets if asked for."""

    ok: bool
    unresolved: Report
    whole: Report | None


def accountability(
    workplace: Workplace, filters: Filters, since: str | None = None, *, everything: bool = False
) -> Accountability:
    """Judge every asset that is not retired.

    Where ``since`` (a date at the station) is given, what is in storage must have been seen from then on. With
    ``everything`` there is a report of all assets, too.

    Raises:
        errors.NotFound, errors.DeedRefused: there is no such holder, type or organisation.
    """
    with basis_of(workplace) as basis:
        chosen = basis.select(filters)
        rules = rules_of(basis, since)
        evidence = gathered(basis)
        standings: Counter[str] = Counter()
        rows: list[Row] = []
        unresolved: list[Row] = []
        for recorded in basis.snapshot.reports.recorded():
            if not (chosen.has_holder(recorded.holder_id) and chosen.has_type(recorded.equipment_type)):
                continue
            last_seen = max(recorded.latest_at, evidence.seen.get(recorded.asset_tag, ""))
            judged = judge(recorded, last_seen, evidence.doubts.get(recorded.asset_tag), rules)
            standings[judged.standing] += 1
            if everything or judged.standing == UNRESOLVED:
                row = row_of(basis, recorded, last_seen, judged)
                rows.append(row)
                if judged.standing == UNRESOLVED:
                    unresolved.append(row)
        whole = content_of(standings, since, rows)
        part = msgspec.structs.replace(whole, title=UNRESOLVED_TITLE, rows=unresolved)
        return Accountability(
            not unresolved,
            basis.report("accountability", part, chosen.words),
            basis.report("accountability", whole, chosen.words) if everything else None,
        )


def content_of(standings: Mapping[str, int], since: str | None, rows: Sequence[Row]) -> Content:
    """Return what the report of all assets says; ``standings`` tell how many stand in each way."""
    total = sum(standings.values())
    figures: dict[str, Figure] = {"ok": not standings.get(UNRESOLVED), "since": since, "assets": total}
    confirmed, out, unresolved = (standings.get(standing, 0) for standing in ("confirmed", "out", UNRESOLVED))
    figures |= {"confirmed": confirmed, "out": out}
    answer = f"{counted(total, 'asset')}: {confirmed:,} confirmed, {out:,} out, {unresolved:,} unresolved."
    if since is not None:
        answer += f" What is in storage must have been seen since {since}."
    return Content("Accountability", answer, figures, _COLUMNS, rows, words=_WORDS)


class CountsSaid:
    """Remembers what the counts that have ended say, until another one ends: that can't change.

    For all threads of a process, and for one station.
    """

    def __init__(self) -> None:
        self._made: tuple[tuple[int, ...], Evidence] = ((), Evidence({}, {}))

    def find(self, snapshot: Snapshot) -> Evidence:
        """Return the doubts that no count has settled, and when scans of counts saw assets; not to be changed.

        Raises:
            station_errors.DatabaseDamaged: an entry of a count is gone, or is another.
        """
        ended = sorted((count.closed_seq, count) for count in snapshot.facts(Count) if count.closed_seq is not None)
        key = tuple(closed_seq for closed_seq, _ in ended)
        remembered = self._made
        if remembered[0] == key:
            return remembered[1]
        found = _of_counts(snapshot, [count for _, count in ended])
        self._made = (key, found)
        return found


def gathered(basis: Basis, counts_said: CountsSaid | None = None) -> Evidence:
    """Return what the closed counts say, as far as nothing has settled it, and when their scans saw each asset."""
    snapshot = basis.snapshot
    of_counts = (counts_said or CountsSaid()).find(snapshot)
    doubts = Doubts()
    for tag, doubt in of_counts.doubts.items():
        doubts.add(tag, doubt)
    for seq, tag, body in snapshot.reports.entries_about(_touched_since(basis, of_counts.doubts)):
        deed = _deed(body)
        if is_sighting(deed):
            doubts.see(tag, Look(basis.amendments.occurred_at(seq, deed.occurred_at), seq))
    standing = doubts.standing()
    return of_counts._replace(doubts=contradicted(standing, snapshot.inventory_of(sorted(standing), []).assets))


def _of_counts(snapshot: Snapshot, ended: Sequence[Count]) -> Evidence:
    """Return what counts that have ended say, handed in in the order in which they did."""
    said = [
        _Said(entry, exceptions_of(snapshot, entry))
        for count in ended
        if isinstance(entry := end_of(snapshot, count), CountCloseEntry)  # one that was abandoned says nothing
    ]
    doubted = {tag for each in said for tag, result in each.results.items() if result in DOUBTFUL}
    doubts, seen = Doubts(), dict[str, str]()
    for each in said:
        _add_count(doubts, each, _sightings(snapshot, each.ended, doubted, seen))
    return Evidence(doubts.standing(), seen, min(seen.values(), default=""))


def _touched_since(basis: Basis, doubts: Mapping[str, Doubt]) -> list[str]:
    """Return which of the doubted assets have entries that may be later than the looks which doubt them.

    All entries about an asset took place until its latest one, unless a correction has changed that.
    """
    untouched = {
        recorded.asset_tag
        for recorded in basis.snapshot.reports.recorded_of(doubts)
        if recorded.latest_at < doubts[recorded.asset_tag].look.at
    }
    return sorted(doubts.keys() - (untouched - basis.amendments.asset_tags))


def rules_of(basis: Basis, since: str | None) -> Rules:
    """Return by what assets are judged, from a date on where one is given."""
    inactive = frozenset(holder_id for holder_id, holder in basis.holders.items() if not holder.active)
    since_utc = "" if since is None else basis.utc_of(since)
    added = frozenset(held_unaccepted(basis.snapshot)) if basis.asks_acceptance else frozenset[str]()
    return Rules(basis.today, basis.asks_acceptance, inactive, since, since_utc, added)


def row_of(basis: Basis, recorded: Recorded, last_seen: str, judged: Judged) -> Row:
    """Return the line of an asset."""
    place = None if recorded.case_name is None else str(Place(recorded.case_name, recorded.slot_position or 0))
    holder = None if recorded.holder_id is None else basis.holder(recorded.holder_id).name
    codes = ", ".join(code for code, _ in judged.reasons)
    reasons = "; ".join(words for _, words in judged.reasons)
    return (
        recorded.asset_tag, recorded.equipment_type, judged.standing, place, holder, last_seen, codes or None,
        reasons or None,
    )  # fmt: skip


def _sightings(
    snapshot: Snapshot, ended: CountCloseEntry, doubted: AbstractSet[str], seen: dict[str, str]
) -> _Sightings:
    """Return when a count looked, and what its scans say of doubted tags; add to ``seen`` when they saw each tag."""
    until, latest, kept = "", dict[str, str](), list[Sighting]()
    for fact in snapshot.facts(CountScans, ended.count_id):
        for sighting in entry_at(snapshot, fact.seq, CountScansEntry).scans:
            tag, seen_at = sighting.asset_tag, sighting.seen_at
            until = max(until, seen_at)
            if seen_at > seen.get(tag, ""):
                seen[tag] = seen_at
            if tag in doubted:
                kept.append(sighting)
                latest[tag] = max(seen_at, latest.get(tag, ""))
    return _Sightings(until or ended.recorded_at, latest, counts.gather(kept))


def _add_count(doubts: Doubts, said: _Said, sightings: _Sightings) -> None:
    """Add what a count says of doubted tags; what it saw and does not name as an exception, it found."""
    count_id, seq = said.ended.count_id, said.ended.seq
    for tag, result in said.results.items():
        if result in DOUBTFUL:
            look = Look(sightings.latest.get(tag, sightings.until), seq)
            _, _, case_name, position = sightings.places.get(tag, _NOWHERE)
            doubts.add(tag, Doubt(DOUBTFUL[result], count_id, look, case_name, position))
    for tag, seen_at in sightings.latest.items():
        if tag not in said.results:
            doubts.see(tag, Look(seen_at, seq))


def _deed(body: bytes) -> AssetDeed:
    try:
        return _read(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotAnEntry(str(error)) from error
