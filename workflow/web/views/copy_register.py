"""The register of copies (sổ bản sao): filters, order, place, and the same to take away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.copies import Action, Form, Medium, State
from workflow.domain.errors import NotFound, WorkflowError
from workflow.domain.permissions import Permission
from workflow.services import copies as service
from workflow.store import copies as store
from workflow.store.copies import Filter
from workflow.store.models import CertifiedCopy
from workflow.web import format
from workflow.web.context import Current, act, current
from workflow.web.copy_words import FORMS, MEDIA, STATES, may, named, state_words, title
from workflow.web.errors import explain
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.plain_list import Asked, read
from workflow.web.preflight import AT_MOST
from workflow.web.sheets import left_out, table_answer

PATH = "/copies"
bp = Blueprint("copy_register", __name__, url_prefix=PATH)

TOGETHER = frozenset({str(Action.APPROVE), str(Action.NUMBER), str(Action.SEAL)})
EXPORTED = 10_000
MOST_COUNTED = 1000
SORT_NAMES = {"newest": N_("newest first"), "oldest": N_("oldest first"), "number": N_("by number, the last first")}
HEAD = (
    N_("Number and symbol of the copy"), N_("Form of copy"), N_("Copy is"), N_("State"), N_("Document copied"),
    N_("Issuer"), N_("Signer of the copy"), N_("Number of copies"), N_("Pages"), N_("Recipients"),
    N_("Numbered on"), N_("Reason"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one of several copies."""

    id: int
    title: str
    done: bool
    why_not: str


def _asked(here: Current) -> Asked:
    years = [str(year) for year in store.years(here.scope, here.uow.session)]
    return read(
        request.args, sorts=store.SORTS, words=("q",),
        choices={"state": list(State), "form": list(Form), "medium": list(Medium), "year": years},
    )  # fmt: skip


def _wanted(asked: Asked) -> Filter:
    year = asked.value("year")
    return Filter(
        asked.value("q"), asked.value("state"), asked.value("form"), asked.value("medium"),
        int(year) if year else None,
    )  # fmt: skip


def _place() -> tuple[int, int, int] | None:
    """Behind which row the page begins: year, number, key."""
    parts = request.args.get("after", "").split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() and len(part) < 16 for part in parts):
        return None
    year, number, key = map(int, parts)
    return year, number, key


@bp.get("")
@allows(Permission.SEE_COPIES)
def index() -> str:
    """The register within reach."""
    return _list()


@bp.post("/approve")
@allows(Permission.SIGN_COPIES)
def approve() -> str:
    """The signer's act over several."""
    return _many(Action.APPROVE, service.approve)


@bp.post("/number")
@allows(Permission.MAKE_COPIES)
def number() -> str:
    """The clerk's, in the order in which they were asked for."""
    return _many(Action.NUMBER, service.number)


def _many(action: Action, work: Callable[..., Any]) -> str:
    """Each by itself, of the version that was read: what is refused does not stop the others."""
    here, results = current(), []
    for key, version in _ticked():
        done, why = True, ""
        try:
            act(work, here.scope, copy_id=key, version=version)
        except WorkflowError as refused:
            here.uow.rollback()
            done, why = False, explain(refused).title
        results.append(Told(key, _name(here, key), done, why))
    return _list(results, action)


def _ticked() -> list[tuple[int, int]]:
    """`17:3`: copy 17 as its version 3 was read. In the order in which they were asked for."""
    found = []
    for word in request.form.getlist("documents")[:AT_MOST]:
        key, _colon, version = word.partition(":")
        if all(part.isascii() and part.isdecimal() and len(part) < 16 for part in (key, version)):
            found.append((int(key), int(version)))
    return sorted(found)


def _name(here: Current, key: int) -> str:
    try:
        return title(store.find(here.scope, here.uow.session, key))
    except NotFound:
        return str(key)


def _list(results: Sequence[Told] = (), action: Action | None = None) -> str:
    here = current()
    asked, place = _asked(here), _place()
    wanted = _wanted(asked)
    found = store.page(here.scope, here.uow.session, wanted=wanted, sort=asked.sort, after=place)
    rows = found[: store.PAGE]
    more = asked.address(PATH, after=_after(rows)) if len(found) > store.PAGE else ""
    count = store.count(here.scope, here.uow.session, wanted=wanted, most=MOST_COUNTED)
    years = store.years(here.scope, here.uow.session)
    return render_template(
        "copies/list.html", rows=rows, asked=asked, path=PATH, sorts=SORT_NAMES, forms=FORMS,
        states_of=[(state, _(words)) for state, (words, _tone) in STATES.items()],
        forms_of=[(form, _(words)) for form, words in FORMS.items()],
        media_of=[(medium, _(words)) for medium, words in MEDIA.items()], named=named,
        state_words=state_words, years_of=[(str(year), str(year)) for year in years], years=years,
        first=place is not None, next=more,
        count=format.capped(count, MOST_COUNTED), may_seal=here.may(Permission.MAKE_COPIES),
        may_name=here.may(Permission.NAME_COPY_SIGNERS), results=results, action=action,
        ticks={row.CertifiedCopy.id: _tick(here, row.CertifiedCopy) for row in rows},
        sealable=[one.id for one in results if one.done and _tick_of(here, one.id) == Action.SEAL],
    )  # fmt: skip


def _tick(here: Current, copy: CertifiedCopy) -> str:
    """What can be done with it together with others: its next step, where that is the reader's."""
    return next(iter(TOGETHER & may(here, copy)), "")


def _tick_of(here: Current, key: int) -> str:
    return _tick(here, store.find(here.scope, here.uow.session, key))


def _after(rows: Sequence[Any]) -> str:
    last = rows[-1].CertifiedCopy
    return f"{last.year or 0}-{last.number or 0}-{last.id}"


@bp.get("/export.csv")
@bp.get("/export.xlsx", endpoint="workbook")
@allows(Permission.SEE_COPIES)
def export() -> Response:
    """The register as it is filtered now."""
    here = current()
    asked = _asked(here)
    found = store.page(here.scope, here.uow.session, wanted=_wanted(asked), sort=asked.sort, limit=EXPORTED)
    rows = [_row(one) for one in found[:EXPORTED]]
    lines = [*rows, *left_out(found, EXPORTED)]
    return table_answer(
        "so-ban-sao", _("Register of copies"), [_(word) for word in HEAD], lines, wide={4, 5, 9, 11}
    )


def _row(one: Any) -> tuple[Any, ...]:
    copy = one.CertifiedCopy
    return (
        copy.symbol, _(FORMS[Form(copy.form)]), _(MEDIA[Medium(copy.medium)]), state_words(copy)[0], named(copy),
        copy.source_issuer, one.signer, copy.copies, copy.pages, copy.recipients,
        format.moment(copy.numbered_at) if copy.numbered_at else "", copy.reason,
    )  # fmt: skip
