"""The rules of the schema hold against anyone who writes, with our settings or none, by our library or another.

Each illegal write is tried through a connection without our authorizer and through the plain sqlite3 shell with its
default settings, where foreign keys and recursive triggers are off. And each rule is needed: without it, one gets in.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import apsw
import pytest

from assettrack.domain.deeds import AssetRow, Contact, Credential, Deed, ReceiptText, Signature
from assettrack.domain.facts import (
    Account,
    ApiToken,
    Building,
    BuildingUse,
    ContactHash,
    Correction,
    Count,
    CountScans,
    Expected,
    Handover,
    Organisation,
    ReceiptFact,
    Room,
    Setting,
    SignatureHash,
)
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import Asset
from assettrack.domain.tags import Place
from assettrack.store import migrations
from assettrack.store.connection import Connection, DatabaseSettings, Purpose
from tests.store.conftest import SqliteFile
from tests.store.databases import entries, one_batch, row_entry, stored
from tests.store.illegal_writes import ILLEGAL, LEGAL
from tests.store.stations import NOW_TEXT

SHELL = shutil.which("sqlite3")

# A rule that says again what another says, so that no single illegal write gets in without it.
DOUBLED = {
    ("audit_log", "(seq > 0)"): "an entry has the next number, and the first is 1",
    ("checkpoints", "(size > 0)"): "a checkpoint has the log's size, and an empty log none",
    ("batches", "(batch_id > 0)"): "a batch has the next number, and the first is 1",
    ("holders", "(organisation_id > 0)"): "an organisation is registered, and numbered from 1",
    ("receipts", "(receipt_id > 0)"): "a receipt has the next number, and the first is 1",
    ("counts", "(count_id > 0)"): "a count has the next number, and the first is 1",
    ("station", "(only_row = 1)"): "there is a station already; the last test tries it where there is none",
    ("station", "(length(public_key) = 64)"): "as before",
}


FACTS = (
    Setting("acceptance", "required"), Organisation(2, "Acme", "acme"), Building("b1", "B1"), Building("b2", "B2"),
    Room("r1", "R1", "b1"), BuildingUse(2, "b1", 1), BuildingUse(1, "b2", 1), ContactHash(1, bytes(32)),
    Handover(1, 1, None), Handover(2, 2, 4), ReceiptFact(1, 3, 1, None, "ab" * 32), Correction(4, 6, "A-1"),
    Count(1, 2, None), Count(2, 5, None), Expected(1, "A-2", None, None, None), Expected(2, "A-1", "C", 1, None),
    CountScans(1, 8), CountScans(2, 7), Account(1, "Ann", "ann", "admin", 1, bytes(32)),
    Account(2, "Ben", "ben", "viewer", 1), ApiToken(1, 1, "script", bytes(32)), ApiToken(2, 1, "old", b"R" * 32, 1),
    SignatureHash(3, "Ada", "ab" * 32), SignatureHash(3, "Bo", "cd" * 32),
)  # fmt: skip
KEPT = (
    Contact(1, bytes(16), "ada@example.org"), ReceiptText(1, "Ada has it."), Credential(1, "password", "$a$1"),
    Signature(3, "Ada", "M1 1l2 2"),
)  # fmt: skip


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepare the database that `illegal_writes` speaks of."""
    file = SqliteFile(tmp_path_factory.mktemp("prepared") / "station.db")
    in_custody = AssetRow("A-3", Asset("IN_CUSTODY", None, None, "Ada", "laptop"), 1, NOW_TEXT)
    retired = AssetRow("A-4", Asset("RETIRED", None, None, None, "laptop"), None, NOW_TEXT)
    with file.open().write() as transaction:
        transaction.save(
            Deed(
                entries(2),
                cases=(("C", 3), ("D", 1)),
                holders=(Holder(1, "Ada"), Holder(2, "Bo")),
                assets=(stored("A-1", Place("C", 1)), stored("A-2"), in_custody, retired),
                filled=((Place("C", 1), "A-1"),),
            )
        )
    with file.open().write() as transaction:
        transaction.save(one_batch(3, 1, row_entry(4, 1, "A-1", bytes([1]) * 32)))
        transaction.save(one_batch(5, 2, row_entry(6, 2, "A-2", bytes([1]) * 32)))
        transaction.save(Deed(entries(7), facts=FACTS, kept=KEPT))
        transaction.save(Deed(entries(8, 300), facts=[Count(1, 2, 6)]))
    file.close()
    return file.path


