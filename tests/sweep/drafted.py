"""Drafts that were written here, with versions and comments, and an office's own templates."""

from __future__ import annotations

import datetime as dt

from tests.support.live import Town
from workflow.domain.outgoing import Action
from workflow.services.documents import agreeing, commenting, templates, writing


def drafted(town: Town, *, long: str, unbroken: str) -> dict[str, object]:
    """A returned draft in two versions, commented on by its head; templates with long names."""
    papers = town.papers
    document_id = papers.draft(file=False, subject=long, recipients=f"Sở Nội vụ\n{unbroken}")
    _write(town, document_id, "Ủy ban nhân dân xã có ý kiến như sau:\n- Biên chế: 24 người.\n" + f"{long}\n" * 3)
    papers.act("drafter", document_id, Action.SUBMIT)
    said = papers.do(commenting.comment, "head", document_id=document_id, ordinal=2, page=1, words=unbroken)
    papers.do(commenting.answer, "drafter", document_id=document_id, comment_id=said.id, words="Xin tiếp thu.")
    done = papers.do(commenting.comment, "head", document_id=document_id, ordinal=2, words="Thiếu căn cứ.")
    papers.do(commenting.settle, "head", document_id=document_id, comment_id=done.id, settled=True)
    papers.act("head", document_id, Action.RETURN, f"Rà lại số liệu. {unbroken}")
    papers.now += dt.timedelta(minutes=1)
    _write(town, document_id, "Ủy ban nhân dân xã có ý kiến như sau:\n- Biên chế: 26 người.\n" + f"{long}\n" * 3)
    papers.now -= dt.timedelta(minutes=1)
    for name in (unbroken[:100], "Thông báo lịch tiếp công dân"):
        row = papers.do(
            templates.add, "clerk", scoped=False, type_code="notice", name=name, basis="", body=f"{long} {unbroken}"
        )  # fmt: skip
    papers.do(templates.end, "clerk", scoped=False, template_id=row.id)
    return {"written": document_id, "pinned": _pinned(town, unbroken)}


def _pinned(town: Town, words: str) -> int:
    """Before the head: agreed with, and two remarks on its page, one dealt with."""
    papers = town.papers
    document_id = papers.awaiting(subject=words)
    for y in (500.0, 560.0):
        said = papers.do(
            commenting.pin, "leader", document_id=document_id, ordinal=3, words=f"{y} {words}",
            spot=commenting.Spot(page=1, x=300.0, y=y),
        )  # fmt: skip
    papers.do(commenting.settle, "leader", document_id=document_id, comment_id=said.id, settled=True)
    papers.do(agreeing.agree, "leader", document_id=document_id, version=papers.row(document_id).version)
    return document_id


def _write(town: Town, document_id: int, body: str) -> None:
    papers = town.papers
    papers.do(
        writing.write, "drafter", document_id=document_id, version=papers.row(document_id).version, basis="",
        body=body, template="built:letter", blobs=papers.blobs,
    )  # fmt: skip
