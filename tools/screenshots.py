"""`make screenshots`: the pictures in docs/screenshots, made by walking through a real station in a real browser.

Owns the story: which pages are shown, in which state, and what is said of each in README.md there. The station is the
program, on a throwaway database with plainly fictional data; its clock is held (`fixed_clock.py`), and two things are
put right in the pictures: the countdown to the idle lock is full, and the scratch folder is shown as another. What
still differs from run to run is what comes of the station's key and of salts: hashes, such as the root on the page that
verifies the log. A picture in which nobody could see a difference is left as it is. Fonts are those of the computer.
Must never touch a real station.
"""

import math
import re
import shutil
import struct
import sys
import tempfile
from pathlib import Path
from typing import Any

from throwaway_station import ThrowawayStation, furnish

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "screenshots"
BYTES_MAX = 150_000
"""A picture is no larger: they are in every copy of the repository."""

SHADES_MAX = 40
"""So much of 255 a colour may differ where two pictures look the same."""

SHOWN_FOLDER = "/srv/store-room"
_AS_MEANT = """folder => {
  for (let last = setInterval(() => null, 1e6); last > 0; last -= 1) clearInterval(last);
  const idle = document.getElementById("idle");
  if (idle) idle.textContent = idle.dataset.text.replace("{time}", "10:00");
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replaceAll(folder[0], folder[1]);
}"""

WIDE, TABLET = (1280, 800), (820, 1180)
DARK = "-dark"
PASSWORD = "a password of nobody"  # noqa: S105 - it is for the station that is thrown away
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--force-color-profile=srgb", "--font-render-hinting=none", "--disable-lcd-text",
)  # fmt: skip

SHOTS = {
    "sign-in": "Everybody signs in with an account of their own; no password is known beforehand.",
    "overview": "What is issued and to whom, what is overdue or odd, how full the cases are, what happened last.",
    "overview-dark": "The same on a tablet, in the dark.",
    "intake": "Scanning: green will be in the batch, amber is worth a look, red stops it; the text says the same.",
    "intake-dark": "The same on a tablet, in the dark.",
    "check": "Before anything is saved: what will happen, before and after, and a button that names the deed.",
    "committed": "The batch as it stands in the log.",
    "issue": "Issuing to two people at once: scan, say who gets it, go on scanning.",
    "signature": "How it is accepted; here each signs on the screen.",
    "handed-over": "After the commit: what each person has accepted, with the signatures, and the way to the receipts.",
    "receipt": "A receipt as its text says it; the same is printed, with a code that proves it.",
    "return": "Part of what somebody has comes back, and the page says what is still out.",
    "case": "A case drawn as its foam, with one slot chosen: what is in it, and moving it without dragging.",
    "case-dark": "The same on a tablet, in the dark.",
    "asset": "All that happened to an asset, with a correction marked, and where it was last proven.",
    "holders": "The people who can be given something.",
    "count": "A count while it goes on: what was found, what is missing, what is somewhere else.",
    "report": "A report with its charts; the same table is there as CSV, XLSX, JSON and PDF.",
    "audit-verify": "The log, read and worked out anew.",
    "receipt-check": "The code on a receipt was scanned: the station signed for it, and its log still agrees.",
    "people": "Accounts and roles.",
    "settings": "What the station is told to do, and whether it is fit for work.",
}
"""The pictures by name, and what each shows, in the order of a day."""


class Walk:
    """The walk through the station, in one window of the browser."""

    def __init__(self, page: Any, station: ThrowawayStation, folder: Path) -> None:  # noqa: ANN401 - Playwright is imported only where it is there
        self.page = page
        self.station = station
        self._folder = folder
        self._minute = 0

    def go(self, path: str) -> None:
        """Go to a page, some minutes later."""
        self._minute += 2
        self.station.set_clock(f"2025-10-13T08:{self._minute:02}:00+00:00")
        self.page.goto(path)

    def press(self, selector: str) -> None:
        """Press a button or link that leads to another page."""
        with self.page.expect_navigation():
            self.page.click(selector)

    def scan(self, text: str) -> None:
        """Scan a code into the field for it, and wait until it is taken in."""
        self.page.fill("#typed", text)
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            self.page.press("#typed", "Enter")
        self.page.wait_for_timeout(150)

    def shoot(self, name: str) -> None:
        """Take a picture of what the window shows first of the page."""
        self.page.evaluate("scrollTo(0, 0)")
        self.page.evaluate("document.fonts.ready")
        self.page.wait_for_timeout(300)  # a field that was just chosen is not drawn at once
        self.page.evaluate(_AS_MEANT, [str(self.station.folder), SHOWN_FOLDER])
        self.page.screenshot(path=self._folder / f"{name}.png", animations="disabled", caret="hide")

    def shoot_dark(self, name: str) -> None:
        """Take a picture of the same page on a tablet, in the dark."""
        self.page.emulate_media(color_scheme="dark")
        self.page.set_viewport_size({"width": TABLET[0], "height": TABLET[1]})
        self.shoot(f"{name}{DARK}")
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})


