"""Connections that hold a place for nothing are ended, so that one computer can't keep the station from the others."""

import asyncio
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest
import uvicorn

from assettrack.web import connections
from assettrack.web.connections import ImpatientProtocol

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

GUARD_SECONDS = 30
HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


class Answering:
    """An application that answers with how long the body is, once it may."""

    def __init__(self) -> None:
        self.may_answer = threading.Event()
        self.may_answer.set()

    async def __call__(self, _scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        size, more = 0, True
        while more:
            if not self.may_answer.is_set():
                await asyncio.to_thread(self.may_answer.wait, GUARD_SECONDS)
            message = await receive()
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
        body = b"%d" % size
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
        await send({"type": "http.response.body", "body": body})


@contextmanager
def served(app: Answering) -> Iterator[int]:
    """Serve an application as the station is served; lend its port."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    config = uvicorn.Config(app, log_config=None, http=ImpatientProtocol, ws="none", lifespan="off", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        app.may_answer.set()
        server.should_exit = True
        thread.join(GUARD_SECONDS)
        listener.close()


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Answering:
    """Return an application behind a protocol of little patience."""
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(connections, "BODY_SECONDS", 0.2)
    monkeypatch.setattr(connections, "BODY_BYTES_PER_SECOND", 10**9)
    monkeypatch.setattr(connections, "CONNECTIONS_OF_ONE", 3)
    return Answering()


def call(port: int, said: bytes = b"") -> socket.socket:
    """Connect, and say something."""
    caller = socket.create_connection(("127.0.0.1", port), GUARD_SECONDS)
    caller.sendall(said)
    return caller


def has_ended(caller: socket.socket) -> bool:
    """Wait for what comes; tell whether it is the end."""
    try:
        return caller.recv(4096) == b""
    except ConnectionResetError:
        return True


def answer(caller: socket.socket) -> int:
    """Wait for an answer, and return the number that it is."""
    found = b""
    while True:
        head, _, body = found.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        if length is not None and body and len(body) >= int(length[1]):
            return int(body)
        came = caller.recv(4096)
        assert came, found
        found += came


@pytest.mark.parametrize("said", [b"", HEAD[:10], b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1234"])
def test_who_begins_and_does_not_go_on_is_ended(app: Answering, said: bytes) -> None:
    """Whether nothing came, a part of the head, or a part of the body."""
    with served(app) as port, closing(call(port, said)) as caller:
        assert has_ended(caller)


def test_who_says_the_head_letter_by_letter_gets_no_more_time(app: Answering) -> None:
    """The time is that of the whole head, not of each of its bytes."""
    with served(app) as port, closing(call(port, HEAD[:4])) as caller:
        caller.settimeout(0.05)
        for _ in range(GUARD_SECONDS * 20):
            try:
                if caller.recv(1) == b"":
                    break
            except TimeoutError:
                caller.sendall(b"x")
            except ConnectionResetError:
                break
        else:
            pytest.fail("it went on and on")


def test_a_whole_request_is_answered_whatever_it_takes_the_station(app: Answering) -> None:
    """Who waits for the station is not ended, also with a body that the station does not take yet."""
    body = b"x" * 300_000
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body)
    app.may_answer.clear()
    with served(app) as port, closing(call(port, HEAD)) as one, closing(call(port, head)) as other:
        sending = threading.Thread(target=other.sendall, args=(body,))
        sending.start()
        with closing(call(port)) as idle:  # by when this one is ended, their time would have been over
            assert has_ended(idle)
        with closing(call(port)) as idle:
            assert has_ended(idle)
        app.may_answer.set()
        sending.join(GUARD_SECONDS)
        assert answer(one) == 0
        assert answer(other) == 300_000
        one.sendall(HEAD)
        assert answer(one) == 0
        one.sendall(HEAD[:9])
        assert has_ended(one)


def test_a_body_may_take_longer_while_it_brings_enough(app: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    """What came is worth its time: at fifty bytes a second a quarter of an hour, and next to nothing next to none."""
    monkeypatch.setattr(connections, "BODY_BYTES_PER_SECOND", 50)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n"
    with served(app) as port, closing(call(port, head + b"x" * 50_000)) as caller:
        with closing(call(port, head)) as slow:
            assert has_ended(slow)
        caller.sendall(b"x" * 10_000)
        assert answer(caller) == 60_000


def test_one_computer_holds_few_connections(app: Answering) -> None:
    """A fourth is ended at once; when one of the three has gone, another is taken."""
    with served(app) as port:
        held = [call(port, HEAD) for _ in range(3)]
        for each in held:
            assert answer(each) == 0
        with closing(call(port, HEAD)) as fourth:
            assert has_ended(fourth)
        for each in held:
            each.close()
        for _ in range(GUARD_SECONDS * 100):
            with closing(call(port, HEAD)) as later:
                if not has_ended(later):
                    return
        pytest.fail("nobody was let in any more")
