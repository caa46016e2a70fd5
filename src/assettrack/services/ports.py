"""What the services need of the world around them, as Protocols.

`store` and `station` fulfil them, `bootstrap` joins them. A transaction has no commit: the
store commits when the block that received it ends well, and nothing else can.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, tzinfo
from typing import Protocol

import msgspec

from assettrack.domain.asset_codes import Gs1Reader
from assettrack.domain.deeds import BatchRow, Contact, Deed, ReceiptText, Record, Signature, Station
from assettrack.domain.facts import AnyFact, Correction, Handover, KeyPart, ReceiptFact
from assettrack.domain.findings import Finding
from assettrack.domain.holders import Holder, HolderRegister
from assettrack.domain.inventory import Asset, Custody, Inventory, SlotKey
from assettrack.domain.merkle import HashSource
from assettrack.domain.plans import Options, ShownPlan
from assettrack.domain.scans import BadRow, EventType, Scan
from assettrack.domain.signatures import Drawing
from assettrack.domain.signed_notes import Verify
from assettrack.domain.state import EntrySource
from assettrack.domain.tags import Place
from assettrack.domain.validation import Cells
from assettrack.services.account_ports import AccountSource
from assettrack.services.browse_ports import BrowseSource
from assettrack.services.report_ports import ReportSource


class Snapshot(Protocol):
    """One unchanging view of the database. It can't write."""

    @property
    def log_size(self) -> int:
        """How many entries the log has."""

    @property
    def hashes(self) -> HashSource:
        """The stored hashes of the log's tree."""

    @property
    def histories(self) -> "Histories":
        """Single histories of the log."""

    @property
    def browsing(self) -> BrowseSource:
        """The present state, as somebody looks around in it."""

    @property
    def reports(self) -> ReportSource:
        """The present state and the log, as reports ask for them."""

    @property
    def accounts(self) -> AccountSource:
        """Accounts, and what they sign in with; `accounts` alone may ask for the latter."""

    def station(self) -> Station:
        """Return the station's own facts."""

    def inventory(self) -> Inventory:
        """Return an inventory that holds nothing yet but the rules of the station."""

    def fact(self, kind: type[AnyFact], *key: KeyPart) -> AnyFact | None:
        """Return the fact of this kind and key, or None."""

    def last(self, kind: type[AnyFact]) -> AnyFact | None:
        """Return the fact of this kind with the greatest key, or None."""

    def facts(self, kind: type[AnyFact], *key: KeyPart) -> Iterator[AnyFact]:
        """Yield all facts of a kind whose key begins like this, in the order of their keys."""

    def holder(self, holder_id: int) -> Holder | None:
        """Return a holder by number, or None."""

    def assets_of(self, holder_id: int) -> Sequence[str]:
        """Return the tags of the assets that a holder has, in order."""

    def all_custody(self) -> Iterator[tuple[str, Custody]]:
        """Yield every asset in custody, by tag, and how it came to the holder it has."""

    def contacts(self, holder_id: int | None = None) -> Iterator[Contact]:
        """Yield the contact data of every holder of whom there is any, or of one; `contacts` alone may ask for it."""

    def open_handovers(self, holder_id: int | None = None) -> Iterator[Handover]:
        """Yield what nobody has accepted yet, by batch and holder, or that of one holder."""

    def receipts_of(self, holder_id: int) -> Iterator[ReceiptFact]:
        """Yield the receipts of a holder, the latest first."""

    def receipt_texts(self, receipt_id: int | None = None) -> Iterator[ReceiptText]:
        """Yield the text of every receipt, or of one."""

    def signatures(self, seq: int | None = None) -> Iterator[Signature]:
        """Yield what was drawn as signatures, all or those that one entry holds the hashes of."""

    def load(self, inventory: Inventory, rows: Sequence[Scan | BadRow]) -> None:
        """Add to the inventory what these rows of a batch touch and it does not hold yet."""

    def inventory_of(self, asset_tags: Sequence[str], places: Sequence[Place]) -> Inventory:
        """Return what a typed deed about assets, slots and cases touches."""

    def holder_called(self, name: str) -> Holder | None:
        """Return the holder whom a name means in any spelling, or None; nobody else is read."""

    def holders_named(self, names: Sequence[str]) -> HolderRegister:
        """Return the holders of these names, and all others when one is unknown."""

    def all_holders(self) -> Sequence[Holder]:
        """Return all holders, by number."""

    def holder_keys(self) -> Iterator[tuple[int, str]]:
        """Yield every holder's number and the stored form by which its name is found."""

    def all_assets(self) -> Iterator[tuple[str, str, Asset]]:
        """Yield every asset by tag: tag, UTC text of its latest entry, state."""

    def asset(self, asset_tag: str) -> Asset | None:
        """Return the state of one asset, or None."""

    def all_cases(self) -> dict[str, int]:
        """Return all cases by name, with their number of slots."""

    def all_slots(self) -> Iterator[tuple[Place, str | None]]:
        """Yield every slot and who is in it, by case and position."""

    def slots_of(self, case_name: str) -> Sequence[tuple[int, str | None]]:
        """Return the positions of a case and who is in them; nothing for an unknown case."""

    def all_batches(self) -> Sequence[BatchRow]:
        """Return where every batch stands in the log."""

    def batch(self, batch_id: int) -> BatchRow | None:
        """Return where a batch stands in the log, or None."""

    def last_batch_id(self) -> int:
        """Return the number of the latest batch, 0 before the first."""

    def records(self, first_seq: int = 1, last_seq: int | None = None) -> Iterator[tuple[Record, bytes]]:
        """Yield stored records with their stored leaves, in the order of the log."""

    def bodies_about(self, asset_tag: str) -> Sequence[bytes]:
        """Return the bodies of all entries about an asset, in the order of the log."""

    def checkpoints(self) -> Iterator[tuple[int, str]]:
        """Yield the size and the note of every stored checkpoint, smallest first."""

    def checkpoint_at_least(self, size: int) -> str | None:
        """Return the first stored checkpoint whose log has at least ``size`` entries."""

    def subtrees(self) -> Iterator[tuple[int, int, bytes]]:
        """Yield level, number and hash of every stored subtree."""

    def deeds_of_kind(self, event_type: str) -> Iterator[bytes]:
        """Yield the bodies of all typed deeds of a kind, newest first; reads the log from its end."""

    def batches_with_holders(self) -> Sequence[int]:
        """Return the first entries of the batches that registered holders, newest first."""

    def schema_faults(self) -> Sequence[str]:
        """Return what differs between the schema and the one this version makes, in sentences."""

    def file_faults(self) -> Sequence[str]:
        """Return what the database engine finds wrong with its file, in sentences."""


