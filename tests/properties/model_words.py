"""What the program says, in the model's words, and what the model chooses, in the program's.

Owns no rule: only names. Must never decide what is expected.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from msgspec import convert

from assettrack.domain.findings import Finding
from assettrack.domain.inventory import Asset
from assettrack.domain.plans import Acceptance, Options
from assettrack.domain.scans import DETAIL_COLUMNS
from assettrack.domain.timestamps import utc_text
from tests.properties.model import Choices, Thing
from tests.properties.random_batches import BEGIN


@cache
def utc(minute: int) -> str:
    """A minute as the program keeps it."""
    return utc_text(BEGIN + timedelta(minutes=minute))


def options_of(made: Choices) -> Options:
    """The model's choices as the program's options."""
    defaults = {"equipment_type": made.kind} if made.kind else {}
    accepted = None if made.accepted is None else convert({"how": made.accepted}, Acceptance)
    return Options(defaults, made.new_holders, made.only_new, made.reason, made.due, accepted)


def numbers_of(findings: list[Finding]) -> set[int]:
    """The rows that findings are about."""
    return {finding.row_number for finding in findings if finding.row_number is not None}


def thing_of(asset: Asset | None) -> Thing | None:
    """An asset of the program in the model's words."""
    if asset is None:
        return None
    details = {name: text for name in DETAIL_COLUMNS if (text := getattr(asset, name)) is not None}
    place = tuple(asset.place) if asset.place else None
    return {
        "status": asset.status, "place": place, "holder": asset.holder, "due": asset.due_on, "details": details,
    }  # fmt: skip


def thing_said(said: Mapping[str, Any] | None) -> Thing | None:
    """An asset as an entry of the log says it, in the model's words."""
    if said is None:
        return None
    place = None if said["case_name"] is None else (said["case_name"], said["slot_position"])
    details = {name: said[name] for name in DETAIL_COLUMNS if name in said}
    due = said.get("due_on")
    return {"status": said["status"], "place": place, "holder": said["holder"], "due": due, "details": details}
