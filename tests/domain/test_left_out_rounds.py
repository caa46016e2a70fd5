"""Random rounds of which cards are left out, read at once and in two steps: asked is just what the documents say."""

from collections.abc import Collection, Mapping, Sequence
from random import Random

import msgspec
import pytest

from assettrack.domain import scan_memory
from assettrack.domain.cards import is_card
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.said_once import Doubt, SaidOnce, What
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scan_context import said_by
from assettrack.domain.scan_grammar import Reading
from assettrack.domain.scan_meanings import Meaning
from assettrack.domain.settled_scans import NOTHING_SETTLED, Settled
from tests.domain.plain_rounds import Day, Scanned, drawn_rounds, out_of
from tests.domain.trial_scans import CATALOGUE, every, stored
from tests.sampling import Sample

SEEDS = range(4000)
DRAWN = 250
OF_THESE = {"said_for_other", "place_left_out"}


def read(scans: Sequence[Scanned], answers: Answers, settled: Settled = NOTHING_SETTLED) -> list[Meaning]:
    """Read scans half a minute apart."""
    texts = stored([each.text for each in scans])
    return Reading(CATALOGUE, answers, settled=settled).read(texts, every(30, len(texts)))


def asked(meanings: Sequence[Meaning]) -> dict[int, list[str]]:
    """Return the two questions that are looked at, by scan."""
    found = {each.scan.number: [said.message for said in each.findings if said.code in OF_THESE] for each in meanings}
    return {number: said for number, said in found.items() if said}


def answered(day: Day, scans: Sequence[Scanned], said: Answers, then: Answers | None = None) -> Answers:
    """Return answers that take what is asked, one scan after the other."""
    while day.asked:
        said = said.answering(min(day.asked), taken=True)
        day = Day(scans, said, day.settled, then)
    return said


def differs(seed: int) -> list[str]:
    """Return which of the readings of a day are not as the documents say."""
    chance = Random(f"rounds {seed}")
    scans = drawn_rounds(chance, chance.randrange(2, 16))
    count = chance.randrange(len(scans))
    names = [("Lee", "SCAN", "Grace Hopper"), ("Mara", "UPDATE", "Mary Jackson")]
    first, second = [
        Answers(operator=who, event_type="SCAN" if what == "SCAN" else "UPDATE", holder=whom)
        for who, what, whom in (names[0], names[chance.random() < 0.3])
    ]
    wrong = []
    then = msgspec.structs.replace(first, left_out=out_of(scans[:count]))
    morning = Day(scans[:count], then)
    if asked(read(scans[:count], then)) != morning.asked:
        wrong.append("morning")
    if chance.random() < 0.7:  # else an older program committed it, and asked nothing
        then = answered(morning, scans[:count], then)
        if asked(read(scans[:count], then)):
            wrong.append("morning, answered")
    numbers = range(1, count + 1)
    rows = frozenset(each for each in numbers if scans[each - 1].is_asset and not scans[each - 1].is_left_out)
    settled = Settled(dict.fromkeys(numbers, 1), rows, dict.fromkeys(numbers, then))
    outs = tuple(each for each in out_of(scans) if each.number > count)
    now = msgspec.structs.replace(second, left_out=outs)
    evening = Day(scans, now, count, then)
    meanings = read(scans, now, settled)
    if asked(meanings) != evening.asked:
        wrong.append("evening")
    if [each.said for each in meanings if each.scan.number in rows] != ["recorded"] * len(rows):
        wrong.append("recorded")
    now = answered(evening, scans, now, then)
    if asked(read(scans, now, settled)):
        wrong.append("evening, answered")
    return wrong


def test_asked_is_what_the_documents_say(sample: Sample) -> None:
    """A first part that is committed and its download, or a file, grows: no question is lost, and none is too many."""
    assert {seed: said for seed in sample(SEEDS, DRAWN) if (said := differs(seed))} == {}


def _before_alone(scans: Sequence[RawScan], maybe_cases: Collection[str]) -> frozenset[int]:  # noqa: ARG001 - as it is
    """Look for labels only before a card, in whatever round."""
    first = min((each.number for each in scans if said_by(each.text, is_case=False) == {"place"}), default=len(scans))
    return frozenset(each.number for each in scans if is_card(each.text) and each.number > first)


def _for_any_name(self: SaidOnce, number: int, used: Mapping[What, str]) -> list[Doubt]:
    """Doubt what is said now because anything was said before."""
    doubts = _DOUBTS(self, number, dict.fromkeys(used, ""))
    return [doubt._replace(said=used[doubt.what]) for doubt in doubts]


_DOUBTS = SaidOnce.doubts
_SAID_FOR_OTHER = Reading._is_said_for_other  # noqa: SLF001 - the twin is it, but for what is settled


def _new_ones_alone(self: Reading, number: int, tag: str, answered: Mapping[What, str]) -> bool:
    """Forget what was said for scans that are settled."""
    return number not in self._settled.batches and _SAID_FOR_OTHER(self, number, tag, answered)


@pytest.mark.parametrize(
    "twin", ["settled says nothing", "misread says nothing", "before alone", "any card", "any name"]
)
def test_the_rounds_find_what_is_not_by_the_rule(monkeypatch: pytest.MonkeyPatch, twin: str) -> None:
    """Names that a commit makes forgotten, labels that nobody asks about, and questions on days without any."""
    if twin == "settled says nothing":
        monkeypatch.setattr(Reading, "_is_said_for_other", _new_ones_alone)
    elif twin == "any name":
        monkeypatch.setattr(SaidOnce, "doubts", _for_any_name)
    else:
        labels = {
            "misread says nothing": lambda *_: frozenset(),
            "before alone": _before_alone,
            "any card": lambda scans, _: frozenset(each.number for each in scans),
        }
        monkeypatch.setattr(scan_memory, "maybe_labels", labels[twin])
    assert any(differs(seed) for seed in SEEDS[:DRAWN])