class Histories(EntrySource, Protocol):
    """Single histories of the log, and what was corrected in them."""

    def assets_put_in(self, place: SlotKey, before_seq: int) -> Sequence[str]:
        """Return the assets that an entry before this one put into a slot, or a correction says should have been."""

    def corrections_of(self, asset_tag: str) -> Sequence[Correction]:
        """Return what was corrected in the history of an asset, in the order of the corrected entries."""

    def superseded(self, seqs: Iterable[int]) -> dict[int, int]:
        """Return those of the entries that were corrected, each with the entry that corrects it."""


class Transaction(Snapshot, Protocol):
    """A snapshot that can save deeds. It has no commit, and ends in a checkpoint."""

    @property
    def checkpoint(self) -> str:
        """The signed checkpoint in which the transaction ended; there once it has."""

    def save(self, deed: Deed) -> None:
        """Write a deed: its entries and the state it leads to."""


class Store(Protocol):
    """One station's database."""

    def read(self) -> AbstractContextManager[Snapshot]:
        """Open a read-only snapshot."""

    def write(self) -> AbstractContextManager[Transaction]:
        """Open the one transaction that may write; saved when the block ends well, else undone."""

    def scrub(self) -> bool:
        """Bring it about that nothing that was erased is left in the files; tell whether that could be done now."""


class BatchSource(Protocol):
    """A file of scans as it was read: see `formats.scan_csv`."""

    @property
    def sha256(self) -> str:
        """Hash of the file's bytes, in hex; empty where the file could not be read."""

    @property
    def problems(self) -> Sequence[Finding]:
        """Problems of the file as a whole; where there are any, it yields no rows."""

    @property
    def notices(self) -> Sequence[Finding]:
        """Notices about the file as a whole."""

    @property
    def event_types(self) -> Sequence[EventType]:
        """The events that its rows may have."""

    @property
    def drawings(self) -> Sequence[Drawing]:
        """What was drawn as signatures for it; the options hold the hashes."""

    @property
    def is_timeless(self) -> bool:
        """Whether the rows take place when they are committed, so that their time can't be confirmed before."""

    @property
    def is_typed(self) -> bool:
        """Whether the rows are those of a command, and no file's."""

    @property
    def holders_chosen(self) -> Sequence[int | None]:
        """The number of the holder who was chosen for each of its rows, None where nobody knows; none for a file."""

    def rows(self) -> Iterator[Cells | Finding]:
        """Yield each data row in file order, or the problem with it."""

    def release(self) -> None:
        """Let go of the file's content; there are no rows after that."""


class PlanShelf(Protocol):
    """Where previewed plans are kept, outside the database."""

    def keep(self, code: str, source_sha256: str, options: Options, blocks: Iterable[bytes]) -> None:
        """Keep a plan under its confirm code. A shelf that can't be written loses the plan, never the preview."""

    def find(self, code: str) -> ShownPlan | None:
        """Return the plan that was shown with this code, or None."""

    def of(self, account_id: int) -> "PlanShelf":
        """Return the shelf of an account, on which nobody else's plans take the place of its own."""


def let_go(_value: object) -> None:
    """Keep nothing: the value is freed as soon as nobody else has it."""


class Workplace(msgspec.Struct, frozen=True):
    """A station as the services see it: its store, its clock, its shelf of plans.

    ``read_gs1`` reads GS1 codes, ``salt`` gives 16 random bytes, ``version`` is the program's, ``operator`` who does
    the deeds (None where nobody is named). ``done_with`` is handed the values of a whole batch when a service needs
    them no more: a process that ends right after may keep them, because freeing millions of values one by one takes
    time.
    """

    store: Store
    now: Callable[[], datetime]
    zone: Callable[[str], tzinfo]
    plans: PlanShelf
    verify: Verify
    read_gs1: Gs1Reader
    salt: Callable[[], bytes]
    version: str
    operator: str | None = None
    done_with: Callable[[object], None] = let_go
