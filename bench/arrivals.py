"""Incoming documents for the office of the benchmarks, inserted in bulk, each with the unit that handles it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import insert

from workflow.domain.text import fold
from workflow.services import search
from workflow.store.models import Incoming, IncomingPart
from workflow.store.session import UnitOfWork

BATCH = 5_000
_SUBJECTS = (
    "Văn bản về việc rà soát hộ nghèo theo chuẩn nghèo đa chiều số {n}",
    "Đề nghị báo cáo kết quả phòng cháy, chữa cháy đợt {n}",
    "Về việc cung cấp hồ sơ đất đai thửa số {n}",
)


def fill(uow: UnitOfWork, agencies: list[tuple[int, tuple[int, ...]]], *, documents: int, now: dt.datetime) -> None:
    """`agencies`: (agency, its parts)."""
    for first in range(1, documents + 1, BATCH):
        numbers = range(first, min(first + BATCH, documents + 1))
        ages = {n: dt.timedelta(minutes=2 * (documents - n)) for n in numbers}
        rows = [_paper(agencies[n % len(agencies)][0], n, now - ages[n]) for n in numbers]
        uow.session.execute(insert(Incoming), rows)
        uow.session.execute(insert(IncomingPart), [_part(*agencies[n % len(agencies)], n, now) for n in numbers])


def _paper(agency_id: int, number: int, came: dt.datetime) -> dict[str, Any]:
    subject = _SUBJECTS[number % len(_SUBJECTS)].format(n=number)
    return {
        "id": number, "agency_id": agency_id, "source": "paper", "medium": "paper", "issuer": "Sở Nội vụ",
        "issuer_folded": "so noi vu", "symbol": f"{number}/SNV-TCBC", "symbol_key": f"{number}/snv-tcbc",
        "type_code": "letter", "subject": subject, "subject_folded": fold(subject), "state": "arrived",
        "state_since": came, "arrived_at": came,
    }  # fmt: skip


def _part(agency_id: int, parts: tuple[int, ...], number: int, now: dt.datetime) -> dict[str, Any]:
    return {
        "incoming_id": number, "agency_id": agency_id, "year": now.year, "number": number, "part": "lead",
        "unit_id": parts[number % len(parts)], "state": "open", "given_at": now,
    }  # fmt: skip


def index(uow: UnitOfWork, *, now: dt.datetime) -> None:
    """Write the rows of search: facts alone, since these documents have no files."""
    search.rebuild(uow)
    uow.commit()
    written, before = 1, None
    while written:
        written, before = search.write_some(uow, now=now, limit=2000, before=before)
        uow.commit()
