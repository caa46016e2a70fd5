"""A restore plan: what putting a database back will do, what it gives up, and the code that binds a restore to it.

Owns the values that a preview shows and a restore repeats. The code is made from the log that will be there, the one
that is there now, the newest checkpoint known and the reason: as soon as anything else would be given up than was
shown, it is another.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

import msgspec

from assettrack.domain.checkpoints import Checkpoint
from assettrack.domain.plans import written_code


class ContactMark(NamedTuple):
    """That contact data of a holder is kept, and by what it can be told whether it is the same: its salted hash."""

    holder: str
    salted_hash: bytes


class ContactsThen(msgspec.Struct, frozen=True):
    """What becomes of contact data, by the holders' names.

    ``kept`` is what stays as it is now, ``put_back`` what comes back as it was, though it was changed or erased since,
    or is lost; ``dropped`` what is there now and will be no more.
    """

    kept: Sequence[str]
    put_back: Sequence[str]
    dropped: Sequence[str]


class RestorePlan(msgspec.Struct, dict=True, kw_only=True):
    """What a restore will do.

    ``entries`` and ``root`` (base64) are of the log that will be there, ``now_entries`` and ``now_root`` of the one
    that is there now; they are None where there is none, or where ``damage`` says why it can't be read. The newest
    checkpoint known, here or in the database, states ``newest_entries`` and ``newest_root``. ``lost_entries`` counts
    the entries that are given up, of which ``lost`` are the first that can be read. ``file`` and ``made_at`` are the
    backup's, ``at`` is the point asked for. ``contacts`` are those that will be there.
    """

    station: str
    file: str | None
    at: int | None
    made_at: str | None
    entries: int
    root: str
    now_entries: int | None
    now_root: str | None
    damage: str | None
    newest_entries: int
    newest_root: str
    lost_entries: int
    lost: Sequence[bytes]
    contacts: ContactsThen
    reason: str

    @cached_property
    def confirm_code(self) -> str:
        """The code that confirms exactly this plan."""
        bound = (
            self.station, self.at, self.entries, self.root, self.now_entries, self.now_root, self.damage is None,
            self.newest_entries, self.newest_root, self.lost_entries, self.reason,
        )  # fmt: skip
        return written_code(sha256(msgspec.json.encode(bound)).digest())


def contacts_then(now: Mapping[int, ContactMark], then: Mapping[int, ContactMark]) -> ContactsThen:
    """Return what becomes of contact data, by holders' numbers, when what is there ``now`` gives way to ``then``."""
    same = {number for number, mark in then.items() if number in now and now[number].salted_hash == mark.salted_hash}
    return ContactsThen(
        kept=[mark.holder for number, mark in then.items() if number in same],
        put_back=[mark.holder for number, mark in then.items() if number not in same],
        dropped=[mark.holder for number, mark in now.items() if number not in then],
    )


def newest_known(known: Sequence[Checkpoint], is_held: Callable[[Checkpoint], bool]) -> Checkpoint | None:
    """Return the newest of what is known, or of that alone which will not be held any more, if there is any.

    What is given up is what the entry of the restore has to name.
    """
    given_up = [checkpoint for checkpoint in known if not is_held(checkpoint)]
    return max(given_up or known, key=lambda checkpoint: checkpoint.size, default=None)
