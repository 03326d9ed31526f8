"""A figure that somebody entered, and a target, for the pages that show them."""

from __future__ import annotations

import datetime as dt

from tests.support.live import Town
from tests.support.office import Office
from workflow.domain.entered import Shape
from workflow.domain.permissions import figures_scope
from workflow.services.figures import entering, targets
from workflow.store.session import unit_of_work


def entered_with_target(town: Town, *, long: str) -> int:
    """The line of the figure."""
    return entered_in(town.office, long=long, now=town.clock())


def entered_in(office: Office, *, long: str, now: dt.datetime) -> int:
    """The same in an office."""
    actor, scope = office.actor("admin"), figures_scope(office.posts["admin"], agencies_below=())
    meaning = entering.Meaning(name="Hồ sơ có thành phần được số hóa", about=long, shape=Shape.SHARE)
    commune = office.units["commune"]
    with unit_of_work(office.engine) as uow:
        made = entering.define(uow, actor, scope, wanted=meaning, now=now)
        wanted = entering.Entry(
            indicator_id=made.id, unit_id=commune, period="2026-11", figure="3350/3351", source=long[:300]
        )
        line = entering.enter(uow, actor, scope, wanted=wanted, now=now).id
        aim = targets.Wanted(
            unit_id=commune,
            indicator=f"entered:{made.id}",
            goal="99.98",
            first_month="2026-01",
            reason=long,
            seen=0,
        )
        targets.set_target(uow, actor, scope, wanted=aim, now=now)
        uow.commit()
    return line
