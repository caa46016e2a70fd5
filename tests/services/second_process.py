"""Another process at work on the same database, told line by line what to do, for tests that need two.

Reads one JSON object a line from standard input and answers each with one on standard output. Run as
`python -m tests.services.second_process`. It must never do anything that it was not told to.
"""

import json
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import msgspec

from assettrack.domain import errors
from assettrack.domain.deeds import Deed
from assettrack.domain.holders import Holder
from assettrack.domain.plans import Options
from assettrack.formats import scan_csv
from assettrack.services import intake
from assettrack.services.ports import Workplace
from assettrack.store.sqlite import SqliteStore
from tests.store.databases import entries
from tests.store.stations import its_signer, workplace

Order = dict[str, Any]
"""What to do (`do`), to which `database`, and what that needs."""


class _GivenUp(Exception):
    """The transaction is to be undone."""


def commit(station: Workplace, order: Order) -> Order:
    """Commit the `file`, with the code `confirm` or without."""
    source = scan_csv.parse(Path(order["file"]).read_bytes())
    try:
        receipt = intake.commit(station, source, "raced.csv", Options(new_holders=True), confirm=order["confirm"])
    except (errors.BatchRefused, errors.PlanStale) as error:
        refusals = [finding.message for finding in error.refusals]
        return {"error": error.code, "refusals": refusals, "rows": getattr(error, "moved", [])}
    return dict(msgspec.to_builtins(receipt))


def write(station: Workplace, _order: Order) -> Order:
    """Register a holder, tell that it is not committed yet, and undo it when the next line comes."""
    with suppress(_GivenUp), station.store.write() as transaction:
        transaction.save(Deed(entries(transaction.log_size + 1), holders=(Holder(77, "Nobody Yet"),)))
        say({"held": True})
        sys.stdin.readline()
        _give_up()
    return {"released": True}


def _give_up() -> None:
    raise _GivenUp


def read(station: Workplace, _order: Order) -> Order:
    """Open a snapshot, tell its size, and keep it until the next line comes."""
    with station.store.read() as snapshot:
        size = snapshot.log_size
        say({"size": size})
        sys.stdin.readline()
        return {"still": snapshot.log_size == size}


def say(answer: Order) -> None:
    """Answer with one line."""
    print(json.dumps(answer), flush=True)  # noqa: T201 - the answer to the other process


def main() -> None:
    """Do what each line says, until there are no more."""
    for line in sys.stdin:
        order = json.loads(line)
        store = SqliteStore(Path(order["database"]), its_signer)
        with closing(store):
            station = workplace(store, Path(order["plans"]))
            say({"commit": commit, "write": write, "read": read}[order["do"]](station, order))


if __name__ == "__main__":
    main()
