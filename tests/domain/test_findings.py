"""The catalogue of findings: every code that is said exists, has its facts, and is said by the right kind of rule."""

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import get_args

import pytest

from assettrack.domain import acceptance_corrections
from assettrack.domain.audit_log import AnyEntry
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.finding_kinds import Kind
from assettrack.domain.findings import CATALOGUE, Finding, NotAllowed, finding
from assettrack.domain.scans import COLUMNS
from tests.architecture import PACKAGE, Source, read

NOT_YET_SAID = {"file_not_found", "file_unreadable"}
"""Codes whose rule is still to be written. The catalogue is done when this is empty."""

# How a finding is said: the callee, where the code and the field stand among its arguments, and the kind it must have.
WAYS_TO_SAY = {
    "finding": (0, 2, None),
    "_problem": (0, 2, Kind.PROBLEM),
    "_wrong": (2, 1, Kind.PROBLEM),
    "NotAllowed": (0, 1, Kind.REFUSAL),
    "note": (0, 1, Kind.NOTICE),
    "_note": (0, 1, Kind.NOTICE),
    "Held": (0, 2, None),
    "_hold": (1, 9, Kind.PROBLEM),
    "_is_meant": (1, 9, Kind.PROBLEM),
    "_remark": (1, 9, Kind.NOTICE),
}
SAYS_OTHERWISE = {f"{PACKAGE}web/audit/verification_pages.py"}
"""Where a note is a signed note of a form."""

ADDED_FACTS = {"_wrong": {"value"}, "_hold": {"number"}, "_is_meant": {"number"}, "_remark": {"number"}}
"""Facts that a way of saying adds by itself."""

DEED_FIELDS = {
    *("slot_position", "value"),
    *acceptance_corrections.FIELDS,
    *(field for kind in get_args(AnyEntry) if issubclass(kind, DeedEntry) for field in kind.__struct_fields__),
} - {*DeedEntry.__struct_fields__}
"""Fields of typed deeds: what their entries say beside who did them, and those that stand in a part of an entry."""

NEVER_SAID = (
    *("item", "barcode", "box", "container", "bin", "N/A", "custodian", "actor", "location type", "import", "error"),
    *("warning", "diff", "event table", "journal", "seal", "node", "client"),
)
"""What DESIGN §2 says the words of the work are never called."""


@dataclass(frozen=True, slots=True)
class Said:
    """One place of the program where a finding is said with its code in plain sight."""

    where: str
    code: str
    field: ast.expr | None
    facts: frozenset[str]
    kind: Kind | None


def places_of(code: str) -> set[str]:
    """The places in a code's sentence that facts fill."""
    return {name for _, name, _, _ in string.Formatter().parse(CATALOGUE[code][1]) if name is not None}


def facts_for(code: str) -> dict[str, object]:
    """A fact for every place of a sentence but the field; the facts have places in them themselves."""
    return {name: f"<{{{name}}}>" for name in places_of(code) - {"field"}}


def callee_of(call: ast.Call) -> str:
    """The last part of the name that is called."""
    return str(getattr(call.func, "id", getattr(call.func, "attr", "")))


