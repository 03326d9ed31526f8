"""The pages of dossiers, file plans and what goes to the archive."""

from __future__ import annotations

from tests.sweep.shown import shown_on

_ONE, _PLAN = "/dossiers/<int:dossier_id>", "/dossiers/plans/<int:plan_id>"
DOSSIERS = [
    *shown_on(
        "/dossiers",
        ("clerk", "/dossiers"),
        ("specialist", "/dossiers?filters=1&state=open&sort=title"),
        ("far_clerk", "/dossiers"),
        ("clerk", "/dossiers?q=kh%C3%B4ng-c%C3%B3"),
        ("admin", "/dossiers", 403),
    ),
    *shown_on(
        "/dossiers/new",
        ("specialist", "/dossiers/new"),
        ("specialist", "/dossiers/new", 422, True),
        ("far_drafter", "/dossiers/new"),
    ),
    *shown_on(
        _ONE,
        ("specialist", "/dossiers/{dossier_full}?find=01"),
        ("clerk", "/dossiers/{dossier_closed}?done=close"),
        ("leader", "/dossiers/{dossier_gone}"),
        ("far_clerk", "/dossiers/{dossier_full}", 404),
    ),
    *shown_on(
        f"{_ONE}/<any(change, close, reopen, keep, cancel):what>",
        ("specialist", "/dossiers/{dossier_full}/change"),
        ("specialist", "/dossiers/{dossier_full}/close"),
        ("specialist", "/dossiers/{dossier_full}/close", 422, True),
        ("clerk", "/dossiers/{dossier_closed}/reopen", 422, True),
        ("clerk", "/dossiers/{dossier_closed}/keep"),
        ("clerk", "/dossiers/{dossier_empty}/cancel"),
        ("drafter", "/dossiers/{dossier_full}/close", 403),
    ),
    *shown_on(
        "/dossiers/file/<any(outgoing, incoming):kind>/<int:document_id>",
        ("clerk", "/dossiers/file/outgoing/{issued}"),
        ("specialist", "/dossiers/file/incoming/{in_progress}"),
        ("far_drafter", "/dossiers/file/outgoing/{issued}", 404),
    ),
    *shown_on(
        "/dossiers/plans",
        ("clerk", "/dossiers/plans"),
        ("far_leader", "/dossiers/plans"),
    ),
    *shown_on(
        _PLAN,
        ("clerk", "/dossiers/plans/{plan_draft}?done=made"),
        ("clerk", "/dossiers/plans/{plan}"),
        ("specialist", "/dossiers/plans/{plan}"),
        ("leader", "/dossiers/plans/{plan}"),
    ),
    *shown_on(
        f"{_PLAN}/entries/new",
        ("clerk", "/dossiers/plans/{plan_draft}/entries/new"),
        ("clerk", "/dossiers/plans/{plan_draft}/entries/new", 422, True),
    ),
    *shown_on(f"{_PLAN}/entries/<int:entry_id>", ("clerk", "/dossiers/plans/{plan_draft}/entries/{plan_entry}")),
    *shown_on(
        "/dossiers/transfers", ("clerk", "/dossiers/transfers"), ("far_clerk", "/dossiers/transfers"),
    ),
    *shown_on(
        "/dossiers/transfers/new",
        ("clerk", "/dossiers/transfers/new"),
        ("clerk", "/dossiers/transfers/new", 422, True),
        ("far_clerk", "/dossiers/transfers/new"),
    ),
    *shown_on("/dossiers/transfers/<int:transfer_id>", ("clerk", "/dossiers/transfers/{transfer}?made=1")),
    *shown_on("/admin/retention", ("admin", "/admin/retention"), ("admin", "/admin/retention", 200, True)),
]  # fmt: skip
DOSSIER_FILES = {
    "/dossiers/export.csv": ("clerk", "/dossiers/export.csv", "text/csv"),
    f"{_ONE}/documents.pdf": ("clerk", "/dossiers/{dossier_full}/documents.pdf", "application/pdf"),
    f"{_PLAN}.pdf": ("clerk", "/dossiers/plans/{plan}.pdf", "application/pdf"),
    "/dossiers/transfers/<int:transfer_id>.pdf": (
        "clerk", "/dossiers/transfers/{transfer}.pdf", "application/pdf",
    ),
    "/api/v1/dossiers": ("", "/api/v1/dossiers", "application/problem+json"),
    "/api/v1/dossiers/<int:dossier_id>": ("", "/api/v1/dossiers/{dossier_full}", "application/problem+json"),
}  # fmt: skip
"""Addresses that answer something else than a page."""
