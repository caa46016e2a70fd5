"""Owns the rules of the house: each a small function from one parsed file to its findings (`path:line: sentence`).

`test_architecture.py` holds them against the tree, and each against a planted breach. Nothing judged here is imported.
"""

import ast
import gc
import io
import re
import statistics
import sys
import tokenize
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "src/assettrack/"

# Who may import whom inside assettrack. `__init__` stands for what `import assettrack` itself gives: the version.
ARROWS = {
    "__init__": set[str](),
    "__main__": {"cli"},
    "domain": {"domain"},
    "formats": {"formats", "domain"},
    "paper": {"paper", "domain"},
    "scanner": {"scanner", "domain"},
    "settings": {"settings", "domain"},
    "lasting_files": {"lasting_files", "domain"},
    "station": {"station", "domain", "lasting_files"},
    "store": {"store", "domain", "lasting_files"},
    "services": {"services", "domain"},
    "cli": {"cli", "services", "formats", "paper", "domain", "settings", "lasting_files", "bootstrap", "__init__"},
    "web": {"web", "services", "formats", "paper", "domain", "settings", "lasting_files", "bootstrap", "__init__"},
}
STARTS_THE_OTHER_FACE = PACKAGE + "cli/serve_cmd.py"
"""The one module of a face that imports the other: the command that starts the browser station."""

ARROWS["bootstrap"] = set(ARROWS) - {"__main__", "cli", "web"} | {"bootstrap"}

DRIVERS = {"apsw", "psycopg", "psycopg_pool"}
TRANSACTION_OWNER = PACKAGE + "store/connection.py"
BROAD_EXCEPT_ALLOWED = {TRANSACTION_OWNER, PACKAGE + "cli/main.py"}

OUTSIDE_WORLD = {"logging", "os", "pathlib", "shutil", "socket", "subprocess", "tempfile", "urllib"}
CLOCK_AND_CHANCE = {"random", "secrets", "time", "uuid"}
READS_THE_CLOCK = {"datetime.now", "datetime.today", "datetime.utcnow", "date.today"}
READS_THE_MACHINE = {"os.environ", "os.getenv", "os.urandom"}

NO_NAMES = {"common", "helper", "helpers", "manager", "managers", "misc", "models", "util", "utils"}
FILE_LINES = 400
FUNCTION_LINES = 60
MEDIAN_FUNCTION_LINES = 8
P90_FUNCTION_LINES = 30

