"""Where the fields of a type of document stood last in an agency: the next draft of that type begins there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from signing import prepare as making
from workflow.store import remembered as store
from workflow.store.models import Outgoing, RememberedBox
from workflow.store.session import UnitOfWork

Known = Mapping[str, RememberedBox]
"""By the name of the field."""
AT_HEAD = frozenset({making.FieldKind.NUMBER, making.FieldKind.FOOTER})
"""They hang on the first page, also where it is the last one."""
SAME_SIZE = 1.0
"""Points by which pages of one size may differ."""


def known(uow: UnitOfWork, document: Outgoing) -> dict[str, RememberedBox]:
    """What is remembered for a document's type in its agency."""
    return {row.name: row for row in store.boxes(uow.session, document.agency_id, document.type_code)}


def placed(
    plan: Sequence[making.PlannedField], pages: Sequence[making.PageBox], text: Mapping[int, Sequence[making.Box]],
    before: Known,
) -> tuple[making.PlannedField, ...]:  # fmt: skip
    """A proposal with its boxes where they stood last, as long as they fit these pages and cover no text there.

    What was found between words that are typed in this very draft (the signer's block, the line of number and date)
    knows better and stays.
    """
    return tuple(_placed(field, pages, text, before.get(field.name)) for field in plan)


def _placed(
    field: making.PlannedField, pages: Sequence[making.PageBox], text: Mapping[int, Sequence[making.Box]],
    row: RememberedBox | None,
) -> making.PlannedField:  # fmt: skip
    if row is None or field.typed is not None:
        return field
    page, box = pages[-1 if row.on_last else 0], (row.left, row.bottom, row.right, row.top)
    if abs(page.width - row.width) > SAME_SIZE or abs(page.height - row.height) > SAME_SIZE:
        return field
    seals = field.kind is making.FieldKind.SEAL  # it stands over the signature and what is typed there
    if not seals and any(_overlap(box, one) for one in text.get(page.number, ())):
        return field
    return replace(field, page=page.number, box=box)


def _overlap(one: making.Box, other: making.Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def remember(
    uow: UnitOfWork, document: Outgoing, before: Sequence[making.PlannedField],
    after: Sequence[making.PlannedField], pages: Sequence[making.PageBox], *, now: dt.datetime,
) -> None:  # fmt: skip
    """In the open write phase: somebody moved boxes."""
    stood = {field.name: (field.page, field.box) for field in before}
    for field in after:
        first, last = field.page == pages[0].number, field.page == pages[-1].number
        if stood.get(field.name) == (field.page, field.box) or not (first or last):
            continue
        on_last = last and not (first and field.kind in AT_HEAD)
        page = pages[-1 if on_last else 0]
        left, bottom, right, top = field.box
        store.put(
            uow.session,
            {"agency_id": document.agency_id, "type_code": document.type_code, "name": field.name,
             "on_last": on_last,
             "left": left, "bottom": bottom, "right": right, "top": top, "width": page.width,
             "height": page.height, "at": now},
        )  # fmt: skip
