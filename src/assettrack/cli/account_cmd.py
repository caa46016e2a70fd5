"""`account`: the way back in for whoever lost the password or the second factor, also the only admin.

Owns nothing that decides: whoever can read the station's key on this computer may do this, because nothing is saved
without signing it. Pages for admins do the same for others. Must never show a password that is not a one-time one.
"""

import click

from assettrack.cli import arguments, output
from assettrack.cli.commands import Group, examples
from assettrack.cli.invocation import Invocation
from assettrack.cli.show.columns import in_columns
from assettrack.services import accounts, admission, second_factors

command = Group(
    "account",
    help="Help somebody in who lost the password or the second factor. Whoever can read the station's key on this "
    "computer may do it; it is recorded with the operator. All else about accounts is on the page People.",
    epilog=examples(
        "account list", "account one-time-password mara", 'account turn-off-second-factor mara --reason "phone lost"'
    ),
)


@command.command("list")
@click.pass_obj
def list_(call: Invocation) -> None:
    """List the accounts with which people sign in."""
    found = [
        {
            "account_id": account.account_id,
            "name": account.name,
            "role": account.role,
            "active": bool(account.active),
            "password": "none" if account.credential_sha256 is None else "one-time" if account.one_time else "own",
            "second_factor": account.secret_sha256 is not None,
        }
        for account in accounts.all_accounts(call.workplace())
    ]
    if call.json:
        output.write_json({"accounts": found})
        return
    rows = ((*each.values(),) for each in found)
    shown = ((str(number), *map(_shown, rest)) for number, *rest in rows)
    output.lines(in_columns(("number", "name", "role", "active", "password", "second factor"), shown))


@command.command("one-time-password")
@click.argument("name")
@click.pass_obj
def one_time_password(call: Invocation, name: str) -> None:
    """Make a one-time password and print it, this once.

    It takes the place of the old password. Whoever signs in with it has to choose an own one first. All sessions
    of the account end, and nobody waits because of failed sign-ins any more.
    """
    from assettrack import bootstrap

    with call.deed() as workplace, bootstrap.reception_beside(call.settings(), workplace) as reception:
        account = accounts.require(workplace, name)
        made = admission.reset_by_name(workplace, reception, account.name)
    if call.json:
        output.write_json({"account_id": account.account_id, "name": account.name, "one_time_password": made})
        return
    output.lines([
        f"One-time password for {account.name}: {made}",
        "It is shown this once and kept nowhere. Whoever signs in with it has to choose an own password first.",
        *([] if account.active else [f"{account.name} is not active: an admin has to activate the account first."]),
    ])  # fmt: skip


@command.command("turn-off-second-factor")
@click.argument("name")
@click.option("--reason", required=True, metavar="TEXT", callback=arguments.reason, help="Why; kept in the audit log.")
@click.pass_obj
def turn_off_second_factor(call: Invocation, name: str, *, reason: str) -> None:
    """Let the password alone let somebody in, because the device is lost.

    The secret is erased for good. A new device is set up under "Your account" in the browser.
    """
    with call.deed() as workplace:
        account = second_factors.turn_off(workplace, name, reason=reason)
    if call.json:
        output.write_json({"account_id": account.account_id, "name": account.name, "second_factor": False})
    else:
        output.lines([f"The second factor of {account.name} is off: the password alone lets them in."])


def _shown(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
