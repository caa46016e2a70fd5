"""Which bytes are text, and where the first bad one stands."""

import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.findings import Finding
from assettrack.formats.encodings import LINE_CHARACTERS_MAX, Text, character_name, read_text

BYTE_ORDER_MARKS = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
CHUNK_BYTES = 256 * 1024
ALLOWED_CONTROLS = "\t\n\r"
REORDERING = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
FORBIDDEN = [
    *(code for code in [*range(0x20), *range(0x7F, 0xA0)] if chr(code) not in ALLOWED_CONTROLS),
    0x2028,
    0x2029,
    *REORDERING,
    0xFEFF,
]


def encoded(text: str, encoding: str, *, marked: bool = True) -> bytes:
    """Return the bytes of a text, behind the byte order mark unless it is said otherwise."""
    return (BYTE_ORDER_MARKS[encoding] if marked else b"") + text.encode(encoding)


def text_of(data: bytes) -> str:
    """Return the text of bytes that must be one."""
    text = read_text(data)
    assert isinstance(text, Text), text
    return "".join(text.lines())


def problem_of(data: bytes) -> Finding:
    """Return what is wrong with bytes that must not be a text."""
    problem = read_text(data)
    assert isinstance(problem, Finding), "the bytes were read as text"
    return problem


@pytest.mark.parametrize("encoding", BYTE_ORDER_MARKS)
@given(text=st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters=ALLOWED_CONTROLS)))
def test_marked_text_comes_back(encoding: str, text: str) -> None:
    """UTF-8 and UTF-16 with a byte order mark give the text back, line ends untouched."""
    if set(map(ord, text)).isdisjoint(FORBIDDEN):
        assert text_of(encoded(text, encoding)) == text
    else:
        assert problem_of(encoded(text, encoding)).code == "control_character"


def test_utf_8_needs_no_mark() -> None:
    """UTF-8 without a byte order mark is read as it is."""
    assert text_of("Zoë, Łódź, 日本, 🧰\r\n".encode()) == "Zoë, Łódź, 日本, 🧰\r\n"


def test_lines_end_as_files_end_them() -> None:
    """CRLF, LF and CR each end a line, mixed in one file too, and stay on it."""
    text = read_text(b"a\r\nb\nc\rd")
    assert isinstance(text, Text)
    assert list(text.lines()) == ["a\r\n", "b\n", "c\r", "d"]


@pytest.mark.parametrize("code", FORBIDDEN, ids=lambda code: f"U+{code:04X}")
@pytest.mark.parametrize("encoding", BYTE_ORDER_MARKS)
def test_control_character_is_named_with_its_place(code: int, encoding: str) -> None:
    """Every control, reordering or separating character is a problem that says line, character and number."""
    problem = problem_of(encoded(f"one\r\ntwo\rthree\nè€{chr(code)}x{chr(code)}", encoding))
    assert problem.code == "control_character"
    assert problem.message.startswith("Line 4, character 3: ")
    assert f"(U+{code:04X}) is not allowed" in problem.message


@pytest.mark.parametrize("code", [code for code in FORBIDDEN if code < 0x80], ids=lambda code: f"U+{code:04X}")
def test_control_character_in_plain_ascii(code: int) -> None:
    """A control character is found in a file of nothing but ASCII too."""
    problem = problem_of(b"asset_tag,timestamp\nLT-1" + bytes([code]) + b",\n")
    assert (problem.code, problem.message[:21]) == ("control_character", "Line 2, character 5: ")


@pytest.mark.parametrize(
    ("letter", "name"),
    [
        ("\x00", "NUL (U+0000)"),
        ("\x1a", "SUB (U+001A)"),
        ("\x1b", "ESC (U+001B)"),
        ("\x1f", "US (U+001F)"),
        ("\x7f", "DEL (U+007F)"),
        ("\x85", "NEL (U+0085)"),
        ("\x9b", "control character (U+009B)"),
        ("\u202e", "RIGHT-TO-LEFT OVERRIDE (U+202E)"),
    ],
)
def test_names_of_invisible_characters(letter: str, name: str) -> None:
    """A control character is called by its abbreviation in ISO/IEC 6429, any other by its Unicode name."""
    assert character_name(letter) == name


def test_only_the_first_of_two_marks_is_one() -> None:
    """A second byte order mark stands inside the text, where it is an invisible character."""
    problem = problem_of(encoded("\ufeffasset_tag\n", "utf-8"))
    assert problem.message.startswith("Line 1, character 1: ZERO WIDTH NO-BREAK SPACE (U+FEFF)")


