"""Reports on who has what right now: custody, what is overdue, holders, organisations."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from assettrack.domain.audit_log import decode_body
from assettrack.domain.custody_intervals import read_turn
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.holders import Holder, name_key
from assettrack.domain.holdings import HeldAsset, Holding
from assettrack.domain.tables import Column
from assettrack.domain.wording import counted
from assettrack.services.ports import Workplace
from assettrack.services.remembered import Passes
from assettrack.services.reports import (
    EVERY_LINE,
    Basis,
    Content,
    Filters,
    Lines,
    Report,
    Row,
    Selection,
    basis_of,
)
from assettrack.services.unaccepted import held_unaccepted, unaccepted

ACCEPTED, OPEN, NOT_ASKED = "accepted", "open", "not asked"
"""How it stands with the acceptance of what a holder was given."""

_HOLDER = (Column("holder", "Holder"), Column("organisation", "Organisation"))
_ASSETS = (Column("assets", "Assets", "integer"), Column("overdue", "Overdue", "integer"))
_ASSET = (Column("asset_tag", "Asset"), Column("equipment_type", "Type"), Column("serial_number", "Serial number"))
_SINCE = (Column("since", "Since", "time"), Column("due_on", "Due", "date"))
_ENTRY = (Column("seq", "Entry", "integer"), Column("correction", "Correction"))
_DETAILS = (
    *_ASSET, *_HOLDER, *_SINCE, Column("batch_id", "Batch", "integer"), Column("acceptance", "Acceptance"), *_ENTRY,
)  # fmt: skip
_LATE = (*_ASSET, *_HOLDER, *_SINCE, Column("days_overdue", "Days overdue", "integer"), *_ENTRY)


class _Held(NamedTuple):
    """How many assets a holder has, and how many of them are overdue."""

    assets: int = 0
    overdue: int = 0


class _InCustody(NamedTuple):
    """What each holder has who has anything, and where details are asked for all of it, by holder and tag."""

    held: dict[int, _Held]
    in_order: Sequence[HeldAsset] = ()


def custody(
    workplace: Workplace,
    filters: Filters,
    *,
    details: bool = False,
    lines: Lines = EVERY_LINE,
    passes: Passes | None = None,
) -> Report:
    """Return how many assets are issued right now, and to whom; with ``details`` a line for each asset.

    Raises:
        errors.NotFound, errors.DeedRefused: there is no such holder, type or organisation.
    """
    with basis_of(workplace) as basis:
        chosen = basis.select(filters)
        held, in_order = (passes or Passes()).find(basis, _in_custody, filters, details=details)
        assets, overdue = _sum(held.values())
        answer = f"{assets:,} issued right now, to {counted(len(held), 'holder')}; {overdue:,} overdue."
        figures = {"issued": assets, "holders": len(held), "overdue": overdue}
        columns: Sequence[Column] = _DETAILS if details else (*_HOLDER, *_ASSETS)
        by_holder: list[Row] = [(*_whose(basis, number), *held[number]) for number in _by_name(basis, held)]
        content = Content("Custody now", answer, figures, columns, by_holder)
        if details:
            rows = _details(basis, lines.of(in_order))
            content = msgspec.structs.replace(content, rows=rows, total=assets, charted=by_holder)
        return basis.report("custody", content, chosen.words, lines)


def overdue(workplace: Workplace, filters: Filters, lines: Lines = EVERY_LINE) -> Report:
    """Return the assets that were due back before today, those that are due longest first.

    Raises:
        errors.NotFound, errors.DeedRefused: there is no such holder, type or organisation.
    """
    with basis_of(workplace) as basis:
        chosen = basis.select(filters)
        today = date.fromisoformat(basis.today)
        late = _chosen(basis.snapshot.reports.overdue(basis.today), chosen)
        rows: list[Row] = []
        for held in _holdings(basis, lines.of(late)):
            assert held.due_on is not None, "what is overdue was due on a date"
            days = (today - date.fromisoformat(held.due_on)).days
            since, correction = _since(basis, held)
            rows.append((*held[:3], *_whose(basis, held.holder_id), since, held.due_on, days, held.seq, correction))
        holders_ = len({each.holder_id for each in late})
        figures = {"overdue": len(late), "holders": holders_}
        answer = f"{len(late):,} overdue, with {counted(holders_, 'holder')}."
        content = Content("Overdue", answer, figures, _LATE, rows, total=len(late))
        return basis.report("overdue", content, chosen.words)


def holders(workplace: Workplace, filters: Filters, lines: Lines = EVERY_LINE) -> Report:
    """Return every holder with what they have, what of it is overdue, and what nobody has accepted yet.

    Raises:
        errors.DeedRefused: there is no such organisation.
    """
    with basis_of(workplace) as basis:
        chosen = basis.select(filters)
        held = _held_counts(basis, chosen)
        waiting = _open_acceptances(basis)
        wanted = [holder for holder in basis.holders.values() if chosen.has_holder(holder.holder_id)]
        rows = [
            (
                *_whose(basis, each.holder_id),
                each.identifier,
                _state(each),
                *held.get(each.holder_id, _Held()),
                waiting[each.holder_id],
            )
            for each in sorted(wanted, key=lambda each: name_key(each.name))
        ]
        assets, overdue_ = _sum(held.values())
        figures = {"holders": len(rows), "with_assets": len(held), "issued": assets, "overdue": overdue_}
        columns = (
            *_HOLDER, Column("identifier", "Identifier"), Column("state", "State"), *_ASSETS,
            Column("open_acceptances", "Hand-overs not accepted", "integer"),
        )  # fmt: skip
        answer = f"{counted(len(rows), 'holder')}, of whom {len(held):,} have {counted(assets, 'asset')}."
        return basis.report("holders", Content("Holders", answer, figures, columns, rows), chosen.words, lines)


def organisations(workplace: Workplace, lines: Lines = EVERY_LINE) -> Report:
    """Return every organisation with how many holders it has, and what they have."""
    with basis_of(workplace) as basis:
        held = _held_counts(basis, basis.select(Filters()))
        members: dict[str, list[Holder]] = {name: [] for name in basis.organisations.values()}
        for holder_id, holder in basis.holders.items():
            members[basis.organisation_of(holder_id)].append(holder)
        rows = []
        for name in sorted(members, key=name_key):
            having = [held[each.holder_id] for each in members[name] if each.holder_id in held]
            active = sum(each.active for each in members[name])
            rows.append((name, len(members[name]), active, len(having), *_sum(having)))
        assets, overdue_ = _sum(held.values())
        figures = {"organisations": len(rows), "holders": len(basis.holders), "issued": assets, "overdue": overdue_}
        columns = (
            _HOLDER[1], Column("holders", "Holders", "integer"), Column("active", "Active", "integer"),
            Column("with_assets", "With assets", "integer"), *_ASSETS,
        )  # fmt: skip
        members_ = counted(len(basis.holders), "holder")
        answer = f"{counted(len(rows), 'organisation')} with {members_}, who have {counted(assets, 'asset')}."
        return basis.report("organisations", Content("Organisations", answer, figures, columns, rows), lines=lines)


def _in_custody(basis: Basis, filters: Filters, *, details: bool) -> _InCustody:
    chosen = basis.select(filters)
    if not details:
        return _InCustody(_held_counts(basis, chosen))
    of_holder: dict[int, list[HeldAsset]] = {}
    for each in _chosen(basis.snapshot.reports.held(chosen.holder_id), chosen):
        of_holder.setdefault(each.holder_id, []).append(each)
    today = basis.today
    held = {holder_id: _counted(assets, today) for holder_id, assets in of_holder.items()}
    return _InCustody(held, [each for holder_id in _by_name(basis, of_holder) for each in of_holder[holder_id]])


def _held_counts(basis: Basis, chosen: Selection) -> dict[int, _Held]:
    """Return what each holder has who has anything."""
    assets: Counter[int] = Counter()
    late: Counter[int] = Counter()
    for count in basis.snapshot.reports.held_counts(basis.today):
        if chosen.has_holder(count.holder_id) and chosen.has_type(count.equipment_type):
            assets[count.holder_id] += count.assets
            late[count.holder_id] += count.overdue
    return {holder_id: _Held(count, late[holder_id]) for holder_id, count in assets.items()}


def _counted(assets: Sequence[HeldAsset], today: str) -> _Held:
    """Return the same for one holder, counted from what they have."""
    return _Held(len(assets), sum(each.due_on is not None and each.due_on < today for each in assets))


def _sum(held: Iterable[_Held]) -> _Held:
    counts = list(held)
    return _Held(sum(each.assets for each in counts), sum(each.overdue for each in counts))


def _by_name(basis: Basis, holder_ids: Iterable[int]) -> list[int]:
    return sorted(holder_ids, key=lambda number: name_key(basis.holder(number).name))


def _whose(basis: Basis, holder_id: int) -> tuple[str, str]:
    return basis.holder(holder_id).name, basis.organisation_of(holder_id)


def _state(holder: Holder) -> str:
    return "active" if holder.active else "inactive"


def _details(basis: Basis, in_custody: Sequence[HeldAsset]) -> list[Row]:
    """Return a row for each of some assets in custody."""
    asks, added = basis.asks_acceptance, held_unaccepted(basis.snapshot)
    rows: list[Row] = []
    for held in _holdings(basis, in_custody):
        acceptance = OPEN if added.get(held.asset_tag) == held.seq else held.acceptance
        acceptance = acceptance if asks or acceptance == ACCEPTED else NOT_ASKED
        since, correction = _since(basis, held)
        whose = _whose(basis, held.holder_id)
        rows.append((*held[:3], *whose, since, held.due_on, held.batch_id, acceptance, held.seq, correction))
    return rows


def _chosen(assets: Iterable[HeldAsset], chosen: Selection) -> list[HeldAsset]:
    if not chosen.words:
        return list(assets)
    return [each for each in assets if chosen.has_holder(each.holder_id) and chosen.has_type(each.equipment_type)]


def _holdings(basis: Basis, assets: Sequence[HeldAsset]) -> list[Holding]:
    """Return some assets in custody, each with the entry by which it is there."""
    found = {each.asset_tag: each for each in basis.snapshot.reports.holdings(each.asset_tag for each in assets)}
    return [found[each.asset_tag] for each in assets]


def _since(basis: Basis, held: Holding) -> tuple[str, str | None]:
    """Return when an asset came to its holder, and what of that was corrected."""
    if held.body is None:
        raise NotAnEntry(f"entry {held.seq}, by which asset {held.asset_tag} is with its holder, is not there")
    occurred_at = read_turn(held.body).occurred_at
    if held.seq not in basis.amendments.by_row:
        return occurred_at, None
    return basis.amendments.occurred_at(held.seq, occurred_at), basis.amendments.words(decode_body(held.body))


def _open_acceptances(basis: Basis) -> Counter[int]:
    """Return by holder of how many batches nobody accepted what was exchanged; who has to is not always the holder."""
    if not basis.asks_acceptance:
        return Counter()
    found = Counter(handover.holder_id for handover in basis.snapshot.open_handovers())
    found.update(holder_id for _, holder_id in unaccepted(basis.snapshot))
    return found
