"""The tables of facts: each kind has one, named once, and its key is what the first columns say."""

from typing import get_args

import pytest

from assettrack.domain.facts import FACT_TABLES, Count, Fact, Handover, Organisation, Setting, key_of
from assettrack.store import migrations

KINDS = get_args(Fact)


def test_every_kind_of_fact_has_a_table_of_its_own() -> None:
    """None is forgotten, and no two share one."""
    assert set(FACT_TABLES) == set(KINDS)
    assert len({table.name for table in FACT_TABLES.values()}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_table_has_just_the_columns_of_its_facts(kind: type[Fact]) -> None:
    """They stand in the schema in the same order, the key first, and the key is the table's primary key."""
    table = FACT_TABLES[kind]
    sql = migrations.expected_schema()["table", table.name]
    lines = [line.split() for line in sql.splitlines()[1:-1]]
    assert tuple(words[0] for words in lines if words[0] != "PRIMARY") == kind._fields
    inline = [words[0] for words in lines if "PRIMARY" in words[1:]]
    named = [" ".join(words) for words in lines if words[0] == "PRIMARY"]
    key = ", ".join(kind._fields[: table.key_columns])
    assert [*inline, *named] == [key if table.key_columns == 1 else f"PRIMARY KEY ({key})"]


def test_a_fact_is_found_by_its_key() -> None:
    """The key is as many of the first fields as the table says."""
    assert key_of(Setting("acceptance", "off")) == ("acceptance",)
    assert key_of(Handover(7, 2, None)) == (7, 2)
    assert key_of(Organisation(2, "Acme", "acme")) == (2,)


def test_what_happened_stays() -> None:
    """Only rules, uses, hashes of contact data, acceptances, counts that are closed, accounts and tokens may change."""
    changing = {table.name for table in FACT_TABLES.values() if table.may_change}
    assert changing == {"settings", "building_uses", "contact_hashes", "handovers", "counts", "accounts", "api_tokens"}
    assert not FACT_TABLES[Organisation].may_change
    assert FACT_TABLES[Count].may_change
