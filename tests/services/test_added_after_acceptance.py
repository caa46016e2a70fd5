"""Corrections after an acceptance: what they add is open to be accepted, and what was accepted stays accepted."""

from contextlib import closing, suppress
from random import Random

import pytest
from msgspec.structs import replace

from assettrack.domain import errors, receipt_deeds, station_errors, typed_rows
from assettrack.domain.plans import Acceptance, AcceptedHow, Options
from assettrack.domain.receipt_deeds import ReceiptFacts
from assettrack.domain.receipts import Receipt, parse_text, text_of, text_sha256
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import (
    acceptance_corrections,
    acceptances,
    accountability,
    batch_papers,
    corrections,
    custody,
    custody_reports,
    holders,
    overview,
    problem_reports,
    receipt_checks,
    receipts,
    settings,
    verification,
)
from assettrack.services.acceptances import SaidAcceptance
from assettrack.services.accountability_lines import Judging, accountability_lines
from assettrack.services.correctable import standing
from assettrack.services.correction_effects import HandoverOtherwise, effects
from assettrack.services.custody import TypedCommand
from assettrack.services.remembered import Remembered
from assettrack.services.reports import EVERY_LINE, Filters, basis_of
from assettrack.services.signed_lists import SignedLists
from assettrack.services.typed_deeds import signoff
from tests.conftest import Tally
from tests.sampling import Sample
from tests.services.desk import Desk, row
from tests.services.insider import Insider, quick_folder

JANE, BOB = "Jane Smith", "Bob Lee"
TO_BOB = {"issued_to_name": BOB}
OF_A1, OF_A2 = 11, 12
"""The rows by which Jane was given A1 and A2; the next one gave A3 to Bob. All are of batch 2."""


def given(desk: Desk, how: AcceptedHow | None) -> Desk:
    """Batch 2 gave A1 and A2 to Jane and A3 to Bob, accepted with the batch or not."""
    holders.register(desk.workplace, "Zoë Quill")
    assert desk.commit(row("A1") + row("A2") + row("A3")).last_seq == 9
    rows = row("A1", "ISSUE", at="10:10") + row("A2", "ISSUE", at="10:10")
    rows += row("A3", "ISSUE", at="10:10", issued_to_name=BOB)
    desk.commit(rows, Options(accepted=None if how is None else Acceptance(how)))
    return desk


@pytest.fixture(params=["paper", "typed", "screen", "later"])
def accepted(desk: Desk, request: pytest.FixtureRequest) -> Desk:
    """All of batch 2 was accepted: with the batch, in each way, or by acceptances recorded later."""
    if request.param != "later":
        return given(desk, request.param)
    given(desk, None)
    for name in (JANE, BOB):
        acceptances.record(desk.workplace, 2, name, SaidAcceptance("paper"))
    return desk


def correct(desk: Desk, seq: int, **values: str) -> int:
    """Correct a row, and make sure that verifying agrees."""
    done = corrections.correct(desk.workplace, seq, values, "mistaken", confirm=None)
    verified(desk)
    return done.seq


def verified(desk: Desk) -> None:
    """Make sure that the database is what its log leads to."""
    found = verification.verify(desk.workplace)
    assert found.ok, found


def still_open(desk: Desk) -> list[tuple[int, str, tuple[str, ...]]]:
    """What is listed as open: batch, holder, and what was added to an accepted hand-over."""
    return [(each.batch_id, each.holder, tuple(each.added)) for each in acceptances.all_open(desk.workplace).open]


def receipt_of(desk: Desk, name: str = BOB, batch_id: int = 2) -> Receipt:
    """What the receipt of a batch for a holder says, if it is made now."""
    (issued,) = receipts.issue_for_batch(desk.workplace, batch_id, name).receipts
    return parse_text(receipts.printed(desk.workplace, issued.receipt_id).text)


def said_of_lines(receipt: Receipt) -> dict[str, str]:
    """What a receipt says of the acceptance of each of its assets beside its acknowledgement."""
    return {line.asset_tag: line.acceptance for line in receipt.standing}


