"""Proof bundles: of a report, and asked for in each of their states."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.support.live import Town
from tests.support.office import NOON
from tests.sweep.shown import shown_on
from workflow.domain.permissions import Scope
from workflow.services.figures import upward
from workflow.services.figures.reported import reported
from workflow.store.models import BundleOrder
from workflow.store.session import unit_of_work

MONTH = "2026-09"
_STATES: dict[str, dict[str, Any]] = {
    "waiting": {},
    "making": {"attempt": 1, "lease_until": NOON, "done_steps": 120, "all_steps": 431},
    "ready": {"made": {"sha256": "5" * 64}, "size": 734_003_200},
    "refused": {"code": "bundle_too_many", "details": {"most": 5000, "found": 8120}},
    "cancelled": {},
}
BUNDLES = (
    *shown_on(
        "/bundles/orders/<int:order_id>",
        *(("leader", f"/bundles/orders/{{bundle_{state}}}") for state in _STATES),
        ("clerk", "/bundles/orders/{bundle_ready}", 404),
    ),
    *shown_on(
        "/reports/months/<period>/report/<int:document_id>/bundle",
        ("leader", f"/reports/months/{MONTH}/report/{{reported}}/bundle"),
        ("leader", f"/reports/months/{MONTH}/report/{{draft}}/bundle", 404),
    ),
)


def proven(town: Town, *, long: str) -> dict[str, object]:
    """A report that was drafted, and one order in each state."""
    papers = town.papers
    agency, post = town.office.units["commune"], town.office.posts["leader"]
    with unit_of_work(town.engine) as uow:
        made = reported(uow, Scope(agency_ids=(agency,)), key=MONTH, agency_id=agency, now=papers.now)
    row = papers.do(
        upward.open_draft, "drafter", scoped=False, report=made, signer=post.id, recipients="Sở Nội vụ"
    )  # fmt: skip
    places: dict[str, object] = {"reported": row.id}
    with unit_of_work(town.engine) as uow:
        uow.begin_write()
        for state, more in _STATES.items():
            order = BundleOrder(
                person_id=post.person_id, held_as=f"{post.id}::", state=state, what={"kind": "figure"},
                shown={"title": long, "back": f"/reports/months/{MONTH}", "file": "f.zip", "journal": {}},
                asked_at=NOON - dt.timedelta(minutes=5),
                finished_at=None if state in {"waiting", "making"} else NOON - dt.timedelta(minutes=2), **more,
            )  # fmt: skip
            uow.add(order)
            uow.flush()
            places[f"bundle_{state}"] = order.id
        uow.commit()
    return places
