"""What a correction does to acceptances: what is still to be accepted, and by whom, once a history is told otherwise.

Owns which batches exchanged something with a holder only because of a mistake, or should have. What was accepted is
never taken back: the paper exists. But nobody can have accepted what changed hands only later.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from assettrack.domain.correction_histories import Histories, KnownStation
from assettrack.domain.corrections import Step
from assettrack.domain.custody_exchanges import first_after, sides
from assettrack.domain.custody_moves import moves_of
from assettrack.domain.entries.custody import AcceptanceEntry
from assettrack.domain.entries.rows import RowEntry
from assettrack.domain.facts import Handover
from assettrack.domain.findings import Illegal, finding
from assettrack.domain.station_deeds import acceptance_rule


class Retold(NamedTuple):
    """The history of an asset as it is told up to now, and as it is told with a correction."""

    asset_tag: str
    before: Mapping[int, Step]
    after: Mapping[int, Step]


class Touched(msgspec.Struct, frozen=True):
    """How a batch's exchange with a holder is otherwise: with a row that it had not, with a row that it still has."""

    batch_id: int
    holder_id: int
    gained: bool
    remains: bool


def touched(retold: Retold) -> list[Touched]:
    """Return which exchanges are otherwise where a history, legal both times, is told otherwise."""
    before, after = retold.before, retold.after
    moves_before, moves_after = (moves_of(steps[seq] for seq in sorted(steps)) for steps in (before, after))
    found: dict[tuple[int, int], Touched] = {}
    for seq in sorted(moves_before.keys() | moves_after.keys()):
        entry, had, has = after[seq].entry, sides(moves_before.get(seq)), sides(moves_after.get(seq))
        if (had, before[seq].scan) == (has, after[seq].scan) or not isinstance(entry, RowEntry):
            continue
        for holder_id in dict.fromkeys((*has, *had)):
            earlier = found.get((entry.batch_id, holder_id))
            gained, remains = holder_id not in had, holder_id in has
            if earlier is not None:
                gained, remains = gained or earlier.gained, remains or earlier.remains
            found[entry.batch_id, holder_id] = Touched(entry.batch_id, holder_id, gained, remains)
    return list(found.values())


def handovers_of(known: KnownStation, histories: Histories, retold: Retold) -> list[Handover]:
    """Return what is to be known of handovers once the history of an asset is told otherwise.

    Whoever should have been named has the handover to accept, where the station asks for that; of whoever was named by
    mistake it is not asked any more, unless something else of the batch was exchanged with them.

    Raises:
        NotAnEntry: the log is damaged.
    """
    asked = int(acceptance_rule(known) != "off")
    found = []
    for each in touched(retold):
        there = known.fact(Handover, each.batch_id, each.holder_id)
        is_open = there is not None and there.accepted_seq is None
        if each.gained:
            if there is None or (is_open and there.asked != asked):
                found.append(Handover(each.batch_id, each.holder_id, None, asked))
        elif there is not None and is_open and there.asked and not each.remains:
            times = histories.exchanged(each.batch_id, each.holder_id, {retold.asset_tag: retold.after})
            if next(times, None) is None:
                found.append(there._replace(asked=0))
    return found


def accepted_before(known: KnownStation, histories: Histories, retold: Retold) -> Iterator[Illegal]:
    """Yield the acceptances of which all that was accepted would have changed hands only after them.

    Raises:
        NotAnEntry: the log is damaged.
    """
    for each in touched(retold):
        there = known.fact(Handover, each.batch_id, each.holder_id)
        entry = None if there is None or there.accepted_seq is None else histories.stored(there.accepted_seq)
        if not isinstance(entry, AcceptanceEntry):  # nobody has accepted it, or the batch itself says that somebody did
            continue
        times = histories.exchanged(each.batch_id, each.holder_id, {retold.asset_tag: retold.after})
        first = first_after(times, entry.accepted_at)
        if first is not None:
            facts = {"batch_id": entry.batch_id, "holder": entry.name, "at": entry.accepted_at, "first": first}
            said = finding("accepted_before_handover", None, "accepted_at", **facts)
            yield Illegal(entry.seq, retold.asset_tag, said.code, said.message)
