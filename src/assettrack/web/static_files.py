"""The pages' own files: styles, scripts and pictures, under one address that names all their content.

Owns that address. It changes when any of the files does, so that a browser may keep each for good, and so that a script
finds those beside it by their plain names.
"""

from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable

DIGEST_LETTERS = 12


def source() -> Traversable:
    """Return the folder of the files."""
    return resources.files("assettrack.web") / "static"


@cache
def static_folder() -> str:
    """Return the path below which all files are fetched."""
    listed = "".join(f"{name} {digest}\n" for name, digest in sorted(_digests().items()))
    return f"/static/{sha256(listed.encode()).hexdigest()[:DIGEST_LETTERS]}"


def static_path(name: str) -> str:
    """Return where one of the files is fetched.

    Raises:
        KeyError: there is none such.
    """
    _ = _digests()[name]
    return f"{static_folder()}/{name}"


@cache
def _digests() -> dict[str, str]:
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in source().iterdir() if file.is_file()}
