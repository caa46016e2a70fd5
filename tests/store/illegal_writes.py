"""Writes that the schema must refuse, each with what it would make of the database, and writes that it must allow.

They are meant for the database that `test_schema` prepares: cases C (3 slots) and D (1 slot), A-1 in C slot 1, A-2 in
storage and in no slot, A-3 in custody of Ada (1), A-4 retired, holders Ada (1) and Bo (2), a log with two batches, and
enough entries for a stored subtree. It must never hold a write that some other program could need.
"""

from tests.store import illegal_account_writes, illegal_custody_writes, illegal_signature_writes

NEXT = "(SELECT max(seq) + 1 FROM audit_log)"
LEAF = f"x'{'ab' * 32}'"
KNOWN_ROW = f"x'{'01' * 32}'"
"""The identity of the row about A-1 that batch 1 recorded."""

NEW_ROW = f"x'{'02' * 32}'"
LATEST = "'2026-03-02T09:30:00.000000Z'"


def _entry(seq: str = NEXT, row: str = "NULL, NULL, NULL", *, leaf: str = LEAF, how: str = "INSERT") -> str:
    """Say an entry; its row is batch, asset and identity. All values are SQL."""
    columns = "seq, batch_id, asset_tag, identity, leaf, body"
    return f"{how} INTO audit_log({columns}) VALUES ({seq}, {row}, {leaf}, 'x')"


def _asset(tag: str, state: str = "'STORAGE', NULL", *, kind: str = "'laptop'", how: str = "INSERT") -> str:
    """Say an asset; its state is status and holder. All values are SQL."""
    columns = "asset_tag, status, holder_id, equipment_type, latest_at"
    return f"{how} INTO assets({columns}) VALUES ({tag}, {state}, {kind}, {LATEST})"


def _put(tag: str, case: str, position: int, how: str = "UPDATE") -> str:
    """Say who is in a slot."""
    return f"{how} slots SET current_asset_tag = {tag} WHERE case_name = '{case}' AND slot_position = {position}"


SLOTS = {
    "an asset into a taken slot": _put("'A-2'", "C", 1),
    "an asset into a taken slot, or replace": _put("'A-2'", "C", 1, "UPDATE OR REPLACE"),
    "an asset into a second slot": _put("'A-1'", "C", 2),
    "an asset into a second slot, or replace": _put("'A-1'", "C", 2, "UPDATE OR REPLACE"),
    "an asset into a second slot at the same position": _put("'A-1'", "D", 1),
    "an asset into a second slot at the same position, or replace": _put("'A-1'", "D", 1, "UPDATE OR REPLACE"),
    "an asset into all empty slots": "UPDATE slots SET current_asset_tag = 'A-2' WHERE current_asset_tag IS NULL",
    "an unknown asset into a slot": _put("'A-404'", "C", 2),
    "nobody's tag into a slot": _put("''", "C", 2),
    "an asset in custody into a slot": _put("'A-3'", "C", 2),
    "a retired asset into a slot": _put("'A-4'", "C", 2),
    "a tag in lower case into a slot": _put("'a-2'", "C", 2),
    "a slotted asset to custody": "UPDATE assets SET status = 'IN_CUSTODY', holder_id = 1 WHERE asset_tag = 'A-1'",
    "a slotted asset retired": "UPDATE assets SET status = 'RETIRED' WHERE asset_tag = 'A-1'",
    "a slotted asset replaced by one in custody": _asset("'A-1'", "'IN_CUSTODY', 1", how="INSERT OR REPLACE"),
    "a slotted asset replaced by a retired one": _asset("'A-1'", "'RETIRED', NULL", how="REPLACE"),
    "a slot beyond its case": "INSERT INTO slots VALUES ('C', 4, NULL)",
    "a slot numbered 0": "INSERT INTO slots VALUES ('C', 0, NULL)",
    "a slot with a negative number": "INSERT INTO slots VALUES ('C', -1, NULL)",
    "a slot between two": "INSERT INTO slots VALUES ('C', 1.5, NULL)",
    "a slot named by letters": "INSERT INTO slots VALUES ('C', 'one', NULL)",
    "a slot without a position": "INSERT INTO slots VALUES ('C', NULL, NULL)",
    "a slot in an unknown case": "INSERT INTO slots VALUES ('E', 1, NULL)",
    "a slot once more": "INSERT INTO slots VALUES ('C', 2, NULL)",
    "a taken slot replaced by an empty one": "INSERT OR REPLACE INTO slots VALUES ('C', 1, NULL)",
    "a new slot with somebody in it": "INSERT INTO cases VALUES ('E', 1); INSERT INTO slots VALUES ('E', 1, 'A-2')",
    "a slot replaced with an asset from another": "REPLACE INTO slots VALUES ('C', 2, 'A-1')",
    "a slot to another position": "UPDATE slots SET slot_position = 9 WHERE case_name = 'C' AND slot_position = 3",
    "a slot over another": "UPDATE OR REPLACE slots SET slot_position = 1 WHERE case_name = 'C' AND slot_position = 2",
    "a slot to another case": "UPDATE slots SET case_name = 'D' WHERE case_name = 'C' AND slot_position = 3",
    "a slot deleted": "DELETE FROM slots WHERE case_name = 'C' AND slot_position = 3",
    "all slots deleted": "DELETE FROM slots",
}

