"""Words for codes: what people read in a report where programs get a code.

Owns the words for kinds of problems, for the reasons why an asset is unresolved, for kinds of entries
and for how things ended in a count. The codes
themselves stay in what programs read: see `domain.tables`.
"""

from collections.abc import Mapping
from types import MappingProxyType

REASON_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "acceptance_open": "not accepted yet",
        "count_discrepancy": "in doubt by a count",
        "count_open": "count not signed off",
        "holder_inactive": "holder not active",
        "serial_shared": "serial number shared",
        "room_unmanaged": "room not managed",
        "building_not_allowed": "building not allowed",
        "unslotted": "in no slot",
        "not_seen": "not seen",
        "wrong_slot": "in another slot",
        "seen_in_custody": "seen in storage",
    }
)
"""The words for kinds of problems and for reasons; a code that is a word already (``overdue``) stands for itself."""

ENTRY_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "STATION": "Station set up",
        "SETTING": "Setting",
        "BACKUP": "Backup",
        "RESTORE": "Restored",
        "CASE": "Case prepared",
        "SLOT_ASSIGN": "Put into a slot",
        "SLOT_MOVE": "Moved",
        "SLOT_VACATE": "Taken out of its slot",
        "HOLDER": "Holder registered",
        "HOLDER_CHANGE": "Holder changed",
        "CONTACT": "Contact data",
        "ORGANISATION": "Organisation",
        "BUILDING": "Building",
        "ROOM": "Room",
        "BUILDING_USE": "Use of a building",
        "BATCH": "Batch",
        "SCAN": "Scanned",
        "ISSUE": "Issued",
        "RETURN": "Returned",
        "TRANSFER": "Transferred",
        "UPDATE": "Updated",
        "RETIRE": "Retired",
        "ACCEPTANCE": "Accepted",
        "ACCEPTANCE_CORRECTION": "Acceptance corrected",
        "RECEIPT": "Receipt issued",
        "CORRECTION": "Corrected",
        "COUNT_START": "Count begun",
        "COUNT_SCANS": "Count: scans",
        "COUNT_CLOSE": "Count signed off",
        "COUNT_EXCEPTIONS": "Count: not simply found",
        "COUNT_ABANDON": "Count abandoned",
        "ACCOUNT": "Account made",
        "ACCOUNT_CHANGE": "Account changed",
        "CREDENTIAL": "Password",
        "SECOND_FACTOR": "Second factor",
        "API_TOKEN": "API token made",
        "API_TOKEN_REVOKED": "API token revoked",
        "SECURITY": "Signing in",
        "SCANNER_CLEARED": "Scanner cleared",
        "SCANS_LEFT_OUT": "Scans left out",
    }
)
"""The words for kinds of entries, as they stand in a body; the same as on the pages."""

RESULT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "missing": "Missing",
        "wrong_slot": "In another slot",
        "seen_in_custody": "Seen, though a holder has it",
        "unexpected": "Not expected here",
        "unknown_tag": "Unknown tag",
        "retired_but_seen": "Seen, though retired",
        "moved_during_count": "Moved meanwhile",
        "found": "Found",
    }
)
"""The words for how a tag ended in a count; the same as on the pages."""
