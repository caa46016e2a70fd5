"""The Merkle tree of the audit log: RFC 6962 section 2.1, its proofs, and how they are checked.

Owns the two hashes (leaf and node), the growing tree, and both kinds of proof. Leaves are
counted from 0 here, as in the RFC: entry ``seq`` is leaf ``seq - 1``.

So that nobody has to read the whole log again, the tree hands out the hash of every full
subtree of 256 leaves (level 1), of 256 of those (level 2), and so on. A store keeps them;
with them a tree is restored, and a proof made, from a few hundred hashes.

Must never read or keep anything itself: hashes come in through a :class:`HashSource`.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple, Protocol

HASH_BYTES = 32
"""Length of every hash: SHA-256."""

LEVEL_ROWS = 8
"""Rows of nodes from one level of kept subtrees to the next."""

LEVEL_WIDTH = 1 << LEVEL_ROWS
"""How many hashes of one level go into one of the next: 256."""

EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves (RFC 6962 section 2.1)."""


class Subtree(NamedTuple):
    """The hash of a full subtree of ``256 ** level`` leaves, the ``number``-th of its level from 0."""

    level: int
    number: int
    hash: bytes


class HashSource(Protocol):
    """Where the hashes of a log already written are read; a store implements it."""

    def leaves(self, first: int, count: int) -> Sequence[bytes]:
        """Return the hashes of ``count`` leaves from leaf ``first`` (0-based) on."""
        ...

    def subtrees(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Return the hashes of ``count`` full subtrees of this level (1 or more) from number ``first`` on."""
        ...


class HashesMissing(LookupError):
    """A source does not hold the hashes which a log of the named size must have."""

    def __init__(self, level: int, first: int, *, wanted: int, found: int) -> None:
        what = f"subtree hashes of level {level}" if level else "leaf hashes"
        super().__init__(f"{found} {what} were found from number {first} on, where {wanted} must be")


def leaf_hash(body: bytes) -> bytes:
    """Return the hash of one entry's stored bytes. The 0x00 keeps a leaf from passing as a node."""
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node from the hashes of its two children."""
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """A Merkle tree that only grows. Keeps no leaves, only one hash a row: its frontier.

    A row's place in the frontier holds the node that still waits for its right neighbour;
    row ``h`` (0 is the leaves) has one exactly when bit ``h`` of the size is set.
    """

    def __init__(self) -> None:
        self._size = 0
        self._frontier: list[bytes | None] = []

    @classmethod
    def restore(cls, size: int, source: HashSource) -> "Tree":
        """Return the tree of a log's first ``size`` leaves; reads at most 255 hashes a level.

        Raises:
            ValueError: the size is negative.
            HashesMissing: the source holds fewer hashes than a log of this size must have.
        """
        if size < 0:
            raise ValueError(f"size {size} is not in the range from 0 on")
        tree = cls()
        tree._size = size
        level = 0
        while complete := size >> (level * LEVEL_ROWS):
            waiting = complete % LEVEL_WIDTH  # the others are part of a full subtree of the next level
            nodes = _read(source, level, complete - waiting, waiting)
            for _row in range(LEVEL_ROWS):
                tree._frontier.append(nodes[-1] if len(nodes) % 2 else None)
                nodes = _parents(nodes)
            level += 1
        return tree

    @property
    def size(self) -> int:
        """How many leaves the tree has."""
        return self._size

    def append(self, leaves: Sequence[bytes]) -> list[Subtree]:
        """Add leaf hashes at the end; return the subtrees that became full by it, lowest level first.

        Raises:
            ValueError: one of them is not a hash of 32 bytes; nothing was added.
        """
        if set(map(len, leaves)) - {HASH_BYTES}:
            raise ValueError(f"a leaf hash has {HASH_BYTES} bytes")
        finished: list[Subtree] = []
        nodes = leaves
        row = 0
        while nodes:
            if row == len(self._frontier):
                self._frontier.append(None)
            waiting = self._frontier[row]
            if waiting is not None:
                nodes = [waiting, *nodes]
            self._frontier[row] = nodes[-1] if len(nodes) % 2 else None
            nodes = _parents(nodes)
            row += 1
            if row % LEVEL_ROWS == 0:
                first = self._size >> row
                finished += [Subtree(row // LEVEL_ROWS, number, node) for number, node in enumerate(nodes, first)]
        self._size += len(leaves)
        return finished

    def root(self) -> bytes:
        """Return the hash of the whole tree; :data:`EMPTY_ROOT` when it has no leaves."""
        root: bytes | None = None
        for node in self._frontier:
            if node is not None:
                root = node if root is None else node_hash(node, root)
        return EMPTY_ROOT if root is None else root


def inclusion_proof(index: int, size: int, source: HashSource) -> list[bytes]:
    """Return the proof that leaf ``index`` is among the first ``size`` leaves (RFC 6962 section 2.1.1).

    Reads about 512 hashes a level, however long the log is.

    Raises:
        ValueError: the index is not in the range 0 to ``size - 1``.
        HashesMissing: the source holds fewer hashes than a log of this size must have.
    """
    if not 0 <= index < size:
        raise ValueError(f"index {index} is not in the range 0 to {size - 1}")
    nodes = _Nodes(size, source)
    path: list[bytes] = []
    first, end = 0, size
    while end - first > 1:
        middle = first + _left_leaves(end - first)
        if index < middle:
            path.append(nodes.span(middle, end))
            end = middle
        else:
            path.append(nodes.span(first, middle))
            first = middle
    path.reverse()  # a proof runs from the leaf up
    return path


def consistency_proof(old_size: int, new_size: int, source: HashSource) -> list[bytes]:
    """Return the proof that the first ``old_size`` leaves are unchanged in ``new_size`` (RFC 6962 section 2.1.2).

    It is empty when the sizes are equal or the old one is 0 (nothing is part of everything).

    Raises:
        ValueError: the old size is not in the range 0 to ``new_size``.
        HashesMissing: the source holds fewer hashes than a log of this size must have.
    """
    if not 0 <= old_size <= new_size:
        raise ValueError(f"old size {old_size} is not in the range 0 to {new_size}")
    if old_size == 0:
        return []
    nodes = _Nodes(new_size, source)
    path: list[bytes] = []
    first, end = 0, new_size
    while old_size != end:
        middle = first + _left_leaves(end - first)
        if old_size <= middle:
            path.append(nodes.span(middle, end))
            end = middle
        else:
            path.append(nodes.span(first, middle))
            first = middle
    if first:  # else this is the whole old tree, whose root the verifier has
        path.append(nodes.span(first, end))
    path.reverse()
    return path


def verify_inclusion(leaf: bytes, index: int, *, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether ``proof`` shows the leaf hash ``leaf`` at ``index`` in the tree of this size and root.

    RFC 9162 section 2.1.3.2. Whatever does not fit, an impossible index or a hash of
    another length too, proves nothing: the answer is False, never an exception.
    """
    if not 0 <= index < size or not _are_hashes([leaf, *proof]):
        return False
    here, last = index, size - 1
    found = leaf
    for neighbour in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_hash(neighbour, found)
            here, last = _skip_rows(here, last)
        else:
            found = node_hash(found, neighbour)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(
    old_size: int,
    old_root: bytes,
    *,
    new_size: int,
    new_root: bytes,
    proof: Sequence[bytes],
) -> bool:
    """Tell whether ``proof`` shows that the old tree is the beginning of the new one, unchanged.

    RFC 9162 section 2.1.4.2; as in :func:`verify_inclusion`, what does not fit is False.
    """
    if not 0 <= old_size <= new_size or not _are_hashes([old_root, new_root, *proof]):
        return False
    if old_size in {0, new_size}:
        return not proof and old_root == (new_root if old_size else EMPTY_ROOT)
    # An old tree of a power of two leaves is one node of the new tree, and is left out of the proof.
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else proof
    if not path:
        return False
    here, last = old_size - 1, new_size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = path[0]
    for neighbour in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old, new = node_hash(neighbour, old), node_hash(neighbour, new)
            here, last = _skip_rows(here, last)
        else:
            new = node_hash(new, neighbour)
        here, last = here >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


class _Nodes:
    """Any node of a tree already written, from whole blocks of 256 hashes, each read at most once."""

    def __init__(self, size: int, source: HashSource) -> None:
        self._size = size
        self._source = source
        self._blocks: dict[tuple[int, int], Sequence[bytes]] = {}

    def span(self, first: int, end: int) -> bytes:
        """Return the hash of the subtree over the leaves ``first`` up to, not including, ``end``."""
        leaves = end - first
        if leaves & (leaves - 1) == 0:
            return self._full(first, leaves.bit_length() - 1)
        middle = first + _left_leaves(leaves)
        return node_hash(self.span(first, middle), self.span(middle, end))

    def _full(self, first: int, row: int) -> bytes:
        """Return the node in this row whose leaves, a power of two of them, begin at ``first``."""
        level, rows_above = divmod(row, LEVEL_ROWS)
        number, place = divmod(first >> (level * LEVEL_ROWS), LEVEL_WIDTH)
        nodes = self._block(level, number)[place : place + (1 << rows_above)]
        while len(nodes) > 1:
            nodes = _parents(nodes)
        return nodes[0]

    def _block(self, level: int, number: int) -> Sequence[bytes]:
        """Return the hashes of this level which share one subtree of the next."""
        if (level, number) not in self._blocks:
            first = number * LEVEL_WIDTH
            complete = self._size >> (level * LEVEL_ROWS)
            self._blocks[level, number] = _read(self._source, level, first, min(LEVEL_WIDTH, complete - first))
        return self._blocks[level, number]


def _read(source: HashSource, level: int, first: int, count: int) -> Sequence[bytes]:
    """Return hashes from the source, and exactly as many as were asked for."""
    if count == 0:
        return ()
    hashes = source.subtrees(level, first, count) if level else source.leaves(first, count)
    if len(hashes) != count:
        raise HashesMissing(level, first, wanted=count, found=len(hashes))
    return hashes


def _parents(nodes: Sequence[bytes]) -> list[bytes]:
    """Return the row above; an odd last node stays behind. The hash is written out here: it is the hot path."""
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(nodes[::2], nodes[1::2], strict=False)]


def _left_leaves(leaves: int) -> int:
    """Return how many of two or more leaves are in the left subtree: the largest power of two below."""
    return 1 << ((leaves - 1).bit_length() - 1)


def _skip_rows(here: int, last: int) -> tuple[int, int]:
    """Pass the rows in which a node at the right edge has no neighbour and is carried up as it is."""
    while here and not here & 1:
        here, last = here >> 1, last >> 1
    return here, last


def _are_hashes(values: Sequence[bytes]) -> bool:
    """Tell whether all have the length of a hash, so that no two of them can be cut differently."""
    return all(len(value) == HASH_BYTES for value in values)
