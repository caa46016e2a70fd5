"""What every store promises about facts, and about what is kept beside the log: a part of the contract (`contract`).

Facts of every kind are held against plain dictionaries. It must never know an engine, nor who makes which fact.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain import station_errors
from assettrack.domain.deeds import Deed, Kept
from assettrack.domain.facts import (
    FACT_TABLES,
    FIRST_FACTS,
    Account,
    ApiToken,
    Building,
    BuildingUse,
    ContactHash,
    Correction,
    Count,
    CountScans,
    Expected,
    Fact,
    Handover,
    Organisation,
    ReceiptFact,
    Room,
    Setting,
    key_of,
)
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import AcceptanceRule
from assettrack.services.ports import Snapshot, Store
from tests.store.contract_lookups import A_DATABASE_EACH
from tests.store.databases import Database, NewDatabase, all_of, entries, furnish, stored

ADA, BO, CY = Holder(1, "Ada"), Holder(2, "Bo"), Holder(3, "Cy Young")
TAGS = ("A-1", "A-2", "A-3")
HASH = "ab" * 32
numbers = st.integers(1, 3)
hashes = st.none() | st.binary(min_size=32, max_size=32)
roles = st.sampled_from(["viewer", "operator", "auditor", "admin"])
texts = st.sampled_from(["a", "É 1", "'; --", "日本"])


def unique(facts: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Facts with different keys."""
    return st.lists(facts, max_size=4, unique_by=key_of)


@dataclass
class Known:
    """What should be known: the latest fact of each key, in the order in which they were written."""

    facts: dict[tuple[type[Fact], Any], Fact] = field(default_factory=dict)

    def add(self, facts: Iterable[Fact]) -> list[Fact]:
        """Take note of facts, and return them."""
        noted = list(facts)
        for fact in noted:
            self.facts[type(fact), key_of(fact)] = fact
        return noted

    def of(self, kind: type[Any], *begin: Any) -> list[Any]:  # noqa: ANN401 - whatever may stand in a key
        """All facts of a kind whose key begins like this, by key."""
        found = [key for of, key in self.facts if of is kind and key[: len(begin)] == begin]
        return [self.facts[kind, key] for key in sorted(found)]


@st.composite
def first_facts(draw: st.DrawFn, known: Known) -> list[Fact]:
    """Draw facts that can be in a database with Ada, Bo and Cy, and three assets."""
    organisations = [
        Organisation(number, f"Org {number}", f"org {number}") for number in draw(st.sets(st.integers(2, 5)))
    ]
    buildings = draw(unique(st.builds(Building, texts, texts)))
    keys = st.sampled_from([building.building_key for building in buildings] or [""])
    orgs = st.sampled_from([1, *(organisation.organisation_id for organisation in organisations)])
    of_batch = st.none() | numbers
    receipts = [ReceiptFact(number, number, draw(numbers), draw(of_batch), HASH) for number in range(1, draw(numbers))]
    counts = [Count(number, 10 * number, None) for number in range(1, draw(st.integers(0, 3)) + 1)]
    of_count = st.sampled_from([count.count_id for count in counts] or [0])
    accounts = [_account(draw, number) for number in range(1, draw(st.integers(0, 3)) + 1)]
    of_account = st.sampled_from([account.account_id for account in accounts] or [0])
    tokens = [
        ApiToken(number, draw(of_account), f"script {number}", bytes([number]) * 32, draw(st.integers(0, 1)))
        for number in range(1, draw(st.integers(0, 3)) + 1)
    ]
    expected = st.builds(Expected, of_count, st.sampled_from(TAGS), texts, numbers, st.none())
    facts = [
        *draw(unique(st.builds(Setting, texts, texts))),
        *organisations,
        *buildings,
        *(draw(unique(st.builds(Room, texts, texts, keys))) if buildings else ()),
        *(draw(unique(st.builds(BuildingUse, orgs, keys, st.integers(0, 1)))) if buildings else ()),
        *draw(unique(st.builds(ContactHash, numbers, st.none() | st.binary(min_size=32, max_size=32)))),
        *draw(unique(st.builds(Handover, numbers, numbers, st.none() | numbers, st.integers(0, 1)))),
        *receipts,
        *(Correction(number, 9 + number, draw(st.sampled_from(TAGS))) for number in sorted(draw(st.sets(numbers)))),
        *counts,
        *(draw(unique(expected)) if counts else ()),
        *(draw(unique(st.builds(CountScans, of_count, numbers))) if counts else ()),
        *accounts,
        *(tokens if accounts else ()),
    ]  # fmt: skip
    return known.add(facts)


