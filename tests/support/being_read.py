"""A scan that is still being read, and the moment when it was: what the job does, without the seconds of OCR."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, select

from workflow.services.incoming import being_read
from workflow.store import reading as store
from workflow.store.models import ScanReading
from workflow.store.session import unit_of_work


def finish(
    engine: Engine, proposals: Sequence[dict[str, Any]], *, now: dt.datetime, trouble: str = ""
) -> list[int]:
    """Everything that waits was read and says this; the documents that were told."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        for sha256 in uow.session.scalars(select(ScanReading.sha256).where(ScanReading.facts == "waiting")).all():
            state = "read" if proposals else "unreadable"
            store.change(uow.session, sha256, facts=state, proposals=list(proposals), trouble=trouble)
        uow.commit()
        told = list(being_read.ready(uow))
    for incoming_id in told:
        with unit_of_work(engine) as uow:
            being_read.deliver(uow, incoming_id=incoming_id, now=now)
            uow.commit()
    return told
