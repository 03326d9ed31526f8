"""Who signs a document before its named signer: read by everybody, chosen by its drafter."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from workflow.domain.cosigning import AT_MOST, TURNS, Part, Wanted, at_turn
from workflow.domain.errors import BadInput, WorkflowError
from workflow.domain.outgoing import State
from workflow.domain.permissions import Permission
from workflow.services.documents import cosigning
from workflow.store import absences, documents, office
from workflow.store import cosigning as store
from workflow.store.models import Outgoing
from workflow.web.context import act, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import page, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.preflight import title_of
from workflow.web.storage import blobs
from workflow.web.views.documents import PATH, bp
from workflow.web.views.draft_page import EDITABLE

PARTS = {Part.COSIGNER: N_("Signs with name and title"), Part.INITIALS: N_("Puts initials to the text")}
SPARE = 3
"""Empty rows below those that are filled: one saves and goes on."""


@bp.get(f"{PATH}/<int:document_id>/cosigners")
@allows(Permission.READ_DOCUMENT)
def cosigners(document_id: int) -> str:
    """Everybody with their turn and, once it is laid before them, whether they signed."""
    here = current()
    document = documents.find(here.scope, here.uow.session, document_id)
    return _page(document, [_row(row.post_id, row.part, row.turn) for row, *_ in named(document)])


def named(document: Outgoing) -> Any:
    """(row, signature, name, title) of everybody, in the order of turns."""
    return store.named(current().uow.session, document.id)


@dataclass(frozen=True, slots=True)
class Beside:
    """Of a document before its signature. `turn`: (name, last day of their absence) of who signs first; `given`:
    whether somebody signed before its signer."""

    turn: tuple[tuple[str, dt.date | None], ...] = ()
    given: bool = False


@bp.app_template_global("beside")
def beside_of(document: Outgoing) -> Beside:
    """Whom it waits for before its signer, and whether going back undoes signatures."""
    if document.state != State.AWAITING_SIGNATURE or document.secret:
        return Beside()
    here, rows = current(), named(document)
    waits = [row for row in rows if row[1] is None]
    turn = [(row.post_id, name) for row, _signature, name, _title in waits if row.turn == waits[0][0].turn]
    posts = [post for post, _name in turn]
    away = absences.away_until(here.uow.session, posts, on=here.today) if turn else {}
    return Beside(tuple((name, away.get(post)) for post, name in turn), len(waits) < len(rows))


@bp.post(f"{PATH}/<int:document_id>/cosigners")
@allows(Permission.DRAFT_DOCUMENT)
def save_cosigners(document_id: int) -> Response:
    """Take the rows that name somebody."""
    here = current()
    document = documents.find(here.scope, here.uow.session, document_id)
    rows = [_row(*(request.form.get(f"{name}-{place}", "") for name in ("post", "part", "turn")))
            for place in range(1, AT_MOST + 1)]  # fmt: skip
    try:
        version, wanted = (
            _number(request.form.get("version", "")),
            tuple(_wanted(row) for row in rows if row["post"]),
        )
        act(
            cosigning.choose, here.scope, document_id=document_id, version=version, wanted=wanted, blobs=blobs()
        )  # fmt: skip
    except WorkflowError as refused:
        here.uow.rollback()
        trouble = explain(refused)
        return page(_page(document, [row for row in rows if row["post"]], trouble), trouble.status)
    return see(f"/outgoing/{document_id}/cosigners?saved=1")


def _row(post: object, part: object, turn: object) -> dict[str, str]:
    return {"post": str(post), "part": str(part), "turn": str(turn)}


def _wanted(row: dict[str, str]) -> Wanted:
    if row["part"] not in set(Part):
        raise BadInput("request_malformed")
    return Wanted(post_id=_number(row["post"]), part=Part(row["part"]), turn=_number(row["turn"]))


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 15:
        raise BadInput("request_malformed")
    return int(text)


def _page(document: Outgoing, rows: list[dict[str, str]], trouble: Trouble | None = None) -> str:
    here = current()
    editable = document.state in EDITABLE and document.drafter_id == here.person.person_id and not document.secret
    blank = _row("", Part.COSIGNER, min(int(rows[-1]["turn"] or 1) if rows else 1, TURNS[-1]))
    shown = [*rows, *[blank] * min(SPARE, AT_MOST - len(rows))]
    people = office.cosigners(here.uow.session, document.agency_id, on=here.today) if editable else []
    places = store.places(here.uow.session, document.id)
    turn = {one.field for one in at_turn(places)} if document.state == "awaiting_signature" else set()
    return render_template(
        "documents/cosigners.html", d=document, title=title_of(document), editable=editable, rows=shown,
        people=[(str(post.id), f"{name}, {post.title} ({unit})") for post, name, unit in people
                if post.person_id != document.signer_id],
        parts=[(str(part), _(words)) for part, words in PARTS.items()], turns=[str(one) for one in TURNS],
        named=named(document), part_words=PARTS, turn=turn, trouble=trouble, saved=request.args.get("saved") == "1",
    )  # fmt: skip
