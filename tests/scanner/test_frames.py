"""Frames: the checksum, counted strings, and where a reply ends, however it is cut into pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.scanner.frames import (
    FIXED_BYTES,
    NO_STRINGS,
    REPLY_BYTES_MAX,
    Command,
    Progress,
    ReplyReader,
    checksum,
    frame,
    sealed,
    strings_from,
)
from tests.scanner.vectors import BY_NAME, REPLIES, VECTORS, Vector

UPLOAD = BY_NAME["upload, 5 records"]
STRINGS = st.lists(st.binary(min_size=1, max_size=250), max_size=20)


def test_the_checksum_is_the_one_of_the_catalogue() -> None:
    """CRC-16/USB of "123456789" is B4C8, and it is sent high byte first."""
    assert checksum(b"123456789") == b"\xb4\xc8"
    assert checksum(b"") == b"\0\0"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.what)
def test_every_known_frame_has_this_checksum(vector: Vector) -> None:
    """The checksum covers everything before it, of an upload the serial number too."""
    assert checksum(vector.raw[:-2]) == vector.raw[-2:]


@given(STRINGS)
def test_counted_strings_come_back(strings: list[bytes]) -> None:
    """What is packed into counted strings is found again, whatever bytes it holds."""
    assert list(strings_from(sealed(b"\6\2", strings), 2)) == strings


@pytest.mark.parametrize("string", [b"", b"x" * 251])
def test_a_counted_string_has_one_to_250_bytes(string: bytes) -> None:
    """No length ends the message, and 251 to 255 are reserved: neither can be sent."""
    with pytest.raises(AssertionError):
        sealed(b"\6\2", [string])


def test_a_command_is_never_longer_than_a_scanner_takes() -> None:
    """70 bytes are the most that a command may have; one more is refused before it is sent."""
    assert len(frame(Command.WRITE_PARAMETERS, [b"x" * 64])) == 70
    with pytest.raises(AssertionError):
        frame(Command.WRITE_PARAMETERS, [b"x" * 65])


@pytest.mark.parametrize("vector", REPLIES, ids=lambda vector: vector.what)
def test_a_reply_ends_where_it_ends_however_it_is_cut(vector: Vector) -> None:
    """Split at every place, and byte by byte, the end is found at the last byte and not before."""
    for cut in range(len(vector.raw) + 1):
        reader = ReplyReader(vector.command)
        first = reader.feed(vector.raw[:cut])
        assert first is (Progress.COMPLETE if cut == len(vector.raw) else Progress.MORE)
        assert reader.feed(vector.raw[cut:]) is Progress.COMPLETE
        assert (reader.reply, reader.rest) == (vector.raw, b"")
    reader = ReplyReader(vector.command)
    assert [reader.feed(bytes([byte])) for byte in vector.raw] == [Progress.MORE] * (len(vector.raw) - 1) + [
        Progress.COMPLETE
    ]


def test_what_follows_a_reply_is_kept_apart() -> None:
    """Bytes behind the end are not of the reply, whether they come at once or later."""
    reader = ReplyReader(Command.UPLOAD)
    assert reader.feed(UPLOAD + b"\6") is Progress.COMPLETE
    assert reader.feed(b"\2") is Progress.COMPLETE
    assert (reader.reply, reader.rest, reader.came) == (UPLOAD, b"\6\2", UPLOAD + b"\6\2")


def test_the_command_tells_what_a_reply_is() -> None:
    """An upload of 23 bytes is not taken for an answer to interrogate, nor the other way round."""
    upload, told = BY_NAME["upload, 1 record, no stamps"], BY_NAME["interrogate reply 697227 RBBV0143"]
    assert len(upload) == len(told) == 23
    assert ReplyReader(Command.UPLOAD).feed(upload) is Progress.COMPLETE
    assert ReplyReader(Command.INTERROGATE).feed(told) is Progress.COMPLETE
    reader = ReplyReader(Command.UPLOAD)
    reader.feed(told)
    assert reader.reply != told


@pytest.mark.parametrize("status", [0x05, 0x07, 0x08, 0x09])
def test_an_error_status_stands_alone(status: int) -> None:
    """The one byte is the whole answer; with more behind it, it is none of ours."""
    reader = ReplyReader(Command.UPLOAD)
    assert reader.feed(bytes([status])) is Progress.REFUSED
    assert reader.feed(b"") is Progress.REFUSED
    assert reader.feed(b"\2") is Progress.NOT_OURS
    assert ReplyReader(Command.UPLOAD).feed(bytes([status, 2])) is Progress.NOT_OURS


@pytest.mark.parametrize(
    ("command", "raw"),
    [
        (Command.INTERROGATE, BY_NAME["interrogate"]),
        (Command.INTERROGATE, b"$GPGGA"),
        (Command.UPLOAD, b"\0"),
        (Command.UPLOAD, b"\6\3"),
        (Command.UPLOAD, UPLOAD[:10] + b"\xfb"),
        (Command.CLEAR, b"\6\2\1"),
        (Command.INTERROGATE, BY_NAME["interrogate reply 697227 RBBV0143"][:20] + b"\7"),
    ],
)
def test_what_can_be_no_reply_is_not_waited_for(command: Command, raw: bytes) -> None:
    """A wrong head, a reserved length, or a string where none can be: it is said at that byte, and stays so."""
    reader = ReplyReader(command)
    assert reader.feed(raw[:-1]) in {Progress.MORE, Progress.NOT_OURS}
    assert reader.feed(raw[-1:]) is Progress.NOT_OURS
    assert reader.reason
    assert reader.feed(b"\0\0\0") is Progress.NOT_OURS


def test_a_reply_that_never_ends_is_given_up() -> None:
    """More than any memory of the family holds is no reply."""
    reader = ReplyReader(Command.UPLOAD)
    endless = UPLOAD[:10] + (b"\1x" * (REPLY_BYTES_MAX // 2))
    assert reader.feed(endless) is Progress.NOT_OURS
    assert reader.reason == "it does not end"


def test_every_byte_is_looked_at_once() -> None:
    """Fed byte by byte, the reader goes from length to length without starting over: its walk is counted."""

    class Counted(ReplyReader):
        steps = 0

        def _walked(self) -> Progress:
            before = self._next_length
            progress = super()._walked()
            Counted.steps += self._next_length != before
            return progress

    reader = Counted(Command.UPLOAD)
    for byte in UPLOAD:
        reader.feed(bytes([byte]))
    assert Counted.steps == 5  # once for each record


@given(st.sampled_from(list(Command)), st.lists(st.binary(max_size=40), max_size=10))
def test_any_bytes_have_an_answer(command: Command, pieces: list[bytes]) -> None:
    """Whatever comes, in whatever pieces, the reader says one of its four words and keeps the bytes."""
    reader = ReplyReader(command)
    for piece in pieces:
        reader.feed(piece)
    assert reader.came == b"".join(pieces)
    whole = ReplyReader(command)
    whole.feed(b"".join(pieces))
    assert reader.progress is whole.progress


@given(st.sampled_from(sorted(set(Command) - NO_STRINGS)), STRINGS, st.binary(min_size=18, max_size=18))
def test_any_reply_is_found_whole(command: Command, strings: list[bytes], fixed: bytes) -> None:
    """A reply of any strings ends where it was made to end, with something stale behind it too."""
    made = sealed(b"\6\2" + fixed[: FIXED_BYTES.get(command, 0)], strings)
    reader = ReplyReader(command)
    assert reader.feed(made + b"stale") is Progress.COMPLETE
    assert (reader.reply, reader.rest) == (made, b"stale")
