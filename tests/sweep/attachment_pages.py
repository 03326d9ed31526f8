"""Attachments: the drafter's list, each file by itself, sealed and not; where signers see them."""

from __future__ import annotations

from tests.support.attached import annex, sheet
from tests.support.live import Town
from tests.sweep.shown import Shown, shown_on
from workflow.services.documents import attachments
from workflow.store import attachments as store
from workflow.store.session import unit_of_work

_ALL = "/outgoing/<int:document_id>/attachments"
_ONE = f"{_ALL}/<int:attachment_id>"
_ASKED = "/opinions/<int:request_id>/attachments/<int:attachment_id>"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

ATTACHED: list[Shown] = [
    *shown_on(
        _ALL,
        ("drafter", "/outgoing/{attached_draft}/attachments?done=add"),
        ("drafter", "/outgoing/{bare}/attachments"),
        ("drafter", "/outgoing/{bare}/attachments", 422, True),
        ("clerk", "/outgoing/{attached_sealed}/attachments"),
        ("far_drafter", "/outgoing/{attached_draft}/attachments", 404),
    ),
    *shown_on(
        _ONE,
        ("drafter", "/outgoing/{attached_draft}/attachments/{attached_paper}"),
        ("drafter", "/outgoing/{attached_draft}/attachments/{attached_sheet}"),
        ("clerk", "/outgoing/{attached_sealed}/attachments/{attached_seal}"),
        ("far_clerk", "/outgoing/{attached_draft}/attachments/{attached_paper}", 404),
    ),
    *shown_on(f"{_ONE}/view", ("drafter", "/outgoing/{attached_draft}/attachments/{attached_paper}/view")),
    *shown_on("/outgoing/<int:document_id>", ("drafter", "/outgoing/{attached_draft}")),
    *shown_on("/sign", ("leader", "/sign?documents={attached_awaiting}")),
    *shown_on("/sign/seal", ("clerk", "/sign/seal?documents={attached_numbered}")),
]
NO_ATTACHMENT_PAGES = {
    f"{_ONE}/content": ("drafter", "/outgoing/{attached_draft}/attachments/{attached_sheet}/content", _SHEET),
    f"{_ONE}/pages/<int:number>.webp": (
        "drafter", "/outgoing/{attached_draft}/attachments/{attached_paper}/pages/1.webp", "image/webp",
    ),
    f"{_ASKED}/content": ("culture_head", "/opinions/{asked_initials}/attachments/1/content", "text/html"),
    f"{_ASKED}/pages/<int:number>.webp": (
        "culture_head", "/opinions/{asked_initials}/attachments/1/pages/1.webp", "text/html",
    ),
}  # fmt: skip


def with_attachments(town: Town, *, long: str, unbroken: str) -> dict[str, object]:
    """A draft with several files, one taken off; one before its signer, one to be sealed, one sealed."""
    papers, files = town.papers, [("Phụ lục I.pdf", annex()), ("Danh sách.xlsx", sheet())]
    draft = papers.draft(subject="Kèm phụ lục", attach=[(f"{long[:190]}.pdf", annex(long[:60])), *files])
    off = papers.attach(draft, f"{unbroken[:150]}.xlsx", sheet("bỏ"))
    papers.do(attachments.take_off, "drafter", document_id=draft, attachment_id=off,
              version=papers.row(draft).version)  # fmt: skip
    sealed = papers.sealed(subject="Đã đóng dấu cả phụ lục", attach=files)
    with unit_of_work(town.engine) as uow:
        (paper, _annex, table), (seal, _table) = (
            [row.id for row in store.of_document(uow.session, one)] for one in (draft, sealed)
        )
    return {
        "attached_draft": draft, "attached_paper": paper, "attached_sheet": table,
        "attached_sealed": sealed, "attached_seal": seal,
        "attached_awaiting": papers.awaiting(subject="Trình kèm phụ lục", attach=files),
        "attached_numbered": papers.number_signed(subject="Chờ đóng dấu cả phụ lục", attach=files),
    }  # fmt: skip
