"""What a call does with the values of a batch that its services are done with."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from assettrack.cli.batch_file import read_batch
from assettrack.cli.invocation import Invocation
from assettrack.domain.decisions import Decision
from assettrack.domain.plans import Options
from assettrack.formats.scan_csv import ScanTable
from assettrack.services import intake
from tests.cli.conftest import Desk


@pytest.fixture
def unfrozen() -> Iterator[None]:
    """Give everything back to the garbage collector after the test."""
    yield
    gc.unfreeze()
    gc.collect()


def _previewed(call: Invocation, file: str) -> weakref.ref[Decision]:
    """Preview a batch and return what becomes of the decision."""
    source = read_batch(file)
    assert isinstance(source, ScanTable)
    assert intake.preview(call.workplace(), source, Options()).valid
    decision = next(found for found in gc.get_referents(call.__dict__["_done_with"]) if isinstance(found, Decision))
    return weakref.ref(decision)


def test_a_call_that_goes_on_frees_what_is_done_with(station: Desk) -> None:
    """A preview's values are there until the call lets go of them, so that a commit after it has the memory."""
    call = Invocation()
    decision = _previewed(call, _batch(station))
    assert decision() is not None
    call.let_go()
    assert decision() is None
    call.close()


@pytest.mark.usefixtures("unfrozen")
def test_a_process_that_ends_frees_nothing(station: Desk) -> None:
    """After the call was left, its values stay though nobody has them and garbage is collected."""
    call = Invocation()
    decision = _previewed(call, _batch(station))
    call.close()
    call.leave()
    del call
    gc.collect()
    assert decision() is not None


def _batch(station: Desk) -> str:
    return station.file("batch.csv", "asset_tag,timestamp,event_type,operator_id,equipment_type",
                             "A1,2026-03-01T10:00:00Z,SCAN,opal,laptop")  # fmt: skip
