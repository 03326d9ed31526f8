"""Handing dossiers to the archive: those that are due, the list that is made of them, its minutes as PDF/A."""

from __future__ import annotations

from flask import Response, render_template, request
from werkzeug.wrappers import Response as Answer

from workflow.adapters.render import render_transfer
from workflow.domain.dossiers import State
from workflow.domain.errors import WorkflowError
from workflow.domain.numbering import number_text
from workflow.domain.permissions import Permission
from workflow.services.dossiers import transferring
from workflow.store import archive_transfers as store
from workflow.store import dossier_list, dossiers
from workflow.store.dossier_list import Filter
from workflow.web import dossier_words as words
from workflow.web.context import act, current
from workflow.web.dossier_papers import transfer_papers
from workflow.web.errors import Trouble, explain
from workflow.web.forms import page, see, showable
from workflow.web.guards import allows
from workflow.web.row_keys import LARGEST
from workflow.web.views.dossiers import PATH, bp

TRANSFERS = f"{PATH}/transfers"
READ = allows(Permission.SEE_REGISTER)
MAKE = allows(Permission.TRANSFER_DOSSIER)


@bp.get(TRANSFERS)
@READ
def transfers() -> str:
    """Every list within reach, the newest first."""
    here = current()
    return render_template(
        "dossiers/transfers.html", rows=store.transfers(here.scope, here.uow.session), number=number_text
    )


@bp.get(f"{TRANSFERS}/new")
@MAKE
def new_transfer() -> str:
    """Closed dossiers that belong in the archive, the most urgent first."""
    return _new_page()


@bp.post(f"{TRANSFERS}/new")
@MAKE
def make_transfer() -> Answer:
    """Hand over those that were ticked, all or none."""
    chosen: dict[int, int | None] = {}
    for text in request.form.getlist("dossiers")[: transferring.MOST + 1]:
        key, _colon, version = text.partition(":")
        numbers = key.isdecimal() and version.isdecimal() and len(text) < 40
        if numbers and max(int(key), int(version)) <= LARGEST:
            chosen[int(key)] = int(version)
    receiver, said = (request.form.get(name, "")[:500] for name in ("receiver", "words"))
    try:
        made = act(transferring.transfer, current().scope, chosen=chosen, receiver=receiver, words=said)
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        body = _new_page(trouble=trouble, ticked=set(chosen), receiver=showable(receiver), said=showable(said))
        return page(body, trouble.status)
    return see(f"{TRANSFERS}/{made.id}?made=1")


def _new_page(
    *, trouble: Trouble | None = None, ticked: set[int] | None = None, receiver: str = "", said: str = ""
) -> str:
    here = current()
    rows = dossier_list.page(
        here.scope, here.uow.session, wanted=Filter(states=(State.CLOSED,)), sort="due", limit=transferring.MOST
    )[: transferring.MOST]  # fmt: skip
    due = {row[0].id for row in rows if row[0].due_on is not None and row[0].due_on - here.today <= words.SOON}
    return render_template(
        "dossiers/new_transfer.html",
        rows=rows,
        counts=dossiers.counts(here.scope, here.uow.session, [row[0].id for row in rows]),
        ticked=due if ticked is None else ticked,
        trouble=trouble,
        receiver=receiver,
        said=said,
        words=words,
    )


@bp.get(f"{TRANSFERS}/<int:transfer_id>")
@READ
def transfer(transfer_id: int) -> str:
    """One list as it was handed over."""
    here = current()
    made = store.transfer(here.scope, here.uow.session, transfer_id)
    return render_template(
        "dossiers/transfer.html", made=made, papers=transfer_papers(made), number=number_text(made.number),
        fresh="made" in request.args,
    )  # fmt: skip


@bp.get(f"{TRANSFERS}/<int:transfer_id>.pdf")
@READ
def transfer_pdf(transfer_id: int) -> Response:
    """Minutes in two copies, the list of dossiers, the lists of their documents."""
    here = current()
    made = store.transfer(here.scope, here.uow.session, transfer_id)
    data = here.uow.compute(render_transfer, transfer_papers(made), made_at=made.at)
    name = f"nop-luu-{made.year}-{number_text(made.number)}.pdf"
    head = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, mimetype="application/pdf", headers=head)
