"""Merkle proofs against the RFC: published ones, the definition itself, and forgeries of every byte."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.merkle import (
    EMPTY_ROOT,
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from tests.domain.defined_tree import (
    BODIES,
    LEAVES,
    LOG,
    PUBLISHED_CONSISTENCY,
    PUBLISHED_INCLUSION,
    ROOTS,
    SIZES_OF_NOTE,
    Log,
    defined_path,
    defined_root,
    defined_subproof,
    root_of,
    sizes,
    split,
)


def forgeries(value: bytes) -> list[bytes]:
    """Return the value with each of its bytes changed once, and with one byte less and more."""
    changed = [value[:at] + bytes([value[at] ^ 1 << at % 8]) + value[at + 1 :] for at in range(len(value))]
    return [*changed, value[:-1], value + b"\x00", b""]


def forged_proofs(proof: list[bytes]) -> list[list[bytes]]:
    """Return the proof with each byte changed once, with a hash dropped, doubled or added, and reversed."""
    changed = [[*proof[:at], forged, *proof[at + 1 :]] for at in range(len(proof)) for forged in forgeries(proof[at])]
    dropped = [proof[:at] + proof[at + 1 :] for at in range(len(proof))]
    doubled = [proof[: at + 1] + proof[at:] for at in range(len(proof))]
    return [*changed, *dropped, *doubled, [*proof, LEAVES[-1]], *([proof[::-1]] if len(proof) > 1 else [])]


def test_published_proofs() -> None:
    """The reference implementation's published proofs are made exactly and verified."""
    leaves = [leaf_hash(body) for body in BODIES]
    log = Log(leaves)

    for (index, size), published in PUBLISHED_INCLUSION.items():
        proof = [bytes.fromhex(text) for text in published]
        assert inclusion_proof(index, size, log) == proof
        assert verify_inclusion(leaves[index], index, size=size, proof=proof, root=ROOTS[size])
    for (old, new), published in PUBLISHED_CONSISTENCY.items():
        proof = [bytes.fromhex(text) for text in published]
        assert consistency_proof(old, new, log) == proof
        assert verify_consistency(old, ROOTS[old], new_size=new, new_root=ROOTS[new], proof=proof)


@given(st.data())
def test_inclusion_proofs(data: st.DataObject) -> None:
    """The proof of any leaf at any size is the one the RFC defines, and verifies."""
    size = data.draw(sizes.filter(bool))
    index = data.draw(st.integers(0, size - 1))

    proof = inclusion_proof(index, size, LOG)

    assert proof == defined_path(index, 0, size)
    assert verify_inclusion(LEAVES[index], index, size=size, proof=proof, root=root_of(size))


@given(st.data())
def test_consistency_proofs(data: st.DataObject) -> None:
    """The proof between any two sizes is the one the RFC defines, and verifies."""
    new = data.draw(sizes.filter(bool))
    old = data.draw(
        st.one_of(st.integers(1, new), st.sampled_from([size for size in SIZES_OF_NOTE if 0 < size <= new]))
    )

    proof = consistency_proof(old, new, LOG)

    assert proof == defined_subproof(old, 0, new, known=True)
    assert verify_consistency(old, root_of(old), new_size=new, new_root=root_of(new), proof=proof)


@pytest.mark.parametrize("size", range(1, 34))
def test_proofs_of_every_small_tree(size: int) -> None:
    """In small trees every leaf and every older size is proven, without exception."""
    root = root_of(size)

    for index in range(size):
        proof = inclusion_proof(index, size, LOG)
        assert verify_inclusion(LEAVES[index], index, size=size, proof=proof, root=root)
    for old in range(size + 1):
        proof = consistency_proof(old, size, LOG)
        assert verify_consistency(old, root_of(old), new_size=size, new_root=root, proof=proof)


