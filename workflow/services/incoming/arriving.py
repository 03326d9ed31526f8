"""Arrival: a new row from a file, a paper or another agency; its facts; what it is a duplicate of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy.exc import IntegrityError

from workflow.domain.errors import BadInput, NotPermitted
from workflow.domain.incoming import Action, Source, State
from workflow.domain.numbering import normalise
from workflow.domain.outgoing import Urgency
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean, fold
from workflow.services.incoming import differences
from workflow.services.incoming.clocks import calendar_for
from workflow.services.incoming.moves import Move, apply, begin, first_line, settle
from workflow.services.intake import Received
from workflow.services.journal import local_day
from workflow.store import incoming as store
from workflow.store import office
from workflow.store.models import Incoming, IncomingFile, Intake
from workflow.store.session import UnitOfWork

ISSUER_LENGTH = 200
SUBJECT_LENGTH = 500
"""Annex VI: OrganName 200, Subject 500 characters."""

SIGNATURE = "application/pkcs7-signature"
"""Media type of a detached signature (RFC 8551, 3.2.1)."""

FILLED = ("issuer", "symbol", "issued_on", "type_code", "subject", "signer", "signer_title")
"""Facts that may be filled from what was read; urgency too, where it is the ordinary one."""

ISSUER_KINDS = frozenset({"agency", "organisation", "citizen"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an incoming document: typed by the clerk, read from the paper, or sent by the issuer."""

    issuer: str = ""
    issuer_kind: str = "agency"
    issuer_agency_id: int | None = None
    symbol: str = ""
    issued_on: dt.date | None = None
    type_code: str | None = None
    subject: str = ""
    signer: str = ""
    signer_title: str = ""
    urgency: Urgency = Urgency.NORMAL
    secret: bool = False
    copies: int = 1
    pages: int = 0
    envelope_on: dt.date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFile:
    """A received file for a document: its intake, and what was found out about it outside any transaction.

    `content_name`: of the file beside a detached signature. That file is the paper; its signature is a file too.
    """

    received: Received
    content_name: str = ""
    kind: str = "main"
    media_type: str = "application/octet-stream"
    pages: int = 0
    quarantined: bool = False
    warnings: tuple[str, ...] = ()


def arrive(
    uow: UnitOfWork, actor: Actor, *, agency_id: int, facts: Facts, source: Source, now: dt.datetime,
    files: Sequence[GivenFile] = (), once_key: str | None = None, proposals: Sequence[dict[str, Any]] = (),
    reading: str = "none",
) -> tuple[Incoming, bool]:  # fmt: skip
    """Make a row that waits to be received; the second value says whether it is new.

    The same `once_key` (a form, a delivery, a file's hash) makes one row, even at the same moment. `actor` is a
    clerk of the agency, or the system where the row comes through the exchange or a channel.
    """
    if actor.person_id is not None:
        demand(actor, Permission.RECEIVE_DOCUMENT)
        if actor.agency_id != agency_id:
            raise NotPermitted("no_permission", permission=str(Permission.RECEIVE_DOCUMENT), role=str(actor.role))
    uow.begin_write()
    if once_key and (before := store.once(uow.session, agency_id, once_key=once_key)) is not None:
        return before, False
    document = Incoming(
        agency_id=agency_id, once_key=once_key, source=source, state=State.ARRIVED, version=1, state_since=now,
        medium="paper" if source is Source.PAPER else "electronic", arrived_at=now, actor_before_id=actor.person_id,
        chain_length=0, chain_head="", proposals=list(proposals), reading=reading, due_kind="undecided",
        at_office=False, paused_since=None, quarantined=False, warnings=[], conclusion="",
    )  # fmt: skip
    _take(uow, document, facts, now=now)
    try:
        with uow.session.begin_nested():
            uow.add(document)
            uow.flush()
    except IntegrityError:  # the same one, in another process, was not durable yet when we looked
        if not once_key or (before := store.once(uow.session, agency_id, once_key=once_key)) is None:
            raise
        return before, False
    for given in files:
        _attach(uow, actor, document, given, now=now)
    listed = [given.received.intake.sha256 for given in files]
    first_line(uow, actor, document, now=now, facts={**_plain(document), "source": str(source), "files": listed})
    uow.flush()
    return document, True


