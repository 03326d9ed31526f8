"""The ticked incoming documents to take away: their files as they came, and the list of them, in one ZIP.

Each file as it is given away one by one (`arrivals_files.content`): within reach, not what its sender took back,
and what is quarantined only after a word of warning.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from workflow.adapters import zip_export
from workflow.adapters.xlsx_export import Cell, Sheet
from workflow.domain.bulk import MOST
from workflow.domain.errors import BadInput
from workflow.domain.incoming import State
from workflow.domain.permissions import Permission
from workflow.services.calendar import working_calendar
from workflow.store import incoming as files
from workflow.store import incoming_list as store
from workflow.store.models import IncomingFile
from workflow.web import format
from workflow.web.context import Current, current
from workflow.web.forms import page
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.incoming_listing import read_listing
from workflow.web.labels import label
from workflow.web.security import Policy, use_policy
from workflow.web.sheets import workbook
from workflow.web.storage import blobs
from workflow.web.types import type_names
from workflow.web.views.arrivals_files import filename
from workflow.web.views.bulk import matching_all, ticked
from workflow.web.views.bulk_export import HEAVIEST, plain_name
from workflow.web.views.incoming import PATH, bp

SURE = {"1": True, "0": False}
"""What was answered to the warning: take the quarantined ones along, or leave them."""


@bp.get(f"{PATH}/export.zip")
@allows(Permission.READ_INCOMING)
def export_files() -> Response:
    """Files and list. Of secret papers there is no file here; they stand in the list only."""
    here = current()
    keys = _keys(here)
    if len(keys) > MOST:
        raise BadInput("too_many_ticked", limit=MOST)
    rows = store.chosen(here.scope, here.uow.session, keys)
    found = files.files_within(here.scope, here.uow.session, [row.id for row in rows])
    held = [file for file, _size in found if file.quarantined]
    sure = SURE.get(request.args.get("sure", ""))
    if held and sure is None:
        return page(_warning(rows, held))
    taken = [(file, size) for file, size in found if sure or not file.quarantined]
    if sum(size for _file, size in taken) > HEAVIEST:
        raise BadInput("export_too_heavy", limit=HEAVIEST // 1024 // 1024)
    return _zip(here, rows, [file for file, _size in taken], left={file.incoming_id for file in held if not sure})


def _keys(here: Current) -> list[int]:
    given = matching_all()
    if given is None:
        return list(ticked())
    listing = read_listing(given, now=here.now, calendar=working_calendar(here.uow))
    found = store.page(
        here.scope, here.uow.session, wanted=listing.wanted, sort=listing.sort, limit=MOST, columns=("id",)
    )
    return [row.id for row in found[:MOST]]


def _warning(rows: Sequence[Any], held: Sequence[IncomingFile]) -> str:
    subjects = {row.id: row.subject for row in rows}
    return render_template(
        "incoming/quarantined_many.html",
        held=[(file, subjects[file.incoming_id]) for file in held],
        asked=[(name, value) for name in ("documents", "all", "filter") for value in request.args.getlist(name)],
        address=f"{PATH}/export.zip",
        path=PATH,
    )


def _zip(here: Current, rows: Sequence[Any], taken: Sequence[IncomingFile], *, left: set[int]) -> Response:
    names, lines, kept = type_names(), list[list[Cell]](), list[tuple[str, str]]()
    head = [
        _("State"), _("Arrival number"), _("Year"), _("Arrived"), _("Sent by"), _("Number and symbol"), _("Type"),
        _("Subject"), _("Lead unit"), _("Handler"), _("Files"), _("Remarks"),
    ]  # fmt: skip
    for place, row in enumerate(rows, 1):
        subject = _("(secret)") if row.secret else row.subject
        folder = plain_name(place, f"{row.number}/{row.year}" if row.number else "", subject)
        mine = [(f"{folder}/{filename(file)}", file.sha256) for file in taken if file.incoming_id == row.id]
        kept += mine
        lines.append(
            [label(State(row.state)), row.number, row.year, format.moment(row.arrived_at), row.issuer, row.symbol,
             names.get(row.type_code or "", row.type_code or ""), subject, row.unit_name or "",
             row.handler or "", "\n".join(name for name, _sha256 in mine),
             _("Quarantined files were left where they are.") if row.id in left else ""]
        )  # fmt: skip
    sheet = Sheet(_("Incoming"), head, lines, [18, 10, 8, 18, 30, 18, 16, 60, 24, 24, 50, 30])
    book = workbook([sheet], title=sheet.name)
    packed = [(name, here.uow.compute(blobs().get, sha256)) for name, sha256 in kept]
    made = here.uow.compute(zip_export.to_zip, [(f"{_('list')}.xlsx", book), *packed])
    use_policy(Policy.DOWNLOAD)
    answer = Response(made, content_type=zip_export.CONTENT_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="incoming-{here.today:%Y%m%d}.zip"'
    return answer
