"""A certification authority that lives in memory: issues, revokes, answers, stamps.

root = Authority.root(now=now)
issuing = root.subordinate(now=now)
leader = issuing.issue(LEADER, now=now)            # Identity: certificate, key, chain
crl = issuing.crl(this_update=now, revoked=[Revoked(leader.serial, now, "keyCompromise")])
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509

from signing.testing.certificates import Defect, Links, Profile, Request, certificate, validity
from signing.testing.identity import Identity
from signing.testing.keys import KeyKind, PrivateKey, key
from signing.testing.revocation import PLAIN, CrlOptions, Revoked, crl, ocsp_answer
from signing.testing.subjects import ISSUER, RESPONDER, ROOT, TSA, Subject

ROOT_DAYS, ISSUER_DAYS, PERSON_DAYS = 20 * 365, 10 * 365, 3 * 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """`identity.chain` leads to the root; `links` are written into what it issues."""

    identity: Identity
    links: Links = field(default_factory=Links)

    @property
    def certificate(self) -> x509.Certificate:
        return self.identity.certificate

    @property
    def der(self) -> bytes:
        return self.identity.der

    @classmethod
    def root(
        cls,
        subject: Subject = ROOT,
        *,
        now: datetime,
        private: PrivateKey | None = None,
        kind: KeyKind = KeyKind.P256,
        links: Links | None = None,
        days: int = ROOT_DAYS,
        defects: Iterable[Defect] = (),
    ) -> Authority:
        """A self-signed root. Keys default to the one computed from the subject's name."""
        own = private or key(kind, f"ca {subject.common_name}")
        chosen = frozenset(defects)
        start, end = validity(now, days, chosen)
        request = Request(
            subject=subject.name(),
            public_key_of=own,
            profile=Profile.CA,
            not_before=start,
            not_after=end,
            defects=chosen,
        )
        made = certificate(request, request.subject, own)
        return cls(identity=Identity(certificate=made, key=own), links=links or Links())

    def subordinate(
        self,
        subject: Subject = ISSUER,
        *,
        now: datetime,
        private: PrivateKey | None = None,
        kind: KeyKind = KeyKind.P256,
        links: Links | None = None,
        days: int = ISSUER_DAYS,
        path_length: int | None = 0,
        defects: Iterable[Defect] = (),
    ) -> Authority:
        """An issuing authority below this one."""
        own = private or key(kind, f"ca {subject.common_name}")
        made = self.issue(
            subject,
            Profile.CA,
            now=now,
            private=own,
            days=days,
            path_length=path_length,
            defects=defects,
        )
        return Authority(identity=made, links=links or Links())

    def issue(
        self,
        subject: Subject,
        profile: Profile = Profile.PERSON,
        *,
        now: datetime,
        private: PrivateKey | None = None,
        kind: KeyKind = KeyKind.P256,
        days: int = PERSON_DAYS,
        serial: int | None = None,
        policies: tuple[str, ...] = (),
        path_length: int | None = None,
        defects: Iterable[Defect] = (),
    ) -> Identity:
        """A certificate with its key; valid from `now` unless a defect says otherwise."""
        own = private or key(kind, f"{profile} {subject.common_name} {subject.uids}")
        chosen = frozenset(defects)
        start, end = validity(now, days, chosen)
        request = Request(
            subject=subject.name(),
            public_key_of=own,
            profile=profile,
            not_before=start,
            not_after=end,
            links=self.links,
            policies=policies,
            path_length=path_length,
            defects=chosen,
        )
        made = certificate(request, self.certificate.subject, self.identity.key, serial=serial)
        return Identity(certificate=made, key=own, chain=(self.certificate, *self.identity.chain))

    def tsa(
        self,
        subject: Subject = TSA,
        *,
        now: datetime,
        kind: KeyKind = KeyKind.P256,
        defects: Iterable[Defect] = (),
    ) -> Identity:
        """A time-stamping identity for `timestamp_token`."""
        return self.issue(subject, Profile.TSA, now=now, kind=kind, defects=defects)

    def responder(self, *, now: datetime, defects: Iterable[Defect] = ()) -> Identity:
        """A delegated OCSP responder (RFC 6960 §4.2.2.2)."""
        return self.issue(RESPONDER, Profile.RESPONDER, now=now, defects=defects)

    def crl(
        self,
        *,
        this_update: datetime,
        next_update: datetime | None = None,
        number: int = 1,
        revoked: Iterable[Revoked] = (),
        options: CrlOptions = PLAIN,
    ) -> bytes:
        """A DER CRL of this authority; seven days long unless said otherwise."""
        return crl(
            self.certificate,
            self.identity.key,
            this_update=this_update,
            next_update=next_update,
            number=number,
            revoked=revoked,
            options=options,
        )

    def ocsp(
        self,
        subject: x509.Certificate,
        *,
        this_update: datetime,
        next_update: datetime | None = None,
        responder: Identity | None = None,
        revoked: Revoked | None = None,
        unknown: bool = False,
        nonce: bytes = b"",
    ) -> bytes:
        """A DER OCSP response about a certificate of this authority, signed by itself or by `responder`."""
        return ocsp_answer(
            subject,
            self.certificate,
            responder=responder or self.identity,
            this_update=this_update,
            next_update=next_update,
            revoked=revoked,
            unknown=unknown,
            nonce=nonce,
        )
