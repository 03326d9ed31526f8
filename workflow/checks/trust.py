"""Checks on what signatures rest on: roots, revocation lists, their addresses, certificates, the seal process."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import signing
from workflow.checks import Finding, Installation, fine, warn
from workflow.checks.database import ask, first_line
from workflow.domain.errors import BadInput
from workflow.services.fetching import fetch_settings
from workflow.services.signing.chains import split
from workflow.store import health
from workflow.store.session import Engine

PATIENCE_S = 5
DAY = dt.timedelta(hours=25)
"""A list older than this decides nothing by the daily policy."""
SOON = dt.timedelta(days=30)
PORTS = {"http": 80, "https": 443}


def roots(at: Installation) -> Iterator[Finding]:
    """Without one nothing can be believed."""
    found = ask(at, health.roots)
    if found is None:
        return
    if not found:
        yield warn(
            "trust", "no root is listed, so no signature can be believed: list the roots of your authorities"
        )
    for label, der in found:
        ends = signing.inspect_certificate(der).not_after
        if ends - _now() < SOON:
            yield warn("trust", f"the root {label} ends on {ends:%d/%m/%Y}: list its successor")


def timestamps(at: Installation) -> Iterator[Finding]:
    """Where an authority is named, its root is believed: else everything that it gives is refused."""
    if at.settings.tsa_url and ask(at, health.stamping_roots) == []:
        yield warn(
            "time stamps",
            "TRINHKY_TSA_URL is set, but no root is listed for timestamps: list that of the authority",
        )


def lists(at: Installation) -> Iterator[Finding]:
    """Every authority that issued a certificate we rely on has a list, and it is of today."""
    known = ask(at, lambda engine: health.newest_lists(engine, _now()))
    needed = ask(at, _authorities)
    if known is None or needed is None:
        return
    now = _now()
    for name, published, following, _der in known:
        hours = (now - published) / dt.timedelta(hours=1)
        if following is not None and following < now:
            yield warn("revocation", f"the list of {name} ended on {following:%d/%m/%Y}: {_BRING}")
        elif now - published > DAY:
            yield warn("revocation", f"the list of {name} is {hours:.0f} hours old: {_BRING}")
        else:
            yield fine("revocation", f"the list of {name} is {hours:.0f} hours old")
    listed = {(name, signing.parse_crl(der).authority_key_id) for name, *_dates, der in known}
    for name in sorted({facts.issuer_name for facts in needed if not _is_listed(facts, listed)}):
        yield warn("revocation", f"there is no list of {name}: {_BRING}")


def _is_listed(facts: signing.CertificateFacts, listed: set[tuple[str, str]]) -> bool:
    """By name and key: another authority of that name does not count. Where no key is named, the name must do."""
    return any(
        name == facts.issuer_name and (key == facts.authority_key_id or not key or not facts.authority_key_id)
        for name, key in listed
    )


_BRING = "bring in a newer one (`trinhky crl import`), else signatures wait for it"


def addresses(at: Installation) -> Iterator[Finding]:
    """The hosts that enrolled certificates name for lists and answers may be asked, and accept connections.
    Through a proxy or a mirror they are not tried from here."""
    needed = ask(at, _authorities)
    try:
        allowed = fetch_settings(at.settings)
    except BadInput:
        return  # told by the check of the settings
    hosts = {
        (parts.hostname, parts.port or PORTS[parts.scheme])
        for facts in needed or ()
        for url in (*facts.crl_urls, *facts.ocsp_urls)
        if (parts := urlsplit(url)).scheme in PORTS and parts.hostname
    }
    for host, port in sorted(hosts):
        if not allowed.lists(host):
            yield warn(
                "revocation", f"certificates name {host}, TRINHKY_FETCH_HOSTS does not: list it, or {_BRING}"
            )
            continue
        if allowed.proxy is not None or host in allowed.mirrors:
            yield fine("revocation", f"{host} is asked by way of a proxy or mirror")
            continue
        try:
            socket.create_connection((host, port), timeout=PATIENCE_S).close()
        except OSError as error:
            yield warn(
                "revocation", f"{host} does not answer ({first_line(error)}): open the firewall, or {_BRING}"
            )
        else:
            yield fine("revocation", f"{host} answers")


def certificates(at: Installation) -> Iterator[Finding]:
    """Whose certificate ends soon, so that nobody stands before the signing page in vain."""
    for owner, ends in ask(at, lambda engine: health.certificates_ending(engine, _now() + SOON)) or ():
        verb = "ended" if ends < _now() else "ends"
        yield warn("certificates", f"that of {owner} {verb} on {ends:%d/%m/%Y}: enrol its successor")


def seal_process(at: Installation) -> Iterator[Finding]:
    """Where an agency allowed a server-held key, its process listens."""
    path = at.settings.seal_socket
    agencies = ask(at, health.agencies_sealing_here) or []
    if not path:
        if agencies:
            yield warn(
                "seal",
                f"{', '.join(agencies)}: the server may seal, but TRINHKY_SEAL_SOCKET is not set: start "
                "`trinhky sealer` and set it",
            )
        return
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as wire:
            wire.settimeout(PATIENCE_S)
            wire.connect(path)
    except OSError as error:
        yield warn("seal", f"nobody listens at {path} ({first_line(error)}): start `trinhky sealer`")
    else:
        yield fine("seal", f"the seal process listens at {path}")


def _authorities(engine: Engine) -> list[signing.CertificateFacts]:
    """The certificates that can be revoked: enrolled ones, and the authorities between them and their root."""
    found = [one for der, chain in health.enrolled(engine) for one in (der, *split(chain))]
    return [signing.inspect_certificate(der) for der in sorted(set(found))]


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
