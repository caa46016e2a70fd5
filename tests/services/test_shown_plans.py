"""What a plan that was shown would have done, as far as that is still known."""

from assettrack.services.shown_plans import shown_changes, shown_tags
from tests.services.desk import Desk, row


def test_a_plan_that_another_version_kept_is_as_one_that_is_not_kept(desk: Desk) -> None:
    """Its lines say something else than changes; then nothing is told of it, and nothing breaks."""
    plan = desk.preview(row("A1") + row("A2"))
    code = plan.confirm_code
    assert code is not None
    assert shown_tags(desk.workplace, code) == ["A1", "A2"]
    kept = desk.workplace.plans.find(code)
    assert kept is not None
    lines = [line.replace(b'"asset_tag"', b'"tag"') + b"\n" for line in kept.lines]
    desk.workplace.plans.keep(code, kept.source_sha256, kept.options, lines)
    assert desk.workplace.plans.find(code) is not None
    assert shown_changes(desk.workplace, code) == []
    assert shown_tags(desk.workplace, code) == []
