"""Verifies an export of an AssetTrack audit log (format `assettrack-export v1`): an opinion of its own.

Needs nothing but Python 3.11 and shares no code with the program whose exports it judges; both follow the page
docs/reference/export.md. Ends with 0 and a sentence if the export is good, else with 1 and a sentence that says why.

    python tools/verify_export.py FILE [--key VKEY]

Without --key only the export itself says whose signature it bears: compare the key in the answer with one you know.
"""

import argparse
import base64
import json
import re
import sys
from collections.abc import Iterable
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

HEADER = {"format": str, "origin": str, "public_key": str, "size": int, "root": str, "checkpoint": str}
ENTRY = {"seq": int, "body": str, "leaf": str, "proof": list}
LINE_MAX, NOTE_MAX = 1 << 20, 1 << 18


class NotGood(Exception):
    """The export is not good; the text says why."""


def require(good: object, sentence: str) -> None:
    """Stop at the first thing that is not good."""
    if not good:
        raise NotGood(sentence)


def verify(lines: Iterable[bytes], key: str | None = None) -> str:
    """Return a sentence about a good export.

    Raises:
        NotGood: it is not good.
    """
    every = iter(lines)
    header = parsed(next(every, b""), HEADER, "The header")
    origin, size, root = header["origin"], header["size"], decoded(header["root"], "The root")
    require(header["format"] == "assettrack-export v1" and 0 < size < 2**63, "The header is of another format.")
    require(re.fullmatch("[0-9a-f]{64}", header["public_key"]), "The public key is none.")
    public = bytes.fromhex(header["public_key"])
    hint = sha256(f"{origin}\n\1".encode() + public).digest()[:4]
    whole_key = f"{origin}+{hint.hex()}+{base64.b64encode(bytes([1]) + public).decode()}"
    require(key in {None, whole_key}, f"It is signed with another key: {whole_key}")
    text, _, signatures = header["checkpoint"].partition("\n\n")
    require(f"{text}\n" == f"{origin}\n{size}\n{header['root']}\n", "The checkpoint states another size or root.")
    require(len(header["checkpoint"]) <= NOTE_MAX, "The checkpoint is too long.")
    require(is_signed(f"{text}\n", signatures, (origin, hint), public), "The signature is not the station's.")
    number = 0
    for number, line in enumerate(every, 1):
        check_entry(parsed(line, ENTRY, f"Entry {number}"), number, header, root)
    require(number == size, f"{size} entries were signed, and {number} are there.")
    return f"The export is good: {size} entries, each with its proof, signed by {whole_key}."


def check_entry(entry: dict[str, Any], number: int, header: dict[str, Any], root: bytes) -> None:
    """Check one entry."""
    what, leaf = f"Entry {number}", sha256(b"\0" + entry["body"].encode()).digest()
    require(entry["seq"] == number, f"{what} is not where it must be.")
    require(decoded(entry["leaf"], what) == leaf, f"{what} has another text than its leaf was made from.")
    try:
        body = json.loads(entry["body"])
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):  # no JSON, half a letter, a number that is none
        body = None
    own = body.get("seq") if isinstance(body, dict) else None
    require(type(own) is int and own == number, f"{what} says another number in its text.")
    named = number > 1 or (body.get("station"), body.get("public_key")) == (header["origin"], header["public_key"])
    require(named, f"{what} names another station or another key than the header.")
    require(all(type(text) is str for text in entry["proof"]), f"{what} has a proof that is none.")
    proof = [decoded(text, what) for text in entry["proof"]]
    require(leads_to(leaf, number - 1, header["size"], proof) == root, f"{what} is not proved by its hashes.")


def leads_to(node: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """Return the root to which hashes lead from a leaf (RFC 6962 section 2.1: pair by pair, an odd last one alone)."""
    last, left = size - 1, list(proof)
    while last:
        if index != last or index % 2:
            beside = left.pop(0) if left else b""
            if len(beside) != 32:
                return b""
            node = sha256(b"\1" + (beside + node if index % 2 else node + beside)).digest()
        index, last = index // 2, last // 2
    return b"" if left else node


def is_signed(text: str, signatures: str, own: tuple[str, bytes], public: bytes) -> bool:
    """Tell whether the station signed the text of a note (C2SP signed-note); lines of others may stand there too."""
    by_station = []
    for line in signatures.removesuffix("\n").split("\n"):
        match = re.fullmatch(r"\N{EM DASH} ((?!\ufeff)[^\s+\x00-\x1f]+) (\S+)", line)
        signed = decoded(match[2], "A signature") if match else b""
        if match is None or len(signed) < 5:
            return False
        if (match[1], signed[:4]) == own:
            by_station.append(ed25519(public, text.encode(), signed[4:]))
    return signatures.endswith("\n") and bool(by_station) and all(by_station)


def parsed(line: bytes, fields: dict[str, type], what: str) -> dict[str, Any]:
    """Return what a line says: just these fields of these types, written in the only way allowed."""
    try:
        value = json.loads(line.decode())
        same = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n" == line
    except (ValueError, RecursionError):
        value, same = None, False
    require(same and len(line) <= LINE_MAX, f"{what} is not written as an export writes it.")
    good = isinstance(value, dict) and list(value) == list(fields)
    require(good and all(type(value[name]) is kind for name, kind in fields.items()), f"{what} has other fields.")
    return dict(value)


def decoded(text: str, what: str) -> bytes:
    """Return what base64 says, if it is the one way to say it."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        data = b""
    require(base64.b64encode(data).decode() == text, f"{what} has base64 that is none.")
    return data


# Ed25519, RFC 8032 section 5.1. Points are (X, Y, Z, T): x = X/Z, y = Y/Z, x*y = T/Z.

Point = tuple[int, int, int, int]
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether the key made the signature for the message."""
    point, s = unpacked(public), int.from_bytes(signature[32:], "little")
    if point is None or len(signature) != 64 or s >= ORDER:
        return False
    k = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % ORDER
    x, y, z, _ = plus(times(s, BASE), times(k, (P - point[0], point[1], 1, P - point[3])))
    x, y = x * pow(z, -1, P) % P, y * pow(z, -1, P) % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


def unpacked(data: bytes) -> Point | None:
    """Return the point that 32 bytes stand for: y, and in the highest bit whether x is odd."""
    number = int.from_bytes(data, "little")
    y, odd = number & ~(1 << 255), number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and odd):
        return None
    x = x if x & 1 == odd else P - x
    return x, y, 1, x * y % P


def plus(p: Point, q: Point) -> Point:
    """Return the sum of two points."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] * D, 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n: int, p: Point) -> Point:
    """Return a point added to itself so many times."""
    total = 0, 1, 1, 0
    while n:
        total, p, n = plus(total, p) if n & 1 else total, plus(p, p), n >> 1
    return total


BASE = unpacked((4 * pow(5, -1, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)


def main() -> int:
    """Verify one file; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", help="the export")
    parser.add_argument("--key", metavar="VKEY", help="the station's public key, known from elsewhere")
    asked = parser.parse_args()
    try:
        with Path(asked.file).open("rb") as file:
            sentence, code = verify(iter(lambda: file.readline(LINE_MAX + 1), b""), asked.key), 0
    except (NotGood, OSError) as error:
        sentence, code = f"The export is not good: {error}", 1
    print(sentence.encode("ascii", "backslashreplace").decode())
    return code


if __name__ == "__main__":
    sys.exit(main())
