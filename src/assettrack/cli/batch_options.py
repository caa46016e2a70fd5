"""The options that preview and commit share: how a batch is to be taken."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from assettrack.cli import arguments
from assettrack.domain.plans import ACCEPTED_HOW, Acceptance, AcceptedHow, Options


def batch_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a batch, handed over as one ``options``."""

    @click.option(
        "--default",
        "defaults",
        multiple=True,
        metavar="FIELD=VALUE",
        callback=arguments.defaults,
        help="Fill blank cells of rows that create an asset. May be repeated.",
    )
    @click.option("--new-holders", is_flag=True, help="Register unknown holders with this batch.")
    @click.option("--only-new", is_flag=True, help="Leave out rows that are recorded already.")
    @click.option(
        "--accept-late",
        "late_reason",
        metavar="REASON",
        callback=arguments.reason,
        help="Accept rows earlier than their asset's latest entry, for this reason.",
    )
    @click.option(
        "--due",
        metavar="DATE",
        callback=arguments.date,
        help="When assets given to holders are due back: YYYY-MM-DD.",
    )
    @click.option("--accepted", "how", type=click.Choice(ACCEPTED_HOW), help="How holders accepted responsibility.")
    @wraps(function)
    def gathering(
        *args: object,
        defaults: dict[str, str],
        new_holders: bool,
        only_new: bool,
        late_reason: str | None,
        due: str | None,
        how: AcceptedHow | None,
        **rest: object,
    ) -> object:
        accepted = None if how is None else Acceptance(how)
        options = Options(defaults, new_holders, only_new, late_reason, due, accepted)
        return function(*args, options=options, **rest)

    return gathering


def written(options: Options) -> list[str]:
    """Return the options as words of a command line."""
    words = [word for field, value in options.defaults.items() for word in ("--default", f"{field}={value}")]
    if options.new_holders:
        words.append("--new-holders")
    if options.only_new:
        words.append("--only-new")
    if options.late_reason is not None:
        words += ["--accept-late", options.late_reason]
    if options.due_on is not None:
        words += ["--due", options.due_on]
    if options.accepted is not None:
        words += ["--accepted", options.accepted.how]
    return words