def attach(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, given: GivenFile,
    now: dt.datetime,
) -> Incoming:  # fmt: skip
    """Add a received file: the scan of a paper, the envelope, an attachment that came later."""
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    if document.secret:
        raise BadInput("secret_content_refused")
    row = _attach(uow, actor, document, given, now=now)
    told = {"file": row.sha256, "kind": row.kind, "warnings": list(row.warnings)}
    apply(uow, actor, document, Action.ATTACH, now=now, move=Move(journal=told))
    return document


def _attach(
    uow: UnitOfWork, actor: Actor, document: Incoming, given: GivenFile, *, now: dt.datetime
) -> IncomingFile:
    intake: Intake = given.received.intake
    row = IncomingFile(
        incoming_id=document.id, ordinal=store.next_ordinal(uow.session, IncomingFile, document.id),
        kind=given.kind, intake_id=intake.id, sha256=intake.content_sha256 or intake.sha256,
        filename=given.content_name if intake.content_sha256 else intake.filename,
        media_type=given.media_type, pages=given.pages, quarantined=given.quarantined,
        warnings=list(given.warnings), added_at=now, added_by_id=actor.person_id,
    )  # fmt: skip
    uow.add(row)
    if intake.content_sha256:
        uow.add(
            IncomingFile(
                incoming_id=document.id, ordinal=row.ordinal + 1, kind="attachment", intake_id=intake.id,
                sha256=intake.sha256, filename=intake.filename, media_type=SIGNATURE, pages=0, quarantined=False,
                warnings=[], added_at=now, added_by_id=actor.person_id,
            )
        )  # fmt: skip
    document.warnings = sorted({*document.warnings, *given.warnings})
    document.quarantined = document.quarantined or given.quarantined
    if given.kind == "main":
        document.conclusion = intake.conclusion
        document.pages = document.pages or given.pages
    uow.flush()
    return row


def correct(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, facts: Facts,
    now: dt.datetime, remark: str = "", taken: str = "",
) -> Incoming:  # fmt: skip
    """Change the facts; after registration only with a written reason. `taken`: the fact that was taken over from
    what was read of the file."""
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    before = _plain(document)
    if document.number is not None and facts.secret != document.secret:
        raise BadInput("secret_register_fixed")
    _take(uow, document, facts, now=now)
    after = _plain(document)
    changed = {name: [before[name], after[name]] for name in after if after[name] != before[name]}
    told = {"changed": changed} | ({"taken_from_file": taken} if taken else {})
    move = Move(remark=clean(remark, multiline=True), journal=told)
    apply(uow, actor, document, Action.CORRECT, now=now, move=move)
    if taken:
        differences.answer(document, "taken", only=taken)
    differences.settle(uow, document)
    return document


def fill(uow: UnitOfWork, document: Incoming, read: Facts, *, now: dt.datetime) -> dict[str, object]:
    """In the open write: facts that nobody has given yet, from what was read; which they were, for the journal."""
    stands, before = facts_of(document), _plain(document)
    found = {name: value for name in FILLED if (value := getattr(read, name)) and not getattr(stands, name)}
    if stands.urgency is Urgency.NORMAL:
        found["urgency"] = read.urgency
    _take(uow, document, replace(stands, **found), now=now)
    return {name: value for name, value in _plain(document).items() if value != before[name]}


def with_fact(document: Incoming, name: str, value: str) -> Facts:
    """The facts with one of them as a form holds it in another's place. Raises `BadInput("fact_value")`."""
    given: Any = value
    try:
        match name:
            case "issued_on":
                given = dt.date.fromisoformat(value)
            case "urgency":
                given = Urgency(value)
            case "issuer" | "subject" | "signer":
                given = value[: {"issuer": ISSUER_LENGTH, "subject": SUBJECT_LENGTH}.get(name, 100)]
    except ValueError:
        raise BadInput("fact_value", name=name) from None
    changes: dict[str, Any] = {name: given}
    if name == "issuer":  # which agency of the installation that is, nobody has said
        changes["issuer_agency_id"] = None
    return replace(facts_of(document), **changes)


