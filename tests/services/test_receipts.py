"""Receipts: one entry each with the hash of the text; the same paper each time; genuine offline and beside the log."""

import random
from collections.abc import Callable

import apsw
import pytest

from assettrack.domain import errors, station_errors
from assettrack.domain.plans import Acceptance, Options
from assettrack.domain.receipts import Receipt, parse_text
from assettrack.domain.signed_notes import vkey
from assettrack.services import acceptances, corrections, holders, receipt_checks, receipts, slots, verification
from assettrack.services import settings as station_settings
from assettrack.services.receipts import PrintedReceipt
from assettrack.station.keys import verify_signature
from tests.services.desk import Desk, row
from tests.services.test_custody import back, do, issue, transfer

JANE, BOB = "Jane Smith", "Bob Lee"


@pytest.fixture
def handed_out(desk: Desk) -> Desk:
    """Batch 1 scans A1 to A3; batch 2 issues A1 and A2 to Jane, accepted; batch 3 transfers A1 to Bob, still open."""
    desk.commit(row("A1", place=("CASE-01", "1")) + row("A2", place=("CASE-01", "2")) + row("A3"))
    do(desk, issue("A1", "A2"), options=Options(due_on="2026-12-01", accepted=Acceptance("paper")))
    do(desk, transfer("A1"))
    return desk


def text(desk: Desk, receipt_id: int) -> Receipt:
    """What a receipt says."""
    return parse_text(receipts.printed(desk.workplace, receipt_id).text)


def key_of(desk: Desk) -> str:
    """The station's public key, as it is handed to whoever verifies."""
    with desk.store.read() as snapshot:
        station = snapshot.station()
    return vkey(station.station, bytes.fromhex(station.public_key))


def test_a_receipt_says_what_a_batch_did_with_a_holder(handed_out: Desk) -> None:
    """Each asset with where it was and went, its entry, who accepted it and when it is due."""
    (issued,) = receipts.issue_for_batch(handed_out.workplace, 2).receipts
    receipt = text(handed_out, issued.receipt_id)
    moves = [(line.event, line.asset_tag, line.moved_from, line.moved_to) for line in receipt.lines]
    assert moves == [("ISSUE", "A1", "CASE-01 slot 1", JANE), ("ISSUE", "A2", "CASE-01 slot 2", JANE)]
    assert (receipt.holder, receipt.organisation, receipt.due_date) == (JANE, "Ad Hoc", "2026-12-01")
    assert receipt.acknowledgement is not None
    assert (receipt.acknowledgement.accepted_by, receipt.acknowledgement.how) == (JANE, "paper")
    entries = handed_out.entries()
    assert [f'"asset_tag":"{line.asset_tag}"'.encode() in entries[line.entry_seq - 1] for line in receipt.lines]


def test_both_holders_of_a_transfer_get_one(handed_out: Desk) -> None:
    """Who gives and who receives, each with the other's name; what nobody accepted is open."""
    given, received = receipts.issue_for_batch(handed_out.workplace, 3).receipts
    for issued, holder in ((given, JANE), (received, BOB)):
        receipt = text(handed_out, issued.receipt_id)
        assert (receipt.holder, receipt.acknowledgement, receipt.due_date) == (holder, None, None)
        assert [(line.moved_from, line.moved_to) for line in receipt.lines] == [(JANE, BOB)]


def test_a_return_is_accepted_by_who_took_it_back(handed_out: Desk) -> None:
    """Without a name the operator accepted what came back; with one, the person named."""
    do(handed_out, back("A2"), options=Options(accepted=Acceptance("typed")))
    do(handed_out, back("A1"), options=Options(accepted=Acceptance("typed", "Zoe Quill")))
    accepted = []
    for batch_id in (4, 5):
        (issued,) = receipts.issue_for_batch(handed_out.workplace, batch_id).receipts
        found = text(handed_out, issued.receipt_id).acknowledgement
        accepted.append(None if found is None else found.accepted_by)
    assert accepted == ["gcurl", "Zoe Quill"]


