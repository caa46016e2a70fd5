"""A person who was chosen for a list or a queue, and whose name is somebody else's by the time it is committed."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import msgspec
import pytest

from assettrack.domain import errors
from assettrack.domain.custody_drafts import CustodyDraft, read_draft, written_draft
from assettrack.domain.custody_signings import SaidSigner, SaidSigning
from assettrack.domain.desk_errors import ScanNotAsShown
from assettrack.domain.plans import AcceptedHow, Options
from assettrack.domain.queued_scans import Context, RowMeant
from assettrack.domain.shown_contexts import ShownContext
from assettrack.domain.timestamps import utc_text
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import chosen_holders, custody_drafts, handover_scans, holders, queues
from assettrack.services.custody_drafts import AtDesk
from assettrack.services.holders import HolderUpdate
from assettrack.services.queues import Queue
from assettrack.services.reviewed_lists import KeptDraft, Review
from tests.services.desk import Desk, row
from tests.services.printed import badge

JANE, JONES, BOB = "Jane Smith", "Jane Jones", "Bob Lee"
STROKES = "M100 100l20 -30l15 40M200 90l60 0"

Choose = Callable[[AtDesk], object]

BY_BADGE: Choose = lambda at: handover_scans.take(at, "ISSUE", badge(at.workplace))  # noqa: E731 - one line a way
BY_NAME: Choose = lambda at: handover_scans.take(at, "ISSUE", JANE.upper())  # noqa: E731 - as above
BY_HAND: Choose = lambda at: custody_drafts.name_holder(at, "ISSUE", JANE)  # noqa: E731 - as above
WAYS = pytest.mark.parametrize("choose", [BY_BADGE, BY_NAME, BY_HAND], ids=["badge", "name", "choice"])


@pytest.fixture
def station(desk: Desk) -> Desk:
    """Two assets nobody has."""
    desk.commit(row("A1") + row("A2"))
    return desk


def renamed(desk: Desk) -> None:
    """Jane Smith is Jane Jones from now on."""
    holders.change(desk.workplace, JANE, HolderUpdate(name=JONES, reason="marriage"))


def moved(desk: Desk) -> int:
    """Jane Smith is Jane Jones from now on, and somebody else is registered as Jane Smith; return that number."""
    renamed(desk)
    return holders.register(desk.workplace, JANE).holder.holder_id


BECOMES = pytest.mark.parametrize("becomes", [moved, renamed], ids=["name taken", "name free"])


def signed(at: AtDesk, how: AcceptedHow | None) -> KeptDraft:
    """Let Jane Smith accept the list, and go on to the check."""
    said = SaidSigner(JANE, custody_drafts.current(at, "ISSUE").draft.signed_list(JANE))
    if how is not None:
        said = msgspec.structs.replace(
            said, typed=JANE if how == "typed" else "", strokes=STROKES if how == "screen" else ""
        )

    def accepted(draft: CustodyDraft) -> CustodyDraft:
        return draft.accepted_as(SaidSigning(how, "", "", draft.terms, [said] if how else []), at.operator)

    custody_drafts.change(at, "ISSUE", accepted)
    return custody_drafts.fix_time(at, "ISSUE")


def shown(at: AtDesk) -> Review:
    """The check page of the list as it is."""
    return custody_drafts.review(at, custody_drafts.fix_time(at, "ISSUE"), shown=True)


def stops(at: AtDesk) -> list[list[str]]:
    """What stops each line of the list on its page."""
    lines = custody_drafts.review(at, custody_drafts.current(at, "ISSUE")).lines
    return [[stop.code for stop in line.stops] for line in lines]


@WAYS
@pytest.mark.parametrize("how", [None, "screen", "typed"], ids=["unsigned", "drawn", "typed"])
def test_a_list_is_never_committed_to_another_person_of_the_name(
    station: Desk, at_desk: AtDesk, choose: Choose, how: AcceptedHow | None
) -> None:
    """Who was chosen and signed is not who has the name now: the line says who is who, and nothing is saved."""
    choose(at_desk)
    handover_scans.take(at_desk, "ISSUE", "A1")
    kept = signed(at_desk, how)
    code = custody_drafts.review(at_desk, kept, shown=True).confirm_code
    assert code is not None
    other = moved(station)
    (line,) = shown(at_desk).lines
    assert " ".join(stop.message for stop in line.stops) == (
        "Jane Smith was holder 1 when this was chosen, and is called Jane Jones now; Jane Smith now means another "
        f"person, holder {other}. For the same person choose Jane Jones. For another, remove this and scan it again "
        "for whom it is."
    )
    assert shown(at_desk).confirm_code is None
    assert custody_drafts.is_stopped(at_desk, kept)
    with station.unchanged(), pytest.raises(errors.BatchRefused) as caught:
        custody_drafts.commit(at_desk, "ISSUE", kept.draft_id, code)
    assert [each.code for each in caught.value.refusals] == ["holder_other_now"]
    custody_drafts.name_holder(at_desk, "ISSUE", JANE)  # the other one: what is on the list does not go over to them
    assert stops(at_desk) == [["holder_other_now"]]
    assert (custody_drafts.current(at_desk, "ISSUE").draft.names, shown(at_desk).confirm_code) == (
        kept.draft.names,
        None,
    )


@pytest.mark.parametrize("how", ["screen", "typed"])
@BECOMES
def test_who_is_chosen_again_by_the_new_name_signs_anew(
    station: Desk, at_desk: AtDesk, how: AcceptedHow, becomes: Callable[[Desk], object]
) -> None:
    """The line is the same person's; what was drawn or typed under the old name is lost, and said to be."""
    BY_BADGE(at_desk)
    handover_scans.take(at_desk, "ISSUE", "A1")
    signed(at_desk, how)
    becomes(station)
    assert stops(at_desk) == [["holder_other_now"]]
    custody_drafts.name_holder(at_desk, "ISSUE", JONES)
    draft = custody_drafts.current(at_desk, "ISSUE").draft
    assert (draft.receivers, draft.strokes, draft.names) == ([JONES], {}, {})
    assert [each.name for each in draft.lost] == [JANE]
    assert stops(at_desk) == [[]]
    kept = signed(at_desk, None)
    code = custody_drafts.review(at_desk, kept, shown=True).confirm_code
    custody_drafts.commit(at_desk, "ISSUE", kept.draft_id, str(code))
    assert station.where("A1") == [f"in custody of {JONES}"]