def duplicates(
    uow: UnitOfWork, scope: Scope, *, agency_id: int, facts: Facts, without: int | None = None
) -> Sequence[Incoming]:
    """Papers with the same issuer, number and date that came before; nothing where the paper has no number."""
    if not facts.symbol:
        return []
    return store.alike(
        scope, uow.session, agency_id=agency_id, symbol_key=symbol_key(facts.symbol), issued_on=facts.issued_on,
        issuer_folded=fold(clean(facts.issuer))[:ISSUER_LENGTH], without=without,
    )  # fmt: skip


def symbol_key(symbol: str) -> str:
    """Number and symbol for comparison: one spelling, folded, no blanks, no leading zeros."""
    return fold(normalise(symbol)).replace(" ", "").lstrip("0")[:60]


def _take(uow: UnitOfWork, document: Incoming, facts: Facts, *, now: dt.datetime) -> None:
    issuer, subject = clean(facts.issuer), clean(facts.subject)
    for name, text, limit in (("issuer", issuer, ISSUER_LENGTH), ("subject", subject, SUBJECT_LENGTH)):
        if len(text) > limit:
            raise BadInput(f"{name}_too_long", limit=limit, length=len(text))
    if facts.issuer_kind not in ISSUER_KINDS:
        raise BadInput("issuer_kind", kind=facts.issuer_kind)
    if facts.issued_on is not None and facts.issued_on > local_day(now):
        raise BadInput("issued_in_future", day=facts.issued_on)
    if facts.secret and document.id and store.files_of(uow.session, document.id):
        raise BadInput("secret_content_refused")
    if facts.type_code is not None:
        office.document_type(uow.session, facts.type_code)
    symbol = normalise(facts.symbol) if facts.symbol.strip() else ""
    if len(symbol) > 60:
        raise BadInput("symbol_too_long", limit=60)
    document.issuer, document.issuer_folded = issuer, fold(issuer)[:ISSUER_LENGTH]
    document.issuer_kind, document.issuer_agency_id = facts.issuer_kind, facts.issuer_agency_id
    document.symbol, document.symbol_key = symbol, symbol_key(symbol) if symbol else ""
    document.issued_on, document.type_code = facts.issued_on, facts.type_code
    document.subject, document.subject_folded = subject, fold(subject)[:SUBJECT_LENGTH]
    document.signer, document.signer_title = clean(facts.signer)[:100], clean(facts.signer_title)[:100]
    document.urgency, document.secret = facts.urgency, facts.secret
    document.copies, document.pages = max(0, facts.copies), max(0, facts.pages)
    document.envelope_on, document.note = facts.envelope_on, clean(facts.note)[:500]
    if document.id:
        settle(uow, document, calendar_for(uow, document), now=now)


def facts_of(document: Incoming) -> Facts:
    """The facts as they stand, for a form."""
    return Facts(
        issuer=document.issuer, issuer_kind=document.issuer_kind, issuer_agency_id=document.issuer_agency_id,
        symbol=document.symbol, issued_on=document.issued_on, type_code=document.type_code,
        subject=document.subject, signer=document.signer, signer_title=document.signer_title,
        urgency=Urgency(document.urgency), secret=document.secret, copies=document.copies, pages=document.pages,
        envelope_on=document.envelope_on, note=document.note,
    )  # fmt: skip


def _plain(document: Incoming) -> dict[str, object]:
    """Facts as the journal takes them."""
    found = asdict(facts_of(document))
    return {
        name: value.isoformat()
        if isinstance(value, dt.date)
        else str(value)
        if isinstance(value, Urgency)
        else value
        for name, value in found.items()
    }