def test_a_hand_receipt_says_all_that_a_holder_has(handed_out: Desk) -> None:
    """By tag, each with the entry by which the holder has it, and when it is due."""
    issued = receipts.issue_hand_receipt(handed_out.workplace, "jane smith").receipts[0]
    receipt = text(handed_out, issued.receipt_id)
    assert [(line.event, line.asset_tag, line.moved_to) for line in receipt.lines] == [("held", "A2", JANE)]
    assert receipt.notes == ("due 2026-12-01: item 1",)
    do(handed_out, back("A2"))
    assert text(handed_out, receipts.issue_hand_receipt(handed_out.workplace, JANE).receipts[0].receipt_id).lines == ()


def test_retired_with_its_holder(handed_out: Desk) -> None:
    """What is retired in the field leaves its holder: the receipt says so, and the hand receipt is empty of it."""
    handed_out.commit(row("A2", "RETIRE", at="12:03"))
    (issued,) = receipts.issue_for_batch(handed_out.workplace, 4).receipts
    (line,) = text(handed_out, issued.receipt_id).lines
    assert (line.event, line.moved_from, line.moved_to, line.condition) == ("RETIRE", JANE, "retired", "worn")
    with pytest.raises(errors.BatchRefused, match="refused"):
        handed_out.commit(row("A2", "RETURN", at="12:04", place=("CASE-01", "2")))


def test_the_same_is_issued_once(handed_out: Desk) -> None:
    """A receipt that would say what the latest one says is not issued again; a changed one is."""
    first = receipts.issue_hand_receipt(handed_out.workplace, JANE).receipts[0]
    with handed_out.unchanged():
        again = receipts.issue_hand_receipt(handed_out.workplace, JANE).receipts[0]
    assert (again.already_issued, again.receipt_id, again.seq) == (True, first.receipt_id, first.seq)
    do(handed_out, issue("A3"))
    assert receipts.issue_hand_receipt(handed_out.workplace, JANE).receipts[0].receipt_id == first.receipt_id + 1


def test_a_receipt_is_the_same_each_time(handed_out: Desk) -> None:
    """Text and proof don't change though the log goes on: the proof is of the checkpoint of its own transaction."""
    issued = receipts.issue_hand_receipt(handed_out.workplace, JANE).receipts[0]
    before = receipts.printed(handed_out.workplace, issued.receipt_id)
    for tag in ("A3", "A2"):
        handed_out.commit(row(f"{tag}X"))
    assert receipts.printed(handed_out.workplace, issued.receipt_id) == before


REFUSED: list[tuple[Callable[[Desk], object], type[errors.AssetTrackError]]] = [
    (lambda desk: receipts.issue_for_batch(desk.workplace, 99), errors.NotFound),
    (lambda desk: receipts.issue_for_batch(desk.workplace, 1), errors.DeedRefused),
    (lambda desk: receipts.issue_for_batch(desk.workplace, 2, "Nobody"), errors.NotFound),
    (lambda desk: receipts.issue_for_batch(desk.workplace, 2, BOB), errors.DeedRefused),
    (lambda desk: receipts.issue_hand_receipt(desk.workplace, "Nobody").receipts[0], errors.NotFound),
    (lambda desk: receipts.printed(desk.workplace, 7), errors.NotFound),
    (lambda desk: receipts.all_receipts(desk.workplace, "Nobody"), errors.NotFound),
]


@pytest.mark.parametrize(("ask", "error"), REFUSED)
def test_what_is_not_there_gets_no_receipt(
    handed_out: Desk, ask: Callable[[Desk], object], error: type[errors.AssetTrackError]
) -> None:
    """An unknown batch, holder or receipt, and a holder with whom the batch had nothing to do."""
    with handed_out.unchanged(), pytest.raises(error):
        ask(handed_out)


