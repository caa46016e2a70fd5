"""A deed: what is written when something decided takes effect, entries and state together.

Owns the form in which a deed is handed to a store, which saves it whole, and to the replay, which
makes each deed again and compares. Who makes deeds: `batch_deeds`, `place_deeds`, and whatever owns
the kind of deed. Nothing else makes entries.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from assettrack.domain.accounts import CredentialKind
from assettrack.domain.audit_log import encode_body
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.facts import Fact
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import Asset, Custody, Inventory, SlotKey


class Signoff(msgspec.Struct, frozen=True):
    """Who does a deed, when by the station's clock (UTC text), and with which version of the program."""

    operator: str
    recorded_at: str
    version: str


class Record(NamedTuple):
    """An entry as it is stored: its body and what it is found by."""

    seq: int
    batch_id: int | None
    asset_tag: str | None
    identity: bytes | None
    body: bytes


class Station(msgspec.Struct, frozen=True):
    """A station's own facts: name, IANA zone, and public key (hex, 32 bytes)."""

    station: str
    timezone: str
    public_key: str


class Contact(NamedTuple):
    """A holder's contact data with its salt (16 random bytes); both None to erase what there is."""

    holder_id: int
    salt: bytes | None
    contact: str | None


class ReceiptText(NamedTuple):
    """The text of a receipt, as it was hashed."""

    receipt_id: int
    text: str


class Signature(NamedTuple):
    """What somebody drew as a signature, which entry ``seq`` holds the hash of; never erased."""

    seq: int
    name: str
    strokes: str


class Credential(NamedTuple):
    """What an account signs in with: the hash of its password or its second factor's secret; None to erase it."""

    account_id: int
    kind: CredentialKind
    text: str | None


Kept = Contact | ReceiptText | Credential | Signature
"""What is kept beside the log, which knows it by its hash only."""


class AssetRow(NamedTuple):
    """The final state of an asset that a deed touched, the UTC text of its latest entry, and how its holder got it."""

    asset_tag: str
    asset: Asset
    holder_id: int | None
    latest: str
    custody: Custody | None = None


class BatchRow(NamedTuple):
    """Where a batch stands in the log; both ends included."""

    batch_id: int
    first_seq: int
    last_seq: int


class Deed(msgspec.Struct, frozen=True):
    """Everything one deed writes. ``records``, in the order of the log, and ``assets`` can be taken once.

    Slots are emptied before assets change and filled after it, so that no order of rows ever
    meets a slot that is still taken. ``facts`` replace those of the same key; ``kept`` is what
    the log knows by its hash only.
    """

    records: Iterator[Record]
    station: Station | None = None
    cases: tuple[tuple[str, int], ...] = ()
    holders: tuple[Holder, ...] = ()
    changed_holders: tuple[Holder, ...] = ()
    vacated: tuple[SlotKey, ...] = ()
    assets: Iterable[AssetRow] = ()
    filled: tuple[tuple[SlotKey, str], ...] = ()
    batch: BatchRow | None = None
    facts: Iterable[Fact] = ()
    kept: tuple[Kept, ...] = ()


def single(entry: DeedEntry, *, facts: Iterable[Fact] = (), kept: tuple[Kept, ...] = ()) -> Deed:
    """Return the deed of one entry that is about no asset, with the facts it leads to and what is kept beside it."""
    return Deed(iter([Record(entry.seq, None, None, None, encode_body(entry))]), facts=facts, kept=kept)


def signed_by(signoff: Signoff) -> dict[str, Any]:
    """Return the fields of an entry that say who did it, when and with which program."""
    return {"operator": signoff.operator, "recorded_at": signoff.recorded_at, "version": signoff.version}


def touching(
    records: Iterator[Record], asset_tags: Iterable[str], inventory: Inventory, facts: Iterable[Fact] = ()
) -> Deed:
    """Return the deed that writes ``records`` and ``facts`` and the state in which the inventory now is."""
    changed = [
        (place, first, inventory.slots[place])
        for place, first in inventory.moved.items()
        if inventory.slots[place] != first
    ]
    return Deed(
        records,
        vacated=tuple(place for place, first, _ in changed if first is not None),
        assets=asset_rows(asset_tags, inventory),
        filled=tuple((place, last) for place, _, last in changed if last is not None),
        facts=facts,
    )


def asset_rows(asset_tags: Iterable[str], inventory: Inventory) -> Iterator[AssetRow]:
    """Yield these assets as they are in the inventory, by the holders' numbers."""
    holder_ids = HolderIds(inventory)
    for asset_tag in asset_tags:
        asset = inventory.assets[asset_tag]
        holder_id = None if asset.holder is None else holder_ids[asset.holder]
        yield AssetRow(asset_tag, asset, holder_id, inventory.latest[asset_tag], inventory.custody.get(asset_tag))


class HolderIds(dict[str, int]):
    """The numbers of holders by their names, looked up once each."""

    def __init__(self, inventory: Inventory) -> None:
        super().__init__()
        self._holders = inventory.holders

    def __missing__(self, name: str) -> int:
        holder = self._holders.named(name)
        assert holder is not None, "whoever holds an asset is registered"
        self[name] = holder.holder_id
        return holder.holder_id
