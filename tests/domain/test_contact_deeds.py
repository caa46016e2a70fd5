"""What the log knows of contact data, and that it is nothing but a salted hash."""

from hashlib import sha256

import pytest

from assettrack.domain import contact_deeds, people_deeds
from assettrack.domain.deeds import Contact, Deed
from assettrack.domain.entries.people import ContactEntry
from assettrack.domain.facts import ContactHash
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import Holder
from tests.domain.trial_state import SIGNOFF, TrialState

SALT = bytes(range(16))
TEXT = "jane@example.org, Zoë's phone 0042"


@pytest.fixture
def trial() -> TrialState:
    """A state with one holder, Jane Smith."""
    trial = TrialState()
    trial.follow(people_deeds.register_holder(Holder(1, "Jane Smith"), trial.seq, SIGNOFF))
    return trial


def kept(trial: TrialState, salt: bytes | None, text: str | None, holder_id: int = 1) -> Deed:
    """The deed of writing or erasing contact data."""
    return contact_deeds.keep_contact(trial.state, Contact(holder_id, salt, text), trial.seq, SIGNOFF)


def test_the_log_holds_the_salted_hash_and_nothing_else(trial: TrialState) -> None:
    """The entry has SHA-256 of salt and UTF-8 text in hex, the holder's number and name; the text goes past it."""
    deed = kept(trial, SALT, TEXT)
    assert deed.kept == (Contact(1, SALT, TEXT),)
    entry = trial.follow(kept(trial, SALT, TEXT))
    assert isinstance(entry, ContactEntry)
    digest = sha256(SALT + TEXT.encode("utf-8")).digest()
    assert (entry.holder_id, entry.name, entry.contact_sha256) == (1, "Jane Smith", digest.hex())
    (record,) = deed.records
    assert b"jane@" not in record.body
    assert trial.state.fact(ContactHash, 1) == ContactHash(1, digest)
    assert contact_deeds.has_contact(trial.state, 1)


def test_another_salt_is_another_hash() -> None:
    """The same text twice can't be seen to be the same."""
    assert contact_deeds.contact_hash(SALT, TEXT) != contact_deeds.contact_hash(SALT[::-1], TEXT)


def test_contact_data_is_replaced_and_erased(trial: TrialState) -> None:
    """Later data takes the place of earlier; erasing leaves a fact without a hash, and is an entry without one."""
    trial.follow(kept(trial, SALT, "old"))
    trial.follow(kept(trial, SALT, TEXT))
    deed = kept(trial, None, None)
    assert deed.kept == (Contact(1, None, None),)
    entry = trial.follow(kept(trial, None, None))
    assert isinstance(entry, ContactEntry)
    assert entry.contact_sha256 is None
    assert trial.state.fact(ContactHash, 1) == ContactHash(1, None)
    assert not contact_deeds.has_contact(trial.state, 1)


def test_nothing_is_erased_where_nothing_is(trial: TrialState) -> None:
    """Erasing needs contact data that was written and not erased since."""
    with pytest.raises(NotAllowed, match="contact_missing"):
        kept(trial, None, None)
    trial.follow(kept(trial, SALT, TEXT))
    trial.follow(kept(trial, None, None))
    with pytest.raises(NotAllowed, match="contact_missing"):
        kept(trial, None, None)


def test_contact_data_is_of_somebody(trial: TrialState) -> None:
    """A number that nobody has is refused."""
    with pytest.raises(NotAllowed, match="unknown_holder"):
        kept(trial, SALT, TEXT, holder_id=2)


def test_a_salt_is_never_short(trial: TrialState) -> None:
    """Without its 16 bytes of chance a hash of contact data is not even made."""
    with pytest.raises(AssertionError):
        kept(trial, b"short", TEXT)


@pytest.mark.parametrize("text", ["", "xy", "ab" * 31, "ab" * 33, "zz" * 32])
def test_a_hash_that_is_none_is_not_replayed(trial: TrialState, text: str) -> None:
    """An entry whose hash is not 64 hexadecimal digits is refused."""
    forged = trial.forged(kept(trial, SALT, TEXT), contact_sha256=text)
    with pytest.raises(NotAllowed, match="contact_hash_invalid"):
        trial.replay(forged)


def test_a_hash_in_another_spelling_is_not_the_entry(trial: TrialState) -> None:
    """The hash stands there in small letters; the replay makes it so, and what is stored differs."""
    deed = kept(trial, SALT, TEXT)
    (record,) = kept(trial, SALT, TEXT).records
    forged = trial.forged(deed, contact_sha256=sha256(SALT + TEXT.encode()).hexdigest().upper())
    assert next(trial.replay(forged).records) == record != forged
