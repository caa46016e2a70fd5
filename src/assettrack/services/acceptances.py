"""Acceptances: who accepted what a batch handed over, recorded after the batch; and what nobody has accepted yet."""

from collections.abc import Collection, Sequence
from datetime import tzinfo

import msgspec

from assettrack.domain import acceptance_deeds, errors, station_deeds
from assettrack.domain.acceptance_deeds import Accepting
from assettrack.domain.accepted_rows import AddedRow
from assettrack.domain.correction_histories import Histories
from assettrack.domain.custody_drafts import HandoverEvent
from assettrack.domain.deeds import BatchRow, Signature
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.findings import Finding, NotAllowed
from assettrack.domain.holders import Holder
from assettrack.domain.plans import AcceptedHow
from assettrack.domain.signatures import strokes_sha256
from assettrack.domain.timestamps import NotATime, TimestampReader
from assettrack.services import signed_lists
from assettrack.services.awaited_acceptors import AwaitedSaid, awaited_of, batch_row
from assettrack.services.batch_acceptors import Said, near_giver, require_no_giver
from assettrack.services.corrections import refusals_raised
from assettrack.services.exchanges import StoredExchanges
from assettrack.services.names import clean_name, name_of, require_named
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.receipt_lines import handed_over, usual_acceptors
from assettrack.services.stored_entries import entry_at
from assettrack.services.typed_deeds import signoff
from assettrack.services.unaccepted import unaccepted

NAME_OF_WHO = "The name of who accepted"


class OpenAcceptance(msgspec.Struct, frozen=True):
    """What a batch exchanged with a holder and nobody has accepted; ``recorded_at`` (UTC text) is the batch's.

    ``acceptors`` are those who have to accept, by name. By a ``RETURN`` the station took something back: nobody is
    named, for an operator accepts it, and never the holder. Where all else was accepted before, ``added`` are the
    assets that corrections added since.
    """

    batch_id: int
    holder: str
    recorded_at: str
    deed: HandoverEvent
    acceptors: Sequence[str]
    added: Sequence[str] = ()

    @property
    def words(self) -> str:
        """Who has not accepted what, as one says it."""
        return f"{self._words} ({', '.join(self.added)}, by a later correction)" if self.added else self._words

    @property
    def _words(self) -> str:
        if self.deed == "RETURN":
            return f"an operator has to accept what came back from {self.holder}; nobody has yet"
        how = "issued" if self.deed == "ISSUE" else "transferred"
        whose = "" if self.holder in self.acceptors else f" from {self.holder}"
        names = " and ".join(self.acceptors)
        return f"{names} {'has' if len(self.acceptors) == 1 else 'have'} not accepted what was {how}{whose}"


class OpenList(msgspec.Struct, frozen=True):
    """What nobody has accepted yet, by batch; with the station's rule of acceptances and its IANA zone."""

    rule: str
    timezone: str
    open: Sequence[OpenAcceptance]


class Accepted(msgspec.Struct, frozen=True):
    """An acceptance that was recorded, as entry ``seq``; ``accepted_at`` is UTC text, ``timezone`` the station's.

    ``notices`` are what is worth a look about it.
    """

    seq: int
    batch_id: int
    holder: str
    how: AcceptedHow
    accepted_by: str
    accepted_at: str
    timezone: str
    notices: Sequence[Finding] = ()


class SaidAcceptance(msgspec.Struct, frozen=True):
    """What is said of an acceptance: how, and where it is not as usual by whom and when.

    Without ``by`` the holder accepted what was given to the holder; what the holder passed on to another holder was
    accepted by that one, and what was only taken back by the operator.
    Without ``at`` it is now; a time without a zone is the station's. ``strokes`` are what was drawn on a screen
    (`domain.signatures`). ``shown`` is the mark of the list that whoever accepts was shown, where one was
    (`signed_lists`).
    """

    how: AcceptedHow
    by: str | None = None
    at: str | None = None
    strokes: str | None = None
    shown: str | None = None


def record(workplace: Workplace, batch_id: int, holder_name: str, said: SaidAcceptance) -> Accepted:
    """Record that what a batch exchanged with a holder was accepted; that can be done once.

    What a correction has added since is then accepted apart, and nothing else with it.

    Raises:
        errors.ValueUnusable: the name or the time can't be read.
        errors.NotFound: there is no such batch or holder.
        errors.DeedRefused: the batch exchanged nothing with the holder, it was accepted already, the time is not one at
            which it can have been, or whoever gave it back would accept it.
        desk_errors.AcceptanceNotAsShown: it is another list by now than the one that was shown.
    """
    signed = signoff(workplace)
    by = None if said.by is None else clean_name(said.by, NAME_OF_WHO)
    with refusals_raised(), workplace.store.write() as transaction:
        batch, holder = _required(transaction, batch_id, holder_name)
        added = unaccepted(transaction, holder.holder_id).get((batch_id, holder.holder_id), ())
        acceptance_deeds.require_open(transaction, batch_id, holder.holder_id, added)
        if said.shown is not None:
            signed_lists.require_signed_as_shown(transaction, batch, holder, said.shown)
        if by is None:
            by = _usual_acceptor(transaction, batch, holder, added) or signed.operator
        moves = [row.move for row in added]
        require_no_giver(transaction, batch, holder, by, moves)
        notices = near_giver(transaction, batch, holder, Said(by, signed.operator), moves) if said.by else ()
        timezone = transaction.station().timezone
        at = signed.recorded_at if said.at is None else _utc(workplace.zone(timezone), said.at)
        drawn = None if said.strokes is None else strokes_sha256(said.strokes)
        accepting = Accepting(batch_id, holder.holder_id, said.how, by, at, drawn, added)
        seq = transaction.log_size + 1
        exchanged = Histories(transaction, StoredExchanges(transaction), seq).exchanged(batch_id, holder.holder_id)
        deed = acceptance_deeds.accept(transaction, accepting, exchanged, seq=seq, signoff=signed)
        kept = () if said.strokes is None else (Signature(seq, by, said.strokes),)
        transaction.save(msgspec.structs.replace(deed, kept=kept))
    return Accepted(seq, batch_id, holder.name, said.how, by, at, timezone, notices)


