"""Drafting: a new document, its facts, who shall sign it."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from workflow.domain.errors import BadInput, NotPermitted
from workflow.domain.journal import utc_text
from workflow.domain.outgoing import Action, State, Urgency
from workflow.domain.people import SIGNING_ROLES, Actor, Capacity, Role
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean, fold
from workflow.services import authority, search
from workflow.services.calendar import working_calendar
from workflow.services.documents.moves import Move, apply, begin, due
from workflow.services.documents.organs import check_head, name_organ
from workflow.services.exchange import recipients
from workflow.services.journal import local_day, record_document
from workflow.store import attachments, cosigning, office
from workflow.store import documents as store
from workflow.store.models import History, Outgoing
from workflow.store.session import UnitOfWork

SUBJECT_LENGTH = 500
"""Annex VI: Subject, 500 characters."""

_CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0/O, 1/I: people type this from paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFacts:
    """What a drafter says of a document; the same fields on create and on revise."""

    type_code: str
    subject: str
    recipients: str = ""
    to: tuple[int, ...] = ()
    """Agencies of this installation, by key, in rising order."""
    units: tuple[int, ...] = ()
    """Parts of the own agency that get it when it is issued, likewise."""
    urgency: Urgency = Urgency.NORMAL
    due_at: dt.datetime | None = None
    secret: bool = False
    signer_post_id: int | None = None
    capacity: Capacity = Capacity.HEAD
    organ_id: int | None = None
    """In whose name, where the agency has several organs."""


def create(
    uow: UnitOfWork, actor: Actor, *, facts: DraftFacts, now: dt.datetime, once_key: str | None = None
) -> Outgoing:
    """Open a draft in the actor's unit."""
    demand(actor, Permission.DRAFT_DOCUMENT)
    if actor.person_id is None or actor.unit_id is None or actor.agency_id is None or actor.post_id is None:
        raise NotPermitted("no_post")
    uow.begin_write()
    document = Outgoing(
        code=new_code(), once_key=once_key, agency_id=actor.agency_id, unit_id=actor.unit_id,
        drafter_id=actor.person_id, drafter_post_id=actor.post_id, holder_id=actor.person_id, state=State.DRAFT,
        version=1,
        state_since=now, created_at=now, actor_before_id=actor.person_id, chain_length=0, chain_head="",
    )  # fmt: skip
    _take_facts(uow, document, facts, now=now)
    document.step_due_at = due(document, working_calendar(uow))
    uow.add(document)
    uow.flush()
    recipients.put(uow, document, facts.to, unit_ids=facts.units, now=now)
    _first_line(uow, actor, document, facts, now=now)
    search.index(uow, "out", document)
    return document


def create_once(
    uow: UnitOfWork, actor: Actor, *, facts: DraftFacts, form: str, now: dt.datetime
) -> tuple[Outgoing, bool]:
    """The same for a form with a name of its own: sent twice, even at the same moment, it opens one draft.

    The second value says whether it was opened now. A form that says something else now is another draft.
    """
    key = hashlib.sha256(f"{form}\n{facts!r}".encode("utf-8", "surrogatepass")).hexdigest()
    uow.begin_write()
    opened = store.opened_by(uow.session, actor.person_id or 0, once_key=key)
    if opened is not None:
        return opened, False
    try:
        with uow.session.begin_nested():
            return create(uow, actor, facts=facts, now=now, once_key=key), True
    except IntegrityError:  # the other one, in another process, was not durable yet when we looked
        opened = store.opened_by(uow.session, actor.person_id or 0, once_key=key)
        if opened is None:
            raise
        return opened, False


def _first_line(uow: UnitOfWork, actor: Actor, document: Outgoing, given: DraftFacts, *, now: dt.datetime) -> None:
    uow.add(
        History(
            document_id=document.id, ordinal=1, at=now, action=Action.CREATE, from_state="",
            to_state=document.state, person_id=actor.person_id, post_id=actor.post_id,
        )
    )  # fmt: skip
    facts = {
        "code": document.code,
        "type": document.type_code,
        "subject": document.subject,
        **_goes_to(given),
        **_clock_facts(document),
    }
    record_document(uow, document, tag="document:outgoing:create", facts=facts, actor=actor, now=now)


