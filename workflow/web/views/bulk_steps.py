"""A run goes on: a few documents a request, or a look at the files of a table, until nothing waits."""

from __future__ import annotations

import time

from flask import request
from werkzeug.wrappers import Response

from workflow.adapters import sealer
from workflow.domain.bulk import KINDS, Act, Kind, RunState
from workflow.domain.errors import Refused, WorkflowError
from workflow.domain.permissions import Permission
from workflow.domain.spreading import Phase
from workflow.services.bulk import looking, running, sealing
from workflow.services.bulk.acts import Tools
from workflow.services.sealing import files_owed, stands
from workflow.store import bulk as store
from workflow.web.context import act, current
from workflow.web.forms import see
from workflow.web.guards import allows
from workflow.web.storage import blobs
from workflow.web.views.bulk import PATH, bp, demand_factor

ENOUGH = 1.0
"""Seconds after which a request begins nothing more that opens or prints files."""
SAID = frozenset({"yes", "no"})
"""What the orderer answers to the lines of a table."""


@bp.post(f"{PATH}/<int:run_id>/go-on")
@allows(Permission.ACT_ON_INCOMING)
def go_on(run_id: int) -> Response:
    """The next few documents; the page asks again by itself while some wait."""
    here = current()
    run = store.run(here.uow.session, here.actor, run_id)
    if run.wanted.get("server") and run.state == RunState.RUNNING:
        demand_factor(here)
    phase = looking.phase_of(run)
    if phase is Phase.READY:
        if (said := request.form.get("make", "")) not in SAID:
            return see(f"{PATH}/{run_id}")
        act(looking.answer, run_id=run_id, make=said == "yes")
    if not act(running.take_turn, run_id=run_id):
        return see(f"{PATH}/{run_id}{'?waits=1' if _under_way(run_id) else ''}")
    if phase is Phase.LOOK:
        _look(run_id)
    else:
        _make(run_id, KINDS[Act(run.act)])
    act(running.end_turn, run_id=run_id)
    return see(f"{PATH}/{run_id}")


def _under_way(run_id: int) -> bool:
    here = current()
    return store.run(here.uow.session, here.actor, run_id).state == RunState.RUNNING


def _look(run_id: int) -> None:
    """At the files of a table, until the time of one request is over; after the last one the lines are shown."""
    until = time.monotonic() + ENOUGH
    while (place := looking.next_place(current().uow, run_id)) is not None:
        act(looking.look_at, run_id=run_id, place=place, blobs=blobs())
        if time.monotonic() > until:
            break
    act(looking.settle, run_id=run_id)


def _make(run_id: int, kind: Kind) -> None:
    """A few documents; where each prints or opens a file, as many as the time of one request holds."""
    here, until = current(), time.monotonic() + ENOUGH
    for _turn in range(kind.step):
        place = store.next_place(here.uow.session, run_id)
        if place is None:
            return
        _one(run_id, place)
        if kind is KINDS[Act.SPREAD] and time.monotonic() > until:
            return


def _one(run_id: int, place: int) -> None:
    """One document: each act committed by itself, a refusal noted in its line."""
    here = current()
    try:
        tools = Tools(blobs=blobs(), base_url=here.settings.base_url)
        act(running.do_one, here.scope, run_id=run_id, place=place, tools=tools)
        while (asked := sealing.owed(here.uow, here.actor, here.scope, run_id=run_id, place=place)) is not None:
            _sign_by_server(run_id, *asked)
        act(sealing.note_sealed, run_id=run_id, place=place)
    except WorkflowError as refused:
        here.uow.rollback()
        act(running.note_refused, run_id=run_id, place=place, error=refused)


def _sign_by_server(run_id: int, purpose: str, document_id: int, version: int) -> None:
    """Ask the seal process, which looks up for itself whether it may. Raises its refusal, unless it made the
    signature although its answer did not come.
    """
    here = current()
    files = len(files_owed(here.uow, document_id=document_id, purpose=purpose))
    if files > 1:
        act(running.keep_turn, run_id=run_id, seconds=sealer.TIMEOUT * (files - 1))
    asked = {
        "document_id": document_id, "version": version, "purpose": purpose, "login": here.secret,
        "address": here.address,
    }  # fmt: skip
    try:
        answer = here.uow.compute(sealer.ask, here.settings.seal_socket, asked, signatures=files)
    except WorkflowError:
        here.uow.rollback()
        if stands(here.uow, document_id=document_id, purpose=purpose):
            return
        raise
    if answer.get("ok") is not True or answer.get("conclusion") != "passed":
        raise Refused(str(answer.get("code") or "signature_undecided"))
