"""What every deed needs: who does it, when and with which program; how a refusal becomes an error; what is answered."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from assettrack.domain import errors
from assettrack.domain.deeds import Signoff
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import normal_name
from assettrack.domain.scans import OPERATOR_LENGTH_MAX
from assettrack.domain.timestamps import utc_text
from assettrack.services.ports import Workplace


class DeedReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a deed answers, as a commit does: ``committed`` is 0 where it was done before, so that nothing happened.

    ``first_seq`` to ``last_seq`` are its entries, ``checkpoint`` the signed note that covers them. It has no batch.
    """

    batch_id: int | None = None
    committed: int = 1
    already_committed: bool = False
    first_seq: int
    last_seq: int
    checkpoint: str


def signoff(workplace: Workplace) -> Signoff:
    """Return who does the deed that is about to be done, at this moment.

    Raises:
        errors.OperatorUnknown, errors.ValueUnusable: as `operator_of`.
    """
    return Signoff(operator_of(workplace), utc_text(workplace.now()), workplace.version)


def operator_of(workplace: Workplace) -> str:
    """Return the name of whoever does deeds here.

    Raises:
        errors.OperatorUnknown: nobody is named.
        errors.ValueUnusable: the name can't be kept.
    """
    name = normal_name(workplace.operator or "")
    if not name:
        raise errors.OperatorUnknown
    if len(name) > OPERATOR_LENGTH_MAX:
        raise errors.ValueUnusable(
            "The operator", name, f"it has {len(name)} letters; at most {OPERATOR_LENGTH_MAX} are allowed"
        )
    if not name.isprintable():
        raise errors.ValueUnusable("The operator", name, "it contains letters that can't be printed")
    return name


@contextmanager
def refusal_raised() -> Iterator[None]:
    """Raise a rule's refusal in the block as the error that ends a typed deed.

    Raises:
        errors.DeedRefused: a rule said no.
    """
    try:
        yield
    except NotAllowed as refusal:
        raise errors.DeedRefused(refusal) from refusal
