"""Groups of recipients: the list for whoever drafts, one form for who keeps them, the clerk or an administrator."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from workflow.adapters.xlsx_export import Sheet
from workflow.domain.errors import WorkflowError
from workflow.domain.permissions import Permission
from workflow.domain.text import fold
from workflow.services.exchange import grouping
from workflow.store import exchange, outside_offices
from workflow.store import recipient_groups as store
from workflow.store.models import RecipientGroup
from workflow.web import draft_recipients, office_list
from workflow.web.context import Current, act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.office_list import Wanted
from workflow.web.paged import page_of
from workflow.web.schemas.exchange import chosen_keys
from workflow.web.schemas.fields import Text
from workflow.web.sheets import csv_answer, xlsx_answer
from workflow.web.views.documents import bp

LIST = "/outgoing/groups"
READ = allows(Permission.SEE_GROUPS)
WHICH = {"": office_list.WHICH[""], "ended": office_list.WHICH["ended"], "all": office_list.WHICH["all"]}
SORTS = {"name": N_("by name"), "members": N_("most members first"), "changed": N_("changed last first")}
DONE = {
    "kept": N_("The group is kept. Drafts that were filled from it stay as they are."),
    "ended": N_("The group is out of use: drafts do not offer it any more."),
    "in_use": N_("The group is in use again."),
}
NEW, ONE = f"{LIST}/new", f"{LIST}/<int:group_id>"


class GroupForm(Schema):
    """Name, offices outside, whether it is offered; agencies are ticked."""

    name = Text(longest=100, required=True)
    others = Text(longest=20_000, multiline=True, load_default="")
    in_use = fields.Boolean(load_default=False)
    seen = Text(longest=40, load_default="")


@dataclass(frozen=True, slots=True)
class Line:
    """A group with its members."""

    row: RecipientGroup
    members: list[str]


@bp.get(LIST)
@READ
def groups() -> str:
    """The groups of the agency with their members: filters and order stand in the address."""
    here, wanted = current(), office_list.read(request.args, sorts=SORTS)
    rows, done = _lines(here, wanted), request.args.get("done", "")
    empty = not rows and not store.groups(here.uow.session, here.agency_id or 0, in_use_only=False)
    shown = page_of(rows, request.args.get("after", ""), key=lambda one: str(one.row.id))
    return render_template(
        "exchange/groups.html", rows=shown.rows, shown=shown, wanted=wanted, which=WHICH, sorts=SORTS, path=LIST,
        empty=empty, done=_(DONE[done]) if done in DONE else "",
    )  # fmt: skip


@bp.get(f"{LIST}.csv")
@READ
def groups_csv() -> Response:
    """One row a member, of the list as it is filtered now."""
    made = _sheet()
    return csv_answer("recipient-groups.csv", made.head, made.rows)


@bp.get(f"{LIST}.xlsx")
@READ
def groups_xlsx() -> Response:
    """The same as a workbook."""
    return xlsx_answer("recipient-groups.xlsx", _sheet())


def _sheet() -> Sheet:
    here, wanted = current(), office_list.read(request.args, sorts=SORTS)
    rows = [
        (one.row.name, name, _("out of use") if one.row.ended_at else _("in use"))
        for one in _lines(here, wanted)
        for name in one.members
    ]
    return Sheet(_("Groups of recipients"), [_("Group"), _("Recipient"), _("State")], rows, (36.0, 60.0, 16.0))


def _lines(here: Current, wanted: Wanted) -> list[Line]:
    members = store.members_by_group(here.uow.session, here.agency_id or 0)
    fits = {"": (True, False), "ended": (False, True), "all": (True, True)}
    found = [
        Line(row, members.get(row.id, []))
        for row in store.groups(here.uow.session, here.agency_id or 0, in_use_only=False)
        if fits.get(wanted.which, (True, False))[row.ended_at is not None]
    ]
    fitting = [one for one in found if office_list.says("\n".join((one.row.name, *one.members)), wanted.words)]
    if wanted.sort == "changed":
        return sorted(fitting, key=lambda one: -one.row.changed_at.timestamp())
    if wanted.sort == "members":
        return sorted(fitting, key=lambda one: (-len(one.members), fold(one.row.name)))
    return sorted(fitting, key=lambda one: fold(one.row.name))


@bp.get(NEW)
@allows(Permission.KEEP_GROUPS)
def new_group() -> str:
    """An empty form."""
    return _page(None, Form(values={"name": "", "others": "", "in_use": "true", "to": "", "seen": ""}))


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
    members = _told(row)
    values = {
        "name": row.name, "in_use": "" if row.ended_at else "true",
        "others": "\n".join(name for key, name in members if key is None),
        "to": " ".join(str(key) for key, _name in members if key is not None), "seen": grouping.mark_of(row),
    }  # fmt: skip
    return _page(row, Form(values=values))


def _told(row: RecipientGroup) -> list[tuple[int | None, str]]:
    """(agency here, name) of each member, an office of the catalogue by its name of today."""
    session = current().uow.session
    known = store.offices_of(session, row.id)
    return [
        (one.agency_id, known[one.id].name if one.id in known else one.name)
        for one in store.members(session, row.id)
    ]


@bp.post(f"{ONE}/end")
@allows(Permission.KEEP_GROUPS)
def end_group(group_id: int) -> Response:
    """Offer it no more."""
    act(grouping.put_in_use, group_id=group_id, in_use=False)
    return see(url_for("outgoing.groups", which="all", done="ended"))


@bp.post(f"{ONE}/reopen")
@allows(Permission.KEEP_GROUPS)
def reopen_group(group_id: int) -> Response:
    """Offer it again."""
    act(grouping.put_in_use, group_id=group_id, in_use=True)
    return see(url_for("outgoing.groups", done="in_use"))


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
    group_id = row.id if row else None
    keys, wrong = chosen_keys(request.form.getlist("to"))
    form.values["to"] = " ".join(str(key) for key in keys)
    if wrong:
        form.errors["to"] = _(wrong)
    if request.form.get("fill"):
        form.errors.clear()
        return page(_page(row, form, added=draft_recipients.fill(here, form, request.form, into="others")))
    if form.good:
        data = form.data
        wish = grouping.Wish(name=data["name"], agency_ids=keys, others=data["others"], in_use=data["in_use"])
        try:
            act(grouping.keep, group_id=group_id, wish=wish, seen=data["seen"] if group_id else None)
            return see(url_for("outgoing.groups", done="kept"))
        except WorkflowError as refused:
            here.uow.rollback()
            trouble, stale = explain(refused), refused.code == "group_stale"
            form.errors[_FIELD_OF.get(refused.code, "")] = trouble.words(kept=stale)
            row = _found(group_id) if group_id else None
            if row is not None and stale:
                form.values["seen"] = grouping.mark_of(row)
            return page(_page(row, form, stale=stale), trouble.status if stale else 422)
    return page(_page(_found(group_id) if group_id else None, form), 422)


def _page(
    row: RecipientGroup | None, form: Form, *, added: draft_recipients.Added | None = None, stale: bool = False
) -> str:
    here = current()
    chosen = {int(key) for key in form.values.get("to", "").split()}
    rows = [tuple(one) for one in exchange.agencies(here.uow.session, on=here.today, without=here.agency_id)]
    if row is not None:
        listed = {key for key, _name in rows}
        members = store.members(here.uow.session, row.id)
        rows += [(one.agency_id, one.name) for one in members if one.agency_id and one.agency_id not in listed]
    return render_template(
        "exchange/group.html", row=row, form=form, chosen=chosen, added=added,
        stands=_told(row) if row is not None and stale else [],
        known=outside_offices.offices(here.uow.session, here.agency_id or 0, in_use_only=True),
        agencies=sorted(rows, key=lambda one: one[0] not in chosen),
    )  # fmt: skip
