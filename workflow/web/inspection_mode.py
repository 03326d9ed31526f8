"""Reading in an inspection (Chế độ kiểm tra): which pages it opens, and every look on record before it is shown.

A standing post of an inspector opens what posts open; its looks are on record in the same way.

Deny by default: an address that stands in neither table is refused, and so is everything that writes, but for the
inspection's own acts and those of one's own login.
"""

from __future__ import annotations

from flask import Flask, Response, request

from workflow.domain.errors import NotPermitted
from workflow.domain.inspections import Look
from workflow.domain.people import Role
from workflow.services.inspections import reading, standing
from workflow.web.context import API, READING, Current, commit, current

LOOKS: dict[str, Look] = {
    "outgoing.index": Look.LIST,
    "outgoing.export": Look.EXPORT,
    "outgoing.export_xlsx": Look.EXPORT,
    "outgoing.export_files": Look.EXPORT,
    "outgoing.show": Look.DOCUMENT,
    "outgoing.versions": Look.DOCUMENT,
    "outgoing.attachments": Look.DOCUMENT,
    "outgoing.attachment": Look.DOCUMENT,
    "outgoing.attachment_content": Look.FILE,
    "outgoing.attachment_page": Look.FILE,
    "outgoing.attachment_viewer": Look.FILE,
    "outgoing.content": Look.FILE,
    "outgoing.page": Look.FILE,
    "outgoing.viewer": Look.FILE,
    "outgoing.slip": Look.DOCUMENT,
    "outgoing.slip_pdf": Look.FILE,
    "incoming.index": Look.LIST,
    "incoming.export": Look.EXPORT,
    "incoming.export_xlsx": Look.EXPORT,
    "incoming.export_files": Look.EXPORT,
    "incoming.show": Look.DOCUMENT,
    "incoming.slip": Look.FILE,
    "arrivals.files": Look.DOCUMENT,
    "arrivals.content": Look.FILE,
    "arrivals.file_page": Look.FILE,
    "deadlines.overdue_page": Look.LIST,
    "deadlines.overdue_csv": Look.EXPORT,
    "register_book.index": Look.REGISTER,
    "register_book.export": Look.EXPORT,
    "register_prints.outgoing_sheet": Look.EXPORT,
    "register_prints.outgoing_volume": Look.EXPORT,
    "incoming.register_of_arrivals": Look.REGISTER,
    "incoming.export_arrivals": Look.EXPORT,
    "register_prints.arrivals_sheet": Look.EXPORT,
    "register_prints.arrivals_volume": Look.EXPORT,
    "incoming.follow_up": Look.REGISTER,
    "incoming.export_follow_up": Look.EXPORT,
    "register_prints.follow_up_sheet": Look.EXPORT,
    "register_prints.follow_up_volume": Look.EXPORT,
    "dossiers.index": Look.LIST,
    "dossiers.show": Look.DOSSIER,
    "dossiers.export": Look.EXPORT,
    "dossiers.documents_pdf": Look.EXPORT,
    "reports.index": Look.REPORT,
    "reports.documents": Look.REPORT,
    "reports.documents_csv": Look.EXPORT,
    "reports.board_csv": Look.EXPORT,
    "months.index": Look.REPORT,
    "months.one": Look.REPORT,
    "months.figures": Look.EXPORT,
    "months.documents": Look.REPORT,
    "months.documents_export": Look.EXPORT,
    "boards.index": Look.REPORT,
    "boards.figures": Look.EXPORT,
    "boards.unit": Look.REPORT,
    "boards.unit_figures": Look.EXPORT,
    "boards.person": Look.REPORT,
    "boards.person_figures": Look.EXPORT,
    "boards.compare": Look.REPORT,
    "boards.compare_figures": Look.EXPORT,
    "boards.documents": Look.REPORT,
    "boards.documents_export": Look.EXPORT,
    "signs.index": Look.REPORT,
    "signs.offices": Look.EXPORT,
    "signs.one": Look.REPORT,
    "signs.papers": Look.EXPORT,
    "figure_settings.indicators": Look.REPORT,
    "figure_settings.targets_export": Look.EXPORT,
    "figure_settings.entered": Look.REPORT,
    "figure_settings.entered_export": Look.EXPORT,
    "figure_settings.entered_one": Look.REPORT,
    "bundles.document": Look.DOCUMENT,
    "bundles.figure": Look.REPORT,
    "bundles.report": Look.REPORT,
    "bundle_orders.show": Look.REPORT,
    "search.index": Look.SEARCH,
    "inspections.sample": Look.SAMPLE,
    "inspections.sample_export": Look.EXPORT,
    "inspections.population_export": Look.EXPORT,
}
"""Endpoints that show an inspected unit's papers, and what a look at them is called."""