def literals(code: ast.expr) -> list[str]:
    """The codes that an argument may be, as far as they stand in the text."""
    return [part.value for part in ast.walk(code) if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def facts_of(call: ast.Call, function: ast.AST) -> set[str]:
    """The names of the facts of a call; `**facts` is looked up where the function around it builds that dict."""
    named = {keyword.arg for keyword in call.keywords if keyword.arg is not None}
    named |= {
        str(ast.literal_eval(key)) for part in call.args if isinstance(part, ast.Dict) for key in part.keys if key
    }
    for spread in (keyword.value for keyword in call.keywords if keyword.arg is None):
        built = [
            part.value
            for part in ast.walk(function)
            if isinstance(part, ast.Assign) and ast.dump(part.targets[0]) == ast.dump(spread).replace("Load", "Store")
        ]
        keys = [key for value in built if isinstance(value, ast.Dict) for key in value.keys]
        assert keys, f"line {call.lineno}: the facts of {ast.unparse(call)} can't be seen"
        named |= {str(ast.literal_eval(key)) for key in keys if key is not None}
    return named


def said_in(source: Source) -> Iterator[Said]:
    """Everything said in a source with its code in plain sight."""
    functions = [part for part in ast.walk(source.tree) if isinstance(part, ast.FunctionDef)]
    for function in functions:
        for call in (part for part in ast.walk(function) if isinstance(part, ast.Call)):
            callee = callee_of(call)
            if callee not in WAYS_TO_SAY or source.path in SAYS_OTHERWISE:
                continue
            code_at, field_at, kind = WAYS_TO_SAY[callee]
            codes = literals(call.args[code_at]) if len(call.args) > code_at else []
            field = call.args[field_at] if len(call.args) > field_at else None
            for code in codes:
                facts = facts_of(call, function) | ADDED_FACTS.get(callee, set())
                yield Said(f"{source.path}:{call.lineno}", code, field, frozenset(facts), kind)


def codes_of_times(sources: list[Source]) -> set[str]:
    """The codes that the timestamp reader hands over: NotATime's default and second argument."""
    (source,) = (source for source in sources if source.path == f"{PACKAGE}domain/timestamps.py")
    (kind,) = (part for part in ast.walk(source.tree) if isinstance(part, ast.ClassDef) and part.name == "NotATime")
    calls = [part for part in ast.walk(source.tree) if isinstance(part, ast.Call) and callee_of(part) == "NotATime"]
    made = (part for part in ast.walk(kind) if isinstance(part, ast.FunctionDef))
    defaults = [default for function in made for default in function.args.defaults]
    given = [argument for call in calls for argument in call.args[1:]]
    return {code for argument in [*defaults, *given] for code in literals(argument)}


@cache
def sources() -> list[Source]:
    """Every source of the program, read when a test asks: finding the tests should take no time."""
    return [source for source in read("src") if source.path.endswith(".py")]


@cache
def all_said() -> list[Said]:
    """Everything the program says."""
    return [said for source in sources() for said in said_in(source)]


def test_the_walk_finds_what_is_said() -> None:
    """The walk sees all ways of saying, so that the tests below judge the program and not an empty list."""
    assert len(all_said()) > 40
    assert {said.kind for said in all_said()} == {None, *Kind}


def test_every_code_that_is_said_exists() -> None:
    """No finding is said under a code that the catalogue does not know."""
    assert [f"{said.where}: {said.code}" for said in all_said() if said.code not in CATALOGUE] == []
    assert codes_of_times(sources()) <= CATALOGUE.keys()


def test_every_code_of_the_catalogue_is_said() -> None:
    """The catalogue holds nothing that the program never says."""
    assert CATALOGUE.keys() >= NOT_YET_SAID
    assert CATALOGUE.keys() - {said.code for said in all_said()} - codes_of_times(sources()) - NOT_YET_SAID == set()


def test_every_finding_is_said_with_its_facts() -> None:
    """Wherever a finding is said, all places of its sentence are filled, the field too where it is one."""
    lacking = []
    for said in all_said():
        blank = said.field is None or (isinstance(said.field, ast.Constant) and said.field.value is None)
        missing = places_of(said.code) - said.facts - (set() if blank else {"field"})
        lacking += [f"{said.where}: {said.code} lacks {name}" for name in sorted(missing)]
    assert lacking == []


def test_problems_refusals_and_notices_are_said_as_what_they_are() -> None:
    """Validation says problems, a rule that refuses says a refusal, and a note is a notice."""
    mixed = [said for said in all_said() if said.kind is not None and CATALOGUE[said.code][0] is not said.kind]
    assert [f"{said.where}: {said.code}" for said in mixed] == []


def test_a_finding_names_a_column() -> None:
    """The field of a finding is a column of the contract, or a field of a typed deed."""
    fields = {said.field.value for said in all_said() if isinstance(said.field, ast.Constant)} - {None}
    assert fields <= {*COLUMNS, *DEED_FIELDS}


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_sentence_holds_its_facts_word_for_word(code: str) -> None:
    """A sentence shows each fact as it was given, even where the fact has braces, and keeps kind, row and field."""
    facts = facts_for(code)
    said = finding(code, 7, "notes", **facts)
    assert (said.row_number, said.field, said.code, said.kind) == (7, "notes", code, CATALOGUE[code][0])
    assert all(str(fact) in said.message for fact in facts.values())
    assert ("notes" in said.message) is ("field" in places_of(code) or "notes" in CATALOGUE[code][1])


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_sentence_is_one(code: str) -> None:
    """A sentence is one printable line that ends as sentences do, and uses none of the words that mean nothing here."""
    message = finding(code, None, "notes", **dict.fromkeys(facts_for(code), "Fact")).message
    assert message.isprintable()
    assert "  " not in message
    assert message[-1] in ".?" or message.endswith("Fact")
    assert [word for word in NEVER_SAID if re.search(rf"\b{re.escape(word)}s?\b", message, re.IGNORECASE)] == []


@pytest.mark.parametrize("code", [code for code, (kind, _) in CATALOGUE.items() if kind is Kind.REFUSAL])
def test_a_refusal_says_the_same_about_a_row_and_a_deed(code: str) -> None:
    """What a rule refuses reads alike as the finding of a row and as the sentence of a typed deed."""
    facts = facts_for(code)
    refusal = NotAllowed(code, "asset_tag", **facts)
    assert refusal.at_row(3) == finding(code, 3, "asset_tag", **facts)
    assert refusal.sentence == finding(code, 3, "asset_tag", **facts).message
    assert refusal.at_row(None).row_number is None


def test_a_fact_that_is_missing_is_no_silent_hole() -> None:
    """A sentence is never built with a place left open, nor under an unknown code."""
    with pytest.raises(KeyError):
        finding("slot_taken", 1, "slot_number", place="CASE-01 slot 1")
    with pytest.raises(KeyError):
        finding("no_such_code")


def test_a_finding_has_the_fields_of_the_contract() -> None:
    """Row, field, code and message, in the order in which the machine-readable answers give them."""
    assert Finding.__struct_fields__ == ("row_number", "field", "code", "message")
    assert {kind.value for kind in Kind} == {"problem", "refusal", "notice"}
