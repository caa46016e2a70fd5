"""Replies that are not what they should be: each is refused in words, and its bytes are kept."""

import hashlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.scanner_errors import ScannerAnswerDamaged, ScannerCommandRefused
from assettrack.scanner import replies
from assettrack.scanner.frames import Command, checksum, sealed
from tests.scanner.vectors import BY_NAME, REPLIES, Vector

FIELD = bytes.fromhex("0000000000697227")
HEAD = b"\6\2"
RECORD = st.tuples(st.integers(1, 255), st.binary(max_size=30), st.binary(min_size=4, max_size=4))


def upload(*bodies: bytes) -> bytes:
    """An upload with a good checksum, whatever its records are."""
    return sealed(HEAD + FIELD, bodies)


def refused(read: Callable[[bytes], object], raw: bytes) -> str:
    """Why a reply is refused; its bytes must be with the refusal."""
    with pytest.raises(ScannerAnswerDamaged) as caught:
        read(raw)
    assert caught.value.raw == raw
    return caught.value.reason


def stamped(raw: bytes) -> replies.Upload:
    """Read an upload of a scanner that keeps times."""
    return replies.read_upload(raw, with_stamps=True)


@pytest.mark.parametrize("vector", REPLIES, ids=lambda vector: vector.what)
def test_any_wrong_bit_is_noticed(vector: Vector) -> None:
    """Every reply with any one bit flipped is refused: 16 bits of checksum see every single one."""
    for place in range(len(vector.raw) * 8):
        changed = bytearray(vector.raw)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises((ScannerAnswerDamaged, ScannerCommandRefused)):
            replies.require_whole(vector.command, bytes(changed))


@pytest.mark.parametrize("vector", REPLIES, ids=lambda vector: vector.what)
def test_a_part_of_a_reply_is_none(vector: Vector) -> None:
    """Cut at any place, or with a byte more, it is refused and says so."""
    for cut in range(1, len(vector.raw)):
        why = refused(lambda raw: replies.require_whole(vector.command, raw), vector.raw[:cut])
        assert why == "it ends too early"
    assert refused(lambda raw: replies.require_whole(vector.command, raw), b"") == "it is empty"
    why = refused(lambda raw: replies.require_whole(vector.command, raw), vector.raw + b"\0")
    assert why == "more follows its end"


def test_a_wrong_checksum_is_said() -> None:
    """A reply that looks whole and is not is told from one that is cut."""
    raw = BY_NAME["upload, 5 records"]
    assert refused(stamped, raw[:-1] + bytes([raw[-1] ^ 1])) == "its checksum does not fit"


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_a_record_too_short_for_its_time_stops_the_whole_upload(length: int) -> None:
    """Below five bytes there is no room for a kind of code and a time: nothing of the upload is used."""
    good = b"\3LT-1" + bytes.fromhex("00F4109A")
    assert refused(stamped, upload(good, b"\3LT-"[:length])) == "record 2 is too short to hold a time"
    assert len(replies.read_upload(upload(good, b"\3LT-"[:length]), with_stamps=False).records) == 2


def test_a_record_of_five_bytes_is_an_empty_code() -> None:
    """Five bytes are a kind of code and a time, and no text."""
    records = stamped(upload(b"\3" + bytes.fromhex("00F4109A"))).records
    assert [(record.symbology, record.data) for record in records] == [(3, b"")]


@given(st.lists(RECORD, max_size=30))
def test_any_records_come_back(made: list[tuple[int, bytes, bytes]]) -> None:
    """Whatever is scanned, NUL, GS and other bytes that are no text too, comes back byte for byte, in order."""
    raw = upload(*(bytes([symbology]) + data + stamp for symbology, data, stamp in made))
    told = stamped(raw)
    assert told.raw == raw
    assert [(r.symbology, r.data, r.time.raw if r.time else None) for r in told.records] == made
    assert [record.text.encode("latin-1") for record in told.records] == [data for _, data, _ in made]


