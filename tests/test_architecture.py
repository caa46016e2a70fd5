"""Owns the proof that the tree keeps the rules of `tests/architecture.py`, and that each rule catches its breach."""

from collections.abc import Callable
from functools import cache

import pytest

from tests import architecture as house
from tests.architecture import Source

RULES: tuple[Callable[[Source], list[str]], ...] = (
    house.arrows_point_inward,
    house.clock_and_chance_are_handed_in,
    house.domain_is_pure,
    house.errors_are_caught_by_name,
    house.files_are_short,
    house.functions_are_short,
    house.names_are_of_the_work,
    house.one_module_owns_transactions,
    house.only_the_store_knows_the_database,
    house.sql_compares_equal_bytes,
    house.sql_stays_in_the_store,
    house.waivers_have_reasons,
)

DOMAIN = "src/assettrack/domain/slots.py"
SERVICES = "src/assettrack/services/intake.py"
STORE = "src/assettrack/store/records.py"
OWNER = "src/assettrack/store/connection.py"
SCHEMA = "src/assettrack/store/schema/0001.sql"
CLI = "src/assettrack/cli/case.py"
EDGE = "src/assettrack/cli/main.py"
TEST = "tests/domain/test_slots.py"

# Rule, file, the line of the breach, text.
BREACHES = (
    ("arrows_point_inward", DOMAIN, 1, "import assettrack.store.records"),
    ("arrows_point_inward", DOMAIN, 1, "from assettrack import services"),
    ("arrows_point_inward", DOMAIN, 1, "from assettrack import __version__"),
    ("arrows_point_inward", DOMAIN, 1, "from ..store import records"),
    ("arrows_point_inward", SERVICES, 2, "if TYPE_CHECKING:\n    from assettrack.store.records import Records"),
    ("arrows_point_inward", SERVICES, 2, "def f():\n    from assettrack.formats import scan_csv"),
    ("arrows_point_inward", STORE, 1, "from assettrack.services.ports import Transaction"),
    ("arrows_point_inward", "src/assettrack/station/keys.py", 1, "from assettrack.store import records"),
    ("arrows_point_inward", "src/assettrack/formats/scan_csv.py", 1, "from assettrack.services import intake"),
    ("arrows_point_inward", "src/assettrack/settings.py", 1, "from assettrack.cli import main"),
    ("arrows_point_inward", "src/assettrack/bootstrap.py", 1, "from assettrack.cli import main"),
    ("arrows_point_inward", "src/assettrack/web/pages.py", 1, "from assettrack.store import records"),
    ("arrows_point_inward", CLI, 2, "COMMANDS = {\n 'x': 'assettrack.store.records:Records'}"),
    ("arrows_point_inward", CLI, 1, "from assettrack.station import keys"),
    ("arrows_point_inward", "src/assettrack/engine/parts.py", 1, "import json"),
    ("clock_and_chance_are_handed_in", DOMAIN, 1, "import random"),
    ("clock_and_chance_are_handed_in", SERVICES, 1, "from time import time"),
    ("clock_and_chance_are_handed_in", SERVICES, 2, "import datetime as dt\nnow = dt.datetime.now(dt.UTC)"),
    ("clock_and_chance_are_handed_in", SERVICES, 1, "from os import environ"),
    ("clock_and_chance_are_handed_in", SERVICES, 2, "import os\nname = os.environ['USER']"),
    ("domain_is_pure", DOMAIN, 3, "import json\nimport msgspec\nimport click"),
    ("domain_is_pure", DOMAIN, 1, "from pathlib import Path"),
    ("domain_is_pure", DOMAIN, 1, "text = open('x').read()"),
    ("errors_are_caught_by_name", SERVICES, 3, "try:\n    f()\nexcept Exception:\n    pass"),
    ("errors_are_caught_by_name", STORE, 3, "try:\n    f()\nexcept (ValueError, BaseException):\n    pass"),
    ("errors_are_caught_by_name", CLI, 3, "try:\n    f()\nexcept:\n    pass"),
    ("errors_are_caught_by_name", CLI, 1, "with contextlib.suppress(Exception):\n    f()"),
    ("files_are_short", TEST, 401, "x = 1\n" * 401),
    ("functions_are_short", TEST, 1, "def f():\n" + "    g()\n" * 60),
    ("functions_are_short", "tools/demo.py", 2, "class C:\n    async def f():\n" + "        g()\n" * 60),
    ("names_are_of_the_work", "src/assettrack/domain/utils.py", 1, ""),
    ("names_are_of_the_work", "tests/helpers/batches.py", 1, ""),
    ("one_module_owns_transactions", STORE, 1, "connection.execute('BEGIN IMMEDIATE')"),
    ("one_module_owns_transactions", STORE, 1, "END = 'INSERT INTO a VALUES (1); COMMIT'"),
    ("one_module_owns_transactions", STORE, 2, "def f(x):\n    return f'ROLLBACK TO {x}'"),
    ("one_module_owns_transactions", SCHEMA, 2, "CREATE TABLE a (b);\nCOMMIT;"),
    ("one_module_owns_transactions", OWNER, 1, "transaction.commit()"),
    ("one_module_owns_transactions", SERVICES, 2, "def f(tx):\n    tx.rollback()"),
    ("only_the_store_knows_the_database", SERVICES, 1, "import apsw"),
    ("only_the_store_knows_the_database", CLI, 1, "from apsw import Connection"),
    ("only_the_store_knows_the_database", STORE, 2, "import apsw\nimport sqlite3"),
    ("only_the_store_knows_the_database", TEST, 1, "import sqlite3"),
    ("sql_compares_equal_bytes", STORE, 1, "FIND = 'SELECT * FROM assets WHERE upper(asset_tag) = ?'"),
    ("sql_compares_equal_bytes", SCHEMA, 2, "CREATE INDEX a\nON b (LOWER (c));"),
    ("sql_stays_in_the_store", SERVICES, 1, "FIND = 'SELECT status FROM assets'"),
    ("sql_stays_in_the_store", CLI, 2, "def f(t):\n    return f'UPDATE {t} SET a = 1' 'DELETE FROM b'"),
    ("sql_stays_in_the_store", SERVICES, 1, "ADD = 'INSERT OR REPLACE INTO assets VALUES (?)'"),
    ("sql_stays_in_the_store", SERVICES, 2, "def f(tx, words):\n    tx.execute(words)"),
    ("waivers_have_reasons", TEST, 1, "import os  # noqa: F401"),
    ("waivers_have_reasons", STORE, 1, "x: int = 'a'  # type: ignore[assignment]  # sorry"),
    ("waivers_have_reasons", STORE, 2, "if x:\n    y()  # pragma: no cover"),
)


