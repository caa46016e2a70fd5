"""The Merkle tree as RFC 6962 defines it, word for word, and what is published of it: what the fast one is held to."""

from collections.abc import Sequence
from functools import cache
from hashlib import sha256

from hypothesis import strategies as st

from assettrack.domain.merkle import Tree, leaf_hash

# The test leaves, roots and proofs of the Certificate Transparency reference implementation.
BODIES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    bytes.fromhex(text)
    for text in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
PUBLISHED_INCLUSION = {
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
}
PUBLISHED_CONSISTENCY = {
    (1, 1): (),
    (1, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}

LEAVES = [leaf_hash(b"entry %d" % number) for number in range(70_000)]
"""Enough for a full subtree of level 2 and a ragged rest of every level."""

SIZES_OF_NOTE = (0, 1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 65_792, 70_000)
"""Sizes around which a level begins or ends."""

sizes = st.one_of(st.integers(0, 600), st.sampled_from(SIZES_OF_NOTE), st.integers(0, len(LEAVES)))


class Log:
    """A log in memory that keeps what a store keeps, and counts what is read."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.tree = Tree()
        self.stored = list(leaves)
        self.kept = {(level, number): node for level, number, node in self.tree.append(leaves)}
        self.reads: list[int] = []

    def leaves(self, first: int, count: int) -> Sequence[bytes]:
        """Return what is stored."""
        self.reads.append(count)
        return self.stored[first : first + count]

    def subtrees(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Return what is kept."""
        self.reads.append(count)
        return [self.kept[level, number] for number in range(first, first + count) if (level, number) in self.kept]


LOG = Log(LEAVES)


def split(count: int) -> int:
    """Return the largest power of two smaller than the count (k of RFC 6962 section 2.1)."""
    power = 1
    while power * 2 < count:
        power *= 2
    return power


@cache
def defined_root(first: int, end: int) -> bytes:
    """Return MTH(D[first:end]) of RFC 6962 section 2.1, D being the entries of LEAVES."""
    if first == end:
        return sha256().digest()
    if end - first == 1:
        return LEAVES[first]
    k = split(end - first)
    return sha256(b"\x01" + defined_root(first, first + k) + defined_root(first + k, end)).digest()


def defined_path(m: int, first: int, end: int) -> list[bytes]:
    """Return PATH(m, D[first:end]) of RFC 6962 section 2.1.1."""
    if end - first == 1:
        return []
    middle = first + split(end - first)
    if m < middle - first:
        return [*defined_path(m, first, middle), defined_root(middle, end)]
    return [*defined_path(m - (middle - first), middle, end), defined_root(first, middle)]


def defined_subproof(m: int, first: int, end: int, *, known: bool) -> list[bytes]:
    """Return SUBPROOF(m, D[first:end], known) of RFC 6962 section 2.1.2."""
    if m == end - first:
        return [] if known else [defined_root(first, end)]
    middle = first + split(end - first)
    if m <= middle - first:
        return [*defined_subproof(m, first, middle, known=known), defined_root(middle, end)]
    return [*defined_subproof(m - (middle - first), middle, end, known=False), defined_root(first, middle)]


@cache
def root_of(size: int) -> bytes:
    """Return the root that the tree itself gives for the first entries."""
    tree = Tree()
    tree.append(LEAVES[:size])
    return tree.root()