CASES = {
    "a case without slots": "INSERT INTO cases VALUES ('E', 0)",
    "a case too large": "INSERT INTO cases VALUES ('E', 501)",
    "a case of half a slot": "INSERT INTO cases VALUES ('E', 0.5)",
    "a case of no size": "INSERT INTO cases VALUES ('E', NULL)",
    "a case without a name": "INSERT INTO cases VALUES ('', 1)",
    "a case named by nothing": "INSERT INTO cases VALUES (NULL, 1)",
    "a case named OUT": "INSERT INTO cases VALUES ('OUT', 1)",
    "a case named in lower case": "INSERT INTO cases VALUES ('case', 1)",
    "a case named with a space before": "INSERT INTO cases VALUES (' E', 1)",
    "a case named with a space after": "INSERT INTO cases VALUES ('E ', 1)",
    "a case named with a sign before": "INSERT INTO cases VALUES ('_E', 1)",
    "a case named with another sign": "INSERT INTO cases VALUES ('E.1', 1)",
    "a case named with a letter that looks alike": "INSERT INTO cases VALUES ('C' || char(1040), 1)",
    "a case named with a NUL": "INSERT INTO cases VALUES ('E' || char(0), 1)",
    "a case named with a NUL and more": "INSERT INTO cases VALUES ('E' || char(0) || 'e', 1)",
    "a case with a name too long": f"INSERT INTO cases VALUES ('{'E' * 31}', 1)",
    "a case named by bytes": "INSERT INTO cases VALUES (x'45', 1)",
    "a case once more": "INSERT INTO cases VALUES ('C', 9)",
    "a case replaced": "INSERT OR REPLACE INTO cases VALUES ('C', 1)",
    "a case made smaller": "UPDATE cases SET slots = 2 WHERE case_name = 'C'",
    "a case renamed": "UPDATE cases SET case_name = 'E' WHERE case_name = 'D'",
    "a case over another": "UPDATE OR REPLACE cases SET case_name = 'C' WHERE case_name = 'D'",
    "a case deleted": "DELETE FROM cases WHERE case_name = 'D'",
}

