"""A case that somebody else filled meanwhile, in a real browser: where there is room, and one press that uses it."""

from typing import Any

from tests.browser.conftest import RunningStation
from tests.browser.test_scans import burst, shown

OTHERS = """asset_tag,timestamp,event_type,operator_id,equipment_type,case_number,slot_number
OT-1,2026-01-05T09:00:00Z,SCAN,mara,laptop,CASE-01,1
OT-2,2026-01-05T09:00:00Z,SCAN,mara,laptop,CASE-01,2
"""


def test_rows_whose_slots_are_taken_are_put_into_free_ones(page: Any, running: RunningStation, tmp_path: Any) -> None:  # noqa: ANN401 - Playwright's own
    """The page says what goes where; pressed, put back and pressed again, it can be committed; scanning goes on."""
    page.goto("/intake")
    burst(page, "CASE-01", "LT-1", "LT-2")
    shown(page, "LT-2")
    page.fill("#missing-type", "laptop")
    with page.expect_navigation():
        page.click("button:has-text('Set the type')")
    shown(page, "Queue: 2 to commit")
    (tmp_path / "others.csv").write_text(OTHERS)
    running.tell("commit", str(tmp_path / "others.csv"), "--yes")
    burst(page, "LT-3")
    shown(page, "LT-1 to slot 4, LT-2 to slot 5")
    page.click("#scan-2 >> text=Put all of these into the next free slots")
    for press, said in (
        ("Put them into the next free slots", "Queue: 3 to commit"),
        ("Put them back where they were", "LT-1 to slot 4, LT-2 to slot 5"),
    ):
        with page.expect_navigation():
            page.click(f"text={press}")
        shown(page, said)
    page.goto("/intake/check")
    with page.expect_navigation():
        page.click("text=Put them into the next free slots")
    with page.expect_navigation():
        page.click("text=Commit 3 scans")
    page.goto("/assets/LT-2")
    assert "CASE-01 slot 5" in page.inner_text("main")
