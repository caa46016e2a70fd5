"""The page of a batch with more people than it shows at a time: one goes through them, and comes back to anybody."""

from assettrack.domain.tags import Place
from assettrack.domain.typed_rows import TypedRow, issues
from assettrack.services import holders
from assettrack.services.batch_papers import HOLDERS_SHOWN
from tests.web.handing_over import at_the_desk, take_in
from tests.web.visitors import OpenStation, words

NAMES = [f"Person {number:03d}" for number in range(HOLDERS_SHOWN + 2)]


def test_the_people_of_a_large_batch_are_on_pages(station: OpenStation) -> None:
    """Each is on one of them, links lead from one to the other, and a deed for somebody leads back to that one."""
    station.case("CASE-01", len(NAMES))
    tags = [f"LT-{number}" for number in range(len(NAMES))]
    take_in(
        station,
        [TypedRow("SCAN", tag, place=Place("CASE-01", n), equipment_type="laptop") for n, tag in enumerate(tags, 1)],
    )
    for name in NAMES:
        holders.register(station.workplace(), name)
    take_in(station, [each for tag, name in zip(tags, NAMES, strict=True) for each in issues([tag], name)])
    ben = at_the_desk(station)
    first, last = NAMES[:HOLDERS_SHOWN], NAMES[HOLDERS_SHOWN:]
    ben.get("/batches/2")
    assert [name for name in NAMES if f"<h3>{name}</h3>" in ben.page] == first
    assert "1 to 50 of 52 people" in ben.words
    assert 'href="/batches/2?people=2#papers"' in ben.page
    ben.get("/batches/2?people=2")
    assert [name for name in NAMES if f"<h3>{name}</h3>" in ben.page] == last
    assert 'href="/batches/2?people=1#papers"' in ben.page
    ben.follow(ben.post("/batches/2/receipts", {"holder": last[0]}))
    assert [name for name in NAMES if f"<h3>{name}</h3>" in ben.page] == last
    assert "Print receipt 1 (PDF)" in ben.words
    ben.get("/batches/2?people=x&holder=%00")
    assert [name for name in NAMES if f"<h3>{name}</h3>" in ben.page] == first


def test_how_it_was_accepted_and_what_somebody_has_now_are_two_things(station: OpenStation) -> None:
    """Each stands in its own paragraph, and is read by itself: nobody accepts by a name that "has 1 asset now"."""
    station.case("CASE-01", 2)
    take_in(station, [TypedRow("SCAN", "LT-1", place=Place("CASE-01", 1), equipment_type="laptop")])
    holders.register(station.workplace(), "Jane Smith")
    take_in(station, issues(["LT-1"], "Jane Smith"))
    ben = at_the_desk(station)
    ben.get("/batches/2")
    said = ben.page.partition("<h3>Jane Smith</h3>")[2].partition("<form")[0]
    paragraphs = [words(each) for each in said.split("<p>")[1:]]
    assert paragraphs == ["not accepted yet", "has 1 asset now"]
