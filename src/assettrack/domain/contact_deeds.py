"""Deeds about contact data: written, or erased for good.

Owns what the log knows of contact data: that there is some, and its SHA-256 made with a random salt. The data
itself goes past the log, in `deeds.Contact`; no entry, fact or message may ever hold it.
"""

from hashlib import sha256

import msgspec

from assettrack.domain.deeds import Contact, Deed, Signoff, signed_by, single
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.entries.people import ContactEntry
from assettrack.domain.facts import ContactHash, KnownFacts
from assettrack.domain.findings import NotAllowed
from assettrack.domain.people_deeds import require_holder
from assettrack.domain.state import Again, State, signoff_of

SALT_BYTES = 16
"""As much chance as makes the hash of even a short telephone number tell nothing."""

_HASH_BYTES = 32


def contact_hash(salt: bytes, contact: str) -> bytes:
    """Return what the log knows of contact data: SHA-256 of the salt and then the text in UTF-8."""
    return sha256(salt + contact.encode()).digest()


def keep_contact(known: KnownFacts, contact: Contact, seq: int, signoff: Signoff) -> Deed:
    """Write a holder's contact data in the place of what there was, or erase it where salt and text are None.

    Raises:
        NotAllowed: nobody has the number, or there is nothing to erase.
    """
    if contact.salt is None or contact.contact is None:
        digest = None
    else:
        assert len(contact.salt) == SALT_BYTES, "without the salt the hash would tell what the data is"
        digest = contact_hash(contact.salt, contact.contact)
    return msgspec.structs.replace(_record(known, contact.holder_id, digest, seq, signoff), kept=(contact,))


def keep_contact_again(entry: ContactEntry, state: State) -> Deed:
    """Decide the deed of an entry once more; what was written is not known to the log, and not needed."""
    return _record(state, entry.holder_id, _read_hash(entry.contact_sha256), entry.seq, signoff_of(entry))


def has_contact(known: KnownFacts, holder_id: int) -> bool:
    """Tell whether contact data of a holder was written and not erased since, as far as the log knows."""
    found = known.fact(ContactHash, holder_id)
    return found is not None and found.contact_sha256 is not None


def _record(known: KnownFacts, holder_id: int, digest: bytes | None, seq: int, signoff: Signoff) -> Deed:
    holder = require_holder(known, holder_id)
    if digest is None and not has_contact(known, holder_id):
        raise NotAllowed("contact_missing", "name", name=holder.name)
    shown = None if digest is None else digest.hex()
    entry = ContactEntry(seq, holder_id=holder_id, name=holder.name, contact_sha256=shown, **signed_by(signoff))
    return single(entry, facts=(ContactHash(holder_id, digest),))


def _read_hash(text: str | None) -> bytes | None:
    if text is None:
        return None
    try:
        digest = bytes.fromhex(text)
    except ValueError:
        digest = b""
    if len(digest) != _HASH_BYTES:
        raise NotAllowed("contact_hash_invalid", "contact_sha256")
    return digest


AGAIN: dict[type[DeedEntry], Again] = {ContactEntry: keep_contact_again}
"""How the replay decides each kind of entry once more."""