@st.composite
def later_facts(draw: st.DrawFn, known: Known) -> list[Fact]:
    """Draw what may have become of them."""
    changes: list[Fact] = [
        *(setting._replace(value=draw(texts)) for setting in known.of(Setting)),
        *(use._replace(allowed=draw(st.integers(0, 1))) for use in known.of(BuildingUse)),
        *(contact._replace(contact_sha256=draw(hashes)) for contact in known.of(ContactHash)),
        *(handover._replace(accepted_seq=7) for handover in known.of(Handover) if handover.accepted_seq is None),
        *(count._replace(closed_seq=99 + count.count_id) for count in known.of(Count) if count.closed_seq is None),
        *(_account(draw, account.account_id) for account in known.of(Account)),
        *(token._replace(revoked=1) for token in known.of(ApiToken) if not token.revoked),
    ]  # fmt: skip
    return known.add(draw(st.lists(st.sampled_from(changes), unique_by=key_of_kind)) if changes else [])


def _account(draw: st.DrawFn, number: int) -> Account:
    """Draw an account; the first one is an active admin's, as every station has one."""
    role, active = ("admin", 1) if number == 1 else (draw(roles), draw(st.integers(0, 1)))
    password = draw(hashes)
    one_time = 0 if password is None else draw(st.integers(0, 1))
    return Account(number, f"Name {number}", f"name {number}", role, active, password, one_time, draw(hashes))


def key_of_kind(fact: Fact) -> tuple[type[Fact], Any]:
    """What a fact is found by among all."""
    return type(fact), key_of(fact)


def people(store: Store) -> None:
    """Register Ada, Bo and Cy, and three assets."""
    with store.write() as transaction:
        transaction.save(Deed(entries(2), holders=(ADA, BO, CY), assets=tuple(map(stored, TAGS))))


def save(store: Store, facts: Iterable[Fact], *kept: Kept) -> None:
    """Write facts with an entry, and what is kept beside it."""
    with store.write() as transaction:
        transaction.save(Deed(entries(transaction.log_size + 1), facts=facts, kept=kept))


ANN = Account(1, "Ann", "ann", "admin", 1, bytes(32))
SCRIPT = ApiToken(1, 1, "script", bytes(32))
REVOKED = ApiToken(2, 1, "old", b"R" * 32, 1)
CLOSED = Count(2, 12, 20)
UNCHANGEABLE: tuple[tuple[Fact, Fact], ...] = (
    (Organisation(2, "Acme", "acme"), Organisation(2, "Base", "base")),
    (Building("b1", "B1"), Building("b1", "B2")),
    (Room("r1", "R1", "b1"), Room("r1", "R2", "b1")),
    (ReceiptFact(1, 3, 1, None, HASH), ReceiptFact(1, 4, 1, None, HASH)),
    (Correction(3, 9, "A-1"), Correction(3, 10, "A-1")),
    (Expected(1, "A-1", "C", 1, None), Expected(1, "A-1", "C", 2, None)),
    (CountScans(1, 7), CountScans(1, 7)),
    (Handover(1, 1, 5), Handover(1, 1, 4)),
    (Handover(2, 1, 4), Handover(2, 1, None)),
    (CLOSED, Count(2, 12, None)),
    (CLOSED, Count(2, 12, 21)),
    (Count(1, 10, None), Count(1, 11, None)),
    (ANN, ANN._replace(name="Eve")),
    (ANN, ANN._replace(name_key="eve")),
    (ANN, ANN._replace(role="viewer")),
    (ANN, ANN._replace(active=0)),
    (SCRIPT, SCRIPT._replace(label="x")),
    (SCRIPT, SCRIPT._replace(token_sha256=b"x" * 32)),
    (REVOKED, REVOKED._replace(revoked=0)),
)
"""A fact, and what can't be said under its key once it is known."""

