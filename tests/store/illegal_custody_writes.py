"""Writes about custody, people, rooms and counts that the schema must refuse, and those that it must allow.

They are meant for the database that `test_schema` prepares, and joined with the others in `illegal_writes`. Beside what
is told there, it has: organisation Acme (2), buildings b1 and b2, room r1 in b1, Acme in b1 and everybody else in b2, a
setting, contact data of Ada with its hash, what batch 1 handed to Ada (open) and batch 2 to Bo (accepted), receipt 1 of
entry 3 with its text, a correction of entry 4 by entry 6, count 1 (closed; expected A-2, scans in entry 8) and count 2
(open; expects A-1, scans in entry 7). It must never hold a write that some other program could need.
"""

HASH = f"x'{'cd' * 32}'"
NEW_HOLDER = "INSERT INTO holders(name, name_key, organisation_id) VALUES"
TEXT_HASH = f"'{'ab' * 32}'"
SALT = f"x'{'ef' * 16}'"

CUSTODY = {
    "a date when it is due, of an asset in storage": "UPDATE assets SET due_on = '2026-05-01' WHERE asset_tag = 'A-2'",
    "half a date": "UPDATE assets SET due_on = '2026-05' WHERE asset_tag = 'A-3'",
    "an entry that gave an asset in storage": "UPDATE assets SET custody_seq = 4 WHERE asset_tag = 'A-2'",
    "a home of an asset in storage": ("UPDATE assets SET home_case = 'C', home_position = 1 WHERE asset_tag = 'A-2'"),
    "a home without a position": "UPDATE assets SET home_case = 'C' WHERE asset_tag = 'A-3'",
    "a home without a case": "UPDATE assets SET home_position = 1 WHERE asset_tag = 'A-3'",
    "custody ended, its date kept": (
        "UPDATE assets SET due_on = '2026-05-01' WHERE asset_tag = 'A-3'; "
        "UPDATE assets SET status = 'STORAGE', holder_id = NULL WHERE asset_tag = 'A-3'"
    ),
    "what a batch handed over once more": "INSERT OR REPLACE INTO handovers(batch_id, holder_id) VALUES (2, 2)",
    "handed over to an unknown holder": "INSERT INTO handovers(batch_id, holder_id) VALUES (2, 9)",
    "an acceptance taken back": "UPDATE handovers SET accepted_seq = NULL WHERE batch_id = 2",
    "an acceptance superseded by an earlier entry": "UPDATE handovers SET accepted_seq = 1 WHERE batch_id = 2",
    "an acceptance that is half asked for": "UPDATE handovers SET asked = 2 WHERE batch_id = 1",
    "an acceptance of another batch": "UPDATE handovers SET batch_id = 3 WHERE batch_id = 1",
    "an acceptance by another holder": "UPDATE handovers SET holder_id = 2 WHERE batch_id = 1",
    "what was handed over deleted": "DELETE FROM handovers WHERE batch_id = 1",
    "a receipt after a gap": f"INSERT INTO receipts VALUES (3, 9, 1, NULL, {TEXT_HASH})",
    "a receipt replaced": f"REPLACE INTO receipts VALUES (1, 9, 1, NULL, {TEXT_HASH})",
    "a receipt replaced by its entry": f"REPLACE INTO receipts VALUES (2, 3, 1, NULL, {TEXT_HASH})",
    "a receipt for an unknown holder": f"INSERT INTO receipts VALUES (2, 9, 9, NULL, {TEXT_HASH})",
    "a receipt with half a hash": "INSERT INTO receipts VALUES (2, 9, 1, NULL, 'ab')",
    "a receipt changed": "UPDATE receipts SET batch_id = 2",
    "a receipt deleted": "DELETE FROM receipts",
    "a receipt's text replaced": "REPLACE INTO receipt_texts VALUES (1, 'x')",
    "a receipt's text changed": "UPDATE receipt_texts SET text = 'x'",
    "a receipt's text deleted": "DELETE FROM receipt_texts",
    "an entry superseded twice": "REPLACE INTO corrections VALUES (4, 9, 'A-1')",
    "two entries superseded by one": "REPLACE INTO corrections VALUES (5, 6, 'A-1')",
    "an entry superseded by one before it": "INSERT INTO corrections VALUES (9, 5, 'A-1')",
    "an entry superseded by itself": "INSERT INTO corrections VALUES (9, 9, 'A-1')",
    "an entry numbered 0 superseded": "INSERT INTO corrections VALUES (0, 9, 'A-1')",
    "an entry about an unknown asset superseded": "INSERT INTO corrections VALUES (5, 9, 'A-404')",
    "a correction changed": "UPDATE corrections SET seq = 9",
    "a correction deleted": "DELETE FROM corrections",
}

