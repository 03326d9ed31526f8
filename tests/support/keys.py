"""Keys and trust for the small province: a root, an issuing authority, a leader's and an agency's certificate."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field

from signing import inspect_certificate
from signing.testing import Authority, Identity, Profile, Revoked, Subject
from tests.support.office import Office
from workflow.domain.people import SYSTEM_ACTOR
from workflow.services.signing import import_crl
from workflow.store.models import Certificate, TrustRoot
from workflow.store.session import unit_of_work

FOUNDED = dt.datetime(2025, 7, 1, tzinfo=dt.UTC)


@dataclass(slots=True)
class Keys:
    """The authority and what it issued, by short name of the owner (`leader`, `commune`)."""

    office: Office
    root: Authority
    issuing: Authority
    held: dict[str, Identity] = field(default_factory=dict)

    def issue(self, name: str, **options: object) -> Identity:
        """A certificate for a person or a unit of the office, not enrolled yet."""
        person = name in self.office.names
        common = self.office.names[name] if person else "Ủy ban nhân dân xã Đồng Tâm"
        subject = Subject(common_name=common, organisation="Ủy ban nhân dân xã Đồng Tâm")
        profile = Profile.PERSON if person else Profile.ORGANISATION
        self.held[name] = self.issuing.issue(subject, profile, now=FOUNDED, **options)  # type: ignore[arg-type]
        return self.held[name]

    def enrol(self, name: str) -> Certificate:
        """Enrol and confirm straight in the tables (the way there is tested in its own tests)."""
        identity = self.held[name]
        person = name in self.office.posts
        with unit_of_work(self.office.engine) as uow:
            uow.begin_write()
            row = Certificate(
                person_id=self.office.posts[name].person_id if person else None,
                agency_id=None if person else self.office.units[name],
                sha256=identity.fingerprint, der=identity.der, chain=self.issuing.der,
                public_key=inspect_certificate(identity.der).public_key,
                subject_name=identity.certificate.subject.rfc4514_string()[:200], issuer_name="CA", serial="1",
                not_before=identity.certificate.not_valid_before_utc,
                not_after=identity.certificate.not_valid_after_utc, key_kind="ec 256", status="confirmed",
                enrolled_by_id=self.office.posts["clerk"].person_id, enrolled_at=FOUNDED,
                confirmed_by_id=self.office.posts["admin"].person_id, confirmed_at=FOUNDED,
            )  # fmt: skip
            uow.add(row)
            uow.commit()
            return row

    def publish(self, *, at: dt.datetime, revoked: tuple[Revoked, ...] = ()) -> None:
        """Fresh revocation lists of both authorities."""
        for authority, entries in ((self.root, ()), (self.issuing, revoked)):
            der = authority.crl(this_update=at, revoked=entries, number=int(at.timestamp()))
            with unit_of_work(self.office.engine) as uow:
                import_crl(uow, SYSTEM_ACTOR, der=der, issuer=authority.der, source="test", now=at)
                uow.commit()

    def list_root(self) -> None:
        """Put the root on the list of those believed."""
        der = self.root.der
        with unit_of_work(self.office.engine) as uow:
            uow.begin_write()
            uow.add(
                TrustRoot(
                    sha256=hashlib.sha256(der).hexdigest(), der=der, label="Gốc thử", kind="dedicated",
                    purposes=["person", "seal"], added_at=FOUNDED,
                )
            )  # fmt: skip
            uow.commit()


def founded(office: Office) -> Keys:
    """The PKI with its root listed; nobody enrolled, no revocation list published yet."""
    root = Authority.root(now=FOUNDED)
    keys = Keys(office, root, root.subordinate(now=FOUNDED))
    keys.list_root()
    return keys
