"""The way out: all that reaches stdout and stderr goes through here.

Owns that text is shown inert (a tag or a name can't move the cursor or colour the screen), that a
reader who goes away is no error, and that machines get UTF-8. Must never be bypassed by a command.
"""

import io
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from itertools import islice
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from assettrack.domain.errors import AssetTrackError

LINES_AT_ONCE = 1000
BYTES_AT_ONCE = 1 << 18


def inert(text: str) -> str:
    """Return a text with everything that is not printable escaped: control characters, marks that reorder letters."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def prepare() -> None:
    """Make the streams ready: letters they don't know are escaped, and where one is missing, nobody listens."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def finish() -> None:
    """Bring everything out, so that a full disk is noticed while it can still be said."""
    _written(sys.stdout, "")


def lines(texts: Iterable[str], *, on: IO[str] | None = None) -> None:
    """Write lines of data to stdout, or to another stream, many at a time."""
    stream = on or sys.stdout
    remaining = iter(texts)
    while block := list(islice(remaining, LINES_AT_ONCE)):
        if not "".join(block).isprintable():  # nearly always all of them are, as one look tells
            block = list(map(inert, block))
        _written(stream, "\n".join([*block, ""]))


def blocks(texts: Iterable[str], *, on: IO[str]) -> None:
    """Write texts of many lines each, which must be inert already, to a stream; what ends their last line is added."""
    for text in texts:
        _written(on, f"{text}\n")


def tell(*texts: str) -> None:
    """Write messages for a person to stderr, one line each."""
    _written(sys.stderr, "".join(f"{inert(text)}\n" for text in texts))


def write_json(value: object) -> None:
    """Write a value as one line of JSON."""
    import msgspec

    write_bytes(msgspec.json.encode(value) + b"\n")


def write_bytes(*pieces: bytes) -> None:
    """Write bytes of data as they are."""
    stream = sys.stdout  # text that was written before is out already: it is flushed at once
    try:
        for piece in pieces:
            stream.buffer.write(piece)
    except BrokenPipeError:
        silence(stream)


class Unfinished(Exception):
    """An array was begun and broke off: the answer on stdout lacks its end, and ``error`` says why."""

    def __init__(self, error: "AssetTrackError") -> None:
        super().__init__(str(error))
        self.error = error


def write_array(head: bytes, items: Iterable[bytes], tail: bytes) -> None:
    """Write a JSON array of encoded items between ``head`` and ``tail``, without ever holding it whole.

    Raises:
        Unfinished: the items broke off; what there was of them is written, without an end.
    """
    from assettrack.domain.errors import AssetTrackError

    remaining = iter(items)
    pieces: list[bytes] = []
    size = 0
    separator = b""
    write_bytes(head, b"[")
    try:
        for item in remaining:
            pieces += (separator, item)
            separator = b","
            size += len(item)
            if size >= BYTES_AT_ONCE:
                write_bytes(b"".join(pieces))
                pieces, size = [], 0
    except AssetTrackError as error:
        write_bytes(b"".join(pieces))
        raise Unfinished(error) from error
    write_bytes(b"".join(pieces), b"]", tail, b"\n")


def silence(stream: IO[str]) -> None:
    """Let everything that is still to come go nowhere: whoever read it has gone away, or the disk is full."""
    with suppress(OSError, ValueError):  # a stream without a file behind it
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _written(stream: IO[str], text: str) -> None:
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        silence(stream)