IMPOSSIBLE: tuple[Fact, ...] = (
    Room("r9", "R9", "b9"),
    BuildingUse(9, "b1", 1),
    BuildingUse(1, "b9", 1),
    ContactHash(9, bytes(32)),
    Handover(1, 9, None),
    ReceiptFact(3, 9, 1, None, HASH),
    ReceiptFact(2, 9, 9, None, HASH),
    Correction(9, 9, "A-1"),
    Correction(4, 9, "A-404"),
    Count(9, 30, None),
    Count(3, 30, 31),
    Expected(9, "A-1", None, None, None),
    Expected(1, "A-404", None, None, None),
    CountScans(2, 9),
    CountScans(9, 9),
    Account(3, "Cy", "cy", "admin", 1),
    Account(2, "ANN", "ann", "viewer", 1),
    Account(2, "Cy", "cy", "owner", 1),
    Account(2, "Cy", "cy", "viewer", 1, one_time=1),
    ApiToken(4, 1, "x", b"x" * 32),
    ApiToken(3, 1, "x", SCRIPT.token_sha256),
    ApiToken(3, 9, "x", b"x" * 32),
)
"""Facts about what is not there, or in another order than things happen."""


class FactContract:
    """What is promised of facts. `contract.StoreContract` gives the fixtures."""

    @given(st.data())
    @A_DATABASE_EACH
    def test_facts_are_told_as_they_were_written(self, new_database: NewDatabase, data: st.DataObject) -> None:
        """All of a kind by key, those whose key begins alike, the one of a key, the last; the latest of each counts."""
        known, store = Known(), new_database().open()
        people(store)
        known.add(FIRST_FACTS)
        for written in (first_facts(known), later_facts(known), later_facts(known)):
            save(store, data.draw(written))
            with store.read() as snapshot:
                _check_facts(snapshot, known)

    @pytest.mark.parametrize(("first", "second"), UNCHANGEABLE, ids=repr)
    def test_what_may_not_change_is_refused(self, database: Database, first: Fact, second: Fact) -> None:
        """What happened, and what was registered, stays; a second word about it is refused with all that came too."""
        store = with_some_facts(database)
        if first not in {*SOME_FACTS, CLOSED}:
            save(store, [first])
        before = all_of(store)
        with pytest.raises(station_errors.StateImpossible):
            save(store, [Setting("acceptance", "off"), second])
        assert all_of(store) == before

    @pytest.mark.parametrize("fact", IMPOSSIBLE, ids=repr)
    def test_no_fact_is_about_what_is_not_there(self, database: Database, fact: Fact) -> None:
        """A holder, an asset, a building, an organisation or a count must be there before anything is said of it."""
        store = with_some_facts(database)
        before = all_of(store)
        with pytest.raises(station_errors.StateImpossible):
            save(store, [fact])
        assert all_of(store) == before

    def test_what_is_known_of_a_holder_changes(self, database: Database) -> None:
        """All of it but the number, and the name is then found in its new spelling alone."""
        store = database.open()
        people(store)
        save(store, [Organisation(2, "Acme", "acme")])
        changed = Holder(2, "Bob Lee", 2, "S-7", active=False)
        with store.write() as transaction:
            transaction.save(Deed(entries(transaction.log_size + 1), changed_holders=(changed,)))
        with store.read() as snapshot:
            assert list(snapshot.all_holders()) == [ADA, changed, CY]
            assert (snapshot.holder(2), snapshot.holder(4)) == (changed, None)
            register = snapshot.holders_named(["Bo", "BOB  lee"])
            assert (register.named("bo"), register.named("bob lee")) == (None, changed)

    @pytest.mark.parametrize(
        "holder", [Holder(2, "ADA"), Holder(2, ""), Holder(2, "Bo", 9), Holder(2, "Bo", 1, "")], ids=repr
    )
    def test_a_holder_can_not_become_another(self, database: Database, holder: Holder) -> None:
        """Nor be of an organisation that is not there, nor be called nothing."""
        store = database.open()
        people(store)
        before = all_of(store)
        with pytest.raises(station_errors.StateImpossible), store.write() as transaction:
            transaction.save(Deed(entries(transaction.log_size + 1), changed_holders=(holder,)))
        assert all_of(store) == before

    def test_a_holder_that_is_not_there_is_not_passed_over(self, database: Database) -> None:
        """A change of somebody whom nobody registered is refused; it would change less than it says."""
        store = database.open()
        people(store)
        before = all_of(store)
        with pytest.raises(AssertionError, match="only holders that are registered"), store.write() as transaction:
            transaction.save(Deed(entries(transaction.log_size + 1), changed_holders=(Holder(9, "Eve"),)))
        assert all_of(store) == before

    @pytest.mark.parametrize("rule", ["required", "recorded", "off", None])
    def test_an_inventory_begins_with_the_rules_of_the_station(
        self, database: Database, rule: AcceptanceRule | None
    ) -> None:
        """Whether custody must be accepted, which rooms are managed and who may use them; and nothing else."""
        store = database.open()
        furnish(store)
        save(store, [] if rule is None else [Setting("acceptance", rule)])
        with store.read() as snapshot:
            found = snapshot.inventory()
            assert (found.acceptance, found.rooms.managed) == (rule or "recorded", False)
            assert (found.assets, found.slots, found.cases, found.holders.all) == ({}, {}, {}, [])
        save(store, [Organisation(2, "Acme", "acme"), Organisation(3, "Base", "base"), Building("b1", "B1")])
        save(store, [Room("lab", "Lab", "b1"), BuildingUse(2, "b1", 1), BuildingUse(3, "b1", 0)])
        with store.read() as snapshot:
            rooms = snapshot.inventory().rooms
        assert [rooms.managed, rooms.knows("LAB"), rooms.knows("B1"), rooms.knows("B2")] == [True, True, True, False]
        assert [rooms.may_use(organisation, "Lab") for organisation in (1, 2, 3)] == [False, True, False]