# Rule, file, text that keeps it, each close to a breach.
KEPT = (
    ("arrows_point_inward", CLI, "from assettrack import __version__\nfrom assettrack.bootstrap import open_store"),
    ("arrows_point_inward", "src/assettrack/settings.py", "DATABASE = 'assettrack.db'"),
    ("arrows_point_inward", DOMAIN, "from .tags import AssetTag"),
    ("arrows_point_inward", TEST, "from assettrack.store import records"),
    ("clock_and_chance_are_handed_in", DOMAIN, "from datetime import datetime, time\ntime.fromisoformat(x)"),
    ("clock_and_chance_are_handed_in", "src/assettrack/station/clock.py", "import time"),
    ("domain_is_pure", DOMAIN, "from collections.abc import Mapping\nimport hashlib, msgspec\nfile.open()"),
    ("errors_are_caught_by_name", EDGE, "try:\n    f()\nexcept Exception:\n    pass"),
    ("errors_are_caught_by_name", OWNER, "try:\n    f()\nexcept BaseException:\n    raise"),
    ("errors_are_caught_by_name", CLI, "try:\n    f()\nexcept (OSError, ValueError):\n    pass"),
    ("files_are_short", TEST, "x = 1\n" * 400),
    ("functions_are_short", TEST, "def f():\n" + "    g()\n" * 59),
    ("names_are_of_the_work", "src/assettrack/domain/custody.py", ""),
    ("one_module_owns_transactions", OWNER, "BEGIN, END = 'BEGIN IMMEDIATE', 'COMMIT'"),
    ("one_module_owns_transactions", SCHEMA, "CREATE TRIGGER a BEFORE UPDATE ON b BEGIN SELECT 1; END; -- no COMMIT"),
    ("one_module_owns_transactions", STORE, "def f():\n    '''Never says COMMIT.'''\n    return 'commit'"),
    ("only_the_store_knows_the_database", STORE, "import apsw"),
    ("only_the_store_knows_the_database", "tests/store/test_records.py", "import apsw"),
    ("sql_compares_equal_bytes", STORE, "def f(text):\n    return text.upper() + 'UPPER'"),
    ("sql_stays_in_the_store", CLI, "EVENTS = ('UPDATE', 'RETIRE')\nprint('UPDATE the tag, SELECT nothing')"),
    ("sql_stays_in_the_store", STORE, "FIND = 'SELECT 1'"),
    ("waivers_have_reasons", STORE, "x = f'{t}'  # noqa: S608 - the table's name is a constant of ours"),
    ("waivers_have_reasons", TEST, "x = '# noqa: F401'"),
)


