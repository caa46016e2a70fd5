"""The events of handing over, by the word with which the addresses of their pages begin."""

from types import MappingProxyType

from assettrack.domain.custody_drafts import HandoverEvent

EVENTS: MappingProxyType[str, HandoverEvent] = MappingProxyType(
    {"issue": "ISSUE", "return": "RETURN", "transfer": "TRANSFER"}
)
"""The events by the word with which the address of each begins."""
