"""Certified copies: one to approve, one to seal, one cancelled; the register, the form, who signs them."""

from __future__ import annotations

from urllib.parse import quote

from sqlalchemy import select

from tests.support.copied import act, asked, numbered, seal
from tests.support.live import Town
from tests.sweep.shown import shown_on
from workflow.domain.copies import Form
from workflow.services import copies
from workflow.services.journal import OFFICE_ZONE
from workflow.store.models import CertifiedCopy
from workflow.store.session import unit_of_work

_COPY = "/copies/<int:copy_id>"

COPY_PAGES = (
    *shown_on(
        "/copies",
        ("clerk", "/copies"),
        ("leader", "/copies?q=kh%C3%B4ng-c%C3%B3"),
        ("far_clerk", "/copies"),
        ("drafter", "/copies", 403),
    ),
    *shown_on("/copies/new", ("clerk", "/copies/new?incoming={copied_arrival}"), ("clerk", "/copies/new", 404)),
    *shown_on(
        _COPY,
        ("leader", "/copies/{copy_asked}"),
        ("clerk", "/copies/{copy_gone}"),
        ("far_clerk", "/copies/{copy_asked}", 404),
    ),
    *shown_on("/copies/signers", ("leader", "/copies/signers"), ("clerk", "/copies/signers", 403)),
    *shown_on("/sign/copy/elsewhere", ("clerk", "/sign/copy/elsewhere?documents={copy_numbered}&at={copy_moment}")),
    *shown_on("/sign/copy/agent", ("clerk", "/sign/copy/agent?documents={copy_numbered}&documents={copy_gone}")),
    *shown_on(
        "/sign/copy/remote",
        ("clerk", "/sign/copy/remote?documents={copy_numbered}&documents={copy_gone}"),
        ("clerk", "/sign/copy/remote"),
    ),
    *shown_on("/sign/copy", ("clerk", "/sign/copy?documents={copy_numbered}&documents={copy_gone}")),
)
NO_COPY_PAGES = {
    f"{_COPY}/content": ("clerk", "/copies/{copy_gone}/content", "application/pdf"),
    f"{_COPY}/print.pdf": ("clerk", "/copies/{copy_asked}/print.pdf", "text/html"),
    "/copies/export.csv": ("clerk", "/copies/export.csv", "text/csv"),
    "/copies/export.xlsx": (
        "clerk",
        "/copies/export.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "/sign/copy/<session>/<int:copy_id>.pdf": ("clerk", "/sign/copy/x/{copy_numbered}.pdf", "text/html"),
    "/sign/copy/elsewhere/<int:copy_id>.pdf": (
        "clerk",
        "/sign/copy/elsewhere/{copy_numbered}.pdf",
        "application/pdf",
    ),
    "/sign/copy/elsewhere/<int:copy_id>/drawing.pdf": (
        "clerk",
        "/sign/copy/elsewhere/{copy_numbered}/drawing.pdf?at={copy_moment}",
        "application/pdf",
    ),
    f"{_COPY}/pages/<int:number>.webp": ("clerk", "/copies/{copy_gone}/pages/1.webp", "image/webp"),
}


def copied(town: Town, *, long: str) -> dict[str, object]:
    """In each state that looks different."""
    papers = town.papers
    papers.do(
        copies.name_signer,
        "leader",
        scoped=False,
        post_id=town.office.posts["deputy"].id,
        capacity="kt",
        reason=long,
    )
    gone = numbered(papers, recipients=long)
    seal(papers, gone)
    act(papers, "clerk", copies.cancel, gone, reason=long)
    with unit_of_work(town.engine) as uow:
        arrival = uow.session.scalars(select(CertifiedCopy.incoming_id).where(CertifiedCopy.id == gone)).one()
    return {
        "copy_gone": gone, "copy_numbered": numbered(papers, incoming_id=arrival),
        "copy_asked": asked(papers, incoming_id=arrival, form=Form.RECOPY, recipients=long),
        "copied_arrival": arrival,
        "copy_moment": quote(town.clock().astimezone(OFFICE_ZONE).replace(microsecond=0).isoformat()),
    }  # fmt: skip
