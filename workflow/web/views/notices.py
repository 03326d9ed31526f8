"""Messages in the app: one's own notices, and what went to the official addresses of one's units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.notices import REMOTE, Told
from workflow.domain.people import Role
from workflow.domain.permissions import Permission
from workflow.services import outbox
from workflow.services.notice_words import Line, Said, say
from workflow.store import channels
from workflow.store import outbox as store
from workflow.store.documents import PAGE
from workflow.store.models import Outbox
from workflow.web import channel_words, report_words
from workflow.web.context import act_for_oneself, current
from workflow.web.forms import see
from workflow.web.guards import allows, signed_in
from workflow.web.i18n import VIETNAMESE, locale

bp = Blueprint("notices", __name__)

OWN = "everybody reads their own notices"


@bp.get("/notices")
@signed_in(OWN)
def index() -> str:
    """One's own notices, the latest first."""
    here = current()
    found = store.for_person(here.uow.session, here.person.person_id, before=_before())
    return render_template(
        "notices/own.html", rows=_told(found[:PAGE]), more=len(found) > PAGE, words=report_words,
        units=here.may(Permission.SEE_REPORTS),
    )  # fmt: skip


@bp.get("/notices/units")
@allows(Permission.SEE_REPORTS)
def units() -> str:
    """What was sent to the official addresses, readable here with or without a mail server."""
    here = current()
    found = store.for_units(here.figures_scope, here.uow.session, before=_before())
    return render_template(
        "notices/units.html", rows=_told(found[:PAGE]), more=len(found) > PAGE, words=report_words,
        no_server=store.NO_SERVER,
    )  # fmt: skip


@bp.get("/notices/undelivered")
@allows(Permission.SEE_REPORTS)
def undelivered() -> str:
    """What came back or was given up, of one's units and the people in them."""
    here = current()
    scope = here.scope if here.post.role is Role.UNIT_HEAD else here.figures_scope
    found = channels.undelivered(scope, here.uow.session, today=here.today, before=_before())
    return render_template(
        "notices/undelivered.html", rows=found[:PAGE], more=len(found) > PAGE, states=report_words.MESSAGES,
        words=channel_words,
    )  # fmt: skip


@bp.post("/notices/<int:notice_id>/read")
@signed_in(OWN)
def read(notice_id: int) -> Response:
    """Mark one read and go where it leads."""
    notice = act_for_oneself(outbox.mark_read, notice_id)
    inside = notice.link.startswith("/") and not notice.link.startswith("//")
    return see(notice.link if inside else "/notices")


@bp.post("/notices/read")
@signed_in(OWN)
def read_all() -> Response:
    """Mark all of them read."""
    act_for_oneself(outbox.mark_all_read)
    return see("/notices")


def _told(rows: Sequence[Any]) -> list[tuple[Any, Said, str]]:
    """(row, what it says, language of its words): the reader's, but of an old one that it was written in."""
    made = []
    for row in rows:
        told = Told.read(row.code, row.params)
        if told is None:
            made.append((row, Said(row.subject, (Line(row.body),)), VIETNAMESE))
        else:
            made.append((row, say(told, locale()), locale()))
    return made


@bp.app_template_global("remote_ended")
def remote_ended() -> list[tuple[Outbox, Said]]:
    """For the desk: how one's remote requests ended, as far as no page of theirs showed it and nobody read it."""
    here = current()
    if not here.person.notices:  # the head of the page counted them already
        return []
    rows = store.unread_kinds(here.uow.session, here.person.person_id, REMOTE, limit=3)
    return [(row, say(told, locale())) for row in rows if (told := Told.read(row.code, row.params))]


def _before() -> int | None:
    text = request.args.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