@pytest.fixture
def path(prepared: Path, tmp_path: Path) -> Path:
    """Copy that database for one test."""
    return Path(shutil.copy(prepared, tmp_path))


Dump = dict[str, list[tuple[object, ...]]]


def dump(connection: apsw.Connection) -> Dump:
    """Return every row of every table in its order, and the schema."""
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in [*tables, "sqlite_schema"]}


def dump_of(path: Path) -> Dump:
    """Return what a file holds, and make sure that SQLite finds it sound."""
    connection = apsw.Connection(str(path))
    try:
        assert connection.pragma("integrity_check") == "ok"
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return dump(connection)
    finally:
        connection.close()


@pytest.fixture(scope="module")
def before(prepared: Path) -> Dump:
    """Tell what is in that database, and so in each copy before anything was written."""
    return dump_of(prepared)


@pytest.fixture
def unguarded(path: Path) -> Iterator[apsw.Connection]:
    """Open it with our settings but without the authorizer."""
    connection = Connection(path, DatabaseSettings(), Purpose.WRITE)
    (driver,) = (found for found in apsw.connections() if found.db_filename("main") == str(path))
    driver.authorizer = None
    yield driver
    connection.close()


def in_the_shell(path: Path, sql: str) -> subprocess.CompletedProcess[str]:
    """Run statements in the plain shell, which stops at the first that fails."""
    if SHELL is None:
        pytest.skip("THE sqlite3 SHELL IS NOT INSTALLED, so nothing shows what the schema refuses without our settings")
    return subprocess.run(
        [SHELL, "-batch", "-bail", str(path)], input=f"{sql};\n", capture_output=True, text=True, check=False
    )


def test_there_are_enough_illegal_writes() -> None:
    """More than forty, so that the proofs below are not empty."""
    assert len(ILLEGAL) >= 40


@pytest.mark.parametrize("attempt", ILLEGAL)
def test_an_illegal_write_is_refused_without_our_authorizer(
    path: Path, unguarded: apsw.Connection, before: Dump, attempt: str
) -> None:
    """The schema itself refuses it, and nothing has changed."""
    with pytest.raises(apsw.ConstraintError), unguarded:
        unguarded.execute(ILLEGAL[attempt]).fetchall()
    assert dump(unguarded) == before == dump_of(path)


@pytest.mark.parametrize("attempt", ILLEGAL)
def test_an_illegal_write_is_refused_in_the_plain_shell(path: Path, before: Dump, attempt: str) -> None:
    """Foreign keys and recursive triggers are off there, and still it is refused, and nothing has changed."""
    done = in_the_shell(path, f"BEGIN; {ILLEGAL[attempt]}; COMMIT")
    assert done.returncode != 0
    assert "(19)" in done.stderr  # SQLITE_CONSTRAINT, and not a mistake in the statement
    assert dump_of(path) == before


@pytest.mark.parametrize("attempt", LEGAL)
def test_a_legal_write_works_in_the_plain_shell(path: Path, before: Dump, attempt: str) -> None:
    """Whoever has nothing but the shell can do what the rules allow, and the file stays sound."""
    done = in_the_shell(path, LEGAL[attempt])
    assert (done.returncode, done.stderr) == (0, "")
    assert (dump_of(path) == before) == (attempt == "an asset left where it is")


def test_the_plain_shell_starts_with_the_rules_off(path: Path) -> None:
    """The shell that is tested has its defaults, so the proofs above are about the schema alone."""
    done = in_the_shell(path, "PRAGMA foreign_keys; PRAGMA recursive_triggers; SELECT typeof(body) FROM audit_log")
    assert done.stdout.split()[:3] == ["0", "0", "text"]


@dataclass(frozen=True)
class Weakened:
    """A rule of the schema, a CHECK or a trigger, with what it says and what it would say without a part of it."""

    name: str
    rule: str
    without: str
    """What stands in its place; nothing for a trigger that is gone."""
    part: str


def weakened_rules() -> list[Weakened]:
    """Return each trigger and each CHECK without itself, and without each of the terms that AND or OR join in it."""
    found = []
    for (kind, name), sql in migrations.expected_schema().items():
        for rule in [sql] if kind == "trigger" else checks(sql):
            found.append(Weakened(name, rule, "" if kind == "trigger" else "(true)", "all of it"))
            found += [
                Weakened(name, rule, rule[: term.start] + neutral + rule[term.stop :], rule[term.start : term.stop])
                for term, neutral in terms(rule)
            ]
    return found


