"""The page of settings and limits: what can be set from outside, and the bounds that can't."""

from assettrack import settings
from assettrack.domain import holders, plans, scans, station_deeds, tags
from assettrack.services import doctor
from assettrack.station import plans as kept_plans
from assettrack.store import connection
from reference_pages import markdown

VARIABLES = (
    (settings.DATABASE_VARIABLE, "--db FILE", "the database file", f"{settings.DATABASE_NAME} in the data folder"),
    (settings.OPERATOR_VARIABLE, "--operator NAME", "who is at work: the operator of typed deeds, and who commits",
     "the login name"),
)  # fmt: skip
FOLDERS = (
    ("database", settings.DATABASE_NAME, "data folder, or where `--db` says"),
    ("signing keys", "keys/STATION.key", "data folder, always: never beside a database that `--db` names"),
    ("newest checkpoints known", "checkpoints/STATION.note", "data folder, beside the keys"),
    ("plans previewed by commands", "plans/CODE", "cache folder; may be deleted at any time"),
    ("plans previewed on pages", "plans/of-NUMBER/CODE", "cache folder, by account; may be deleted at any time"),
)
LIMITS = (
    ("size of a batch file", f"{scans.FILE_BYTES_MAX // 1024**2} MiB"),
    ("rows of a batch", f"{scans.ROWS_MAX:,}"),
    ("size of a cell", f"{scans.CELL_BYTES_MAX // 1024} KiB"),
    ("letters of an operator", str(scans.OPERATOR_LENGTH_MAX)),
    ("letters of a holder's name", str(holders.NAME_LENGTH_MAX)),
    ("slots of a case", str(tags.SLOTS_PER_CASE_MAX)),
    ("a timestamp may be ahead of the station's clock by", f"{scans.AHEAD_MINUTES_MAX} minutes"),
    ("a writer waits for another for at most", f"{connection.BUSY_SECONDS:g} seconds"),
    ("previewed plans that are kept, of each account and of the command line", str(kept_plans.PLANS_MAX)),
    ("free space below which `doctor` asks for more",
     f"{doctor.SPACE_BYTES_MIN // 1_000_000} MB, or {doctor.SPACE_FACTOR_MIN} times the database"),
    ("days without a backup after which `doctor` asks for one", str(doctor.BACKUP_DAYS_MAX)),
    ("columns that `--default` can fill", ", ".join(plans.DEFAULT_COLUMNS)),
)  # fmt: skip


def page() -> str:
    """Return the page."""
    return markdown.page(
        "Settings and limits",
        "There is no configuration file. An option on the command line wins over a variable, a variable over the "
        "default.",
        markdown.table(
            ("variable", "option", "what it sets", "without it"),
            ((markdown.code(name), markdown.code(option), what, default) for name, option, what, default in VARIABLES),
        ),
        "`--json` has no variable: a script asks for it each time. The output follows `NO_COLOR`, `TERM` and "
        "`COLUMNS`, as other programs do.",
        "## Where files lie",
        markdown.table(
            ("what", "name", "where"), ((what, markdown.code(name), where) for what, name, where in FOLDERS)
        ),
        "On Linux the data folder is `~/.local/share/assettrack` and the cache folder `~/.cache/assettrack`, or what "
        "`XDG_DATA_HOME` and `XDG_CACHE_HOME` say. On other systems they are the usual ones of the platform. "
        "`assettrack doctor` prints all three paths.",
        "## Set once, at `init`",
        "The time zone in which timestamps without a zone are read (`--timezone`). It stands in the first entry of the "
        "log and does not change.",
        "## Rules of the station",
        "They stand in the log, and go for what is decided after they are set: `assettrack setting set NAME VALUE`.",
        markdown.table(
            ("rule", "by default", "other values"),
            (
                (markdown.code(name), markdown.code(default), ", ".join(map(markdown.code, others)))
                for name, (default, *others) in station_deeds.SETTINGS.items()
            ),
        ),
        "`acceptance`: whether a batch that hands something over is refused without an acceptance (`required`), is "
        "listed as open until it is accepted (`recorded`), or neither (`off`).",
        "`separator`: what readers send where a GS1 code has its separator, the control character GS or in its "
        "place `~`, `|`, `^`, `@`, `]` or `}`.",
        "## Limits",
        markdown.table(("what", "limit"), LIMITS),
    )
