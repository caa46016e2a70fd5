"""A restore plan: what putting a database back will do, what it gives up, and the code that binds a restore to it.

Owns the values that a preview shows and a restore repeats. The code is made from the log that will be there, the one
that is there now, the newest checkpoint known and the reason: as soon as anything else would be given up than was
shown, it is another.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from hashlib import sha256

import msgspec

from assettrack.domain.checkpoints import Checkpoint
from assettrack.domain.plans import written_code


class RestorePlan(msgspec.Struct, dict=True, kw_only=True):
    """What a restore will do.

    ``entries`` and ``root`` (base64) are of the log that will be there, ``now_entries`` and ``now_root`` of the one
    that is there now; they are None where there is none, or where ``damage`` says why it can't be read. The newest
    checkpoint known, here or in the database, states ``newest_entries`` and ``newest_root``. ``lost_entries`` counts
    the entries that are given up, of which ``lost`` are the first that can be read. ``file`` and ``made_at`` are the
    backup's, ``at`` is the point asked for.
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
    reason: str

    @cached_property
    def confirm_code(self) -> str:
        """The code that confirms exactly this plan."""
        bound = (
            self.station, self.at, self.entries, self.root, self.now_entries, self.now_root, self.damage is None,
            self.newest_entries, self.newest_root, self.lost_entries, self.reason,
        )  # fmt: skip
        return written_code(sha256(msgspec.json.encode(bound)).digest())


def newest_known(known: Sequence[Checkpoint], is_held: Callable[[Checkpoint], bool]) -> Checkpoint | None:
    """Return the newest of what is known, or of that alone which will not be held any more, if there is any.

    What is given up is what the entry of the restore has to name.
    """
    given_up = [checkpoint for checkpoint in known if not is_held(checkpoint)]
    return max(given_up or known, key=lambda checkpoint: checkpoint.size, default=None)
