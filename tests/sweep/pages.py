"""Every page that the service shows, with data, empty and in trouble: who opens it, where, and what it answers."""

from __future__ import annotations

from tests.sweep.account_pages import ACCOUNTS
from tests.sweep.asked_about import ASKED_AGAIN
from tests.sweep.attachment_pages import ATTACHED, NO_ATTACHMENT_PAGES
from tests.sweep.book_pages import BOOKS, NO_BOOK_PAGES
from tests.sweep.bulk_pages import MANY, NO_MANY_PAGES
from tests.sweep.dossier_pages import DOSSIER_FILES, DOSSIERS
from tests.sweep.incoming_pages import ARRIVALS, DEADLINES, EXCHANGE, INCOMING
from tests.sweep.list_pages import LISTS, NO_LIST_PAGES
from tests.sweep.office_pages import NO_OFFICE_PAGES, OFFICES
from tests.sweep.register_pages import REGISTERS
from tests.sweep.shown import shown_on

_PERSON, _UNIT = "/admin/people/<int:person_id>", "/admin/units/<int:unit_id>"
_PAPER, _ARRIVAL = "/outgoing/<int:document_id>", "/incoming/<int:incoming_id>"

PEOPLE = [
    *shown_on("/admin", ("admin", "/admin"), ("drafter", "/admin", 403)),
    *shown_on("/admin/people", ("admin", "/admin/people"), ("admin", "/admin/people?q=kh%C3%B4ng-ai")),
    *shown_on("/admin/people/new", ("admin", "/admin/people/new"), ("admin", "/admin/people/new", 422, True)),
    *shown_on(
        _PERSON,
        ("admin", "/admin/people/{person}"),
        ("admin", "/admin/people/{hostile}"),
        ("admin", "/admin/people/999999", 404),
    ),
    *shown_on(
        f"{_PERSON}/account/<any(factors, close, open):what>",
        ("admin", "/admin/people/{person}/account/factors"),
        ("admin", "/admin/people/{person}/account/close"),
        ("admin", "/admin/people/{person}/account/close", 422, True),
    ),
    *shown_on(
        f"{_PERSON}/account/invite",
        ("admin", "/admin/people/{newcomer}/account/invite"),
        ("admin", "/admin/people/{newcomer}/account/invite", 200, True),
    ),
    *shown_on(
        f"{_PERSON}/account/reset",
        ("admin", "/admin/people/{person}/account/reset"),
        ("admin", "/admin/people/{person}/account/reset", 422, True),
    ),
    *shown_on(
        f"{_PERSON}/change",
        ("admin", "/admin/people/{hostile}/change"),
        ("admin", "/admin/people/{person}/change", 422, True),
    ),
    *shown_on(
        f"{_PERSON}/posts/new",
        ("admin", "/admin/people/{person}/posts/new"),
        ("admin", "/admin/people/{person}/posts/new", 422, True),
    ),
    *shown_on(
        "/admin/posts/<int:post_id>/hand-over",
        ("admin", "/admin/posts/{post}/hand-over"),
        ("admin", "/admin/posts/{quiet_post}/hand-over"),
        ("admin", "/admin/posts/{post}/hand-over", 422, True),
    ),
    *shown_on(
        "/admin/mandates",
        ("admin", "/admin/mandates"),
        ("admin", "/admin/mandates?when=revoked"),
        ("leader", "/admin/mandates", 403),
    ),
    *shown_on(
        "/admin/mandates/new",
        ("admin", "/admin/mandates/new"),
        ("admin", "/admin/mandates/new?post={deputy_post}"),
        ("far_admin", "/admin/mandates/new?post={deputy_post}", 404),
    ),
    *shown_on(
        "/admin/mandates/<int:mandate_id>", ("admin", "/admin/mandates/1"), ("far_admin", "/admin/mandates/1", 404)
    ),
    *shown_on(
        "/admin/mandates/<int:mandate_id>/revoke",
        ("admin", "/admin/mandates/1/revoke"),
        ("admin", "/admin/mandates/1/revoke", 422, True),
    ),
    *shown_on(
        "/admin/absences",
        ("admin", "/admin/absences"),
        ("admin", "/admin/absences?post={deputy_post}"),
        ("far_admin", "/admin/absences"),
    ),
    *shown_on("/absence", ("drafter", "/absence"), ("leader", "/absence"), ("leader", "/absence", 422, True)),
    *shown_on("/admin/handovers", ("admin", "/admin/handovers"), ("far_admin", "/admin/handovers")),
    *shown_on(
        "/admin/posts/<int:post_id>/end",
        ("admin", "/admin/posts/{post}/end"),
        ("admin", "/admin/posts/{post}/end", 422, True),
    ),
    *shown_on("/admin/units", ("admin", "/admin/units"), ("far_admin", "/admin/units")),
    *shown_on("/admin/units/new", ("admin", "/admin/units/new"), ("admin", "/admin/units/new", 422, True)),
    *shown_on(
        _UNIT,
        ("admin", "/admin/units/{unit}"),
        ("admin", "/admin/units/{part}"),
        ("admin", "/admin/units/999999", 404),
    ),
    *shown_on(
        f"{_UNIT}/change",
        ("admin", "/admin/units/{unit}/change"),
        ("admin", "/admin/units/{part}/change", 422, True),
    ),
    *shown_on(
        f"{_UNIT}/dissolve",
        ("admin", "/admin/units/{part}/dissolve"),
        ("admin", "/admin/units/{part}/dissolve", 422, True),
    ),
    *shown_on(
        "/admin/certificates",
        ("admin", "/admin/certificates"),
        ("far_admin", "/admin/certificates"),
        ("admin", "/admin/certificates?done=confirm"),
    ),
    *shown_on(
        "/admin/calendar",
        ("admin", "/admin/calendar"),
        ("far_admin", "/admin/calendar?year=2027"),
        ("drafter", "/admin/calendar", 403),
    ),
    *shown_on(
        "/admin/calendar/day",
        ("admin", "/admin/calendar/day?day=2027-05-01"),
        ("admin", "/admin/calendar/day", 422, True),
    ),
    *shown_on(
        "/admin/templates/new",
        ("admin", "/admin/templates/new?from=built:decision"),
        ("clerk", "/admin/templates/new", 422, True),
    ),
    *shown_on("/admin/channels", ("admin", "/admin/channels"), ("drafter", "/admin/channels", 403)),
    *shown_on(
        f"{_UNIT}/report-readers",
        ("admin", "/admin/units/{part}/report-readers"),
        ("far_admin", "/admin/units/{part}/report-readers", 404),
    ),
    *shown_on("/admin/jobs", ("admin", "/admin/jobs"), ("drafter", "/admin/jobs", 403)),
    *shown_on(
        "/admin/trust",
        ("admin", "/admin/trust"),
        ("far_admin", "/admin/trust", 403),
        ("drafter", "/admin/trust", 403),
    ),
    *shown_on("/admin/trust/crl", ("admin", "/admin/trust/crl"), ("admin", "/admin/trust/crl", 422, True)),
    *shown_on("/admin/trust/public", ("admin", "/admin/trust/public"), ("admin", "/admin/trust/public", 200, True)),
    *shown_on("/admin/trust/policy", ("admin", "/admin/trust/policy"), ("admin", "/admin/trust/policy", 422, True)),
    *shown_on(
        "/admin/trust/roots/new",
        ("admin", "/admin/trust/roots/new"),
        ("admin", "/admin/trust/roots/new", 422, True),
    ),
    *shown_on("/admin/trust/roots/<int:root_id>/amend", ("admin", "/admin/trust/roots/1/amend")),
    *shown_on(
        "/admin/trust/roots/<int:root_id>/retire",
        ("admin", "/admin/trust/roots/1/retire"),
        ("admin", "/admin/trust/roots/1/retire", 422, True),
    ),
    *shown_on(
        "/admin/trust/changes/<int:change_id>",
        ("admin", "/admin/trust/changes/{trust_flips}"),
        ("admin", "/admin/trust/changes/{trust_root}"),
        ("admin", "/admin/trust/changes/{trust_policy}"),
        ("admin", "/admin/trust/changes/999999", 404),
    ),
]
DOCUMENTS = [
    *shown_on(
        "/desk",
        *(
            (who, "/desk")
            for who in (
                "drafter",
                "head",
                "clerk",
                "culture_head",
                "leader",
                "chief",
                "specialist",
                "admin",
                "inspector",
                "far_leader",
                "far_drafter",
                "far_clerk",
            )
        ),
    ),
    *shown_on(
        "/outgoing",
        ("clerk", "/outgoing"),
        ("clerk", "/outgoing?filters=1&late=1&medium=ink"),
        ("far_clerk", "/outgoing"),
        ("clerk", "/outgoing?q=kh%C3%B4ng-c%C3%B3"),
        ("clerk", "/outgoing?state=nonsense", 200),
    ),
    *shown_on(
        "/outgoing/new",
        ("drafter", "/outgoing/new"),
        ("drafter", "/outgoing/new", 422, True),
        ("leader", "/outgoing/new", 403),
        ("drafter", "/outgoing/new?answers={asked}"),
        ("clerk", "/outgoing/new?replaces={declined}"),
    ),
    *shown_on(
        _PAPER,
        ("clerk", "/outgoing/{unit_gone}"),
        ("drafter", "/outgoing/{draft}"),
        ("drafter", "/outgoing/{bare}"),
        ("drafter", "/outgoing/{returned}"),
        ("head", "/outgoing/{in_review}"),
        ("head", "/outgoing/{asked_review}"),
        ("clerk", "/outgoing/{format_check}"),
        ("leader", "/outgoing/{awaiting}"),
        ("clerk", "/outgoing/{signed}"),
        ("clerk", "/outgoing/{inked}"),
        ("clerk", "/outgoing/{numbered}"),
        ("clerk", "/outgoing/{issued}"),
        ("inspector", "/outgoing/{issued}?done=issue"),
        ("clerk", "/outgoing/{secret}"),
        ("leader", "/outgoing/{sent}?noted=recalled"),
        ("clerk", "/outgoing/{declined}"),
        ("drafter", "/outgoing/{reply}"),
        ("clerk", "/outgoing/999999", 404),
    ),
    *shown_on(
        f"{_PAPER}/edit",
        ("drafter", "/outgoing/{draft}/edit"),
        ("drafter", "/outgoing/{returned}/edit"),
        ("drafter", "/outgoing/{reply}/edit"),
        ("drafter", "/outgoing/{bare}/edit", 200, True),
    ),
    *shown_on(
        f"{_PAPER}/files/<int:ordinal>/view",
        ("clerk", "/outgoing/{issued}/files/1/view"),
        ("clerk", "/outgoing/{issued}/files/99/view", 404),
    ),
    *shown_on(
        f"{_PAPER}/ink", ("clerk", "/outgoing/{awaiting}/ink"), ("clerk", "/outgoing/{awaiting}/ink", 422, True)
    ),
    *shown_on(
        f"{_PAPER}/signers",
        ("leader", "/outgoing/{issued}/signers"),
        ("drafter", "/outgoing/{draft}/signers"),
        ("clerk", "/outgoing/999999/signers", 404),
    ),
    *shown_on(
        f"{_PAPER}/opinions",
        ("drafter", "/outgoing/{asked_draft}/opinions"),
        ("head", "/outgoing/{asked_review}/opinions?done=asked"),
        ("drafter", "/outgoing/{asked_draft}/opinions", 422, True),
        ("far_clerk", "/outgoing/{asked_draft}/opinions", 404),
    ),
    *shown_on(
        "/opinions/<int:request_id>",
        ("culture_head", "/opinions/{asked_initials}"),
        ("culture_head", "/opinions/{asked_initials}", 422, True),
        ("clerk", "/opinions/{asked_clerk}?done=answered"),
        ("far_leader", "/opinions/{asked_initials}", 404),
    ),
    *shown_on(
        f"{_PAPER}/slip",
        ("drafter", "/outgoing/{asked_draft}/slip"),
        ("drafter", "/outgoing/{reply}/slip"),
        ("leader", "/outgoing/{asked_review}/slip"),
        ("leader", "/outgoing/{awaiting}/slip"),
        ("far_leader", "/outgoing/{awaiting}/slip", 404),
    ),
    *shown_on(
        f"{_PAPER}/text",
        ("drafter", "/outgoing/{written}/text"),
        ("drafter", "/outgoing/{bare}/text"),
        ("drafter", "/outgoing/{bare}/text?template=built:reply"),
        ("drafter", "/outgoing/{bare}/text?template=own:999999", 404),
        ("drafter", "/outgoing/{written}/text?choose=1"),
        ("drafter", "/outgoing/{written}/text?template=built:reply"),
        ("drafter", "/outgoing/{written}/text?template=built:reply&drop=1"),
    ),
    *shown_on(
        f"{_PAPER}/versions",
        ("head", "/outgoing/{written}/versions"),
        ("drafter", "/outgoing/{written}/versions?from=2&to=4&page=2"),
        ("drafter", "/outgoing/{bare}/versions"),
        ("inspector", "/outgoing/{issued}/versions"),
        ("head", "/outgoing/{written}/versions?to=99", 404),
    ),
    *shown_on(f"{_PAPER}/plan", ("drafter", "/outgoing/{draft}/plan"), ("drafter", "/outgoing/{bare}/plan", 422)),
    *shown_on(
        "/search",
        ("clerk", "/search"),
        ("clerk", "/search?q=c%C3%B4ng+v%C4%83n"),
        ("clerk", "/search?q=khongcokhoangtrang&kind=out"),
        ("far_clerk", "/search?q=c%C3%B4ng+v%C4%83n&since=2026-01-01"),
        ("admin", "/search", 403),
    ),
    *shown_on("/v", ("", "/v")),
    *shown_on("/verify", ("", "/verify"), ("leader", "/verify"), ("leader", "/verify", 422, True)),
    *shown_on("/v/<code>", ("", "/v/{code}"), ("", "/v/{ink_code}"), ("", "/v/unknown", 404)),
]
SIGNING = [
    *shown_on(
        "/sign",
        ("leader", "/sign?documents={awaiting}&documents={draft}"),
        ("leader", "/sign"),
        ("far_leader", "/sign?documents={awaiting}"),
    ),
    *shown_on("/sign/number", ("clerk", "/sign/number?documents={numbered}"), ("clerk", "/sign/number")),
    *shown_on(
        "/sign/seal",
        ("clerk", "/sign/seal?documents={number_signed}"),
        ("clerk", "/sign/seal?documents={awaiting}"),
    ),
    *shown_on(
        "/sign/receipt",
        ("leader", "/sign/receipt?documents={issued}&documents={signed}"),
        ("leader", "/sign/receipt"),
    ),
    *shown_on(
        "/certificates",
        ("leader", "/certificates"),
        ("clerk", "/certificates?done=enrolled"),
        ("far_leader", "/certificates"),
    ),
    *shown_on("/certificates/server-seal", ("leader", "/certificates/server-seal")),
]
REPORTS = [
    *shown_on(
        "/reports",
        ("leader", "/reports"),
        ("head", "/reports?period=2026-Q4"),
        ("far_leader", "/reports"),
        ("leader", "/reports?period=nonsense", 422),
    ),
    *shown_on(
        "/reports/documents",
        ("leader", "/reports/documents?figure=denominator"),
        ("far_leader", "/reports/documents?figure=ink"),
        ("leader", "/reports/documents?figure=nonsense", 404),
    ),
    *shown_on("/reports/unsigned", ("leader", "/reports/unsigned"), ("far_leader", "/reports/unsigned")),
    *shown_on(
        "/reports/unsigned/<int:unit_id>",
        ("leader", "/reports/unsigned/{part}"),
        ("leader", "/reports/unsigned/{far_part}", 404),
    ),
    *shown_on(
        "/reports/unsigned/<int:unit_id>/<period>",
        ("leader", "/reports/unsigned/{part}/2026-11-23?again=1"),
        ("leader", "/reports/unsigned/{part}/1999-01-01", 404),
    ),
    *shown_on("/notices", ("head", "/notices"), ("far_drafter", "/notices")),
    *shown_on("/notices/undelivered", ("leader", "/notices/undelivered"), ("far_leader", "/notices/undelivered")),
    *shown_on("/notices/units", ("leader", "/notices/units"), ("far_leader", "/notices/units")),
]
PAGES = [
    *ACCOUNTS,
    *PEOPLE,
    *DOCUMENTS,
    *EXCHANGE,
    *ARRIVALS,
    *INCOMING,
    *SIGNING,
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
]

