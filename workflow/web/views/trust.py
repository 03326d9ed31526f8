"""Administration of trust: roots, how far revocation evidence reaches, how strictly signatures are judged."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput, WorkflowError
from workflow.domain.permissions import Permission
from workflow.services import checking, trust_changes
from workflow.services import trust as service
from workflow.services.fetching import fetch_settings
from workflow.services.signing import trust as rests_on
from workflow.services.trust_evidence import ageing
from workflow.store import trust_changes as store
from workflow.store.evidence import places
from workflow.web import evidence_words, trust_words
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.schemas.trust import PolicyChoice
from workflow.web.uploads import uploaded

bp = Blueprint("trust", __name__, url_prefix="/admin/trust")

LOOK = allows(Permission.MANAGE_TRUST)
CHANGE = allows(Permission.MANAGE_TRUST, step_up=True)


@bp.get("")
@LOOK
def index() -> str:
    """Everything that verification rests on."""
    here = current()
    evidence = ageing(here.uow, now=here.now)
    session = here.uow.session
    opened = store.listed_changes(session, decided=False)
    retired = "retired" in request.args
    hosts = _hosts()
    listed, gone = store.listed_roots(session, retired=False), store.listed_roots(session, retired=True)
    waiting = {row[0].subject: row[0].id for row in opened}
    names = store.agency_names(session, {one for row in (*listed, *gone) for one in row[0].scope})
    return render_template(
        "trust/index.html",
        roots=[trust_words.root(row, names, waiting) for row in listed],
        gone=len(gone),
        retired=[trust_words.root(row, names, waiting) for row in gone] if retired else [],
        opened=opened,
        decided=store.listed_changes(session, decided=True, limit=20),
        words=trust_words,
        evidence=evidence,
        places=[evidence_words.place(row, hosts) for row in places(session)],
        asked="fetch" in request.args,
        waits=[one.name for one in evidence.authorities if one.waits and not one.stamps],
        stamps_wait=[one.name for one in evidence.authorities if one.waits and one.stamps],
        policy=_(trust_words.POLICIES[rests_on.policy(here.uow).name]),
        policy_waits=waiting.get(trust_changes.POLICY),
        public=checking.public_check(here.uow),
    )


def _hosts() -> frozenset[str]:
    """Those that may be asked; none where the setting cannot be used, which `trinhky doctor` tells."""
    try:
        return fetch_settings(current().settings).hosts
    except BadInput:
        return frozenset()


@bp.post("/fetch")
@LOOK
def fetch() -> Response:
    """Have the job ask every address now."""
    act(service.fetch_now)
    return see(url_for("trust.index", fetch="", _anchor="fetching-title"))


@bp.get("/crl")
@CHANGE
def crl() -> str:
    """The form."""
    return render_template("trust/crl.html", form=Form())


@bp.post("/crl")
@CHANGE
def take_crl() -> Response:
    """Take in a list from a file."""
    form = Form()
    try:
        data, name = uploaded("file", lacking="any_file_needed")
        act(service.take_list, data=data, filename=name)
    except WorkflowError as refused:
        trouble = explain(refused)
        form.errors["file"] = trouble.words(kept=False)
        return page(render_template("trust/crl.html", form=form), 422)
    return see(url_for("trust.index"))


@bp.get("/policy")
@CHANGE
def policy() -> str:
    """The form."""
    return _policy_page(Form(values={"name": rests_on.policy(current().uow).name}))


@bp.post("/policy")
@CHANGE
def propose_policy() -> Response:
    """Propose how strictly signatures are judged: it changes verdicts as a root does."""
    form = read_form(PolicyChoice)
    if form.good:
        try:
            change = act(trust_changes.propose_policy, name=form.data["name"], reason=form.data["reason"])
        except WorkflowError as refused:
            trouble = explain(refused)
            form.errors["name"] = trouble.words(kept=False)
        else:
            return see(url_for("trust_changes.change", change_id=change.id))
    return page(_policy_page(form), 422)


def _policy_page(form: Form) -> str:
    return render_template("trust/policy.html", form=form, policies=trust_words.POLICIES)
