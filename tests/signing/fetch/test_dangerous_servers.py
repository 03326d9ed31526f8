"""Real servers on this machine that redirect, drip, flood, lie and hang."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from signing.errors import FetchRefused
from signing.fetch import ContentKind, FetchReason, FetchSettings, fetch
from tests.signing.fetch.servers import SETTINGS, Script, answer, here, raw, serving, with_
from tests.signing.verification.office import AT, Office


@pytest.fixture(scope="session")
def listed(office: Office) -> bytes:
    return office.issuer.crl(this_update=AT)


def refusal(url: str, settings: FetchSettings = SETTINGS, kind: ContentKind = ContentKind.CRL) -> str:
    with pytest.raises(FetchRefused) as refused:
        fetch(url, kind, settings=settings, at=AT)
    return refused.value.code


def test_a_list_is_fetched(listed: bytes) -> None:
    """Bytes and the facts for the record."""
    with serving(answer(listed, headers=("Content-Type: text/plain",))) as server:
        found = fetch(server.url(), ContentKind.CRL, settings=SETTINGS, at=AT)
    assert (found.items, found.size, found.address) == ((listed,), len(listed), "127.0.0.1")
    assert (found.url, found.asked, found.content_type, found.at) == (server.url(), server.url(), "text/plain", AT)
    (request,) = server.asked
    assert request.startswith(b"GET /list.crl HTTP/1.1\r\nHost: ca.example.vn:")
    assert b"Connection: close" in request


def test_chunks_and_bodies_without_length(listed: bytes) -> None:
    """Both are HTTP."""
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(listed), listed)
    for data in (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked,
        b"HTTP/1.0 200 OK\r\n\r\n" + listed,
    ):
        with serving(raw(data)) as server:
            assert fetch(server.url(), ContentKind.CRL, settings=SETTINGS, at=AT).items == (listed,)


BAD: dict[str, tuple[Script, FetchReason]] = {
    "redirect": (
        answer(b"", status="302 Found", headers=("Location: http://169.254.169.254/",)),
        FetchReason.REDIRECT_REFUSED,
    ),
    "missing": (answer(b"no", status="404 Not Found"), FetchReason.STATUS_REFUSED),
    "error": (answer(b"no", status="500 Oops"), FetchReason.STATUS_REFUSED),
    "partial": (answer(b"no", status="206 Partial Content"), FetchReason.STATUS_REFUSED),
    "page instead of a list": (answer(b"<html>Xin chao</html>"), FetchReason.CONTENT_UNREADABLE),
    "nothing": (answer(b""), FetchReason.CONTENT_UNREADABLE),
    "compressed": (
        answer(gzip.compress(bytes(10**6)), headers=("Content-Encoding: gzip",)),
        FetchReason.ENCODING_REFUSED,
    ),
    "not HTTP": (raw(b"SSH-2.0-OpenSSH_9.6\r\n"), FetchReason.ANSWER_MALFORMED),
    "closed at once": (lambda line, request: None, FetchReason.ANSWER_MALFORMED),
    "cut off": (answer(b"half", length=100), FetchReason.ANSWER_MALFORMED),
    "chunk of nonsense": (
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        FetchReason.ANSWER_MALFORMED,
    ),
    "endless header": (raw(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000), FetchReason.ANSWER_MALFORMED),
    "many headers": (raw(b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 5000), FetchReason.ANSWER_MALFORMED),
    "announced too large": (answer(b"", length=10**9), FetchReason.TOO_LARGE),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_answers_are_refused(name: str) -> None:
    """Each with its reason."""
    script, reason = BAD[name]
    with serving(script) as server:
        assert refusal(server.url()) == reason


def flood(line: socket.socket, request: bytes) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        line.sendall(bytes(65536))


def test_floods_are_cut() -> None:
    """Without a length, until the limit."""
    with serving(flood) as server:
        assert refusal(server.url(), with_(max_bytes=500_000)) == FetchReason.TOO_LARGE


def drip(part: bytes) -> Script:
    def play(line: socket.socket, request: bytes) -> None:
        line.sendall(part)
        for _ in range(200):
            time.sleep(0.05)
            line.sendall(b"a")

    return play


@pytest.mark.parametrize(
    "script",
    [
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nX: "),
        drip(b""),
        lambda line, request: time.sleep(30),
    ],
    ids=["body", "header", "status", "silence"],
)
def test_drips_do_not_outlive_the_deadline(script: Script) -> None:
    """A byte now and then keeps no connection open."""
    began = time.monotonic()
    with serving(script) as server:
        assert refusal(server.url(), with_(seconds=0.5)) == FetchReason.TOO_SLOW
    assert time.monotonic() - began < 8, "they go on for ten seconds and more"


def test_slow_name_servers_do_not_either() -> None:
    """Looking up counts."""
    stop = threading.Event()

    def asleep(host: str, port: int) -> tuple[str, ...]:
        stop.wait(5)
        return here(host, port)

    assert refusal("http://ca.example.vn/x", with_(seconds=0.3, resolver=asleep)) == FetchReason.TOO_SLOW
    stop.set()


def test_nobody_listens() -> None:
    """A port that was just free."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert refusal(f"http://ca.example.vn:{port}/") == FetchReason.CONNECTION_FAILED