ASSETS = {
    "an asset in lower case": _asset("'a-9'"),
    "an asset without a tag": _asset("''"),
    "an asset tagged by nothing": _asset("NULL"),
    "an asset tagged OUT": _asset("'OUT'"),
    "an asset tagged with a space": _asset("'A 9'"),
    "an asset tagged with a dash before": _asset("'-A9'"),
    "an asset tagged with a NUL": _asset("'A-9' || char(0)"),
    "an asset tagged with a NUL and more": _asset("'A-9' || char(0) || 'a'"),
    "an asset tagged with a letter that looks alike": _asset("char(1040) || '-9'"),
    "an asset tagged with such a letter inside": _asset("'A-' || char(1632)"),
    "an asset with a tag too long": _asset(f"'{'A' * 31}'"),
    "an asset tagged by bytes": _asset("x'4139'"),
    "an asset once more": _asset("'A-2'"),
    "an asset in custody of nobody": _asset("'A-9'", "'IN_CUSTODY', NULL"),
    "an asset in custody of an unknown holder": _asset("'A-9'", "'IN_CUSTODY', 9"),
    "an asset in storage with a holder": _asset("'A-9'", "'STORAGE', 1"),
    "a retired asset with a holder": _asset("'A-9'", "'RETIRED', 1"),
    "an asset of another status": _asset("'A-9'", "'LOST', NULL"),
    "an asset of no status": _asset("'A-9'", "NULL, NULL"),
    "an asset of a status in lower case": _asset("'A-9'", "'storage', NULL"),
    "an asset of no kind": _asset("'A-9'", kind="NULL"),
    "an asset of a blank kind": _asset("'A-9'", kind="''"),
    "custody without a holder": "UPDATE assets SET status = 'IN_CUSTODY' WHERE asset_tag = 'A-2'",
    "custody without its holder": "UPDATE assets SET holder_id = NULL WHERE asset_tag = 'A-3'",
    "custody ended, its holder kept": "UPDATE assets SET status = 'STORAGE' WHERE asset_tag = 'A-3'",
    "a holder without custody": "UPDATE assets SET holder_id = 1 WHERE asset_tag = 'A-2'",
    "an unknown holder": "UPDATE assets SET holder_id = 9 WHERE asset_tag = 'A-3'",
    "two holders": "UPDATE assets SET holder_id = '1,2' WHERE asset_tag = 'A-3'",
    "an asset retagged": "UPDATE assets SET asset_tag = 'A-9' WHERE asset_tag = 'A-2'",
    "an asset retagged as another": "UPDATE OR REPLACE assets SET asset_tag = 'A-1' WHERE asset_tag = 'A-2'",
    "an asset deleted": "DELETE FROM assets WHERE asset_tag = 'A-2'",
    "an asset without a time": "UPDATE assets SET latest_at = NULL WHERE asset_tag = 'A-2'",
    "an asset with half a time": "UPDATE assets SET latest_at = '2026-03-02' WHERE asset_tag = 'A-2'",
}

HOLDERS = {
    "a holder without a name": "INSERT INTO holders(holder_id, name, name_key) VALUES (3, '', 'cy')",
    "a holder named by nothing": "INSERT INTO holders(holder_id, name, name_key) VALUES (3, NULL, 'cy')",
    "a holder found by nothing": "INSERT INTO holders(holder_id, name, name_key) VALUES (3, 'Cy', NULL)",
    "a holder found by a blank": "INSERT INTO holders(holder_id, name, name_key) VALUES (3, 'Cy', '')",
    "a holder numbered 0": "INSERT INTO holders(holder_id, name, name_key) VALUES (0, 'Cy', 'cy')",
    "a holder once more": "INSERT INTO holders(holder_id, name, name_key) VALUES (3, 'ADA', 'ada')",
    "a holder's number once more": "INSERT INTO holders(holder_id, name, name_key) VALUES (1, 'Cy', 'cy')",
    "a holder replaced": "INSERT OR REPLACE INTO holders(holder_id, name, name_key) VALUES (2, 'Cy', 'cy')",
    "a holder replaced by name": "REPLACE INTO holders(holder_id, name, name_key) VALUES (3, 'BO', 'bo')",
    "a holder replaced by name, without a number": "REPLACE INTO holders(name, name_key) VALUES ('BO', 'bo')",
    "a holder over another": "UPDATE OR REPLACE holders SET holder_id = 1 WHERE holder_id = 2",
    "a holder deleted": "DELETE FROM holders WHERE holder_id = 2",
}

