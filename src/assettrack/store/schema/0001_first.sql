-- The first schema. Kept readable and writable with a plain sqlite3 3.40 shell under the same
-- constraints: no application functions, no newer syntax, no deferred keys. Triggers repeat what
-- foreign keys say, because a plain shell does not enforce keys unless it is told to.

CREATE TABLE schema_migrations(
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL
) STRICT;

CREATE TABLE station(
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    station TEXT NOT NULL,
    timezone TEXT NOT NULL,
    public_key TEXT NOT NULL CHECK (length(public_key) = 64)
) STRICT;

CREATE TABLE holders(
    holder_id INTEGER PRIMARY KEY CHECK (holder_id > 0),
    name TEXT NOT NULL CHECK (length(name) > 0),
    name_key TEXT NOT NULL UNIQUE CHECK (length(name_key) > 0)
) STRICT;

CREATE TABLE cases(
    case_name TEXT PRIMARY KEY CHECK (
        case_name GLOB '[A-Z0-9]*' AND case_name NOT GLOB '*[^A-Z0-9 _-]*' AND case_name NOT GLOB '* '
        AND length(CAST(case_name AS BLOB)) BETWEEN 1 AND 30 AND length(case_name) = length(CAST(case_name AS BLOB))
        AND case_name <> 'OUT'
    ),
    slots INTEGER NOT NULL CHECK (slots BETWEEN 1 AND 500)
) STRICT, WITHOUT ROWID;

