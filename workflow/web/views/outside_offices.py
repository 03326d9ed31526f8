"""The catalogue of offices outside: listed, exported, added to, changed, ended, doubles merged, names taken in."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from marshmallow import Schema
from werkzeug.wrappers import Response

from workflow.domain.dispatch import ALIASES_LENGTH, Channel, Unsent
from workflow.domain.errors import WorkflowError
from workflow.domain.outside_offices import Office, key_of, split_names
from workflow.domain.permissions import Permission
from workflow.domain.text import fold
from workflow.services.exchange import offices as service
from workflow.store import outside_offices as store
from workflow.store.fates import fates
from workflow.store.models import Dispatch, Outgoing, OutsideOffice
from workflow.web import office_list
from workflow.web.context import Current, act, current
from workflow.web.errors import explain
from workflow.web.fate_words import UNSENT
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _, ngettext
from workflow.web.labels import label
from workflow.web.office_list import CANDIDATE_SORTS, CANDIDATES, PATH, SORTS, WHICH
from workflow.web.paged import page_of
from workflow.web.schemas.fields import Choice, Id, Text
from workflow.web.sheets import csv_answer, xlsx_answer

bp = Blueprint("offices", __name__, url_prefix=PATH)

KEEP = allows(Permission.KEEP_OFFICES)
ONE = "/<int:office_id>"
MOST_AT_ONCE = 500
NAMES = 100
"""Names of one page of candidates, which are ticked and taken in together."""

DONE = {
    "kept": N_("The office is kept. Copies that left before stay as they were written down."),
    "ended": N_("The office is out of use: drafts do not offer it any more."),
    "in_use": N_("The office is in use again."),
    "merged": N_("Merged: this office has every name of the other one now."),
    "named": N_("The name is kept as another name of this office."),
}
_FIELD_OF = {
    "office_name": "name", "office_name_long": "name", "office_known": "name", "office_aliases": "aliases",
    "office_code": "code", "office_email": "email", "office_mail_needed": "email",
    "office_address_needed": "address",
}  # fmt: skip


class OfficeForm(Schema):
    """Everything that is known of an office; what it may be is the rules' to say."""

    name = Text(longest=300, required=True)
    short_name = Text(longest=100, load_default="")
    aliases = Text(longest=ALIASES_LENGTH, multiline=True, load_default="")
    code = Text(longest=60, load_default="")
    address = Text(longest=500, multiline=True, load_default="")
    email = Text(longest=200, load_default="")
    channel = Choice(Channel, load_default=None)
    note = Text(longest=1000, multiline=True, load_default="")
    seen = Text(longest=40, load_default="")


class Chosen(Schema):
    """Another entry, from a list."""

    office = Id(required=True)


class Named(Chosen):
    """A name that an entry bears too."""

    name = Text(longest=300, required=True)


@bp.get("")
@KEEP
def index() -> str:
    """The list: filters and order stand in the address."""
    here, wanted = current(), office_list.read(request.args)
    rows = office_list.lines(here, wanted)
    empty = not rows and not store.offices(here.uow.session, here.post.agency_id)
    shown = page_of(rows, request.args.get("after", ""), key=lambda one: str(one.row.id))
    return render_template(
        "exchange/offices.html", rows=shown.rows, shown=shown, wanted=wanted, which=WHICH, sorts=SORTS, path=PATH,
        empty=empty, channels=_channels(), waiting=office_list.waiting(here),
    )  # fmt: skip


@bp.get("/export.csv")
@KEEP
def export_csv() -> Response:
    """The list as it is filtered now, with the headings that an import reads."""
    made = office_list.sheet(office_list.lines(current(), office_list.read(request.args)))
    return csv_answer("offices.csv", made.head, made.rows)


@bp.get("/export.xlsx")
@KEEP
def export_xlsx() -> Response:
    """The same as a workbook."""
    return xlsx_answer(
        "offices.xlsx", office_list.sheet(office_list.lines(current(), office_list.read(request.args)))
    )


@bp.get("/candidates")
@KEEP
def candidates() -> str:
    """Names that documents went to and that the catalogue does not know."""
    asked = request.args
    taken = asked.get("taken", "")
    done = _taken(int(taken)) if taken.isascii() and taken.isdecimal() and len(taken) < 6 else ""
    if asked.get("more"):
        done += " " + _(
            "At most %(limit)s names are taken in at once; the others are still below.", limit=MOST_AT_ONCE
        )
    said = DONE.get("named" if asked.get("done") == "named" else "", "")
    return _candidates(done=_(said) if said else done)


