"""What a correction leads to beside the row itself: entries that would say otherwise, receipts, hand-overs.

Owns what is looked at before somebody decides. It blocks nothing and is a part of no entry; whether a correction can
be made is `corrections`. Writes nothing.
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

import msgspec

from assettrack.domain.correction_deeds import Proposal
from assettrack.domain.correction_histories import Histories
from assettrack.domain.corrections import Step, decided
from assettrack.domain.entries.custody import CorrectionEntry
from assettrack.domain.entries.rows import RowEntry
from assettrack.domain.facts import ReceiptFact
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import Asset
from assettrack.domain.receipt_tellings import Tellings
from assettrack.domain.receipts import ReceiptTextInvalid, parse_text
from assettrack.domain.station_deeds import acceptance_rule
from assettrack.domain.timestamps import utc_text
from assettrack.services.corrections import refusals_raised
from assettrack.services.effective_history import tellings_of
from assettrack.services.exchanges import StoredExchanges
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.receipt_lines import CustodyTold
from assettrack.services.stored_entries import decoded_body, entry_at
from assettrack.services.unaccepted import accepted_rows, unaccepted

Became = tuple[Asset | None, Asset | None]
"""An asset before and after an entry."""


class Retold(NamedTuple):
    """A later entry that rests on the corrected row: what it made of the asset up to now, and would make of it."""

    seq: int
    kind: str
    was: Became
    would: Became


class ReceiptOtherwise(NamedTuple):
    """A receipt that would not say any more what the log says; ``says`` is what it should say then, in phrases."""

    receipt_id: int
    holder: str
    batch_id: int | None
    says: Sequence[str]


class HandoverOtherwise(NamedTuple):
    """That a batch's exchange with a holder would be open to be accepted, or (not ``asked``) not be asked for."""

    batch_id: int
    holder: str
    asked: bool


class Effects(msgspec.Struct, frozen=True):
    """What a correction leads to beside the row itself."""

    retold: Sequence[Retold] = ()
    receipts: Sequence[ReceiptOtherwise] = ()
    handovers: Sequence[HandoverOtherwise] = ()


def effects(workplace: Workplace, proposal: Proposal) -> Effects:
    """Return what a correction leads to; nothing where it can't be made.

    Raises:
        station_errors.DatabaseDamaged: the history of the asset, or an entry that a receipt names, can't be read.
    """
    if proposal.illegal:
        return Effects()
    with workplace.store.read() as snapshot, refusals_raised():
        now = utc_text(workplace.now())
        return Effects(
            list(_retold(snapshot, proposal)),
            list(_receipts(snapshot, proposal, now)),
            _handovers(snapshot, proposal, now),
        )


def handovers_otherwise(workplace: Workplace, proposal: Proposal) -> list[HandoverOtherwise]:
    """Return what a correction does to acceptances alone, as `effects` tells it.

    Raises:
        station_errors.DatabaseDamaged: the history of an asset can't be read.
    """
    if proposal.illegal:
        return []
    with workplace.store.read() as snapshot, refusals_raised():
        return _handovers(snapshot, proposal, utc_text(workplace.now()))


def _retold(snapshot: Snapshot, proposal: Proposal) -> Iterator[Retold]:
    """Yield the entries after the corrected row by which the asset would go elsewhere than up to now."""
    source = StoredExchanges(snapshot)
    steps = Histories(snapshot, source, snapshot.log_size + 1).steps(proposal.asset_tag)
    row = proposal.row_after
    before = _becoming(snapshot, proposal, steps)
    after = _becoming(snapshot, proposal, {**steps, row.seq: row})
    for seq in sorted(seq for seq in steps if seq > row.seq):
        if _moves(before[seq]) != _moves(after[seq]):
            kind = str(steps[seq].entry.__struct_config__.tag)
            yield Retold(seq, kind, before[seq], after[seq])


def _becoming(snapshot: Snapshot, proposal: Proposal, steps: dict[int, Step]) -> dict[int, Became]:
    """Return what each entry of a history makes of the asset."""
    found: dict[int, Became] = {}
    asset: Asset | None = None
    in_order = [steps[seq] for seq in sorted(steps)]
    for step, inventory, _ in decided(in_order, snapshot.all_cases(), proposal.holders):
        after = inventory.assets.get(proposal.asset_tag)
        found[step.seq] = (asset, after)
        asset = after
    return found


def _moves(became: Became) -> tuple[object, ...]:
    """Return what of an entry is seen by whoever asks where the asset was, and until when it is due."""
    return tuple(None if asset is None else (asset.where, asset.due_on) for asset in became)


