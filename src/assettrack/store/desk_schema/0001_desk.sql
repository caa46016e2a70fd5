-- The desk: what the browser station remembers between two requests and nobody has to prove.
-- A file of its own beside the station's database. Nothing here is state of assets, holders or people.

CREATE TABLE desk_station(
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    station TEXT NOT NULL,
    secret BLOB NOT NULL CHECK (length(secret) = 32)
) STRICT;

-- A session is found by the hash of what the browser holds; whoever reads this file can't sign in with it.
CREATE TABLE desk_sessions(
    session_sha256 BLOB PRIMARY KEY CHECK (length(session_sha256) = 32),
    account_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    began_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    locked INTEGER NOT NULL DEFAULT 0 CHECK (locked IN (0, 1)),
    address TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX desk_sessions_by_account ON desk_sessions(account_id);

-- Failed sign-ins in a row, by account name and by address.
CREATE TABLE desk_failures(
    subject TEXT PRIMARY KEY,
    failures INTEGER NOT NULL CHECK (failures > 0),
    last_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The step of the last code of a second factor that was accepted: none is accepted twice.
CREATE TABLE desk_codes(
    account_id INTEGER PRIMARY KEY,
    step INTEGER NOT NULL
) STRICT;

CREATE TABLE desk_setup_links(
    link_sha256 BLOB PRIMARY KEY CHECK (length(link_sha256) = 32),
    made_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE desk_queues(
    queue_id INTEGER PRIMARY KEY CHECK (queue_id > 0),
    account_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    context TEXT NOT NULL,
    next_number INTEGER NOT NULL DEFAULT 1,
    closed_at TEXT,
    batch_id INTEGER
) STRICT;

CREATE UNIQUE INDEX desk_queues_open ON desk_queues(account_id) WHERE closed_at IS NULL;

-- A scan as it was typed, and the row that it makes (JSON), or none where it only set the context.
CREATE TABLE desk_scans(
    queue_id INTEGER NOT NULL REFERENCES desk_queues(queue_id),
    number INTEGER NOT NULL,
    scanned_at TEXT NOT NULL,
    typed TEXT NOT NULL,
    meant TEXT NOT NULL,
    sent_as TEXT,
    removed_at TEXT,
    PRIMARY KEY (queue_id, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX desk_scans_sent ON desk_scans(queue_id, sent_as) WHERE sent_as IS NOT NULL;

-- What was checked on a page and may be committed from it; and what came of it.
CREATE TABLE desk_drafts(
    draft TEXT PRIMARY KEY,
    account_id INTEGER NOT NULL,
    made_at TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    answer TEXT
) STRICT, WITHOUT ROWID;

-- Answers of the programming interface by the caller's idempotency key; none yet means that it is being worked on.
CREATE TABLE desk_answers(
    account_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    request_sha256 BLOB NOT NULL CHECK (length(request_sha256) = 32),
    begun_at TEXT NOT NULL,
    log_size INTEGER NOT NULL,
    status INTEGER,
    answer TEXT,
    PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE desk_preferences(
    account_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (account_id, name)
) STRICT, WITHOUT ROWID;
