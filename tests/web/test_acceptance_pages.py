"""How what is handed over is accepted: on paper, by a typed name, by a signature on the screen, at once or later."""

from contextlib import closing
from hashlib import sha256

import apsw
import pytest

from assettrack.services import acceptances, settings, verification
from tests.web.handing_over import (
    JANE,
    OKRI,
    STROKES,
    at_the_desk,
    checked,
    form_of,
    issued,
    listed,
    said_of_acceptance,
    sound,
    stocked,
)
from tests.web.visitors import OpenStation


def test_a_station_that_requires_acceptance_is_given_it_first(station: OpenStation) -> None:
    """Without one nothing can be committed, and the page says so; with one it can."""
    stocked(station)
    settings.set_rule(station.workplace(), "acceptance", "required")
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    ben.get("/issue/acceptance")
    ben.follow(ben.post("/issue/acceptance", {"how": "none"}))
    assert "This station wants it accepted before it is recorded." in ben.words
    assert form_of(ben).keys() == set()
    ben.follow(ben.post("/issue/commit", checked(ben, "issue", {"how": "paper"})))
    assert "Jane Smith accepted" in ben.words
    assert acceptances.all_open(station.workplace()).open == []


def test_a_typed_name_must_be_typed(station: OpenStation) -> None:
    """Choosing that way and typing nothing is refused; somebody else's name is kept as who accepted."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    ben.get("/issue/acceptance")
    answer = ben.post("/issue/acceptance", {"how": "typed", "signer.0": JANE, "name.0": ""})
    assert answer.status_code == 422
    assert "Jane Smith did not type the name yet" in ben.words
    form = checked(ben, "issue", {"how": "typed", "signer.0": JANE, "name.0": "Kim Stand-In"})
    ben.follow(ben.post("/issue/commit", form))
    assert said_of_acceptance(station) == {"how": "typed", "by": "Kim Stand-In"}


def test_among_several_each_accepts_for_themselves(station: OpenStation) -> None:
    """One name can't stand for the part of another."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    listed(ben, "issue", "LT-2", holder=OKRI)
    ben.get("/issue/acceptance")
    said = {"how": "typed", "signer.0": JANE, "name.0": "jane  smith", "signer.1": OKRI, "name.1": "Somebody"}
    assert ben.post("/issue/acceptance", said).status_code == 422
    ben.follow(ben.post("/issue/commit", checked(ben, "issue", {**said, "name.1": "BEN OKRI"})))
    assert said_of_acceptance(station) == {"how": "typed"}


def test_signatures_drawn_on_the_screen_lie_beside_the_log_which_holds_their_hashes(station: OpenStation) -> None:
    """Each of two people signs for their own; the pages show it, and the log verifies with it."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    listed(ben, "issue", "LT-2", holder=OKRI)
    theirs = "M10 10l5 5"
    said = {"how": "screen", "signer.0": JANE, "strokes.0": STROKES, "signer.1": OKRI, "strokes.1": theirs}
    form = checked(ben, "issue", said)
    assert f'd="{STROKES}"' in ben.page
    ben.follow(ben.post("/issue/commit", form))
    assert ben.page.count('class="signature"') == 2
    hashes = {name: sha256(text.encode()).hexdigest() for name, text in ((JANE, STROKES), (OKRI, theirs))}
    assert said_of_acceptance(station) == {"how": "screen", "signatures": hashes}
    with station.workplace().store.read() as snapshot:
        assert {(kept.name, kept.strokes) for kept in snapshot.signatures()} == {(JANE, STROKES), (OKRI, theirs)}
    sound(station)


@pytest.mark.parametrize(
    ("forged", "said"),
    [
        ("UPDATE signatures SET strokes = 'M1 1l2 2'", "says otherwise of the signature of entry"),
        ("DELETE FROM signatures", "lacks one that entry"),
        ("INSERT INTO signatures VALUES (1, 'x', 'M1 1l2 2')", "has one of entry 1"),
        ("DELETE FROM signature_hashes", "Table signature_hashes lacks"),
        ("UPDATE signature_hashes SET name = 'Eve'", "Table signature_hashes"),
    ],
)
def test_a_signature_that_was_swapped_is_named(station: OpenStation, forged: str, said: str) -> None:
    """Whoever has the file can change what lies beside the log, and verifying says so."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    signed = {"how": "screen", "signer.0": JANE, "strokes.0": STROKES}
    ben.follow(ben.post("/issue/commit", checked(ben, "issue", signed)))
    with closing(apsw.Connection(str(station.folder / "station.db"))) as insider:
        rules = insider.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name LIKE 'signature%'"
        ).fetchall()
        for name, _ in rules:
            insider.execute(f"DROP TRIGGER {name}")
        insider.execute(forged)
        for _, sql in rules:
            insider.execute(str(sql))
    found = verification.verify(station.workplace(), [])
    assert not found.ok
    assert said in found.message, found.message