def test_what_a_correction_adds_is_open(accepted: Desk) -> None:
    """It is listed, counted and named; the check page says so first, and no receipt says that it was accepted."""
    assert (still_open(accepted), said_of_lines(receipt_of(accepted))) == ([], {"A3": ""})
    with accepted.unchanged():
        found = effects(accepted.workplace, corrections.preview(accepted.workplace, OF_A1, TO_BOB))
    assert found.handovers == [HandoverOtherwise(2, BOB, asked=True)]
    correct(accepted, OF_A1, **TO_BOB)
    assert still_open(accepted) == [(2, BOB, ("A1",))]
    (line,) = acceptances.all_open(accepted.workplace).open
    assert line.words == "Bob Lee has not accepted what was issued (A1, by a later correction)"
    receipt = receipt_of(accepted)
    assert (receipt.acknowledgement is not None, said_of_lines(receipt)) == (True, {"A1": "open", "A3": ""})
    assert said_of_lines(receipt_of(accepted, JANE)) == {"A2": ""}


def test_every_report_says_so(accepted: Desk) -> None:
    """Custody by asset, open acceptances by holder, problems, accountability and the overview agree."""
    correct(accepted, OF_A1, **TO_BOB)
    at, everybody = accepted.workplace, Filters()
    table = custody_reports.custody(at, everybody, details=True).table
    keys = [column.key for column in table.columns]
    said = {each[keys.index("asset_tag")]: each[keys.index("acceptance")] for each in table.rows}
    assert said == {"A1": "open", "A2": "accepted", "A3": "accepted"}
    of_holders = custody_reports.holders(at, everybody).table.rows
    assert {each[0]: each[-1] for each in of_holders} == {JANE: 0, BOB: 1, "Zoë Quill": 0}
    problems = problem_reports.problems(at).table.rows
    assert [each for each in problems if "acceptance_open" in each]
    unresolved = accountability.accountability(at, everybody).unresolved
    assert [each[0] for each in unresolved.table.rows if "acceptance of batch 2 open" in str(each)] == ["A1"]
    some = accountability_lines(at, Judging(everybody), EVERY_LINE, Remembered())
    assert some.table.rows == unresolved.table.rows
    assert [report.figures["out"] for report in (some, unresolved)] == [2, 2]
    with basis_of(at) as basis:
        assert overview.overview_of(basis).waiting.acceptances == 1


def test_it_is_accepted_apart(accepted: Desk) -> None:
    """What was added is signed for alone and once; a receipt then says of it who accepted it how and when."""
    at = accepted.workplace
    correct(accepted, OF_A1, **TO_BOB)
    with accepted.store.read() as snapshot:
        batch = snapshot.batch(2)
        assert batch is not None
        asked = SignedLists(snapshot, batch).of(2)
    assert ([line.asset_tag for line in asked.lines], asked.acceptors) == (["A1"], [BOB])
    done = acceptances.record(at, 2, BOB, SaidAcceptance("typed", by="Ann Poe", shown=asked.mark))
    verified(accepted)
    assert still_open(accepted) == []
    said = said_of_lines(receipt_of(accepted))
    assert (said["A3"], said["A1"].split(", 2026")[0]) == ("", "typed, by Ann Poe")
    with accepted.unchanged(), pytest.raises(errors.DeedRefused) as caught:
        acceptances.record(at, 2, BOB, SaidAcceptance("paper"))
    assert caught.value.code == "already_accepted"
    (papers,) = [each for each in batch_papers.papers(at, 2).holders if each.holder == BOB]
    assert ([each.accepted_by for each in papers.later], papers.added, papers.asked) == (["Ann Poe"], [], None)
    assert papers.handover.accepted_seq == done.seq


