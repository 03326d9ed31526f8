"""The box of one's own signature as another program drew it, beside ours: looked at before the file is taken."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from signing import jail
from workflow.domain.errors import Refused
from workflow.domain.permissions import Permission
from workflow.services.signing import boxes, own_box, returning, tickets
from workflow.services.signing.preparing import ACTION, SignaturePurpose, live_session
from workflow.store import documents as store
from workflow.web import given_away
from workflow.web.context import act, current
from workflow.web.guards import allows
from workflow.web.i18n import N_
from workflow.web.page_images import WIDTH
from workflow.web.preflight import title_of
from workflow.web.storage import blobs

bp = Blueprint("own_box", __name__)

PATH = "/sign/sessions/<session>/<int:document_id>/box"
WHY = {
    "picture": N_("It shows a picture, lines or colours. No program can say whose signature a picture is."),
    "words": N_("It says more than name, agency and time: %(words)s"),
    "unsigned": N_("It does not say your name."),
    "unlike": N_("What it shows does not read as what is written in it; its letters may be drawn otherwise."),
    "unread": N_("No program for reading pictures is set up here, so it was not compared."),
    "": N_("What it shows is known by now; it can be taken."),
}


@bp.get(PATH)
@allows(Permission.ACT_ON_DOCUMENT)
def show(session: str, document_id: int) -> str:
    """Both pictures, what is the matter, and the question."""
    seen, purpose = _seen(session, document_id)
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    return render_template(
        "signing/own_box.html", d=document, title=title_of(document), seen=seen, why=WHY[seen.why],
        address=request.path, anew=url_for(f"elsewhere.{purpose}", documents=document_id),
    )  # fmt: skip


@bp.get(f"{PATH}.webp")
@allows(Permission.ACT_ON_DOCUMENT)
def theirs(session: str, document_id: int) -> Response:
    """The box that the other program drew."""
    seen, _purpose = _seen(session, document_id)
    return _picture(seen.picture)


@bp.get(f"{PATH}-ours.webp")
@allows(Permission.ACT_ON_DOCUMENT)
def ours(session: str, document_id: int) -> Response:
    """The same box as we would have drawn it."""
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    opened = live_session(
        here.uow, here.actor, session=session, login_session_id=here.person.session_id, now=here.now
    )
    drawing = boxes.drawing_now(
        here.uow, here.actor, document, purpose=SignaturePurpose(opened.purpose), now=here.now
    )
    return _picture(here.uow.compute(_drawn, drawing))


def _drawn(drawing: bytes) -> bytes:
    try:
        found = jail.run("workflow.adapters.pages:render", drawing, arguments={"page": 1, "width": WIDTH // 2})
    except jail.JailError as error:
        raise Refused("page_unreadable") from error
    return found.blobs[0]


def _picture(data: bytes) -> Response:
    answer = Response(data, mimetype="image/webp")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post(PATH)
@allows(Permission.ACT_ON_DOCUMENT)
def answer(session: str, document_id: int) -> Response:
    """Yes: the file is taken. No: it is forgotten, and the document waits as before."""
    here = current()
    given_away.demand_factor(here)
    inspected, purpose = _inspected(session, document_id)
    if request.form.get("answer") != "yes":
        act(
            tickets.discard, session=session, login_session_id=here.person.session_id, document_id=document_id
        )  # fmt: skip
        return redirect(url_for(f"elsewhere.{purpose}", documents=document_id))
    outcome = act(
        returning.take_back, here.scope, session=session, login_session_id=here.person.session_id,
        inspected=inspected, blobs=blobs(), looked_at=request.form.get("looked_at", "")[:64],
    )  # fmt: skip
    done = str(ACTION[purpose]) if outcome.conclusion == "passed" else None
    return redirect(url_for("outgoing.show", document_id=document_id, done=done))


def _inspected(session: str, document_id: int) -> tuple[returning.Inspected, SignaturePurpose]:
    here, login = current(), current().person.session_id
    opened = live_session(here.uow, here.actor, session=session, login_session_id=login, now=here.now)
    found = tickets.brought(
        here.uow, here.actor, here.scope, session=session, login_session_id=login, document_id=document_id,
        blobs=blobs(), now=here.now,
    )  # fmt: skip
    return found, SignaturePurpose(opened.purpose)


def _seen(session: str, document_id: int) -> tuple[own_box.Seen, SignaturePurpose]:
    here = current()
    found, purpose = _inspected(session, document_id)
    seen = returning.look(
        here.uow, here.actor, here.scope, session=session, login_session_id=here.person.session_id,
        inspected=found, now=here.now,
    )  # fmt: skip
    return seen, purpose


def lay_aside(session: str, inspected: returning.Inspected) -> str:
    """Keep a file that its signer has to look at; the answer is where."""
    here = current()
    act(
        tickets.lay_aside, session=session, login_session_id=here.person.session_id,
        document_id=inspected.document_id, data=inspected.data, blobs=blobs(),
    )  # fmt: skip
    return address(session, inspected.document_id)


def address(session: str, document_id: int) -> str:
    """Where it is looked at."""
    return url_for("own_box.show", session=session, document_id=document_id)
