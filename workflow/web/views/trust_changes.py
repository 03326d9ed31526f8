"""Changes of what is believed: proposed on one page, decided by another administrator on the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response

from workflow.domain.errors import NotFound, NotPermitted, WorkflowError
from workflow.domain.people import Role
from workflow.domain.permissions import Permission
from workflow.services import trust_changes as service
from workflow.services.signing.roots import Wanted, standing
from workflow.store import office
from workflow.store import trust_changes as store
from workflow.store.models import TrustChange, TrustRoot
from workflow.web import format, trust_words
from workflow.web.context import HERE, act, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.schemas.trust import NewRoot, RootWishes, Typed, WhyOnly
from workflow.web.sheets import csv_answer
from workflow.web.uploads import uploaded
from workflow.web.verdict_words import PURPOSES, conclusion_words, reason_words

bp = Blueprint("trust_changes", __name__, url_prefix="/admin/trust")

LOOK = allows(Permission.MANAGE_TRUST)
CHANGE = allows(Permission.MANAGE_TRUST, step_up=True)

PAGE = 50
"""Flips on the screen; the file holds them all."""
WHY = "the report of a change of trust, for whoever decides on it"
LAST_MOMENT = dt.time(23, 59, 59)
"""A root is trusted up to and including the day that was typed."""

FIELDS = {
    "fingerprint_length": "fingerprint",
    "fingerprint_differs": "fingerprint",
    "root_purposes": "purposes",
    "root_scope": "scope",
    "root_unchanged": "label",
    "trust_change_waits_already": "label",
}
"""Refusal → the field it is about; all others are about the file."""

COLUMNS = (
    N_("Number and symbol"),
    N_("Agency"),
    N_("Signature"),
    N_("Now"),
    N_("Reason now"),
    N_("Then"),
    N_("Reason then"),
)


@bp.get("/roots/new")
@CHANGE
def new_root() -> str:
    """The form for a root."""
    return _root_page(Form(), frozenset({"person", "seal"}), frozenset())


@bp.post("/roots/new")
@CHANGE
def propose_root() -> Response:
    """Propose a root from its file."""
    form, purposes, scope = _read(NewRoot)
    if form.good:
        try:
            data, _name = uploaded("file", lacking="any_file_needed")
            change = act(
                service.propose_root,
                data=data,
                fingerprint=form.data["fingerprint"],
                wanted=_wanted(form, purposes, scope),
                reason=form.data["reason"],
            )
        except WorkflowError as refused:
            _put(form, refused, usual="file")
        else:
            return see(url_for("trust_changes.change", change_id=change.id))
    return page(_root_page(form, purposes, scope), 422)


@bp.get("/roots/<int:root_id>/amend")
@CHANGE
def amend_root(root_id: int) -> str:
    """The same form, as the root stands."""
    row = store.root(current().uow.session, root_id)
    until = row.trusted_until.astimezone(HERE).date().isoformat() if row.trusted_until else ""
    form = Form(values={"label": row.label, "kind": row.kind, "trusted_until": until})
    return _root_page(form, frozenset(row.purposes), frozenset(row.scope), row)


@bp.post("/roots/<int:root_id>/amend")
@CHANGE
def propose_amendment(root_id: int) -> Response:
    """Propose other purposes, scope, end or words."""
    form, purposes, scope = _read(RootWishes)
    row = store.root(current().uow.session, root_id)
    if form.good:
        wanted = _wanted(form, purposes, scope)
        try:
            change = act(service.propose_amendment, root_id=root_id, wanted=wanted, reason=form.data["reason"])
        except WorkflowError as refused:
            _put(form, refused, usual="label")
        else:
            return see(url_for("trust_changes.change", change_id=change.id))
        row = store.root(current().uow.session, root_id)
    return page(_root_page(form, purposes, scope, row), 422)


def _read(schema: Callable[[], Schema]) -> tuple[Form, frozenset[str], frozenset[int]]:
    form = read_form(schema)
    purposes = frozenset(request.form.getlist("purpose")) & trust_words.PURPOSES.keys()
    scope = frozenset(int(one) for one in request.form.getlist("scope") if one.isdecimal() and len(one) < 16)
    return form, purposes, scope


def _wanted(form: Form, purposes: frozenset[str], scope: frozenset[int]) -> Wanted:
    day: dt.date | None = form.data["trusted_until"]
    return Wanted(
        label=form.data["label"],
        purposes=purposes,
        kind=form.data["kind"],
        scope=tuple(sorted(scope)),
        trusted_until=dt.datetime.combine(day, LAST_MOMENT, HERE).astimezone(dt.UTC) if day else None,
    )


def _put(form: Form, refused: WorkflowError, *, usual: str) -> None:
    trouble = explain(refused)
    form.errors[FIELDS.get(refused.code, usual)] = trouble.words(kept=False)


def _root_page(form: Form, purposes: frozenset[str], scope: frozenset[int], row: TrustRoot | None = None) -> str:
    here = current()
    return render_template(
        "trust/root.html",
        form=form,
        row=row,
        chosen=purposes,
        scope=scope,
        purposes=trust_words.PURPOSES,
        kinds=[(key, _(words)) for key, words in trust_words.KINDS.items() if key != "demo"],
        agencies=store.agencies(here.uow.session, on=here.today),
        alone=_alone(),
    )


def _alone() -> bool:
    """Whether nobody else could confirm: the second administrator has to be appointed first."""
    here = current()
    posts = office.holders(here.uow.session, role=Role.ADMIN, on=here.today, agency_id=here.post.agency_id)
    return len({one.person_id for one in posts}) < 2


@bp.get("/roots/<int:root_id>/retire")
@CHANGE
def retire_root(root_id: int) -> str:
    """The form."""
    return _retire_page(Form(), root_id)


@bp.post("/roots/<int:root_id>/retire")
@CHANGE
def propose_retirement(root_id: int) -> Response:
    """Propose to believe it no more."""
    form = read_form(WhyOnly)
    if form.good:
        try:
            change = act(service.propose_retirement, root_id=root_id, reason=form.data["reason"])
        except WorkflowError as refused:
            if refused.code == "root_not_found":
                raise
            _put(form, refused, usual="reason")
        else:
            return see(url_for("trust_changes.change", change_id=change.id))
    return page(_retire_page(form, root_id), 422)


def _retire_page(form: Form, root_id: int) -> str:
    row = store.root(current().uow.session, root_id)
    return render_template("trust/retire.html", form=form, row=row, alone=_alone())


@bp.get("/changes/<int:change_id>")
@LOOK
def change(change_id: int) -> str:
    """A change with its report, and what may be done with it."""
    return _change_page(change_id, Form())


def _change_page(change_id: int, form: Form, *, trouble: Trouble | None = None) -> str:
    here = current()
    session = here.uow.session
    found = store.change(session, change_id)
    after = request.args.get("after", "")
    rows = store.flips(
        session, change_id, reason=WHY, after=int(after) if after.isdecimal() and len(after) < 16 else 0,
        limit=PAGE + 1,
    )  # fmt: skip
    names = store.agency_names(session, trust_words.scopes_of(found.before, found.wanted))
    return render_template(
        "trust/change.html",
        change=found,
        form=form,
        trouble=trouble,
        title=trust_words.title(found),
        state=trust_words.state(found),
        people=store.people_of(session, found),
        differences=trust_words.differences(found, names),
        certified=trust_words.Certified.of(found.der) if found.der else None,
        counts=[
            (*conclusion_words(row.before_conclusion), *conclusion_words(row.after_conclusion), row.many)
            for row in store.flip_counts(session, change_id)
        ],
        flips=[_flip(row) for row in rows[:PAGE]],
        next=rows[PAGE - 1][0].id if len(rows) > PAGE else 0,
        first=bool(after),
        opened=found.state in store.OPEN,
        own=found.proposed_by_id == here.person.person_id,
        ready=_is_ready(found),
        alone=_alone(),
    )


def _is_ready(found: TrustChange) -> bool:
    """Counted, and against the list that stands."""
    return found.state == "waiting" and found.counted_digest == standing(current().uow).digest


def _paper(row: Any) -> str:
    """Number and symbol, or when a file came from outside: no more of it is shown here."""
    if row.received_at is not None:
        return _("Received %(moment)s", moment=format.moment(row.received_at))
    return str(row.symbol or _("without a number yet"))


def _signed(row: Any) -> str:
    """Which signature; an attachment by its place, not by its name, which tells of the paper."""
    if row.place is not None:
        return _("Seal on attachment %(n)s", n=row.place)
    return _("All signatures of the file") if row.field is None else _(PURPOSES.get(row.field, row.field))


def _after(flip: Any) -> str:
    """Why it is no longer decided; of a root that is taken away the verifier only sees that it is not there."""
    gone = flip.after_reason in {"issuer_not_found", "no_trust_given"} and flip.before_reason != flip.after_reason
    return reason_words("root_not_trusted" if gone else flip.after_reason)


def _flip(row: Any) -> dict[str, Any]:
    flip = row[0]
    before, after = conclusion_words(flip.before_conclusion), conclusion_words(flip.after_conclusion)
    return {
        "symbol": _paper(row),
        "agency": row.agency,
        "field": _signed(row),
        "before": before,
        "before_reason": reason_words(flip.before_reason) if flip.before_reason else "",
        "after": after,
        "after_reason": _after(flip) if flip.after_reason else "",
    }


@bp.get("/changes/<int:change_id>/flips.csv")
@LOOK
def flips_csv(change_id: int) -> Response:
    """The whole list, for a spreadsheet."""
    session = current().uow.session
    store.change(session, change_id)
    lines = map(_flip, store.flips(session, change_id, reason=WHY))
    rows = [
        (one["symbol"], one["agency"], one["field"], one["before"][0], one["before_reason"], one["after"][0],
         one["after_reason"])
        for one in lines
    ]  # fmt: skip
    return csv_answer(f"trust-change-{change_id}.csv", [_(word) for word in COLUMNS], rows)


@bp.post("/changes/<int:change_id>/confirm")
@CHANGE
def confirm(change_id: int) -> Response:
    """The second administrator makes it."""
    form = read_form(Typed)
    if form.good:
        try:
            act(service.confirm, change_id=change_id, fingerprint=form.data["fingerprint"])
        except WorkflowError as refused:
            if isinstance(refused, NotFound | NotPermitted):
                raise
            current().uow.rollback()
            if FIELDS.get(refused.code) != "fingerprint":
                return page(_change_page(change_id, form, trouble=explain(refused)), explain(refused).status)
            _put(form, refused, usual="fingerprint")
        else:
            return see(url_for("trust_changes.change", change_id=change_id))
    return page(_change_page(change_id, form), 422)


@bp.post("/changes/<int:change_id>/refuse")
@CHANGE
def refuse(change_id: int) -> Response:
    """The second administrator does not want it."""
    form = read_form(WhyOnly)
    if not form.good:
        return page(_change_page(change_id, form), 422)
    act(service.refuse, change_id=change_id, reason=form.data["reason"])
    return see(url_for("trust_changes.change", change_id=change_id))


@bp.post("/changes/<int:change_id>/withdraw")
@CHANGE
def withdraw(change_id: int) -> Response:
    """Who proposed it takes it back."""
    act(service.withdraw, change_id=change_id)
    return see(url_for("trust_changes.change", change_id=change_id))


@bp.post("/changes/<int:change_id>/count")
@CHANGE
def count_again(change_id: int) -> Response:
    """Have the report made anew."""
    act(service.count_again, change_id=change_id)
    return see(url_for("trust_changes.change", change_id=change_id))
