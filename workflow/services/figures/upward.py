"""The monthly report upward: of a closed month a PDF to look at, and a draft that goes the way of every document.

By hand from the month's page, or by the clock where an agency has said who drafts it, who signs it and who gets it.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from workflow.adapters import render
from workflow.adapters.blobs import Blobs
from workflow.domain.errors import BadInput, Conflict, NotPermitted, Refused
from workflow.domain.monthly_report import Month, UnitLine, body, subject
from workflow.domain.outgoing import State
from workflow.domain.people import Actor
from workflow.domain.periods import parse
from workflow.domain.permissions import Permission, Scope, demand, scope_of
from workflow.domain.templates import Words
from workflow.domain.text import clean
from workflow.services import journal
from workflow.services.documents import drafting, writing
from workflow.services.figures.closing import subject as chain
from workflow.services.figures.months import Figures
from workflow.store import documents, month_facts, office
from workflow.store import frozen_months as store
from workflow.store.mandates import as_post
from workflow.store.models import Outgoing, Setting
from workflow.store.session import UnitOfWork

TEMPLATE = "monthly_figures"
"""What the draft remembers that it began from."""
TAG = "figures:month:reported"
RECIPIENTS = 2_000
"""Characters, as on the page of a draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who drafts and signs the report of an agency and who gets it. `drafter` 0: nobody, the clock drafts none.
    `change`: how often it was changed."""

    drafter: int = 0
    signer: int = 0
    recipients: str = ""
    change: int = 1

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


def closed(found: Figures) -> Figures:
    """Only what is closed is reported: `Refused("month_not_closed")`."""
    if found.frozen is None:
        raise Refused("month_not_closed")
    return found


def month_of(found: Figures) -> Month:
    """A closed month as the words need it."""
    frozen = closed(found).frozen
    if frozen is None:
        raise Refused("month_not_closed")
    return Month(
        period=found.period, agency=found.agency_name, cut_off=frozen.cut_off, digest=frozen.digest,
        adjustments=len(found.adjustments), total=found.total.now,
        units=tuple(UnitLine(line.name, line.now) for line in found.units),
    )  # fmt: skip


def as_pdf(uow: UnitOfWork, found: Figures) -> bytes:
    """The report as it would be drafted, without number and signer; the same month gives the same bytes."""
    month = month_of(found)
    agency = office.unit(uow.session, found.agency_id)
    letter = render.Letter(
        agency=agency.name, parent=agency.superior, title="Báo cáo", subject=subject(found.period),
        parts=writing.parts_of(Words(basis="", body=body(month))), recipients=("Lưu: VT.",),
        filled=render.Filled(number="……", date=agency.place, titles=(), name=""),
    )  # fmt: skip
    made: bytes = uow.compute(render.render_letter, letter, made_at=month.cut_off).pdf
    return made


def open_draft(
    uow: UnitOfWork, actor: Actor, *, period: str, signer: int, recipients: str, now: dt.datetime
) -> Outgoing:
    """Open the draft of a closed month of the actor's agency; asked again with the same words it is the same one.

    Raises `Refused("month_not_closed")`, `BadInput("signer_needed")`, and what drafting raises.
    """
    demand(actor, Permission.DRAFT_DOCUMENT)
    agency_id = _own(actor)
    if not store.closed_by(uow.session, (agency_id,), period):
        raise Refused("month_not_closed")
    if not signer:
        raise BadInput("signer_needed")
    facts = drafting.DraftFacts(
        type_code="report", subject=subject(parse(period)), recipients=clean(recipients, multiline=True),
        to=_superior(uow, agency_id), signer_post_id=signer,
    )  # fmt: skip
    document, opened = drafting.create_once(uow, actor, facts=facts, form=f"{chain(agency_id)}:{period}", now=now)
    if opened:
        office.lock_agency(uow.session, agency_id)
        told = {"month": period, "document": document.id, "code": document.code}
        journal.record(uow, subject=chain(agency_id), tag=TAG, facts=told, actor=actor, now=now)
    return document


def write_draft(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, found: Figures, blobs: Blobs, now: dt.datetime
) -> Outgoing:
    """Set the words of a draft that `open_draft` opened; one that has a file already stays as it is."""
    document = documents.find(scope, uow.session, document_id)
    if document.file_sha256 is not None:
        return document
    return writing.write(
        uow, actor, scope, document_id=document.id, version=document.version, basis="",
        body=body(month_of(found)), template=TEMPLATE, blobs=blobs, now=now,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """A report that the clock drafts: whose, of which month, by whom."""

    agency_id: int
    period: str
    plan: Plan
    actor: Actor
    scope: Scope


def to_draft(uow: UnitOfWork, period: str, *, day: dt.date) -> tuple[Due, ...]:
    """Reports of a month that is closed, that agencies want drafted and that nobody wrote yet. Where the drafter
    has left, nobody drafts until the agency has named another one."""
    month = parse(period)
    agencies = month_facts.agencies_in(uow.session, month.first, month.last)
    plans = office.settings_named(uow.session, [_name(one) for one in agencies])
    wanted = [one for one in agencies if plans.get(_name(one), {}).get("drafter")]
    found = []
    for agency_id in sorted(store.closed_by(uow.session, wanted, period)):
        plan = Plan(**plans[_name(agency_id)])
        posts = {row[0].id: row[0] for row in office.drafters(uow.session, agency_id, on=day)}
        if plan.drafter not in posts or _written(uow, agency_id, period):
            continue
        post = as_post(posts[plan.drafter])
        found.append(Due(agency_id, period, plan, Actor.of(post), scope_of(post, units_below=())))
    return tuple(found)


def _written(uow: UnitOfWork, agency_id: int, period: str) -> bool:
    """A draft of the month has its words, or its drafter went on without them."""
    rows = (
        documents.one(uow.session, key, reason="a report that was opened and not written is gone on with")
        for key in drafted(uow, agency_id, period)
    )
    return any(row.file_sha256 is not None or row.state != State.DRAFT for row in rows)


def drafted(uow: UnitOfWork, agency_id: int, period: str) -> list[int]:
    """Documents that were drafted of a month, the latest first."""
    told = [json.loads(row.body)["facts"] for row in store.told_of(uow.session, chain(agency_id), TAG)]
    return [int(one["document"]) for one in reversed(told) if one["month"] == period]


def plan_of(uow: UnitOfWork, agency_id: int) -> Plan:
    """What an agency has said; nobody drafts where it has not."""
    return Plan(**(office.setting(uow.session, _name(agency_id)) or {}))


def plan_report(uow: UnitOfWork, actor: Actor, *, plan: Plan, reason: str, now: dt.datetime) -> Plan:
    """Say who drafts the report of the actor's agency from now on; the plan that held before. `plan.change` is that
    of the plan which stood on the page.

    Raises `BadInput("reason_needed")`, `BadInput("signer_needed")`, `BadInput("drafter_unknown")`,
    `BadInput("signer_unknown")`, `Conflict("report_plan_changed")`, `Refused("report_plan_same")`.
    """
    demand(actor, Permission.MANAGE_SETTINGS)
    agency_id, words = _own(actor), clean(reason, multiline=True)
    plan = replace(plan, recipients=clean(plan.recipients, multiline=True))
    if not words:
        raise BadInput("reason_needed", action="report")
    _demand_people(uow, agency_id, plan, on=journal.local_day(now))
    uow.begin_write()
    office.lock_agency(uow.session, agency_id)
    before = plan_of(uow, agency_id)
    if before.change != plan.change:
        raise Conflict("report_plan_changed")
    if before == plan:
        raise Refused("report_plan_same")
    value = replace(plan, change=before.change + 1).as_json()
    row = uow.session.get(Setting, _name(agency_id))
    if row is None:
        uow.add(Setting(name=_name(agency_id), value=value))
    else:
        row.value = value
    journal.record(
        uow, subject=chain(agency_id), tag="figures:report:planned",
        facts={"before": before.as_json(), "after": value, "reason": words}, actor=actor, now=now,
    )  # fmt: skip
    return before


def _demand_people(uow: UnitOfWork, agency_id: int, plan: Plan, *, on: dt.date) -> None:
    if not plan.drafter:
        return
    if not plan.signer:
        raise BadInput("signer_needed")
    if plan.drafter not in {row[0].id for row in office.drafters(uow.session, agency_id, on=on)}:
        raise BadInput("drafter_unknown")
    if plan.signer not in {row[0].id for row in office.signers(uow.session, agency_id, on=on)}:
        raise BadInput("signer_unknown")


def _superior(uow: UnitOfWork, agency_id: int) -> tuple[int, ...]:
    """The agency above, where it is in this installation."""
    above = office.unit(uow.session, agency_id).parent_id
    if above is None:
        return ()
    unit = office.unit(uow.session, above)
    return (unit.id,) if unit.kind == "agency" and unit.valid_to is None else ()


def _own(actor: Actor) -> int:
    if actor.agency_id is None:
        raise NotPermitted("no_post")
    return actor.agency_id


def _name(agency_id: int) -> str:
    return f"monthly_report:{agency_id}"
