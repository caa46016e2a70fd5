"""Owns how the documents are read and held against the program: blocks, links, and command lines that are run for real.

`test_docs.py` says what must be true of them. In a document a block ```` ```console ```` is run: lines that begin with
`$ ` are commands, the lines after them what they write. A command ends with 0 unless the next one is `echo $?`. A line
`…` stands for any lines, a `…` in a line for any letters; a command without lines after it may write anything.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests import ready_program
from tests.architecture import ROOT

ELLIPSIS = "…"
PROMPT = "$ "
ASK_STATUS = "echo $?"
PROGRAM = "assettrack"
SECONDS_MAX = 100

_FENCE = re.compile(r"^(```+)(\w*)\s*$")
_HEADING = re.compile(r"^#{1,6} +(.+?)\s*$")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_INLINE_CODE = re.compile(r"`([^`]+)`")
_MARK = re.compile(r"\x1e(\d+)\n")
_WORD_END = {"|", "||", "&&", ";", ">", ">>", "<"}


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a document: the line it stands in, the command, and the lines shown as its output."""

    line: int
    command: str
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: the line of its first text, its language, its text."""

    line: int
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One Markdown file, its path from the root of the repository, with slashes."""

    path: str
    text: str

    def blocks(self) -> Iterator[Block]:
        """Give every fenced block."""
        fence, language, start = "", "", 0
        lines = self.text.splitlines()
        for number, line in enumerate(lines, 1):
            found = _FENCE.match(line)
            if not fence and found:
                fence, language, start = found[1], found[2], number
            elif fence and line.rstrip() == fence:
                yield Block(start + 1, language, "\n".join(lines[start : number - 1]))
                fence = ""
        assert not fence, f"{self.path}:{start}: the block does not end"

    def prose(self) -> str:
        """Give the text with every fenced block taken out, line numbers kept."""
        lines = self.text.splitlines()
        for block in self.blocks():
            for number in range(block.line - 2, block.line + len(block.text.splitlines())):
                lines[number] = ""
        return "\n".join(lines)

    def steps(self) -> list[Step]:
        """Give every command of the blocks that are run."""
        return [step for block in self.blocks() if block.language == "console" for step in _steps(block)]

    def headings(self) -> set[str]:
        """Give the anchors of the headings, as web pages of a repository make them."""
        found = filter(None, map(_HEADING.match, self.prose().splitlines()))
        return {re.sub(r"[^\w\- ]", "", heading[1].lower()).replace(" ", "-") for heading in found}

    def links(self) -> Iterator[tuple[int, str]]:
        """Give every link with its line."""
        for number, line in enumerate(self.prose().splitlines(), 1):
            yield from ((number, link[1]) for link in _LINK.finditer(line))

    def command_lines(self) -> Iterator[tuple[int, str]]:
        """Give everything that is written as a call of the program or of make, in blocks and in sentences."""
        for block in self.blocks():
            for number, line in enumerate(block.text.splitlines(), block.line):
                yield number, line.removeprefix(PROMPT).strip()
        for number, line in enumerate(self.prose().splitlines(), 1):
            yield from ((number, code[1]) for code in _INLINE_CODE.finditer(line))


def read(*names: str) -> list[Document]:
    """Read files and whole folders of the repository."""
    files = [
        file
        for name in names
        for file in ([ROOT / name] if name.endswith(".md") else sorted((ROOT / name).rglob("*.md")))
    ]
    return [Document(file.relative_to(ROOT).as_posix(), file.read_text("utf-8")) for file in files]


def _steps(block: Block) -> Iterator[Step]:
    command, at, shown = "", 0, list[str]()
    for number, line in enumerate(block.text.splitlines(), block.line):
        if line.startswith(PROMPT):
            if command:
                yield Step(at, command, tuple(shown))
            command, at, shown = line.removeprefix(PROMPT), number, []
        elif command.endswith("\\"):
            command = f"{command[:-1]}{line.strip()}"
        else:
            shown.append(line.rstrip())
    if command:
        yield Step(at, command, tuple(shown))


