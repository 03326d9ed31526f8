"""Issued documents by the hundred, without the road to them: rows as the services would leave them."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from sqlalchemy import insert

from tests.support.office import NOON, Office
from workflow.store.models import History, Outgoing
from workflow.store.session import unit_of_work

_SERIAL = itertools.count(1)
HOUR = dt.timedelta(hours=1)


def issued_row(office: Office, **changes: Any) -> dict[str, Any]:
    """The columns of one issued document of the economy office, signed by the leader, both verdicts passed."""
    serial = next(_SERIAL)
    at = changes.pop("issued_at", NOON)
    unit = changes.pop("unit", "economy")
    agency = "far" if unit.startswith("far") else "commune"
    signer = office.posts[changes.pop("signer", "far_leader" if agency == "far" else "leader")]
    drafter = office.posts["far_drafter" if agency == "far" else "drafter"]
    return {
        "code": f"T{serial:09d}",
        "agency_id": office.units[agency],
        "unit_id": office.units[unit],
        "type_code": "letter",
        "subject": f"V/v việc số {serial}",
        "subject_folded": f"v/v viec so {serial}",
        "recipients": "",
        "urgency": "normal",
        "secret": False,
        "medium": "digital",
        "state": "issued",
        "version": 8,
        "drafter_id": drafter.person_id,
        "drafter_post_id": drafter.id,
        "signer_id": signer.person_id,
        "signer_post_id": signer.id,
        "capacity": "head",
        "skipped_review": False,
        "state_since": at,
        "created_at": at - 9 * HOUR,
        "signed_at": at - 2 * HOUR,
        "numbered_at": at - HOUR,
        "sealed_at": at - HOUR,
        "issued_at": at,
        "closed_at": at,
        "number": serial,
        "year": at.year,
        "symbol": f"{serial:02d}/UBND-KT",
        "exempt_reason": "",
        "exempt_by_id": None,
        "leader_verdict": "passed",
        "seal_verdict": "passed",
        "pages": 1,
        "chain_length": 0,
        "chain_head": "",
        **changes,
    }


def add_issued(office: Office, *rows: dict[str, Any]) -> list[int]:
    """Insert rows of `issued_row`; their keys."""
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        found = uow.session.scalars(
            insert(Outgoing).returning(Outgoing.id, sort_by_parameter_order=True), list(rows)
        )
        keys = list(found)
        uow.commit()
    return keys


def add_signed(office: Office, count: int, **changes: Any) -> list[int]:
    """Documents that were signed and wait for their numbers, as the services leave them; no file is needed here."""
    blank = {
        "state": "signed", "version": 5, "numbered_at": None, "sealed_at": None, "issued_at": None,
        "closed_at": None,
        "number": None, "year": None, "symbol": "", "seal_verdict": "", "signed_at": NOON - HOUR,
    }  # fmt: skip
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        unit = changes.pop("unit", "economy")
        rows = [issued_row(office, unit=unit) | blank | changes for _place in range(count)]
        made = uow.session.scalars(insert(Outgoing).returning(Outgoing.id, sort_by_parameter_order=True), rows)
        keys = list(made)
        uow.add(
            *(
                History(document_id=key, ordinal=1, at=NOON - HOUR, action="sign",
                        from_state="awaiting_signature", to_state=rows[0]["state"])
                for key in keys
            )
        )  # fmt: skip
        uow.commit()
    return keys
