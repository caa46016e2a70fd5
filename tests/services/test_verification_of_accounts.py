"""Verifying covers accounts: each forged fact, credential and entry is named, though it was signed anew."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from assettrack.domain.audit_log import decode_body, event_type
from assettrack.domain.replay import IllegalEntry, Replay
from tests.services.desk import Desk
from tests.services.front_door import PASSWORDS, do_everything_with_accounts
from tests.services.insider import Insider, copied, quick_folder


@pytest.fixture(scope="module")
def written() -> Iterator[Insider]:
    """A station with accounts of all kinds: Ann (1), Ben (2), Vic (3) and Olu (4)."""
    with quick_folder() as folder:
        desk = Desk(folder)
        do_everything_with_accounts(desk)
        with closing(Insider(desk, [])) as insider:
            yield insider


@contextmanager
def a_copy_of(original: Insider) -> Iterator[Insider]:
    """A copy of the station's database, to be changed at will."""
    with quick_folder() as folder, closing(copied(original, folder)) as copy:
        yield copy


def test_what_was_done_is_good(written: Insider) -> None:
    """Nothing is wrong with it."""
    assert written.verify().ok


@pytest.mark.parametrize(
    ("table", "forgery"),
    [
        ("accounts", "UPDATE accounts SET role = 'admin' WHERE account_id = 2"),
        ("accounts", "UPDATE accounts SET active = 1 WHERE account_id = 4"),
        ("accounts", "UPDATE accounts SET one_time = 0 WHERE account_id = 3"),
        ("accounts", "UPDATE accounts SET secret_sha256 = NULL WHERE account_id = 1"),
        ("accounts", "UPDATE accounts SET name = 'Eve', name_key = 'eve' WHERE account_id = 2"),
        ("accounts", "INSERT INTO accounts VALUES (5, 'Eve', 'eve', 'admin', 1, NULL, 0, NULL)"),
        ("accounts", "DELETE FROM accounts WHERE account_id = 4"),
        ("api_tokens", "UPDATE api_tokens SET revoked = 0 WHERE token_id = 2"),
        ("api_tokens", "UPDATE api_tokens SET account_id = 1 WHERE token_id = 1"),
        ("api_tokens", "UPDATE api_tokens SET token_sha256 = zeroblob(32) WHERE token_id = 1"),
        ("api_tokens", "INSERT INTO api_tokens VALUES (3, 1, 'x', zeroblob(32), 0)"),
        ("credentials", "UPDATE credentials SET account_id = 4 WHERE account_id = 2"),
        ("credentials", "UPDATE credentials SET kind = 'second_factor' WHERE account_id = 2"),
        ("credentials", "UPDATE credentials SET text = 'x' WHERE kind = 'second_factor'"),
    ],
)
def test_a_forged_row_is_named(written: Insider, table: str, forgery: str) -> None:
    """The table that says otherwise than the log is named."""
    with a_copy_of(written) as insider:
        insider.do(forgery)
        assert f"Table {table} " in insider.must_be_caught(None)


def test_a_swapped_password_hash_is_named(written: Insider) -> None:
    """A hash of a password of one's own, put in the place of an admin's, is said to be that account's."""
    with a_copy_of(written) as insider:
        hashed = PASSWORDS.hash("evil password")
        insider.do("UPDATE credentials SET text = ? WHERE account_id = 1 AND kind = 'password'", (hashed,))
        assert insider.must_be_caught(None) == "Table credentials says otherwise of account 1 than the log."


def test_a_swapped_hash_with_its_own_hash_is_named(written: Insider) -> None:
    """Whoever changes the account's row with it, so that both agree, is found by the log."""
    with a_copy_of(written) as insider:
        insider.do("UPDATE credentials SET text = 'x' WHERE account_id = 1 AND kind = 'password'")
        digest = bytes.fromhex("2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881")  # SHA-256 of x
        insider.do("UPDATE accounts SET credential_sha256 = ? WHERE account_id = 1", (digest,))
        assert insider.must_be_caught(None) == "Table accounts says otherwise of (1,) than the log."


