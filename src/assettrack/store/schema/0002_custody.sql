-- Custody: who accepted it, which receipts and corrections there are, people and rooms, counts.
-- New columns are checked where they can be; what they refer to is watched by triggers (see the first step).

ALTER TABLE holders ADD COLUMN organisation_id INTEGER NOT NULL DEFAULT 1 CHECK (organisation_id > 0);
ALTER TABLE holders ADD COLUMN identifier TEXT CHECK (length(identifier) > 0);
ALTER TABLE holders ADD COLUMN active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1));

ALTER TABLE assets ADD COLUMN due_on TEXT CHECK (due_on IS NULL OR (status = 'IN_CUSTODY' AND length(due_on) = 10));
ALTER TABLE assets ADD COLUMN custody_seq INTEGER CHECK (custody_seq IS NULL OR status = 'IN_CUSTODY');
ALTER TABLE assets ADD COLUMN home_case TEXT CHECK (home_case IS NULL OR status = 'IN_CUSTODY');
ALTER TABLE assets ADD COLUMN home_position INTEGER CHECK ((home_position IS NULL) = (home_case IS NULL));

CREATE INDEX assets_by_due_date ON assets(due_on) WHERE due_on IS NOT NULL;

CREATE TABLE settings(
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE organisations(
    organisation_id INTEGER PRIMARY KEY CHECK (organisation_id > 0),
    name TEXT NOT NULL CHECK (length(name) > 0),
    name_key TEXT NOT NULL UNIQUE CHECK (length(name_key) > 0)
) STRICT;

CREATE TABLE buildings(
    building_key TEXT PRIMARY KEY CHECK (length(building_key) > 0),
    name TEXT NOT NULL CHECK (length(name) > 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE rooms(
    room_key TEXT PRIMARY KEY CHECK (length(room_key) > 0),
    name TEXT NOT NULL CHECK (length(name) > 0),
    building_key TEXT NOT NULL REFERENCES buildings(building_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE building_uses(
    organisation_id INTEGER NOT NULL REFERENCES organisations(organisation_id),
    building_key TEXT NOT NULL REFERENCES buildings(building_key),
    allowed INTEGER NOT NULL CHECK (allowed IN (0, 1)),
    PRIMARY KEY (organisation_id, building_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE contact_hashes(
    holder_id INTEGER PRIMARY KEY REFERENCES holders(holder_id),
    contact_sha256 BLOB CHECK (length(contact_sha256) = 32)
) STRICT;

-- Beside the log, which knows it by its hash only: contact data can be erased for good.
CREATE TABLE contacts(
    holder_id INTEGER PRIMARY KEY REFERENCES holders(holder_id),
    salt BLOB NOT NULL CHECK (length(salt) = 16),
    contact TEXT NOT NULL CHECK (length(contact) > 0)
) STRICT;

CREATE TABLE handovers(
    batch_id INTEGER NOT NULL,
    holder_id INTEGER NOT NULL REFERENCES holders(holder_id),
    accepted_seq INTEGER,
    asked INTEGER NOT NULL DEFAULT 1 CHECK (asked IN (0, 1)),
    PRIMARY KEY (batch_id, holder_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX handovers_by_holder ON handovers(holder_id);
CREATE INDEX handovers_open ON handovers(batch_id) WHERE accepted_seq IS NULL AND asked = 1;

CREATE TABLE receipts(
    receipt_id INTEGER PRIMARY KEY CHECK (receipt_id > 0),
    seq INTEGER NOT NULL UNIQUE,
    holder_id INTEGER NOT NULL REFERENCES holders(holder_id),
    batch_id INTEGER,
    text_sha256 TEXT NOT NULL CHECK (length(text_sha256) = 64)
) STRICT;

CREATE INDEX receipts_by_holder ON receipts(holder_id);

-- Beside the log, which knows it by its hash: the text that a receipt's paper shows.
CREATE TABLE receipt_texts(
    receipt_id INTEGER PRIMARY KEY,
    text TEXT NOT NULL
) STRICT;

CREATE TABLE corrections(
    corrected_seq INTEGER PRIMARY KEY CHECK (corrected_seq > 0),
    seq INTEGER NOT NULL UNIQUE CHECK (seq > corrected_seq),
    asset_tag TEXT NOT NULL REFERENCES assets(asset_tag)
) STRICT;

CREATE TABLE counts(
    count_id INTEGER PRIMARY KEY CHECK (count_id > 0),
    started_seq INTEGER NOT NULL UNIQUE,
    closed_seq INTEGER UNIQUE CHECK (closed_seq > started_seq)
) STRICT;

CREATE TABLE count_expected(
    count_id INTEGER NOT NULL REFERENCES counts(count_id),
    asset_tag TEXT NOT NULL REFERENCES assets(asset_tag),
    case_name TEXT,
    slot_position INTEGER,
    holder_id INTEGER,
    PRIMARY KEY (count_id, asset_tag)
) STRICT, WITHOUT ROWID;

CREATE TABLE count_scans(
    count_id INTEGER NOT NULL REFERENCES counts(count_id),
    seq INTEGER NOT NULL,
    PRIMARY KEY (count_id, seq)
) STRICT, WITHOUT ROWID;

-- A holder's number stays for good; what else is known of a holder may change, each time with an entry.

DROP TRIGGER holders_keep;

CREATE TRIGGER holders_keep BEFORE UPDATE ON holders
WHEN NEW.holder_id <> OLD.holder_id
    OR EXISTS (SELECT 1 FROM holders WHERE name_key = NEW.name_key AND holder_id <> OLD.holder_id)
BEGIN SELECT RAISE(ABORT, 'a holder keeps the number, and a name is of one holder'); END;

CREATE TRIGGER holders_of_known BEFORE UPDATE OF organisation_id ON holders
WHEN NOT EXISTS (SELECT 1 FROM organisations WHERE organisation_id = NEW.organisation_id)
BEGIN SELECT RAISE(ABORT, 'an organisation is registered'); END;

CREATE TRIGGER holders_new_of_known BEFORE INSERT ON holders
WHEN NOT EXISTS (SELECT 1 FROM organisations WHERE organisation_id = NEW.organisation_id)
BEGIN SELECT RAISE(ABORT, 'an organisation is registered'); END;

-- What is registered never vanishes, and what happened stays; INSERT OR REPLACE is stopped as everywhere.

CREATE TRIGGER organisations_once BEFORE INSERT ON organisations
WHEN EXISTS (SELECT 1 FROM organisations WHERE organisation_id = NEW.organisation_id OR name_key = NEW.name_key)
BEGIN SELECT RAISE(ABORT, 'the organisation exists'); END;

CREATE TRIGGER organisations_keep BEFORE UPDATE ON organisations
BEGIN SELECT RAISE(ABORT, 'an organisation keeps number and name'); END;

CREATE TRIGGER organisations_stay BEFORE DELETE ON organisations
BEGIN SELECT RAISE(ABORT, 'organisations are never deleted'); END;

CREATE TRIGGER buildings_once BEFORE INSERT ON buildings
WHEN EXISTS (SELECT 1 FROM buildings WHERE building_key = NEW.building_key)
BEGIN SELECT RAISE(ABORT, 'the building exists'); END;

CREATE TRIGGER buildings_keep BEFORE UPDATE ON buildings
BEGIN SELECT RAISE(ABORT, 'a building keeps its name'); END;

CREATE TRIGGER buildings_stay BEFORE DELETE ON buildings
BEGIN SELECT RAISE(ABORT, 'buildings are never deleted'); END;

CREATE TRIGGER rooms_once BEFORE INSERT ON rooms
WHEN EXISTS (SELECT 1 FROM rooms WHERE room_key = NEW.room_key)
    OR NOT EXISTS (SELECT 1 FROM buildings WHERE building_key = NEW.building_key)
BEGIN SELECT RAISE(ABORT, 'a room is new and in a building that is registered'); END;

CREATE TRIGGER rooms_keep BEFORE UPDATE ON rooms
BEGIN SELECT RAISE(ABORT, 'a room keeps name and building'); END;

CREATE TRIGGER rooms_stay BEFORE DELETE ON rooms
BEGIN SELECT RAISE(ABORT, 'rooms are never deleted'); END;

CREATE TRIGGER building_uses_of_known BEFORE INSERT ON building_uses
WHEN NOT EXISTS (SELECT 1 FROM organisations WHERE organisation_id = NEW.organisation_id)
    OR NOT EXISTS (SELECT 1 FROM buildings WHERE building_key = NEW.building_key)
BEGIN SELECT RAISE(ABORT, 'organisation and building are registered'); END;

CREATE TRIGGER building_uses_keep BEFORE UPDATE OF organisation_id, building_key ON building_uses
BEGIN SELECT RAISE(ABORT, 'a use keeps its organisation and building'); END;

CREATE TRIGGER building_uses_stay BEFORE DELETE ON building_uses
BEGIN SELECT RAISE(ABORT, 'a use is no longer allowed, but never deleted'); END;

CREATE TRIGGER settings_keep BEFORE UPDATE OF name ON settings
BEGIN SELECT RAISE(ABORT, 'a setting keeps its name'); END;

CREATE TRIGGER settings_stay BEFORE DELETE ON settings
BEGIN SELECT RAISE(ABORT, 'a setting is set otherwise, but never deleted'); END;

CREATE TRIGGER contact_hashes_of_known BEFORE INSERT ON contact_hashes
WHEN NOT EXISTS (SELECT 1 FROM holders WHERE holder_id = NEW.holder_id)
BEGIN SELECT RAISE(ABORT, 'a holder is registered'); END;

CREATE TRIGGER contact_hashes_keep BEFORE UPDATE OF holder_id ON contact_hashes
BEGIN SELECT RAISE(ABORT, 'contact data is of one holder'); END;

CREATE TRIGGER contact_hashes_stay BEFORE DELETE ON contact_hashes
BEGIN SELECT RAISE(ABORT, 'that there was contact data stays'); END;

CREATE TRIGGER contacts_of_known BEFORE INSERT ON contacts
WHEN NOT EXISTS (SELECT 1 FROM holders WHERE holder_id = NEW.holder_id)
BEGIN SELECT RAISE(ABORT, 'a holder is registered'); END;

CREATE TRIGGER contacts_keep BEFORE UPDATE OF holder_id ON contacts
BEGIN SELECT RAISE(ABORT, 'contact data is of one holder'); END;

CREATE TRIGGER handovers_once BEFORE INSERT ON handovers
WHEN NOT EXISTS (SELECT 1 FROM holders WHERE holder_id = NEW.holder_id)
    OR EXISTS (SELECT 1 FROM handovers WHERE batch_id = NEW.batch_id AND holder_id = NEW.holder_id)
BEGIN SELECT RAISE(ABORT, 'a batch hands over to a holder once, to one that is registered'); END;

CREATE TRIGGER handovers_keep BEFORE UPDATE ON handovers
WHEN NEW.batch_id <> OLD.batch_id OR NEW.holder_id <> OLD.holder_id
    OR coalesce(NEW.accepted_seq, 0) <= OLD.accepted_seq
BEGIN SELECT RAISE(ABORT, 'an acceptance is given once, and superseded only by a later entry'); END;

CREATE TRIGGER handovers_stay BEFORE DELETE ON handovers
BEGIN SELECT RAISE(ABORT, 'handovers are never deleted'); END;

CREATE TRIGGER receipts_once BEFORE INSERT ON receipts
WHEN NEW.receipt_id IS NOT (SELECT coalesce(max(receipt_id), 0) + 1 FROM receipts)
    OR EXISTS (SELECT 1 FROM receipts WHERE seq = NEW.seq)
    OR NOT EXISTS (SELECT 1 FROM holders WHERE holder_id = NEW.holder_id)
BEGIN SELECT RAISE(ABORT, 'receipts follow one another, each for a holder that is registered'); END;

CREATE TRIGGER receipts_keep BEFORE UPDATE ON receipts
BEGIN SELECT RAISE(ABORT, 'a receipt is never changed'); END;

CREATE TRIGGER receipts_stay BEFORE DELETE ON receipts
BEGIN SELECT RAISE(ABORT, 'receipts are never deleted'); END;

CREATE TRIGGER receipt_texts_once BEFORE INSERT ON receipt_texts
WHEN EXISTS (SELECT 1 FROM receipt_texts WHERE receipt_id = NEW.receipt_id)
BEGIN SELECT RAISE(ABORT, 'a receipt has one text'); END;

CREATE TRIGGER receipt_texts_keep BEFORE UPDATE ON receipt_texts
BEGIN SELECT RAISE(ABORT, 'the text of a receipt is never changed'); END;

CREATE TRIGGER receipt_texts_stay BEFORE DELETE ON receipt_texts
BEGIN SELECT RAISE(ABORT, 'the text of a receipt is never deleted'); END;

CREATE TRIGGER corrections_once BEFORE INSERT ON corrections
WHEN EXISTS (SELECT 1 FROM corrections WHERE corrected_seq = NEW.corrected_seq OR seq = NEW.seq)
    OR NOT EXISTS (SELECT 1 FROM assets WHERE asset_tag = NEW.asset_tag)
BEGIN SELECT RAISE(ABORT, 'an entry about an asset is superseded once'); END;

CREATE TRIGGER corrections_keep BEFORE UPDATE ON corrections
BEGIN SELECT RAISE(ABORT, 'a correction is never changed'); END;

CREATE TRIGGER corrections_stay BEFORE DELETE ON corrections
BEGIN SELECT RAISE(ABORT, 'corrections are never deleted'); END;

CREATE TRIGGER counts_once BEFORE INSERT ON counts
WHEN NEW.count_id IS NOT (SELECT coalesce(max(count_id), 0) + 1 FROM counts) OR NEW.closed_seq IS NOT NULL
    OR EXISTS (SELECT 1 FROM counts WHERE started_seq = NEW.started_seq)
BEGIN SELECT RAISE(ABORT, 'counts follow one another, and begin open'); END;

CREATE TRIGGER counts_keep BEFORE UPDATE ON counts
WHEN NEW.count_id <> OLD.count_id OR NEW.started_seq <> OLD.started_seq OR OLD.closed_seq IS NOT NULL
    OR EXISTS (SELECT 1 FROM counts WHERE closed_seq = NEW.closed_seq)
BEGIN SELECT RAISE(ABORT, 'a count is closed once, and stays'); END;

CREATE TRIGGER counts_stay BEFORE DELETE ON counts
BEGIN SELECT RAISE(ABORT, 'counts are never deleted'); END;

CREATE TRIGGER count_expected_once BEFORE INSERT ON count_expected
WHEN EXISTS (SELECT 1 FROM count_expected WHERE count_id = NEW.count_id AND asset_tag = NEW.asset_tag)
    OR NOT EXISTS (SELECT 1 FROM counts WHERE count_id = NEW.count_id)
    OR NOT EXISTS (SELECT 1 FROM assets WHERE asset_tag = NEW.asset_tag)
BEGIN SELECT RAISE(ABORT, 'a count expects assets that there are, each once'); END;

CREATE TRIGGER count_expected_keep BEFORE UPDATE ON count_expected
BEGIN SELECT RAISE(ABORT, 'what a count expects is frozen'); END;

CREATE TRIGGER count_expected_stay BEFORE DELETE ON count_expected
BEGIN SELECT RAISE(ABORT, 'what a count expects is frozen'); END;

CREATE TRIGGER count_scans_once BEFORE INSERT ON count_scans
WHEN EXISTS (SELECT 1 FROM count_scans WHERE count_id = NEW.count_id AND seq = NEW.seq)
    OR NOT EXISTS (SELECT 1 FROM counts WHERE count_id = NEW.count_id AND closed_seq IS NULL)
BEGIN SELECT RAISE(ABORT, 'scans are added to an open count'); END;

CREATE TRIGGER count_scans_keep BEFORE UPDATE ON count_scans
BEGIN SELECT RAISE(ABORT, 'the scans of a count stay'); END;

CREATE TRIGGER count_scans_stay BEFORE DELETE ON count_scans
BEGIN SELECT RAISE(ABORT, 'the scans of a count stay'); END;

-- What the log already says: everybody is of no organisation in particular, and custody began with its last ISSUE.

INSERT INTO organisations VALUES (1, 'Ad Hoc', 'ad hoc');

UPDATE assets SET custody_seq = (
    SELECT max(seq) FROM audit_log WHERE asset_tag = assets.asset_tag AND json_extract(body, '$.event_type') = 'ISSUE'
) WHERE status = 'IN_CUSTODY';

UPDATE assets SET
    home_case = (SELECT json_extract(body, '$.before.case_name') FROM audit_log WHERE seq = custody_seq),
    home_position = (SELECT json_extract(body, '$.before.slot_position') FROM audit_log WHERE seq = custody_seq)
WHERE status = 'IN_CUSTODY';

INSERT INTO handovers(batch_id, holder_id)
SELECT DISTINCT batch_id, json_extract(body, '$.holder_id') FROM audit_log
WHERE batch_id IS NOT NULL AND json_extract(body, '$.event_type') IN ('ISSUE', 'RETURN', 'RETIRE')
    AND json_extract(body, '$.before.holder') IS NOT json_extract(body, '$.after.holder');
