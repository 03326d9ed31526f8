"""Versions of a document beside each other, and what people remark on them."""

from __future__ import annotations

from flask import render_template, request
from werkzeug.wrappers import Response

from workflow.domain.errors import NotFound, WorkflowError
from workflow.domain.permissions import Permission
from workflow.services.documents import commenting
from workflow.store import documents as store
from workflow.store import drafting
from workflow.store.models import Outgoing
from workflow.web import version_view as view
from workflow.web.context import act, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.preflight import title_of
from workflow.web.schemas.drafting import Answered, Remarked
from workflow.web.views.documents import PATH, bp

_ONE = f"{PATH}/<int:document_id>"

DONE = {
    "comment": N_("The comment is there. The drafter sees it beside the draft."),
    "answer": N_("The answer is there."),
    "settle": N_("The comment counts as dealt with."),
    "reopen": N_("The comment is open again."),
}


@bp.get(f"{_ONE}/versions")
@allows(Permission.READ_DOCUMENT)
def versions(document_id: int) -> str:
    """Two versions: `?from=2&to=4`, the page shown `&page=1`, the part of the changes `&part=1`."""
    here = current()
    return _page(store.find(here.scope, here.uow.session, document_id), Form())


@bp.post(f"{_ONE}/comments")
@allows(Permission.ACT_ON_DOCUMENT)
def add_comment(document_id: int) -> Response:
    """Remark on a version."""
    here, form = current(), read_form(Remarked)
    document = store.find(here.scope, here.uow.session, document_id)
    if not form.good:
        return page(_page(document, form), 422)
    try:
        view.demand_page(here, document_id, ordinal=form.data["ordinal"], page=form.data.get("page"))
        act(commenting.comment, here.scope, document_id=document_id, **form.data)
    except WorkflowError as refused:
        return _refused(document_id, form, refused)
    return _back(document_id, "comment")


@bp.post(f"{_ONE}/comments/<int:comment_id>/answer")
@allows(Permission.ACT_ON_DOCUMENT)
def answer_comment(document_id: int, comment_id: int) -> Response:
    """Answer one."""
    here, form = current(), read_form(Answered)
    document = store.find(here.scope, here.uow.session, document_id)
    if not form.good:
        return page(_page(document, form, answering=comment_id), 422)
    try:
        act(commenting.answer, here.scope, document_id=document_id, comment_id=comment_id, **form.data)
    except WorkflowError as refused:
        return _refused(document_id, form, refused, answering=comment_id)
    return _back(document_id, "answer")


@bp.post(f"{_ONE}/comments/<int:comment_id>/<any(settle, reopen):what>")
@allows(Permission.ACT_ON_DOCUMENT)
def settle_comment(document_id: int, comment_id: int, what: str) -> Response:
    """Dealt with, or open again."""
    here = current()
    act(
        commenting.settle, here.scope, document_id=document_id, comment_id=comment_id, settled=what == "settle"
    )  # fmt: skip
    if request.form.get("back") == "document":
        return see(f"{PATH}/{document_id}#pins-title")
    return _back(document_id, what)


def _back(document_id: int, done: str) -> Response:
    """To the same pair and page, at the remarks."""
    kept = "&".join(
        f"{name}={value}" for name in ("from", "to", "page") if (value := request.form.get(name, "")).isdecimal()
    )
    return see(f"{PATH}/{document_id}/versions?{kept}&done={done}#comments".replace("?&", "?"))


def _refused(document_id: int, form: Form, refused: WorkflowError, *, answering: int = 0) -> Response:
    here = current()
    here.uow.rollback()
    trouble = explain(refused)
    document = store.find(here.scope, here.uow.session, document_id)
    return page(_page(document, form, trouble=trouble, answering=answering), trouble.status)


def _asked(name: str) -> str:
    """Of the address, or of the form that was sent from it."""
    value = request.values.get(name, "")
    return value if value.isascii() and value.isdecimal() and len(value) < 6 else ""


def _page(document: Outgoing, form: Form, *, trouble: Trouble | None = None, answering: int = 0) -> str:
    here = current()
    found = view.versions(here, document)
    before, after = _pair(found)
    sizes = view.pages_of(here, before), view.pages_of(here, after)
    last = max(1, *map(len, sizes))
    shown, part = min(max(int(_asked("page") or 1), 1), last), int(_asked("part") or 1)
    threads = view.threads(here, document, found)
    return render_template(
        "drafting/versions.html",
        d=document,
        title=title_of(document),
        versions=found,
        before=before,
        after=after,
        compared=view.compared(here, before.sha256, after.sha256, part=part) if before and after else None,
        sizes=sizes,
        shown=shown,
        last=last,
        threads=threads,
        open_ones=drafting.open_comments(here.uow.session, document.id),
        may_comment=after is not None and here.may(Permission.ACT_ON_DOCUMENT) and commenting.is_open(document),
        form=form,
        answering=answering,
        trouble=trouble,
        done=_(DONE.get(request.args.get("done", ""), "")),
    )


def _pair(found: list[view.Version]) -> tuple[view.Version | None, view.Version | None]:
    """What is looked at; nothing where there is no file yet."""
    if not any(one.compared for one in found):
        if _asked("from") or _asked("to"):
            raise NotFound("file_not_found")
        return None, None
    return view.chosen(found, before=_asked("from"), after=_asked("to"))
