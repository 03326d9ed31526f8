"""What a receipt of signatures says of each: what, who, with which key and by whose leave, when, the verdict."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain.attachments import FIELD
from workflow.domain.text import mask_personal
from workflow.store import attachments, desk, office, signing_acts
from workflow.store import documents as store
from workflow.store.models import Certificate, SigningSession
from workflow.web import format
from workflow.web.context import Current
from workflow.web.i18n import _
from workflow.web.preflight import title_of
from workflow.web.verdict_words import HOLDERS, PURPOSES, Told, key_words, told

SEAL = "seal"


@dataclass(frozen=True, slots=True)
class Line:
    """One signature. `leave`: who allowed the server's key, empty for a key that somebody holds. `act`: the code of
    the act it was made in, and its key for who may read the journal."""

    document: int
    title: str
    purpose: str
    who: str
    key: str
    leave: str
    at: dt.datetime
    sha256: str
    verdict: Told
    act: str = ""
    act_id: int | None = None


def lines(here: Current, ids: Sequence[int], *, purpose: str = "") -> list[Line]:
    """The live, judged signatures of these documents, those of one purpose or all."""
    rows = desk.chosen(here.scope, here.uow.session, list(ids))
    found = [line for row in rows for line in _of(here, row) if purpose in {"", line.purpose}]
    if purpose in {"", SEAL}:
        found += [line for row in rows for line in _attached(here, row)]
    return found


def _of(here: Current, row: Any) -> Iterator[Line]:
    session = here.uow.session
    latest = {found.signature_id: found for found in store.verdicts_of(session, row.id)}
    for signature, name in store.signatures_of(session, row.id):
        verdict = latest.get(signature.id)
        if signature.withdrawn_at is not None or verdict is None:
            continue
        certificate = session.get_one(Certificate, signature.certificate_id)
        yield Line(
            document=row.id,
            title=title_of(row),
            purpose=signature.purpose,
            who=name,
            key=f"{key_words(signature.key_holder, signature.control)}: {_named(certificate)}",
            leave=_leave(here, certificate, signature),
            at=signature.received_at,
            sha256=signature.file_sha256,
            verdict=told(verdict.body, field=signature.field, conclusion=verdict.conclusion, reason=verdict.reason),
            act=_code_of(session, signature.act_id),
            act_id=signature.act_id,
        )


def _code_of(session: Any, act_id: int | None) -> str:
    """In two groups of five; empty for signatures of before there were acts. One act is asked for once."""
    act = session.get(SigningSession, act_id) if act_id is not None else None
    return f"{act.manifest_code[:5]} {act.manifest_code[5:]}" if act is not None and act.manifest_code else ""


def _attached(here: Current, row: Any) -> Iterator[Line]:
    """The seals on what goes with a document."""
    session = here.uow.session
    found = attachments.with_seals(session, row.id)
    acts = signing_acts.of_files(session, row.id, [held.seal.sha256 for held in found if held.seal is not None])
    for held in found:
        seal, said = held.seal, held.verdict
        if seal is None or said is None:
            continue
        certificate = session.get_one(Certificate, seal.certificate_id)
        act = acts.get(seal.sha256)
        key = (
            _(HOLDERS.get(seal.key_holder, seal.key_holder))
            if act is None
            else key_words(seal.key_holder, act.control)
        )
        yield Line(
            document=row.id,
            title=f"{title_of(row)} · {held.row.name}",
            purpose=SEAL,
            who=attachments.sealed_by(session, seal)[0],
            key=f"{key}: {_named(certificate)}",
            leave=_leave(here, certificate, seal),
            at=seal.received_at,
            sha256=seal.sha256,
            verdict=told(said.body, field=FIELD, conclusion=said.conclusion, reason=said.reason),
            act=_code_of(session, act.id if act is not None else None),
            act_id=act.id if act is not None else None,
        )


def _named(certificate: Certificate) -> str:
    return f"{mask_personal(certificate.subject_name)}, {certificate.serial}"


def _leave(here: Current, certificate: Certificate, signature: Any) -> str:
    if signature.key_holder != "server_seal" or certificate.agency_id is None:
        return ""
    found = office.server_seal_leave(here.uow.session, certificate.agency_id, until=signature.received_at)
    if found is None:
        return _("the head of the agency")
    name, at = found
    return _("%(name)s on %(day)s", name=name, day=format.day(at))


def purpose_words(line: Line) -> str:
    """The signature's name."""
    return _(PURPOSES[line.purpose])
