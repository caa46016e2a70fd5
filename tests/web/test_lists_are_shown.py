"""Looking at a hand-over list never fails for what it lacks: that is said, and keeps the commit alone from being done.

Owns the walk through what a kept list can be: each page of it is shown, and a scan is answered as kept if it is.
"""

from itertools import product
from typing import Any, NamedTuple

import msgspec
import pytest

from assettrack.domain.chosen_holders import TO_REGISTER
from assettrack.domain.custody_drafts import (
    HANDOVER_EVENTS,
    LINES_MAX,
    UNSEEN_MAX,
    CustodyDraft,
    HandoverEvent,
    UnseenScan,
)
from assettrack.domain.custody_signings import LostSignature
from assettrack.domain.desk_errors import AcceptanceIncomplete
from assettrack.domain.draft_lines import DraftLine
from assettrack.domain.plans import ACCEPTED_HOW
from assettrack.domain.queued_scans import Held
from assettrack.domain.signatures import Drawing
from assettrack.domain.tags import OUT, Place
from assettrack.domain.typed_rows import retirements
from assettrack.services import accounts, custody_drafts, holders, settings
from assettrack.services.custody_drafts import AtDesk
from assettrack.services.holders import HolderUpdate
from tests.sampling import Sample
from tests.web.handing_over import (
    JANE,
    OKRI,
    STROKES,
    at_the_desk,
    code,
    form_of,
    issued,
    listed,
    said_of_acceptance,
    size,
    sound,
    stocked,
    take_in,
    where,
)
from tests.web.test_signed_terms import accepting
from tests.web.visitors import OpenStation, Visitor, words

KIM, RENAMED = "Kim Lee", "Eva Roth"
NOT_OKRI = "Among several people each accepts for themselves, and 'Kim Lee' is not Ben Okri."
SCANNED = "LT-4"
"""Is in storage, and on no list of the walk."""

TOO_FAR = "2200-01-01"

HELD = Held("card_unreadable", {"card": "'?'", "reason": "it is none"})

LINES = (
    (),
    (DraftLine("LT-1", OKRI, holder_id=2),),
    (DraftLine("LT-1", OKRI), DraftLine("LT-2", JANE, holder_id=1)),
    (DraftLine("LT-1", OKRI), DraftLine("LT-2", RENAMED, holder_id=3), DraftLine("LT-3", "Nobody", holder_id=99)),
    (DraftLine("LT-1"), DraftLine("LT-2", OKRI)),
    (DraftLine("XX-9", OKRI), DraftLine("LT-5", "New One", holder_id=TO_REGISTER)),
    (DraftLine("LT-2", OKRI, Place("CASE-01", 1)), DraftLine("LT-3", OKRI, Place("CASE-99", 7))),
    (DraftLine("LT-2", OKRI, OUT, Place("CASE-01", 3), "Tom Blank"), DraftLine("LT-3", JANE, had_by=JANE, had_by_id=9)),
)
"""What can be on a list: as it should be, for several, for nobody, for who is none, unknown, retired, and nowhere."""

NEXT: tuple[dict[str, Any], ...] = (
    {},
    {"holder": JANE, "holder_id": 1},
    {"holder": "Nobody", "holder_id": 99},
    {"holder": "New One", "holder_id": TO_REGISTER, "new_holders": True},
    {"holder": RENAMED, "holder_id": 3, "place": Place("CASE-01", 7)},
    {"place": Place("CASE-99", 7), "notes": "bent"},
    {"place": OUT, "notes": "a letter that rings: \a"},
    {"place_removed": True, "unseen": (UnseenScan(1, "?", HELD),), "unseen_ever": 1},
    {"lost": (LostSignature(JANE, "list"), LostSignature(OKRI, "typed_giver")), "not_yet": True},
    {"unseen": tuple(UnseenScan(number, "?", HELD) for number in range(1, UNSEEN_MAX + 1)), "unseen_ever": UNSEEN_MAX},
)
"""What else is kept with a list."""


class Point(NamedTuple):
    """What a kept list can be, where it matters to who accepts it and how."""

    event: HandoverEvent
    lines: tuple[DraftLine, ...]
    how: str | None
    typed: str | None
    drawn: str
    due_on: str | None
    is_checked: bool

    @property
    def kind(self) -> tuple[object, ...]:
        """Another way of accepting by others than were meant is of another kind."""
        return self.how, self.typed, self.drawn, len(self.lines) > 1

    def draft(self, rest: dict[str, Any]) -> CustodyDraft:
        """Return the list; ``typed`` is who stands for everybody, None where each types the own name."""
        names = [OKRI, JANE, RENAMED, "Nobody", "New One", "ben"]
        signers = names[:1] if self.drawn == "first" else names
        said = {
            "how": self.how,
            "names": {name: name if self.typed is None else self.typed for name in names},
            "strokes": {name: STROKES for name in signers if self.drawn},
            "due_on": self.due_on,
            "at": "2026-07-01T12:00:00Z" if self.is_checked else None,
        }
        return msgspec.structs.replace(CustodyDraft(self.event, self.lines), **said, **rest)


