"""A clerk asks for a copy: what is uploaded or taken is looked at and made into the copy's pages at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.adapters.blobs import Blobs
from workflow.domain import copies as rules
from workflow.domain.copies import Form, Medium
from workflow.domain.errors import BadInput, Missing
from workflow.domain.people import Actor, Capacity, Role
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean, fold
from workflow.services.copies import notices
from workflow.services.copies.files import Pages, pages_of
from workflow.services.copies.issuer import issuer_of
from workflow.services.copies.moves import tell
from workflow.services.copies.sources import PDF, Source, demand_form, source_of
from workflow.services.documents.files import keep
from workflow.services.journal import local_day
from workflow.store import copies as store
from workflow.store import office
from workflow.store.models import CertifiedCopy, PostRow
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class Made:
    """The copy that waits now. `again`: somebody had asked for it already, and nothing was made twice."""

    copy: CertifiedCopy
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the clerk's form says."""

    form: Form
    medium: Medium
    signer_post_id: int
    pages: str = ""
    copies: int = 1
    recipients: str = ""


def ask(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, asked: Asked, outgoing_id: int | None = None,
    incoming_id: int | None = None, scan: bytes = b"", filename: str = "", blobs: Blobs, now: dt.datetime,
) -> Made:  # fmt: skip
    """A copy that waits for its signer. `scan`: of the paper, where the document has none that can be taken.
    Where one of the same original, form, medium and pages is not finished yet, the answer is that one: a button
    pressed twice, or two clerks with one wish, make one copy.

    Raises what `source_of` and `demand_form` raise, `BadInput`: `copy_count`, `copy_dpi` and the like for a scan
    that Annex I does not take; `Missing`: `copy_pages_needed`, `copy_scan_needed`;
    `NotPermitted("copy_signer_not_named")`.
    """
    demand(actor, Permission.MAKE_COPIES)
    if not 1 <= asked.copies <= rules.MOST_COPIES:
        raise BadInput("copy_count", limit=rules.MOST_COPIES)
    source = source_of(uow, actor, scope, outgoing_id=outgoing_id, incoming_id=incoming_id)
    demand_form(source, asked.form, asked.medium)
    signer = _signer(uow, actor, asked.signer_post_id, on=local_day(now))
    name = issuer_of(uow, actor.agency_id or 0).name
    data = scan if scan and source.medium is Medium.PAPER else _own_file(uow, source, blobs)
    made = pages_of(
        uow, data, asked.form, source=source.medium, target=asked.medium, wanted=asked.pages, agency=name
    )
    given = uow.compute(blobs.put, data)
    kept = uow.compute(blobs.put, made.data)
    uow.begin_write()
    office.lock_agency(uow.session, actor.agency_id or 0)  # who asks for the same waits here, and then finds it
    source = source_of(uow, actor, scope, outgoing_id=outgoing_id, incoming_id=incoming_id)
    demand_form(source, asked.form, asked.medium)
    capacity = _capacity(uow, actor, asked.signer_post_id, on=local_day(now))
    copy = _row(actor, source, asked, made, now=now)
    if (there := store.unfinished(scope, uow.session, like=copy)) is not None:
        return Made(there, again=True)
    keep(uow, sha256=given, size=len(data), now=now, media_type=PDF)
    keep(uow, sha256=kept, size=len(made.data), now=now, media_type=PDF)
    copy.signer_id, copy.capacity = signer.person_id, capacity
    copy.source_sha256, copy.sha256 = given, kept
    copy.filename = clean(filename)[-200:] if data is scan else ""
    uow.add(copy)
    uow.flush()
    tell(uow, actor, copy, "asked", facts=_facts(copy), now=now)
    notices.asked(uow, actor, copy, now=now)
    return Made(copy)


def _own_file(uow: UnitOfWork, source: Source, blobs: Blobs) -> bytes:
    if not source.sha256:
        raise Missing("copy_scan_needed")
    return uow.compute(blobs.get, source.sha256)


def _signer(uow: UnitOfWork, actor: Actor, post_id: int, *, on: dt.date) -> PostRow:
    post = office.held_post(uow.session, post_id, on=on)
    named = {one.post_id for one, _post, _name in store.named(uow.session, actor.agency_id or 0, on=on)}
    if post.agency_id != actor.agency_id:
        named = set()
    role = Role(post.role) if post.agency_id == actor.agency_id else Role.DRAFTER
    rules.demand_signer(post_id=post.id, role=role, named=named)
    return post


def _capacity(uow: UnitOfWork, actor: Actor, post_id: int, *, on: dt.date) -> str:
    """In whose name the post signs copies, asked anew under the lock."""
    post = _signer(uow, actor, post_id, on=on)
    named = store.live_name(uow.session, post.agency_id, post.id)
    return named.capacity if named is not None else str(Capacity.HEAD)


def _row(actor: Actor, source: Source, asked: Asked, made: Pages, *, now: dt.datetime) -> CertifiedCopy:
    left, bottom, right, top = made.box
    return CertifiedCopy(
        agency_id=actor.agency_id, form=asked.form, source_medium=source.medium, medium=asked.medium,
        outgoing_id=source.outgoing_id, incoming_id=source.incoming_id, source_issuer=source.issuer,
        source_symbol=source.symbol, source_dated=source.dated, source_type=source.type_code,
        source_subject=source.subject,
        source_folded=fold(f"{source.symbol} {source.issuer} {source.subject}")[:600],
        chosen=made.chosen, pages=made.count, left=left, bottom=bottom, right=right, top=top, copies=asked.copies,
        recipients=clean(asked.recipients, multiline=True)[:2000], signer_post_id=asked.signer_post_id,
        asked_by_id=actor.person_id, asked_at=now,
    )  # fmt: skip


def _facts(copy: CertifiedCopy) -> dict[str, object]:
    source = {"outgoing": copy.outgoing_id} if copy.outgoing_id is not None else {"incoming": copy.incoming_id}
    return {
        **source, "form": copy.form, "from": copy.source_medium, "to": copy.medium, "pages": copy.pages,
        "chosen": copy.chosen, "source_file": copy.source_sha256, "file": copy.sha256, "copies": copy.copies,
        "signer": copy.signer_id, "capacity": copy.capacity, "symbol": copy.source_symbol,
    }  # fmt: skip
