"""What a person at the desk says about scans that can't be read without them.

Owns the answers. Each is explicit, about one scan or one doubt, and goes into the log with the batch; nothing is
answered by default.
"""

from collections.abc import Mapping
from functools import cached_property

import msgspec

from assettrack.domain.findings import Finding, finding
from assettrack.domain.scanner_findings import ANSWERED_BY
from assettrack.domain.scans import EventType


class LeftOut(msgspec.Struct, frozen=True, order=True):
    """A scan that is not to count, and why."""

    number: int
    reason: str


class Answers(msgspec.Struct, frozen=True, omit_defaults=True, dict=True):
    """What was said at the desk about some scans.

    ``left_out`` are scans that are not to count. ``taken`` are scans whose doubt was looked at, and which are meant as
    they are. ``operator``, ``event_type``, ``holder`` and ``reason`` (of a RETIRE) go for scans of which no card says
    it. ``clock_undisturbed`` says that a clock far off was off all the time, ``untimed_at_download`` gives scans
    without a time that of the download, ``gaps_looked_at`` says that no scan is missing though the scanner was set to
    drop repeated ones, or its earlier scans can't be told from its new ones. ``same_scans`` says that scans without
    times that equal recorded ones are these, ``scanned_anew`` that they were made after them.

    ``holder_id`` is the number of the holder who was meant by ``holder`` when that was said, 0 where it was nobody yet,
    None where nobody looked. It is kept at the desk until the commit, and never in the log, where each row has it.
    """

    left_out: tuple[LeftOut, ...] = ()
    taken: tuple[int, ...] = ()
    operator: str = ""
    event_type: EventType | None = None
    holder: str = ""
    reason: str = ""
    clock_undisturbed: bool = False
    untimed_at_download: bool = False
    gaps_looked_at: bool = False
    same_scans: bool = False
    scanned_anew: bool = False
    holder_id: int | None = None

    @cached_property
    def reasons(self) -> Mapping[int, str]:
        """Why scans are left out, by their numbers: each of thousands of scans is looked up here."""
        return {each.number: each.reason for each in self.left_out}

    @property
    def recorded(self) -> "Answers":
        """The answers as the log keeps them."""
        return msgspec.structs.replace(self, holder_id=None)

    def answering(self, number: int, *, left_out: str | None = None, taken: bool = False) -> "Answers":
        """Return these answers with another one about a scan: the reason why it is left out, or taken, or none."""
        others = [each for each in self.left_out if each.number != number]
        out = [] if left_out is None else [LeftOut(number, left_out)]
        kept = [each for each in self.taken if each != number]
        return msgspec.structs.replace(
            self, left_out=tuple(sorted([*others, *out])), taken=tuple(sorted([*kept, *([number] if taken else [])]))
        )

    def leaving_out(self, reasons: Mapping[int, str]) -> "Answers":
        """Return these answers with scans left out, each for its reason; nothing else about them counts then."""
        others = [each for each in self.left_out if each.number not in reasons]
        left_out = sorted([*others, *(LeftOut(number, reason) for number, reason in reasons.items())])
        taken = tuple(number for number in self.taken if number not in reasons)
        return msgspec.structs.replace(self, left_out=tuple(left_out), taken=taken)

    @property
    def left_out_and_taken(self) -> list[int]:
        """The scans about which two answers contradict each other."""
        return sorted({each.number for each in self.left_out} & set(self.taken))

    @property
    def are_same_and_anew(self) -> bool:
        """Whether equal scans are said to be the recorded ones, and to be made after them: not both can be so."""
        return self.same_scans and self.scanned_anew

    def settle(self, question: str) -> bool:
        """Return whether one of the answers for all settles a question about the whole of a download, by its code."""
        return any(getattr(self, field) for field in ANSWERED_BY[question])


class ScanReading(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the scans of a download were read: from which scanner, by which catalogue, with which answers.

    ``clock_off`` is by how many seconds the scanner's clock was behind the station's, None where it is not known.
    ``numbers`` are the scans that are rows, in the order of the rows; ``settled`` counts those that earlier batches had
    dealt with. ``read_as`` is the form of the file that the
    scans came in, blank where they were pulled from the scanner itself. ``asked`` are the questions about the whole of
    it that an answer for all settled, as they were asked: one that was not shown then has no answer. ``taken_on`` tells
    by 16 hexadecimal digits which questions about single scans were answered by taking these, blank where none was:
    another question has no answer by it. ``traces`` are
    those of the scans of a file (`scan_traces`), one after the other, by which they are known in another file.
    ``stamps`` tell which code was scanned when, by which the scans of a file are known in a download and the other way
    round.
    """

    serial: str
    scans: int
    catalogue: str
    clock_off: int | None = None
    answers: Answers = Answers()
    read_as: str = ""
    numbers: tuple[int, ...] = ()
    settled: int = 0
    asked: tuple[str, ...] = ()
    traces: str = ""
    stamps: str = ""
    taken_on: str = ""


def asked_of_all(question: Finding, answers: Answers) -> Finding:
    """Return a question about the whole of a download, or where it is answered for all what is to be seen of that."""
    return finding("answered_so", question=question.message) if answers.settle(question.code) else question
