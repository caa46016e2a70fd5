"""Rebuilding: a new database that is exactly what the first entries of a log lead to, by the replay.

The entries and the checkpoints over them are taken as they are stored, byte for byte; every table is made from what the
replay says, through the same writing as any deed. What lies beside the log is taken over where the log, as it is then,
still holds its hash. Must never take a table over: a rebuilt database owes nothing to the tables of the one before.
"""

from collections.abc import Iterator
from itertools import islice, takewhile
from pathlib import Path
from typing import Protocol

from assettrack.domain import station_errors
from assettrack.domain.account_deeds import credential_hashes, text_hash
from assettrack.domain.contact_deeds import contact_hash
from assettrack.domain.deeds import Contact, Credential, Deed, Kept, ReceiptText, Record, Signature, asset_rows
from assettrack.domain.facts import (
    FACT_TABLES,
    FIRST_FACTS,
    Account,
    Building,
    ContactHash,
    Count,
    Fact,
    Organisation,
    ReceiptFact,
    Room,
    SignatureHash,
)
from assettrack.domain.merkle import Tree
from assettrack.domain.receipts import text_sha256
from assettrack.domain.replay import IllegalEntry, Replay
from assettrack.domain.signatures import strokes_sha256
from assettrack.domain.state import EntrySource, State
from assettrack.store import migrations, records
from assettrack.store.connection import Connection, DatabaseSettings, Purpose


class Credentials(Protocol):
    """What accounts sign in with."""

    def credentials(self) -> Iterator[Credential]:
        """Yield what every account signs in with, as far as it is kept."""


class Source(Protocol):
    """The log that is rebuilt from, and what lies beside it; a snapshot has all of it."""

    @property
    def histories(self) -> EntrySource:
        """Single histories of the log."""

    @property
    def accounts(self) -> Credentials:
        """What accounts sign in with."""

    def records(self, first_seq: int = 1, last_seq: int | None = None) -> Iterator[tuple[Record, bytes]]:
        """Yield stored records with their stored leaves, in the order of the log."""

    def checkpoints(self) -> Iterator[tuple[int, str]]:
        """Yield the size and the note of every stored checkpoint, smallest first."""

    def contacts(self) -> Iterator[Contact]:
        """Yield the contact data of every holder of whom there is any."""

    def receipt_texts(self) -> Iterator[ReceiptText]:
        """Yield the text of every receipt."""

    def signatures(self) -> Iterator[Signature]:
        """Yield everything that was drawn as a signature."""


_BEFORE_PEOPLE = (Organisation, Building, Room)
"""Facts to which the rest refers, in this order."""


def rebuild(path: Path, source: Source, size: int) -> None:
    """Make the database that the first ``size`` entries lead to, in a file that is not there yet.

    A transaction must have ended with entry ``size``. Whether the entries are what was signed is not asked here.

    Raises:
        station_errors.DatabaseDamaged: the entries tell no legal history.
        station_errors.StorageFailed: the disk fails or is full.
    """
    replay = Replay(source.histories)
    try:
        replay.run(record for record, _ in source.records(1, size))
    except IllegalEntry as error:
        raise station_errors.DatabaseDamaged(error.reason.rstrip(".")) from error
    connection = Connection(path, DatabaseSettings(), Purpose.MIGRATE)
    try:
        connection.set_journal_mode()
        with connection.transaction():
            for step in migrations.steps():
                migrations.apply_step(connection, step)
            _Rebuilder(connection, source, replay).run(size)
    finally:
        connection.close()


class _Rebuilder:
    """Writes one new database."""

    def __init__(self, connection: Connection, source: Source, replay: Replay) -> None:
        self._connection = connection
        self._source = source
        self._replay = replay
        self._tree = Tree()

    def run(self, size: int) -> None:
        """Write the log with its checkpoints, the station with its first entry and everything else with its last."""
        state = self._replay.state
        stored = (record for record, _ in self._source.records(1, size))
        self._save(Deed(islice(stored, 1), station=state.station, facts=_facts_for_people(state)))
        for at, note in takewhile(lambda checkpoint: checkpoint[0] <= size, self._source.checkpoints()):
            if at > 1:
                self._save(self._everything(stored) if at == size else Deed(islice(stored, at - self._tree.size)))
            if at == size:
                for batch in self._replay.batches:
                    self._connection.rows("INSERT INTO batches VALUES (?, ?, ?)", batch)
            records.save_checkpoint(self._connection, at, note)

    def _save(self, deed: Deed) -> None:
        records.save(self._connection, self._tree, deed)

    def _everything(self, last_records: Iterator[Record]) -> Deed:
        """Return the deed that writes the last entries, and everything that did not go with the first."""
        state = self._replay.state
        inventory = state.inventory
        return Deed(
            last_records,
            cases=tuple(inventory.cases.items()),
            holders=tuple(inventory.holders.all),
            assets=asset_rows(inventory.assets, inventory),
            filled=tuple((place, tag) for place, tag in inventory.slots.items() if tag is not None),
            facts=_facts_after_assets(state),
            kept=tuple(_kept(self._source, state)),
        )


def _facts_for_people(state: State) -> Iterator[Fact]:
    for kind in _BEFORE_PEOPLE:
        yield from (fact for fact in state.facts(kind) if fact not in FIRST_FACTS)


def _facts_after_assets(state: State) -> Iterator[Fact]:
    """Yield all other facts; a count is begun before what it expects, and closed after its scans."""
    counts = list(state.facts(Count))
    yield from (count._replace(closed_seq=None) for count in counts)
    for kind in FACT_TABLES:
        if kind not in _BEFORE_PEOPLE and kind is not Count:
            yield from state.facts(kind)
    yield from (count for count in counts if count.closed_seq is not None)


def _kept(source: Source, state: State) -> Iterator[Kept]:
    """Yield what lies beside the log and is what the log, as it was then, holds the hash of."""
    contacts = {fact.holder_id: fact.contact_sha256 for fact in state.facts(ContactHash)}
    for contact in source.contacts():
        made = contact_hash(contact.salt or b"", contact.contact or "")
        if contacts.get(contact.holder_id) == made:
            yield contact
    texts = {fact.receipt_id: fact.text_sha256 for fact in state.facts(ReceiptFact)}
    for kept in source.receipt_texts():
        if texts.get(kept.receipt_id) == text_sha256(kept.text):
            yield kept
    drawn = {(fact.seq, fact.name): fact.signature_sha256 for fact in state.facts(SignatureHash)}
    for signature in source.signatures():
        if drawn.get((signature.seq, signature.name)) == strokes_sha256(signature.strokes):
            yield signature
    hashes = credential_hashes(state.facts(Account))
    for credential in source.accounts.credentials():
        if hashes.get((credential.account_id, credential.kind)) == text_hash(credential.text or ""):
            yield credential
