"""The newer lists and what is taken away of them: opinions, templates, acts on many documents."""

from __future__ import annotations

from tests.sweep.shown import Shown, shown_on

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_API, _PROBLEM = "/api/v1", "application/problem+json"

LISTS: list[Shown] = [
    *shown_on(
        "/opinions",
        ("clerk", "/opinions"),
        ("drafter", "/opinions?side=by&sort=due&from=x"),
        ("culture_head", "/opinions?state=waiting"),
        ("far_leader", "/opinions"),
        ("far_leader", "/opinions?late=1"),
        ("admin", "/opinions", 403),
    ),
    *shown_on(
        "/admin/templates",
        ("clerk", "/admin/templates"),
        ("admin", "/admin/templates?which=all&type=notice&sort=newest"),
        ("far_clerk", "/admin/templates?q=khong-co"),
        ("clerk", "/admin/templates?after=built:reply"),
        ("drafter", "/admin/templates", 403),
    ),
]
NO_LIST_PAGES = {
    "/outgoing/export.xlsx": ("clerk", "/outgoing/export.xlsx", _SHEET),
    "/incoming/export.xlsx": ("clerk", "/incoming/export.xlsx", _SHEET),
    "/bulk.csv": ("clerk", "/bulk.csv", "text/csv"),
    "/bulk.xlsx": ("clerk", "/bulk.xlsx", _SHEET),
    "/bulk/<int:run_id>/results.csv": ("clerk", "/bulk/{bulk_done}/results.csv", "text/csv"),
    "/bulk/<int:run_id>/results.xlsx": ("clerk", "/bulk/{bulk_done}/results.xlsx", _SHEET),
    "/opinions/export.csv": ("clerk", "/opinions/export.csv", "text/csv"),
    "/opinions/export.xlsx": ("clerk", "/opinions/export.xlsx", _SHEET),
    "/admin/templates/export.csv": ("clerk", "/admin/templates/export.csv", "text/csv"),
    "/admin/templates/export.xlsx": ("clerk", "/admin/templates/export.xlsx", _SHEET),
    "/incoming/overdue.xlsx": ("leader", "/incoming/overdue.xlsx", _SHEET),
    "/incoming/arrivals/export.xlsx": ("clerk", "/incoming/arrivals/export.xlsx", _SHEET),
    "/dossiers/export.xlsx": ("clerk", "/dossiers/export.xlsx", _SHEET),
    "/reports/documents.xlsx": ("leader", "/reports/documents.xlsx?figure=denominator", _SHEET),
    "/reports/months/<period>/documents.xlsx": (
        "leader",
        "/reports/months/2026-11/documents.xlsx?count=issued",
        _SHEET,
    ),
    "/reports/months/<period>/report.xlsx": ("clerk", "/reports/months/2026-Q3/report.xlsx", _SHEET),
    "/reports/months/<period>/figures.xlsx": ("leader", "/reports/months/2026-11/figures.xlsx", _SHEET),
    "/reports/board/figures.xlsx": ("leader", "/reports/board/figures.xlsx", _SHEET),
    "/reports/board/units/<int:unit_id>/figures.xlsx": (
        "leader",
        "/reports/board/units/{part}/figures.xlsx",
        _SHEET,
    ),
    "/reports/board/people/<int:person_id>/figures.xlsx": (
        "leader",
        "/reports/board/people/{signer}/figures.xlsx",
        _SHEET,
    ),
    "/reports/board/compare/figures.xlsx": ("leader", "/reports/board/compare/figures.xlsx", _SHEET),
    "/reports/board/documents.xlsx": (
        "leader",
        "/reports/board/documents.xlsx?period=2026-Q4&count=issued",
        _SHEET,
    ),
    "/admin/access.csv": ("admin", "/admin/access.csv", "text/csv"),
    "/admin/access.xlsx": ("admin", "/admin/access.xlsx", _SHEET),
    "/admin/access/document.csv": ("admin", "/admin/access/document.csv", "text/csv"),
    "/admin/access/document.xlsx": ("admin", "/admin/access/document.xlsx", _SHEET),
    "/admin/personal-data/looks.csv": ("admin", "/admin/personal-data/looks.csv", "text/csv"),
    "/admin/personal-data/looks.xlsx": ("admin", "/admin/personal-data/looks.xlsx", _SHEET),
    "/reports/signs/offices.xlsx": ("leader", "/reports/signs/offices.xlsx", _SHEET),
    "/reports/signs/<sign>/papers.xlsx": ("leader", "/reports/signs/registered_late/papers.xlsx", _SHEET),
    "/reports/rates.xlsx": ("leader", "/reports/rates.xlsx", _SHEET),
    "/reports/unsigned/reasons.xlsx": ("leader", "/reports/unsigned/reasons.xlsx", _SHEET),
    "/reports/unsigned/<int:unit_id>/<period>/report.xlsx": (
        "leader",
        "/reports/unsigned/{part}/2026-11-23/report.xlsx",
        _SHEET,
    ),
    "/admin/trust/changes/<int:change_id>/flips.xlsx": (
        "admin",
        "/admin/trust/changes/{trust_flips}/flips.xlsx",
        _SHEET,
    ),
    "/admin/trust/sunsets/<int:sunset_id>.xlsx": ("admin", "/admin/trust/sunsets/{sunset}.xlsx", _SHEET),
    **{
        f"/admin/{one}.xlsx": ("admin", f"/admin/{one}.xlsx", _SHEET)
        for one in ("people", "units", "mandates", "absences", "certificates")
    },
    f"{_API}/opinions": ("", f"{_API}/opinions", _PROBLEM),
    f"{_API}/opinions/<int:request_id>": ("", f"{_API}/opinions/{{asked_clerk}}", _PROBLEM),
    f"{_API}/documents/<int:document_id>/opinions": ("", f"{_API}/documents/{{asked_draft}}/opinions", _PROBLEM),
    f"{_API}/templates": ("", f"{_API}/templates", _PROBLEM),
    f"{_API}/templates/<string:key>": ("", f"{_API}/templates/built:reply", _PROBLEM),
}
