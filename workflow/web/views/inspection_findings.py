"""Findings and commitments of an inspection: lists, their exports, and what each side does about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import WorkflowError
from workflow.domain.inspections import (
    Act,
    CommitmentKind,
    CommitmentState,
    FindingState,
    Standing,
    late,
    may,
)
from workflow.domain.permissions import Permission
from workflow.services.inspections import finding as service
from workflow.services.inspections import promising, reporting
from workflow.services.journal import local_day
from workflow.store import inspection_work as work
from workflow.store import inspections as store
from workflow.store.inspection_work import Narrowed
from workflow.store.models import Finding, Inspection
from workflow.web import plain_list
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, once, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.inspection_words import COMMITMENT_WORDS, DONE, FINDING_WORDS, KIND_NAMES
from workflow.web.plain_list import Asked
from workflow.web.row_keys import number_of
from workflow.web.schemas.inspections import Answer, Decided, NewCommitment, NewFinding, Told
from workflow.web.sheets import table_answer
from workflow.web.storage import blobs
from workflow.web.views.inspections import CONCERNED, bp, found_here, own_units, sees_looks

FINDINGS = "/inspections/<int:inspection_id>/findings"
COMMITMENTS = "/inspections/<int:inspection_id>/commitments"
SORTS = {"number": N_("by number"), "due": N_("by due date"), "unit": N_("by unit")}


def _asked(states: list[str], units: list[str]) -> Asked:
    choices: dict[str, list[str]] = {
        "state": [*states, "late"],
        "unit": units,
        "kind": [str(kind) for kind in CommitmentKind],
    }
    return plain_list.read(request.args, sorts=work.SORTS, usual="number", choices=choices)


def _wanted(asked: Asked, row: Inspection, mine: frozenset[Standing]) -> Narrowed:
    here, state = current(), asked.value("state")
    return Narrowed(
        state="" if state == "late" else state, kind=asked.value("kind"), unit_id=number_of(asked.value("unit")),
        late_on=here.today if state == "late" else None,
        under_ids=own_units(row, mine),
    )  # fmt: skip


def is_late(one: Finding) -> bool:
    """Whether a correction is, or came, late."""
    answered = local_day(one.answered_at) if one.answered_at else None
    return late(FindingState(one.state), one.due_on, today=current().today, answered_on=answered)


@bp.get(FINDINGS)
@CONCERNED
def findings(inspection_id: int) -> str:
    """The list with its filters; each with what the reader may do about it."""
    return _findings_page(inspection_id, Form(values={"documents": request.args.get("document", "")[:40]}))


def _findings_page(inspection_id: int, form: Form) -> str:
    here = current()
    row, mine = found_here(inspection_id)
    units = [unit for _one, unit in store.units_of(here.uow.session, row.id)]
    asked = _asked([str(state) for state in FindingState], [str(unit.id) for unit in units])
    rows = work.findings(here.uow.session, row.id, wanted=_wanted(asked, row, mine), sort=asked.sort)
    done = request.args.get("done", "")
    return render_template(
        "inspections/findings.html", row=row, rows=rows, asked=asked, form=form, sorts=SORTS, words=FINDING_WORDS,
        is_late=is_late, units=[(str(unit.id), unit.name) for unit in units],
        states=_states(FINDING_WORDS),
        acts={str(one): may(mine, one) for one in Act}, sees_looks=sees_looks(mine), report=_may_report(row, mine),
        own=store.answered_for(here.actor, here.uow.session, row.id), done=_(DONE[done]) if done in DONE else "",
        counts=work.standing(here.uow.session, row.id, today=here.today, own=own_units(row, mine)),
        today=here.today,
    )  # fmt: skip


def _states(words: Mapping[Any, tuple[str, str]]) -> list[tuple[str, str]]:
    return [*((str(state), _(said)) for state, (said, _tone) in words.items()), ("late", _("late"))]


def _may_report(row: Inspection, mine: frozenset[Standing]) -> bool:
    return may(mine, Act.REPORT) and current().person.inspection_id is None


@bp.get(f"{FINDINGS}.csv")
@bp.get(f"{FINDINGS}.xlsx")
@CONCERNED
def findings_export(inspection_id: int) -> Response:
    """The list as it is narrowed now."""
    here = current()
    row, mine = found_here(inspection_id)
    units = [str(unit.id) for _one, unit in store.units_of(here.uow.session, row.id)]
    asked = _asked([str(state) for state in FindingState], units)
    head = [_(word) for word in (
        N_("Number"), N_("Unit"), N_("Shortcoming"), N_("Documents"), N_("Basis in law"),
        N_("Correction demanded"), N_("Due"), N_("State"), N_("late"), N_("Answer of the unit"), N_("Evidence"),
        N_("Reason for being late"),
    )]  # fmt: skip
    rows = [
        (one.number, unit, one.wrong, "; ".join(paper["name"] for paper in one.documents), one.basis, one.demand,
         one.due_on, _(FINDING_WORDS[FindingState(one.state)][0]), _("late") if is_late(one) else "", one.answer,
         one.evidence, one.late_reason)
        for one, unit in work.findings(here.uow.session, row.id, wanted=_wanted(asked, row, mine), sort=asked.sort)
    ]  # fmt: skip
    return table_answer("findings", _("Findings"), head, rows, wide=(2, 4, 5, 9))


@bp.post(FINDINGS)
@CONCERNED
def note_finding(inspection_id: int) -> Response:
    """Put one on record."""
    form = read_form(NewFinding)
    here = current()
    return _after(
        inspection_id, form, _findings_page, "findings", "found",
        lambda: act(service.note, here.scope, inspection_id=inspection_id, facts=service.Facts(**form.data)),
    )  # fmt: skip


@bp.post(f"{FINDINGS}/<int:finding_id>/answer")
@CONCERNED
def answer_finding(inspection_id: int, finding_id: int) -> Response:
    """What the unit did about it."""
    form = read_form(Answer)
    return _after(
        inspection_id, form, _findings_page, "findings", "answered",
        lambda: act(service.answer, inspection_id=inspection_id, finding_id=finding_id,
                    given=service.Answer(**form.data)),
    )  # fmt: skip


@bp.post(f"{FINDINGS}/<int:finding_id>/decide")
@CONCERNED
def decide_finding(inspection_id: int, finding_id: int) -> Response:
    """Accept the correction, or open the finding again with a remark."""
    form = read_form(Decided)
    done = "returned" if form.values.get("remark", "").strip() else "accepted"
    return _after(
        inspection_id, form, _findings_page, "findings", done,
        lambda: act(service.decide, inspection_id=inspection_id, finding_id=finding_id, **form.data),
    )  # fmt: skip


def _after(
    inspection_id: int, form: Form, again: Callable[[int, Form], str], where: str, done: str, do: Callable[[], Any]
) -> Response:
    found_here(inspection_id)
    if not form.good:
        return page(again(inspection_id, form), 422)
    try:
        do()
    except WorkflowError as refused:
        current().uow.rollback()
        form.errors[""] = explain(refused).words(kept=False)
        return page(again(inspection_id, form), explain(refused).status)
    return see(url_for(f"inspections.{where}", inspection_id=inspection_id, done=done))


@bp.get(COMMITMENTS)
@CONCERNED
def commitments(inspection_id: int) -> str:
    """Promises and tasks of the plan, with how many are done and why the others are not."""
    return _commitments_page(inspection_id, Form())


def _commitments_page(inspection_id: int, form: Form) -> str:
    here = current()
    row, mine = found_here(inspection_id)
    units = [unit for _one, unit in store.units_of(here.uow.session, row.id)]
    own = store.answered_for(here.actor, here.uow.session, row.id)
    asked = _asked([str(state) for state in CommitmentState], [str(unit.id) for unit in units])
    rows = work.commitments(here.uow.session, row.id, wanted=_wanted(asked, row, mine), sort=asked.sort)
    done = request.args.get("done", "")
    return render_template(
        "inspections/commitments.html", row=row, rows=rows, asked=asked, form=form, sorts=SORTS,
        words=COMMITMENT_WORDS, kinds=[(str(kind), _(words)) for kind, words in KIND_NAMES.items()],
        kind_names=KIND_NAMES, units=[(str(unit.id), unit.name) for unit in units],
        writable=[(str(unit.id), unit.name) for unit in units if Standing.MEMBER in mine or unit.id in own],
        states=_states(COMMITMENT_WORDS),
        acts={str(one): may(mine, one) for one in Act}, heads=Standing.HEAD in mine, own=own,
        sees_looks=sees_looks(mine), tallies=work.tallies(here.uow.session, row.id, own=own_units(row, mine)),
        today=here.today,
        done=_(DONE[done]) if done in DONE else "",
    )  # fmt: skip


@bp.get(f"{COMMITMENTS}.csv")
@bp.get(f"{COMMITMENTS}.xlsx")
@CONCERNED
def commitments_export(inspection_id: int) -> Response:
    """The list as it is narrowed now."""
    here = current()
    row, mine = found_here(inspection_id)
    units = [str(unit.id) for _one, unit in store.units_of(here.uow.session, row.id)]
    asked = _asked([str(state) for state in CommitmentState], units)
    head = [_(word) for word in (
        N_("Number"), N_("Unit"), N_("Kind"), N_("What is to be done"), N_("Due"), N_("State"), N_("Reason"),
    )]  # fmt: skip
    rows = [
        (one.number, unit, _(KIND_NAMES[CommitmentKind(one.kind)]), one.words, one.due_on,
         _(COMMITMENT_WORDS[CommitmentState(one.state)][0]), one.reason)
        for one, unit in work.commitments(here.uow.session, row.id, wanted=_wanted(asked, row, mine),
                                          sort=asked.sort)
    ]  # fmt: skip
    return table_answer("commitments", _("Commitments"), head, rows, wide=(3, 6))


@bp.post(COMMITMENTS)
@CONCERNED
def promise(inspection_id: int) -> Response:
    """Put one on record."""
    form = read_form(NewCommitment)
    return _after(
        inspection_id, form, _commitments_page, "commitments", "promised",
        lambda: act(promising.promise, inspection_id=inspection_id, **form.data),
    )  # fmt: skip


@bp.post(f"{COMMITMENTS}/<int:commitment_id>")
@CONCERNED
def tell_commitment(inspection_id: int, commitment_id: int) -> Response:
    """What came of one."""
    form = read_form(Told)
    return _after(
        inspection_id, form, _commitments_page, "commitments", "told",
        lambda: act(promising.say, inspection_id=inspection_id, commitment_id=commitment_id, **form.data),
    )  # fmt: skip


@bp.post("/inspections/<int:inspection_id>/report")
@allows(Permission.DRAFT_DOCUMENT)
def draft_report(inspection_id: int) -> Response:
    """Open the draft of the report, then give it its words: two acts, like any draft with its file."""
    here = current()
    found_here(inspection_id)
    made = act(reporting.draft, inspection_id=inspection_id, form=once())
    if made.file_sha256 is None and made.version == 1 and made.drafter_id == here.person.person_id:
        act(reporting.give_words, here.scope, inspection_id=inspection_id, outgoing_id=made.id, blobs=blobs())
    return see(url_for("outgoing.show", document_id=made.id))