def revise(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    document_id: int,
    version: int,
    facts: DraftFacts,
    now: dt.datetime,
) -> Outgoing:
    """Change a draft's facts; the drafter's right, in DRAFT and RETURNED."""
    document = begin(
        uow, actor, scope, document_id=document_id, version=version, permission=Permission.DRAFT_DOCUMENT
    )
    _take_facts(uow, document, facts, now=now)
    recipients.put(uow, document, facts.to, unit_ids=facts.units, now=now)
    changed = {"type": document.type_code, "subject": document.subject, **_goes_to(facts),
               **_clock_facts(document)}  # fmt: skip
    if document.secret and cosigning.persons(uow.session, document.id):  # signed on paper, by its signer alone
        cosigning.clear(uow.session, document.id)
        changed["cosigners"] = []
    apply(uow, actor, document, Action.REVISE, now=now, move=Move(journal=changed))
    document.step_due_at = due(document, working_calendar(uow))
    uow.flush()
    return document


def _goes_to(facts: DraftFacts) -> dict[str, object]:
    """Where it goes through the system, for the journal."""
    return {"to": list(facts.to), **({"units": list(facts.units)} if facts.units else {})}


def _clock_facts(document: Outgoing) -> dict[str, object]:
    """What a report as of an earlier moment must know although the row has moved on (`services.reports`)."""
    due_at = None if document.due_at is None else utc_text(document.due_at)
    return {"signer": document.signer_id, "due": due_at, "urgency": str(document.urgency),
            "secret": document.secret}  # fmt: skip


def _take_facts(uow: UnitOfWork, document: Outgoing, facts: DraftFacts, *, now: dt.datetime) -> None:
    subject = clean(facts.subject)
    if not subject:
        raise BadInput("subject_needed")
    if len(subject) > SUBJECT_LENGTH:
        raise BadInput("subject_too_long", limit=SUBJECT_LENGTH, length=len(subject))
    if facts.secret and (document.file_sha256 is not None or _had_attachments(uow, document)):
        raise BadInput("secret_content_refused")
    document.type_code = office.document_type(uow.session, facts.type_code).code
    document.subject, document.subject_folded = subject, fold(subject)[:SUBJECT_LENGTH]
    document.recipients = clean(facts.recipients, multiline=True)
    document.urgency, document.due_at, document.secret = facts.urgency, facts.due_at, facts.secret
    name_organ(uow, document, facts.organ_id)
    _name_signer(uow, document, facts, now=now)


def _had_attachments(uow: UnitOfWork, document: Outgoing) -> bool:
    """Those taken off again too: their files are kept."""
    return document.id is not None and attachments.count_ever(uow.session, document.id) > 0


def _name_signer(uow: UnitOfWork, document: Outgoing, facts: DraftFacts, *, now: dt.datetime) -> None:
    """The signer by post, in a capacity in which they may sign this (Decree 30/2020 Art. 13)."""
    if facts.signer_post_id is None:
        document.signer_id = document.signer_post_id = None
        return
    post = office.held_post(uow.session, facts.signer_post_id, on=local_day(now))
    if post.agency_id != document.agency_id or Role(post.role) not in SIGNING_ROLES:
        raise BadInput("not_a_signer")
    if document.id is not None and post.person_id in cosigning.persons(uow.session, document.id):
        raise BadInput("cosigner_is_signer")
    authority.demand_choice(uow, document, post, facts.capacity, day=local_day(now), at=now)
    document.signer_id, document.signer_post_id = post.person_id, post.id
    document.capacity = facts.capacity
    check_head(uow, document, on=local_day(now))


def new_code() -> str:
    """A look-up code that cannot be guessed: 55 bits, three groups that can be read aloud."""
    letters = [secrets.choice(_CODE_LETTERS) for _ in range(11)]
    return f"{''.join(letters[:4])}-{''.join(letters[4:8])}-{''.join(letters[8:])}"
