"""Dossiers: list them, read one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Response
from werkzeug.datastructures import MultiDict

from workflow.domain.dossiers import file_code
from workflow.domain.permissions import Permission
from workflow.domain.retention import kept_through
from workflow.services.journal import local_day
from workflow.store import dossier_list as store
from workflow.store import dossiers, office
from workflow.store.dossiers import Filed
from workflow.store.models import Dossier, Person
from workflow.web.api.base import Blueprint, answer, beginning
from workflow.web.api.dossier_schemas import DossierList, DossierOut, DossierQuery, DossierRow
from workflow.web.context import current
from workflow.web.dossier_listing import PLAIN, after, cursor, read_listing
from workflow.web.guards import allows

bp = Blueprint("dossiers_api", __name__, description="Dossiers and what stands in them")

_ROW, _ONE = DossierRow(), DossierOut()


@bp.route("/dossiers")
@bp.operation("listDossiers", HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)
@bp.response(200, DossierList)
@bp.query(DossierQuery)
@allows(Permission.READ_DOSSIER)
def index(query: Mapping[str, Any]) -> Response:
    """Dossiers within reach of the token's post

    A page at a time, by keyset: pass `next` of the answer as `after`.
    """
    here = current()
    plain = [(name, str(query[name])) for name in (*PLAIN, "sort") if query.get(name) not in {None, ""}]
    states = [("state", str(state)) for state in query["state"]]
    listing, limit = read_listing(MultiDict([*plain, *states]), today=here.today), query["limit"]
    place = beginning(query, after(listing.sort, query.get("after", "")))
    rows = store.page(
        here.scope, here.uow.session, wanted=listing.wanted, sort=listing.sort, after=place, limit=limit
    )
    shown = [row[0] for row in rows[:limit]]
    more = cursor(listing.sort, shown[-1]) if len(rows) > limit else None
    return answer({"items": [_ROW.dump(one) for one in _rows(shown)], "next": more})


@bp.route("/dossiers/<int:dossier_id>")
@bp.operation("readDossier", HTTPStatus.NOT_FOUND)
@bp.response(200, DossierOut)
@allows(Permission.READ_DOSSIER)
def show(dossier_id: int) -> Response:
    """One dossier: facts and documents in order

    A dossier out of reach is answered like one that does not exist; documents out of reach are left out.
    """
    here = current()
    dossier = dossiers.find(here.scope, here.uow.session, dossier_id)
    files = [_file(one) for one in dossiers.documents_of(here.scope, here.uow.session, dossier_id)]
    last = kept_through(dossier.ended_on, dossier.years) if dossier.ended_on else None
    plain = {name: getattr(dossier, name) for name in ("description", "outside_reason", "consent")}
    return answer(_ONE.dump({**_rows([dossier])[0], **plain, "kept_through": last, "files": files}))


_PLAIN = ("id", "notation", "year", "title", "state", "years", "term", "started_on", "ended_on", "due_on")


def _rows(found: Sequence[Dossier]) -> list[dict[str, Any]]:
    here = current()
    session = here.uow.session
    counts = dossiers.counts(here.scope, session, [one.id for one in found])
    return [
        {
            **{name: getattr(one, name) for name in _PLAIN},
            "code": file_code(office.unit(session, one.agency_id).code, one.year, one.notation),
            "unit": {"id": one.unit_id, "name": office.unit(session, one.unit_id).name},
            "maker": {"id": one.maker_id, "name": session.get_one(Person, one.maker_id).full_name},
            "documents": counts.get(one.id, 0),
        }
        for one in found
    ]


def _file(one: Filed) -> dict[str, Any]:
    day = local_day(one.day) if isinstance(one.day, dt.datetime) else one.day
    plain = ("kind", "id", "symbol", "type_code", "author", "pages", "state", "note")
    return {**{name: getattr(one, name) for name in plain}, "day": day, "subject": one.subject}
