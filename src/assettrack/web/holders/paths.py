"""The address of a holder's page: the name in it, written so that every name there is can be opened.

Owns how a name stands in a path. Browsers and servers take ``.`` and ``..`` as steps within a path, however they are
escaped (RFC 3986, section 5.2.4), so a tilde stands before them, and one more before whoever is called so.
"""

import re
from urllib.parse import quote

_STEP = re.compile(r"~*\.{1,2}")
_WRITTEN_STEP = re.compile(r"~+\.{1,2}")


def holder_path(name: str) -> str:
    """Return the path of the page of the holder of this name."""
    return f"/holders/{quote(f'~{name}' if _STEP.fullmatch(name) else name, safe='')}"


def name_in(path: str) -> str:
    """Return the name that stands in the path of a holder's page, after ``/holders/``."""
    return path[1:] if _WRITTEN_STEP.fullmatch(path) else path
