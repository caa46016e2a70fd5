"""The export of the audit log: every entry with its proof, for an auditor who has another program.

Owns the format ``assettrack-export v1``, which `docs/reference/export.md` describes so that a
verifier can be written from that page alone. JSON Lines: a header that holds the signed
checkpoint, then each entry with its RFC 6962 inclusion proof against that checkpoint. Each line
is written in one way only, so that not a byte of a file can change unnoticed.

Entries and lines come in one after the other, and little more than 256 of them are ever held.
Must never write what it does not find proved: a log that does not lead to its signed root is
not exported. Must never sign or verify by itself: verifying is handed in.
"""

import binascii
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import msgspec

from assettrack.domain.checkpoints import read_note
from assettrack.domain.merkle import LEVEL_WIDTH, HashSource, leaf_hash, node_hash
from assettrack.domain.signed_notes import NoteInvalid, Verify, vkey
from assettrack.domain.wording import quoted

FORMAT = "assettrack-export v1"

LINE_BYTES_MAX = 1 << 20
"""The longest line, its end included."""

SAID_BYTES_MAX = LINE_BYTES_MAX - (1 << 16)
"""What one thing that an entry says may take of its line; the rest is for all else in the entry, and for its proof."""

_PUBLIC_KEY = re.compile("[0-9a-f]{64}")
_encode = msgspec.json.Encoder().encode


class ExportHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line: whose log it is, and the checkpoint that all proofs lead to.

    ``public_key`` is in hex, ``root`` in base64. ``size``, ``root`` and ``origin`` say what the
    signed note ``checkpoint`` states, for readers who don't take it apart.
    """

    format: str
    origin: str
    public_key: str
    size: int
    root: str
    checkpoint: str

    @property
    def key(self) -> str:
        """The public key as signed-note tools take it, to be compared with one that is known from elsewhere.

        Raises:
            ValueError: name or key can't be such a key's.
        """
        return vkey(self.origin, bytes.fromhex(self.public_key))


class ProvedEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line for one entry: its number, its stored text, its leaf and its proof, hashes in base64."""

    seq: int
    body: str
    leaf: str
    proof: list[str]


class StoredEntry(NamedTuple):
    """An entry as the log keeps it: number, stored bytes, leaf."""

    seq: int
    body: bytes
    leaf: bytes


class LogUnsound(ValueError):
    """A log can't be exported: its entries or hashes don't lead to the root that was signed. The text says why."""


class NotAnExport(ValueError):
    """A file is no export of this format; the text says why, as half a sentence."""


