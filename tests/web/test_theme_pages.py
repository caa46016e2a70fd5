"""Light or dark: one browser's own choice."""

import pytest

from tests.web.visitors import OpenStation


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_browser_keeps_its_look(station: OpenStation, theme: str) -> None:
    """Every page is drawn so, before signing in and after, where nobody is found and in another session too."""
    ben = station.visitor("ben")
    assert "data-theme" not in ben.get("/").text
    ben.get("/account")
    answer = ben.post("/account/theme", {"theme": theme})
    assert answer.headers["location"] == "/account"
    assert "HttpOnly" in answer.headers["set-cookie"]
    for path, status in (("/", 200), ("/assets/LT-1", 404), ("/settings", 403), ("/nowhere", 404)):
        answer = ben.get(path)
        assert (answer.status_code, f'<html lang="en" data-theme="{theme}"' in answer.text) == (status, True), path
    ben.get("/account")
    assert f'name="theme" value="{theme}" checked' in ben.page
    ben.post("/sign-out")
    assert f'data-theme="{theme}"' in ben.get("/sign-in").text
    assert "data-theme" not in station.visitor("ben").get("/").text


def test_the_system_is_gone_by_again(station: OpenStation) -> None:
    """Whatever is neither light nor dark means that: nothing else ever stands in the page."""
    ben = station.visitor("ben")
    for asked in ("", "system", '"><script>', "pink"):
        ben.get("/account")
        ben.post("/account/theme", {"theme": "dark"})
        ben.get("/account")
        ben.post("/account/theme", {"theme": asked})
        assert "data-theme" not in ben.get("/").text
    page = ben.ask("GET", "/sign-in", headers={"cookie": "assettrack_theme=pink"})
    assert "data-theme" not in page.text
