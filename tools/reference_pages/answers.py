"""The page of answers in JSON: what each command answers with `--json`, found by asking it.

A scratch station in a temporary folder is set up and asked; what is shown are keys and types, never
values. A command that answers in JSON and is not asked here stops the page.
"""

import io
import json
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import chdir, closing, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import click
import msgspec
from pyotp import TOTP

from assettrack import bootstrap
from assettrack.cli.main import main
from assettrack.domain.findings import Finding
from assettrack.domain.inventory import Asset
from assettrack.services import accounts, second_factors
from assettrack.services.counts import Line
from assettrack.services.verification import Verification
from assettrack.settings import read_settings
from reference_pages import commands, markdown
from reference_pages.answer_meanings import ERROR, MEANINGS, NESTED
from reference_pages.questions import QUESTIONS

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DATABASE = "store-room.db"

NOT_IN_JSON = {
    "assettrack completion": "prints a script for a shell, with or without `--json`",
    "assettrack serve": "serves pages and an API until it is ended, and answers nothing itself",
}

INTRODUCTION = """What each command writes to stdout with `--json`: one object on one line, in UTF-8. A key marked *or
null* may be null; one marked *at times* is left out where it does not apply. New keys may be added; none is renamed or
removed without a word in the changelog."""


def _declared(struct: type[msgspec.Struct]) -> dict[str, str]:
    return {field.name: markdown.type_words(field.type) for field in msgspec.structs.fields(struct)}


DECLARED = {
    "problems[]": _declared(Finding),
    "refusals[]": _declared(Finding),
    "notices[]": _declared(Finding),
    "assets[]": _declared(Asset),
    "asset show": _declared(Asset),
    "audit verify": _declared(Verification),
    "audit check-export": _declared(Verification),
    "receipt issue": {
        "first_seq": "integer or null",
        "last_seq": "integer or null",
        "checkpoint": "text or null",
    },
    "init": {"upgraded_from": "integer or null", "copy": "text or null"},
    "restore": {
        "now_entries": "integer or null",
        "now_root": "text or null",
        "damage": "text or null",
        "replaced": "text or null",
    },
    "error": {"saved": "true or false or null"},
    "lines[]": _declared(Line),
    "scope": {"room": "text or null", "holder": "text or null"},
    "counts[].scope": {"room": "text or null", "holder": "text or null"},
    "count fix": {"file": "text or null"},
    "holder contact": {"contact": "text or null"},
    **{
        where: {"identifier": "text or null"}
        for where in ("holder add", "holder change", "holder deactivate", "holder activate", "holder show", "holders[]")
    },
    "report accountability": {"since": "text or null"},
    **{
        f"scanner {name}": {
            "batch_id": "integer or null",
            "first_seq": "integer or null",
            "last_seq": "integer or null",
            "checkpoint": "text or null",
            "cleared": "true or false or null",
        }
        for name in ("pull", "commit")
    },
    "scanner info": {"scans": "integer or null"},
    "left_out[]": {"batch_id": "integer or null"},
    "clock": {"off_seconds": "integer or null"},
    "clock_before": {"off_seconds": "integer or null"},
    "ports[]": {"product_id": "integer or null"},
    "downloads[]": {"cleared": "integer or null", "later": "text or null"},
    "scans[]": {"stamp": "text or null", "utc": "text or null", "doubt": "text or null"},
    "slots[]": {"current_asset_tag": "text or null"},
    "cases[].slots[]": {"current_asset_tag": "text or null"},
}
"""Types that the program declares, by the path of what holds the key, or by command: more than was met is possible."""

Shape = dict[str, set[str]]
"""The types found at each key; the key of a nested value is its path."""


def page() -> str:
    """Return the page."""
    shapes, counts = _ask_all()
    asked = {f"assettrack {name}" for name in shapes if name != ERROR}
    callable_ = {path for path, command in commands.commands() if not isinstance(command, click.Group)}
    missing = callable_ - asked - NOT_IN_JSON.keys()
    assert not missing, f"these commands are not asked for their answer: {sorted(missing)}"
    parts = [INTRODUCTION, "## Errors", "A command that fails answers with this, and with its [exit code](errors.md)."]
    parts.append(_table(ERROR, shapes[ERROR], counts[ERROR]))
    for path, _ in commands.commands():
        name = path.removeprefix("assettrack ")
        if name in shapes:
            parts += [f"## {name}", _table(name, shapes[name], counts[name])]
        elif path in NOT_IN_JSON:
            parts += [f"## {name}", f"It {NOT_IN_JSON[path]}."]
    return markdown.page("Answers in JSON", *parts)


