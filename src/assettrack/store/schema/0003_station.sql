-- The station in the browser: who signs in there, the tokens with which programs act for them, and what is drawn on
-- its screen.
-- Hashes of what is kept in `credentials` stand beside the account; what that says is known to the log by them only.

CREATE TABLE accounts(
    account_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    name_key TEXT NOT NULL UNIQUE CHECK (length(name_key) > 0),
    role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'auditor', 'admin')),
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    credential_sha256 BLOB CHECK (length(credential_sha256) = 32),
    one_time INTEGER NOT NULL CHECK (one_time = 0 OR (one_time = 1 AND credential_sha256 IS NOT NULL)),
    secret_sha256 BLOB CHECK (length(secret_sha256) = 32)
) STRICT;

CREATE TABLE api_tokens(
    token_id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts(account_id),
    label TEXT NOT NULL CHECK (length(label) BETWEEN 1 AND 64),
    token_sha256 BLOB NOT NULL UNIQUE CHECK (length(token_sha256) = 32),
    revoked INTEGER NOT NULL CHECK (revoked IN (0, 1))
) STRICT;

CREATE INDEX api_tokens_by_account ON api_tokens(account_id);

-- Beside the log: hashes of passwords, salted, and secrets of second factors. Taken away, they are erased for good.
CREATE TABLE credentials(
    account_id INTEGER NOT NULL REFERENCES accounts(account_id),
    kind TEXT NOT NULL CHECK (kind IN ('password', 'second_factor')),
    text TEXT NOT NULL CHECK (length(text) > 0),
    PRIMARY KEY (account_id, kind)
) STRICT, WITHOUT ROWID;

-- An account keeps number and name for good, because entries name it; INSERT OR REPLACE is stopped as everywhere.

CREATE TRIGGER accounts_once BEFORE INSERT ON accounts
WHEN NEW.account_id IS NOT (SELECT coalesce(max(account_id), 0) + 1 FROM accounts)
    OR EXISTS (SELECT 1 FROM accounts WHERE name_key = NEW.name_key)
BEGIN SELECT RAISE(ABORT, 'accounts are numbered one after another, and a name is of one account'); END;

CREATE TRIGGER accounts_keep BEFORE UPDATE ON accounts
WHEN NEW.account_id <> OLD.account_id OR NEW.name <> OLD.name OR NEW.name_key <> OLD.name_key
BEGIN SELECT RAISE(ABORT, 'an account keeps number and name'); END;

CREATE TRIGGER accounts_have_admin AFTER UPDATE ON accounts
WHEN NOT EXISTS (SELECT 1 FROM accounts WHERE role = 'admin' AND active = 1)
BEGIN SELECT RAISE(ABORT, 'a station keeps an active admin'); END;

CREATE TRIGGER accounts_stay BEFORE DELETE ON accounts
BEGIN SELECT RAISE(ABORT, 'accounts are never deleted'); END;

CREATE TRIGGER api_tokens_once BEFORE INSERT ON api_tokens
WHEN NEW.token_id IS NOT (SELECT coalesce(max(token_id), 0) + 1 FROM api_tokens)
    OR EXISTS (SELECT 1 FROM api_tokens WHERE token_sha256 = NEW.token_sha256)
    OR NOT EXISTS (SELECT 1 FROM accounts WHERE account_id = NEW.account_id)
BEGIN SELECT RAISE(ABORT, 'tokens are numbered one after another, each new and of an account that is registered'); END;

CREATE TRIGGER api_tokens_keep BEFORE UPDATE ON api_tokens
WHEN NEW.token_id <> OLD.token_id OR NEW.account_id <> OLD.account_id OR NEW.label <> OLD.label
    OR NEW.token_sha256 <> OLD.token_sha256 OR OLD.revoked = 1
BEGIN SELECT RAISE(ABORT, 'a token is revoked once, and stays as it is'); END;

CREATE TRIGGER api_tokens_stay BEFORE DELETE ON api_tokens
BEGIN SELECT RAISE(ABORT, 'tokens are revoked, but never deleted'); END;

CREATE TRIGGER credentials_of_known BEFORE INSERT ON credentials
WHEN NOT EXISTS (SELECT 1 FROM accounts WHERE account_id = NEW.account_id)
BEGIN SELECT RAISE(ABORT, 'an account is registered'); END;

CREATE TRIGGER credentials_keep BEFORE UPDATE OF account_id, kind ON credentials
BEGIN SELECT RAISE(ABORT, 'a credential is of one account and one kind'); END;

-- Signatures drawn on a screen: the hash that an entry holds, and beside the log the strokes, never erased.

CREATE TABLE signature_hashes(
    seq INTEGER NOT NULL,
    name TEXT NOT NULL CHECK (length(name) > 0),
    signature_sha256 TEXT NOT NULL CHECK (length(signature_sha256) = 64),
    PRIMARY KEY (seq, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE signatures(
    seq INTEGER NOT NULL,
    name TEXT NOT NULL,
    strokes TEXT NOT NULL CHECK (length(strokes) BETWEEN 1 AND 8192),
    PRIMARY KEY (seq, name)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER signature_hashes_once BEFORE INSERT ON signature_hashes
WHEN EXISTS (SELECT 1 FROM signature_hashes WHERE seq = NEW.seq AND name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'an entry holds one signature of a person'); END;

CREATE TRIGGER signature_hashes_keep BEFORE UPDATE ON signature_hashes
BEGIN SELECT RAISE(ABORT, 'the hash of a signature is never changed'); END;

CREATE TRIGGER signature_hashes_stay BEFORE DELETE ON signature_hashes
BEGIN SELECT RAISE(ABORT, 'the hash of a signature is never deleted'); END;

CREATE TRIGGER signatures_once BEFORE INSERT ON signatures
WHEN EXISTS (SELECT 1 FROM signatures WHERE seq = NEW.seq AND name = NEW.name)
    OR NOT EXISTS (SELECT 1 FROM signature_hashes WHERE seq = NEW.seq AND name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'a signature is kept once, and its hash is known'); END;

CREATE TRIGGER signatures_keep BEFORE UPDATE ON signatures
BEGIN SELECT RAISE(ABORT, 'a signature is never changed'); END;

CREATE TRIGGER signatures_stay BEFORE DELETE ON signatures
BEGIN SELECT RAISE(ABORT, 'signatures are never deleted'); END;

-- Deeds that are of no batch and about no asset are few among millions of rows: who looks for the latest of a kind, a
-- backup say, finds it among them.
CREATE INDEX audit_log_of_typed_deeds ON audit_log(seq) WHERE batch_id IS NULL AND asset_tag IS NULL;
