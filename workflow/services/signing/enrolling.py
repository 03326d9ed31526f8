"""Enrolment of a certificate whose key only another program can use: a paper of ours is signed with it.

The paper names origin, person and a nonce, is made for one login and used once. It is no document: it stands in
nobody's register, has a field of its own name, and nothing that begins with its bytes can be a document here.
"""

from __future__ import annotations

import datetime as dt
import secrets

import signing
from signing import Conclusion, Purpose
from signing import prepare as making
from workflow.adapters.blobs import Blobs
from workflow.adapters.render.reports import Column, Section, TableReport, render_report
from workflow.domain.errors import BadInput, Refused
from workflow.domain.key_holders import KeyHolder
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, demand
from workflow.services.documents.files import keep
from workflow.services.signing import returning, trust
from workflow.services.signing.certificates import enter, facts_of, login_of, new_row, useful_chain
from workflow.store import certificates as store
from workflow.store.models import Certificate
from workflow.store.session import UnitOfWork

FIELD = "enrolment"
_BOX = (340.0, 120.0, 510.0, 205.0)
_MARK = "file:"
HOLDERS = (KeyHolder.TOKEN, KeyHolder.UPLOADED)
"""Where a key may lie that is enrolled by a signed paper."""


def paper(
    uow: UnitOfWork, actor: Actor, *, login_session_id: int, origin: str, blobs: Blobs, now: dt.datetime
) -> str:
    """A fresh paper to be signed, by its SHA-256; it replaces whatever challenge the login had."""
    demand(actor, Permission.ENROL_CERTIFICATE)
    made = uow.compute(paper_for, origin=origin, name=actor.name, person=str(actor.person_id), now=now)
    sha256 = uow.compute(blobs.put, made)
    uow.begin_write()
    login_of(uow, login_session_id).challenge = _MARK + sha256
    uow.flush()
    return sha256


def paper_for(*, origin: str, name: str, person: str, now: dt.datetime) -> bytes:
    """One page with one empty field; no two are alike."""
    rows = (
        ("Hệ thống", origin), ("Người đăng ký", f"{name} (mã {person})"),
        ("Mã dùng một lần", secrets.token_urlsafe(24)),
    )  # fmt: skip
    section = Section("Nội dung chứng minh", (Column("Mục", 1), Column("Giá trị", 3)), rows)
    report = TableReport(
        unit="TRÌNH KÝ", title="Giấy chứng minh đang giữ khóa ký", sections=(section,),
        subtitles=("Chỉ dùng để đăng ký chứng thư, không phải văn bản của cơ quan.",),
        footer="Ký số vào ô trống “enrolment” rồi nộp lại tệp này.",
    )  # fmt: skip
    plain = making.normalise_in_jail(render_report(report, made_at=now)).data
    field = making.PlannedField(name=FIELD, kind=making.FieldKind.LEADER, owner="signer", page=1, box=_BOX)
    return making.add_fields(plain, (field,))


def paper_file(uow: UnitOfWork, actor: Actor, *, login_session_id: int, blobs: Blobs) -> bytes:
    """The paper that waits for this login. Raises `Refused("challenge_expired")`."""
    demand(actor, Permission.ENROL_CERTIFICATE)
    return uow.compute(blobs.get, _waiting(uow, login_session_id))


def _waiting(uow: UnitOfWork, login_session_id: int) -> str:
    challenge = login_of(uow, login_session_id).challenge
    if not challenge.startswith(_MARK):
        raise Refused("challenge_expired")
    return challenge.removeprefix(_MARK)


def enrol_by_paper(
    uow: UnitOfWork, actor: Actor, *, login_session_id: int, data: bytes, holder: str, for_agency: bool,
    blobs: Blobs, now: dt.datetime,
) -> Certificate:  # fmt: skip
    """Enrol the certificate that signed the paper of this login; a second person confirms it, as always.

    Raises `BadInput("returned_…")` where anything but the signature was added, `BadInput("possession_not_proven")`
    where that does not hold, and what `enrol` raises.
    """
    demand(actor, Permission.ENROL_CERTIFICATE)
    if for_agency:
        demand(actor, Permission.SEAL)
    if holder not in HOLDERS:
        raise BadInput("request_malformed")
    sent_sha256 = _waiting(uow, login_session_id)
    seen = returning.examine(uow, document_id=0, item=FIELD, data=data, base=sent_sha256, blobs=blobs)
    returning.demand_sound(seen.found, FIELD)
    _demand_possession(uow, actor, seen, now=now)
    certificate = seen.found.der
    facts = facts_of(uow, certificate)
    purpose = Purpose.SEAL if for_agency else Purpose.PERSON
    chain = useful_chain(uow, actor, certificate, chain=seen.found.chain, purpose=purpose, now=now)
    row = new_row(actor, facts, certificate=certificate, chain=chain, for_agency=for_agency, now=now)
    row.holder = holder
    row.proof = {"paper": sent_sha256, "signed": seen.sha256}
    uow.compute(blobs.put, data)
    made = enter(uow, actor, facts, row, challenge=_MARK + sent_sha256, login_session_id=login_session_id, now=now)
    keep(uow, sha256=seen.sha256, size=len(data), now=now)  # the proof, to be shown again
    return made


def _demand_possession(uow: UnitOfWork, actor: Actor, seen: returning.Inspected, *, now: dt.datetime) -> None:
    """The signature on the paper holds; only a fresh revocation list may be missing."""
    sha256 = seen.found.certificate
    known = store.live(uow.session, sha256)
    if known is not None:
        raise Refused("certificate_enrolled_already")
    verdict = uow.compute(
        signing.verify_in_jail, seen.data, trust=trust.trust_store(uow, actor.agency_id), at=now,
        evidence=trust.evidence(uow, at=now, received_at=now, about=(sha256,)), policy=trust.policy(uow), both=True,
    )  # fmt: skip
    found = verdict.signature(FIELD)
    if found is None or found.signer is None or found.signer.certificate_sha256 != sha256:
        raise BadInput("possession_not_proven", cause="signature_wrong")
    open_only = found.verdict is Conclusion.INDETERMINATE and set(found.reasons) <= returning.WAITABLE
    if found.verdict is not Conclusion.PASSED and not open_only:
        raise BadInput("possession_not_proven", cause=str(found.reason))
