"""Verifying covers people and places of work: each forged fact is named, and each forged entry, though signed anew."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from assettrack.domain import station_errors
from assettrack.domain.audit_log import decode_body, event_type
from assettrack.domain.replay import IllegalEntry, Replay
from assettrack.services import acceptances, contacts, holders, organisations, rooms
from assettrack.services.acceptances import SaidAcceptance
from assettrack.services.holders import HolderUpdate
from assettrack.services.ports import Workplace
from tests.domain.trial_corrections import Listed
from tests.services.desk import Desk, row
from tests.services.insider import Insider, copied, quick_folder


def done(desk: Desk) -> None:
    """Do some of every deed about people and places of work."""
    at = desk.workplace
    organisations.register(at, "Fire Department")
    rooms.register_building(at, "HQ")
    rooms.register_room(at, "HQ 101", "HQ")
    organisations.set_use(at, "Fire Department", "HQ", allowed=True)
    holders.register(at, "Jane Smith", organisation="Fire Department", identifier="S-17")
    holders.register(at, "Bob Lee")
    desk.commit(row("A1") + row("A1", "ISSUE", at="10:05") + row("A2") + row("A2", "ISSUE", at="10:05"))
    holders.change(at, "Jane Smith", HolderUpdate(name="Jane Jones"))
    holders.change(at, "Jane Jones", HolderUpdate(active=False, with_assets=True, reason="left"))
    contacts.write(at, "Bob Lee", "bob@example.org")
    acceptances.record(at, 1, "Jane Jones", SaidAcceptance("paper"))


@pytest.fixture(scope="module")
def written() -> Iterator[Insider]:
    """A station at which all of that was done."""
    with quick_folder() as folder:
        desk = Desk(folder)
        done(desk)
        with closing(Insider(desk, [])) as insider:
            yield insider


@contextmanager
def a_copy_of(original: Insider) -> Iterator[Insider]:
    """A copy of the station's database, to be changed at will."""
    with quick_folder() as folder, closing(copied(original, folder)) as copy:
        yield copy


def test_what_was_done_is_good(written: Insider) -> None:
    """Nothing is wrong with it."""
    assert written.verify().ok


@pytest.mark.parametrize(
    ("table", "forgery"),
    [
        ("organisations", "UPDATE organisations SET name = 'Fire Brigade' WHERE organisation_id = 2"),
        ("organisations", "UPDATE organisations SET name_key = 'x' WHERE organisation_id = 2"),
        ("organisations", "UPDATE organisations SET name = 'None' WHERE organisation_id = 1"),
        ("organisations", "DELETE FROM organisations WHERE organisation_id = 1"),
        ("organisations", "INSERT INTO organisations VALUES (3, 'Eve', 'eve')"),
        ("buildings", "UPDATE buildings SET name = 'Hq'"),
        ("buildings", "DELETE FROM buildings"),
        ("rooms", "UPDATE rooms SET name = 'HQ 102'"),
        ("rooms", "UPDATE rooms SET building_key = 'x'"),
        ("rooms", "INSERT INTO rooms VALUES ('x', 'X', 'hq')"),
        ("building_uses", "UPDATE building_uses SET allowed = 0"),
        ("building_uses", "DELETE FROM building_uses"),
        ("holders", "UPDATE holders SET name = 'Jane Smith', name_key = 'jane smith' WHERE holder_id = 1"),
        ("holders", "UPDATE holders SET organisation_id = 1"),
        ("holders", "UPDATE holders SET identifier = NULL"),
        ("holders", "UPDATE holders SET active = 1"),
        ("handovers", "UPDATE handovers SET accepted_seq = NULL"),
        ("handovers", "DELETE FROM handovers"),
        ("contact_hashes", "UPDATE contact_hashes SET contact_sha256 = NULL"),
        ("contacts", "UPDATE contacts SET contact = 'eve@example.org'"),
    ],
)
def test_a_forged_fact_is_named(written: Insider, table: str, forgery: str) -> None:
    """The table that says otherwise than the log is named."""
    with a_copy_of(written) as insider:
        insider.do(forgery)
        assert f"Table {table} " in insider.must_be_caught(None)


