"""The export of the log: what it must hold, and that not a byte of it can change unnoticed."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from io import BytesIO

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.checkpoints import Checkpoint, sign_checkpoint
from assettrack.domain.log_export import (
    FORMAT,
    LINE_BYTES_MAX,
    ConsecutiveProofs,
    ExportFault,
    ExportHeader,
    LogUnsound,
    NotAnExport,
    StoredEntry,
    check_entries,
    check_header,
    export_blocks,
    header_of,
    read_header,
)
from assettrack.domain.merkle import Subtree, inclusion_proof, leaf_hash, verify_inclusion
from assettrack.domain.signed_notes import signature_line, vkey
from assettrack.station.keys import verify_signature
from tests.domain.defined_tree import LEAVES, LOG, Log, root_of
from tests.domain.trial_export import STATION, bodies, body, export, header, signer, stored

SIZES = (1, 2, 3, 5, 255, 256, 257, 511, 512, 513, 800)


def check(lines: Iterable[bytes], key: str | None = None) -> int:
    """Check an export; return how many entries were good."""
    remaining = iter(lines)
    found = read_header(next(remaining, b""))
    check_header(found, verify_signature, key)
    return sum(1 for _ in check_entries(found, remaining))


def fault_in(lines: Iterable[bytes], key: str | None = None) -> tuple[int | None, str]:
    """The entry that checking names, and what it says."""
    with pytest.raises(ExportFault) as fault:
        check(lines, key)
    return fault.value.seq, fault.value.message


def changed(line: bytes, **fields: object) -> bytes:
    """A line that states something else, written as an export writes it."""
    return json.dumps(json.loads(line) | fields, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


# -- what is written --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_every_entry_is_there_with_a_proof_that_leads_to_the_signed_root(size: int) -> None:
    """By the file alone, as RFC 6962 has it, each entry's text is shown to be in the log that was signed."""
    texts = bodies(size)
    first, *lines = map(json.loads, export(texts))
    root = b64decode(first["root"])
    assert [line["body"].encode() for line in lines] == texts
    for seq, line in enumerate(lines, 1):
        leaf = leaf_hash(line["body"].encode())
        assert (line["seq"], b64decode(line["leaf"])) == (seq, leaf)
        proof = [b64decode(text) for text in line["proof"]]
        assert verify_inclusion(leaf, seq - 1, size=size, proof=proof, root=root)


def test_the_header_says_whose_log_it_is_and_holds_the_checkpoint() -> None:
    """The first line has the format's name, the station, its key, and what the signed note states."""
    key = signer().public_key
    first = json.loads(export(bodies(3))[0])
    assert list(first) == ["format", "origin", "public_key", "size", "root", "checkpoint"]
    assert (first["format"], first["origin"], first["public_key"], first["size"]) == (FORMAT, STATION, key.hex(), 3)
    assert first["checkpoint"].split("\n")[:4] == [STATION, "3", first["root"], ""]
    assert header(bodies(3)).key == vkey(STATION, key)


