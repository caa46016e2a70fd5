"""Holders: registering them, one deed each."""

from collections.abc import Sequence

from assettrack.domain import deeds, errors
from assettrack.domain.holders import NAME_RULE, Holder, is_name, normal_name
from assettrack.services.ports import Workplace
from assettrack.services.typed_deeds import refusal_raised, signoff


def register(workplace: Workplace, name: str) -> tuple[Holder, list[str]]:
    """Register a holder; return it with the registered names that are almost the same.

    Raises:
        errors.ValueUnusable: the name is blank, too long or unprintable.
        errors.DeedRefused: somebody of that name is registered already.
    """
    signed = signoff(workplace)
    clean = normal_name(name)
    if not is_name(clean):
        raise errors.ValueUnusable("The name", name, NAME_RULE)
    with refusal_raised(), workplace.store.write() as transaction:
        register_ = transaction.holders_named([clean])
        near = register_.near(clean)
        holder = register_.register(clean)
        transaction.save(deeds.register_holder(holder, transaction.log_size + 1, signed))
    return holder, near


def all_holders(workplace: Workplace) -> Sequence[Holder]:
    """Return all holders, by number."""
    with workplace.store.read() as snapshot:
        return snapshot.all_holders()
