"""Acts on many documents: the page before, the results, the list of one's own."""

from __future__ import annotations

from tests.support.live import Town
from tests.sweep.shown import Shown, shown_on
from workflow.domain.bulk import Act
from workflow.domain.errors import WorkflowError
from workflow.services.bulk import running
from workflow.services.bulk.acts import Tools
from workflow.services.bulk.running import Order
from workflow.store.session import unit_of_work

_ZIP = "/outgoing/export.zip"

MANY: list[Shown] = [
    *shown_on(
        "/bulk",
        ("clerk", "/bulk"),
        ("clerk", "/bulk?state=running"),
        ("head", "/bulk"),
        ("inspector", "/bulk", 403),
    ),
    *shown_on(
        "/bulk/new",
        ("clerk", "/bulk/new?act=number_and_seal&documents={signed}:5&documents={issued}:9"),
        ("leader", "/bulk/new?act=direct&documents={in_submitted}:4"),
        ("clerk", "/bulk/new?act=issue&documents={draft}:1"),
        ("clerk", "/bulk/new?act=issue", 422),
    ),
    *shown_on(
        "/outgoing/<int:document_id>/spread",
        ("clerk", "/outgoing/{format_check}/spread"),
        ("clerk", "/outgoing/{format_check}/spread", 422, True),
        ("clerk", "/outgoing/{issued}/spread", 409),
    ),
    *shown_on(
        "/bulk/<int:run_id>",
        ("clerk", "/bulk/{bulk_done}"),
        ("clerk", "/bulk/{bulk_done}?show=done"),
        ("leader", "/bulk/{bulk_done}", 404),
    ),
]
NO_MANY_PAGES = {_ZIP: ("clerk", _ZIP + "?documents={issued}:1", "application/zip")}


def many_done(town: Town, places: dict[str, object]) -> dict[str, object]:
    """A run of which nothing could be done, each for a reason of its own."""
    actor, scope = town.office.actor("clerk"), town.office.scope("clerk")
    picked = tuple((int(str(places[name])), 1) for name in ("signed", "draft", "bare", "awaiting"))
    now, tools = town.clock(), Tools(blobs=town.papers.blobs, base_url=town.base)
    with unit_of_work(town.engine) as uow:
        run = running.order(
            uow, actor, scope, given=Order(act=Act.ISSUE, picked=picked, form="sweep"), now=now
        )  # fmt: skip
        uow.commit()
        for place in range(1, len(picked) + 1):
            try:
                running.do_one(uow, actor, scope, run_id=run, place=place, tools=tools, now=now)
            except WorkflowError as refused:
                uow.rollback()
                running.note_refused(uow, actor, run_id=run, place=place, error=refused, now=now)
            uow.commit()
        running.end_turn(uow, actor, run_id=run, now=now)
        uow.commit()
    return {"bulk_done": run}
