"""What holds for the next scans of a queue once scans are removed from it, or brought back.

Owns which scan said what holds. What a removed card or label said holds no more, as where one is left out that a pocket
scanner read (`scan_context`); and nothing goes back to an earlier one, which would be a guess.
"""

from collections.abc import Collection, Iterator, Sequence

import msgspec

from assettrack.domain.cards import CardKind
from assettrack.domain.queued_scans import Context, ContextSet, Held, QueuedScan, RowMeant
from assettrack.domain.raw_scans import UNTOLD, RawScan
from assettrack.domain.scan_context import Said, parsed, said_by, says_card
from assettrack.domain.tags import parse_case_name
from assettrack.domain.wedge import read_typed

_HOLDS_ALL_THE_SAME = {
    "label_without_asset", "end_count_differs", "begin_of_nobody", "begin_not_ours", "begin_of_other",
}  # fmt: skip
"""Why a card or a label is held that says what holds nevertheless: removing it answers what it asks."""

_BRINGS_NOTHING = {"case_has_nothing", "case_with_others"}
"""Why the label of a known case is held that was to bring its assets."""

_NOTHING_KNOWN = {
    "badge_not_ours", "card_unreadable", "case_not_known", "case_or_asset", "scan_ambiguous", "slot_not_known",
}  # fmt: skip
"""Why a card or a label is held that names nothing known here, or what may be two things."""

_UNREADABLE = frozenset[Said](("holder", "place"))
"""What a scan may have said that is no card, nor can be an asset's, and may be a name or a label: for whom, where.

It may be one where it has a blank or a letter that no tag has, or an underscore as in a case's name.
"""

_NOT_SAID: dict[Said, dict[str, object]] = {
    "event": {"event_type": "SCAN", "ended": True},
    "holder": {"holder": "", "holder_id": None},
    "place": {
        "case_name": "", "slot_position": None, "fills": False, "unslotted": False, "by_hand": False, "used": None,
        "taken_back": False, "place_removed": True,
    },
}  # fmt: skip
"""The fields of a context by what they say, as they are where the card was removed that said it."""


def after_removal(
    scans: Sequence[QueuedScan], context: Context, removed: Collection[int]
) -> tuple[Context, dict[int, ContextSet]]:
    """Return what holds once scans are ``removed``, and what those of them mean that said what does not hold any more.

    They remember it as it was, for when they are brought back.
    """
    after = context
    meants: dict[int, ContextSet] = {}
    for what, scan, meant in _latest(scans):
        if scan.number in removed and not scan.removed and _says_now(what, meant.context, context):
            own = meants.get(scan.number, meant).context
            meants[scan.number] = ContextSet(msgspec.structs.replace(own, **_fields(what, context)))
            after = _unsaid(what, after)
    return after, meants


def after_return(scans: Sequence[QueuedScan], context: Context, returned: Collection[int]) -> Context:
    """Return what holds once scans are brought back: what they said, unless something was said of it since."""
    for what, scan, meant in _latest(scans):
        is_unsaid = _fields(what, context) == _fields(what, _unsaid(what, meant.context))
        if scan.number in returned and scan.removed and is_unsaid:
            context = msgspec.structs.replace(context, **_fields(what, meant.context))
    return context


def after_held(held: Held, text: str, context: Context) -> Context:
    """Return what holds after a ``text`` was held: of what it may have said, nobody knows what, and nothing holds.

    Whoever scanned on after the badge of another station would else give everything to the person before. What is held
    for another reason says nothing. A label into which nothing was put yet is remembered: the next one asks about it.
    The label of a case of which nothing is meant ends the place before it, where there is one.
    """
    is_place_kept = held.reason in _BRINGS_NOTHING and not has_place(context)
    for what in () if is_place_kept else _unclear(held, text):
        fields = {"place_removed": True} if what == "place" else _NOT_SAID[what]
        context = msgspec.structs.replace(context, **fields)
    return context


def has_place(context: Context) -> bool:
    """Tell whether somebody said where the next assets go, be it into no slot."""
    return bool(context.case_name) or context.unslotted


def with_event_of(context: Context, other: Context) -> Context:
    """Return a context with the event of another, also where that is that none holds."""
    return msgspec.structs.replace(context, **_fields("event", other))


def with_holder_of(context: Context, other: Context) -> Context:
    """Return a context with the holder of another, also where that is nobody."""
    return msgspec.structs.replace(context, **_fields("holder", other))


def with_place_of(context: Context, other: Context) -> Context:
    """Return a context with the place of another, also where that is used or was removed."""
    return msgspec.structs.replace(context, **_fields("place", other))


def _latest(scans: Sequence[QueuedScan]) -> Iterator[tuple[Said, QueuedScan, ContextSet]]:
    """Yield what was said, and the scan that said it last, removed or not; not where it was held."""
    found: dict[Said, QueuedScan] = {}
    for scan in scans:
        found |= dict.fromkeys(_said_by(scan), scan)
    for what, scan in found.items():
        if isinstance(scan.meant, ContextSet):
            yield what, scan, scan.meant


def _said_by(scan: QueuedScan) -> Collection[Said]:
    """Return what a scan said of those after it, also where nobody knows what that was."""
    meant, text = scan.meant, read_typed(scan.typed).text
    if isinstance(meant, RowMeant):  # of a case's label; any other was held, and somebody made an asset of its line
        return () if says_card(RawScan(scan.number, text, UNTOLD), CardKind.CASE) else said_by(text, is_case=False)
    if isinstance(meant, Held):
        return said_by(text, is_case=True) if meant.reason in _HOLDS_ALL_THE_SAME else _unclear(meant, text)
    if not isinstance(meant, ContextSet):
        return ()
    name = parsed(parse_case_name, text)
    return said_by(text, is_case=name != "" and name == meant.context.case_name) or frozenset[Said](("holder",))


def _unclear(held: Held, text: str) -> frozenset[Said]:
    """Return of what nobody knows what holds after a ``text`` was held."""
    if held.reason == "scan_unreadable":  # the codes beside an asset's, such as addresses, have neither
        is_name = " " in text or not text.isascii() or parsed(parse_case_name, text) != ""
        return _UNREADABLE if is_name else frozenset()
    is_unclear = held.reason in _NOTHING_KNOWN or held.reason in _BRINGS_NOTHING
    return said_by(text, is_case=True) if is_unclear else frozenset()


def _says_now(what: Said, said: Context, now: Context) -> bool:
    """Tell whether what was said holds now; else it was said otherwise by hand."""
    if what == "event":
        return said.ended == now.ended and (now.ended or said.event_type == now.event_type)
    if what == "holder":
        return (said.holder, said.holder_id) == (now.holder, now.holder_id)
    return _place(said) == _place(now)


def _place(context: Context) -> tuple[str, bool, bool, int | None]:
    used = None if context.used is None else context.used.slot_position
    return context.case_name, context.fills, context.unslotted, context.slot_position or used


def _fields(what: Said, context: Context) -> dict[str, object]:
    return {name: getattr(context, name) for name in _NOT_SAID[what]}


def _unsaid(what: Said, context: Context) -> Context:
    """Return a context in which something is not said any more; where no place was, none is missed."""
    after = msgspec.structs.replace(context, **_NOT_SAID[what])
    return msgspec.structs.replace(after, place_removed=has_place(context)) if what == "place" else after
