"""Handing closed dossiers to the agency's archive (nộp lưu): one act, one numbered list that never changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from workflow.domain.dossiers import FOR_ARCHIVE, NO_DRAFTS, NO_OPEN_WORK, STEPS, Action, State
from workflow.domain.errors import BadInput, Missing
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.steps import step_for
from workflow.domain.text import clean
from workflow.services.dossiers.moves import Move, finish, true_facts
from workflow.services.journal import local_day, record
from workflow.store import archive_transfers
from workflow.store import dossiers as store
from workflow.store.dossiers import Filed
from workflow.store.models import ArchiveTransfer, Dossier
from workflow.store.session import UnitOfWork

MOST = 50
"""Dossiers on one list: they go over in one act, and others wait for its numbers no longer than that."""

REFUSALS = {
    FOR_ARCHIVE: "transfer_stays_in_unit",
    NO_DRAFTS: "transfer_holds_drafts",
    NO_OPEN_WORK: "transfer_holds_open_work",
}


def transfer(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, chosen: Mapping[int, int | None], receiver: str,
    now: dt.datetime, words: str = "",
) -> ArchiveTransfer:  # fmt: skip
    """Hand the chosen dossiers over, each as it stood at its version; all of them or none.

    `receiver`: who takes them over for the archive. Raises `BadInput` (`transfer_nothing`, `transfer_receiver`,
    `transfer_other_agency`), `Missing` naming the first dossier that cannot go, `Conflict`, `NotFound`.
    """
    demand(actor, Permission.TRANSFER_DOSSIER)
    taker = clean(receiver)[:200]
    if not chosen or len(chosen) > MOST:
        raise BadInput("transfer_nothing", limit=MOST)
    if not taker:
        raise BadInput("transfer_receiver")
    uow.begin_write()
    agency_id = actor.agency_id or 0
    rows = [_ready(uow, actor, scope, key, chosen[key]) for key in sorted(chosen)]
    body = {"dossiers": [_as_it_stands(uow, scope, row) for row in sorted(rows, key=_place)]}
    year = local_day(now).year
    store.lock_numbers(uow.session, agency_id)  # not before the number is needed: openings wait for it
    made = ArchiveTransfer(
        agency_id=agency_id, year=year, number=archive_transfers.next_number(uow.session, agency_id, year), at=now,
        by_id=actor.person_id, receiver=taker, words=clean(words, multiline=True)[:500],
        body=body,
    )  # fmt: skip
    uow.add(made)
    uow.flush()
    step = step_for(STEPS, State.CLOSED, Action.TRANSFER, role=actor.role)
    for row in rows:
        row.transfer_id = made.id
        finish(uow, actor, row, step, now=now, move=Move(journal={"transfer": made.id}))
    facts: dict[str, object] = {"number": made.number, "year": year, "dossiers": sorted(chosen), "receiver": taker}
    record(
        uow, subject=f"archive_transfer:{made.id}", tag="office:archive_transfer:made", facts=facts, actor=actor,
        now=now,
    )  # fmt: skip
    return made


def _place(dossier: Dossier) -> tuple[int, str]:
    return dossier.year, dossier.notation


def _ready(uow: UnitOfWork, actor: Actor, scope: Scope, dossier_id: int, version: int | None) -> Dossier:
    dossier = store.lock(scope, uow.session, dossier_id, version=version)
    if dossier.agency_id != actor.agency_id:
        raise BadInput("transfer_other_agency")
    step = step_for(STEPS, State(dossier.state), Action.TRANSFER, role=actor.role)
    facts = true_facts(uow, actor, scope, dossier)
    for name in step.needs:
        if name not in facts:
            raise Missing(REFUSALS[name], notation=dossier.notation)
    return dossier


def _as_it_stands(uow: UnitOfWork, scope: Scope, dossier: Dossier) -> dict[str, Any]:
    """The dossier's line and its documents' lines; the list must not change when they do."""
    shown = store.documents_of(scope, uow.session, dossier.id)
    days = sorted(day for one in shown if (day := _day(one)) is not None)
    return {
        "id": dossier.id, "notation": dossier.notation, "year": dossier.year, "title": dossier.title,
        "from": (days[0] if days else dossier.started_on).isoformat(),
        "to": (days[-1] if days else dossier.ended_on or dossier.started_on).isoformat(),
        "years": dossier.years, "pages": sum(one.pages for one in shown), "note": dossier.outside_reason,
        "documents": [_line(one) for one in shown],
    }  # fmt: skip


def _day(one: Filed) -> dt.date | None:
    return local_day(one.day) if isinstance(one.day, dt.datetime) else one.day


def _line(one: Filed) -> dict[str, Any]:
    """Of a secret paper the list says that it exists, not what it is about, as the register does."""
    day = _day(one)
    return {
        "kind": str(one.kind), "id": one.id, "symbol": one.symbol, "day": day.isoformat() if day else "",
        "type": one.type_code, "subject": "" if one.secret else one.subject, "secret": one.secret,
        "author": one.author, "pages": one.pages, "note": one.note,
    }  # fmt: skip
