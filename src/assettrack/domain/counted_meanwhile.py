"""What was recorded of assets while people counted them, as far as it tells what became of what they saw, or did not.

Nobody knows at which moment of a count something was seen: files come later, and clocks differ. So a count is judged by
all that was recorded from its beginning to its end. Whatever was recorded in another place, with somebody else, in
another room or retired at any of these moments was moved on record, also where it is as it was by the end: it may have
been somewhere else, or on its way, and that nobody saw it proves nothing. That explains too where it was seen, if it
was in storage at one of these moments. What was with holders, or retired, all the while was recorded in no place,
whoever gave it to whom, retired it or corrected its entries: no such deed explains that it lay somewhere.

Owns the rules by which counts were and are judged so, each under its number: a count that is signed off stays as it is.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol

import msgspec

from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.counts import CountScope, Rule
from assettrack.domain.holders import name_key
from assettrack.domain.inventory import Asset, Inventory

Within = Callable[[Asset], bool]


class EntriesAbout(Protocol):
    """Where the entries about an asset are found."""

    def bodies_about(self, asset_tag: str, before_seq: int) -> Sequence[bytes]:
        """Return the bodies of the entries about an asset before an entry, in the order of the log."""


class Counted(NamedTuple):
    """What a count is of, the tags that it expected and saw, and the entries between which it went on.

    ``touched`` are those about which there are entries in between, maybe among others; None where nobody looked.
    """

    scope: CountScope
    inside: Within
    expected: Collection[str]
    seen: Collection[str]
    began: int
    ends: int
    touched: Collection[str] | None = None


class Meanwhile(NamedTuple):
    """What was recorded while people counted, by tags. By rule 1 that is nothing, by the others as follows.

    ``excused``: where they were seen says nothing against them. Rule 2: what was seen, was not expected, and was given
    to its holder or retired meanwhile, from wherever. Rule 3: what was seen, and was taken out of storage meanwhile and
    not brought back. Rule 4: what was moved on record or is in ``moved``, and is not in ``unstored``.

    ``unstored``: nothing explains that they were seen in a place. Rule 3: what else was seen and is not in storage at
    the end. Rule 4: what has entries in between, none of which found it in storage or left it there.

    ``moved``, by rule 4 alone: what was expected, and was moved on record or is out of the scope after an entry in
    between; what was not expected, and is in the scope after one, or was given to the scope's holder by one.
    """

    excused: Collection[str] = ()
    unstored: Collection[str] = ()
    moved: Collection[str] = ()


NOTHING_MEANWHILE = Meanwhile()


class _Event(msgspec.Struct, frozen=True, gc=False):
    """What of an entry about an asset tells what it did with it, and with whom it is since."""

    seq: int
    event_type: str
    after: Asset
    before: Asset | None = None
    holder_id: int | None = None

    @property
    def was_stored(self) -> bool:
        """Whether it was in storage before or after it."""
        return self.after.status == "STORAGE" or (self.before is not None and self.before.status == "STORAGE")

    @property
    def gives(self) -> bool:
        """Whether somebody has it since who did not before; who that is ``holder_id`` tells, whatever the name is."""
        return self.after.holder not in {None, None if self.before is None else self.before.holder}

    @property
    def moves(self) -> bool:
        """Whether it is recorded elsewhere, or as something else, since."""
        return self.before is None or _recorded(self.before) != _recorded(self.after)


_read_event = msgspec.json.Decoder(_Event).decode


def happened_meanwhile(rule: Rule, source: EntriesAbout, inventory: Inventory, counted: Counted) -> Meanwhile:
    """Return what a rule wants to be known of what was expected and seen.

    The inventory must hold all of that as it is at the end.

    Raises:
        NotAnEntry: the log is damaged.
    """
    return _BY_RULE[rule](source, inventory, counted)


def was_moved(source: EntriesAbout, tag: str, after: int, before: int) -> bool:
    """Tell whether an asset was moved on record between two entries, wherever it is since.

    Raises:
        NotAnEntry: the log is damaged.
    """
    return any(event.moves for event in _events(source, tag, after, before))


def _given_or_retired(source: EntriesAbout, inventory: Inventory, counted: Counted) -> Meanwhile:
    """Rule 2: of what was not expected, what a holder got or was retired, from wherever."""
    excused = set()
    for tag in counted.seen:
        asset = inventory.assets.get(tag)
        if tag in counted.expected or asset is None or asset.status == "STORAGE":
            continue
        if asset.status == "RETIRED":
            events = _events(source, tag, counted.began, counted.ends)
            is_excused = any(event.event_type == "RETIRE" for event in events)
        else:
            custody = inventory.custody.get(tag)
            is_excused = custody is not None and custody.seq > counted.began
        if is_excused:
            excused.add(tag)
    return Meanwhile(excused)


def _once_stored(source: EntriesAbout, inventory: Inventory, counted: Counted) -> Meanwhile:
    """Rule 3: of what was seen and is not in storage at the end, what was there before."""
    outside = {tag for tag in counted.seen if tag in inventory.assets and inventory.assets[tag].status != "STORAGE"}
    unstored = {tag for tag in outside if not _left_storage(source, inventory, tag, counted)}
    return Meanwhile(outside - unstored, unstored)


def _recorded_otherwise(source: EntriesAbout, _: Inventory, counted: Counted) -> Meanwhile:
    """Rule 4: all that was recorded otherwise at any moment, also where it is as it was by the end."""
    excused, unstored, moved = set(), set(), set()
    tags = {*counted.expected, *counted.seen}
    for tag in tags if counted.touched is None else tags.intersection(counted.touched):
        events = _events(source, tag, counted.began, counted.ends)
        is_expected = tag in counted.expected
        is_moved = any(event.moves for event in events)
        is_across = any(_came_or_left(event, counted, is_expected=is_expected) for event in events)
        if is_across or (is_moved and is_expected):
            moved.add(tag)
        if events and not any(event.was_stored for event in events):
            unstored.add(tag)
        elif is_across or is_moved:
            excused.add(tag)
    return Meanwhile(excused, unstored, moved)


_BY_RULE: Mapping[Rule, Callable[[EntriesAbout, Inventory, Counted], Meanwhile]] = MappingProxyType(
    {1: lambda *_: NOTHING_MEANWHILE, 2: _given_or_retired, 3: _once_stored, 4: _recorded_otherwise}
)


def _came_or_left(event: _Event, counted: Counted, *, is_expected: bool) -> bool:
    """Tell whether something was recorded out of the scope since an entry, or inside it where it was not expected.

    What leaves a holder moves: only who got it is to be found.
    """
    if counted.scope.holder_id is not None:
        return not is_expected and event.gives and event.holder_id == counted.scope.holder_id
    return counted.inside(event.after) != is_expected


def _left_storage(source: EntriesAbout, inventory: Inventory, tag: str, counted: Counted) -> bool:
    """Tell whether something that is not in storage at the end was taken out of there meanwhile."""
    custody = inventory.custody.get(tag)
    if custody is not None and custody.seq <= counted.began:
        return False
    events = _events(source, tag, counted.began, counted.ends)
    return any(event.before is None or event.before.status == "STORAGE" for event in events)


def _events(source: EntriesAbout, tag: str, after: int, before: int) -> list[_Event]:
    """Return the entries about an asset between two entries, in the order of the log."""
    try:
        events = [_read_event(body) for body in source.bodies_about(tag, before)]
    except msgspec.MsgspecError as error:
        raise NotAnEntry(f"an entry about asset {tag} can't be read") from error
    return [event for event in events if event.seq > after]


def _recorded(asset: Asset) -> tuple[object, ...]:
    """Return where something is by the record: what lies in a slot is there, whatever room was noted of it."""
    room = asset.building_room if asset.case_name is None else None
    key = None if room is None else name_key(room)
    return asset.status, asset.case_name, asset.slot_position, asset.holder, key