@cache
def sources() -> tuple[Source, ...]:
    """Everything the rules are about, read once."""
    return tuple(house.read("src", "tests", "tools", "bench"))


def of_the_program() -> list[Source]:
    """The sources of the program alone."""
    return [source for source in sources() if source.layer]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_tree_keeps_the_rule(rule: Callable[[Source], list[str]]) -> None:
    """No file of the repository breaks the rule."""
    assert [finding for source in sources() for finding in rule(source)] == []


def test_the_rules_see_the_whole_house() -> None:
    """Every layer of the program is among the sources, the SQL of the schema and the tests too."""
    layers = {source.layer for source in sources()}
    assert layers >= {"bootstrap", "cli", "domain", "formats", "services", "settings", "station", "store"}
    assert any(source.path.startswith("src/assettrack/store/schema/") for source in sources())
    assert any(source.path == "tests/test_architecture.py" for source in sources())


@pytest.mark.parametrize(("rule", "path", "line", "text"), BREACHES)
def test_a_planted_breach_is_caught(rule: str, path: str, line: int, text: str) -> None:
    """Each rule finds its breach, once, in the file and line where it was planted."""
    findings = getattr(house, rule)(house.parse(path, text))
    assert [finding.rpartition(f"{path}:{line}: ")[1] for finding in findings] == [f"{path}:{line}: "], findings


@pytest.mark.parametrize(("rule", "path", "text"), KEPT)
def test_what_keeps_the_rule_is_let_through(rule: str, path: str, text: str) -> None:
    """A rule finds nothing in what only looks like a breach."""
    assert getattr(house, rule)(house.parse(path, text)) == []


def test_each_rule_has_a_breach_planted() -> None:
    """A rule without a breach that it catches proves nothing."""
    assert {breach[0] for breach in BREACHES} == {rule.__name__ for rule in RULES}


def test_most_functions_of_the_program_are_small() -> None:
    """The median and the ninth decile of the program's functions stay in their bounds."""
    assert house.most_functions_are_small(of_the_program()) == []


def test_no_area_of_the_pages_leads_back_to_itself() -> None:
    """What one of them has is taken from it, or stands beside them."""
    assert house.areas_form_no_circles(of_the_program()) == []


def pages(**imports: str) -> list[Source]:
    """Areas of pages, each with the module it imports."""
    return [house.parse(f"src/assettrack/web/{area}/pages.py", f"\n{text}") for area, text in imports.items()]


def test_a_circle_of_areas_is_caught() -> None:
    """Of two or by way of a third, each import of it with its place; one beside it is not part of it."""
    first = "from assettrack.web.custody.pages import page"
    back = "def f():\n    from assettrack.web.batches import pages"
    found = house.areas_form_no_circles(pages(batches=first, custody=back, counts=first))
    assert found == [
        "src/assettrack/web/batches/pages.py:2: batches imports custody, and that leads back to batches",
        "src/assettrack/web/custody/pages.py:3: custody imports batches, and that leads back to custody",
    ]
    around = "from assettrack.web.counts.pages import page"
    assert len(house.areas_form_no_circles(pages(batches=first, custody=around, counts=back))) == 3


def test_areas_may_share_what_stands_beside_them() -> None:
    """Imports one way, of the own area and of what is in none are no circle."""
    kept = pages(batches="from assettrack.web.custody.pages import page", custody="from assettrack.web.texts import t")
    own = pages(custody="from assettrack.web.custody.forms import read\nfrom assettrack.web import said_values")
    assert house.areas_form_no_circles([*kept, *own]) == []


def functions_of(*lines: int) -> list[Source]:
    """A source with one function for each of these numbers of lines."""
    return [house.parse(DOMAIN, "".join("def f():\n" + "    g()\n" * (count - 1) for count in lines))]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ((8, 8, 8), []),
        ((2, 9, 9), ["median 9 lines, 8 allowed"]),
        ((2,) * 18 + (30,) * 2, []),
        ((2,) * 17 + (31,) * 3, ["p90 31.0 lines, 30 allowed"]),
    ],
)
def test_long_functions_are_let_through_only_as_the_exception(lines: tuple[int, ...], found: list[str]) -> None:
    """Half of the functions may have up to 8 lines and nine in ten up to 30; one line more is caught."""
    assert house.most_functions_are_small(functions_of(*lines)) == found
