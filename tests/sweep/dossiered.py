"""Dossiers in every state, with long names and documents in them, for the sweep over pages."""

from __future__ import annotations

from sqlalchemy import select

from tests.support.dossiers import Dossiers
from tests.support.live import Town
from tests.support.office import Office
from workflow.domain.dossiers import Kind
from workflow.services import retention
from workflow.services.dossiers import transferring
from workflow.store.models import PlanEntry
from workflow.store.session import unit_of_work


def dossiered(town: Town, places: dict[str, object], *, long: str, unbroken: str) -> dict[str, object]:
    """Names of places: `dossier_…`, `plan`, `plan_draft`, `plan_entry`, `transfer`."""
    office: Office = town.office
    made = Dossiers(office)
    made.now = town.clock()
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        retention.seed_examples(uow)
        uow.commit()
    plan, draft = made.plan(), made.plan(approved=False, year=2027)
    with unit_of_work(office.engine) as uow:
        entry = uow.session.scalars(select(PlanEntry.id).where(PlanEntry.plan_id == draft.id)).first()
    full, closed = made.outside(title=long), made.outside(title=unbroken)
    for kind, name in ((Kind.OUTGOING, "issued"), (Kind.OUTGOING, "bare"), (Kind.OUTGOING, "secret"),
                       (Kind.INCOMING, "in_progress")):  # fmt: skip
        made.put("clerk", full, kind, int(str(places[name])), years=70 if name == "issued" else None)
    made.put("clerk", closed, Kind.OUTGOING, int(str(places["issued"])))
    gone = made.close("specialist", made.outside(title=unbroken))
    transfer = made.do("clerk", transferring.transfer, chosen={gone.id: None}, receiver=unbroken[:150])
    return {
        "dossier_full": full.id, "dossier_closed": made.close("clerk", closed).id, "dossier_gone": gone.id,
        "dossier_empty": made.outside().id, "plan": plan.id, "plan_draft": draft.id, "plan_entry": entry,
        "transfer": transfer.id,
    }  # fmt: skip
