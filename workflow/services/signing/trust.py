"""What verification rests on, taken from the database: roots, revocation lists, the office's policy."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import replace

import signing
from signing import Evidence, Policy, Purpose, Receipt, SignatureKind, Sunset, TimeSource, TrustStore
from workflow.domain.errors import BadInput, NotFound
from workflow.domain.people import Actor
from workflow.services import journal
from workflow.services.signing.roots import POLICY, USUAL, believed_for, standing
from workflow.store import certificates as store
from workflow.store import office, sunsets
from workflow.store.evidence import answers_about
from workflow.store.models import Crl, OcspAnswer, Setting, TrustRoot
from workflow.store.session import UnitOfWork

POLICIES: dict[str, Policy] = {"daily": signing.DAILY, "strict": signing.STRICT}


def trust_store(uow: UnitOfWork, agency_id: int | None = None) -> TrustStore:
    """The roots believed for the papers of an agency, each for its purposes only. Without an agency: those that are
    believed everywhere, since nobody says whose paper it is."""
    return believed_for(uow, standing(uow), agency_id)


def evidence(
    uow: UnitOfWork,
    *,
    at: dt.datetime,
    certificates: tuple[bytes, ...] = (),
    received_at: dt.datetime | None = None,
    about: Collection[str] = (),
) -> Evidence:
    """The newest list of every issuer as of `at`, our own receipt of the file, and the answers (OCSP) about
    enrolled certificates (`about`: their SHA-256)."""
    receipt = Receipt(received_at, TimeSource.RECEIPT) if received_at is not None else None
    return Evidence(
        certificates=certificates,
        crls=tuple(row.der for row in store.newest_crls(uow.session, until=at)),
        ocsps=tuple(row.der for row in answers_about(uow.session, about, until=at)),
        receipt=receipt,
    )


def policy(uow: UnitOfWork) -> Policy:
    """The office's policy (setting `verification_policy`), `daily` unless it chose otherwise, with the ends of
    algorithms that two administrators put in force."""
    chosen = office.setting(uow.session, POLICY) or {}
    ends = tuple(
        Sunset(row.algorithm, row.until) for row in sunsets.standing(uow.session) if row.confirmed_at is not None
    )
    return replace(POLICIES[str(chosen.get("name", USUAL))], sunsets=ends)


def set_policy(uow: UnitOfWork, actor: Actor, name: str, *, now: dt.datetime) -> None:
    """How strictly signatures are judged from now on; verdicts that stand keep the policy they were given under.

    Raises `BadInput("policy_unknown")`. The same again changes nothing and is not written down.
    """
    if name not in POLICIES:
        raise BadInput("policy_unknown", name=name)
    uow.begin_write()
    before = standing(uow)
    if before.policy == name:
        return
    row = uow.session.get(Setting, POLICY)
    if row is None:
        uow.add(Setting(name=POLICY, value={"name": name}))
    else:
        row.value = {"name": name}
    uow.flush()
    facts = {"before": before.policy, "after": name, "list_before": before.digest,
             "list_after": standing(uow).digest}  # fmt: skip
    journal.record(uow, subject="trust:policy", tag="trust:policy:chosen", facts=facts, actor=actor, now=now)


def add_root(
    uow: UnitOfWork, actor: Actor, *, der: bytes, label: str, purposes: frozenset[Purpose], kind: SignatureKind,
    trusted_until: dt.datetime | None, fingerprint: str, now: dt.datetime,
) -> TrustRoot:  # fmt: skip
    """List a root by the shell, where one person acts alone: whoever holds the machine holds the database too, and
    the journal says who it was. `fingerprint` (SHA-256, hex) is what stands on paper; it must be that of `der`.

    Raises `BadInput` with `root_unreadable`, `root_fingerprint_differs` or `root_is_no_authority`.
    """
    try:
        facts = uow.compute(signing.inspect_certificate, der)
    except signing.SigningError as error:
        raise BadInput("root_unreadable") from error
    if facts.sha256 != fingerprint.replace(":", "").replace(" ", "").lower():
        raise BadInput("root_fingerprint_differs", found=facts.sha256)
    if not facts.is_authority:
        raise BadInput("root_is_no_authority", name=facts.common_name)
    uow.begin_write()
    known = next((row for row in store.roots(uow.session) if row.sha256 == facts.sha256), None)
    if known is not None:
        return known
    before = standing(uow).digest
    row = TrustRoot(
        sha256=facts.sha256, der=der, label=label, kind=str(kind), purposes=sorted(purposes),
        trusted_until=trusted_until, added_by_id=actor.person_id, added_at=now,
    )  # fmt: skip
    uow.add(row)
    uow.flush()
    told = {"sha256": facts.sha256, "label": label, "kind": str(kind), "purposes": sorted(purposes),
            "list_before": before, "list_after": standing(uow).digest}  # fmt: skip
    journal.record(uow, subject="trust:roots", tag="trust:root:added", facts=told, actor=actor, now=now)
    return row


def retire_root(uow: UnitOfWork, actor: Actor, *, fingerprint: str, now: dt.datetime) -> TrustRoot:
    """Stop believing a root; verdicts stored before keep the digest of the list they rested on."""
    uow.begin_write()
    wanted = fingerprint.replace(":", "").replace(" ", "").lower()
    row = next((one for one in store.roots(uow.session) if one.sha256 == wanted), None)
    if row is None:
        raise NotFound("root_not_found")
    before = standing(uow).digest
    row.retired_at = now
    uow.flush()
    told = {"sha256": row.sha256, "label": row.label, "list_before": before, "list_after": standing(uow).digest}
    journal.record(uow, subject="trust:roots", tag="trust:root:retired", facts=told, actor=actor, now=now)
    return row


def series_of(facts: signing.CrlFacts) -> str:
    """Which lists succeed each other: those of one name, one key, one scope, complete or delta.

    By the name alone, a newer list of another authority of the same name, or one about authorities only, would
    hide the list that is needed.
    """
    parts = (facts.issuer.hex(), facts.issuer_key, facts.scope, "delta" if facts.is_delta else "")
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def import_crl(uow: UnitOfWork, actor: Actor, *, der: bytes, issuer: bytes, source: str, now: dt.datetime) -> Crl:
    """Store a revocation list after checking that `issuer` (DER) signed it. The same list twice is kept once.

    Raises `BadInput` with `crl_unreadable` or `crl_signature`.
    """
    try:
        facts = uow.compute(signing.parse_crl, der, issuer)
    except signing.SignatureRefused as error:
        raise BadInput("crl_signature") from error
    except signing.SigningError as error:
        raise BadInput("crl_unreadable") from error
    uow.begin_write()
    known = uow.session.get(Crl, facts.sha256)
    if known is not None:
        return known
    row = Crl(
        sha256=facts.sha256,
        issuer_key=series_of(facts),
        issuer_name=facts.issuer_name,
        number=str(facts.number if facts.number is not None else ""),
        this_update=facts.this_update,
        next_update=facts.next_update,
        der=der,
        entries=facts.count,
        source=source,
        received_at=now,
    )
    uow.add(row)
    told = {"sha256": facts.sha256, "issuer": facts.issuer_name, "number": row.number, "source": source}
    journal.record(uow, subject=f"crl:{row.issuer_key[:16]}", tag="evidence:crl:imported", facts=told, actor=actor,
                   now=now)  # fmt: skip
    return row


def import_answer(
    uow: UnitOfWork, actor: Actor, *, der: bytes, certificate: bytes, issuer: bytes, source: str, now: dt.datetime
) -> OcspAnswer:
    """Store an OCSP response about an enrolled certificate after checking that its issuer, or whom that one
    certified for it, signed it. The same once.

    Raises `BadInput` with `ocsp_unreadable` or, about others or signed by others, `ocsp_signature`.
    """
    try:
        facts = uow.compute(signing.parse_ocsp, der, certificate=certificate, issuer=issuer)
        about = uow.compute(signing.inspect_certificate, certificate)
    except signing.SignatureRefused as error:
        raise BadInput("ocsp_signature") from error
    except signing.SigningError as error:
        raise BadInput("ocsp_unreadable") from error
    uow.begin_write()
    known = uow.session.get(OcspAnswer, facts.sha256)
    if known is not None:
        return known
    row = OcspAnswer(
        sha256=facts.sha256, certificate_sha256=about.sha256, issuer_name=about.issuer_name, status=facts.status,
        this_update=facts.this_update, next_update=facts.next_update, der=der, source=source, received_at=now,
    )  # fmt: skip
    uow.add(row)
    told = {"sha256": facts.sha256, "certificate": about.sha256, "status": facts.status, "source": source}
    journal.record(uow, subject=f"ocsp:{about.sha256[:16]}", tag="evidence:ocsp:imported", facts=told, actor=actor,
                   now=now)  # fmt: skip
    return row
