"""Check the signatures of a file by program. The file is judged and forgotten."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, request
from marshmallow import ValidationError

from workflow.domain.errors import BadInput
from workflow.domain.permissions import Permission
from workflow.services import checking
from workflow.web import check_report as report
from workflow.web.api.base import Blueprint, answer, refuse
from workflow.web.api.check_schemas import CheckResult
from workflow.web.check_gate import LATER, SOON, admission, count, turn
from workflow.web.context import current
from workflow.web.guards import allows
from workflow.web.i18n import N_

bp = Blueprint("checks", __name__, description="Checks of the signatures of files, which are not kept")

PARTS = frozenset({"file", "content"})


@bp.route("/verify", methods=["POST"])
@bp.operation(
    "checkFile",
    HTTPStatus.BAD_REQUEST,
    HTTPStatus(413),
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
@bp.response(200, CheckResult)
@bp.files(
    file="A PDF, or a CMS signature (.p7s, .p7m): DER, BER or PEM",
    content="The file that a signature beside it is about?",
)
@allows(Permission.USE_API)
def check() -> Response:
    """Judge the signatures of a file by the office's trust list

    Nothing is kept and nothing is fetched. What is no signed file gets a verdict too (`unsigned`, `malformed`).
    429 and 503 say in `Retry-After` when to come back.
    """
    here = current()
    count(here)
    data, name, content = _sent(admission(here).limit)
    with turn(here):
        checked = checking.check(here.uow, data, content=content, agency_id=here.agency_id, now=here.now)
    return answer(report.as_json(report.result_of(checked, name)))


def _sent(limit: int) -> tuple[bytes, str, bytes | None]:
    """The parts of the body; other names and parts that are no files are refused."""
    wrong = [*request.form, *(name for name in request.files if name not in PARTS)]
    if wrong:
        refuse(ValidationError({"form": {name: [N_("This is no file that is taken here.")] for name in wrong}}))
    file, beside = request.files.get("file"), request.files.get("content")
    if file is None:
        raise BadInput("check_no_file")
    data = file.stream.read(limit + 1)
    content = beside.stream.read(limit + 1) if beside is not None else None
    if len(data) + len(content or b"") > limit:
        raise BadInput("check_too_large", limit=limit // (1024 * 1024))
    return data, file.filename or "", content


def _say_when_to_come_back(response: Response) -> Response:
    if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(SOON)
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        response.headers["Retry-After"] = str(LATER)
    return response


bp.after_request(_say_when_to_come_back)