LOG = {
    "an entry changed": "UPDATE audit_log SET body = 'y' WHERE seq = 2",
    "an entry's leaf changed": f"UPDATE audit_log SET leaf = {LEAF} WHERE seq = 2",
    "an entry renumbered": "UPDATE OR REPLACE audit_log SET seq = 2 WHERE seq = 3",
    "an entry renumbered by its rowid": "UPDATE OR REPLACE audit_log SET rowid = 2 WHERE seq = 3",
    "an entry deleted": "DELETE FROM audit_log WHERE seq = (SELECT max(seq) FROM audit_log)",
    "all entries deleted": "DELETE FROM audit_log",
    "an entry replaced": _entry("2", how="INSERT OR REPLACE"),
    "an entry replaced by its upsert": _entry("2") + " ON CONFLICT(seq) DO UPDATE SET body = 'y'",
    "the last entry replaced": _entry("(SELECT max(seq) FROM audit_log)", how="REPLACE"),
    "an entry after a gap": _entry("(SELECT max(seq) + 2 FROM audit_log)"),
    "an entry before the first": _entry("0"),
    "an entry without a number": _entry("NULL"),
    "a row recorded twice": _entry(NEXT, f"2, 'A-1', {KNOWN_ROW}"),
    "a row recorded twice, or replace": _entry(NEXT, f"2, 'A-1', {KNOWN_ROW}", how="INSERT OR REPLACE"),
    "a row recorded twice in one go": (
        _entry(NEXT, f"2, 'A-1', {NEW_ROW}") + "; " + _entry(NEXT, f"2, 'A-1', {NEW_ROW}", how="REPLACE")
    ),
    "a row of no asset": _entry(NEXT, f"2, NULL, {NEW_ROW}"),
    "a row of no batch": _entry(NEXT, f"NULL, 'A-1', {NEW_ROW}"),
    "an identity too short": _entry(NEXT, "2, 'A-1', x'02'"),
    "an identity in letters": _entry(NEXT, f"2, 'A-1', '{'0' * 32}'"),
    "a leaf too short": _entry(leaf="x'ab'"),
    "a leaf in letters": _entry(leaf=f"'{'a' * 32}'"),
    "no leaf": _entry(leaf="NULL"),
    "no body": f"INSERT INTO audit_log(seq, leaf) VALUES ({NEXT}, {LEAF})",
    "a subtree's hash changed": f"UPDATE audit_subtrees SET hash = {LEAF}",
    "a subtree moved": "UPDATE OR REPLACE audit_subtrees SET number = 5",
    "a subtree replaced": f"REPLACE INTO audit_subtrees VALUES (1, 0, {LEAF})",
    "a subtree deleted": "DELETE FROM audit_subtrees",
    "a subtree of level 0": f"INSERT INTO audit_subtrees VALUES (0, 9, {LEAF})",
    "a subtree before the first": f"INSERT INTO audit_subtrees VALUES (1, -1, {LEAF})",
    "a subtree with half a hash": "INSERT INTO audit_subtrees VALUES (1, 9, x'ab')",
    "a checkpoint changed": "UPDATE checkpoints SET note = 'x'",
    "a checkpoint deleted": "DELETE FROM checkpoints WHERE size = 1",
    "a checkpoint replaced": "REPLACE INTO checkpoints VALUES (1, 'x')",
    "the last checkpoint replaced": "REPLACE INTO checkpoints SELECT max(seq), 'x' FROM audit_log",
    "a checkpoint of less than the log": "INSERT INTO checkpoints VALUES (2, 'x')",
    "a checkpoint of more than the log": f"INSERT INTO checkpoints VALUES ({NEXT}, 'x')",
    "a checkpoint of no size": "INSERT INTO checkpoints VALUES (NULL, 'x')",
    "a checkpoint that says nothing": f"{_entry()}; INSERT INTO checkpoints VALUES ({NEXT} - 1, NULL)",
}

BATCHES = {
    "a batch changed": "UPDATE batches SET last_seq = last_seq + 1 WHERE batch_id = 1",
    "a batch renumbered": "UPDATE OR REPLACE batches SET batch_id = 1 WHERE batch_id = 2",
    "a batch deleted": "DELETE FROM batches WHERE batch_id = 2",
    "a batch replaced": "REPLACE INTO batches VALUES (1, 2, 3)",
    "a batch replaced by where it stands": f"{_entry()}; REPLACE INTO batches VALUES (3, 4, 5)",
    "a batch after a gap": f"{_entry()}; INSERT INTO batches SELECT 4, max(seq) - 1, max(seq) FROM audit_log",
    "a batch within another": "INSERT INTO batches VALUES (3, 5, 6)",
    "a batch beyond the log": f"INSERT INTO batches VALUES (3, {NEXT}, {NEXT} + 1)",
    "a batch of no row": f"{_entry()}; INSERT INTO batches SELECT 3, max(seq), max(seq) FROM audit_log",
    "a batch without a beginning": f"INSERT INTO batches VALUES (3, NULL, {NEXT} - 1)",
    "a batch without an end": f"INSERT INTO batches VALUES (3, {NEXT}, NULL)",
}