PEOPLE = {
    "a new holder of an unknown organisation": f"{NEW_HOLDER} ('Cy', 'cy', 9)",
    "a holder to an unknown organisation": "UPDATE holders SET organisation_id = 9 WHERE holder_id = 2",
    "a holder called a blank": "UPDATE holders SET identifier = '' WHERE holder_id = 2",
    "a holder half active": "UPDATE holders SET active = 2 WHERE holder_id = 2",
    "a holder renumbered": "UPDATE holders SET holder_id = 9 WHERE holder_id = 2",
    "a holder named as another": "UPDATE OR REPLACE holders SET name = 'Ada', name_key = 'ada' WHERE holder_id = 2",
    "an organisation numbered 0": "INSERT INTO organisations VALUES (0, 'Base', 'base')",
    "an organisation without a name": "INSERT INTO organisations VALUES (3, '', 'base')",
    "an organisation found by a blank": "INSERT INTO organisations VALUES (3, 'Base', '')",
    "an organisation's number once more": "REPLACE INTO organisations VALUES (2, 'Base', 'base')",
    "an organisation once more": "REPLACE INTO organisations VALUES (3, 'ACME', 'acme')",
    "an organisation renamed": "UPDATE organisations SET name = 'Base' WHERE organisation_id = 2",
    "an organisation deleted": "DELETE FROM organisations WHERE organisation_id = 2",
    "contact data of an unknown holder": f"INSERT INTO contacts VALUES (9, {SALT}, 'x')",
    "contact data that says nothing": f"INSERT INTO contacts VALUES (2, {SALT}, '')",
    "contact data with half a salt": "INSERT INTO contacts VALUES (2, x'ef', 'x')",
    "contact data of another holder": "UPDATE contacts SET holder_id = 2",
    "a hash of an unknown holder": f"INSERT INTO contact_hashes VALUES (9, {HASH})",
    "half a hash": "INSERT INTO contact_hashes VALUES (2, x'cd')",
    "a hash of another holder": "UPDATE contact_hashes SET holder_id = 2",
    "a hash deleted": "DELETE FROM contact_hashes",
}

ROOMS = {
    "a building without a name": "INSERT INTO buildings VALUES ('b9', '')",
    "a building found by a blank": "INSERT INTO buildings VALUES ('', 'B9')",
    "a building once more": "REPLACE INTO buildings VALUES ('b1', 'B9')",
    "a building renamed": "UPDATE buildings SET name = 'B9' WHERE building_key = 'b2'",
    "a building deleted": "DELETE FROM buildings WHERE building_key = 'b2'",
    "a room without a name": "INSERT INTO rooms VALUES ('r9', '', 'b1')",
    "a room found by a blank": "INSERT INTO rooms VALUES ('', 'R9', 'b1')",
    "a room once more": "REPLACE INTO rooms VALUES ('r1', 'R1', 'b2')",
    "a room in an unknown building": "INSERT INTO rooms VALUES ('r9', 'R9', 'b9')",
    "a room moved": "UPDATE rooms SET building_key = 'b2'",
    "a room deleted": "DELETE FROM rooms",
    "a building half allowed": "UPDATE building_uses SET allowed = 2",
    "a building for an unknown organisation": "INSERT INTO building_uses VALUES (9, 'b1', 1)",
    "an unknown building for an organisation": "INSERT INTO building_uses VALUES (2, 'b9', 1)",
    "a building for another organisation": "UPDATE building_uses SET organisation_id = 1 WHERE building_key = 'b1'",
    "a use of a building deleted": "DELETE FROM building_uses",
}

