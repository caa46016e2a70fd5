"""Forged and damaged counts: verifying names what was changed, and nobody is told a result made of ruins."""

import pytest

from assettrack.domain import errors
from assettrack.services import counts
from tests.services import counting
from tests.services.counting import scan, start, typed
from tests.services.desk import Desk
from tests.services.insider import Insider


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """CASE-01 has A1, A2, A3 in its first slots of four; CASE-02 has B1; FREE is in no slot, Jane has HELD, GONE is."""
    return counting.stock(desk)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE count_expected SET slot_position = 4 WHERE asset_tag = 'A1'", "count_expected says otherwise"),
        ("UPDATE count_expected SET holder_id = 1 WHERE asset_tag = 'A1'", "count_expected says otherwise"),
        ("DELETE FROM count_expected WHERE asset_tag = 'A1'", "count_expected lacks"),
        ("INSERT INTO count_expected VALUES (1, 'B1', 'CASE-02', 1, NULL)", "count_expected has"),
        ("DELETE FROM count_scans", "count_scans lacks"),
        ("UPDATE counts SET closed_seq = NULL", "counts says otherwise"),
    ],
)
def test_a_forged_expectation_is_named(stocked: Desk, statement: str, said: str) -> None:
    """Whoever changes what a count expected, or takes its scans away, is found out by verifying."""
    start(stocked)
    scan(stocked, typed("A1"))
    counts.close(stocked.workplace, 1)
    insider = Insider(stocked, [])
    insider.do(statement)
    assert said in insider.must_be_caught(None)
    insider.close()


@pytest.mark.parametrize(
    ("seq_from_end", "forged"),
    [
        (3, (b'"expected":3', b'"expected":2')),
        (2, (b'["A1"', b'["A2"')),
        (1, (b'"missing":["A2","A3"]', b'"missing":["A3"]')),
        (1, (b'"missing":2', b'"missing":1')),
    ],
)
def test_a_forged_entry_is_named(stocked: Desk, seq_from_end: int, forged: tuple[bytes, bytes]) -> None:
    """An entry of a count that says otherwise, its own hash mended, does not follow from the history."""
    start(stocked)
    scan(stocked, typed("A1"))
    counts.close(stocked.workplace, 1)
    seq = stocked.log_size + 1 - seq_from_end
    insider = Insider(stocked, [])
    body = insider.body(seq)
    assert forged[0] in body
    insider.write_body(seq, body.replace(*forged), rehash=True)
    assert insider.verify().first_bad_seq == seq
    insider.close()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE count_scans SET seq = 1", "entry 1 of the log is not what it should be"),
        ("UPDATE count_scans SET seq = 999", "entry 999 of the log is gone"),
        ("UPDATE audit_log SET body = '{' WHERE seq = (SELECT seq FROM count_scans)", "can't be read"),
        ("INSERT INTO count_expected VALUES (1, 'NIX', NULL, NULL, NULL)", "asset NIX, which a count expects, is gone"),
        ("UPDATE count_expected SET holder_id = 9", "holder 9, with whom a count expects an asset, is gone"),
    ],
)
def test_damage_is_said_for_what_it_is(stocked: Desk, statement: str, said: str) -> None:
    """What a count refers to and is not there is damage of the database, not a result."""
    start(stocked)
    scan(stocked, typed("A1"))
    insider = Insider(stocked, [])
    insider.do(statement)
    with pytest.raises(errors.DatabaseDamaged, match=said):
        counts.sheet(stocked.workplace, 1)
    insider.close()