def test_only_listed_hosts_are_asked() -> None:
    """By exact name; nothing is looked up for others."""
    asked: list[str] = []

    def noted(host: str, port: int) -> tuple[str, ...]:
        asked.append(host)
        return here(host, port)

    for host in ("evil.vn", "a.ca.example.vn", "ca.example.vn.evil.vn", "example.vn", "127.0.0.1"):
        assert refusal(f"http://{host}/x", with_(resolver=noted)) == FetchReason.HOST_NOT_LISTED
    assert asked == []


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "::1", "::ffff:8.8.8.8", "nonsense"]
)
def test_a_listed_name_that_leads_inside_is_refused(address: str) -> None:
    """Without the switch of tests, and however it is written; one such address among good ones is enough."""
    settings = FetchSettings(hosts=frozenset({"ca.example.vn"}), resolver=lambda host, port: ("8.8.8.8", address))
    assert refusal("http://ca.example.vn/x", settings) == FetchReason.ADDRESS_REFUSED


def test_names_are_resolved_once_and_connected_to_as_they_were(listed: bytes) -> None:
    """A name server that changes its mind gets no second question."""
    answers = iter([("127.0.0.1",), ("169.254.169.254",)])
    with serving(answer(listed)) as server:
        settings = with_(resolver=lambda host, port: next(answers))
        assert fetch(server.url(), ContentKind.CRL, settings=settings, at=AT).address == "127.0.0.1"
    assert next(answers) == ("169.254.169.254",)


def test_unknown_names_say_so() -> None:
    """As an error of the resolver and as an empty answer."""

    def fails(host: str, port: int) -> tuple[str, ...]:
        raise socket.gaierror("unknown")

    for resolver in (fails, lambda host, port: ()):
        assert refusal("http://ca.example.vn/x", with_(resolver=resolver)) == FetchReason.NAME_NOT_FOUND


def test_other_ports_are_refused_without_the_switch() -> None:
    """80 and 443."""
    settings = FetchSettings(hosts=frozenset({"ca.example.vn"}), resolver=here)
    assert refusal("http://ca.example.vn:8080/x", settings) == FetchReason.PORT_REFUSED


def test_mirror_is_asked_instead(listed: bytes) -> None:
    """The path goes behind the mirror's; the record keeps both addresses."""
    with serving(answer(listed)) as server:
        settings = with_(mirrors={"ca.example.vn": f"http://mirror.vn:{server.port}/ca/"})
        found = fetch("http://ca.example.vn/g2.crl?x=1", ContentKind.CRL, settings=settings, at=AT)
    assert found.url == "http://ca.example.vn/g2.crl?x=1"
    assert found.asked == f"http://mirror.vn:{server.port}/ca/g2.crl?x=1"
    assert server.asked[0].startswith(b"GET /ca/g2.crl?x=1 HTTP/1.1\r\nHost: mirror.vn:")


