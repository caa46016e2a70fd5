"""Owns the promise that the documents tell the truth: what they show is run, and what they name exists and is told.

Each check has a twin that must fail: a document with a planted fault.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from assettrack import settings
from assettrack.cli import failures as at_the_end
from assettrack.cli.commands import assettrack
from assettrack.domain import errors
from assettrack.domain.findings import CATALOGUE
from assettrack.domain.scans import COLUMNS, EVENT_TYPES
from tests import documents
from tests.architecture import ROOT
from tests.documents import Document

REFERENCE = "docs/reference/"
RUN = (
    *("README.md", "docs/tutorial.md", "docs/tutorial-custody.md"),
    *sorted(
        f"docs/how-to/{name}.md" for name in ("admin", "labels", "operator", "recovery", "scanner", "scanner-files")
    ),
)


@cache
def all_documents() -> tuple[Document, ...]:
    """Every document of the repository, read once."""
    return tuple(documents.read("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs"))


def document(path: str) -> Document:
    """The document at a path from the root."""
    return next(each for each in all_documents() if each.path == path)


def written_by_hand() -> list[Document]:
    """Every document that is not made from the program."""
    made = "<!-- Made from the program"
    return [each for each in all_documents() if not each.text.startswith(made)]


def planted(text: str, path: str = "docs/planted.md") -> Document:
    """A document with a fault in it."""
    return Document(path, text)


# -- the reference is made from the program ---------------------------------------------------------------------------


def checked_reference(*options: str) -> "subprocess.CompletedProcess[str]":
    """What `make lint` asks: is the reference up to date?"""
    command = [sys.executable, "tools/reference.py", "--check", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_the_reference_is_up_to_date() -> None:
    """What the reference says is what the program says today."""
    checked = checked_reference()
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_a_reference_out_of_date_is_noticed(tmp_path: Path) -> None:
    """A page that says something else, and one that is missing, are named, and nothing is written."""
    for page in (ROOT / REFERENCE).glob("*.md"):
        (tmp_path / page.name).write_text(page.read_text("utf-8"), "utf-8")
    stale, missing = tmp_path / "errors.md", tmp_path / "schema.md"
    stale.write_text(stale.read_text("utf-8").replace("slot_taken", "slot_full"), "utf-8")
    missing.unlink()
    checked = checked_reference("--folder", str(tmp_path))
    assert checked.returncode == 1
    assert "-| `slot_full`" in checked.stdout
    assert "+| `slot_taken`" in checked.stdout
    assert "Out of date: errors.md, schema.md." in checked.stderr
    assert not missing.exists()
    assert "slot_full" in stale.read_text("utf-8")


# -- everything there is, is told -------------------------------------------------------------------------------------


def paths_of(command: click.Command, context: click.Context) -> Iterator[str]:
    """Every command that can be typed, by its full name."""
    if not isinstance(command, click.Group):
        yield context.command_path
        return
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from paths_of(found, click.Context(found, info_name=name, parent=context))


def commands() -> list[str]:
    """Every command of the program."""
    return list(paths_of(assettrack, click.Context(assettrack, info_name="assettrack")))


def codes() -> set[str]:
    """Every code the program can give: errors, problems, refusals, notices, and those of the command line itself."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    own = {
        kind.code
        for kind in kinds
        if issubclass(kind, errors.AssetTrackError) and "code" in vars(kind) and kind is not errors.AssetTrackError
    }
    tree = ast.parse(Path(at_the_end.__file__).read_text("utf-8"))
    said = [node.args[0] for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args
            and getattr(node.func, "id", "") == "Failure"]  # fmt: skip
    return own | set(CATALOGUE) | {str(each.value) for each in said if isinstance(each, ast.Constant)}


def untold(names: set[str], text: str) -> set[str]:
    """Which of the names stand nowhere in a text as code."""
    return {name for name in names if f"`{name}`" not in text}


def test_every_command_is_in_the_reference() -> None:
    """Each command has its heading among the commands, and among the answers in JSON."""
    assert len(commands()) > 20
    headings = document(f"{REFERENCE}commands.md").headings()
    assert [each for each in commands() if each.replace(" ", "-") not in headings] == []
    answers = document(f"{REFERENCE}json.md").headings()
    assert [each for each in commands() if each.replace(" ", "-").removeprefix("assettrack-") not in answers] == []


