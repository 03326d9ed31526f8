"""The ĐẾN stamp as a PDF to print: on paper that arrived, never into a file that was received."""

from __future__ import annotations

import datetime as dt

from flask import render_template, request
from werkzeug.wrappers import Response

from workflow.adapters.render import ON_A_SHEET, ArrivalStamp, render_arrival_stamp, render_stamp_sheet
from workflow.domain.errors import NotFound
from workflow.domain.numbering import number_text
from workflow.domain.periods import ONE_DAY, midnight
from workflow.domain.permissions import Permission
from workflow.store import arrivals as store
from workflow.store import office
from workflow.store.models import Incoming
from workflow.web import format
from workflow.web.context import current
from workflow.web.forms import Form
from workflow.web.guards import allows
from workflow.web.row_keys import LARGEST
from workflow.web.security import Policy, page_policy
from workflow.web.views.arrivals import ONE, bp

PATH = "/incoming/stamps"
MOST = 10 * ON_A_SHEET
"""Stamps of one PDF."""
A_YEAR = dt.timedelta(days=366)


@bp.get(PATH)
@allows(Permission.RECEIVE_DOCUMENT)
def stamps() -> str:
    """What was registered on a day, to be ticked for a sheet; papers are ticked already."""
    here, day = current(), _day()
    rows = store.registered_on(
        here.scope, here.uow.session, since=midnight(day), until=midnight(day + ONE_DAY), limit=MOST
    )
    return render_template(
        "arrivals/stamps.html",
        rows=[(row, number_text(row.number or 0)) for row in rows],
        day=day,
        form=Form(values={"day": day.isoformat()}),
        places=ON_A_SHEET,
    )


@bp.get(f"{PATH}.pdf")
@allows(Permission.RECEIVE_DOCUMENT)
@page_policy(Policy.DOWNLOAD)
def stamp_sheet() -> Response:
    """The chosen ones on A4 sheets, in the order of their numbers."""
    here = current()
    wanted = [int(key) for key in request.args.getlist("documents") if key.isdecimal() and len(key) < 16]
    rows = store.some(here.scope, here.uow.session, [key for key in wanted[:MOST] if key <= LARGEST])
    if not rows:
        raise NotFound("incoming_not_found")
    text = request.args.get("skip", "0")
    skip = int(text) if text.isdecimal() and len(text) < 4 else 0
    made = [_stamp(row) for row in rows]
    pdf: bytes = here.uow.compute(render_stamp_sheet, made, made_at=here.now, skip=min(skip, ON_A_SHEET - 1))
    return _pdf(pdf, f"den-{here.today:%Y%m%d}.pdf")


@bp.get(f"{ONE}/stamp.pdf")
@allows(Permission.RECEIVE_DOCUMENT)
@page_policy(Policy.DOWNLOAD)
def stamp(incoming_id: int) -> Response:
    """One stamp, on a page of its size."""
    here = current()
    (row,) = store.some(here.scope, here.uow.session, [incoming_id]) or (None,)
    if row is None:
        raise NotFound("incoming_not_found")
    name = f"den-{row.number}-{row.year}.pdf"
    pdf: bytes = here.uow.compute(render_arrival_stamp, _stamp(row), made_at=here.now)
    return _pdf(pdf, name)


def _stamp(row: Incoming) -> ArrivalStamp:
    session = current().uow.session
    lead = office.unit(session, row.lead_unit_id).name if row.lead_unit_id else ""
    return ArrivalStamp(
        agency=office.unit(session, row.agency_id).name, number=number_text(row.number or 0),
        day=format.day(row.registered_at), passed_to=lead,
    )  # fmt: skip


def _pdf(made: bytes, name: str) -> Response:
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _day() -> dt.date:
    """The day asked for, within a year back; today where it makes no sense."""
    today = current().today
    try:
        wanted = dt.date.fromisoformat(format.iso_day(request.args.get("day", "")))
    except ValueError:
        return today
    return wanted if today - A_YEAR <= wanted <= today else today
