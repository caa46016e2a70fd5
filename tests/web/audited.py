"""A station that handed something over, as somebody looks into its log in a browser.

Owns what the tests of the log's pages and of those that check receipts have in common.
"""

import re

from assettrack.domain import typed_rows
from assettrack.domain.plans import Acceptance, Options
from assettrack.services import custody, holders, intake, receipts
from assettrack.services.custody import TypedCommand
from tests.services.desk import read as batch_of
from tests.services.desk import row
from tests.web.visitors import OpenStation, Visitor

JANE = "Jane Smith"


def hand_out(station: OpenStation) -> OpenStation:
    """Scan LT-1 to LT-4 into CASE-01 by batch 1, issue the first two to Jane by batch 2; receipt 1 is of that."""
    station.case("CASE-01", 4)
    holders.register(station.workplace(), JANE)
    text = "".join(row(f"LT-{number}", place=("CASE-01", str(number))) for number in range(1, 5))
    intake.commit(station.workplace(), batch_of(text), "scans.csv", Options(), confirm=None)
    command = TypedCommand(["LT-1", "LT-2"], lambda _: typed_rows.issues(["LT-1", "LT-2"], JANE))
    custody.commit(station.workplace(), command, Options(accepted=Acceptance("paper")), confirm=None)
    receipts.issue_for_batch(station.workplace(), 2)
    return station


def auditor(station: OpenStation) -> Visitor:
    """Sign in as an auditor."""
    return station.visitor("olu", "auditor")


def shown(visitor: Visitor) -> list[int]:
    """The numbers of the entries in the page's table."""
    return [int(seq) for seq in re.findall(r'<td class="number"><a href="/audit/entries/(\d+)"', visitor.page)]
