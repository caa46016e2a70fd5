"""Lists of labels: of assets, slots, cases, holders and accounts, as the station knows them.

Owns which labels a wish means. Must never write, and never guess: a name that nobody knows is refused.
"""

from collections.abc import Sequence

from assettrack.domain import errors
from assettrack.domain.facts import Account
from assettrack.domain.holders import name_key, near_among, normal_name
from assettrack.domain.labels import (
    LABELS_MAX,
    Label,
    Symbology,
    asset_label,
    begin_label,
    begin_label_by_name,
    case_label,
    holder_label,
    slot_label,
    station_cards,
)
from assettrack.domain.tags import Place
from assettrack.services.card_marks import marks_of_accounts, marks_of_holders
from assettrack.services.names import NEAR_NAMED, require_meant
from assettrack.services.ports import Snapshot, Workplace

BARS = Symbology.CODE_128


def of_assets(
    workplace: Workplace, tags: Sequence[str], symbology: Symbology = BARS, *, may_be_new: bool = False
) -> list[Label]:
    """Return the labels of assets; with ``may_be_new`` also of such as nobody scanned yet, to be stuck on before.

    Raises:
        errors.NotFound: nobody ever scanned one of them.
    """
    if not may_be_new:
        with workplace.store.read() as snapshot:
            for tag in tags:
                if snapshot.asset(tag) is None:
                    raise errors.NotFound("asset", tag)
    return [asset_label(tag).in_code(symbology) for tag in tags]


def existing(workplace: Workplace, tags: Sequence[str]) -> list[str]:
    """Return those of some tags that an asset has already, retired or not: a label of one is printed again."""
    with workplace.store.read() as snapshot:
        return [tag for tag in tags if snapshot.asset(tag) is not None]


def of_assets_in(workplace: Workplace, case_name: str, symbology: Symbology = BARS) -> list[Label]:
    """Return the labels of everything that is in a case, by slot.

    Raises:
        errors.NotFound: there is no such case, or nothing in it.
    """
    with workplace.store.read() as snapshot:
        tags = [tag for _, tag in _slots(snapshot, case_name) if tag is not None]
    if not tags:
        raise errors.NotFound("asset", f"in {case_name}: it is empty")
    return [asset_label(tag).in_code(symbology) for tag in tags]


def of_all_assets(workplace: Workplace, symbology: Symbology = BARS) -> list[Label]:
    """Return the labels of all assets that are not retired, by tag.

    Raises:
        errors.NotFound: there is none.
        errors.ValueUnusable: there are too many for one print.
    """
    with workplace.store.read() as snapshot:
        tags = [tag for tag, _, asset in snapshot.all_assets() if asset.status != "RETIRED"]
    _require_some("asset", tags)
    return [asset_label(tag).in_code(symbology) for tag in tags]


def of_slots(workplace: Workplace, case_names: Sequence[str], symbology: Symbology = BARS) -> list[Label]:
    """Return the labels of all slots of some cases.

    Raises:
        errors.NotFound: there is no such case.
        errors.ValueUnusable: its name is too long for this kind of code, or there are too many slots for one print.
    """
    with workplace.store.read() as snapshot:
        places = [Place(name, position) for name in case_names for position, _ in _slots(snapshot, name)]
    _require_some("slot", places)
    return [slot_label(place, symbology) for place in places]


def of_cases(workplace: Workplace, case_names: Sequence[str] = (), symbology: Symbology = BARS) -> list[Label]:
    """Return the labels of some cases, or of all by name.

    Raises:
        errors.NotFound: there is no such case, or none at all.
        errors.ValueUnusable: this kind of code can't hold a name so that nothing else could be meant.
    """
    with workplace.store.read() as snapshot:
        known = snapshot.all_cases()
        for name in case_names:
            _slots(snapshot, name)
        wanted = list(case_names or known)
        both = {name for name in wanted if snapshot.asset(name) is not None}
    _require_some("case", wanted)
    return [case_label(name, symbology, is_asset_too=name in both) for name in wanted]


def of_holders(workplace: Workplace, names: Sequence[str] = (), number: int | None = None) -> list[Label]:
    """Return the badges of some holders, or of all that are active, by name.

    ``number`` is that of the only one who is named, where a page showed it: the name may be another's since.

    Raises:
        errors.NotFound: there is no such holder, or none at all.
        errors.ValueUnusable: a name can't be one.
    """
    with workplace.store.read() as snapshot:
        if names:
            holders = [require_meant(snapshot, name, number) for name in names]
        else:
            active = (holder for holder in snapshot.all_holders() if holder.active)
            holders = sorted(active, key=lambda holder: name_key(holder.name))
        _require_some("holder", holders)
        marks = marks_of_holders(snapshot, [holder.holder_id for holder in holders])
    return [holder_label(holder, marks[holder.holder_id]) for holder in holders]


def rounds_of_cards(
    workplace: Workplace, begins: Sequence[str] = (), end_counts: Sequence[int] = ()
) -> tuple[str, list[list[Label]]]:
    """Return the station's name, and the cards of a round for each who begins one: some accounts, or all active ones.

    Where the station has no account at all, ``begins`` are names in letters.

    Raises:
        errors.NotFound: there is no such account, or nobody is named and there is none.
        errors.ValueUnusable: no card can hold a name; or nobody scans as many as a count says.
    """
    with workplace.store.read() as snapshot:
        accounts = list(snapshot.facts(Account))
        station = snapshot.station().station
        marks = marks_of_accounts(snapshot, [account.account_id for account in accounts])
    if not accounts:
        cards = [begin_label_by_name(normal_name(name)) for name in begins]
    else:
        active = [account for account in accounts if account.active]
        wanted = [_account(active, name) for name in begins] if begins else active
        cards = [begin_label(account.account_id, account.name, marks[account.account_id]) for account in wanted]
    if not cards:
        raise errors.NotFound("account", "to begin a round with: name who scans")
    return station, [station_cards([card], end_counts) for card in cards]


def distinct(rounds: Sequence[Sequence[Label]]) -> list[Label]:
    """Return the cards of all rounds, each once: as labels nobody needs two of one."""
    return list(dict.fromkeys(card for cards in rounds for card in cards))


def _account(accounts: Sequence[Account], name: str) -> Account:
    clean = normal_name(name)
    found = next((account for account in accounts if account.name_key == name_key(clean)), None)
    if found is None:
        raise errors.NotFound("account", clean, near_among(clean, [each.name for each in accounts])[:NEAR_NAMED])
    return found


def _slots(snapshot: Snapshot, case_name: str) -> Sequence[tuple[int, str | None]]:
    slots = snapshot.slots_of(case_name)
    if not slots:
        raise errors.NotFound("case", case_name)
    return slots


def _require_some(what: str, found: Sequence[object]) -> None:
    """Make sure that there is something to print, and not more than one print holds.

    Raises:
        errors.NotFound: there is nothing.
        errors.ValueUnusable: there is too much.
    """
    if not found:
        raise errors.NotFound(what, "to print a label for")
    if len(found) > LABELS_MAX:
        raise errors.ValueUnusable("The number of labels", f"{len(found)}", f"it is from 1 to {LABELS_MAX:,}")
