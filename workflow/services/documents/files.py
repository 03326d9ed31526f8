"""Files of a document: the upload that becomes a normalised draft, its planned fields, the file that is signed.

Every upload is opened in the jail (a Word file is printed to PDF there), rewritten as one plain revision and kept
beside the original. What is reviewed, shown, hashed and signed is the normalised file.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from signing import jail
from signing import prepare as making
from workflow.adapters import render
from workflow.adapters.blobs import Blobs
from workflow.domain import unfilled
from workflow.domain.cosigning import Part
from workflow.domain.errors import BadInput, Missing, stale
from workflow.domain.outgoing import STEPS, Action, State
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.references import answered_in_file
from workflow.domain.steps import require, step_for
from workflow.domain.text import clean
from workflow.services.documents import remembered
from workflow.services.documents.comparing import compared
from workflow.services.documents.moves import Move, apply, begin, true_facts
from workflow.services.documents.normalising import normalised
from workflow.services.documents.plans import fields_of, planned_fields, row_of
from workflow.services.documents.word_files import opened
from workflow.services.journal import local_day
from workflow.services.opinions import voiding
from workflow.services.opinions.slips import freeze
from workflow.store import blobs as blobs_named
from workflow.store import cosigning, office
from workflow.store import documents as store
from workflow.store.models import FileVersion, Outgoing, Person
from workflow.store.session import UnitOfWork

PDF = "application/pdf"
MAX_PAGES = 2000
PAGES_READ = 12
"""From either end, in search of the typed signer's block: annexes may follow it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a planned field stands: page from 1, points from the lower left corner.

    `drawn`: all of it, or only what the draft has not typed already; None leaves that as it is.
    """

    name: str
    page: int
    left: float
    bottom: float
    right: float
    top: float
    drawn: making.Drawn | None = None


def upload_draft(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    document_id: int,
    version: int,
    data: bytes,
    filename: str,
    blobs: Blobs,
    now: dt.datetime,
    places: tuple[Place, ...] = (),
) -> Outgoing:
    """Give a draft its file, PDF or DOCX. The drafter's right in DRAFT and RETURNED; fields are proposed anew.

    `places` overrides the proposed boxes, e.g. with those the template's author knows. Raises
    `BadInput("draft_…")` with the reason of the normaliser; nothing is changed then.
    """
    demand(actor, Permission.DRAFT_DOCUMENT)
    document = store.find(scope, uow.session, document_id)
    _check(uow, actor, document, Action.REVISE, version=version)
    if document.secret:
        raise BadInput("secret_content_refused")
    came = uow.compute(opened, data)
    made = came.made
    plan, words, dots = planned(uow, document, made, places=places, now=now)
    original = uow.compute(blobs.put, data)
    uow.compute(blobs.put, made.data)
    document = begin(uow, actor, scope, document_id=document_id, version=version,
                     permission=Permission.DRAFT_DOCUMENT)  # fmt: skip
    initialled = voiding.holding(uow, document)
    keep(uow, sha256=original, size=len(data), now=now, media_type=came.media_type)
    keep(uow, sha256=made.sha256, size=len(made.data), now=now)
    name = clean(filename)[-200:]
    add_version(uow, document, kind="original", sha256=original, actor=actor, now=now, filename=name,
                note=came.note)  # fmt: skip
    note = ", ".join((*unfilled.note_of(dots), *made.removed))[:500]
    add_version(uow, document, kind="draft", sha256=made.sha256, actor=actor, now=now, filename=name, note=note)
    replace_boxes(uow, document, plan)
    document.file_sha256, document.pages = made.sha256, len(made.pages)
    document.mentions = [one.to_json() for one in answered_in_file(words)] or None
    told = {"original": original, "removed": list(made.removed), "pages": len(made.pages)}
    apply(uow, actor, document, Action.REVISE, now=now, move=Move(remark="file", journal=told))
    voiding.tell(uow, actor, document, initialled, now=now)
    return document


def planned(
    uow: UnitOfWork, document: Outgoing, made: making.Normalised, *, places: tuple[Place, ...], now: dt.datetime
) -> tuple[tuple[making.PlannedField, ...], str, int | None]:
    """The fields of a normalised draft, proposed from its pages and moved where `places` say so, the words of its
    first page, and the first page with a template's dots. Raises `BadInput("plan_…")`.
    """
    names = _names(uow, document, now=now)
    beside = Counter(one.part for one in cosigning.places(uow.session, document.id))
    before = remembered.known(uow, document)
    proposed, words, dots = uow.compute(_proposal, made, names, beside, before)
    plan = _with_places(proposed, places)
    _check_plan(uow, plan, made.pages)
    return plan, words, dots


def _names(uow: UnitOfWork, document: Outgoing, *, now: dt.datetime) -> tuple[str, ...]:
    """Whose name may stand typed under the draft: the planned signer's first, then every other leader's."""
    signer = uow.session.get(Person, document.signer_id) if document.signer_id else None
    others = office.signers(uow.session, document.agency_id, on=local_day(now))
    return (signer.full_name if signer else "", *(row.full_name for row in others))


def proposed_again(data: bytes, beside: Counter[Part]) -> tuple[making.PlannedField, ...]:
    """The fields of a draft that was normalised before, under our names; where its text cannot be read, the usual
    places."""
    pages = making.page_boxes(data)
    try:
        text = making.text_boxes_in_jail(data, pages=[page.number for page in pages][-PAGES_READ:])
    except jail.JailError:
        text = {}
    proposed = making.propose_plan(
        pages, cosigners=beside[Part.COSIGNER], initials=beside[Part.INITIALS], text=text
    )  # fmt: skip
    return _with_places(proposed, ())


def _proposal(
    made: making.Normalised, names: tuple[str, ...], beside: Counter[Part], before: remembered.Known
) -> tuple[tuple[making.PlannedField, ...], str, int | None]:
    """Boxes where pages are free of text, and where the draft leaves room for them in what it has typed; the words
    of its first page; the first page with a template's dots.

    A draft whose text cannot be read gets the usual places: a person will look at them.
    """
    numbers = [page.number for page in made.pages]
    cosigners, initials = beside[Part.COSIGNER], beside[Part.INITIALS]
    try:
        found = making.read_pages_in_jail(made.data, pages=sorted({*numbers[:PAGES_READ], *numbers[-PAGES_READ:]}))
    except jail.JailError:
        return making.propose_plan(made.pages, cosigners=cosigners, initials=initials), "", None
    plan = making.propose_plan(
        made.pages, text=found.boxes, lines=found.lines, names=names, cosigners=cosigners, initials=initials
    )
    plan = remembered.placed(_with_places(plan, ()), made.pages, found.boxes, before)
    dots = unfilled.first_dots({page: (line.text for line in lines) for page, lines in found.lines.items()})
    return plan, _words(found.lines.get(1, ())), dots


def _words(lines: Sequence[making.Line]) -> str:
    """The lines from above; of those in two columns first all that stands at the left, then the right."""
    columns = [list(line.columns()) for line in lines]
    left = [parts[0].text for parts in columns if parts]
    right = [part.text for parts in columns for part in parts[1:]]
    return "\n".join([*left, "", *right])


def _with_places(
    plan: tuple[making.PlannedField, ...], places: tuple[Place, ...]
) -> tuple[making.PlannedField, ...]:
    """The proposal under our field names (those of the signatures), moved where somebody knows better."""
    known = {place.name: place for place in places}
    result = []
    count: Counter[making.FieldKind] = Counter()
    for proposed in plan:
        count[proposed.kind] += 1
        field = replace(proposed, name=_name(proposed, count[proposed.kind]))
        place = known.get(field.name)
        if place is not None:
            box = (place.left, place.bottom, place.right, place.top)
            field = replace(field, page=place.page, box=box, drawn=_drawn(field, place))
        result.append(field)
    return tuple(result)


def _name(field: making.PlannedField, place: int) -> str:
    """Our name of a field: there may be several of those who sign beside the signer."""
    if field.kind not in {making.FieldKind.COSIGNER, making.FieldKind.INITIALS}:
        return str(field.kind)
    ours = f"{field.kind}-"
    return field.name if field.name.startswith(ours) else f"{ours}{place}"


def _drawn(field: making.PlannedField, place: Place) -> making.Drawn:
    """Nothing is left out that the draft has not typed."""
    wanted = field.drawn if place.drawn is None else place.drawn
    return wanted if field.can_leave_out else making.Drawn.WHOLE


def _check_plan(uow: UnitOfWork, plan: tuple[making.PlannedField, ...], pages: tuple[making.PageBox, ...]) -> None:
    try:
        uow.compute(making.check_plan, plan, pages)
    except making.BadPlan as error:
        raise BadInput(f"plan_{error.code}", **error.details) from error


def replace_boxes(uow: UnitOfWork, document: Outgoing, plan: tuple[making.PlannedField, ...]) -> None:
    """The plan as rows, instead of those that were there."""
    for old in store.boxes_of(uow.session, document.id):
        uow.session.delete(old)
    uow.flush()
    for field in plan:
        uow.add(row_of(field, document.id))
    uow.flush()


def move_boxes(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    document_id: int,
    version: int,
    places: tuple[Place, ...],
    blobs: Blobs,
    now: dt.datetime,
) -> Outgoing:
    """Move planned fields: the drafter while drafting, the clerk at the format check."""
    document = store.find(scope, uow.session, document_id)
    if document.file_sha256 is None:
        raise Missing("has_file")
    _may_move(uow, actor, document, version=version)
    stood = fields_of(uow, document.id)
    fields = _with_places(stood, places)
    pages = uow.compute(making.page_boxes, uow.compute(blobs.get, document.file_sha256))
    _check_plan(uow, fields, pages)
    document = begin(uow, actor, scope, document_id=document_id, version=version,
                     permission=Permission.ACT_ON_DOCUMENT)  # fmt: skip
    replace_boxes(uow, document, fields)
    remembered.remember(uow, document, stood, fields, pages, now=now)
    document.version += 1
    uow.flush()
    return document


def _may_move(uow: UnitOfWork, actor: Actor, document: Outgoing, *, version: int) -> None:
    action = Action.CONFIRM_FORMAT if document.state == State.FORMAT_CHECK else Action.REVISE
    _check(uow, actor, document, action, version=version)


def confirm_format(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    document_id: int,
    version: int | None,
    blobs: Blobs,
    base_url: str,
    now: dt.datetime,
    accepted: bool = False,
) -> Outgoing:
    """The clerk's format check (Art. 12.2): the file gets its fields and footer, and goes to the signer.

    `base_url`: where the look-up code of the footer leads, e.g. `https://vanban.example.gov.vn`. `accepted`: the
    clerk has compared typed words that differ, and they stay; else `Refused("typed_differs")`.
    """
    seen, answer, ready = version, Move(), None
    if store.bears_file(uow.session, document_id):  # else nothing heavy is to be done before
        document = store.find(scope, uow.session, document_id)
        _check(uow, actor, document, Action.CONFIRM_FORMAT, version=version)
        seen, answer = document.version, compared(uow, document, accepted=accepted, now=now)
        ready = _ready_file(uow, document, blobs=blobs, base_url=base_url, now=now)
    document = begin(uow, actor, scope, document_id=document_id, version=seen,
                     permission=Permission.ACT_ON_DOCUMENT)  # fmt: skip
    if ready is None and document.file_sha256 is not None and not document.secret:
        raise stale(document)  # its file came in between
    if ready is not None:
        sha256, size = ready
        keep(uow, sha256=sha256, size=size, now=now)
        add_version(uow, document, kind="ready", sha256=sha256, actor=actor, now=now)
        document.file_sha256 = sha256
    apply(uow, actor, document, Action.CONFIRM_FORMAT, now=now, move=replace(answer, more=True))
    freeze(uow, actor, document, now=now)
    return document


def _ready_file(
    uow: UnitOfWork, document: Outgoing, *, blobs: Blobs, base_url: str, now: dt.datetime
) -> tuple[str, int] | None:
    """All fields of all signers in one revision before the first signature; None for metadata only."""
    draft = store.latest_file(uow.session, document.id, "draft")
    if document.secret or draft is None:
        return None
    fields = fields_of(uow, document.id)
    agency = office.unit(uow.session, document.agency_id)
    footer_field = next((field for field in fields if field.kind is making.FieldKind.FOOTER), None)
    address, code, sha256 = f"{base_url}/v/{document.code}", document.code, draft.sha256
    lines = (f"Trình Ký · {agency.name}", f"Mã tra cứu: {code}", address)
    footer = None
    if footer_field is not None:
        size = render.Size(*footer_field.size)
        footer = uow.compute(render.lookup_stamp, size, address=address, lines=lines, made_at=now)
    data = uow.compute(blobs.get, sha256)
    ready = uow.compute(making.add_fields, data, fields, footer=footer)
    return uow.compute(blobs.put, ready), len(ready)


def attach_scan(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    document_id: int,
    version: int,
    data: bytes,
    filename: str,
    blobs: Blobs,
    now: dt.datetime,
) -> Outgoing:
    """The scan of a paper signed in ink: normalised, with the seal's field, ready to be sealed (Art. 25.1c)."""
    document = store.find(scope, uow.session, document_id)
    _check(uow, actor, document, Action.ATTACH_SCAN, version=version)
    if document.secret:
        raise BadInput("secret_content_refused")
    made = uow.compute(normalised, data)
    plan = tuple(
        field for field in _with_places(uow.compute(making.propose_plan, made.pages), ())
        if field.kind is making.FieldKind.SEAL
    )  # fmt: skip
    ready = uow.compute(making.add_fields, made.data, plan, footer=None)
    original, sha256 = uow.compute(blobs.put, data), uow.compute(blobs.put, ready)
    document = begin(uow, actor, scope, document_id=document_id, version=version,
                     permission=Permission.ACT_ON_DOCUMENT)  # fmt: skip
    name = clean(filename)[-200:]
    for kind, digest, size in (("original", original, len(data)), ("scan", sha256, len(ready))):
        keep(uow, sha256=digest, size=size, now=now)
        add_version(uow, document, kind=kind, sha256=digest, actor=actor, now=now, filename=name)
    replace_boxes(uow, document, plan)
    document.file_sha256, document.pages = sha256, len(made.pages)
    apply(uow, actor, document, Action.ATTACH_SCAN, now=now, move=Move(journal={"scan": sha256}))
    return document


