"""Many documents of one: rows of a signed one copied under keys of their own, with the very same file."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select

from tests.support.office import Office
from workflow.store.base import Base
from workflow.store.models import FileVersion, History, Outgoing, PlannedBox, Signature, VerdictRow
from workflow.store.session import unit_of_work


def copies(office: Office, document_id: int, count: int) -> list[int]:
    """`count` more documents that stand where this one stands; their journals begin anew."""
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        first = _values(uow, Outgoing, Outgoing.id == document_id)[0]
        made = []
        for place in range(1, count + 1):
            row = first | {"code": f"C{document_id}-{place}", "subject": f"{first['subject']} {place:02d}",
                           "once_key": None, "chain_length": 0, "chain_head": ""}  # fmt: skip
            key = uow.session.execute(insert(Outgoing).values(**row).returning(Outgoing.id)).scalar_one()
            for table in (FileVersion, PlannedBox, History):
                for child in _values(uow, table, table.document_id == document_id):  # type: ignore[attr-defined]
                    uow.session.execute(insert(table).values(**child | {"document_id": key}))
            _signatures(uow, document_id, key)
            made.append(key)
        uow.commit()
    return made


def _signatures(uow: Any, document_id: int, key: int) -> None:
    for row in uow.session.scalars(select(Signature).where(Signature.document_id == document_id)).all():
        values = _values(uow, Signature, Signature.id == row.id)[0] | {"document_id": key}
        new = uow.session.execute(insert(Signature).values(**values).returning(Signature.id)).scalar_one()
        for child in _values(uow, VerdictRow, VerdictRow.signature_id == row.id):
            uow.session.execute(insert(VerdictRow).values(**child | {"document_id": key, "signature_id": new}))


def _values(uow: Any, table: type[Base], condition: Any) -> list[dict[str, Any]]:
    """Column → value of rows, without their own key."""
    rows = uow.session.execute(select(table.__table__).where(condition)).mappings()
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]