def broken_links(document: Document, known: Iterable[Document]) -> list[str]:
    """Say which links inside the repository lead nowhere."""
    documents = {each.path: each for each in known}
    found = []
    for line, link in document.links():
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        path = os.path.normpath(os.path.join(os.path.dirname(document.path), name)) if name else document.path  # noqa: PTH118, PTH120 - names with slashes, not files
        if path not in documents and not (ROOT / path).exists():
            found.append(f"{document.path}:{line}: there is no {path}")
        elif anchor and (path not in documents or anchor not in documents[path].headings()):
            found.append(f"{document.path}:{line}: {path} has no heading #{anchor}")
    return found


def unknown_words(line: str, root: click.Group) -> str | None:
    """Say what in a command line the program does not know, a command or an option; None where it knows all."""
    words = shlex.split(line, comments=True)
    command: click.Command = root
    context = click.Context(root, info_name=PROGRAM)
    for word in words[1:]:
        if word in _WORD_END:
            break
        if word.startswith("--"):
            options = {name for parameter in command.get_params(context) for name in parameter.opts}
            if word.partition("=")[0] not in options:
                return f"{context.command_path} has no option {word}"
        elif isinstance(command, click.Group) and re.fullmatch(r"[a-z]+(?:-[a-z]+)*", word):
            found = command.get_command(context, word)
            if found is None:
                return f"{context.command_path} has no command {word}"
            command, context = found, click.Context(found, info_name=word, parent=context)
    return None


def differs(shown: Iterable[str], written: str) -> bool:
    """Tell whether what a document shows is something else than what was written."""
    lines = []
    for line in shown:
        letters = "[^\n]*".join(re.escape(part) for part in line.split(ELLIPSIS))
        lines.append("(?:[^\n]*\n)*?" if line.strip() == ELLIPSIS else f"{letters} *\n")
    return not re.fullmatch("".join(lines), written if written.endswith("\n") or not written else f"{written}\n")


def failures(document: Document, folder: Path, *, from_nothing: bool = False) -> list[str]:
    """Run every command of a document, one after the other in one shell, and say which went otherwise than shown.

    Each is done by a process of the program, which starts from nothing only if asked to: that takes most of the time.
    """
    steps = document.steps()
    lines = ["exec 2>&1", "status=0"]
    for step in steps:
        lines += [f"(exit $status); {step.command}", "status=$?", "printf '\\036%d\\n' $status"]
    with TemporaryDirectory() as programs:
        ended = subprocess.run(
            ["/bin/sh", "-c", "\n".join(lines)],
            cwd=folder,
            env=_environment(folder, programs),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS_MAX,
            check=False,
            pass_fds=() if from_nothing else [ready_program.in_shell(Path(programs))],
        )
    parts = _MARK.split(ended.stdout.decode())
    written, codes = parts[0:-1:2], [int(code) for code in parts[1::2]]
    found = [] if len(codes) == len(steps) else [f"{document.path}: the shell ended early: {parts[-1]}"]
    asked = [step.command == ASK_STATUS for step in [*steps[1:], Step(0, "", ())]]
    for step, text, code, status_is_shown in zip(steps, written, codes, asked, strict=False):
        place = f"{document.path}:{step.line}: {step.command}"
        if code and not status_is_shown:
            found.append(f"{place}\nends with {code}:\n{text}")
        if step.shown and differs(_without_blank_end(step.shown), text.rstrip("\n")):
            found.append(f"{place}\nwrites:\n{text}")
    return found


def _without_blank_end(shown: tuple[str, ...]) -> list[str]:
    return "\n".join(shown).rstrip("\n").split("\n")


def _environment(folder: Path, programs: str) -> dict[str, str]:
    """Give a new user's surroundings: an empty home, the program on the path, the examples in another folder."""
    shutil.copytree(ROOT / "examples", folder / "examples", dirs_exist_ok=True)
    home = folder / "home"
    home.mkdir(exist_ok=True)
    foreign = ("ASSETTRACK_", "XDG_", "PYTHON", "COV_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | {
        "HOME": str(home),
        "PATH": os.pathsep.join([programs, str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "PYTHONIOENCODING": "utf-8",
        "LOGNAME": "mara",
        "USER": "mara",
        "COLUMNS": "80",
    }
