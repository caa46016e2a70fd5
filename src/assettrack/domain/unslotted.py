"""Since when an asset that is in storage has been in no slot.

Owns how that follows from the asset's history: from the recorded states where nothing was corrected, else from the
history with the corrections in place, as the rules decide it. Must never be asked about an asset that is in a slot.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from assettrack.domain.corrections import STILL, Course, Step
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.inventory import Status


class Spot(msgspec.Struct, frozen=True, gc=False):
    """A state of an asset, as far as it tells whether the asset is in storage, and in a slot."""

    status: Status
    case_name: str | None = None

    @property
    def is_unslotted(self) -> bool:
        """Whether the asset is in storage in no slot."""
        return self.status == "STORAGE" and self.case_name is None


class Passage(msgspec.Struct, frozen=True, gc=False):
    """What of an entry about an asset tells where it came from and went to; the time is UTC text."""

    occurred_at: str
    after: Spot
    before: Spot | None = None


class Since(NamedTuple):
    """The entry by which an asset came to be in no slot, and when that took place (UTC text)."""

    seq: int
    occurred_at: str


_LEADS_ELSEWHERE = "the entries about an asset in no slot don't lead there"

_read = msgspec.json.Decoder(Passage).decode


def unslotted_since(rows: Iterable[tuple[int, bytes]]) -> Since:
    """Return since when an asset has been in no slot; ``rows`` are all entries about it, of which none is a correction.

    Raises:
        NotAnEntry: they don't lead there.
    """
    since = None
    for seq, body in rows:
        passage = _passage(body)
        if not passage.after.is_unslotted:
            since = None
        elif passage.before is None or not passage.before.is_unslotted:
            since = Since(seq, passage.occurred_at)
    if since is None:
        raise NotAnEntry(_LEADS_ELSEWHERE)
    return since


def unslotted_by(seq: int, body: bytes) -> Since | None:
    """Return since when an asset has been in no slot, if that is the last entry about it; None if it was before.

    Raises:
        NotAnEntry: the entry doesn't leave it there, or is none.
    """
    passage = _passage(body)
    if not passage.after.is_unslotted:
        raise NotAnEntry(_LEADS_ELSEWHERE)
    came = passage.before is None or not passage.before.is_unslotted
    return Since(seq, passage.occurred_at) if came else None


def corrected_unslotted_since(course: Course, steps: Mapping[int, Step]) -> Since:
    """Return the same for an asset in whose history something was corrected: ``steps`` are its effective history.

    Nothing has put it into a slot after its last stay ended, nothing has taken it out of storage after its last
    RETURN: whichever was later, or else its first entry, has left it in no slot.
    """
    ends = [stay.end for stay in course.stays if stay.end != STILL]
    returns = [seq for seq, step in steps.items() if step.scan is not None and step.scan.event_type == "RETURN"]
    seq = max([min(steps), *ends, *returns])
    step = steps[seq]
    return Since(seq, step.entry.occurred_at if step.scan is None else step.scan.occurred_at)


def _passage(body: bytes) -> Passage:
    try:
        return _read(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotAnEntry(str(error)) from error
