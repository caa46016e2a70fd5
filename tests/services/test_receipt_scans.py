"""Receipts of which only the code was scanned, judged with the text that the station keeps."""

import pytest

from assettrack.domain.receipt_proofs import Proof, decode_payload, encode_payload
from assettrack.services import receipt_scans, receipts
from tests.services.desk import Desk


@pytest.fixture
def issued(desk: Desk) -> Desk:
    """A station with receipt 1, that Jane Smith has nothing."""
    receipts.issue_hand_receipt(desk.workplace, "Jane Smith")
    return desk


@pytest.mark.parametrize("typed", ["{}", "{}\r\n", "]Q1{}\t", "  {} "])
def test_what_a_scanner_adds_and_caps_lock_does_not_matter(issued: Desk, typed: str) -> None:
    """The payload is found in whatever comes from a keyboard wedge."""
    found = receipts.printed(issued.workplace, 1)
    for payload in (found.payload, found.payload.lower()):
        assert receipt_scans.payload_of(typed.format(payload)) == found.payload
    scanned = receipt_scans.judge_code(issued.workplace, found.payload)
    assert (scanned.judged.ok, scanned.judged.receipt_id, scanned.text) == (True, 1, found.text)


def test_a_code_that_proves_another_entry_proves_no_receipt(issued: Desk) -> None:
    """The proof of an entry that is no receipt's is not taken for one, and no text is shown with it."""
    proof = decode_payload(receipts.printed(issued.workplace, 1).payload)
    other = Proof(issued.entries()[0], proof.size, proof.path, proof.origin, proof.key_hash, proof.signature)
    scanned = receipt_scans.judge_code(issued.workplace, encode_payload(other))
    assert (scanned.judged.code, scanned.text) == ("proof_invalid", None)