def test_every_command_is_used_in_a_document_written_by_hand() -> None:
    """A new_holder meets each command in the tutorial or a how-to."""
    lines = [line for each in written_by_hand() for _, line in each.command_lines()]
    assert [each for each in commands() if not any(re.match(rf"{each}( |$)", line) for line in lines)] == []


def test_every_code_is_in_the_reference() -> None:
    """Each code that a script may meet is told."""
    assert untold(codes(), document(f"{REFERENCE}errors.md").text) == set()


def test_every_exit_code_is_in_the_reference() -> None:
    """Exit codes 0 to 6 and 130 are told."""
    text = document(f"{REFERENCE}errors.md").text
    assert [code for code in (*range(7), 130) if f"\n| {code} | " not in text] == []


def test_every_setting_is_in_the_reference() -> None:
    """Each variable that the program reads, and each option that goes for all commands, is told."""
    variables = {value for name, value in vars(settings).items() if name.endswith("_VARIABLE")}
    shared = {option for parameter in assettrack.params for option in parameter.opts} - {"--version"}
    text = document(f"{REFERENCE}settings.md").text
    assert untold(variables, text) == set()
    assert {option for option in shared if f"`{option}" not in text} == set()


def test_the_batch_file_is_told_whole() -> None:
    """Each column and each event of a batch is told."""
    assert untold({*COLUMNS, *EVENT_TYPES}, document(f"{REFERENCE}batch-file.md").text) == set()


def test_what_is_not_told_is_noticed() -> None:
    """A name that stands in a text, but not as code of its own, is not told."""
    assert untold({"slot_taken", "late"}, "`late_sighting` and `slot_taken` are later") == {"late"}


# -- what is shown is run ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", RUN)
def test_the_commands_shown_do_what_is_shown(path: str, tmp_path: Path) -> None:
    """Every command of a page is run in a scratch station; it ends as shown and writes what is shown."""
    assert len(document(path).steps()) > 3
    assert documents.failures(document(path), tmp_path, from_nothing=path == "README.md") == []


def test_every_page_with_commands_is_run() -> None:
    """No other document has a block that looks as if it were run."""
    others = [each.path for each in all_documents() if each.path not in RUN and each.steps()]
    assert others == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("$ false", "docs/planted.md:2: false\nends with 1:\n"),
        ("$ false\n$ echo $?\n1", None),
        ("$ false\n$ echo $?\n2", "docs/planted.md:3: echo $?\nwrites:\n1\n"),
        ("$ echo a; echo b\na", "docs/planted.md:2: echo a; echo b\nwrites:\na\nb\n"),
        ("$ echo a; echo b\n…\nb", None),
        ("$ echo to here >&2\nto …", None),
        ("$ printf 'no end'\nno end\n$ true", None),
        ("$ echo one \\\n  two\none two", None),
        ("$ exit 3", "docs/planted.md: the shell ended early: "),
        ("$ assettrack asset list\n$ echo $?\n4", None),
    ],
)
def test_a_command_that_goes_otherwise_is_noticed(text: str, found: str | None, tmp_path: Path) -> None:
    """An exit code that is not shown, another output, a shell that ends: each is said with its place."""
    failed = documents.failures(planted(f"```console\n{text}\n```"), tmp_path)
    assert failed == ([] if found is None else [found])


@pytest.mark.parametrize(
    ("shown", "written", "expected"),
    [
        (["a", "b"], "a\nb", False),
        (["a", "b"], "a\nb\nc", True),
        (["a", "…"], "a\nb\nc", False),
        (["…", "c"], "a\nb\nc", False),
        (["…", "b"], "a\nb\nc", True),
        (["code …-…"], "code K7QF-2M9X", False),
        (["code …"], "mode K7QF-2M9X", True),
        (["a.c"], "abc", True),
    ],
)
def test_an_ellipsis_stands_for_what_changes(shown: list[str], written: str, expected: bool) -> None:  # noqa: FBT001 - the expected answer
    """A line `…` stands for any lines, in a line for any letters, and everything else for itself."""
    assert documents.differs(shown, written) is expected


