"""How two batches were taken otherwise, in words. Owns what each option is called beside that of the other."""

from assettrack.domain.plans import DEFAULT_COLUMNS, Options

NOTHING = "nothing"


def differing(there: Options, here: Options) -> list[str]:
    """Return which options of a batch are others than somebody confirmed: ``equipment type is laptop, not tablet``.

    How the scans of a scanner were read is none of them.
    """
    beside = zip(_said(there), _said(here), strict=True)
    return [f"{name} is {then}, not {now}" for (name, then), (_, now) in beside if then != now]


def _said(options: Options) -> list[tuple[str, str]]:
    """Return each option by what it is called, with what it is."""
    named = [(name.replace("_", " "), options.defaults.get(name, NOTHING)) for name in DEFAULT_COLUMNS]
    accepted = options.accepted
    return [
        *named,
        ("the due date", options.due_on or NOTHING),
        ("the reason for late rows", options.late_reason or NOTHING),
        ("that new holders are registered", "said" if options.new_holders else "not said"),
        ("how it is accepted", NOTHING if accepted is None else accepted.how),
        ("by whom it is accepted", NOTHING if accepted is None else accepted.by or "each holder"),
    ]
