"""Which bytes are text: encoding, control characters, and where the first bad one stands.

Owns how a file's bytes become lines. Must never guess: a file is UTF-8, or UTF-16 that says so with a byte order
mark, or it is refused with the place of the first byte that says otherwise (DESIGN §4).
"""

import codecs
import io
import re
import unicodedata
from collections.abc import Iterator

from assettrack.domain.findings import Finding, finding

LINE_CHARACTERS_MAX = 16 * 1024 * 1024
"""Longest line that is read. Far above any row; it keeps a file without line ends from filling the memory."""

_CHUNK_BYTES = 256 * 1024

_AS_CSV = "Save the sheet as CSV (UTF-8) and try again"
_UNPACK = "Unpack it and try again with the CSV file inside"
_EXPORT = "Export the scans as CSV (UTF-8) and try again"

# What such a file begins with, from the published formats: PKWARE's APPNOTE, RFC 1952, ISO 32000-1, the PNG
# specification, SQLite's file format, [MS-CFB], JPEG's SOI marker, and the format pages of 7-Zip, xz, Zstandard, RTF.
_SIGNATURES = (
    (b"PK\x03\x04", "a ZIP archive", _UNPACK),
    (b"PK\x05\x06", "an empty ZIP archive", _EXPORT),
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"\xfd7zXZ\x00", "an xz archive", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", _UNPACK),
    (b"%PDF-", "a PDF document", _EXPORT),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture", _EXPORT),
    (b"\xff\xd8\xff", "a JPEG picture", _EXPORT),
    (b"SQLite format 3\x00", "a SQLite database", _EXPORT),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Office file", _AS_CSV),
    (b"{\\rtf", "a formatted document (RTF)", _AS_CSV),
)
_EXCEL = "an Excel workbook"
# A workbook is a ZIP archive too. The names of its parts stand near its beginning, or in the directory at its end.
_WORKBOOKS = (
    (b"xl/workbook", _EXCEL),
    (b"application/vnd.oasis.opendocument.spreadsheet", "an OpenDocument spreadsheet"),
)
_ZIP_ENDS_BYTES = 64 * 1024

_UTF_32_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)  # the first begins as UTF-16's does, so it is asked first
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# ASCII text without a byte order mark in either order of UTF-16: every other byte is zero.
_UNMARKED_UTF_16 = re.compile(rb"(?:[^\x00]\x00){2}|(?:\x00[^\x00]){2}", re.DOTALL)

# Unicode's category Cc but for tab, line feed and carriage return; the line and paragraph separators; the marks
# that reorder what is shown (UAX #9: embeddings, overrides, isolates); a byte order mark inside the text.
_FORBIDDEN = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ufeff]",
)
_ALLOWED_ASCII = bytes(code for code in range(128) if not _FORBIDDEN.match(chr(code)))
_LINE_ENDS = ("\n", "\r")

# The abbreviations of ISO/IEC 6429; Unicode gives the control characters no names.
# fmt: off
_C0_NAMES = (
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI",
    "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
)
# fmt: on


