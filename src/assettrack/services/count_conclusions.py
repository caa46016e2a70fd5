"""How a count would end, as somebody is shown it and then confirms just that: its code, and what differs later.

Owns what such a code is made from: what was asked for and how each tag ends, and nothing that moves without them (no
clock, no position of the log). Must never save anything but on the shelf of plans.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from hashlib import sha256

import msgspec

from assettrack.domain import errors
from assettrack.domain.plans import Options, written_code
from assettrack.services.confirm_codes import require_code, require_previewed
from assettrack.services.ports import Workplace

LINES_AT_ONCE = 4096


class Line(msgspec.Struct, frozen=True, gc=False):
    """How one tag ends, as a line of the shelf; whatever of ``end`` differs later, is told by the tag."""

    row_number: int
    asset_tag: str
    end: object


class Conclusion(msgspec.Struct, frozen=True, dict=True):
    """How a count ends: ``asked`` is what was asked for, ``ends`` how each tag ends that is to be confirmed.

    ``after`` is the number of the count after which this one comes, where that is a part of it.
    """

    asked: tuple[object, ...]
    ends: Mapping[str, object]
    after: int | None = None

    @cached_property
    def code(self) -> str:
        """The code that confirms exactly this."""
        digest = sha256(msgspec.json.encode((self.asked_sha256, self.after)))
        for block in self.blocks:
            digest.update(block)
        return written_code(digest.digest())

    @cached_property
    def asked_sha256(self) -> str:
        """What names this on the shelf, however it ends."""
        return sha256(msgspec.json.encode(self.asked)).hexdigest()

    @cached_property
    def blocks(self) -> tuple[bytes, ...]:
        """A line of JSON for each tag, by tag, many at a time; the code and the shelf take the same."""
        return tuple(self._encoded())

    def _encoded(self) -> Iterator[bytes]:
        encode = msgspec.json.Encoder().encode_lines
        tags = sorted(self.ends)
        for first in range(0, len(tags), LINES_AT_ONCE):
            part = tags[first : first + LINES_AT_ONCE]
            yield encode([Line(number, tag, self.ends[tag]) for number, tag in enumerate(part, first + 1)])


def keep(workplace: Workplace, conclusion: Conclusion) -> str:
    """Keep what is shown, so that it can be told later what differs; return its code."""
    workplace.plans.keep(conclusion.code, conclusion.asked_sha256, Options(), conclusion.blocks)
    return conclusion.code


def require_confirmed(workplace: Workplace, conclusion: Conclusion, confirm: str | None) -> None:
    """Make sure that this is what was shown with a code, or say what differs; None confirms whatever it is.

    Raises:
        errors.CountStale: tags would end otherwise than was shown.
        errors.ConfirmCodeWrong: the code was shown for something else, or by no preview here.
    """
    if confirm is None:
        return
    code = require_code(confirm)
    if code == conclusion.code:
        return
    shown = require_previewed(workplace, code)
    if shown.source_sha256 != conclusion.asked_sha256:
        raise errors.ConfirmCodeWrong(code, "it was shown for something else, or other scans")
    moved = _differing(_ends(shown.lines), _ends(line for block in conclusion.blocks for line in block.splitlines()))
    if not moved:
        raise errors.ConfirmCodeWrong(code, "the same was counted meanwhile, see count list")
    raise errors.CountStale(moved)


def _ends(lines: Iterable[bytes]) -> dict[str, object]:
    found = (msgspec.json.decode(line, type=Line) for line in lines if line)
    return {line.asset_tag: line.end for line in found}


def _differing(shown: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    """Return the tags that don't end alike."""
    nothing = object()
    return sorted(tag for tag in {*shown, *now} if shown.get(tag, nothing) != now.get(tag, nothing))
