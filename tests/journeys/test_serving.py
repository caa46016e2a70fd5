"""Owns the promise that the server says where it is only if it can be there, how it uses TLS, and how it ends."""

import json
import re
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPResponse
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from assettrack.web.serving import GRACE_SECONDS
from tests import ready_program
from tests.journeys.served_station import People, ServedStation
from tests.ready_program import ReadyProcess

ADDRESS = "127.0.0.1"
SECONDS_MAX = 60
LOOK_SECONDS = 0.01
BEGUN_FORM = (
    "POST /sign-in HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nname"
)
ENDED = "The station has ended. What its pages said was kept or committed is kept.\n"
TLS_UNUSABLE = "both must be PEM files that can be read, the key that of the certificate, and not encrypted"


@pytest.fixture
def station(tmp_path: Path) -> ServedStation:
    """Make a station with an operator and an auditor; no server runs."""
    made = ServedStation(tmp_path)
    made.set_up(People(("Mara",), "Ada", ()), [])
    return made


@contextmanager
def serving(station: ServedStation, *words: str) -> Iterator[tuple[ReadyProcess, str, Callable[[], str]]]:
    """Serve a station until the block ends: the process, where it says it is, and what else it will have said."""
    with ready_program.start(["assettrack", "serve", "--port", "0", *words], station.environment) as server:
        try:
            said = ready_program.said_by_server(server)
            found = re.search(r"station is at (\S+)", said)
            assert found is not None, said
            assert server.stderr is not None
            yield server, found[1], server.stderr.read
        finally:
            server.kill()


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_calmly_when_it_is_told_to(station: ServedStation, told: signal.Signals) -> None:
    """By Ctrl+C or by the system: that is no failure, and what was refused in the last minute is in the log."""
    with serving(station) as (server, origin, rest):
        bearer = {"authorization": f"Bearer {station.tokens['Ada']}"}
        for _ in range(3):  # the first is recorded at once, the others are counted until a minute is over
            assert httpx.post(f"{origin}/api/holders", json={"name": "Kim"}, headers=bearer).status_code == 403
        server.send_signal(told)
        assert (server.wait(SECONDS_MAX), rest()) == (0, ENDED)
    entries = json.loads(station.tell("audit", "show", "--json"))["entries"]
    assert [each.get("times", 1) for each in entries if each.get("event") == "access_denied"] == [1, 2]


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("moment", ["said", "loop"])
def test_it_ends_calmly_when_it_is_told_to_before_it_serves(
    station: ServedStation, moment: str, told: signal.Signals
) -> None:
    """Whoever is told how to end it may do so at once: that is not missed until the server has begun."""
    words = ["tests.journeys.told_early", moment, told.name, "serve", "--port", "0"]
    with ready_program.start(words, station.environment) as server:
        try:
            assert server.wait(SECONDS_MAX) == 0
            assert server.stderr is not None
            assert server.stderr.read().endswith(f"End it with Ctrl+C.\n{ENDED}")
        finally:
            server.kill()


def test_told_twice_it_waits_for_nobody(station: ServedStation) -> None:
    """Told once it waits for what is going on, such as a form of which not all has come; told again it does not."""
    with serving(station) as (server, origin, rest):
        address, port = origin.removeprefix("http://").split(":")
        with socket.create_connection((address, int(port)), SECONDS_MAX) as slow:
            slow.sendall(BEGUN_FORM.format(origin=origin, host=origin.removeprefix("http://")).encode())
            assert httpx.get(f"{origin}/sign-in").status_code == 200  # by now the other is going on, too
            server.send_signal(signal.SIGINT)
            while can_be_reached(address, int(port)):
                time.sleep(LOOK_SECONDS)
            with pytest.raises(subprocess.TimeoutExpired):
                server.wait(1)
            server.send_signal(signal.SIGINT)
            assert server.wait(GRACE_SECONDS / 2) == 0
            assert rest().endswith(ENDED)  # what was broken off is said before


def can_be_reached(address: str, port: int) -> bool:
    """Tell whether somebody listens there."""
    try:
        socket.create_connection((address, port), SECONDS_MAX).close()
    except ConnectionError:
        return False
    return True


def made(folder: Path, name: str, password: bytes = b"") -> tuple[Path, Path]:
    """Make a certificate for this machine's own address, and its key; return their files."""
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(ADDRESS))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    shut = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    files = folder / f"{name}.pem", folder / f"{name}.key"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, shut))
    return files


@contextmanager
def by_tls(origin: str, trusting: ssl.SSLContext) -> Iterator[ssl.SSLSocket]:
    """Connect as a browser that never says goodbye."""
    address, port = urlsplit(origin).netloc.split(":")
    plain = socket.create_connection((address, int(port)), SECONDS_MAX)
    with trusting.wrap_socket(plain, server_hostname=address) as browser:
        yield browser


