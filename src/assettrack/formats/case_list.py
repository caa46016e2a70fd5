"""A list of cases to prepare: a text file with one ``NAME,N`` a line, without a header.

Blank lines and lines that begin with ``#`` are left out. Owns how such a file is read; whether the
cases may be prepared is for `services.slots`. Must never skip a line it can't read.
"""

from assettrack.domain import cards, errors
from assettrack.domain.findings import Finding
from assettrack.domain.tags import NotATag, parse_case_name, parse_slot_position
from assettrack.domain.wording import quoted
from assettrack.formats.encodings import read_text

LIST_BYTES_MAX = 1_000_000

_SHOWN = 60
_WRITTEN = (
    "a line is written NAME,N (the case, a comma, its number of slots, as in CASE-07,24), without a heading above"
)


def parse(data: bytes, name: str) -> list[tuple[str, int]]:
    """Return the cases of a list with their numbers of slots; ``name`` is the file's, for the sentence of an error.

    Raises:
        errors.ListFileWrong: it is no text, a line is not ``NAME,N``, a case stands there twice, or there is none.
    """
    if len(data) > LIST_BYTES_MAX:
        raise errors.ListFileWrong(name, None, f"it has more than {LIST_BYTES_MAX:,} bytes")
    text = read_text(data)
    if isinstance(text, Finding):
        raise errors.ListFileWrong(name, None, text.message.rstrip("."))
    lines: dict[str, int] = {}
    cases = []
    for number, raw in enumerate(text.lines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        try:
            case_name, slots = _case(line)
        except NotATag as error:
            raise errors.ListFileWrong(name, number, error.reason) from error
        if lines.setdefault(case_name, number) != number:
            raise errors.ListFileWrong(name, number, f"case {case_name} stands in line {lines[case_name]} already")
        cases.append((case_name, slots))
    if not cases:
        raise errors.ListFileWrong(name, None, "it names no case")
    return cases


def _case(line: str) -> tuple[str, int]:
    """Return the case that a line names.

    Raises:
        NotATag: it is no ``NAME,N``.
    """
    case_name, comma, slots = line.partition(",")
    if not comma or not any(map(str.isdigit, slots)):
        raise NotATag(f"{_WRITTEN}. This one is {quoted(line, _SHOWN)}")
    try:
        return _new_name(case_name), parse_slot_position(slots)
    except NotATag as error:
        raise NotATag(f"{quoted(line, _SHOWN)} is not NAME,N: {error.reason}") from error


def _new_name(text: str) -> str:
    """Return the name that a new case may have.

    Raises:
        NotATag: it may not.
    """
    name = parse_case_name(text)
    reason = cards.why_no_new_name(name)
    if reason is not None:
        raise NotATag(reason)
    return name