STATION = {
    "a second station": f"INSERT INTO station VALUES (2, 'x', 'UTC', '{'0' * 64}')",
    "the station replaced": f"REPLACE INTO station VALUES (1, 'x', 'UTC', '{'0' * 64}')",
    "the station's key changed": f"UPDATE station SET public_key = '{'0' * 64}'",
    "the station deleted": "DELETE FROM station",
}

ILLEGAL = SLOTS | CASES | ASSETS | HOLDERS | LOG | BATCHES | STATION
ILLEGAL |= illegal_custody_writes.ILLEGAL | illegal_account_writes.ILLEGAL | illegal_signature_writes.ILLEGAL
"""By what they would do. Where there are two statements, the first is legal and the second is not."""

LEGAL = {
    "an empty slot filled": _put("'A-2'", "C", 2),
    "a slot emptied": _put("NULL", "C", 1),
    "an asset left where it is": _put("'A-1'", "C", 1),
    "an asset moved": _put("NULL", "C", 1) + "; " + _put("'A-1'", "D", 1),
    "an asset issued": "UPDATE assets SET status = 'IN_CUSTODY', holder_id = 2 WHERE asset_tag = 'A-2'",
    "an asset handed over": "UPDATE assets SET holder_id = 2 WHERE asset_tag = 'A-3'",
    "an asset returned": "UPDATE assets SET status = 'STORAGE', holder_id = NULL WHERE asset_tag = 'A-3'",
    "an asset retired": "UPDATE assets SET status = 'RETIRED' WHERE asset_tag = 'A-2'",
    "an asset described": "UPDATE assets SET model = 'Ω', serial_number = 'sn' WHERE asset_tag = 'A-1'",
    "a slotted asset described by an upsert": (
        _asset("'A-1'", kind="'tablet'")
        + " ON CONFLICT(asset_tag) DO UPDATE SET status = excluded.status, equipment_type = excluded.equipment_type"
    ),
    "a new asset": _asset("'0-9'"),
    "a new asset with the longest tag": _asset(f"'{'Z' * 30}'"),
    "a new asset in custody": _asset("'A-9'", "'IN_CUSTODY', 2"),
    "a new holder": "INSERT INTO holders(name, name_key) VALUES ('Cy', 'cy')",
    "a new case and its slots": (
        "INSERT INTO cases VALUES ('E_1 -', 2); INSERT INTO slots VALUES ('E_1 -', 1, NULL), ('E_1 -', 2, NULL)"
    ),
    "the largest case": "INSERT INTO cases VALUES ('E', 500); INSERT INTO slots VALUES ('E', 500, NULL)",
    "a new entry": _entry(),
    "a new row and its batch": (
        _entry(NEXT, "3, NULL, NULL") + "; " + _entry(NEXT, f"3, 'A-1', {NEW_ROW}") + "; "
        "INSERT INTO batches SELECT 3, max(seq) - 1, max(seq) FROM audit_log"
    ),
    "the same identity of another asset": _entry(NEXT, f"3, 'A-3', {KNOWN_ROW}"),
    "new subtrees": f"INSERT INTO audit_subtrees VALUES (1, 1, {LEAF}), (2, 0, {LEAF})",
    "a new checkpoint": f"{_entry()}; INSERT INTO checkpoints VALUES ({NEXT} - 1, 'x')",
}
LEGAL |= illegal_custody_writes.LEGAL | illegal_account_writes.LEGAL | illegal_signature_writes.LEGAL
"""What a person with nothing but the shell must be able to do, under the same rules."""
