"""`make docs`: writes `docs/reference/` from the program; with --check, says what is not up to date.

Owns which page goes where. What a page says is made in `reference_pages`, from the program alone, so
that it can't say anything else than the program does. Hand-written pages beside them are left alone.
"""

import argparse
import difflib
import sys
from pathlib import Path

from reference_pages import answers, catalogue, commands, log, reports, schema, settings

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
PAGES = {
    "commands.md": commands.page,
    "errors.md": catalogue.page,
    "json.md": answers.page,
    "log.md": log.page,
    "reports.md": reports.page,
    "schema.md": schema.page,
    "settings.md": settings.page,
}
LINES_SHOWN = 20


def main() -> int:
    """Write the pages, or check them; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 where a page is out of date")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the pages are, docs/reference by default")
    arguments = parser.parse_args()
    stale = [name for name, make in PAGES.items() if not _settled(arguments.folder / name, make(), arguments.check)]
    if stale:
        print(f"Out of date: {', '.join(stale)}. Write them anew with: make docs", file=sys.stderr)
    return 1 if stale else 0


def _settled(path: Path, text: str, check: bool) -> bool:  # noqa: FBT001 - handed on from the command line
    """Write a page, or tell whether it is as it should be."""
    found = path.read_text("utf-8") if path.exists() else ""
    if not check:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return True
    difference = difflib.unified_diff(found.splitlines(), text.splitlines(), path.name, "the program", lineterm="", n=1)
    for line, _ in zip(difference, range(LINES_SHOWN), strict=False):
        print(line)
    return found == text


if __name__ == "__main__":
    sys.exit(main())
