"""Issuing sends: every agency that a document names has it, verdict and all, in the transaction of the issue.

The file is not copied: sender and receivers name one blob. Its verdict is the one that stands about it already;
only where an agency believes other roots than the sender it is judged anew, by `look_ahead`, before the write
begins (docs/decisions/15-exchange.md).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import signing
from signing import DocumentVerdict
from workflow.adapters.blobs import Blobs
from workflow.adapters.inspecting import inspect_in_jail
from workflow.domain.attachments import file_name
from workflow.domain.errors import Missing
from workflow.domain.exchange import Status
from workflow.domain.file_warnings import FileWarning, quarantined
from workflow.domain.incoming import Source
from workflow.domain.notices import Kind, Told
from workflow.domain.outgoing import Action, Urgency
from workflow.domain.people import SYSTEM_ACTOR
from workflow.domain.permissions import Scope
from workflow.services import intake
from workflow.services.documents.symbols import dated
from workflow.services.exchange import recipients
from workflow.services.exchange.acknowledging import notify, write
from workflow.services.exchange.naming import about
from workflow.services.incoming import arriving
from workflow.services.journal import local_day
from workflow.services.signing import attached, trust
from workflow.services.signing.question import OwnQuestion, own_question
from workflow.services.signing.roots import believed_for, standing
from workflow.store import attachments, documents, office
from workflow.store import exchange as store
from workflow.store.models import Delivery, Incoming, Outgoing, Person, PostRow, Unit
from workflow.store.session import UnitOfWork

WHY = "issued to agencies that do not reach the sender's papers"
PDF = "application/pdf"

Verdicts = Mapping[str, intake.Judged]
"""List of roots and policy (`_rules`) → what they say of a file."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What was judged before the write: SHA-256 of a file → its verdicts; of a spreadsheet → what to be careful
    about, as inspection knows it today.
    """

    verdicts: Mapping[str, Verdicts] = field(default_factory=dict)
    warnings: Mapping[str, tuple[FileWarning, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A file that goes out. `verdicts`: those that stand about it already."""

    sha256: str
    filename: str
    media_type: str = PDF
    pages: int = 0
    kind: str = "main"
    verdicts: Verdicts = field(default_factory=dict)


def look_ahead(uow: UnitOfWork, scope: Scope, *, document_id: int, blobs: Blobs, now: dt.datetime) -> Ahead:
    """Judge a document for the recipients whose roots are others than those of its stored verdict; in the jail, and
    once for each list of roots, and so everything that goes with it. Mostly there is nothing to do but for
    spreadsheets, which bear no seal that was judged before.
    """
    if not documents.bears_file(uow.session, document_id):
        return Ahead()
    document = documents.find(scope, uow.session, document_id)
    listed, policy = standing(uow), trust.policy(uow)
    agencies = _agencies(recipients.reached(uow, document, on=local_day(now)))
    believed = [believed_for(uow, listed, agency.id) for agency in agencies]
    by_rules = {_rules(roots, policy): roots for roots in believed}
    made: dict[str, Verdicts] = {}
    warned: dict[str, tuple[FileWarning, ...]] = {}
    for sent in _files(uow, document) if by_rules else ():
        wanted = {rules: roots for rules, roots in by_rules.items() if rules not in sent.verdicts}
        if wanted:
            asked = _question(uow, document, sent, now=now)
            data = uow.compute(blobs.get, sent.sha256)
            made[sent.sha256] = _judged(uow, sent, asked, wanted, data=data, now=now)
            if sent.media_type != PDF:
                warned[sent.sha256] = uow.compute(inspect_in_jail, data, filename=sent.filename).warnings
    return Ahead(made, warned)


def _question(uow: UnitOfWork, document: Outgoing, sent: Sent, *, now: dt.datetime) -> OwnQuestion:
    if sent.sha256 == document.file_sha256:
        return own_question(uow, document.id, at=now)
    held = next(one for one in attachments.with_seals(uow.session, document.id) if one.sha256 == sent.sha256)
    return attached.standing_question(uow, document, held, at=now)