@pytest.mark.parametrize(
    ("data", "place", "byte"),
    [
        ("tag,name\r\n1,Zoë\r\n".encode("cp1252"), "Line 2, character 5", "0xEB"),
        ("Zoë,\n€\n".encode() + b"\x80", "Line 3, character 1", "0x80"),
        (b"ab\rcd\r\xed\xa0\x80", "Line 3, character 1", "0xED"),  # a surrogate, written as if it were a letter
        (b"\xc0\xafx", "Line 1, character 1", "0xC0"),  # '/' in more bytes than it needs
        (b"\xef\xbb\xbfab\xff", "Line 1, character 3", "0xFF"),
        ("é".encode()[:1], "Line 1, character 1", "0xC3"),  # cut off inside a letter
        (b"\xf4\x90\x80\x80", "Line 1, character 1", "0xF4"),  # past the last code point
    ],
)
def test_other_encodings_are_never_guessed(data: bytes, place: str, byte: str) -> None:
    """Bytes that are not UTF-8 are refused at the first of them, with line and character."""
    problem = problem_of(data)
    assert problem.code == "encoding_unknown"
    assert problem.message.startswith(f"{place}: byte {byte} is not UTF-8.")
    assert "CSV UTF-8" in problem.message


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-32-be"])
def test_utf_32_is_refused_by_name(encoding: str) -> None:
    """A file that begins as UTF-32 is refused as that, though half of its mark is UTF-16's."""
    data = "\ufeffasset_tag".encode(encoding) if encoding != "utf-32" else b"asset_tag".decode().encode("utf-32")
    problem = problem_of(data)
    assert problem.code == "encoding_unknown"
    assert "UTF-32" in problem.message


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_needs_its_mark(encoding: str) -> None:
    """UTF-16 without a byte order mark is refused, and the message says what is lacking."""
    problem = problem_of(encoded("asset_tag,timestamp\n", encoding, marked=False))
    assert problem.code == "encoding_unknown"
    assert "UTF-16 without a byte order mark" in problem.message


@pytest.mark.parametrize(
    ("text", "tail"),
    [("a\r\nbc", b"\x00\xd8x\x00"), ("a\r\nbc", b"x\xdc"), ("a\r\nbc", b"\x00"), ("a\r\nbc", b"\x00\xd8")],
    ids=["lone high surrogate", "lone low surrogate", "half a letter", "half a pair"],
)
def test_broken_utf_16_is_refused_with_its_place(text: str, tail: bytes) -> None:
    """UTF-16 with a lone surrogate or cut off inside a letter is refused where that stands."""
    problem = problem_of(encoded(text, "utf-16-le") + tail)
    assert problem.code == "encoding_broken"
    assert problem.message.startswith("Line 2, character 3: the file begins as UTF-16")


@pytest.mark.parametrize("shift", range(-3, 4))
def test_letters_may_lie_anywhere(shift: int) -> None:
    """Where a file is read in pieces, letters and line ends that lie across two of them are read whole."""
    text = "x" * (CHUNK_BYTES + shift) + "🧰\r\né"
    assert text_of(text.encode()) == text
    assert text_of(encoded(text, "utf-16-le")) == text
    assert problem_of(text.encode() + b"\xff").message.startswith("Line 2, character 2: ")
    assert problem_of(f"{text}\x00".encode()).message.startswith("Line 2, character 2: ")


def test_line_without_end_is_refused() -> None:
    """A line far longer than any row is refused with its number, so that it can't fill the memory."""
    problem = problem_of(b"asset_tag\r\nLT-1\r\n" + b"x" * (LINE_CHARACTERS_MAX + CHUNK_BYTES))
    assert (problem.code, problem.message[:7]) == ("line_too_long", "Line 3 ")


@pytest.mark.parametrize("length", [1000, CHUNK_BYTES])
def test_long_files_of_short_lines_are_read(length: int) -> None:
    """It is the line that may not be too long, not the file."""
    lines = LINE_CHARACTERS_MAX // length + CHUNK_BYTES // length + 2
    assert isinstance(read_text(b"x\n" + (b"x" * (length - 1) + b"\n") * lines), Text)


def zip_of(*names: str, content: str = "") -> bytes:
    """Return a ZIP archive with these files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (zip_of("[Content_Types].xml", "xl/workbook.xml", content="<xml/>"), "an Excel workbook"),
        (zip_of("batch.csv"), "a ZIP archive"),
        (zip_of(), "an empty ZIP archive"),
        (zip_of("mimetype", content="application/vnd.oasis.opendocument.spreadsheet"), "an OpenDocument spreadsheet"),
        (gzip.compress(b"asset_tag,timestamp\n", mtime=0), "a gzip archive"),
        (b"SQLite format 3\x00\x10\x00\x01\x01\x00\x40\x20\x20", "a SQLite database"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a PNG picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), "an old Excel or Office file"),
    ],
)
def test_other_kinds_of_files_are_named(data: bytes, words: str) -> None:
    """A file of another kind is known by its first bytes, and the message says what it is and what to do."""
    problem = problem_of(data)
    assert problem.code == "not_text"
    assert problem.message.startswith(f"This is {words}, not a CSV text file.")
    assert "CSV" in problem.message.partition("text file.")[2]


def test_workbook_says_how_to_save_it() -> None:
    """A workbook whose parts are named only in the directory at its end is known too, and told how to be saved."""
    filler = "".join(chr(33 + number % 90) for number in range(100_000))
    problem = problem_of(zip_of("docProps/app.xml", "xl/workbook.xml", content=filler))
    assert "an Excel workbook" in problem.message
    assert "Save the sheet as CSV (UTF-8)" in problem.message