def doubts(workplace: Workplace, batch_id: int, holder_name: str, by: str) -> list[Finding]:
    """Return what is worth a look before it is recorded that ``by`` accepted something; nothing is saved.

    Raises:
        errors.ValueUnusable: it can't be a name.
        errors.NotFound: there is no such batch or holder.
    """
    said = Said(clean_name(by, NAME_OF_WHO), workplace.operator or "")
    with workplace.store.read() as snapshot, refusals_raised():
        batch, holder = _required(snapshot, batch_id, holder_name)
        added = unaccepted(snapshot, holder.holder_id).get((batch_id, holder.holder_id), ())
        return near_giver(snapshot, batch, holder, said, [row.move for row in added])


def all_open(workplace: Workplace, holder_name: str | None = None) -> OpenList:
    """Return what nobody has accepted yet, by batch, or that of one holder; nothing where the station wants none.

    Raises:
        errors.NotFound: nobody of that name is registered.
    """
    with workplace.store.read() as snapshot:
        holder_id = None if holder_name is None else require_named(snapshot, holder_name).holder_id
        rule = station_deeds.acceptance_rule(snapshot)
        return OpenList(rule, snapshot.station().timezone, open_of(snapshot, holder_id))


def open_of(snapshot: Snapshot, holder_id: int | None, said: AwaitedSaid | None = None) -> list[OpenAcceptance]:
    """Return what nobody has accepted yet, or that of one holder; nothing where the station wants none.

    ``said`` remembers what has to be read of batches for it.
    """
    if station_deeds.acceptance_rule(snapshot) == "off":
        return []
    holders = snapshot.all_holders() if holder_id is None else [snapshot.holder(holder_id)]
    names = {holder.holder_id: holder.name for holder in holders if holder is not None}
    added = unaccepted(snapshot, holder_id)
    still = {(each.batch_id, each.holder_id) for each in snapshot.open_handovers(holder_id)} - added.keys()
    called = {key: name_of("holder", names, key[1]) for key in sorted(still | added.keys())}
    waiting = (said or AwaitedSaid()).find(snapshot, still, holder_id)
    waiting |= {key: awaited_of([row.move for row in rows], key[1]) for key, rows in added.items()}
    recorded = _recorded_at(snapshot, {batch_id for batch_id, _ in waiting})
    found = []
    for key, holder in called.items():
        acceptors = [_name(snapshot, names, acceptor) for acceptor in waiting[key].acceptors]
        tags = tuple(dict.fromkeys(row.asset_tag for row in added.get(key, ())))
        found.append(OpenAcceptance(key[0], holder, recorded[key[0]], waiting[key].deed, acceptors, tags))
    return found


def _required(snapshot: Snapshot, batch_id: int, holder_name: str) -> tuple[BatchRow, Holder]:
    """Return the batch and the holder of an acceptance.

    Raises:
        errors.NotFound: there is no such batch or holder.
    """
    batch = snapshot.batch(batch_id)
    if batch is None:
        raise errors.NotFound("batch", str(batch_id))
    return batch, require_named(snapshot, holder_name)


def _recorded_at(snapshot: Snapshot, batch_ids: Collection[int]) -> dict[int, str]:
    """Return when each of some batches was recorded (UTC text)."""
    firsts = {batch_id: batch_row(snapshot, batch_id).first_seq for batch_id in batch_ids}
    return {batch_id: entry_at(snapshot, first_seq, DeedEntry).recorded_at for batch_id, first_seq in firsts.items()}


def _name(snapshot: Snapshot, names: dict[int, str], holder_id: int) -> str:
    """Return the name of a holder, which ``names`` know from then on."""
    if holder_id not in names and (holder := snapshot.holder(holder_id)) is not None:
        names[holder_id] = holder.name
    return name_of("holder", names, holder_id)


def _usual_acceptor(snapshot: Snapshot, batch: BatchRow, holder: Holder, added: Sequence[AddedRow]) -> str:
    """Return who accepts what a batch, as it should have been, exchanged with a holder, where nobody else is named.

    Or what was ``added`` since; blank is the operator.

    Raises:
        NotAllowed: what the holder had went to several.
    """
    moves = [row.move for row in added]
    if not moves:
        found = handed_over(snapshot, batch, only=holder.holder_id).get(holder.holder_id)
        moves = [] if found is None else found.moves
    names = usual_acceptors(snapshot, moves, holder.holder_id)
    if len(names) > 1:
        facts = {"batch_id": batch.batch_id, "holder": holder.name, "names": ", ".join(names)}
        raise NotAllowed("acceptor_unclear", "accepted_by", **facts)
    return names[0] if names else ""


def _utc(zone: tzinfo, text: str) -> str:
    """Return the UTC text of a time that was typed; one without a zone is in the station's."""
    try:
        return TimestampReader(zone).read(text).utc
    except NotATime as error:
        raise errors.ValueUnusable("The time", text, error.reason) from error