def _judged(
    uow: UnitOfWork, sent: Sent, asked: OwnQuestion, wanted: Mapping[str, signing.TrustStore], *, data: bytes,
    now: dt.datetime,
) -> Verdicts:  # fmt: skip
    found = {}
    for rules, roots in wanted.items():
        if sent.media_type == PDF:
            verdict = uow.compute(
                signing.verify_in_jail, data, trust=roots, at=now, evidence=asked.evidence, policy=asked.policy,
                plan=asked.plan, owners=asked.owners, texts=asked.texts,
            )  # fmt: skip
        else:
            verdict = uow.compute(
                signing.verify_file_in_jail, data, None, trust=roots, at=now, evidence=asked.evidence,
                policy=asked.policy,
            )  # fmt: skip
        found[rules] = intake.Judged(verdict, verdict.to_json(), now)
    return found


def deliver(
    uow: UnitOfWork, document: Outgoing, reached: Sequence[recipients.Reached], *, now: dt.datetime,
    ahead: Ahead | None = None,
) -> Sequence[Delivery]:  # fmt: skip
    """Lay a document that is being issued before every agency it names, each once. `reached`: today's.

    Raises `Missing("recipients_judged")` where an agency believes other roots and nobody looked ahead, or the roots
    changed since: issuing again judges again.
    """
    agencies = _agencies(reached)
    if not agencies:
        return []
    files = _files(uow, document)
    facts, clerks = _facts(uow, document), store.clerks_of(uow.session, [a.id for a in agencies], on=local_day(now))
    listed, policy = standing(uow), trust.policy(uow)
    before = {one.agency_id for one in _deliveries(uow, document.id)}
    made = []
    for agency in agencies:
        if agency.id in before:
            continue
        rules = _rules(believed_for(uow, listed, agency.id), policy)
        given = _all_given(uow, agency, files, ahead or Ahead(), rules, now=now)
        row = _arrival(uow, document, agency, facts, given, now=now)
        made.append(_sent(uow, document, row, now=now))
        _tell(uow, row, clerks.get(agency.id, []), now=now)
    return made


def _deliveries(uow: UnitOfWork, document_id: int) -> Sequence[Delivery]:
    return store.deliveries_to_change(uow.session, document_id, reason=WHY)


def _agencies(reached: Sequence[recipients.Reached]) -> list[Unit]:
    """Where it will arrive, each once, in the order in which rows are locked."""
    found = {one.agency.id: one.agency for one in reached if one.agency}
    return [found[key] for key in sorted(found)]


def _files(uow: UnitOfWork, document: Outgoing) -> list[Sent]:
    """The document's file, then what is attached to it; nothing of a secret paper."""
    if document.file_sha256 is None or document.secret:
        return []
    own = Sent(
        sha256=document.file_sha256, filename=_filename(document), pages=document.pages,
        verdicts=_stored(uow, document),
    )  # fmt: skip
    held = attachments.with_seals(uow.session, document.id)
    return [own, *(_attached(document, one) for one in held)]


def _attached(document: Outgoing, held: attachments.Held) -> Sent:
    row, said, stored = held.row, held.verdict, {}
    if said is not None and held.judged_at is not None:
        verdict = DocumentVerdict.from_json(said.body)
        rules = f"{said.trust_digest} {verdict.policy_digest}"
        if verdict.sha256 == held.sha256:  # else it is about the file without the timestamps behind it
            stored = {rules: intake.Judged(verdict, said.body, held.judged_at)}
    return Sent(
        sha256=held.sha256, filename=file_name(document.symbol or document.code, row), kind="attachment",
        media_type=row.media_type, pages=row.pages, verdicts=stored,
    )  # fmt: skip


def _stored(uow: UnitOfWork, document: Outgoing) -> Verdicts:
    """The verdict that stands about the document's own file, by the roots it rests on."""
    row = store.newest_whole_verdict(uow.session, document, reason=WHY) if document.file_sha256 else None
    if row is None:
        return {}
    verdict = DocumentVerdict.from_json(row.body)
    return {f"{row.trust_digest} {verdict.policy_digest}": intake.Judged(verdict, row.body, row.at)}


