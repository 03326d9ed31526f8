"""The report upward, of a month or a longer period: of closed months a PDF to look at, and a draft that goes
the way of every document.

By hand from its page, or by the clock where an agency has said who drafts it, who signs it and who gets it.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from workflow.adapters import render
from workflow.adapters.blobs import Blobs
from workflow.domain.boards import months_of
from workflow.domain.errors import BadInput, Conflict, NotPermitted, Refused
from workflow.domain.indicators import definition_digest
from workflow.domain.outgoing import State
from workflow.domain.people import Actor
from workflow.domain.periods import Kind, Period, half, parse, quarter, year
from workflow.domain.permissions import Permission, Scope, demand, scope_of
from workflow.domain.templates import Words
from workflow.domain.text import clean
from workflow.domain.upward_report import Report, body, subject
from workflow.services import journal
from workflow.services.documents import drafting, writing
from workflow.services.figures.own_settings import OwnSetting
from workflow.services.figures.own_settings import subject as chain
from workflow.services.figures.reported import closed_of, ended_with, reported, ripe
from workflow.store import documents, month_facts, office
from workflow.store import frozen_months as store
from workflow.store.mandates import as_post
from workflow.store.models import Outgoing
from workflow.store.session import UnitOfWork

TEMPLATE = "monthly_figures"
"""What the draft remembers that it began from."""
TAG = "figures:month:reported"
RECIPIENTS = 2_000
"""Characters, as on the page of a draft."""


class Often(StrEnum):
    """Of which periods the clock drafts reports."""

    MONTHS = "months"
    LONGER = "longer"
    """Quarters, half-years and years."""
    ALL = "all"

    def takes(self, period: Period) -> bool:
        """Whether a period is one of them."""
        return self is Often.ALL or (self is Often.MONTHS) is (period.kind is Kind.MONTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who drafts and signs the reports of an agency, of which periods, and who gets them. `drafter` 0: nobody, the
    clock drafts none. `change`: how often it was changed."""

    drafter: int = 0
    signer: int = 0
    recipients: str = ""
    often: str = Often.MONTHS
    change: int = 1

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


PLAN: OwnSetting[Plan] = OwnSetting(
    name="monthly_report", tag="figures:report:planned", action="report", read=lambda stored: Plan(**stored),
    write=lambda plan: replace(plan, change=plan.change + 1).as_json(), tell=Plan.as_json,
    mark=lambda plan: plan.change,
)  # fmt: skip


def of_period(uow: UnitOfWork, actor: Actor, scope: Scope, *, key: str, agency_id: int, now: dt.datetime) -> Report:
    """What is reported of a period. `Refused("month_not_closed")` where no month of it is closed."""
    demand(actor, Permission.SEE_RATES)
    return reported(uow, scope, key=key, agency_id=agency_id, now=now)


def as_pdf(uow: UnitOfWork, report: Report, *, agency_id: int) -> bytes:
    """The report as it would be drafted, without number and signer; the same months give the same bytes."""
    agency = office.unit(uow.session, agency_id)
    letter = render.Letter(
        agency=agency.name, parent=agency.superior, title="Báo cáo", subject=subject(report.period),
        parts=writing.parts_of(Words(basis="", body=body(report))), recipients=("Lưu: VT.",),
        filled=render.Filled(number="……", date=agency.place, titles=(), name=""),
    )  # fmt: skip
    made: bytes = uow.compute(render.render_letter, letter, made_at=report.last.cut_off).pdf
    return made


def open_draft(
    uow: UnitOfWork, actor: Actor, *, report: Report, signer: int, recipients: str, now: dt.datetime
) -> Outgoing:
    """Open the draft of a period of the actor's agency; asked again with the same words and months it is the same
    one. The journal keeps its figures, which closed lists they were made from, and which months nobody had closed.

    Raises `BadInput("signer_needed")`, `Conflict("report_outrun")`, and what drafting raises.
    """
    demand(actor, Permission.DRAFT_DOCUMENT)
    agency_id, period = _own(actor), report.period.key
    if not signer:
        raise BadInput("signer_needed")
    facts = drafting.DraftFacts(
        type_code="report", subject=subject(report.period), recipients=clean(recipients, multiline=True),
        to=_superior(uow, agency_id), signer_post_id=signer,
    )  # fmt: skip
    made_of = f":{len(report.months)}" if report.missing else ""
    form = f"{chain(agency_id)}:{period}{made_of}"
    document, opened = drafting.create_once(uow, actor, facts=facts, form=form, now=now)
    if opened:
        office.lock_agency(uow.session, agency_id)
        _demand_unmoved(uow, agency_id, report)
        told = {"month": period, "document": document.id, "code": document.code, **told_of(report)}
        journal.record(uow, subject=chain(agency_id), tag=TAG, facts=told, actor=actor, now=now)
    return document