def begin(walk: Walk, link: str) -> None:
    """Make the first account and two more, and sign in."""
    page = walk.page
    walk.go(link)
    page.fill("[name=name]", "Mara")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    walk.press("main form button")
    for name, role in (("Jonas", "operator"), ("Ada", "auditor")):
        walk.go("/people")
        page.fill("form[action='/people'] [name=name]", name)
        if page.query_selector(f"form[action='/people'] [name=role][type=radio][value={role}]"):
            page.check(f"[name=role][value={role}]")
        else:
            page.select_option("form[action='/people'] [name=role]", role)
        walk.press("form[action='/people'] button")
    walk.go("/people")
    walk.shoot("people")
    page.click(".who summary")
    walk.press(".who form[action='/sign-out'] button")
    walk.go("/sign-in")
    page.fill("[name=name]", "Mara")
    page.fill("[name=password]", PASSWORD)
    walk.shoot("sign-in")
    walk.press("main form button")
    walk.go("/")
    walk.shoot("overview")
    walk.shoot_dark("overview")


def take_in(walk: Walk) -> None:
    """Scan into a case: new ones, one twice, one that is somewhere else, and one that is no label of ours."""
    page = walk.page
    walk.go("/intake")
    page.select_option("[name=case_name]", "CASE-02")
    page.fill("[name=equipment_type]", "camera")
    walk.press("form[action='/intake/context'] button")
    for scanned in ("CAM-0103", "CAM-0104", "CAM-0104", "TAB-0209", "PO:4711/3"):
        walk.scan(scanned)
    walk.shoot("intake")
    walk.shoot_dark("intake")
    walk.press(".scans li.bad form[action='/intake/remove'] button")
    walk.go("/intake/check")
    walk.shoot("check")
    walk.press("form[action='/intake/commit'] button")
    walk.shoot("committed")


def hand_over(walk: Walk) -> None:
    """Issue three assets to two people, who sign, and make the receipts."""
    page = walk.page
    walk.go("/issue")
    for name, tags in (("Noor Haddad", ("LT-0001", "LT-0003")), ("Tomas Brandt", ("CAM-0103",))):
        if not page.is_visible(f"#people >> text={name}"):
            page.click("details.choose > summary")
        walk.press(f"#people button:has-text('{name}')")
        for tag in tags:
            walk.scan(tag)
    walk.shoot("issue")
    walk.press("a[href='/issue/acceptance']")
    page.fill("[name=due_on]", "2025-12-19")
    page.check("[name=how][value=screen]")
    for number, canvas in enumerate(page.query_selector_all("canvas")):
        canvas.scroll_into_view_if_needed()
        sign(page, canvas.bounding_box(), number)
    walk.shoot("signature")
    walk.press("form[action='/issue/acceptance'] button:not([type=button])")
    walk.press("form[action='/issue/commit'] button")
    for name in ("Noor Haddad", "Tomas Brandt"):
        walk.press(f"form[action$='/receipts']:has([value='{name}']) button")
    walk.shoot("handed-over")
    walk.go("/receipts/1")
    walk.shoot("receipt")


def sign(page: Any, box: dict[str, float], number: int) -> None:  # noqa: ANN401 - as Walk
    """Draw a signature: some loops, and a stroke below them."""
    turns = [step / 90 for step in range(91)]
    loops = [
        (
            10 + 70 * turn + 5 * math.sin(math.tau * (6 + number) * turn),
            50 + (26 - 12 * turn) * math.cos(math.tau * 7 * turn),
        )
        for turn in turns
    ]
    stroke = [(20 + 55 * turn, 88 - 8 * turn) for turn in turns[::10]]
    for line in (loops, stroke):
        for order, (x, y) in enumerate(line):
            page.mouse.move(box["x"] + box["width"] * x / 100, box["y"] + box["height"] * y / 100)
            if order == 0:
                page.mouse.down()
        page.mouse.up()


