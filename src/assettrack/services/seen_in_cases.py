"""Assets of a queue that were seen in a case, where nobody said in which slot: another than recorded, or new ones.

Owns that the label of a case says as much there as that of a slot (`domain.assets`), in the same words.
"""

from collections.abc import Sequence

from assettrack.domain.findings import Finding, finding
from assettrack.domain.plans import Plan
from assettrack.domain.typed_rows import TypedRow

_SAID_TOO = {"sighted_in_custody", "sighted_retired"}
"""What a notice says too that tells where an asset is recorded."""


def with_sightings(rows: Sequence[TypedRow], plan: Plan) -> list[Finding]:
    """Return the notices of the plan of a batch's ``rows``, with those of assets that were seen in another case.

    A new one gets no slot by that: the row by which it would have had one is gone.
    """
    seen: dict[int | None, Finding] = {}
    for change in plan.changes:
        case, asset = rows[change.row_number - 1].seen_in, change.before
        if case and asset is None:
            facts = {"asset_tag": change.asset_tag, "seen": case}
            seen[change.row_number] = finding("new_in_no_slot", change.row_number, "slot_number", **facts)
        elif case and asset is not None and asset.case_name != case:
            facts = {"asset_tag": change.asset_tag, "seen": case, "where": asset.where}
            seen[change.row_number] = finding("sighted_elsewhere", change.row_number, "case_number", **facts)
    others = [each for each in plan.notices if each.row_number not in seen or each.code not in _SAID_TOO]
    return sorted([*others, *seen.values()], key=lambda each: each.row_number or 0)