def test_a_list_with_two_people_of_one_name_holds_the_line_of_the_first(station: Desk, at_desk: AtDesk) -> None:
    """The badge of the other one is scanned: the next assets are theirs, and the line before it stays whose it was."""
    BY_BADGE(at_desk)
    handover_scans.take(at_desk, "ISSUE", "A1")
    other = moved(station)
    handover_scans.take(at_desk, "ISSUE", badge(station.workplace, JANE))
    handover_scans.take(at_desk, "ISSUE", "A2")
    assert stops(at_desk) == [["holder_other_now"], []]
    custody_drafts.change(at_desk, "ISSUE", lambda draft: draft.without(["A1"]))
    code = shown(at_desk).confirm_code
    custody_drafts.commit(at_desk, "ISSUE", custody_drafts.current(at_desk, "ISSUE").draft_id, str(code))
    assert station.entries()[-1].decode().count(f'"holder_id":{other}') == 1


def test_a_list_that_was_put_aside_with_its_signature_is_stopped_when_it_comes_back(
    station: Desk, at_desk: AtDesk
) -> None:
    """It may have waited for weeks; whoever signed is not who has the name by now."""
    numbers = count(1)  # each list has a name of its own
    salted = msgspec.structs.replace(at_desk.workplace, salt=lambda: next(numbers).to_bytes(16, "big"))
    at_desk = at_desk._replace(workplace=salted)
    BY_HAND(at_desk)
    handover_scans.take(at_desk, "ISSUE", "A1")
    kept = signed(at_desk, "screen")
    custody_drafts.start_anew(at_desk, "ISSUE")
    moved(station)
    custody_drafts.bring_back(at_desk, "ISSUE", kept.draft_id)
    assert stops(at_desk) == [["holder_other_now"]]
    assert shown(at_desk).confirm_code is None


