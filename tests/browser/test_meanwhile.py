"""What is chosen while scans are on their way, in a real browser: it holds for what is scanned after it, and stays."""

from typing import Any

from assettrack.domain.cards import Card, CardKind, written
from tests.browser.conftest import RunningStation, put_into_case
from tests.browser.keyboard import opened
from tests.browser.test_refused_scans import refused
from tests.browser.test_scans import burst, shown


class Held:
    """Scans of a page on their way to the station, each held up until it is let go."""

    def __init__(self, page: Any, path: str) -> None:  # noqa: ANN401 - Playwright's own
        self.page, self.routes = page, list[Any]()
        page.route(f"**{path}", self._hold)

    def _hold(self, route: Any) -> None:  # noqa: ANN401 - Playwright's own
        self.routes.append(route)

    def scan(self, *scans: str) -> None:
        """Scan into the field for scans, without any answer."""
        self.page.focus("[data-scan-field]")
        burst(self.page, *scans)

    def let_go(self, said: str) -> str:
        """Let the next one through, wait until the page says something, and return what was sent."""
        while not self.routes:
            self.page.wait_for_timeout(20)
        route = self.routes.pop(0)
        sent = str(route.request.post_data)
        route.continue_()
        shown(self.page, said)
        return sent


def count_two_cases(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """Put laptops into one of two cases, and look at the count of both."""
    put_into_case(running)
    running.tell("case", "init", "CASE-02", "--slots", "8")
    running.tell("count", "start", "--case", "CASE-01", "--case", "CASE-02")
    page.goto("/counts/1")
    opened(page)


def test_a_count_says_each_scan_where_its_page_showed(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """An answer takes back no case that was chosen since; one that a label said is kept over all but another choice."""
    count_two_cases(page, running)
    page.select_option("#case", "CASE-01")
    held = Held(page, "/counts/1/scans")
    held.scan("LT-1")
    page.select_option("#case", "CASE-02")
    held.scan("LT-2")
    page.select_option("#case", "")
    assert "case=CASE-01" in held.let_go("LT-1: Found")
    assert page.input_value("#case") == ""
    assert "case=CASE-02" in held.let_go("LT-2: In another slot")
    assert page.input_value("#case") == ""
    held.scan("CASE-02", "LT-3")
    held.let_go("")
    assert "case=CASE-02" in held.let_go("LT-3: In another slot")
    assert page.input_value("#case") == "CASE-02"
    held.scan("no-tag!")
    held.let_go("Stop: no-tag!")
    with page.expect_navigation():
        page.click("#live form button")
    assert page.input_value("#case") == "CASE-02"
    page.select_option("#case", "CASE-01")
    for way in ("a[href*='/close']", "p.back a"):
        with page.expect_navigation():
            page.click(way)
    assert page.input_value("#case") == "CASE-01"
    page.reload()
    assert page.input_value("#case") == "CASE-01"


def test_what_a_count_refused_is_shown_where_it_ended(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """Also what still waited when the page was loaded anew; it stays until somebody has seen it."""
    count_two_cases(page, running)
    running.tell("count", "abandon", "1", "--reason", "enough")
    burst(page, "LT-1", "LT-2")
    page.wait_for_function("() => document.querySelectorAll('#refused li').length === 2")
    why = refused(page)
    Held(page, "/counts/1/scans").scan("LT-3")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/counts/1")
    opened(page)
    assert [text.split()[0] for text in refused(page)] == ["LT-1", "LT-2", "LT-3"]
    assert "abandoned" in refused(page)[0]
    assert "abandoned" in why[0]
    assert "No answer came" in refused(page)[2]
    for _ in range(3):
        page.click("#refused li:first-child [data-seen]")
    assert page.is_hidden("#refused")
    page.reload()
    assert page.is_hidden("#refused")


def test_the_form_for_the_next_scans_stays_as_somebody_changes_it(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """Through the answers to scans that were on their way; what nobody touched there says what a label said."""
    running.tell("case", "init", "CASE-02", "--slots", "8")
    page.goto("/intake")
    opened(page)
    held = Held(page, "/intake/scans")
    held.scan("CASE-01", "NN-1", "Jane Smith", "NN-2")
    held.let_go("into CASE-01")
    assert page.input_value("[name=case_name]") == "CASE-01"
    page.select_option("[name=case_name]", "CASE-02")
    held.let_go("NN-1")
    assert page.input_value("[name=case_name]") == "CASE-02"
    held.let_go("for Jane Smith")
    assert page.input_value("[name=holder]") == "Jane Smith"
    assert page.input_value("[name=holder_shown]") == "Jane Smith"
    assert page.input_value("[name=holder_number]").isdecimal()
    with page.expect_navigation():
        page.locator("form[action='/intake/context'] button").evaluate("button => button.click()")
        held.let_go("NN-2")
    assert "CASE-02" in page.inner_text("[data-context]")


def test_what_no_card_holds_any_more_is_not_chosen_by_the_form(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """After an end card no event is, after a label that is not known no place; what is sent with notes leaves it so."""
    page.goto("/intake")
    opened(page)
    burst(page, written(Card(CardKind.EVENT, "UPDATE")), "CASE-01 SLOT-03")
    shown(page, "into CASE-01 slot 3")
    assert page.input_value("[name=slot_position]") == "3"
    burst(page, "CASE-01 SLOT-99")
    shown(page, "where the next ones go has to be said anew")
    assert page.locator("[name=case_name] option:checked").inner_text() == "To be said anew"
    assert page.input_value("[name=slot_position]") == ""
    page.fill("[name=notes]", "dusty")
    with page.expect_navigation():
        page.locator("form[action='/intake/context'] button").evaluate("button => button.click()")
    shown(page, "Move or update · where the next ones go has to be said anew")
    opened(page)
    burst(page, "CASE-01 SLOT-04")
    shown(page, "into CASE-01 slot 4")
    assert page.input_value("[name=case_name]") == "CASE-01"
    burst(page, written(Card(CardKind.END)))
    shown(page, "No event holds")
    assert page.locator("[name=event_type]:checked").count() == 0
    page.click("details.context summary")
    page.fill("[name=notes]", "wet")
    with page.expect_navigation():
        page.locator("form[action='/intake/context'] button").evaluate("button => button.click()")
    assert "No event holds" in page.inner_text("[data-context]")