class Text:
    """A file's bytes with the encoding they are in; kept as bytes, decoded only as lines are asked for."""

    __slots__ = ("_data", "_encoding", "_start")

    def __init__(self, data: bytes, encoding: str, start: int) -> None:
        self._data = data
        self._encoding = encoding
        self._start = start

    def lines(self) -> Iterator[str]:
        """Return the lines from the first on, each with its own line end (CRLF, LF or CR)."""
        return self._decoded("strict")

    def fault(self) -> Finding | None:
        """Return the first thing that keeps the bytes from being a text that is read; None if there is nothing."""
        decoder = codecs.getincrementaldecoder(self._encoding)()
        characters = line_characters = 0
        for begin in range(self._start, len(self._data), _CHUNK_BYTES):
            chunk = self._data[begin : begin + _CHUNK_BYTES]
            try:
                text = decoder.decode(chunk, final=begin + _CHUNK_BYTES >= len(self._data))
            except UnicodeDecodeError as error:
                return self._undecodable(error, characters)
            bad = _first_forbidden(text)
            if bad is not None:
                line, column = self._place(characters + bad)
                return finding("control_character", line=line, column=column, name=character_name(text[bad]))
            characters += len(text)
            line_begin = max(map(text.rfind, _LINE_ENDS))
            line_characters = len(text) - line_begin - 1 + (line_characters if line_begin < 0 else 0)
            if line_characters > LINE_CHARACTERS_MAX:
                line, _ = self._place(characters - line_characters)
                return finding("line_too_long", line=line, limit=f"{LINE_CHARACTERS_MAX:,}")
        return None

    def _undecodable(self, error: UnicodeDecodeError, characters: int) -> Finding:
        """Say where the decoder stopped, which had given ``characters`` before the piece it was at."""
        good = error.object[: error.start].decode(self._encoding)
        line, column = self._place(characters + len(good))
        if self._encoding == "utf-8":
            what = f"byte 0x{error.object[error.start]:02X} is not UTF-8"
            return finding("encoding_unknown", line=line, column=column, what=what)
        return finding("encoding_broken", line=line, column=column, encoding="UTF-16", reason=error.reason)

    def _place(self, characters: int) -> tuple[int, int]:
        """Return the line and the position in it, both from 1, of the character after so many characters."""
        lines = self._decoded("replace")  # what can't be decoded comes later than the place that is asked for
        line = column = 1
        while characters:
            text = lines.readline(characters)
            characters -= len(text)
            if text.endswith(_LINE_ENDS):
                line, column = line + 1, 1
            else:
                column += len(text)
        return line, column

    def _decoded(self, errors: str) -> io.TextIOWrapper:
        # BytesIO shares the bytes it is given until one of the two is written to, so this costs no copy.
        stream = io.BytesIO(self._data)
        stream.seek(self._start)
        return io.TextIOWrapper(stream, self._encoding, errors, newline="")


def read_text(data: bytes) -> Text | Finding:
    """Return the bytes as text, or what keeps them from being one."""
    binary = _binary(data)
    if binary:
        what, advice = binary
        return finding("not_text", what=what, advice=advice)
    if data.startswith(_UTF_32_MARKS):
        return finding("encoding_unknown", line=1, column=1, what="the file begins as UTF-32, which is not read")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = Text(data, encoding, len(mark))
            break
    else:
        if _UNMARKED_UTF_16.match(data):
            what = "every other byte is zero, as in UTF-16 without a byte order mark"
            return finding("encoding_unknown", line=1, column=1, what=what)
        text = Text(data, "utf-8", 0)
    return text.fault() or text


def is_excel(data: bytes) -> bool:
    """Tell whether a file is a workbook (XLSX), as far as the names of its parts tell."""
    binary = _binary(data)
    return binary is not None and binary[0] == _EXCEL


def character_name(letter: str) -> str:
    """Return what an invisible character is called, with its number: ``ESC (U+001B)``."""
    code = ord(letter)
    short = _C0_NAMES[code] if code < len(_C0_NAMES) else {"\x7f": "DEL", "\x85": "NEL"}.get(letter, "")
    return f"{short or unicodedata.name(letter, 'control character')} (U+{code:04X})"


def _first_forbidden(text: str) -> int | None:
    """Return where the first character stands that no batch may have."""
    if text.isascii() and not text.encode().translate(None, _ALLOWED_ASCII):  # ten times as fast as the expression
        return None
    match = _FORBIDDEN.search(text)
    return match.start() if match else None


def _binary(data: bytes) -> tuple[str, str] | None:
    """Return what kind of file this is, and what to do about it, if it is one that is not text."""
    for signature, what, advice in _SIGNATURES:
        if data.startswith(signature):
            if signature.startswith(b"PK"):
                ends = data[:_ZIP_ENDS_BYTES] + data[-_ZIP_ENDS_BYTES:]
                workbook = next((name for part, name in _WORKBOOKS if part in ends), None)
                return (workbook, _AS_CSV) if workbook else (what, advice)
            return what, advice
    return None