CREATE TABLE assets(
    asset_tag TEXT PRIMARY KEY CHECK (
        asset_tag GLOB '[A-Z0-9]*' AND asset_tag NOT GLOB '*[^A-Z0-9-]*'
        AND length(CAST(asset_tag AS BLOB)) BETWEEN 1 AND 30 AND length(asset_tag) = length(CAST(asset_tag AS BLOB))
        AND asset_tag <> 'OUT'
    ),
    status TEXT NOT NULL CHECK (status IN ('STORAGE', 'IN_CUSTODY', 'RETIRED')),
    holder_id INTEGER REFERENCES holders(holder_id),
    equipment_type TEXT NOT NULL CHECK (length(equipment_type) > 0),
    building_room TEXT,
    serial_number TEXT,
    manufacturer TEXT,
    model TEXT,
    model_code TEXT,
    latest_at TEXT NOT NULL CHECK (length(latest_at) = 27),
    CHECK ((status = 'IN_CUSTODY') = (holder_id IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX assets_by_holder ON assets(holder_id) WHERE holder_id IS NOT NULL;
CREATE INDEX assets_by_serial_number ON assets(serial_number) WHERE serial_number IS NOT NULL;

CREATE TABLE slots(
    case_name TEXT NOT NULL REFERENCES cases(case_name),
    slot_position INTEGER NOT NULL CHECK (slot_position BETWEEN 1 AND 500),
    current_asset_tag TEXT REFERENCES assets(asset_tag),
    PRIMARY KEY (case_name, slot_position)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX slots_by_asset ON slots(current_asset_tag) WHERE current_asset_tag IS NOT NULL;

CREATE TABLE audit_log(
    seq INTEGER PRIMARY KEY CHECK (seq > 0),
    batch_id INTEGER,
    asset_tag TEXT,
    identity BLOB CHECK (length(identity) = 32),
    leaf BLOB NOT NULL CHECK (length(leaf) = 32),
    body TEXT NOT NULL,
    CHECK (identity IS NULL OR (asset_tag IS NOT NULL AND batch_id IS NOT NULL))
) STRICT;

-- The history of an asset, and at the same time the promise that no row is ever recorded twice.
CREATE UNIQUE INDEX audit_log_by_asset ON audit_log(asset_tag, identity) WHERE asset_tag IS NOT NULL;

CREATE TABLE audit_subtrees(
    level INTEGER NOT NULL CHECK (level > 0),
    number INTEGER NOT NULL CHECK (number >= 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints(
    size INTEGER PRIMARY KEY CHECK (size > 0),
    note TEXT NOT NULL
) STRICT;

CREATE TABLE batches(
    batch_id INTEGER PRIMARY KEY CHECK (batch_id > 0),
    first_seq INTEGER NOT NULL UNIQUE REFERENCES audit_log(seq),
    last_seq INTEGER NOT NULL CHECK (last_seq > first_seq)
) STRICT;

-- The log is append-only. INSERT OR REPLACE fires no delete trigger in a plain shell: it removes
-- whatever row stands in the way of any unique key. So an entry is let in only under the next
-- number, and only when its row was never recorded. The same goes for every table below.

CREATE TRIGGER audit_log_appends BEFORE INSERT ON audit_log
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit_log)
    OR EXISTS (SELECT 1 FROM audit_log WHERE asset_tag = NEW.asset_tag AND identity = NEW.identity)
BEGIN SELECT RAISE(ABORT, 'the audit log takes entries only at its end, and each row once'); END;

CREATE TRIGGER audit_log_keeps BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER audit_log_stays BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER audit_subtrees_append BEFORE INSERT ON audit_subtrees
WHEN EXISTS (SELECT 1 FROM audit_subtrees WHERE level = NEW.level AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'the hashes of the audit log are append-only'); END;

CREATE TRIGGER audit_subtrees_keep BEFORE UPDATE ON audit_subtrees
BEGIN SELECT RAISE(ABORT, 'the hashes of the audit log are append-only'); END;

CREATE TRIGGER audit_subtrees_stay BEFORE DELETE ON audit_subtrees
BEGIN SELECT RAISE(ABORT, 'the hashes of the audit log are append-only'); END;

CREATE TRIGGER checkpoints_append BEFORE INSERT ON checkpoints
WHEN NEW.size IS NOT (SELECT max(seq) FROM audit_log) OR EXISTS (SELECT 1 FROM checkpoints WHERE size = NEW.size)
BEGIN SELECT RAISE(ABORT, 'a checkpoint is of the whole log, and stays'); END;

CREATE TRIGGER checkpoints_keep BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;

CREATE TRIGGER checkpoints_stay BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;

CREATE TRIGGER batches_append BEFORE INSERT ON batches
WHEN NEW.batch_id IS NOT (SELECT coalesce(max(batch_id), 0) + 1 FROM batches)
    OR NEW.first_seq <= (SELECT coalesce(max(last_seq), 0) FROM batches)
    OR NEW.last_seq > (SELECT coalesce(max(seq), 0) FROM audit_log)
BEGIN SELECT RAISE(ABORT, 'batches follow one another, in numbers and in the log'); END;

CREATE TRIGGER batches_keep BEFORE UPDATE ON batches
BEGIN SELECT RAISE(ABORT, 'batches are append-only'); END;

CREATE TRIGGER batches_stay BEFORE DELETE ON batches
BEGIN SELECT RAISE(ABORT, 'batches are append-only'); END;

CREATE TRIGGER station_once BEFORE INSERT ON station
WHEN EXISTS (SELECT 1 FROM station)
BEGIN SELECT RAISE(ABORT, 'a database belongs to one station'); END;

CREATE TRIGGER station_keeps BEFORE UPDATE ON station
BEGIN SELECT RAISE(ABORT, 'a station keeps its name, zone and key'); END;

CREATE TRIGGER station_stays BEFORE DELETE ON station
BEGIN SELECT RAISE(ABORT, 'a database belongs to one station'); END;

-- Cases, slots and holders are registered once and never vanish.

CREATE TRIGGER cases_once BEFORE INSERT ON cases
WHEN EXISTS (SELECT 1 FROM cases WHERE case_name = NEW.case_name)
BEGIN SELECT RAISE(ABORT, 'the case exists'); END;

CREATE TRIGGER cases_keep BEFORE UPDATE ON cases
BEGIN SELECT RAISE(ABORT, 'a case keeps its name and size'); END;

CREATE TRIGGER cases_stay BEFORE DELETE ON cases
BEGIN SELECT RAISE(ABORT, 'cases are never deleted'); END;

CREATE TRIGGER holders_once BEFORE INSERT ON holders
WHEN EXISTS (SELECT 1 FROM holders WHERE holder_id = NEW.holder_id OR name_key = NEW.name_key)
BEGIN SELECT RAISE(ABORT, 'the holder exists'); END;

CREATE TRIGGER holders_keep BEFORE UPDATE ON holders
BEGIN SELECT RAISE(ABORT, 'a holder keeps number and name'); END;

CREATE TRIGGER holders_stay BEFORE DELETE ON holders
BEGIN SELECT RAISE(ABORT, 'holders are never deleted'); END;

CREATE TRIGGER slots_fit BEFORE INSERT ON slots
WHEN NEW.current_asset_tag IS NOT NULL
    OR NOT EXISTS (SELECT 1 FROM cases WHERE case_name = NEW.case_name AND slots >= NEW.slot_position)
    OR EXISTS (SELECT 1 FROM slots WHERE case_name = NEW.case_name AND slot_position = NEW.slot_position)
BEGIN SELECT RAISE(ABORT, 'a slot is new, empty and within its case'); END;

CREATE TRIGGER slots_keep BEFORE UPDATE OF case_name, slot_position ON slots
BEGIN SELECT RAISE(ABORT, 'a slot keeps its place'); END;

CREATE TRIGGER slots_stay BEFORE DELETE ON slots
BEGIN SELECT RAISE(ABORT, 'slots are never deleted'); END;

-- One asset a slot, one slot an asset, and only an asset in storage.

CREATE TRIGGER slots_hold BEFORE UPDATE OF current_asset_tag ON slots
WHEN NEW.current_asset_tag IS NOT NULL AND (
    OLD.current_asset_tag <> NEW.current_asset_tag
    OR NOT EXISTS (SELECT 1 FROM assets WHERE asset_tag = NEW.current_asset_tag AND status = 'STORAGE')
    OR EXISTS (
        SELECT 1 FROM slots WHERE current_asset_tag = NEW.current_asset_tag
            AND (case_name <> NEW.case_name OR slot_position <> NEW.slot_position)
    )
)
BEGIN SELECT RAISE(ABORT, 'an empty slot takes an asset that is in storage and in no other slot'); END;

CREATE TRIGGER assets_leave_slot BEFORE UPDATE OF status ON assets
WHEN NEW.status <> 'STORAGE' AND EXISTS (SELECT 1 FROM slots WHERE current_asset_tag = NEW.asset_tag)
BEGIN SELECT RAISE(ABORT, 'an asset in a slot is in storage'); END;

CREATE TRIGGER assets_replace_nothing BEFORE INSERT ON assets
WHEN NEW.status <> 'STORAGE' AND EXISTS (SELECT 1 FROM slots WHERE current_asset_tag = NEW.asset_tag)
BEGIN SELECT RAISE(ABORT, 'an asset in a slot is in storage'); END;

CREATE TRIGGER assets_held_by_known BEFORE UPDATE OF holder_id ON assets
WHEN NEW.holder_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM holders WHERE holder_id = NEW.holder_id)
BEGIN SELECT RAISE(ABORT, 'a holder is registered'); END;

CREATE TRIGGER assets_new_held_by_known BEFORE INSERT ON assets
WHEN NEW.holder_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM holders WHERE holder_id = NEW.holder_id)
BEGIN SELECT RAISE(ABORT, 'a holder is registered'); END;

CREATE TRIGGER assets_keep_tag BEFORE UPDATE OF asset_tag ON assets
BEGIN SELECT RAISE(ABORT, 'an asset keeps its tag'); END;

CREATE TRIGGER assets_stay BEFORE DELETE ON assets
BEGIN SELECT RAISE(ABORT, 'assets are never deleted'); END;