def test_a_list_that_an_earlier_version_kept_is_read_as_before(station: Desk, at_desk: AtDesk) -> None:
    """It knows names alone: whoever has the name is meant."""
    BY_HAND(at_desk)
    handover_scans.take(at_desk, "ISSUE", "A1")
    body = written_draft(custody_drafts.current(at_desk, "ISSUE").draft)
    without = body.replace(',"holder_id":1', "")
    assert (body.count("holder_id"), without.count("holder_id")) == (2, 0)
    custody_drafts.change(at_desk, "ISSUE", lambda _: read_draft(without))
    assert stops(at_desk) == [[]]
    moved(station)
    assert stops(at_desk) == [[]]
    renamed_again = holders.change(station.workplace, JANE, HolderUpdate(name="Jane Two", reason="marriage"))
    assert renamed_again.changed
    assert stops(at_desk) == [["unknown_holder"]]


def test_who_was_to_be_registered_and_is_by_now_is_chosen_again(station: Desk, at_desk: AtDesk) -> None:
    """Somebody else registered that name meanwhile: it may be another person, and the page says so before a commit."""
    custody_drafts.name_holder(at_desk, "ISSUE", "Ada Okri", new=True)
    handover_scans.take(at_desk, "ISSUE", "A1")
    handover_scans.take(at_desk, "ISSUE", "A2")
    kept = signed(at_desk, None)
    code = custody_drafts.review(at_desk, kept, shown=True).confirm_code
    assert (stops(at_desk), code is None) == ([[], []], False)
    number = holders.register(station.workplace, "ada okri").holder.holder_id
    assert stops(at_desk) == [["holder_registered_since"]] * 2
    assert shown(at_desk).lines[1].stops[0].message == (
        f"ada okri was not registered yet when this was chosen, and is by now, as holder {number}. If that is the same "
        "person, choose ada okri again; if not, remove this and scan it again under a name that tells them apart."
    )
    with station.unchanged(), pytest.raises(errors.BatchRefused):
        custody_drafts.commit(at_desk, "ISSUE", kept.draft_id, str(code))
    custody_drafts.name_holder(at_desk, "ISSUE", "Ada Okri", new=True)  # the page offered it before
    assert stops(at_desk) == [["holder_registered_since"]] * 2
    custody_drafts.name_holder(at_desk, "ISSUE", "Ada Okri")
    assert stops(at_desk) == [[], []]
    assert custody_drafts.current(at_desk, "ISSUE").draft.receivers == ["ada okri"]


def test_somebody_is_chosen_by_the_number_that_the_page_showed(station: Desk, at_desk: AtDesk) -> None:
    """The name on an open page is another's by now; a number that nobody has is nobody."""
    moved(station)
    kept = custody_drafts.name_holder(at_desk, "ISSUE", JANE, 1)
    assert (kept.draft.holder, kept.draft.holder_id) == (JONES, 1)
    with pytest.raises(errors.NotFound, match=r"There is no holder Jane Smith \(holder 99\)"):
        custody_drafts.name_holder(at_desk, "ISSUE", JANE, 99)