def _ask_all() -> tuple[Mapping[str, Shape], Mapping[str, Mapping[str, int]]]:
    """Ask all questions; return the types at each key of each command, and how often each key was there."""
    shapes: defaultdict[str, Shape] = defaultdict(lambda: defaultdict(set))
    counts: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    code = last = download = ""
    with tempfile.TemporaryDirectory(prefix="assettrack-reference-") as name, station_in(Path(name)):
        for line in QUESTIONS:
            if "tampered" in line:
                content = Path(DATABASE).read_bytes()
                Path("tampered.db").write_bytes(content.replace(b'_name":"Tomas', b'_name":"Lotte'))
            if line == "account list":
                _let_somebody_sign_in()
            command, words = _words(line.replace("CODE", code).replace("LAST", last).replace("DOWNLOAD", download))
            answer = ask(words)
            code, download = str(answer.get("confirm") or code), str(answer.get("download") or download)
            last = str(answer.get("last_seq") or (answer.get("seq") if command == "acceptance record" else last))
            failed = "error" in answer and "valid" not in answer
            _collect(answer, "", shapes[ERROR if failed else command], counts[ERROR if failed else command])
    return shapes, counts


def _let_somebody_sign_in() -> None:
    """Make the first account, as the browser does, with a second factor: no command makes any."""
    settings = read_settings(None, None)
    store = bootstrap.open_store(settings)
    workplace = bootstrap.open_workplace(settings, store)
    with closing(store), bootstrap.reception_beside(settings, workplace) as reception:
        accounts.set_up_first_admin(workplace, reception.passwords, "mara", "a password of nobody")
        secret = second_factors.new_secret(reception.chance)
        code = TOTP(secret).at(workplace.now())
        second_factors.turn_on(workplace, reception.second_factor, name="mara", secret=secret, code=code)


def _words(line: str) -> tuple[str, list[str]]:
    """Return the command's name and all words of a question."""
    command, _, spaced = line.partition("|")
    words = [*command.split(), spaced] if spaced else command.split()
    paths = {path for path, command in commands.commands() if not isinstance(command, click.Group)}
    depth = 1 if f"assettrack {words[0]}" in paths else 2
    return " ".join(words[:depth]), words


def ask(words: list[str]) -> dict[str, object]:
    """Run one command and return what it answers."""
    written = io.BytesIO()
    stdout, stderr = io.TextIOWrapper(written, "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    with redirect_stdout(stdout), redirect_stderr(stderr):
        main([*words, "--json"])
    stdout.flush()
    answer: dict[str, object] = json.loads(written.getvalue())
    return answer


@contextmanager
def station_in(folder: Path) -> Iterator[None]:
    """Lead everything a station reads into a folder, and work there."""
    shutil.copytree(EXAMPLES, folder, dirs_exist_ok=True)
    (folder / "foreign.db").write_text("not a database", "utf-8")
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith(("ASSETTRACK_", "XDG_"))]:
        del os.environ[name]
    os.environ |= {"HOME": str(folder), "ASSETTRACK_DB": str(folder / DATABASE), "ASSETTRACK_OPERATOR": "mara"}
    try:
        with chdir(folder):
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _collect(value: object, path: str, shape: Shape, count: "defaultdict[str, int]") -> None:
    """Add the types that a value and everything in it has."""
    count[path] += 1
    if path:
        shape[path].add(_type(value))
    if path in NESTED:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            _collect(inner, f"{path}.{key}" if path else key, shape, count)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, f"{path}[]", shape, count)


def _type(value: object) -> str:
    names = {
        type(None): "null",
        bool: "true or false",
        int: "integer",
        float: "number",
        str: "text",
        list: "list",
        dict: "object",
    }
    return names[type(value)]


def _table(command: str, shape: Shape, count: Mapping[str, int]) -> str:
    rows = []
    for path, found in shape.items():
        if path.endswith("[]") and found <= {"object"} and path not in NESTED:
            continue  # its keys follow
        parent, _, key = path.rpartition(".")
        kind = " or ".join(sorted(found, key=lambda each: (each == "null", each)))
        declared = DECLARED.get(parent) or DECLARED.get(command if not parent else "", {})
        if key in declared:
            kind = declared[key]
            assert all(each in kind for each in found), f"{command}: {path} is {found}, declared is {kind}"
        at_times = count[path] < count[parent] and not path.endswith("[]")
        rows.append((markdown.code(path), f"{kind}, at times" if at_times else kind, _meaning(command, path)))
    return markdown.table(("key", "type", "meaning"), rows)


def _meaning(command: str, path: str) -> str:
    key = path.rpartition(".")[2]
    known = NESTED.get(path) or MEANINGS.get(f"{command}: {path}") or MEANINGS.get(path) or MEANINGS.get(key)
    assert known is not None, f"the answer of {command} has a key without a meaning: {path}"
    return known
