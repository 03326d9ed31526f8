"""One document for a program: the facts behind its page, without words that only people need."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson

from workflow.domain.attachments import FIELD
from workflow.domain.outgoing import Medium
from workflow.domain.steps import Step
from workflow.services import authority
from workflow.services.documents.moves import possible_actions
from workflow.store import attachments, office, proofs
from workflow.store import documents as store
from workflow.store.fates import fate_of
from workflow.store.models import AttachmentSeal, AttachmentVerdict, Outgoing, Person, Proven, Signature, VerdictRow
from workflow.web import correction_view, spread_view
from workflow.web.api.document_schemas import TAKEN
from workflow.web.api.schemas import MOST
from workflow.web.context import Current
from workflow.web.correction_view import Corrections, Mark
from workflow.web.i18n import _
from workflow.web.offers import OFFERS, Kind, words_against

FACETS = ("integrity", "coverage", "changes_after", "path", "revocation", "algorithms", "signature_kind")

_COLUMNS = (
    "id", "code", "version", "state", "state_since", "type_code", "subject", "recipients", "urgency", "secret",
    "medium", "symbol", "number", "year", "capacity", "due_at", "step_due_at", "created_at", "signed_at",
    "numbered_at", "sealed_at", "issued_at", "closed_at", "exempt_reason", "exempt_by_id", "file_sha256", "pages",
)  # fmt: skip


def document_body(here: Current, document: Outgoing) -> dict[str, Any]:
    """What `schemas.Document` describes."""
    session = here.uow.session
    agency, unit = office.unit(session, document.agency_id), office.unit(session, document.unit_id)
    return {
        **{name: getattr(document, name) for name in _COLUMNS},
        "agency": {"id": agency.id, "name": agency.name},
        "unit": {"id": unit.id, "name": unit.name},
        "drafter": _person(here, document.drafter_id),
        "signer": _person(here, document.signer_id),
        "holder": _person(here, document.holder_id),
        "proof": _proof(proofs.of(session, document.id)),
        "attachments": [_attachment(one) for one in attachments.with_seals(session, document.id)],
        **told(correction_view.of_outgoing(here, document)),
        "gone": fate_of(session, document.id, reason="the reader has found the document"),
        **_spread(here, document),
        "actions": _actions(here, document),
        "history": _history(here, document),
        "signatures": _signatures(here, document),
    }


def _attachment(held: attachments.Held) -> dict[str, Any]:
    row, seal, said = held.row, held.seal, held.verdict
    return {
        **{name: getattr(row, name) for name in ("id", "place", "name", "kind", "media_type", "pages")},
        "sha256": held.sha256,
        "read_sha256": row.sha256,
        "sealed_at": seal.received_at if seal is not None else None,
        "verdict": _judged(said, held.judged_at, FIELD)
        if said is not None and held.judged_at is not None
        else None,
        "proof": _proof(held.proof),
    }


def _proof(row: Proven | None) -> dict[str, Any] | None:
    names = (
        "state", "stamped_at", "lasting_at", "renewals", "renewed_at", "authority", "until", "reason", "next_at",
    )  # fmt: skip
    return None if row is None else {name: getattr(row, name) for name in names}


def told(found: Corrections) -> dict[str, Any]:
    """What became of a document and what it does to an earlier one; only what is issued counts for a program."""
    return {
        "corrected_by": [_mark(one) for one in found.bears if one.standing],
        "corrects": _mark(found.does) if found.does is not None else None,
    }


def _spread(here: Current, document: Outgoing) -> dict[str, Any]:
    """Which draft a table made it of, and what a table made of it; each within the reader's reach."""
    found = spread_view.trace(here, document, shown=MOST)
    return {
        "made_of": _end(found.source, found.line) if found.source is not None else None,
        "made": [_end(one, row.line) for row, one in found.made],
        "made_count": found.count,
    }


def _end(one: Outgoing, line: int) -> dict[str, Any]:
    return {"id": one.id, "code": one.code, "symbol": one.symbol, "state": one.state, "line": line}


def _mark(one: Mark) -> dict[str, Any]:
    key = one.link.rpartition("/")[2]
    return {
        "kind": one.kind, "id": int(key) if key else None, "symbol": one.symbol, "date": one.date,
        "reason": one.reason,
    }  # fmt: skip


def _person(here: Current, person_id: int | None) -> dict[str, Any] | None:
    found = here.uow.session.get(Person, person_id) if person_id is not None else None
    return None if found is None else {"id": found.id, "name": found.full_name}


def _actions(here: Current, document: Outgoing) -> list[dict[str, Any]]:
    """What the acting post may do from here, each action once; the machine's own are left out."""
    made: dict[str, dict[str, Any]] = {}
    for step, missing in possible_actions(here.uow, here.actor, document, now=here.now):
        known = made.get(step.action)
        if OFFERS[step.action].kind is not Kind.MACHINE and (known is None or not known["possible"]):
            made[step.action] = _possible(step, missing, ink=document.medium == Medium.INK)
    return list(made.values())


def _possible(step: Step[Any, Any], missing: str, *, ink: bool) -> dict[str, Any]:
    return {
        "action": str(step.action),
        "possible": not missing,
        "missing": missing,
        "why_not": _(words_against(missing, ink=ink)) if missing else "",
        "reason_needed": step.reason,
        "here": step.action in TAKEN,
    }


def _history(here: Current, document: Outgoing) -> list[dict[str, Any]]:
    return [
        {
            "at": line.at,
            "action": line.action,
            "source": line.from_state,
            "target": line.to_state,
            "by": name,
            "remark": line.remark,
            "held_minutes": line.held_minutes,
        }
        for line, name in store.history_of(here.uow.session, document.id)
    ]


def _signatures(here: Current, document: Outgoing) -> list[dict[str, Any]]:
    latest = {row.signature_id: row for row in store.verdicts_of(here.uow.session, document.id)}
    return [
        {
            "purpose": signature.purpose,
            "by": name,
            "capacity": signature.capacity,
            "received_at": signature.received_at,
            "withdrawn_at": signature.withdrawn_at,
            "authority": _authority(here, document, signature),
            "verdict": _verdict(latest.get(signature.id), signature.field),
        }
        for signature, name in store.signatures_of(here.uow.session, document.id)
    ]


def _authority(here: Current, document: Outgoing, signature: Signature) -> dict[str, Any] | None:
    """Whether a signer was entitled on the day of signing; None for the agency's own signatures."""
    if signature.purpose != "leader":
        return None
    looked = authority.looked_up(here.uow, document, signature)
    legal = looked.told["legal"] or {}
    return {
        "entitled": str(looked.answer),
        "day": looked.day,
        "kept": looked.kept,
        "basis": looked.told["basis"],
        "mandate": looked.told["mandate"],
        "legal_basis": legal.get("symbol", ""),
        "reasons": [reason for reason in looked.told["rules"].values() if reason],
    }


def _verdict(row: VerdictRow | None, field: str) -> dict[str, Any] | None:
    return _judged(row, row.at, field) if row is not None else None


def _judged(row: VerdictRow | AttachmentSeal | AttachmentVerdict, at: dt.datetime, field: str) -> dict[str, Any]:
    listed = orjson.loads(row.body).get("signatures", ())
    found: dict[str, Any] = next((one for one in listed if one.get("field") == field), {})
    return {
        "at": at,
        "conclusion": row.conclusion,
        "reason": row.reason,
        "reasons": [str(code) for code in found.get("reasons", ())],
        "facets": {name: str(found[name]) for name in FACETS if found.get(name)},
    }