FORGED = (
    ("ORGANISATION", b'"organisation_id":2', b'"organisation_id":3'),
    ("ORGANISATION", b"Fire Department", b"Fire Brigade"),
    ("BUILDING", b'"building":"HQ"', b'"building":"Annex"'),
    ("BUILDING", b'"building":"HQ"', b'"building":""'),
    ("ROOM", b'"building":"HQ"', b'"building":"hq"'),
    ("ROOM", b'"room":"HQ 101"', b'"room":"hq"'),
    ("BUILDING_USE", b'"allowed":true', b'"allowed":false'),
    ("BUILDING_USE", b'"organisation_id":2', b'"organisation_id":1'),
    ("BUILDING_USE", b"Fire Department", b"Ad Hoc"),
    ("BUILDING_USE", b'"building":"HQ"', b'"building":"HQ 101"'),
    ("HOLDER", b'"organisation_id":2', b'"organisation_id":3'),
    ("HOLDER", b'"identifier":"S-17"', b'"identifier":"S-18"'),
    ("HOLDER", b'"holder_id":1', b'"holder_id":2'),
    ("HOLDER_CHANGE", b'"name":"Jane Jones"', b'"name":"Bob Lee"'),
    ("HOLDER_CHANGE", b'"name":"Jane Smith"', b'"name":"Jane Smyth"'),
    ("HOLDER_CHANGE", b'"holder_id":1', b'"holder_id":2'),
    ("HOLDER_CHANGE", b'"active":false,', b""),
    ("HOLDER_CHANGE", b'"with_assets":2', b'"with_assets":1'),
    ("HOLDER_CHANGE", b',"with_assets":2', b""),
    ("HOLDER_CHANGE", b'"reason":"left",', b""),
    ("CONTACT", b'"holder_id":2', b'"holder_id":1'),
    ("CONTACT", b'"holder_id":2', b'"holder_id":3'),
    ("CONTACT", b"Bob Lee", b"Eve"),
    ("CONTACT", b'"contact_sha256":"', b'"contact_sha256":"00'),
    ("ACCEPTANCE", b'"batch_id":1', b'"batch_id":2'),
    ("ACCEPTANCE", b'"holder_id":1', b'"holder_id":2'),
    ("ACCEPTANCE", b'"name":"Jane Jones"', b'"name":"Jane Smith"'),
    ("ACCEPTANCE", b'"accepted_by":"Jane Jones"', b'"accepted_by":""'),
    ("ACCEPTANCE", b'"accepted_at":"2026', b'"accepted_at":"2036'),
    ("ACCEPTANCE", b'"how":"paper"', b'"how":"heard"'),
)
"""Kind of entry, words in it, and what somebody who has the key puts in their place."""


@pytest.mark.parametrize(("kind", "words", "forged"), FORGED)
def test_a_forged_entry_is_not_replayed(written: Insider, kind: str, words: bytes, forged: bytes) -> None:
    """A log that was changed and signed anew is found by the rules: at the entry, or where the history breaks."""
    with written.desk.store.read() as snapshot:
        records = [record for record, _ in snapshot.records()]
    Replay(Listed(records)).run(iter(records))
    place = next(
        index
        for index, record in enumerate(records)
        if event_type(decode_body(record.body)) == kind and words in record.body
    )
    records[place] = records[place]._replace(body=records[place].body.replace(words, forged))
    with pytest.raises(IllegalEntry) as caught:
        Replay(Listed(records)).run(iter(records))
    assert caught.value.seq >= records[place].seq


@pytest.mark.parametrize(
    ("damage", "look", "said"),
    [
        ("DELETE FROM organisations WHERE organisation_id = 2", rooms.all_buildings, "organisation 2 is gone"),
        ("DELETE FROM buildings", organisations.all_organisations, "building hq is gone"),
        ("DELETE FROM buildings", rooms.all_rooms, "building hq is gone"),
        (
            "DELETE FROM organisations WHERE organisation_id = 2",
            lambda at: holders.page(at, "Jane Jones"),
            "organisation 2 is gone",
        ),
    ],
)
def test_damage_is_said_as_damage(
    written: Insider, damage: str, look: Callable[[Workplace], object], said: str
) -> None:
    """Where what something refers to is gone, whoever looks is told that the database is damaged."""
    with a_copy_of(written) as insider:
        insider.do(damage)
        with pytest.raises(station_errors.DatabaseDamaged, match=said):
            look(insider.desk.workplace)
