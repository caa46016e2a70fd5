"""Scans that were dealt with before: what a batch of an earlier download of the same scans recorded, or left out.

A scanner tells its old scans again until it is cleared. Owns that such a scan is never decided a second time, whatever
its cards stand for and whatever is answered now: it stays what it was made then, and only gives its context on.
"""

from collections.abc import Mapping, Sequence

import msgspec

from assettrack.domain.scan_answers import Answers, ScanReading


class Settled(msgspec.Struct, frozen=True):
    """Scans of a download that were dealt with before, by their numbers in it.

    ``batches`` says in which batch, ``rows`` which of them it recorded, ``answers`` with which answers each was read.
    """

    batches: Mapping[int, int] = {}
    rows: frozenset[int] = frozenset()
    answers: Mapping[int, Answers] = {}

    @property
    def recorded_in(self) -> tuple[int, ...]:
        """The batches in which they were dealt with, each once, in their order."""
        return tuple(sorted(set(self.batches.values())))

    def contradicted(self, given: Answers) -> list[int]:
        """Return the settled scans about which something else is answered now than what they were settled with."""
        left_out = {each.number for each in given.left_out}
        found = []
        for number in sorted(left_out | set(given.taken)):
            then = self.answers.get(number)
            if then is None:
                continue
            before = (any(each.number == number for each in then.left_out), number in then.taken)
            if before != (number in left_out, number in given.taken):
                found.append(number)
        return found


NOTHING_SETTLED = Settled()


def settled_by(earlier: Sequence[tuple[int, ScanReading, Mapping[int, int]]]) -> Settled:
    """Return what batches settled: each with its number, its reading, and which of its scans is which one now.

    Where two batches had the same scan, the row of one of them is what became of it, and else the first counts.
    """
    batches: dict[int, int] = {}
    answers: dict[int, Answers] = {}
    rows: set[int] = set()
    for batch_id, reading, now in earlier:
        are_rows = frozenset(reading.numbers)
        said = in_numbers(reading.answers, now)
        for then, number in now.items():
            if then > reading.scans or (number in batches and (number in rows or then not in are_rows)):
                continue
            batches[number], answers[number] = batch_id, said
            if then in are_rows:
                rows.add(number)
    return Settled(batches, frozenset(rows), answers)


def in_numbers(answers: Answers, now: Mapping[int, int]) -> Answers:
    """Return answers about scans by the numbers that these have now; those about others are gone."""
    return msgspec.structs.replace(
        answers,
        left_out=tuple(
            msgspec.structs.replace(each, number=now[each.number]) for each in answers.left_out if each.number in now
        ),
        taken=tuple(now[number] for number in answers.taken if number in now),
    )
