"""Where issued documents are: every recipient with its state, and what the clerk writes down of copies by post."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from marshmallow import Schema
from werkzeug.wrappers import Response

from workflow.adapters import render
from workflow.adapters.xlsx_export import Sheet
from workflow.domain.dispatch import RECORDING, TRANSITIONS, Channel, DispatchState
from workflow.domain.errors import BadInput, Refused, WorkflowError
from workflow.domain.permissions import Permission
from workflow.services.exchange import dispatching
from workflow.services.exchange.dispatching import Particulars
from workflow.store import deliveries as store
from workflow.store import documents, office
from workflow.store.models import Dispatch, Outgoing
from workflow.web import delivery_list, fate_words, format
from workflow.web.context import act, current
from workflow.web.delivery_list import PATH as LIST
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.labels import label
from workflow.web.long_lists import CAP
from workflow.web.schemas.fields import Choice, Day, Text
from workflow.web.security import Policy, page_policy
from workflow.web.sheets import csv_answer, left_out, xlsx_answer
from workflow.web.types import type_names
from workflow.web.views.documents import PATH, bp

EXPORTED = 10_000
LABELS = 500
"""Copies of one sheet of labels: fifty pages."""
HEAD = (
    N_("Number and symbol"), N_("Type"), N_("Subject"), N_("Issued"), N_("Recipient"), N_("State"), N_("Since"),
    N_("Sent how"),
)  # fmt: skip
NEW, ONE = f"{PATH}/<int:document_id>/dispatches/new", f"{PATH}/<int:document_id>/dispatches/<int:dispatch_id>"


class DispatchForm(Schema):
    """What the clerk writes down."""

    name = Text(longest=300, load_default="")
    state = Choice(DispatchState, required=True)
    channel = Choice(Channel, load_default=None)
    sent_on = Day(load_default=None)
    tracking = Text(longest=100, load_default="")
    received_on = Day(load_default=None)
    receipt = Text(longest=300, load_default="")
    note = Text(longest=1000, multiline=True, load_default="")
    seen = Text(longest=40, load_default="")


@bp.get(LIST)
@allows(Permission.READ_DOCUMENT)
def deliveries() -> str:
    """The list: filters and order stand in the address."""
    here = current()
    listing = delivery_list.read(here, request.args)
    place = delivery_list.after(request.args.get("after", ""))
    found = store.page(here.scope, here.uow.session, wanted=listing.wanted, sort=listing.sort, after=place)
    rows, more = found[: store.PAGE], len(found) > store.PAGE
    count = store.count(here.scope, here.uow.session, wanted=listing.wanted, cap=CAP)
    return render_template(
        "exchange/deliveries.html", listing=listing, rows=rows, types=type_names(), how=delivery_list.how,
        words_of=delivery_list.words_of, count=format.capped(count, CAP), states=delivery_list.choices(),
        recipients=store.recipients(here.scope, here.uow.session), sorts=delivery_list.SORT_NAMES, path=LIST,
        next=listing.address(after=delivery_list.cursor(rows[-1], listing.sort)) if more else "",
        first=place is not None,
    )  # fmt: skip


@bp.get(f"{LIST}.csv")
@allows(Permission.READ_DOCUMENT)
def deliveries_csv() -> Response:
    """The list as it is filtered now."""
    head, rows = _table()
    return csv_answer(f"deliveries-{current().today:%Y%m%d}.csv", head, rows)


@bp.get(f"{LIST}.xlsx")
@allows(Permission.READ_DOCUMENT)
def deliveries_xlsx() -> Response:
    """The same as a workbook."""
    head, rows = _table()
    sheet = Sheet(_("Deliveries"), head, rows, (16.0, 14.0, 50.0, 18.0, 36.0, 24.0, 18.0, 24.0))
    return xlsx_answer(f"deliveries-{current().today:%Y%m%d}.xlsx", sheet)


@bp.get(f"{LIST}/labels.pdf")
@allows(Permission.ACT_ON_DOCUMENT)
@page_policy(Policy.DOWNLOAD)
def labels() -> Response:
    """Labels for the envelopes of what waits to be sent, narrowed as the list is; one for each recipient and
    address, with the numbers of all that is inside."""
    here = current()
    wanted = delivery_list.read(here, request.args).wanted
    inside: dict[tuple[str, str], list[str]] = {}
    found = store.to_send(here.scope, here.uow.session, wanted=wanted, limit=LABELS + 1)
    if len(found) > LABELS:
        raise BadInput("labels_many", limit=LABELS)
    for copy, document in found:
        inside.setdefault((copy.name, copy.address), []).append(document.symbol)
    if not inside:
        raise Refused("labels_none")
    sender = office.unit(here.uow.session, here.post.agency_id)
    made = [
        render.Label(
            sender=sender.name, symbols="; ".join(dict.fromkeys(symbols)), name=name,
            address=address,
        )
        for (name, address), symbols in inside.items()
    ]  # fmt: skip
    pdf = here.uow.compute(render.render_labels, made, made_at=here.now)
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="labels-{here.today:%Y%m%d}.pdf"'
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _table() -> tuple[list[str], list[tuple[str, ...]]]:
    here = current()
    listing = delivery_list.read(here, request.args)
    found = store.page(here.scope, here.uow.session, wanted=listing.wanted, sort=listing.sort, limit=EXPORTED)
    names = type_names()
    lines: list[tuple[str, ...]] = [
        (
            row.symbol, names.get(row.type_code, row.type_code), _("(secret)") if row.secret else row.subject,
            format.moment(row.issued_at), row.name, delivery_list.words_of(row)[0], format.moment(row.since),
            delivery_list.how(row),
        )
        for row in found[:EXPORTED]
    ]  # fmt: skip
    return [_(word) for word in HEAD], [*lines, *left_out(found, EXPORTED)]


@bp.get(NEW)
@allows(Permission.ACT_ON_DOCUMENT)
def new_dispatch(document_id: int) -> str:
    """A copy that the document's lines do not name: the form."""
    return _page(document_id, None, Form(values=_values(None)))