_TRANSACTION = re.compile(r"\b(BEGIN\s+(IMMEDIATE|EXCLUSIVE|DEFERRED|TRANSACTION)|COMMIT|ROLLBACK|SAVEPOINT)\b")
_SQL = re.compile(
    r"^\s*(SELECT|WITH)\s|\b(SELECT\s[\s\S]+\sFROM\b|INSERT\s+(OR\s+\w+\s+)?INTO\b|REPLACE\s+INTO\b"
    r"|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\b"
    r"|(CREATE|ALTER|DROP)\s+(UNIQUE\s+|TEMP\s+)?(TABLE|INDEX|TRIGGER|VIEW)\b|PRAGMA\s+\w|ATTACH\s+[\w'?])"
)
_FOLDS_CASE = re.compile(r"\b(UPPER|LOWER)\s*\(", re.IGNORECASE)
_WAIVER = re.compile(r"#\s*(noqa\b(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)?|type:\s*ignore(\[[\w, -]+\])?|pragma:\s*no\s+\w+)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_OUR_MODULE = re.compile(rf"assettrack\.({'|'.join(ARROWS)})(\.\w+)*(:\w+)?")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One file of the repository: its path from the root, with slashes, its text, and its tree (empty for SQL)."""

    path: str
    text: str
    tree: ast.Module

    @property
    def layer(self) -> str:
        """The package or module right below `assettrack` that this file belongs to, or nothing outside it."""
        inside = self.path.removeprefix(PACKAGE)
        return "" if inside == self.path else inside.partition("/")[0].removesuffix(".py")

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree; each rule looks through them anew."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def texts(self) -> tuple[tuple[int, str], ...]:
        """What `strings` gives, kept for the next rule."""
        return tuple(self.strings())

    def finding(self, line: int, sentence: str) -> str:
        """Say what is wrong, and where."""
        return f"{self.path}:{line}: {sentence}"

    def strings(self) -> Iterator[tuple[int, str]]:
        """Give the text the program works with, no docstrings, f-strings whole; of SQL each line, no comments."""
        if self.path.endswith(".sql"):
            yield from ((number, line.partition("--")[0]) for number, line in enumerate(self.text.splitlines(), 1))
        skipped = {id(node.value) for node in self.nodes if isinstance(node, ast.Expr)}
        for node in self.nodes:
            if isinstance(node, ast.JoinedStr):
                skipped.update(map(id, node.values))
                yield node.lineno, "".join(_spoken(part) for part in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
                yield node.lineno, node.value

    def imports(self) -> Iterator[tuple[int, str]]:
        """Give every module this file reaches for, with its full name; a string that spells one of ours counts too."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(node)
                yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
        for line, text in self.texts:
            if _OUR_MODULE.fullmatch(text):
                yield line, text.partition(":")[0]

    def functions(self) -> Iterator[Function]:
        """Give every function and method, nested ones too."""
        return (node for node in self.nodes if isinstance(node, Function))

    def dotted(self) -> Iterator[tuple[int, str]]:
        """Give every `name.attribute` as it is written, its last two parts only."""
        for node in self.nodes:
            if isinstance(node, ast.Attribute):
                owner = node.value
                name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
                yield node.lineno, f"{name}.{node.attr}"

    def calls(self) -> Iterator[tuple[ast.Call, str, bool]]:
        """Give every call with the last part of the name called, and whether that is a method or a plain name."""
        for node in self.nodes:
            if isinstance(node, ast.Call):
                if isinstance(node.func, ast.Attribute):
                    yield node, node.func.attr, True
                elif isinstance(node.func, ast.Name):
                    yield node, node.func.id, False

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        folders = self.path.removeprefix("src/").split("/")[: -node.level]
        return ".".join([*folders, node.module] if node.module else folders)


def _spoken(part: ast.expr) -> str:
    return str(part.value) if isinstance(part, ast.Constant) else "x"


def parse(path: str, text: str) -> Source:
    """Make a source of a path from the root and its text."""
    return Source(path, text, ast.parse("" if path.endswith(".sql") else text, path))


def read(*folders: str) -> list[Source]:
    """Read every Python and SQL file below these folders of the repository; a folder that is not there has none."""
    files = (file for folder in folders for ending in ("py", "sql") for file in (ROOT / folder).rglob(f"*.{ending}"))
    gc.disable()  # nothing of the trees is garbage, and looking for some took longer than parsing
    try:
        return [parse(file.relative_to(ROOT).as_posix(), file.read_text("utf-8")) for file in sorted(files)]
    finally:
        gc.freeze()
        gc.enable()


def function_lines(function: Function) -> int:
    """Count the lines of a function from `def` on, its docstring included."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def arrows_point_inward(source: Source) -> list[str]:
    """A layer imports only the layers its arrows point to."""
    if source.layer and source.layer not in ARROWS:
        return [source.finding(1, f"no arrow is drawn for {source.layer}; draw it in tests/architecture.py")]
    found = []
    for line, name in source.imports():
        root, _, rest = name.partition(".")
        target = rest.partition(".")[0]
        target = target if target in ARROWS else "__init__"
        if source.path == STARTS_THE_OTHER_FACE and target == "web":
            continue
        if root == "assettrack" and source.layer and target not in ARROWS[source.layer]:
            found.append(source.finding(line, f"{source.layer} may not import {target}"))
    return found


def domain_is_pure(source: Source) -> list[str]:
    """The domain knows the standard library and msgspec, and nothing that reaches outside the process."""
    if source.layer != "domain":
        return []
    found = []
    for line, name in source.imports():
        root = name.partition(".")[0]
        if root in OUTSIDE_WORLD or root not in sys.stdlib_module_names | {"assettrack", "msgspec"}:
            found.append(source.finding(line, f"the domain may not import {root}"))
    return found + [
        source.finding(call.lineno, f"the domain may not call {name}")
        for call, name, method in source.calls()
        if not method and name in {"input", "open", "print"}
    ]


def clock_and_chance_are_handed_in(source: Source) -> list[str]:
    """Domain and services get time, chance and environment from outside, so that a test can say what they are."""
    if source.layer not in {"domain", "services"}:
        return []
    found = [
        source.finding(line, f"{source.layer} may not import {name.partition('.')[0]}; have its answer handed in")
        for line, name in source.imports()
        if name.partition(".")[0] in CLOCK_AND_CHANCE or READS_THE_MACHINE & {name}
    ]
    return found + [
        source.finding(line, f"{source.layer} may not use {name}; have its answer handed in")
        for line, name in source.dotted()
        if name in READS_THE_CLOCK | READS_THE_MACHINE
    ]


def only_the_store_knows_the_database(source: Source) -> list[str]:
    """A database driver is imported in the store alone; `sqlite3` nowhere: two SQLite libraries can spoil one file."""
    found = []
    for line, name in source.imports():
        root = name.partition(".")[0]
        if root == "sqlite3" or (root in DRIVERS and source.layer not in {"", "store"}):
            found.append(source.finding(line, f"{root} may not be imported here"))
    return found


def sql_stays_in_the_store(source: Source) -> list[str]:
    """No statement is written or run outside the store."""
    if source.layer in {"", "store"}:
        return []
    found = [source.finding(line, "SQL outside the store") for line, text in source.texts if _SQL.search(text)]
    return found + [
        source.finding(call.lineno, f"a statement is run outside the store ({name})")
        for call, name, method in source.calls()
        if method and name in {"execute", "executemany", "executescript"}
    ]


def one_module_owns_transactions(source: Source) -> list[str]:
    """Only the store's connection module says BEGIN, COMMIT or ROLLBACK, and nobody calls a driver's own."""
    if not source.layer:
        return []
    found = [
        source.finding(call.lineno, f"nobody calls .{name}()")
        for call, name, method in source.calls()
        if method and name in {"commit", "rollback"}
    ]
    if source.path != TRANSACTION_OWNER:
        found += [
            source.finding(line, "transactions belong to store/connection.py")
            for line, text in source.texts
            if _TRANSACTION.search(text)
        ]
    return found


def sql_compares_equal_bytes(source: Source) -> list[str]:
    """Names are normalised once, at the edge; SQL never folds case."""
    texts = source.texts if source.layer == "store" else ()
    return [source.finding(line, "SQL folds case") for line, text in texts if _FOLDS_CASE.search(text)]


def files_are_short(source: Source) -> list[str]:
    """A file is read in one sitting; a sample is data, and nobody reads it."""
    if "/samples/" in source.path:
        return []
    lines = len(source.text.splitlines())
    return [source.finding(lines, f"{lines} lines, {FILE_LINES} are allowed")] if lines > FILE_LINES else []


def functions_are_short(source: Source) -> list[str]:
    """A function is seen on one screen."""
    return [
        source.finding(
            function.lineno, f"{function.name} has {function_lines(function)} lines, {FUNCTION_LINES} allowed"
        )
        for function in source.functions()
        if function_lines(function) > FUNCTION_LINES
    ]


def names_are_of_the_work(source: Source) -> list[str]:
    """No file or folder is a drawer for leftovers."""
    parts = source.path.removesuffix(".py").split("/")
    return [source.finding(1, f"{part} names no part of the work") for part in parts if part in NO_NAMES]


def errors_are_caught_by_name(source: Source) -> list[str]:
    """Everything at once is caught only where a transaction is undone and where a face shows what went wrong."""
    if not source.layer or source.path in BROAD_EXCEPT_ALLOWED:
        return []
    caught = [(node.lineno, node.type) for node in source.nodes if isinstance(node, ast.ExceptHandler)]
    caught += [(call.lineno, name) for call, called, _ in source.calls() if called == "suppress" for name in call.args]
    return [source.finding(line, "catch errors by their name") for line, kind in caught if _is_broad(kind)]


def _is_broad(kind: ast.expr | None) -> bool:
    if isinstance(kind, ast.Tuple):
        return any(map(_is_broad, kind.elts))
    return kind is None or (isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"})


def waivers_have_reasons(source: Source) -> list[str]:
    """A check that is waived, or a line left out of coverage, says why, beside it."""
    if not source.path.endswith(".py") or not _WAIVER.search(source.text):  # reading tokens takes longer than parsing
        return []
    found = []
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        waiver = _WAIVER.search(token.string) if token.type == tokenize.COMMENT else None
        if waiver and len(_WORD.findall(_WAIVER.sub("", token.string))) < 2:
            found.append(source.finding(token.start[0], f"no reason beside {waiver[0]}"))
    return found


def areas_form_no_circles(sources: Iterable[Source]) -> list[str]:
    """No area of the pages imports another that leads back to it: what several need stands beside them."""
    imports: dict[str, dict[str, str]] = {}
    for source in sources:
        area = _area(source.path.removeprefix(PACKAGE).split("/"))
        for line, name in source.imports() if area else ():
            imports.setdefault(area, {}).setdefault(
                _area(name.removeprefix("assettrack.").split(".")), source.finding(line, "")
            )
    return [
        f"{where}{area} imports {other}, and that leads back to {area}"
        for area, others in imports.items()
        for other, where in others.items()
        if other not in {"", area} and area in _reached(imports, other)
    ]


def _area(parts: Sequence[str]) -> str:
    """Return the area of a path or module below the package, blank for what is in none."""
    return parts[1] if len(parts) > 2 and parts[0] == "web" else ""


def _reached(imports: Mapping[str, Mapping[str, str]], area: str) -> set[str]:
    """Return every area that one imports, itself or by another."""
    found: set[str] = set()
    left = [area]
    while left:
        fresh = set(imports.get(left.pop(), ())) - found
        found |= fresh
        left += fresh
    return found


def most_functions_are_small(sources: Iterable[Source]) -> list[str]:
    """Half of all functions are read at a glance and nine in ten without scrolling."""
    lines = sorted(function_lines(function) for source in sources for function in source.functions())
    if len(lines) < 2:
        return []
    median, p90 = statistics.median(lines), statistics.quantiles(lines, n=10)[-1]
    found = [] if median <= MEDIAN_FUNCTION_LINES else [f"median {median} lines, {MEDIAN_FUNCTION_LINES} allowed"]
    return found if p90 <= P90_FUNCTION_LINES else [*found, f"p90 {p90} lines, {P90_FUNCTION_LINES} allowed"]
