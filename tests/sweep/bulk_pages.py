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
        ("clerk", "/outgoing/{spread_source}/spread"),
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
        ("clerk", "/bulk/{spread_run}"),
        ("clerk", "/bulk/{spread_refused}"),
        ("clerk", "/bulk/{spread_waiting}"),
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
    """A draft of which a table made two documents; tables of which nothing was made: seen and not wanted, and one
    whose orderer has not said go on. (One whose files are being looked at goes on by itself.)"""
    source = town.papers.format_check(subject="Giấy mời họp")
    run = _looked_through(town, source, "sweep-table")
    refused, waiting = (_looked_through(town, source, f"sweep-{name}") for name in ("refused", "waiting"))
    actor, scope, now = town.office.actor("clerk"), town.office.scope("clerk"), town.clock()
    tools = Tools(blobs=town.papers.blobs, base_url=town.base)
    with unit_of_work(town.engine) as uow:
        looking.answer(uow, actor, run_id=run, make=True, now=now)
        looking.answer(uow, actor, run_id=refused, make=False, now=now)
        uow.commit()
        for place in (1, 2):
            running.do_one(uow, actor, scope, run_id=run, place=place, tools=tools, now=now)
            uow.commit()
        running.end_turn(uow, actor, run_id=run, now=now)
        made = store.items(uow.session, run)[0].outgoing_id
        uow.commit()
    runs = {"spread_run": run, "spread_refused": refused, "spread_waiting": waiting}
    return {"spread_source": source, "spread_made": made, **runs}


def _looked_through(town: Town, source: int, form: str) -> int:
    """A table of two rows after its dry run."""
    actor, scope, blobs = town.office.actor("clerk"), town.office.scope("clerk"), town.papers.blobs
    rows = [["Nơi nhận", "Trích yếu", "Tệp"]]
    rows += [[f"Thôn_{'khôngcókhoảngtrắng' * 6} {place}", f"Giấy mời {place}", f"{place}.pdf"] for place in (1, 2)]
    files = {f"{place}.pdf": letter(f"Giấy mời {place}") for place in (1, 2)}
    table, now = spreading.Table(data=workbook(rows), files=files, form=form, again=True), town.clock()
    with unit_of_work(town.engine) as uow:
        run, wrong = spreading.look(uow, actor, scope, document_id=source, table=table, blobs=blobs, now=now)
        assert wrong == []
        uow.commit()
        for place in (1, 2):
            looking.look_at(uow, actor, run_id=run, place=place, blobs=blobs, now=now)
            uow.commit()
        looking.settle(uow, actor, run_id=run, now=now)
        uow.commit()
    return run


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
