"""What ties a draft to other papers and agencies on its form: recipients, what it answers, what it replaces."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from workflow.domain.document_types import LETTER
from workflow.domain.errors import NotFound, WorkflowError
from workflow.domain.outgoing import State
from workflow.services import replies
from workflow.services.exchange import replacing
from workflow.services.exchange.recalling import ISSUED
from workflow.services.exchange.recipients import free_text
from workflow.store import documents, incoming, office
from workflow.store import exchange as store
from workflow.store.models import Incoming, Outgoing, Unit
from workflow.web.context import Current, act, current
from workflow.web.exchange_view import reply_subject
from workflow.web.forms import Form

REPLY = "built:reply"
"""The template that an answer is begun with, unless another one or a file is chosen."""


def beginning(here: Current, asked: Mapping[str, str]) -> dict[str, str]:
    """The values of a form that answers or replaces a document in reach; nothing for any other address."""
    answered = _found(here, incoming.find, asked.get("answers", ""))
    if answered is not None:
        return _answering(here, answered)
    replaced = _found(here, documents.find, asked.get("replaces", ""))
    if replaced is not None and State(replaced.state) in ISSUED:
        return {
            "replaces": str(replaced.id), "type_code": replaced.type_code, "subject": replaced.subject,
            "recipients": free_text(here.uow, replaced), "to": " ".join(str(key) for key in to_of(replaced)),
        }  # fmt: skip
    return {}


def _answering(here: Current, row: Incoming) -> dict[str, str]:
    known = row.issuer_agency_id if row.issuer_agency_id != here.agency_id else None
    standing = {key for key, _name in store.agencies(here.uow.session, on=here.today)}
    kind = office.document_type(here.uow.session, row.type_code).name_vi if row.type_code else ""
    return {
        "answers": str(row.id), "template": REPLY, "type_code": LETTER, "subject": reply_subject(row, kind),
        "urgency": row.urgency,
        "to": str(known) if known in standing else "", "recipients": "" if known in standing else row.issuer,
    }  # fmt: skip


def _found(here: Current, query: Any, key: str) -> Any:
    """A document by what an address or a form says, if it is there and in reach."""
    if not key.isascii() or not key.isdecimal() or len(key) > 15:
        return None
    try:
        return query(here.scope, here.uow.session, int(key))
    except NotFound:
        return None


def link(document_id: int, form: Form) -> None:
    """What the form was begun for, once the draft has its key. The draft stands whatever becomes of the link."""
    wanted: tuple[tuple[Any, dict[str, Any]], ...] = (
        (replies.link, {"incoming_id": form.data.get("answers")}),
        (replacing.name_replaced, {"replaces_id": form.data.get("replaces")}),
    )
    for service, given in wanted:
        if None in given.values():
            continue
        try:
            act(service, current().scope, document_id=document_id, **given)
        except WorkflowError:  # went back to its sender meanwhile, or an address that somebody typed
            current().uow.rollback()


def beside(here: Current, form: Form, document: Outgoing | None) -> dict[str, object]:
    """What the form needs besides its fields: every agency, those ticked, and what it answers or replaces."""
    chosen = {int(key) for key in form.values.get("to", "").split()}
    rows = [(key, name) for key, name in store.agencies(here.uow.session, on=here.today, without=here.agency_id)]
    gone = chosen - {key for key, _name in rows}
    ended = [(unit.id, unit.name) for unit in _units(here, gone) if document is not None]
    return {
        "agencies": ended + sorted(rows, key=lambda row: row[0] not in chosen),
        "chosen": chosen,
        "answers": None if document else _found(here, incoming.find, form.values.get("answers", "")),
        "replaces": None if document else _found(here, documents.find, form.values.get("replaces", "")),
    }


def names_of(keys: Collection[int]) -> list[str]:
    """The names of some agencies; keys of nothing have none."""
    return [unit.name for unit in _units(current(), keys)]


def _units(here: Current, keys: Collection[int]) -> list[Unit]:
    found = (here.uow.session.get(Unit, key) for key in sorted(keys))
    return [unit for unit in found if unit is not None and unit.kind == "agency"]


def to_of(document: Outgoing) -> tuple[int, ...]:
    """The agencies that a stored draft goes to."""
    return tuple(unit.id for unit in store.recipients_of(current().uow.session, document.id))
