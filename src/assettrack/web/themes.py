"""Light or dark: what a browser asks for, in a cookie of its own. It says nothing of who is signed in."""

from collections.abc import Mapping

COOKIE = "assettrack_theme"
THEMES = ("light", "dark")
"""What can be asked for; where nothing is, the pages go by the browser's system."""

DAYS_KEPT = 365


def theme_of(cookies: Mapping[str, str]) -> str:
    """Return what a browser asks for, blank where that is nothing or not known."""
    asked = cookies.get(COOKIE, "")
    return asked if asked in THEMES else ""
