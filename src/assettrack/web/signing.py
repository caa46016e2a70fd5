"""What a form says of a signature: which way of accepting was chosen, and what was drawn.

Owns what a page's script needs to know of a signature. What one is worth is judged elsewhere.
"""

from types import MappingProxyType

from assettrack.domain.desk_errors import AcceptanceIncomplete
from assettrack.domain.plans import ACCEPTED_HOW, AcceptedHow
from assettrack.domain.signatures import FIELD_HEIGHT, FIELD_WIDTH, STROKES_LENGTH_MAX, NotASignature, read_strokes

PAD = MappingProxyType({"width": FIELD_WIDTH, "height": FIELD_HEIGHT, "letters": STROKES_LENGTH_MAX})
"""What the page's script needs to know of a signature."""


def read_signature(text: str) -> str:
    """Return the strokes that a form holds, blank where nobody drew.

    Raises:
        desk_errors.AcceptanceIncomplete: they can't be a signature.
    """
    if not text:
        return ""
    try:
        return read_strokes(text)
    except NotASignature as error:
        raise AcceptanceIncomplete(f"The signature can't be kept: {error.reason}") from error


def read_how(text: str) -> AcceptedHow | None:
    """Return the way of accepting that a form names, or None."""
    return next((how for how in ACCEPTED_HOW if how == text), None)