POINTS = [
    Point(*each)
    for each in product(
        HANDOVER_EVENTS,
        LINES,
        (None, *ACCEPTED_HOW),
        (None, "", KIM),
        ("", "first", "all"),
        (None, "2026-08-01", TOO_FAR),
        (False, True),
    )
]


@pytest.fixture
def desk(station: OpenStation) -> AtDesk:
    """Sit ben down where Jane has two assets, one is retired, and somebody was renamed since."""
    stocked(station, JANE, OKRI, RENAMED)
    issued(station, "LT-2", "LT-3")
    take_in(station, retirements(["LT-5"], "broken"))
    holders.change(station.workplace(), RENAMED, HolderUpdate(name="Eva Blank", reason="marriage"))
    station.account("ben", "operator")
    account = accounts.named(station.workplace(), "ben")
    assert account is not None
    return AtDesk(station.workplace("ben"), station.web.desk, account)


def kept(desk: AtDesk, draft: CustodyDraft) -> str:
    """Keep a list as it is, and return its number."""
    return custody_drafts.change(desk, draft.event_type, lambda _: draft, by_scan=True).draft_id


def seen(visitor: Visitor, path: str) -> int:
    """Look at a page, go where it leads, and return how that is answered."""
    answer = visitor.get(path)
    for _ in range(3):
        if answer.status_code == 303:
            answer = visitor.follow(answer)
    return answer.status_code


def failures(desk: AtDesk, ben: Visitor, draft: CustodyDraft) -> list[str]:
    """Return which pages of a kept list are not shown, and which scans are answered otherwise than they are kept."""
    event, found = draft.event_type, []
    word, number = event.lower(), kept(desk, draft)
    paths = ["", "?stopped=1", "?find=x", "/people", "/acceptance", f"/check?draft={number}"]
    found += [f"{path}: {status}" for path in paths if (status := seen(ben, f"/{word}{path}")) != 200]
    for how, headers in (("by script", {"hx_request": "true"}), ("by form", {})):
        kept(desk, draft)
        answer = ben.post(f"/{word}/scans", {"typed": SCANNED}, **headers)
        now = custody_drafts.current(desk, event).draft
        is_kept = SCANNED in now.tags or (bool(headers) and now.unseen_ever > draft.unseen_ever)
        if (answer.status_code < 400) != is_kept:
            found.append(f"scan {how}: {answer.status_code}, kept: {is_kept}")
    kept(desk, CustodyDraft(event))
    return found


@pytest.mark.parametrize("rule", ["off", "recorded", "required"])
def test_every_list_that_is_kept_is_shown_and_a_scan_is_answered_as_it_is_kept(
    station: OpenStation, desk: AtDesk, sample: Sample, rule: str
) -> None:
    """The list, its acceptance and its check, whatever is on it and whatever is lacking."""
    settings.set_rule(station.workplace(), "acceptance", rule)
    ben = at_the_desk(station)
    for point in sample(POINTS, 60, lambda point: point.kind if rule == "recorded" else point.event):
        draft = point.draft(sample.chance.choice(NEXT))
        assert failures(desk, ben, draft) == [], draft


@pytest.mark.parametrize("event", HANDOVER_EVENTS)
def test_a_full_list_is_shown_and_takes_no_more(station: OpenStation, desk: AtDesk, event: str) -> None:
    """What is refused is not kept."""
    lines = tuple(DraftLine(f"A-{number}", OKRI) for number in range(LINES_MAX))
    draft = msgspec.convert({"event_type": event}, CustodyDraft)
    ben = at_the_desk(station)
    assert failures(desk, ben, msgspec.structs.replace(draft, lines=lines, how="screen")) == []


