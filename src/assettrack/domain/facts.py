"""Facts: the small tables that the log leads to, beside assets, slots, cases and holders.

A fact is one row of one table. Whatever writes facts writes their entry with them; the replay
makes the same facts again, and verifying compares them. A table is described here once, and
the store writes and reads all of them alike. Must never hold contact data, the text of
a receipt, what somebody drew as a signature or signs in with: those are kept outside the log and known to it by their
hash only.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

from assettrack.domain.holders import AD_HOC, AD_HOC_ID, Holder, HolderRegister, name_key

KeyPart = str | int | bytes | None
"""What one column of a key may be."""


class Setting(NamedTuple):
    """A rule of the station that was set otherwise than it is by default."""

    name: str
    value: str


class Organisation(NamedTuple):
    """An organisation, in the first spelling; ``name_key`` is what its spellings have in common."""

    organisation_id: int
    name: str
    name_key: str


class Building(NamedTuple):
    """A building."""

    building_key: str
    name: str


class Room(NamedTuple):
    """A room, as `building_room` names it in a batch."""

    room_key: str
    name: str
    building_key: str


class BuildingUse(NamedTuple):
    """Whether (1 or 0) an organisation may use a building; without this fact it may not."""

    organisation_id: int
    building_key: str
    allowed: int


class ContactHash(NamedTuple):
    """The SHA-256 (32 bytes) of a holder's contact data, made with its salt; None once it was erased."""

    holder_id: int
    contact_sha256: bytes | None


class Handover(NamedTuple):
    """That a batch handed something over to a holder or took it back, and the entry by which that was accepted.

    ``asked`` is 0 where no acceptance is asked for: the station went without, or it was corrected to be of others.
    """

    batch_id: int
    holder_id: int
    accepted_seq: int | None
    asked: int = 1


class ReceiptFact(NamedTuple):
    """A receipt that was issued, and the hash of its text (hex); ``batch_id`` is None for all that the holder has."""

    receipt_id: int
    seq: int
    holder_id: int
    batch_id: int | None
    text_sha256: str


class SignatureHash(NamedTuple):
    """That entry ``seq`` says that somebody of this name signed on a screen, and the hash (hex) of what was drawn."""

    seq: int
    name: str
    signature_sha256: str


class Correction(NamedTuple):
    """That entry ``corrected_seq`` is superseded by the correction of entry ``seq``."""

    corrected_seq: int
    seq: int
    asset_tag: str


class Count(NamedTuple):
    """A count; ``closed_seq`` is None while it is open."""

    count_id: int
    started_seq: int
    closed_seq: int | None


class Expected(NamedTuple):
    """An asset that a count expects, where or with whom it was recorded when the count began."""

    count_id: int
    asset_tag: str
    case_name: str | None
    slot_position: int | None
    holder_id: int | None


class CountScans(NamedTuple):
    """That entry ``seq`` holds scans of a count."""

    count_id: int
    seq: int


class Account(NamedTuple):
    """What a person signs in with: name in the first spelling, role, and the hashes of what is kept beside the log.

    The hashes (32 bytes) are None where there is no password, or no second factor. ``one_time`` is 1 where the password
    must be changed at the next sign-in; ``active`` is 0 where nobody can sign in with the account.
    """

    account_id: int
    name: str
    name_key: str
    role: str
    active: int
    credential_sha256: bytes | None = None
    one_time: int = 0
    secret_sha256: bytes | None = None


class ApiToken(NamedTuple):
    """A token with which a program acts for an account; ``revoked`` is 1 where it is good for nothing any more."""

    token_id: int
    account_id: int
    label: str
    token_sha256: bytes
    revoked: int = 0


Fact = (
    Setting
    | Organisation
    | Building
    | Room
    | BuildingUse
    | ContactHash
    | Handover
    | ReceiptFact
    | Correction
    | Count
    | Expected
    | CountScans
    | Account
    | ApiToken
    | SignatureHash
)
AnyFact = TypeVar("AnyFact", bound=Fact)


class FactTable(NamedTuple):
    """Where facts of one kind are kept: the table, how many leading columns are its key, whether a fact may change."""

    name: str
    key_columns: int
    may_change: bool = False


FACT_TABLES: dict[type[Any], FactTable] = {
    Setting: FactTable("settings", 1, may_change=True),
    Organisation: FactTable("organisations", 1),
    Building: FactTable("buildings", 1),
    Room: FactTable("rooms", 1),
    BuildingUse: FactTable("building_uses", 2, may_change=True),
    ContactHash: FactTable("contact_hashes", 1, may_change=True),
    Handover: FactTable("handovers", 2, may_change=True),
    ReceiptFact: FactTable("receipts", 1),
    Correction: FactTable("corrections", 1),
    Count: FactTable("counts", 1, may_change=True),
    Expected: FactTable("count_expected", 2),
    CountScans: FactTable("count_scans", 2),
    Account: FactTable("accounts", 1, may_change=True),
    ApiToken: FactTable("api_tokens", 1, may_change=True),
    SignatureHash: FactTable("signature_hashes", 2),
}

FIRST_FACTS: tuple[Fact, ...] = (Organisation(AD_HOC_ID, AD_HOC, name_key(AD_HOC)),)
"""What every station knows before its first entry."""


def key_of(fact: Fact) -> tuple[object, ...]:
    """Return what a fact is found by in its table."""
    return fact[: FACT_TABLES[type(fact)].key_columns]


class KnownFacts(Protocol):
    """What is known while a deed is decided: by a store's transaction, or by the replay."""

    def fact(self, kind: type[AnyFact], *key: KeyPart) -> AnyFact | None:
        """Return the fact of this kind and key, or None."""

    def last(self, kind: type[AnyFact]) -> AnyFact | None:
        """Return the fact of this kind with the greatest key, or None."""

    def facts(self, kind: type[AnyFact], *key: KeyPart) -> Iterator[AnyFact]:
        """Yield all facts of a kind whose key begins like this, in the order of their keys."""

    def holder(self, holder_id: int) -> Holder | None:
        """Return a holder by number, or None."""

    def holders_named(self, names: Sequence[str]) -> HolderRegister:
        """Return the holders of these names, and all others when one is unknown."""
