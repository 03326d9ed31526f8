"""The direction slip of an incoming document as PDF, to print and put on the paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import Response

from workflow.adapters import render
from workflow.domain.incoming import Action, Part, Result
from workflow.domain.numbering import date_words
from workflow.domain.permissions import Permission
from workflow.domain.terms import DueKind
from workflow.services.journal import local_day
from workflow.store import incoming as store
from workflow.store import incoming_choices as choices
from workflow.store import office
from workflow.store.models import Incoming, Person
from workflow.web import format
from workflow.web.context import Current, current
from workflow.web.guards import allows
from workflow.web.i18n import _, pgettext
from workflow.web.incoming_view import director
from workflow.web.labels import label
from workflow.web.types import type_name
from workflow.web.views.incoming import PATH, bp


@bp.get(f"{PATH}/<int:incoming_id>/slip.pdf")
@allows(Permission.READ_INCOMING)
def slip(incoming_id: int) -> Response:
    """The slip as the case stands; parts that nobody has written yet have lines for the pen."""
    here = current()
    document = store.find(here.scope, here.uow.session, incoming_id)
    parts = choices.parts_with_names(here.uow.session, document.id)
    history = store.history_of(here.uow.session, document.id)
    agency = office.unit(here.uow.session, document.agency_id)
    made = render.Slip(
        language=here.locale,
        superior=agency.superior,
        agency=agency.name,
        title=_("Slip for settling an incoming document"),
        facts=_facts(document),
        parts=(
            _leaders(here, document, parts, history),
            _heads(document, parts, history),
            _handlers(document, history),
        ),
        footer=_("Printed at %(moment)s", moment=format.moment(here.now)),
    )
    pdf = here.uow.compute(render.render_slip, made, made_at=here.now)
    answer = Response(pdf, mimetype="application/pdf")
    name = f"phieu-{document.number or document.id}-{document.year or here.today.year}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _facts(document: Incoming) -> tuple[tuple[str, str], ...]:
    kind = type_name(document.type_code) if document.type_code else ""
    subject = _("secret") if document.secret else document.subject
    found = (
        (_("Arrival number"), f"{document.number}/{document.year}" if document.number else ""),
        (_("Arrived"), format.day(document.arrived_at)),
        (_("Sent by"), document.issuer),
        (_("Number and symbol"), document.symbol),
        (_("Date of the document"), format.day(document.issued_on) if document.issued_on else ""),
        (_("Type and subject"), f"{kind}: {subject}" if kind else subject),
        (_("Due"), format.day(document.due_at) if document.due_at else _no_due(document)),
    )
    return tuple((title, words) for title, words in found if words)


def _last(history: Sequence[Any], *actions: Action) -> tuple[Any, str] | None:
    """The newest line of one of these actions, and who took it."""
    wanted = {str(action) for action in actions}
    return next(((line, name or "") for line, name in reversed(history) if line.action in wanted), None)


def _signed(found: tuple[Any, str] | None) -> dict[str, Any]:
    return {"by": found[1], "day": _day(found[0].at)} if found else {}


def _day(moment: dt.datetime) -> str:
    return date_words(local_day(moment)).capitalize()


def _named(one: Any) -> str:
    part, unit, person, _reader = one
    words = f"{unit}: {person}" if person and part.part != Part.LEAD else unit
    return f"{words} ({_('until %(day)s', day=format.day(part.due_at))})" if part.due_at else str(words)


def _leaders(here: Current, document: Incoming, parts: Sequence[Any], history: Sequence[Any]) -> render.SlipPart:
    """Part 1: lead, coordinating units, who is to know, the opinion."""
    rows = []
    if document.directed_at is not None:
        for kind in Part:
            names = [_named(one) for one in parts if one[0].part == kind]
            if names:
                rows.append((label(kind), "; ".join(names)))
        rows.append((_("Opinion"), document.direction or "–"))
    title, given = _("1. Opinion of the agency's leader"), _last(history, Action.DIRECT) if rows else None
    leader = here.uow.session.get_one(Person, document.leader_id).full_name if document.leader_id else ""
    if rows and leader and given is None:
        return render.SlipPart(title=title, rows=tuple(rows), by=leader)
    signed = _signed((given[0], director(document, history, leader))) if given else {}
    return render.SlipPart(title=title, rows=tuple(rows), **signed)


def _heads(document: Incoming, parts: Sequence[Any], history: Sequence[Any]) -> render.SlipPart:
    """Part 2: the person, the unit's own date, the head's words."""
    title = _("2. Opinion of the unit's leader")
    lead = next((one for one in parts if one[0].part == Part.LEAD), None)
    given = _last(history, Action.ASSIGN)
    if lead is None or document.handler_id is None or given is None:
        return render.SlipPart(title=title, rows=())
    rows = [(pgettext("slip", "Assigned to"), lead[2] or "")]
    rows += [(_("Own date"), format.day(lead[0].due_at))] if lead[0].due_at else []
    rows += [(_("Opinion"), given[0].remark)] if given[0].remark else []
    return render.SlipPart(title=title, rows=tuple(rows), **_signed(given))


def _handlers(document: Incoming, history: Sequence[Any]) -> render.SlipPart:
    """Part 3: what the handler proposed or did."""
    title = _("3. Proposal of the handler")
    given = _last(history, Action.FINISH, Action.CLOSE)
    if given is None or not document.result:
        return render.SlipPart(title=title, rows=())
    rows = [(_("Result"), label(Result(document.result)))]
    rows += [(_("How it was settled"), document.result_words)] if document.result_words else []
    return render.SlipPart(title=title, rows=tuple(rows), **_signed(given))


def _no_due(document: Incoming) -> str:
    return "" if document.due_kind == DueKind.UNDECIDED else _("no deadline")