def test_an_erased_password_that_comes_back_is_named(written: Insider) -> None:
    """One that was taken away and is there again, out of a backup say, is found."""
    with a_copy_of(written) as insider:
        insider.do("INSERT INTO credentials VALUES (4, 'password', 'x')")
        assert insider.must_be_caught(None) == "Table credentials says otherwise of account 4 than the log."


def test_missing_credentials_are_no_fault(written: Insider) -> None:
    """They can be lost by a restore; nobody can sign in with what is not there."""
    with a_copy_of(written) as insider:
        insider.do("DELETE FROM credentials")
        assert insider.verify().ok


FORGED = (
    ("ACCOUNT", b'"account_id":2', b'"account_id":3'),
    ("ACCOUNT", b'"name":"Ben"', b'"name":"Ann Admin"'),
    ("ACCOUNT", b'"name":"Ben"', b'"name":"station"'),
    ("ACCOUNT", b'"role":"admin"', b'"role":"operator"'),
    ("ACCOUNT", b'"role":"admin"', b'"role":"owner"'),
    ("ACCOUNT_CHANGE", b'"account_id":4', b'"account_id":9'),
    ("ACCOUNT_CHANGE", b'"role":"auditor"', b'"role":"admin"'),
    ("ACCOUNT_CHANGE", b'"reason":"left"', b'"reason":""'),
    ("ACCOUNT_CHANGE", b'"name":"Olu"', b'"name":"Ben"'),
    ("CREDENTIAL", b'"account_id":1', b'"account_id":9'),
    ("CREDENTIAL", b'"credential_sha256":"', b'"credential_sha256":"00'),
    ("CREDENTIAL", b'"name":"Vic"', b'"name":"Ben"'),
    ("SECOND_FACTOR", b'"secret_sha256":"', b'"secret_sha256":"00'),
    ("SECOND_FACTOR", b'"name":"Ben"', b'"name":"Vic"'),
    ("API_TOKEN", b'"token_id":1', b'"token_id":2'),
    ("API_TOKEN", b'"label":"old"', b'"label":""'),
    ("API_TOKEN", b'"token_sha256":"', b'"token_sha256":"00'),
    ("API_TOKEN", b'"name":"Ben"', b'"name":"Vic"'),
    ("API_TOKEN_REVOKED", b'"token_id":2', b'"token_id":3'),
    ("API_TOKEN_REVOKED", b'"label":"old"', b'"label":"new"'),
    ("SECURITY", b'"account_id":1', b'"account_id":9'),
    ("SECURITY", b'"account_id":1', b'"account_id":2'),
    ("SECURITY", b'"event":"signed_in"', b'"event":"waved"'),
    ("SECURITY", b'"times":3', b'"times":0'),
    ("SECURITY", b'"times":3', b'"times":1'),
)
"""Kind of entry, words in it, and what somebody who has the key puts in their place."""


@pytest.mark.parametrize(("kind", "words", "forged"), FORGED)
def test_a_forged_entry_is_not_replayed(written: Insider, kind: str, words: bytes, forged: bytes) -> None:
    """A log that was changed and signed anew is found by the rules, at the very entry."""
    with written.desk.store.read() as snapshot:
        records = [record for record, _ in snapshot.records()]
    Replay().run(iter(records))
    place = next(
        index
        for index, record in enumerate(records)
        if event_type(decode_body(record.body)) == kind and words in record.body
    )
    records[place] = records[place]._replace(body=records[place].body.replace(words, forged))
    with pytest.raises(IllegalEntry) as caught:
        Replay().run(iter(records))
    assert caught.value.seq >= records[place].seq


def test_credentials_have_one_way_out() -> None:
    """Outside the store no module but its own, and the verifying of what is kept, asks for credentials."""
    from tests.architecture import read

    asking = {
        source.path.removeprefix("src/assettrack/")
        for source in read("src")
        for _, name, is_method in source.calls()
        if name == "credentials" and is_method and source.layer != "store"
    }
    assert asking == {"services/accounts.py", "services/verification_of_kept.py"}
