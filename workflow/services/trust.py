"""Administration of what verification rests on: revocation lists from a file."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from contextlib import suppress

import signing
from workflow.domain.errors import BadInput, Conflict, Missing
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, demand
from workflow.services import jobs
from workflow.services.proofs import authority
from workflow.services.signing.chains import split
from workflow.services.signing.trust import import_crl
from workflow.store import certificates as store
from workflow.store import evidence
from workflow.store.models import Crl
from workflow.store.session import UnitOfWork


def take_list(uow: UnitOfWork, actor: Actor, *, data: bytes, filename: str, now: dt.datetime) -> Crl:
    """Take in a revocation list (DER or PEM) whose issuer is known: a listed root, or an authority of the chain
    of an enrolled certificate or of the timestamp authority.

    Raises `BadInput` (`crl_unreadable`, `crl_signature`), `Missing("crl_issuer")` where nobody known issued it.
    """
    demand(actor, Permission.MANAGE_TRUST)
    der = der_of(data)
    try:
        facts = uow.compute(signing.parse_crl, der)
    except signing.SigningError as error:
        raise BadInput("crl_unreadable") from error
    named = uow.compute(_called, facts.issuer_name, _authorities(uow))
    if not named:
        raise Missing("crl_issuer", name=facts.issuer_name)
    refusal = BadInput("crl_signature")
    for issuer in named:  # an authority may have changed its key and kept its name
        try:
            return import_crl(uow, actor, der=der, issuer=issuer, source=f"file:{filename[:150]}", now=now)
        except BadInput as refused:
            refusal = refused
    raise refusal


def fetch_now(uow: UnitOfWork, actor: Actor, *, now: dt.datetime) -> None:
    """Have the job `revocation` ask every address now; where it was asked already, that is enough."""
    demand(actor, Permission.MANAGE_TRUST)
    uow.begin_write()
    evidence.all_due(uow.session, now=now)
    with suppress(Conflict):
        jobs.ask_run(uow, actor, job="revocation", now=now)


def der_of(data: bytes) -> bytes:
    """The bytes as they are, or the first block of a PEM file."""
    if b"-----BEGIN" not in data:
        return data
    parts = data.split(b"-----")
    try:
        return base64.b64decode(b"".join(parts[2].split()), validate=True)
    except (binascii.Error, IndexError) as error:
        raise BadInput("crl_unreadable") from error


def _called(name: str, authorities: set[bytes]) -> list[bytes]:
    """The certificates whose common name is that of a list's issuer."""
    return [one for one in authorities if signing.inspect_certificate(one).common_name == name]


def _authorities(uow: UnitOfWork) -> set[bytes]:
    """Every certificate that may have issued a list we need."""
    chains = store.issuers(uow.session)
    known = {row.der for row in store.roots(uow.session)} | {one for chain in chains for one in split(chain)}
    return known | set(authority.certificates(uow))
