"""What can be chosen on the page of a hand-over: people, cases, the slot something came from, and whether to accept.

Owns nothing of a list; reads the present state alone.
"""

from assettrack.domain import station_deeds
from assettrack.domain.holders import Holder, name_key, normal_name
from assettrack.domain.inventory import AcceptanceRule
from assettrack.domain.tags import Place
from assettrack.services.ports import Workplace

PEOPLE_SHOWN = 20


def people(workplace: Workplace, text: str, *, active: bool) -> list[Holder]:
    """Return the holders whose name has this part, or the first of all; without ``active`` inactive ones too."""
    with workplace.store.read() as snapshot:
        found = snapshot.browsing.holders_with(name_key(normal_name(text)), PEOPLE_SHOWN)
    return [holder for holder in found if holder.active or not active]


def acceptance_rule(workplace: Workplace) -> AcceptanceRule:
    """Return whether the station wants custody accepted before it is recorded."""
    with workplace.store.read() as snapshot:
        return station_deeds.acceptance_rule(snapshot)


def case_names(workplace: Workplace) -> list[str]:
    """Return the names of all cases."""
    with workplace.store.read() as snapshot:
        return sorted(snapshot.all_cases())


def home_of(workplace: Workplace, asset_tag: str) -> Place | None:
    """Return the slot from which an asset was issued, or None where it has none or is not out."""
    with workplace.store.read() as snapshot:
        custody_now = snapshot.inventory_of([asset_tag], []).custody.get(asset_tag)
    return None if custody_now is None or custody_now.home is None else Place(*custody_now.home)
