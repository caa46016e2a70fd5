"""The station as its routes see it: what is handed to the application when it starts."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from assettrack.domain.column_mapping import ColumnMapping
from assettrack.domain.facts import Account
from assettrack.services.account_ports import Chance
from assettrack.services.desk_ports import Desk, UploadShelf
from assettrack.services.doctor import Check
from assettrack.services.ports import Workplace
from assettrack.services.scanner_desk import ScannerDesk
from assettrack.services.sessions import Reception, Session
from assettrack.web.memory import Memory
from assettrack.web.permissions import Permission, allows
from assettrack.web.standing import Standing, StandingStore


class StationWeb(msgspec.Struct, frozen=True):
    """What the routes work with.

    ``origins`` are those by which browsers may reach the station (``http://127.0.0.1:8642``), the first is the one
    it names itself; ``name`` and ``timezone`` are the station's own. ``examine`` looks whether the station is fit for
    work, and ``memory`` is what this server keeps until it ends. ``mappings`` finds the column mappings that are kept.
    """

    workplace: Workplace
    desk: Desk
    reception: Reception
    origins: tuple[str, ...]
    name: str
    timezone: str
    texts: Mapping[str, str]
    chance: Chance
    uploads: UploadShelf
    scanners: ScannerDesk
    examine: Callable[[], Sequence[Check]] = tuple
    memory: Memory = msgspec.field(default_factory=Memory)
    mappings: Callable[[], Mapping[str, ColumnMapping]] = dict

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach the station by TLS."""
        return self.origins[0].startswith("https:")


class Visit(msgspec.Struct, frozen=True):
    """One request that was let in: at which station, in whose session (None where nobody need be signed in).

    ``theme`` is how the browser wants the pages, ``light`` or ``dark``; blank where they go by its system. ``here`` is
    the address, within the station, of the page that is looked at or whose form was sent; blank where nobody knows it.
    ``standing`` is by what the caller was let in.
    """

    station: StationWeb
    needed: Permission
    address: str
    session: Session | None = None
    account: Account | None = None
    theme: str = ""
    here: str = ""
    standing: Standing = msgspec.field(default_factory=Standing)

    @property
    def who(self) -> Account:
        """Who is signed in; only routes that need somebody may ask."""
        assert self.account is not None, "this route was declared to need nobody"
        return self.account

    @property
    def workplace(self) -> Workplace:
        """The station for the services, with whoever is signed in as the operator, who writes while they may.

        What it shows is kept on a shelf of their own.
        """
        store = StandingStore(self.station.workplace.store, self.who, self.needed, self.standing)
        return msgspec.structs.replace(self.workplace_once_begun, store=store)

    @property
    def workplace_once_begun(self) -> Workplace:
        """As `workplace`, for what can't be undone once it has begun: whoever did it, that it was done is recorded."""
        workplace = self.station.workplace
        return msgspec.structs.replace(workplace, operator=self.who.name, plans=workplace.plans.of(self.who.account_id))

    def may(self, permission: str) -> bool:
        """Tell whether whoever is signed in has a permission, by its word."""
        return self.account is not None and allows(self.account.role, Permission(permission))
