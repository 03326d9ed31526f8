"""Checks on the settings and on the files they name; nothing is opened but directories."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from workflow.adapters.antivirus import Clamd
from workflow.checks import Finding, Installation, fine, refuse, warn
from workflow.config import MEGABYTE
from workflow.domain.channels import Way
from workflow.domain.errors import BadInput
from workflow.services import arrival_channels, channels
from workflow.services.fetching import fetch_settings
from workflow.services.signing.remote import described as remote_services

SHORTEST_SECRET = 32
FEWEST_LETTERS = 10
"""Distinct characters; a typed-out phrase has more, `aaaa…` and `0123` repeated have not."""
SEAL_KEYS = "TRINHKY_SEAL_KEYS"
OTHERS_MAY = stat.S_IRWXG | stat.S_IRWXO
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def secret(at: Installation) -> Iterator[Finding]:
    """CSRF tokens and cookies hang on it."""
    key = at.settings.secret_key
    if len(key) < SHORTEST_SECRET or len(set(key)) < FEWEST_LETTERS:
        yield refuse(
            "secret",
            f"TRINHKY_SECRET_KEY is too short or too simple: at least {SHORTEST_SECRET} random characters, for "
            'example from: python3 -c "import secrets; print(secrets.token_urlsafe(48))"',
        )
    else:
        yield fine("secret", "TRINHKY_SECRET_KEY is long enough")


def debug(at: Installation) -> Iterator[Finding]:
    """Debug pages show memory and run code."""
    if at.settings.debug:
        yield refuse("debug", "TRINHKY_DEBUG is on: unset it")


def demo(at: Installation) -> Iterator[Finding]:
    """One-click logins."""
    if at.settings.demo:
        yield refuse("demo", "TRINHKY_DEMO is on: it lets everybody in; unset it, or use `trinhky demo`")


def address(at: Installation) -> Iterator[Finding]:
    """Signing needs a secure context, and cookies must not travel in the clear."""
    parts = urlsplit(at.settings.base_url)
    if parts.scheme == "https" and parts.hostname:
        yield fine("address", f"people come by {at.settings.base_url}")
    elif parts.scheme == "http" and _is_loopback(parts.hostname):
        yield warn("address", "TRINHKY_BASE_URL is this machine only: set it to the https:// address people use")
    else:
        yield refuse(
            "address",
            f"TRINHKY_BASE_URL is {at.settings.base_url!r}: it must be https://, else sessions travel in the clear "
            "and browsers refuse to sign",
        )


def proxy(at: Installation) -> Iterator[Finding]:
    """With the wrong count every login seems to come from the proxy, or anybody may claim any address."""
    if at.settings.base_url.startswith("https://") and at.settings.proxy_hops == 0:
        yield warn(
            "proxy",
            "TRINHKY_PROXY_HOPS is 0: set how many proxies stand in front, else all logins share one address",
        )
    elif at.settings.proxy_hops < 0:
        yield refuse("proxy", "TRINHKY_PROXY_HOPS is negative")


def mail(at: Installation) -> Iterator[Finding]:
    """Without SMTP everything stays readable in the program itself."""
    if not at.settings.smtp_url:
        yield fine("mail", "no SMTP: messages are read in the program (TRINHKY_SMTP_URL sends them)")
    elif not at.settings.mail_from:
        yield refuse("mail", "TRINHKY_SMTP_URL is set and TRINHKY_MAIL_FROM is not: name the sender")


def ways(at: Installation) -> Iterator[Finding]:
    """Ways of messages: what goes by one that cannot be read waits."""
    for line in channels.described(at.settings):
        if line.trouble:
            yield refuse("messages", f"the setting of {line.way} cannot be used ({line.trouble}): see README.md")
        elif line.facts.get("tls") == "none" and not _is_loopback(line.place.rpartition(":")[0]):
            yield warn("messages", f"mail to {line.place} goes unencrypted: add ?starttls=1 or use smtps://")
        elif line.facts.get("ca") and not os.access(str(line.facts["ca"]), os.R_OK):
            yield refuse("messages", f"TRINHKY_SMTP_CA ({line.facts['ca']}) cannot be read")
        else:
            yield fine("messages", f"{line.name} goes to {line.place}")
        if line.way == Way.PUSH and not at.settings.secure_cookies and not line.trouble:
            yield warn("messages", "push needs https://: browsers offer it nowhere else but on this machine")


def remote_signing(at: Installation) -> Iterator[Finding]:
    """Services that hold people's keys: with a setting that cannot be read nobody signs there."""
    found, trouble = remote_services(at.settings)
    if trouble:
        yield refuse("remote signing", "TRINHKY_REMOTE_SIGNING cannot be used: see docs/remote-signing.md")
    for one in found:
        yield fine("remote signing", f"{one.name} is asked at {one.place}")