def test_a_refusal_says_what_may_have_been_meant(handed_out: Desk) -> None:
    """An almost right name is offered the right one; a batch of sightings is told apart from one that is not there."""
    with pytest.raises(errors.NotFound, match="Known and written almost like it: Jane Smith"):
        receipts.issue_hand_receipt(handed_out.workplace, "Jane Smit")
    with pytest.raises(errors.DeedRefused, match="Batch 1 handed nothing over") as caught:
        receipts.issue_for_batch(handed_out.workplace, 1)
    assert caught.value.code == "no_handover_in_batch"


def test_receipts_are_listed_by_number_and_holder(handed_out: Desk) -> None:
    """All of them, or those of one holder."""
    receipts.issue_for_batch(handed_out.workplace, 3)
    receipts.issue_hand_receipt(handed_out.workplace, JANE).receipts[0]
    listed = [(fact.receipt_id, fact.batch_id, name) for fact, name in receipts.all_receipts(handed_out.workplace)]
    assert listed == [(1, 3, JANE), (2, 3, BOB), (3, None, JANE)]
    assert [fact.receipt_id for fact, _ in receipts.all_receipts(handed_out.workplace, JANE)] == [1, 3]


@pytest.fixture
def paper(handed_out: Desk) -> PrintedReceipt:
    """The receipt of batch 2, after which the log went on."""
    (issued,) = receipts.issue_for_batch(handed_out.workplace, 2).receipts
    handed_out.commit(row("A9"))
    return receipts.printed(handed_out.workplace, issued.receipt_id)


def test_a_receipt_is_genuine_by_the_key_alone(handed_out: Desk, paper: PrintedReceipt) -> None:
    """With the public key no database is asked; beside it the log must agree."""
    key = key_of(handed_out)
    offline = receipt_checks.judge_offline(paper.text, paper.payload, key, verify_signature)
    assert (offline.ok, offline.code, offline.log_agrees, offline.holder) == (True, "genuine", None, JANE)
    beside = receipt_checks.judge(handed_out.workplace, paper.text, paper.payload)
    assert (beside.ok, beside.log_agrees, beside.remarks) == (True, True, ())
    with pytest.raises(errors.ValueUnusable):
        receipt_checks.judge_offline(paper.text, paper.payload, "no key", verify_signature)


def test_a_changed_text_and_a_foreign_station_are_told_apart(handed_out: Desk, paper: PrintedReceipt) -> None:
    """A changed text says so, and a receipt of another key says that it is foreign."""
    changed = paper.text.replace("A2", "A3")
    assert receipt_checks.judge(handed_out.workplace, changed, paper.payload).code == "text_changed"
    stranger = vkey("assettrack-elsewhere", bytes(31) + b"\x01")
    assert receipt_checks.judge_offline(paper.text, paper.payload, stranger, verify_signature).code == "foreign"


@pytest.mark.parametrize("what", ["body", "cut off"])
def test_a_log_that_no_longer_agrees_is_told(handed_out: Desk, paper: PrintedReceipt, what: str) -> None:
    """The receipt is genuine, so it is the log that was changed: an entry before it, or its end cut off."""
    handed_out.store.close()
    database = apsw.Connection(str(handed_out.store.path))
    triggers = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")]
    for name in triggers:
        database.execute(f"DROP TRIGGER {name}")
    if what == "body":
        database.execute("UPDATE audit_log SET leaf = zeroblob(32) WHERE seq = 5")
        database.execute("DELETE FROM audit_subtrees")
    else:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("DELETE FROM audit_log WHERE seq > 9")
    database.close()
    judged = receipt_checks.judge(handed_out.workplace, paper.text, paper.payload)
    assert (judged.ok, judged.code, judged.log_agrees) == (False, "log_differs", False)