def _rules(roots: signing.TrustStore, policy: signing.Policy) -> str:
    """What a verdict rests on besides the file."""
    return f"{roots.digest} {policy.digest}"


def _all_given(
    uow: UnitOfWork, agency: Unit, files: Sequence[Sent], ahead: Ahead, rules: str, *, now: dt.datetime
) -> list[arriving.GivenFile]:
    """The files in their order, taken over by hash: two issues that bring the same ones wait in a row."""
    order = sorted(range(len(files)), key=lambda place: files[place].sha256)
    found = {place: _given(uow, agency, files[place], ahead, rules, now=now) for place in order}
    return [found[place] for place in range(len(files))]


def _given(
    uow: UnitOfWork, agency: Unit, sent: Sent, ahead: Ahead, rules: str, *, now: dt.datetime
) -> arriving.GivenFile:
    """A file as the receiver gets it, with the verdict by the roots that they believe. A spreadsheet was looked
    through in the jail when it was attached: it is told as what it is, not held back."""
    held = {**sent.verdicts, **ahead.verdicts.get(sent.sha256, {})}.get(rules)
    if held is None:
        raise Missing("recipients_judged", action=str(Action.ISSUE), agency=agency.name)
    received = intake.take_over(
        uow, agency_id=agency.id, sha256=sent.sha256, filename=sent.filename, judged=held, now=now
    )
    warnings = () if sent.media_type == PDF else ahead.warnings.get(sent.sha256, (FileWarning.OFFICE_FILE,))
    return arriving.GivenFile(
        received=received, media_type=sent.media_type, pages=sent.pages, kind=sent.kind, warnings=warnings,
        quarantined=quarantined(one for one in warnings if one is not FileWarning.OFFICE_FILE),
    )  # fmt: skip


def _facts(uow: UnitOfWork, document: Outgoing) -> arriving.Facts:
    """Everything the register of arrivals asks for. The draft's own due date is the sender's affair."""
    signer = uow.session.get(Person, document.signer_id) if document.signer_id else None
    post = uow.session.get(PostRow, document.signer_post_id) if document.signer_post_id else None
    return arriving.Facts(
        issuer=office.unit(uow.session, document.agency_id).name, issuer_agency_id=document.agency_id,
        symbol=document.symbol, issued_on=dated(document),
        type_code=document.type_code, subject=document.subject, signer=signer.full_name if signer else "",
        signer_title=post.title if post else "", urgency=Urgency(document.urgency), secret=document.secret,
        pages=document.pages,
    )  # fmt: skip


def _arrival(
    uow: UnitOfWork, document: Outgoing, agency: Unit, facts: arriving.Facts,
    files: Sequence[arriving.GivenFile], *, now: dt.datetime,
) -> Incoming:  # fmt: skip
    """The receiver's row with its files; of a secret paper only the row, the paper itself follows."""
    row, _new = arriving.arrive(
        uow, SYSTEM_ACTOR, agency_id=agency.id, facts=facts, source=Source.EXCHANGE, now=now, files=files,
        once_key=f"exchange:{document.id}",
    )  # fmt: skip
    if document.secret:
        row.medium = "paper"
    return row


def _filename(document: Outgoing) -> str:
    """`15-QĐ-UBND.pdf`: a name that every system can store."""
    return f"{document.symbol.replace('/', '-')}.pdf"


def _sent(uow: UnitOfWork, document: Outgoing, row: Incoming, *, now: dt.datetime) -> Delivery:
    made = Delivery(
        outgoing_id=document.id, agency_id=row.agency_id, incoming_id=row.id, sent_at=now, status=Status.ARRIVED,
        status_at=now,
    )  # fmt: skip
    uow.add(made)
    uow.flush()
    write(uow, made, Status.ARRIVED, person_id=None, reason="", now=now)
    return made


def _tell(uow: UnitOfWork, row: Incoming, clerks: Sequence[int], *, now: dt.datetime) -> None:
    what = Told.of(Kind.ARRIVED, symbol=row.symbol, issuer=row.issuer, urgency=row.urgency, **about(row))
    notify(uow, clerks, cause=f"arrived:{row.id}", what=what, link=f"/incoming/{row.id}", now=now)
