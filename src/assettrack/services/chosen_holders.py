"""Holders who were chosen before a batch is decided: their numbers, and what became of them since.

Owns how a name that is said by hand becomes a number. What is refused of a row is `domain.chosen_holders`'.
"""

from collections.abc import Iterable

from assettrack.domain.chosen_holders import doubt_of_next
from assettrack.domain.holders import HolderRegister
from assettrack.services.ports import Snapshot, Workplace


def load_chosen(snapshot: Snapshot, holders: HolderRegister, chosen: Iterable[int | None]) -> None:
    """Add the holders who were chosen by these numbers to those that are known, whatever they are called by now."""
    for number in {each for each in chosen if each}:
        found = None if holders.numbered(number) else snapshot.holder(number)
        if found is not None:
            holders.add(found)


def number_meant(workplace: Workplace, name: str) -> int | None:
    """Return the number of the holder whom a name means that was said by hand; None where it means nobody yet."""
    with workplace.store.read() as snapshot:
        found = snapshot.holder_called(name) if name else None
    return None if found is None else found.holder_id


def doubt(workplace: Workplace, name: str, chosen: int | None) -> str:
    """Return in a sentence that a name does not mean the holder any more for whom the next are; blank where it does."""
    if not chosen:
        return ""
    holders = HolderRegister()
    with workplace.store.read() as snapshot:
        known = snapshot.holder_called(name)
        if known is not None:
            holders.add(known)
        load_chosen(snapshot, holders, [chosen])
    found = doubt_of_next(name, chosen, holders)
    return "" if found is None else found.message
