"""What is said about a batch or a deed: problems, refusals and notices, as values.

Owns the catalogue of everything that can be said about a row, a file or a typed deed, with one
sentence each. Nothing else builds such a sentence. A problem comes from the file
alone, a refusal from the present state, a notice blocks nothing (DESIGN §2).
"""

import msgspec

from assettrack.domain.batch_findings import BATCH_FINDINGS
from assettrack.domain.deed_findings import DEED_FINDINGS
from assettrack.domain.finding_kinds import Kind
from assettrack.domain.scanner_findings import SCANNER_FINDINGS


class Finding(msgspec.Struct, frozen=True):
    """One thing said about a row, or about the whole file when ``row_number`` is None.

    ``field`` is the contract's column name, or None where no single cell is meant.
    """

    row_number: int | None
    field: str | None
    code: str
    message: str

    @property
    def kind(self) -> Kind:
        """Whether this is a problem, a refusal or a notice."""
        return CATALOGUE[self.code][0]


class Illegal(msgspec.Struct, frozen=True):
    """An entry of the log that would not be legal any more: its number, its asset, and why."""

    seq: int
    asset_tag: str
    code: str
    message: str


class NotAllowed(Exception):
    """A rule refuses what a row or a deed asks for; carries the catalogue code, the field and the facts."""

    def __init__(self, code: str, field: str | None = None, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.facts = facts

    @property
    def sentence(self) -> str:
        """The catalogue's sentence with the facts filled in."""
        return CATALOGUE[self.code][1].format_map(self.facts)

    def at_row(self, row_number: int | None) -> Finding:
        """Return this refusal as a finding about one row."""
        return finding(self.code, row_number, self.field, **self.facts)


def finding(code: str, row_number: int | None = None, field: str | None = None, **facts: object) -> Finding:
    """Build the finding ``code`` with its sentence; the facts fill the sentence's places."""
    sentence = CATALOGUE[code][1]
    return Finding(row_number, field, code, sentence.format(field=field, **facts))


CATALOGUE: dict[str, tuple[Kind, str]] = {**BATCH_FINDINGS, **DEED_FINDINGS, **SCANNER_FINDINGS}
"""Every code with its kind and sentence. ``{field}`` is filled with the finding's field."""
