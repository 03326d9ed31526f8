"""Settings: one frozen value read once from the environment (`TRINHKY_*`); secrets come from nowhere else."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

TIME_ZONE = "Asia/Ho_Chi_Minh"
"""Offices live here (+07:00, no daylight saving); the database holds UTC."""

MEGABYTE = 1024 * 1024

WEB_THREADS = min(4, 2 * (os.cpu_count() or 1) + 1)
"""Python threads a web worker; more wait for the same interpreter lock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an installation decides.

    `database_url`: SQLAlchemy URL (`sqlite:///…` or `postgresql+psycopg://…`).
    `blob_url`: a folder path or `s3://bucket/prefix`.
    `secret_key`: at least 32 characters; signs CSRF tokens and cookies, and names messages that leave.
    `proxy_hops`: how many proxies in front of us set X-Forwarded-For; 0 trusts none.
    `max_upload`: bytes a draft may hold.
    `clamd_url`: the antivirus service (`workflow.adapters.antivirus`).
    `backup`: the folder that nightly backups go into; empty: none are made.
    `arrivals`: watched folders and mailboxes as JSON, passwords inside (`workflow.services.arrival_channels`).
    `smtp_ca`: a PEM file of the authorities that vouch for the mail server, instead of the system's.
    `report_links_only`: the mail of a report brings no files, only its link.
    `bounces`: the mailbox to which undeliverable mail comes back (`workflow.adapters.mailbox`), password inside.
    `fetch_hosts`, `fetch_mirrors`, `fetch_proxy`: where revocation evidence may be asked for
    (`workflow.services.fetching`).
    `agent_url`: where the signing program on people's own computers listens, `wss://127.0.0.1:8987`; empty: nobody
    signs by one.
    `webhooks`, `sms`, `push`: JSON, secrets inside (`workflow.adapters.channels`).
    `remote_signing`: remote signing services as JSON, secrets inside
    (`workflow.adapters.remote_signing.configured`).
    """

    database_url: str
    blob_url: str
    secret_key: str
    demo: bool = False
    debug: bool = False
    base_url: str = "http://127.0.0.1:8400"
    proxy_hops: int = 0
    max_upload: int = 30 * MEGABYTE
    smtp_url: str = ""
    mail_from: str = ""
    seal_socket: str = ""
    tsa_url: str = ""
    agent_url: str = ""
    metrics_token: str = ""
    clamd_url: str = ""
    backup: str = ""
    arrivals: str = field(default="", repr=False)
    smtp_ca: str = ""
    report_links_only: bool = False
    bounces: str = field(default="", repr=False)
    webhooks: str = field(default="", repr=False)
    sms: str = field(default="", repr=False)
    fetch_hosts: str = ""
    fetch_mirrors: str = ""
    fetch_proxy: str = ""
    push: str = field(default="", repr=False)
    remote_signing: str = field(default="", repr=False)

    @property
    def secure_cookies(self) -> bool:
        """Cookies carry `Secure` (and the `__Host-` prefix) wherever the service is reached over HTTPS."""
        return self.base_url.startswith("https://")


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; a missing one that has no safe default raises `KeyError` naming the variable."""
    env = os.environ if environ is None else environ
    return Settings(
        database_url=env["TRINHKY_DATABASE_URL"],
        blob_url=env["TRINHKY_BLOB_URL"],
        secret_key=env["TRINHKY_SECRET_KEY"],
        demo=_flag(env.get("TRINHKY_DEMO", "")),
        debug=_flag(env.get("TRINHKY_DEBUG", "")),
        base_url=env.get("TRINHKY_BASE_URL", "http://127.0.0.1:8400").rstrip("/"),
        proxy_hops=int(env.get("TRINHKY_PROXY_HOPS", "0")),
        max_upload=int(env.get("TRINHKY_MAX_UPLOAD_MB", "30")) * MEGABYTE,
        smtp_url=env.get("TRINHKY_SMTP_URL", ""),
        mail_from=env.get("TRINHKY_MAIL_FROM", ""),
        seal_socket=env.get("TRINHKY_SEAL_SOCKET", ""),
        tsa_url=env.get("TRINHKY_TSA_URL", ""),
        agent_url=_loopback(env.get("TRINHKY_AGENT_URL", "")),
        metrics_token=env.get("TRINHKY_METRICS_TOKEN", ""),
        clamd_url=env.get("TRINHKY_CLAMD_URL", ""),
        backup=env.get("TRINHKY_BACKUP", ""),
        arrivals=env.get("TRINHKY_ARRIVALS", ""),
        smtp_ca=env.get("TRINHKY_SMTP_CA", ""),
        report_links_only=_flag(env.get("TRINHKY_REPORT_LINKS_ONLY", "")),
        bounces=env.get("TRINHKY_BOUNCES", ""),
        webhooks=env.get("TRINHKY_WEBHOOKS", ""),
        sms=env.get("TRINHKY_SMS", ""),
        fetch_hosts=env.get("TRINHKY_FETCH_HOSTS", ""),
        fetch_mirrors=env.get("TRINHKY_FETCH_MIRRORS", ""),
        fetch_proxy=env.get("TRINHKY_FETCH_PROXY", ""),
        push=env.get("TRINHKY_PUSH", ""),
        remote_signing=env.get("TRINHKY_REMOTE_SIGNING", ""),
    )


_LOOPBACK = re.compile(r"wss?://(127\.0\.0\.1|localhost|\[::1\]):\d{1,5}")


def _loopback(text: str) -> str:
    """An address on the reader's own computer, or none: what a page may talk to besides this service."""
    given = text.strip().rstrip("/")
    if given and not _LOOPBACK.fullmatch(given):
        raise ValueError("TRINHKY_AGENT_URL must be ws:// or wss:// at 127.0.0.1, localhost or [::1], with a port")
    return given


def project_folder() -> Path:
    """The folder that holds `workflow/`."""
    return Path(__file__).resolve().parent.parent


def _flag(text: str) -> bool:
    return text.strip().lower() in {"1", "true", "yes", "on"}
