"""Entries about people and where they work: holders, organisations, buildings and rooms.

A holder is named by number and name. Contact data never stands here: only the hash of it, made
with a random salt, so that the data can be erased and nothing of it can be guessed from the log.
"""

import msgspec

from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.holders import AD_HOC_ID, Holder


class HolderEntry(DeedEntry, frozen=True, gc=False, tag="HOLDER", kw_only=True, omit_defaults=True):
    """A holder was registered, by a batch when ``batch_id`` is there; organisation 1 is Ad Hoc."""

    holder_id: int
    name: str
    batch_id: int | None = None
    organisation_id: int = AD_HOC_ID
    identifier: str | None = None


class HolderFacts(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What is known of a holder, before or after a change."""

    name: str
    organisation_id: int = AD_HOC_ID
    identifier: str | None = None
    active: bool = True

    @classmethod
    def of(cls, holder: Holder) -> "HolderFacts":
        """Return the facts of a registered holder."""
        return cls(holder.name, holder.organisation_id, holder.identifier, holder.active)

    def holder(self, holder_id: int) -> Holder:
        """Return the holder of this number with these facts."""
        return Holder(holder_id, self.name, self.organisation_id, self.identifier, self.active)


class HolderChangeEntry(DeedEntry, frozen=True, gc=False, tag="HOLDER_CHANGE", kw_only=True, omit_defaults=True):
    """What is known of a holder was changed; ``with_assets`` counts those held by whoever was made inactive."""

    holder_id: int
    before: HolderFacts
    after: HolderFacts
    reason: str | None = None
    with_assets: int = 0


class ContactEntry(DeedEntry, frozen=True, gc=False, tag="CONTACT", kw_only=True, omit_defaults=True):
    """A holder's contact data was written, or erased where ``contact_sha256`` is missing.

    The hash (hex) is of 16 random bytes of salt followed by the text in UTF-8; both lie outside the log.
    """

    holder_id: int
    name: str
    contact_sha256: str | None = None


class OrganisationEntry(DeedEntry, frozen=True, gc=False, tag="ORGANISATION", kw_only=True, omit_defaults=True):
    """An organisation was registered."""

    organisation_id: int
    name: str


class BuildingEntry(DeedEntry, frozen=True, gc=False, tag="BUILDING", kw_only=True, omit_defaults=True):
    """A building was registered."""

    building: str


class RoomEntry(DeedEntry, frozen=True, gc=False, tag="ROOM", kw_only=True, omit_defaults=True):
    """A room was registered, as `building_room` names it in a batch, in a building."""

    room: str
    building: str


class BuildingUseEntry(DeedEntry, frozen=True, gc=False, tag="BUILDING_USE", kw_only=True, omit_defaults=True):
    """An organisation may use a building from now on, or may no longer."""

    organisation_id: int
    organisation: str
    building: str
    allowed: bool
