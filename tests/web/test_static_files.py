"""The pages' own files: one address for all of them, which changes with any, and under which they may be kept."""

import re

from assettrack.web.static_files import static_folder, static_path
from tests.web.visitors import ORIGIN, OpenStation

KEPT = "public, max-age=31536000, immutable"


def test_a_file_is_found_under_the_folder_of_all_and_kept(station: OpenStation) -> None:
    """The address names the content, so that a browser need not ask again."""
    answer = station.visitor().ask("GET", static_path("station.js"))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == KEPT
    assert static_path("station.js") == f"{static_folder()}/station.js"


def test_what_is_not_there_is_neither_found_nor_kept(station: OpenStation) -> None:
    """An address of another version, one of none, and a file that is not shipped."""
    for path in ("/static/000000000000/station.js", "/static/station.js", f"{static_folder()}/nothing.js"):
        answer = station.visitor().ask("GET", path)
        assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store"), path


def test_every_script_finds_those_it_needs_beside_it(station: OpenStation) -> None:
    """A script names another by its plain name, which the browser looks for in the same folder."""
    visitor = station.visitor()
    page = visitor.ask("GET", "/sign-in").text
    scripts = re.findall(r'src="([^"]+\.js)"', page)
    assert scripts
    for path in [*scripts, *(static_path(name) for name in ("intake.js", "custody.js", "counts.js"))]:
        text = visitor.ask("GET", path).text
        for name in re.findall(r'^import .* from "\./([^"]+)";$', text, re.MULTILINE):
            assert visitor.ask("GET", f"{static_folder()}/{name}").status_code == 200, (path, name)


def test_a_folder_of_files_is_not_listed(station: OpenStation) -> None:
    """Nobody needs to know what there is."""
    assert station.visitor().ask("GET", f"{static_folder()}/", headers={"origin": ORIGIN}).status_code == 404