@pytest.mark.parametrize("drawn", ["", "M1 1", "M1 1l2 2<script>", "m1 1l2 2", "M1 1" + "l1 1" * 2100, "M1٣ 1l2 2"])
def test_what_is_no_signature_is_refused(station: OpenStation, drawn: str) -> None:
    """Nothing drawn, a dot, another text, or too long a one is kept nowhere."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    ben.get("/issue/acceptance")
    answer = ben.post("/issue/acceptance", {"how": "screen", "signer.0": JANE, "strokes.0": drawn})
    assert answer.status_code == 422
    assert "sign" in ben.words.split("There is a problem")[1]
    assert "<script>" not in ben.page.replace("<script src", "")


def test_a_signature_is_for_the_list_that_was_signed(station: OpenStation) -> None:
    """Another asset on the list takes the signature away, and it must be signed anew."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    checked(ben, "issue", {"how": "screen", "signer.0": JANE, "strokes.0": STROKES})
    listed(ben, "issue", "LT-2")
    ben.get("/issue/acceptance")
    assert STROKES not in ben.page
    ben.get("/issue")
    assert ben.follow(ben.post("/issue/check")).status_code == 200
    assert "Jane Smith did not sign for this yet" in ben.words
    assert form_of(ben).keys() == set()


def test_what_is_taken_back_is_signed_for_by_the_operator(station: OpenStation) -> None:
    """By a return the station takes responsibility, so its operator accepts."""
    stocked(station)
    issued(station, "LT-1")
    ben = at_the_desk(station, "/return")
    listed(ben, "return", "LT-1")
    form = checked(ben, "return", {"how": "screen", "signer.0": "ben", "strokes.0": STROKES})
    ben.follow(ben.post("/return/commit", form))
    assert said_of_acceptance(station) == {
        "how": "screen",
        "signatures": {"ben": sha256(STROKES.encode()).hexdigest()},
    }
    sound(station)


def test_an_acceptance_is_recorded_after_the_batch(station: OpenStation) -> None:
    """With a signature drawn then, whose hash the entry holds; once, and not without what it needs."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    page = ben.post("/issue/commit", checked(ben, "issue")).headers["location"]
    ben.get(page)
    assert "Record that it was accepted" in ben.words
    for lacking in ({}, {"how": "screen"}, {"how": "typed"}, {"how": "screen", "strokes": "x"}):
        assert ben.post(f"{page}/acceptances", {"holder": JANE, **lacking}).status_code == 422
    ben.follow(ben.post(f"{page}/acceptances", {"holder": JANE, "how": "screen", "strokes": STROKES}))
    assert "Record that it was accepted" not in ben.words
    assert f'd="{STROKES}"' in ben.page
    again = ben.post(f"{page}/acceptances", {"holder": JANE, "how": "paper"})
    assert again.status_code == 409
    sound(station)