def page_sent(browser: ssl.SSLSocket) -> bytes:
    """Return the page that comes as the answer."""
    answer = HTTPResponse(browser)
    answer.begin()
    return answer.read()


def test_it_is_served_by_tls_alone_where_it_is_told_to(station: ServedStation, tmp_path: Path) -> None:
    """Whoever trusts the certificate gets the page; without TLS nobody gets any."""
    certificate, key = made(tmp_path, "own")
    with serving(station, "--tls-cert", str(certificate), "--tls-key", str(key)) as (_, origin, _):
        assert origin.startswith(f"https://{ADDRESS}:")
        trusting = ssl.create_default_context(cafile=str(certificate))
        assert "Sign in" in httpx.get(f"{origin}/sign-in", verify=trusting).text
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(f"{origin}/sign-in")
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{origin.replace('https', 'http')}/sign-in")


def test_it_does_not_wait_for_a_browser_that_is_only_connected(station: ServedStation, tmp_path: Path) -> None:
    """By TLS either end may wait for the other's goodbye; a browser that sleeps would hold the server up."""
    certificate, key = made(tmp_path, "own")
    trusting = ssl.create_default_context(cafile=str(certificate))
    with (
        serving(station, "--tls-cert", str(certificate), "--tls-key", str(key)) as (server, origin, rest),
        httpx.Client(verify=trusting) as browser,
    ):
        assert browser.get(f"{origin}/sign-in").status_code == 200
        server.send_signal(signal.SIGINT)
        assert (server.wait(SECONDS_MAX), rest()) == (0, ENDED)


def test_it_does_not_wait_for_a_browser_that_has_its_last_answer(station: ServedStation, tmp_path: Path) -> None:
    """The server has said that it ends this connection; that the browser sleeps and never does is no matter."""
    certificate, key = made(tmp_path, "own")
    trusting = ssl.create_default_context(cafile=str(certificate))
    with serving(station, "--tls-cert", str(certificate), "--tls-key", str(key)) as (server, origin, rest):
        host = urlsplit(origin).netloc
        with by_tls(origin, trusting) as browser:
            browser.sendall(f"GET /sign-in HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            assert page_sent(browser).endswith(b"</html>")
            server.send_signal(signal.SIGTERM)
            assert (server.wait(GRACE_SECONDS / 2), rest()) == (0, ENDED)


def test_what_was_asked_by_tls_is_answered_whole_and_no_goodbye_is_waited_for(
    station: ServedStation, tmp_path: Path
) -> None:
    """A form of which the rest comes while the server ends gets its page; that the browser then sleeps is no matter."""
    certificate, key = made(tmp_path, "own")
    trusting = ssl.create_default_context(cafile=str(certificate))
    with serving(station, "--tls-cert", str(certificate), "--tls-key", str(key)) as (server, origin, rest):
        host = urlsplit(origin).netloc
        address, port = host.split(":")
        with by_tls(origin, trusting) as browser:
            browser.sendall(BEGUN_FORM.format(origin=origin, host=host).encode())
            seen = httpx.get(f"{origin}/sign-in", verify=trusting)
            assert seen.status_code == 200  # by now the form is going on, too
            server.send_signal(signal.SIGTERM)
            while can_be_reached(address, int(port)):
                time.sleep(LOOK_SECONDS)
            browser.sendall(b"=Mara")
            page = page_sent(browser)
            assert (page[-7:], server.wait(GRACE_SECONDS / 2), rest()) == (b"</html>", 0, ENDED)


@pytest.mark.parametrize(
    "case", ["missing", "of another", "other way round", "no certificate", "encrypted", "a folder"]
)
def test_what_is_no_use_for_tls_is_told_before_anything_else(station: ServedStation, tmp_path: Path, case: str) -> None:
    """No address is printed and no link is made that would be used up."""
    own, other, shut = made(tmp_path, "own"), made(tmp_path, "other"), made(tmp_path, "shut", b"of some length")
    (tmp_path / "plain.pem").write_text("no certificate", "utf-8")
    certificate, key = {
        "missing": (tmp_path / "there is none.pem", own[1]),
        "of another": (own[0], other[1]),
        "other way round": (own[1], own[0]),
        "no certificate": (tmp_path / "plain.pem", own[1]),
        "encrypted": shut,
        "a folder": (tmp_path, own[1]),
    }[case]
    words = ["assettrack", "serve", "--port", "0", "--tls-cert", str(certificate), "--tls-key", str(key)]
    ended = ready_program.run(words, station.environment, SECONDS_MAX)
    assert ended.returncode == 2
    assert ended.stderr.startswith("Error: TLS '")
    assert TLS_UNUSABLE in ended.stderr
    assert ended.stderr.endswith("Nothing was saved.\n")
    assert "station is at" not in ended.stdout + ended.stderr
