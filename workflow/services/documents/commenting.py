"""Remarks on a version of a draft, perhaps on one page; answers to them; settled or still open.

Who may read the draft sees them. Who may act on it writes them, until it is signed: the paper is closed then. They
never hold a draft up: how many are open is shown and goes into the journal with the submission. Who hears of one
says `comment_notices`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.domain.errors import BadInput, Conflict, NotPermitted, WrongState
from workflow.domain.outgoing import BEFORE_SIGNING, State
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope
from workflow.domain.text import clean
from workflow.services.documents.comment_notices import tell
from workflow.services.documents.files import MAX_PAGES
from workflow.services.documents.moves import begin
from workflow.services.journal import record_document
from workflow.store import documents
from workflow.store import drafting as store
from workflow.store.models import DraftComment, FileVersion, Outgoing, PinnedRemark
from workflow.store.session import UnitOfWork

LONGEST = 2000
TWICE = dt.timedelta(seconds=30)
"""The same words by the same person in the same place within this time were sent twice: they are kept once."""


def comment(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    document_id: int,
    ordinal: int,
    words: str,
    now: dt.datetime,
    page: int | None = None,
) -> DraftComment:
    """Say something of one version.

    Raises `WrongState("comments_closed")` once signed, `BadInput`: `comment_needed`, `comment_too_long`,
    `comment_page`; `NotFound` for a document out of reach and for a file it does not have.
    """
    document, words = _begin(uow, actor, scope, document_id=document_id, words=words)
    documents.file_of(scope, uow.session, document_id, ordinal=ordinal)
    if page is not None and not 1 <= page <= MAX_PAGES:
        raise BadInput("comment_page", page=page)
    return _add(uow, actor, document, ordinal=ordinal, page=page, words=words, parent=None, now=now)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a page, in points from its lower left corner."""

    page: int
    x: float
    y: float


def pin(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    document_id: int,
    ordinal: int,
    words: str,
    spot: Spot,
    now: dt.datetime,
    earlier: bool = False,
) -> DraftComment:
    """Say something of a spot on a page of the version that was read; a remark like others, with a place.

    Raises as `comment`, and `Conflict("pin_stale")` where another version is the present one, unless whoever writes
    knows that it is an `earlier` one; `BadInput("pin_place")`.
    """
    document, words = _begin(uow, actor, scope, document_id=document_id, words=words)
    file = documents.file_of(scope, uow.session, document_id, ordinal=ordinal)
    if not 1 <= spot.page <= MAX_PAGES:
        raise BadInput("comment_page", page=spot.page)
    if not (0 <= spot.x <= FARTHEST and 0 <= spot.y <= FARTHEST):
        raise BadInput("pin_place")
    if not earlier and document.file_sha256 not in {None, file.sha256}:
        raise Conflict("pin_stale", read=ordinal, present=_present(uow, document))
    return _add(uow, actor, document, ordinal=ordinal, page=spot.page, words=words, parent=None, now=now, spot=spot)


FARTHEST = 14_400
"""Points: the longest side that a PDF's page can have (ISO 32000-1, annex C)."""


def _present(uow: UnitOfWork, document: Outgoing) -> int:
    found: list[FileVersion] = [
        one for one in documents.files_of(uow.session, document.id) if one.sha256 == document.file_sha256
    ]
    return found[-1].ordinal if found else 0


def answer(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, comment_id: int, words: str, now: dt.datetime
) -> DraftComment:
    """Answer a remark, on the same version and page. An answer to an answer joins the same thread."""
    document, words = _begin(uow, actor, scope, document_id=document_id, words=words)
    parent = store.comment(uow.session, document_id, comment_id)
    thread = parent if parent.parent_id is None else store.comment(uow.session, document_id, parent.parent_id)
    return _add(
        uow, actor, document, ordinal=thread.ordinal, page=thread.page, words=words, parent=thread.id, now=now
    )


def settle(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    document_id: int,
    comment_id: int,
    settled: bool,
    now: dt.datetime,
) -> DraftComment:
    """Say that a remark is dealt with, or that it is not after all: whoever wrote it, or the drafter.

    Raises `NotPermitted("comment_of_another")`. Said twice, it is said once.
    """
    document = begin(
        uow, actor, scope, document_id=document_id, version=None, permission=Permission.ACT_ON_DOCUMENT
    )
    _demand_open(document)
    row = store.comment(uow.session, document_id, comment_id)
    if row.parent_id is not None:
        row = store.comment(uow.session, document_id, row.parent_id)
    if actor.person_id not in {row.person_id, document.drafter_id}:
        raise NotPermitted("comment_of_another")
    if (row.settled_at is not None) == settled:
        return row
    row.settled_at, row.settled_by_id = (now, actor.person_id) if settled else (None, None)
    uow.flush()
    tag = "document:comment:settled" if settled else "document:comment:reopened"
    record_document(uow, document, tag=tag, facts={"comment": row.id}, actor=actor, now=now)
    return row


def may_settle(actor: Actor, document: Outgoing, row: DraftComment) -> bool:
    """Whether the button is shown."""
    return actor.person_id in {row.person_id, document.drafter_id} and is_open(document)


def is_open(document: Outgoing) -> bool:
    """Whether remarks are still taken."""
    return State(document.state) in BEFORE_SIGNING


def _begin(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, words: str
) -> tuple[Outgoing, str]:  # fmt: skip
    words = clean(words, multiline=True)
    if not words:
        raise BadInput("comment_needed")
    if len(words) > LONGEST:
        raise BadInput("comment_too_long", limit=LONGEST, length=len(words))
    document = begin(
        uow, actor, scope, document_id=document_id, version=None, permission=Permission.ACT_ON_DOCUMENT
    )
    _demand_open(document)
    return document, words


def _demand_open(document: Outgoing) -> None:
    if not is_open(document):
        raise WrongState("comments_closed", state=document.state)


def _add(
    uow: UnitOfWork, actor: Actor, document: Outgoing, *, ordinal: int, page: int | None, words: str,
    parent: int | None, now: dt.datetime, spot: Spot | None = None,
) -> DraftComment:  # fmt: skip
    if actor.person_id is None:
        raise NotPermitted("no_post")
    row = DraftComment(
        document_id=document.id, ordinal=ordinal, page=page, parent_id=parent, words=words,
        person_id=actor.person_id, post_id=actor.post_id, written_at=now,
    )  # fmt: skip
    place = (spot.x, spot.y) if spot is not None else None
    said = store.twin_of(uow.session, row, since=now - TWICE, place=place)
    if said is not None:
        return said
    uow.add(row)
    uow.flush()
    told: dict[str, object] = {"comment": row.id, "file": ordinal, "page": page, "answers": parent, "words": words}
    if spot is not None:
        uow.add(PinnedRemark(comment_id=row.id, x=spot.x, y=spot.y))
        told |= {"x": f"{spot.x:.2f}", "y": f"{spot.y:.2f}"}  # the journal knows no fractions
    record_document(uow, document, tag="document:comment:added", facts=told, actor=actor, now=now)
    tell(uow, document, row, now=now)
    return row
