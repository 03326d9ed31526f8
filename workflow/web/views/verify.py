"""Check signatures: by the code on a paper, or a file that is judged and forgotten.

What comes back is the whole result, signed, in the reader's own page: the reports are made from that.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from workflow.domain.errors import BadInput, WorkflowError
from workflow.services import checking
from workflow.web import check_report as report
from workflow.web.api.base import answer
from workflow.web.check_gate import Admission, admission, refusal, turn
from workflow.web.context import current
from workflow.web.guards import open_to_all, wants_json
from workflow.web.security import Policy, use_policy

bp = Blueprint("verify", __name__)

WHY = "anybody may check a file where the office allows it; the gate asks, and nothing is kept"


@bp.get("/verify")
@open_to_all("leads to the look-up by code; files are taken only where the office allows it")
def index() -> str:
    """Code first, since people hold paper; then the file."""
    return render_template("verify/index.html", trouble=None, may=admission(current()))


@bp.post("/verify")
@open_to_all(WHY)
def take() -> Response:
    """Judge what was sent and answer with everything that can be said of it."""
    here = current()
    try:
        data, name, content = sent(admission(here))
        checking.refuse_other_kinds(here.uow, data, content)
        with turn(here):
            checked = checking.check(here.uow, data, content=content, agency_id=here.agency_id, now=here.now)
    except WorkflowError as refused:
        return refusal(refused)
    result = report.result_of(checked, name)
    if wants_json():
        return answer(report.as_json(result))
    made = render_template("verify/result.html", result=result, told=result.told, carried=report.carried(result))
    return make_response(made)


def sent(may: Admission) -> tuple[bytes, str, bytes | None]:
    """(file, its name, what stands beside it), in memory for this request only."""
    file, beside = request.files.get("file"), request.files.get("content")
    if file is None or not file.filename:
        raise BadInput("check_no_file")
    data = file.stream.read(may.limit + 1)
    content = beside.stream.read(may.limit + 1) if beside is not None and beside.filename else None
    if not data:
        raise BadInput("check_empty")
    if len(data) + len(content or b"") > may.limit:
        raise BadInput("check_too_large", limit=may.megabytes)
    return data, file.filename, content


@bp.post("/verify/report.pdf")
@open_to_all(WHY)
def report_pdf() -> Response:
    """The result that the page carried, as a PDF in the reader's language."""
    here = current()
    try:
        result = report.read_carried(request.form.get("result", ""), now=here.now)
        with turn(here):
            made = report.as_pdf(here, result)
    except WorkflowError as refused:
        return refusal(refused)
    return _download(Response(made, mimetype="application/pdf"), result, "pdf")


@bp.post("/verify/report.json")
@open_to_all(WHY)
def report_json() -> Response:
    """The same as JSON."""
    try:
        result = report.read_carried(request.form.get("result", ""), now=current().now)
    except BadInput as refused:
        return refusal(refused)
    return _download(answer(report.as_json(result)), result, "json")


def _download(made: Response, result: report.Result, ending: str) -> Response:
    use_policy(Policy.DOWNLOAD)
    made.headers["Content-Disposition"] = f'attachment; filename="{report.file_name(result, ending)}"'
    return made
