"""Scans that were dealt with before: what a batch of an earlier download of the same scans recorded, or left out.

A scanner tells its old scans again until it is cleared. Owns that such a scan is never decided a second time, whatever
its cards stand for and whatever is answered now: it stays what it was made then, and only gives its context on.
"""

from collections.abc import Collection, Mapping, Sequence

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
            before = (number in then.reasons, number in then.taken)
            if before != (number in left_out, number in given.taken):
                found.append(number)
        return found

    def without_acknowledged(self, given: Answers, before: Answers) -> Answers:
        """Return answers without those that contradict how a scan was settled, where the same was acknowledged before.

        Nobody knew then that it was settled: the kept file of its batch was lost, and came back since.
        """
        again = set(self.contradicted(given)) & set(self.contradicted(before))
        return without(given, {number for number in again if (number in given.taken) == (number in before.taken)})

    def left_out(self, numbers: Sequence[int]) -> list[tuple[int, str]]:
        """Return those of some scans that were left out, each with the reason that was given then."""
        said = {number: self.answers[number].reasons for number in numbers if number in self.answers}
        return [(number, reasons[number]) for number, reasons in said.items() if number in reasons]

    def with_those(self, then: "Settled", now: Mapping[int, int]) -> "Settled":
        """Return these scans with settled ones of another download; ``now`` says which of its scans is which here."""
        return Settled(
            {**self.batches, **{number: then.batches[old] for old, number in now.items()}},
            self.rows | {number for old, number in now.items() if old in then.rows},
            {**self.answers, **{number: in_numbers(then.answers[old], now) for old, number in now.items()}},
        )

    def with_proven(self, scans: int, batches: Sequence[int], rows: Mapping[int, int], answers: Answers) -> "Settled":
        """Return these scans with all others of a download that was proven to be in some batches before its clear.

        ``rows`` are scans that batches had as rows of which the download is gone, each with its batch. ``answers`` are
        about scans that no batch had: one that is left out there stays so.
        """
        left_out = {each.number for each in answers.left_out}
        proven = [each for each in range(1, scans + 1) if each not in self.batches and each not in left_out]
        held = {number: batch for number, batch in rows.items() if number <= scans and number not in self.rows}
        return Settled(
            {**dict.fromkeys(proven, batches[0]), **self.batches, **held},
            self.rows | held.keys(),
            {**dict.fromkeys(proven, answers), **dict.fromkeys(held, answers), **self.answers},
        )


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


def without(answers: Answers, numbers: Collection[int]) -> Answers:
    """Return answers without those about some scans."""
    return msgspec.structs.replace(
        answers,
        left_out=tuple(each for each in answers.left_out if each.number not in numbers),
        taken=tuple(number for number in answers.taken if number not in numbers),
    )


def in_numbers(answers: Answers, now: Mapping[int, int]) -> Answers:
    """Return answers about scans by the numbers that these have now; those about others are gone."""
    return msgspec.structs.replace(
        answers,
        left_out=tuple(
            msgspec.structs.replace(each, number=now[each.number]) for each in answers.left_out if each.number in now
        ),
        taken=tuple(now[number] for number in answers.taken if number in now),
    )
