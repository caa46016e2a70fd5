"""What is said about scans while they are read: what each one is, what is asked about it, and what is worth a look.

Owns the ways to say it, and which questions are answered. What is to be said is `scan_grammar`.
"""

from collections.abc import Mapping

from assettrack.domain.card_catalogue import CardCatalogue
from assettrack.domain.findings import Finding, finding
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.said_once import SAID, SaidOnce, What
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scan_context import NOTHING_SAID, AssetRead, RowSaid, RowsAtOnce
from assettrack.domain.scan_meanings import Meaning, concluded, shown
from assettrack.domain.scan_pauses import TWICE_WITHIN
from assettrack.domain.settled_scans import Settled
from assettrack.domain.tags import USUAL_CASE_FORM, form_of


class Sayings:
    """What is said about scans, by their numbers."""

    def __init__(self, answers: Answers, rows_said: Mapping[int, RowSaid], settled: Settled) -> None:
        self._given = answers
        self._settled = settled
        self._meanings: dict[int, Meaning] = {}
        self._questions: dict[int, list[Finding]] = {}
        self._notes: dict[int, list[Finding]] = {}
        self._once = SaidOnce()
        self._rows_said = rows_said
        self._at_once = RowsAtOnce()
        self._asked = {number for number, said in rows_said.items() if said.is_asked}

    def _said_of(self, number: int) -> Answers:
        """Return the answers with which a scan is read: what is settled is read as it was then."""
        return self._settled.answers.get(number, self._given)

    def _said_by_row(self, number: int) -> RowSaid:
        """Return what the file says beside a scan."""
        return self._rows_said.get(number, NOTHING_SAID)

    def _concluded(self) -> list[Meaning]:
        """Return what each scan means once all are read; an answer to no question is held."""
        for number in self._given.taken:
            if number in self._meanings and number not in self._asked and number not in self._settled.batches:
                self._hold(number, "take_unasked")
        said = (self._settled, self._questions, self._notes)
        return [concluded(meaning, *said) for meaning in self._meanings.values()]

    def _is_meant(self, number: int, code: str, **facts: object) -> bool:
        """Ask about a scan, unless it was looked at, at the desk, and is meant as it is; tell whether it is."""
        question = finding(code, None, None, number=number, **facts)
        self._asked.add(number)
        if number in self._said_of(number).taken:
            self._remark(number, "taken_so", question=question.message)
            return True
        self._questions.setdefault(number, []).append(question)
        return False

    def _is_asset(self, number: int, name: str, catalogue: CardCatalogue, *, is_awaited: bool) -> bool:
        """Tell whether a text that can be a tag is an asset: of what looks like a case's name it is asked.

        Where an asset is awaited it is one, unless its name is of the form that cases usually have. What is settled is
        read as it was then. Whoever says again what made it one is not told that it is none.
        """
        if name in catalogue.case_forms:
            self._asked.add(number)
        if name not in catalogue.like_cases or number in self._settled.batches:
            return True
        if is_awaited and form_of(name) != USUAL_CASE_FORM:
            return True
        return self._is_meant(number, "case_or_asset_here", case=name)

    def _is_said_for_other(self, number: int, tag: str, answered: Mapping[What, str]) -> bool:
        """Hold an asset for which an answer for all may not be meant; ``answered`` is what it needs of such answers.

        Behind one card it is asked for the first asset; whoever says it of the others too is not told that it is none.
        What is settled used the answers of then, and is asked nothing.
        """
        is_held = False
        for doubt in self._once.doubts(number, answered):
            self._asked.add(number)
            card, what = doubt.card, SAID[doubt.what]
            if doubt.is_answered:
                continue
            was = "may have been said" if doubt.earlier in self._said_of(doubt.earlier).reasons else "was said"
            if self._is_meant(
                number, "said_for_other", tag=tag, what=what, said=doubt.said, was=was, earlier=doubt.earlier,
                card=card.number, text=shown(card),
            ):  # fmt: skip
                self._once.mean(number, doubt)
            else:
                is_held = True
        return is_held

    def _ask_if_contradicted(self, now: AssetRead) -> None:
        """Ask about an asset of which another row of the same time says otherwise."""
        then = self._at_once.contradicted(now)
        if then is not None:
            words = {"then": then.said.words, "said": now.said.words}
            self._is_meant(now.number, "rows_contradict", tag=now.asset_tag, earlier=then.number, **words)

    def _hold(self, number: int, code: str, **facts: object) -> None:
        """Hold a scan that can't be taken as it is, whatever is answered."""
        self._questions.setdefault(number, []).append(finding(code, None, None, number=number, **facts))

    def _remark(self, number: int, code: str, **facts: object) -> None:
        self._notes.setdefault(number, []).append(finding(code, None, None, number=number, **facts))

    def _remark_twice(self, number: int, earlier: int, *, timed: bool) -> None:
        """Remark that a scan repeats another at once, and is taken as one with it."""
        if timed:
            self._remark(number, "read_twice", earlier=earlier, seconds=int(TWICE_WITHIN.total_seconds()))
        else:
            self._remark(number, "read_twice_untimed", earlier=earlier)

    def _say(self, scan: RawScan, said: str) -> None:
        self._meanings[scan.number] = Meaning(scan, said)