def test_what_was_accepted_is_accepted_again_when_it_comes_back(accepted: Desk) -> None:
    """A row that was in the list when it was signed, and is in it again, was accepted; the correction opens nothing."""
    first = correct(accepted, OF_A1, **TO_BOB)
    with accepted.unchanged():
        found = effects(accepted.workplace, corrections.preview(accepted.workplace, first, {"issued_to_name": JANE}))
    assert found.handovers == [HandoverOtherwise(2, BOB, asked=False)]
    correct(accepted, first, issued_to_name=JANE)
    assert (still_open(accepted), said_of_lines(receipt_of(accepted, JANE))) == ([], {"A1": "", "A2": ""})


def test_both_acceptances_can_be_corrected(desk: Desk) -> None:
    """Each for itself, the earlier one too: it stays the one of what was in the list then."""
    given(desk, None)
    at = desk.workplace
    first = acceptances.record(at, 2, BOB, SaidAcceptance("paper")).seq
    correct(desk, OF_A1, **TO_BOB)
    second = acceptances.record(at, 2, BOB, SaidAcceptance("typed")).seq
    earlier = acceptance_corrections.correct(at, first, {"by": "Ann Poe"}, "wrong name", confirm=None).seq
    verified(desk)
    assert [standing(at, seq).latest for seq in (first, second, earlier)] == [earlier, second, earlier]
    later = acceptance_corrections.correct(at, second, {"how": "screen"}, "wrong way", confirm=None).seq
    verified(desk)
    assert standing(at, second).latest == later
    receipt = receipt_of(desk)
    assert receipt.acknowledgement is not None
    assert (receipt.acknowledgement.accepted_by, receipt.acknowledgement.how) == ("Ann Poe", "paper")
    assert said_of_lines(receipt)["A1"].startswith("screen, by Bob Lee, ")
    for seq in (first, second):
        with desk.unchanged(), pytest.raises(errors.DeedRefused) as caught:
            acceptance_corrections.correct(at, seq, {"by": "Eve"}, "wrong name", confirm=None)
        assert caught.value.code == "already_corrected"


def test_the_batch_by_which_it_came_back(accepted: Desk) -> None:
    """What the station took back from somebody by a correction is open there too, for an operator to accept."""
    back = [("A1", "1"), ("A3", "2")]
    rows = "".join(row(tag, "RETURN", at="10:20", place=("CASE-01", slot)) for tag, slot in back)
    accepted.commit(rows, Options(accepted=Acceptance("typed")))
    correct(accepted, OF_A1, **TO_BOB)
    assert still_open(accepted) == [(2, BOB, ("A1",)), (3, BOB, ("A1",))]
    assert (
        "an operator has to accept what came back from Bob Lee"
        in acceptances.all_open(accepted.workplace).open[1].words
    )
    with accepted.unchanged(), pytest.raises(errors.DeedRefused) as caught:
        acceptances.record(accepted.workplace, 3, BOB, SaidAcceptance("typed", by=BOB))
    assert caught.value.code == "accepted_by_giver"
    acceptances.record(accepted.workplace, 3, BOB, SaidAcceptance("typed"))
    verified(accepted)
    assert still_open(accepted) == [(2, BOB, ("A1",))]


def test_where_the_station_asks_for_none(accepted: Desk) -> None:
    """Nothing is listed then, but a receipt never says that somebody accepted what was not in the list."""
    settings.set_rule(accepted.workplace, "acceptance", "off")
    correct(accepted, OF_A1, **TO_BOB)
    assert (still_open(accepted), said_of_lines(receipt_of(accepted))) == ([], {"A1": "not asked", "A3": ""})


def test_what_it_leads_to_where_the_station_asks_for_none(desk: Desk) -> None:
    """The check page names no hand-over then, which it does as soon as the station asks again."""
    given(desk, "paper")
    for rule, named in (("off", []), ("recorded", [HandoverOtherwise(2, BOB, asked=True)])):
        settings.set_rule(desk.workplace, "acceptance", rule)
        shown = corrections.preview(desk.workplace, OF_A1, TO_BOB)
        assert effects(desk.workplace, shown).handovers == named


