"""Every page that the service shows, with data, empty and in trouble: who opens it, where, and what it answers."""

from __future__ import annotations

from tests.sweep.account_pages import ACCOUNTS
from tests.sweep.act_pages import NO_ACT_PAGES
from tests.sweep.administration_pages import ADMINISTRATION
from tests.sweep.asked_about import ASKED_AGAIN
from tests.sweep.attachment_pages import ATTACHED, NO_ATTACHMENT_PAGES
from tests.sweep.book_pages import BOOKS, NO_BOOK_PAGES
from tests.sweep.bulk_pages import MANY, NO_MANY_PAGES
from tests.sweep.bundle_pages import BUNDLES
from tests.sweep.clock_pages import NO_CLOCK_PAGES
from tests.sweep.copy_pages import NO_COPY_PAGES
from tests.sweep.document_pages import DOCUMENTS, PAPER, SIGNING
from tests.sweep.dossier_pages import DOSSIER_FILES, DOSSIERS
from tests.sweep.far_keys import FAR_KEYS
from tests.sweep.incoming_pages import ARRIVALS, DEADLINES, EXCHANGE, INCOMING
from tests.sweep.inspection_pages import INSPECTIONS, NO_INSPECTION_PAGES
from tests.sweep.list_pages import LISTS, NO_LIST_PAGES
from tests.sweep.office_pages import NO_OFFICE_PAGES, OFFICES
from tests.sweep.register_pages import REGISTERS
from tests.sweep.shown import shown_on