def test_proxy_is_given_the_whole_address(listed: bytes) -> None:
    """It looks up the name itself, so the list of hosts still decides."""
    with serving(answer(listed)) as server:
        settings = with_(proxy=f"http://127.0.0.1:{server.port}", allow_loopback=False)
        fetch("http://ca.example.vn/g2.crl", ContentKind.CRL, settings=settings, at=AT)
        assert refusal("http://evil.vn/g2.crl", settings) == FetchReason.HOST_NOT_LISTED
    assert server.asked[0].startswith(b"GET http://ca.example.vn/g2.crl HTTP/1.1\r\nHost: ca.example.vn\r\n")
    assert len(server.asked) == 1


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, str]:
    """A server's context for ca.example.vn, and the file with its authority."""
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = tls_identity()
    (folder / "server.pem").write_bytes(certificate + key)
    (folder / "root.pem").write_bytes(certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context, str(folder / "root.pem")


def tls_identity() -> tuple[bytes, bytes]:
    """A key and a self-signed certificate for the name, valid around today's clock, which TLS reads."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ca.example.vn")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = (
        builder.not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("ca.example.vn")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private, made.public_bytes(Encoding.PEM)


def test_https_checks_the_name(listed: bytes, tls: tuple[ssl.SSLContext, str]) -> None:
    """The authority may be the office's own; another name or authority is refused."""
    context, root = tls
    with serving(answer(listed), tls=context) as server:
        settings = with_(tls_roots=root)
        assert fetch(server.url(), ContentKind.CRL, settings=settings, at=AT).items == (listed,)
        assert refusal(server.url()) == FetchReason.TLS_FAILED
        other = with_(tls_roots=root, hosts=frozenset({"other.vn"}))
        assert refusal(server.url(host="other.vn"), other) == FetchReason.TLS_FAILED


def test_https_goes_through_a_proxy(listed: bytes, tls: tuple[ssl.SSLContext, str]) -> None:
    """By CONNECT, with TLS end to end."""
    context, root = tls

    def tunnel(line: socket.socket, request: bytes) -> None:
        line.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        with context.wrap_socket(line, server_side=True) as inner:
            inner.recv(4096)
            answer(listed)(inner, b"")

    with serving(tunnel) as proxy:
        settings = with_(tls_roots=root, proxy=f"http://127.0.0.1:{proxy.port}")
        found = fetch("https://ca.example.vn/x", ContentKind.CRL, settings=settings, at=AT)
    assert found.items == (listed,)
    assert proxy.asked[0].startswith(b"CONNECT ca.example.vn:443 HTTP/1.1\r\n")
    with serving(answer(b"", status="403 Forbidden")) as proxy:
        settings = with_(proxy=f"http://127.0.0.1:{proxy.port}")
        assert refusal("https://ca.example.vn/x", settings) == FetchReason.PROXY_REFUSED


def test_slow_handshakes_do_not_outlive_the_deadline() -> None:
    """A server that never says hello."""
    began = time.monotonic()
    with serving(lambda line, request: time.sleep(30)) as server:
        assert refusal(server.url().replace("http:", "https:"), with_(seconds=0.4)) == FetchReason.TOO_SLOW
    assert time.monotonic() - began < 8, "they go on for ten seconds and more"


def test_kinds_are_held_apart(office: Office, listed: bytes) -> None:
    """A list is no answer, an answer no certificate."""
    certificate = office.issuer.der
    response = office.issuer.ocsp(office.agency.certificate, this_update=AT)
    good = {ContentKind.CRL: listed, ContentKind.OCSP: response, ContentKind.CERTIFICATES: certificate}
    for kind in ContentKind:
        for other, body in good.items():
            with serving(answer(body)) as server:
                if kind is other:
                    assert fetch(server.url(), kind, settings=SETTINGS, at=AT).items == (body,)
                else:
                    assert refusal(server.url(), kind=kind) == FetchReason.CONTENT_UNREADABLE