def _check(uow: UnitOfWork, actor: Actor, document: Outgoing, action: Action, *, version: int | None) -> None:
    """The rules before the heavy work, so that nobody waits for a refusal; asked again under the lock."""
    if version is not None and document.version != version:
        raise stale(document)
    require(step_for(STEPS, State(document.state), action, role=actor.role), true_facts(uow, actor, document))


def keep(uow: UnitOfWork, *, sha256: str, size: int, now: dt.datetime, media_type: str = PDF) -> None:
    """The row of a file whose bytes were put in this act; once for each content."""
    blobs_named.name(uow.session, sha256, size=size, media_type=media_type, now=now)


def add_version(
    uow: UnitOfWork,
    document: Outgoing,
    *,
    kind: str,
    sha256: str,
    actor: Actor,
    now: dt.datetime,
    filename: str = "",
    note: str = "",
) -> FileVersion:
    """Append to a document's list of files, under its row lock."""
    row = FileVersion(
        document_id=document.id, ordinal=store.next_ordinal(FileVersion, document.id), kind=kind,
        sha256=sha256, filename=filename, note=note, added_at=now, added_by_id=actor.person_id,
    )  # fmt: skip
    uow.add(row)
    uow.flush()
    return row


__all__ = ["Place", "attach_scan", "confirm_format", "move_boxes", "planned_fields", "upload_draft"]
