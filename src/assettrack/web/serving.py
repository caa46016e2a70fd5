"""Starting the server: by which addresses it is reached, what is printed first, and how it ends.

Owns the rule that nothing but this machine reaches it without TLS, and that it ends calmly when it is told to: whoever
opened the station closes it then.
"""

import ipaddress
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import msgspec
import uvicorn
from anyio import to_thread

from assettrack.domain import errors
from assettrack.domain.column_mapping import ColumnMapping
from assettrack.services import desk_care, sessions
from assettrack.services.account_ports import Chance
from assettrack.services.desk_ports import Desk, UploadShelf
from assettrack.services.doctor import Check
from assettrack.services.ports import Workplace
from assettrack.services.scanner_desk import ScannerDesk
from assettrack.services.sessions import Reception
from assettrack.web.app import create_app
from assettrack.web.connections import ImpatientProtocol
from assettrack.web.station import StationWeb
from assettrack.web.texts import english

THREADS = 16
"""Requests worked on at once; each has its own view of the database."""

GRACE_SECONDS = 20
BACKLOG = 128
CONNECTIONS = 256
"""So many connections are held at once; further ones are told that the station is busy."""


class Listening(msgspec.Struct, frozen=True):
    """Where the server listens: an address, a port (0: any free one), names it is known by, and TLS files."""

    address: str = "127.0.0.1"
    port: int = 8642
    names: tuple[str, ...] = ()
    certificate: str | None = None
    key: str | None = None


class Opened(msgspec.Struct, frozen=True):
    """What the server works with: the station for many threads, its desk, what signing in needs, and its doctor."""

    workplace: Workplace
    desk: Desk
    reception: Reception
    chance: Chance
    uploads: UploadShelf
    scanners: ScannerDesk
    examine: Callable[[], Sequence[Check]] = tuple
    mappings: Callable[[], Mapping[str, ColumnMapping]] = dict


def require_safe(listening: Listening) -> None:
    """Make sure that nobody else on the network can listen in.

    Raises:
        errors.ValueUnusable: the address is no address, or is reached by others and there is no TLS, or its files
            can't be used.
    """
    try:
        address = ipaddress.ip_address(listening.address)
    except ValueError as error:
        raise errors.ValueUnusable("The address", listening.address, "it is no IP address such as 127.0.0.1") from error
    if (listening.certificate is None) != (listening.key is None):
        raise errors.ValueUnusable("TLS", "", "it needs both a certificate and its key")
    if not address.is_loopback and listening.certificate is None:
        raise errors.ValueUnusable(
            "The address", listening.address, "others reach it, so it needs --tls-cert and --tls-key"
        )
    if listening.certificate is not None:
        _require_usable(listening.certificate, listening.key)


def _require_usable(certificate: str, key: str | None) -> None:
    """Make sure that the server can be started with the TLS files, before it says where it is."""
    try:
        # a password is given so that nobody is asked for one: the station starts by itself
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except OSError as error:
        raise errors.ValueUnusable(
            "TLS", f"{certificate} with {key}",
            f"both must be PEM files that can be read, the key that of the certificate, and not encrypted "
            f"({error.strerror or error})",
        ) from error  # fmt: skip


def open_socket(listening: Listening) -> socket.socket:
    """Take the port.

    Raises:
        errors.ValueUnusable: somebody else has it, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in listening.address else socket.AF_INET
    # asyncio sets TCP_NODELAY only where the protocol is named; without it each answer waits for 40 ms
    opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((listening.address, listening.port))
        opened.listen(BACKLOG)  # the address is printed next, and must be answered from then on
    except (OSError, OverflowError) as error:
        opened.close()
        raise errors.ValueUnusable(
            "The port", str(listening.port), f"it can't be taken ({error}); name another with --port"
        ) from error
    return opened


def origins_of(listening: Listening, port: int) -> tuple[str, ...]:
    """Return the origins by which browsers may reach the server; the first is the one it names itself."""
    scheme = "http" if listening.certificate is None else "https"
    address = f"[{listening.address}]" if ":" in listening.address else listening.address
    own = [] if ipaddress.ip_address(listening.address).is_unspecified else [address]
    names = [*listening.names, *own, *(["localhost"] if ipaddress.ip_address(listening.address).is_loopback else [])]
    if not names:
        raise errors.ValueUnusable("The address", listening.address, "say with --name how browsers will call it")
    standard = {"http": 80, "https": 443}[scheme]
    return tuple(f"{scheme}://{name.lower()}" + ("" if port == standard else f":{port}") for name in names)


class _Server(uvicorn.Server):
    """The server, with as many threads for requests as are meant: each has caches of the database of its own."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        await super().startup(sockets)


@contextmanager
def _ends_calmly(server: uvicorn.Server) -> Iterator[None]:
    """Let Ctrl+C and SIGTERM end the server and nothing more; where they come before it runs, it ends once it does.

    Once it has ended, uvicorn sends them again, which changes nothing any more. Other handlers would break off what
    follows, such as keeping what was refused in the last minute.
    """
    if threading.current_thread() is not threading.main_thread():  # as uvicorn: others are never sent one
        yield
        return
    before = {each: signal.signal(each, server.handle_exit) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def serve(opened: Opened, listening: Listening, tell: Callable[[str], None]) -> None:
    """Serve the station until it is told to end.

    Raises:
        errors.AssetTrackError: the station can't be opened, or the address can't be used.
    """
    require_safe(listening)
    with opened.workplace.store.read() as snapshot:
        station = snapshot.station()
    listener = open_socket(listening)
    with listener:
        origins = origins_of(listening, listener.getsockname()[1])
        web = StationWeb(
            workplace=opened.workplace,
            desk=opened.desk,
            reception=opened.reception,
            origins=origins,
            name=station.station,
            timezone=station.timezone,
            texts=english(),
            chance=opened.chance,
            uploads=opened.uploads,
            scanners=opened.scanners,
            examine=opened.examine,
            mappings=opened.mappings,
        )
        desk_care.tidy(web.workplace, opened.desk, opened.uploads)
        link = sessions.make_setup_link(web.workplace, web.reception)
        config = uvicorn.Config(
            create_app(web),
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ssl_certfile=listening.certificate,
            ssl_keyfile=listening.key,
            timeout_graceful_shutdown=GRACE_SECONDS,
            limit_concurrency=CONNECTIONS,
            http=ImpatientProtocol,
            ws="none",
            lifespan="off",
        )
        server = _Server(config)
        with _ends_calmly(server):
            try:
                tell(f"The station is at {origins[0]}")
                if link is not None:
                    tell(f"Make the first account, once: {origins[0]}/setup?link={link}")
                tell("End it with Ctrl+C.")
                server.run(sockets=[listener])
            finally:
                web.memory.close()
                web.memory.denials.settle(web.workplace, everything=True)
        tell("The station has ended. What its pages said was kept or committed is kept.")