def test_a_scan_from_a_page_that_showed_another_person_of_the_name_is_refused(station: Desk, at_desk: AtDesk) -> None:
    """Both pages say the same name: the number tells them apart, and the refusal says both."""
    BY_HAND(at_desk)
    page = ShownContext.of_draft(custody_drafts.current(at_desk, "ISSUE").draft)
    other = moved(station)
    BY_HAND(at_desk)
    with pytest.raises(ScanNotAsShown, match=rf"Jane Smith \(holder 1\).*Jane Smith \(holder {other}\)"):
        handover_scans.take(at_desk, "ISSUE", "A1", shown=page)


def test_for_whom_the_next_scans_are_is_doubted_where_the_name_moved(station: Desk) -> None:
    """Who is not known by number is not doubted; nor is who is registered by the batch."""
    at = station.workplace
    assert [chosen_holders.doubt(at, JANE, number) for number in (None, 0, 1)] == ["", "", ""]
    renamed(station)
    free = chosen_holders.doubt(at, JANE, 1)
    assert free.endswith("nobody has that name by now. Choose again for whom the next scans are.")
    holders.register(at, JANE)
    assert "means another person, holder 3" in chosen_holders.doubt(at, JANE, 1)
    assert [chosen_holders.number_meant(at, name) for name in ("", JANE.upper(), "Nobody")] == [None, 3, None]


def test_whom_a_name_meant_at_a_time_the_log_tells(desk: Desk) -> None:
    """Given up, taken, taken back; registered alone or by a batch; of a time that is to come nothing is told."""
    at, times = desk.workplace, [utc_text(desk.clock)]

    def then(deed: Callable[[], object]) -> None:
        desk.clock += timedelta(minutes=1)
        deed()
        desk.clock += timedelta(minutes=1)
        times.append(utc_text(desk.clock))

    new = Options(new_holders=True)
    then(lambda: holders.register(at, "Ada Okri"))
    then(lambda: desk.commit(row("A1") + row("A1", "ISSUE", at="10:05", issued_to_name="Cy Bo"), new))
    then(lambda: holders.change(at, "Ada Okri", HolderUpdate(identifier="S-17", reason="staff")))
    then(lambda: holders.change(at, "ada okri", HolderUpdate(name="Ada Lee", reason="marriage")))
    then(lambda: holders.change(at, "Cy Bo", HolderUpdate(name="ADA OKRI", reason="chosen")))
    (number,) = [each.holder_id for each in holders.all_holders(at) if each.name == "Ada Lee"]
    told = [chosen_holders.number_meant_then(at, "Ada Okri", each) for each in times]
    assert told == [0, number, number, number, 0, number + 1]
    told = [chosen_holders.number_meant_then(at, "Cy Bo", each) for each in times]
    assert told == [0, 0, number + 1, number + 1, number + 1, 0]
    assert chosen_holders.number_meant_then(at, "Cy Bo", utc_text(desk.clock + timedelta(days=1))) == 0
    assert chosen_holders.number_meant_then(at, "ada okri", utc_text(desk.clock + timedelta(days=1))) == 0
    assert chosen_holders.number_meant_then(at, "Nobody", times[0]) == 0


def test_why_rows_for_a_name_are_stopped(station: Desk) -> None:
    """In the sentence that each of them says: nothing of who is meant by it, or of whom nobody knows."""
    at = station.workplace
    assert [chosen_holders.why_stopped(at, *each) for each in (("", None), (JANE, 1), ("Nobody", 0))] == [""] * 3
    moved(station)
    assert "Jane Smith now means another person, holder 3." in chosen_holders.why_stopped(at, JANE, 1)
    assert "is by now, as holder 3" in chosen_holders.why_stopped(at, JANE, 0)