SOME_FACTS: tuple[Fact, ...] = (
    Building("b1", "B1"), Room("r1", "R1", "b1"), Organisation(2, "Acme", "acme"), ReceiptFact(1, 3, 1, None, HASH),
    Correction(3, 9, "A-1"), Count(1, 10, None), Expected(1, "A-1", "C", 1, None), CountScans(1, 7),
    Count(2, 12, None), ANN, SCRIPT, REVOKED,
)  # fmt: skip


def with_some_facts(database: Database) -> Store:
    """Return a store of a database with people, assets, and some facts about them; count 2 is closed."""
    store = database.open()
    people(store)
    save(store, [*SOME_FACTS, CLOSED])
    return store


def _check_facts(snapshot: Snapshot, known: Known) -> None:
    """Hold what a snapshot tells of facts against the model."""
    for kind in FACT_TABLES:
        facts = known.of(kind)
        assert list(snapshot.facts(kind)) == facts
        assert snapshot.last(kind) == (facts[-1] if facts else None)
        assert [snapshot.fact(kind, *fact[: FACT_TABLES[kind].key_columns]) for fact in facts] == facts
        for begin in {fact[0] for fact in facts}:
            assert list(snapshot.facts(kind, begin)) == known.of(kind, begin)
    assert snapshot.fact(Setting, "no such rule") is None
    assert list(snapshot.open_handovers()) == [
        fact for fact in known.of(Handover) if fact.accepted_seq is None and fact.asked
    ]
    for holder in (ADA, BO, CY):
        receipts = [fact for fact in known.of(ReceiptFact) if fact.holder_id == holder.holder_id]
        assert list(snapshot.receipts_of(holder.holder_id)) == receipts[::-1]
        still_open = [fact for fact in known.of(Handover) if fact[1:] == (holder.holder_id, None, 1)]
        assert list(snapshot.open_handovers(holder.holder_id)) == still_open
