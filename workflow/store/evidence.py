"""Queries for revocation evidence that the clock asks for: addresses, OCSP answers, how authorities stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from workflow.store.models import Certificate, Crl, EvidencePlace, EvidenceWatch, OcspAnswer, PostRow


def usable(session: Session, *, at: dt.datetime, after: int, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Confirmed certificates in their term, in order behind one: (id, sha256, der, chain, subject_name)."""
    query = (
        select(Certificate.id, Certificate.sha256, Certificate.der, Certificate.chain, Certificate.subject_name)
        .where(Certificate.status == "confirmed", Certificate.not_after > at, Certificate.id > after)
        .order_by(Certificate.id)
        .limit(limit)
    )
    return session.execute(query).all()


def in_use(
    session: Session, *, at: dt.datetime, on: dt.date, after: int, limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """(certificate, agency) of the same; the agency is the first where its person has a post, or its own. The rows
    are let go: they are read while others are judged."""
    posted = (
        select(PostRow.person_id, func.min(PostRow.agency_id).label("agency_id"))
        .where(PostRow.valid_from <= on, or_(PostRow.valid_to.is_(None), PostRow.valid_to >= on))
        .group_by(PostRow.person_id)
        .subquery()
    )
    query = (
        select(Certificate, func.coalesce(Certificate.agency_id, posted.c.agency_id).label("agency_id"))
        .outerjoin(posted, posted.c.person_id == Certificate.person_id)
        .where(Certificate.status == "confirmed", Certificate.not_after > at, Certificate.id > after)
        .order_by(Certificate.id)
        .limit(limit)
    )
    found = session.execute(query).all()
    for row in found:
        session.expunge(row.Certificate)
    return found


def places(session: Session) -> Sequence[EvidencePlace]:
    """Every address, by whom it is about."""
    order = (EvidencePlace.issuer_name, EvidencePlace.kind, EvidencePlace.url, EvidencePlace.key)
    return session.scalars(select(EvidencePlace).order_by(*order)).all()


def place(session: Session, key: str) -> EvidencePlace | None:
    """One address, held for writing."""
    return session.get(EvidencePlace, key, with_for_update=True, populate_existing=True)


def keep_places(session: Session, wanted: Mapping[str, EvidencePlace]) -> None:
    """The addresses that certificates in use name now; what is known of those that stay is kept."""
    known = set(session.scalars(select(EvidencePlace.key)))
    if gone := sorted(known - wanted.keys()):
        session.execute(delete(EvidencePlace).where(EvidencePlace.key.in_(gone)))
    session.add_all(row for key, row in sorted(wanted.items()) if key not in known)
    session.flush()


def all_due(session: Session, *, now: dt.datetime) -> None:
    """Every address is asked at the next turn."""
    session.execute(update(EvidencePlace).values(next_at=now), execution_options={"synchronize_session": False})


def newest_of_series(session: Session, issuer_key: str) -> dt.datetime | None:
    """When the newest list of a series was published."""
    return session.scalar(select(func.max(Crl.this_update)).where(Crl.issuer_key == issuer_key))


def newest_about(session: Session, certificate_sha256: str) -> dt.datetime | None:
    """When the newest answer about a certificate was given."""
    query = select(func.max(OcspAnswer.this_update)).where(OcspAnswer.certificate_sha256 == certificate_sha256)
    return session.scalar(query)


def dates_about(session: Session, certificate_sha256: str, *, until: dt.datetime) -> Row[*tuple[Any, ...]] | None:
    """(published, due) of the newest answer about a certificate that was out at a moment."""
    query = (
        select(OcspAnswer.this_update.label("published"), OcspAnswer.next_update.label("due"))
        .where(OcspAnswer.certificate_sha256 == certificate_sha256, OcspAnswer.this_update <= until)
        .order_by(OcspAnswer.this_update.desc())
        .limit(1)
    )
    return session.execute(query).first()


def _newest(until: dt.datetime) -> Any:
    return (
        select(OcspAnswer.certificate_sha256, func.max(OcspAnswer.this_update).label("newest"))
        .where(OcspAnswer.this_update <= until)
        .group_by(OcspAnswer.certificate_sha256)
    )


def answers_about(
    session: Session, certificates: Collection[str], *, until: dt.datetime
) -> Sequence[Row[*tuple[Any, ...]]]:
    """(sha256, der, about) of the newest answer about each of some certificates that was out at a moment; of one
    that says revoked too, whatever a later one says."""
    if not certificates:
        return ()
    newest = _newest(until).where(OcspAnswer.certificate_sha256.in_(sorted(certificates))).subquery()
    query = (
        select(OcspAnswer.sha256, OcspAnswer.der, OcspAnswer.certificate_sha256.label("about"))
        .join(newest, newest.c.certificate_sha256 == OcspAnswer.certificate_sha256)
        .where(
            OcspAnswer.this_update <= until,
            or_(OcspAnswer.this_update == newest.c.newest, OcspAnswer.status == "revoked"),
        )
        .order_by(OcspAnswer.sha256)
    )
    return session.execute(query).all()


def answers(session: Session, digests: Collection[str]) -> Sequence[OcspAnswer]:
    """OCSP answers by the SHA-256 of their DER; digests of anything else find nothing."""
    if not digests:
        return ()
    query = select(OcspAnswer).where(OcspAnswer.sha256.in_(sorted(digests)))
    return session.scalars(query.order_by(OcspAnswer.sha256)).all()


def answered(session: Session, *, at: dt.datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """(one certificate, how many, published, due) of usable certificates with an answer, by issuer and chain; the
    dates are those of the answer that is the oldest of the newest."""
    newest = _newest(at).subquery()
    groups = (
        select(
            func.min(Certificate.id).label("id"), func.count().label("many"),
            func.min(OcspAnswer.this_update).label("published"), func.min(OcspAnswer.next_update).label("due"),
        )
        .join(newest, newest.c.certificate_sha256 == Certificate.sha256)
        .join(
            OcspAnswer,
            and_(
                OcspAnswer.certificate_sha256 == newest.c.certificate_sha256,
                OcspAnswer.this_update == newest.c.newest,
            ),
        )
        .where(Certificate.status == "confirmed", Certificate.not_after > at)
        .group_by(Certificate.issuer_name, Certificate.chain)
        .subquery()
    )  # fmt: skip
    query = select(Certificate.der, groups.c.many, groups.c.published, groups.c.due)
    return session.execute(query.join(groups, groups.c.id == Certificate.id).order_by(Certificate.id)).all()


def watches(session: Session) -> dict[tuple[str, str], EvidenceWatch]:
    """How each authority stood when it was last told."""
    rows = session.scalars(select(EvidenceWatch).with_for_update()).all()
    return {(row.issuer_name, row.issuer_key_id): row for row in rows}


def unwatch(session: Session, issuers: Collection[tuple[str, str]]) -> None:
    """Authorities that no certificate in use depends on any more."""
    for name, key in sorted(issuers):
        session.execute(
            delete(EvidenceWatch).where(EvidenceWatch.issuer_name == name, EvidenceWatch.issuer_key_id == key)
        )
