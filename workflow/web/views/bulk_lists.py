"""Acts on many documents as lists: my runs, and what came of each document of one, to look at and to take away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from workflow.adapters.xlsx_export import Cell, Sheet
from workflow.domain.bulk import KEPT, KINDS, Act, Direction, ItemState, RunState, acts_for
from workflow.domain.incoming import State as IncomingState
from workflow.domain.outgoing import State
from workflow.domain.periods import midnight
from workflow.domain.permissions import Permission
from workflow.services.bulk import looking, running
from workflow.store import bulk as store
from workflow.store.document_list import PAGE
from workflow.store.models import BulkRun
from workflow.web import bulk_words as words
from workflow.web import format, plain_list
from workflow.web.context import current
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.labels import label
from workflow.web.plain_list import Asked
from workflow.web.sheets import csv_answer, left_out, xlsx_answer
from workflow.web.types import type_names
from workflow.web.views.bulk import PATH, bp, list_path

CAP = 1000
EXPORTED = 10_000
SORTS = {
    "newest": N_("newest first"),
    "oldest": N_("oldest first"),
    "refused": N_("most not done first"),
}
_CHOICES = {"act": frozenset(map(str, Act)), "state": frozenset(map(str, RunState))}
_TOLD = (ItemState.DONE, ItemState.REFUSED, ItemState.WAITING)
_RUN_WIDTHS, _ITEM_WIDTHS = (32.0, 18.0, 16.0, 10.0, 10.0, 10.0), (6.0, 16.0, 12.0, 18.0, 18.0, 60.0, 20.0, 60.0)


def _listing() -> tuple[Asked, store.Filter]:
    asked = plain_list.read(request.args, sorts=SORTS, choices=_CHOICES, days=("from", "to"))
    begin, end = asked.day("from"), asked.day("to")
    wanted = store.Filter(
        act=asked.value("act"),
        state=asked.value("state"),
        ordered_from=midnight(begin) if begin else None,
        ordered_before=midnight(end + dt.timedelta(days=1)) if end else None,
    )
    return asked, wanted


@bp.get(PATH)
@allows(Permission.ACT_ON_INCOMING)
def index() -> str:
    """My runs, by act, state and day."""
    here = current()
    asked, wanted = _listing()
    place = plain_list.after(request.args.get("after", ""), *([int, int] if asked.sort == "refused" else [int]))
    found = store.runs_of(here.uow.session, here.actor, wanted=wanted, sort=asked.sort, after=place)
    shown = found[:PAGE]
    counts = store.counts(here.uow.session, [run.id for run in shown])
    last = _cursor(asked, shown[-1], counts) if len(found) > PAGE else ""
    return render_template(
        "bulk/index.html",
        begin=list_path(Direction.OUT if any(acts_for(here.post.role, Direction.OUT)) else Direction.IN),
        runs=[(run, words.ACTS[Act(run.act)], words.RUNS[RunState(run.state)], counts[run.id]) for run in shown],
        asked=asked,
        acts=[(str(one), words.ACTS[one].title) for one in _acts()],
        states=[(str(state), words.RUNS[state][0]) for state in RunState],
        sorts=SORTS,
        count=format.capped(store.count_runs(here.uow.session, here.actor, wanted=wanted, cap=CAP), CAP),
        next=asked.address(PATH, after=last) if last else "",
        first=place is not None,
        kept=KEPT.days,
        path=PATH,
    )


def _acts() -> list[Act]:
    """What this post can have ordered."""
    role = current().post.role
    own = {one for direction in Direction for one in acts_for(role, direction)}
    return [one for one in Act if one in own or (one is Act.SPREAD and Act.CONFIRM_FORMAT in own)]


def _cursor(asked: Asked, run: BulkRun, counts: dict[int, dict[str, int]]) -> str:
    refused = [counts[run.id].get("refused", 0)] if asked.sort == "refused" else []
    return plain_list.cursor(*refused, run.id)


@bp.get(f"{PATH}.csv")
@allows(Permission.ACT_ON_INCOMING)
def runs_csv() -> Response:
    """The list as it is filtered now."""
    head, rows = _runs_table()
    return csv_answer(f"bulk-{current().today:%Y%m%d}.csv", head, rows)


@bp.get(f"{PATH}.xlsx")
@allows(Permission.ACT_ON_INCOMING)
def runs_xlsx() -> Response:
    """The same as a workbook."""
    head, rows = _runs_table()
    return xlsx_answer(
        f"bulk-{current().today:%Y%m%d}.xlsx", Sheet(_("My acts on many"), head, rows, _RUN_WIDTHS)
    )  # fmt: skip


def _runs_table() -> tuple[list[str], list[Sequence[Cell]]]:
    here = current()
    asked, wanted = _listing()
    found = store.runs_of(here.uow.session, here.actor, wanted=wanted, sort=asked.sort, limit=EXPORTED)
    counts = store.counts(here.uow.session, [run.id for run in found])
    head = [_("Act"), _("When"), _("State"), _("Done"), _("Not done"), _("its turn has not come")]
    lines: list[Sequence[Cell]] = [
        (
            _(words.ACTS[Act(run.act)].title), format.moment(run.created_at),
            _(words.RUNS[RunState(run.state)][0]),
            *(counts[run.id].get(str(state), 0) for state in _TOLD),
        )
        for run in found[:EXPORTED]
    ]  # fmt: skip
    return head, [*lines, *left_out(found, EXPORTED)]


@bp.get(f"{PATH}/<int:run_id>/results.csv")
@allows(Permission.ACT_ON_INCOMING)
def results_csv(run_id: int) -> Response:
    """What came of each document, as the page shows it."""
    head, rows = _results(run_id)
    return csv_answer(f"bulk-{run_id}.csv", head, rows)


@bp.get(f"{PATH}/<int:run_id>/results.xlsx")
@allows(Permission.ACT_ON_INCOMING)
def results_xlsx(run_id: int) -> Response:
    """The same as a workbook."""
    head, rows = _results(run_id)
    return xlsx_answer(f"bulk-{run_id}.xlsx", Sheet(_("Results"), head, rows, _ITEM_WIDTHS))


def _results(run_id: int) -> tuple[list[str], list[Sequence[Cell]]]:
    """A line for each document, in the order of the run. Of what is out of reach by now only what came of it."""
    here = current()
    run = store.run(here.uow.session, here.actor, run_id)
    direction = KINDS[Act(run.act)].direction
    items = store.items(here.uow.session, run.id)
    found = store.present(here.scope, here.uow.session, direction, [running.key_of(row) for row in items])
    head = [
        _("No."), _("Result"), _("Arrival number") if direction is Direction.IN else _("Row"),
        _("Number and symbol"), _("Type"), _("Subject"), _("State"), _("Why, and what to do"),
    ]  # fmt: skip
    show = request.args.get("show", "")
    lines: list[Sequence[Cell]] = []
    for row in items:
        if show not in {"", row.state}:
            continue
        document = found.get(running.key_of(row))
        result = _(words.item(row, looking.phase_of(run))[0])
        if document is not None:
            lines.append((row.place, result, *_facts(direction, document), words.why(row)))
        elif row.content:
            subject = f"{row.content['subject']} · {row.content['recipients']}"
            lines.append((row.place, result, str(row.content["row"]), "", "", subject, "", words.why(row)))
        else:
            gone = _("The document is not within your reach any more.")
            lines.append((row.place, result, "", "", "", "", "", gone))
    return head, lines


def _facts(direction: Direction, document: Any) -> tuple[Cell, ...]:
    """Number, symbol, type, subject and state as they are now."""
    inside = direction is Direction.IN
    state = IncomingState(document.state) if inside else State(document.state)
    return (
        document.number if inside else "",
        document.symbol,
        type_names().get(document.type_code, document.type_code or ""),
        _("(secret)") if document.secret else document.subject,
        label(state),
    )
