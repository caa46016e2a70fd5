"""Numbered migrations: the schema this version makes, and how a file comes to have it.

Owns `schema/NNNN_name.sql`. Each step is one transaction together with the record of it. Only
`init` migrates. A step that was released is never edited: its text is part of what is verified.
"""

from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import Path

import msgspec

from assettrack.store.connection import Connection, DatabaseSettings, Purpose

SCHEMA_OBJECTS = "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name"


class MigrationStep(msgspec.Struct, frozen=True):
    """One numbered step: its file name and its SQL."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Hash of the SQL, in hex."""
        return sha256(self.sql.encode()).hexdigest()


@cache
def steps() -> tuple[MigrationStep, ...]:
    """Return all steps that ship with this version, in order."""
    folder = resources.files("assettrack.store") / "schema"
    found = sorted(
        (item.name, item.read_text(encoding="utf-8")) for item in folder.iterdir() if item.name.endswith(".sql")
    )
    return tuple(MigrationStep(int(name[:4]), name, sql) for name, sql in found)


def latest() -> int:
    """Return the number of the newest step."""
    return steps()[-1].number


def apply_step(connection: Connection, step: MigrationStep) -> None:
    """Run one step inside the transaction that is open, with the record of it."""
    connection.rows(step.sql)
    connection.rows("INSERT INTO schema_migrations VALUES (?, ?, ?)", (step.number, step.name, step.sha256))
    connection.set_user_version(step.number)


def schema_of(connection: Connection) -> dict[tuple[str, str], str]:
    """Return the SQL of every table, index, trigger and view that a database has, by type and name."""
    return {(str(kind), str(name)): str(sql) for kind, name, sql in connection.rows(SCHEMA_OBJECTS)}


@cache
def expected_schema() -> dict[tuple[str, str], str]:
    """Return the schema that this version makes, read from a database made for the purpose."""
    connection = Connection(Path(":memory:"), DatabaseSettings(journal_mode="memory"), Purpose.MIGRATE)
    try:
        with connection.transaction():
            for step in steps():
                apply_step(connection, step)
        return schema_of(connection)
    finally:
        connection.close()


def faults(connection: Connection) -> list[str]:
    """Return what differs between a database's schema and the one this version makes, in sentences."""
    found, expected = schema_of(connection), expected_schema()
    sentences = [f"The {kind} {name} is missing." for kind, name in expected.keys() - found.keys()]
    sentences += [f"The {kind} {name} does not belong there." for kind, name in found.keys() - expected.keys()]
    sentences += [
        f"The {kind} {name} was changed."
        for kind, name in found.keys() & expected.keys()
        if found[kind, name] != expected[kind, name]
    ]
    recorded = connection.rows("SELECT number, name, sha256 FROM schema_migrations ORDER BY number")
    if recorded != [(step.number, step.name, step.sha256) for step in steps()]:
        sentences.append("The record of migrations is not that of this version.")
    return sorted(sentences)