def test_the_walk_finds_a_list_that_raises(station: OpenStation, desk: AtDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it once did, where somebody else had signed for one of several."""

    def raising(draft: CustodyDraft, operator: str) -> tuple[Drawing, ...]:
        for name in draft.signers(operator) if draft.how == "screen" else []:
            if draft.names.get(name, name) != name and len(draft.signers(operator)) > 1:
                raise AcceptanceIncomplete(f"Among several people each accepts for themselves, and that is not {name}")
        return ()

    monkeypatch.setattr(CustodyDraft, "drawings", raising)
    ben = at_the_desk(station)
    point = Point("ISSUE", LINES[2], "screen", KIM, "first", None, is_checked=True)
    assert [each.partition(":")[0] for each in failures(desk, ben, point.draft({}))] == [
        "", "?stopped=1", "?find=x", "/acceptance", "/check?draft=" + custody_drafts.current(desk, "ISSUE").draft_id,
        "scan by script",
    ]  # fmt: skip


@pytest.mark.parametrize("strokes", [STROKES, ""])
@pytest.mark.parametrize("word", ["issue", "transfer"])
def test_a_second_person_may_come_where_somebody_else_signed_for_the_first(
    station: OpenStation, word: str, strokes: str
) -> None:
    """The pages say what is lacking, with the way to it; nothing is committed so, and all goes on from there."""
    stocked(station, JANE, OKRI, RENAMED)
    if word == "transfer":
        issued(station, "LT-1", "LT-2", to=RENAMED)
    ben = at_the_desk(station, f"/{word}")
    listed(ben, word, "LT-1", holder=OKRI)
    ben.post(f"/{word}/acceptance", accepting(ben, word) | {"how": "screen", "strokes.0": strokes, "name.0": KIM})
    ben.get(f"/{word}")
    for typed in (JANE, "LT-2"):
        assert ben.post(f"/{word}/scans", {"typed": typed}, hx_request="true").status_code == 200
    ben.get(f"/{word}")
    assert NOT_OKRI in ben.words
    assert f'{JANE} did not sign for this yet. <a href="/{word}/acceptance">' in ben.page
    ben.follow(ben.post(f"/{word}/check"))
    assert f'<li><a href="/{word}/acceptance">{JANE} did not sign for this yet.' in ben.page
    assert NOT_OKRI in ben.words
    assert form_of(ben).keys() == set()
    before = size(station)
    listing = ben.get(f"/{word}/acceptance")
    assert (listing.status_code, f'value="{KIM}"' in ben.page) == (200, True)
    form = accepting(ben, word) | {"strokes.0": strokes, "strokes.1": STROKES}
    assert ben.post(f"/{word}/acceptance", form).status_code == 422
    assert "is kept with the list, and nothing is committed" in ben.words
    assert size(station) == before
    form = accepting(ben, word) | {"name.0": "", "strokes.0": "M1 1l2 2", "strokes.1": STROKES}
    ben.post(f"/{word}/acceptance", form)  # the other name goes, and what was drawn under it
    ben.follow(ben.post(f"/{word}/acceptance", accepting(ben, word) | {"strokes.0": "M1 1l2 2"}))
    ben.follow(ben.post(f"/{word}/commit", code(ben)))
    accepted = msgspec.convert(said_of_acceptance(station), dict[str, object])
    assert msgspec.convert(accepted["signatures"], dict[str, str]).keys() == {JANE, OKRI}
    sound(station)


def test_what_is_lacking_stops_the_commit_whatever_code_is_sent(station: OpenStation, desk: AtDesk) -> None:
    """The check page is shown again, says what is lacking, and nothing is saved."""
    ben = at_the_desk(station)
    whole = CustodyDraft("ISSUE", (DraftLine("LT-1", OKRI),), how="screen", strokes={OKRI: STROKES})
    kept(desk, whole)
    checked = custody_drafts.fix_time(desk, "ISSUE")
    ben.get(f"/issue/check?draft={checked.draft_id}")
    sent, before = code(ben), size(station)
    for lacking, said in (
        ({"strokes": {}}, "Ben Okri did not sign for this yet."),
        ({"how": "typed"}, "Ben Okri did not type the name yet."),
        ({"due_on": TOO_FAR}, f"{TOO_FAR} can't be meant: it is more than 100 years ahead."),
    ):
        kept(desk, msgspec.structs.replace(checked.draft, **lacking))
        assert ben.post("/issue/commit", sent).status_code == 422
        assert "It can't be committed as it is. Nothing was saved." in ben.words
        assert said in ben.words
        assert form_of(ben).keys() == set()
    assert (size(station), where(station, "LT-1")) == (before, "in CASE-01 slot 1")


@pytest.mark.parametrize("next_one", [NEXT[2], {"holder": "Nobody"}])
def test_whoever_gives_back_and_is_nobody_keeps_no_list_shut(
    station: OpenStation, desk: AtDesk, next_one: dict[str, Any]
) -> None:
    """Kept under a name that nobody has: the page says so, and what is scanned is taken, and answered as taken."""
    ben = at_the_desk(station)
    kept(desk, msgspec.structs.replace(CustodyDraft("RETURN", (DraftLine("LT-2"),)), **next_one))
    part = ben.post("/return/scans", {"typed": "LT-3"}, hx_request="true")
    assert (part.status_code, custody_drafts.current(desk, "RETURN").draft.tags) == (200, ["LT-2", "LT-3"])
    assert "Nobody" in words(part.text)
    assert ben.get("/return").status_code == 200


def test_a_due_date_that_can_not_be_meant_any_more_keeps_no_list_shut(station: OpenStation, desk: AtDesk) -> None:
    """An earlier version kept any; the clock may have been set back. The page leads to where another is said."""
    ben = at_the_desk(station)
    kept(desk, CustodyDraft("ISSUE", (DraftLine("LT-1", OKRI),), OKRI, due_on=TOO_FAR))
    part = ben.post("/issue/scans", {"typed": SCANNED}, hx_request="true")
    assert part.status_code == 200
    assert f"{TOO_FAR} can't be meant: it is more than 100 years ahead. Due date and acceptance" in words(part.text)
    assert ben.post("/issue/acceptance", accepting(ben) | {"how": "paper"}).status_code == 422
    ben.follow(ben.post("/issue/acceptance", accepting(ben) | {"how": "paper", "due_on": "2026-08-01"}))
    ben.follow(ben.post("/issue/commit", code(ben)))
    assert where(station, "LT-1") == "in custody of Ben Okri"