def test_every_line_is_written_in_one_way() -> None:
    """Compact JSON, keys in their order, nothing escaped that need not be, each line with its end."""
    lines = export(bodies(40))
    assert len(lines) == 41
    for line in lines:
        assert line == json.dumps(json.loads(line), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    assert all(list(json.loads(line)) == ["seq", "body", "leaf", "proof"] for line in lines[1:])


@given(st.lists(st.text(), max_size=12))
def test_whatever_entries_say_their_export_is_good(notes: list[str]) -> None:
    """Texts of any letters go through an export unchanged, and it checks."""
    texts = [*bodies(1), *(body(seq, notes=note) for seq, note in enumerate(notes, 2))]
    lines = export(texts)
    assert check(lines, header(texts).key) == len(texts)
    assert [json.loads(line)["body"].encode() for line in lines[1:]] == texts


# -- what is not written ----------------------------------------------------------------------------------------------

TEXTS = bodies(600)
ENTRIES = stored(TEXTS)


def made_of(entries: list[StoredEntry], log: Log | None = None, first: ExportHeader | None = None) -> str:
    """Why a log can't be exported."""
    kept = log or Log([leaf_hash(text) for text in TEXTS])
    with pytest.raises(LogUnsound) as unsound:
        b"".join(export_blocks(first or header(TEXTS), entries, kept))
    return str(unsound.value)


def test_a_log_that_lacks_an_entry_is_not_exported() -> None:
    """In the middle, at the end or at the beginning: an entry that is missing stops the export."""
    assert made_of(ENTRIES[:300] + ENTRIES[301:]) == "its entry 301 is missing"
    assert made_of(ENTRIES[1:]) == "its entry 1 is missing"
    assert made_of(ENTRIES[:512]) == "its log has 512 entries, where 600 were signed"
    assert made_of(ENTRIES[:599]) == "its entries 513 to 599 have not the hash kept for them"


def test_a_log_that_has_more_than_was_signed_is_not_exported() -> None:
    """Entries beyond the checkpoint are proved by nothing."""
    more = stored([*TEXTS, *(body(seq) for seq in range(601, 770))])
    assert made_of(more[:601]) == "its entries 513 to 601 have not the hash kept for them"
    assert made_of(more[:768], Log([leaf_hash(text) for text in TEXTS])).startswith("its entries 513 to 768")
    whole = stored([*bodies(256), body(257)])
    kept = Log([entry.leaf for entry in whole[:256]])
    assert made_of(whole, kept, header(bodies(256))) == "its entries 257 to 257 have not the hash kept for them"


def test_a_changed_entry_is_not_exported() -> None:
    """Another text than the leaf was made from, or another leaf than the tree was made from, stops the export."""
    other = body(7, notes="other")
    assert made_of([*ENTRIES[:6], ENTRIES[6]._replace(body=other), *ENTRIES[7:]]).startswith(
        "its entry 7 does not have"
    )
    assert made_of([*ENTRIES[:6], StoredEntry(7, other, leaf_hash(other)), *ENTRIES[7:]]) == (
        "its entries 1 to 256 have not the hash kept for them"
    )


def test_an_entry_that_is_no_text_is_not_exported() -> None:
    """Bytes that are no UTF-8 can't be told in JSON without being changed."""
    texts = [*bodies(2), b"\xff"]
    log = Log([leaf_hash(text) for text in texts])
    assert made_of(stored(texts), log, header(texts)) == "its entry 3 is no text"


def test_hashes_that_are_missing_or_wrong_stop_the_export() -> None:
    """What the store keeps of the tree must lead to the root that was signed."""
    missing = Log([leaf_hash(text) for text in TEXTS])
    del missing.kept[1, 1]
    assert made_of(ENTRIES, missing) == "hashes of its log are missing"
    short = Log([leaf_hash(text) for text in TEXTS])
    short.stored = short.stored[:512]
    assert made_of(ENTRIES, short) == "hashes of its log are missing"
    wrong = Log([leaf_hash(text) for text in TEXTS])
    wrong.kept[1, 0] = Subtree(1, 0, wrong.kept[1, 1]).hash
    assert made_of(ENTRIES, wrong) == "the hashes of its log do not lead to the root that was signed"


def test_a_checkpoint_that_is_not_good_stops_the_export() -> None:
    """A note by another key, of another size, and a public key that is none: nothing is exported."""
    note = sign_checkpoint(Checkpoint(STATION, 3, bytes(32)), signer())
    key = signer().public_key.hex()
    for public_key, size, reason in (
        (signer(2).public_key.hex(), 3, "its last checkpoint is not good"),
        ("zz", 3, "its last checkpoint is not good"),
        (key, 4, "its last checkpoint states 3 entries, and the log has 4"),
    ):
        with pytest.raises(LogUnsound, match=reason):
            header_of(STATION, public_key, size, note=note, verify=verify_signature)
    assert header_of(STATION, key, 3, note=note, verify=verify_signature).root == b64encode(bytes(32)).decode()


# -- what is noticed --------------------------------------------------------------------------------------------------

GOOD = export(bodies(6))


def test_every_byte_counts() -> None:
    """Whichever byte of an export is changed, it is noticed, and in an entry's line that entry is named."""
    for number, line in enumerate(GOOD):
        for place in range(len(line)):
            for flip in (1 << place % 8, 0x20, 0xFF):
                damaged = line[:place] + bytes([line[place] ^ flip]) + line[place + 1 :]
                lines = BytesIO(b"".join([*GOOD[:number], damaged, *GOOD[number + 1 :]]))
                with pytest.raises((ExportFault, NotAnExport)) as fault:
                    check(lines)
                if number:
                    assert getattr(fault.value, "seq", None) == number, (number, place, flip)


Damage = Callable[[list[bytes]], list[bytes]]
OTHER = export(bodies(6, signer(2)), signer(2))
FAULTS: tuple[tuple[str, Damage, int | None, str], ...] = (
    ("an entry is missing", lambda good: [*good[:3], *good[4:]], 3, "Where entry 3 must stand, stands entry 4."),
    ("two are swapped", lambda good: [*good[:2], good[3], good[2], *good[4:]], 2, "must stand, stands entry 3"),
    ("one is there twice", lambda good: [*good[:3], good[2], *good[3:]], 3, "must stand, stands entry 2"),
    ("the last is missing", lambda good: good[:-1], 6, "Entries from 6 on are missing: 6 were signed."),
    ("all are missing", lambda good: good[:1], 1, "Entries from 1 on are missing"),
    ("one is too many", lambda good: [*good, good[-1]], 7, "After entry 6, the last that was signed"),
    ("the last line has no end", lambda good: [*good[:-1], good[-1][:-1]], 6, "cut off"),
    ("a text was changed", lambda good: edited(good, 4, body=body(4, notes="x").decode()), 4, "was changed: its text"),
    ("a leaf was changed", lambda good: edited(good, 4, leaf=leaf_of(good[5])), 4, "was changed: its text"),
    ("text and leaf were changed", lambda good: other_entry(good, 4), 4, "is not proved"),
    ("a proof is missing", lambda good: edited(good, 4, proof=[]), 4, "is not proved"),
    ("a proof is of another", lambda good: edited(good, 4, proof=proof_in(good[3])), 4, "is not proved"),
    ("a hash is more", lambda good: edited(good, 4, proof=[*proof_in(good[4]), leaf_of(good[1])]), 4, "is not proved"),
    ("a hash is short", lambda good: edited(good, 4, proof=["AAAA"]), 4, "is not proved"),
    ("a hash is no base64", lambda good: edited(good, 4, proof=["ä"]), 4, "is not proved"),
    ("a field is too many", lambda good: edited(good, 4, time="now"), 4, "is damaged"),
    ("a field is of another kind", lambda good: edited(good, 4, seq="4"), 4, "is damaged"),
    ("a number is written otherwise", lambda good: replaced(good, 4, b'"seq":4', b'"seq": 4'), 4, "in another way"),
    ("keys stand in another order", lambda good: reordered(good, 4), 4, "in another way"),
    ("a line is no JSON", lambda good: [*good[:4], b"{\n", *good[5:]], 4, "is damaged"),
    ("a line is blank", lambda good: [*good[:4], b"\n", *good[4:]], 4, "is damaged"),
    ("a line is far too long", lambda good: edited(good, 4, body=" " * LINE_BYTES_MAX), 4, "or longer than"),
    ("the header is of another", lambda good: [OTHER[0], *good[1:]], 1, "Entry 1 names another station"),
    ("the size is another", lambda good: edited(good, 0, size=7), None, "another size or root"),
    ("the root is another", lambda good: edited(good, 0, root=leaf_of(good[1])), None, "another size or root"),
    ("the station is another", lambda good: edited(good, 0, origin="other"), None, "is a checkpoint of"),
    ("the station has no name", lambda good: edited(good, 0, origin=""), None, "not of ''"),
    ("the key is another", lambda good: edited(good, 0, public_key="ab" * 32), None, "checkpoint is not good"),
    ("the key is none", lambda good: edited(good, 0, public_key="AB" * 32), None, "not 32 bytes in hex"),
    ("the note is none", lambda good: edited(good, 0, checkpoint="x"), None, "checkpoint is not good"),
)  # fmt: skip


def edited(lines: list[bytes], number: int, **fields: object) -> list[bytes]:
    """The lines with other fields in one of them."""
    return [*lines[:number], changed(lines[number], **fields), *lines[number + 1 :]]


def replaced(lines: list[bytes], number: int, old: bytes, new: bytes) -> list[bytes]:
    """The lines with other bytes in one of them."""
    assert old in lines[number]
    return [*lines[:number], lines[number].replace(old, new, 1), *lines[number + 1 :]]


def reordered(lines: list[bytes], number: int) -> list[bytes]:
    """The lines with the fields of one in another order."""
    fields = json.loads(lines[number])
    return edited([*lines[:number], b"{}", *lines[number + 1 :]], number, **dict(sorted(fields.items())))


def other_entry(lines: list[bytes], number: int) -> list[bytes]:
    """The lines with another entry in the place of one, its leaf rightly made."""
    text = body(number, notes="x")
    return edited(lines, number, body=text.decode(), leaf=b64encode(leaf_hash(text)).decode())


def proof_in(line: bytes) -> list[str]:
    """The proof that a line states."""
    return list(json.loads(line)["proof"])


def leaf_of(line: bytes) -> str:
    """The leaf that a line states."""
    return str(json.loads(line)["leaf"])


@pytest.mark.parametrize(("damage", "seq", "words"), [each[1:] for each in FAULTS], ids=[each[0] for each in FAULTS])
def test_what_is_not_good_is_named(damage: Damage, seq: int | None, words: str) -> None:
    """The first fault ends the check: the entry is named where one is at fault, and what is wrong is said."""
    found, message = fault_in(damage(list(GOOD)))
    assert (found, words in message) == (seq, True), message
    assert message.endswith(".")


def test_the_whole_log_of_another_station_needs_a_key_to_be_noticed() -> None:
    """An export that somebody signed anew is sound in itself; the key known from elsewhere tells."""
    ours = header(bodies(6)).key
    assert check(OTHER) == 6
    assert check(GOOD, ours) == 6
    seq, message = fault_in(OTHER, ours)
    assert seq is None
    assert header(bodies(6, signer(2)), signer(2)).key in message


@pytest.mark.parametrize(
    "text", [b"", b"[]", b'"seq"', b"no JSON", b'{"seq":3}', b'{"seq":2.0}', b'{"seq":true}', b"{}"]
)
def test_a_signed_text_that_is_not_the_entry_of_its_place_is_noticed(text: bytes) -> None:
    """Even what the station itself signed must say its own number."""
    assert fault_in(export([*bodies(1), text])) == (2, "Entry 2 says another number in its text, or is no entry.")


def test_a_first_entry_that_does_not_name_the_station_is_noticed() -> None:
    """The key in the header must be the one that the log itself begins with."""
    for texts in ([body(1)], bodies(1, signer(2))):
        assert fault_in(export(texts)) == (1, "Entry 1 names another station or another key than the header.")


def test_a_checkpoint_of_an_empty_log_is_none() -> None:
    """No station signs an empty log, so nothing can be exported of one."""
    note = sign_checkpoint(Checkpoint(STATION, 0, bytes(32)), signer())
    empty = ExportHeader(FORMAT, STATION, signer().public_key.hex(), 0, b64encode(bytes(32)).decode(), note)
    assert "empty log" in fault_in([msgspec.json.encode(empty) + b"\n"])[1]


def test_signatures_of_witnesses_may_stand_beside_the_stations() -> None:
    """A note that others signed too is as good, and so is its export."""
    first = json.loads(GOOD[0])
    text = first["checkpoint"].partition("\n\n")[0] + "\n"
    note = first["checkpoint"] + signature_line(text, signer(3, "witness.example"))
    assert check(edited(list(GOOD), 0, checkpoint=note)) == 6


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"", "not that of an export"),
        (b"asset_tag,timestamp\n", "not that of an export"),
        (b"[]\n", "not that of an export"),
        (b"\xff\n", "not that of an export"),
        (b"[" * 100_000, "not that of an export"),
        (b'{"format":7}\n', "not that of an export"),
        (b'{"format":"assettrack-export v2"}\n', "it has the format 'assettrack-export v2'"),
        (b'{"format":"assettrack-export v1"}\n', "lacks what an export says there"),
        (changed(GOOD[0], more=1), "or says more"),
        (changed(GOOD[0], size="6"), "lacks what an export says there"),
        (GOOD[0].replace(b'"size":', b'"size": '), "writes it in another way"),
        (GOOD[0].rstrip(b"\n"), "writes it in another way"),
        (changed(GOOD[0], checkpoint=" " * LINE_BYTES_MAX), "writes it in another way"),
    ],
)
def test_what_is_no_export_is_told_from_a_bad_one(line: bytes, words: str) -> None:
    """A file whose first line is no header of this version is no export, whatever follows."""
    with pytest.raises(NotAnExport, match=words):
        read_header(line)


