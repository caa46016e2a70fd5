"""A person who uses nothing but the keyboard: reaches things by Tab, presses them by Enter, scans into the focus."""

from typing import Any

_NAME_OF_FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return "";
  const label = e.labels && e.labels.length ? [...e.labels].map((l) => l.innerText).join(" ") : "";
  return (e.getAttribute("aria-label") || label || e.innerText || e.value || e.name || "").replace(/\\s+/g, " ").trim();
}"""
STEPS_MAX = 250

TYPING_MS = 70
"""Between two keys of somebody who types: what comes faster than anybody types is a scanner."""


def opened(page: Any) -> None:  # noqa: ANN401 - Playwright's own
    """Wait until a page was seen for a moment: nobody scans or types before."""
    page.wait_for_function("() => performance.getEntriesByType('paint').length > 0 && !window.isPageOpening()")


class Keyboard:
    """The keyboard at a page."""

    def __init__(self, page: Any) -> None:  # noqa: ANN401 - Playwright is imported only where there is a browser
        self.page = page

    def reach(self, name: str) -> None:
        """Press Tab until what has the focus is called so."""
        for _ in range(STEPS_MAX):
            if name in self.focused:
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{name!r} is not reached by Tab on {self.page.url}: {self.page.inner_text('main')[:500]}")

    def press(self, name: str) -> None:
        """Reach a button or link by Tab, press it, and wait for the page it leads to."""
        self.reach(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def fill(self, name: str, text: str) -> None:
        """Reach a field by Tab and type into it in the place of what it says."""
        opened(self.page)
        self.reach(name)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text, delay=TYPING_MS)

    def paste(self, name: str, text: str) -> None:
        """Reach a field by Tab and put a text there in one go, in the place of what it says."""
        self.reach(name)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def choose(self, name: str) -> None:
        """Reach a radio button's group by Tab, and go to the button with the arrow keys."""
        for _ in range(STEPS_MAX):
            if name in self.focused:
                self.page.keyboard.press("Space")
                return
            kind = self.page.evaluate("document.activeElement.type || ''")
            self.page.keyboard.press("ArrowDown" if kind == "radio" else "Tab")
            if kind == "radio" and name not in self.focused and self._is_first_again():
                self.page.keyboard.press("Tab")
        raise AssertionError(f"{name!r} can't be chosen on {self.page.url}")

    def scan(self, text: str) -> None:
        """Scan a code: it is typed wherever the focus is, and ended with Enter; wait until it is taken in."""
        opened(self.page)
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self.page.wait_for_function("text => document.querySelector('main').innerText.includes(text)", arg=text)

    @property
    def focused(self) -> str:
        """What the focused thing is called."""
        return str(self.page.evaluate(_NAME_OF_FOCUS))

    def _is_first_again(self) -> bool:
        return bool(
            self.page.evaluate(
                "() => { const e = document.activeElement;"
                " return e === document.querySelector(`input[name='${e.name}']`); }"
            )
        )
