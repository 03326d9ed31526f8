"""A file that somebody holds, judged by the office's trust list. Nothing of it is kept and nothing is fetched."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import signing
from signing.cms.mime import MAX_HEADER, may_be_signature
from signing.verification.jailed import LIMITS
from workflow.config import MEGABYTE
from workflow.domain.copies import State as CopyState
from workflow.domain.errors import BadInput
from workflow.domain.outgoing import State
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, demand
from workflow.services import journal
from workflow.services.signing import attached, copied, trust
from workflow.services.signing.question import OwnQuestion, own_question
from workflow.store import attachments, copies, copy_proofs, documents, office, proofs, register_book
from workflow.store.models import CertifiedCopy, Outgoing, Setting
from workflow.store.session import UnitOfWork

HEAD = 8192
"""Bytes at the beginning that say what a file is."""

WALL = 20.0
"""Seconds after which the jail ends a check, however busy the machine: a thread waits that long at most (and the
jail's own grace). The processor time stays that of the library: 4 s and 0.2 s a megabyte."""
ANSWER = 4 * MEGABYTE
"""Bytes that the jail may answer: thousands of signatures, and no more than this process reads in a second."""
_LIMITS = dataclasses.replace(LIMITS, wall=WALL, output=ANSWER, output_per_megabyte=0)

_PDF = re.compile(rb"%PDF-")
_OUT = frozenset({State.ISSUED, State.FILED})

PUBLIC = "public_verification"
"""Name of the setting."""
LEAST, USUAL = 1, 10
"""Megabytes that a stranger's file may have."""


class Standing(StrEnum):
    """What a signed file of ours is today."""

    ISSUED = "issued"
    """The issued file: as it was sealed and sent, or with timestamps behind that."""
    EARLIER = "earlier"
    """A state on the way to what was issued then."""
    NOT_ISSUED = "not_issued"
    """Signed here, and not issued: still on its way, or cancelled."""
    WITHDRAWN = "withdrawn"
    """Signed here, and a signature on it was withdrawn before it was issued."""
    ATTACHED = "attached"
    """A sealed file that goes with what was issued."""
    COPIED = "copied"
    """A certified copy that was sealed here."""
    COPY_CANCELLED = "copy_cancelled"
    """One that was cancelled since."""


@dataclass(frozen=True, slots=True)
class Checked:
    """`document`: ours, where the bytes are those of a signed file of this office, or `copy`: a certified one that
    was made here; `standing` says of what kind."""

    verdict: signing.DocumentVerdict
    document: Outgoing | None = None
    standing: Standing | None = None
    copy: CertifiedCopy | None = None


@dataclass(frozen=True, slots=True)
class PublicCheck:
    """Whether strangers may have files checked, and how many megabytes they may send at once."""

    allowed: bool = False
    megabytes: int = USUAL


def check(
    uow: UnitOfWork, data: bytes, *, content: bytes | None = None, agency_id: int | None = None, now: dt.datetime
) -> Checked:
    """Judge a PDF, or a CMS message (`.p7s`, `.p7m`) with the `content` it may stand beside; which, the bytes say.

    Always in the jail, by the roots believed for an agency's papers; for a stranger by those believed everywhere.
    An issued file of ours is held to its plan and to what we received, any other to nothing but itself. What is
    neither gets its verdict too (malformed).
    """
    data, content = uow.compute(_message_first, data, content)
    sha256 = uow.compute(_fingerprint, data)
    document, standing = _ours(uow, sha256) if content is None else (None, None)
    copy = _copied(uow, sha256) if content is None and document is None else None
    if copy is not None:
        standing = Standing.COPY_CANCELLED if copy.state == CopyState.CANCELLED else Standing.COPIED
    asked = None
    if document is not None and standing in {Standing.ISSUED, Standing.ATTACHED}:
        asked = _question(uow, document, standing, sha256, now=now)
    elif copy is not None:
        held = copy_proofs.held(uow.session, copy)
        asked = copied.standing_question(uow, held, at=now) if held is not None else None
    if asked is not None:
        found = uow.compute(
            signing.verify_in_jail, data, trust=asked.trust, at=now, evidence=asked.evidence, policy=asked.policy,
            plan=asked.plan, owners=asked.owners, texts=asked.texts, limits=_LIMITS,
        )  # fmt: skip
        return Checked(found, document, standing, copy)
    roots, policy, evidence = trust.trust_store(uow, agency_id), trust.policy(uow), trust.evidence(uow, at=now)
    found = uow.compute(
        signing.verify_file_in_jail, data, content, trust=roots, at=now, evidence=evidence, policy=policy,
        limits=_LIMITS,
    )  # fmt: skip
    return Checked(found, document, standing)


def refuse_other_kinds(uow: UnitOfWork, data: bytes, content: bytes | None) -> None:
    """People get a sentence at once. Raises `BadInput` with `check_other_kind` or `check_two_files`."""
    if any(uow.compute(may_be_signature, given[:MAX_HEADER]) for given in (data, content or b"")):
        return
    if content is not None:
        raise BadInput("check_two_files")
    if not _PDF.search(data, 0, HEAD):
        raise BadInput("check_other_kind")


def _message_first(data: bytes, content: bytes | None) -> tuple[bytes, bytes | None]:
    """People mix them up: of two files the signature is the one that is judged."""
    if content is not None and may_be_signature(content[:MAX_HEADER]) and not may_be_signature(data[:MAX_HEADER]):
        return content, data
    return data, content


def _fingerprint(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _question(
    uow: UnitOfWork, document: Outgoing, standing: Standing | None, sha256: str, *, now: dt.datetime
) -> OwnQuestion:
    if standing is Standing.ISSUED:
        return own_question(uow, document.id, at=now)
    states = proofs.attached_files(uow.session, document.id)
    held = next(
        one
        for one in attachments.with_seals(uow.session, document.id)
        if one.seal is not None and sha256 in states[one.seal.id]
    )
    return attached.standing_question(uow, document, held, at=now)


def _copied(uow: UnitOfWork, sha256: str) -> CertifiedCopy | None:
    return copies.by_file(uow.session, sha256, reason="whoever brings the bytes has the file already")


def _ours(uow: UnitOfWork, sha256: str) -> tuple[Outgoing | None, Standing | None]:
    document = register_book.by_file(uow.session, sha256, reason="whoever brings the bytes has the file already")
    if document is None:
        document = register_book.by_attachment(uow.session, sha256, reason="the same of a file that goes with it")
        if document is None:
            return None, None
        return document, Standing.ATTACHED if document.state in _OUT else Standing.NOT_ISSUED
    if document.state not in _OUT:
        gone = any(
            signature.withdrawn_at is not None and signature.file_sha256 == sha256
            for signature, _name in documents.signatures_of(uow.session, document.id)
        )
        return document, Standing.WITHDRAWN if gone else Standing.NOT_ISSUED
    is_issued = sha256 in {document.file_sha256, *proofs.issued_files(uow.session, document.id)}
    return document, Standing.ISSUED if is_issued else Standing.EARLIER


def public_check(uow: UnitOfWork) -> PublicCheck:
    """The office's choice; nobody, until it was made."""
    value = office.setting(uow.session, PUBLIC) or {}
    return PublicCheck(bool(value.get("allowed", False)), int(value.get("megabytes", USUAL)))


def choose_public_check(
    uow: UnitOfWork, actor: Actor, *, allowed: bool, megabytes: int, most: int, now: dt.datetime
) -> None:
    """Open or shut the check to strangers. `most`: bytes that anybody may send to this service."""
    demand(actor, Permission.MANAGE_TRUST)
    if not LEAST <= megabytes <= most // MEGABYTE:
        raise BadInput("check_size", least=LEAST, most=most // MEGABYTE)
    uow.begin_write()
    row = uow.session.get(Setting, PUBLIC)
    before = dict(row.value) if row else {}
    after: dict[str, Any] = {"allowed": allowed, "megabytes": megabytes}
    if before == after:
        return
    if row is None:
        uow.add(Setting(name=PUBLIC, value=after))
    else:
        row.value = after
    facts: dict[str, object] = {"before": before, "after": after}
    journal.record(uow, subject="trust:public", tag="trust:public_verification:chosen", facts=facts, actor=actor,
                   now=now)  # fmt: skip