@pytest.mark.parametrize(
    ("index", "size"), [(0, 1), (0, 2), (4, 5), (3, 7), (6, 7), (7, 8), (300, 700), (69_999, 70_000)]
)
def test_forged_inclusion_is_refused(index: int, size: int) -> None:
    """A changed byte of proof, leaf or root, another index or size: none of them verifies."""
    leaf, root, proof = LEAVES[index], root_of(size), inclusion_proof(index, size, LOG)

    assert verify_inclusion(leaf, index, size=size, proof=proof, root=root)
    assert not any(verify_inclusion(forged, index, size=size, proof=proof, root=root) for forged in forgeries(leaf))
    assert not any(verify_inclusion(leaf, index, size=size, proof=proof, root=forged) for forged in forgeries(root))
    assert not any(verify_inclusion(leaf, index, size=size, proof=forged, root=root) for forged in forged_proofs(proof))
    for other in (*range(-2, min(size + 3, 800)), index + size):
        assert verify_inclusion(leaf, other, size=size, proof=proof, root=root) == (other == index)


def test_another_size_needs_another_proof() -> None:
    """A proof for one size is refused at every size whose tree has another path to the leaf."""
    for size in range(1, 40):
        for index in range(size):
            proof, root = inclusion_proof(index, size, LOG), root_of(size)
            for other in range(60):
                accepted = verify_inclusion(LEAVES[index], index, size=other, proof=proof, root=root)
                assert accepted == (other > index and same_path(index, size, other))


def same_path(index: int, size: int, other: int) -> bool:
    """Tell whether a leaf has its neighbours on the same sides in both sizes.

    A proof of inclusion says on which side each neighbour is, not how many leaves are below
    it; that the size is the right one is what the signature of the checkpoint is for.
    """

    def sides(leaves: int) -> list[bool]:
        found, first = [], 0
        while leaves > 1:
            k = split(leaves)
            left = index - first < k
            found.append(left)
            first, leaves = (first, k) if left else (first + k, leaves - k)
        return found

    return sides(size) == sides(other)


@pytest.mark.parametrize(
    ("old", "new"), [(1, 2), (2, 3), (3, 7), (4, 7), (4, 8), (6, 8), (7, 8), (256, 700), (65_537, 70_000)]
)
def test_forged_consistency_is_refused(old: int, new: int) -> None:
    """A changed byte of proof or either root, another old size: none of them verifies."""
    old_root, new_root, proof = root_of(old), root_of(new), consistency_proof(old, new, LOG)

    assert verify_consistency(old, old_root, new_size=new, new_root=new_root, proof=proof)
    assert not any(
        verify_consistency(old, forged, new_size=new, new_root=new_root, proof=proof) for forged in forgeries(old_root)
    )
    assert not any(
        verify_consistency(old, old_root, new_size=new, new_root=forged, proof=proof) for forged in forgeries(new_root)
    )
    assert not any(
        verify_consistency(old, old_root, new_size=new, new_root=new_root, proof=forged)
        for forged in forged_proofs(proof)
    )
    for other in (*range(-2, min(new + 3, 800)), old + new):
        assert verify_consistency(other, old_root, new_size=new, new_root=new_root, proof=proof) == (other == old)


def test_changed_history_is_not_consistent() -> None:
    """When an old leaf was changed and the tree made anew, no proof from it fits the old root."""
    changed = Log([*LEAVES[:40], leaf_hash(b"another entry"), *LEAVES[41:100]])
    proof = consistency_proof(50, 100, changed)

    assert not verify_consistency(50, root_of(50), new_size=100, new_root=changed.tree.root(), proof=proof)
    assert not verify_consistency(50, root_of(50), new_size=100, new_root=root_of(100), proof=proof)


