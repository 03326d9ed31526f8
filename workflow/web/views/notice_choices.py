"""How I get notices: by which ways, and what is muted."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from workflow.domain.channels import Choice, Sort, Way, ways
from workflow.domain.errors import BadInput
from workflow.services import notice_choices as service
from workflow.store import channels as store
from workflow.store.models import Person
from workflow.web import channel_words
from workflow.web.context import act_for_oneself, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import signed_in
from workflow.web.schemas.fields import Text

bp = Blueprint("notice_choices", __name__, url_prefix="/account/notices")

OWN = signed_in("one's own notices")
_FIELD_OF = {"phone_unreadable": "phone", "phone_needed": "phone"}


class Chosen(Schema):
    """What somebody may choose."""

    muted_digest = fields.Boolean(truthy={"true"}, falsy={"false"}, load_default=False)
    by_sms = fields.Boolean(truthy={"true"}, falsy={"false"}, load_default=False)
    phone = Text(longest=20, load_default="")


@bp.get("")
@OWN
def index() -> str:
    """As it stands."""
    here = current()
    person = here.uow.session.get_one(Person, here.person.person_id)
    row = store.choice_of(here.uow.session, person.id)
    values = {
        "muted_digest": "true" if person.muted_digest else "",
        "by_sms": "true" if row is not None and row.by_sms else "",
        "phone": channel_words.phone(row.phone) if row is not None else "",
    }
    return _page(Form(values=values))


@bp.post("")
@OWN
def save() -> Response:
    """Write it."""
    form = read_form(Chosen)
    if form.good:
        try:
            act_for_oneself(service.keep, **form.data)
        except BadInput as refused:
            current().uow.rollback()
            form.errors[_FIELD_OF.get(refused.code, "")] = explain(refused).title
        else:
            return see(url_for("notice_choices.index", done="yes"))
    return page(_page(form), 422)


def _page(form: Form) -> str:
    here = current()
    person = here.uow.session.get_one(Person, here.person.person_id)
    row = store.choice_of(here.uow.session, person.id)
    mail, sms = bool(here.settings.smtp_url), bool(here.settings.sms)
    has = Choice(
        muted_digest=person.muted_digest, mail=mail and bool(person.email),
        sms=sms and row is not None and row.by_sms and bool(row.phone),
    )  # fmt: skip
    table = [(sort, [way for way in (Way.MAIL, Way.SMS) if way in ways(sort, has)]) for sort in Sort]
    return render_template(
        "accounts/notices.html", form=form, table=table, words=channel_words, sms=sms, mail=mail, email=person.email
    )
