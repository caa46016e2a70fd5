"""Entries of every kind with anything in them changed: the replay names one, or they are free texts; it never breaks.

An insider who has the key can sign such a log anew, so that only the history itself can tell.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pytest

from assettrack.domain.deeds import Record
from assettrack.domain.replay import IllegalEntry, Replay
from tests.conftest import Tally
from tests.sampling import Sample
from tests.services.desk import Desk
from tests.services.full_station import do_everything_else
from tests.services.insider import quick_folder, transactions

FREE: set[str | int] = {
    *("operator", "version", "recorded_at", "source_name", "source_sha256", "reason", "late_reason", "remark"),
    *("accepted_by", "accepted_at", "how", "row_number", "timestamp"),
}
FREE_OF_KIND: dict[str, set[str | int]] = {
    "CORRECTION": {"notes"},
    "RECEIPT": {"assets", "lines"},
    "COUNT_SCANS": {1, 2},
    "COUNT_CLOSE": {"rule"},
    "SECURITY": {"address", "detail", "times"},
    "SCANNER_CLEARED": {"serial", "model", "scans", "sha256", "batches", 0, "left"},
    "SCANS_LEFT_OUT": {"serial", "model", "scans", "sha256", "download"},
}
"""What nothing in the history contradicts: of a scan of a count, when it was and in which case it was seen; of a count
that ends so by either rule, by which it did; of an event at the door, from where, what else and how often; of a scanner
that was cleared, what it held.

Only a signed root, or what lies beside the log, tells that such a field was changed.
"""

Path = tuple[str | int, ...]

FORGED = 600
"""So many forgeries are tried in the usual run, each field at least once."""


class Entries:
    """Finds entries among records, as a store does."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = records

    def body_of(self, seq: int) -> bytes | None:
        """Return the body of an entry, or None."""
        return self._records[seq - 1].body if 0 < seq <= len(self._records) else None

    def bodies_about(self, asset_tag: str, before_seq: int) -> Sequence[bytes]:
        """Return the bodies of the entries about an asset before an entry."""
        return [record.body for record in self._records[: before_seq - 1] if record.asset_tag == asset_tag]


@pytest.fixture(scope="module")
def records() -> Iterator[list[Record]]:
    """The log of a station that has done some of everything."""
    with quick_folder() as folder:
        desk = Desk(folder)
        list(transactions(desk))
        do_everything_else(desk)
        with desk.store.read() as snapshot:
            found = [record for record, _ in snapshot.records()]
        desk.store.close()
        yield found


def replayed(records: Sequence[Record]) -> Replay:
    """The replay of these records."""
    replay = Replay(Entries(records))
    replay.run(iter(records))
    return replay


def told(replay: Replay) -> object:
    """What the replay says the tables are."""
    state, inventory = replay.state, replay.inventory
    facts = state._facts  # noqa: SLF001 - all kinds at once
    return (
        state.station, inventory.assets, inventory.latest, inventory.slots, inventory.cases, inventory.custody,
        inventory.holders.all, facts, replay.batches, replay.checkpoint_sizes,
    )  # fmt: skip


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:  # noqa: ANN401 - whatever JSON holds
    """Every text, number, truth and null of a body, with where it stands."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from leaves(part, (*path, key))
    if not isinstance(value, dict | list):
        yield path, value


def others(value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - as above
    """What may stand there instead."""
    match value:
        case bool():
            return (not value,)
        case int():
            return value + 1, 0, -1, 2**62
        case str():
            return f"{value}x", "", "A1", "STORAGE"
        case _:
            return "x", 1, "A1"


def with_changed(record: Record, path: Path, value: Any) -> Record:  # noqa: ANN401 - as above
    """A record with one leaf of its body changed, in the canonical form; None takes it away."""
    body = json.loads(record.body)
    part = body
    for key in path[:-1]:
        part = part[key]
    if value is None:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    said = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return record._replace(body=said.encode())


def outcome(records: Sequence[Record], expected: object) -> str:
    """What becomes of a log in which something was changed."""
    try:
        found = told(replayed(records))
    except IllegalEntry:
        return "an entry is named"
    return "nothing is seen" if found == expected else "the tables are others"


class Forgery(NamedTuple):
    """Another value, or none at all, for one leaf of one entry."""

    at: int
    event: str
    path: Path
    value: Any

    @property
    def kind(self) -> tuple[str | int, ...]:
        """Which field of which kind of entry; one row of a list is as good as another."""
        return self.event, *("each" if isinstance(key, int) else key for key in self.path)


def forgeries(records: Sequence[Record]) -> Iterator[Forgery]:
    """Every leaf of every entry, with all that may stand there instead."""
    for at, record in enumerate(records):
        body = json.loads(record.body)
        for path, value in leaves(body):
            for other in [each for each in (*others(value), None) if each != value]:
                yield Forgery(at, body["event_type"], path, other)


def test_nothing_that_stands_in_an_entry_can_be_changed_unseen(
    records: list[Record], tally: Tally, sample: Sample
) -> None:
    """Every leaf of every entry: the replay names an entry, or leads to other tables, or it is a free text.

    Each field of each kind of entry, of some rows and with some other values; in a soak of all, with all.
    """
    expected = told(replayed(records))
    outcomes, unseen = Counter[str](), set[tuple[str, Path]]()
    for at, event, path, value in sample(list(forgeries(records)), FORGED, lambda forgery: forgery.kind):
        forged = [*records[:at], with_changed(records[at], path, value), *records[at + 1 :]]
        came_of_it = outcome(forged, expected)
        outcomes[came_of_it] += 1
        if came_of_it == "nothing is seen":
            unseen.add((event, path))
    for what, count in outcomes.items():
        tally(f"forged entries: {what}", count)
    assert {(kind, path) for kind, path in unseen if path[-1] not in FREE | FREE_OF_KIND.get(kind, set())} == set()
    assert outcomes["an entry is named"] > 3 * outcomes["nothing is seen"]
