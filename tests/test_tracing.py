"""Owns the promise that the lists of what is traced speak of what there is: a name gone stale would go unnoticed."""

import ast
import sys
import tomllib
from functools import cache
from pathlib import Path

from tests.conftest import MEASURED, TESTS, TRACED, TRACED_AT_IMPORT, UNTRACED


@cache
def functions_in(folder: Path, pattern: str) -> set[str]:
    """Every function of these files."""
    trees = [ast.parse(file.read_text("utf-8")) for file in folder.glob(pattern)]
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def is_stale(line: str) -> bool:
    """Tell whether a line names no file in a traced folder, no function in one, or one of a file that goes whole.

    The tests of the store's contract stand in files of their own, and run in whatever store keeps it.
    """
    name, _, function = line.partition("::")
    path = TESTS / name
    if name.partition("/")[0] not in TRACED or not path.is_file():
        return True
    shares_a_station = name.startswith("web/") and 'scope="module"' in path.read_text("utf-8")
    return bool(function) and (
        name in UNTRACED
        or shares_a_station
        or function not in functions_in(path.parent, path.name) | functions_in(path.parent, "contract*.py")
    )


def test_what_is_not_traced_is_there() -> None:
    """Each line of the list still names something; lines that don't are found."""
    assert UNTRACED
    assert [line for line in sorted(UNTRACED) if is_stale(line)] == []
    assert is_stale("web/test_gone.py")
    assert is_stale("browser/test_theme.py")
    assert is_stale("store/test_sqlite.py::test_gone")
    assert is_stale("web/test_permissions.py::test_looking_changes_nothing")
    whole = next(line for line in UNTRACED if "::" not in line)
    assert is_stale(f"{whole}::{min(functions_in((TESTS / whole).parent, Path(whole).name))}")


def test_what_is_measured_is_imported_while_it_is_traced() -> None:
    """The packages that are imported before tracing ends are those whose branches are counted."""
    settings = tomllib.loads((TESTS.parent / "pyproject.toml").read_text("utf-8"))
    counted = settings["tool"]["coverage"]["run"]["source"]
    assert [f"src/{name.replace('.', '/')}" for name in MEASURED] == counted
    assert all((TESTS.parent / f"{name.replace('.', '/')}.py").is_file() for name in TRACED_AT_IMPORT)


def test_nobody_traces_what_is_not_traced() -> None:
    """While a test like this one runs, no tracer of branches is at work, whoever started one."""
    assert type(sys.gettrace()).__module__ != "coverage"
