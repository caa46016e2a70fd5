"""Writes about signatures that the schema must refuse, and those that it must allow.

They are meant for the database that `test_schema` prepares, and joined with the others in `illegal_writes`. Beside what
is told there, it has: two signatures of entry 3, by Ada and Bo, the second of them without its strokes. It must never
hold a write that some other program could need.
"""

HASH = f"'{'ef' * 32}'"


def _hash(seq: str = "3", name: str = "'Cy'", digest: str = HASH, *, how: str = "INSERT") -> str:
    """Say the hash of a signature. All values are SQL."""
    return f"{how} INTO signature_hashes VALUES ({seq}, {name}, {digest})"


def _signature(seq: str = "3", name: str = "'Bo'", strokes: str = "'M1 1l1 1'", *, how: str = "INSERT") -> str:
    """Say a signature. All values are SQL."""
    return f"{how} INTO signatures VALUES ({seq}, {name}, {strokes})"


ILLEGAL = {
    "the hash of a signature replaced": _hash(name="'Ada'", how="REPLACE"),
    "the hash of nobody's signature": _hash(name="''"),
    "half the hash of a signature": _hash(digest="'ef'"),
    "the hash of a signature changed": f"UPDATE signature_hashes SET signature_sha256 = {HASH}",
    "the hash of a signature deleted": "DELETE FROM signature_hashes WHERE name = 'Bo'",
    "a signature replaced": _signature(name="'Ada'", how="REPLACE"),
    "a signature of another entry": _signature("4"),
    "a signature of somebody else": _signature(name="'Cy'"),
    "a signature without a stroke": _signature(strokes="''"),
    "a signature too long": _signature(strokes=f"'{'M' * 8193}'"),
    "a signature changed": "UPDATE signatures SET strokes = 'M1 1l1 1'",
    "a signature deleted": "DELETE FROM signatures",
}

LEGAL = {
    "another hash of a signature of the same entry": _hash(),
    "another hash of a signature of the same person": _hash("4", "'Ada'"),
    "the missing signature": _signature(strokes=f"'{'M' * 8192}'"),
    "a signature with its hash": "; ".join([_hash("4", "'Ada'"), _signature("4", "'Ada'")]),
}
