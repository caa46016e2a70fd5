"""The page of the database's schema, from its SQL."""

import re
from typing import NamedTuple

from assettrack.store import connection, migrations
from reference_pages import markdown

PURPOSES = {
    "accounts": "Every account: number, name, role, and the hashes of what is kept of it in `credentials`.",
    "api_tokens": "Every token with which a program acts for an account, by the SHA-256 of its text.",
    "assets": "The state of every asset now. What the log leads to.",
    "audit_log": "The audit log: one row an entry. See [the log](log.md).",
    "audit_subtrees": "Hashes of full subtrees of 256 leaves, of 256 of these, and so on: proofs need no full reading.",
    "batches": "Where each batch stands in the log.",
    "building_uses": "Which organisation may use which building, or may no longer.",
    "buildings": "Every building, and the form in which names are compared.",
    "cases": "Every case and its number of slots.",
    "checkpoints": "The signed checkpoint in which each transaction ended.",
    "contact_hashes": "The hash of each holder's contact data, as the log has it; null once it was erased.",
    "contacts": "Contact data of holders with its salt, beside the log. Here and in `credentials` rows are deleted.",
    "corrections": "Which entry supersedes which. An entry can be superseded once.",
    "count_expected": "What each count expects, frozen when it began.",
    "credentials": "What accounts sign in with, beside the log: salted hashes of passwords, secrets of second factors.",
    "count_scans": "The entries that hold the scans of each count.",
    "counts": "Every count: the entry by which it began, and the one by which it was signed off or abandoned.",
    "receipt_texts": "The text of every receipt, beside the log, which has its hash.",
    "receipts": "Every receipt: its entry, its holder, its batch (null for all that the holder has), its text's hash.",
    "handovers": "Each holder with whom a batch exchanged assets, and the entry by which that was accepted.",
    "holders": "The people who may be accountable: number, name, and the form in which names are compared.",
    "organisations": "Every organisation: number, name, and the form in which names are compared.",
    "rooms": "Every room as `building_room` names it in a batch, and its building.",
    "settings": "The rules of the station that were set otherwise than they are by default.",
    "schema_migrations": "Which steps made this schema, with the SHA-256 of each.",
    "signature_hashes": "The hash of each signature drawn on a screen: of which entry, and of whom.",
    "signatures": "The signatures drawn on a screen, as paths of SVG, beside the log, which has their hashes.",
    "slots": "Every slot and the asset in it. A slot exists because its case was prepared.",
    "station": "The one row about the station itself: name, time zone, public key.",
}
"""What each table is for. A table without a purpose here stops the making of the page."""

INTRODUCTION = """The database is one SQLite file. Its rules are in its schema, so that they hold for every program
that writes to it, the plain `sqlite3` shell included. `application_id` is `0x{mark:08X}`, `user_version` is the number
of the schema: {version}. All tables are STRICT. `audit verify` and `doctor` compare the schema, triggers included, with
the one shown here."""

_RAISE = re.compile(r"RAISE\(ABORT, '([^']+)'\)")
_TRIGGER = re.compile(r"CREATE TRIGGER \w+ ((?:BEFORE|AFTER) \w+(?: OF [\w, ]+?)?) ON (\w+)")


class Trigger(NamedTuple):
    """A trigger: the table it watches, when, and what it says to whoever it stops."""

    table: str
    when: str
    says: str


def page() -> str:
    """Return the page."""
    schema = migrations.expected_schema()
    tables = {name: sql for (kind, name), sql in schema.items() if kind == "table"}
    triggers = {name: _trigger(sql) for (kind, name), sql in schema.items() if kind == "trigger"}
    facts = {"mark": connection.APPLICATION_ID, "version": migrations.latest()}
    parts = [INTRODUCTION.format_map(facts)]
    for table in sorted(tables):
        indexes = [sql for (kind, _), sql in sorted(schema.items()) if kind == "index" and f" ON {table}(" in sql]
        stops = [
            (markdown.code(name), found.when, found.says) for name, found in triggers.items() if found.table == table
        ]
        parts += [f"## {table}", PURPOSES[table], markdown.block(";\n".join([tables[table], *indexes]) + ";", "sql")]
        if stops:
            parts.append(markdown.table(("trigger", "stops", "when it says"), sorted(stops)))
    return markdown.page("Schema of the database", *parts)


def _trigger(sql: str) -> Trigger:
    found, says = _TRIGGER.search(sql), _RAISE.search(sql)
    assert found is not None, f"a trigger says when it fires: {sql}"
    assert says is not None, f"a trigger says what it stops: {sql}"
    return Trigger(found[2], found[1], says[1])
