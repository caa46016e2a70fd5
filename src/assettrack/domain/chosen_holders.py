"""Whom a row is for that was made for a holder who had been chosen: that one, and never who has got the name since.

Owns what is refused of such a row. A name is given up and taken by somebody else; the number stays the holder's.
"""

from assettrack.domain.findings import Finding, NotAllowed, finding
from assettrack.domain.holders import Holder, HolderRegister

TO_REGISTER = 0
"""Stands for the number of a holder whom the batch itself registers, as in `plans.Change`."""


def require_as_chosen(name: str, chosen: int | None, holders: HolderRegister) -> None:
    """Make sure that a name means the holder who was ``chosen`` under it; None is that nobody knows who that was.

    ``holders`` knows the one who was chosen, and the one whom the name means.

    Raises:
        NotAllowed: the name means another one by now, or nobody; or the one who was to be registered is by now.
    """
    known = holders.named(name)
    now = TO_REGISTER if known is None else holders.number_of(name)
    if chosen is None or chosen == now:
        return
    if known is not None and chosen == TO_REGISTER:
        raise NotAllowed("holder_registered_since", "issued_to_name", name=known.name, number=known.holder_id)
    was = holders.numbered(chosen)
    raise NotAllowed(
        "holder_other_now",
        "issued_to_name",
        name=name,
        number=chosen,
        called=_called(was),
        means=_means(known),
        choose="" if was is None else f"For the same person choose {was.name}. ",
    )


def doubt_of_next(name: str, chosen: int, holders: HolderRegister) -> Finding | None:
    """Return what is said where the next scans are for a holder who was ``chosen``, and whose name that is no more."""
    known = holders.named(name)
    if known is not None and known.holder_id == chosen:
        return None
    called, means = _called(holders.numbered(chosen)), _means(known)
    return finding("next_holder_other", None, None, name=name, number=chosen, called=called, means=means)


def _called(was: Holder | None) -> str:
    return "and is not registered any more" if was is None else f"and is called {was.name} now"


def _means(known: Holder | None) -> str:
    if known is None:
        return "nobody has that name by now"
    return f"{known.name} now means another person, holder {known.holder_id}"
