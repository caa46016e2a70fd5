"""Where a page says that the next scan goes, and whether it still goes there.

Owns the words for both. What advances by itself with each scan is no part of it: which slot is the next free one, for
the scans of two pages may fill one case in turn, and that a slot which was said is used. Must never decide where a scan
goes.
"""

import msgspec

from assettrack.domain import errors
from assettrack.domain.custody_drafts import CustodyDraft
from assettrack.domain.desk_errors import ListNotAsShown, ScanNotAsShown
from assettrack.domain.queued_scans import Context
from assettrack.domain.tags import OUT, Place

_NOBODY = "nobody yet"
_NO_PLACE = "no place any more"
_NO_SLOT = "no slot"

_OF_PLACE = ("case_name", "unslotted", "place_removed", "slot", "is_used")
"""What says, of a queue, where its next assets go."""


class ShownContext(msgspec.Struct, frozen=True, omit_defaults=True):
    """For whom, into what and as what the next scans go; what a flow does not know is blank, or nobody said yet.

    ``unslotted`` says that they go into no slot. ``slot`` is the position that was said of ``case_name``, for one
    asset, and ``is_used`` that this asset was scanned; without one the next free slots are filled. ``place`` is the
    slot of the next asset that is returned on a list. ``holder_id`` is the number of the holder: two pages may show two
    people by one name. ``place_removed`` says that nobody said where they go since that was removed. ``waiting`` are
    the assets on a list that go to whoever is named next; it changes with each scan, and matters only to one that names
    somebody.
    """

    event_type: str = ""
    case_name: str = ""
    unslotted: bool = False
    holder: str = ""
    equipment_type: str = ""
    place: str = ""
    holder_id: int | None = None
    place_removed: bool = False
    waiting: tuple[str, ...] = ()
    slot: int | None = None
    is_used: bool = False

    @classmethod
    def of_queue(cls, context: Context) -> "ShownContext":
        """Return where the next scans of a queue go."""
        used = None if context.place_removed else context.used
        return cls(
            "" if context.ended else context.event_type, context.case_name, context.unslotted, context.holder,
            context.equipment_type, holder_id=context.holder_id, place_removed=context.place_removed,
            slot=None if context.place_removed else context.slot_position if used is None else used.slot_position,
            is_used=used is not None,
        )  # fmt: skip

    @classmethod
    def of_draft(cls, draft: CustodyDraft) -> "ShownContext":
        """Return for whom the next scans of a hand-over are; by a return, into which slot the next asset goes."""
        if draft.gives:
            return cls(holder=draft.holder, holder_id=draft.holder_id, waiting=draft.waiting)
        if draft.place_removed:
            return cls(place=_NO_PLACE)
        if draft.place == OUT:
            return cls(place=_NO_SLOT)
        return cls(place="" if draft.place is None else str(draft.place))

    @property
    def text(self) -> str:
        """What a page carries of it."""
        return msgspec.json.encode(self).decode()

    def require(self, now: "ShownContext") -> None:
        """Make sure that the next scans go where it was shown.

        Where the slot that was shown is used by now, they are taken: the next asset is held, and goes nowhere.

        Raises:
            desk_errors.ScanNotAsShown: they go elsewhere by ``now``.
        """
        is_used = self.is_used or (now.is_used and self.slot is not None)
        if msgspec.structs.replace(self, waiting=now.waiting, is_used=is_used) != now:
            raise ScanNotAsShown(self.unlike(now), now.unlike(self))

    def require_waiting(self, before: CustodyDraft, after: CustodyDraft) -> None:
        """Make sure that nobody is given what was not shown to wait for a person: it came on the list elsewhere.

        Raises:
            desk_errors.ListNotAsShown: somebody is, by the list ``after`` a scan.
        """
        given = {line.asset_tag for line in after.lines if line.holder}
        came = [tag for tag in before.waiting if tag in given and tag not in self.waiting]
        if came:
            raise ListNotAsShown(came)

    def unlike(self, other: "ShownContext") -> str:
        """Return in words what is otherwise than in another."""
        said = {
            "event_type": f"event {self.event_type}" if self.event_type else "no event",
            "holder": self.holder or _NOBODY,
            "equipment_type": f"type {self.equipment_type}" if self.equipment_type else "no type of new assets",
            "place": self.place or "the slot it came from",
        }
        if self.holder == other.holder:
            said["holder_id"] = f"{said['holder']} (holder {self.holder_id or 'not registered then'})"
        found = [words for name, words in said.items() if getattr(self, name) != getattr(other, name)]
        if any(getattr(self, name) != getattr(other, name) for name in _OF_PLACE):
            found.insert(self.event_type != other.event_type, self._into(other))
        return ", ".join(found)

    def _into(self, other: "ShownContext") -> str:
        """Return in words where an asset goes, beside another place."""
        if self.place_removed:
            return _NO_PLACE
        if self.unslotted:
            return _NO_SLOT
        if self.slot is not None:
            return f"{Place(self.case_name, self.slot)}{', which is used' if self.is_used else ''}"
        if self.case_name and self.case_name == other.case_name:
            return f"the next free slot of {self.case_name}"
        return self.case_name or "no case"


def read_shown(text: str) -> ShownContext | None:
    """Return what a page said of where its scans go, or None where it said nothing.

    Raises:
        errors.ValueUnusable: it is none of the station's pages that says so.
    """
    if not text:
        return None
    try:
        return msgspec.json.decode(text, type=ShownContext)
    except msgspec.MsgspecError as error:
        raise errors.ValueUnusable(
            "The form", text[:40], "it is not one of the station's; open the page anew"
        ) from error
