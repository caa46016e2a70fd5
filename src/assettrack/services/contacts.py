"""Contact data of holders: written, read, erased for good.

Owns the only way to it. It lies beside the log, which has its salted hash, so that it can be erased and every
proof stays good. `contact_of` is the one function that returns it; but for the verifying of what is kept, no other
module may ask a store for it. `marks` tells of whom there is any, and lets two databases be compared.
"""

from hashlib import sha256

import msgspec

from assettrack.domain import contact_deeds
from assettrack.domain.contact_deeds import has_contact
from assettrack.domain.deeds import Contact
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import Holder
from assettrack.domain.restore_plans import ContactMark
from assettrack.services.names import require_named
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.typed_deeds import refusal_raised, signoff


class ContactChange(msgspec.Struct, frozen=True):
    """What became of contact data that was written or erased.

    ``changed`` is false where it was so already. ``is_gone`` says that nothing of what was there before is left in the
    database's files; false where another process is reading them, so that it had to be left for later.
    """

    holder: Holder
    changed: bool
    is_gone: bool


def contact_of(workplace: Workplace, name: str) -> tuple[Holder, str | None]:
    """Return a holder and the contact data that is kept of the holder, or None.

    Raises:
        errors.NotFound: nobody of that name is registered.
    """
    with workplace.store.read() as snapshot:
        holder = require_named(snapshot, name)
        return holder, _kept(snapshot, holder)


def contact_mark(contact: str | None) -> str:
    """Return what stands for contact data on a page that shows it; it goes nowhere else."""
    return sha256((contact or "").encode()).hexdigest()


def write(workplace: Workplace, name: str, text: str, *, seen: str | None = None) -> ContactChange:
    """Write contact data of a holder in the place of what there was. The same again: nothing happens.

    ``seen`` is the `contact_mark` of what whoever writes was shown; None where that does not matter.

    Raises:
        errors.NotFound: nobody of that name is registered.
        errors.DeedRefused: it is other than what was seen.
    """
    signed = signoff(workplace)
    with refusal_raised(), workplace.store.write() as transaction:
        holder = require_named(transaction, name)
        replaces = has_contact(transaction, holder.holder_id)
        changed = _kept(transaction, holder) != text
        if changed:
            _require_seen(transaction, holder, seen)
            contact = Contact(holder.holder_id, workplace.salt(), text)
            transaction.save(contact_deeds.keep_contact(transaction, contact, transaction.log_size + 1, signed))
    return ContactChange(holder, changed, is_gone=not (changed and replaces) or workplace.store.scrub())


def erase(workplace: Workplace, name: str, *, seen: str | None = None) -> ContactChange:
    """Erase the contact data of a holder, so that its bytes are nowhere in the database's files.

    ``seen`` is as of `write`.

    Raises:
        errors.NotFound: nobody of that name is registered.
        errors.DeedRefused: there is nothing to erase, or it is other than what was seen.
    """
    signed = signoff(workplace)
    with refusal_raised(), workplace.store.write() as transaction:
        holder = require_named(transaction, name)
        contact = Contact(holder.holder_id, None, None)
        deed = contact_deeds.keep_contact(transaction, contact, transaction.log_size + 1, signed)
        _require_seen(transaction, holder, seen)
        transaction.save(deed)
    return ContactChange(holder, changed=True, is_gone=workplace.store.scrub())


def marks(snapshot: Snapshot) -> dict[int, ContactMark]:
    """Return, by holders' numbers, of whom contact data is kept and its hash: enough to compare it, not to read it."""
    return {
        kept.holder_id: ContactMark(
            holder.name if (holder := snapshot.holder(kept.holder_id)) else str(kept.holder_id),
            contact_deeds.contact_hash(kept.salt or b"", kept.contact or ""),
        )
        for kept in snapshot.contacts()
    }


def _require_seen(snapshot: Snapshot, holder: Holder, seen: str | None) -> None:
    if seen is not None and seen != contact_mark(_kept(snapshot, holder)):
        raise NotAllowed("contact_changed_since", None, name=holder.name)


def _kept(snapshot: Snapshot, holder: Holder) -> str | None:
    return next((kept.contact for kept in snapshot.contacts(holder.holder_id)), None)
