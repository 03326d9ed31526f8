"""What lies on the clerk's table: arrivals of every kind, for the sweep over pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from tests.support import held_files
from tests.support.arrivals import LETTER, Arrivals
from tests.support.being_read import finish
from tests.support.live import Town
from tests.support.papers import letter
from tests.support.scans import scanned
from tests.support.word_files import decision
from workflow.adapters.blobs import open_blobs
from workflow.domain.incoming import Action, Source
from workflow.domain.outgoing import Urgency
from workflow.services.incoming import arriving, receiving, registering, working
from workflow.services.incoming.arriving import Facts
from workflow.services.incoming.receiving import Brought
from workflow.store.models import Incoming
from workflow.store.session import unit_of_work

READ: tuple[dict[str, Any], ...] = (
    {"field": "issuer", "value": LETTER.issuer, "confidence": "certain", "page": 1, "box": [57, 740, 250, 770]},
    {"field": "symbol", "value": LETTER.symbol, "confidence": "likely", "page": 1, "box": [90, 715, 200, 728]},
    {"field": "date", "value": "2026-11-20", "confidence": "certain", "page": 1, "box": [330, 715, 530, 728]},
    {"field": "type_code", "value": "letter", "confidence": "certain", "page": 1, "box": [57, 700, 200, 712]},
    {"field": "subject", "value": LETTER.subject, "confidence": "likely", "page": 1, "box": [57, 690, 280, 712]},
    {"field": "signer", "value": "Trần Thị Thư", "confidence": "unsure", "page": 1, "box": [330, 400, 530, 420]},
    {"field": "urgency", "value": "urgent", "confidence": "certain", "page": 1, "box": [57, 640, 120, 660]},
)


def put_read(town: Town, row: Incoming, *, facts: Facts = LETTER) -> Incoming:
    """As if the reader had proposed it all: the facts with their confidence and places."""
    arrivals = Arrivals(town.office)
    arrivals.now = town.clock()
    made: Incoming = arrivals.do(
        "clerk", arriving.correct, incoming_id=row.id, version=row.version, facts=facts, later=dt.timedelta(0)
    )
    with unit_of_work(town.engine) as uow:
        uow.begin_write()
        stored = uow.session.get_one(Incoming, row.id)
        stored.reading = "read"
        stored.proposals = [one | {"value": facts.symbol} if one["field"] == "symbol" else one for one in READ]
        uow.commit()
    return made


def arrived(town: Town, *, long: str, unbroken: str) -> dict[str, object]:
    """Names of places: `arrival_…`."""
    arrivals, blobs = Arrivals(town.office), open_blobs(town.settings.blob_url)
    arrivals.now = town.clock()

    def take(data: bytes, name: str, *more: Brought) -> Incoming:
        main = Brought(data=data, filename=name)
        found: receiving.Taken = arrivals.do(
            "clerk", receiving.take_in, main=main, attachments=more, source=Source.UPLOAD, blobs=blobs,
            later=dt.timedelta(0),
        )  # fmt: skip
        return found.document

    def do(service: Any, row: Incoming, **given: Any) -> Incoming:
        made: Incoming = arrivals.do(
            "clerk", service, incoming_id=row.id, version=row.version, later=dt.timedelta(0), **given
        )
        return made

    odd = Brought(data=b"PK\x03\x04 bang tinh", filename=f"{unbroken[:60]}.xlsx")
    read = put_read(town, take(letter("V/v rà soát biên chế"), "cv 412.pdf", odd))
    foreign = take(held_files.foreign(), f"{unbroken[:80]}.pdf")
    strange = take(b"\x00\x01 gi day", "la.bin")
    word = take(decision(), "quyết định.docx")
    urgent = arrivals.paper(
        facts=Facts(issuer=unbroken[:150], subject=long, urgency=Urgency.FLASH, symbol="9/CĐ-UBND")
    )
    declined = do(registering.decline, arrivals.paper(), remark="Gửi nhầm nơi nhận")
    reported = do(working.act, arrivals.paper(), action=Action.REPORT_ANOMALY, remark="Dấu khác lần trước")
    done = do(registering.register, arrivals.paper(facts=LETTER))
    differs = do(registering.register, arrivals.paper(facts=replace(LETTER, subject=unbroken[:200], signer="")))
    scan = Brought(data=scanned(letter(), dpi=60), filename="quet.pdf")
    do(receiving.add_file, differs, brought=scan, kind="scan", blobs=blobs)
    finish(town.engine, READ, now=town.clock())
    reading = take(scanned(letter("V/v đang đọc"), dpi=60), "quet 2.pdf")
    return {
        "arrival_differs": differs.id, "arrival_reading": reading.id,
        "arrival_read": read.id, "arrival_foreign": foreign.id, "arrival_strange": strange.id,
        "arrival_urgent": urgent.id, "arrival_declined": declined.id, "arrival_reported": reported.id,
        "arrival_done": done.id, "arrival_word": word.id,
    }  # fmt: skip
