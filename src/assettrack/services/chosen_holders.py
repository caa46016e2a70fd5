"""Holders who were chosen before a batch is decided: their numbers, and what became of them since.

Owns how a name that is said by hand becomes a number. What is refused of a row is `domain.chosen_holders`'.
"""

from collections.abc import Iterable, Iterator

from assettrack.domain.chosen_holders import TO_REGISTER, doubt_of_next, require_as_chosen
from assettrack.domain.entries.people import HolderChangeEntry, HolderEntry
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import Holder, HolderRegister, name_key
from assettrack.domain.timestamps import utc_text
from assettrack.services.card_marks import registrations
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.stored_entries import decoded_body


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


def number_meant_then(workplace: Workplace, name: str, then: str) -> int:
    """Return the number of the holder whom a name meant at a time (UTC text), by the log; 0 where it meant nobody.

    Of a time that is to come nobody can tell it: then it is as if nobody had ever been called so before.
    """
    since = then if then <= utc_text(workplace.now()) else ""
    with workplace.store.read() as snapshot:
        known = snapshot.holder_called(name)
        first = min((each for each in _moves(snapshot, name_key(name)) if each[1] > since), default=None)
    if first is not None:
        return first[2]
    return TO_REGISTER if known is None else known.holder_id


def _moves(snapshot: Snapshot, key: str) -> Iterator[tuple[int, str, int]]:
    """Yield when a name was given or given up: number and time of the entry, and who had it before, 0 for nobody."""
    changes = map(decoded_body, snapshot.deeds_of_kind("HOLDER_CHANGE"))
    for change in (each for each in changes if isinstance(each, HolderChangeEntry)):
        before, after = name_key(change.before.name) == key, name_key(change.after.name) == key
        if before != after:
            yield change.seq, change.recorded_at, change.holder_id if before else TO_REGISTER
    given = map(decoded_body, registrations(snapshot))
    for entry in (each for each in given if isinstance(each, HolderEntry) and name_key(each.name) == key):
        yield entry.seq, entry.recorded_at, TO_REGISTER


def another_of_the_name(workplace: Workplace, name: str, number: int | None) -> tuple[Holder, Holder] | None:
    """Return the holder who has a name now, and the one with a number, where these are two; else None."""
    if number is None:
        return None
    known = _concerned(workplace, name, number)
    now, other = known.named(name), known.numbered(number)
    return None if now is None or other is None or now == other else (now, other)


def doubt(workplace: Workplace, name: str, chosen: int | None) -> str:
    """Return in a sentence that a name does not mean the holder any more for whom the next are; blank where it does."""
    found = doubt_of_next(name, chosen, _concerned(workplace, name, chosen)) if chosen else None
    return "" if found is None else found.message


def require_chosen(workplace: Workplace, name: str, chosen: int | None) -> None:
    """Make sure that a name means the holder who was chosen under it.

    Raises:
        NotAllowed: it does not any more; the sentence says who is who.
    """
    require_as_chosen(name, chosen, _concerned(workplace, name, chosen))


def why_stopped(workplace: Workplace, name: str, chosen: int | None) -> str:
    """Return in a sentence why rows for a name are stopped that does not mean who was chosen; blank where it does."""
    try:
        require_chosen(workplace, name, chosen)
    except NotAllowed as refusal:
        return refusal.sentence
    return ""


def _concerned(workplace: Workplace, name: str, chosen: int | None) -> HolderRegister:
    """Return the holder whom a name means and the one who was chosen."""
    holders = HolderRegister()
    with workplace.store.read() as snapshot:
        known = snapshot.holder_called(name)
        if known is not None:
            holders.add(known)
        load_chosen(snapshot, holders, [chosen])
    return holders
