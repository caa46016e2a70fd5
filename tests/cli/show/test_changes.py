"""Tests of `assettrack.cli.show.changes`."""

import pytest

from assettrack.domain.change_wording import before_and_after
from assettrack.domain.inventory import Asset

STORED = Asset("STORAGE", "CASE-01", 1, None, "laptop", model="L5")
HELD = Asset("IN_CUSTODY", None, None, "Jane", "laptop", model="L5")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (None, STORED, "new laptop > in CASE-01 slot 1"),
        (STORED, HELD, "in CASE-01 slot 1 > in custody of Jane"),
        (STORED, STORED, "in CASE-01 slot 1, unchanged"),
        (STORED, Asset("STORAGE", "CASE-01", 1, None, "tablet", model="L5"), "equipment type laptop > tablet"),
        (
            STORED,
            Asset("STORAGE", None, None, None, "laptop", "R1", model="L6"),
            "in CASE-01 slot 1 > in storage, in no slot; room (blank) > R1; model L5 > L6",
        ),
        (HELD, Asset("RETIRED", None, None, None, "laptop", model="L5"), "in custody of Jane > retired"),
    ],
)
def test_a_change_is_told_by_what_differs(before: Asset | None, after: Asset, told: str) -> None:
    """Where the asset is and each field that differs, before and after; nothing else."""
    assert before_and_after(before, after, ">") == told