def _candidates(
    *, done: str = "", trouble: str = "", known: int | None = None, chosen: Mapping[str, str] | None = None
) -> str:
    here, wanted = current(), office_list.read(request.args, sorts=CANDIDATE_SORTS)
    found = office_list.candidates(here, wanted)
    shown = page_of(found, request.args.get("after", ""), key=lambda one: key_of(one.name), size=NAMES)
    return render_template(
        "exchange/office_candidates.html", rows=shown.rows, shown=shown, wanted=wanted,
        sorts=CANDIDATE_SORTS, path=CANDIDATES, done=done, trouble=trouble, known=known,
        chosen={"name": "", "office": "", **(chosen or {})},
        listed=store.offices(here.uow.session, here.post.agency_id, in_use_only=True),
    )  # fmt: skip


def _back(**more: str) -> Response:
    """To the candidates as they are filtered and ordered, with what was done."""
    wanted = office_list.read(request.args, sorts=CANDIDATE_SORTS)
    place = office_list.typed(request.args.get("after", ""), most=320)
    return see(wanted.address(CANDIDATES, after=place, **more))


def _taken(count: int) -> str:
    return ngettext("%(n)s name was taken into the catalogue.", "%(n)s names were taken into the catalogue.", count)


@bp.get("/candidates.csv")
@KEEP
def candidates_csv() -> Response:
    """The candidates as a sheet to fill in and bring in."""
    wanted = office_list.read(request.args, sorts=CANDIDATE_SORTS)
    made = office_list.candidate_sheet(office_list.candidates(current(), wanted))
    return csv_answer("office-candidates.csv", made.head, made.rows)


@bp.get("/candidates.xlsx")
@KEEP
def candidates_xlsx() -> Response:
    """The same as a workbook."""
    wanted = office_list.read(request.args, sorts=CANDIDATE_SORTS)
    return xlsx_answer(
        "office-candidates.xlsx", office_list.candidate_sheet(office_list.candidates(current(), wanted))
    )


@bp.post("/candidates")
@KEEP
def take() -> Response:
    """Take the names that are ticked in, as they are written."""
    names = tuple(dict.fromkeys(request.form.getlist("name")))
    if not names:
        return page(_candidates(trouble=_("No name was chosen. Tick names, then press the button again.")), 422)
    made = act(service.take_names, names=names[:MOST_AT_ONCE])
    return _back(taken=str(len(made)), more="1" if len(names) > MOST_AT_ONCE else "")


@bp.post("/names")
@KEEP
def name_too() -> Response:
    """A candidate is another name of an entry that is there."""
    form = read_form(Named)
    if not form.good:
        words = _("Choose a name and the office that it belongs to.")
        return page(_candidates(trouble=words, chosen=form.values), 422)
    try:
        act(service.add_name, office_id=form.data["office"], name=form.data["name"])
    except WorkflowError as refused:
        current().uow.rollback()
        said = explain(refused)
        words, known = f"{said.title} {said.next}".strip(), _known(refused)
        return page(_candidates(trouble=words, known=known, chosen=form.values), said.status)
    return _back(done="named")


def _known(refused: WorkflowError) -> int | None:
    """The entry that bears a name already."""
    return int(str(refused.details["office_id"])) if refused.code == "office_known" else None


@bp.get("/new")
@KEEP
def new() -> str:
    """An empty form, or one that begins with a name (`?name=`)."""
    blank = dict.fromkeys(OfficeForm().fields, "")
    return _page(None, Form(values=blank | {"name": office_list.typed(request.args.get("name", ""), most=300)}))


@bp.post("/new")
@KEEP
def add() -> Response:
    """Add it."""
    return _keep(None)


@bp.get(ONE)
@KEEP
def one(office_id: int) -> str:
    """The form as the entry stands, what went there, and what else can be done with it."""
    row = _found(office_id)
    return _page(row, Form(values=_values(row)))


@bp.post(ONE)
@KEEP
def change(office_id: int) -> Response:
    """Change it."""
    return _keep(_found(office_id))