def test_nobody_signs_a_list_without_what_was_added(desk: Desk) -> None:
    """Where the tables say that another asset was corrected than the log says, no list is shown without the row."""
    given(desk, "paper")
    correct(desk, OF_A1, **TO_BOB)
    with closing(Insider(desk, [])) as insider:
        insider.do("UPDATE corrections SET asset_tag = 'A2'")
        with desk.store.read() as snapshot:
            batch = snapshot.batch(2)
            assert batch is not None
            with pytest.raises(station_errors.DatabaseDamaged, match=f"disagree about whom entry {OF_A1} names"):
                SignedLists(snapshot, batch).of(2)


def test_a_paper_that_says_more_than_was_accepted_is_told_of(accepted: Desk) -> None:
    """One of an earlier version says of the whole list that it was accepted; beside the database that is put right."""
    correct(accepted, OF_A1, **TO_BOB)
    right = receipt_of(accepted)
    lines = tuple(replace(line, acceptance="") for line in right.lines)
    wrong = text_of(replace(right, receipt_id=2, lines=lines))
    signed = signoff(accepted.workplace)
    with accepted.store.write() as transaction:
        holder = transaction.holder(2)
        assert holder is not None
        facts = ReceiptFacts(2, holder, 2, text_sha256(wrong), len(lines), right.assets)
        transaction.save(receipt_deeds.issue_receipt(facts, wrong, transaction.log_size + 1, signed))
    said = []
    for number in (1, 2):
        paper = receipts.printed(accepted.workplace, number)
        judged = receipt_checks.judge(accepted.workplace, paper.text, paper.payload)
        assert judged.ok
        said.append(judged.remarks)
    item = next(line.item for line in lines if line.asset_tag == "A1")
    assert said == [
        (),
        (f"Item {item} (A1) was added by a correction after its acceptance: nobody has accepted it.",),
    ]


# -- at random -----------------------------------------------------------------------------------------------------

TAGS = ("T1", "T2", "T3", "T4")
NAMES = ("Ann Ox", "Cy Young", "Dee Fox")

Side = tuple[int, str, str]
"""A row by its entry, whom it gave the asset to or took it from, and which: ``to`` or ``from``."""


class Rows:
    """The rows of a log in plain words: who was named, and what was in each list when it was accepted."""

    def __init__(self) -> None:
        self.batch: dict[int, int] = {}
        self.tag: dict[int, str] = {}
        self.to: dict[int, str] = {}
        self.accepted: set[Side] = set()
        self.signed: set[tuple[int, str]] = set()

    def sides(self) -> set[Side]:
        """All sides of all rows as they count now; a blank name is the station."""
        had = dict.fromkeys(TAGS, "")
        found = set[Side]()
        for seq in sorted(self.to):
            found |= {(seq, name, side) for name, side in ((had[self.tag[seq]], "from"), (self.to[seq], "to")) if name}
            had[self.tag[seq]] = self.to[seq]
        return found

    def of(self, batch_id: int, name: str) -> set[Side]:
        """The sides of a batch's rows with somebody."""
        return {side for side in self.sides() if self.batch[side[0]] == batch_id and side[1] == name}

    def accept(self, batch_id: int, name: str) -> None:
        """Somebody's list is accepted as it stands."""
        self.accepted |= self.of(batch_id, name)
        self.signed.add((batch_id, name))

    def added(self) -> set[Side]:
        """What is in lists that were accepted, and was not when they were."""
        of_signed = {side for side in self.sides() if (self.batch[side[0]], side[1]) in self.signed}
        return of_signed - self.accepted


