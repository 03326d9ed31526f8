"""Mail over real SMTP on loopback: what arrives, and how each failure is named."""

from __future__ import annotations

import dataclasses
import datetime as dt
import email
import email.policy
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support import imap
from workflow.adapters.channels import Outcome, Parcel
from workflow.adapters.channels.by_mail import by_mail
from workflow.adapters.mail import MailError, Message, Server, compose, send
from workflow.domain.errors import BadInput

NOW = dt.datetime(2026, 11, 23, 0, 30, tzinfo=dt.UTC)
MESSAGE = Message(
    sender="Trình Ký <trinhky@hason.example>",
    to="Nguyễn Thị Đào <dao@hason.example>",
    subject="31 văn bản quá hạn – Sở Nông nghiệp và Môi trường",
    text="Kính gửi ông/bà,\n.\nMột dấu chấm ở trên.\n",
    html="<p>Kính gửi <b>ông/bà</b></p>",
    id="outbox-17@hason.example",
    made_at=NOW,
)


class Box:
    """Takes mail, or answers what it is told to."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.answers: dict[str, str] = {}

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if "rcpt" in self.answers:
            return self.answers["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(envelope)
        return self.answers.get("data", "250 Taken as 42")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A certificate for 127.0.0.1: the server's context and one that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail")])
    day = dt.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(dt.datetime.now(dt.UTC) - day)
        .not_valid_after(dt.datetime.now(dt.UTC) + day)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "mail.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))


Start = Callable[..., tuple[Box, Server]]


@pytest.fixture
def start() -> Iterator[Start]:
    running: list[Controller] = []

    def begin(**options: Any) -> tuple[Box, Server]:
        box, port = Box(), free_port()
        controller = Controller(box, hostname="127.0.0.1", port=port, **options)
        controller.start()
        running.append(controller)
        return box, Server(host="127.0.0.1", port=port)

    yield begin
    for controller in running:
        controller.stop()


def test_text_and_html_arrive_unharmed(start: Start) -> None:
    """Vietnamese words, a lone dot, both parts, a stable id and the date of the outbox."""
    box, server = start()
    assert send(server, MESSAGE).code == 250
    (envelope,) = box.mails
    assert (envelope.mail_from, envelope.rcpt_tos) == ("trinhky@hason.example", ["dao@hason.example"])
    mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert mail["Subject"] == MESSAGE.subject
    assert mail["To"].addresses[0].display_name == "Nguyễn Thị Đào"
    assert mail["Message-ID"] == "<outbox-17@hason.example>"
    assert mail["Date"].datetime == NOW
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_body(("plain",)).get_content().splitlines() == MESSAGE.text.splitlines()
    assert mail.get_body(("html",)).get_content().strip() == MESSAGE.html
    assert envelope.content.isascii()


def test_starttls_with_a_password(start: Start, tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    """The password goes over TLS; a wrong one is a lasting failure."""
    server_tls, client_tls = tls

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"clerk", b"mat/khau"), handled=False)

    box, server = start(tls_context=server_tls, require_starttls=True, authenticator=check, auth_require_tls=True)
    secure = dataclasses.replace(server, starttls=True, user="clerk", password="sai")
    with pytest.raises(MailError, match="mail_login_refused") as refusal:
        send(secure, MESSAGE, tls=client_tls)
    assert not refusal.value.transient
    assert "sai" not in str(refusal.value)
    assert box.mails == []
    assert send(dataclasses.replace(secure, password="mat/khau"), MESSAGE, tls=client_tls).code == 250
    assert len(box.mails) == 1


def test_an_unknown_certificate_stops_the_mail(start: Start, tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    """Without the authority the line is not used; with it the same mail goes through."""
    box, server = start(tls_context=tls[0], require_starttls=True)
    secure = dataclasses.replace(server, starttls=True)
    with pytest.raises(MailError, match="mail_tls_failed"):
        send(secure, MESSAGE)
    assert box.mails == []
    assert send(secure, MESSAGE, tls=tls[1]).code == 250


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_an_offices_own_authorities_vouch_for_its_server(start: Start, tmp_path: Path, scheme: str) -> None:
    """By STARTTLS and from the first byte: with the file the mail goes out, without it the line is not used."""
    context = imap.contexts()[0]
    named = {"ssl_context": context} if scheme == "smtps" else {"tls_context": context, "require_starttls": True}
    box, server = start(**named)
    url = f"{scheme}://127.0.0.1:{server.port}?starttls=1"
    parcel = Parcel(name="17.0a", address="dao@hason.example", sort="notice", subject="Thử", text="Thử", link="",
                    made_at=NOW)  # fmt: skip
    answer = by_mail(smtp_url=url, sender="trinhky@hason.example").send(parcel, now=NOW)
    assert (answer.outcome, answer.code, box.mails) == (Outcome.PUT_OFF, "mail_tls_failed", [])
    own = by_mail(smtp_url=url, sender="trinhky@hason.example", ca_file=str(imap.authority(tmp_path)))
    assert own.send(parcel, now=NOW).outcome is Outcome.SENT
    assert len(box.mails) == 1
    for file in (tmp_path / "nowhere.pem", Path(__file__)):
        with pytest.raises(BadInput, match="smtp_ca_unreadable"):
            by_mail(smtp_url=url, sender="", ca_file=str(file))


def test_a_server_without_tls_is_not_used_when_tls_was_asked_for(start: Start) -> None:
    """STARTTLS that is not offered is a failure, never a reason to go on in the clear."""
    box, server = start()
    with pytest.raises(MailError, match="mail_not_supported") as refusal:
        send(dataclasses.replace(server, starttls=True), MESSAGE)
    assert not refusal.value.transient
    assert box.mails == []


@pytest.mark.parametrize(
    ("stage", "answer", "code", "transient"),
    [
        ("rcpt", "550 No such person", "mail_recipient_refused", False),
        ("rcpt", "451 Try later", "mail_recipient_refused", True),
        ("data", "554 Rejected", "mail_refused", False),
        ("data", "452 Disk full", "mail_refused", True),
    ],
)
def test_answers_say_whether_to_try_again(
    start: Start, stage: str, answer: str, code: str, transient: bool
) -> None:
    """4xx may go through later, 5xx not."""
    box, server = start()
    box.answers[stage] = answer
    with pytest.raises(MailError, match=code) as refusal:
        send(server, MESSAGE)
    assert refusal.value.transient is transient


def test_nobody_listening_is_transient() -> None:
    """A server that is down is tried again."""
    with pytest.raises(MailError, match="mail_server_unreachable") as refusal:
        send(Server(host="127.0.0.1", port=free_port()), MESSAGE, timeout=2)
    assert refusal.value.transient


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "Xin chào\r\nBcc: moi@nguoi.example"},
        {"to": "a@b.example\r\nBcc: c@d.example"},
        {"to": "không phải địa chỉ"},
        {"to": "đào@hason.example"},
        {"sender": ""},
        {"to": "a@b.example, c@d.example@e"},
    ],
)
def test_headers_cannot_be_smuggled_in(change: dict[str, str]) -> None:
    """Line breaks and things that are no address are refused before anything is sent."""
    with pytest.raises(MailError, match="mail_unwritable") as refusal:
        compose(dataclasses.replace(MESSAGE, **change))
    assert not refusal.value.transient


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.tinh.gov.vn", Server(host="mail.tinh.gov.vn", port=25)),
        (
            "smtp://a%40b:ma%2F@mail:587?starttls=1",
            Server(host="mail", port=587, user="a@b", password="ma/", starttls=True),
        ),
        ("smtps://u:p@mail", Server(host="mail", port=465, user="u", password="p", implicit_tls=True)),
        ("smtp://u:p@127.0.0.1:1025", Server(host="127.0.0.1", port=1025, user="u", password="p")),
    ],
)
def test_urls(url: str, server: Server) -> None:
    """Ports by scheme, escaped names and passwords."""
    assert Server.from_url(url) == server


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://mail", "smtp_url_unreadable"),
        ("smtp://", "smtp_url_unreadable"),
        ("smtp://mail:abc", "smtp_url_unreadable"),
        ("smtps://u:secret%C3%A1@mail", "smtp_password_not_ascii"),
        ("smtp://u:secret@mail", "smtp_password_without_tls"),
    ],
)
def test_unusable_urls_are_refused_without_repeating_the_secret(url: str, code: str) -> None:
    """A password in the clear to another machine is refused; the refusal does not quote it."""
    with pytest.raises(BadInput, match=code) as refusal:
        Server.from_url(url)
    assert "secret" not in str(refusal.value)
