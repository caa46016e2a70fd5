"""Owns the parameters of a scanner that matter here, what they should be, and which values endanger scans.

Sources: OPN-2001 Device Parameters, and the CS1504 Data Communication Protocol for which of them change only while
the memory is empty. It must never send anything: `link` does.
"""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType

import msgspec

from assettrack.domain import cards


class Parameter(IntEnum):
    """The parameters that we read or write, by their number."""

    BUZZER = 0x02
    REJECT_REDUNDANT = 0x04
    """0 keeps every scan, 1 drops one that repeats the scan before it, 2 drops one that was ever seen."""
    CODE_128 = 0x08
    AUTO_CLEAR = 0x0F
    """1 erases the memory after an upload, without being told to."""
    LASER_TIME = 0x11
    CODE_39 = 0x1F
    DELETE_KEYS = 0x21
    """Bits: 1 hold Clear to erase all, 2 Clear and a code delete its first record, 4 both keys reset everything."""
    LENGTH_MAX = 0x22
    STORE_STAMPS = 0x23
    """1 keeps a time with every scan. It decides how a record is read, so it is never guessed."""
    SCRATCH_PAD = 0x26
    """32 bytes of free use; the newest models may not keep them."""


CHECKED = (
    Parameter.STORE_STAMPS,
    Parameter.AUTO_CLEAR,
    Parameter.REJECT_REDUNDANT,
    Parameter.DELETE_KEYS,
    Parameter.LENGTH_MAX,
)
"""What is read before anything is uploaded, in this order."""

SAFE: Mapping[int, bytes] = MappingProxyType(
    {
        Parameter.AUTO_CLEAR: b"\0",
        Parameter.REJECT_REDUNDANT: b"\0",
        Parameter.DELETE_KEYS: b"\0",
        Parameter.STORE_STAMPS: b"\1",
    }
)
"""What a scanner of ours is set to, so that no scan leaves it unseen and each has its time."""

ONLY_WHILE_EMPTY = frozenset({0x10, 0x15, 0x16, 0x22, 0x23})
"""Numbers that are to be changed only while a scanner holds no scans; some units take them at any time."""


class Danger(StrEnum):
    """A setting under which scans can get lost or out of order, or are not what they seem."""

    AUTO_CLEAR = "auto_clear"
    """Reading erases. Nothing is uploaded before it is off."""
    AUTO_CLEAR_UNKNOWN = "auto_clear_unknown"
    """The scanner does not say whether reading erases. Nothing is uploaded."""
    STAMPS_UNKNOWN = "stamps_unknown"
    """The scanner does not say whether records hold times. Nothing is uploaded, for they could be read wrongly."""
    NO_STAMPS = "no_stamps"
    """Scans have no times."""
    REJECT_REDUNDANT = "reject_redundant"
    """Repeated scans, of cards too, are dropped by the scanner and never seen."""
    DELETE_KEYS = "delete_keys"
    """A key of the scanner deletes the first record of a code, or all."""
    SHORT_CODES = "short_codes"
    """Codes that are shorter than a card may be are the longest that it stores."""


STOPPING = frozenset({Danger.AUTO_CLEAR, Danger.AUTO_CLEAR_UNKNOWN, Danger.STAMPS_UNKNOWN})
"""Dangers under which nothing is uploaded; of the others, the operator is told."""


class Settings(msgspec.Struct, frozen=True):
    """The checked parameters as the scanner told them; None where it does not know one."""

    stamps: bool | None
    auto_clear: bool | None
    reject_redundant: int | None
    delete_keys: int | None
    length_max: int | None

    @property
    def dangers(self) -> tuple[Danger, ...]:
        """Everything about these settings that endangers scans; the ones that stop an upload first."""
        found = (
            (Danger.AUTO_CLEAR, self.auto_clear is True),
            (Danger.AUTO_CLEAR_UNKNOWN, self.auto_clear is None),
            (Danger.STAMPS_UNKNOWN, self.stamps is None),
            (Danger.NO_STAMPS, self.stamps is False),
            (Danger.REJECT_REDUNDANT, bool(self.reject_redundant)),
            (Danger.DELETE_KEYS, bool(self.delete_keys)),
            (Danger.SHORT_CODES, self.length_max is not None and self.length_max < cards.LENGTH_MAX),
        )
        return tuple(danger for danger, holds in found if holds)


def settings_of(values: Mapping[int, bytes]) -> Settings:
    """Return the settings among parameters that were read; one that is missing or has no value is not known.

    A switch that is neither 0 nor 1 is not known either: what it does can't be told.
    """
    numbers = {number: value[0] for number, value in values.items() if len(value) == 1}
    switches = {0: False, 1: True}
    return Settings(
        stamps=switches.get(numbers.get(Parameter.STORE_STAMPS, -1)),
        auto_clear=switches.get(numbers.get(Parameter.AUTO_CLEAR, -1)),
        reject_redundant=numbers.get(Parameter.REJECT_REDUNDANT),
        delete_keys=numbers.get(Parameter.DELETE_KEYS),
        length_max=numbers.get(Parameter.LENGTH_MAX),
    )