COUNTS = {
    "a count after a gap": "INSERT INTO counts VALUES (4, 9, NULL)",
    "a count replaced": "REPLACE INTO counts VALUES (2, 9, NULL)",
    "a count replaced by its entry": "REPLACE INTO counts VALUES (3, 5, NULL)",
    "a count that begins closed": "INSERT INTO counts VALUES (3, 9, 10)",
    "a count closed before it began": "UPDATE counts SET closed_seq = 4 WHERE count_id = 2",
    "a count closed as it began": "UPDATE counts SET closed_seq = 5 WHERE count_id = 2",
    "a count closed by the entry that closed another": "UPDATE OR REPLACE counts SET closed_seq = 6 WHERE count_id = 2",
    "a count opened again": "UPDATE counts SET closed_seq = NULL WHERE count_id = 1",
    "a count renumbered": "UPDATE counts SET count_id = 9 WHERE count_id = 2",
    "a count begun elsewhere": "UPDATE counts SET started_seq = 6 WHERE count_id = 2",
    "a count deleted": "DELETE FROM counts WHERE count_id = 2",
    "what is expected replaced": "REPLACE INTO count_expected VALUES (2, 'A-1', 'C', 2, NULL)",
    "what an unknown count expects": "INSERT INTO count_expected VALUES (9, 'A-1', NULL, NULL, NULL)",
    "an unknown asset expected": "INSERT INTO count_expected VALUES (2, 'A-404', NULL, NULL, NULL)",
    "what is expected changed": "UPDATE count_expected SET slot_position = 2 WHERE count_id = 2",
    "what is expected deleted": "DELETE FROM count_expected WHERE count_id = 2",
    "the same scans once more": "REPLACE INTO count_scans VALUES (2, 7)",
    "scans of a closed count": "INSERT INTO count_scans VALUES (1, 9)",
    "scans of an unknown count": "INSERT INTO count_scans VALUES (9, 9)",
    "scans of another count": "UPDATE count_scans SET count_id = 1 WHERE count_id = 2",
    "scans deleted": "DELETE FROM count_scans WHERE count_id = 2",
    "a setting renamed": "UPDATE settings SET name = 'rules'",
    "a setting deleted": "DELETE FROM settings",
}

ILLEGAL = CUSTODY | PEOPLE | ROOMS | COUNTS

LEGAL = {
    "an asset due back": "UPDATE assets SET due_on = '2026-05-01' WHERE asset_tag = 'A-3'",
    "an asset given by an entry, from its home": (
        "UPDATE assets SET custody_seq = 4, home_case = 'C', home_position = 2 WHERE asset_tag = 'A-3'"
    ),
    "a batch that hands over to a holder of another": "INSERT INTO handovers(batch_id, holder_id) VALUES (1, 2)",
    "an acceptance given": "UPDATE handovers SET accepted_seq = 9 WHERE batch_id = 1",
    "an acceptance superseded": "UPDATE handovers SET accepted_seq = 9 WHERE batch_id = 2",
    "a new receipt": (
        f"INSERT INTO receipts VALUES (2, 9, 2, NULL, {TEXT_HASH}); INSERT INTO receipt_texts VALUES (2, 'x')"
    ),
    "another entry superseded": "INSERT INTO corrections VALUES (5, 9, 'A-2')",
    "a holder renamed": "UPDATE holders SET name = 'Cy', name_key = 'cy' WHERE holder_id = 2",
    "a holder made inactive": "UPDATE holders SET active = 0, identifier = 'S-7', organisation_id = 2",
    "a new holder of an organisation": f"{NEW_HOLDER} ('Cy', 'cy', 2)",
    "a new organisation": "INSERT INTO organisations(name, name_key) VALUES ('Base', 'base')",
    "new contact data": f"INSERT INTO contact_hashes VALUES (2, {HASH}); INSERT INTO contacts VALUES (2, {SALT}, 'x')",
    "contact data erased": "DELETE FROM contacts; UPDATE contact_hashes SET contact_sha256 = NULL",
    "contact data changed": f"UPDATE contacts SET salt = {SALT}, contact = 'y'",
    "a new building and its room": (
        "INSERT INTO buildings VALUES ('b9', 'B9'); INSERT INTO rooms VALUES ('r9', 'R9', 'b9')"
    ),
    "a building no longer allowed": "UPDATE building_uses SET allowed = 0",
    "a building allowed": "INSERT INTO building_uses VALUES (2, 'b2', 1)",
    "a setting set otherwise": "UPDATE settings SET value = 'off'",
    "a new setting": "INSERT INTO settings VALUES ('rules', 'x')",
    "a new count and what it expects": (
        "INSERT INTO counts VALUES (3, 9, NULL); INSERT INTO count_expected VALUES (3, 'A-1', 'C', 1, NULL)"
    ),
    "one more asset expected": "INSERT INTO count_expected VALUES (2, 'A-2', NULL, NULL, NULL)",
    "more scans of an open count": "INSERT INTO count_scans VALUES (2, 8)",
    "a count closed": "UPDATE counts SET closed_seq = 9 WHERE count_id = 2",
}
