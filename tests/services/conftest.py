"""Owns what the services' tests start from: a station at work, and the batch that a test says in its docstring."""

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.emulator import Unit
from assettrack.services import accounts, holders, slots
from assettrack.services.custody_drafts import AtDesk
from assettrack.store.desk import StationDesk
from assettrack.store.desk_file import DeskFile
from tests.services.desk import Desk
from tests.services.field import MORNING, Field, MakeField


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Desk]:
    """A station that was just set up."""
    desk = Desk(tmp_path)
    yield desk
    desk.store.close()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Prepare a station once with CASE-01 of four slots and two holders, for all who take a copy."""
    desk = Desk(tmp_path_factory.mktemp("prepared"))
    slots.initialise_cases(desk.workplace, [("CASE-01", 4)])
    for name in ("Jane Smith", "Bob Lee"):
        holders.register(desk.workplace, name)
    desk.store.close()
    return desk


@pytest.fixture
def desk(bare: Desk, prepared: Desk) -> Desk:
    """A station with CASE-01 of four slots and two holders, Jane Smith and Bob Lee."""
    bare.go_on_from(prepared)
    return bare


@pytest.fixture
def at_desk(desk: Desk) -> Iterator[AtDesk]:
    """Somebody with an account at that station, whose drafts are kept."""
    shelf = StationDesk(DeskFile(desk.folder / "assettrack.db.desk"))
    shelf.set_up("assettrack-test0001")
    account = accounts.register(desk.workplace, "gcurl", role="admin")
    yield AtDesk(desk.workplace, shelf, account)
    shelf.close()


@pytest.fixture
def fields(tmp_path: Path) -> Iterator[MakeField]:
    """Makes a day in the field; all of them end with the test."""
    made: list[Field] = []

    def make(*faults: Fault, scans: tuple[str, ...] = MORNING, unit: Unit | None = None) -> Field:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(Field(folder, scans, *faults, unit=unit))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def batches(request: pytest.FixtureRequest) -> list[str]:
    """The batches in the test's docstring: below its sentence, each set apart from the next by a blank line."""
    _sentence, *texts = request.function.__doc__.strip().split("\n\n")
    return [dedent(text) for text in texts]


@pytest.fixture
def batch(batches: list[str]) -> str:
    """The one batch in the test's docstring."""
    (text,) = batches
    return text
