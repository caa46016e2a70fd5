"""A station that has done some of everything, so that every table and every kind of entry has something in it.

Owns the deeds that come on top of those of `insider`. Each is done by its service, as an operator would.
"""

from assettrack.domain import scanner_deeds, typed_rows
from assettrack.domain.plans import Acceptance, Options
from assettrack.domain.scanner_deeds import ClearedFacts, LeftOutFacts
from assettrack.services import (
    acceptance_corrections,
    acceptances,
    contacts,
    corrections,
    count_endings,
    counts,
    custody,
    holders,
    organisations,
    receipts,
    rooms,
    settings,
)
from assettrack.services.count_reading import Scans, Spotted
from assettrack.services.counts import AskedScope
from assettrack.services.custody import TypedCommand
from assettrack.services.holders import HolderUpdate
from assettrack.services.typed_deeds import signoff
from tests.services.desk import Desk, row
from tests.services.front_door import do_everything_with_accounts


def do_everything_else(desk: Desk) -> None:
    """Go on from the log of `insider.transactions`: people, rooms, custody, receipts, corrections, counts, accounts."""
    at = desk.workplace
    organisations.register(at, "Acme")
    rooms.register_building(at, "B1")
    rooms.register_room(at, "B1-101", "B1")
    organisations.set_use(at, "Acme", "B1", allowed=True)
    holders.register(at, "Cy Young", organisation="Acme", identifier="S-7")
    holders.change(at, "Zoë Quill", HolderUpdate(active=False))
    contacts.write(at, "Jane Smith", "jane@example.org")
    contacts.write(at, "Bob Lee", "bob@example.org")
    contacts.erase(at, "Bob Lee")
    desk.commit(row("A1", at="10:08") + row("A1", "UPDATE", at="10:09"))
    settings.set_rule(at, "acceptance", "required")
    desk.commit(
        row("A5", at="10:09", place=("C1", "2")) + row("A5", "ISSUE", at="10:10"),
        Options(due_on="2026-08-01", accepted=Acceptance("paper")),
    )
    settings.set_rule(at, "acceptance", "recorded")
    given = TypedCommand(["A5"], lambda _: typed_rows.transfers(["A5"], "Cy Young"))
    transfer = custody.commit(at, given, Options(due_on="2026-09-01"), confirm=None)
    said = acceptances.SaidAcceptance("screen", strokes="M1 1l2 2")
    accepted = acceptances.record(at, transfer.batch_id, "Cy Young", said)
    acceptance_corrections.correct(at, accepted.seq, {"how": "paper"}, "it was signed", confirm=None)
    receipts.issue_for_batch(at, transfer.batch_id, "Cy Young")
    receipts.issue_hand_receipt(at, "Cy Young")
    values = {"notes": "on loan", "due_on": "2026-10-01"}
    corrections.correct(at, transfer.last_seq, values, "forgotten", confirm=None)
    count(desk, AskedScope(("C1",)), "A5", "A9")
    counts.start(at, AskedScope())
    count_endings.abandon(at, counts.start(at, AskedScope(("C2",))).count_id, "the wrong case")
    do_everything_with_accounts(desk)
    clear_a_scanner(desk)


def clear_a_scanner(desk: Desk) -> None:
    """Record that a pocket scanner was cleared of what the first batch holds, and that a download is left out whole."""
    cleared = ClearedFacts("697227", "OPN-2004", 5, "ab" * 32, (1,))
    with desk.store.write() as transaction:
        last, seq = transaction.last_batch_id(), transaction.log_size + 1
        transaction.save(scanner_deeds.record_cleared(cleared, last, seq, signoff(desk.workplace)))
    trial = LeftOutFacts("900001", "OPN-2004", 5, "ab" * 32, "a name", "a trial")
    with desk.store.write() as transaction:
        transaction.save(scanner_deeds.record_left_out(trial, transaction.log_size + 1, signoff(desk.workplace)))


def count(desk: Desk, scope: AskedScope, *tags: str) -> None:
    """Count some assets, and sign the count off."""
    begun = counts.start(desk.workplace, scope)
    counts.add_scans(desk.workplace, begun.count_id, Scans(list(map(Spotted, tags))))
    count_endings.close(desk.workplace, begun.count_id, "as it should be")
