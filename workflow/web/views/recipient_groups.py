"""Groups of recipients: the list for whoever drafts, one form for the clerk who keeps them."""

from __future__ import annotations

from flask import render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from workflow.domain.errors import WorkflowError
from workflow.domain.permissions import Permission
from workflow.services.exchange import grouping
from workflow.store import exchange
from workflow.store import recipient_groups as store
from workflow.store.models import RecipientGroup
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.schemas.exchange import chosen_keys
from workflow.web.schemas.fields import Text
from workflow.web.views.documents import bp

LIST = "/outgoing/groups"
NEW, ONE = f"{LIST}/new", f"{LIST}/<int:group_id>"


class GroupForm(Schema):
    """Name, offices outside, whether it is offered; agencies are ticked."""

    name = Text(longest=100, required=True)
    others = Text(longest=20_000, multiline=True, load_default="")
    in_use = fields.Boolean(load_default=False)


@bp.get(LIST)
@allows(Permission.DRAFT_DOCUMENT)
def groups() -> str:
    """Every group of the agency with its members."""
    here = current()
    found = store.groups(here.uow.session, here.agency_id or 0, in_use_only=False)
    return render_template(
        "exchange/groups.html", groups=[(one, store.members(here.uow.session, one.id)) for one in found],
        kept="kept" in request.args,
    )  # fmt: skip


@bp.get(NEW)
@allows(Permission.KEEP_GROUPS)
def new_group() -> str:
    """An empty form."""
    return _page(None, Form(values={"name": "", "others": "", "in_use": "true", "to": ""}))


@bp.post(NEW)
@allows(Permission.KEEP_GROUPS)
def make_group() -> Response:
    """Make it."""
    return _keep(None)


@bp.get(ONE)
@allows(Permission.KEEP_GROUPS)
def group(group_id: int) -> str:
    """The form as the group stands."""
    row = _found(group_id)
    members = store.members(current().uow.session, row.id)
    values = {
        "name": row.name, "in_use": "" if row.ended_at else "true",
        "others": "\n".join(one.name for one in members if one.agency_id is None),
        "to": " ".join(str(one.agency_id) for one in members if one.agency_id is not None),
    }  # fmt: skip
    return _page(row, Form(values=values))


@bp.post(ONE)
@allows(Permission.KEEP_GROUPS)
def change_group(group_id: int) -> Response:
    """Rename it, change its members, take it out of use."""
    return _keep(_found(group_id))


def _found(group_id: int) -> RecipientGroup:
    here = current()
    return store.group(here.uow.session, here.agency_id or 0, group_id=group_id)


_FIELD_OF = {
    "group_name": "name", "group_known": "name", "group_empty": "to", "recipient_own": "to",
    "recipients_many": "to", "recipient_agency": "to",
}  # fmt: skip


def _keep(row: RecipientGroup | None) -> Response:
    here, form = current(), read_form(GroupForm)
    keys, wrong = chosen_keys(request.form.getlist("to"))
    form.values["to"] = " ".join(str(key) for key in keys)
    if wrong:
        form.errors["to"] = _(wrong)
    group_id = row.id if row else None
    if form.good:
        data = form.data
        wish = grouping.Wish(name=data["name"], agency_ids=keys, others=data["others"], in_use=data["in_use"])
        try:
            act(grouping.keep, group_id=group_id, wish=wish)
            return see(url_for("outgoing.groups", kept=1))
        except WorkflowError as refused:
            here.uow.rollback()
            trouble = explain(refused)
            form.errors[_FIELD_OF.get(refused.code, "")] = f"{trouble.title} {trouble.next}".strip()
    return page(_page(_found(group_id) if group_id else None, form), 422)


def _page(row: RecipientGroup | None, form: Form) -> str:
    here = current()
    chosen = {int(key) for key in form.values.get("to", "").split()}
    rows = [tuple(one) for one in exchange.agencies(here.uow.session, on=here.today, without=here.agency_id)]
    if row is not None:
        listed = {key for key, _name in rows}
        members = store.members(here.uow.session, row.id)
        rows += [(one.agency_id, one.name) for one in members if one.agency_id and one.agency_id not in listed]
    return render_template(
        "exchange/group.html", row=row, form=form, chosen=chosen,
        agencies=sorted(rows, key=lambda one: one[0] not in chosen),
    )  # fmt: skip
