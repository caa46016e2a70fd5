"""The log with all its proofs as a download, made while it is sent: it may be larger than the memory.

Owns what is handed from the thread that reads the log to whoever sends it: a snapshot belongs to one thread, and an
answer is sent by many.
"""

import asyncio
import queue
import threading
from collections.abc import AsyncIterator
from functools import partial

from assettrack.domain import errors
from assettrack.services import log_export
from assettrack.services.ports import Workplace
from assettrack.web.background import Background

DOWNLOADS_AT_ONCE = 2
BLOCKS_AHEAD = 4
"""So many blocks (each some 300 kB) are made before the browser takes them."""

STALL_TURNS = 120
"""A browser that takes nothing for so many turns is given up: while a snapshot is open, the database's write-ahead log
can't shrink."""

_TURN_SECONDS = 0.5


class DownloadBroken(Exception):
    """The log can't be sent whole, which the browser is to see: the connection breaks off."""


class _GivenUp(Exception):
    """Nobody takes the blocks any more."""


class LogDownload:
    """One download. ``size`` is how many entries it has, known with the first block."""

    def __init__(self) -> None:
        self.size = 0
        self._blocks: queue.Queue[bytes | None] = queue.Queue(BLOCKS_AHEAD)
        self._error: errors.AssetTrackError | None = None
        self._ended = threading.Event()
        self._given_up = threading.Event()

    @property
    def has_ended(self) -> bool:
        """Whether nothing is made for it any more."""
        return self._ended.is_set()

    def make(self, workplace: Workplace) -> None:
        """Make the blocks, one after the other, as they are taken."""
        try:
            with log_export.exporting(workplace) as made:
                self.size = made.header.size
                for block in made.blocks:
                    self._put(block)
            self._put(None)
        except errors.AssetTrackError as error:
            self._error = error
        except _GivenUp:
            pass
        finally:
            self._ended.set()

    def first(self) -> bytes:
        """Return the first block.

        Raises:
            errors.AssetTrackError: the log can't be exported.
        """
        block = self._take()
        assert block is not None, "the first block holds the header"
        return block

    async def blocks(self, first: bytes) -> AsyncIterator[bytes]:
        """Yield all blocks.

        Raises:
            DownloadBroken: the log turned out to be damaged while it was sent.
        """
        block: bytes | None = first
        try:
            while block is not None:
                yield block
                block = await asyncio.to_thread(self._take)
        except errors.AssetTrackError as error:
            raise DownloadBroken(str(error)) from error
        finally:
            self.give_up()

    def give_up(self) -> None:
        """Let whoever makes or takes blocks end."""
        self._given_up.set()

    def _take(self) -> bytes | None:
        """Return the next block, None after the last.

        Raises:
            errors.AssetTrackError: the log can't be exported.
            DownloadBroken: nothing more is made.
        """
        while not self._given_up.is_set():
            ended = self._ended.is_set()  # asked before looking: what is put is there before the end is said
            try:
                return self._blocks.get(timeout=0 if ended else _TURN_SECONDS)
            except queue.Empty:
                if self._error is not None:
                    raise self._error from None
                if ended:
                    break
        raise DownloadBroken("it broke off")

    def _put(self, block: bytes | None) -> None:
        for _turn in range(STALL_TURNS):
            if self._given_up.is_set():
                break
            try:
                self._blocks.put(block, timeout=_TURN_SECONDS)
            except queue.Full:
                continue
            return
        raise _GivenUp


class LogDownloads:
    """The downloads that go on; for all threads of a process."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._background = Background(DOWNLOADS_AT_ONCE, "download")
        self._going_on: list[LogDownload] = []

    def start(self, workplace: Workplace) -> LogDownload | None:
        """Start a download, or return None where as many go on as may."""
        download = LogDownload()
        with self._guard:
            self._going_on = [each for each in self._going_on if not each.has_ended]
            if len(self._going_on) >= DOWNLOADS_AT_ONCE:
                return None
            self._going_on.append(download)
        self._background.run(partial(download.make, workplace))
        return download

    def close(self) -> None:
        """End what goes on, and wait for it."""
        with self._guard:
            for download in self._going_on:
                download.give_up()
        self._background.close()
