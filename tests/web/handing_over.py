"""What the tests of handing assets over share: a stocked station, and the way to the check page.

Owns nothing of what is expected.
"""

import re
from collections.abc import Mapping

import msgspec

from assettrack.domain.plans import Options
from assettrack.domain.tags import Place
from assettrack.domain.timestamps import utc_text
from assettrack.domain.typed_rows import TypedBatch, TypedRow, issues
from assettrack.services import assets, audit, holders, intake, verification
from tests.web.visitors import OpenStation, Visitor

STROKES = "M100 100l20 -30l15 40M200 90l60 0"
TAGS = ("LT-1", "LT-2", "LT-3", "LT-4", "LT-5")
JANE, OKRI = "Jane Smith", "Ben Okri"


def stocked(station: OpenStation, *names: str) -> None:
    """Fill a case of eight slots with five laptops, and register two people, or whoever is named."""
    station.case("CASE-01", 8)
    rows = [TypedRow("SCAN", tag, place=Place("CASE-01", n), equipment_type="laptop") for n, tag in enumerate(TAGS, 1)]
    take_in(station, rows)
    for name in names or (JANE, OKRI):
        holders.register(station.workplace(), name)


def take_in(station: OpenStation, rows: list[TypedRow]) -> None:
    """Commit rows by the services, as any other face would."""
    workplace = station.workplace()
    batch = TypedBatch(rows, "mara", now=utc_text(station.tick()))
    intake.commit(workplace, batch, "typed", Options(), confirm=None)


def issued(station: OpenStation, *tags: str, to: str = JANE) -> None:
    """Issue assets by the services."""
    take_in(station, issues(tags, to))


def at_the_desk(station: OpenStation, path: str = "/issue", name: str = "ben") -> Visitor:
    """Sit down at the stocked station; a page that names a person is gone to by way of the moment it is looked at."""
    visitor = station.visitor(name)
    answer = visitor.get(path)
    if "holder=" in path:
        visitor.follow(answer)
    return visitor


def listed(visitor: Visitor, word: str, *typed: str, holder: str = "") -> None:
    """Choose a person, and scan with plain forms."""
    if holder:
        visitor.get(f"/{word}")
        visitor.follow(visitor.post(f"/{word}/holder", {"holder": holder}))
    for each in typed:
        visitor.follow(visitor.post(f"/{word}/scans", {"typed": each}))


def checked(visitor: Visitor, word: str, said: Mapping[str, object] | None = None) -> dict[str, str]:
    """Say how it is accepted, look at the check page, and return what its form would send."""
    visitor.get(f"/{word}/acceptance")
    visitor.follow(visitor.post(f"/{word}/acceptance", {"how": "none", **(said or {})}))
    return code(visitor)


def code(visitor: Visitor) -> dict[str, str]:
    """What the check page's form would send; it must be there."""
    found = form_of(visitor)
    assert found.keys() == {"draft", "confirm"}, visitor.words
    return found


def form_of(visitor: Visitor) -> dict[str, str]:
    """What the check page's form would send, if there is one."""
    return dict(re.findall(r'name="(draft|confirm)" value="([^"]+)"', visitor.page))


def where(station: OpenStation, tag: str) -> str:
    """Where an asset is."""
    return assets.asset(station.workplace(), tag).where


def size(station: OpenStation) -> int:
    """How many entries the log has."""
    return audit.log_size(station.workplace())


def sound(station: OpenStation) -> None:
    """The whole log verifies."""
    found = verification.verify(station.workplace(), [])
    assert found.ok, found.message


def said_of_acceptance(station: OpenStation) -> object:
    """What the latest batch says of its acceptance."""
    with station.workplace().store.read() as snapshot:
        found = [msgspec.json.decode(record.body) for record, _ in snapshot.records()]
    return [entry for entry in found if entry["event_type"] == "BATCH"][-1].get("options", {}).get("accepted")
