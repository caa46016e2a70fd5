"""What raw scans were read as.

Owns the values that a reading hands over; how they come about is `scan_grammar`.
"""

from collections.abc import Mapping, Sequence

import msgspec

from assettrack.domain.findings import Finding
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.settled_scans import Settled
from assettrack.domain.typed_rows import TypedRow


class Meaning(msgspec.Struct, frozen=True):
    """What one raw scan was read as: a row, or a few words about what it did; and what is said about it.

    ``said`` is one of ``row``, ``repeated``, ``card``, ``undo``, ``undone`` (this scan was taken back), ``held``,
    ``left out``, ``waits`` (an asset behind a held scan ``waits_for`` on which it hangs what becomes of it; 0
    elsewhere), and ``recorded`` where an earlier batch holds its row.
    """

    scan: RawScan
    said: str
    row: TypedRow | None = None
    operator: str = ""
    waits_for: int = 0
    findings: Sequence[Finding] = ()


Said = Mapping[int, Sequence[Finding]]
"""What is said about scans, by their numbers."""


def concluded(meaning: Meaning, settled: Settled, questions: Said, notes: Said) -> Meaning:
    """Return what a scan is read as once all are: what is settled asks nothing, what is asked about is held."""
    number = meaning.scan.number
    if number in settled.batches:
        is_row = number in settled.rows
        return Meaning(
            meaning.scan, "recorded" if is_row else "left out" if meaning.said in {"row", "held"} else meaning.said
        )
    said = notes.get(number, ())
    if number in questions:
        return Meaning(meaning.scan, "held", findings=[*questions[number], *said])
    return msgspec.structs.replace(meaning, findings=said)


def shown(scan: RawScan) -> str:
    """Return a scan's text so that it can stand in a sentence: hostile letters are written out."""
    return ascii(scan.text)[1:-1]
