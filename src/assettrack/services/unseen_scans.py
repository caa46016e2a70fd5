"""Scans of a count that were not understood: kept at the desk until somebody says that they have seen them.

Owns that list, which is of the count and not of whoever scanned: whoever signs it off has to know of all of them. It is
no part of the count; losing the desk's file loses it.
"""

import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

import msgspec

from assettrack.domain import errors
from assettrack.services.count_scans import Outcome
from assettrack.services.desk_ports import DraftShelf

UNSEEN_MAX = 50
"""With so many, somebody has to look at them before more is scanned."""

LETTERS_KEPT = 60
"""So many letters of a scan are kept."""

_OF_NOBODY = 0
"""The account under which the desk keeps what is of no one person; those of people begin with 1."""

_TURN = threading.Lock()
"""The list is read, changed and kept by one thread at a time."""


class UnseenScan(msgspec.Struct, frozen=True):
    """A scan that was not understood: by whom, and what was said of it."""

    number: int
    typed: str
    message: str
    operator: str


class _Kept(msgspec.Struct, frozen=True):
    ever: int = 0
    scans: tuple[UnseenScan, ...] = ()


def unseen(shelf: DraftShelf, count_id: int) -> Sequence[UnseenScan]:
    """Return the scans of a count that were not understood and that nobody has seen yet, in their order."""
    return _kept(shelf, count_id).scans


def require_room(shelf: DraftShelf, count_id: int) -> None:
    """Make sure that somebody looks at them before there are too many.

    Raises:
        errors.ValueUnusable: there are.
    """
    waiting = len(unseen(shelf, count_id))
    if waiting >= UNSEEN_MAX:
        raise errors.ValueUnusable("The count", f"{waiting} scans not understood", "look at them first")


@contextmanager
def not_shown(shelf: DraftShelf, count_id: int, shown: Collection[int | None]) -> Iterator[Sequence[UnseenScan]]:
    """Lend those that nobody has seen yet, but for some by their numbers; until it ends none is added to them."""
    with _TURN:
        yield [each for each in unseen(shelf, count_id) if each.number not in shown]


def keep(shelf: DraftShelf, count_id: int, operator: str, outcomes: Sequence[Outcome]) -> None:
    """Keep those of an operator's scans that were not understood."""
    held = [(each.typed[:LETTERS_KEPT], each.held.message) for each in outcomes if each.held is not None]
    if not held:
        return
    with _TURN:
        before = _kept(shelf, count_id)
        fresh = [UnseenScan(number, *each, operator) for number, each in enumerate(held, before.ever + 1)]
        _keep(shelf, count_id, _Kept(before.ever + len(fresh), (*before.scans, *fresh)))


def see(shelf: DraftShelf, count_id: int, numbers: Collection[int]) -> None:
    """Say that somebody has seen some of them."""
    with _TURN:
        before = _kept(shelf, count_id)
        left = tuple(each for each in before.scans if each.number not in numbers)
        _keep(shelf, count_id, _Kept(before.ever, left))


def _kept(shelf: DraftShelf, count_id: int) -> _Kept:
    text = shelf.preference(_OF_NOBODY, _name(count_id))
    return msgspec.json.decode(text, type=_Kept) if text else _Kept()


def _keep(shelf: DraftShelf, count_id: int, kept: _Kept) -> None:
    shelf.keep_preference(_OF_NOBODY, _name(count_id), msgspec.json.encode(kept).decode())


def _name(count_id: int) -> str:
    return f"unseen scans of count {count_id}"
