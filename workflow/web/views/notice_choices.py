"""How I get notices: by which ways, what is muted, the telephone that is proven, the devices that show them."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from workflow.domain.channels import MOST_DEVICES, PUSHED_IF_CHOSEN, Choice, Sort, Way, chosen, ways
from workflow.domain.errors import BadInput, NotFound, Refused
from workflow.services import notice_choices as service
from workflow.services import phones
from workflow.services.channels import delivery
from workflow.services.logins import digest
from workflow.services.posting import Delivery
from workflow.store import channels as store
from workflow.store import phone_codes, push_devices
from workflow.store.models import Outbox, Person
from workflow.web import channel_words
from workflow.web.context import act_for_oneself, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import signed_in
from workflow.web.i18n import _
from workflow.web.schemas.fields import Secret, Text
from workflow.web.security import Policy, use_policy

bp = Blueprint("notice_choices", __name__, url_prefix="/account/notices")

OWN = signed_in("one's own notices")
_FIELD_OF = {"phone_unreadable": "phone", "phone_needed": "phone"}


def _switch() -> fields.Boolean:
    return fields.Boolean(truthy={"true"}, falsy={"false"}, load_default=False)


class Chosen(Schema):
    """What somebody may choose."""

    muted_digest = _switch()
    by_sms = _switch()
    phone = Text(longest=20, load_default="")
    push_digest = _switch()
    push_report = _switch()
    push_notice = _switch()


class TypedCode(Schema):
    """What came by SMS."""

    code = Secret(required=True)


@bp.get("")
@OWN
def index() -> str:
    """As it stands."""
    return _page(_stored())


@bp.post("")
@OWN
def save() -> Response:
    """Write it."""
    form = read_form(Chosen)
    if form.good:
        wanted = {sort: form.data.pop(f"push_{sort}") for sort in PUSHED_IF_CHOSEN}
        row = store.choice_of(current().uow.session, current().person.person_id)
        kept = chosen(row.pushed) if row is not None else frozenset()
        offered = Way.PUSH in _known(delivery(current().settings))
        pushed = frozenset(sort for sort, yes in wanted.items() if yes) if offered else kept
        try:
            act_for_oneself(service.keep, **form.data, pushed=pushed)
        except BadInput as refused:
            current().uow.rollback()
            form.errors[_FIELD_OF.get(refused.code, "")] = explain(refused).title
        else:
            return see(url_for("notice_choices.index", done="yes"))
    return page(_page(form), 422)


@bp.post("/phone/code")
@OWN
def send_code() -> Response:
    """Have a code sent to one's own number."""
    if Way.SMS not in delivery(current().settings).channels:
        raise NotFound("channel_not_found")
    body = _("Trình Ký: %(code)s is the code for this telephone, good for 10 minutes.", code=phones.PLACE)
    try:
        act_for_oneself(phones.send_code, subject=_("Code for a telephone"), body=body)
    except (BadInput, Refused) as refused:
        current().uow.rollback()
        trouble = explain(refused)
        return page(_page(_stored(), Form(errors={"": trouble.title})), trouble.status)
    return see(url_for("notice_choices.index", done="code", _anchor="phone"))


@bp.post("/phone/prove")
@OWN
def prove() -> Response:
    """Take the code."""
    form = read_form(TypedCode)
    if form.good:
        try:
            if act_for_oneself(phones.prove, form.data["code"], secret=current().settings.secret_key):
                return see(url_for("notice_choices.index", done="proven", _anchor="phone"))
            form.errors["code"] = _("This is not the code that was sent.")
        except BadInput as refused:
            current().uow.rollback()
            form.errors["code"] = explain(refused).title
    return page(_page(_stored(), form), 422)


def _stored() -> Form:
    """The choices as they are kept."""
    session = current().uow.session
    person = session.get_one(Person, current().person.person_id)
    row = store.choice_of(session, person.id)
    pushed = chosen(row.pushed) if row is not None else frozenset()
    values = {
        "muted_digest": "true" if person.muted_digest else "",
        "by_sms": "true" if row is not None and row.by_sms else "",
        "phone": channel_words.phone(row.phone) if row is not None else "",
        **{f"push_{sort}": "true" if sort in pushed else "" for sort in PUSHED_IF_CHOSEN},
    }
    return Form(values=values)


def _page(form: Form, code: Form | None = None) -> str:
    use_policy(Policy.PUSH)
    here = current()
    session, how = here.uow.session, delivery(here.settings)
    person = session.get_one(Person, here.person.person_id)
    row = store.choice_of(session, person.id)
    devices = push_devices.of_person(session, person.id)
    mail, sms = Way.MAIL in _known(how), Way.SMS in _known(how)
    has = Choice(
        muted_digest=person.muted_digest, mail=mail and bool(person.email),
        sms=sms and row is not None and row.by_sms and bool(row.proven_at),
        push=any(one.sender == how.sender for one in devices),
        pushed=chosen(row.pushed) if row is not None else frozenset(),
    )  # fmt: skip
    table = [(sort, [way for way in (Way.MAIL, Way.SMS, Way.PUSH) if way in ways(sort, has)]) for sort in Sort]
    here_now = next((one for one in devices if one.mark_hash == digest(here.mark)), None)
    known = here_now if here_now is not None and here_now.sender == how.sender else None
    return render_template(
        "accounts/notices.html", form=form, code=code or Form(), table=table, words=channel_words, sms=sms,
        mail=mail, email=person.email, row=row, sent=_code_message(person.id), devices=devices, known=known,
        here_now=here_now, sender=how.sender, push=Way.PUSH in _known(how), most=MOST_DEVICES,
        choosable=PUSHED_IF_CHOSEN,
    )  # fmt: skip


def _known(how: Delivery) -> set[str]:
    return {*how.channels, *how.broken}


def _code_message(person_id: int) -> Outbox | None:
    """The SMS with the code that may still be typed in."""
    session = current().uow.session
    code = phone_codes.code_of(session, person_id)
    if code is None or code.tries >= phones.TRIES or current().now >= code.made_at + phones.LASTS:
        return None
    return phone_codes.message_of(session, code.once_key)