def _receipts(snapshot: Snapshot, proposal: Proposal, now: str) -> Iterator[ReceiptOtherwise]:
    """Yield the receipts that name the asset, and of which a line would be told otherwise."""
    as_if = _as_if(proposal, snapshot.log_size + 1, now)
    tellings = tellings_of(snapshot, proposal.asset_tag, [as_if])
    custody = CustodyTold(snapshot)
    for holder in _named(snapshot, proposal):
        later = takewhile(lambda fact: fact.seq > proposal.row_before.seq, snapshot.receipts_of(holder.holder_id))
        for fact in later:
            if fact.batch_id not in {None, *proposal.batches}:
                continue
            says = list(_lines_otherwise(snapshot, fact, as_if, (tellings, custody)))
            if says:
                yield ReceiptOtherwise(fact.receipt_id, holder.name, fact.batch_id, sorted({*says} - {""}))


def _named(snapshot: Snapshot, proposal: Proposal) -> Iterator[Holder]:
    """Yield everybody whom rows about the asset name, or named before they were corrected: those have receipts."""
    numbers = {holder.holder_id for holder in proposal.holders}
    for body in snapshot.bodies_about(proposal.asset_tag):
        entry = decoded_body(body)
        if isinstance(entry, RowEntry):
            numbers |= {number for number in (entry.holder_id, entry.from_holder_id) if number is not None}
    for number in sorted(numbers):
        holder = snapshot.holder(number)
        assert holder is not None, "the database keeps whom an entry names"
        yield holder


def _lines_otherwise(
    snapshot: Snapshot, fact: ReceiptFact, as_if: CorrectionEntry, told_by: tuple[Tellings, CustodyTold]
) -> Iterator[str]:
    """Yield what lines of a receipt should say instead; a blank phrase where the line's entry itself is corrected."""
    tellings, custody = told_by
    for kept in snapshot.receipt_texts(fact.receipt_id):
        try:
            receipt = parse_text(kept.text)
        except ReceiptTextInvalid:  # verifying says so
            return
        for line in receipt.lines:
            if line.asset_tag != as_if.asset_tag:
                continue
            told = tellings.told(line.entry_seq, receipt.log_size if line.event == "held" else None)
            for retelling in told.retellings:
                if retelling.seq == as_if.seq:
                    yield ""
                    entry = entry_at(snapshot, line.entry_seq, RowEntry)
                    yield from custody.otherwise(entry, retelling)


def _as_if(proposal: Proposal, seq: int, now: str) -> CorrectionEntry:
    """Return the entry that the correction would be, but for its reason and who makes it."""
    before, after = proposal.before.asset, proposal.after.asset
    assert before is not None, "an asset that has an entry exists"
    assert after is not None, "an asset whose history is legal exists"
    return CorrectionEntry(
        seq,
        corrects=proposal.corrects,
        asset_tag=proposal.asset_tag,
        changed=proposal.changed,
        reason="",
        before=before,
        after=after,
        holder_id=proposal.holder_id,
        operator="",
        recorded_at=now,
        version="",
    )


def _handovers(snapshot: Snapshot, proposal: Proposal, now: str) -> list[HandoverOtherwise]:
    """Return the hand-overs that would be open to be accepted, or not be asked for."""
    otherwise = {(each.batch_id, each.holder_id): bool(each.asked) for each in proposal.handovers}
    otherwise |= dict(_added_otherwise(snapshot, proposal, now))
    return [_handover(snapshot, key, asked=asked) for key, asked in sorted(otherwise.items())]


def _added_otherwise(snapshot: Snapshot, proposal: Proposal, now: str) -> Iterator[tuple[tuple[int, int], bool]]:
    """Yield the accepted hand-overs, by batch and holder, to which something would be added that nobody accepted.

    Or (false) would have been added no more; nothing where the station asks for no acceptances.
    """
    if acceptance_rule(snapshot) == "off":
        return
    rows, tag = accepted_rows(snapshot), proposal.asset_tag
    as_if = _as_if(proposal, snapshot.log_size + 1, now)
    before, after = ({(row.batch_id, row.holder_id) for row in rows.added_of(tag, more)} for more in ((), (as_if,)))
    for key in sorted(after - before):
        yield key, True
    if before - after:
        added = unaccepted(snapshot)
        for key in sorted(before - after):
            if all(row.asset_tag == tag for row in added[key]):
                yield key, False


def _handover(snapshot: Snapshot, key: tuple[int, int], *, asked: bool) -> HandoverOtherwise:
    batch_id, holder_id = key
    holder = snapshot.holder(holder_id)
    return HandoverOtherwise(batch_id, "" if holder is None else holder.name, asked)
