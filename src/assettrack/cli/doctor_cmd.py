"""`doctor`: check that the station is fit for work; each line is ok, or says what to do."""

import click

from assettrack import bootstrap
from assettrack.cli import exit_codes, output
from assettrack.cli.commands import Command, examples
from assettrack.cli.invocation import Invocation
from assettrack.domain import errors
from assettrack.services.doctor import Check


@click.command("doctor", cls=Command, epilog=examples("doctor", "doctor --json"))
@click.pass_obj
def command(call: Invocation) -> int:
    """Check that the station is fit for work.

    Versions, settings, schema, key, clock, free space: each line is ok, or says what to do. What the
    log says is checked by: assettrack audit verify.
    """
    checks = bootstrap.examine(call.settings())
    failed = [check for check in checks if not check.ok]
    if call.json:
        lines = [{"name": check.name, "ok": check.ok, "message": output.inert(check.message)} for check in checks]
        output.write_json({"ok": not failed, "checks": lines})
    else:
        output.lines(f"{_verdict(check):<7} {check.name:<9} {check.message}" for check in checks)
    if any(check.integrity for check in failed):
        return errors.IntegrityError.exit_code
    return errors.RefusedError.exit_code if failed else exit_codes.DONE


def _verdict(check: Check) -> str:
    if check.to_do:
        return "to do"
    return "ok" if check.ok else "NOT OK"
