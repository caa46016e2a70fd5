"""What every deed needs: who does it, when and with which program, and how its refusal becomes an error."""

from collections.abc import Iterator
from contextlib import contextmanager

from assettrack.domain import errors
from assettrack.domain.deeds import Signoff
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import normal_name
from assettrack.domain.scans import OPERATOR_LENGTH_MAX
from assettrack.domain.timestamps import utc_text
from assettrack.services.ports import Workplace


def signoff(workplace: Workplace) -> Signoff:
    """Return who does the deed that is about to be done, at this moment.

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
    return Signoff(name, utc_text(workplace.now()), workplace.version)


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
