"""The ticked documents to take away: their present files and the list of them, in one ZIP."""

from __future__ import annotations

from werkzeug.wrappers import Response

from workflow.adapters import zip_export
from workflow.adapters.xlsx_export import Cell, Sheet
from workflow.domain.attachments import UNFIT, file_name
from workflow.domain.bulk import MOST
from workflow.domain.errors import BadInput
from workflow.domain.outgoing import State
from workflow.domain.permissions import Permission
from workflow.store import attachments, desk
from workflow.store import documents as store
from workflow.web.context import current
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.labels import label
from workflow.web.listing import read_listing
from workflow.web.sheets import workbook
from workflow.web.storage import blobs
from workflow.web.types import type_names
from workflow.web.views.bulk import matching_all, ticked
from workflow.web.views.documents import PATH, bp

HEAVIEST = 200 * 1024 * 1024
"""Bytes of one ZIP: it is made while somebody waits."""


@bp.get(f"{PATH}/export.zip")
@allows(Permission.READ_DOCUMENT)
def export_files() -> Response:
    """Files and list. Of secret papers there is no file here; they stand in the list only."""
    here = current()
    given = matching_all()
    if given is not None:
        listing = read_listing(given, now=here.now)
        found = store.page(here.scope, here.uow.session, wanted=listing.wanted, sort=listing.sort, limit=MOST)
        keys = [row.id for row in found[:MOST]]
    else:
        keys = list(ticked())
    if len(keys) > MOST:
        raise BadInput("too_many_ticked", limit=MOST)
    rows = desk.chosen(here.scope, here.uow.session, keys)
    names, attached = type_names(), attachments.held_by_those(here.uow.session, keys)
    head = [
        _("State"),
        _("Number and symbol"),
        _("Type"),
        _("Subject"),
        _("Unit"),
        _("Signer"),
        _("File"),
        _("Attachments"),
    ]
    lines: list[list[Cell]] = []
    files: list[tuple[str, bytes]] = []
    for place, row in enumerate(rows, 1):
        subject = _("(secret)") if row.secret else row.subject
        name = f"{plain_name(place, row.symbol, subject)}.pdf" if row.file_sha256 else ""
        wanted = [(name, row.file_sha256)] if row.file_sha256 else []
        wanted += [(_beside(place, row.symbol or row.code, one), one.sha256) for one in attached.get(row.id, ())]
        lines.append(
            [label(State(row.state)), row.symbol, names.get(row.type_code, row.type_code), subject,
             row.unit_name, row.signer or "", name, "\n".join(beside for beside, _sha256 in wanted[1:])]
        )  # fmt: skip
        for called, sha256 in wanted:
            files.append((called, here.uow.compute(blobs().get, sha256)))
            if sum(len(data) for _name_of, data in files) > HEAVIEST:
                raise BadInput("export_too_heavy", limit=HEAVIEST // 1024 // 1024)
    sheet = Sheet(_("Outgoing"), head, lines, [18, 18, 16, 60, 24, 24, 40, 40])
    book = workbook([sheet], title=sheet.name)
    made = here.uow.compute(zip_export.to_zip, [(f"{_('list')}.xlsx", book), *files])
    answer = Response(made, content_type=zip_export.CONTENT_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="outgoing-{here.today:%Y%m%d}.zip"'
    return answer


def _beside(place: int, stem: str, held: attachments.Held) -> str:
    """`003 15-QĐ-UBND.kèm 1 Phụ lục I.pdf`: beside its document in the order of the list."""
    return f"{place:03d} {file_name(stem, held.row)}"


def plain_name(place: int, symbol: str, subject: str) -> str:
    """`003 15_2026_QĐ-UBND Về việc …`: in the order of the list."""
    words = " ".join(part for part in (symbol.replace("/", "_"), subject) if part)
    return f"{place:03d} {UNFIT.sub(' ', words)[:80].strip()}".strip()
