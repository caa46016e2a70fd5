"""Accounts: what a person signs in with at a station, which roles there are, and how an account may be called.

An account's name is what stands in entries as who did a deed, so it keeps to what an operator may be called and never
changes. A holder is something else. Must never know a password or a secret, only what may be said about accounts.
"""

import re
from typing import Literal

from assettrack.domain.holders import name_key, normal_name
from assettrack.domain.scans import OPERATOR_LENGTH_MAX

Role = Literal["viewer", "operator", "auditor", "admin"]

ROLES: tuple[Role, ...] = ("viewer", "operator", "auditor", "admin")
"""What an account may be; which role may do what is told where it is asked for, not here."""

ADMIN: Role = "admin"

STATION_ITSELF = "station"
"""Who does what no account does, such as refusing to let somebody in; no account is called so."""

ACCOUNT_NAME_RULE = (
    f"a name has 1 to {OPERATOR_LENGTH_MAX} printable letters, and {STATION_ITSELF} is what the station calls itself"
)
REMARK_LENGTH_MAX = 200
LABEL_LENGTH_MAX = 64
LABEL_RULE = f"a label has 1 to {LABEL_LENGTH_MAX} printable letters"

CredentialKind = Literal["password", "second_factor"]
PASSWORD: CredentialKind = "password"  # noqa: S105 - the word for it, not one
SECOND_FACTOR: CredentialKind = "second_factor"


SECRET_BYTES = 20
"""As many random bytes as a second factor's secret has: 160 bits, the recommendation of RFC 4226, section 4 (R6)."""

SECRET_RULE = "it has 32 to 128 letters of base32, A to Z and 2 to 7, in groups of eight"  # noqa: S105 - a rule, not a secret
_SECRET = re.compile("[A-Z2-7]{32,128}")


def is_account_name(name: str) -> bool:
    """Tell whether an account can be called so: a name in its normal form, as an operator's is."""
    fits = 0 < len(name) <= OPERATOR_LENGTH_MAX and name.isprintable() and name == normal_name(name)
    return fits and name_key(name) != STATION_ITSELF


def is_label(label: str) -> bool:
    """Tell whether a token can be labelled so."""
    return 0 < len(label) <= LABEL_LENGTH_MAX and label.isprintable() and label == normal_name(label)


def is_remark(text: str) -> bool:
    """Tell whether a text says something in one printable line of at most 200 letters."""
    return len(text) <= REMARK_LENGTH_MAX and text.isprintable() and bool(text.strip())


def is_second_factor_secret(text: str) -> bool:
    """Tell whether a text can be the secret of a second factor: at least 160 bits in base32, whole blocks of it."""
    return bool(_SECRET.fullmatch(text)) and len(text) % 8 == 0