# -- proofs one after the other ---------------------------------------------------------------------------------------


def proof_of(index: int, size: int) -> list[str]:
    """The proof of a leaf of the trial tree."""
    return [b64encode(node).decode() for node in inclusion_proof(index, size, LOG)]


@given(st.integers(1, 700), st.data())
def test_proofs_followed_to_where_they_meet_are_judged_as_those_followed_to_the_root(
    size: int, data: st.DataObject
) -> None:
    """Whichever hash of one proof is changed, dropped or added: the answer is that of RFC 9162."""
    root = root_of(size)
    proofs = ConsecutiveProofs(size, b64encode(root).decode())
    bad = data.draw(st.integers(0, size - 1))
    for index in range(bad):
        assert proofs.next_leads_to_root(LEAVES[index], proof_of(index, size))
    forged = proof_of(bad, size)
    at = data.draw(st.integers(0, len(forged)))
    forged[at : at + data.draw(st.integers(0, 1))] = data.draw(
        st.lists(st.sampled_from([*forged, *OWN_HASHES]), max_size=1)
    )
    expected = verify_inclusion(LEAVES[bad], bad, size=size, proof=[b64decode(text) for text in forged], root=root)
    assert proofs.next_leads_to_root(LEAVES[bad], forged) == expected
    if bad + 1 < size and expected:
        assert proofs.next_leads_to_root(LEAVES[bad + 1], proof_of(bad + 1, size))


OWN_HASHES = [b64encode(node).decode() for node in (LEAVES[0], LEAVES[1], bytes(32))]


def test_a_wrong_leaf_is_not_proved() -> None:
    """A good proof proves its own leaf and no other."""
    for size in (1, 2, 3, 7):
        for index in range(size):
            proofs = ConsecutiveProofs(size, b64encode(root_of(size)).decode())
            assert all(proofs.next_leads_to_root(LEAVES[each], proof_of(each, size)) for each in range(index))
            assert not proofs.next_leads_to_root(LEAVES[index + 1], proof_of(index, size))


def test_a_name_that_no_key_can_have_is_not_good_beside_a_known_key() -> None:
    """Where the key is known from elsewhere the header's own is made to be compared, and a spoiled name can't be."""
    with pytest.raises(ExportFault, match="The checkpoint is not good: 'a b' can't be the name of a key"):
        check(edited(list(GOOD), 0, origin="a b"), vkey(STATION, signer().public_key))
