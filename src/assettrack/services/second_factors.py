"""Second factors: turned on once a device was proved, and off.

Owns the way in; `accounts.second_factor_secret` is the only way out. Who may call what is decided by the face that
knows who is signed in.
"""

from base64 import b32encode

from assettrack.domain import account_deeds, errors
from assettrack.domain.accounts import SECOND_FACTOR, SECRET_BYTES, SECRET_RULE, is_second_factor_secret
from assettrack.domain.deeds import Credential
from assettrack.domain.facts import Account
from assettrack.domain.findings import NotAllowed
from assettrack.services import accounts
from assettrack.services.account_ports import Chance, SecondFactor
from assettrack.services.ports import Workplace
from assettrack.services.typed_deeds import refusal_raised, signoff

IS_ON = "one is on already; turn that off first, on your account"


def new_secret(chance: Chance) -> str:
    """Return a new secret in base32; nothing is kept of it before `turn_on`."""
    return b32encode(chance(SECRET_BYTES)).decode("ascii")


def turn_on(
    workplace: Workplace, second_factor: SecondFactor, *, name: str, secret: str, code: str, replaces: bool = True
) -> int:
    """Ask for a code at every sign-in from now on; return the step of the code by which the device was proved.

    That code is used up: whoever remembers steps begins with this one. Unless it ``replaces`` what there is, one that
    is on is turned off first, which takes a code of its device.

    Raises:
        errors.NotFound: there is no such account.
        errors.ValueUnusable: one is on, and nothing takes its place.
        errors.DeedRefused: the secret can't be one, or the code is not what it makes about now.
    """
    account = accounts.require(workplace, name)
    if account.secret_sha256 is not None and not replaces:
        raise errors.ValueUnusable("The second factor", account.name, IS_ON)
    with refusal_raised():
        if not is_second_factor_secret(secret):
            raise NotAllowed("second_factor_unusable", None, rule=SECRET_RULE)
        step = second_factor.matches(secret, code, workplace.now())
        if step is None:
            raise NotAllowed("code_wrong", None)
    _keep(workplace, account, secret)
    return step


def turn_off(workplace: Workplace, name: str, *, reason: str | None = None) -> Account:
    """Ask for no code any more; the secret is erased for good. Return the account as it was.

    ``reason`` is kept in the log; None where whoever asks need not say why.

    Raises:
        errors.NotFound: there is no such account.
        errors.DeedRefused: it has no second factor, or the reason can't be one.
    """
    account = accounts.require(workplace, name)
    _keep(workplace, account, None, reason)
    return account


def _keep(workplace: Workplace, account: Account, secret: str | None, reason: str | None = None) -> None:
    signed = signoff(workplace)
    with refusal_raised(), workplace.store.write() as transaction:
        credential = Credential(account.account_id, SECOND_FACTOR, secret)
        seq = transaction.log_size + 1
        transaction.save(account_deeds.set_second_factor(transaction, credential, seq, signed, reason=reason))
    if account.secret_sha256 is not None:
        workplace.store.scrub()
