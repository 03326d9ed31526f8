"""Checks that open connections: only `trinhky doctor` runs them."""

from __future__ import annotations

import datetime as dt
import smtplib
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from workflow.adapters.antivirus import Clamd, ping
from workflow.checks import Finding, Installation, fine, warn
from workflow.checks.database import first_line
from workflow.domain.errors import BadInput

PATIENCE_S = 5
SOON = dt.timedelta(days=21)
PORTS = {"http": 80, "https": 443, "smtp": 25, "smtps": 465}


def smtp(at: Installation) -> Iterator[Finding]:
    """Greets the server and asks for STARTTLS; no mail is sent and no password."""
    if not at.settings.smtp_url:
        return
    target = urlsplit(at.settings.smtp_url)
    kind = smtplib.SMTP_SSL if target.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(target.hostname or "", _port(target), socket.gethostname(), timeout=PATIENCE_S) as server:
            server.ehlo()
            safe = target.scheme == "smtps" or server.has_extn("starttls")
    except (OSError, smtplib.SMTPException) as error:
        yield warn("mail", f"{target.hostname} does not take mail: {first_line(error)}")
        return
    if safe:
        yield fine("mail", f"{target.hostname} answers and encrypts")
    else:
        yield warn("mail", f"{target.hostname} answers without encryption: ask for STARTTLS or use smtps://")


def own_address(at: Installation) -> Iterator[Finding]:
    """The way people come: the proxy accepts connections, and its certificate is good for some weeks."""
    target = urlsplit(at.settings.base_url)
    host = target.hostname or ""
    try:
        with socket.create_connection((host, _port(target)), timeout=PATIENCE_S) as plain:
            if target.scheme != "https":
                yield fine("address", f"{at.settings.base_url} answers")
                return
            with ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secure:
                certificate = secure.getpeercert() or {}
    except OSError as error:
        yield warn("address", f"{at.settings.base_url} does not answer from here: {first_line(error)}")
        return
    ends = dt.datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), dt.UTC)
    if ends - dt.datetime.now(dt.UTC) < SOON:
        yield warn("TLS", f"the certificate of {host} ends on {ends:%d/%m/%Y}: renew it")
    else:
        yield fine("TLS", f"the certificate of {host} is good until {ends:%d/%m/%Y}")


def timestamps(at: Installation) -> Iterator[Finding]:
    """The time-stamping authority accepts connections."""
    if not at.settings.tsa_url:
        return
    target = urlsplit(at.settings.tsa_url)
    try:
        socket.create_connection((target.hostname or "", _port(target)), timeout=PATIENCE_S).close()
    except OSError as error:
        yield warn("time stamps", f"{target.hostname} does not answer: {first_line(error)}")
    else:
        yield fine("time stamps", f"{target.hostname} answers")


def antivirus(at: Installation) -> Iterator[Finding]:
    """The antivirus service says its version; without it files are kept and said to be not scanned."""
    if not at.settings.clamd_url:
        return
    try:
        said = ping(Clamd.from_url(at.settings.clamd_url), patience=PATIENCE_S)
    except (OSError, BadInput) as error:
        yield warn("antivirus", f"clamd at {at.settings.clamd_url} does not answer: {first_line(error)}")
    else:
        yield fine("antivirus", f"{said} answers")


def _port(target: SplitResult) -> int:
    return target.port or PORTS.get(target.scheme, 443)