def fetching(at: Installation) -> Iterator[Finding]:
    """Hosts that revocation evidence may be fetched from."""
    try:
        found = fetch_settings(at.settings)
    except BadInput as refusal:
        yield refuse("fetching", f"TRINHKY_FETCH_*: {refusal.details.get('about')!r} cannot be used: see README.md")
        return
    if not found.hosts:
        yield warn(
            "fetching", "TRINHKY_FETCH_HOSTS names no host: no revocation list is fetched, bring each in by hand"
        )
    else:
        yield fine("fetching", f"revocation evidence is fetched from {', '.join(sorted(found.hosts))}")


def arrivals(at: Installation) -> Iterator[Finding]:
    """Watched folders and mailboxes; what was written wrongly would only be seen in the ledger of jobs."""
    try:
        found = arrival_channels.channels(at.settings.arrivals)
    except BadInput as refusal:
        yield refuse("arrivals", f"TRINHKY_ARRIVALS cannot be read ({refusal}): see the table in README.md")
        return
    for channel in found:
        if channel.folder is None:
            yield fine("arrivals", f"{channel.words} is looked at every two minutes")
        elif not os.access(channel.folder, os.R_OK | os.W_OK | os.X_OK):
            yield warn("arrivals", f"{channel.folder} cannot be read and written: nothing comes from it")
        else:
            yield fine("arrivals", f"{channel.folder} is looked at every two minutes")


def antivirus(at: Installation) -> Iterator[Finding]:
    """Where files are scanned."""
    if not at.settings.clamd_url:
        yield fine("antivirus", "none: files from outside are not scanned (TRINHKY_CLAMD_URL names a clamd)")
        return
    try:
        limit = Clamd.from_url(at.settings.clamd_url).limit
    except BadInput:
        yield refuse("antivirus", "TRINHKY_CLAMD_URL cannot be read: tcp://host:3310 or unix:///path/of/socket")
    else:
        yield fine("antivirus", f"files up to {limit // MEGABYTE} MB are scanned by clamd")


def key_files(at: Installation) -> Iterator[Finding]:
    """Every file that a variable TRINHKY_…_FILE or TRINHKY_SEAL_KEYS names holds a key or a password."""
    for name, value in sorted(at.environ.items()):
        if value and (name == SEAL_KEYS or (name.startswith("TRINHKY_") and name.endswith("_FILE"))):
            yield _key_file(name, Path(value))
    if at.environ.get(SEAL_KEYS):
        yield warn(
            "keys",
            f"{SEAL_KEYS} is set where the web runs: set it for `trinhky sealer` alone, under a user of its own, "
            "and give the web TRINHKY_SEAL_SOCKET only",
        )


def stores(at: Installation) -> Iterator[Finding]:
    """Database file and blob folder hold every draft."""
    for about, path in _local_stores(at):
        if not path.exists():
            yield refuse(about, f"{path} does not exist: make it, or run `trinhky migrate`")
        elif path.stat().st_mode & OTHERS_WRITE:
            yield refuse(about, f"{path} can be written by others: chmod go-w {path}")
        elif path.stat().st_mode & OTHERS_MAY:
            yield warn(about, f"{path} can be read by others on this machine: chmod go-rwx {path}")
        else:
            yield fine(about, f"{path} is private")


def _local_stores(at: Installation) -> Iterator[tuple[str, Path]]:
    scheme, _, file = at.settings.database_url.partition(":///")
    if scheme == "sqlite":
        yield "database file", Path(file)
    if not at.settings.blob_url.startswith("s3://"):
        yield "blob folder", Path(at.settings.blob_url)


def _key_file(name: str, path: Path) -> Finding:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return refuse("keys", f"{name}: {path} cannot be read ({error.strerror})")
    if mode & OTHERS_MAY:
        return refuse("keys", f"{name}: others may read {path}: chmod 600 {path}")
    return fine("keys", f"{name}: {path} is private")


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False