def test_equal_and_empty_trees_are_consistent_without_proof() -> None:
    """Nothing has to be proven from a size to itself or from 0, but the roots must be the right ones."""
    root = root_of(5)

    assert consistency_proof(5, 5, LOG) == consistency_proof(0, 5, LOG) == consistency_proof(0, 0, LOG) == []
    assert verify_consistency(5, root, new_size=5, new_root=root, proof=[])
    assert verify_consistency(0, EMPTY_ROOT, new_size=5, new_root=root, proof=[])
    assert not verify_consistency(5, root, new_size=5, new_root=root_of(6), proof=[])
    assert not verify_consistency(5, root, new_size=5, new_root=root, proof=[root])
    assert not verify_consistency(0, root, new_size=5, new_root=root, proof=[])
    assert not verify_consistency(0, EMPTY_ROOT, new_size=5, new_root=root, proof=[root])
    assert not verify_consistency(3, root_of(3), new_size=5, new_root=root, proof=[])


def test_swapped_prefixes_are_caught() -> None:
    """A tree whose leaves and nodes are hashed with each other's prefix proves nothing here."""
    leaves = [sha256(b"\x01" + body).digest() for body in BODIES[:4]]
    pairs = [sha256(b"\x00" + leaves[at] + leaves[at + 1]).digest() for at in (0, 2)]
    root = sha256(b"\x00" + pairs[0] + pairs[1]).digest()

    assert root != ROOTS[4]
    assert not verify_inclusion(leaves[0], 0, size=4, proof=[leaves[1], pairs[1]], root=root)
    assert not verify_consistency(2, pairs[0], new_size=4, new_root=root, proof=[pairs[1]])
    assert not verify_inclusion(
        leaf_hash(BODIES[0]), 0, size=8, proof=[bytes.fromhex(text) for text in PUBLISHED_INCLUSION[0, 8]], root=root
    )


def test_bytes_can_not_move_between_hashes() -> None:
    """What is hashed together can't be cut at another place, though every node's hash stays the same."""
    leaf, neighbour = LEAVES[0], LEAVES[1]
    short, long = leaf[:-1], leaf[-1:] + neighbour
    root = root_of(2)

    assert verify_inclusion(leaf, 0, size=2, proof=[neighbour], root=root)
    assert not verify_inclusion(short, 0, size=2, proof=[long], root=root)
    assert verify_consistency(1, leaf, new_size=2, new_root=root, proof=[neighbour])
    assert not verify_consistency(1, short, new_size=2, new_root=root, proof=[long])


def test_a_proof_ends_at_the_root() -> None:
    """A proof that goes on where the tree of that size has ended is refused, even when its hashes fit."""
    left, right = root_of(2), defined_root(2, 4)

    assert not verify_inclusion(right, 0, size=1, proof=[left], root=root_of(4))
    assert not verify_consistency(1, right, new_size=1, new_root=root_of(4), proof=[left])


def test_ranges_are_named() -> None:
    """Asking for a proof that can't exist says which range was left."""
    with pytest.raises(ValueError, match=r"index 3 is not in the range 0 to 2"):
        inclusion_proof(3, 3, LOG)
    with pytest.raises(ValueError, match=r"index -1 is not in the range 0 to 2"):
        inclusion_proof(-1, 3, LOG)
    with pytest.raises(ValueError, match=r"old size 4 is not in the range 0 to 3"):
        consistency_proof(4, 3, LOG)
    with pytest.raises(ValueError, match=r"old size -1 is not in the range 0 to 3"):
        consistency_proof(-1, 3, LOG)
    with pytest.raises(ValueError, match=r"size -1 is not in the range from 0 on"):
        Tree.restore(-1, LOG)


def test_proofs_read_few_hashes() -> None:
    """A proof reads at most two blocks of 256 hashes a level, and none of them twice."""
    for index in (0, 1, 255, 40_000, 65_535, 65_536, 69_999):
        LOG.reads.clear()
        inclusion_proof(index, 70_000, LOG)
        assert len(LOG.reads) <= 5
        assert all(count <= 256 for count in LOG.reads)
        LOG.reads.clear()
        consistency_proof(index, 70_000, LOG)
        assert len(LOG.reads) <= 5
        assert all(count <= 256 for count in LOG.reads)
