"""Handing over a post: what it holds, who takes over, the records and what was left with posts that are over."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, cast

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from workflow.adapters.render import Column, Section, TableReport, render_report
from workflow.domain.errors import WorkflowError
from workflow.domain.permissions import Permission
from workflow.services import handover as service
from workflow.services.handover import ROLES, Kind
from workflow.services.successors import BACK, Choice
from workflow.store import handovers as store
from workflow.store import office, people
from workflow.store.models import Handover, Person, PostRow
from workflow.web import format
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import page, see, showable
from workflow.web.guards import allows
from workflow.web.i18n import N_, _

bp = Blueprint("handover", __name__, url_prefix="/admin")

KIND_WORDS = {
    Kind.WORK: N_("Incoming documents under work"),
    Kind.ASSIGNMENTS: N_("Incoming documents that wait for this head"),
    Kind.DIRECTIONS: N_("Incoming documents that wait for a direction"),
    Kind.DRAFTS: N_("Drafts"),
    Kind.SIGNATURES: N_("Documents to sign: they go back to their drafters, who choose another signer"),
    Kind.DOSSIERS: N_("Work dossier still open"),
    Kind.OPINIONS: N_("Drafts of others that the person is asked about"),
    Kind.SEAL: N_("The agency's certificate and its key"),
}
LINE_WORDS = {
    "incoming": N_("Incoming document"),
    "part": N_("Part in an incoming document"),
    "outgoing": N_("Outgoing document"),
    "certificate": N_("Personal certificate: to be returned or revoked"),
    "seal": N_("The agency's certificate and its key"),
    "mandate": N_("Mandate to sign: ended with the handover"),
    "dossier": N_("Work dossier still open"),
    "opinion": N_("Question about a draft"),
    "number": N_("Number held: the clerk uses or cancels it"),
}


@bp.get("/posts/<int:post_id>/hand-over")
@allows(Permission.MANAGE_PEOPLE)
def form(post_id: int) -> str:
    """What the post holds, and who could take it over."""
    return _form(post_id)


@bp.post("/posts/<int:post_id>/hand-over")
@allows(Permission.MANAGE_PEOPLE, step_up=True)
def hand_over(post_id: int) -> Answer:
    """Do it."""
    given = {kind: _choice(request.form.get(f"to_{kind}", "")) for kind in ROLES}
    to = {kind: value for kind, value in given.items() if value != NOBODY}
    told = {name[4:]: _choice(value) for name, value in request.form.items() if name.startswith("for_")}
    apart = {key: value for key, value in told.items() if value != NOBODY}
    reason = request.form.get("reason", "")
    try:
        made = act(service.hand_over, current().figures_scope, post_id=post_id, to=to, apart=apart, reason=reason)
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        unfit = {*cast("tuple[str, ...]", refused.details.get("keys", ())), *apart}
        chosen: dict[str, Choice] = {str(kind): choice for kind, choice in to.items()}
        body = _form(post_id, trouble=trouble, chosen=chosen | apart, reason=showable(reason), unfit=unfit)
        return page(body, trouble.status)
    return see(url_for("handover.records", made=made.id))


BACK_WORD, NOBODY = "back", -1


def _choice(value: str) -> Choice:
    """What a list says: a post, that it goes back (None), or nothing."""
    if value == BACK_WORD:
        return None
    return int(value) if value.isdecimal() and len(value) < 12 else NOBODY


def _form(
    post_id: int, *, trouble: Any = None, chosen: Mapping[str, Choice] | None = None, reason: str = "",
    unfit: Collection[str] = (),
) -> str:  # fmt: skip
    """`unfit`: documents that whoever was chosen is not fit for; each gets a list of its own."""
    here = current()
    post = people.post(here.figures_scope, here.uow.session, post_id)
    held = service.holdings(here.uow, here.actor, here.figures_scope, post_id=post_id, now=here.now)
    choices = {
        kind: store.successors(here.uow.session, post, roles=[str(role) for role in ROLES[kind]], on=here.today)
        for kind in held.counts
        if kind in ROLES
    }
    for kind, listed in choices.items():  # whoever could take none of a kind is not offered at all
        items = [item for item in held.items if item.kind is kind]
        if items:
            choices[kind] = [one for one in listed if any(item.fits(one[0]) for item in items)]
    singles = [
        (item, service.item_words(item), [one for one in choices[item.kind] if item.fits(one[0])])
        for item in held.items
        if item.key in unfit
    ]
    return render_template(
        "handover/form.html", post=post, held=held, choices=choices, kinds=KIND_WORDS, trouble=trouble,
        chosen=chosen or {}, reason=reason, back=BACK, singles=singles,
    )  # fmt: skip


@bp.get("/handovers")
@allows(Permission.MANAGE_PEOPLE)
def records() -> str:
    """Records, and posts that are over with something left in them."""
    here = current()
    scope, session = here.figures_scope, here.uow.session
    return render_template(
        "handover/records.html", records=store.records(scope, session),
        left=store.over_with_work(scope, session, today=here.today), made=request.args.get("made", ""),
    )  # fmt: skip


@bp.get("/handovers/<int:handover_id>.pdf")
@allows(Permission.MANAGE_PEOPLE)
def as_pdf(handover_id: int) -> Response:
    """The record, to print and sign."""
    here = current()
    made = store.record(here.figures_scope, here.uow.session, handover_id)
    report = _report(made)
    data = here.uow.compute(render_report, report, made_at=made.at)
    head = {"Content-Disposition": f'attachment; filename="ban-giao-{made.id}.pdf"', "Cache-Control": "no-store"}
    return Response(data, mimetype="application/pdf", headers=head)


def _report(made: Handover) -> TableReport:
    session = current().uow.session
    agency = office.unit(session, made.agency_id)
    post = session.get_one(PostRow, made.post_id)
    takers = {line["to"] for line in made.body["lines"] if line["to"]}
    names = {key: _who(key) for key in takers}
    words = {kind: _(text) for kind, text in LINE_WORDS.items()}
    rows = tuple(
        (str(n), words[line["kind"]], line["words"], names.get(line["to"], "–"))
        for n, line in enumerate(made.body["lines"], 1)
    )
    headings = ((_("No."), 1), (_("What"), 5), (_("Number, symbol or code"), 5), (_("Taken over by"), 5))
    columns = tuple(Column(heading, width) for heading, width in headings)
    giver = session.get_one(Person, post.person_id).full_name
    return TableReport(
        unit=agency.name, title=_("Record of handing over"),
        subtitles=(
            _("Handed over by: %(name)s, %(title)s", name=giver, title=post.title),
            _("At: %(moment)s", moment=format.moment(made.at)), _("Reason: %(words)s", words=made.reason),
        ),
        sections=(Section(_("What was handed over"), columns, rows),),
        footer=_("Giver, taker and head of the agency sign below."),
    )  # fmt: skip


def _who(post_id: int) -> str:
    session = current().uow.session
    post = session.get_one(PostRow, post_id)
    return f"{session.get_one(Person, post.person_id).full_name}, {post.title}"
