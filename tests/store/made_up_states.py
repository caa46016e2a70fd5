"""States drawn by chance, as plain dictionaries, and the batches that ask about them.

The dictionaries are the model that a store's lookups are held against; nothing here asks a store what it found.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from hypothesis import strategies as st

from assettrack.domain.deeds import AssetRow, BatchRow, Deed, Record
from assettrack.domain.facts import Organisation
from assettrack.domain.holders import Holder, name_key
from assettrack.domain.inventory import Asset, Custody, Status
from assettrack.domain.scans import BadRow, Scan
from assettrack.domain.tags import OUT, Place
from assettrack.services.ports import Store
from tests.store.stations import NOW_TEXT

CASES = ("C", "C-1", "CASE 07", "Z_9")
TAGS = tuple(f"A-{number:03}" for number in range(12))
STRANGERS = ("A-00", "A-0000", "Z-1")
"""Tags that no state has; the first two lie next to one that it may have."""

SERIALS = ("SN1", "sn1", "5CG 1'\"", "日本-7")
NAMES = ("Ada Lovelace", "Ömer Çelik", "Straße GmbH", "ada lovelaces", "O'Hara", "Ζωή", "Bo")
NOBODY = ("Nobody Known", "Ad Lovelace")
ACME = Organisation(2, "Acme", "acme")
EARLIER = "2025-11-30T23:59:59.999999Z"


def spellings(name: str) -> list[str]:
    """Return ways to write a name that all mean the same (DESIGN §2)."""
    doubled = name.replace(" ", " \t ")
    return [name, name.casefold(), name.upper(), f"  {doubled} ", unicodedata.normalize("NFD", name)]


@dataclass
class State:
    """Cases with their slots, holders by number, assets by tag with how holders got them, and what batches recorded."""

    cases: dict[str, int] = field(default_factory=dict)
    holders: dict[int, Holder] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    custody: dict[str, Custody] = field(default_factory=dict)
    latest: dict[str, str] = field(default_factory=dict)
    recorded: dict[bytes, int] = field(default_factory=dict)
    about: dict[bytes, str] = field(default_factory=dict)
    """The asset that a recorded row is about."""

    @property
    def slots(self) -> dict[Place, str | None]:
        """Every slot and who is in it."""
        empty: dict[Place, str | None] = {
            Place(case, position): None for case, slots in self.cases.items() for position in range(1, slots + 1)
        }
        return empty | {place: tag for tag, asset in self.assets.items() if (place := asset.place) is not None}

    def holder(self, name: str) -> Holder | None:
        """Find a holder by any spelling, looking at each."""
        found = [holder for holder in self.holders.values() if name_key(holder.name) == name_key(name)]
        return found[0] if found else None

    def save_in(self, store: Store) -> None:
        """Write the whole state, in one transaction of one deed for each batch."""
        with store.write() as transaction:
            transaction.save(Deed(iter([Record(transaction.log_size + 1, None, None, None, b"acme")]), facts=[ACME]))
            for batch_id in sorted({0, *self.recorded.values()}):
                rows = [identity for identity, batch in self.recorded.items() if batch == batch_id]
                first = transaction.log_size + 1
                transaction.save(self._batch(batch_id, rows, first) if batch_id else self._things(first))

    def _things(self, seq: int) -> Deed:
        slotted = [(place, tag) for place, tag in self.slots.items() if tag is not None]
        numbers = {holder.name: number for number, holder in self.holders.items()}
        return Deed(
            iter([Record(seq, None, None, None, b"things")]),
            cases=tuple(self.cases.items()),
            holders=tuple(self.holders.values()),
            assets=tuple(
                AssetRow(tag, asset, numbers[asset.holder] if asset.holder else None, self.latest[tag], custody)
                for tag, asset in self.assets.items()
                for custody in [self.custody.get(tag)]
            ),
            filled=tuple(slotted),
        )

    def _batch(self, batch_id: int, rows: list[bytes], first: int) -> Deed:
        return Deed(self._entries(batch_id, rows, first), batch=BatchRow(batch_id, first, first + len(rows)))

    def _entries(self, batch_id: int, rows: list[bytes], first: int) -> Iterator[Record]:
        yield Record(first, batch_id, None, None, b"batch")
        for seq, identity in enumerate(rows, first + 1):
            yield Record(seq, batch_id, self.about[identity], identity, b"row " + identity.hex().encode())


def made_up_scan(
    row_number: int, asset_tag: str, place: Place | None = None, *, identity: bytes | None = None, **cells: str
) -> Scan:
    """Return a row about an asset; only what a lookup looks at needs to be given."""
    return Scan(
        row_number, asset_tag, NOW_TEXT, NOW_TEXT, "SCAN", "Opal", cells.get("issued_to_name", ""), place, "", "",
        cells.get("serial_number", ""), "", "", "", "", 1,
        identity or sha256(f"{row_number} {asset_tag} {place} {cells}".encode()).digest(),
    )  # fmt: skip


@st.composite
def states(draw: st.DrawFn) -> State:
    """Draw a possible state: some cases, holders, assets wherever assets can be, and rows recorded by two batches."""
    state = State(cases=draw(st.dictionaries(st.sampled_from(CASES), st.integers(1, 4))))
    names = draw(st.lists(st.sampled_from(NAMES), unique_by=name_key))
    state.holders = {number: _holder(draw, number, name) for number, name in enumerate(names, 1)}
    places = list(state.slots)
    empty = list(places)
    for tag in draw(st.lists(st.sampled_from(TAGS), unique=True)):
        state.assets[tag] = _asset(draw, empty, names)
        if state.assets[tag].holder is not None:
            state.custody[tag] = Custody(draw(st.integers(1, 99)), draw(st.sampled_from([None, *places])))
        state.latest[tag] = draw(st.sampled_from([NOW_TEXT, EARLIER]))
        for number in range(draw(st.integers(0, 2))):
            identity = sha256(f"{tag} {number}".encode()).digest()
            state.recorded[identity], state.about[identity] = draw(st.integers(1, 2)), tag
    _number_batches_from_one(state)
    return state


def _holder(draw: st.DrawFn, number: int, name: str) -> Holder:
    """Draw what is known of a holder beside the name."""
    organisation = draw(st.sampled_from([1, ACME.organisation_id]))
    return Holder(number, name, organisation, draw(st.sampled_from([None, f"S-{number}"])), draw(st.booleans()))


def _asset(draw: st.DrawFn, empty: list[Place], names: list[str]) -> Asset:
    """Draw an asset, and take its slot away from the empty ones."""
    possible: list[Status] = ["STORAGE", "RETIRED", *(["IN_CUSTODY"] if names else [])]  # type: ignore[list-item]  # a list display does not keep the literal's type
    status = draw(st.sampled_from(possible))
    place = draw(st.sampled_from([None, *empty])) if status == "STORAGE" else None
    if place is not None:
        empty.remove(place)
    case, position = place or (None, None)
    holder = draw(st.sampled_from(names)) if status == "IN_CUSTODY" else None
    serial = draw(st.sampled_from([None, *SERIALS]))
    due_on = draw(st.sampled_from([None, "2026-05-01"])) if holder else None
    return Asset(status, case, position, holder, "laptop", "B 1", serial, None, "Latitude", None, due_on)


def _number_batches_from_one(state: State) -> None:
    if set(state.recorded.values()) == {2}:
        state.recorded = dict.fromkeys(state.recorded, 1)


@st.composite
def batches(draw: st.DrawFn, state: State) -> list[Scan | BadRow]:
    """Draw rows about known and unknown assets, places, serial numbers and names; some were recorded before."""
    row_kinds: list[Callable[[st.DrawFn, State, int], Scan | BadRow]] = [_scan, _scan, _known_row, _bad_row]
    kinds = draw(st.lists(st.sampled_from(row_kinds), max_size=8))
    return [kind(draw, state, number) for number, kind in enumerate(kinds, 1)]


def _tag(draw: st.DrawFn) -> str:
    return draw(st.sampled_from([*TAGS, *STRANGERS]))


def _place(draw: st.DrawFn) -> Place | None:
    named = st.builds(Place, st.sampled_from([*CASES, "NO CASE"]), st.integers(1, 5))
    return draw(st.one_of(st.none(), st.just(OUT), named))


def _scan(draw: st.DrawFn, _state: State, number: int) -> Scan:
    names = [spelling for name in NAMES for spelling in spellings(name)]
    return made_up_scan(
        number,
        _tag(draw),
        _place(draw),
        serial_number=draw(st.sampled_from(["", *SERIALS, "SN"])),
        issued_to_name=draw(st.sampled_from(["", *names, *NOBODY])),
    )


def _known_row(draw: st.DrawFn, state: State, number: int) -> Scan:
    if not state.recorded:
        return _scan(draw, state, number)
    identity = draw(st.sampled_from(sorted(state.recorded)))
    return made_up_scan(number, state.about[identity], identity=identity)


def _bad_row(draw: st.DrawFn, _state: State, number: int) -> BadRow:
    return BadRow(number, draw(st.sampled_from([None, *TAGS, *STRANGERS])), _place(draw))