_ARRIVAL = "/incoming/<int:incoming_id>"
_MORNING = "/reports/unsigned/{part}/2026-11-23/report"
REPORTS = [
    *shown_on(
        "/reports",
        ("leader", "/reports"),
        ("head", "/reports?period=2026-Q4"),
        ("inspector", "/reports"),
        ("far_leader", "/reports"),
        ("leader", "/reports?period=nonsense", 422),
    ),
    *shown_on(
        "/reports/documents",
        ("leader", "/reports/documents?figure=denominator"),
        ("far_leader", "/reports/documents?figure=ink"),
        ("leader", "/reports/documents?figure=nonsense", 404),
    ),
    *shown_on(
        "/reports/months",
        ("leader", "/reports/months"),
        ("admin", "/reports/months"),
        ("far_leader", "/reports/months"),
    ),
    *shown_on(
        "/reports/months/<period>",
        ("leader", "/reports/months/2026-11"),
        ("admin", "/reports/months/2026-10"),
        ("far_leader", "/reports/months/2026-10"),
        ("leader", "/reports/months/2099-01", 404),
    ),
    *shown_on(
        "/reports/months/<period>/documents",
        ("leader", "/reports/months/2026-11/documents?count=issued"),
        ("leader", "/reports/months/2026-11/documents?count=open"),
        ("leader", "/reports/months/2026-11/documents?count=nonsense", 404),
    ),
    *shown_on(
        "/reports/months/<period>/bundle",
        ("leader", "/reports/months/2026-09/bundle"),
        ("leader", "/reports/months/2026-11/bundle", 422),
    ),
    *shown_on(
        "/reports/months/<period>/close",
        ("admin", "/reports/months/2026-10/close"),
        ("admin", "/reports/months/2026-10/close", 422, True),
        ("admin", "/reports/months/2026-11/close"),
    ),
    *shown_on("/reports/indicators", ("leader", "/reports/indicators")),
    *shown_on("/reports/indicators/target", ("admin", "/reports/indicators/target")),
    *shown_on("/reports/indicators/new", ("admin", "/reports/indicators/new")),
    *shown_on("/reports/entered", ("leader", "/reports/entered")),
    *shown_on("/reports/entered/new", ("admin", "/reports/entered/new")),
    *shown_on("/reports/entered/sheet", ("admin", "/reports/entered/sheet")),
    *shown_on(
        "/reports/entered/<int:line>",
        ("admin", "/reports/entered/{entered}"),
        ("far_leader", "/reports/entered/{entered}", 404),
    ),
    *shown_on(
        "/reports/months/backlog",
        ("admin", "/reports/months/backlog"),
    ),
    *shown_on(
        "/reports/months/<period>/report",
        ("clerk", "/reports/months/2026-09/report"),
        ("clerk", "/reports/months/2026-Q3/report"),
        ("clerk", "/reports/months/2026-11/report", 422),
    ),
    *shown_on(
        "/reports/months/report-plan",
        ("admin", "/reports/months/report-plan"),
        ("admin", "/reports/months/report-plan", 422, True),
    ),
    *shown_on(
        "/reports/months/closing-day",
        ("admin", "/reports/months/closing-day"),
        ("admin", "/reports/months/closing-day", 422, True),
    ),
    *shown_on(
        "/reports/board",
        ("leader", "/reports/board"),
        ("far_leader", "/reports/board?period=2026-Q4&indicator=backlog_share"),
    ),
    *shown_on(
        "/reports/board/units/<int:unit_id>",
        ("leader", "/reports/board/units/{part}"),
        ("leader", "/reports/board/units/{far_part}", 404),
    ),
    *shown_on("/reports/board/people/<int:person_id>", ("leader", "/reports/board/people/{signer}")),
    *shown_on("/reports/board/compare", ("leader", "/reports/board/compare?unit={part}")),
    *shown_on("/reports/board/documents", ("leader", "/reports/board/documents?period=2026-Q4&count=issued")),
    *shown_on("/reports/signs", ("leader", "/reports/signs"), ("admin", "/reports/signs?period=2026")),
    *shown_on(
        "/reports/signs/<sign>",
        ("leader", "/reports/signs/registered_late"),
        ("leader", "/reports/signs/nonsense", 404),
    ),
    *shown_on(
        "/reports/signs/thresholds/<sign>",
        ("admin", "/reports/signs/thresholds/too_fast"),
        ("admin", "/reports/signs/thresholds/too_fast", 422, True),
    ),
    *shown_on(
        "/reports/unsigned",
        ("leader", "/reports/unsigned"),
        ("far_leader", "/reports/unsigned"),
        ("inspector", "/reports/unsigned?reason=not_opened&all=1"),
    ),
    *shown_on(
        "/reports/unsigned/<int:unit_id>",
        ("leader", "/reports/unsigned/{part}"),
        ("leader", "/reports/unsigned/{far_part}", 404),
    ),
    *shown_on(
        "/reports/unsigned/<int:unit_id>/<period>",
        ("leader", "/reports/unsigned/{part}/2026-11-23?again=1"),
        ("leader", "/reports/unsigned/{part}/1999-01-01", 404),
        ("inspector", "/reports/unsigned/{unit}/2026-11-23"),
    ),
    *shown_on(
        "/reports/unsigned/<int:unit_id>/stored",
        ("leader", "/reports/unsigned/{unit}/stored?from=01/11/2026"),
        ("leader", "/reports/unsigned/{far_part}/stored", 404),
    ),
    *shown_on("/notices", ("head", "/notices"), ("far_drafter", "/notices")),
    *shown_on("/notices/undelivered", ("leader", "/notices/undelivered"), ("far_leader", "/notices/undelivered")),
    *shown_on("/notices/units", ("leader", "/notices/units"), ("far_leader", "/notices/units")),
]
PAGES = [
    *ACCOUNTS,
    *ADMINISTRATION,
    *DOCUMENTS,
    *EXCHANGE,
    *ARRIVALS,
    *INCOMING,
    *SIGNING,
    *FAR_KEYS,
    *REPORTS,
    *DEADLINES,
    *REGISTERS,
    *DOSSIERS,
    *BOOKS,
    *MANY,
    *LISTS,
    *ASKED_AGAIN,
    *ATTACHED,
    *OFFICES,
    *INSPECTIONS,
    *BUNDLES,
]