@bp.post(NEW)
@allows(Permission.ACT_ON_DOCUMENT)
def add_dispatch(document_id: int) -> Response:
    """Write it down."""
    return _take(document_id, None)


@bp.get(ONE)
@allows(Permission.ACT_ON_DOCUMENT)
def dispatch(document_id: int, dispatch_id: int) -> str:
    """What is known of one copy: the form."""
    return _page(document_id, row := _found(document_id, dispatch_id), Form(values=_values(row)))


@bp.post(ONE)
@allows(Permission.ACT_ON_DOCUMENT)
def change_dispatch(document_id: int, dispatch_id: int) -> Response:
    """Write down what became of it."""
    return _take(document_id, _found(document_id, dispatch_id))


def _found(document_id: int, dispatch_id: int) -> Dispatch:
    here = current()
    return store.dispatch_of(here.scope, here.uow.session, document_id, dispatch_id=dispatch_id)


_FIELD_OF = {
    "dispatch_received": "received_on",
    "dispatch_why": "note", "dispatch_name": "name", "dispatch_known": "name", "dispatch_order": "state",
}  # fmt: skip


def _fields(code: str, facts: Particulars) -> tuple[str, ...]:
    """Which fields a refusal is about: those that are empty, the day that cannot be."""
    if code == "dispatch_how":
        empty = (("channel", not facts.channel), ("sent_on", facts.sent_on is None))
        return tuple(name for name, is_so in empty if is_so)
    if code == "dispatch_day":
        return ("sent_on",) if facts.sent_on is not None and facts.sent_on > current().today else ("received_on",)
    return (_FIELD_OF.get(code, ""),)


def _take(document_id: int, row: Dispatch | None) -> Response:
    here, form = current(), read_form(DispatchForm)
    documents.find(here.scope, here.uow.session, document_id)
    key = row.id if row else None
    if form.good:
        data = dict(form.data)
        name, seen, data["channel"] = data.pop("name"), data.pop("seen"), str(data["channel"] or "")
        given: dict[str, Any] = {"document_id": document_id, "facts": Particulars(**data)}
        try:
            if key is None:
                act(dispatching.add, here.scope, recipient=name, **given)
            else:
                act(dispatching.record, here.scope, dispatch_id=key, seen=seen, **given)
            return see(f"{PATH}/{document_id}?noted=written#deliveries-title")
        except WorkflowError as refused:
            here.uow.rollback()
            trouble, stale = explain(refused), refused.code == "stale"
            for field in _fields(refused.code, given["facts"]):
                form.errors[field] = trouble.words(kept=stale)
            row = _found(document_id, key) if key else None
            if row is not None and stale:
                form.values["seen"] = dispatching.mark_of(row)
            return page(_page(document_id, row, form, stale=stale), trouble.status)
    return page(_page(document_id, row, form), 422)


def _values(row: Dispatch | None) -> dict[str, str]:
    made = dict.fromkeys(DispatchForm().fields, "")
    if row is None:
        return made | {"state": str(DispatchState.SENT), "sent_on": current().today.isoformat()}
    onward = DispatchState.SENT if row.state == DispatchState.TO_SEND else DispatchState(row.state)
    by_mail = row.state == DispatchState.TO_SEND and row.wanted_channel == Channel.MAIL
    return made | {
        "name": row.name, "state": str(onward), "channel": row.channel or row.wanted_channel,
        "tracking": row.tracking or (row.email[:100] if by_mail else ""),
        "sent_on": (row.sent_on or current().today).isoformat(), "receipt": row.receipt, "note": row.note,
        "received_on": row.received_on.isoformat() if row.received_on else "", "seen": dispatching.mark_of(row),
    }  # fmt: skip


def _page(document_id: int, row: Dispatch | None, form: Form, *, stale: bool = False) -> str:
    here = current()
    document: Outgoing = documents.find(here.scope, here.uow.session, document_id)
    before = DispatchState(row.state) if row else DispatchState.TO_SEND
    return render_template(
        "exchange/dispatch.html", d=document, gone=fate_words.gone(here, document), row=row, form=form,
        stale=stale, may=here.post.role in RECORDING,
        states=[(str(one), label(one)) for one in DispatchState if one in TRANSITIONS[before]],
        channels=[(str(one), label(one)) for one in Channel],
    )  # fmt: skip