class ExportFault(Exception):
    """The first thing in an export that is not as it should be: a sentence, and the entry where one is at fault."""

    def __init__(self, message: str, seq: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.seq = seq


def bytes_in_line(text: bytes) -> int:
    """Return how much of a line a part of an entry's JSON takes, as it stands there in quotes."""
    return len(text) + text.count(b'"') + text.count(b"\\")


# -- making ----------------------------------------------------------------------------------------------------------


def header_of(origin: str, public_key: str, size: int, *, note: str, verify: Verify) -> ExportHeader:
    """Return the header for a log of this size, once it is known that its station signed the note and means this log.

    Raises:
        LogUnsound: the note is not signed by this key, or states another size.
    """
    try:
        stated = read_note(note, origin=origin, public_key=bytes.fromhex(public_key), verify=verify)
    except ValueError as error:  # the note is not good, or the key is none
        raise LogUnsound(f"its last checkpoint is not good ({error})") from error
    if stated.size != size:
        raise LogUnsound(f"its last checkpoint states {stated.size} entries, and the log has {size}")
    return ExportHeader(FORMAT, origin, public_key, size, _base64(stated.root), note)


def export_blocks(header: ExportHeader, entries: Iterable[StoredEntry], hashes: HashSource) -> Iterator[bytes]:
    """Yield the file in blocks of whole lines: the header, then 256 entries at a time.

    ``entries`` are all entries of the log from 1 on, ``hashes`` what the store keeps of its tree.

    Raises:
        LogUnsound: an entry is missing, is no text or has not its leaf; or the leaves don't lead to the signed root.
    """
    yield _encode(header) + b"\n"
    tops = _tree(_block_roots(header.size, hashes))
    if _base64(tops[-1][0]) != header.root:
        raise LogUnsound("the hashes of its log do not lead to the root that was signed")
    written = 0
    remaining = iter(entries)
    while block := list(islice(remaining, LEVEL_WIDTH)):
        for seq, entry in enumerate(block, written + 1):
            _require_sound(entry, seq)
        number = written // LEVEL_WIDTH
        nodes = _tree([entry.leaf for entry in block])
        if number >= len(tops[0]) or nodes[-1][0] != tops[0][number]:
            raise LogUnsound(f"its entries {written + 1} to {written + len(block)} have not the hash kept for them")
        yield b"".join(_lines(block, nodes, _path(tops, number)))
        written += len(block)
    if written != header.size:
        raise LogUnsound(f"its log has {written} entries, where {header.size} were signed")


def _block_roots(size: int, hashes: HashSource) -> list[bytes]:
    """Return the root over each 256 entries; the last block may have fewer."""
    full, rest = divmod(size, LEVEL_WIDTH)
    roots = list(hashes.subtrees(1, 0, full)) if full else []
    if rest:
        leaves = hashes.leaves(full * LEVEL_WIDTH, rest)
        roots += _tree(leaves)[-1] if leaves else []
    if len(roots) != full + bool(rest):
        raise LogUnsound("hashes of its log are missing")
    return roots


def _tree(nodes: Sequence[bytes]) -> list[Sequence[bytes]]:
    """Return all rows of a tree, from the lowest up; an odd last node is carried up as it is."""
    rows = [nodes]
    while len(nodes) > 1:
        above = [node_hash(left, right) for left, right in zip(nodes[::2], nodes[1::2], strict=False)]
        nodes = [*above, nodes[-1]] if len(nodes) % 2 else above
        rows.append(nodes)
    return rows


def _path(rows: Sequence[Sequence[bytes]], index: int) -> list[bytes]:
    """Return the neighbours on the way from a node of the lowest row up to the top."""
    path = []
    for row in rows:
        if index ^ 1 < len(row):
            path.append(row[index ^ 1])
        index >>= 1
    return path


def _require_sound(entry: StoredEntry, seq: int) -> None:
    if entry.seq != seq:
        raise LogUnsound(f"its entry {seq} is missing")
    if leaf_hash(entry.body) != entry.leaf:
        raise LogUnsound(f"its entry {seq} does not have the hash that is stored with it")


def _lines(block: Sequence[StoredEntry], rows: Sequence[Sequence[bytes]], above: Sequence[bytes]) -> Iterator[bytes]:
    """Yield the lines of a block; ``above`` is what its own top has beside its way to the root."""
    texts = [[_base64(node) for node in row] for row in rows]
    shared = [_base64(node) for node in above]
    for index, entry in enumerate(block):
        path = [row[(index >> level) ^ 1] for level, row in enumerate(texts) if (index >> level) ^ 1 < len(row)]
        try:
            line = ProvedEntry(entry.seq, entry.body.decode(), texts[0][index], path + shared)
        except UnicodeDecodeError as error:
            raise LogUnsound(f"its entry {entry.seq} is no text") from error
        yield _encode(line) + b"\n"


# -- checking --------------------------------------------------------------------------------------------------------


def read_header(line: bytes) -> ExportHeader:
    """Return the header that a file's first line states. Whether it is true is not asked here.

    Raises:
        NotAnExport: it is no header of this format.
    """
    try:
        stated = msgspec.json.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        stated = None
    name = stated.get("format") if isinstance(stated, dict) else None
    if not isinstance(name, str) or not name.startswith("assettrack-export "):
        raise NotAnExport("its first line is not that of an export")
    if name != FORMAT:
        raise NotAnExport(f"it has the format {quoted(str(name), 40)}, and this version reads {FORMAT!r}")
    try:
        header = msgspec.convert(stated, ExportHeader)
    except msgspec.ValidationError as error:
        raise NotAnExport("its first line lacks what an export says there, or says more") from error
    if _encode(header) + b"\n" != line or len(line) > LINE_BYTES_MAX:
        raise NotAnExport("its first line was changed: an export writes it in another way")
    return header


def check_header(header: ExportHeader, verify: Verify, key: str | None = None) -> None:
    """Make sure that the checkpoint is signed, and says what the header says.

    ``key`` is the station's public key as it is known from elsewhere (see :attr:`ExportHeader.key`). Without it only
    the export itself says whose key it is.

    Raises:
        ExportFault: it is not.
    """
    if not _PUBLIC_KEY.fullmatch(header.public_key):
        raise ExportFault("The public key in the header is not 32 bytes in hex.")
    public_key = bytes.fromhex(header.public_key)
    try:
        if key is not None and header.key != key:
            raise ExportFault(f"The export is signed with {header.key}, not with the key that was asked for.")
        stated = read_note(header.checkpoint, origin=header.origin, public_key=public_key, verify=verify)
    except NoteInvalid as error:
        raise ExportFault(f"The checkpoint is not good: {error.reason}") from error
    except ValueError as error:  # the name can't be a key's
        raise ExportFault(f"The checkpoint is not good: {error}.") from error
    if (stated.size, _base64(stated.root)) != (header.size, header.root):
        raise ExportFault("The header says another size or root than the checkpoint that was signed.")
    if stated.size == 0:
        raise ExportFault("The checkpoint states an empty log, which no station signs.")


def check_entries(header: ExportHeader, lines: Iterable[bytes]) -> Iterator[int]:
    """Check the lines after the header, and yield the number of each good entry.

    The header must have been checked; lines come with their ends.

    Raises:
        ExportFault: at the first line that is not good, or missing.
    """
    proofs = ConsecutiveProofs(header.size, header.root)
    seq = 0
    for seq, line in enumerate(lines, 1):
        if seq > header.size:
            raise ExportFault(f"After entry {header.size}, the last that was signed, stands something more.", seq)
        entry = _read_entry(line, seq)
        leaf = leaf_hash(entry.body.encode())
        if _base64(leaf) != entry.leaf:
            raise ExportFault(f"Entry {seq} was changed: its text does not have the hash that stands with it.", seq)
        _check_body(entry, header)
        if not proofs.next_leads_to_root(leaf, entry.proof):
            raise ExportFault(f"Entry {seq} is not proved: its hashes do not lead to the root that was signed.", seq)
        yield seq
    if seq < header.size:
        raise ExportFault(f"Entries from {seq + 1} on are missing: {header.size} were signed.", seq + 1)


class ConsecutiveProofs:
    """Inclusion proofs of all leaves, one after the other from the first on, hashes in base64.

    A proof's way up meets that of the leaf before it, on average after two rows. From there on both must be the
    same, so that it needs to be followed only up to there (RFC 9162 section 2.1.3.2 follows each to the root).
    """

    def __init__(self, size: int, root: str) -> None:
        self._last = size - 1
        self._index = -1
        self._way: list[tuple[bytes, list[str]]] = [(b"", [])] * self._last.bit_length()
        """For each row the last leaf's ancestor there, and what was still left of its proof; the root is the top."""
        self._way.append((_hash_in(root) or b"", []))

    def next_leads_to_root(self, leaf: bytes, proof: list[str]) -> bool:
        """Tell whether the proof shows that this is the next leaf. After a False there is no next."""
        index = self._index + 1
        rows = (index ^ self._index).bit_length() if index else len(self._way) - 1
        here, last, node, rest = index, self._last, leaf, proof
        walked = []
        for _ in range(rows):
            walked.append((node, rest))
            if here ^ 1 <= last:  # else there is nothing beside it, and it is carried up as it is
                neighbour = _hash_in(rest[0]) if rest else None
                if neighbour is None:
                    return False
                node = node_hash(neighbour, node) if here & 1 else node_hash(node, neighbour)
                rest = rest[1:]
            here, last = here >> 1, last >> 1
        if (node, rest) != self._way[rows]:
            return False
        self._way[:rows] = walked
        self._index = index
        return True


def _read_entry(line: bytes, seq: int) -> ProvedEntry:
    """Return what a line states, if it is the one way to state it and has its place in the file."""
    if not line.endswith(b"\n") or len(line) > LINE_BYTES_MAX:
        raise ExportFault(f"The line of entry {seq} is cut off, or longer than {LINE_BYTES_MAX:,} bytes.", seq)
    try:
        entry = msgspec.json.decode(line, type=ProvedEntry)
        same = _encode(entry) + b"\n" == line
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ExportFault(f"The line of entry {seq} is damaged: it is none that an export writes.", seq) from error
    if not same:
        raise ExportFault(f"The line of entry {seq} was changed: an export writes it in another way.", seq)
    if entry.seq != seq:
        raise ExportFault(f"Where entry {seq} must stand, stands entry {entry.seq}.", seq)
    return entry


def _check_body(entry: ProvedEntry, header: ExportHeader) -> None:
    """Make sure that the entry's own text gives it this number; the first names the station and its key."""
    try:
        body = msgspec.json.decode(entry.body)
    except (msgspec.MsgspecError, RecursionError):
        body = None
    if not isinstance(body, dict) or type(body.get("seq")) is not int or body["seq"] != entry.seq:
        raise ExportFault(f"Entry {entry.seq} says another number in its text, or is no entry.", entry.seq)
    if entry.seq == 1 and (body.get("station"), body.get("public_key")) != (header.origin, header.public_key):
        raise ExportFault("Entry 1 names another station or another key than the header.", 1)


def _hash_in(text: str) -> bytes | None:
    """Return the bytes, or None unless the text is the one way to write them in base64.

    Of another length than a hash's they lead nowhere: what is hashed with them has one.
    """
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except ValueError:  # binascii.Error is one; so is what it says of letters that are not ASCII
        return None
    return data if _base64(data) == text else None


def _base64(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).decode("ascii")