NO_PAGES: dict[str, tuple[str, str, str]] = {
    **DOSSIER_FILES,
    **NO_BOOK_PAGES,
    **NO_MANY_PAGES,
    **NO_LIST_PAGES,
    **NO_ATTACHMENT_PAGES,
    **NO_OFFICE_PAGES,
    **NO_INSPECTION_PAGES,
    **NO_ACT_PAGES,
    **NO_COPY_PAGES,
    **NO_CLOCK_PAGES,
    "/bundles/<name>": ("leader", "/bundles/verify_bundle.py", "text/x-python"),
    "/reports/months/<period>/report.csv": ("clerk", "/reports/months/2026-Q3/report.csv", "text/csv"),
    "/reports/months/<period>/report.pdf": ("clerk", "/reports/months/2026-09/report.pdf", "application/pdf"),
    "/account/factors/totp/qr.svg": ("begun", "/account/factors/totp/qr.svg", "image/svg+xml"),
    "/admin/mandates.csv": ("admin", "/admin/mandates.csv", "text/csv"),
    "/admin/absences.csv": ("admin", "/admin/absences.csv", "text/csv"),
    "/admin/certificates.csv": ("admin", "/admin/certificates.csv", "text/csv"),
    "/admin/handovers/<int:handover_id>.pdf": ("admin", "/admin/handovers/999999.pdf", "text/html"),
    "/admin/people.csv": ("admin", "/admin/people.csv", "text/csv"),
    "/admin/units.csv": ("admin", "/admin/units.csv", "text/csv"),
    "/admin/trust/changes/<int:change_id>/flips.csv": (
        "admin",
        "/admin/trust/changes/{trust_flips}/flips.csv",
        "text/csv",
    ),
    "/admin/trust/sunsets/<int:sunset_id>.csv": ("admin", "/admin/trust/sunsets/{sunset}.csv", "text/csv"),
    f"{PAPER}/slip.pdf": ("leader", "/outgoing/{awaiting}/slip.pdf", "application/pdf"),
    "/opinions/<int:request_id>/pages/<int:number>.webp": (
        "culture_head", "/opinions/{asked_initials}/pages/1.webp", "image/webp",
    ),
    "/api/v1/search": ("clerk", "/api/v1/search?q=x", "application/problem+json"),
    "/api/v1/documents": ("", "/api/v1/documents", "application/problem+json"),
    "/api/v1/documents/<int:document_id>": ("", "/api/v1/documents/{issued}", "application/problem+json"),
    "/api/v1/incoming": ("", "/api/v1/incoming", "application/problem+json"),
    "/api/v1/incoming/<int:incoming_id>": ("", "/api/v1/incoming/{in_directed}", "application/problem+json"),
    "/api/v1/me": ("", "/api/v1/me", "application/problem+json"),
    "/api/v1/openapi.json": ("", "/api/v1/openapi.json", "application/json"),
    "/api/v1/rates": ("", "/api/v1/rates", "application/problem+json"),
    "/api/v1/rates/documents": ("", "/api/v1/rates/documents", "application/problem+json"),
    "/certificates/demo-key/<owner>": ("leader", "/certificates/demo-key/mine", "text/html"),
    "/favicon.ico": ("", "/favicon.ico", "image/svg+xml"),
    "/healthz": ("", "/healthz", "application/json"),
    "/incoming/overdue.csv": ("leader", "/incoming/overdue.csv", "text/csv"),
    "/metrics": ("", "/metrics", "text/plain"),
    "/push/worker.js": ("", "/push/worker.js", "text/javascript"),
    f"{PAPER}/files/<int:ordinal>/content": ("clerk", "/outgoing/{issued}/files/1/content", "application/pdf"),
    f"{PAPER}/files/<int:ordinal>/pages/<int:number>.webp": (
        "clerk", "/outgoing/{issued}/files/2/pages/1.webp", "image/webp",
    ),
    f"{_ARRIVAL}/files/<int:ordinal>/pages/<int:number>": (
        "clerk", "/incoming/{arrival_read}/files/1/pages/1", "image/webp",
    ),
    f"{_ARRIVAL}/stamp.pdf": ("clerk", "/incoming/{arrival_done}/stamp.pdf", "application/pdf"),
    "/incoming/arrivals/export.csv": ("clerk", "/incoming/arrivals/export.csv", "text/csv"),
    "/incoming/arrivals/reading": ("clerk", "/incoming/arrivals/reading?of={arrival_read}", "application/json"),
    "/incoming/stamps.pdf": ("clerk", "/incoming/stamps.pdf?documents={arrival_done}", "application/pdf"),
    "/incoming/export.csv": ("clerk", "/incoming/export.csv", "text/csv"),
    "/incoming/register.csv": ("clerk", "/incoming/register.csv", "text/csv"),
    "/incoming/register/follow-up.csv": ("clerk", "/incoming/register/follow-up.csv", "text/csv"),
    f"{_ARRIVAL}/slip.pdf": ("clerk", "/incoming/{in_directed}/slip.pdf", "application/pdf"),
    "/outgoing/export.csv": ("clerk", "/outgoing/export.csv", "text/csv"),
    "/readyz": ("", "/readyz", "application/json"),
    "/register/export.csv": ("clerk", "/register/export.csv", "text/csv"),
    "/reports/documents.csv": ("leader", "/reports/documents.csv?figure=denominator", "text/csv"),
    "/reports/months/<period>/documents.csv": (
        "leader", "/reports/months/2026-11/documents.csv?count=issued", "text/csv",
    ),
    "/reports/months/<period>/figures.csv": ("leader", "/reports/months/2026-11/figures.csv", "text/csv"),
    "/reports/board/figures.csv": ("leader", "/reports/board/figures.csv", "text/csv"),
    "/reports/board/units/<int:unit_id>/figures.csv": (
        "leader", "/reports/board/units/{part}/figures.csv", "text/csv",
    ),
    "/reports/board/people/<int:person_id>/figures.csv": (
        "leader", "/reports/board/people/{signer}/figures.csv", "text/csv",
    ),
    "/reports/board/compare/figures.csv": ("leader", "/reports/board/compare/figures.csv", "text/csv"),
    "/reports/board/documents.csv": (
        "leader", "/reports/board/documents.csv?period=2026-Q4&count=issued", "text/csv",
    ),
    "/reports/signs/offices.csv": ("leader", "/reports/signs/offices.csv", "text/csv"),
    "/reports/signs/<sign>/papers.csv": ("leader", "/reports/signs/registered_late/papers.csv", "text/csv"),
    "/reports/rates.csv": ("leader", "/reports/rates.csv", "text/csv"),
    "/reports/unsigned/reasons.csv": ("leader", "/reports/unsigned/reasons.csv", "text/csv"),
    "/reports/unsigned/<int:unit_id>/<period>/report.csv": ("leader", f"{_MORNING}.csv", "text/csv"),
    "/reports/unsigned/<int:unit_id>/<period>/report.pdf": ("leader", f"{_MORNING}.pdf", "application/pdf"),
    "/certificates/paper.pdf": ("leader", "/certificates/paper.pdf", "text/html"),
    "/sign/agent/<ticket>.pdf": ("leader", "/sign/agent/x.pdf", "text/html"),
    "/sign/<any(cosign, leader, number, seal):purpose>/elsewhere/<int:document_id>.pdf": (
        "leader", "/sign/leader/elsewhere/{awaiting}.pdf", "application/pdf",
    ),
    "/sign/<any(number, seal):purpose>/elsewhere/<int:document_id>/drawing.pdf": (
        "clerk", "/sign/number/elsewhere/{numbered}/drawing.pdf", "application/pdf",
    ),
    "/sign/seal/elsewhere/<int:document_id>/<int:attachment_id>.pdf": (
        "clerk", "/sign/seal/elsewhere/{number_signed}/999999.pdf", "text/html",
    ),
    "/sign/seal/elsewhere/<int:document_id>/<int:attachment_id>/drawing.pdf": (
        "clerk", "/sign/seal/elsewhere/{number_signed}/999999/drawing.pdf", "text/html",
    ),
    "/sign/sessions/<session>/<int:document_id>.pdf": ("leader", "/sign/sessions/x/{awaiting}.pdf", "text/html"),
    "/sign/sessions/<session>/<int:document_id>/box.webp": (
        "leader", "/sign/sessions/x/{awaiting}/box.webp", "text/html",
    ),
    "/sign/sessions/<session>/<int:document_id>/box-ours.webp": (
        "leader", "/sign/sessions/x/{awaiting}/box-ours.webp", "text/html",
    ),
    "/static/<release>/<path:name>": ("", "/static/x/css/frame.css", "text/css"),
}  # fmt: skip
"""Addresses that answer something else than a page: who asks, where, and the type of what comes; a page only
where there is nothing to give."""
