"""The page of one dossier: its documents in order, what is to be settled, what can be done with it."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from workflow.adapters.render import ListOfDocuments, TransferPapers, render_documents
from workflow.domain.dossiers import Action, Kind, State, file_code, findings
from workflow.domain.errors import BadInput, WorkflowError
from workflow.domain.permissions import Permission
from workflow.domain.retention import kept_through
from workflow.services.calendar import working_calendar
from workflow.services.dossiers import filing
from workflow.services.dossiers.moves import possible_actions
from workflow.store import document_list, incoming_list, office
from workflow.store import dossiers as store
from workflow.store.dossiers import Filed
from workflow.store.models import ArchiveTransfer, Dossier, Person
from workflow.web import dossier_words as words
from workflow.web import format, incoming_listing, listing
from workflow.web.context import act, current
from workflow.web.dossier_papers import DOCUMENT_COLUMNS, document_row, translated
from workflow.web.errors import Trouble, explain
from workflow.web.forms import page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.labels import label
from workflow.web.schemas.dossiers import Added, Versioned
from workflow.web.types import type_names
from workflow.web.views.dossiers import PATH, bp

HITS = 10
"""Documents of each kind that a search offers."""
ON_PAGES = (Action.CLOSE, Action.CHANGE, Action.KEEP, Action.REOPEN, Action.CANCEL)
WHY_NOT = {
    "dossier_in_charge": N_("for its maker, the head of its unit and the clerk"),
    "dossier_for_archive": N_("it stays in the unit to its end"),
    "dossier_empty": N_("it is not empty"),
}
"""What stands beside a button that cannot be pressed; what the checks find is said at the closing itself."""


@bp.get(f"{PATH}/<int:dossier_id>")
@allows(Permission.READ_DOSSIER)
def show(dossier_id: int) -> str:
    """The page."""
    return dossier_page(dossier_id)


def dossier_page(dossier_id: int, *, trouble: Trouble | None = None) -> str:
    """The page, perhaps with what went wrong."""
    here = current()
    session = here.uow.session
    dossier = store.find(here.scope, session, dossier_id)
    shown = store.documents_of(here.scope, session, dossier_id)
    steps = possible_actions(here.uow, here.actor, here.scope, dossier)
    may = {step.action for step, missing in steps if not missing}
    search = request.args.get("find", "")[:200]
    agency = office.unit(session, dossier.agency_id)
    return render_template(
        "dossiers/show.html",
        d=dossier,
        state=State(dossier.state),
        tone=words.TONES[State(dossier.state)],
        code=file_code(agency.code, dossier.year, dossier.notation),
        unit=office.unit(session, dossier.unit_id).name,
        maker=session.get_one(Person, dossier.maker_id).full_name,
        shown=shown,
        types=type_names(),
        words=words,
        due=words.due_words(dossier.due_on, dossier.state),
        last=kept_through(dossier.ended_on, dossier.years) if dossier.ended_on else None,
        may=may,
        offers=_offers(steps),
        to_settle=_to_settle(dossier, shown),
        search=search,
        hits=_hits(search, dossier, shown) if search and Action.ADD in may else [],
        lines=_history(dossier),
        transfer=session.get(ArchiveTransfer, dossier.transfer_id) if dossier.transfer_id else None,
        done=_done(),
        trouble=trouble,
    )


def _offers(steps: Any) -> list[tuple[Action, words.Offer, str]]:
    """(action, how it is offered, why not) of the acts that have a page of their own, the usual one first."""
    found = {step.action: missing for step, missing in steps}
    told = [(one, words.OFFERS[one], found[one]) for one in ON_PAGES if one in found]
    return [(action, offer, _(WHY_NOT[why]) if why in WHY_NOT else "") for action, offer, why in told]


def _to_settle(dossier: Dossier, shown: tuple[Filed, ...]) -> list[tuple[str, list[Filed]]]:
    """What stands in the way of closing it, by what one would do about it; only while it is open."""
    if dossier.state != State.OPEN or not shown:
        return []
    here = current()
    found = findings(store.inside(here.scope, here.uow.session, dossier.id))
    told = [
        (_("Drafts and cancelled papers: take them out"), found.drafts),
        (_("Work that is not done yet"), found.open_work),
        (_("The same file twice: take one out"), found.duplicates),
    ]
    return [(title, words.names_of(keys, shown)) for title, keys in told if keys]


def _hits(search: str, dossier: Dossier, shown: tuple[Filed, ...]) -> list[dict[str, Any]]:
    """Documents within reach that fit a number, a symbol or words, without those that are in it."""
    here = current()
    asked = MultiDict([("q", search)])
    out = document_list.page(
        here.scope, here.uow.session, wanted=listing.read_listing(asked, now=here.now).wanted, limit=HITS,
        columns=("id", "symbol", "type_code", "subject", "state", "secret"),
    )  # fmt: skip
    came = incoming_list.page(
        here.scope, here.uow.session, limit=HITS,
        wanted=incoming_listing.read_listing(asked, now=here.now, calendar=working_calendar(here.uow)).wanted,
        columns=("id", "symbol", "type_code", "subject", "state", "secret", "number", "year", "issuer"),
    )  # fmt: skip
    inside = {(one.kind, one.id) for one in shown}
    made = [{"kind": Kind.OUTGOING, "row": row} for row in out[:HITS]]
    made += [{"kind": Kind.INCOMING, "row": row} for row in came[:HITS]]
    return [one for one in made if (one["kind"], one["row"].id) not in inside]


def _history(dossier: Dossier) -> list[dict[str, Any]]:
    here = current()
    names = {(one.kind, one.id): one for one in store.documents_of(here.scope, here.uow.session, dossier.id)}
    made = []
    for line, who in store.history_of(here.scope, here.uow.session, dossier.id):
        kind = Kind.OUTGOING if line.outgoing_id else Kind.INCOMING if line.incoming_id else None
        key = line.outgoing_id or line.incoming_id
        named = names.get((kind, key)) if kind and key else None
        made.append(
            {
                "words": label(Action(line.action)), "at": line.at, "who": who or "", "remark": line.remark,
                "link": f"/{kind}/{key}" if kind else "",
                "document": words.document_name(named) if named else _("a document"),
            }
        )  # fmt: skip
    return made


def _done() -> str:
    name = request.args.get("done", "")
    return _(words.OFFERS[Action(name)].done) if name in set(Action) else ""


def back(dossier_id: int, action: Action) -> Answer:
    """To the page, with a sentence about the act."""
    return see(f"{PATH}/{dossier_id}?done={action}")


@bp.post(f"{PATH}/<int:dossier_id>/documents")
@allows(Permission.KEEP_DOSSIER)
def add(dossier_id: int) -> Answer:
    """Put a document in."""
    form = read_form(Added)
    if not form.good or form.data["kind"] not in set(Kind):
        return page(dossier_page(dossier_id, trouble=explain(BadInput("dossier_document"))), 422)
    try:
        act(
            filing.add, current().scope, dossier_id=dossier_id, kind=Kind(form.data["kind"]),
            document_id=form.data["document"], years=form.data["years"],
        )  # fmt: skip
    except WorkflowError as refused:
        return refusal(dossier_id, refused)
    return back(dossier_id, Action.ADD)


@bp.post(f"{PATH}/<int:dossier_id>/documents/<int:link_id>/<any(remove, up, down):what>")
@allows(Permission.KEEP_DOSSIER)
def arrange(dossier_id: int, link_id: int, what: str) -> Answer:
    """Take a document out, or let it change places with its neighbour."""
    form = read_form(Versioned)
    if not form.good:
        abort(422)
    given = {"dossier_id": dossier_id, "link_id": link_id, "version": form.data["version"]}
    try:
        if what == "remove":
            act(filing.remove, current().scope, **given)
        else:
            act(filing.move_by_one, current().scope, up=what == "up", **given)
    except WorkflowError as refused:
        return refusal(dossier_id, refused)
    return back(dossier_id, Action.REMOVE if what == "remove" else Action.MOVE)


def refusal(dossier_id: int, error: WorkflowError) -> Answer:
    """The page with what the service would not do."""
    current().uow.rollback()
    trouble = explain(error)
    return page(dossier_page(dossier_id, trouble=trouble), trouble.status)


@bp.get(f"{PATH}/<int:dossier_id>/documents.pdf")
@allows(Permission.READ_DOSSIER)
def documents_pdf(dossier_id: int) -> Response:
    """The list of documents that lies on top in a dossier (mục lục văn bản), of those that the reader sees."""
    here = current()
    session = here.uow.session
    dossier = store.find(here.scope, session, dossier_id)
    agency = office.unit(session, dossier.agency_id)
    shown = store.documents_of(here.scope, session, dossier_id)
    names = type_names()
    rows = tuple(document_row(place, one, names) for place, one in enumerate(shown, 1))
    title = _("List of documents in the dossier")
    papers = TransferPapers(
        language=here.locale, superior=agency.superior, agency=agency.name, title=title, minutes=(), copies=(),
        signers=(), list_title="", subtitle="", head=translated(DOCUMENT_COLUMNS), rows=(), documents_title=title,
        documents_head=translated(DOCUMENT_COLUMNS),
        documents=(
            ListOfDocuments(
                heading=f"{dossier.notation} · {dossier.title}", rows=rows, empty=_("No document is in it yet.")
            ),
        ),
        footer=_("As of %(moment)s", moment=format.moment(here.now)),
    )  # fmt: skip
    data = here.uow.compute(render_documents, papers, made_at=here.now)
    head = {"Content-Disposition": f'attachment; filename="dossier-{dossier_id}.pdf"', "Cache-Control": "no-store"}
    return Response(data, mimetype="application/pdf", headers=head)
