"""What the server keeps in memory while it runs, and loses when it ends. Nothing of it is state of the station."""

import msgspec

from assettrack.services.browsing import KnownTypes
from assettrack.services.count_standing import CountStandings
from assettrack.services.denials import Denials
from assettrack.services.overview import LatestOverview
from assettrack.services.remembered import Remembered
from assettrack.web.accounts.one_time_texts import OneTimeTexts
from assettrack.web.api.at_work import AtWork
from assettrack.web.at_a_time import OneAtATime
from assettrack.web.audit.log_download import LogDownloads
from assettrack.web.audit.verification_run import VerificationRun
from assettrack.web.custody.shown import ListsShown
from assettrack.web.scanner.run import ScannerRun


class Memory(msgspec.Struct, frozen=True):
    """One server's memory."""

    one_time: OneTimeTexts = msgspec.field(default_factory=OneTimeTexts)
    verification: VerificationRun = msgspec.field(default_factory=VerificationRun)
    downloads: LogDownloads = msgspec.field(default_factory=LogDownloads)
    at_work: AtWork = msgspec.field(default_factory=AtWork)
    overview: LatestOverview = msgspec.field(default_factory=LatestOverview)
    standings: CountStandings = msgspec.field(default_factory=CountStandings)
    receipt_checks: OneAtATime = msgspec.field(default_factory=OneAtATime)
    denials: Denials = msgspec.field(default_factory=Denials)
    remembered: Remembered = msgspec.field(default_factory=Remembered)
    lists: ListsShown = msgspec.field(default_factory=ListsShown)
    types: KnownTypes = msgspec.field(default_factory=KnownTypes)
    scanner: ScannerRun = msgspec.field(default_factory=ScannerRun)

    def close(self) -> None:
        """End what goes on beside the requests; the station's store can be closed after that."""
        self.verification.close()
        self.downloads.close()
        self.scanner.close()
