"""Acts on many documents: the page before, the results, the list of one's own."""

from __future__ import annotations

from sqlalchemy import update

from tests.support.arrivals import Arrivals
from tests.support.former import workbook
from tests.support.live import Town
from tests.support.papers import letter
from tests.sweep.shown import Shown, shown_on
from workflow.domain.bulk import Act
from workflow.domain.errors import WorkflowError
from workflow.services.bulk import looking, running, spreading
from workflow.services.bulk.acts import Tools
from workflow.services.bulk.running import Order
from workflow.services.incoming.receiving import Brought, add_file
from workflow.store import bulk as store
from workflow.store.models import IncomingFile
from workflow.store.session import unit_of_work

_ZIP = "/outgoing/export.zip"

MANY: list[Shown] = [
    *shown_on(
        "/bulk",
        ("clerk", "/bulk"),
        ("clerk", "/bulk?state=running"),
        ("clerk", "/bulk?act=issue&sort=refused&from=01/01/2026&to=x"),
        ("head", "/bulk"),
        ("inspector", "/bulk", 403),
    ),
    *shown_on(
        "/bulk/new",
        ("clerk", "/bulk/new?act=number_and_seal&documents={signed}:5&documents={issued}:9"),
        ("leader", "/bulk/new?act=direct&documents={in_submitted}:4"),
        ("clerk", "/bulk/new?act=issue&documents={draft}:1"),
        ("clerk", "/bulk/new?act=issue", 422),
        ("clerk", "/bulk/new?act=submit&all=1&filter=state%3Dregistered"),
        ("head", "/bulk/new?act=close&all=1"),
    ),
    *shown_on("/incoming/export.zip", ("clerk", "/incoming/export.zip?documents={in_quarantine}:1")),
    *shown_on(
        "/outgoing/<int:document_id>/spread",
        ("clerk", "/outgoing/{format_check}/spread"),
        ("clerk", "/outgoing/{format_check}/spread", 422, True),
        ("clerk", "/outgoing/{issued}/spread", 409),
    ),
    *shown_on("/outgoing", ("clerk", "/outgoing?made_of={spread_source}")),
    *shown_on(
        "/outgoing/<int:document_id>",
        ("clerk", "/outgoing/{spread_source}"),
        ("clerk", "/outgoing/{spread_made}"),
    ),
    *shown_on(
        "/bulk/<int:run_id>",
        ("clerk", "/bulk/{bulk_done}"),
        ("clerk", "/bulk/{bulk_done}?show=done"),
        ("leader", "/bulk/{bulk_done}", 404),
    ),
]
NO_MANY_PAGES = {
    _ZIP: ("clerk", _ZIP + "?documents={issued}:1", "application/zip"),
    "/incoming/export.zip": ("clerk", "/incoming/export.zip?documents={in_submitted}:1&sure=0", "application/zip"),
}


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
    return {"bulk_done": run, "in_quarantine": _quarantined(town), **_spread(town)}


def _spread(town: Town) -> dict[str, object]:
    """A draft of which a table made two documents."""
    actor, scope, papers = town.office.actor("clerk"), town.office.scope("clerk"), town.papers
    source = papers.format_check(subject="Giấy mời họp")
    rows = [["Nơi nhận", "Trích yếu", "Tệp"]]
    rows += [[f"Thôn_{'khôngcókhoảngtrắng' * 6} {place}", f"Giấy mời {place}", f"{place}.pdf"] for place in (1, 2)]
    files = {f"{place}.pdf": letter(f"Giấy mời {place}") for place in (1, 2)}
    table = spreading.Table(data=workbook(rows), files=files, form="sweep-table")
    now, tools = town.clock(), Tools(blobs=papers.blobs, base_url=town.base)
    with unit_of_work(town.engine) as uow:
        run, wrong = spreading.look(
            uow, actor, scope, document_id=source, table=table, blobs=papers.blobs, now=now
        )  # fmt: skip
        assert wrong == []
        uow.commit()
        for place in (1, 2):
            looking.look_at(uow, actor, run_id=run, place=place, blobs=papers.blobs, now=now)
            uow.commit()
        looking.settle(uow, actor, run_id=run, now=now)
        looking.answer(uow, actor, run_id=run, make=True, now=now)
        uow.commit()
        for place in (1, 2):
            running.do_one(uow, actor, scope, run_id=run, place=place, tools=tools, now=now)
            uow.commit()
        running.end_turn(uow, actor, run_id=run, now=now)
        made = store.items(uow.session, run)[0].outgoing_id
        uow.commit()
    return {"spread_source": source, "spread_made": made}


def _quarantined(town: Town) -> int:
    """What came with a file that nobody should open."""
    arrivals = Arrivals(town.office)
    document = arrivals.registered()
    arrivals.do(
        "clerk", add_file, incoming_id=document.id, version=document.version, kind="scan", blobs=town.papers.blobs,
        brought=Brought(data=letter(), filename=f"{'tep' * 50}.pdf"),
    )  # fmt: skip
    with unit_of_work(town.engine) as uow:
        uow.begin_write()
        held = update(IncomingFile).where(IncomingFile.incoming_id == document.id)
        uow.session.execute(held.values(quarantined=True, warnings=["active_content"]))
        uow.commit()
    return int(document.id)
