"""What a receipt of signatures says of each: what, who, with which key and by whose leave, when, the verdict."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from workflow.domain.attachments import FIELD
from workflow.domain.bulk import Act
from workflow.domain.outgoing import State
from workflow.domain.people import Role
from workflow.domain.text import mask_personal
from workflow.store import attachments, desk, office, signing_acts
from workflow.store import documents as store
from workflow.store.models import Certificate, SigningSession
from workflow.web import format
from workflow.web.context import Current
from workflow.web.i18n import N_, _
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
    withdrawn_at: dt.datetime | None = None
    """From then on it counts for nothing."""


@dataclass(frozen=True, slots=True)
class Onward:
    """What comes next to some of the documents: words, and a button where the reader may do it."""

    words: str
    button: str = ""
    address: str = ""


def sentence(found: Sequence[Line]) -> str:
    """`3 documents signed, all valid`: by document, before the table says it by signature. What was withdrawn is
    counted by itself."""
    withdrawn = sum(line.withdrawn_at is not None for line in found)
    found = [line for line in found if line.withdrawn_at is None]
    taken_back = _("Signatures withdrawn: %(n)s.", n=format.number(withdrawn)) if withdrawn else ""
    return f"{_of_those_that_stand(found)} {taken_back}".strip() if found else taken_back


def _of_those_that_stand(found: Sequence[Line]) -> str:
    doubtful = {line.document for line in found if line.verdict.tone != "good"}
    count = len({line.document for line in found})
    if doubtful:
        return _("%(n)s documents signed, %(good)s of them valid. See the verdict of the others below.",
                 n=format.number(count), good=format.number(count - len(doubtful)))  # fmt: skip
    if count == 1:
        return _("1 document signed; every signature on it is valid.")
    return _("%(n)s documents signed, all %(n)s valid.", n=format.number(count))


def onward(here: Current, ids: Sequence[int]) -> list[Onward]:
    """By where the documents are now: what the clerk does next, and for a clerk the way there."""
    rows = desk.chosen(here.scope, here.uow.session, list(ids))
    placed = desk.with_number_on_paper(here.scope, here.uow.session, [row.id for row in rows])
    groups: dict[str, list[Any]] = {}
    for row in rows:
        state = f"{row.state}+" if row.state == State.NUMBERED and row.id in placed else row.state
        groups.setdefault(state, []).append(row)
    return [_onward(here, state, groups[state]) for state in _NEXT if state in groups]


_NEXT: dict[str, tuple[str, str]] = {
    State.AWAITING_SIGNATURE: (N_("Next: their signer signs."), ""),
    State.SIGNED: (N_("Next: the clerk gives the number, signs it and seals."), N_("Number and seal")),
    State.NUMBERED: (N_("Next: the number is signed, then the seal."), N_("Sign the number")),
    f"{State.NUMBERED}+": (N_("Next: the clerk seals."), N_("Seal")),
    State.SEALED: (N_("Next: the clerk issues."), N_("Issue")),
}
"""In the order of the road; `numbered+`: the number stands on the paper."""


def _onward(here: Current, state: str, rows: Sequence[Any]) -> Onward:
    words, button = _NEXT[state]
    if not button or here.post.role is not Role.CLERK:
        return Onward(_(words))
    ids = [row.id for row in rows]
    match state:
        case State.SIGNED:
            address = url_for("bulk.new", act=str(Act.NUMBER_AND_SEAL), documents=_ticked(rows))
        case State.SEALED if len(rows) > 1:
            address = url_for("bulk.new", act=str(Act.ISSUE), documents=_ticked(rows))
        case State.SEALED:
            address = url_for("outgoing.show", document_id=ids[0])
        case State.NUMBERED:
            address = url_for("signing.number", documents=ids, then="seal")
        case _:
            address = url_for("signing.seal", documents=ids)
    return Onward(_(words), f"{_(button)} ({format.number(len(ids))})", address)


def _ticked(rows: Sequence[Any]) -> list[str]:
    return [f"{row.id}:{row.version}" for row in rows]


def lines(here: Current, ids: Sequence[int], *, purpose: str = "", withdrawn: bool = False) -> list[Line]:
    """The judged signatures of these documents, those of one purpose or all; with those that were withdrawn too
    where a receipt is kept, for whoever has the earlier one in hand."""
    rows = desk.chosen(here.scope, here.uow.session, list(ids))
    found = [
        line
        for row in rows
        for line in _of(here, row)
        if purpose in {"", line.purpose} and (withdrawn or line.withdrawn_at is None)
    ]
    if purpose in {"", SEAL}:
        found += [line for row in rows for line in _attached(here, row)]
    return found


def _of(here: Current, row: Any) -> Iterator[Line]:
    session = here.uow.session
    latest = {found.signature_id: found for found in store.verdicts_of(session, row.id)}
    for signature, name in store.signatures_of(session, row.id):
        verdict = latest.get(signature.id)
        if verdict is None:
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
            withdrawn_at=signature.withdrawn_at,
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
