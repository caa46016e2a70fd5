"""Marks on cards: three letters that depend on the station and on the entry that gave the number."""

import hashlib
import re

import msgspec
import pytest

from assettrack.domain import card_catalogue, cards
from assettrack.domain.card_marks import FOREIGN, UNMARKED, doubt_of, mark_of
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.scan_answers import Answers, LeftOut
from tests.domain.trial_scans import BEGIN, CATALOGUE, MARK, codes, event, holder, read, rows

KEY = "ab" * 32
BODY = b'{"event_type":"HOLDER","seq":4,"holder_id":1}'


def test_a_mark_is_the_first_bytes_of_a_hash_in_letters() -> None:
    """As it is documented, so that whoever has the log can work it out: SHA-256, eight bytes, base 25."""
    digest = hashlib.sha256(b"AssetTrack card mark 1\0" + b"\xab" * 32 + BODY).digest()
    number = int.from_bytes(digest[:8], "big") % 25**3
    assert mark_of(KEY, BODY) == "".join(chr(65 + number // 25**place % 25) for place in (2, 1, 0))


def test_another_station_and_another_entry_give_another_mark() -> None:
    """Over many stations and entries each mark is three letters, and hardly any two of them are the same."""
    marks = [mark_of(f"{key:064x}", BODY) for key in range(100)]
    marks += [mark_of(KEY, b'{"seq":%d}' % seq) for seq in range(100)]
    assert all(re.fullmatch("[A-Y]{3}", mark) for mark in marks)
    assert len(set(marks)) > 190


@pytest.mark.parametrize(("mark", "doubt"), [(MARK, ""), ("", UNMARKED), ("AAA", FOREIGN)])
def test_a_card_is_the_stations_own_if_it_has_the_mark(mark: str, doubt: str) -> None:
    """One without a mark, and one with another, are each said to be so."""
    assert doubt_of(mark, MARK) == doubt


@pytest.mark.parametrize(("mark", "doubt"), [("", UNMARKED), ("AAA", FOREIGN)])
def test_a_badge_that_may_be_anothers_names_nobody(mark: str, doubt: str) -> None:
    """It is held with the reason, and after it is left out nobody of before is taken for who was meant."""
    texts = [BEGIN, event("ISSUE"), holder(7), "A1", holder(8, mark), "A2"]
    held = read(texts)[4]
    assert codes([held]) == {5: ["card_not_ours", "scans_wait"]}
    assert held.findings[0].message == (
        f"Scan 5: the card is not known to be of this station's holder 8: {doubt}. Print it anew."
    )
    left = (LeftOut(5, "printed elsewhere"),)
    assert codes(read(texts, Answers(left_out=left)))[6] == ["person_not_said"]
    said = read(texts, Answers(left_out=left, holder="Grace Hopper"))
    assert [row[2] for row in rows(said)] == ["Ada Lovelace", "Grace Hopper"]
    assert codes(read(texts, Answers(taken=(5,))))[5] == ["card_not_ours", "take_unasked", "scans_wait"]


def test_a_begin_card_that_may_be_anothers_begins_nobodys_scans() -> None:
    """Where another station's account has the number, its person is not taken for the one who has it here."""
    for mark in ("", "AAA"):
        text = cards.written(Card(CardKind.BEGIN, "1", mark=mark))
        assert codes(read([BEGIN, text, event("SCAN"), "A1"])) == {
            2: ["card_not_ours", "end_missing", "scans_wait"],
        }


def test_marks_are_part_of_a_catalogues_version() -> None:
    """Catalogues that read a badge differently have different versions."""
    assert msgspec.structs.replace(CATALOGUE, marks={**CATALOGUE.marks, "H7": "AAA"}).version != CATALOGUE.version


def test_the_rules_by_which_scans_are_read_are_part_of_a_catalogues_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was confirmed by other rules is not committed by these: the code of then does not fit."""
    then = CATALOGUE.version
    monkeypatch.setattr(card_catalogue, "GRAMMAR", card_catalogue.GRAMMAR - 1)
    assert CATALOGUE.version != then