NO_PAGES: dict[str, tuple[str, str, str]] = {
    **DOSSIER_FILES,
    **NO_BOOK_PAGES,
    **NO_MANY_PAGES,
    **NO_LIST_PAGES,
    **NO_ATTACHMENT_PAGES,
    **NO_OFFICE_PAGES,
    "/account/factors/totp/qr.svg": ("begun", "/account/factors/totp/qr.svg", "image/svg+xml"),
    "/admin/mandates.csv": ("admin", "/admin/mandates.csv", "text/csv"),
    "/admin/absences.csv": ("admin", "/admin/absences.csv", "text/csv"),
    "/admin/handovers/<int:handover_id>.pdf": ("admin", "/admin/handovers/999999.pdf", "text/html"),
    "/admin/people.csv": ("admin", "/admin/people.csv", "text/csv"),
    "/admin/units.csv": ("admin", "/admin/units.csv", "text/csv"),
    "/admin/trust/changes/<int:change_id>/flips.csv": (
        "admin",
        "/admin/trust/changes/{trust_flips}/flips.csv",
        "text/csv",
    ),
    f"{_PAPER}/slip.pdf": ("leader", "/outgoing/{awaiting}/slip.pdf", "application/pdf"),
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
    f"{_PAPER}/files/<int:ordinal>/content": ("clerk", "/outgoing/{issued}/files/1/content", "application/pdf"),
    f"{_PAPER}/files/<int:ordinal>/pages/<int:number>.webp": (
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
    "/reports/rates.csv": ("leader", "/reports/rates.csv", "text/csv"),
    "/sign/sessions/<session>/<int:document_id>.pdf": ("leader", "/sign/sessions/x/{awaiting}.pdf", "text/html"),
    "/static/<release>/<path:name>": ("", "/static/x/css/frame.css", "text/css"),
}  # fmt: skip
"""Addresses that answer something else than a page: who asks, where, and the type of what comes; a page only
where there is nothing to give."""
