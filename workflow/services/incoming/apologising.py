"""The letter of apology: owed where the sender is a citizen or organisation and the accepted cause is our own.

It is drafted from the case and from then on an ordinary outgoing draft: reviewed, signed, issued like any other.
"""

from __future__ import annotations

import datetime as dt

from workflow.adapters import render
from workflow.adapters.blobs import Blobs
from workflow.domain.calendar import office_time
from workflow.domain.errors import Missing, Refused
from workflow.domain.people import Actor, Capacity, Role
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean
from workflow.services.documents.drafting import DraftFacts, create_once
from workflow.services.documents.files import Place, upload_draft
from workflow.services.incoming.clocks import calendar_for
from workflow.services.incoming.explaining import Cause
from workflow.services.journal import local_day, record_incoming
from workflow.store import explanations, office
from workflow.store import incoming as store
from workflow.store.models import Explanation, Incoming, Outgoing, Reply
from workflow.store.session import UnitOfWork

CAUSE = 1500
"""Characters of the cause that the letter quotes."""


def owed(uow: UnitOfWork, document: Incoming) -> Explanation:
    """The accepted explanation that a letter answers for; refused with the reason where none does."""
    if document.issuer_kind not in {"citizen", "organisation"}:
        raise Refused("apology_to_agency")
    found: list[Explanation] = [row[0] for row in explanations.of_document(uow.session, document.id)]
    ours = [one for one in found if one.state == "accepted" and one.cause == Cause.SUBJECTIVE]
    if not ours:
        raise Missing("apology_cause", action="apology")
    return ours[-1]


def subject_of(document: Incoming) -> str:
    """The subject of the letter, within the 500 characters of Annex VI. What a secret paper is about is not said:
    the letter is an open one (Decree 30/2020, 15.2 and 22).
    """
    words = "Về việc xin lỗi do chậm giải quyết văn bản"
    if document.secret:
        return f"{words} {_paper(document)}".strip()
    return f"{words}: {document.subject}"[:500]


def _paper(document: Incoming) -> str:
    number = f"số {document.symbol}" if document.symbol else ""
    day = f"ngày {document.issued_on:%d/%m/%Y}" if document.issued_on else ""
    return " ".join(part for part in (number, day) if part)


def draft(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, form: str, now: dt.datetime
) -> tuple[Outgoing, bool]:
    """Open the draft and link it; the second value says whether it is new. The file comes by `give_file`.

    Drafted once: where a letter is there already (and was not cancelled) that one is answered.
    """
    demand(actor, Permission.DRAFT_DOCUMENT)
    uow.begin_write()
    document = store.lock(scope, uow.session, incoming_id, version=None)
    row = owed(uow, document)
    before = store.apology_of(uow.session, document.id)
    if before is not None:
        return uow.session.get_one(Outgoing, before), False
    facts = DraftFacts(
        type_code="letter", subject=subject_of(document), recipients=document.issuer,
        signer_post_id=_leader_post(uow, document, now=now), capacity=Capacity.HEAD,
    )  # fmt: skip
    made, _fresh = create_once(uow, actor, facts=facts, form=form, now=now)
    uow.add(
        Reply(
            incoming_id=document.id, outgoing_id=made.id, kind="apology", closes=False,
            linked_by_id=actor.person_id, linked_at=now,
        )
    )  # fmt: skip
    told = {"outgoing": made.id, "explanation": row.id}
    record_incoming(uow, document, tag="document:incoming:apology", facts=told, actor=actor, now=now)
    uow.flush()
    return made, True


def give_file(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, outgoing_id: int, blobs: Blobs,
    now: dt.datetime,
) -> Outgoing:  # fmt: skip
    """Set the letter from the case and give it to its draft, with the boxes where the template left room."""
    document = store.find(scope, uow.session, incoming_id)
    case = _case(uow, document, now=now)
    made = uow.compute(render.render_apology, case, made_at=now)
    places = tuple(
        Place(name=name, page=box.page, left=box.x0, bottom=box.y0, right=box.x1, top=box.y1)
        for name, box in made.boxes.items()
        if name in {"leader", "seal"}
    )
    return upload_draft(
        uow, actor, scope, document_id=outgoing_id, version=1, data=made.pdf, filename=f"xin-loi-{incoming_id}.pdf",
        blobs=blobs, places=places, now=now,
    )  # fmt: skip


def _case(uow: UnitOfWork, document: Incoming, *, now: dt.datetime) -> render.Case:
    row = owed(uow, document)
    agency = office.unit(uow.session, document.agency_id)
    unit = office.unit(uow.session, document.lead_unit_id or document.agency_id)
    ended = document.done_at or now
    days = calendar_for(uow, document).working_days_between(office_time(row.missed_at).date(), local_day(ended))
    return render.Case(
        agency=agency.name, parent=agency.superior, sender=document.issuer, symbol=document.symbol,
        sent_on=document.issued_on, subject="" if document.secret else document.subject,
        received_on=local_day(document.arrived_at),
        number=f"{document.number}/{document.year}", due_on=local_day(row.missed_at), days_late=max(1, days),
        letter_subject=subject_of(document), cause=clean(row.words, multiline=True)[:CAUSE],
        settled_on=local_day(document.done_at) if document.done_at else None,
        unit_abbreviation=unit.abbreviation,
    )  # fmt: skip


def _leader_post(uow: UnitOfWork, document: Incoming, *, now: dt.datetime) -> int | None:
    posts = office.holders(uow.session, role=Role.LEADER, on=local_day(now), agency_id=document.agency_id)
    return posts[0].id if posts else None
