"""What the keys of answers in JSON mean. A key that is missing here stops the making of the page."""

from types import MappingProxyType

ERROR = "error"
"""The name under which answers of failed commands are collected."""

NESTED = MappingProxyType(
    {
        "entries[]": "an entry, [as it is stored](log.md#kinds-of-entries)",
        "changes[].before": "[state](log.md#state-of-an-asset) before, null where the row creates the asset",
        "changes[].after": "[state](log.md#state-of-an-asset) after",
    }
)
"""Values that are told elsewhere: what is inside them is not listed."""

MEANINGS = MappingProxyType(
    {
        "after": "state after",
        "already_committed": "whether every row was committed before, so that nothing happened",
        "asset_tag": "the asset",
        "assets": "all assets, by tag",
        "batch_id": "number of the batch",
        "before": "state before",
        "body": "the entry, byte for byte",
        "building_room": "where it is used",
        "case_name": "name of the case",
        "cases": "the cases, by name",
        "changes": "what each row will do, in the order of the file",
        "checkpoint": "signed checkpoint that covers the batch",
        "audit prove: checkpoint": "signed checkpoint that the proof leads to",
        "checks": "what was looked at",
        "code": "[code](errors.md)",
        "committed": "number of rows that were committed",
        "confirm": "the confirm code, null where the batch can't be committed",
        "created": "whether a station was made, and not only found",
        "current_asset_tag": "who is in the slot, null where it is empty",
        "database": "path of the database file",
        "entries": "the entries, oldest first",
        "audit verify: entries": "how many entries the log has",
        "equipment_type": "what kind of thing it is",
        "error": "why the command failed",
        "event_type": "SCAN, ISSUE, RETURN, UPDATE or RETIRE",
        "field": "the column, null where no single cell is meant",
        "first_bad_seq": "number of the first bad entry; null where all is well, or where no entry is at fault",
        "first_seq": "the batch's first entry",
        "holder": "who has it, null where nobody",
        "holder_id": "number of the holder",
        "holders": "all holders, by number",
        "last_seq": "the batch's last entry",
        "late": "whether the row was earlier than its asset's latest entry and accepted as that",
        "leaf": "SHA-256 of a zero byte and the body, in base64",
        "manufacturer": "who made it",
        "message": "a sentence for people",
        "model": "its model",
        "model_code": "code of its model",
        "moved": "numbers of the rows that would do something else than was shown; on `plan_stale` only",
        "moved[]": "a row",
        "name": "the name",
        "doctor: checks[].name": "what was looked at",
        "near": "registered names that are almost the same",
        "near[]": "a name",
        "new_holders": "names that the batch registers",
        "new_holders[]": "a name",
        "note": "the whole signed note",
        "notices": "notices",
        "ok": "whether all is well",
        "origin": "name of the station",
        "problems": "problems",
        "proof": "hashes beside the way from the leaf to the root (RFC 6962), in base64",
        "proof[]": "a hash",
        "recorded_in": "batches that already hold rows of the file",
        "recorded_in[]": "a batch",
        "refusals": "refusals",
        "root": "Merkle root, in base64",
        "row_number": "the row, from 1; null where the whole file is meant",
        "changes[].row_number": "the row, from 1",
        "rows": "how many rows the file has",
        "saved": "whether anything was saved; null where that is not known",
        "seq": "number of the entry",
        "serial_number": "its serial number",
        "sha256": "SHA-256 of the file's bytes, in hex; null where it could not be read",
        "size": "how many entries the checkpoint covers",
        "slot_position": "position of the slot",
        "slots": "the slots, by position",
        "status": "STORAGE, IN_CUSTODY or RETIRED",
        "valid": "whether the whole file is clean, so that it can be committed",
    }
)
"""By `command: path`, else by path, else by the last key of the path."""
