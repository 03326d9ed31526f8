"""Why may, or may not, this person sign this? Every signer of the agency, every capacity, every rule in words."""

from __future__ import annotations

from typing import Any

from flask import render_template

from workflow.domain.outgoing import Medium
from workflow.domain.permissions import Permission
from workflow.services import authority
from workflow.store import documents as store
from workflow.store import office
from workflow.store.models import Person
from workflow.web.context import current
from workflow.web.guards import allows
from workflow.web.mandate_words import answer_words, facet_words
from workflow.web.preflight import title_of
from workflow.web.views.documents import PATH, bp


@bp.get(f"{PATH}/<int:document_id>/signers")
@allows(Permission.READ_DOCUMENT)
def signers(document_id: int) -> str:
    """As it is today; of a signed document, by which right it was signed stands above."""
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    named: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    seen: set[int] = set()
    for post, name, unit in office.signers(here.uow.session, document.agency_id, on=here.today):
        if post.person_id in seen:
            continue
        seen.add(post.person_id)
        said = authority.explained(here.uow, document, post.person_id, now=here.now)
        answers = sorted((answer_words(one) for one in said), key=lambda one: not one.allowed)
        who = {"name": name, "title": post.title, "unit": unit, "answers": answers}
        (named if post.person_id == document.signer_id else others).append(who)
    return render_template(
        "documents/signers.html", d=document, title=title_of(document), named=named, others=others,
        given=_given(document_id),
    )  # fmt: skip


def _given(document_id: int) -> list[Any]:
    """The facet of each signature that stands, or of the ink."""
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    found = [
        (name, facet_words(authority.looked_up(here.uow, document, signature)))
        for signature, name in store.signatures_of(here.uow.session, document_id)
        if signature.purpose == "leader" and signature.withdrawn_at is None
    ]
    inked = authority.looked_up_ink(here.uow, document) if document.medium == Medium.INK else None
    if inked is not None and document.signer_id is not None:
        found.append((here.uow.session.get_one(Person, document.signer_id).full_name, facet_words(inked)))
    return found
