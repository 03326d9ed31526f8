"""Who signs a document beside its named signer: chosen by its drafter, with a box for each in the file."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from signing import prepare as making
from workflow.adapters.blobs import Blobs
from workflow.domain.cosigning import Part, Wanted, named
from workflow.domain.errors import BadInput, Refused, stale
from workflow.domain.outgoing import STEPS, Action, State
from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Permission, Scope, allowed
from workflow.domain.steps import require, step_for
from workflow.services.documents.files import proposed_again, replace_boxes
from workflow.services.documents.moves import Move, apply, begin, true_facts
from workflow.services.documents.plans import fields_of
from workflow.services.journal import local_day
from workflow.store import cosigning as store
from workflow.store import documents, office
from workflow.store.models import CoSigner, Outgoing, PostRow
from workflow.store.session import UnitOfWork

FIELDS = {making.FieldKind.COSIGNER: Part.COSIGNER, making.FieldKind.INITIALS: Part.INITIALS}


def choose(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, version: int, wanted: Sequence[Wanted],
    blobs: Blobs, now: dt.datetime,
) -> Outgoing:  # fmt: skip
    """Name everybody who signs before the signer, instead of whoever was named; the drafter's right while drafting.

    Boxes that stand stay where they are; new ones are proposed at the end of the last page. Raises what
    `domain.cosigning.named` raises, `BadInput("not_a_cosigner")`, `BadInput("cosigner_is_signer")`, and
    `Refused("secret_content_refused")`, since a secret document is signed on paper.
    """
    document = documents.find(scope, uow.session, document_id)
    _check(uow, actor, document, version=version)
    if document.secret and wanted:
        raise Refused("secret_content_refused")
    chosen = [(one, field, _post(uow, document, one, now=now)) for one, field in named(wanted)]
    counts = Counter(one.part for one, *_ in chosen)
    plan = _plan(uow, document, counts, blobs=blobs)
    document = begin(uow, actor, scope, document_id=document_id, version=version,
                     permission=Permission.DRAFT_DOCUMENT)  # fmt: skip
    store.clear(uow.session, document.id)
    for one, field, post in chosen:
        uow.add(
            CoSigner(document_id=document.id, person_id=post.person_id, post_id=post.id, part=str(one.part),
                     turn=one.turn, field=field)
        )  # fmt: skip
    if plan is not None:
        replace_boxes(uow, document, plan)
    told = [
        {"post": post.id, "part": str(one.part), "turn": one.turn, "field": field} for one, field, post in chosen
    ]
    apply(uow, actor, document, Action.REVISE, now=now, move=Move(remark="cosigners", journal={"cosigners": told}))
    return document


def _check(uow: UnitOfWork, actor: Actor, document: Outgoing, *, version: int) -> None:
    if document.version != version:
        raise stale(document)
    step = step_for(STEPS, State(document.state), Action.REVISE, role=actor.role)
    require(step, true_facts(uow, actor, document, step=step))


def _post(uow: UnitOfWork, document: Outgoing, one: Wanted, *, now: dt.datetime) -> PostRow:
    post = office.held_post(uow.session, one.post_id, on=local_day(now))
    if post.agency_id != document.agency_id or not allowed(Role(post.role), Permission.CO_SIGN):
        raise BadInput("not_a_cosigner")
    if post.person_id == document.signer_id:
        raise BadInput("cosigner_is_signer")
    return post


def _plan(
    uow: UnitOfWork, document: Outgoing, counts: Counter[Part], *, blobs: Blobs
) -> tuple[making.PlannedField, ...] | None:
    """The boxes with one for each; None where there is no file yet, whose upload will propose them."""
    draft = documents.latest_file(uow.session, document.id, "draft")
    if document.file_sha256 is None or draft is None:
        return None
    before = {field.name: field for field in fields_of(uow, document.id)}
    new = uow.compute(proposed_again, uow.compute(blobs.get, draft.sha256), counts)
    wanted = {f"{part}-{place}" for part, count in counts.items() for place in range(1, count + 1)}
    kept = [field for field in before.values() if field.kind not in FIELDS or field.name in wanted]
    return (*kept, *(field for field in new if field.name in wanted and field.name not in before))
