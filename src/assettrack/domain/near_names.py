"""Names that look like a slip of the pen: which known names a new one is within two letters of.

Owns what "within two letters" means (DESIGN §3) and how the near ones are found among many.
Compares texts as they are: whoever asks hands in names already in the form in which they
match (NFC, spaces collapsed, case folded). Must never decide anything: near is a notice.

Two names are near when at most two letters have to be put in, taken out or replaced to turn
one into the other (the Levenshtein distance), and when these are less than half of the
letters of the longer name: "Al" is not near "Bo", nor "Ann" near "Bob". Two letters changed
over, as in "Jnae" for "Jane", are two replacements.

Comparing with every known name would take minutes for a thousand names among a hundred
thousand. So each known name is cut in three. Two changes can touch only two of the pieces:
one piece must stand in the other name as it is, and nearly at its old place. Looking the
pieces up gives a few hundred candidates, and only these are compared. (The idea is known
from joins of similar strings, as "Pass-Join".) It is quick as far as pieces tell names
apart; a hundred thousand names that differ only in a number are all candidates.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

LETTERS_MAX = 2
"""The greatest distance at which two names are near."""

PIECES = LETTERS_MAX + 1
"""Into so many pieces a name is cut: more than changes can touch."""

_Pieces = tuple[defaultdict[str, list[str]], ...]


SHARED_MAX = 200
"""A piece that more known names share, such as a rank or a unit, tells no two of them apart and is passed over."""


class NearNames:
    """Known names, arranged so that those near to a given one are found quickly.

    Among up to `SHARED_MAX` names of each length all near ones are found; among more, those that share a
    piece which is not common. So a query stays quick however much thousands of names have in common.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._of_length: defaultdict[int, list[str]] = defaultdict(list)
        self._pieces: dict[int, _Pieces] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Make a name known, beside those that are."""
        length = len(name)
        self._of_length[length].append(name)
        if length in self._pieces:
            _cut(name, self._pieces[length])

    def near(self, name: str) -> list[str]:
        """Return the known names near to this one, other than itself: nearest first, then by the alphabet."""
        found: list[tuple[int, str]] = []
        for known in self._candidates(name):
            changes = letters_between(name, known, LETTERS_MAX)
            if 0 < changes <= LETTERS_MAX and 2 * changes < max(len(name), len(known)):
                found.append((changes, known))
        return [known for _, known in sorted(found)]

    def _candidates(self, name: str) -> set[str]:
        """Return every known name which shares a piece with this one where two changes could have moved it.

        Number the pieces from 0 and take the first, ``i``, up to whose end there are no more
        than ``i`` changes; at the latest that is the last piece. Up to the end of the piece
        before it there are more than ``i - 1``, so at least ``i``: all ``i`` lie before it and
        none in it. Hence it is moved by ``i`` places at most, and the names' ends, which follow
        it, are moved against it by the rest of the two at most.
        """
        candidates: set[str] = set()
        for length in range(len(name) - LETTERS_MAX, len(name) + LETTERS_MAX + 1):
            if length not in self._of_length:
                continue
            longer = len(name) - length
            for i, (pieces, (start, end)) in enumerate(zip(self._cut_all(length), _bounds(length), strict=True)):
                rest = LETTERS_MAX - i
                for moved in range(max(-i, longer - rest), min(i, longer + rest) + 1):
                    if start + moved >= 0:
                        sharing = pieces.get(name[start + moved : end + moved], ())
                        candidates.update(sharing if len(sharing) <= SHARED_MAX else ())
        return candidates

    def _cut_all(self, length: int) -> _Pieces:
        """Return the known names of this length by each of their pieces; cut when first asked for."""
        if length not in self._pieces:
            self._pieces[length] = tuple(defaultdict(list) for _ in range(PIECES))
            for name in self._of_length[length]:
                _cut(name, self._pieces[length])
        return self._pieces[length]


def letters_between(one: str, other: str, most: int) -> int:
    """Return how many letters have to be put in, taken out or replaced, or some number above ``most``.

    The beginning in which both agree never needs a change; at the first difference each of
    the three changes is tried on what is left. With so few allowed this is less work than the
    usual table, and nearly all pairs part at once.
    """
    if one == other:
        return 0
    if most == 0 or abs(len(one) - len(other)) > most:
        return most + 1
    same = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        same += 1
    one, other = one[same:], other[same:]
    return 1 + min(
        letters_between(one[1:], other[1:], most - 1),
        letters_between(one[1:], other, most - 1),
        letters_between(one, other[1:], most - 1),
    )


def _cut(name: str, pieces: _Pieces) -> None:
    """Enter a name under each of its pieces."""
    for of_this_place, (start, end) in zip(pieces, _bounds(len(name)), strict=True):
        of_this_place[name[start:end]].append(name)


@cache
def _bounds(length: int) -> list[tuple[int, int]]:
    """Return where each piece of a name of this length starts and ends."""
    cuts = [length * i // PIECES for i in range(PIECES + 1)]
    return list(pairwise(cuts))
