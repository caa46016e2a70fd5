"""Deeds about the station itself: setting it up, and the rules it goes by.

Owns which rules there are and which values they may have.
"""

from types import MappingProxyType
from typing import cast

import msgspec

from assettrack.domain.deeds import Deed, Signoff, Station, signed_by, single
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.entries.station import SettingEntry, StationEntry
from assettrack.domain.facts import KnownFacts, Setting
from assettrack.domain.findings import NotAllowed
from assettrack.domain.inventory import AcceptanceRule
from assettrack.domain.state import Again, State, signoff_of
from assettrack.domain.uii import GS

ACCEPTANCE = "acceptance"

SEPARATOR = "separator"
SEPARATORS = MappingProxyType(
    {"gs": GS, "tilde": "~", "bar": "|", "caret": "^", "at": "@", "bracket": "]", "brace": "}"}
)
"""What a reader may send where a GS1 code has its separator, by the rule's value: the control character itself, or a
letter that no GS1 number has (GS1 General Specifications, character sets 82 and 39), so that nothing else is meant."""

SETTINGS = MappingProxyType({ACCEPTANCE: ("recorded", "required", "off"), SEPARATOR: tuple(SEPARATORS)})
"""Each rule with the values it may have; the first is how it is before anybody sets it."""


def set_up_station(station: Station, seq: int, signoff: Signoff) -> Deed:
    """Set a station up: the first entry of every log."""
    entry = StationEntry(
        seq,
        station=station.station,
        timezone=station.timezone,
        public_key=station.public_key,
        **signed_by(signoff),
    )
    return msgspec.structs.replace(single(entry), station=station)


def set_rule(known: KnownFacts, name: str, value: str, seq: int, signoff: Signoff) -> Deed | None:
    """Set a rule of the station; None where it is so already.

    Raises:
        NotAllowed: there is no such rule, or it can't have this value.
    """
    values = SETTINGS.get(name)
    if values is None:
        raise NotAllowed("unknown_setting", "name", name=name, known=", ".join(SETTINGS))
    if value not in values:
        raise NotAllowed("setting_value_invalid", "value", name=name, value=value, values=", ".join(values))
    before = rule(known, name)
    if before == value:
        return None
    entry = SettingEntry(seq, name=name, before=before, after=value, **signed_by(signoff))
    return single(entry, facts=(Setting(name, value),))


def rule(known: KnownFacts, name: str) -> str:
    """Return the value that a rule has now."""
    found = known.fact(Setting, name)
    return SETTINGS[name][0] if found is None else found.value


def acceptance_rule(known: KnownFacts) -> AcceptanceRule:
    """Return whether custody must be accepted before it is recorded."""
    return cast("AcceptanceRule", rule(known, ACCEPTANCE))


def separator(known: KnownFacts) -> str:
    """Return what readers send where a GS1 code has its separator."""
    return SEPARATORS[rule(known, SEPARATOR)]


def set_up_again(entry: StationEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    state.station = Station(entry.station, entry.timezone, entry.public_key)
    return set_up_station(state.station, entry.seq, signoff_of(entry))


def set_rule_again(entry: SettingEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    deed = set_rule(state, entry.name, entry.after, entry.seq, signoff_of(entry))
    if deed is None:
        raise NotAllowed("nothing_changes", None)
    if entry.name == ACCEPTANCE:  # batches go by this rule alone
        state.inventory.acceptance = cast("AcceptanceRule", entry.after)
    return deed


AGAIN: dict[type[DeedEntry], Again] = {StationEntry: set_up_again, SettingEntry: set_rule_again}
"""How the replay decides each kind of entry once more."""
