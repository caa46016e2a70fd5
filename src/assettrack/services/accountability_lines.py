"""Some lines of the accountability report, with the figures of all of it, without every asset being judged.

Owns how the figures follow from counts of the present state and from the few assets that it leaves in doubt. What a
line says, and what evidence there is, is `accountability`; whatever is told here must be what that report tells.
"""

from collections import Counter
from typing import NamedTuple

import msgspec

from assettrack.domain.holdings import Doubted, Narrowed
from assettrack.domain.standings import judge
from assettrack.services.accountability import (
    UNRESOLVED,
    UNRESOLVED_TITLE,
    content_of,
    gathered,
    row_of,
    rules_of,
)
from assettrack.services.ports import Workplace
from assettrack.services.remembered import Remembered
from assettrack.services.reports import Basis, Filters, Lines, Report, Row, Selection, basis_of


class _Standings(NamedTuple):
    """How many assets stand in each way, and which are unresolved, by tag."""

    counts: Counter[str]
    unresolved: list[str]


class Judging(NamedTuple):
    """What is asked for: which assets, seen since which date, all of them or only what is unresolved."""

    filters: Filters
    since: str | None = None
    everything: bool = False


def accountability_lines(workplace: Workplace, asked: Judging, lines: Lines, remembered: Remembered) -> Report:
    """Return some lines of what is unresolved, or with ``everything`` of the report of all assets.

    Raises:
        errors.NotFound, errors.DeedRefused: there is no such holder, type or organisation.
    """
    filters, since, everything = asked
    with basis_of(workplace) as basis:
        chosen = basis.select(filters)
        rules, evidence = rules_of(basis, since), remembered.passes.find(basis, gathered, remembered.counts_said)
        narrowed = _narrowed(basis, chosen, filters)
        found = remembered.passes.find(basis, _standings, filters, since, remembered)
        tags = basis.snapshot.reports.living_tags(narrowed, *lines) if everything else lines.of(found.unresolved)
        recorded = {each.asset_tag: each for each in basis.snapshot.reports.recorded_of(tags)}
        rows: list[Row] = []
        for tag in tags:
            last_seen = max(recorded[tag].latest_at, evidence.seen.get(tag, ""))
            judged = judge(recorded[tag], last_seen, evidence.doubts.get(tag), rules)
            rows.append(row_of(basis, recorded[tag], last_seen, judged))
        content = content_of(found.counts, since, rows)
        total = found.counts.total() if everything else len(found.unresolved)
        title = content.title if everything else UNRESOLVED_TITLE
        content = msgspec.structs.replace(content, title=title, total=total)
        return basis.report("accountability", content, chosen.words)


def _narrowed(basis: Basis, chosen: Selection, filters: Filters) -> Narrowed:
    types = None
    if filters.equipment_type is not None:
        found = tuple(each for each in basis.equipment_types if chosen.has_type(each))
        types = None if len(found) == len(basis.equipment_types) else found
    return Narrowed(types, None if chosen.holder_ids is None else tuple(chosen.holder_ids))


def _standings(basis: Basis, filters: Filters, since: str | None, remembered: Remembered) -> _Standings:
    """Return how the assets that are asked for stand.

    All that neither the present state nor a count leaves in doubt is confirmed in storage and out with a holder; where
    a date is given, with a holder it is confirmed unless its last sighting is older.
    """
    reports = basis.snapshot.reports
    chosen = basis.select(filters)
    narrowed, rules = _narrowed(basis, chosen, filters), rules_of(basis, since)
    evidence = remembered.passes.find(basis, gathered, remembered.counts_said)
    unresolved = {
        each.asset_tag: each.holder_id is not None
        for each in reports.recorded_of(evidence.doubts.keys() | rules.unaccepted)
        if chosen.has_holder(each.holder_id) and chosen.has_type(each.equipment_type)
    }
    asked = Doubted(rules.today, rules.asks_acceptance, tuple(rules.inactive))
    unresolved.update((tag, bool(is_held)) for tag, is_held in reports.doubtful(asked, narrowed))
    living = reports.living(rules.since_utc, narrowed)
    if rules.since is None:
        out = living.held - sum(unresolved.values())
    else:
        seen = evidence.seen_from(rules.since_utc)
        unseen = [tag for tag in living.old_stored if tag not in seen] if seen else living.old_stored
        unresolved |= dict.fromkeys(unseen, False)
        out = len([tag for tag in living.old_held if tag not in unresolved and tag not in seen])
    confirmed = living.stored + living.held - len(unresolved) - out
    counts = Counter({"confirmed": confirmed, "out": out, UNRESOLVED: len(unresolved)})
    return _Standings(counts, sorted(unresolved))