@bp.post(f"{ONE}/end")
@KEEP
def end(office_id: int) -> Response:
    """Offer it no more."""
    act(service.put_in_use, office_id=office_id, in_use=False)
    return see(f"{PATH}/{office_id}?done=ended")


@bp.post(f"{ONE}/reopen")
@KEEP
def reopen(office_id: int) -> Response:
    """Offer it again."""
    act(service.put_in_use, office_id=office_id, in_use=True)
    return see(f"{PATH}/{office_id}?done=in_use")


@bp.post(f"{ONE}/merge")
@KEEP
def merge(office_id: int) -> Response:
    """Another entry is the same office: this one stays."""
    row, form = _found(office_id), read_form(Chosen)
    if form.good:
        try:
            act(service.merge, stays_id=office_id, goes_id=form.data["office"])
            return see(f"{PATH}/{office_id}?done=merged")
        except WorkflowError as refused:
            current().uow.rollback()
            trouble = explain(refused)
            form.errors["office"] = f"{trouble.title} {trouble.next}".strip()
            row = _found(office_id)
    return page(_page(row, Form(values=_values(row), errors=form.errors)), 422)


def _found(office_id: int) -> OutsideOffice:
    here = current()
    return store.office(here.uow.session, here.post.agency_id, office_id=office_id)


def _keep(row: OutsideOffice | None) -> Response:
    form, key = read_form(OfficeForm), row.id if row else None
    if not form.good:
        return page(_page(row, form), 422)
    data = dict(form.data)
    seen, channel = data.pop("seen"), data.pop("channel")
    data["aliases"] = split_names(data["aliases"])
    wish = Office(**data, channel=str(channel or ""))
    try:
        made = act(service.keep, office_id=key, wish=wish, seen=seen if key else None)
        return see(f"{PATH}/{made.id}?done=kept")
    except WorkflowError as refused:
        current().uow.rollback()
        trouble, stale = explain(refused), refused.code == "office_stale"
        form.errors[_FIELD_OF.get(refused.code, "")] = trouble.words(kept=stale)
        row = _found(key) if key else None
        if row is not None and stale:
            form.values["seen"] = service.mark_of(row)
        return page(_page(row, form, stale=stale, known=_known(refused)), trouble.status)


def _values(row: OutsideOffice) -> dict[str, str]:
    told = store.told(current().uow.session, row)
    return {
        "name": told.name, "short_name": told.short_name, "aliases": "\n".join(told.aliases), "code": told.code,
        "address": told.address, "email": told.email, "channel": told.channel, "note": told.note,
        "seen": service.mark_of(row),
    }  # fmt: skip


def _page(row: OutsideOffice | None, form: Form, *, stale: bool = False, known: int | None = None) -> str:
    here = current()
    session, agency = here.uow.session, here.post.agency_id
    into = store.office(session, agency, office_id=row.merged_into_id) if row and row.merged_into_id else None
    others = [] if row is None or into else [one for one in store.offices(session, agency) if one.id != row.id]
    done = request.args.get("done", "")
    return render_template(
        "exchange/office.html", row=row, form=form, into=into, channels=_channels(), path=PATH,
        longest_aliases=ALIASES_LENGTH,
        sent=_sent(here, row) if row else [],
        others=sorted(others, key=lambda one: (_bare(one) != _bare(row), one.name)),
        known=known, stands=_values(row) if row and stale else None, done=_(DONE[done]) if done in DONE else "",
    )  # fmt: skip


def _sent(here: Current, row: OutsideOffice) -> list[tuple[Dispatch, Outgoing, dict[str, Unsent] | None]]:
    """Copies that went there with their documents, and why those that did not leave stay."""
    found = store.sent_to(here.scope, here.uow.session, row.id)
    known = fates(here.scope, here.uow.session, [document.id for _copy, document in found])
    return [
        (copy, document, {"unsent": UNSENT[known[document.id].kind]} if document.id in known else None)
        for copy, document in found
    ]


def _bare(row: OutsideOffice | None) -> str:
    """A name without accents, case and signs: what is likely to be a double comes first."""
    return "".join(letter for letter in fold(row.name) if letter.isalnum()) if row else ""


def _channels() -> list[tuple[str, str]]:
    return [(str(channel), label(channel)) for channel in Channel]
