"""Boxes of signatures that another program drew and their signer confirmed: said to whoever handles the
document."""

from __future__ import annotations

from workflow.services.journal import facts_of
from workflow.services.signing.own_box import LOOKED_AT
from workflow.store import documents as store
from workflow.store.models import Outgoing
from workflow.web.context import Current
from workflow.web.i18n import N_, _

WHY = {
    "picture": N_("it shows a picture"),
    "words": N_("it says more than name, agency and time"),
    "unsigned": N_("it does not say the signer's name"),
    "unlike": N_("its letters may be drawn otherwise than they are written"),
    "unread": N_("no program could read it"),
}


def notes(here: Current, document: Outgoing) -> list[str]:
    """One sentence for each standing signature whose box was looked at and confirmed."""
    told = facts_of(here.uow, here.scope, document.id, tag=LOOKED_AT)
    if not told:
        return []
    pages = {row.name: row.page for row in store.boxes_of(here.uow.session, document.id)}
    standing = {(row.field, row.sha256) for row in store.receipts_of(here.uow.session, document.id)}
    return [
        _sentence(pages.get(one["field"], 1), WHY[one["why"]])
        for one in told if (one["field"], one["file"]) in standing
    ]  # fmt: skip


def _sentence(page: int, why: str) -> str:
    return _(
        "Another program drew the field of this signature (page %(page)s), and its signer confirmed it: %(why)s. "
        "Look at it before number and seal.",
        page=page, why=_(why),
    )  # fmt: skip
