"""The floor: the sqlite3 shell doing nothing but importing the same file and inserting the same rows.

Two indexes and one upsert, in one transaction, with the same journal settings as the product;
no checks, no log that could be verified, no preview. Nothing that keeps rows in SQLite can be faster.
"""

import shutil
from pathlib import Path

from assettrack.domain.scans import COLUMNS
from bench.measuring import Cost, run


def available() -> bool:
    """Tell whether this machine has the sqlite3 shell."""
    return shutil.which("sqlite3") is not None


def floor(batch: Path, database: Path) -> Cost:
    """Import the batch file with the sqlite3 shell into a new database and return what that cost."""
    columns = ", ".join(f"{name} TEXT" for name in COLUMNS)
    script = _SCRIPT.replace("BATCH", str(batch)).replace("COLUMNS", columns)
    lines = "\n".join(line.strip() for line in script.splitlines())
    return run(["sqlite3", str(database)], given=lines)


_SCRIPT = """
        PRAGMA journal_mode=WAL;
        PRAGMA synchronous=FULL;
        CREATE TABLE log(seq INTEGER PRIMARY KEY, COLUMNS);
        CREATE INDEX log_by_asset ON log(asset_tag);
        CREATE INDEX log_by_time ON log(timestamp);
        CREATE TABLE assets(asset_tag TEXT PRIMARY KEY, event_type TEXT, case_number TEXT, slot_number TEXT);
.mode csv
.import "BATCH" staging
        BEGIN;
        INSERT INTO log SELECT NULL, * FROM staging;
        INSERT INTO assets SELECT asset_tag, event_type, case_number, slot_number FROM staging WHERE true
            ON CONFLICT(asset_tag) DO UPDATE SET event_type = excluded.event_type,
                case_number = excluded.case_number, slot_number = excluded.slot_number;
        COMMIT;
"""
