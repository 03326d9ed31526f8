"""The plan of a document's fields as rows: what is stored of it, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from signing import prepare as making
from workflow.services.documents.heading import drawn_text
from workflow.store import documents as store
from workflow.store.models import Outgoing, PlannedBox
from workflow.store.session import UnitOfWork


def row_of(field: making.PlannedField, document_id: int) -> PlannedBox:
    """A planned field as it is stored."""
    left, bottom, right, top = field.box
    typed = asdict(field.typed) if field.typed is not None else {}
    return PlannedBox(
        document_id=document_id, name=field.name, kind=str(field.kind), owner=field.owner, page=field.page,
        left=left, bottom=bottom, right=right, top=top, required=field.required,
        drawn=str(field.drawn), typed=typed,
    )  # fmt: skip


def field_of(row: PlannedBox, *, expected_text: str = "") -> making.PlannedField:
    """A stored row as the library's field."""
    return making.PlannedField(
        name=row.name,
        kind=making.FieldKind(row.kind),
        owner=row.owner,
        page=row.page,
        box=(row.left, row.bottom, row.right, row.top),
        required=row.required,
        drawn=making.Drawn(row.drawn),
        typed=_typed(row),
        expected_text=expected_text,
    )


def _typed(row: PlannedBox) -> making.TypedBlock | making.TypedHead | None:
    if not row.typed:
        return None
    words: dict[str, Any] = dict(row.typed)
    if row.kind == making.FieldKind.LEADER:
        return making.TypedBlock(titles=tuple(words["titles"]), name=words["name"])
    gaps = tuple(
        making.Gap(**gap | {"kind": making.GapKind(gap["kind"]), "side": making.Side(gap["side"])})
        for gap in words.pop("gaps")
    )
    return making.TypedHead(**words, gaps=gaps)


def fields_of(uow: UnitOfWork, document_id: int) -> tuple[making.PlannedField, ...]:
    """Every field of a document's plan."""
    return tuple(field_of(row) for row in store.boxes_of(uow.session, document_id))


def planned_fields(uow: UnitOfWork, document_id: int) -> tuple[making.PlannedField, ...]:
    """The signature fields of the plan, as the verifier wants them.

    Once a document has its number, the number's field says in `expected_text` what its appearance must read.
    """
    document = uow.session.get_one(Outgoing, document_id)
    found = []
    for row in store.boxes_of(uow.session, document_id):
        field = field_of(row)
        if field.kind is making.FieldKind.NUMBER and document.numbered_at is not None:
            field = field_of(row, expected_text=drawn_text(uow, document, field))
        if field.is_signature:
            found.append(field)
    return tuple(found)
