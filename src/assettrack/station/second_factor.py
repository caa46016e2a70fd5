"""The second factor: codes of six digits that change every 30 seconds (RFC 6238, with SHA-1 as devices expect).

Owns how far a device's clock may be off: one step. That a code is taken once only is the business of whoever remembers
the step that is returned.
"""

import hmac
import re
from datetime import datetime

_CODE = re.compile("[0-9]{6}")
_STEPS = (0, -1, 1)
"""The step that it is now by the station's clock first, then the one before and the one after."""


class TimeCodes:
    """Compares codes, and tells devices what they need in order to make them."""

    def matches(self, secret: str, code: str, now: datetime) -> int | None:
        """Return the step of time at which the secret makes this code, or None where it does not about now.

        Spaces in the code do not count: devices show it in two halves.
        """
        from pyotp import TOTP

        digits = code.replace(" ", "")
        if not _CODE.fullmatch(digits):
            return None
        codes = TOTP(secret)
        present = codes.timecode(now)
        for step in (present + offset for offset in _STEPS):
            if hmac.compare_digest(codes.generate_otp(step), digits):
                return step
        return None

    def address(self, secret: str, account_name: str, station: str) -> str:
        """Return what a device takes the secret from, as the text of a QR code (``otpauth://``)."""
        from pyotp import TOTP

        return TOTP(secret).provisioning_uri(name=account_name, issuer_name=station)
