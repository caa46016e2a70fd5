"""The growing Merkle tree against the RFC: published roots, the definition itself, and a tree restored."""

from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assettrack.domain.merkle import (
    EMPTY_ROOT,
    HashesMissing,
    Subtree,
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
)
from tests.domain.defined_tree import BODIES, LEAVES, ROOTS, Log, defined_root, root_of, sizes


def test_published_roots() -> None:
    """The reference implementation's eight leaves give its published root at every size, also grown one by one."""
    leaves = [leaf_hash(body) for body in BODIES]
    growing = Tree()

    for size, root in enumerate(ROOTS):
        at_once = Tree()
        at_once.append(leaves[:size])
        assert at_once.root() == root
        assert growing.root() == root
        assert growing.size == size
        growing.append(leaves[size : size + 1])
    assert ROOTS[0] == EMPTY_ROOT


@given(sizes)
def test_root_is_the_defined_one(size: int) -> None:
    """The root of any number of leaves is the one that the RFC's recursive definition gives."""
    assert root_of(size) == defined_root(0, size)


@settings(max_examples=40)  # each grows two trees of up to 70,000 leaves
@given(st.lists(st.integers(0, 700), max_size=8), st.sampled_from((0, 250, 65_000)))
def test_any_split_of_appends_gives_the_same_tree(counts: list[int], head: int) -> None:
    """However the leaves are cut into appends, root, size and kept subtrees are those of one append."""
    cuts = [0, head]
    for count in counts:
        cuts.append(cuts[-1] + count)
    pieces, whole = Tree(), Tree()

    by_pieces = [subtree for start, end in pairwise(cuts) for subtree in pieces.append(LEAVES[start:end])]

    assert sorted(by_pieces) == sorted(whole.append(LEAVES[: cuts[-1]]))
    assert pieces.root() == whole.root()
    assert pieces.size == whole.size == cuts[-1]


def test_kept_subtrees() -> None:
    """Every full 256 leaves and every full 65,536 are handed out once, numbered, with the root over them."""
    subtrees = Tree().append(LEAVES)

    assert [(level, number) for level, number, _ in subtrees] == [(1, number) for number in range(273)] + [(2, 0)]
    assert subtrees[272] == Subtree(1, 272, defined_root(272 * 256, 273 * 256))
    assert subtrees[-1].hash == defined_root(0, 65_536)


def test_third_level_subtree() -> None:
    """The subtree of level 3 is handed out with the leaf that makes 256 of level 2 full, and not before."""
    half = [LEAVES[0]]
    for _row in range(23):
        half.append(node_hash(half[-1], half[-1]))

    class SameLeaves:
        """A log of equal leaves: a node of any row is known without making the rows below."""

        def leaves(self, first: int, count: int) -> Sequence[bytes]:
            del first
            return [half[0]] * count

        def subtrees(self, level: int, first: int, count: int) -> Sequence[bytes]:
            del first
            return [half[level * 8]] * count

    tree = Tree.restore(2**24 - 2, SameLeaves())

    assert tree.append(half[:1]) == []
    assert tree.append(half[:1]) == [
        Subtree(1, 2**16 - 1, half[8]),
        Subtree(2, 2**8 - 1, half[16]),
        Subtree(3, 0, node_hash(half[23], half[23])),
    ]
    assert tree.root() == node_hash(half[23], half[23])


@given(sizes, st.integers(0, 600))
def test_restored_tree_is_the_appended_one(size: int, more: int) -> None:
    """A tree restored from a store has the root of the appended one, and goes on growing like it."""
    size = min(size, len(LEAVES) - more)
    log = Log(LEAVES[:size])

    restored = Tree.restore(size, log)

    assert restored.size == size
    assert restored.root() == log.tree.root()
    assert all(count <= 255 for count in log.reads)
    assert len(log.reads) <= 3
    following = LEAVES[size : size + more]
    assert restored.append(following) == log.tree.append(following)
    assert restored.root() == log.tree.root()


def test_of_whole_blocks_only_the_level_above_is_read() -> None:
    """256 leaves are one hash there, and nothing is asked for below it."""
    log = Log(LEAVES[:256])
    assert Tree.restore(256, log).root() == log.tree.root()
    assert log.reads == [1]


def test_a_node_is_no_leaf() -> None:
    """The bytes of a node can't be passed off as an entry, nor an entry as a node: their prefixes differ."""
    left, right = LEAVES[:2]

    assert leaf_hash(left + right) != node_hash(left, right)
    assert leaf_hash(b"entry") == sha256(b"\x00entry").digest()
    assert node_hash(left, right) == sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize("not_a_hash", [b"", LEAVES[0][:-1], LEAVES[0] + b"\x00"])
def test_only_hashes_are_appended(not_a_hash: bytes) -> None:
    """Appending something of another length is refused, and the tree stays as it was."""
    tree = Tree()
    tree.append(LEAVES[:3])

    with pytest.raises(ValueError, match="a leaf hash has 32 bytes"):
        tree.append([LEAVES[3], not_a_hash])

    assert tree.size == 3
    assert tree.root() == root_of(3)


def test_missing_hashes_are_named() -> None:
    """A source with fewer hashes than the log must have is said to lack them, instead of giving a wrong root."""
    short = Log(LEAVES[:1000])

    with pytest.raises(HashesMissing, match=r"^232 leaf hashes were found from number 768 on, where 233 must be$"):
        Tree.restore(1001, short)
    with pytest.raises(HashesMissing, match=r"^0 leaf hashes were found from number 1024 on, where 26 must be$"):
        inclusion_proof(900, 1050, short)
    del short.kept[1, 2]
    with pytest.raises(HashesMissing, match=r"^2 subtree hashes of level 1 were found from number 0 on, where 3 must"):
        consistency_proof(900, 1000, short)
