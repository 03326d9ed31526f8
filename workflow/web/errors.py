"""Refusals and accidents as pages or JSON: what happened, what was kept, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import orjson
import structlog
from flask import Flask, Response, current_app, has_request_context, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from workflow.domain import errors
from workflow.domain.errors import WorkflowError
from workflow.web import messages
from workflow.web.context import API, current
from workflow.web.forms import showable
from workflow.web.guards import wants_json
from workflow.web.i18n import gettext
from workflow.web.messages.api import FOR_PROGRAMS
from workflow.web.resuming import ask_in_place
from workflow.web.security import Policy, use_policy

log = structlog.get_logger("web")

TABLE = messages.collect()

STATUS: dict[type[WorkflowError], int] = {
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.WrongState: 409,
    errors.NotPermitted: 403,
    errors.Missing: 422,
    errors.BadInput: 422,
    errors.Refused: 422,
}

MEGABYTE = 1024 * 1024

KEPT_BODY = 512 * 1024
"""Bytes of a refused request that are still read for what its writer typed."""
KEPT_AT_MOST = 20_000
"""Characters of a lost form that are shown again."""

_SECRET_FIELDS = ("password", "passcode", "code", "csrf", "token", "secret", "pin")


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error in the reader's words."""

    code: str
    status: int
    title: str
    kept: str
    next: str

    def words(self, *, kept: bool = True) -> str:
        """In one line, as it stands at a field; `kept`: with what became of what was typed."""
        return " ".join(part for part in (self.title, self.kept if kept else "", self.next) if part)


def explain(error: WorkflowError) -> Trouble:
    """The row of the table for a domain error: its code's, else its class's."""
    message = _message(error.code, _class_name(error))
    status = message.status or STATUS[_row_class(error)]
    return _trouble(error.code, status, message, error.details)


def _message(*keys: str) -> messages.Message:
    """The first of the keys that has words; a program gets its own words where there are some."""
    table = TABLE | FOR_PROGRAMS if has_request_context() and request.path.startswith(API) else TABLE
    return next(table[key] for key in keys if key in table)


def _row_class(error: WorkflowError) -> type[WorkflowError]:
    return next((kind for kind in type(error).__mro__ if kind in STATUS), errors.Refused)


def _class_name(error: WorkflowError) -> str:
    return _row_class(error).__name__


def _trouble(code: str, status: int, message: messages.Message, details: dict[str, object]) -> Trouble:
    parts = (_fill(part, details) for part in (message.title, message.kept, message.next))
    return Trouble(code, status, *parts)


def _fill(msgid: str, details: dict[str, object]) -> str:
    if not msgid:
        return ""
    return gettext(msgid) % _Details(details) if "%(" in msgid else gettext(msgid)


class _Details(dict[str, object]):
    """What an error knows about itself; a value it lacks is a dash, since an error page must never fail."""

    def __missing__(self, _name: str) -> object:
        return "–"


def problem(trouble: Trouble) -> dict[str, object]:
    """The problem document (RFC 9457)."""
    return {
        "type": "about:blank",
        "status": trouble.status,
        "code": trouble.code,
        "title": trouble.title,
        "detail": " ".join(part for part in (trouble.kept, trouble.next) if part),
        "request_id": current().request_id,
    }


def answer(trouble: Trouble, *, typed: list[tuple[str, str]] | None = None, form_at: str = "") -> Response:
    """The page, or the problem document. `form_at`: where the form is that was sent and not even read."""
    if wants_json():
        return Response(orjson.dumps(problem(trouble)), trouble.status, mimetype="application/problem+json")
    use_policy(Policy.DEFAULT)  # it is a common page, whatever the one that was asked for may do
    page = render_template("frame/trouble.html", trouble=trouble, typed=typed or [], form_at=form_at)
    return Response(page, trouble.status, mimetype="text/html")


def typed_values() -> list[tuple[str, str]]:
    """What a form that cannot be taken held, without secrets and files, so that its writer can copy it."""
    if request.method != "POST":
        return []
    shown = [
        (showable(name), showable(value[:KEPT_AT_MOST]))
        for name, value in request.form.items(multi=True)
        if value.strip() and not any(word in name.lower() for word in _SECRET_FIELDS)
    ]
    return shown[:50]


def install(app: Flask) -> None:
    """Register the handlers. The last one is the only broad `except` of the web."""
    app.register_error_handler(WorkflowError, _workflow_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _accident)


def _workflow_error(error: WorkflowError) -> Response:
    if waiting := ask_in_place(error.code):
        return waiting
    trouble = explain(error)
    keep = trouble.status in {401, 403, 409, 422} and not wants_json() and _is_small()
    return answer(trouble, typed=typed_values() if keep else [])


def _is_small() -> bool:
    """A refused form is read for its words; a refused upload, or a body of unknown length, is not read at all."""
    return request.content_length is not None and request.content_length <= KEPT_BODY


def _csrf_error(_error: CSRFError) -> Response:
    return answer(_trouble("csrf", 400, TABLE["csrf"], {}), typed=typed_values())


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return error.get_response()  # type: ignore[return-value]  # a redirect of the router, as it is
    code = error.code or 500
    key = "NotFound" if code == 404 else str(code)
    if isinstance(error, RequestEntityTooLarge):
        return _too_large()
    message = _message(key, "400" if code < 500 else "500")
    made = answer(_trouble(key, code, message, {"request_id": current().request_id}))
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            made.headers[name] = value
    return made


def _too_large() -> Response:
    """A body that nobody read. What was typed beside the file is in the browser only, so the page leads back there;
    programs and scripts, which typed nothing, are told otherwise."""
    message = FOR_PROGRAMS["413"] if wants_json() else TABLE["413"]
    sent = ceil(request.content_length / MEGABYTE) if request.content_length else "–"
    told: dict[str, object] = {"sent": sent, "limit": current().settings.max_upload // MEGABYTE}
    made = answer(_trouble("413", 413, message, told), form_at=_form_here())
    made.headers["Connection"] = "close"
    return made


def _form_here() -> str:
    """The address that was sent to, where it shows a form too."""
    try:
        current_app.url_map.bind("").match(request.path, method="GET")
    except HTTPException:
        return ""
    return request.full_path.rstrip("?")


def _accident(error: Exception) -> Response:
    if current_app.debug or current_app.testing:
        raise error
    log.error("accident", exc_info=error, endpoint=request.endpoint, request_id=current().request_id)
    current().uow.rollback()
    return answer(_trouble("500", 500, TABLE["500"], {"request_id": current().request_id}))