class Scanning:
    """Somebody who scans into their queue."""

    def __init__(self, at: AtDesk) -> None:
        self.at = at
        self.desk = at.shelf

    @property
    def queue(self) -> Queue:
        """The queue as it is now."""
        return queues.current(self.at.workplace, self.desk, self.at.account)  # type: ignore[arg-type]  # it is a desk

    def sets(self, context: Context) -> None:
        """Say by hand what the next scans mean."""
        queues.set_context(self.desk, self.queue, context)  # type: ignore[arg-type]  # it is a desk

    def scan(self, *typed: str) -> None:
        """Scan one after the other."""
        for each in typed:
            queues.take(self.at.workplace, self.desk, self.queue, each)  # type: ignore[arg-type]  # it is a desk

    def review(self) -> queues.Review:
        """The check page of the queue."""
        return queues.review(self.at.workplace, self.desk, self.queue, shown=True)  # type: ignore[arg-type]  # as above

    @property
    def stops(self) -> list[list[str]]:
        """What stops each row of the queue."""
        lines = self.review().lines
        return [[stop.code for stop in line.stops] for line in lines if isinstance(line.scan.meant, RowMeant)]

    def commit(self, code: str) -> None:
        """Commit it."""
        queues.commit(self.at.workplace, self.desk, self.queue, code)  # type: ignore[arg-type]  # it is a desk


@pytest.fixture
def scanning(station: Desk, at_desk: AtDesk) -> Scanning:
    """Somebody with an empty queue."""
    assert station.workplace is at_desk.workplace
    return Scanning(at_desk)


@pytest.mark.parametrize("by", ["badge", "name"])
@BECOMES
def test_a_queue_is_never_committed_to_another_person_of_the_name(
    station: Desk, scanning: Scanning, by: str, becomes: Callable[[Desk], object]
) -> None:
    """Nor is the next scan: the queue is still for who was scanned, whatever they are called."""
    scanning.scan(badge(station.workplace) if by == "badge" else JANE)
    scanning.sets(msgspec.structs.replace(scanning.queue.context, event_type="ISSUE"))
    scanning.scan("A1")
    plan = scanning.review().plan
    assert plan is not None
    becomes(station)
    assert scanning.stops == [["holder_other_now"]]
    with station.unchanged(), pytest.raises(errors.BatchRefused) as caught:
        scanning.commit(str(plan.confirm_code))
    assert [each.code for each in caught.value.refusals] == ["holder_other_now"]
    scanning.scan("A2")
    assert scanning.stops == [["holder_other_now"]] * 2


def test_a_queue_for_two_people_of_one_name_knows_them_apart(station: Desk, scanning: Scanning) -> None:
    """A scan for the other one repeats none for the first."""
    scanning.sets(Context("ISSUE"))
    scanning.scan(badge(station.workplace), "A1", "A1")
    moved(station)
    scanning.scan(badge(station.workplace, JANE), "A1")
    rows = [scan.meant.row for scan in scanning.queue.scans if isinstance(scan.meant, RowMeant)]
    assert [(each.asset_tag, each.issued_to_name, each.holder_id) for each in rows] == [
        ("A1", JANE, 1),
        ("A1", JANE, 3),
    ]


def test_a_row_that_an_earlier_version_kept_is_for_whoever_has_the_name(station: Desk, scanning: Scanning) -> None:
    """It has no number; a scan of the same after the change of versions repeats it."""
    kept = msgspec.json.decode(b'{"event_type":"ISSUE","asset_tag":"A1","issued_to_name":"Jane Smith"}', type=TypedRow)
    assert kept.holder_id is None
    scanning.sets(Context("ISSUE", holder=JANE))
    scanning.scan("A1")
    scanning.scan(badge(station.workplace), "A1")
    moved(station)
    assert scanning.stops == [[]]


def test_who_else_has_a_name_by_now(station: Desk) -> None:
    """Only where both are known, and are two."""
    at = station.workplace
    assert [chosen_holders.another_of_the_name(at, JANE, each) for each in (None, 1)] == [None, None]
    moved(station)
    found = chosen_holders.another_of_the_name(at, JANE, 1)
    assert found is not None
    assert [each.holder_id for each in found] == [3, 1]
    assert [chosen_holders.another_of_the_name(at, *each) for each in (("Nobody", 1), (JANE, 3))] == [None, None]
