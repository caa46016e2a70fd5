"""A scanner that types like a keyboard: one key after another, each of which says when it was pressed."""

import time
from collections.abc import Iterable
from itertools import chain
from typing import Any

KEY_SECONDS = 0.003
"""Between two keys of a quick scanner."""

SLOWEST_KEY_SECONDS = 0.03
"""Between two keys of a slow one. A key that the busy machine of a test hands on later was pressed no later than so:
a computer's keyboard notes the time of a key when it is pressed, however busy a browser is."""

KEY_CODES = {"Enter": 13, "Tab": 9, "-": 189}
KEY_TEXTS = {"Enter": "\r"}


def type_scans(
    page: Any,  # noqa: ANN401 - Playwright's own
    *scans: Iterable[str],
    end: str = "Enter",
    key_seconds: float = KEY_SECONDS,
    begin: float | None = None,
) -> float:
    """Type codes as a scanner does, without waiting for any answer and whatever the page does meanwhile.

    Each is ended by `end`, the name of a key; an empty one ends none. The letters of one are asked for as they are
    typed, so that how long it is may depend on the page. The first is pressed at `begin` (seconds since 1970), and says
    so even if that is gone by; those after it are late then, and say so. Returns when the last key was pressed.
    """
    scanner = page.context.new_cdp_session(page)
    at = due = time.time() if begin is None else begin
    for scan in scans:
        for letter in chain(scan, [end] if end else []):
            time.sleep(max(0.0, due - time.time()))
            at = due
            due = max(at + key_seconds, min(time.time(), at + SLOWEST_KEY_SECONDS))
            key = {
                "key": letter,
                "windowsVirtualKeyCode": KEY_CODES.get(letter, ord(letter[0].upper())),
                "timestamp": at,
            }
            text = {"text": KEY_TEXTS.get(letter, letter)} if letter != "Tab" else {}
            scanner.send("Input.dispatchKeyEvent", {"type": "keyDown" if text else "rawKeyDown", **key, **text})
            scanner.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
    scanner.detach()
    return at
