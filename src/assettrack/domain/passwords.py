"""Which passwords may be chosen, and the form in which they are hashed.

Long rather than varied: no rule asks for digits or signs (NIST SP 800-63B-4, section 3.1.1.2). Must never
put a password, or a part of one, into a message.
"""

import unicodedata

from assettrack.domain import crockford
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import name_key

LENGTH_MIN = 12
LENGTH_MAX = 256
NAME_LENGTH_MIN = 3
"""A shorter name of an account stands in so many passwords by chance that it is not looked for."""

ONE_TIME_BYTES = 10
"""As much chance as a one-time password has: 80 bits, behind a slow hash."""

_ONE_TIME_LETTERS = ONE_TIME_BYTES * 8 // 5
"""Each letter tells five bits."""


def prepared_password(text: str) -> str:
    """Return a password as it is hashed, so that every keyboard and browser leads to the same bytes.

    Spaces of any kind become the usual one, then the text is brought into NFC: the OpaqueString profile of RFC 8265,
    section 4.2.2.
    """
    spaced = "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in text)
    return unicodedata.normalize("NFC", spaced)


def can_be_one(prepared: str) -> bool:
    """Tell whether a password as it is hashed can be anybody's, however it was once chosen."""
    return 0 < len(prepared) <= LENGTH_MAX and prepared.isprintable()


def choose_password(text: str, account_name: str) -> str:
    """Return a password somebody chose as it is hashed.

    Raises:
        NotAllowed: it is too short or too long, can't be printed, holds the account's name in any spelling, or is one
            letter over and over.
    """
    prepared = prepared_password(text)
    why_not = _why_not(prepared, account_name)
    if why_not:
        raise NotAllowed("password_unusable", None, reason=why_not)
    return prepared


def one_time_password(chance: bytes) -> str:
    """Return a password that can be read aloud and copied by hand, made from so many random bytes."""
    assert len(chance) == ONE_TIME_BYTES, "with less chance it could be guessed"
    return crockford.written(int.from_bytes(chance, "big"), _ONE_TIME_LETTERS)


def one_time_password_typed(text: str) -> str:
    """Return a one-time password as it was made, however it was typed; what can't be one stays as it is.

    Each such password has one form that is hashed, so there is no more of them to try than chance made.
    """
    return crockford.read(text, _ONE_TIME_LETTERS) or text


def _why_not(prepared: str, account_name: str) -> str:
    """Return why a password can't be chosen, as half a sentence; empty where it can."""
    if len(prepared) < LENGTH_MIN:
        return f"it has fewer than {LENGTH_MIN} letters"
    if len(prepared) > LENGTH_MAX:
        return f"it has more than {LENGTH_MAX} letters"
    if not prepared.isprintable():
        return "it has letters that can't be printed"
    if len(set(prepared.casefold())) == 1:
        return "it is one letter over and over"
    name = name_key(account_name)
    if len(name) >= NAME_LENGTH_MIN and name in name_key(prepared):
        return "it holds the name of the account"
    return ""