def test_a_number_that_comes_twice_is_not_chosen_from() -> None:
    """Two values of one parameter: neither is believed."""
    raw = sealed(HEAD, [b"\x23\1", b"\x23\0"])
    assert refused(replies.read_parameters, raw) == "parameter 23 comes twice"


def test_a_parameter_without_result_was_not_answered() -> None:
    """A number alone does not say whether it was stored."""
    assert refused(replies.read_taken, sealed(HEAD, [b"\x23"])) == "parameter 23 has no result"


@pytest.mark.parametrize("command", [Command.GET_TIME, Command.SET_TIME])
@pytest.mark.parametrize("strings", [[], [b"\1\2\3\4\5"], [b"\1\2\3\4\5\6\7"], [b"\1\2\3\4\5\6", b"\1"]])
def test_a_time_has_six_fields(command: Command, strings: list[bytes]) -> None:
    """Fewer, more, or a second string: it is no time."""
    why = refused(lambda raw: replies.read_clock(command, raw), sealed(HEAD, strings))
    assert why == "it is no time of six fields"


def test_a_clock_that_is_asked_can_not_refuse() -> None:
    """A single FF answers to setting a time only."""
    raw = BY_NAME["set time reply, bad count"]
    assert refused(lambda said: replies.read_clock(Command.GET_TIME, said), raw) == "it is no time of six fields"


@pytest.mark.parametrize(
    ("field", "serial"),
    [
        ("0000000000697227", "697227"),
        ("0000000001234567", "1234567"),
        ("0000000000000042", "000042"),
        ("FFFFFFFF00123456", "123456"),
        ("0000000012345678", "2345678"),
        ("000000000012345A", "12345A"),
    ],
)
def test_a_serial_number_is_read_as_printed(field: str, serial: str) -> None:
    """Six digits, or seven where the fifth byte is not zero; a digit that is none is shown as it is."""
    assert replies.serial_of(bytes.fromhex(field)) == serial


@pytest.mark.parametrize(
    ("version", "model"),
    [
        ("RBBV0143", "OPN-2001"),
        ("RFFV0001", "OPN-2002/2003"),
        ("RBGV0001", "OPN-2002"),
        ("RFI3727T", "OPN-2004/2005/2006"),
        ("RBIV005x", "OPN-2004/2005/2006"),
        ("RBLV0001", "OPN-2005"),
        ("RBMV0001", "PX-20"),
        ("RBNV0059", "OPN-2006"),
        ("FBMV0001", "OPN-6000"),
        ("FBNV0001", "OPN-2500"),
        ("FBXV0001", ""),
        ("NBJV0001", ""),
        ("", ""),
    ],
)
def test_the_version_tells_the_model(version: str, model: str) -> None:
    """The first and the third character decide; a version of another family has no model that we know."""
    assert replies.model_of(version) == model


def test_a_version_that_is_no_text_is_shown_as_bytes() -> None:
    """Nothing in it breaks what shows it."""
    head = HEAD + b"\x31\0" + FIELD + b"RBB\xff0143"
    assert replies.read_interrogation(sealed(head, ())).version == "RBB\\xff0143"


def test_an_upload_has_a_hash_of_its_bytes() -> None:
    """The hash is that of the whole reply, so that one more scan, or the same in another order, has another."""
    raw = BY_NAME["upload empty"]
    assert stamped(raw).sha256 == hashlib.sha256(raw).hexdigest()
    first, second = b"\3A" + bytes(4), b"\3B" + bytes(4)
    hashes = {stamped(upload(*bodies)).sha256 for bodies in ([first], [second], [first, second], [second, first])}
    assert len(hashes) == 4


@given(st.sampled_from(list(Command)), st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(command: Command, tail: bytes) -> None:
    """Behind a good head and before a good checksum, whatever stands there has an answer of ours."""
    body = HEAD + tail + b"\0"
    raw = body + checksum(body)
    kept = raw
    try:
        replies.require_whole(command, raw)
    except ScannerAnswerDamaged as error:
        kept = error.raw
    assert kept == raw
