"""What every store promises of what is kept beside the log, which knows it by its hash only, and of accounts."""

import pytest

from assettrack.domain import station_errors
from assettrack.domain.deeds import Contact, Credential, ReceiptText, Signature
from assettrack.domain.facts import Account, ApiToken, ReceiptFact, SignatureHash
from tests.store.contract_facts import ANN, HASH, REVOKED, SCRIPT, people, save, with_some_facts
from tests.store.databases import Database


class KeptContract:
    """What a store keeps beside the log."""

    def test_contact_data_is_kept_until_it_is_erased(self, database: Database) -> None:
        """The latest that was written of a holder is there, of each holder for itself; what was erased is not."""
        store = database.open()
        people(store)
        save(store, [], Contact(1, bytes(16), "ada@example.org"), Contact(2, b"B" * 16, "bo@example.org"))
        save(store, [], Contact(1, b"A" * 16, "Ada, +49 30 123 45"))
        with store.read() as snapshot:
            ada, bo = Contact(1, b"A" * 16, "Ada, +49 30 123 45"), Contact(2, b"B" * 16, "bo@example.org")
            assert list(snapshot.contacts()) == [ada, bo]
            assert (list(snapshot.contacts(2)), list(snapshot.contacts(3))) == ([bo], [])
        save(store, [], Contact(1, None, None), Contact(3, None, None))
        with store.read() as snapshot:
            assert list(snapshot.contacts()) == [bo]
        for kept in (Contact(9, bytes(16), "x"), Contact(1, b"short", "x"), Contact(1, bytes(16), "")):
            with pytest.raises(station_errors.StateImpossible):
                save(store, [], kept)

    def test_what_accounts_sign_in_with_is_kept_until_it_is_erased(self, database: Database) -> None:
        """The latest of each kind, of each account for itself; what was erased is not there."""
        store = with_some_facts(database)
        save(store, [Account(2, "Ben", "ben", "viewer", 1)])
        password, secret = Credential(1, "password", "$a$1"), Credential(1, "second_factor", "ABC")
        save(store, [], Credential(1, "password", "$a$0"), secret, bens := Credential(2, "password", "$a$2"))
        save(store, [], password)
        with store.read() as snapshot:
            assert list(snapshot.accounts.credentials()) == [password, secret, bens]
            assert list(snapshot.accounts.credentials(1)) == [password, secret]
            assert list(snapshot.accounts.credentials(3)) == []
        save(store, [], password._replace(text=None), Credential(2, "second_factor", None))
        with store.read() as snapshot:
            assert list(snapshot.accounts.credentials()) == [secret, bens]
        for kept in (Credential(9, "password", "x"), Credential(2, "second_factor", "")):
            with pytest.raises(station_errors.StateImpossible):
                save(store, [], kept)

    def test_accounts_are_found_by_name_and_token(self, database: Database) -> None:
        """By the form that all spellings of a name have in common, and by the hash of a token; else nothing is."""
        store = with_some_facts(database)
        ben = Account(2, "Ben", "ben", "viewer", 0, bytes(32), 1, b"S" * 32)
        save(store, [ben, of_ben := ApiToken(3, 2, "x", b"x" * 32)])
        with store.read() as snapshot:
            found = snapshot.accounts
            assert [found.named("ann"), found.named("ben"), found.named("Ben")] == [ANN, ben, None]
            assert [found.token(bytes(32)), found.token(b"x" * 32), found.token(b"y" * 32)] == [SCRIPT, of_ben, None]
            assert [found.tokens_of(number) for number in (1, 2, 3)] == [[SCRIPT, REVOKED], [of_ben], []]

    def test_the_text_of_a_receipt_stays(self, database: Database) -> None:
        """It is told to the letter, by its number, and can't be written again."""
        store = database.open()
        people(store)
        save(store, [ReceiptFact(1, 3, 1, None, HASH)], ReceiptText(1, "Ada has it.\n日本 ✓"))
        save(store, [ReceiptFact(2, 4, 1, 7, HASH)], ReceiptText(2, ""))
        with pytest.raises(station_errors.StateImpossible):
            save(store, [], ReceiptText(1, "Bo has it."))
        with store.read() as snapshot:
            assert list(snapshot.receipt_texts()) == [ReceiptText(1, "Ada has it.\n日本 ✓"), ReceiptText(2, "")]
            assert (list(snapshot.receipt_texts(2)), list(snapshot.receipt_texts(3))) == ([ReceiptText(2, "")], [])

    def test_a_signature_stays_beside_its_hash(self, database: Database) -> None:
        """It is told by its entry, only where its hash is known, and can't be written again."""
        store = database.open()
        hashes = [
            SignatureHash(3, "Ada", "0" * 64),
            SignatureHash(3, "Bo", "0" * 64),
            SignatureHash(4, "Ada", "1" * 64),
        ]
        kept = [Signature(each.seq, each.name, f"M1 1l1 {each.seq}") for each in hashes]
        save(store, hashes, *kept)
        for again in (kept[0], Signature(9, "Ada", "M1 1l1 1")):
            with pytest.raises(station_errors.StateImpossible):
                save(store, [], again)
        with store.read() as snapshot:
            assert list(snapshot.signatures()) == kept
            assert (list(snapshot.signatures(3)), list(snapshot.signatures(9))) == (kept[:2], [])
            assert list(snapshot.facts(SignatureHash, 3)) == hashes[:2]
