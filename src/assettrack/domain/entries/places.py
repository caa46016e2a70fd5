"""Entries about cases and slots."""

from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.inventory import Asset


class CaseEntry(DeedEntry, frozen=True, gc=False, tag="CASE", kw_only=True, omit_defaults=True):
    """A case was prepared with slots 1 to ``slots``."""

    case_name: str
    slots: int


class SlotEntry(DeedEntry, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A typed deed about the slot of one asset; ``occurred_at`` is when it was recorded."""

    asset_tag: str
    occurred_at: str
    before: Asset
    after: Asset
    reason: str | None = None


class AssignEntry(SlotEntry, frozen=True, gc=False, tag="SLOT_ASSIGN", kw_only=True, omit_defaults=True):
    """An unslotted asset was put into a slot."""


class MoveEntry(SlotEntry, frozen=True, gc=False, tag="SLOT_MOVE", kw_only=True, omit_defaults=True):
    """An asset was moved from its slot to another."""


class VacateEntry(SlotEntry, frozen=True, gc=False, tag="SLOT_VACATE", kw_only=True, omit_defaults=True):
    """An asset was taken out of its slot."""
