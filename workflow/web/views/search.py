"""Search over incoming and outgoing documents: words, kind, type and days stand in the address."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from workflow.domain.permissions import Permission
from workflow.services import search as service
from workflow.store import search as store
from workflow.web import format
from workflow.web.context import current
from workflow.web.guards import allows
from workflow.web.search_address import Wanted, read_wanted
from workflow.web.search_rows import lines, marks_of
from workflow.web.types import type_groups

bp = Blueprint("search", __name__)

PATH = "/search"
CAP = 1000
"""Counts stop here and say so."""
TABS = ("", store.IN, store.OUT)


@bp.get(PATH)
@allows(Permission.READ_DOCUMENT)
def index() -> str:
    """Results within reach, the newest first; without words, how to search."""
    here = current()
    wanted = read_wanted(request.args, kinds=kinds())
    answer = None
    if wanted.words:
        answer = service.search(
            here.uow, here.scope, wanted.words, narrowed=wanted.narrowed, after=wanted.after, limit=store.PAGE,
            way=wanted.way,
        )  # fmt: skip
    rows = answer.rows[: store.PAGE] if answer else []
    more = answer is not None and len(answer.rows) > store.PAGE
    going_on = {"after": str(rows[-1].id), "way": str(answer.way)} if answer and rows else {}
    common, others = type_groups()
    return render_template(
        "search/results.html",
        wanted=wanted,
        answer=answer,
        rows=lines(rows, answer.asked, marks_of(here.scope, here.uow.session, rows)) if answer else [],
        count=_count(wanted, answer) if answer else "",
        next=wanted.address(PATH, **going_on) if more else "",
        tabs=[(tab, wanted.address(PATH, kind=tab)) for tab in TABS],
        types=common + others,
        path=PATH,
        quoted=wanted.address(PATH, q=f'"{wanted.words}"'),
    )


def kinds() -> tuple[str, ...]:
    """The kinds of documents that the post may read at all."""
    here = current()
    asked = ((store.OUT, Permission.READ_DOCUMENT), (store.IN, Permission.READ_INCOMING))
    return tuple(kind for kind, permission in asked if here.may(permission))


def _count(wanted: Wanted, answer: service.Answer) -> str:
    here = current()
    found = store.count(here.scope, here.uow.session, answer.asked, narrowed=wanted.narrowed, cap=CAP)
    return format.capped(found, CAP)