# -- what is named exists ---------------------------------------------------------------------------------------------


def unknown_commands(each: Document) -> list[str]:
    """Commands, options and make targets that a document names and that don't exist."""
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    found = []
    for number, line in each.command_lines():
        if re.match(r"assettrack( |$)", line):
            wrong = documents.unknown_words(line, assettrack)
            found += [f"{each.path}:{number}: {wrong}"] if wrong else []
        elif (target := re.match(r"make ([a-z]+)", line)) and target[1] not in targets:
            found.append(f"{each.path}:{number}: make has no target {target[1]}")
    return found


def test_every_command_that_is_named_exists() -> None:
    """A command, an option or a make target that a document names can be typed."""
    assert [found for each in all_documents() for found in unknown_commands(each)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Type `assettrack asset find A1`.", ["docs/planted.md:1: assettrack asset has no command find"]),
        (
            "```sh\nassettrack preview a.csv --force\n```",
            ["docs/planted.md:2: assettrack preview has no option --force"],
        ),
        ("```sh\nassettrack restock b\n```", ["docs/planted.md:2: assettrack has no command restock"]),
        ("Type `make coffee`.", ["docs/planted.md:1: make has no target coffee"]),
        ("Type `assettrack audit verify --checkpoint FILE`, or `make soak N=10`.", []),
        ("```sh\nassettrack asset list --json | grep -c force --color\n```", []),
    ],
)
def test_a_command_that_does_not_exist_is_noticed(text: str, found: list[str]) -> None:
    """Unknown commands, options and targets are said with their place, in sentences and in blocks."""
    assert unknown_commands(planted(text)) == found


def test_every_link_leads_somewhere() -> None:
    """Links between documents, and to headings in them, resolve."""
    assert [found for each in all_documents() for found in documents.broken_links(each, all_documents())] == []


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("nowhere.md", ["docs/planted.md:1: there is no docs/nowhere.md"]),
        ("../LICENCE", ["docs/planted.md:1: there is no LICENCE"]),
        ("reference/errors.md#nothing", ["docs/planted.md:1: docs/reference/errors.md has no heading #nothing"]),
        ("#a-heading", ["docs/planted.md:1: docs/planted.md has no heading #a-heading"]),
        ("../LICENSE", []),
        ("reference/errors.md#exit-codes", []),
        ("https://c2sp.org/signed-note", []),
    ],
)
def test_a_link_that_leads_nowhere_is_noticed(link: str, found: list[str]) -> None:
    """A missing file and a missing heading are said with the link's place."""
    fault = planted(f"See [this]({link}).")
    assert documents.broken_links(fault, [*all_documents(), fault]) == found


def test_every_page_is_reached_from_the_readme() -> None:
    """A reader who follows links from the README finds every page, decisions included."""
    reached, todo = set[str](), ["README.md"]
    while todo:
        path = todo.pop()
        reached.add(path)
        folder = Path(path).parent
        for _, link in document(path).links():
            target = (ROOT / folder / link.partition("#")[0]).resolve()
            name = target.relative_to(ROOT.resolve()).as_posix() if target.is_relative_to(ROOT.resolve()) else ""
            if name.endswith(".md") and name not in reached and "://" not in link:
                todo.append(name)
    assert {each.path for each in all_documents()} - reached == set()


# -- decisions --------------------------------------------------------------------------------------------------------


def decisions() -> list[Document]:
    """The pages that give reasons for decisions."""
    return [each for each in all_documents() if re.match(r"docs/adr/\d{4}-", each.path)]


def test_decisions_are_numbered_without_gaps() -> None:
    """Each decision has its own number, in the file's name and in the title, from 1 on."""
    numbers = [int(each.path[len("docs/adr/") :][:4]) for each in decisions()]
    assert numbers == list(range(1, len(numbers) + 1))
    titles = [re.match(r"# (\d{4})\. .+\n", each.text) for each in decisions()]
    assert [int(title[1]) if title else None for title in titles] == numbers


def test_decisions_tell_context_decision_and_consequences() -> None:
    """Each decision says why there was something to decide, what was decided, and what follows."""
    wanted = {"context", "decision", "consequences"}
    assert [each.path for each in decisions() if not wanted <= each.headings()] == []
