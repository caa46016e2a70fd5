"""Standings: whether it is known of an asset where it is and who answers for it, and if not, why not.

Owns the rule of the accountability report. An asset is *confirmed*, *out* or *unresolved*; every reason that leaves it
unresolved is named. Evidence is what the log says: scans, deeds and counts. Must never take a doubt for settled because
nobody asked.

The rule of doubts: what a count missed stays missing until the asset is seen later than the count looked, whenever
that is recorded. A count looked until its latest scan, or where it has none until it was signed off; what it saw
elsewhere than recorded is in doubt from when it saw it there. Of several counts the one tells that saw or looked last,
in whichever order they were signed off. An asset is seen when a scan says so, by a deed by hand when it is recorded,
and by a count that found it when it was scanned; at the same moment the later entry is later. What was seen elsewhere
is settled, too, once it is recorded just there.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

import msgspec

from assettrack.domain.inventory import Asset, Status

Standing = Literal["confirmed", "out", "unresolved"]

Reason = Literal[
    "unslotted",
    "not_seen",
    "missing",
    "wrong_slot",
    "unexpected",
    "seen_in_custody",
    "overdue",
    "acceptance_open",
    "holder_inactive",
]
"""Why an asset is unresolved; `WORDS` says it for people."""

DOUBTFUL: Mapping[str, Reason] = MappingProxyType(
    {
        "missing": "missing",
        "wrong_slot": "wrong_slot",
        "unexpected": "unexpected",
        "seen_in_custody": "seen_in_custody",
    }
)
"""Results of a count that leave it in doubt where an asset is. Moved on record during the count proves nothing."""

WORDS: Mapping[Reason, str] = MappingProxyType(
    {
        "unslotted": "in no slot",
        "not_seen": "not seen since {since}",
        "missing": "missing in count {count_id}",
        "wrong_slot": "seen in another slot in count {count_id}",
        "unexpected": "seen elsewhere in count {count_id}",
        "seen_in_custody": "seen in storage in count {count_id}",
        "overdue": "due {due_on}",
        "acceptance_open": "acceptance of batch {batch_id} open",
        "holder_inactive": "the holder is not active",
    }
)

_SHOWING = frozenset({"SCAN", "ISSUE", "RETURN", "TRANSFER", "SLOT_ASSIGN", "SLOT_MOVE"})


class Recorded(NamedTuple):
    """What is recorded of an asset that is not retired.

    ``latest_at`` is the UTC text of its latest scan or deed; ``batch_id`` is the batch by which its holder has it, and
    ``is_open`` tells whether nobody has accepted that.
    """

    asset_tag: str
    equipment_type: str
    status: Status
    case_name: str | None
    slot_position: int | None
    holder_id: int | None
    due_on: str | None
    latest_at: str
    batch_id: int | None
    is_open: bool


class Look(NamedTuple):
    """When somebody saw an asset or looked for it in vain (UTC text), and the entry that says so; in that order."""

    at: str
    seq: int


class Doubt(NamedTuple):
    """What a count says against where an asset is recorded, as of a look; and where it saw it, as far as was said."""

    reason: Reason
    count_id: int
    look: Look
    case_name: str | None = None
    slot_position: int | None = None


class Rules(NamedTuple):
    """By what assets are judged: the station's date today, and whether it asks for acceptances; who is inactive.

    Where ``since`` (a date) is given, what is in storage must have been seen from ``since_utc`` on. Of ``unaccepted``
    assets a correction has said who has them, after that hand-over was accepted; nobody has accepted them.
    """

    today: str
    asks_acceptance: bool
    inactive: frozenset[int]
    since: str | None = None
    since_utc: str = ""
    unaccepted: frozenset[str] = frozenset()


class Judged(NamedTuple):
    """How an asset stands, and the reasons where it is unresolved, each with its words."""

    standing: Standing
    reasons: tuple[tuple[Reason, str], ...] = ()


class Shown(msgspec.Struct, frozen=True, gc=False):
    """The state after an entry, as far as it tells where the asset was seen."""

    status: Status
    case_name: str | None = None


class AssetDeed(msgspec.Struct, frozen=True, gc=False):
    """What of an entry about an asset tells whether somebody saw the asset, and when (UTC text)."""

    event_type: str
    after: Shown
    occurred_at: str = ""


class Doubts:
    """What counts say against the record, and when assets were seen since: which doubts stand is the rule of doubts."""

    def __init__(self) -> None:
        self._latest: dict[str, Doubt] = {}
        self._seen: dict[str, Look] = {}

    def add(self, asset_tag: str, doubt: Doubt) -> None:
        """Take what a count says against the record."""
        known = self._latest.get(asset_tag)
        if known is None or known.look < doubt.look:
            self._latest[asset_tag] = doubt

    def see(self, asset_tag: str, look: Look) -> None:
        """Take that an asset was seen."""
        self._seen[asset_tag] = max(look, self._seen.get(asset_tag, look))

    def standing(self) -> dict[str, Doubt]:
        """Return the doubts that no sighting has settled so far."""
        seen = self._seen
        return {tag: doubt for tag, doubt in self._latest.items() if tag not in seen or seen[tag] < doubt.look}


def contradicted(doubts: Mapping[str, Doubt], assets: Mapping[str, Asset]) -> dict[str, Doubt]:
    """Return the doubts about assets that are not recorded, as they are now, just where a count saw them."""
    return {tag: doubt for tag, doubt in doubts.items() if tag not in assets or not _is_put_right(doubt, assets[tag])}


def judge(recorded: Recorded, last_seen: str, doubt: Doubt | None, rules: Rules) -> Judged:
    """Return how an asset stands; ``last_seen`` is the UTC text of its latest scan, deed or sighting in a count."""
    seen = rules.since is not None and last_seen >= rules.since_utc
    reasons: list[Reason] = [] if doubt is None else [doubt.reason]
    if recorded.holder_id is None:
        if recorded.case_name is None:
            reasons.append("unslotted")
        if rules.since is not None and not seen:
            reasons.append("not_seen")
    else:
        if recorded.due_on is not None and recorded.due_on < rules.today:
            reasons.append("overdue")
        if rules.asks_acceptance and (recorded.is_open or recorded.asset_tag in rules.unaccepted):
            reasons.append("acceptance_open")
        if recorded.holder_id in rules.inactive:
            reasons.append("holder_inactive")
    if not reasons:
        return _OUT if recorded.holder_id is not None and not seen else _CONFIRMED
    facts = {"since": rules.since, "due_on": recorded.due_on, "batch_id": recorded.batch_id}
    facts["count_id"] = None if doubt is None else doubt.count_id
    return Judged("unresolved", tuple((reason, WORDS[reason].format(**facts)) for reason in reasons))


def is_sighting(deed: AssetDeed) -> bool:
    """Tell whether an entry shows that somebody had the asset in hand.

    A correction, a slot that was only vacated and an asset that was only taken out of its slot show nothing.
    """
    if deed.event_type == "UPDATE":
        return deed.after.case_name is not None or deed.after.status == "IN_CUSTODY"
    return deed.event_type in _SHOWING


def _is_put_right(doubt: Doubt, asset: Asset) -> bool:
    """Tell whether an asset is recorded where a count saw it; who has seen it in storage, in no case, knows no more."""
    if doubt.case_name is None:
        return doubt.reason == "seen_in_custody" and asset.status == "STORAGE"
    return asset.case_name == doubt.case_name and doubt.slot_position in {None, asset.slot_position}


_CONFIRMED = Judged("confirmed")
_OUT = Judged("out")
