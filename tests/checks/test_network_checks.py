"""What does not answer is named; what answers without encryption too."""

from __future__ import annotations

import dataclasses
import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.support import clamd
from workflow.checks import Installation, Level, network
from workflow.config import Settings

SETTINGS = Settings(database_url="", blob_url="", secret_key="")


def at(**change: str) -> Installation:
    """With these settings."""
    return Installation(settings=dataclasses.replace(SETTINGS, **change), environ={})  # type: ignore[arg-type]


@pytest.fixture
def dead_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def plain_mail_server() -> Iterator[int]:
    """Greets, and knows no STARTTLS."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve() -> None:
            connection = server.accept()[0]
            with connection, connection.makefile("rwb") as talk:
                talk.write(b"220 here\r\n")
                talk.flush()
                while line := talk.readline():
                    talk.write(b"221 bye\r\n" if line.lower().startswith(b"quit") else b"250 here\r\n")
                    talk.flush()

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join(timeout=5)


def test_a_mail_server_without_encryption_is_named(plain_mail_server: int) -> None:
    """Names and subjects would travel in the clear."""
    (finding,) = network.smtp(at(smtp_url=f"smtp://127.0.0.1:{plain_mail_server}"))
    assert finding.level is Level.WARN
    assert "without encryption" in finding.sentence


@pytest.mark.parametrize(
    ("check", "setting", "scheme"),
    [
        (network.smtp, "smtp_url", "smtp"),
        (network.own_address, "base_url", "https"),
        (network.timestamps, "tsa_url", "http"),
        (network.antivirus, "clamd_url", "tcp"),
    ],
)
def test_what_does_not_answer_is_named(check: object, setting: str, scheme: str, dead_port: int) -> None:
    """A warning: the service works without."""
    assert callable(check)
    (finding,) = check(at(**{setting: f"{scheme}://127.0.0.1:{dead_port}"}))
    assert finding.level is Level.WARN
    assert "127.0.0.1" in finding.sentence


def test_an_antivirus_service_says_its_version() -> None:
    """The positive control."""
    with clamd.running() as server:
        (finding,) = network.antivirus(at(clamd_url=server.url))
    assert (finding.level, finding.sentence) == (Level.FINE, "ClamAV 1.4.3/27500/Mon Nov 23 2026 answers")


@pytest.mark.parametrize("check", [network.smtp, network.timestamps, network.antivirus])
def test_what_is_not_set_is_not_asked(check: object) -> None:
    """No SMTP and no time stamps are ordinary choices."""
    assert callable(check)
    assert list(check(at())) == []