def checks(sql: str) -> Iterator[str]:
    """Yield what each CHECK says, with its parentheses."""
    for start in re.finditer(r"CHECK (?=\()", sql):
        depth, end = 0, start.end()
        while depth or end == start.end():
            depth += {"(": 1, ")": -1}.get(sql[end], 0)
            end += 1
        yield sql[start.end() : end]


def terms(rule: str) -> Iterator[tuple[slice, str]]:
    """Yield where each operand of AND and OR stands, and the word that makes it say nothing."""
    levels: list[list[re.Match[str]]] = [[]]
    for word in re.finditer(r"BETWEEN \S+ AND|\b(?:AND|OR|WHEN|WHERE|BEGIN)\b|[()]", rule):
        if word[0] == "(":
            levels.append([word])
        elif not word[0].startswith("BETWEEN"):
            levels[-1].append(word)
        if word[0] == ")":
            for left, right in pairwise(levels.pop()):
                yield from _term(left, right)
    for left, right in pairwise(levels.pop()):
        yield from _term(left, right)


def _term(left: re.Match[str], right: re.Match[str]) -> Iterator[tuple[slice, str]]:
    joined_by = {left[0], right[0]}
    if joined_by & {"AND", "OR"}:
        yield slice(left.end(), right.start()), " true " if "AND" in joined_by else " false "


def weaken(prepared: Path, weakened: Weakened) -> apsw.Connection:
    """Return a copy of the database in memory, with SQLite's defaults, whose schema lacks a part of one rule."""
    copy, original = apsw.Connection(":memory:"), apsw.Connection(str(prepared))
    with copy.backup("main", original, "main") as backup:
        backup.step()
    original.close()
    if weakened.rule.startswith("CREATE TRIGGER"):
        copy.execute(f"DROP TRIGGER {weakened.name}; {weakened.without}")
        return copy
    copy.execute("PRAGMA writable_schema = ON")
    said = (weakened.rule, weakened.without, weakened.name)
    copy.execute("UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE name = ?", said)
    assert copy.changes() == 1
    copy.execute("PRAGMA writable_schema = RESET")
    return copy


def gets_in(connection: apsw.Connection, sql: str) -> bool:
    """Tell whether a write is let in; it is undone at once."""
    connection.execute("BEGIN")
    try:
        connection.execute(sql).fetchall()
    except apsw.ConstraintError:
        return False
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return True


def test_the_schema_has_the_rules_that_are_tried() -> None:
    """The next test takes the rules apart; if it found none it would prove nothing."""
    found = weakened_rules()
    whole = [weakened for weakened in found if weakened.part == "all of it"]
    assert sum(weakened.rule.startswith("CREATE TRIGGER") for weakened in whole) >= 30
    assert sum(weakened.rule.startswith("(") for weakened in whole) >= 20
    assert len(found) - len(whole) >= 50
    assert {(weakened.name, weakened.rule) for weakened in whole} >= DOUBLED.keys()


@pytest.mark.parametrize("weakened", weakened_rules(), ids=lambda rule: f"{rule.name}-{' '.join(rule.part.split())}")
def test_without_any_part_of_a_rule_the_writes_fare_otherwise(prepared: Path, weakened: Weakened) -> None:
    """Each rule, and each term in it, is needed: without it an illegal write gets in, or a legal one is refused."""
    broken = weaken(prepared, weakened)
    # The first that fares otherwise is enough; most often it is one of the rule's own table.
    attempts = sorted([*ILLEGAL.items(), *LEGAL.items()], key=lambda attempt: weakened.name not in attempt[1])
    found = next((attempt for attempt, sql in attempts if gets_in(broken, sql) == (attempt in ILLEGAL)), None)
    broken.close()
    assert (found is not None) != ((weakened.name, weakened.rule) in DOUBLED), found


@pytest.mark.parametrize("values", [(2, "0" * 64), (1, "0" * 63), (1, "0" * 65)], ids=lambda values: len(values[1]))
def test_the_only_station_is_the_first_and_has_a_whole_key(values: tuple[int, str]) -> None:
    """While there is no station yet, only a row numbered 1 with a key of 32 bytes in hex can become it."""
    connection = apsw.Connection(":memory:")
    for step in migrations.steps():
        connection.execute(step.sql)
    only_row, public_key = values
    with pytest.raises(apsw.ConstraintError):
        connection.execute("INSERT INTO station VALUES (?, 'x', 'UTC', ?)", (only_row, public_key))
    connection.execute("INSERT INTO station VALUES (1, 'x', 'UTC', ?)", ("0" * 64,))
