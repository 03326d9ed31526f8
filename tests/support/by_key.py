"""A signature without a PDF, for tests that ask by which right it is given: keys are walked with elsewhere."""

from __future__ import annotations

import datetime as dt
import hashlib
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func, select

from signing import Conclusion, SignatureKind
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.services.signing.finishing import Judged, settle_item
from workflow.services.signing.preparing import SignaturePurpose, check_allowed
from workflow.store import documents
from workflow.store.models import Certificate, SigningItem, SigningSession
from workflow.store.session import UnitOfWork


def sign_by_key(uow: UnitOfWork, actor: Actor, scope: Scope, document_id: int, *, now: dt.datetime) -> None:
    """The write phase of a signature as `services.signing.finish` runs it, without a PDF: cryptography is not what
    is asked about here, and `test_signing_road` walks the whole road with real keys."""
    demand(actor, Permission.SIGN)
    uow.begin_write()
    document = documents.lock(scope, uow.session, document_id, version=None)
    check_allowed(uow, actor, document, purpose=SignaturePurpose.LEADER, version=document.version, now=now)
    certificate = _certificate(uow, actor, now)
    serial = uow.session.scalar(select(func.count()).select_from(SigningSession)) or 0
    opened = SigningSession(
        id_hash=hashlib.sha256(str(serial).encode()).hexdigest(), person_id=actor.person_id, post_id=actor.post_id,
        certificate_id=certificate.id, purpose="leader", created_at=now, expires_at=now + dt.timedelta(minutes=15),
    )  # fmt: skip
    uow.add(opened)
    uow.flush()
    item = SigningItem(
        session_id=opened.id, document_id=document.id, document_version=document.version, field="leader",
        capacity=document.capacity, base_sha256=document.file_sha256, prepared_sha256=document.file_sha256,
        to_be_signed=b"-", claimed_at=now,
    )  # fmt: skip
    uow.add(item)
    uow.flush()
    passed: Any = SimpleNamespace(verdict=Conclusion.PASSED, reason=None, signature_kind=SignatureKind.UNKNOWN)
    result = hashlib.sha256(f"signed {document.id}".encode()).hexdigest()
    judged = Judged(data=b"-", sha256=result, verdict=passed, whole="{}", trust_digest="0" * 64)
    settle_item(uow, actor, document, item, judged, opened=opened, now=now)


def _certificate(uow: UnitOfWork, actor: Actor, now: dt.datetime) -> Certificate:
    found = uow.session.scalars(select(Certificate).where(Certificate.person_id == actor.person_id)).first()
    if found is not None:
        return found
    made = Certificate(
        person_id=actor.person_id, sha256=hashlib.sha256(str(actor.person_id).encode()).hexdigest(), der=b"-",
        subject_name="-", issuer_name="-", serial="1", not_before=now, not_after=now + dt.timedelta(days=999),
        key_kind="p256",
        enrolled_by_id=actor.person_id, enrolled_at=now,
    )  # fmt: skip
    uow.add(made)
    uow.flush()
    return made