TAKEN: dict[str, Look] = dict.fromkeys(
    (
        "bundles.take_document", "bundles.take_figure", "bundles.take_report", "bundle_orders.file",
        "bundle_orders.cancel",
    ),
    Look.EXPORT,
)  # fmt: skip
"""Taken by a form, as they write in the journal who took them."""

FIGURES = frozenset(one for one in LOOKS if one.split(".")[0] in {"months", "boards", "signs", "figure_settings"})
"""Figures are those of whole agencies: where an inspection names parts of one only, nothing leads to them."""

OWN = frozenset(
    {
        "bundles.verifier",
        "assets.static_file",
        "home.index",
        "home.favicon",
        "help.index",
        "notices.index",
        "accounts.posts",
        "push_devices.worker",
        "sessions.step_up",
        "sessions.step_up_by_code",
        "sessions.step_up_in_demo",
        "sessions.log_out",
        "sessions.switch_post",
        "sessions.language",
    }
)
"""Endpoints of one's own login, which show nobody's papers."""

NO_LOOKS = frozenset(
    {
        "absences", "accounts", "agent", "agent_tickets", "assets", "desk", "factors", "found", "health", "help",
        "home", "look_up", "mandates", "notice_choices", "notices", "public_check", "push_devices", "remote_hook",
        "remote_signing", "saved", "sessions", "standing_looks", "tokens", "verify",
    }
)  # fmt: skip
"""Blueprints that show a standing inspector nobody's papers. What others answer is a look, in `LOOKS` or not."""

_UNITS = ("agency", "unit", "agency_id", "unit_id")
"""By which names an address says whose figures or papers it asks for."""

_SUBJECTS = {"document_id": "outgoing", "incoming_id": "incoming", "dossier_id": "dossier"}
LONGEST = 300


def install(app: Flask) -> None:
    """Refuse what the mode does not open; put on record what it shows. Call after the guards."""

    @app.before_request
    def _refuse() -> None:
        endpoint = request.endpoint or ""
        if not endpoint or endpoint == "assets.static_file" or request.path.startswith(API):
            return
        here = current()
        if not _reads_in_one(here) or opens(endpoint, request.method):
            return
        raise NotPermitted("inspection_reads_only")

    @app.after_request
    def _note(response: Response) -> Response:
        endpoint = request.endpoint or ""
        if _stands(current()):
            return _note_standing(response, endpoint)
        kind = TAKEN.get(endpoint) if request.method == "POST" else LOOKS.get(endpoint)
        if kind is None or request.method not in {"GET", "HEAD", "POST"}:
            return response
        if response.status_code not in {200, 206, 304} or not _reads_in_one(current()):
            return response
        note_look(current(), kind)
        return response


def opens(endpoint: str, method: str) -> bool:
    """Whether the mode opens an address: pages for reading, and the inspection's own."""
    if endpoint in OWN or endpoint.startswith("inspections."):
        return True
    return (endpoint in LOOKS and method in READING) or (endpoint in TAKEN and method == "POST")


def _reads_in_one(here: Current) -> bool:
    return here.login is not None and here.login.inspection_id is not None


def _stands(here: Current) -> bool:
    """In a standing post of an inspector, one's own or another's that one looks after."""
    login = here.login
    return (
        login is not None
        and login.inspection_id is None
        and login.post is not None
        and (login.post.role is Role.INSPECTOR)
    )


def _note_standing(response: Response, endpoint: str) -> Response:
    if response.status_code not in {200, 206, 304}:
        return response
    kind = TAKEN.get(endpoint) if request.method == "POST" else LOOKS.get(endpoint)
    subject = _subject()
    if (
        kind is None
        and request.method in READING
        and endpoint
        and endpoint.split(".")[0] not in NO_LOOKS | {"inspections"}
    ):
        kind = Look.DOCUMENT if subject else Look.LIST
    if kind is None:
        return response
    here, given = current(), request.view_args or {}
    units = [f"unit:{one[name]}" for name in _UNITS for one in (given, request.args) if name in one]
    noted = standing.note_look(
        here.uow,
        here.actor,
        here.scope,
        kind=kind,
        subject=subject,
        named=[subject, *units],
        page=_page(),
        now=here.now,
    )
    if noted:
        commit(reading="look")
    else:
        here.uow.rollback()
    return response


def _subject() -> str:
    given = request.view_args or {}
    return next((f"{kind_of}:{given[name]}" for name, kind_of in _SUBJECTS.items() if name in given), "")


def _page() -> str:
    return request.full_path.rstrip("?")[:LONGEST]


def note_look(here: Current, kind: Look) -> None:
    """On record before the answer leaves; where that fails nothing is shown. In a transaction of its own."""
    noted = reading.note_look(
        here.uow, here.actor, here.scope, member_id=here.person.member_id or 0, kind=kind, subject=_subject(),
        page=_page(), now=here.now,
    )  # fmt: skip
    if noted:
        commit(reading="look")
    else:
        here.uow.rollback()