def test_a_text_of_a_later_version_is_judged_all_the_same(handed_out: Desk) -> None:
    """What can't be parsed here, but has the right hash, is genuine; corrections can't be looked up then."""
    with handed_out.store.read() as snapshot:
        assert receipt_checks._corrected_since(snapshot, "another version\n") == ()  # noqa: SLF001 - no such text can be signed here


def corrected(desk: Desk, seq: int, **values: str) -> None:
    """Correct an entry in one go."""
    corrections.correct(desk.workplace, seq, values, "wrong name", confirm=None)


def test_a_corrected_batch_gives_its_receipt_to_the_right_holder(handed_out: Desk) -> None:
    """The right one has the line and is asked to accept it; the wrong one has the row as it was, marked, and is not."""
    holders.register(handed_out.workplace, "Zoe Quill")
    do(handed_out, issue("A3"))
    entry = handed_out.log_size
    corrected(handed_out, entry, issued_to_name="Zoe Quill")
    right, wrong = (
        text(handed_out, receipts.issue_for_batch(handed_out.workplace, 4, name).receipts[0].receipt_id)
        for name in ("Zoe Quill", JANE)
    )
    assert [(line.asset_tag, line.moved_to, line.corrected_by) for line in right.lines] == [
        ("A3", "Zoe Quill", entry + 1)
    ]
    assert (right.asked, right.acknowledgement) == (True, None)
    void = f"should have been Zoe Quill, by correction entry {entry + 1}"
    assert [(line.moved_to, line.corrected_by, line.void) for line in wrong.lines] == [(JANE, entry + 1, void)]
    assert (wrong.asked, wrong.acknowledgement) == (False, None)
    assert [open_.holder for open_ in acceptances.all_open(handed_out.workplace).open if open_.batch_id == 4] == [
        "Zoe Quill"
    ]
    said = acceptances.SaidAcceptance("typed")
    assert acceptances.record(handed_out.workplace, 4, "Zoe Quill", said).accepted_by == "Zoe Quill"
    assert verification.verify(handed_out.workplace).ok


def test_what_came_from_the_right_holder_is_said_to(handed_out: Desk) -> None:
    """A transfer after the corrected issue came from the right one: that stands on its receipts, and on theirs."""
    holders.register(handed_out.workplace, "Zoe Quill")
    issued_as = text(handed_out, receipts.issue_for_batch(handed_out.workplace, 2).receipts[0].receipt_id).lines[0]
    corrected(handed_out, issued_as.entry_seq, issued_to_name="Zoe Quill")
    found = {
        receipt.holder: text(handed_out, receipt.receipt_id).lines
        for receipt in receipts.issue_for_batch(handed_out.workplace, 3).receipts
    }
    moves = {name: [(line.moved_from, line.moved_to) for line in lines] for name, lines in found.items()}
    assert moves == {"Zoe Quill": [("Zoe Quill", BOB)], BOB: [("Zoe Quill", BOB)], JANE: [(JANE, BOB)]}
    (held,) = text(handed_out, receipts.issue_hand_receipt(handed_out.workplace, BOB).receipts[0].receipt_id).lines
    assert held.moved_from == "Zoe Quill"
    assert verification.verify(handed_out.workplace).ok


def test_taken_back_by_a_correction_it_is_asked_for_again(handed_out: Desk) -> None:
    """Corrected to another and back again: who was named at first is asked to accept after all."""
    do(handed_out, issue("A3"))
    entry = handed_out.log_size
    corrected(handed_out, entry, issued_to_name=BOB)
    corrected(handed_out, entry + 1, issued_to_name=JANE)
    assert [open_.holder for open_ in acceptances.all_open(handed_out.workplace).open if open_.batch_id == 4] == [JANE]
    assert verification.verify(handed_out.workplace).ok


def test_who_is_named_otherwise_too_still_has_something_to_accept(handed_out: Desk) -> None:
    """Of two assets one was meant for another: the first holder has still the other one to accept."""
    handed_out.commit(row("A8"))
    do(handed_out, issue("A3", "A8"))
    corrected(handed_out, handed_out.log_size, issued_to_name=BOB)
    listed = [open_.holder for open_ in acceptances.all_open(handed_out.workplace).open if open_.batch_id == 5]
    assert sorted(listed) == [BOB, JANE]


