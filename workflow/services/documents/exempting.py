"""What is decided on an exemption from the signature rate, and who asked for it hears of it."""

from __future__ import annotations

import datetime as dt

from workflow.domain.outgoing import Action
from workflow.domain.people import Actor
from workflow.services.outbox import Note, queue
from workflow.store import documents as store
from workflow.store.models import Outgoing
from workflow.store.session import UnitOfWork

TITLES = {
    Action.APPROVE_EXEMPTION: "Đã chấp thuận miễn ký số",
    Action.REFUSE_EXEMPTION: "Không chấp thuận miễn ký số",
}
"""What offices write to each other is Vietnamese."""
DECISIONS = frozenset(TITLES)


def decide(
    uow: UnitOfWork, actor: Actor, document: Outgoing, action: Action, *, words: str, now: dt.datetime
) -> None:
    """Keep who approved it; or let the request go, which stays in the history with the reason against it. It may be
    made again. The document goes on as it stood."""
    if action is Action.APPROVE_EXEMPTION:
        document.exempt_by_id = actor.person_id
    else:
        document.exempt_reason = ""
    uow.flush()
    asker = store.last_to(uow.session, document.id, Action.REQUEST_EXEMPTION)
    if asker is None or asker == actor.person_id:
        return
    title = f"{TITLES[action]}: {document.symbol}" if document.symbol else TITLES[action]
    lines = ["Văn bản mật."] if document.secret else [document.subject, *([f"Lý do: {words}"] if words else [])]
    note = Note(
        cause=f"exemption:{document.id}:{document.version}:person:{asker}", subject=title, body="\n".join(lines),
        link=f"/outgoing/{document.id}", person_id=asker,
    )  # fmt: skip
    queue(uow, note, now=now)