def told_of(report: Report) -> dict[str, Any]:
    """A report as the journal keeps it: from which closed lists, every number and what the numbers mean; so that
    whoever has the lists can count it again (`services.proving.reports`). Of units what is not nothing."""
    waited = report.waited
    return {
        "lists": {one.period.key: one.digest for one in report.months},
        "missing": [one.key for one in report.missing],
        "definition_digest": definition_digest(),
        "counts": dict(report.total),
        "waited": None if waited is None else [waited.number, waited.median, waited.p90],
        "units": [
            [line.name, list(line.units), {name: number for name, number in line.counts.items() if number}]
            for line in report.units
            if any(line.counts.values())
        ],
    }  # fmt: skip


def _demand_unmoved(uow: UnitOfWork, agency_id: int, report: Report) -> None:
    """The figures are those that stand now: a correction between their reading and the lock would make them false.
    Raises `Conflict("report_outrun")`."""
    now = closed_of(uow, Scope(agency_ids=(agency_id,)), agency_id)
    if any(now[one.period.key] != one for one in report.months):
        raise Conflict("report_outrun")


def write_draft(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, report: Report, blobs: Blobs, now: dt.datetime
) -> Outgoing:
    """Set the words of a draft that `open_draft` opened; one that has a file already stays as it is."""
    document = documents.find(scope, uow.session, document_id)
    if document.file_sha256 is not None:
        return document
    return writing.write(
        uow, actor, scope, document_id=document.id, version=document.version, basis="",
        body=body(report), template=TEMPLATE, blobs=blobs, now=now,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """A longer period that can be reported: how many of its months are closed."""

    period: Period
    closed: int
    months: int


def offered(uow: UnitOfWork, actor: Actor, scope: Scope, *, agency_id: int, now: dt.datetime) -> list[Offer]:
    """Quarters, half-years and years that have a closed month, of the newest sixty; the latest first."""
    demand(actor, Permission.SEE_RATES)
    closed = closed_of(uow, scope, agency_id)
    found: dict[str, Period] = {}
    for one in sorted(closed.values(), key=lambda row: row.period.key, reverse=True)[:60]:
        day = one.period.first
        for period in (quarter(day), half(day), year(day)):
            found.setdefault(period.key, period)
    return [
        Offer(period, sum(one.key in closed for one in months_of(period)), len(months_of(period)))
        for period in sorted(found.values(), key=lambda one: (one.last, one.first), reverse=True)
    ]


@dataclass(frozen=True, slots=True)
class Due:
    """A report that the clock drafts: whose, of which month, by whom."""

    agency_id: int
    period: str
    plan: Plan
    actor: Actor
    scope: Scope


def to_draft(uow: UnitOfWork, period: str, *, day: dt.date) -> tuple[Due, ...]:
    """Reports that end with a month, that agencies want drafted and that nobody wrote yet: of the month, and of the
    quarter, half-year or year that it ends, once each is closed. Where the drafter has left, nobody drafts until
    the agency has named another one."""
    month = parse(period)
    agencies = month_facts.agencies_in(uow.session, month.first, month.last)
    plans = PLAN.of_many(uow, agencies)
    wanted = [one for one in agencies if plans[one].drafter]
    found = []
    for agency_id in sorted(store.closed_by(uow.session, wanted, period)):
        plan = plans[agency_id]
        posts = {row[0].id: row[0] for row in office.drafters(uow.session, agency_id, on=day)}
        if plan.drafter not in posts:
            continue
        post = as_post(posts[plan.drafter])
        for one in _wanted(uow, plan, month, agency_id):
            found.append(Due(agency_id, one.key, plan, Actor.of(post), scope_of(post, units_below=())))
    return tuple(found)


def _wanted(uow: UnitOfWork, plan: Plan, month: Period, agency_id: int) -> list[Period]:
    scope = Scope(agency_ids=(agency_id,))
    return [
        one
        for one in ended_with(month)
        if Often(plan.often).takes(one)
        and ripe(uow, scope, one, agency_id)
        and not _written(uow, agency_id, one.key)
    ]


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
    return PLAN.of(uow, agency_id)


def plan_report(uow: UnitOfWork, actor: Actor, *, plan: Plan, reason: str, now: dt.datetime) -> Plan:
    """Say who drafts the report of the actor's agency from now on; the plan that held before. `plan.change` is that
    of the plan which stood on the page.

    Raises `BadInput("reason_needed")`, `BadInput("signer_needed")`, `BadInput("drafter_unknown")`,
    `BadInput("signer_unknown")`, `Conflict("report_plan_changed")`, `Refused("report_plan_same")`.
    """
    wanted, agency_id = replace(plan, recipients=clean(plan.recipients, multiline=True)), _own(actor)
    return PLAN.change(
        uow, actor, wanted=wanted, seen=plan.change, reason=reason, now=now,
        check=lambda: _demand_people(uow, agency_id, wanted, on=journal.local_day(now)),
        outrun=Conflict("report_plan_changed"), same=Refused("report_plan_same"),
    )  # fmt: skip


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
