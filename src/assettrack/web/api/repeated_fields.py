"""Fields that a JSON object has twice: readers differ in which of them counts, so such a request means nothing certain.

Owns how they are found, after RFC 8259, section 4, and I-JSON (RFC 7493, section 2.3), by which names must be unique.
What can't be read at all is not judged here.
"""

import json
from collections.abc import Mapping

LETTERS_MAX = 40
"""So many letters of a name are repeated in the sentence about it."""


class _Repeated(Exception):
    """An object has a field twice."""


def repeated_field(content_type: str, body: bytes) -> str | None:
    """Return the name of the first field that an object of a JSON body has twice, as text of ASCII, or None."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        return None
    try:
        json.loads(body, object_pairs_hook=_once_each)
    except _Repeated as repeated:
        return str(repeated)
    except (ValueError, RecursionError):  # told where the body is read for the deed
        return None
    return None


def _once_each(pairs: list[tuple[str, object]]) -> Mapping[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise _Repeated(ascii(name[:LETTERS_MAX]))
        found[name] = value
    return found
