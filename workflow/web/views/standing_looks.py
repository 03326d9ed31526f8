"""What standing inspectors looked at: for leaders of the agency, and the inspectors' administrators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.errors import NotPermitted
from workflow.domain.inspections import Look
from workflow.store import standing_looks as store
from workflow.web import plain_list
from workflow.web.context import current
from workflow.web.guards import signed_in
from workflow.web.i18n import N_, _
from workflow.web.inspection_words import LOOK_WORDS, looked_at
from workflow.web.plain_list import Asked
from workflow.web.row_keys import number_of
from workflow.web.sheets import left_out, table_answer

bp = Blueprint("standing_looks", __name__)

TOLD = signed_in("looks at one's agency, or of one's inspectors; the store finds no others")
SORTS = {"newest": N_("the newest first"), "oldest": N_("the oldest first")}
PATH = "/inspections/standing"
MOST = 20_000


def is_told() -> bool:
    """Whether anything is shown here to the person."""
    here = current()
    return store.told_to(here.actor, here.uow.session) is not None


@bp.get(PATH)
@TOLD
def index() -> str:
    """By filter and order."""
    asked, before = _asked(), number_of(request.args.get("before", ""))
    rows = _rows(asked, before=before)
    more = rows[store.PAGE - 1][0].id if len(rows) > store.PAGE else None
    return render_template(
        "inspections/standing.html", rows=rows[: store.PAGE], words=LOOK_WORDS, looked_at=looked_at, asked=asked,
        sorts=SORTS, kinds=[(str(kind), _(words)) for kind, words in LOOK_WORDS.items()],
        next=asked.address(PATH, before=str(more)) if more else "", first=before is not None,
    )  # fmt: skip


@bp.get(f"{PATH}.csv")
@bp.get(f"{PATH}.xlsx")
@TOLD
def export() -> Response:
    """The same for a spreadsheet."""
    rows = _rows(_asked(), limit=MOST)
    head = [_(word) for word in (N_("When"), N_("Who looked"), N_("What"), N_("Unit"), N_("Page"))]
    lines = [
        (look.at, who, " ".join(filter(None, (_(LOOK_WORDS[Look(look.kind)]), looked_at(look.subject)))),
         agency or "", look.page)
        for look, who, agency in rows[:MOST]
    ]  # fmt: skip
    return table_answer("standing-looks", _("What inspectors looked at"), head, [*lines, *left_out(rows, MOST)])


def _asked() -> Asked:
    return plain_list.read(request.args, sorts=SORTS, choices={"kind": [str(one) for one in Look]},
                           days=("since", "until"))  # fmt: skip


def _rows(asked: Asked, *, before: int | None = None, limit: int = store.PAGE) -> Sequence[Any]:
    here = current()
    told = store.told_to(here.actor, here.uow.session)
    if told is None:
        raise NotPermitted("looks_of_others")
    return store.listed(
        told, here.uow.session, kind=asked.value("kind"), since=asked.day("since"), until=asked.day("until"),
        oldest=asked.sort == "oldest", before=before, limit=limit,
    )  # fmt: skip
