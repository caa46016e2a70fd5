"""A line of a hand-over list: which asset, for whom, and where to; and what stands for lines that somebody saw.

Owns which lines are whose. A person stands on a line by name and number, as they were chosen: a name may be another's
by the time the list is committed, and a line never goes over to another person by itself.
"""

from collections.abc import Sequence
from hashlib import sha256

import msgspec

from assettrack.domain.chosen_holders import TO_REGISTER
from assettrack.domain.holders import Holder, name_key
from assettrack.domain.tags import Place


class DraftLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One asset of a draft: for whom, or for a return into which slot.

    A blank ``holder`` is not said yet; ``holder_id`` is the number of whoever was chosen, 0 where the batch is to
    register them, None where nobody knows. Without ``place`` an asset goes back to the slot from which it was issued,
    its ``home`` when the draft was checked; `OUT` is into no slot. ``had_by`` is who had it when that was looked at
    last, ``had_by_id`` the number of that holder.
    """

    asset_tag: str
    holder: str = ""
    place: Place | None = None
    home: Place | None = None
    had_by: str | None = None
    holder_id: int | None = None
    had_by_id: int | None = None

    @property
    def mark(self) -> str:
        """What stands for the line as it was made: another one has another."""
        return mark_of_lines([self])

    def had_by_now(self, holder: Holder | None) -> "DraftLine":
        """Return the line with whoever has the asset now."""
        name, number = (None, None) if holder is None else (holder.name, holder.holder_id)
        return msgspec.structs.replace(self, had_by=name, had_by_id=number)

    def comes_from_other(self, now: "DraftLine") -> bool:
        """Tell whether somebody had the asset, and by now it is somebody else, or the same one by another name."""
        is_other = None not in {self.had_by_id, now.had_by_id} and self.had_by_id != now.had_by_id
        return self.had_by is not None and (self.had_by != now.had_by or is_other)

    def chosen_for(self, holder: str, holder_id: int | None) -> "DraftLine":
        """Return the line once a person is chosen: theirs where it was nobody's, or theirs already by another name.

        Who was chosen as somebody to be registered, and is registered since, is the same when chosen again.
        """
        is_theirs = bool(holder_id) and self.holder_id == holder_id
        was_new = bool(holder_id) and self.holder_id == TO_REGISTER and name_key(self.holder) == name_key(holder)
        if self.holder and not is_theirs and not was_new:
            return self
        return msgspec.structs.replace(self, holder=holder, holder_id=holder_id)


def lines_of(lines: Sequence[DraftLine], name: str, *, gives: bool) -> list[DraftLine]:
    """Return the lines for which somebody signs; where nothing is given, one person signs for all."""
    return [line for line in lines if line.holder == name or not gives]


def mark_of_lines(lines: Sequence[DraftLine]) -> str:
    """Return what stands for lines as they were made."""
    return sha256(msgspec.json.encode(bare(lines))).hexdigest()


def bare(lines: Sequence[DraftLine]) -> list[DraftLine]:
    """Return lines as they were made: a check that knows more of them makes no other list of it."""
    return [msgspec.structs.replace(line, home=None, had_by=None, had_by_id=None) for line in lines]
