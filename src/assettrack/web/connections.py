"""Connections to browsers: who says nothing for long, or takes too many, makes room for the others.

Owns for how long a connection may say nothing that could be answered, and how many one computer may hold. The server
takes a bounded number of connections at once; without this a single computer on the network could hold all of them,
signed in or not, and nobody else would get a page. Must never end a connection that waits for the station itself.
"""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

CONNECTIONS_OF_ONE = 64
"""So many connections may one computer hold; a browser takes about six."""

HEAD_SECONDS = 15.0
"""So long may the head of a request take, from the first byte or from the beginning of the connection."""

BODY_SECONDS = 60.0
BODY_BYTES_PER_SECOND = 8192
"""A body may take a minute, and longer by as much as it has brought at this pace: slower is no network in use."""


GOODBYE_SECONDS = 3.0
"""By TLS both ends say that they end; a browser that sleeps says nothing for as long as the server would wait."""


class ImpatientProtocol(H11Protocol):
    """Speaks HTTP as `uvicorn` does, and ends connections that hold a place for nothing."""

    _turn: asyncio.TimerHandle | None = None
    _began = 0.0
    _brought = 0
    _in_body = False
    _ends = False
    _by_tls = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Begin to wait for the head of a request, or end at once where this computer holds too many."""
        super().connection_made(transport)
        self._by_tls = transport.get_extra_info("sslcontext") is not None
        host = self.client[0] if self.client else ""
        of_one = sum(1 for each in self.connections if isinstance(each, ImpatientProtocol) and each.is_from(host))
        if of_one > CONNECTIONS_OF_ONE:
            transport.abort()
            return
        self._wait(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._wait(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; while a request is not whole, wait for the rest of it."""
        super().data_received(data)
        state = self.conn.their_state
        if state is h11.SEND_BODY:
            if not self._in_body:
                self._in_body, self._began, self._brought = True, self.loop.time(), 0
                self._wait(BODY_SECONDS)
            self._brought += len(data)
            return
        self._in_body = False
        if state is not h11.IDLE:
            self._wait(None)
        elif self._turn is None:
            self._wait(HEAD_SECONDS)

    def shutdown(self) -> None:
        """End with the server, once what was asked is answered; by TLS without waiting for long for the browser's end.

        What an answer still has on its way has that time, too: how much it is can't be asked of a TLS connection.
        """
        self._ends = True
        if not self.transport.is_closing():  # one by TLS that is closed twice can't be broken off any more
            super().shutdown()
        self._take_leave()

    def on_response_complete(self) -> None:
        """Go on with the next request; where the server ends, an answer that it waited for was the last."""
        super().on_response_complete()
        if self._ends:
            self._take_leave()

    def _take_leave(self) -> None:
        """Give the browser its time to say that it ends, too, once the connection is about to be closed."""
        if self.transport.is_closing() and self._by_tls:
            self.loop.call_later(GOODBYE_SECONDS, self.transport.abort)

    def is_from(self, host: str) -> bool:
        """Tell whether a computer holds this connection."""
        return bool(self.client) and self.client is not None and self.client[0] == host

    def _wait(self, seconds: float | None) -> None:
        if self._turn is not None:
            self._turn.cancel()
        self._turn = None if seconds is None else self.loop.call_later(seconds, self._look)

    def _look(self) -> None:
        """End the connection, unless a body has brought enough meanwhile, or it is the station that takes it slowly."""
        if self._in_body:
            more = BODY_SECONDS + self._brought / BODY_BYTES_PER_SECOND - (self.loop.time() - self._began)
            if self.flow.read_paused:
                more = max(more, 1.0)
            if more > 0:
                self._wait(more)
                return
        self._turn = None
        self.transport.abort()
