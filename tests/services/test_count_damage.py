"""Forged and damaged counts: verifying names what was changed, and nobody is told a result made of ruins."""

import pytest

from assettrack.domain import counts as rules
from assettrack.domain import station_errors
from assettrack.services import count_endings, counts
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
    count_endings.close(stocked.workplace, 1)
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
    count_endings.close(stocked.workplace, 1)
    seq = stocked.log_size + 1 - seq_from_end
    insider = Insider(stocked, [])
    body = insider.body(seq)
    assert forged[0] in body
    insider.write_body(seq, body.replace(*forged), rehash=True)
    assert insider.verify().first_bad_seq == seq
    insider.close()


def test_a_forged_abandoning_is_named(stocked: Desk) -> None:
    """Of another count, or without a reason, it does not follow; the count can't be open again, nor closed by it."""
    start(stocked)
    count_endings.abandon(stocked.workplace, 1, "wrong room")
    insider, seq = Insider(stocked, []), stocked.log_size
    body = insider.body(seq)
    for forged in (b'"count_id":2', b'"count_id":1,"x":1'):
        insider.write_body(seq, body.replace(b'"count_id":1', forged), rehash=True)
        assert insider.verify().first_bad_seq == seq
    insider.write_body(seq, body.replace(b'"wrong room"', b'""'), rehash=True)
    assert insider.verify().first_bad_seq == seq
    insider.write_body(seq, body, rehash=True)
    insider.do("UPDATE counts SET closed_seq = NULL")
    assert "counts says otherwise" in insider.must_be_caught(None)
    insider.close()


AMONG = "One of the entries {first} to {at} is not what was signed: Entry {at} does not follow"


def many(stocked: Desk, monkeypatch: pytest.MonkeyPatch) -> int:
    """Sign a count off by three entries; return the number of the first."""
    monkeypatch.setattr(rules, "EXCEPTIONS_PER_ENTRY_MAX", 2)
    start(stocked)
    scan(stocked, typed("B1", "NEW"))
    return count_endings.close(stocked.workplace, 1).first_seq


@pytest.mark.parametrize(
    ("at", "forged", "said"),
    [
        (0, (b'"parts":2', b'"parts":1'), "Entry {at} does not follow"),
        (0, (b'"missing":["A1","A2"]', b'"missing":["A1","A3"]'), "Entry {at} does not follow"),
        (1, (b'"missing":["A3"]', b'"missing":["A2"]'), AMONG),
        (1, (b'"count_id":1', b'"count_id":2'), AMONG),
        (2, (b'"unknown_tag":["NEW"]', b'"unknown_tag":["NEU"]'), AMONG),
        (2, (b'"COUNT_EXCEPTIONS"', b'"COUNT_CLOSE"'), "Entry {at} can't be read"),
    ],
)
def test_a_forged_part_of_a_result_is_named(
    stocked: Desk, monkeypatch: pytest.MonkeyPatch, at: int, forged: tuple[bytes, bytes], said: str
) -> None:
    """Where a result is told by several entries, the one that says otherwise is named, or those signed with it."""
    first = many(stocked, monkeypatch)
    insider = Insider(stocked, [])
    assert insider.verify().ok
    body = insider.body(first + at)
    assert forged[0] in body
    insider.write_body(first + at, body.replace(*forged), rehash=True)
    found = insider.verify()
    assert found.first_bad_seq == (first + at if said.startswith("Entry") else first)
    assert said.format(first=first, at=first + at) in found.message
    insider.close()


@pytest.mark.parametrize(
    ("at", "change", "said"),
    [
        (2, (b'"count_id":1', b'"count_id":2'), "is not what it should be"),
        (2, (b'"event_type":"COUNT_EXCEPTIONS"', b'"event_type":"COUNT_CLOSE","totals":{}'), "is not what it should"),
        (0, (b'"parts":2', b'"parts":9'), "of the log is gone"),
    ],
)
def test_a_damaged_result_is_not_told(
    stocked: Desk, monkeypatch: pytest.MonkeyPatch, at: int, change: tuple[bytes, bytes], said: str
) -> None:
    """A part of another count, of another kind, or that is gone: the database is damaged."""
    first = many(stocked, monkeypatch)
    insider = Insider(stocked, [])
    insider.write_body(first + at, insider.body(first + at).replace(*change))
    with pytest.raises(station_errors.DatabaseDamaged, match=said):
        counts.sheet(stocked.workplace, 1)
    insider.close()


def test_a_count_that_ends_with_something_else(stocked: Desk) -> None:
    """An entry that neither signs a count off nor abandons it ends none: the database is damaged."""
    start(stocked)
    count_endings.close(stocked.workplace, 1)
    insider = Insider(stocked, [])
    insider.do("UPDATE counts SET closed_seq = 2")
    with pytest.raises(station_errors.DatabaseDamaged, match="entry 2 of the log is not what it should be"):
        list(counts.all_counts(stocked.workplace))
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
    with pytest.raises(station_errors.DatabaseDamaged, match=said):
        counts.sheet(stocked.workplace, 1)
    insider.close()
