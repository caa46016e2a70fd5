"""The accountability report: each asset is confirmed, out, or unresolved with the reasons.

Owns which evidence is gathered: what is recorded, what closed counts say, and who has seen an asset after them. How it
is judged is `domain.standings`. Counts that are still open say nothing yet.
"""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from assettrack.domain.counts import Result
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.counts import CountCloseEntry, CountScansEntry
from assettrack.domain.facts import Count, CountScans, Expected
from assettrack.domain.standings import DOUBTFUL, Doubt, Judged, LaterDeed, Recorded, Rules, judge, settles
from assettrack.domain.tables import Column
from assettrack.domain.tags import Place
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.reports import Basis, Content, Figure, Filters, Report, Row, basis_of
from assettrack.services.stored_entries import entry_at

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

UNRESOLVED = "unresolved"
PROVES_NOTHING: Result = "moved_during_count"

_read = msgspec.json.Decoder(LaterDeed).decode


class Evidence(NamedTuple):
    """What closed counts say: the doubts that nothing has settled since, and when assets were seen (UTC text)."""

    doubts: dict[str, Doubt]
    seen: dict[str, str]


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
        rules = _rules(basis, since)
        evidence = gathered(basis.snapshot, None if since is None else rules.since_utc)
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
                row = _row(basis, recorded, last_seen, judged)
                rows.append(row)
                if judged.standing == UNRESOLVED:
                    unresolved.append(row)
        figures: dict[str, Figure] = {"ok": not unresolved, "since": since, "assets": standings.total()}
        figures |= {standing: standings[standing] for standing in ("confirmed", "out")}
        answer = (
            f"{standings.total():,} asset(s): {standings['confirmed']:,} confirmed, {standings['out']:,} out, "
            f"{len(unresolved):,} unresolved."
        )
        if since is not None:
            answer += f" What is in storage must have been seen since {since}."
        whole = Content("Accountability", answer, figures, _COLUMNS, rows)
        part = msgspec.structs.replace(whole, title="Accountability: unresolved", rows=unresolved)
        return Accountability(
            not unresolved,
            basis.report("accountability", part, chosen.words),
            basis.report("accountability", whole, chosen.words) if everything else None,
        )


def gathered(snapshot: Snapshot, since_utc: str | None) -> Evidence:
    """Return what the closed counts say; sightings only where it is asked what was seen since a moment (UTC text)."""
    doubts: dict[str, Doubt] = {}
    seen: dict[str, str] = {}
    closed = [(count.closed_seq, count.count_id) for count in snapshot.facts(Count) if count.closed_seq is not None]
    for closed_seq, count_id in sorted(closed):
        entry = entry_at(snapshot, closed_seq, CountCloseEntry)
        results = {tag: result for result, tags in entry.exceptions.items() for tag in tags}
        for expected in snapshot.facts(Expected, count_id) if doubts else ():
            if results.get(expected.asset_tag) != PROVES_NOTHING:  # it was found, or is in doubt anew
                doubts.pop(expected.asset_tag, None)
        for tag, result in results.items():
            if result in DOUBTFUL:
                doubts[tag] = Doubt(DOUBTFUL[result], count_id, closed_seq)
        if since_utc is not None and entry.recorded_at >= since_utc:
            _add_sightings(snapshot, count_id, seen)
    return Evidence(_unsettled(snapshot, doubts), seen)


def _rules(basis: Basis, since: str | None) -> Rules:
    inactive = frozenset(holder_id for holder_id, holder in basis.holders.items() if not holder.active)
    since_utc = "" if since is None else basis.utc_of(since)
    return Rules(basis.today, basis.asks_acceptance, inactive, since, since_utc)


def _row(basis: Basis, recorded: Recorded, last_seen: str, judged: Judged) -> Row:
    place = None if recorded.case_name is None else str(Place(recorded.case_name, recorded.slot_position or 0))
    holder = None if recorded.holder_id is None else basis.holder(recorded.holder_id).name
    codes = ", ".join(code for code, _ in judged.reasons)
    reasons = "; ".join(words for _, words in judged.reasons)
    return (
        recorded.asset_tag, recorded.equipment_type, judged.standing, place, holder, last_seen, codes or None,
        reasons or None,
    )  # fmt: skip


def _add_sightings(snapshot: Snapshot, count_id: int, seen: dict[str, str]) -> None:
    """Add when the scans of a count saw each tag."""
    for fact in snapshot.facts(CountScans, count_id):
        for sighting in entry_at(snapshot, fact.seq, CountScansEntry).scans:
            seen[sighting.asset_tag] = max(sighting.seen_at, seen.get(sighting.asset_tag, ""))


def _unsettled(snapshot: Snapshot, doubts: Mapping[str, Doubt]) -> dict[str, Doubt]:
    """Return the doubts that no entry after their count settles."""
    settled = {
        tag
        for seq, tag, body in snapshot.reports.entries_about(doubts)
        if seq > doubts[tag].closed_seq and settles(_deed(body))
    }
    return {tag: doubt for tag, doubt in doubts.items() if tag not in settled}


def _deed(body: bytes) -> LaterDeed:
    try:
        return _read(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotAnEntry(str(error)) from error
