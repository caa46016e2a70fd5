"""A small station with something in it: laptops in a case, some of them issued."""

from assettrack.domain.plans import Options
from assettrack.formats import scan_csv
from assettrack.services import holders, intake
from tests.web.visitors import OpenStation

_HEADER = "asset_tag,timestamp,event_type,operator_id,issued_to_name,case_number,slot_number,equipment_type\n"


def fill(station: OpenStation, count: int = 4, slots: int = 6) -> None:
    """Put so many laptops into the first slots of a case: LT-1 into slot 1, and so on."""
    station.case("CASE-01", slots)
    commit(station, [f"LT-{n},2026-06-20T10:00:00Z,SCAN,mara,,CASE-01,{n},laptop" for n in range(1, count + 1)])


def issue(station: OpenStation, name: str, *tags: str, due_on: str | None = None) -> None:
    """Issue assets to somebody, who is registered where that is new."""
    if name not in [holder.name for holder in holders.all_holders(station.workplace())]:
        holders.register(station.workplace(), name)
    rows = [f"{tag},2026-06-21T10:00:00Z,ISSUE,mara,{name},OUT,OUT," for tag in tags]
    commit(station, rows, Options(due_on=due_on))


def commit(station: OpenStation, rows: list[str], options: Options | None = None) -> None:
    """Commit rows as one batch."""
    source = scan_csv.parse((_HEADER + "\n".join(rows) + "\n").encode())
    intake.commit(station.workplace(), source, "scans.csv", options or Options(), confirm=None)


def entries(station: OpenStation) -> list[str]:
    """Return all bodies of the log."""
    with station.workplace().store.read() as snapshot:
        return [record.body.decode() for record, _ in snapshot.records()]
