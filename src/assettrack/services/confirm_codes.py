"""Codes that confirm what a preview showed, as they are typed back. Owns what is said of a code that can't be one."""

from assettrack.domain import errors
from assettrack.domain.plans import ShownPlan, read_code
from assettrack.services.ports import Workplace


def require_code(text: str) -> str:
    """Return a typed code in the form in which it was shown.

    Raises:
        errors.ConfirmCodeWrong: it can't be one.
    """
    code = read_code(text)
    if code is None:
        raise errors.ConfirmCodeWrong(text, "a code has 8 letters and digits, such as K7QF-2M9X")
    return code


def require_previewed(workplace: Workplace, code: str) -> ShownPlan:
    """Return what was shown with a code.

    Raises:
        errors.ConfirmCodeWrong: no preview here showed it.
    """
    shown = workplace.plans.find(code)
    if shown is None:
        raise errors.ConfirmCodeWrong(code, "no preview on this station is known to have shown it")
    return shown
