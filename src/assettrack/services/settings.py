"""Settings of the station: the rules it goes by, kept in its log."""

from collections.abc import Sequence

import msgspec

from assettrack.domain import station_deeds
from assettrack.services.ports import Workplace
from assettrack.services.typed_deeds import refusal_raised, signoff


class Rule(msgspec.Struct, frozen=True):
    """A rule as it is now, with the values it may have; the first is how it is before anybody sets it."""

    name: str
    value: str
    values: Sequence[str]


def all_rules(workplace: Workplace) -> list[Rule]:
    """Return all rules of the station."""
    with workplace.store.read() as snapshot:
        found = station_deeds.SETTINGS.items()
        return [Rule(name, station_deeds.rule(snapshot, name), values) for name, values in found]


def set_rule(workplace: Workplace, name: str, value: str) -> bool:
    """Set a rule and return whether that changed it; where it is so already nothing is logged.

    Raises:
        errors.DeedRefused: there is no such rule, or it can't have this value.
    """
    signed = signoff(workplace)
    with refusal_raised(), workplace.store.write() as transaction:
        deed = station_deeds.set_rule(transaction, name, value, transaction.log_size + 1, signed)
        if deed is not None:
            transaction.save(deed)
    return deed is not None
