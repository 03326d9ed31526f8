"""The submission slip (Phiếu trình): what a leader reads first, built from facts, opinions and initials.

At each submission it is frozen: the words as they were, append-only, with their hash in the document's journal.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from workflow.domain import opinions as rules
from workflow.domain.errors import BadInput
from workflow.domain.opinions import Kind, Verdict
from workflow.domain.outgoing import STEPS, Action, State
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope
from workflow.domain.steps import require, step_for
from workflow.domain.text import clean
from workflow.services.documents.attachments import told_of
from workflow.services.documents.moves import begin, true_facts
from workflow.services.documents.symbols import dated
from workflow.services.journal import local_day, record_document, utc
from workflow.services.opinions.initials import row_of
from workflow.store import corrections, exchange, leaving
from workflow.store import opinions as store
from workflow.store import slips as known
from workflow.store.models import Incoming, Outgoing, SlipWords
from workflow.store.session import UnitOfWork

WORDS_LENGTH = 2000
VERDICT_WORDS = {
    Verdict.AGREE: "thống nhất",
    Verdict.AGREE_WITH_REMARKS: "thống nhất, có ý kiến",
    Verdict.DISAGREE: "không thống nhất",
    Verdict.NONE: "không có ý kiến",
}
"""A slip is a paper of the office: Vietnamese, whoever reads it."""


def write_words(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, basis: str, proposal: str, now: dt.datetime
) -> SlipWords:
    """The drafter's own words for the next slip, in DRAFT and RETURNED; empty ones are proposed from what is known.

    Raises what revising raises, and `BadInput("opinion_words_too_long")`.
    """
    grounds, wish = (clean(words, multiline=True) for words in (basis, proposal))
    if max(len(grounds), len(wish)) > WORDS_LENGTH:
        raise BadInput("opinion_words_too_long", limit=WORDS_LENGTH)
    document = begin(uow, actor, scope, document_id=document_id, version=None, permission=Permission.DRAFT_DOCUMENT)
    require(
        step_for(STEPS, State(document.state), Action.REVISE, role=actor.role), true_facts(uow, actor, document)
    )
    row = store.slip_words(uow.session, document.id)
    if row is None:
        row = SlipWords(document_id=document.id)
        uow.add(row)
    row.basis, row.proposal = grounds, wish
    uow.flush()
    told = {"basis": grounds, "proposal": wish}
    record_document(uow, document, tag="document:slip:written", facts=told, actor=actor, now=now)
    return row


def freeze(uow: UnitOfWork, actor: Actor, document: Outgoing, *, now: dt.datetime) -> None:
    """Keep the slip that goes with a submission, in the open write phase of the act that submits."""
    facts = known.facts(uow.session, document.id)
    body = _body(uow, document, facts, now=now)
    row = {
        "document_id": document.id, "ordinal": facts.last + 1, "at": now, "by_id": actor.person_id,
        "to_state": str(document.state), "body": body, "digest": digest_of(body),
    }  # fmt: skip
    told = {"slip": row["ordinal"], "slip_digest": row["digest"]}
    record_document(
        uow, document, tag="document:slip:laid", facts=told, actor=actor, now=now, beside=leaving.slip(row)
    )


def digest_of(body: Mapping[str, Any]) -> str:
    """SHA-256 of a slip's words in one spelling, so that a database's own order of keys does not matter."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def body_of(uow: UnitOfWork, document: Outgoing, *, now: dt.datetime) -> dict[str, Any]:
    """Everything that a slip says, in names and not in keys: it is read again when people have moved on."""
    return _body(uow, document, known.facts(uow.session, document.id), now=now)


def _body(uow: UnitOfWork, document: Outgoing, facts: known.Facts, *, now: dt.datetime) -> dict[str, Any]:
    """The document's own columns are as the act left them; what the tables say of it is in `facts`."""
    asked = store.of_document(uow.session, document.id) if facts.asked else []
    attached = told_of(uow, document) if facts.attached else []
    present = store.present_text(uow.session, document.id) if attached else facts.draft
    opinions = [_opinion(one, present, today=local_day(now)) for one in asked]
    initials = [
        {
            "part": one.part, "unit": one.unit, "name": one.name, "in_place_of": one.in_place_of, "at": utc(one.at),
            "file": one.version, "holds": one.holds,
        }
        for one in (row_of(uow, document, asked, present=present) if asked or facts.initialled else ())
    ]  # fmt: skip
    return {
        **_content(document, facts),
        "answers": _answers(uow, document) if facts.answers else [],
        "basis": facts.basis or "",
        "opinions": opinions,
        "initials": initials,
        "proposal": facts.proposal or proposed(document, facts, opinions),
        "proposal_is_ours": not facts.proposal,
        "file": facts.draft,
        "attachments": attached,
        **({"corrects": _corrects(uow, document)} if facts.corrects else {}),
    }