def look_around(walk: Walk) -> None:
    """Take some of it back, and look at cases, assets, holders, counts, reports and the log."""
    page = walk.page
    walk.go("/return?holder=Noor%20Haddad")
    walk.scan("LT-0001")
    walk.shoot("return")
    walk.go("/cases/CASE-03?slot=6")
    walk.shoot("case")
    walk.shoot_dark("case")
    walk.go("/assets/TAB-0207")
    walk.shoot("asset")
    walk.go("/holders")
    walk.shoot("holders")
    walk.go("/counts/new?of=cases&case=CASE-01")
    walk.press("form[action='/counts'] button")
    for tag in ("LT-0005", "CAM-0102", "LT-0006"):
        walk.scan(tag)
    walk.shoot("count")
    walk.go("/reports/custody")
    walk.shoot("report")
    walk.go("/audit/verify")
    page.click("form[action='/audit/verify'] button")
    page.wait_for_selector(".verdict.ok")
    walk.shoot("audit-verify")
    code = walk.station.tell("receipt", "show", "1", "--json")
    walk.go("/audit/receipt")
    page.fill("#code", re.findall(r'"payload":\s*"([^"]+)"', code)[0])
    walk.press("form[action='/audit/receipt'] button")
    walk.shoot("receipt-check")
    walk.go("/settings")
    walk.shoot("settings")


def readme() -> str:
    """Return the page that lists the pictures."""
    lines = [f"### {name}\n\n{sentence}\n\n![{name}]({name}.png)\n" for name, sentence in SHOTS.items()]
    head = (
        "# Pictures of the station\n\nMade by `make screenshots` from a real station with made-up data. "
        "How it is used: [the\nstation in the browser](../how-to/station.md).\n"
    )
    return "\n".join([head, *lines])


def walk_through(folder: Path) -> None:
    """Walk through a new station and leave the pictures in a folder."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - the list can be read without it

    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        sys.exit("There is no Chromium to take pictures with. Install it (apt-get install chromium).")
    with tempfile.TemporaryDirectory(prefix="assettrack-screenshots-") as scratch, sync_playwright() as driver:
        station = ThrowawayStation(Path(scratch))
        furnish(station)
        browser = driver.chromium.launch(executable_path=chromium, args=list(FLAGS))
        with station.served() as link:
            context = browser.new_context(
                viewport={"width": WIDE[0], "height": WIDE[1]}, base_url=link.partition("/setup")[0], locale="en-GB",
                timezone_id="Europe/Berlin", reduced_motion="reduce", color_scheme="light",
            )  # fmt: skip
            walk = Walk(context.new_page(), station, folder)
            begin(walk, link)
            take_in(walk)
            hand_over(walk)
            look_around(walk)
            browser.close()


def faults(folder: Path) -> list[str]:
    """Say in what a folder of pictures and the list differ, and which pictures are not as they should be."""
    found = [f"{name}.png is missing" for name in SHOTS if not (folder / f"{name}.png").exists()]
    for picture in sorted(folder.glob("*.png")):
        content = picture.read_bytes()
        size = struct.unpack(">II", content[16:24])  # PNG, section 11.2.1: width and height come first
        if picture.stem not in SHOTS:
            found.append(f"{picture.name} is not on the list")
        elif size != (TABLET if picture.stem.endswith(DARK) else WIDE):
            found.append(f"{picture.name} is {size[0]} by {size[1]}")
        elif len(content) > BYTES_MAX:
            found.append(f"{picture.name} has more than {BYTES_MAX:,} bytes")
    return found


def looks_same(old: Path, new: Path) -> bool:
    """Tell whether nobody could see a difference: rounded corners are drawn a shade lighter or darker each time."""
    from PIL import Image, ImageChops  # noqa: PLC0415 - it comes with ReportLab, and only this needs it

    with Image.open(old) as before, Image.open(new) as after:
        if before.size != after.size:
            return False
        difference = ImageChops.difference(before.convert("RGB"), after.convert("RGB"))
        return max(most for _, most in difference.getextrema()) <= SHADES_MAX


def main() -> int:
    """Make the pictures anew, and the page that lists them; return the exit code."""
    with tempfile.TemporaryDirectory(prefix="assettrack-screenshots-") as scratch:
        fresh = Path(scratch)
        walk_through(fresh)
        if found := faults(fresh):
            print(*found, sep="\n", file=sys.stderr)
            return 1
        FOLDER.mkdir(exist_ok=True)
        for old in FOLDER.glob("*.png"):
            if old.stem not in SHOTS:
                old.unlink()
        there = [FOLDER / f"{name}.png" for name in SHOTS]
        new = [each for each in there if not (each.exists() and looks_same(each, fresh / each.name))]
        for each in new:
            shutil.copyfile(fresh / each.name, each)
    (FOLDER / "README.md").write_text(readme(), "utf-8")
    print(f"{len(SHOTS)} pictures are in {FOLDER.relative_to(ROOT)}, {len(new)} of them new.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
