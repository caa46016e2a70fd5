"""What the server keeps in memory while it runs, and loses when it ends. Nothing of it is state of the station."""

import msgspec

from assettrack.services.overview import LatestOverview
from assettrack.web.api.at_work import AtWork
from assettrack.web.count_tallies import CountTallies
from assettrack.web.log_download import LogDownloads
from assettrack.web.one_time_texts import OneTimeTexts
from assettrack.web.verification_run import VerificationRun


class Memory(msgspec.Struct, frozen=True):
    """One server's memory."""

    one_time: OneTimeTexts = msgspec.field(default_factory=OneTimeTexts)
    verification: VerificationRun = msgspec.field(default_factory=VerificationRun)
    downloads: LogDownloads = msgspec.field(default_factory=LogDownloads)
    at_work: AtWork = msgspec.field(default_factory=AtWork)
    overview: LatestOverview = msgspec.field(default_factory=LatestOverview)
    tallies: CountTallies = msgspec.field(default_factory=CountTallies)

    def close(self) -> None:
        """End what goes on beside the requests; the station's store can be closed after that."""
        self.verification.close()
        self.downloads.close()
