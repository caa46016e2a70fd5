"""The audit log's entries: which kinds there are, and their one canonical form (DESIGN §6).

Owns the body of an entry. It is JSON with sorted keys and no white space, in UTF-8 (the form
of RFC 8785 for texts and whole numbers); it is stored, hashed and handed on as it is, never
made again from its parts. The kinds themselves are in `entries`.
"""

import msgspec

from assettrack.domain.entries.accounts import (
    AccountChangeEntry,
    AccountEntry,
    ApiTokenEntry,
    ApiTokenRevokedEntry,
    CredentialEntry,
    SecondFactorEntry,
    SecurityEntry,
)
from assettrack.domain.entries.base import Entry, NotAnEntry
from assettrack.domain.entries.counts import (
    CountAbandonEntry,
    CountCloseEntry,
    CountExceptionsEntry,
    CountScansEntry,
    CountStartEntry,
)
from assettrack.domain.entries.custody import (
    AcceptanceCorrectionEntry,
    AcceptanceEntry,
    CorrectionEntry,
    ReceiptEntry,
)
from assettrack.domain.entries.people import (
    BuildingEntry,
    BuildingUseEntry,
    ContactEntry,
    HolderChangeEntry,
    HolderEntry,
    OrganisationEntry,
    RoomEntry,
)
from assettrack.domain.entries.places import AssignEntry, CaseEntry, MoveEntry, VacateEntry
from assettrack.domain.entries.rows import (
    BatchEntry,
    IssueEntry,
    RetireEntry,
    ReturnEntry,
    ScanEntry,
    TransferEntry,
    UpdateEntry,
)
from assettrack.domain.entries.scanner import ScannerClearedEntry, ScansLeftOutEntry
from assettrack.domain.entries.station import BackupEntry, RestoreEntry, SettingEntry, StationEntry

AnyEntry = (
    StationEntry
    | SettingEntry
    | BackupEntry
    | RestoreEntry
    | ScannerClearedEntry
    | ScansLeftOutEntry
    | CaseEntry
    | AssignEntry
    | MoveEntry
    | VacateEntry
    | HolderEntry
    | HolderChangeEntry
    | ContactEntry
    | OrganisationEntry
    | BuildingEntry
    | RoomEntry
    | BuildingUseEntry
    | BatchEntry
    | ScanEntry
    | IssueEntry
    | ReturnEntry
    | TransferEntry
    | UpdateEntry
    | RetireEntry
    | AcceptanceEntry
    | AcceptanceCorrectionEntry
    | ReceiptEntry
    | CorrectionEntry
    | CountStartEntry
    | CountScansEntry
    | CountCloseEntry
    | CountExceptionsEntry
    | CountAbandonEntry
    | AccountEntry
    | AccountChangeEntry
    | CredentialEntry
    | SecondFactorEntry
    | ApiTokenEntry
    | ApiTokenRevokedEntry
    | SecurityEntry
)

encode_body = msgspec.json.Encoder(order="sorted").encode
"""Return the canonical body of an entry, as bytes."""

_DECODER: msgspec.json.Decoder[AnyEntry] = msgspec.json.Decoder(AnyEntry)


def decode_body(body: bytes) -> AnyEntry:
    """Return the entry that a stored body states.

    Raises:
        NotAnEntry: the body is not JSON or not an entry of a known kind. Whether it is in the canonical
            form is told by making the entry again, as the replay does.
    """
    try:
        return _DECODER.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise NotAnEntry(str(error)) from error


def event_type(entry: Entry) -> str:
    """Return the entry's kind, as it stands in its body."""
    return str(entry.__struct_config__.tag)
