"""Sending one e-mail over SMTP. Whether to try again is said by the error; when, is the outbox's business.

`smtp://user:password@mail.tinh.gov.vn:587?starttls=1` or `smtps://…:465`. Certificates are always checked,
and a password is never sent over a line without TLS, loopback excepted.
"""

from __future__ import annotations

import datetime as dt
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from workflow.domain.errors import BadInput, WorkflowError

POLICY: Final = SMTP.clone(cte_type="7bit")  # passes servers that know nothing but ASCII

TIMEOUT: Final = 20.0
"""Seconds one answer of the server may take."""

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class MailError(WorkflowError):
    """Not sent. `transient`: the same message may go through later."""

    def __init__(self, code: str, *, transient: bool, **details: object) -> None:
        super().__init__(code, **details)
        self.transient = transient


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where mail is handed over. `implicit_tls`: TLS from the first byte (port 465)."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    starttls: bool = False
    implicit_tls: bool = False

    @classmethod
    def from_url(cls, url: str) -> Server:
        """Read an SMTP URL; raises `BadInput` where it cannot be used, without repeating it (it holds a secret)."""
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise BadInput("smtp_url_unreadable")
        try:
            port = parts.port
        except ValueError:
            raise BadInput("smtp_url_unreadable") from None
        implicit = parts.scheme == "smtps"
        starttls = parse_qs(parts.query).get("starttls", ["0"])[-1] in {"1", "true", "yes"}
        server = cls(
            host=parts.hostname,
            port=port or (465 if implicit else 587 if starttls else 25),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            starttls=starttls and not implicit,
            implicit_tls=implicit,
        )
        if not (server.user + server.password).isascii():
            raise BadInput("smtp_password_not_ascii")
        if server.user and not (starttls or implicit or server.host in _LOOPBACK):
            raise BadInput("smtp_password_without_tls", host=server.host)
        return server


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One e-mail to one address, `a@b.vn` or `"Name, with comma" <a@b.vn>`.

    `id`: stable for a message, so that a doubled one can be told (RFC 5322, section 3.6.4).
    """

    sender: str
    to: str
    subject: str
    text: str
    html: str = ""
    id: str = ""
    made_at: dt.datetime
    files: tuple[tuple[str, str, bytes], ...] = ()
    """(name, media type, bytes) of what is attached."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The server took it. `answer`: its last words, for the log."""

    code: int
    answer: str


def send(server: Server, message: Message, *, timeout: float = TIMEOUT, tls: ssl.SSLContext | None = None) -> Sent:
    """Hand over one message; raises `MailError`. `tls` replaces the system's trusted authorities."""
    mail = compose(message)
    sender, recipient = _address(message.sender).addr_spec, _address(message.to).addr_spec
    with _errors(server), _session(server, timeout=timeout, tls=tls) as smtp:
        smtp.ehlo_or_helo_if_needed()
        _expect(smtp.mail(sender), "mail_sender_refused")
        _expect(smtp.rcpt(recipient), "mail_recipient_refused")
        code, answer = _expect(smtp.data(mail.as_bytes()), "mail_refused")
        return Sent(code, answer)


def compose(message: Message) -> EmailMessage:
    """The message as it goes over the line: text first, HTML beside it, no answer from robots wanted."""
    mail = EmailMessage(policy=POLICY)
    try:
        mail["From"] = _address(message.sender)
        mail["To"] = _address(message.to)
        mail["Subject"] = message.subject
        if message.id:
            mail["Message-ID"] = f"<{message.id}>"
    except (ValueError, MessageError, IndexError) as error:
        raise MailError("mail_unwritable", transient=False) from error
    mail["Date"] = format_datetime(message.made_at)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(message.text)
    if message.html:
        mail.add_alternative(message.html, subtype="html")
    for name, media_type, data in message.files:
        main, _slash, sub = media_type.partition(";")[0].partition("/")
        mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return mail


def _address(text: str) -> Address:
    found = getaddresses([text])
    name, address = found[0] if len(found) == 1 else ("", "")
    if address.count("@") != 1 or not address.isascii() or any(letter in text for letter in "\r\n"):
        raise ValueError("not one address")
    return Address(display_name=name, addr_spec=address)


def trusting(ca_file: str) -> ssl.SSLContext:
    """Certificates are checked against the authorities in a file; `BadInput` where it holds none."""
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError):
        raise BadInput("smtp_ca_unreadable") from None


@contextmanager
def _session(server: Server, *, timeout: float, tls: ssl.SSLContext | None) -> Iterator[smtplib.SMTP]:
    context = tls or ssl.create_default_context()
    if server.implicit_tls:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=timeout)
    with closing(smtp):
        if server.starttls:
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, server.password)
        yield smtp
        with suppress(smtplib.SMTPException, OSError):  # what was taken is taken, however the server says goodbye
            smtp.quit()


@contextmanager
def _errors(server: Server) -> Iterator[None]:
    """Everything the line can do, as one error that says whether to try again."""
    place = {"host": server.host, "port": server.port}
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise MailError("mail_login_refused", transient=False, **place) from error
    except smtplib.SMTPNotSupportedError as error:
        raise MailError("mail_not_supported", transient=False, **place, answer=str(error)) from error
    except ssl.SSLError as error:
        raise MailError("mail_tls_failed", transient=False, **place, answer=str(error)) from error
    except smtplib.SMTPResponseException as error:
        transient = 400 <= error.smtp_code < 500
        raise MailError("mail_refused", transient=transient, **place, answer=_words(error.smtp_error)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailError("mail_server_unreachable", transient=True, **place, answer=str(error)) from error


def _expect(reply: tuple[int, bytes], code: str) -> tuple[int, str]:
    """A 2xx reply; 4xx may be tried again, 5xx not (RFC 5321, section 4.2.1)."""
    number, answer = reply
    if 200 <= number < 300:
        return number, _words(answer)
    raise MailError(code, transient=400 <= number < 500, number=number, answer=_words(answer))


def _words(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return text[:300]
