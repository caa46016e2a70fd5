"""Who accepts a whole batch, said alike before its commit and after it, whatever it did and however large it is."""

from assettrack.domain.plans import Acceptance, Options
from assettrack.domain.timestamps import utc_text
from assettrack.services.batches import ROWS_SHOWN
from assettrack.web.batches.facts import SHOWN_MAX
from tests.web.handing_over import JANE, issued, stocked
from tests.web.stock import commit
from tests.web.test_all_is_shown import HEADS, confirm, path_of
from tests.web.visitors import OpenStation

ON_PAPER = Options(new_holders=True, accepted=Acceptance("paper"))


def test_what_is_retired_while_somebody_has_it_is_accepted_by_the_operator(station: OpenStation) -> None:
    """As what is given back: it was taken from the holder and given to nobody."""
    stocked(station)
    issued(station, "LT-1")
    ben = station.visitor("ben")
    ben.get("/intake")
    row = f"LT-1,{utc_text(station.tick())},RETIRE,ben,,,,,,,,,,broken hinge\n"
    ben.follow(ben.upload("/intake/upload", "day.csv", (HEADS + row).encode(), {"how": "paper"}))
    said = "Accepted, for the whole batch Signed on paper, by ben"
    assert said in ben.words
    ben.follow(ben.post(f"{path_of(ben.page)}/commit", {"confirm": confirm(ben.page)}))
    assert "Committed: 1 row" in ben.words
    assert said in ben.words


def test_whoever_gives_something_back_and_gets_something_else_accepts_it(station: OpenStation) -> None:
    """The operator is named for nothing: of what is exchanged with somebody there is one acceptance."""
    stocked(station)
    issued(station, "LT-1")
    rows = [f"LT-1,{utc_text(station.tick())},RETURN,mara,,CASE-01,1,"]
    rows += [f"LT-2,{utc_text(station.tick())},ISSUE,mara,{JANE},OUT,OUT,"]
    commit(station, rows, ON_PAPER)
    ben = station.visitor("ben")
    ben.get("/batches/3")
    assert "Signed on paper, by Jane Smith" in ben.words
    assert "Jane Smith, mara" not in ben.words
    assert "mara, Jane Smith" not in ben.words


def test_of_a_large_batch_everybody_is_counted(station: OpenStation) -> None:
    """Those whose rows are not shown too."""
    people = ROWS_SHOWN + 5
    commit(station, [f"A-{n},2026-06-20T10:00:00Z,SCAN,mara,,,,laptop" for n in range(people)])
    rows = [f"A-{n},2026-06-21T10:00:00Z,ISSUE,mara,Holder {n:03d},OUT,OUT," for n in range(people)]
    commit(station, rows, ON_PAPER)
    ben = station.visitor("ben")
    ben.get("/batches/2")
    first = ", ".join(f"Holder {n:03d}" for n in range(SHOWN_MAX))
    assert f"Signed on paper, by {first} and {people - SHOWN_MAX} more" in ben.words
