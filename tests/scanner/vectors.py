"""Owns the frames that are known to be right: published ones, and ones computed from published rules."""

import json
from pathlib import Path
from typing import NamedTuple

from assettrack.scanner.frames import Command


class Vector(NamedTuple):
    """One frame: what it is, its bytes, whether it is a reply, and the command that it is, or answers to."""

    what: str
    raw: bytes
    reply: bool
    command: Command


def _read() -> tuple[Vector, ...]:
    rows = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))
    return tuple(
        Vector(
            row["what"],
            bytes.fromhex(row["hex"]),
            row["kind"].startswith("reply"),
            Command(int(row["kind"].split()[1], 16)),
        )
        for row in rows
    )


VECTORS = _read()
BY_NAME = {vector.what: vector.raw for vector in VECTORS}
REPLIES = [vector for vector in VECTORS if vector.reply]