class Life:
    """A station where things change hands, are accepted or not, and rows are corrected, at random."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.chance, self.rows = desk, Random(seed), Rows()
        self.latest: dict[int, int] = {}
        for name in NAMES:
            holders.register(desk.workplace, name)
        desk.commit("".join(row(tag) for tag in TAGS))

    def hand_over(self) -> None:
        """Several assets change hands by one batch, to one or two people or back, accepted with it or not."""
        had = {self.rows.tag[seq]: name for seq, name in sorted(self.rows.to.items())}
        made: list[tuple[str, str, TypedRow]] = []
        for tag in self.chance.sample(TAGS, 3):
            name, holder = self.chance.choice(NAMES), had.get(tag, "")
            if not holder:
                made += [(tag, name, each) for each in typed_rows.issues([tag], name)]
            elif self.chance.random() < 0.4:
                made.append((tag, "", TypedRow("RETURN", tag)))
            elif name != holder:
                made += [(tag, name, each) for each in typed_rows.transfers([tag], name)]
        how = self.chance.choice([None, Acceptance("paper", "Eve Sign"), Acceptance("paper", "Eve Sign")])
        command = TypedCommand([tag for tag, _, _ in made], lambda _: [each for _, _, each in made])
        done = custody.commit(self.desk.workplace, command, Options(accepted=how), confirm=None)
        for seq, (tag, name, _) in enumerate(made, done.first_seq + 1):
            self.rows.batch[seq], self.rows.tag[seq], self.rows.to[seq] = done.batch_id, tag, name
            self.latest[seq] = seq
        if how is not None:
            for name in NAMES:
                if self.rows.of(done.batch_id, name):
                    self.rows.accept(done.batch_id, name)

    def correct(self) -> None:
        """A row gave the asset to somebody else; what is open then is what the check page said."""
        at = self.desk.workplace
        seq = self.chance.choice([seq for seq, name in self.rows.to.items() if name])
        name = self.chance.choice(NAMES)
        values = {"issued_to_name": name}
        before = {each[:2] for each in still_open(self.desk)}
        said = effects(at, corrections.preview(at, self.latest[seq], values)).handovers
        done = corrections.correct(at, self.latest[seq], values, "mixed up", confirm=None)
        self.latest[seq], self.rows.to[seq] = done.seq, name
        after = {each[:2] for each in still_open(self.desk)}
        opened, closed = ({(each.batch_id, each.holder) for each in said if each.asked == asked} for asked in (1, 0))
        assert after - before <= opened <= after
        assert closed == before - after

    def accept(self) -> None:
        """Somebody accepts what a batch exchanged with somebody, or what was added since."""
        batch_id, name = self.rows.batch[self.chance.choice([*self.rows.batch])], self.chance.choice(NAMES)
        acceptances.record(self.desk.workplace, batch_id, name, SaidAcceptance("paper", by="Eve Sign"))
        self.rows.accept(batch_id, name)

    def live(self, deeds: int) -> None:
        """Try so many deeds; what is refused does nothing."""
        for _ in range(deeds):
            with suppress(errors.AssetTrackError, IndexError):  # the latter: there is nothing yet to choose from
                self.chance.choice([self.hand_over, self.correct, self.correct, self.accept])()

    def open_on_receipts(self) -> set[Side]:
        """What receipts of accepted hand-overs say that nobody accepted it."""
        found = set[Side]()
        for batch_id, name in self.rows.signed:
            for line in receipt_of(self.desk, name, batch_id).standing:
                if line.acceptance == "open":
                    found.add((line.entry_seq, name, "to" if line.moved_to == name else "from"))
        return found


def test_whatever_happens_an_acceptance_is_of_what_was_in_the_list(sample: Sample, tally: Tally) -> None:
    """What is listed and what receipts say is what plain counting says; and what the log leads to stands verified.

    Some random lives, others in each run; in a soak all six.
    """
    for seed in sample(range(6), 2):
        with quick_folder() as folder:
            tally("rows that were added to what had been accepted", added_in_life(Desk(folder), seed))


def added_in_life(desk: Desk, seed: int) -> int:
    """Make sure that at the end of a life all is listed that was added; return how much that is."""
    life = Life(desk, seed)
    life.live(60)
    added = life.rows.added()
    expected: dict[tuple[int, str], set[str]] = {}
    for seq, name, _ in added:
        expected.setdefault((life.rows.batch[seq], name), set()).add(life.rows.tag[seq])
    listed = {(batch_id, name): set(tags) for batch_id, name, tags in still_open(desk) if tags}
    assert listed == expected
    assert life.open_on_receipts() == added
    verified(desk)
    desk.store.close()
    return len(added)