def test_a_rename_does_not_change_who_accepted(handed_out: Desk) -> None:
    """The holder is the same by another name; who accepted is told by number, not by what a name looks like."""
    holders.change(handed_out.workplace, JANE, holders.HolderUpdate(name="Jane Jones"))
    (issued,) = receipts.issue_for_batch(handed_out.workplace, 2).receipts
    accepted = text(handed_out, issued.receipt_id).acknowledgement
    assert (issued.holder, accepted and accepted.accepted_by) == ("Jane Jones", "Jane Jones")


def test_where_acceptance_is_off_none_is_asked_for(handed_out: Desk) -> None:
    """What was handed over then is not open on its receipt, nor later, when the rule is another again."""
    station_settings.set_rule(handed_out.workplace, "acceptance", "off")
    do(handed_out, issue("A3"))
    station_settings.set_rule(handed_out.workplace, "acceptance", "recorded")
    (issued,) = receipts.issue_for_batch(handed_out.workplace, 4).receipts
    assert text(handed_out, issued.receipt_id).asked is False
    assert [open_ for open_ in acceptances.all_open(handed_out.workplace).open if open_.batch_id == 4] == []
    assert verification.verify(handed_out.workplace).ok


@pytest.mark.usefixtures("paper")
def test_a_lost_or_changed_text_is_named_by_verifying(handed_out: Desk) -> None:
    """The text lies beside the log; verifying compares its hash with the one in the entry."""
    assert verification.verify(handed_out.workplace).ok
    for forgery, said in (
        ("UPDATE receipt_texts SET text = 'x'", "Table receipt_texts says otherwise of receipt 1"),
        ("DELETE FROM receipt_texts", "Table receipt_texts lacks receipt 1"),
        ("INSERT INTO receipt_texts VALUES (1, 'x'), (2, 'y')", "says otherwise of receipt 1"),
    ):
        handed_out.store.close()
        database = apsw.Connection(str(handed_out.store.path))
        sql = dict(
            database.execute(
                "SELECT name, sql FROM sqlite_schema WHERE tbl_name = 'receipt_texts' AND type = 'trigger'"
            )
        )
        for name in sql:
            database.execute(f"DROP TRIGGER {name}")
        database.execute(forgery)
        for trigger in sql.values():
            database.execute(trigger)
        database.close()
        found = verification.verify(handed_out.workplace)
        assert (found.ok, found.first_bad_seq) == (False, None)
        assert said in found.message
        if "DELETE" in forgery:
            with pytest.raises(station_errors.DatabaseDamaged, match="the text of receipt 1 is gone"):
                receipts.printed(handed_out.workplace, 1)


def test_random_days_balance(desk: Desk) -> None:
    """After any day of deeds the hand receipts of all holders together name each asset in custody exactly once."""
    random_ = random.Random(7)
    slots.initialise_cases(desk.workplace, [("BIG", 20)])
    tags = [f"T{number}" for number in range(12)]
    desk.commit("".join(row(tag, place=("BIG", str(number))) for number, tag in enumerate(tags, 1)))
    for _ in range(40):
        tag, to = random_.choice(tags), random_.choice([JANE, BOB])
        for command in (issue(tag, to=to), transfer(tag, to=to), back(tag)):
            try:
                do(desk, command)
                break
            except AssertionError:
                continue
    held = [
        (line.asset_tag, line.moved_to)
        for name in (JANE, BOB)
        for line in text(desk, receipts.issue_hand_receipt(desk.workplace, name).receipts[0].receipt_id).lines
    ]
    assert sorted(held) == sorted((tag, desk.asset(tag).holder) for tag in tags if desk.asset(tag).holder)
    assert verification.verify(desk.workplace).ok
