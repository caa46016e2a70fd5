"""What a page of intake shows of the next scans, in a real browser: nobody who works on one page alone is refused."""

from typing import Any

from assettrack.domain.cards import Card, CardKind, written
from tests.browser.conftest import RunningStation, put_into_case
from tests.browser.keyboard import opened
from tests.browser.test_scans import burst, shown
from tests.browser.test_stale_scans import SLOW_STATION


def test_labels_of_slots_and_their_assets_may_come_without_waiting(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """Each goes where the label before it said; a slot that is used, and the next free one, refuse nothing."""
    put_into_case(running)
    running.tell("case", "init", "CASE-02", "--slots", "8")
    page.add_init_script(SLOW_STATION)
    page.goto("/intake")
    burst(page, "CASE-02 SLOT-07", "LT-1", "CASE-02 SLOT-08", "LT-2", "CASE-02", "LT-3", "CASE-02 SLOT-06", "LT-1")
    shown(page, "CASE-02 slot 6 was for LT-1")
    page.wait_for_selector("body:not([data-sending])")
    assert page.is_hidden("#refused")
    assert page.locator("#queue ol.scans > li").count() == 8


def test_what_is_chosen_beside_a_scan_that_says_otherwise_is_set(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """The page shows what the card said, above the queue; whoever sets what they had begun to choose means that."""
    page.goto("/intake")
    opened(page)
    page.evaluate("document.querySelector('details.context').open = true")
    page.check("[name=event_type][value=RETIRE]")
    page.fill("[name=notes]", "broken")
    burst(page, written(Card(CardKind.EVENT, "UPDATE")))
    page.locator("[data-context]", has_text="Move or update").wait_for()
    assert page.locator("[name=event_type]:checked").get_attribute("value") == "RETIRE"
    assert page.input_value("[name=event_shown]") == "UPDATE"
    with page.expect_navigation():
        page.locator("form[action='/intake/context'] button").evaluate("button => button.click()")
    page.locator("[data-context]", has_text="Retire").wait_for()
    assert page.input_value("[name=notes]") == "broken"


def test_what_a_card_forgets_is_not_left_standing_in_the_form(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """The end of a round ends notes and room; due date and type of the queue stay."""
    page.goto("/intake")
    opened(page)
    page.evaluate("document.querySelector('details.context').open = true")
    for name, text in (("notes", "wet"), ("building_room", "Room 7"), ("equipment_type", "laptop")):
        page.fill(f"[name={name}]", text)
    with page.expect_navigation():
        page.locator("form[action='/intake/context'] button").evaluate("button => button.click()")
    opened(page)
    burst(page, written(Card(CardKind.END)))
    shown(page, "No event holds")
    assert [page.input_value(f"[name={name}]") for name in ("notes", "building_room", "equipment_type")] == [
        "",
        "",
        "laptop",
    ]


def test_what_was_withdrawn_does_not_come_back_with_the_page(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """Back shows what holds, and not what stood in the form once: what is set then says nothing else."""
    page.goto("/intake")
    for room, due_on, how in (("R7", "2099-12-24", "paper"), ("", "", "")):
        opened(page)
        page.evaluate("document.querySelector('details.context').open = true")
        page.fill("[name=building_room]", room)
        page.fill("[name=due_on]", due_on)
        page.select_option("[name=how]", how)
        with page.expect_navigation():
            page.locator("form[action='/intake/context'] button").evaluate("button => button.click()")
    for _ in range(2):
        opened(page)
        page.go_back()
        opened(page)
        said = [page.input_value(f"[name={name}]") for name in ("building_room", "due_on", "how")]
        assert said == ["", "", ""]


def test_who_is_doubtful_by_a_scan_is_withdrawn_by_the_form(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """The name is given up while the page is open: the next scan blanks it there, and blank it is sent."""
    put_into_case(running)
    page.goto("/intake")
    opened(page)
    page.evaluate("document.querySelector('details.context').open = true")
    page.check("[name=event_type][value=ISSUE]")
    page.fill("[name=holder]", "Jane Smith")
    with page.expect_navigation():
        page.locator("form[action='/intake/context'] button").evaluate("button => button.click()")
    opened(page)
    running.tell("holder", "change", "Jane Smith", "--name", "Jane Jones", "--reason", "marriage")
    burst(page, "LT-1")
    shown(page, "is called Jane Jones now")
    assert page.input_value("[name=holder]") == ""
    with page.expect_navigation():
        page.locator("form[action='/intake/context'] button").evaluate("button => button.click()")
    assert "Jane Smith" not in page.inner_text("[data-context]")