def _content(document: Outgoing, facts: known.Facts) -> dict[str, Any]:
    return {
        "code": document.code,
        "subject": document.subject,
        "type": document.type_code,
        "urgency": document.urgency,
        "secret": document.secret,
        "recipients": document.recipients,
        "due": utc(document.due_at) if document.due_at else None,
        "pages": document.pages,
        "agency": facts.agency,
        "unit": facts.unit,
        "drafter": facts.drafter,
        "signer": facts.signer or "",
        "signer_title": facts.title or "",
    }


def _answers(uow: UnitOfWork, document: Outgoing) -> list[dict[str, Any]]:
    """What it answers, by number, sender and day: the slip's readers need not reach what arrived."""
    found = []
    for reply in exchange.answers_of(uow.session, document.id):
        row = uow.session.get_one(Incoming, reply.incoming_id)
        day = row.issued_on.isoformat() if row.issued_on else None
        found.append({"symbol": "" if row.secret else row.symbol, "issuer": row.issuer, "day": day})
    return found


def _corrects(uow: UnitOfWork, document: Outgoing) -> dict[str, Any]:
    """What it corrects, amends or replaces, by type, number and day, and why; of a secret one not why."""
    ((row, earlier),) = corrections.said_by_some(uow.session, [document.id], reason="named on what corrects it")
    day = dated(earlier)
    return {
        "kind": row.kind, "type": earlier.type_code, "symbol": earlier.symbol,
        "day": day.isoformat() if day else None, "reason": "" if earlier.secret else row.reason,
    }  # fmt: skip


def _opinion(one: store.Asked, present: str | None, *, today: dt.date) -> dict[str, Any]:
    state, last = one.state(present), one.said[-1] if one.said else None
    return {
        "kind": one.row.kind,
        "whom": one.whom,
        "title": one.title,
        "state": str(state),
        "late": rules.is_late(state, one.row.due_on, today),
        "due": one.row.due_on.isoformat() if one.row.due_on else None,
        "question": one.row.question,
        "withdrawn_reason": one.row.withdrawn_reason,
        "verdict": last.row.verdict if last else "",
        "words": last.row.words if last else "",
        "by": last.name if last else "",
        "in_place_of": last.in_place_of if last else "",
        "at": utc(last.row.at) if last else None,
        "on_present": last is not None and last.row.text == present,
        "file": last.row.file_ordinal if last else None,
    }


def numbered(
    uow: UnitOfWork, document: Outgoing, body: Mapping[str, Any], *, laid_at: dt.datetime | None
) -> dict[str, Any]:
    """The same slip with the number of each file in it, as pages call it: its place among the document's files.

    Slips kept before files had one number everywhere counted drafts for initials and named no file for opinions.
    What is kept stays as it is, since its hash stands in the journal; this is only for showing it.
    """
    drafts = [one for one in known.files(uow.session, document.id) if one.kind == "draft"]
    given = {
        (said.name, utc(said.row.at)): said.row.file_ordinal
        for one in store.of_document(uow.session, document.id)
        for said in one.said
    }
    initials = [
        one if "file" in one else {**one, "file": _place(drafts, one["version"])} for one in body["initials"]
    ]
    opinions = [
        one if "file" in one else {**one, "file": given.get((one["by"], one["at"]))} for one in body["opinions"]
    ]
    laid = [
        one.ordinal for one in drafts if one.sha256 == body["file"] and not (laid_at and one.added_at > laid_at)
    ]
    return {**body, "initials": initials, "opinions": opinions, "version": max(laid, default=0)}


def _place(drafts: Sequence[known.File], counted: int) -> int:
    return drafts[counted - 1].ordinal if 0 < counted <= len(drafts) else 0


def proposed(document: Outgoing, facts: known.Facts, opinions: Sequence[Mapping[str, Any]]) -> str:
    """A proposal from what is known, where the drafter wrote none: who shall sign what, and how opinions fell."""
    kind = facts.kind
    whom = f"ông/bà {facts.signer}, {facts.title}," if facts.title and facts.signer else "người có thẩm quyền"
    words = [f"Kính trình {whom} xem xét, ký ban hành {kind.lower()}: {document.subject}."]
    given = Counter(
        one["verdict"] for one in opinions if one["kind"] == Kind.OPINION and one["verdict"] and not _gone(one)
    )
    if given:
        told = ", ".join(f"{given[verdict]} {VERDICT_WORDS[verdict]}" for verdict in Verdict if given[verdict])
        words.append(f"Đã lấy ý kiến: {told}.")
    silent = Counter(one["kind"] for one in opinions if not one["verdict"] and not _gone(one))
    if count := silent[Kind.OPINION]:
        words.append(f"{count} nơi được hỏi ý kiến chưa trả lời.")
    if count := silent[Kind.INITIALS]:
        words.append(f"{count} nơi được đề nghị ký nháy chưa trả lời.")
    return " ".join(words)


def _gone(one: Mapping[str, Any]) -> bool:
    return bool(one["state"] == rules.State.WITHDRAWN)
